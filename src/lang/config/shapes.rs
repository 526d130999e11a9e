//! Which properties of the JSON syntax are blocks: by the language, or by the rows of a type.

use crate::diag::Diagnostics;
use crate::lang::expr::Body;
use crate::lang::json::{self, Shapes};
use crate::schema::Attribute;

/// The blocks of the language, by the block that they are in.
struct Known(&'static str);

/// The blocks in a block and how many labels each has; those of a file are in "".
fn blocks_in(kind: &str) -> &'static [(&'static str, usize)] {
    match kind {
        "" => &[
            ("resource", 2),
            ("data", 2),
            ("ephemeral", 2),
            ("action", 2),
            ("list", 2),
            ("module", 1),
            ("variable", 1),
            ("output", 1),
            ("provider", 1),
            ("check", 1),
            ("locals", 0),
            ("terraform", 0),
            ("layout", 0),
            ("moved", 0),
            ("import", 0),
            ("removed", 0),
        ],
        "resource" | "data" | "ephemeral" => {
            &[("lifecycle", 0), ("provisioner", 1), ("connection", 0), ("timeouts", 0), ("dynamic", 1)]
        }
        "lifecycle" => &[("precondition", 0), ("postcondition", 0), ("rolling", 0), ("action_trigger", 0)],
        "provisioner" => &[("connection", 0)],
        "module" => &[("lifecycle", 0)],
        "removed" => &[("lifecycle", 0), ("provisioner", 1), ("connection", 0)],
        "dynamic" => &[("content", 0)],
        "variable" => &[("validation", 0)],
        "output" => &[("precondition", 0)],
        "check" => &[("data", 2), ("assert", 0)],
        "layout" => &[("maintenance", 0), ("guard", 1)],
        "guard" => &[("deny", 0), ("require", 0), ("allow", 0)],
        "terraform" => &[("required_providers", 0), ("backend", 1), ("cloud", 0), ("provider_meta", 1)],
        "cloud" => &[("workspaces", 0)],
        _ => &[],
    }
}

impl Shapes for Known {
    fn labels(&self, name: &str, _: bool) -> Option<usize> {
        blocks_in(self.0).iter().find(|(known, _)| *known == name).map(|(_, labels)| *labels)
    }

    fn inside(&self, name: &str, _: Option<&str>) -> Box<dyn Shapes + '_> {
        Box::new(Known(blocks_in(self.0).iter().find(|(known, _)| *known == name).map_or("none", |(known, _)| known)))
    }
}

/// The blocks of a type.
struct Rows<'a>(&'a [Attribute]);

/// The parts of a `dynamic` block that makes blocks with these rows.
struct Dynamic<'a>(&'a [Attribute]);

impl Shapes for Rows<'_> {
    fn labels(&self, name: &str, objects: bool) -> Option<usize> {
        let block = |row: &Attribute| row.block.as_ref().is_some_and(|block| !block.as_attribute || objects);
        match name {
            "dynamic" => Some(1),
            _ => self.0.iter().any(|row| row.name == name && block(row)).then_some(0),
        }
    }

    fn inside(&self, name: &str, label: Option<&str>) -> Box<dyn Shapes + '_> {
        let made = if name == "dynamic" { label.unwrap_or_default() } else { name };
        let block = self.0.iter().find(|row| row.name == made).and_then(|row| row.block.as_ref());
        let rows = block.map_or(&[] as &[_], |block| block.attributes.as_slice());
        if name == "dynamic" { Box::new(Dynamic(rows)) } else { Box::new(Rows(rows)) }
    }
}

impl Shapes for Dynamic<'_> {
    fn labels(&self, name: &str, _: bool) -> Option<usize> {
        (name == "content").then_some(0)
    }

    fn inside(&self, _: &str, _: Option<&str>) -> Box<dyn Shapes + '_> {
        Box::new(Rows(self.0))
    }
}

/// The content of a file with the blocks of the language distinguished from arguments.
pub(super) fn of_file(body: &Body, diags: &mut Diagnostics) -> Body {
    json::shaped(body, &Known(""), diags)
}

/// A body with the blocks that these rows name distinguished from arguments, where it is written in JSON.
pub fn shaped(body: &Body, rows: &[Attribute], diags: &mut Diagnostics) -> Body {
    json::shaped(body, &Rows(rows), diags)
}

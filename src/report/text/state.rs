//! The objects of a state, as `show`, `state show` and the end of `apply` print them.

use super::{KNOWN_BY, Schemas, block_header, rows};
use crate::objects::State;
use crate::report::canvas::{Canvas, DiffStyle, Style};
use crate::report::literal::key;
use crate::report::object_text;
use crate::report::object_text::Object;
use crate::report::value_diff::{Node, Show, Sign, whole};
use crate::schema::Attrs;
use crate::value::address::Address;
use crate::value::{Name, Value};

/// A whole state: its objects, then the outputs. Ends with a newline.
pub fn state(state: &State, schemas: Schemas<'_>, colour: bool) -> String {
    if state.is_empty() {
        return "The state is empty: nothing was applied, or all of it was destroyed.\n".into();
    }
    let mut parts: Vec<String> = Vec::new();
    for (slot, instance) in state.objects() {
        let mut remark = slot.deposed.map(|key| format!(" (deposed object {key})")).unwrap_or_default();
        if instance.tainted {
            remark.push_str(" (tainted)");
        } else if instance.unfinished {
            remark.push_str(" (unfinished)");
        }
        parts.push(written(&slot.address, &remark, &instance.attrs, schemas, colour));
    }
    if !state.outputs.is_empty() {
        parts.push(outputs(state.outputs.iter().map(|(name, output)| (name, &output.value)), colour));
    }
    parts.join("\n")
}

/// An object as a block.
pub fn object(address: &Address, attrs: &Attrs, schemas: Schemas<'_>, colour: bool) -> String {
    written(address, "", attrs, schemas, colour)
}

fn written(address: &Address, remark: &str, attrs: &Attrs, schemas: Schemas<'_>, colour: bool) -> String {
    let mut paper = Canvas::new(DiffStyle::on_terminal(colour));
    let heading = paper.toned(Style::Bold, &format!("# {address}{remark}:"));
    paper.raw(&heading);
    paper.raw(&format!("{} {{", block_header(address)));
    let object = Object {
        before: Some(attrs),
        after: Some(attrs),
        rows: rows(address, schemas),
        changes: &[],
        show: Show { null: false, unchanged: true },
        keep: KNOWN_BY,
    };
    object_text::write(&mut paper, 2, &object);
    paper.raw("}");
    paper.finish()
}

/// Outputs with their values, under a heading. Sensitive ones are named, not shown.
pub fn outputs<'a>(outputs: impl Iterator<Item = (&'a Name, &'a Value)>, colour: bool) -> String {
    let outputs: Vec<_> = outputs.collect();
    let mut paper = Canvas::new(DiffStyle::on_terminal(colour));
    let heading = paper.toned(Style::Bold, "Outputs:");
    paper.raw(&heading);
    let width = outputs.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    for (name, value) in outputs {
        let node = Node { sign: Sign::Keep, body: whole(value, Sign::Keep) };
        paper.node(0, &format!("{:width$} = ", key(name)), &node, "", "");
    }
    paper.finish()
}

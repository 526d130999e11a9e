//! Whether a layout agrees with the types that it uses, found without evaluating anything: no
//! credentials, no network, no state.

use super::structure::check_static;
use super::uses::{self, Context};
use super::{IgnoreChanges, Module, ModuleNode, Resource, check_rules_static, without_dropped};
use crate::diag::{Diagnostic, Diagnostics, did_you_mean};
use crate::lang::funcs;
use crate::lang::refs::{Reference, Step, Subject};
use crate::schema::Schema;
use crate::value::address::Mode;
use std::collections::HashSet;
use std::sync::Arc;

/// The types that there are.
pub trait Types {
    /// The rows and rules of a resource type or data source.
    fn schema(&self, mode: Mode, name: &str) -> Option<&Schema>;
    /// The names of all of them.
    fn names(&self, mode: Mode) -> Vec<&str>;
}

/// All that is wrong in a tree of modules and that shows without evaluating. What [`super::load()`]
/// found is not repeated.
pub fn validate(root: &ModuleNode, types: &dyn Types) -> Diagnostics {
    let mut diags = Diagnostics::new();
    let mut seen = HashSet::new();
    let functions: HashSet<&str> = funcs::names().collect();
    // A module that is certainly called comes first.
    let (mut certain, mut open) = (vec![root], Vec::new());
    while let Some((node, made)) = certain.pop().map(|n| (n, true)).or_else(|| open.pop().map(|n| (n, false))) {
        if seen.insert(Arc::as_ptr(&node.module)) {
            module(&node.module, made, types, &functions, &mut diags);
        }
        for (name, child) in node.children.iter().rev() {
            let call = node.module.calls.get(name);
            let single = made && call.is_some_and(|c| !c.repeats());
            if single { certain.push(child) } else { open.push(child) }
        }
    }
    diags
}

/// A type that there is not is wrong only in a block that certainly has an instance.
fn module(module: &Module, made: bool, types: &dyn Types, functions: &HashSet<&str>, diags: &mut Diagnostics) {
    let checked = module.checks.values().filter_map(|c| c.data.as_ref());
    for block in module.resources.values().chain(checked) {
        match types.schema(block.mode, &block.type_name) {
            Some(schema) => resource(block, schema, diags),
            None if made && !block.repeats() => {
                diags.push(unknown_type(block, types));
            }
            None => {}
        }
    }
    uses::visit(module, &mut |found, context| {
        if !found.iterators.is_empty() {
            return;
        }
        for (name, span) in found.expr.function_calls() {
            if !functions.contains(name.strip_prefix("core::").unwrap_or(&name)) {
                let d = Diagnostic::error("Call of an unknown function")
                    .code("unknown-function")
                    .detail(format!("There is no function named {:?}.", &*name))
                    .at(span);
                diags.push(match did_you_mean(&name, functions.iter().copied()) {
                    Some(near) => d.hint(format!("Did you mean {near:?}?")),
                    None => d,
                });
            }
        }
        for reference in &found.expr.references() {
            diags.extend(attribute(module, context, reference, types).map(|d| d.at(reference.span.clone())));
        }
    });
}

fn resource(block: &Resource, schema: &Schema, diags: &mut Diagnostics) {
    let prefix = if block.mode == Mode::Data { "data." } else { "" };
    let about = format!("{prefix}{}.{}", block.type_name, block.name);
    let (body, _) = without_dropped(&block.body, schema, None);
    let mut found = check_static(&body, &schema.attributes, &block.span);
    found.extend(check_rules_static(schema, &body, &block.span));
    if let IgnoreChanges::Paths(paths) = &block.lifecycle.ignore_changes {
        for (path, span) in paths {
            let Some(name) = path.first().filter(|name| schema.attribute(name).is_none()) else { continue };
            let names: Vec<&str> = schema.attributes.iter().map(|a| a.name).collect();
            let d = Diagnostic::error("Unknown attribute in \"ignore_changes\"")
                .code("invalid-lifecycle")
                .detail(format!("{} has no attribute {name:?}.", schema.name))
                .at(span.clone());
            found.push(near(d, name, &names));
        }
    }
    diags.extend(found.into_iter().map(|d| d.about(&about)));
}

fn unknown_type(block: &Resource, types: &dyn Types) -> Diagnostic {
    let (what, code, other, hint) = match block.mode {
        Mode::Managed => (
            "resource type",
            "unknown-resource-type",
            Mode::Data,
            "It is a data source: write data instead of resource.",
        ),
        Mode::Data => (
            "data source",
            "unknown-data-source",
            Mode::Managed,
            "It is a resource type: write resource instead of data.",
        ),
    };
    let name = &*block.type_name;
    let d = Diagnostic::error(format!("Unknown {what}"))
        .code(code)
        .detail(format!("There is no {what} {name:?}."))
        .at(block.type_span.clone());
    if types.schema(other, name).is_some() {
        return d.hint(hint);
    }
    match did_you_mean(name, types.names(block.mode)) {
        Some(near) => d.hint(format!("Did you mean {near:?}?")),
        None => d.hint("`floorplan schema` prints all that there are."),
    }
}

/// The errors in the steps of a reference into a resource.
fn attribute(module: &Module, context: Context<'_>, reference: &Reference, types: &dyn Types) -> Option<Diagnostic> {
    let Subject::Resource { mode, type_name, name } = &reference.subject else { return None };
    let scoped = context.data.filter(|d| d.mode == *mode && d.type_name == *type_name && d.name == *name);
    let block = scoped.or_else(|| module.resources.get(&(*mode, type_name.clone(), name.clone())))?;
    let schema = types.schema(*mode, type_name)?;
    let subject = &reference.subject;
    let repeated = block.count.is_some() || block.for_each.is_some();
    let name = match reference.steps.as_slice() {
        [Step::Attribute(attribute), ..] if repeated => {
            let (meta, key) = if block.count.is_some() { ("count", "0") } else { ("for_each", "\"key\"") };
            return Some(
                Diagnostic::error("Missing instance key")
                    .code("instance-key")
                    .detail(format!("{subject} has {meta:?}: only its instances have attributes."))
                    .hint(format!("Write {subject}[{key}].{attribute} for one instance.")),
            );
        }
        [Step::Index(_) | Step::Expression(_), ..] if !repeated => {
            return Some(
                Diagnostic::error("Instance key of a single resource")
                    .code("instance-key")
                    .detail(format!(
                        "{subject} has neither \"count\" nor \"for_each\": it has no instances to choose from."
                    ))
                    .hint("Leave out the key."),
            );
        }
        [Step::Attribute(name), ..] => name,
        [Step::Index(_) | Step::Expression(_) | Step::Splat, Step::Attribute(name), ..] => name,
        _ => return None,
    };
    if schema.attribute(name).is_some() {
        return None;
    }
    let names: Vec<&str> = schema.attributes.iter().map(|a| a.name).collect();
    let d = Diagnostic::error("Unsupported attribute")
        .code("unsupported-attribute")
        .detail(format!("{type_name} has no attribute {:?}.", &**name));
    Some(near(d, name, &names))
}

/// Adds the nearest of `names`.
fn near(d: Diagnostic, name: &str, names: &[&str]) -> Diagnostic {
    match did_you_mean(name, names.iter().copied()) {
        Some(near) => d.hint(format!("Did you mean {near:?}?")),
        None => d,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::config::fixtures::{One, text};
    use crate::lang::config::load;
    use crate::schema::{Attribute, Mode as Who};
    use crate::value::Type;

    struct Two([Schema; 2]);

    impl Types for Two {
        fn schema(&self, mode: Mode, name: &str) -> Option<&Schema> {
            let schema = if mode == Mode::Managed { &self.0[0] } else { &self.0[1] };
            (schema.name == name).then_some(schema)
        }

        fn names(&self, mode: Mode) -> Vec<&str> {
            vec![if mode == Mode::Managed { self.0[0].name } else { self.0[1].name }]
        }
    }

    fn found(source: &str) -> String {
        let rows = || {
            vec![
                Attribute { mode: Who::Required, ..Attribute::new("cidr_block", Type::String) },
                Attribute { mode: Who::Computed, ..Attribute::new("id", Type::String) },
            ]
        };
        let types = Two([Schema::new("aws_vpc", rows()), Schema::new("aws_region", rows())]);
        let loaded = load(&One(source.to_owned()), ".").unwrap();
        text(&validate(&loaded.root, &types))
    }

    #[test]
    fn types_and_their_attributes_must_exist() {
        let source = r#"
resource "aws_vcp" "a" {}
resource "aws_region" "b" {}
resource "aws_vpc" "c" {
  cidr_blok = "10.0.0.0/16"
  lifecycle {
    ignore_changes = [tag]
  }
}
data "aws_region" "d" {
  count      = 1
  cidr_block = aws_vpc.c.idd
}
output "e" {
  value = [data.aws_region.d.id, aws_vpc.c[0].id, data.aws_region.d[*].ip, tri(1)]
}
"#;
        insta::assert_snapshot!(found(source), @r#"
        error: Unknown resource type
         --> main.tf:2:10
          |
        2 | resource "aws_vcp" "a" {}
          |          ^^^^^^^^^
          There is no resource type "aws_vcp".
          Hint: Did you mean "aws_vpc"?
        error: Unknown resource type
         --> main.tf:3:10
          |
        3 | resource "aws_region" "b" {}
          |          ^^^^^^^^^^^^
          There is no resource type "aws_region".
          Hint: It is a data source: write data instead of resource.
        error: Unsupported argument (aws_vpc.c)
         --> main.tf:5:3
          |
        5 |   cidr_blok = "10.0.0.0/16"
          |   ^^^^^^^^^
          An argument named "cidr_blok" is not taken here.
          Hint: Did you mean "cidr_block"?
        error: Missing required argument (aws_vpc.c)
         --> main.tf:4:1
          |
        4 | resource "aws_vpc" "c" {
          | ^^^^^^^^^^^^^^^^^^^^^^
          The argument "cidr_block" is required, but is not given.
        error: Unknown attribute in "ignore_changes" (aws_vpc.c)
         --> main.tf:7:23
          |
        7 |     ignore_changes = [tag]
          |                       ^^^
          aws_vpc has no attribute "tag".
        error: Unsupported attribute
          --> main.tf:12:16
           |
        12 |   cidr_block = aws_vpc.c.idd
           |                ^^^^^^^^^^^^^
          aws_vpc has no attribute "idd".
          Hint: Did you mean "id"?
        error: Call of an unknown function
          --> main.tf:15:76
           |
        15 |   value = [data.aws_region.d.id, aws_vpc.c[0].id, data.aws_region.d[*].ip, tri(1)]
           |                                                                            ^^^
          There is no function named "tri".
          Hint: Did you mean "try"?
        error: Missing instance key
          --> main.tf:15:12
           |
        15 |   value = [data.aws_region.d.id, aws_vpc.c[0].id, data.aws_region.d[*].ip, tri(1)]
           |            ^^^^^^^^^^^^^^^^^^^^
          data.aws_region.d has "count": only its instances have attributes.
          Hint: Write data.aws_region.d[0].id for one instance.
        error: Instance key of a single resource
          --> main.tf:15:34
           |
        15 |   value = [data.aws_region.d.id, aws_vpc.c[0].id, data.aws_region.d[*].ip, tri(1)]
           |                                  ^^^^^^^^^^^^^^^
          aws_vpc.c has neither "count" nor "for_each": it has no instances to choose from.
          Hint: Leave out the key.
        error: Unsupported attribute
          --> main.tf:15:51
           |
        15 |   value = [data.aws_region.d.id, aws_vpc.c[0].id, data.aws_region.d[*].ip, tri(1)]
           |                                                   ^^^^^^^^^^^^^^^^^^^^^^^
          aws_region has no attribute "ip".
          Hint: Did you mean "id"?
        "#);
    }

    #[test]
    fn what_agrees_with_its_types_is_fine() {
        let source = r#"
resource "aws_vpc" "a" {
  count      = 2
  cidr_block = can(1) ? "a" : "b"
}
data "aws_region" "b" {
  for_each   = { x = aws_vpc.a[0].id, y = aws_vpc.a[*].id }
  cidr_block = each.value
}
output "c" {
  value = [aws_vpc.a, data.aws_region.b["x"].id]
}
"#;
        assert_eq!(found(source), "");
    }
}

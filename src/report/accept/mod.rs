//! The edits with which the layout wants what AWS has: from differences that were found to the text that a person would type.
//! Pure; whether the plan is the better for them is judged by [`worse`].

mod follow;
mod groups;
mod nested;
mod value;

use super::literal::inline;
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::drift::{Class, Difference, Finding};
use crate::evaluation::{Evaluator, Locality};
use crate::lang::config::Resource;
use crate::lang::edit::{self, Edit};
use crate::lang::expr::Expr;
use crate::plan::{Action, Change, Plan, resolve};
use crate::schema::{Attribute, Mode, Schemas};
use crate::value::address::{Address, InstanceKey, ModulePath, parse_instance};
use crate::value::{Kind, Name, Value};
use std::collections::BTreeSet;

/// What a person accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// The instance.
    pub address: Address,
    /// The attribute, or a part of one as drift names it; without it all that differs.
    pub attribute: Option<String>,
}

impl Wish {
    /// Reads `ADDRESS` or `ADDRESS.ATTRIBUTE`.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        let whole = parse_instance(text).map(|address| Wish { address, attribute: None });
        let part = |(at, _): (usize, &str)| {
            let address = parse_instance(&text[..at]).ok()?;
            Some(Wish { address, attribute: Some(text[at + 1..].to_owned()) })
        };
        whole.or_else(|why| {
            text.rmatch_indices('.').find_map(part).ok_or_else(|| {
                Diagnostic::error(format!("Invalid address {text:?}"))
                    .code("invalid-address")
                    .detail(format!("{why}."))
                    .hint("Name an instance as drift does, such as aws_vpc.main or aws_vpc.main.tags.")
            })
        })
    }

    fn is_of(&self, difference: &Difference) -> bool {
        self.attribute.as_ref().is_none_or(|name| *name == difference.attribute || *name == difference.path)
    }
}

/// Gives the value of a variable of the root module as it is written in a file, if one gives it; else where it is from.
pub type Given<'a> = &'a dyn Fn(&str) -> Result<Option<Expr>, String>;

/// A layout as it was planned.
#[derive(Clone, Copy)]
pub struct Source<'a, 'w> {
    /// The plan.
    pub plan: &'a Plan,
    /// The values that its expressions have.
    pub scopes: &'a Evaluator<'w>,
    /// The rows of all types.
    pub schemas: &'a dyn Schemas,
    /// The values of variables.
    pub given: Given<'a>,
}

/// The edits, and what is accepted by them: the instance and the part.
pub struct Accepted {
    /// What is typed.
    pub edits: Vec<Edit>,
    /// What then differs no more.
    pub parts: Vec<(Address, String)>,
    /// Instances at which nothing differs from the layout.
    pub idle: Vec<Address>,
}

/// The place of a block: what its expressions see.
#[derive(Clone)]
struct Here {
    path: ModulePath,
    local: Locality,
    /// The `for_each` of the block, and the key of the instance.
    each: Option<(Expr, InstanceKey)>,
    /// Whether only a constant can be written there.
    constant: bool,
}

/// An expression and its place.
#[derive(Clone)]
struct At {
    here: Here,
    expr: Expr,
}

/// The edits that accept what is wished of these findings.
pub fn accept(source: Source<'_, '_>, findings: &[Finding], wishes: &[Wish]) -> Result<Accepted, Diagnostics> {
    let mut problems = Diagnostics::new();
    let mut accepted = Accepted { edits: Vec::new(), parts: Vec::new(), idle: Vec::new() };
    for wish in wishes {
        let all: Vec<&Finding> = findings.iter().filter(|f| f.address.as_ref() == Some(&wish.address)).collect();
        let is_planned = || source.plan.changes.iter().any(|change| change.address == wish.address);
        if all.is_empty() && wish.attribute.is_none() && is_planned() {
            accepted.idle.push(wish.address.clone());
            continue;
        }
        if wish.attribute.is_none() && all.iter().any(|f| f.class == Class::Missing) {
            accepted.edits.extend(problems.take(source.removal(&wish.address)));
            continue;
        }
        let Some(found) = all.iter().find(|f| f.class == Class::Changed) else {
            problems.push(not_changed(wish, all.first().copied()));
            continue;
        };
        let differences: Vec<&Difference> = found.differences.iter().filter(|d| wish.is_of(d)).collect();
        if differences.is_empty() {
            let paths: Vec<&str> = found.differences.iter().map(|d| d.path.as_str()).collect();
            let d = refusal(&wish.address, wish.attribute.as_deref().unwrap_or_default());
            problems.push(d.detail(format!("It does not differ. What differs: {}.", paths.join(", "))));
            continue;
        }
        let names: BTreeSet<&str> = differences.iter().map(|d| d.attribute.as_str()).collect();
        for name in names {
            let parts: Vec<&str> =
                differences.iter().filter(|d| d.attribute == name).map(|d| d.path.as_str()).collect();
            let whole = found.differences.iter().filter(|d| d.attribute == name).count() == parts.len();
            if let Some(edits) = problems.take(source.attribute(wish, name, &parts, whole)) {
                accepted.edits.extend(edits);
                accepted.parts.extend(parts.iter().map(|part| (wish.address.clone(), (*part).to_owned())));
            }
        }
    }
    problems.into_result(accepted)
}

fn refusal(address: &Address, part: &str) -> Diagnostic {
    let what = if part.is_empty() { address.to_string() } else { format!("{address}.{part}") };
    Diagnostic::error(format!("Cannot accept {what}")).code("drift-accept")
}

/// Why an object cannot be accepted that is not just other than the layout wants.
fn not_changed(wish: &Wish, found: Option<&Finding>) -> Diagnostic {
    let d = refusal(&wish.address, wish.attribute.as_deref().unwrap_or_default());
    match found.map(|f| (f.class, f)) {
        None => {
            d.detail("Nothing differs there from what the layout wants.").hint("floorplan drift shows what differs.")
        }
        Some((Class::Missing, _)) => d
            .detail("The object is gone from AWS.")
            .hint("Remove its block from the layout, or let floorplan apply make it again."),
        Some((Class::HalfDone, _)) => {
            d.detail("An earlier run did not end.").hint("Let floorplan apply finish it first.")
        }
        Some((_, f)) => {
            let live: Vec<String> = f.differences.iter().filter_map(|d| d.live.as_ref()).map(inline).collect();
            d.detail(format!("No block of the layout has {}: it is an object of its own there.", live.join(", ")))
                .hint("Write a resource block and an import block for it, or delete it in AWS.")
        }
    }
}

impl Source<'_, '_> {
    /// The edit that takes the block of an object out that is gone.
    fn removal(self, address: &Address) -> Result<Edit, Diagnostic> {
        let is = |change: &&Change| change.deposed.is_none() && change.address == *address;
        let block = self.plan.changes.iter().find(is).and_then(|change| resolve::place(self.scopes, change));
        let Some((block, _)) = block else {
            return Err(refusal(address, "").detail("The layout has no block for it."));
        };
        if block.count.is_some() || block.for_each.is_some() {
            return Err(refusal(address, "")
                .detail("The object is gone from AWS, and its block makes others as well.")
                .hint("Remove its block from the layout, make fewer, or let floorplan apply make it again.")
                .at(block.span.clone()));
        }
        self.editable(&block.body.span())?;
        Ok(edit::without(&block.span, &block.body))
    }

    fn attribute(self, wish: &Wish, name: &str, parts: &[&str], whole: bool) -> Result<Vec<Edit>, Diagnostic> {
        let address = &wish.address;
        let refused = |why: &str| refusal(address, name).detail(why);
        let is = |change: &&Change| change.deposed.is_none() && change.address == *address;
        let change = self.plan.changes.iter().find(is);
        let schema = self.schemas.resource(&address.resource.type_name);
        let row = schema.and_then(|schema| schema.attribute(name));
        let (Some(change), Some(row)) = (change, row) else { return Err(refused("The plan does not have it.")) };
        let Some((block, local)) = resolve::place(self.scopes, change) else {
            return Err(refused("The layout has no block for it. The next apply deletes the object.")
                .hint("Write the block again, or add a removed block."));
        };
        if name == "tags_all" {
            return Err(refused("The tag is one of the default_tags of the provider.").at(block.span.clone()));
        }
        if row.mode == Mode::Computed {
            return Err(refused("Only AWS decides it.").at(block.span.clone()));
        }
        let null = Value::any_null();
        let side =
            |attrs: Option<&crate::schema::Attrs>| attrs.and_then(|attrs| attrs.get(name)).unwrap_or(&null).clone();
        let (live, wanted) = (side(change.before.as_ref()), side(change.after.as_ref()));
        if row.sensitive || live.has_sensitive() || wanted.has_sensitive() {
            return Err(
                refused("The value is sensitive. Secrets are not written into a layout.").at(block.span.clone())
            );
        }
        let here = Here {
            path: address.resource.module.clone(),
            local,
            each: block.for_each.clone().map(|each| (each, address.key.clone())),
            constant: false,
        };
        self.written(&here, row, (&block, &live, &wanted), (parts, whole)).map_err(|d| {
            let summary = refusal(address, name).summary;
            Diagnostic { summary, ..d }.at(block.span.clone()).about(address)
        })
    }

    fn written(
        self,
        here: &Here,
        row: &Attribute,
        (block, live, wanted): (&Resource, &Value, &Value),
        (parts, whole): (&[&str], bool),
    ) -> Result<Vec<Edit>, Diagnostic> {
        let body = &block.body;
        self.editable(&body.span())?;
        let is_map = [live, wanted].iter().any(|value| matches!(value.kind(), Kind::Map(..)));
        if !is_map && !whole {
            return Err(problem(format!("It is accepted only as a whole: {}.", row.name)));
        }
        if row.block.is_some() && body.attribute(row.name).is_none() {
            return self.blocks(here, row, body, (live, Some(wanted)));
        }
        if !is_map {
            return self.argument(here, row, body, live, &[]);
        }
        let of = |value: &Value, key: &Name| value.get(key).cloned();
        let keys: BTreeSet<Name> =
            [live, wanted].iter().filter_map(|value| value.as_entries()).flat_map(|all| all.keys().cloned()).collect();
        let changes: Vec<(Name, Option<Value>)> = keys
            .into_iter()
            .filter(|key| of(live, key) != of(wanted, key))
            .filter(|key| parts.contains(&row.name) || parts.contains(&format!("{}[{:?}]", row.name, key).as_str()))
            .map(|key| (key.clone(), of(live, &key)))
            .collect();
        match body.attribute(row.name) {
            Some(argument) => self.entries(At { here: here.clone(), expr: argument.expr }, row, &changes),
            None => {
                let given: Vec<(Option<String>, String)> = changes
                    .iter()
                    .filter_map(|(key, value)| Some((Some(value::key(key)), inline(value.as_ref()?))))
                    .collect();
                Ok(vec![edit::argument(body, row.name, &value::object(&given), &[])])
            }
        }
    }

    /// An error where nothing can be written.
    fn editable(self, span: &Span) -> Result<(), Diagnostic> {
        let path = span.file.path.as_str();
        if path.ends_with(".json") {
            return Err(problem(format!("{path} is written in JSON, which is not edited.")).at(span.clone()));
        }
        if path.split('/').any(|part| part == ".terraform") {
            return Err(problem(format!("{path} is a copy of a module that was fetched.")).at(span.clone()));
        }
        Ok(())
    }
}

/// A problem whose summary is written by those who know what it is about.
fn problem(why: impl Into<String>) -> Diagnostic {
    Diagnostic::error("Cannot accept the value").code("drift-accept").detail(why)
}

/// The changes of a plan that another plan of the same world does not have.
pub fn worse(before: &Plan, after: &Plan) -> Vec<(Address, Vec<String>)> {
    let rank = |action: Action| match action {
        Action::NoOp | Action::Read => 0,
        Action::Update => 1,
        Action::Create | Action::Forget => 2,
        Action::DeleteThenCreate | Action::CreateThenDelete => 3,
        Action::Delete => 4,
    };
    let old = |change: &Change| {
        before.changes.iter().find(|old| old.address == change.address && old.deposed == change.deposed)
    };
    let mut found = Vec::new();
    for change in after.changes.iter().filter(|change| rank(change.action) > 0) {
        let old = old(change);
        let had = |name: &str| old.is_some_and(|old| old.attributes.iter().any(|a| a.name == name));
        let more: Vec<String> = change.attributes.iter().map(|a| a.name.clone()).filter(|name| !had(name)).collect();
        if !more.is_empty() || old.is_none_or(|old| rank(old.action) < rank(change.action)) {
            found.push((change.address.clone(), more));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_have_an_attribute_behind_it() {
        let read = |text: &str| {
            let wish = Wish::parse(text).expect("an address");
            format!("{} | {}", wish.address, wish.attribute.unwrap_or_default())
        };
        assert_eq!(read("aws_vpc.v"), "aws_vpc.v | ");
        assert_eq!(read("aws_vpc.v.tags[\"a.b\"]"), "aws_vpc.v | tags[\"a.b\"]");
        assert_eq!(read("module.a[\"x.y\"].aws_vpc.v[0].cidr_block"), "module.a[\"x.y\"].aws_vpc.v[0] | cidr_block");
        assert_eq!(Wish::parse("aws_vpc").expect_err("no address").code, "invalid-address");
    }
}

//! Nested blocks: whole blocks come and go, and one that is still there gets other arguments.

use super::groups;
use super::value::computed;
use super::{Here, Source, problem};
use crate::diag::{Diagnostic, Span};
use crate::lang::config::decode;
use crate::lang::edit::{self, Edit};
use crate::lang::expr::{Block, Body};
use crate::report::blocks;
use crate::schema::equal::{Origin, differs, matched, objects_differ};
use crate::schema::{Attribute, Mode};
use crate::value::Value;

impl Source<'_, '_> {
    /// The blocks of a row as AWS has them. `wanted` are those that the layout makes, as far as that is known.
    pub(super) fn blocks(
        self,
        here: &Here,
        row: &Attribute,
        body: &Body,
        (live, wanted): (&Value, Option<&Value>),
    ) -> Result<Vec<Edit>, Diagnostic> {
        let Some(inner) = &row.block else { return Ok(Vec::new()) };
        let rows = inner.attributes.as_slice();
        let scope = self.scopes.at(&here.path, &here.local);
        let Some(scope) = scope else { return Err(problem("The module instance is not there.")) };
        let same = |a: &Value, b: &Value| !objects_differ(rows, a, b, Origin::Aws);
        let written: Vec<Block> = body.blocks_of(row.name).collect();
        let values: Vec<Value> = written.iter().map(|b| decode(&b.body, rows, &b.span, &scope).0).collect();
        let live = if groups::is_of_rules(rows) { groups::as_written(&values, each(live)) } else { each(live) };
        let pairs = matched(&values, &live, same);
        let mut gone: Vec<usize> = (0..written.len()).filter(|i| pairs[*i].is_none()).collect();
        let mut new: Vec<&Value> =
            live.iter().enumerate().filter(|(i, _)| !pairs.contains(&Some(*i))).map(|(_, value)| value).collect();
        let dynamic = body.blocks_of("dynamic").find(|b| b.labels.first().is_some_and(|(name, _)| **name == *row.name));
        if let Some(dynamic) = dynamic {
            let wanted = wanted.map(each).unwrap_or_default();
            new.retain(|value| !wanted.iter().any(|other| same(other, value)));
            let mut made = wanted.iter().filter(|value| !values.iter().any(|own| same(own, value)));
            if let Some(lost) = made.find(|value| !live.iter().any(|other| same(value, other))) {
                let each = dynamic.body.attribute("for_each").map(|argument| argument.expr);
                return Err(match each {
                    Some(each) => Diagnostic {
                        detail: format!(
                            "The layout computes the {} blocks: {}. In AWS this one is missing: {}.",
                            row.name,
                            each.source().lines().next().unwrap_or_default(),
                            crate::report::literal::inline(lost)
                        ),
                        ..computed(&each, lost)
                    },
                    None => problem("The blocks are computed.").at(dynamic.span),
                });
            }
        }
        let mut edits = Vec::new();
        let is_single = row.block.as_ref().is_some_and(|block| block.is_single());
        for i in std::mem::take(&mut gone) {
            let near = |value: &&Value| is_single || is_near(rows, &values[i], value);
            match new.iter().position(near) {
                Some(at) => edits.extend(self.inside(here, rows, &written[i], (&values[i], new.remove(at)))?),
                None => gone.push(i),
            }
        }
        let spans: Vec<Span> = gone.iter().map(|i| written[*i].span.clone()).collect();
        let names = self.names(&here.path);
        for block in gone.iter().map(|i| &written[*i]) {
            self.editable(&block.span)?;
            edits.push(edit::without_block(block));
        }
        for value in new {
            let text = blocks::nested(row, value, &|id: &str| if here.constant { None } else { names(id) });
            edits.push(edit::block(body, row.name, &text, &spans));
        }
        Ok(edits)
    }

    /// The arguments of one block.
    fn inside(
        self,
        here: &Here,
        rows: &[Attribute],
        block: &Block,
        (given, live): (&Value, &Value),
    ) -> Result<Vec<Edit>, Diagnostic> {
        let null = Value::any_null();
        let now = |row: &Attribute| live.get(row.name).unwrap_or(&null).clone();
        let is_silent = |row: &Attribute| row.is_computed() && given.get(row.name).is_none_or(Value::is_null);
        let is_other = |row: &&Attribute| {
            row.mode != Mode::Computed && differs(row, given.get(row.name).unwrap_or(&null), &now(row), Origin::Aws)
        };
        let ends = |row: &&&Attribute| now(row).is_null() || now(row).as_str() == Some("");
        let all: Vec<&Attribute> = rows.iter().filter(is_other).collect();
        // Where an argument goes, another one may have come in its place.
        let is_moved = all.iter().any(|row| !is_silent(row) && ends(&row));
        let changed: Vec<&Attribute> = all.into_iter().filter(|row| is_moved || !is_silent(row)).collect();
        let gone: Vec<&str> = changed.iter().filter(ends).map(|row| row.name).collect();
        let mut edits = Vec::new();
        for row in changed {
            let live = now(row);
            edits.extend(match row.block.is_some() && block.body.attribute(row.name).is_none() {
                true => self.blocks(here, row, &block.body, (&live, None))?,
                false => self.argument(here, row, &block.body, &live, &gone)?,
            });
        }
        Ok(edits)
    }
}

/// The blocks in a value.
fn each(value: &Value) -> Vec<Value> {
    match value.as_elements() {
        Some(elements) => elements.to_vec(),
        None if value.as_entries().is_some() => vec![value.clone()],
        None => Vec::new(),
    }
}

/// Arguments that distinguish blocks; one that keeps them is the same block with other arguments.
const KEYS: [&str; 6] = ["cidr_block", "ipv6_cidr_block", "destination_prefix_list_id", "device_name", "key", "name"];

/// Whether AWS has the block with other arguments: one of them differs, or only what does not distinguish it.
fn is_near(rows: &[Attribute], given: &Value, live: &Value) -> bool {
    let null = Value::any_null();
    let of = |value: &Value, name: &str| value.get(name).filter(|v| v.as_str() != Some("")).unwrap_or(&null).clone();
    let key = |value: &Value| KEYS.iter().find_map(|name| of(value, name).as_str().map(str::to_owned));
    let differ = |row: &&Attribute| {
        let given = of(given, row.name);
        !(row.is_computed() && given.is_null()) && differs(row, &given, &of(live, row.name), Origin::Aws)
    };
    match (key(given), key(live)) {
        (Some(a), Some(b)) if a == b => true,
        _ => rows.iter().filter(differ).count() <= 1,
    }
}

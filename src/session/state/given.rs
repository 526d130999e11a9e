//! The arguments of a backend that its block leaves out: those that `-backend-config` gives, those that `init` was given
//! and remembers, and those that Terraform remembers of its own `init`.

use super::memory::{Memory, is_empty, kept_elsewhere, remembered};
use super::{check, places};
use crate::diag::{Diagnostic, Diagnostics, SourceFile, Span};
use crate::lang::config::{self, merged, written_out};
use crate::lang::expr::{Attribute, Body};
use crate::lang::parse::{parse, parse_expression, parse_json};
use crate::session::{Layout, workspace};
use crate::sources::disk;
use crate::value::Value;
use std::path::Path;
use std::sync::Arc;

/// The option, as errors about what it gives name it.
pub(super) const OPTION: &str = "-backend-config";

/// The arguments that are not texts, whose values are read as expressions.
const COLLECTIONS: [&str; 6] = [
    "endpoints",
    "assume_role",
    "shared_config_files",
    "shared_credentials_files",
    "allowed_account_ids",
    "forbidden_account_ids",
];

/// The block that says where the state is, with what it leaves out. None where the layout has no such block.
pub fn place(layout: &Layout, options: &[String]) -> Result<Option<config::Backend>, Diagnostics> {
    let Some(block) = block(layout, options)? else {
        kept_elsewhere(layout, "local")?;
        return Ok(None);
    };
    kept_elsewhere(layout, &block.kind)?;
    let body = match (Memory::ours(layout)?, Memory::of_terraform(layout)) {
        (Some(ours), _) => ours.over(block)?,
        (None, Some(theirs)) => theirs.under(block, &workspace::memory(&layout.dir))?,
        (None, None) => block.body.clone(),
    };
    Ok(Some(config::Backend { body: merged(&body, &typed(options)?), ..block.clone() }))
}

/// The same while the state is being moved there: what the last `init` found elsewhere only fills in what is left out.
pub(super) fn destination(layout: &Layout, options: &[String]) -> Result<Option<config::Backend>, Diagnostics> {
    let Some(block) = block(layout, options)? else { return Ok(None) };
    let body = match remembered(layout)?.filter(|(memory, _)| memory.kind == *block.kind) {
        Some((memory, place)) => merged(&memory.body(|_| true, &place)?, &block.body),
        None => block.body.clone(),
    };
    Ok(Some(config::Backend { body: merged(&body, &typed(options)?), ..block.clone() }))
}

/// The place that the last `init` found the state in, with more arguments.
pub(super) fn earlier(layout: &Layout, options: &[String]) -> Result<Option<config::Backend>, Diagnostics> {
    let Some((memory, place)) = remembered(layout)? else { return Ok(None) };
    if memory.config.values().all(is_empty) {
        return Ok(None);
    }
    let mut body = memory.body(|_| true, &place)?;
    // Floorplan remembers what it was given alone, Terraform all of it.
    if let Some(block) = places(layout).into_iter().find(|block| *block.kind == memory.kind) {
        body = merged(&block.body, &body);
    }
    let span = body.span();
    Ok(Some(config::Backend { kind: memory.kind.as_str().into(), body: merged(&body, &typed(options)?), span }))
}

/// A place that a person names, with more arguments. What it leaves out is taken from a block of the same kind.
pub(super) fn named(
    kind: &str,
    values: &[(&str, &str)],
    block: Option<&config::Backend>,
    options: &[String],
) -> Result<config::Backend, Diagnostics> {
    let values = values.iter().map(|(name, value)| (*name, Value::string(value)));
    let mut body = merged(&of_values(values, "--from"), &typed(options)?);
    if let Some(block) = block.filter(|block| &*block.kind == kind) {
        body = merged(&block.body, &body);
    }
    let span = body.span();
    Ok(config::Backend { kind: kind.into(), body, span })
}

/// The only block that says where the state is, as it is written.
fn block<'a>(layout: &'a Layout, options: &[String]) -> Result<Option<&'a config::Backend>, Diagnostics> {
    match places(layout)[..] {
        [] if options.is_empty() => Ok(None),
        [] => Err(unused("the layout has no such block").into()),
        [_, second, ..] => Err(Diagnostic::error("Second backend")
            .code("block-count")
            .detail("A state is kept in one place; a backend block and a state block name two.")
            .at(second.span.clone())
            .into()),
        [block] => Ok(Some(block)),
    }
}

/// Keeps what `init` was given for the commands that follow.
pub fn remember(layout: &Layout, options: &[String]) -> Result<(), Diagnostics> {
    let Some(block) = block(layout, options)? else { return Ok(()) };
    let typed = typed(options)?;
    check(&config::Backend { body: merged(&block.body, &typed), ..block.clone() }, layout)?;
    let mut memory = Memory { kind: block.kind.to_string(), ..Memory::default() };
    memory.take(block, &typed)?;
    Ok(memory.write(layout)?)
}

/// Forgets what an earlier `init` was given, and what Terraform remembers.
pub fn forget(layout: &Layout) -> Result<(), Diagnostics> {
    let kind = places(layout).first().map_or_else(|| "local".to_owned(), |block| block.kind.to_string());
    Ok(Memory { kind, ..Memory::default() }.write(layout)?)
}

/// Remembers that the state was moved to where the layout says, where an `init` had found it elsewhere.
pub fn moved(layout: &Layout, options: &[String]) -> Result<(), Diagnostics> {
    let Some((mut memory, _)) = remembered(layout)? else { return Ok(()) };
    let Some(block) = block(layout, options)? else { return forget(layout) };
    if memory.kind != *block.kind {
        memory = Memory { kind: block.kind.to_string(), ..Memory::default() };
    }
    memory.instead_of.clear();
    memory.config.retain(|name, _| block.body.attribute(name).is_none());
    memory.take(block, &typed(options)?)?;
    Ok(memory.write(layout)?)
}

/// Fails where a block leaves out what it needs.
pub(super) fn complete(block: &config::Backend, required: &[&str]) -> Result<(), Diagnostic> {
    let given = |name: &&&str| {
        let value = block.body.attribute(name).map(|attribute| written_out(&attribute.expr));
        value.is_none_or(|value| value.is_ok_and(|value| value.is_null() || value.as_str() == Some("")))
    };
    let missing: Vec<&str> = required.iter().filter(given).copied().collect();
    let Some(first) = missing.first() else { return Ok(()) };
    Err(Diagnostic::error(format!("The {:?} block leaves out {}", &*block.kind, missing.join(" and ")))
        .code("missing-argument")
        .detail("Without it the place of the state is not known.")
        .at(block.span.clone())
        .hint(format!(
            "Write it into the block, or give it once with `floorplan init {OPTION}={first}=…`, or with {OPTION} to each command."
        )))
}

/// The error of an option that nothing takes.
pub(super) fn unused(why: &str) -> Diagnostic {
    Diagnostic::error(format!("{OPTION} has no effect"))
        .code("usage")
        .detail(format!("It gives arguments of a `backend` block, but {why}."))
        .hint("Leave it out.")
}

/// The arguments that the options give; later ones win.
fn typed(options: &[String]) -> Result<Body, Diagnostics> {
    let mut problems = Diagnostics::new();
    let mut all = of_values([], OPTION);
    for option in options {
        if let Some(more) = problems.take(of_option(option)) {
            all = merged(&all, &more);
        }
    }
    problems.into_result(all)
}

fn of_option(option: &str) -> Result<Body, Diagnostics> {
    let Some((name, text)) = option.split_once('=') else { return of_file(Path::new(option)) };
    let name = name.trim();
    let value = match COLLECTIONS.contains(&name) {
        true => written_out(&parse_expression(OPTION, text)?)?,
        false => Value::string(text),
    };
    Ok(of_values([(name, value)], OPTION))
}

fn of_file(path: &Path) -> Result<Body, Diagnostics> {
    let shown = path.to_string_lossy();
    let bytes = disk::read_named(path).map_err(|e| {
        Diagnostic::error(format!("Cannot read {shown}"))
            .code("unreadable-file")
            .detail(format!("{e}."))
            .hint(format!("{OPTION} takes NAME=VALUE, or a file of such lines."))
    })?;
    let read = if shown.ends_with(".json") { parse_json } else { parse };
    let body = read(&shown, &bytes)?.body;
    let block = body.blocks().next();
    match block {
        Some(block) => Err(Diagnostic::error("A block among the arguments of a backend")
            .code("unsupported-block")
            .detail(format!("A file of {OPTION} holds lines such as bucket = \"acme\"."))
            .at(block.span)
            .into()),
        None => Ok(body),
    }
}

/// A body of values from `place`. An error shows their names alone: they may be secrets.
pub(super) fn of_values<'a>(values: impl IntoIterator<Item = (&'a str, Value)>, place: &str) -> Body {
    let attribute = |(name, value): (&str, Value)| {
        let file = Arc::new(SourceFile { path: place.to_owned(), text: format!("{name} = …") });
        Attribute::given(name, value, &Span::new(&file, 0..name.len()))
    };
    let attributes = values.into_iter().map(attribute).collect();
    Body::empty(&Arc::new(SourceFile { path: place.to_owned(), text: String::new() })).of(attributes, Vec::new())
}

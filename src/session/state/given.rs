//! The arguments of a backend that its block leaves out: those that `-backend-config` gives, those that `init` was given
//! and remembers, and those that Terraform remembers of its own `init`.

use super::{check, places};
use crate::diag::{Diagnostic, Diagnostics, SourceFile, Span};
use crate::lang::config::{self, merged, written_out};
use crate::lang::expr::{Attribute, Body};
use crate::lang::parse::{parse, parse_expression, parse_json};
use crate::session::{Layout, workspace};
use crate::sources::disk;
use crate::value::{Value, json};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The option, as errors about what it gives name it.
const OPTION: &str = "-backend-config";

/// What an `init` was given.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct Memory {
    /// The kind of the backend.
    #[serde(rename = "type")]
    kind: String,
    /// The arguments.
    config: Map<String, Json>,
    /// What the block said of them at that time.
    #[serde(default)]
    instead_of: BTreeMap<String, String>,
}

/// The block that says where the state is, with what it leaves out. None where the layout has no such block.
pub(super) fn place(layout: &Layout, options: &[String]) -> Result<Option<config::Backend>, Diagnostics> {
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

/// What an `init` left here: ours, else Terraform's; and where that is kept.
fn remembered(layout: &Layout) -> Result<Option<(Memory, PathBuf)>, Diagnostic> {
    Ok(match Memory::ours(layout)? {
        Some(ours) => Some((ours, file(layout))),
        None => Memory::of_terraform(layout).map(|theirs| (theirs, workspace::memory(&layout.dir))),
    })
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
    let collection = text.trim_start().starts_with(['{', '[']);
    let value = match collection {
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
fn of_values<'a>(values: impl IntoIterator<Item = (&'a str, Value)>, place: &str) -> Body {
    let attribute = |(name, value): (&str, Value)| {
        let file = Arc::new(SourceFile { path: place.to_owned(), text: format!("{name} = …") });
        Attribute::given(name, value, &Span::new(&file, 0..name.len()))
    };
    let attributes = values.into_iter().map(attribute).collect();
    Body::empty(&Arc::new(SourceFile { path: place.to_owned(), text: String::new() })).of(attributes, Vec::new())
}

impl Memory {
    /// Takes what is given, and what the block says instead.
    fn take(&mut self, block: &config::Backend, given: &Body) -> Result<(), Diagnostics> {
        for attribute in given.attributes() {
            let name = attribute.name.to_string();
            if let Some(instead) = block.body.attribute(&name) {
                self.instead_of.insert(name.clone(), instead.expr.source());
            }
            self.config.insert(name, json::to_json(&written_out(&attribute.expr)?));
        }
        Ok(())
    }

    /// What `floorplan init` was given.
    fn ours(layout: &Layout) -> Result<Option<Self>, Diagnostic> {
        let path = file(layout);
        if !path.exists() {
            return Ok(None);
        }
        let read = disk::read_named(&path).and_then(|text| serde_json::from_slice(&text).map_err(|e| e.to_string()));
        read.map(Some).map_err(|e| {
            Diagnostic::error(format!("{} cannot be read", path.display()))
                .code("unreadable-file")
                .detail(format!("`floorplan init {OPTION}` wrote it: {e}."))
                .hint("Remove it and run `floorplan init` again.")
        })
    }

    /// What Terraform keeps of its own `init`; none where that cannot be read.
    fn of_terraform(layout: &Layout) -> Option<Self> {
        let text = disk::read_named(&workspace::memory(&layout.dir)).ok()?;
        let all: Json = serde_json::from_slice(&text).ok()?;
        serde_json::from_value(all.get("backend")?.clone()).ok()
    }

    fn write(&self, layout: &Layout) -> Result<(), Diagnostic> {
        let path = file(layout);
        let folder = path.parent().map_or_else(PathBuf::new, Path::to_owned);
        let made = std::fs::create_dir_all(folder).map_err(|e| e.to_string());
        let text = serde_json::to_string_pretty(self).map_err(|e| e.to_string());
        made.and(text).and_then(|text| disk::write_private(&path, text.as_bytes())).map_err(|e| {
            Diagnostic::error(format!("Cannot write {}", path.display()))
                .code("unwritable-file")
                .detail(format!("{e}."))
        })
    }

    fn body(&self, names: impl Fn(&str) -> bool, place: &Path) -> Result<Body, Diagnostic> {
        let mut values = Vec::new();
        for (name, value) in self.config.iter().filter(|(name, value)| !is_empty(value) && names(name)) {
            let value = json::from_json(value).map_err(|e| {
                Diagnostic::error(format!("{} cannot be read", place.display()))
                    .code("unreadable-file")
                    .detail(format!("{name:?}: {}.", e.message))
            })?;
            values.push((name.as_str(), value));
        }
        Ok(of_values(values, &place.to_string_lossy()))
    }

    /// The block with what `init` was given in place of its own arguments, as the option goes before the block.
    fn over(&self, block: &config::Backend) -> Result<Body, Diagnostics> {
        for name in self.config.keys() {
            let now = block.body.attribute(name);
            if now.as_ref().map(|now| now.expr.source()).as_ref() != self.instead_of.get(name) {
                return Err(Diagnostic::error(format!("{name:?} was changed since `floorplan init {OPTION}` gave it"))
                    .code("state-elsewhere")
                    .detail("The block and the option name different places for the state.")
                    .at(now.map_or_else(|| block.span.clone(), |now| now.name_span))
                    .hint(format!(
                        "Run `floorplan init -reconfigure`, with {OPTION} where that shall go before the block."
                    ))
                    .into());
            }
        }
        Ok(merged(&block.body, &self.body(|_| true, Path::new(OPTION))?))
    }

    /// The block with what Terraform remembers of the arguments that it leaves out.
    fn under(&self, block: &config::Backend, place: &Path) -> Result<Body, Diagnostics> {
        for attribute in block.body.attributes() {
            let Some(theirs) = self.config.get(&*attribute.name).filter(|value| !is_empty(value)) else { continue };
            let ours = written_out(&attribute.expr).map(|value| json::to_json(&value));
            if ours.is_ok_and(|ours| plain(&ours) != plain(theirs)) {
                return Err(Diagnostic::error(format!("{:?} is not as `terraform init` left it", &*attribute.name))
                    .code("state-elsewhere")
                    .detail(format!("{} remembers another value than the block has.", place.display()))
                    .at(attribute.name_span)
                    .hint("If the block is right, run `floorplan init -reconfigure`.")
                    .hint(format!(
                        "If Terraform was given the value, run `floorplan init {OPTION}={}=…`.",
                        attribute.name
                    ))
                    .into());
            }
        }
        let left_out = self.body(|name| block.body.attribute(name).is_none(), place)?;
        Ok(merged(&block.body, &left_out))
    }
}

/// An error where an `init` found the state in a backend of another kind than the layout names now.
fn kept_elsewhere(layout: &Layout, kind: &str) -> Result<(), Diagnostics> {
    let Some((memory, place)) = remembered(layout)? else { return Ok(()) };
    if memory.kind == kind {
        return Ok(());
    }
    Err(Diagnostic::error(format!("The state was in the backend {:?} and is now in {kind:?}", memory.kind))
        .code("state-elsewhere")
        .detail(format!(
            "`init` left that in {}. A plan without that state could create the objects again.",
            place.display()
        ))
        .hint("`floorplan state migrate --from PLACE` copies the state to where the layout says now.")
        .hint("If the state is there already, run `floorplan init -reconfigure`.")
        .into())
}

/// What an argument without a value is in Terraform's memory.
fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(all) => all.is_empty(),
        Json::Object(all) => all.values().all(is_empty),
        _ => false,
    }
}

/// `true` and `"true"` are one value of an argument.
fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Where `init` keeps what it was given.
fn file(layout: &Layout) -> PathBuf {
    workspace::data(&layout.dir).join("floorplan-backend.json")
}

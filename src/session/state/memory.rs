//! The memory of a layout's `init`: ours holds what it was given, Terraform's all arguments of the backend.

use super::given::{OPTION, of_values};
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::config::{self, merged, written_out};
use crate::lang::expr::Body;
use crate::session::{Layout, workspace};
use crate::sources::disk;
use crate::value::json;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What an `init` was given.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Memory {
    /// The kind of the backend.
    #[serde(rename = "type")]
    pub kind: String,
    /// The arguments.
    pub config: Map<String, Json>,
    /// What the block said of them at that time.
    #[serde(default)]
    pub instead_of: BTreeMap<String, String>,
}

/// What an `init` left here: ours, else Terraform's; and where that is kept.
pub(super) fn remembered(layout: &Layout) -> Result<Option<(Memory, PathBuf)>, Diagnostic> {
    Ok(match Memory::ours(layout)? {
        Some(ours) => Some((ours, file(layout))),
        None => Memory::of_terraform(layout).map(|theirs| (theirs, workspace::memory(&layout.dir))),
    })
}

impl Memory {
    /// Takes what is given, and what the block says instead.
    pub fn take(&mut self, block: &config::Backend, given: &Body) -> Result<(), Diagnostics> {
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
    pub fn ours(layout: &Layout) -> Result<Option<Self>, Diagnostic> {
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
    pub fn of_terraform(layout: &Layout) -> Option<Self> {
        let text = disk::read_named(&workspace::memory(&layout.dir)).ok()?;
        let all: Json = serde_json::from_slice(&text).ok()?;
        serde_json::from_value(all.get("backend")?.clone()).ok()
    }

    /// Keeps it.
    pub fn write(&self, layout: &Layout) -> Result<(), Diagnostic> {
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

    /// The arguments of these names, from `place`.
    pub fn body(&self, names: impl Fn(&str) -> bool, place: &Path) -> Result<Body, Diagnostic> {
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
    pub fn over(&self, block: &config::Backend) -> Result<Body, Diagnostics> {
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
    pub fn under(&self, block: &config::Backend, place: &Path) -> Result<Body, Diagnostics> {
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
pub(super) fn kept_elsewhere(layout: &Layout, kind: &str) -> Result<(), Diagnostics> {
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
        .hint("`floorplan state migrate` moves the state from there to where the layout says now.")
        .hint("If the state is there already, run `floorplan init -reconfigure`.")
        .into())
}

/// What an argument without a value is in Terraform's memory.
pub(super) fn is_empty(value: &Json) -> bool {
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

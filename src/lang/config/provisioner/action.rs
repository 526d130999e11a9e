//! The work of a provisioner, ready to be done.

use super::connection::Connection;
use crate::schema::{Attribute, Attrs, Mode};
use crate::value::{Type, Value};
use std::collections::BTreeMap;

/// The work of a provisioner.
#[derive(Debug, Clone)]
pub enum Action {
    /// A command on this machine.
    Local(Command),
    /// Work on another machine.
    Remote(Box<Remote>),
}

/// A command, ready to be run.
#[derive(Debug, Clone)]
pub struct Command {
    /// The program and its arguments, the command itself last.
    pub words: Vec<String>,
    /// Where it runs, seen from the directory of the layout.
    pub working_dir: String,
    /// What is added to the environment.
    pub environment: BTreeMap<String, String>,
    /// Whether the command itself is not shown.
    pub quiet: bool,
    /// Whether neither it nor what it prints may be shown.
    pub sensitive: bool,
}

/// Work on another machine.
#[derive(Debug, Clone)]
pub struct Remote {
    /// How the machine is reached.
    pub connection: Connection,
    /// What is done there.
    pub work: Work,
    /// Whether nothing that it prints may be shown.
    pub sensitive: bool,
}

/// What is done on another machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// These scripts run there, one after another.
    Run(Vec<Content>),
    /// A file or folder is put there.
    Copy {
        /// What is copied.
        from: Content,
        /// Where it goes.
        to: String,
    },
}

/// A text of the layout, or what a path leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// The text itself.
    Text(String),
    /// A path, seen from the directory of the layout.
    Path(String),
}

/// The rows of a kind of provisioner.
pub(super) fn rows(kind: &str) -> Option<Vec<Attribute>> {
    let text = |name| Attribute::new(name, Type::String);
    let texts = |name| Attribute::new(name, Type::list(Type::String));
    match kind {
        "local-exec" => Some(vec![
            Attribute { mode: Mode::Required, ..text("command") },
            text("working_dir"),
            texts("interpreter"),
            Attribute::new("environment", Type::map(Type::String)),
            Attribute::new("quiet", Type::Bool),
        ]),
        "remote-exec" => Some(vec![texts("inline"), text("script"), texts("scripts")]),
        "file" => {
            Some(vec![text("source"), text("content"), Attribute { mode: Mode::Required, ..text("destination") }])
        }
        _ => None,
    }
}

/// Arguments that exclude one another: a provisioner of this kind takes exactly one of them.
pub(super) fn one_of(kind: &str) -> &'static [&'static str] {
    match kind {
        "remote-exec" => &["inline", "script", "scripts"],
        "file" => &["source", "content"],
        _ => &[],
    }
}

impl Command {
    pub(super) fn read(attrs: &Attrs, sensitive: bool) -> Self {
        let mut words = attrs.strings("interpreter");
        if words.is_empty() {
            words = vec!["sh".into(), "-c".into()];
        }
        words.extend(attrs.string("command"));
        Command {
            words,
            working_dir: attrs.string("working_dir").unwrap_or_default(),
            environment: attrs.string_map("environment"),
            quiet: attrs.get("quiet").and_then(Value::as_bool) == Some(true),
            sensitive,
        }
    }
}

impl Work {
    /// The work that the arguments of a `remote-exec` or a `file` describe.
    pub(super) fn read(kind: &str, attrs: &Attrs) -> Result<Self, String> {
        let path = |name: &str| attrs.string(name).map(Content::Path);
        if kind == "file" {
            let from = path("source").or_else(|| attrs.string("content").map(Content::Text));
            let from = from.ok_or("Both source and content are null.")?;
            return Ok(Work::Copy { from, to: attrs.string("destination").unwrap_or_default() });
        }
        let inline = attrs.strings("inline");
        let scripts = match path("script") {
            _ if !inline.is_empty() => vec![Content::Text(inline.join("\n") + "\n")],
            Some(script) => vec![script],
            None => attrs.strings("scripts").into_iter().map(Content::Path).collect(),
        };
        Ok(Work::Run(scripts))
    }
}

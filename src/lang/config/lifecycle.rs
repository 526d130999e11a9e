//! `lifecycle` blocks: how an object is replaced, protected and watched.

use super::reader::{self, Shape};
use super::{Condition, check};
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::lang::expr::{Block, Body, Expr};
use crate::lang::refs::{Reference, Subject};
use crate::value::address::Mode;

/// A `lifecycle` block.
#[derive(Debug, Clone)]
pub struct Lifecycle {
    /// Whether a replacement is created before the old object goes; `None` when it is not said.
    pub create_before_destroy: Option<bool>,
    /// Whether a plan that destroys the object is refused.
    pub prevent_destroy: Option<Expr>,
    /// Whether the object goes with its instance; if not, it is forgotten.
    pub destroy: bool,
    /// Whether there is an instance at all.
    pub enabled: Option<Expr>,
    /// Which differences do not count.
    pub ignore_changes: IgnoreChanges,
    /// References whose changes replace the object.
    pub replace_triggered_by: Vec<(Reference, Expr)>,
    /// Checked before the object is planned.
    pub preconditions: Vec<Condition>,
    /// Checked after the object was made or read.
    pub postconditions: Vec<Condition>,
    /// How many instances change at a time.
    pub rolling: Option<Rolling>,
}

impl Default for Lifecycle {
    fn default() -> Self {
        Lifecycle {
            create_before_destroy: None,
            prevent_destroy: None,
            destroy: true,
            enabled: None,
            ignore_changes: IgnoreChanges::default(),
            replace_triggered_by: Vec::new(),
            preconditions: Vec::new(),
            postconditions: Vec::new(),
            rolling: None,
        }
    }
}

impl Lifecycle {
    /// What protects the object and what says whether there is one.
    pub fn switches(&self) -> impl Iterator<Item = &Expr> {
        self.prevent_destroy.iter().chain(&self.enabled)
    }
}

/// `ignore_changes`
#[derive(Debug, Clone)]
pub enum IgnoreChanges {
    /// `all`
    All,
    /// The attributes listed, as a path of attribute names and literal keys: `tags["Name"]` is
    /// `["tags", "Name"]`. Empty when left out.
    Paths(Vec<(Vec<String>, Span)>),
}

impl Default for IgnoreChanges {
    fn default() -> Self {
        IgnoreChanges::Paths(Vec::new())
    }
}

/// A `rolling` block: the instances change in waves, each proved healthy before the next begins.
#[derive(Debug, Clone)]
pub struct Rolling {
    /// How many may be out of service: a count, or text such as `25%`.
    pub max_unavailable: Option<Expr>,
    /// How many may exist beyond the wanted number: a count, or text such as `25%`.
    pub max_surge: Option<Expr>,
    /// The resource that must call a new member healthy.
    pub health: Option<Expr>,
    /// How long a new member must stay healthy, as text such as `60s`.
    pub bake: Option<Expr>,
    /// How long an old member is drained, as text such as `120s`.
    pub drain: Option<Expr>,
    /// How long a wave may take, as text such as `10m`.
    pub timeout: Option<Expr>,
    /// The reaction to a failed wave.
    pub on_failure: Option<Expr>,
    /// Where the block's header is.
    pub span: Span,
}

impl Rolling {
    /// All its expressions.
    pub(super) fn expressions(&self) -> impl Iterator<Item = &Expr> {
        let all = [&self.max_unavailable, &self.max_surge, &self.health, &self.bake, &self.drain];
        all.into_iter().chain([&self.timeout, &self.on_failure]).flatten()
    }
}

const MANAGED: Shape = Shape {
    what: "lifecycle",
    attributes: &[
        "create_before_destroy",
        "prevent_destroy",
        "ignore_changes",
        "replace_triggered_by",
        "destroy",
        "enabled",
    ],
    blocks: &["precondition", "postcondition", "rolling", "action_trigger"],
};
const DATA: Shape = Shape { what: "lifecycle", attributes: &["enabled"], blocks: &["precondition", "postcondition"] };
const ROLLING: Shape = Shape {
    what: "rolling",
    attributes: &["max_unavailable", "max_surge", "health", "bake", "drain", "timeout", "on_failure"],
    blocks: &[],
};

/// The `lifecycle` block of a resource or data source.
pub(super) fn read(block: &Block, mode: Mode, diags: &mut Diagnostics) -> Lifecycle {
    let body = &block.body;
    let shape = if mode == Mode::Managed { &MANAGED } else { &DATA };
    shape.check(body, diags);
    for trigger in reader::nested(body, "action_trigger") {
        diags.push(
            Diagnostic::warning("\"action_trigger\" blocks are not served")
                .code("unsupported-block")
                .detail("The actions are not run.")
                .at(trigger.span.clone()),
        );
    }
    let preconditions = check::conditions(body, "precondition", diags);
    let postconditions = check::conditions(body, "postcondition", diags);
    if mode == Mode::Data {
        let enabled = reader::expr(body, "enabled");
        return Lifecycle { preconditions, postconditions, enabled, ..Lifecycle::default() };
    }
    Lifecycle {
        create_before_destroy: reader::literal_bool(body, "create_before_destroy", diags),
        prevent_destroy: reader::expr(body, "prevent_destroy"),
        destroy: reader::literal_bool(body, "destroy", diags).unwrap_or(true),
        enabled: reader::expr(body, "enabled"),
        ignore_changes: reader::expr(body, "ignore_changes").map(|e| ignore_changes(&e, diags)).unwrap_or_default(),
        replace_triggered_by: replace_triggered_by(body, diags),
        preconditions,
        postconditions,
        rolling: reader::nested_single(body, "rolling", diags).map(|b| rolling(&b, diags)),
    }
}

fn ignore_changes(expr: &Expr, diags: &mut Diagnostics) -> IgnoreChanges {
    if expr.as_keyword().as_deref() == Some("all") {
        return IgnoreChanges::All;
    }
    let mut paths = Vec::new();
    for item in reader::items(expr, "ignore_changes", diags) {
        let span = item.span();
        let text = item.source();
        if text.trim_matches('"') == "*" {
            diags.push(
                Diagnostic::error("Wildcard in \"ignore_changes\"")
                    .code("invalid-lifecycle")
                    .detail("All attributes are ignored with the keyword all.")
                    .at(span.clone())
                    .hint("Write ignore_changes = all."),
            );
            continue;
        }
        match attribute_path(&text) {
            Some(path) => paths.push((path, span)),
            None => diags.push(
                Diagnostic::error("Invalid attribute in \"ignore_changes\"")
                    .code("invalid-lifecycle")
                    .detail("Expected an attribute of this resource, such as tags or tags[\"Name\"].")
                    .at(span.clone()),
            ),
        }
    }
    IgnoreChanges::Paths(paths)
}

/// `tags["Name"]`, `ingress[0].cidr_blocks` or quoted `"tags"` as steps.
fn attribute_path(text: &str) -> Option<Vec<String>> {
    let text = match text.strip_prefix('"') {
        Some(quoted) => quoted.strip_suffix('"')?,
        None => text,
    };
    let mut path = Vec::new();
    let mut rest = text;
    loop {
        if let Some(inside) = rest.strip_prefix('[') {
            let (key, after) = match inside.strip_prefix('"') {
                Some(quoted) => quoted.split_once("\"]")?,
                None => inside.split_once(']').filter(|(key, _)| key.parse::<usize>().is_ok())?,
            };
            path.push(key.to_owned());
            rest = after;
        } else {
            let word = if path.is_empty() { rest } else { rest.strip_prefix('.')? };
            let end = word.find(['.', '[']).unwrap_or(word.len());
            let name = &word[..end];
            let valid = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
            if name.is_empty()
                || !name.chars().all(valid)
                || path.is_empty() && name.starts_with(|c: char| c.is_numeric())
            {
                return None;
            }
            path.push(name.to_owned());
            rest = &word[end..];
        }
        if rest.is_empty() {
            return Some(path);
        }
    }
}

fn replace_triggered_by(body: &Body, diags: &mut Diagnostics) -> Vec<(Reference, Expr)> {
    let Some(expr) = reader::expr(body, "replace_triggered_by") else { return Vec::new() };
    let mut found = Vec::new();
    for item in reader::items(&expr, "replace_triggered_by", diags) {
        let Some(reference) = reader::reference(&item, "replace_triggered_by", diags) else { continue };
        if matches!(&reference.subject, Subject::Resource { mode: Mode::Managed, .. }) {
            found.push((reference, item));
        } else {
            diags.push(
                Diagnostic::error("Invalid reference in \"replace_triggered_by\"")
                    .code("invalid-lifecycle")
                    .detail("Only a managed resource, or an attribute of one, can trigger a replacement.")
                    .at(item.span()),
            );
        }
    }
    found
}

fn rolling(block: &Block, diags: &mut Diagnostics) -> Rolling {
    let body = &block.body;
    ROLLING.check(body, diags);
    let get = |name| reader::expr(body, name);
    Rolling {
        max_unavailable: get("max_unavailable"),
        max_surge: get("max_surge"),
        health: get("health"),
        bake: get("bake"),
        drain: get("drain"),
        timeout: get("timeout"),
        on_failure: get("on_failure"),
        span: block.span.clone(),
    }
}

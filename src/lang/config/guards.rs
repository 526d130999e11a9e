//! `guard` blocks of a layout: what must never reach what, what must, and which of the guards that every layout has
//! are switched off. Their values are literal; whether they name anything is seen once the layout is planned.

use super::reader::{self, Shape};
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::lang::expr::{Block, Body};
use crate::rules::guard::Standard;
use crate::value::address::parse;
use crate::value::ports::{self, PortRange};
use ipnet::IpNet;
use jiff::civil::Date;
use std::net::IpAddr;

/// A `guard` block.
#[derive(Debug, Clone)]
pub struct Guard {
    /// Its label.
    pub name: String,
    /// The guard that every layout has, if it is about one.
    pub standard: Option<Standard>,
    /// `off`: why it does not count.
    pub off: Option<String>,
    /// `level`
    pub level: Option<GuardLevel>,
    /// `deny`, `require` and `allow`, in the order of the file.
    pub rules: Vec<GuardRule>,
    /// Where the block's header is.
    pub span: Span,
}

/// How grave a violation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GuardLevel {
    /// The plan is refused.
    Error,
    /// The reader is warned.
    Warning,
}

/// A `deny`, `require` or `allow` block.
#[derive(Debug, Clone)]
pub struct GuardRule {
    /// The kind of block.
    pub action: GuardAction,
    /// `from`
    pub from: GuardEnd,
    /// Where `from` is.
    pub from_span: Span,
    /// `to`
    pub to: GuardEnd,
    /// Where `to` is.
    pub to_span: Span,
    /// `ports`
    pub ports: Vec<PortRange>,
    /// Where the block's header is.
    pub span: Span,
}

/// The meaning of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GuardAction {
    /// The traffic must not be possible.
    Deny,
    /// The traffic must be possible.
    Require,
    /// An exception to what the guard forbids.
    Allow {
        /// Why.
        reason: String,
        /// The last day on which it counts.
        until: Option<Date>,
    },
}

/// One end of traffic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GuardEnd {
    /// `internet`
    Internet,
    /// `vpn`: the sites behind VPN connections.
    Vpn,
    /// A range of addresses, or one.
    Range(String),
    /// Objects by their addresses; `*` stands for any text.
    Objects(String),
}

const SHAPE: Shape = Shape { what: "guard", attributes: &["off", "level"], blocks: &["deny", "require", "allow"] };
const DENY: Shape = Shape { what: "deny", attributes: &["from", "to", "ports"], blocks: &[] };
const REQUIRE: Shape = Shape { what: "require", ..DENY };
const ALLOW: Shape = Shape { what: "allow", attributes: &["from", "to", "ports", "reason", "until"], blocks: &[] };

/// The `guard` blocks of a `layout` block.
pub(super) fn read(body: &Body, diags: &mut Diagnostics) -> Vec<Guard> {
    let mut all: Vec<Guard> = Vec::new();
    for block in body.blocks_of("guard") {
        let Some(guard) = guard(&block, diags) else { continue };
        match all.iter().find(|first| first.name == guard.name) {
            Some(first) => diags.push(reader::duplicate("guard", &guard.name, &first.span, &guard.span)),
            None => all.push(guard),
        }
    }
    all
}

fn invalid(summary: impl Into<String>) -> Diagnostic {
    Diagnostic::error(summary).code("invalid-guard")
}

fn guard(block: &Block, diags: &mut Diagnostics) -> Option<Guard> {
    if !reader::labels(block, &["name"], diags) {
        return None;
    }
    let (name, name_span) = block.labels.first()?;
    if !reader::identifier(name, name_span, diags) {
        return None;
    }
    let before = diags.iter().count();
    SHAPE.check(&block.body, diags);
    let (off, level) = (off(&block.body, diags), level(&block.body, diags));
    let inner = block.body.blocks();
    let rules: Vec<GuardRule> = inner.filter_map(|inner| rule(&inner, diags)).collect();
    let guard =
        Guard { name: name.to_string(), standard: Standard::named(name), off, level, rules, span: block.span.clone() };
    // What could not be read is said already.
    if diags.iter().count() == before {
        diags.extend(guard.problem());
    }
    Some(guard)
}

impl Guard {
    /// The exceptions of the guard.
    pub fn allows(&self) -> impl Iterator<Item = &GuardRule> {
        self.rules.iter().filter(|rule| matches!(rule.action, GuardAction::Allow { .. }))
    }

    /// Its parts that do not fit together.
    fn problem(&self) -> Option<Diagnostic> {
        let denies = self.rules.iter().find(|rule| rule.action == GuardAction::Deny);
        let requires = self.rules.iter().find(|rule| rule.action == GuardAction::Require);
        let allows = self.allows().next();
        let name = &self.name;
        if self.off.is_some() && self.level.is_some() {
            let d = invalid(format!("The guard {name:?} is switched off and has a level"));
            return Some(d.at(self.span.clone()).hint("Keep off with its reason, or level."));
        }
        match self.standard {
            Some(_) if self.off.is_some() && allows.is_some() => {
                let d = invalid(format!("The guard {name:?} is switched off and has exceptions"));
                Some(d.at(self.span.clone()).hint("Keep off with its reason, or the allow blocks."))
            }
            Some(standard) => {
                if let Some(rule) = denies.or(requires) {
                    let d = invalid(format!("{name:?} is the name of a guard that every layout has"))
                        .detail(
                            "It says itself what it forbids; it takes off, level and, if it is about traffic, allow.",
                        )
                        .at(rule.span.clone());
                    return Some(d.hint("Give a guard of your own another name."));
                }
                if let Some(rule) = allows.filter(|_| !standard.is_about_traffic()) {
                    let d = invalid(format!("The guard {name:?} is not about traffic"))
                        .detail("An allow block names traffic that a guard lets through.")
                        .at(rule.span.clone());
                    return Some(d.hint("Cure what the guard finds, or switch it off: off = \"the reason\"."));
                }
                let says_nothing = self.off.is_none() && self.level.is_none() && allows.is_none();
                says_nothing.then(|| {
                    invalid(format!("The guard {name:?} says nothing"))
                        .detail("Every layout has it; an empty block changes nothing.")
                        .at(self.span.clone())
                        .hint("Write level = \"error\" to have it forbid the plan, or off = \"the reason\".")
                })
            }
            None if denies.is_none() && (requires.is_none() || allows.is_some()) => {
                let names = Standard::ALL.map(Standard::name);
                let d = invalid(match allows {
                    Some(_) => format!("The guard {name:?} allows what it does not forbid"),
                    None => format!("The guard {name:?} forbids nothing and requires nothing"),
                });
                let d = d.at(self.span.clone()).detail(format!(
                    "A guard of your own has deny or require blocks; the guards that every layout has are {}.",
                    reader::list(&names)
                ));
                Some(match crate::diag::did_you_mean(name, names) {
                    Some(near) => d.hint(format!("Did you mean {near:?}?")),
                    None => d.hint("An allow block counts in the guard that it is an exception to."),
                })
            }
            None => None,
        }
    }
}

fn off(body: &Body, diags: &mut Diagnostics) -> Option<String> {
    let (text, span) = reader::literal_string(body, "off", diags)?;
    if text.trim().is_empty() || ["true", "false"].contains(&text.as_str()) {
        diags.push(
            invalid("off takes the reason")
                .detail("A guard that does not count says why, for whoever reads the layout.")
                .at(span)
                .hint("Write off = \"the reason\", or remove it."),
        );
        return None;
    }
    Some(text)
}

fn level(body: &Body, diags: &mut Diagnostics) -> Option<GuardLevel> {
    let (text, span) = reader::literal_string(body, "level", diags)?;
    match text.as_str() {
        "error" => Some(GuardLevel::Error),
        "warning" => Some(GuardLevel::Warning),
        other => {
            let d = invalid("Invalid level").at(span).detail(format!(
                "{other:?} is not known. Expected \"error\" (the plan is refused) or \"warning\" (its reader is warned)."
            ));
            diags.push(reader::suggest(d, other, &["error", "warning"]));
            None
        }
    }
}

fn rule(block: &Block, diags: &mut Diagnostics) -> Option<GuardRule> {
    let shape = match &*block.ident {
        "deny" => DENY,
        "require" => REQUIRE,
        "allow" => ALLOW,
        _ => return None,
    };
    let labelled = reader::labels(block, &[], diags);
    shape.check(&block.body, diags);
    let mut text = |name: &str| needed(block, name, diags);
    let (from, to, ports) = (text("from"), text("to"), text("ports"));
    let from = from.and_then(|(text, span)| Some((end(&text, &span, diags)?, span)));
    let to = to.and_then(|(text, span)| Some((end(&text, &span, diags)?, span)));
    let ports = ports.and_then(|(text, span)| read_ports(&text, &span, diags));
    let action = match &*block.ident {
        "deny" => Some(GuardAction::Deny),
        "require" => Some(GuardAction::Require),
        _ => allowed(block, diags),
    };
    if let (Some((from, span)), Some((GuardEnd::Range(_), _))) = (&from, &to)
        && matches!(from, GuardEnd::Internet | GuardEnd::Vpn)
    {
        diags.push(
            invalid("Traffic from outside to a range cannot be judged")
                .detail("Whoever sends from outside reaches objects, each by its own address.")
                .at(span.clone())
                .hint("Name the objects in \"to\", such as \"module.database\" or \"aws_instance.*\"."),
        );
        return None;
    }
    let ((from, from_span), (to, to_span)) = (from?, to?);
    let (ports, action) = (ports?, action.filter(|_| labelled)?);
    Some(GuardRule { action, from, from_span, to, to_span, ports, span: block.span.clone() })
}

/// A text that must be there, and must not be null.
fn needed(block: &Block, name: &str, diags: &mut Diagnostics) -> Option<(String, Span)> {
    let expr = reader::required(&block.body, name, &block.span, diags)?;
    let before = diags.iter().count();
    let found = reader::literal_string(&block.body, name, diags);
    if found.is_none() && diags.iter().count() == before {
        diags.push(invalid(format!("{name:?} is null")).detail("It must be given.").at(expr.span()));
    }
    found
}

fn allowed(block: &Block, diags: &mut Diagnostics) -> Option<GuardAction> {
    let (reason, span) = needed(block, "reason", diags)?;
    if reason.trim().is_empty() {
        let d = invalid("An exception has an empty reason").at(span);
        diags.push(d.hint("Say why this traffic is let through."));
        return None;
    }
    let until = match reader::literal_string(&block.body, "until", diags) {
        None => None,
        Some((text, span)) => {
            let date = text.parse::<Date>().ok().filter(|date| date.to_string() == text);
            if date.is_none() {
                diags.push(
                    invalid(format!("{text:?} is not a date"))
                        .detail("until is the last day on which the exception counts.")
                        .at(span)
                        .hint("Write a date such as \"2027-01-31\"."),
                );
                return None;
            }
            date
        }
    };
    Some(GuardAction::Allow { reason, until })
}

fn end(text: &str, span: &Span, diags: &mut Diagnostics) -> Option<GuardEnd> {
    let range = text.parse::<IpNet>().is_ok() || text.parse::<IpAddr>().is_ok();
    // Names with `*` for a part are none that the language has.
    let address = || text.contains(['.', '*']) && parse(&text.replace('*', "any")).is_ok();
    match text {
        "internet" => Some(GuardEnd::Internet),
        "vpn" => Some(GuardEnd::Vpn),
        _ if range => Some(GuardEnd::Range(text.to_owned())),
        "*" => Some(GuardEnd::Objects(text.to_owned())),
        _ if address() => Some(GuardEnd::Objects(text.to_owned())),
        _ => {
            let d = invalid(format!("{text:?} is not an end of traffic"))
                .detail(
                    "Expected \"internet\", \"vpn\", a range such as \"10.0.0.0/8\", a module such as \"module.web\", or \
                     an object such as \"aws_instance.web\", in which * stands for any text.",
                )
                .at(span.clone());
            diags.push(match crate::diag::did_you_mean(text, ["internet", "vpn"]) {
                Some(near) => d.hint(format!("Did you mean {near:?}?")),
                None => d,
            });
            None
        }
    }
}

fn read_ports(text: &str, span: &Span, diags: &mut Diagnostics) -> Option<Vec<PortRange>> {
    let invalid = |unread: ports::Unread| invalid(unread.summary).detail(unread.why).at(span.clone()).hint(ports::CURE);
    ports::read(text).map_err(|unread| diags.push(invalid(unread))).ok()
}

#[cfg(test)]
mod tests;

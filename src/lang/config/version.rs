//! Version constraints such as `~> 1.5, != 1.5.3`, by Terraform's rules.

use crate::diag::{Diagnostic, Diagnostics, Span};
use semver::Version;

/// The version of Terraform whose language is read.
pub const LANGUAGE: Version = Version::new(1, 11, 4);

/// One part of a constraint.
#[derive(Debug)]
struct Bound {
    operator: &'static str,
    version: Version,
    /// How many numbers were written: `~> 1.5` and `~> 1.5.0` differ.
    parts: usize,
}

const OPERATORS: [&str; 7] = ["~>", ">=", "<=", "!=", "=", ">", "<"];

/// Reports a constraint that cannot be read.
pub(super) fn check_syntax(text: &str, span: &Span, diags: &mut Diagnostics) {
    if let Err(part) = parse(text) {
        diags.push(
            Diagnostic::error("Invalid version constraint")
                .code("language-version")
                .detail(format!(
                    "{part:?} is not a constraint; expected a form such as \">= 1.5\" or \"~> 1.5, != 1.5.3\"."
                ))
                .at(span.clone()),
        );
    }
}

/// Reports a constraint that cannot be read, or that the language's version does not meet.
pub(super) fn check_language(text: &str, span: &Span, diags: &mut Diagnostics) {
    check_syntax(text, span, diags);
    if allows(text, &LANGUAGE) == Some(false) {
        diags.push(
            Diagnostic::error("Unsupported language version")
                .code("language-version")
                .detail(format!("The language of Terraform {LANGUAGE} is read, but this module asks for {text}."))
                .at(span.clone())
                .hint("Widen required_version if the module needs nothing that this version lacks."),
        );
    }
}

/// Whether `version` meets the constraint; `None` when it cannot be read.
pub fn allows(text: &str, version: &Version) -> Option<bool> {
    parse(text).ok().map(|bounds| bounds.iter().all(|bound| bound.allows(version)))
}

fn parse(text: &str) -> Result<Vec<Bound>, String> {
    text.split(',').map(|part| bound(part.trim()).ok_or_else(|| part.trim().to_owned())).collect()
}

fn bound(text: &str) -> Option<Bound> {
    let operator = OPERATORS.into_iter().find(|o| text.starts_with(o));
    let number = text.strip_prefix(operator.unwrap_or("")).map(str::trim)?;
    let number = number.strip_prefix('v').unwrap_or(number);
    let (core, rest) = number.find(['-', '+']).map_or((number, ""), |at| number.split_at(at));
    let parts = core.split('.').count();
    let padding = match parts {
        1 => ".0.0",
        2 => ".0",
        3 => "",
        _ => return None,
    };
    let version = Version::parse(&format!("{core}{padding}{rest}")).ok()?;
    Some(Bound { operator: operator.unwrap_or("="), version, parts })
}

impl Bound {
    fn allows(&self, v: &Version) -> bool {
        let want = &self.version;
        match self.operator {
            "=" => v == want,
            "!=" => v != want,
            ">" => v > want,
            ">=" => v >= want,
            "<" => v < want,
            "<=" => v <= want,
            _ => v >= want && (self.parts < 2 || v.major == want.major) && (self.parts < 3 || v.minor == want.minor),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constraint_allows_what_terraform_would() {
        for (text, allowed) in [
            (">= 1.0", true),
            ("~> 1.5", true),
            ("~> 1.5.0", false),
            ("~> 1.11.0", true),
            ("~> 1", true),
            (">= 1.3, < 2.0.0", true),
            ("< 1.0", false),
            ("1.11.4", true),
            ("= 1.11", false),
            ("!= 1.11.4", false),
            (">= 1.12.0-beta1", false),
            ("> v1.2", true),
        ] {
            assert_eq!(allows(text, &LANGUAGE), Some(allowed), "{text}");
        }
        for text in ["", "latest", ">=", "1.2.3.4", "1.5 2"] {
            assert_eq!(allows(text, &LANGUAGE), None, "{text}");
        }
    }
}

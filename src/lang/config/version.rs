//! Version constraints such as `~> 1.5, != 1.5.3`, by Terraform's rules.

use crate::diag::{Diagnostic, Diagnostics, Span};
use semver::Version;

/// The newest version of Terraform 1 whose language is read. The language only grew since 1.0, so that a module that
/// asks for an older version is read as well.
pub const LANGUAGE: Version = Version::new(1, 17, 0);

/// More patches than any minor version has.
const PATCHES: u64 = 30;

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
    if reads(text) == Some(false) {
        diags.push(
            Diagnostic::error("Unsupported language version")
                .code("language-version")
                .detail(format!(
                    "The language of Terraform 1.0 to 1.{} is read, but this module asks for {text}.",
                    LANGUAGE.minor
                ))
                .at(span.clone())
                .hint("Widen required_version if the module needs nothing that this version lacks."),
        );
    }
}

/// Whether a version whose language is read meets the constraint; `None` when it cannot be read.
fn reads(text: &str) -> Option<bool> {
    let bounds = parse(text).ok()?;
    let mut versions =
        (0..=LANGUAGE.minor).flat_map(|minor| (0..PATCHES).map(move |patch| Version::new(1, minor, patch)));
    Some(versions.any(|version| bounds.iter().all(|bound| bound.allows(&version))))
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
            assert_eq!(allows(text, &Version::new(1, 11, 4)), Some(allowed), "{text}");
        }
        for text in ["", "latest", ">=", "1.2.3.4", "1.5 2"] {
            assert_eq!(reads(text), None, "{text}");
        }
    }

    #[test]
    fn a_module_may_ask_for_any_version_that_is_read() {
        for text in ["~> 1.5.0", "1.5.7", "~> 1.11.0", ">= 1.16", "!= 1.17.0", ">= 0.13", "< 1.1", ">= 1.3, < 1.6"] {
            assert_eq!(reads(text), Some(true), "{text}");
        }
        for text in ["< 1.0", "~> 0.12.0", ">= 1.18", ">= 2.0", ">= 1.6, < 1.5"] {
            assert_eq!(reads(text), Some(false), "{text}");
        }
    }
}

//! `drift.ignore.hcl`: differences that a person has accepted, with the reason and until when. An entry that has expired,
//! and one that matches nothing, is named.

use super::finding::{Difference, Finding, Ignored};
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::lang::config::written_out_block;
use crate::lang::parse::parse;
use crate::schema::{Attribute, Attrs, Mode};
use crate::value::Type;
use crate::value::pattern::fits;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The name of the file, in the layout's directory and in the current one.
pub const NAME: &str = "drift.ignore.hcl";

/// One `ignore` block.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The address, or the id of an object that has none; `*` stands for any text.
    pub address: Option<String>,
    /// The resource type, likewise.
    pub type_name: Option<String>,
    /// The attribute or the part of one, likewise. Without it the whole finding is ignored.
    pub attribute: Option<String>,
    /// Why.
    pub reason: String,
    /// The last day on which it counts.
    pub expires: Date,
    /// Where it is.
    at: Span,
    used: bool,
}

/// What the run looked at that an entry can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// The objects of the layouts, and those that no layout has.
    All,
    /// The objects of the layouts.
    Own,
    /// Those of some of the layouts.
    Part,
}

/// All entries that count for a layout.
#[derive(Debug, Clone, Default)]
pub struct Ignores {
    entries: Vec<Entry>,
}

fn rows() -> Vec<Attribute> {
    let row = |name, mode| Attribute { mode, ..Attribute::new(name, Type::String) };
    let selects = ["address", "type", "attribute"].map(|name| row(name, Mode::Optional));
    let needed = ["reason", "expires"].map(|name| row(name, Mode::Required));
    selects.into_iter().chain(needed).collect()
}

impl Ignores {
    /// Adds the entries of a file.
    pub fn read(&mut self, path: &str, bytes: &[u8]) -> Result<(), Diagnostics> {
        let parsed = parse(path, bytes)?;
        let mut problems = Diagnostics::new();
        let stray = parsed.body.attributes().map(|a| (a.name.to_string(), a.expr.span()));
        let others = parsed.body.blocks().filter(|block| &*block.ident != "ignore");
        for (name, span) in stray.chain(others.map(|block| (block.ident.to_string(), block.span.clone()))) {
            problems.push(
                invalid(format!("{name:?} does not belong into a file of ignored drift"))
                    .at(span)
                    .hint("The file holds ignore blocks alone."),
            );
        }
        for block in parsed.body.blocks_of("ignore") {
            if let Some((label, span)) = block.labels.first() {
                let d = invalid(format!("An ignore block takes no label, and this one has {label:?}"));
                problems.push(d.at(span.clone()));
            }
            let (value, found) = written_out_block(&block.body, &rows(), &block.span);
            let bad = found.has_errors();
            problems.extend(found);
            if let Some(entry) = problems.take(entry(&Attrs::from_value(&value), &block.span)).filter(|_| !bad) {
                self.entries.push(entry);
            }
        }
        problems.into_result(())
    }

    /// The findings that are left, and those that are ignored on this day.
    pub fn sift(&mut self, findings: Vec<Finding>, today: Date) -> (Vec<Finding>, Vec<Ignored>) {
        let (mut kept, mut ignored) = (Vec::new(), Vec::new());
        for finding in findings {
            kept.extend(self.of(finding, today, &mut ignored));
        }
        (kept, ignored)
    }

    fn of(&mut self, finding: Finding, today: Date, ignored: &mut Vec<Ignored>) -> Option<Finding> {
        let mut take = |entry: &mut Entry, finding: Finding| {
            entry.used = true;
            ignored.push(Ignored { finding, reason: entry.reason.clone(), expires: entry.expires.to_string() });
        };
        let selects = |entry: &Entry| entry.counts(today) && entry.selects(&finding);
        if let Some(entry) = self.entries.iter_mut().find(|e| e.attribute.is_none() && selects(e)) {
            take(entry, finding);
            return None;
        }
        let mut of_entry: BTreeMap<usize, Vec<Difference>> = BTreeMap::new();
        let mut left = Vec::new();
        for difference in &finding.differences {
            let hit = self.entries.iter().position(|entry| selects(entry) && entry.names(difference));
            hit.map_or(&mut left, |at| of_entry.entry(at).or_default()).push(difference.clone());
        }
        if of_entry.is_empty() {
            return Some(finding);
        }
        for (at, differences) in of_entry {
            if let Some(part) = finding.with(differences) {
                take(&mut self.entries[at], part);
            }
        }
        finding.with(left)
    }

    /// The entries that have expired, and those that match nothing though all was `seen` that they can be about.
    pub fn warnings(&self, today: Date, seen: Seen) -> Diagnostics {
        let warn = |entry: &Entry| {
            if !entry.counts(today) {
                let d = Diagnostic::warning(format!("An ignored drift has expired on {}", entry.expires))
                    .code("drift-ignore")
                    .detail(format!("It does not count any more. Its reason was: {}", sentence(&entry.reason)))
                    .hint("Remove the block, or give it another date.");
                return Some(d.at(entry.at.clone()));
            }
            let d = Diagnostic::warning("An ignore block matches nothing")
                .code("drift-ignore")
                .detail("The difference that it was written for is gone, or the object has another address.")
                .hint("Remove the block.");
            let is_judged = seen == Seen::All || (seen == Seen::Own && !entry.may_be_beside());
            (!entry.used && is_judged).then(|| d.at(entry.at.clone()))
        };
        self.entries.iter().filter_map(warn).collect()
    }
}

fn sentence(text: &str) -> String {
    format!("{}.", text.trim().trim_end_matches('.'))
}

fn invalid(summary: impl Into<String>) -> Diagnostic {
    Diagnostic::error(summary).code("drift-ignore")
}

fn entry(attrs: &Attrs, at: &Span) -> Result<Entry, Diagnostics> {
    let mut problems = Diagnostics::new();
    let text = |name: &str| attrs.string(name).filter(|text| !text.trim().is_empty());
    if ["address", "type", "attribute"].iter().all(|name| text(name).is_none()) {
        problems.push(
            invalid("An ignore block does not say what it ignores")
                .at(at.clone())
                .hint("Give address, type or attribute; * stands for any text."),
        );
    }
    if attrs.str("reason").is_some_and(|text| text.trim().is_empty()) {
        problems.push(invalid("An ignore block has an empty reason").at(at.clone()));
    }
    let date = |text: &str| {
        text.parse::<Date>().map_err(|_| {
            invalid(format!("{text:?} is not a date"))
                .detail("expires is the last day on which the block counts, such as \"2027-01-31\".")
                .at(at.clone())
        })
    };
    let expires = attrs.str("expires").and_then(|text| problems.take(date(text)));
    let entry = expires.zip(text("reason")).map(|(expires, reason)| Entry {
        address: text("address"),
        type_name: text("type"),
        attribute: text("attribute"),
        reason,
        expires,
        at: at.clone(),
        used: false,
    });
    match entry {
        Some(entry) => problems.into_result(entry),
        None => Err(problems),
    }
}

impl Entry {
    fn counts(&self, today: Date) -> bool {
        today <= self.expires
    }

    fn selects(&self, finding: &Finding) -> bool {
        let address = finding.address.as_ref().map(ToString::to_string);
        let object = address.as_deref().or(finding.id.as_deref()).unwrap_or_default();
        let is = |pattern: &Option<String>, text: &str| pattern.as_ref().is_none_or(|pattern| fits(pattern, text));
        is(&self.address, object) && is(&self.type_name, &finding.type_name)
    }

    fn names(&self, difference: &Difference) -> bool {
        let attribute = self.attribute.as_ref();
        attribute.is_some_and(|pattern| fits(pattern, &difference.attribute) || fits(pattern, &difference.path))
    }

    /// Whether it may be about what is beside a layout: an object that no layout has, or a rule or route by hand.
    fn may_be_beside(&self) -> bool {
        let Some(attribute) = &self.attribute else { return !self.address.as_deref().is_some_and(is_of_block) };
        HELD.iter().any(|name| fits(attribute, name))
    }
}

/// Attributes in which an object of a layout may have what no layout has.
const HELD: [&str; 3] = ["ingress", "egress", "route"];

/// Whether a pattern is one of addresses, such as `aws_vpc.*`, and not of ids.
fn is_of_block(pattern: &str) -> bool {
    let Some((head, _)) = pattern.split_once('.') else { return false };
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '*';
    head.chars().all(plain) && (head == "module" || head.contains(['_', '*']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drift::finding::{Class, Effect, Severity};
    use jiff::civil::date;

    fn difference(path: &str, severity: Severity) -> Difference {
        let attribute = path.split(['[', '.']).next().unwrap_or_default().to_owned();
        let (state, live, wanted) = (None, Some("x".into()), None);
        Difference {
            attribute,
            path: path.into(),
            state,
            live,
            wanted,
            effect: Effect::Revert,
            severity,
            why: "w".into(),
        }
    }

    fn changed(address: &str, differences: Vec<Difference>) -> Finding {
        let address = crate::value::address::parse_instance(address).unwrap();
        Finding {
            class: Class::Changed,
            severity: Severity::Cosmetic,
            why: String::new(),
            type_name: address.resource.type_name.to_string(),
            address: Some(address),
            id: Some("i-1".into()),
            name: None,
            region: "eu-west-1".into(),
            differences: Vec::new(),
            effect: Effect::Revert,
            note: None,
            exposure: Vec::new(),
            at: None,
        }
        .with(differences)
        .unwrap()
    }

    fn ignores(text: &str) -> Ignores {
        let mut ignores = Ignores::default();
        ignores.read(NAME, text.as_bytes()).unwrap();
        ignores
    }

    fn summaries(all: &Diagnostics) -> Vec<String> {
        all.iter().map(|d| format!("{} {}", d.code, d.summary)).collect()
    }

    const TODAY: Date = date(2026, 11, 30);

    #[test]
    fn a_star_stands_for_any_text() {
        let table = [
            ("a*", "aws_vpc.v", true),
            ("*", "", true),
            ("aws_*.v", "aws_vpc.v", true),
            ("aws_*.v", "aws_vpc.w", false),
            ("*.v[*]", "aws_vpc.v[0]", true),
            ("aws_vpc.v", "aws_vpc.v[0]", false),
            ("a*a", "a", false),
            ("*b*b*", "abcb", true),
            ("*b*b*", "abc", false),
        ];
        for (pattern, text, expected) in table {
            assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn the_rest_of_a_finding_stays_with_its_own_severity() {
        let mut ignores = ignores(
            "ignore {\n  type = \"aws_vpc\"\n  attribute = \"tags[\\\"Cost*\"\n  reason = \"billing sets it\"\n  expires = \"2027-01-31\"\n}\n",
        );
        let both = vec![difference("ingress", Severity::Opens), difference("tags[\"CostCentre\"]", Severity::Cosmetic)];
        let (kept, ignored) = ignores.sift(vec![changed("aws_vpc.v", both.clone())], TODAY);
        assert_eq!((kept.len(), kept[0].differences.len(), kept[0].severity), (1, 1, Severity::Opens));
        assert_eq!((ignored[0].finding.differences.len(), ignored[0].reason.as_str()), (1, "billing sets it"));
        let (kept, _) = ignores.sift(vec![changed("aws_vpc.v", vec![both[1].clone()])], TODAY);
        assert_eq!(kept, []);
        let (kept, ignored) = ignores.sift(vec![changed("aws_subnet.s", both)], TODAY);
        assert_eq!((kept.len(), ignored.len()), (1, 0));
        assert!(ignores.warnings(TODAY, Seen::All).is_empty());
    }

    #[test]
    fn an_entry_counts_until_its_last_day_and_is_named_then() {
        let text = "ignore {\n  address = \"aws_vpc.*\"\n  reason  = \"a trial\"\n  expires = \"2026-11-30\"\n}\n";
        let found = || vec![changed("aws_vpc.v", vec![difference("cidr_block", Severity::Changes)])];
        assert_eq!(ignores(text).sift(found(), TODAY).0, []);
        let mut late = ignores(text);
        assert_eq!(late.sift(found(), date(2026, 12, 1)).0.len(), 1);
        let said = late.warnings(date(2026, 12, 1), Seen::Part);
        assert_eq!(summaries(&said), ["drift-ignore An ignored drift has expired on 2026-11-30"]);
        assert!(said.iter().all(|d| !d.is_error() && d.detail.ends_with("Its reason was: a trial.")));
        assert_eq!(
            summaries(&ignores(text).warnings(TODAY, Seen::Own)),
            ["drift-ignore An ignore block matches nothing"]
        );
    }

    #[test]
    fn a_block_about_what_nobody_looked_for_is_kept() {
        for (selects, is_own) in [
            ("address = \"aws_vpc.v\"", true),
            ("address = \"module.*\"\n  attribute = \"tags*\"", true),
            ("attribute = \"tags\"", true),
            ("address = \"subnet-1\"", false),
            ("address = \"my.bucket\"", false),
            ("address = \"arn:aws:sqs:eu-west-1:1:a_b.fifo\"", false),
            ("type = \"aws_subnet\"", false),
            ("address = \"aws_security_group.web\"\n  attribute = \"ingress\"", false),
        ] {
            let text = format!("ignore {{\n  {selects}\n  reason = \"a trial\"\n  expires = \"2026-11-30\"\n}}\n");
            let said = |seen| ignores(&text).warnings(TODAY, seen).iter().count();
            let expected = (1, usize::from(is_own), 0);
            assert_eq!((said(Seen::All), said(Seen::Own), said(Seen::Part)), expected, "{selects}");
        }
    }

    #[test]
    fn a_block_without_reason_end_or_object_is_refused() {
        let text =
            "x = 1\nother {}\nignore {\n  address = \"a\"\n}\nignore {\n  reason = \" \"\n  expires = \"soon\"\n}\n";
        let found = Ignores::default().read(NAME, text.as_bytes()).unwrap_err();
        assert_eq!(
            summaries(&found),
            [
                "drift-ignore \"x\" does not belong into a file of ignored drift",
                "drift-ignore \"other\" does not belong into a file of ignored drift",
                "missing-argument Missing required argument",
                "missing-argument Missing required argument",
                "drift-ignore An ignore block does not say what it ignores",
                "drift-ignore An ignore block has an empty reason",
                "drift-ignore \"soon\" is not a date",
            ]
        );
    }
}

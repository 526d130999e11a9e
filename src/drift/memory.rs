//! The memory of a drift job between its runs: which findings a layout had and since when, what was sent of them and to
//! whom, and how long the look took. Values are in it as digests, sensitive ones not at all. Pure: the time is handed in,
//! and somebody else keeps the bytes.

use super::finding::{Class, Finding, LayoutDrift, digest, text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The number of the form.
pub const FORMAT: u32 = 1;
/// The set of a layout without findings.
const CLEAN: &str = "clean";
/// The set that a recipient knows while nobody can say whether the last notice arrived.
const UNKNOWN: &str = "unknown";

/// What is remembered of one layout.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    format: u32,
    floorplan_version: String,
    /// The layout's name.
    pub layout: String,
    /// Its directory.
    pub dir: String,
    /// When it was last looked at.
    pub looked: String,
    /// How long that took, in milliseconds.
    pub took: Option<u64>,
    /// Since when there are no findings; nothing while there are.
    pub clean_since: Option<String>,
    /// The findings.
    pub findings: Vec<Known>,
    /// What was last sent, by the name of the recipient.
    pub sent: BTreeMap<String, Sent>,
}

/// A part of a finding that was there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// A digest that stays the same while the part does.
    pub key: String,
    /// The class of the finding.
    pub class: String,
    /// The severity of the part.
    pub severity: String,
    /// The object, as a person names it.
    pub object: String,
    /// What of it differs, where it is not all of it.
    pub attribute: Option<String>,
    /// When it was first seen.
    pub since: String,
}

/// What a recipient knows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// The set of findings.
    pub set: String,
    /// How many notices were sent.
    pub count: u64,
    /// The issue that shows the findings, where the recipient is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue: Option<u64>,
}

impl Memory {
    /// From the text that was kept. The error is a sentence.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let damaged = |e: serde_json::Error| format!("It cannot be read: {e}.");
        let all: serde_json::Value = serde_json::from_slice(bytes).map_err(damaged)?;
        match all["format"].as_u64() {
            Some(format) if format == u64::from(FORMAT) => serde_json::from_value(all).map_err(damaged),
            Some(format) => Err(format!("It has format {format}, and this version of Floorplan reads {FORMAT}.")),
            None => Err("It has no number of a format.".to_owned()),
        }
    }

    /// The text that is kept.
    pub fn text(&self) -> Vec<u8> {
        let json = serde_json::to_string_pretty(self).unwrap_or_default();
        format!("{json}\n").into_bytes()
    }

    /// What is remembered after a look that came to its end. A finding that was there keeps its time. Where nobody looked
    /// for objects beside the layout, those that were there count as before.
    pub fn after(&self, layout: &LayoutDrift, now: &str, took: u64) -> Memory {
        let known: BTreeMap<&str, &str> = self.findings.iter().map(|k| (k.key.as_str(), k.since.as_str())).collect();
        let mut findings: Vec<Known> = Vec::new();
        for part in layout.findings.iter().flat_map(parts) {
            let since = known.get(part.key.as_str()).copied().unwrap_or(now).to_owned();
            findings.push(Known { since, ..part });
        }
        if layout.unmanaged.is_none() {
            let beside = self.findings.iter().filter(|known| known.class == Class::Unmanaged.word());
            findings.extend(beside.cloned());
        }
        findings.sort_by(|a, b| (&a.key, &a.since).cmp(&(&b.key, &b.since)));
        findings.dedup_by(|b, a| a.key == b.key);
        let clean_since = findings.is_empty().then(|| self.clean_since.clone().unwrap_or_else(|| now.to_owned()));
        Memory {
            format: FORMAT,
            floorplan_version: env!("CARGO_PKG_VERSION").to_owned(),
            layout: layout.layout.clone(),
            dir: layout.dir.clone(),
            looked: now.to_owned(),
            took: Some(took),
            clean_since,
            findings,
            sent: self.sent.clone(),
        }
    }

    /// The moment at which the first part of a finding was seen.
    pub fn since(&self, finding: &Finding) -> Option<&str> {
        let keys: Vec<String> = parts(finding).map(|part| part.key).collect();
        self.findings.iter().filter(|known| keys.contains(&known.key)).map(|known| known.since.as_str()).min()
    }

    /// A text that is the same for the same findings of the same severity.
    pub fn set(&self) -> String {
        match self.findings.as_slice() {
            [] => CLEAN.to_owned(),
            all => digest(all.iter().flat_map(|known| [known.key.as_str(), &known.severity])),
        }
    }

    /// Whether there is something that a recipient does not know. Nobody has to be informed of a layout that always was
    /// clean.
    pub fn is_news(&self, to: &str) -> bool {
        let known = self.sent.get(to).map_or(CLEAN, |sent| sent.set.as_str());
        known != self.set()
    }

    /// A text that names the next notice to a recipient: the same for each attempt to send it.
    pub fn notice(&self, to: &str) -> String {
        let count = self.sent.get(to).map_or(0, |sent| sent.count);
        digest([self.layout.as_str(), &self.dir, to, &count.to_string(), &self.set()])
    }

    /// Remembers that a notice is about to be sent. If the run ends before it is sent, the next run sends what is then so,
    /// whatever that is.
    pub fn is_sent(&mut self, to: &str) {
        self.sent.entry(to.to_owned()).or_default().set = UNKNOWN.to_owned();
    }

    /// Remembers that a recipient knows the findings, and the issue that shows them.
    pub fn was_sent(&mut self, to: &str, issue: Option<u64>) {
        let set = self.set();
        let sent = self.sent.entry(to.to_owned()).or_default();
        *sent = Sent { set, count: sent.count + 1, issue: issue.or(sent.issue) };
    }

    /// The issue that showed the findings of the layout.
    pub fn issue(&self, to: &str) -> Option<u64> {
        self.sent.get(to)?.issue
    }
}

/// The parts of a finding, each with a time to be set: what differs, or the whole object.
fn parts(finding: &Finding) -> impl Iterator<Item = Known> {
    let title = finding.title();
    let known = |attribute: Option<&str>, value: String, severity: &str| Known {
        key: digest([finding.class.word(), &title, &finding.region, attribute.unwrap_or_default(), &value]),
        class: finding.class.word().to_owned(),
        severity: severity.to_owned(),
        object: title.clone(),
        attribute: attribute.map(str::to_owned),
        since: String::new(),
    };
    let mut all: Vec<Known> = Vec::new();
    for d in &finding.differences {
        // Of a rule that is gone, the value is what names it.
        let value = d.live.as_ref().or(d.state.as_ref()).or(d.wanted.as_ref());
        let side = if d.live.is_some() { "live" } else { "gone" };
        all.push(known(Some(&d.path), format!("{side} {}", value.map(text).unwrap_or_default()), d.severity.word()));
    }
    if all.is_empty() {
        all.push(known(None, String::new(), finding.severity.word()));
    }
    all.into_iter()
}

#[cfg(test)]
mod tests {
    use super::super::finding::{Difference, Effect, Outcome, Severity};
    use super::*;
    use crate::plan::fixtures::address;
    use crate::value::Value;

    const MONDAY: &str = "2026-11-30T06:00:00Z";
    const TUESDAY: &str = "2026-12-01T06:00:00Z";
    const TO: &str = "sns:arn";

    fn difference(path: &str, live: Option<Value>, severity: Severity) -> Difference {
        let (effect, why) = (Effect::Revert, String::new());
        let attribute = path.to_owned();
        Difference { attribute, path: path.into(), state: None, live, wanted: None, effect, severity, why }
    }

    fn finding(class: Class, differences: Vec<Difference>) -> Finding {
        Finding {
            class,
            severity: Severity::Opens,
            why: String::new(),
            address: Some(address("aws_vpc.v")),
            type_name: "aws_vpc".into(),
            id: None,
            name: None,
            region: "eu-west-1".into(),
            differences,
            effect: Effect::Revert,
            note: None,
            exposure: Vec::new(),
            at: None,
        }
    }

    fn layout(findings: Vec<Finding>) -> LayoutDrift {
        LayoutDrift { findings, unmanaged: Some(0), ..LayoutDrift::new("net", "layouts/net", Outcome::Looked) }
    }

    fn tag(value: &str) -> Finding {
        let live = Some(Value::from(value));
        finding(Class::Changed, vec![difference("tags[\"Owner\"]", live, Severity::Cosmetic)])
    }

    #[test]
    fn a_finding_keeps_the_time_at_which_it_was_seen() {
        let first = Memory::default().after(&layout(vec![tag("me")]), MONDAY, 5);
        let mut both = tag("me");
        both.differences.push(difference("cidr_block", Some(Value::from("10.0.0.0/8")), Severity::Opens));
        let second = first.after(&layout(vec![both.clone()]), TUESDAY, 5);
        assert_eq!(second.since(&both), Some(MONDAY), "the object has differed since then");
        assert_eq!(second.since(&tag("me")), Some(MONDAY));
        assert_eq!(second.since(&tag("you")), None);
        assert_eq!(second.after(&layout(vec![tag("you")]), TUESDAY, 5).since(&tag("you")), Some(TUESDAY));
    }

    #[test]
    fn only_what_a_recipient_does_not_know_is_news() {
        let clean = layout(Vec::new());
        let mut memory = Memory::default().after(&clean, MONDAY, 5);
        assert!(!memory.is_news(TO), "nobody waits for the news that nothing differs");
        assert_eq!(memory.clean_since.as_deref(), Some(MONDAY));

        memory = memory.after(&layout(vec![tag("me")]), MONDAY, 5);
        assert!(memory.is_news(TO) && memory.clean_since.is_none());
        let again = memory.after(&layout(vec![tag("me")]), TUESDAY, 9);
        assert_eq!(again.notice(TO), memory.notice(TO), "the same notice, sent again");
        memory = again;
        memory.was_sent(TO, Some(7));
        assert!(!memory.is_news(TO) && memory.is_news("another"));

        memory = memory.after(&layout(vec![tag("you")]), TUESDAY, 5);
        assert!(memory.is_news(TO), "another value");
        let mut graver = tag("me");
        graver.differences[0].severity = Severity::Opens;
        assert!(memory.after(&layout(vec![graver]), TUESDAY, 5).is_news(TO), "another severity");
        memory.was_sent(TO, None);
        assert_eq!(memory.issue(TO), Some(7));

        memory = memory.after(&clean, TUESDAY, 5);
        assert!(memory.is_news(TO), "clean again is news, once");
        let first = memory.notice(TO);
        memory.was_sent(TO, None);
        assert!(!memory.after(&clean, TUESDAY, 5).is_news(TO));
        memory = memory.after(&layout(vec![tag("me")]), TUESDAY, 5);
        memory.was_sent(TO, None);
        assert_ne!(memory.after(&clean, TUESDAY, 5).notice(TO), first, "a later notice has another name");
    }

    #[test]
    fn a_notice_that_may_not_have_arrived_is_sent_again() {
        let mut memory = Memory::default().after(&layout(vec![tag("me")]), MONDAY, 5);
        let name = memory.notice(TO);
        memory.is_sent(TO);
        assert_eq!(memory.notice(TO), name);
        assert!(memory.after(&layout(vec![tag("me")]), TUESDAY, 5).is_news(TO));
        let mut clean = memory.after(&layout(Vec::new()), TUESDAY, 5);
        assert!(clean.is_news(TO), "the recipient may believe that there is drift");
        clean.was_sent(TO, None);
        assert!(!clean.is_news(TO));
    }

    #[test]
    fn what_nobody_looked_for_is_as_it_was() {
        let stray = Finding { address: None, id: Some("subnet-1".into()), ..finding(Class::Unmanaged, Vec::new()) };
        let memory = Memory::default().after(&layout(vec![stray, tag("me")]), MONDAY, 5);
        let alone = LayoutDrift { unmanaged: None, ..layout(Vec::new()) };
        let after = memory.after(&alone, TUESDAY, 5);
        assert_eq!(after.findings.iter().map(|k| k.object.as_str()).collect::<Vec<_>>(), ["aws_vpc subnet-1"]);
        assert_eq!(after.findings[0].since, MONDAY);
        // One list of several was denied: what another shows is new, or as it was.
        let other = Finding { address: None, id: Some("subnet-2".into()), ..finding(Class::Unmanaged, Vec::new()) };
        let part = LayoutDrift { unmanaged: None, ..layout(vec![other]) };
        let both = after.after(&part, TUESDAY, 5);
        assert_eq!((both.findings.len(), both.after(&part, TUESDAY, 5)), (2, both.clone()));
        assert!(after.after(&layout(Vec::new()), TUESDAY, 5).findings.is_empty());
    }

    #[test]
    fn secrets_are_not_remembered() {
        let secret = |text: &str| Some(Value::from(text).mark(true));
        let with = |text: &str| {
            let found = finding(Class::Changed, vec![difference("password", secret(text), Severity::Changes)]);
            Memory::default().after(&layout(vec![found]), MONDAY, 5)
        };
        assert_eq!(with("hunter2"), with("hunter3"), "not even their digest is");
    }

    #[test]
    fn the_memory_is_read_as_it_was_written() {
        let mut memory = Memory::default().after(&layout(vec![tag("me")]), MONDAY, 1234);
        memory.was_sent(TO, Some(7));
        assert_eq!(Memory::read(&memory.text()), Ok(memory.clone()));
        assert_eq!(memory.findings[0].attribute.as_deref(), Some("tags[\"Owner\"]"));
        assert!(Memory::read(b"{").is_err_and(|why| why.starts_with("It cannot be read")));
        assert!(Memory::read(b"{\"format\": 2}").is_err_and(|why| why.contains("format 2")));
        assert!(Memory::read(b"{}").is_err());
    }
}

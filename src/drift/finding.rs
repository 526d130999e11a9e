//! Findings as values: what differs in one layout, how grave it is, and how much of the world the layout covers.

use super::blame::{self, Blame};
use crate::diag::Diagnostics;
use crate::plan::ExposureChange;
use crate::value::address::Address;
use crate::value::{Kind, Value};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The class of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// An object is not as it was applied.
    Changed,
    /// An object is gone from AWS.
    Missing,
    /// An object is there that no layout has.
    Unmanaged,
    /// An earlier run ended in the middle of its work on an object.
    HalfDone,
}

/// The gravity of a finding, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A rule, a route or an address lets more in.
    Opens,
    /// What is served, or reached, is cut off or led elsewhere.
    Interrupts,
    /// Anything else that has an effect.
    Changes,
    /// Only what describes the object: tags, descriptions.
    Cosmetic,
}

/// The effect of the next apply on a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// It puts back what was changed.
    Revert,
    /// It puts it back by replacing the object.
    Replace,
    /// It makes the object again.
    Create,
    /// It deletes the object, which the layout does not have any more.
    Delete,
    /// It finishes what an earlier run began.
    Finish,
    /// Nothing.
    Nothing,
}

macro_rules! words {
    ($name:ident: $($variant:ident $word:literal,)*) => {
        impl $name {
            /// All of them, in order.
            pub const ALL: &[$name] = &[$($name::$variant),*];

            /// Its word in reports and documents.
            pub const fn word(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)*
                }
            }
        }
    };
}

words!(Class: Changed "changed", Missing "missing", Unmanaged "unmanaged", HalfDone "half-done",);
words!(Severity: Opens "opens", Interrupts "interrupts", Changes "changes", Cosmetic "cosmetic",);
words! {
    Effect: Revert "revert", Replace "replace", Create "create", Delete "delete", Finish "finish", Nothing "nothing",
}

impl Effect {
    /// The same as a sentence about the next apply.
    pub fn sentence(self) -> &'static str {
        match self {
            Effect::Revert => "apply puts it back",
            Effect::Replace => "apply replaces the object",
            Effect::Create => "apply makes it again",
            Effect::Delete => "apply deletes the object",
            Effect::Finish => "apply finishes it",
            Effect::Nothing => "apply does nothing about it",
        }
    }
}

/// One attribute, or a part of one, that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The top-level attribute, such as `tags`.
    pub attribute: String,
    /// The part that differs, such as `tags["Owner"]`; often the attribute itself.
    pub path: String,
    /// The value in the state; nothing where it has none.
    pub state: Option<Value>,
    /// The value in AWS.
    pub live: Option<Value>,
    /// The value that the layout wants. It may be known only after an apply.
    pub wanted: Option<Value>,
    /// What the next apply does about it.
    pub effect: Effect,
    /// How grave it is.
    pub severity: Severity,
    /// Why it is so grave, in a few words.
    pub why: String,
}

/// Something that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Its class.
    pub class: Class,
    /// How grave it is; of several differences the gravest.
    pub severity: Severity,
    /// Why it is so grave, in a few words.
    pub why: String,
    /// The instance, unless the object is unmanaged.
    pub address: Option<Address>,
    /// The resource type.
    pub type_name: String,
    /// The id of the object in AWS, where it is known.
    pub id: Option<String>,
    /// The name that a person gave the object.
    pub name: Option<String>,
    /// Where the object is: its region, or what the listing says.
    pub region: String,
    /// What differs of an object that was changed.
    pub differences: Vec<Difference>,
    /// What the next apply does about it.
    pub effect: Effect,
    /// What else there is to say, of a run that did not end.
    pub note: Option<String>,
    /// The traffic from outside that comes or goes with it.
    pub exposure: Vec<ExposureChange>,
    /// The block of the layout, if it has one.
    pub at: Option<Place>,
}

/// A line of a file of the layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file, as a person would type it.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

impl Finding {
    /// The object as a person names it: its address, else its type and id.
    pub fn title(&self) -> String {
        match (&self.address, &self.id) {
            (Some(address), _) => address.to_string(),
            (None, Some(id)) => format!("{} {id}", self.type_name),
            (None, None) => self.type_name.clone(),
        }
    }

    /// The same with the differences in these alone; nothing where none is left.
    pub fn with(&self, differences: Vec<Difference>) -> Option<Finding> {
        let gravest = differences.iter().min_by_key(|d| d.severity)?;
        let (severity, why) = (gravest.severity, gravest.why.clone());
        // What is only described otherwise opens nothing.
        let exposure = if severity <= Severity::Interrupts { self.exposure.clone() } else { Vec::new() };
        Some(Finding { severity, why, differences, exposure, ..self.clone() })
    }

    /// A text of 32 letters that stays the same while the finding does. Sensitive values are not in it.
    pub fn fingerprint(&self, layout: &str) -> String {
        let title = self.title();
        let live: Vec<String> =
            self.differences.iter().map(|d| d.live.as_ref().map(text).unwrap_or_default()).collect();
        let parts = self.differences.iter().zip(&live).flat_map(|(d, live)| [d.path.as_str(), live]);
        digest([layout, self.class.word(), &title, &self.type_name, &self.region].into_iter().chain(parts))
    }
}

/// A text of 32 letters for some texts in their order.
pub fn digest<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut digest = Sha256::new();
    for text in texts {
        digest.update((text.len() as u64).to_be_bytes());
        digest.update(text.as_bytes());
    }
    digest.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// A value without what is sensitive in it.
pub(super) fn text(value: &Value) -> String {
    if value.is_sensitive() {
        return "sensitive".into();
    }
    match value.kind() {
        Kind::String(text) => format!("{text:?}"),
        Kind::Number(number) => number.to_string(),
        Kind::Bool(b) => b.to_string(),
        Kind::Null(_) | Kind::Unknown(_) => String::new(),
        Kind::Map(_, entries) | Kind::Object(entries) => {
            entries.iter().map(|(name, value)| format!("{name}={};", text(value))).collect()
        }
        _ => value.children().map(|child| format!("{};", text(child))).collect(),
    }
}

/// A finding that is ignored, and by which words.
#[derive(Debug, Clone, PartialEq)]
pub struct Ignored {
    /// The finding, or the part of it that is ignored.
    pub finding: Finding,
    /// Why, as the file says.
    pub reason: String,
    /// The last day, such as `2027-01-31`.
    pub expires: String,
}

/// How many of the objects in AWS the layout has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coverage {
    /// Objects of the layout that are there.
    pub managed: usize,
    /// Objects beside them that no layout has.
    pub unmanaged: usize,
}

impl Coverage {
    /// In percent, rounded down: 100 only where everything is managed.
    pub fn percent(self) -> usize {
        match self.managed + self.unmanaged {
            0 => 100,
            all => self.managed * 100 / all,
        }
    }
}

/// What came of looking at a layout.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It was looked at.
    Looked,
    /// Another run is at work on it; who. Nothing is said of drift.
    Applying(String),
    /// It could not be looked at.
    Failed(Diagnostics),
}

/// All that is found of one layout.
#[derive(Debug, Clone, PartialEq)]
pub struct LayoutDrift {
    /// The layout's name.
    pub layout: String,
    /// Its directory, as it was typed.
    pub dir: String,
    /// A file of it, for findings that no block stands for.
    pub file: Option<String>,
    /// Whether it was looked at.
    pub outcome: Outcome,
    /// The findings, the gravest first.
    pub findings: Vec<Finding>,
    /// The findings that are ignored.
    pub ignored: Vec<Ignored>,
    /// How many of its objects are in AWS.
    pub managed: usize,
    /// How many others there are; nothing where nobody looked for them.
    pub unmanaged: Option<usize>,
    /// What the reader should know besides, such as that most objects are gone.
    pub warnings: Diagnostics,
    /// Who made the findings, by [`blame::key`]; empty where nobody asked.
    pub blame: BTreeMap<String, Blame>,
    /// Since when findings have been there, by their fingerprints, as far as that is remembered.
    pub since: BTreeMap<String, String>,
}

impl LayoutDrift {
    /// A layout about which only the outcome is known.
    pub fn new(layout: impl Into<String>, dir: impl Into<String>, outcome: Outcome) -> Self {
        LayoutDrift {
            layout: layout.into(),
            dir: dir.into(),
            file: None,
            outcome,
            findings: Vec::new(),
            ignored: Vec::new(),
            managed: 0,
            unmanaged: None,
            warnings: Diagnostics::new(),
            blame: BTreeMap::new(),
            since: BTreeMap::new(),
        }
    }

    /// Who made a finding, where somebody asked.
    pub fn blamed(&self, finding: &Finding) -> Option<&Blame> {
        self.blame.get(&blame::key(finding))
    }

    /// The moment at which a finding was first seen, where that is remembered.
    pub fn since(&self, finding: &Finding) -> Option<&str> {
        if self.since.is_empty() {
            return None;
        }
        self.since.get(&finding.fingerprint(&self.layout)).map(String::as_str)
    }

    /// How much of the world it covers, where that is known.
    pub fn coverage(&self) -> Option<Coverage> {
        let unmanaged = self.unmanaged.filter(|_| self.outcome == Outcome::Looked)?;
        Some(Coverage { managed: self.managed, unmanaged })
    }

    /// The place of a finding: its block, else the first line of the layout.
    pub fn place(&self, finding: &Finding) -> Option<Place> {
        let first = || Some(Place { file: self.file.clone()?, line: 1 });
        finding.at.clone().or_else(first)
    }
}

/// The exit code of a look at layouts: 1 where one could not be looked at, else 2 where there are findings, else 0.
pub fn exit(layouts: &[LayoutDrift]) -> u8 {
    let failed = layouts.iter().any(|l| matches!(l.outcome, Outcome::Failed(_)));
    let found = layouts.iter().any(|l| !l.findings.is_empty());
    match (failed, found) {
        (true, _) => 1,
        (false, true) => 2,
        (false, false) => 0,
    }
}

//! From a plan that has read AWS to findings.

use super::finding::{Class, Difference, Effect, Finding, Place, Severity};
use super::parts::{Part, Sides, parts};
use super::severity::{self, Object};
use crate::diag::Span;
use crate::plan::{Action, Change, Drift, Plan, Reason};
use crate::schema::equal::{Origin, differs};
use crate::schema::{Attribute, Attrs, Schema, Schemas};
use crate::value::Value;
use crate::value::address::{Address, Mode};
use std::collections::BTreeSet;

/// A layout whose world was read.
#[derive(Clone, Copy)]
pub struct Looked<'a> {
    /// The plan of the whole layout, made with AWS read.
    pub plan: &'a Plan,
    /// The block of an instance, where the layout has it.
    pub block: &'a dyn Fn(&Change) -> Option<Written>,
    /// The rows of all types.
    pub schemas: &'a dyn Schemas,
    /// The calls that an earlier run left open.
    pub open: &'a [Open],
    /// What is beside the layout; nothing where nobody looked.
    pub beside: Option<Beside<'a>>,
}

/// A block as it is written.
#[derive(Debug, Clone)]
pub struct Written {
    /// Where it is.
    pub at: Span,
    /// The arguments and nested blocks that it gives.
    pub gives: Vec<String>,
}

/// The world beside a layout.
#[derive(Debug, Clone, Copy)]
pub struct Beside<'a> {
    /// The objects that no layout has.
    pub unmanaged: &'a [Unmanaged],
    /// The rules, routes and the like that other layouts have, in the words of [`crate::plan::repeats::held`].
    pub held: &'a BTreeSet<String>,
}

/// A call that an earlier run left open.
#[derive(Debug, Clone, PartialEq)]
pub struct Open {
    /// The instance.
    pub address: Address,
    /// Its region.
    pub region: String,
    /// The call in a word, such as `create`.
    pub kind: &'static str,
    /// When that run began.
    pub since: String,
    /// The id of the object, where it is known.
    pub id: Option<String>,
}

/// An object in AWS that no layout has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmanaged {
    /// The resource type that it would be.
    pub type_name: String,
    /// Its id.
    pub id: String,
    /// The name that a person gave it.
    pub name: Option<String>,
    /// Where it is: the account and region, the VPC.
    pub place: String,
}

/// All findings of a layout, the gravest first.
pub fn findings(looked: Looked<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = looked.plan.drift.iter().filter_map(|drift| of_drift(looked, drift)).collect();
    found.extend(half_done(looked));
    if let Some(beside) = looked.beside {
        found.extend(beside.unmanaged.iter().map(|object| unmanaged(looked, object)));
        found.extend(super::strays::strays(looked, beside));
    }
    let order = |f: &Finding| (f.severity, f.class, f.address.clone(), f.type_name.clone(), f.id.clone());
    found.sort_by_cached_key(order);
    super::exposed::grade(looked, &mut found);
    found.sort_by_cached_key(order);
    found
}

/// How many objects of the layout are in AWS.
pub fn managed(plan: &Plan) -> usize {
    let in_aws = |change: &&Change| change.provider.split('.').next() == Some("aws") && change.id.is_some();
    let current = |change: &&Change| change.deposed.is_none() && change.address.resource.mode == Mode::Managed;
    plan.changes.iter().filter(current).filter(in_aws).filter(|c| c.reason != Some(Reason::Vanished)).count()
}

fn change_of<'a>(plan: &'a Plan, address: &Address) -> Option<&'a Change> {
    let is = |change: &&Change| change.address == *address || change.moved_from.as_ref() == Some(address);
    plan.changes.iter().find(|change| change.deposed.is_none() && is(change))
}

fn of_drift(looked: Looked<'_>, drift: &Drift) -> Option<Finding> {
    let change = change_of(looked.plan, &drift.address)?;
    // An object that the layout gives up is of no concern to it.
    if change.action == Action::Forget {
        return None;
    }
    let schema = looked.schemas.resource(&drift.address.resource.type_name);
    if drift.live.is_none() {
        let (severity, why) = severity::of_missing(schema, &drift.stored);
        let id = drift.stored.string("id");
        return Some(Finding { id, ..finding(looked, change, (Class::Missing, severity, why), Effect::Create) });
    }
    let differences = differences(schema?, drift, change);
    let whole = finding(looked, change, (Class::Changed, Severity::Cosmetic, ""), effect(change.action));
    whole.with(differences)
}

/// A finding about an object of the layout.
pub(super) fn finding(
    looked: Looked<'_>,
    change: &Change,
    (class, severity, why): (Class, Severity, &str),
    effect: Effect,
) -> Finding {
    let side = change.before.as_ref().or(change.stored.as_ref()).or(change.after.as_ref());
    Finding {
        class,
        severity,
        why: why.to_owned(),
        type_name: change.address.resource.type_name.to_string(),
        id: change.id.clone(),
        name: side.and_then(name_of),
        region: change.region.clone(),
        differences: Vec::new(),
        effect,
        note: None,
        exposure: Vec::new(),
        at: (looked.block)(change)
            .map(|block| Place { line: block.at.line_column().0, file: block.at.file.path.clone() }),
        address: Some(change.address.clone()),
    }
}

/// The name of an object: its tag, else its own.
fn name_of(attrs: &Attrs) -> Option<String> {
    let tag = attrs.get("tags").and_then(|tags| tags.get("Name")).filter(|name| !name.is_sensitive());
    let own = || attrs.get("name").filter(|name| !name.is_sensitive());
    tag.or_else(own).and_then(Value::as_str).filter(|name| !name.is_empty()).map(str::to_owned)
}

fn effect(action: Action) -> Effect {
    match action {
        Action::Update => Effect::Revert,
        Action::DeleteThenCreate | Action::CreateThenDelete => Effect::Replace,
        Action::Create => Effect::Create,
        Action::Delete => Effect::Delete,
        Action::NoOp | Action::Read | Action::Forget => Effect::Nothing,
    }
}

/// The attributes in which AWS differs from the state and from the layout. What `ignore_changes` names, and what the layout
/// leaves to AWS, the plan wants as it is.
fn differences(schema: &Schema, drift: &Drift, change: &Change) -> Vec<Difference> {
    let (before, after) = (change.before.clone().unwrap_or_default(), change.after.as_ref());
    let goes = after.is_none();
    let drifted = |row: &&Attribute| {
        // The tags of an object are read as all its tags.
        let name = if row.name == "tags" { "tags_all" } else { row.name };
        drift.attributes.iter().any(|a| a == row.name || a == name)
    };
    let moves = |row: &&Attribute| goes || change.attributes.iter().any(|a| a.name == row.name);
    let wanted = after.cloned().unwrap_or_else(|| drift.stored.clone());
    let object = Object { schema, wanted: &wanted, live: &before };
    let mut found = Vec::new();
    for row in schema.attributes.iter().filter(drifted).filter(moves) {
        let sides = Sides {
            state: drift.stored.get(row.name),
            live: before.get(row.name),
            wanted: after.and_then(|after| after.get(row.name)),
        };
        if !moved(row, sides) {
            continue;
        }
        let replaces = change.attributes.iter().any(|a| a.name == row.name && a.forces_replacement);
        let effect = if replaces { Effect::Replace } else { effect(change.action) };
        for part in parts(row, sides) {
            let (severity, why) = severity::of_part(object, row.name, &part);
            let Part { path, state, live, wanted, .. } = part;
            found.push(Difference {
                attribute: row.name.to_owned(),
                path,
                state,
                live,
                wanted,
                effect,
                severity,
                why: why.to_owned(),
            });
        }
    }
    without_repeated_tags(found)
}

/// Whether AWS has something else than the state.
fn moved(row: &Attribute, sides: Sides<'_>) -> bool {
    let null = Value::any_null();
    differs(row, sides.state.unwrap_or(&null), sides.live.unwrap_or(&null), Origin::Aws)
}

/// A tag of the object itself is also one of all its tags. One that came over a tag of the provider's `default_tags` was not
/// added: it has that tag's place.
fn without_repeated_tags(found: Vec<Difference>) -> Vec<Difference> {
    let (all, mut found): (Vec<_>, Vec<_>) = found.into_iter().partition(|d| d.attribute == "tags_all");
    for d in all {
        let is_same =
            |own: &&mut Difference| own.attribute == "tags" && own.path.replacen("tags", "tags_all", 1) == d.path;
        match found.iter_mut().find(is_same) {
            Some(own) => {
                own.state = own.state.take().or(d.state);
                own.wanted = own.wanted.take().or(d.wanted);
            }
            None => found.push(d),
        }
    }
    found
}

/// The work that earlier runs left: open calls, objects that were only begun, old objects of a replacement.
fn half_done(looked: Looked<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = looked.open.iter().map(|open| of_open(looked, open)).collect();
    let said: BTreeSet<&Address> = looked.open.iter().map(|open| &open.address).collect();
    for change in looked.plan.changes.iter().filter(|change| !said.contains(&change.address)) {
        let note = match change.reason {
            Some(Reason::Unfinished) => "an earlier run made the object and did not set all of it",
            Some(Reason::Deposed) => "an earlier run replaced this object and did not delete it",
            _ => continue,
        };
        found.push(unfinished(looked, change, note.to_owned()));
    }
    found
}

const UNFINISHED: &str = "an earlier run did not end";

fn unfinished(looked: Looked<'_>, change: &Change, note: String) -> Finding {
    let graded = (Class::HalfDone, Severity::Changes, UNFINISHED);
    Finding { note: Some(note), ..finding(looked, change, graded, Effect::Finish) }
}

fn of_open(looked: Looked<'_>, open: &Open) -> Finding {
    let what = match &open.id {
        Some(id) => format!("{id} is there"),
        None if open.kind == "create" => "AWS has no such object".to_owned(),
        None => "its outcome is not recorded".to_owned(),
    };
    let note = format!("the run that began at {} was about to {} it; {what}", open.since, open.kind);
    if let Some(change) = change_of(looked.plan, &open.address) {
        let whole = unfinished(looked, change, note);
        return Finding { id: open.id.clone().or(whole.id), ..whole };
    }
    Finding {
        class: Class::HalfDone,
        severity: Severity::Changes,
        why: UNFINISHED.to_owned(),
        type_name: open.address.resource.type_name.to_string(),
        address: Some(open.address.clone()),
        id: open.id.clone(),
        name: None,
        region: open.region.clone(),
        differences: Vec::new(),
        effect: Effect::Finish,
        note: Some(note),
        exposure: Vec::new(),
        at: None,
    }
}

fn unmanaged(looked: Looked<'_>, object: &Unmanaged) -> Finding {
    let (severity, why) = severity::of_unmanaged(looked.schemas.resource(&object.type_name));
    Finding {
        class: Class::Unmanaged,
        severity,
        why: why.to_owned(),
        address: None,
        type_name: object.type_name.clone(),
        id: Some(object.id.clone()),
        name: object.name.clone(),
        region: object.place.clone(),
        differences: Vec::new(),
        effect: Effect::Nothing,
        note: None,
        exposure: Vec::new(),
        at: None,
    }
}

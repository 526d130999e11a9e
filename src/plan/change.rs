//! The parts of a plan: changes, steps, drift and outputs.

use crate::diag::Diagnostic;
use crate::plan::basis::Basis;
use crate::plan::exposure::Exposure;
use crate::plan::rows::Rows;
use crate::plan::service_impact::{ServiceImpact, Wait};
use crate::schema::Attrs;
use crate::value::address::Address;
use crate::value::{Name, Value};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// An immutable plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// What the plan is bound to.
    pub meta: PlanMeta,
    /// Every resource instance of layout and state, by address, those without change too.
    pub changes: Vec<Change>,
    /// What apply does, in an order in which every step comes after those that it needs.
    pub steps: Vec<Step>,
    /// What is taken out again when a wave fails, in this order.
    pub undo: Vec<Undo>,
    /// What the world changed since the state was written.
    pub drift: Vec<Drift>,
    /// The root module's outputs, those without change too.
    pub outputs: Vec<OutputChange>,
    /// What is read again once all steps are done.
    pub reread: Reread,
    /// What the data sources said that were read while planning.
    pub answers: BTreeMap<Address, Value>,
    /// The targets that were not in service, by the ARN of each target group that was asked.
    pub sick: BTreeMap<String, Vec<String>>,
    /// What stays in service while the plan is carried out.
    pub promise: ServiceImpact,
    /// The traffic from outside that comes and goes with it.
    pub exposure: Exposure,
    /// Warnings for the reader, failed `check` blocks among them.
    pub warnings: Vec<Diagnostic>,
    /// What breaks a guard of the layout; the plan is not carried out.
    pub violations: Vec<Diagnostic>,
}

/// What a plan is bound to: apply refuses it when any of this moved.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanMeta {
    /// The layout's name.
    pub layout: String,
    /// The layout's directory, as it was typed.
    pub dir: String,
    /// What the plan was made from besides: files, places in AWS, the commit.
    pub basis: Basis,
    /// Names the plan by what it does (`file::sealed`); empty where nobody reviews it.
    pub seal: String,
    /// The state's lineage; empty when there was no state yet.
    pub lineage: String,
    /// The state's serial.
    pub serial: u64,
    /// Whether the state is still Terraform's, which is only read.
    pub of_terraform: bool,
    /// The values of the root module's variables.
    pub variables: BTreeMap<Name, Value>,
    /// When the plan was made, for `plantimestamp()`, to the second.
    pub created: Timestamp,
    /// Whether everything is to be destroyed.
    pub destroy: bool,
    /// Whether live AWS was read.
    pub refreshed: bool,
    /// Addresses that the user wants replaced.
    pub replace: Vec<Address>,
    /// Services that the user lets be interrupted.
    pub allow_downtime: Vec<String>,
    /// Whether only a part of the layout is changed.
    pub partial: bool,
    /// Whether nothing is changed, and only what the world changed is recorded.
    pub refresh_only: bool,
}

/// What happens to one resource instance, or to one of its deposed objects.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The instance.
    pub address: Address,
    /// Where the state had it before, if a `moved` block moved it.
    pub moved_from: Option<Address>,
    /// The key of the deposed object that this is about, if it is.
    pub deposed: Option<String>,
    /// The provider configuration, such as `aws` or `aws.west`.
    pub provider: String,
    /// The region that its calls go to.
    pub region: String,
    /// What is done.
    pub action: Action,
    /// Why, where that is not plain from the attributes.
    pub reason: Option<Reason>,
    /// The id of the existing object, if there is one.
    pub id: Option<String>,
    /// The id under which an existing object is taken over, if it is imported.
    pub importing: Option<String>,
    /// The object as the state had it.
    pub stored: Option<Attrs>,
    /// The object as it is now: stored, with what AWS says laid over it.
    pub before: Option<Attrs>,
    /// The object as it shall be, with unknown parts; `None` when it goes.
    pub after: Option<Attrs>,
    /// The top-level attributes in which `before` and `after` differ.
    pub attributes: Vec<AttributeChange>,
    /// Instances that this one needs, as recorded in the state for the order of destruction.
    pub depends_on: Vec<Address>,
    /// Whether a replacement creates before it deletes.
    pub create_before_destroy: bool,
}

/// What is done to an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Nothing.
    NoOp,
    /// A new object.
    Create,
    /// A data source is read during apply, as its arguments are not known before.
    Read,
    /// The object changes in place.
    Update,
    /// The object goes, then a new one comes.
    DeleteThenCreate,
    /// A new object comes, then the old one goes.
    CreateThenDelete,
    /// The object goes.
    Delete,
    /// The state forgets the object; it stays in AWS.
    Forget,
}

impl Action {
    /// Whether the object is replaced.
    pub fn is_replace(self) -> bool {
        matches!(self, Action::DeleteThenCreate | Action::CreateThenDelete)
    }
}

/// Why an action was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// An earlier run failed to make the object as it should be.
    Tainted,
    /// An earlier run ended between making the object and setting the last of it.
    Unfinished,
    /// The user asked for it with `--replace`.
    Requested,
    /// These attributes cannot change in place.
    CannotUpdate(Vec<String>),
    /// `replace_triggered_by` names this.
    TriggeredBy(String),
    /// The object vanished from AWS.
    Vanished,
    /// The layout has no such block any more.
    NoConfig,
    /// `count` or `for_each` gives no such instance any more.
    NoInstance,
    /// The module call or instance is gone.
    NoModule,
    /// A `removed` block names it.
    Removed,
    /// Its `lifecycle` says that it stays in AWS.
    Kept,
    /// Left over from a replacement that did not end.
    Deposed,
    /// A data source whose arguments are known only during apply.
    ConfigUnknown,
    /// A data source that depends on something that changes.
    DependencyPending,
    /// A registration that ends while its target is interrupted.
    Rests,
    /// A rule that could change in place, and whose successor has to be there before it goes.
    Beside,
}

/// Who changed an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The layout says something else than before.
    Layout,
    /// AWS has something else than the state says, and the layout puts it back.
    World,
    /// Both.
    Both,
}

/// A top-level attribute that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeChange {
    /// Its name.
    pub name: String,
    /// Who changed it.
    pub cause: Cause,
    /// Whether it forces the replacement.
    pub forces_replacement: bool,
}

/// What the world changed of one object since the state was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Drift {
    /// The instance.
    pub address: Address,
    /// As the state has it.
    pub stored: Attrs,
    /// As AWS has it; `None` when it is gone.
    pub live: Option<Attrs>,
    /// The attributes that differ.
    pub attributes: Vec<String>,
}

/// A root module output.
#[derive(Debug, Clone, PartialEq)]
pub struct OutputChange {
    /// Its name.
    pub name: Name,
    /// What it was; `None` for a new one.
    pub before: Option<Value>,
    /// What it will be; `None` for one that goes.
    pub after: Option<Value>,
}

impl OutputChange {
    /// Whether it changes.
    pub fn changes(&self) -> bool {
        self.before != self.after
    }
}

/// The objects that apply reads again once all steps are done, as later steps may have filled attributes of theirs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reread {
    /// The objects, each with the attributes that are taken over.
    pub objects: Vec<(Address, Vec<String>)>,
    /// The outputs that show those attributes.
    pub outputs: Vec<Name>,
}

/// A step's place in `Plan::steps`.
pub type StepId = usize;

/// One thing that apply does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Which of `Plan::changes` it is a part of.
    pub change: usize,
    /// What it does.
    pub op: Op,
    /// The steps that must be done before.
    pub needs: Vec<StepId>,
    /// What a waiting step waits for.
    pub wait: Option<Wait>,
    /// The address of the gateway or target group that a detour goes through.
    pub detour: Option<String>,
    /// What it sets by changing the object.
    pub rows: Rows,
}

/// A step that is only taken when a wave fails: the new object goes again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    /// The step that made the object; without it there is nothing to undo.
    pub of: StepId,
    /// The waits of the wave: it is taken when one of them fails.
    pub when: Vec<StepId>,
    /// Whether the object that was replaced is the current one again.
    pub restores: bool,
}

/// What a step does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Makes a new object.
    Create,
    /// Changes the object.
    Update,
    /// Deletes the object; for a replacement the old one.
    Delete,
    /// Reads a data source.
    Read,
    /// Only the state changes: a move, an import without difference, refreshed attributes, forgetting.
    Record,
    /// A route leads through another gateway while its own is replaced; a listener and a scaling group know a
    /// new target group before anything is sent there; see [`Step::detour`].
    Reroute,
    /// Nothing is done until something outside is as it must be; see [`Step::wait`].
    Wait,
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Op::Create => "create",
            Op::Update => "update",
            Op::Delete => "delete",
            Op::Read => "read",
            Op::Record => "record",
            Op::Reroute => "detour",
            Op::Wait => "wait",
        })
    }
}

/// Counts for the summary line; a replacement counts only as one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// New objects.
    pub create: usize,
    /// Objects changed in place.
    pub update: usize,
    /// Objects replaced.
    pub replace: usize,
    /// Objects deleted.
    pub delete: usize,
    /// Objects taken over.
    pub import: usize,
    /// Objects that change their address.
    pub moved: usize,
    /// Objects forgotten.
    pub forget: usize,
}

impl Plan {
    /// The counts.
    pub fn summary(&self) -> Summary {
        let mut s = Summary::default();
        for change in &self.changes {
            match change.action {
                Action::Create => s.create += 1,
                Action::Update => s.update += 1,
                Action::DeleteThenCreate | Action::CreateThenDelete => s.replace += 1,
                Action::Delete => s.delete += 1,
                Action::Forget => s.forget += 1,
                Action::NoOp | Action::Read => {}
            }
            s.import += usize::from(change.importing.is_some());
            s.moved += usize::from(change.moved_from.is_some());
        }
        s
    }

    /// A warning if more than half of the state's objects are gone from AWS.
    pub fn mostly_gone(&self) -> Option<Diagnostic> {
        let held = self.changes.iter().filter(|c| c.stored.is_some() || c.reason == Some(Reason::Vanished)).count();
        let vanished = self.changes.iter().filter(|c| c.reason == Some(Reason::Vanished)).map(|c| &c.address);
        let recorded = self.drift.iter().filter(|d| self.meta.refresh_only && d.live.is_none()).map(|d| &d.address);
        let gone: Vec<&Address> = vanished.chain(recorded).collect();
        if gone.len() < 2 || gone.len() * 2 <= held {
            return None;
        }
        let mut names: Vec<String> = gone.iter().take(5).map(ToString::to_string).collect();
        names.extend((gone.len() > 5).then(|| format!("{} more", gone.len() - 5)));
        Some(
            Diagnostic::warning(format!("{} of the state's {held} objects are gone from AWS", gone.len()))
                .code("objects-gone")
                .detail(format!("AWS does not know them any more: {}.", names.join(", ")))
                .hint("Check that the credentials and the region are those of this layout."),
        )
    }

    /// The moves that no block asks for, besides those `asked` for: from, to.
    pub fn found_moves(&self, asked: &[(Address, Address)]) -> Vec<(Address, Address)> {
        let pairs = self.changes.iter().filter_map(|c| Some((c.moved_from.clone()?, c.address.clone())));
        pairs.filter(|pair| !asked.contains(pair)).collect()
    }

    /// Whether apply would change anything, outputs and the state's addresses included.
    pub fn has_changes(&self) -> bool {
        let recorded = self.meta.refresh_only && !self.drift.is_empty();
        recorded || self.summary() != Summary::default() || self.outputs.iter().any(OutputChange::changes)
    }
}

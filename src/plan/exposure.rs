//! The exposure that a plan changes: which traffic from outside comes to the layout's objects, and which goes, as lines
//! for a reviewer.
//!
//! Only a plan with a change that can touch traffic is looked at, so that all others cost nothing.

mod labels;
mod lines;
mod names;
#[cfg(test)]
mod tests;

use super::change::{Action, Change};
use super::repeats::{held, without};
use super::unjudged::DESCRIBES;
use super::{network, services};
use crate::network::Object;
use crate::network::exposure::Exposure as Exposed;
use crate::schema::{Role, Schemas};
use crate::value::Value;
use crate::value::address::{Address, Mode};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The traffic from outside that comes and goes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exposure {
    /// A line each, new exposure to the Internet first.
    pub changes: Vec<ExposureChange>,
    /// What filters let in from the Internet now, and something else still keeps out.
    #[serde(default)]
    pub kept_out: Vec<KeptOut>,
}

/// Traffic that comes or goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExposureChange {
    /// Whether it comes or goes.
    pub action: Turn,
    /// Where it begins: `internet`, a range of the Internet, a site behind a VPN, another network.
    pub from: String,
    /// Whether that is the Internet or a part of it.
    pub internet: bool,
    /// Protocols and ports.
    pub services: String,
    /// Where it goes: the object, or the balancer and what is behind it.
    pub to: Vec<String>,
    /// The addresses of the objects that it reaches.
    pub addresses: Vec<String>,
    /// What it takes the place of, or what stays beside it.
    pub note: Option<String>,
    /// Why it only may be; nothing where it is sure.
    pub may: Option<String>,
}

/// Whether traffic comes or goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// It comes.
    Opens,
    /// Something else takes its place: other ports or ranges.
    Changes,
    /// It goes.
    Closes,
}

/// Traffic from the Internet that does not arrive, though the filters of an object let it in now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptOut {
    /// Where it begins.
    pub from: String,
    /// Protocols and ports.
    pub services: String,
    /// The object that it does not reach.
    pub to: String,
    /// What is in the way.
    pub obstacles: Vec<String>,
}

impl Turn {
    /// Its sign.
    pub fn sign(self) -> char {
        match self {
            Turn::Opens => '+',
            Turn::Changes => '~',
            Turn::Closes => '-',
        }
    }
}

impl ExposureChange {
    /// Whether something from outside comes in by it that did not.
    pub fn opens(&self) -> bool {
        self.action != Turn::Closes
    }

    /// The traffic in one line: `+ internet → tcp/22 → bastion`.
    pub fn flow(&self) -> String {
        let ends: String = self.to.iter().map(|end| format!(" → {end}")).collect();
        format!("{} {} → {}{ends}", self.action.sign(), self.from, self.services)
    }

    /// What else there is to say: what it takes the place of, and why it only may be.
    pub fn remark(&self) -> Option<String> {
        let may = self.may.as_ref().map(|why| format!("may be: {why}"));
        let parts: Vec<String> = self.note.iter().cloned().chain(may).collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}

impl KeptOut {
    /// The traffic in one line.
    pub fn flow(&self) -> String {
        format!("{} → {} → {}", self.from, self.services, self.to)
    }
}

impl Exposure {
    /// Whether nothing changes, and there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.kept_out.is_empty()
    }

    /// The traffic that comes in.
    pub fn opened(&self) -> impl Iterator<Item = &ExposureChange> {
        self.changes.iter().filter(|change| change.opens())
    }
}

/// The exposure that changes bring about.
pub(super) fn of(changes: &[Change], answers: &BTreeMap<Address, Value>, schemas: &dyn Schemas) -> Exposure {
    let role = |change: &Change| services::role(schemas.resource(&change.address.resource.type_name));
    if !changes.iter().any(|change| touches(change, role(change))) {
        return Exposure::default();
    }
    let (before, after) = (network::before(changes), network::after(changes));
    let managed: Vec<Object> = before.iter().chain(&after).cloned().collect();
    let found = network::found(answers, &managed);
    let held = held(changes.iter().filter_map(|c| Some((&*c.address.resource.type_name, c.before.as_ref()?))), schemas);
    let side = |objects: Vec<Object>| {
        let mut all = without(objects, &held, schemas);
        all.extend(found.iter().cloned());
        all
    };
    let (before, after) = (side(before), side(after));
    let own = own(changes);
    let (before, after) = (exposed(&before, &own), exposed(&after, &own));
    between(&before, &after)
}

/// The addresses of the layout's own objects.
pub fn own(changes: &[Change]) -> BTreeSet<String> {
    let managed = changes.iter().filter(|change| change.address.resource.mode == Mode::Managed);
    managed.map(|change| change.address.to_string()).collect()
}

/// What reaches those of the objects from outside that are the layout's own.
pub fn exposed(objects: &[Object], own: &BTreeSet<String>) -> Exposed {
    Exposed::of(objects, &|address| own.contains(address))
}

/// The difference of two exposures, in lines.
pub fn between(before: &Exposed, after: &Exposed) -> Exposure {
    lines::lines(&before.shifts(after), &before.kept_out(after))
}

/// Whether objects with this role can have a part in what is reached.
pub fn carries_traffic(role: &Role) -> bool {
    !matches!(role, Role::NotServing(_) | Role::Storage | Role::Name(_))
}

fn touches(change: &Change, role: Role) -> bool {
    let differs = || change.attributes.iter().any(|attribute| !DESCRIBES.contains(&attribute.name.as_str()));
    carries_traffic(&role)
        && match change.action {
            Action::NoOp | Action::Read | Action::Forget => false,
            Action::Update => differs(),
            Action::Create | Action::Delete | Action::DeleteThenCreate | Action::CreateThenDelete => true,
        }
}

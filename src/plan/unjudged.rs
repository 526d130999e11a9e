//! Changes that bear on service and that the availability check cannot judge: rules, ACLs, routes, ports,
//! parameters. They are named instead of passed over.

use super::change::{Action, Change};
use super::services::{Index, Service};
use crate::schema::{Role, role};
use crate::value::Value;
use std::collections::BTreeSet;

/// What of an object is named as not checked, by its role; nothing where every change of it is judged, or no change of it
/// bears on service. All roles are here, so that a type that serves is one or the other.
fn named(role: &Role) -> Option<(&'static str, &'static [&'static str])> {
    let unjudged = match role {
        Role::Attachment(_) | Role::GroupAttachment(_) => return None,
        Role::MemberTemplate | Role::DatabaseMember(_) | Role::Egress(_) | Role::Tunnel => return None,
        // What is in it, or uses it, is judged.
        Role::Network | Role::Subnet(_) | Role::Storage => return None,
        Role::NotServing(_) => return None,
        Role::Member(data) => data.unjudged,
        Role::MemberGroup(data) => data.unjudged,
        Role::Listener(data) | Role::ListenerRule(data) => data.unjudged,
        Role::RouteTable(data) => data.unjudged,
        Role::Route(data) => data.unjudged,
        Role::TunnelRoute(data) => data.unjudged,
        Role::Association(data) => data.unjudged,
        Role::Filter(data) => data.unjudged,
        Role::FilterRule(data) => data.unjudged,
        Role::Database(data) => data.unjudged,
        Role::DatabaseCluster(data) => data.unjudged,
        Role::Balancer(unjudged) | Role::TargetGroup(unjudged) | Role::OtherRoute(unjudged) => *unjudged,
        Role::Gateway(unjudged) | Role::Endpoint(unjudged) | Role::Address(unjudged) => *unjudged,
        Role::Settings(unjudged) | Role::Name(unjudged) => *unjudged,
    };
    match unjudged {
        role::Unjudged::All(what) => Some((what, &[])),
        role::Unjudged::Of(what, arguments) => Some((what, arguments)),
        role::Unjudged::None(_) => None,
    }
}

/// Arguments that change nothing for anybody who is served.
pub(super) const DESCRIBES: [&str; 6] =
    ["tags", "tags_all", "description", "enable_deletion_protection", "timeouts", "revoke_rules_on_delete"];

/// Whether a change of an argument bears on service in a way that the check names and does not judge.
pub fn bears_on_service(role: &Role, argument: &str) -> bool {
    !DESCRIBES.contains(&argument)
        && named(role).is_some_and(|(_, arguments)| arguments.is_empty() || arguments.contains(&argument))
}

/// Arguments that name the object itself. Many have the same, and some types have it as their id.
const SAYS_WHO: [&str; 7] = ["id", "arn", "name", "name_prefix", "identifier", "tag", "volume_tags"];

/// The changes that cannot be judged, by the services that they bear on.
pub struct Unjudged {
    /// Each with what it is about and the services.
    found: Vec<(String, BTreeSet<usize>)>,
}

impl Unjudged {
    /// Finds them; the changes of `ways` are judged by the flows that they bear on.
    pub fn new(changes: &[Change], services: &[Service], index: &Index<'_>, ways: &BTreeSet<usize>) -> Self {
        let others = (0..changes.len()).filter(|i| !ways.contains(i));
        let bearing: Vec<(usize, &str)> =
            others.filter_map(|i| Some((i, bears(i, changes, services, index)?))).collect();
        if bearing.is_empty() {
            return Unjudged { found: Vec::new() };
        }
        let parts: Vec<BTreeSet<usize>> = services.iter().map(|s| parts(s, changes, index)).collect();
        let mut found = Vec::new();
        for (i, what) in bearing {
            let change = &changes[i];
            let anchors = anchors(i, changes, index);
            let of: BTreeSet<usize> = (0..services.len()).filter(|&s| !parts[s].is_disjoint(&anchors)).collect();
            // What is only added matters where somebody is served already.
            if change.action != Action::Create || !of.is_empty() {
                found.push((format!("{} ({what})", change.address), of));
            }
        }
        Unjudged { found }
    }

    /// Those that bear on a service.
    pub fn of(&self, service: usize) -> Vec<String> {
        self.found.iter().filter(|(_, of)| of.contains(&service)).map(|(text, _)| text.clone()).collect()
    }

    /// Those that bear on no service.
    pub fn of_none(&self) -> Vec<String> {
        self.found.iter().filter(|(_, of)| of.is_empty()).map(|(text, _)| text.clone()).collect()
    }
}

/// The subject of a change that cannot be judged, if it is such a one.
fn bears(i: usize, changes: &[Change], services: &[Service], index: &Index<'_>) -> Option<&'static str> {
    let change = &changes[i];
    let acts = matches!(change.action, Action::Create | Action::Update | Action::Delete) || change.action.is_replace();
    let (what, arguments) = named(index.role(i)).filter(|_| acts && change.deposed.is_none())?;
    let linked = |i: usize| services.iter().any(|s| s.members.iter().any(|m| m.links.contains(&i)));
    let route = index.role(i).route().filter(|_| linked(i));
    let whole = change.action != Action::Update;
    // The end of what precedes a service, and its replacement, are reported for the service itself.
    let reported =
        services.iter().any(|s| s.about == i || s.members.iter().any(|m| m.change == i) || s.front.contains(&i));
    if whole {
        let judged = reported && index.door(i).is_none();
        let ends = change.action == Action::Delete && reported;
        return (!judged && route.is_none() && !ends && (arguments.is_empty() || change.action.is_replace()))
            .then_some(what);
    }
    let moves = super::rolling::handover::moved(index, changes, i).is_some();
    let counts = |name: &str| {
        let judged = moves && index.door(i).is_some_and(|door| door.actions == name)
            || route.is_some_and(|route| route.way.egress == name);
        !judged && !DESCRIBES.contains(&name) && (arguments.is_empty() || arguments.contains(&name))
    };
    let computed =
        |name: &str| change.after.as_ref().is_some_and(|a| a.is_unknown(name)) && ["id", "arn"].contains(&name);
    change.attributes.iter().any(|a| counts(&a.name) && !computed(&a.name)).then_some(what)
}

/// The objects whose ids an object holds, as it is and as it will be.
fn refers(i: usize, changes: &[Change], index: &Index<'_>) -> BTreeSet<usize> {
    fn collect(value: &Value, index: &Index<'_>, found: &mut BTreeSet<usize>) {
        if value.as_str().is_some() || value.origin().is_some() {
            found.extend(index.find(value));
        }
        value.children().for_each(|child| collect(child, index, found));
    }
    let mut found = BTreeSet::new();
    for side in [&changes[i].before, &changes[i].after].into_iter().flatten() {
        let refers = |name: &str| !SAYS_WHO.contains(&name) && !DESCRIBES.contains(&name);
        side.iter().filter(|(name, _)| refers(name)).for_each(|(_, value)| collect(value, index, &mut found));
    }
    // A VPC has everything in it.
    found.retain(|&j| j != i && *index.role(j) != Role::Network);
    found
}

/// The objects that a change bears on: itself, those that it names, and the subnets of a table or list.
fn anchors(i: usize, changes: &[Change], index: &Index<'_>) -> BTreeSet<usize> {
    let mut all = refers(i, changes, index);
    all.insert(i);
    let tables: Vec<usize> = all.iter().copied().collect();
    for (link, ..) in index.each(Role::association) {
        let ends = refers(link, changes, index);
        if tables.iter().any(|table| ends.contains(table) && index.role(*table).subnet().is_none()) {
            all.extend(ends);
        }
    }
    all
}

/// The objects that a service is made of, and those that they name: subnets, groups, parameters.
fn parts(service: &Service, changes: &[Change], index: &Index<'_>) -> BTreeSet<usize> {
    let members = service.members.iter().flat_map(|m| [m.change, m.old].into_iter().chain(m.links.iter().copied()));
    let own: BTreeSet<usize> = members.chain(service.front.iter().copied()).chain([service.about]).collect();
    let named: Vec<usize> = own.iter().flat_map(|&i| refers(i, changes, index)).collect();
    own.into_iter().chain(named).collect()
}

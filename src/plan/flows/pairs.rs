//! The pairs of ends between which a plan may change the traffic, with what comes through before and after it.

use super::ask::{Asked, End, Ends, Pair, ask};
use super::bearing::{Bearing, Side};
use super::endpoints;
use super::names::Names;
use crate::network::Object;
use crate::network::space::Packets;
use crate::plan::change::{Action, Change, Op, Step, StepId};
use crate::plan::network;
use crate::plan::service_impact::Interruption;
use crate::plan::services::{Index, Service};
use crate::schema::{Attrs, Role};
use crate::value::{Type, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// So many pairs of ends are looked at for what opens between them.
const MOST_PAIRS: usize = 400;

/// Two ends with what comes through before the plan and after it.
#[derive(Debug, Clone)]
pub struct Flow {
    /// The ends.
    pub pair: Pair,
    /// What is to come through all the time.
    pub kept: Packets,
    /// What comes through now, and does not any more, though both ends stay.
    pub ends: Packets,
    /// What comes through in either end.
    pub known: Packets,
    /// The objects on the way now.
    pub path: Vec<Arc<str>>,
    /// The objects on the way afterwards.
    pub path_after: Vec<Arc<str>>,
}

/// Pairs on which the same changes bear.
#[derive(Debug, Clone)]
pub struct Group {
    /// The changes that do.
    pub acting: BTreeSet<usize>,
    /// All objects that bear on any of them.
    pub objects: BTreeSet<usize>,
    /// The pairs.
    pub flows: Vec<Flow>,
}

/// The changes of a plan as the network knows them.
pub struct View {
    /// The changes, each part once.
    pub changes: Vec<Change>,
    roles: Vec<Role>,
    ends: Ends,
    /// What other layouts, or other people, keep.
    found: Vec<Object>,
}

impl View {
    /// Looks at changes in which each part is there once.
    pub fn of(changes: Vec<Change>, roles: Vec<Role>, found: Vec<Object>) -> Self {
        let current = changes.iter().enumerate().filter(|(_, change)| change.deposed.is_none());
        let ends = current.map(|(i, change)| (change.address.to_string(), i)).collect();
        View { changes, roles, ends, found }
    }

    /// The pairs that the plan touches, by the changes that bear on them.
    pub fn groups(&self, steps: &[Step]) -> Vec<Group> {
        let index = Index::new(&self.changes, &self.roles);
        let bearing = Bearing::of(&self.changes, &index);
        let all: Vec<usize> = (0..self.changes.len()).collect();
        let acts = |side| -> BTreeSet<usize> { all.iter().copied().filter(|i| bearing.acts(*i, side)).collect() };
        let (out, into) = (acts(Side::From), acts(Side::To));
        if (out.is_empty() && into.is_empty()) || self.changes.iter().all(|change| change.before.is_none()) {
            return Vec::new();
        }
        // Of objects that are alike, one stands for all.
        let mut kinds = BTreeSet::new();
        let alone = |i: &usize| {
            let change = &self.changes[*i];
            kinds.insert((change.address.resource.to_string(), change.action, bearing.kind(*i)))
        };
        let ends: Vec<usize> = all.iter().copied().filter(|i| bearing.is_end(*i)).filter(alone).collect();
        let on: BTreeMap<usize, BTreeSet<usize>> = ends.iter().map(|i| (*i, bearing.on(*i))).collect();
        let touched = |i: &usize, acting: &BTreeSet<usize>| !on[i].is_disjoint(acting);
        // Who is in service, and by which listener, the objects at either end do not say.
        let joins = into.union(&out).any(|i| self.joins(*i));
        // A balancer sends on what others send it.
        let balancers: Vec<usize> =
            ends.iter().copied().filter(|i| matches!(self.roles[*i], Role::Balancer(_))).collect();
        let hands_on = balancers.iter().any(|i| touched(i, &out));
        let reached = joins || hands_on || ends.iter().any(|i| touched(i, &into));
        let mut senders: BTreeSet<End> =
            ends.iter().filter(|i| bearing.sends(**i) && (reached || touched(i, &out))).map(|i| End::At(*i)).collect();
        if senders.is_empty() && !reached {
            return Vec::new();
        }
        senders.extend([End::Internet, End::Vpn]);
        let before = self.ask(network::before(&self.changes), &senders);
        let after = self.ask(network::after(&self.changes), &senders);
        let mut pairs: BTreeSet<Pair> = before.pairs().chain(after.pairs()).collect();
        // What is in neither may yet be between them. Between many ends, only what comes from outside is looked at.
        let many = senders.len() * ends.len() > MOST_PAIRS;
        for &from in senders.iter().filter(|from| !many || !matches!(from, End::At(_))) {
            pairs.extend(ends.iter().map(|to| Pair::direct(from, End::At(*to))));
        }
        let none = BTreeSet::new();
        let of = |end: &End| match end {
            End::At(i) => on.get(i),
            _ => Some(&none),
        };
        let mut groups: BTreeMap<(bool, BTreeSet<usize>), Group> = BTreeMap::new();
        for pair in pairs.into_iter().filter(|pair| pair.from != pair.to) {
            let (Some(first), Some(last)) = (of(&pair.from), of(&pair.to)) else { continue };
            let mut objects: BTreeSet<usize> = first | last;
            let mut acting: BTreeSet<usize> = &(first & &out) | &(last & &into);
            if let (true, End::At(target)) = (pair.served, pair.to) {
                let through = |balancer: &&usize| pair.balancer.is_none_or(|own| own == **balancer);
                for &balancer in balancers.iter().filter(through) {
                    let ways = bearing.between(balancer, target);
                    if ways.iter().any(|way| matches!(self.roles[*way], Role::Attachment(_) | Role::GroupAttachment(_)))
                        || matches!(self.roles[target], Role::MemberGroup(_)) && !ways.is_empty()
                    {
                        let all = |side: &BTreeSet<usize>| -> BTreeSet<usize> { &(&on[&balancer] | &ways) & side };
                        acting.extend(all(&out).union(&all(&into)));
                        objects.extend(on[&balancer].union(&ways));
                    }
                }
            }
            let Some(flow) = self.flow(pair, &before, &after, &acting) else { continue };
            let group = groups.entry((pair.served, acting.clone())).or_insert_with(|| Group {
                acting,
                objects: BTreeSet::new(),
                flows: Vec::new(),
            });
            group.objects.extend(objects);
            group.flows.push(flow);
        }
        let mut groups: Vec<Group> = groups.into_values().collect();
        for step in steps.iter().filter(|step| step.op == Op::Reroute && self.is_route(step.change)) {
            let around = step.detour.as_ref().and_then(|address| self.ends.get(address)).copied();
            let all: BTreeSet<usize> = around.map(|gateway| bearing.on(gateway)).unwrap_or_default();
            for group in groups.iter_mut().filter(|group| group.objects.contains(&step.change)) {
                group.objects.extend(&all);
            }
        }
        for group in &mut groups {
            // Rules name the groups of others, which they know by that alone.
            let peers: Vec<usize> = group.objects.iter().flat_map(|i| bearing.peers(*i)).collect();
            group.objects.extend(peers);
            self.widen(group, steps);
        }
        groups
    }

    /// Takes all objects where those that were found to bear on the flows do not explain them.
    fn widen(&self, group: &mut Group, steps: &[Step]) {
        let asked = self.when(group, steps, &BTreeSet::new(), None);
        let explained = |flow: &Flow| asked.passes(&flow.pair).may.covers(&flow.kept);
        if !group.flows.iter().all(explained) {
            group.objects = (0..self.changes.len()).collect();
        }
    }

    fn ask(&self, mut objects: Vec<Object>, senders: &BTreeSet<End>) -> Asked {
        objects.extend(self.found.iter().cloned());
        ask(&objects, &self.ends, senders)
    }

    /// Whether a way to a site is taken out of the layout.
    fn loses_sites(&self) -> bool {
        let ends = |i: &usize| self.changes[*i].action == Action::Delete && self.roles[*i] == Role::Tunnel;
        (0..self.changes.len()).any(|i| ends(&i))
    }

    fn is_route(&self, change: usize) -> bool {
        matches!(self.roles[change], Role::Route(_))
    }

    fn flow(&self, pair: Pair, before: &Asked, after: &Asked, acting: &BTreeSet<usize>) -> Option<Flow> {
        let (first, last) = (before.passes(&pair), after.passes(&pair));
        let stays = |end: &End| match end {
            End::At(i) => self.changes[*i].before.is_some() && self.changes[*i].after.is_some(),
            End::Vpn => !self.loses_sites(),
            End::Internet => true,
        };
        let both = stays(&pair.from) && stays(&pair.to);
        let kept = first.sure.and(&last.may);
        let ends = if both { first.sure.minus(&last.may) } else { Packets::default() };
        // What comes with its ends, or goes with them, opens nothing that matters but to the Internet.
        let comes = acting.iter().all(|i| self.changes[*i].action == Action::Create);
        let may_open = (both || pair.from == End::Internet && !comes) && !pair.served;
        let matters = !kept.is_empty() || !ends.is_empty() || may_open;
        (matters && !acting.is_empty()).then(|| Flow {
            pair,
            kept,
            ends,
            known: first.may.union(&last.may),
            path: before.path(&pair).to_vec(),
            path_after: after.path(&pair).to_vec(),
        })
    }

    /// Whether a change puts a member in service or takes it out: how many serve is judged elsewhere.
    pub fn joins(&self, change: usize) -> bool {
        let role = &self.roles[change];
        matches!(role, Role::Attachment(_) | Role::GroupAttachment(_) | Role::TargetGroup(_) | Role::MemberGroup(_))
            || role.door().is_some()
    }

    /// Whether a change is one of a rule, a list or a route.
    pub fn is_way(&self, change: usize) -> bool {
        matches!(
            self.roles[change],
            Role::Filter(_)
                | Role::FilterRule(_)
                | Role::Association(_)
                | Role::RouteTable(_)
                | Role::Route(_)
                | Role::OtherRoute(_)
        )
    }

    /// What of a changed object is so before and after its change; nothing of a rule or a route, which is another one.
    pub fn unchanged(&self, change: usize) -> Option<Attrs> {
        if matches!(
            self.roles[change],
            Role::FilterRule(_) | Role::Association(_) | Role::Route(_) | Role::OtherRoute(_)
        ) {
            return None;
        }
        let Change { before, after, .. } = &self.changes[change];
        let before = before.as_ref()?;
        let common = |(name, value): (&crate::value::Name, &Value)| {
            let (old, new) = (before.get(name).and_then(Value::as_elements), value.as_elements());
            let both = old.zip(new).map(|(old, new)| new.iter().filter(|one| old.contains(one)).cloned().collect());
            let value = both.map_or_else(|| value.clone(), |both| Value::list(Type::Dynamic, both));
            (name.clone(), value)
        };
        after.as_ref().map(|after| after.iter().map(common).collect())
    }

    /// The names and addresses that end though what they are of stays.
    pub fn ended(&self, steps: &[Step], services: &[Service], names: &Names<'_>) -> Vec<Interruption> {
        endpoints::ended(&Index::new(&self.changes, &self.roles), steps, services, names)
    }

    /// The steps that make a group's flows what they are.
    pub fn steps(&self, group: &Group, steps: &[Step]) -> BTreeSet<StepId> {
        let route = |change: usize| self.is_route(change) && group.objects.contains(&change);
        let counts = |step: &Step| match step.op {
            Op::Create | Op::Update | Op::Delete => group.acting.contains(&step.change),
            Op::Reroute => route(step.change),
            Op::Read | Op::Record | Op::Wait => false,
        };
        (0..steps.len()).filter(|id| counts(&steps[*id])).collect()
    }

    /// What comes through of a group's flows when exactly these of the steps are done.
    pub fn when(&self, group: &Group, steps: &[Step], done: &BTreeSet<StepId>, change: Option<&Change>) -> Asked {
        let by_address = |address: &str| self.ends.get(address).copied();
        let place: BTreeMap<usize, usize> = group.objects.iter().enumerate().map(|(at, i)| (*i, at)).collect();
        let mut changes: Vec<Change> = group.objects.iter().map(|i| self.changes[*i].clone()).collect();
        if let Some(other) = change
            && let Some(at) = changes.iter_mut().find(|at| at.address == other.address && at.deposed.is_none())
        {
            *at = other.clone();
        }
        let of = |id: &StepId| {
            let step = &steps[*id];
            Some(Step { change: *place.get(&step.change)?, needs: Vec::new(), ..step.clone() })
        };
        let made: Vec<Step> = done.iter().filter_map(of).collect();
        for step in made.iter().filter(|step| step.op == Op::Reroute) {
            let back = made.iter().any(|other| other.change == step.change && other.op == Op::Update);
            let around = step.detour.as_deref().and_then(by_address);
            if let (false, Some(around)) = (back, around) {
                self.lead_around(&mut changes[step.change], around);
            }
        }
        let all: BTreeSet<StepId> = (0..made.len()).collect();
        let senders = group.flows.iter().map(|flow| flow.pair.from).collect();
        self.ask(network::between(&changes, &made, &all), &senders)
    }

    /// A route that leads through another gateway for a while.
    fn lead_around(&self, route: &mut Change, gateway: usize) {
        let way = &self.changes[gateway];
        let id = match (way.action.is_replace(), &way.id) {
            (false, Some(id)) => Value::from(id.as_str()),
            _ => Value::unknown(Type::String).from_origin(|| crate::value::Origin {
                address: way.address.to_string().into(),
                attribute: "id".into(),
            }),
        };
        let Some(row) =
            self.ends.get(&route.address.to_string()).and_then(|i| crate::plan::detour::row(&self.roles[*i]))
        else {
            return;
        };
        route.before = route.before.take().map(|before| before.with(row, id));
    }
}

//! Waves, and that what a plan promises holds in every order of its steps: random layouts are changed,
//! the plan is carried out on a simulated region, many steps at a time, with failures at random.

use super::spec::{Amount, Spec};
use crate::diag::{Diagnostics, render};
use crate::plan::availability::{Judged, Verdict, judge};
use crate::plan::change::{Action, Change, Op, Step};
use crate::plan::fixtures::{address, attrs, change};
use crate::plan::input::Pulse;
use crate::plan::order::{Demands, Ordered, steps};
use crate::plan::service_impact::{InterruptionReason, Level, ServiceKind, Wait};
use crate::plan::services::Service;
use crate::resources::registry;
use crate::schema::rows::Interruption;
use crate::schema::{Attrs, Schema};
use crate::value::address::{Address, ResourceAddress};
use crate::value::{Origin, Type, Value};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

fn schema(address: &Address) -> Option<&'static Schema> {
    static ALL: LazyLock<Vec<Schema>> = LazyLock::new(|| {
        let role = |name| registry().get(name).and_then(|resource| resource.schema().role);
        let of = |name, unique| Schema { unique: Some(unique), role: role(name), ..Schema::new(name, Vec::new()) };
        let only = |name| Schema { role: role(name), ..Schema::new(name, Vec::new()) };
        let stops = |before: &Attrs, after: &Attrs| {
            let changes = before.get("instance_type") != after.get("instance_type");
            changes.then_some(Interruption { attribute: "instance_type", seconds: 120, failover: false })
        };
        vec![
            Schema { interrupts: Some(stops), ..of("aws_instance", &[&["private_ip"]]) },
            of("aws_lb_target_group_attachment", &[&["target_group_arn", "target_id"]]),
            of("aws_lb_target_group", &[&["name"]]),
            of("aws_nat_gateway", &[&["allocation_id"]]),
            of("aws_route", &[&["route_table_id", "destination_cidr_block"]]),
            of("aws_eip", &[]),
            only("aws_subnet"),
            only("aws_route_table"),
        ]
    });
    ALL.iter().find(|s| *s.name == *address.resource.type_name)
}

/// Changes with what needs what.
#[derive(Default, Clone, Debug)]
struct Layout {
    changes: Vec<Change>,
    depends: BTreeMap<Address, Vec<Address>>,
    specs: BTreeMap<ResourceAddress, Spec>,
}

/// An attribute that is unknown until apply.
fn later(of: &str, attribute: &str) -> Value {
    Value::unknown(Type::String).from_origin(|| Origin { address: of.into(), attribute: attribute.into() })
}

impl Layout {
    fn with(mut self, name: &str, action: Action, before: Attrs, after: Attrs, needs: &[&str]) -> Self {
        let both = |a: Attrs| Some(a).filter(|a| a.iter().count() > 0);
        let mut made = change(name, action, both(before), both(after));
        let needs: Vec<Address> = needs.iter().map(|n| address(n)).collect();
        made.id = made.before.as_ref().and_then(|a| a.string("id"));
        made.depends_on = needs.clone();
        self.depends.insert(address(name), needs);
        self.changes.push(made);
        self
    }

    fn stays(self, name: &str, values: Attrs, needs: &[&str]) -> Self {
        self.with(name, Action::NoOp, values.clone(), values, needs)
    }

    /// A target group with `zones.len()` members; those that `replaced` names are replaced.
    fn web(zones: &[usize], replaced: &[bool], fixed_ip: &[bool]) -> Self {
        let group = attrs([("id", "tg".into()), ("arn", "tg".into()), ("name", "web".into())]);
        let mut layout = Layout::default().stays("aws_lb_target_group.web", group, &[]);
        for (i, zone) in zones.iter().enumerate() {
            let (name, link) = (format!("aws_instance.web[{i}]"), format!("aws_lb_target_group_attachment.web[{i}]"));
            let server = attrs([
                ("id", format!("i-{i}").into()),
                ("availability_zone", format!("z{zone}").into()),
                ("private_ip", if fixed_ip[i] { "10.0.0.4".into() } else { Value::null(Type::String) }),
                ("ami", "old".into()),
            ]);
            let attached = attrs([
                ("id", format!("a-{i}").into()),
                ("target_group_arn", "tg".into()),
                ("target_id", format!("i-{i}").into()),
            ]);
            let needs = ["aws_lb_target_group.web", name.as_str()];
            layout = if replaced[i] {
                let new = server.clone().with("ami", "new").with("id", later(&name, "id"));
                let moved = attached.clone().with("target_id", later(&name, "id")).with("id", later(&link, "id"));
                layout.with(&name, Action::DeleteThenCreate, server, new, &[]).with(
                    &link,
                    Action::DeleteThenCreate,
                    attached,
                    moved,
                    &needs,
                )
            } else {
                layout.stays(&name, server, &[]).stays(&link, attached, &needs)
            };
        }
        layout
    }

    /// The same with members that get another type, for which each is stopped.
    fn resized(zones: &[usize], resized: &[bool]) -> Self {
        let mut layout = Layout::web(zones, &vec![false; zones.len()], &vec![false; zones.len()]);
        for (i, _) in resized.iter().enumerate().filter(|(_, resized)| **resized) {
            let name = address(&format!("aws_instance.web[{i}]"));
            let change = layout.changes.iter_mut().find(|c| c.address == name).unwrap();
            change.action = Action::Update;
            change.after = change.after.clone().map(|a| a.with("instance_type", "large"));
        }
        layout
    }

    /// NAT gateways and the private tables that go out through them, by index.
    fn egress(gateways: &[Option<bool>], tables: &[usize]) -> Self {
        let mut layout = Layout::default();
        for (i, replaced) in gateways.iter().enumerate() {
            let name = format!("aws_nat_gateway.nat[{i}]");
            let subnet = attrs([("id", format!("subnet-{i}").into()), ("vpc_id", "vpc".into())]);
            layout = layout.stays(&format!("aws_subnet.public[{i}]"), subnet, &[]);
            let old = attrs([
                ("id", format!("nat-{i}").into()),
                ("subnet_id", format!("subnet-{i}").into()),
                ("allocation_id", format!("eip-{i}").into()),
            ]);
            layout = match replaced {
                None => layout.stays(&name, old, &[]),
                Some(same_address) => {
                    let address = if *same_address { old.get("allocation_id").cloned() } else { None };
                    let new = old
                        .clone()
                        .with("id", later(&name, "id"))
                        .with("allocation_id", address.unwrap_or_else(|| later("aws_eip.new", "id")));
                    layout.with(&name, Action::DeleteThenCreate, old, new, &[])
                }
            };
        }
        for (i, gateway) in tables.iter().enumerate() {
            let (table, route) = (format!("aws_route_table.t[{i}]"), format!("aws_route.out[{i}]"));
            let nat = format!("aws_nat_gateway.nat[{gateway}]");
            let old = attrs([
                ("id", format!("r-{i}").into()),
                ("route_table_id", format!("rtb-{i}").into()),
                ("destination_cidr_block", "0.0.0.0/0".into()),
                ("nat_gateway_id", format!("nat-{gateway}").into()),
            ]);
            layout = layout.stays(&table, attrs([("id", format!("rtb-{i}").into())]), &[]);
            layout = if gateways[*gateway].is_some() {
                let new = old.clone().with("nat_gateway_id", later(&nat, "id"));
                layout.with(&route, Action::Update, old, new, &[&table, &nat])
            } else {
                layout.stays(&route, old, &[&table, &nat])
            };
        }
        layout
    }

    fn rolls(mut self, spec: Spec) -> Self {
        self.specs.insert(address("aws_instance.web[0]").resource, spec);
        self
    }

    fn ordered(&self) -> Result<Ordered, Diagnostics> {
        let (pulse, place) = (Pulse::default(), |_: &Change, _: &[&str]| None);
        let demands =
            Demands { level: Some(Level::High), specs: &self.specs, schema: &schema, pulse: &pulse, place: &place };
        steps(self.changes.clone(), &self.depends, &demands)
    }

    fn judged(&self, ordered: &Ordered) -> Verdict {
        let missing = |s: &Service| {
            let spec = self.specs.get(&ordered.changes[s.members[0].change].address.resource)?;
            Some(spec.max_unavailable?.down(s.members.len()))
        };
        judge(&Judged {
            ways: &BTreeSet::new(),
            changes: &ordered.changes,
            steps: &ordered.steps,
            services: &ordered.services,
            level: Level::High,
            may_be_missing: &missing,
            surge: &|_| 0,
            schema: &schema,
        })
    }
}

/// Each step with what it needs, as a reader of the plan sees it.
fn reported(ordered: &Ordered) -> String {
    let step = |(i, s): (usize, &Step)| {
        let what = match &s.wait {
            Some(Wait::Healthy { .. }) => "healthy".to_owned(),
            Some(Wait::Drained { .. }) => "drained".to_owned(),
            Some(Wait::Others { .. }) => "others".to_owned(),
            None => s.op.to_string(),
        };
        format!("{i}: {what} {} after {:?}\n", ordered.changes[s.change].address, s.needs)
    };
    ordered.steps.iter().enumerate().map(step).collect()
}

fn same(n: usize) -> (Vec<usize>, Vec<bool>, Vec<bool>) {
    ((0..n).collect(), vec![true; n], vec![false; n])
}

#[test]
fn members_roll_one_by_one_and_new_ones_come_first() {
    let (zones, replaced, ips) = same(2);
    let ordered = Layout::web(&zones, &replaced, &ips).ordered().unwrap();
    insta::assert_snapshot!(reported(&ordered), @"
    0: create aws_instance.web[0] after []
    1: create aws_lb_target_group_attachment.web[0] after [0]
    2: healthy aws_instance.web[0] after [0, 1]
    3: delete aws_lb_target_group_attachment.web[0] after [1, 2]
    4: drained aws_lb_target_group_attachment.web[0] after [3]
    5: delete aws_instance.web[0] after [0, 1, 2, 3, 4]
    6: create aws_instance.web[1] after [2, 3, 4, 5]
    7: create aws_lb_target_group_attachment.web[1] after [6]
    8: healthy aws_instance.web[1] after [6, 7]
    9: delete aws_lb_target_group_attachment.web[1] after [7, 8]
    10: drained aws_lb_target_group_attachment.web[1] after [9]
    11: delete aws_instance.web[1] after [6, 7, 8, 9, 10]
    ");
    let waves: Vec<_> = ordered.waves.iter().map(|w| (w.number, w.total, w.create_first, w.members.clone())).collect();
    assert_eq!(
        waves,
        [(1, 2, true, vec!["aws_instance.web[0]".to_owned()]), (2, 2, true, vec!["aws_instance.web[1]".to_owned()]),]
    );
}

#[test]
fn members_are_stopped_one_after_the_other() {
    let layout = Layout::resized(&[0, 1, 2], &[true, true, true]);
    let ordered = layout.ordered().unwrap();
    insta::assert_snapshot!(reported(&ordered), @"
    0: others aws_lb_target_group_attachment.web[0] after []
    1: delete aws_lb_target_group_attachment.web[0] after [0]
    2: drained aws_lb_target_group_attachment.web[0] after [1]
    3: update aws_instance.web[0] after [0, 2]
    4: create aws_lb_target_group_attachment.web[0] after [1, 3]
    5: healthy aws_instance.web[0] after [3, 4]
    6: others aws_lb_target_group_attachment.web[1] after [3, 4, 5]
    7: delete aws_lb_target_group_attachment.web[1] after [3, 4, 5, 6]
    8: drained aws_lb_target_group_attachment.web[1] after [7]
    9: update aws_instance.web[1] after [3, 4, 5, 6, 8]
    10: create aws_lb_target_group_attachment.web[1] after [7, 9]
    11: healthy aws_instance.web[1] after [9, 10]
    12: others aws_lb_target_group_attachment.web[2] after [9, 10, 11]
    13: delete aws_lb_target_group_attachment.web[2] after [9, 10, 11, 12]
    14: drained aws_lb_target_group_attachment.web[2] after [13]
    15: update aws_instance.web[2] after [9, 10, 11, 12, 14]
    16: create aws_lb_target_group_attachment.web[2] after [13, 15]
    17: healthy aws_instance.web[2] after [15, 16]
    ");
    let verdict = layout.judged(&ordered);
    assert_eq!((verdict.services[0].least, verdict.losses.len()), (2, 0));
}

#[test]
fn a_surge_rolls_several_and_a_fixed_address_deletes_first() {
    let (zones, replaced, ips) = same(4);
    let surge = Spec { max_surge: Some(Amount::Percent(50)), ..Spec::default() };
    let ordered = Layout::web(&zones, &replaced, &ips).rolls(surge).ordered().unwrap();
    let sizes: Vec<usize> = ordered.waves.iter().map(|w| w.members.len()).collect();
    assert_eq!(sizes, [2, 2]);

    let fixed = Layout::web(&zones, &replaced, &[true; 4]);
    let two = Spec { max_unavailable: Some(Amount::Count(2)), ..Spec::default() };
    let ordered = fixed.clone().rolls(two).ordered().unwrap();
    let waves: Vec<_> = ordered.waves.iter().map(|w| (w.create_first, w.members.len())).collect();
    assert_eq!(waves, [(false, 1); 4], "never two zones at once");
    let remark = ordered.waves[0].remark.clone().unwrap();
    assert!(remark.contains("both would have the same private_ip"), "{remark}");

    let none = Spec { max_unavailable: Some(Amount::Count(0)), ..Spec::default() };
    let refused = fixed.rolls(none).ordered().err().expect("it is refused");
    let text: String = refused.iter().map(|d| render(d, false)).collect();
    assert!(text.contains("No member may be missing, but the new ones cannot be created first"), "{text}");
}

#[test]
fn the_only_gateway_keeping_its_address_interrupts_all() {
    let shared = Layout::egress(&[Some(true)], &[0, 0, 0]);
    let verdict = shared.judged(&shared.ordered().unwrap());
    assert_eq!(verdict.losses.len(), 3);
    assert!(verdict.losses.iter().all(|l| l.reason == InterruptionReason::Egress && l.cure.contains("allocation_id")));
    assert_eq!(verdict.single_points.len(), 1, "{:?}", verdict.single_points);

    let another = Layout::egress(&[Some(false)], &[0, 0, 0]);
    let verdict = another.judged(&another.ordered().unwrap());
    assert_eq!(verdict.losses, []);
    assert!(verdict.services.iter().all(|s| s.least == 1), "{:?}", verdict.services);
}

#[test]
fn routes_of_a_replaced_gateway_go_through_another() {
    let layout = Layout::egress(&[Some(true), None], &[0, 1]);
    let ordered = layout.ordered().unwrap();
    insta::assert_snapshot!(reported(&ordered), @"
    0: detour aws_route.out[0] after []
    1: delete aws_nat_gateway.nat[0] after [0]
    2: create aws_nat_gateway.nat[0] after [1]
    3: update aws_route.out[0] after [2]
    ");
    assert_eq!(layout.judged(&ordered).losses, []);
    let remark = ordered.waves[0].remark.clone().unwrap();
    assert!(remark.starts_with("its routes lead through aws_nat_gateway.nat[1] meanwhile"), "{remark}");
}

#[test]
fn members_that_cannot_come_first_follow_those_that_can() {
    let layout = Layout::web(&[0, 1, 2], &[true; 3], &[true, false, true]);
    let ordered = layout.ordered().unwrap();
    let waves: Vec<_> = ordered.waves.iter().map(|w| (w.number, w.create_first, w.members.concat())).collect();
    let member = |i: usize| format!("aws_instance.web[{i}]");
    assert_eq!(waves, [(1, true, member(1)), (2, false, member(0)), (3, false, member(2))]);
    assert!(ordered.waves.iter().all(|w| w.total == 3));
    assert_eq!(layout.judged(&ordered).services[0].least, 2, "one at a time");
}

#[test]
fn a_leftover_goes_only_after_its_successor_is_healthy() {
    let mut layout = Layout::web(&[0, 1], &[false, true], &[false; 2]);
    for name in ["aws_instance.web[0]", "aws_lb_target_group_attachment.web[0]"] {
        let mut old = layout.changes.iter().find(|c| c.address == address(name)).unwrap().clone();
        (old.action, old.after, old.deposed) = (Action::Delete, None, Some("old".into()));
        layout.changes.push(old);
    }
    let ordered = layout.ordered().unwrap();
    let healthy = ordered.steps.iter().position(|s| matches!(s.wait, Some(Wait::Healthy { .. }))).unwrap();
    let deposed = |s: &Step| s.op == Op::Delete && ordered.changes[s.change].deposed.is_some();
    for (id, _) in ordered.steps.iter().enumerate().filter(|(_, s)| deposed(s)) {
        assert!(ancestors(&ordered.steps, id).contains(&healthy), "{}", reported(&ordered));
    }
    assert_eq!(ordered.waves.len(), 2);
}

fn ancestors(steps: &[Step], of: usize) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut stack = steps[of].needs.clone();
    while let Some(at) = stack.pop() {
        if found.insert(at) {
            stack.extend(&steps[at].needs);
        }
    }
    found
}

/// A region in which a plan is carried out, as far as services go.
struct Region<'a> {
    ordered: &'a Ordered,
    begun: BTreeSet<usize>,
    done: BTreeSet<usize>,
}

impl Region<'_> {
    fn begun(&self, change: usize, op: Op) -> bool {
        self.begun.iter().any(|&id| self.ordered.steps[id].change == change && self.ordered.steps[id].op == op)
    }

    fn done(&self, change: usize, is: impl Fn(&Step) -> bool) -> bool {
        self.done.iter().any(|&id| self.ordered.steps[id].change == change && is(&self.ordered.steps[id]))
    }

    /// Whether a gateway lets out at this moment: the old one, or the new one.
    fn lets_out(&self, gateway: usize) -> bool {
        !self.begun(gateway, Op::Delete) || self.done(gateway, |s| s.op == Op::Create)
    }

    /// Whether a route leads to a gateway that lets out. While it changes, both ends have to.
    fn leads_out(&self, gateway: usize, route: usize) -> bool {
        let detour = self.ordered.steps.iter().find(|s| s.change == route && s.op == Op::Reroute);
        let peer = detour.and_then(|s| s.detour.clone());
        let peer = |i: &usize| Some(self.ordered.changes[*i].address.to_string()) == peer;
        let peer = (0..self.ordered.changes.len()).find(peer);
        let old = !self.begun(gateway, Op::Delete);
        let around = peer.is_some_and(|p| self.lets_out(p));
        let is = |op| move |s: &Step| s.op == op;
        if self.done(route, is(Op::Update)) {
            return self.lets_out(gateway);
        }
        if self.done(route, is(Op::Reroute)) {
            return around;
        }
        old && (around || !self.begun(route, Op::Reroute))
    }

    /// How many members of a service serve at this moment.
    fn serving(&self, service: &Service) -> usize {
        if service.kind == ServiceKind::Egress {
            return service.members.iter().filter(|m| self.leads_out(m.change, m.links[0])).count();
        }
        let stopped = |m: &crate::plan::services::Member| {
            let waits = |s: &Step| matches!(s.wait, Some(Wait::Healthy { .. }));
            self.ordered.changes[m.change].action == Action::Update
                && self.begun(m.change, Op::Update)
                && !self.done(m.change, waits)
        };
        let serves = |m: &&crate::plan::services::Member| {
            if stopped(m) {
                return false;
            }
            let parts = || std::iter::once(m.change).chain(m.links.iter().copied());
            let old_is_out = parts().any(|i| self.begun(i, Op::Delete));
            let waits = |s: &Step| matches!(s.wait, Some(Wait::Healthy { .. }));
            let gated = self.ordered.steps.iter().any(|s| s.change == m.change && waits(s));
            let made = |s: &Step| matches!(s.op, Op::Create | Op::Update);
            let moved = |i: usize| {
                let moves = self.ordered.steps.iter().any(|s| s.change == i && made(s));
                !moves || self.done(i, made)
            };
            let new_is_in = if gated { self.done(m.change, waits) } else { parts().all(moved) };
            !old_is_out || new_is_in
        };
        service.members.iter().filter(serves).count()
    }

    fn ready(&self) -> Vec<usize> {
        let free = |(id, s): &(usize, &Step)| !self.begun.contains(id) && s.needs.iter().all(|n| self.done.contains(n));
        self.ordered.steps.iter().enumerate().filter(free).map(|(id, _)| id).collect()
    }
}

/// Carries a plan out in an order that `choices` picks, many steps at a time; a step that `fails` names
/// fails, after which nothing new is begun. At no moment serves less than was promised.
fn carry_out(layout: &Layout, choices: &[u8], fails: usize) -> Result<(), TestCaseError> {
    let Ok(ordered) = layout.ordered() else { return Ok(()) };
    let verdict = layout.judged(&ordered);
    let mut region = Region { ordered: &ordered, begun: BTreeSet::new(), done: BTreeSet::new() };
    let mut running: Vec<usize> = Vec::new();
    let mut failed = false;
    for choice in choices.iter().cycle() {
        let ready = if failed { Vec::new() } else { region.ready() };
        match (ready.len(), running.len()) {
            (0, 0) => break,
            (0, n) => {
                let id = running.remove(usize::from(*choice) % n);
                end(&mut region, id, fails, &mut failed);
            }
            (n, 0) => {
                let id = ready[usize::from(*choice) % n];
                region.begun.insert(id);
                running.push(id);
            }
            (n, _) if choice % 2 == 0 => {
                let id = ready[usize::from(*choice / 2) % n];
                region.begun.insert(id);
                running.push(id);
            }
            (_, n) => {
                let id = running.remove(usize::from(*choice / 2) % n);
                end(&mut region, id, fails, &mut failed);
            }
        }
        for service in &ordered.services {
            let promised = verdict.services.iter().find(|k| k.service == service.name);
            let least = promised.map_or(service.members.len(), |k| k.least);
            let serving = region.serving(service);
            prop_assert!(serving >= least, "{} of {}, promised {least}\n{}", serving, service.name, reported(&ordered));
        }
    }
    prop_assert!(failed || region.done.len() == ordered.steps.len(), "every step is done\n{}", reported(&ordered));
    Ok(())
}

fn end(region: &mut Region<'_>, id: usize, fails: usize, failed: &mut bool) {
    if id == fails {
        *failed = true;
    } else {
        region.done.insert(id);
    }
}

fn amount() -> impl Strategy<Value = Option<Amount>> {
    prop_oneof![
        Just(None),
        (0..4usize).prop_map(|n| Some(Amount::Count(n))),
        (0..101usize).prop_map(|n| Some(Amount::Percent(n)))
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn no_order_and_no_failure_breaks_what_a_rollout_promised(
        members in proptest::collection::vec((0..3usize, any::<bool>(), proptest::bool::weighted(0.2)), 1..6),
        spec in proptest::option::of((amount(), amount())),
        choices in proptest::collection::vec(any::<u8>(), 8..40),
        fails in 0..60usize,
    ) {
        let (zones, rest): (Vec<usize>, Vec<(bool, bool)>) = members.into_iter().map(|(z, r, f)| (z, (r, f))).unzip();
        let (replaced, fixed): (Vec<bool>, Vec<bool>) = rest.into_iter().unzip();
        let mut layout = Layout::web(&zones, &replaced, &fixed);
        if let Some((max_unavailable, max_surge)) = spec {
            layout = layout.rolls(Spec { max_unavailable, max_surge, ..Spec::default() });
        }
        carry_out(&layout, &choices, fails)?;
    }

    #[test]
    fn no_order_or_failure_stops_more_members_than_allowed(
        members in proptest::collection::vec((0..3usize, any::<bool>()), 1..6),
        missing in amount(),
        choices in proptest::collection::vec(any::<u8>(), 8..40),
        fails in 0..40usize,
    ) {
        let (zones, resized): (Vec<usize>, Vec<bool>) = members.into_iter().unzip();
        let spec = Spec { max_unavailable: missing, ..Spec::default() };
        carry_out(&Layout::resized(&zones, &resized).rolls(spec), &choices, fails)?;
    }

    #[test]
    fn no_order_and_no_failure_takes_a_way_out_that_was_promised(
        gateways in proptest::collection::vec(proptest::option::of(any::<bool>()), 1..4),
        tables in proptest::collection::vec(any::<proptest::sample::Index>(), 1..5),
        choices in proptest::collection::vec(any::<u8>(), 8..40),
        fails in 0..40usize,
    ) {
        let tables: Vec<usize> = tables.iter().map(|t| t.index(gateways.len())).collect();
        carry_out(&Layout::egress(&gateways, &tables), &choices, fails)?;
    }
}

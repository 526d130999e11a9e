//! Findings of the real types, from plans made by hand.

use super::*;
use crate::diag::{SourceFile, Span};
use crate::plan::fixtures::{address, change, map, plan};
use crate::plan::{Action, AttributeChange, Cause, Change, Drift, Plan, Reason};
use crate::resources::Types;
use crate::schema::Attrs;
use crate::value::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

fn attrs(entries: &[(&str, Value)]) -> Attrs {
    entries.iter().map(|(name, value)| (*name, value.clone())).collect()
}

fn block(_: &Change) -> Option<Written> {
    let file = Arc::new(SourceFile { path: "net/main.tf".into(), text: "\n\nresource".into() });
    Some(Written { at: Span::new(&file, 2..10), gives: vec!["egress".into()] })
}

fn look(plan: &Plan, open: &[Open], unmanaged: &[Unmanaged]) -> Vec<Finding> {
    let held = BTreeSet::from(["the ingress rule \"tcp port 53, 10.0.0.0/8\" of sg-1".to_owned()]);
    let beside = Beside { unmanaged, held: &held };
    findings(Looked { plan, block: &block, schemas: &Types, open, beside: Some(beside) })
}

/// An object that was changed by hand from what the layout wants.
fn changed(at: &str, wanted: Attrs, live: Attrs, action: Action) -> (Drift, Change) {
    let names: Vec<String> =
        live.iter().filter(|(n, v)| wanted.get(n) != Some(v)).map(|(n, _)| n.to_string()).collect();
    let drift =
        Drift { address: address(at), stored: wanted.clone(), live: Some(live.clone()), attributes: names.clone() };
    let of = |name: String| AttributeChange { name, cause: Cause::World, forces_replacement: false };
    let after = (action != Action::Delete && action != Action::Forget).then_some(wanted);
    let change = Change { attributes: names.into_iter().map(of).collect(), ..change(at, action, Some(live), after) };
    (drift, change)
}

fn of(parts: Vec<(Drift, Change)>) -> Plan {
    let (drift, changes) = parts.into_iter().unzip();
    Plan { drift, ..plan(changes) }
}

fn grade(at: &str, wanted: &[(&str, Value)], live: &[(&str, Value)]) -> String {
    let found = look(&of(vec![changed(at, attrs(wanted), attrs(live), Action::Update)]), &[], &[]);
    let lines = found.iter().map(|f| format!("{} {}", f.severity.word(), f.why));
    lines.collect::<Vec<_>>().join("; ")
}

#[test]
fn a_changed_attribute_is_graded_by_what_it_does() {
    let rule = |range: &str| {
        [
            ("ip_protocol", Value::from("tcp")),
            ("from_port", 22.into()),
            ("to_port", 22.into()),
            ("cidr_ipv4", range.into()),
        ]
    };
    let sg = "aws_vpc_security_group_ingress_rule.r";
    assert_eq!(grade(sg, &rule("10.0.0.0/8"), &rule("0.0.0.0/0")), "opens lets more through");
    assert_eq!(grade(sg, &rule("10.0.0.0/8"), &rule("10.1.0.0/16")), "interrupts lets less through");
    let described = |text: &str| [&rule("10.0.0.0/8")[..], &[("description", text.into())]].concat();
    assert_eq!(grade(sg, &described("a"), &described("b")), "cosmetic only what describes it");
    let acl = |action: &str| {
        [
            ("network_acl_id", Value::from("acl-1")),
            ("rule_number", 100.into()),
            ("rule_action", action.into()),
            ("protocol", "tcp".into()),
            ("cidr_block", "10.0.0.0/8".into()),
            ("from_port", 22.into()),
            ("to_port", 22.into()),
        ]
    };
    assert_eq!(grade("aws_network_acl_rule.r", &acl("deny"), &acl("allow")), "opens lets more through");
    assert_eq!(grade("aws_network_acl_rule.r", &acl("allow"), &acl("deny")), "interrupts lets less through");
    let one = |at: &str, name: &str, wanted: Value, live: Value| grade(at, &[(name, wanted)], &[(name, live)]);
    let route = |live: &str| one("aws_route.r", "gateway_id", "vgw-1".into(), live.into());
    assert_eq!(route("igw-1"), "opens leads to the internet");
    assert_eq!(route("vgw-2"), "interrupts leads elsewhere");
    let public = |at: &str, name: &str, live: bool| one(at, name, (!live).into(), live.into());
    assert_eq!(public("aws_subnet.s", "map_public_ip_on_launch", true), "opens gives access from the internet");
    assert_eq!(public("aws_subnet.s", "map_public_ip_on_launch", false), "interrupts takes access away");
    assert_eq!(public("aws_lb.l", "internal", false), "opens gives access from the internet");
    assert_eq!(public("aws_vpc.v", "enable_dns_support", false), "changes differs from the layout");
    let policy = one("aws_vpc_endpoint_policy.p", "policy", "{}".into(), "{\"a\":1}".into());
    assert_eq!(policy, "opens may let more in");
    let tag = one("aws_vpc.v", "tags", map([("a", "1")]), map([("a", "2")]));
    assert_eq!(tag, "cosmetic only what describes it");
    let table = one("aws_route_table_association.a", "route_table_id", "rtb-1".into(), "rtb-2".into());
    assert_eq!(table, "interrupts leads elsewhere");
}

#[test]
fn a_missing_object_is_graded_by_its_role() {
    let grade = |at: &str, stored: &[(&str, Value)]| {
        let drift = Drift { address: address(at), stored: attrs(stored), live: None, attributes: Vec::new() };
        let change = Change { reason: Some(Reason::Vanished), ..change(at, Action::Create, None, Some(attrs(&[]))) };
        let found = look(&of(vec![(drift, change)]), &[], &[]);
        assert_eq!((found.len(), found[0].class, found[0].effect), (1, Class::Missing, Effect::Create), "{at}");
        found[0].severity
    };
    let deny = [
        ("rule_number", Value::from(100)),
        ("rule_action", "deny".into()),
        ("protocol", "-1".into()),
        ("cidr_block", "10.0.0.0/8".into()),
    ];
    let allow = [("ip_protocol", Value::from("-1")), ("cidr_ipv4", "10.0.0.0/8".into())];
    for (at, stored, severity) in [
        ("aws_network_acl_rule.r", &deny[..], Severity::Opens),
        ("aws_vpc_security_group_ingress_rule.r", &allow[..], Severity::Interrupts),
        ("aws_security_group.g", &[], Severity::Interrupts),
        ("aws_wafv2_web_acl_association.a", &[], Severity::Opens),
        ("aws_route.r", &[], Severity::Interrupts),
        ("aws_subnet.s", &[], Severity::Interrupts),
        ("aws_instance.i", &[], Severity::Interrupts),
        ("aws_cloudwatch_log_group.l", &[], Severity::Changes),
    ] {
        assert_eq!(grade(at, stored), severity, "{at}");
    }
}

#[test]
fn only_what_differs_from_the_layout_too_is_found() {
    let (wanted, live) =
        (attrs(&[("enable_dns_support", true.into())]), attrs(&[("enable_dns_support", false.into())]));
    let with = |action: Action| changed("aws_vpc.v", wanted.clone(), live.clone(), action);
    let (drift, change) = with(Action::NoOp);
    let taken_over = Change { attributes: Vec::new(), ..change };
    assert_eq!(look(&of(vec![(drift, taken_over)]), &[], &[]), []);
    assert_eq!(look(&of(vec![with(Action::Forget)]), &[], &[]), [], "the layout gives it up");
    let found = look(&of(vec![with(Action::Delete)]), &[], &[]);
    assert_eq!((found[0].effect, found[0].differences[0].wanted.as_ref()), (Effect::Delete, None));
    let found = look(&of(vec![with(Action::CreateThenDelete)]), &[], &[]);
    let place = found[0].at.as_ref().map(|at| (at.file.as_str(), at.line));
    assert_eq!((found[0].effect, place), (Effect::Replace, Some(("net/main.tf", 3))));
}

#[test]
fn a_tag_over_a_default_tag_was_not_added() {
    let side = |own: Value, all: Value| attrs(&[("tags", own), ("tags_all", all)]);
    let wanted = side(map([("Name", "a")]), map([("Name", "a"), ("Owner", "ops"), ("Team", "t")]));
    let live =
        side(map([("Name", "a"), ("Owner", "me"), ("By", "me")]), map([("Name", "a"), ("Owner", "me"), ("By", "me")]));
    let found = look(&of(vec![changed("aws_vpc.v", wanted, live, Action::Update)]), &[], &[]);
    let text = |value: &Option<Value>| value.as_ref().and_then(Value::as_str).unwrap_or("-").to_owned();
    let lines = found[0]
        .differences
        .iter()
        .map(|d| format!("{} {} {} {}", d.path, text(&d.state), text(&d.live), text(&d.wanted)));
    assert_eq!(
        lines.collect::<Vec<_>>(),
        ["tags[\"By\"] - me -", "tags[\"Owner\"] ops me ops", "tags_all[\"Team\"] t - t"]
    );
}

#[test]
fn what_a_run_left_is_half_done_once() {
    let unfinished = |at: &str, reason: Reason| Change {
        reason: Some(reason),
        ..change(at, Action::Update, Some(attrs(&[])), Some(attrs(&[])))
    };
    let open = |at: &str, kind: &'static str, id: Option<&str>| Open {
        address: address(at),
        region: "eu-west-1".into(),
        kind,
        since: "2026-01-02T03:04:05Z".into(),
        id: id.map(str::to_owned),
    };
    let deposed = Change { deposed: Some("k".into()), ..unfinished("aws_eip.e", Reason::Deposed) };
    let plan = plan(vec![
        unfinished("aws_vpc.v", Reason::Unfinished),
        unfinished("aws_subnet.s", Reason::Unfinished),
        deposed,
    ]);
    let open = [open("aws_vpc.v", "create", Some("vpc-1")), open("aws_vpc.gone", "delete", None)];
    let found = look(&plan, &open, &[]);
    assert!(found.iter().all(|f| f.class == Class::HalfDone && f.effect == Effect::Finish));
    let lines: Vec<String> =
        found.iter().map(|f| format!("{}: {}", f.title(), f.note.as_deref().unwrap_or(""))).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    aws_eip.e: an earlier run replaced this object and did not delete it
    aws_subnet.s: an earlier run made the object and did not set all of it
    aws_vpc.gone: the run that began at 2026-01-02T03:04:05Z was about to delete it; its outcome is not recorded
    aws_vpc.v: the run that began at 2026-01-02T03:04:05Z was about to create it; vpc-1 is there
    "#);
}

#[test]
fn objects_beside_the_layout_come_after_what_is_graver() {
    let object = |type_name: &str, id: &str| Unmanaged {
        type_name: type_name.into(),
        id: id.into(),
        name: Some("by hand".into()),
        place: "eu-west-1, vpc-1".into(),
    };
    let beside = [object("aws_subnet", "subnet-1"), object("aws_internet_gateway", "igw-1"), object("aws_x", "x-1")];
    let found = look(&plan(Vec::new()), &[], &beside);
    let lines: Vec<String> = found.iter().map(|f| format!("{} {}", f.severity.word(), f.title())).collect();
    assert_eq!(lines, ["opens aws_internet_gateway igw-1", "changes aws_subnet subnet-1", "changes aws_x x-1"]);
    let percent = |managed, unmanaged| Coverage { managed, unmanaged }.percent();
    assert_eq!((percent(0, 0), percent(999, 1), percent(1, 3), percent(5, 0)), (100, 99, 25, 100));
}

#[test]
fn a_rule_by_hand_in_a_group_with_rules_of_their_own_is_found() {
    let rule = |port: i32| {
        Value::object([
            ("protocol", Value::from("tcp")),
            ("from_port", port.into()),
            ("to_port", port.into()),
            ("cidr_blocks", Value::strings(["10.0.0.0/8"])),
        ])
    };
    let rules = |ports: &[i32]| {
        let all: Vec<Value> = ports.iter().map(|port| rule(*port)).collect();
        Value::list(all[0].ty(), all)
    };
    let group = attrs(&[("id", "sg-1".into()), ("ingress", rules(&[443, 53, 22])), ("egress", rules(&[80]))]);
    let own = attrs(&[
        ("security_group_id", "sg-1".into()),
        ("ip_protocol", "tcp".into()),
        ("from_port", 443.into()),
        ("to_port", 443.into()),
        ("cidr_ipv4", "10.0.0.0/8".into()),
    ]);
    let idle = |at: &str, attrs: &Attrs| change(at, Action::NoOp, Some(attrs.clone()), Some(attrs.clone()));
    let plan = plan(vec![idle("aws_security_group.g", &group), idle("aws_vpc_security_group_ingress_rule.own", &own)]);
    let found = look(&plan, &[], &[]);
    let lines: Vec<String> =
        found.iter().map(|f| format!("{} {} {:?}", f.class.word(), f.title(), f.differences)).collect();
    assert_eq!(found.len(), 1, "{lines:?}");
    let live: Vec<_> = found[0].differences.iter().map(|d| d.live.as_ref().and_then(Value::as_str)).collect();
    assert_eq!(live, [Some("the ingress rule \"tcp port 22, 10.0.0.0/8\"")], "the egress of the block is the block's");
    assert_eq!(
        (found[0].class, found[0].severity, found[0].effect),
        (Class::Unmanaged, Severity::Opens, Effect::Nothing)
    );
}

/// A server with a public address, a gateway that leads to it if there is one, and a group that was changed by hand.
fn opened(gateway: bool, wanted: &[&str], live: &[&str]) -> Vec<Finding> {
    let j = |json: serde_json::Value| Attrs::from_value(&crate::value::json::from_json(&json).expect("values"));
    let idle = |at: &str, json| {
        let of = j(json);
        change(at, Action::NoOp, Some(of.clone()), Some(of))
    };
    let rules = |ranges: &[&str]| {
        let rule = |range: &&str| {
            Value::object([
                ("protocol", Value::from("tcp")),
                ("from_port", 22.into()),
                ("to_port", 22.into()),
                ("cidr_blocks", Value::strings([*range])),
            ])
        };
        let all: Vec<Value> = ranges.iter().map(rule).collect();
        attrs(&[("id", "sg-1".into()), ("vpc_id", "v".into()), ("ingress", Value::list(all[0].ty(), all))])
    };
    let (drift, group) = changed("aws_security_group.ssh", rules(wanted), rules(live), Action::Update);
    let mut changes = vec![
        idle("aws_vpc.v", serde_json::json!({ "id": "v", "cidr_block": "10.0.0.0/16" })),
        idle("aws_subnet.s", serde_json::json!({ "id": "s", "vpc_id": "v", "cidr_block": "10.0.1.0/24" })),
        idle("aws_route_table.t", serde_json::json!({ "id": "t", "vpc_id": "v" })),
        idle(
            "aws_route.out",
            serde_json::json!({
                "id": "r", "route_table_id": "t", "destination_cidr_block": "0.0.0.0/0", "gateway_id": "igw",
            }),
        ),
        idle(
            "aws_route_table_association.s",
            serde_json::json!({ "id": "a", "subnet_id": "s", "route_table_id": "t" }),
        ),
        idle(
            "aws_instance.bastion",
            serde_json::json!({
                "id": "i", "subnet_id": "s", "private_ip": "10.0.1.5", "public_ip": "54.1.2.3",
                "vpc_security_group_ids": ["sg-1"],
            }),
        ),
        group,
    ];
    if gateway {
        changes.push(idle("aws_internet_gateway.g", serde_json::json!({ "id": "igw", "vpc_id": "v" })));
    }
    look(&Plan { drift: vec![drift], ..plan(changes) }, &[], &[])
}

#[test]
fn a_change_by_hand_is_as_grave_as_what_it_opens() {
    let said = |found: Vec<Finding>| -> Vec<String> {
        let line = |f: &Finding| {
            let flows: Vec<String> = f.exposure.iter().map(|change| change.flow()).collect();
            format!("{} {}: {}", f.severity.word(), f.why, flows.join(", "))
        };
        found.iter().map(line).collect()
    };
    let (inside, world) = (&["10.0.0.0/8"][..], &["0.0.0.0/0"][..]);
    assert_eq!(
        said(opened(true, inside, world)),
        ["opens gives access from the internet: + internet → tcp/22 → bastion"]
    );
    assert_eq!(said(opened(false, inside, world)), ["opens lets more through: "], "no gateway leads there");
    assert_eq!(said(opened(true, world, inside)), ["interrupts takes access away: - internet → tcp/22 → bastion"]);
    let found = opened(true, inside, world);
    assert!(found[0].differences.iter().any(|d| d.why == "gives access from the internet"), "{:?}", found[0]);
    // A finding opens nothing where only another part of it is left.
    let tag = Difference { severity: Severity::Cosmetic, ..found[0].differences[0].clone() };
    assert_eq!(found[0].with(vec![tag]).map(|f| f.exposure.len()), Some(0));
}

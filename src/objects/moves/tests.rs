use super::*;
use crate::objects::{Instance, Slot};
use crate::schema::Attrs;
use crate::state::testing::*;
use crate::value::address::parse;
use crate::value::{Type, Value};

fn state(addresses: &[&str]) -> State {
    let mut state = State::new("acme", "lineage");
    for address in addresses {
        state.set(Slot::current(at(address)), Some(instance(address)));
    }
    state
}

fn moves(pairs: &[(&str, &str)]) -> Vec<Move> {
    pairs.iter().map(|(from, to)| (parse(from).unwrap(), parse(to).unwrap())).collect()
}

/// `old -> new` of every object, in the order of the new addresses.
fn after(addresses: &[&str], pairs: &[(&str, &str)]) -> Vec<String> {
    let mut state = state(addresses);
    apply_moves(&mut state, &moves(pairs)).unwrap();
    state.resources.iter().map(|(a, i)| format!("{} -> {a}", i.id)).collect()
}

#[test]
fn objects_move_by_terraforms_rules() {
    type Case = (&'static [&'static str], &'static [(&'static str, &'static str)], &'static [&'static str]);
    let table: &[Case] = &[
        (&["aws_vpc.a"], &[("aws_vpc.a", "aws_vpc.b")], &["aws_vpc.a -> aws_vpc.b"]),
        (
            &["aws_vpc.a[0]", "aws_vpc.a[1]"],
            &[("aws_vpc.a", "aws_vpc.b")],
            &["aws_vpc.a[0] -> aws_vpc.b[0]", "aws_vpc.a[1] -> aws_vpc.b[1]"],
        ),
        (&["aws_vpc.a"], &[("aws_vpc.a", "aws_vpc.a[\"x\"]")], &["aws_vpc.a -> aws_vpc.a[\"x\"]"]),
        (
            &["aws_vpc.a[0]", "aws_vpc.a[1]"],
            &[("aws_vpc.a[0]", "aws_vpc.a[\"x\"]"), ("aws_vpc.a[1]", "aws_vpc.a[\"y\"]")],
            &["aws_vpc.a[0] -> aws_vpc.a[\"x\"]", "aws_vpc.a[1] -> aws_vpc.a[\"y\"]"],
        ),
        (
            &["aws_vpc.a[0]", "aws_vpc.a[1]"],
            &[("aws_vpc.a[0]", "aws_vpc.a")],
            &["aws_vpc.a[0] -> aws_vpc.a", "aws_vpc.a[1] -> aws_vpc.a[1]"],
        ),
        (&["aws_vpc.a"], &[("aws_vpc.a", "module.net.aws_vpc.a")], &["aws_vpc.a -> module.net.aws_vpc.a"]),
        (
            &["module.a.aws_vpc.v", "module.a.module.sub[0].aws_eip.e[\"k\"]", "module.ab.aws_vpc.v"],
            &[("module.a", "module.b")],
            &[
                "module.ab.aws_vpc.v -> module.ab.aws_vpc.v",
                "module.a.aws_vpc.v -> module.b.aws_vpc.v",
                "module.a.module.sub[0].aws_eip.e[\"k\"] -> module.b.module.sub[0].aws_eip.e[\"k\"]",
            ],
        ),
        (
            &["module.a[\"x\"].aws_vpc.v", "module.a[\"y\"].aws_vpc.v"],
            &[("module.a", "module.b")],
            &[
                "module.a[\"x\"].aws_vpc.v -> module.b[\"x\"].aws_vpc.v",
                "module.a[\"y\"].aws_vpc.v -> module.b[\"y\"].aws_vpc.v",
            ],
        ),
        (
            &["module.a.aws_vpc.v", "module.a[\"y\"].aws_vpc.v"],
            &[("module.a", "module.a[\"x\"]")],
            &[
                "module.a.aws_vpc.v -> module.a[\"x\"].aws_vpc.v",
                "module.a[\"y\"].aws_vpc.v -> module.a[\"y\"].aws_vpc.v",
            ],
        ),
        (
            &["module.a[0].aws_vpc.v", "module.a[1].aws_vpc.v"],
            &[("module.a[1]", "module.b[\"k\"]")],
            &["module.a[0].aws_vpc.v -> module.a[0].aws_vpc.v", "module.a[1].aws_vpc.v -> module.b[\"k\"].aws_vpc.v"],
        ),
        // Chains, in whatever order they are written.
        (&["aws_vpc.a"], &[("aws_vpc.b", "aws_vpc.c"), ("aws_vpc.a", "aws_vpc.b")], &["aws_vpc.a -> aws_vpc.c"]),
        (&["aws_vpc.b"], &[("aws_vpc.a", "aws_vpc.b"), ("aws_vpc.b", "aws_vpc.c")], &["aws_vpc.b -> aws_vpc.c"]),
        (
            &["module.a.aws_vpc.v"],
            &[("module.b.aws_vpc.v", "module.b.aws_vpc.w"), ("module.a", "module.b")],
            &["module.a.aws_vpc.v -> module.b.aws_vpc.w"],
        ),
        // Nothing there, or there already.
        (&["aws_vpc.b"], &[("aws_vpc.a", "aws_vpc.b")], &["aws_vpc.b -> aws_vpc.b"]),
    ];
    for (addresses, pairs, expected) in table {
        assert_eq!(after(addresses, pairs), *expected, "{pairs:?}");
    }
}

#[test]
fn a_move_to_an_occupied_address_is_blocked() {
    let mut state = state(&["aws_vpc.a", "aws_vpc.b"]);
    let before = state.clone();
    let moved = apply_moves(&mut state, &moves(&[("aws_vpc.a", "aws_vpc.b")])).unwrap();
    assert_eq!(moved.blocked, [(at("aws_vpc.a"), at("aws_vpc.b"))]);
    assert_eq!(state, before);
}

#[test]
fn deposed_objects_and_dependencies_move_along() {
    let mut state = state(&["aws_vpc.a"]);
    state.set(Slot::deposed(at("aws_vpc.a"), "k"), Some(instance("old")));
    let needs = Instance { depends_on: vec![at("aws_vpc.a")], ..instance("subnet-1") };
    state.set(Slot::current(at("aws_subnet.s")), Some(needs));
    let moved = apply_moves(&mut state, &moves(&[("aws_vpc.a", "aws_vpc.b"), ("aws_vpc.b", "aws_vpc.c")])).unwrap();
    assert_eq!(moved.moved, [(at("aws_vpc.a"), at("aws_vpc.c"))]);
    assert_eq!(state.deposed[&(at("aws_vpc.c"), "k".into())].id, "old");
    assert_eq!(state.resources[&at("aws_subnet.s")].depends_on, [at("aws_vpc.c")]);
}

#[test]
fn moves_that_cannot_be_meant_are_refused_all_at_once() {
    let table = [
        [("aws_vpc.a", "aws_subnet.a")].as_slice(),
        &[("aws_vpc.a", "aws_vpc.a")],
        &[("module.a", "aws_vpc.a")],
        &[("aws_vpc.a", "aws_vpc.b"), ("aws_vpc.a", "aws_vpc.c")],
        &[("aws_vpc.a", "aws_vpc.c"), ("aws_vpc.b", "aws_vpc.c")],
        &[("aws_vpc.a", "aws_vpc.b"), ("aws_vpc.b", "aws_vpc.a")],
    ];
    let said = |pairs: &&[(&str, &str)]| {
        let mut state = state(&["aws_vpc.a", "aws_vpc.b"]);
        let before = state.clone();
        let found = apply_moves(&mut state, &moves(pairs)).unwrap_err();
        assert_eq!(state, before);
        found.iter().map(|d| d.detail.clone()).collect::<Vec<_>>().join(" ")
    };
    insta::assert_snapshot!(table.iter().map(said).collect::<Vec<_>>().join("\n"), @r"
    aws_subnet.a has another type than aws_vpc.a.
    aws_vpc.a is moved to itself.
    module.a and aws_vpc.a must both be modules or both be resources.
    aws_vpc.a is moved to two places: aws_vpc.b and aws_vpc.c.
    Two objects are moved to aws_vpc.c: aws_vpc.a and aws_vpc.b.
    aws_vpc.a to aws_vpc.b, aws_vpc.b to aws_vpc.a.
    ");
}

#[test]
fn an_object_becomes_one_of_another_type_that_describes_it() {
    let with = |address: &str, attrs: Attrs| {
        let mut state = state(&[address]);
        state.resources.values_mut().for_each(|instance| instance.attrs = attrs.clone());
        state
    };
    let triggers = Value::map(Type::String, [("a".into(), Value::string("1"))].into());
    let mut null = with("null_resource.a", Attrs::default().with("id", "7").with("triggers", triggers));
    apply_moves(&mut null, &moves(&[("null_resource.a", "terraform_data.b")])).unwrap();
    let data = &null.resources[&at("terraform_data.b")];
    assert_eq!(data.attrs.get("triggers_replace").unwrap(), &Value::object([("a", Value::string("1"))]));
    assert_eq!(data.attrs.str("id"), Some("7"));

    let text = |t: &str| Value::list(Type::String, vec![t.into()]);
    let rule = Attrs::default()
        .with("type", "ingress")
        .with("security_group_id", "sg-1")
        .with("protocol", "tcp")
        .with("from_port", 443)
        .with("to_port", 443)
        .with("cidr_blocks", text("10.0.0.0/8"))
        .with("security_group_rule_id", "sgr-1");
    let to = |side: &str| format!("aws_vpc_security_group_{side}_rule.a");
    let mut one = with("aws_security_group_rule.a", rule.clone());
    apply_moves(&mut one, &moves(&[("aws_security_group_rule.a", &to("ingress"))])).unwrap();
    let moved = &one.resources[&at(&to("ingress"))];
    assert_eq!((moved.id.as_str(), moved.attrs.str("cidr_ipv4")), ("sgr-1", Some("10.0.0.0/8")));
    assert_eq!((moved.attrs.str("ip_protocol"), moved.attrs.int("to_port")), (Some("tcp"), Some(443)));
    let mut wrong = with("aws_security_group_rule.a", rule);
    let said = apply_moves(&mut wrong, &moves(&[("aws_security_group_rule.a", &to("egress"))])).unwrap_err();
    assert!(said.iter().any(|d| d.summary == "Impossible move"));

    assert_eq!(after(&["aws_alb.a"], &[("aws_alb.a", "aws_lb.a")]), ["aws_alb.a -> aws_lb.a"]);
    let mut other = state(&["aws_alb.a"]);
    assert!(apply_moves(&mut other, &moves(&[("aws_alb.a", "aws_lb_listener.a")])).is_err());
}

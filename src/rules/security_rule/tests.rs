use super::*;

fn block(protocol: &str, from: i32, to: i32, cidrs: &[&str]) -> Value {
    Value::object([
        ("protocol", protocol.into()),
        ("from_port", from.into()),
        ("to_port", to.into()),
        ("cidr_blocks", Value::strings(cidrs)),
    ])
}

fn described(block: &Value, text: &str) -> Value {
    Attrs::from_value(block).with("description", text).to_value()
}

fn set(blocks: Vec<Value>) -> Value {
    Value::list(Type::Dynamic, blocks)
}

#[test]
fn rules_are_the_same_however_they_are_grouped_and_spelt() {
    let one = set(vec![block("tcp", 80, 80, &["10.0.0.0/8", "192.168.0.0/16"])]);
    let two = set(vec![block("6", 80, 80, &["192.168.0.0/16"]), block("TCP", 80, 80, &["10.0.0.0/8"])]);
    assert!(same(&one, &two));
    assert!(same(&set(vec![block("-1", 0, 0, &["0.0.0.0/0"])]), &set(vec![block("all", -1, -1, &["0.0.0.0/0"])])));
    assert!(!same(&one, &set(vec![block("tcp", 80, 81, &["10.0.0.0/8", "192.168.0.0/16"])])));
    assert!(!same(&one, &set(vec![described(&block("tcp", 80, 80, &["10.0.0.0/8", "192.168.0.0/16"]), "web")])));
    assert!(same(&none(), &Value::any_null()));
}

#[test]
fn collapsing_and_expanding_again_loses_nothing() {
    let rules: Rules = [
        (SecurityRule::new("tcp", Some(443), Some(443), Peer::Ipv4("0.0.0.0/0".into())), "web".to_owned()),
        (SecurityRule::new("tcp", Some(443), Some(443), Peer::Ipv6("::/0".into())), "web".to_owned()),
        (SecurityRule::new("tcp", Some(443), Some(443), Peer::Itself), String::new()),
        (SecurityRule::new("-1", None, None, Peer::Group("sg-1".into())), String::new()),
        (SecurityRule::new("icmp", Some(8), Some(-1), Peer::PrefixList("pl-1".into())), String::new()),
        (SecurityRule::new("50", Some(-1), Some(-1), Peer::Group("1234/sg-2".into())), String::new()),
    ]
    .into();
    let value = collapse(&rules);
    assert_eq!(expand(&value), rules);
    assert_eq!(value.as_elements().map(<[Value]>::len), Some(5), "one block per protocol, ports and description");
    assert_eq!(value.ty(), Type::set(block_type()));
}

#[test]
fn an_edit_adds_describes_and_takes_away_only_what_differs() {
    let rule = |port| SecurityRule::new("tcp", Some(port), Some(port), Peer::Itself);
    let before: Rules = [(rule(1), "a".into()), (rule(2), "b".into()), (rule(3), "c".into())].into();
    let after: Rules = [(rule(2), "new".into()), (rule(3), "c".into()), (rule(4), "d".into())].into();
    let edit = Edit::between(&before, &after);
    assert_eq!(edit.authorize.keys().collect::<Vec<_>>(), [&rule(4)]);
    assert_eq!(edit.describe, [(rule(2), "new".to_owned())].into());
    assert_eq!(edit.revoke, [rule(1)]);
    assert_eq!(Edit::between(&after, &after), Edit::default());
}

#[test]
fn what_does_not_fit_is_said_with_what_was_expected() {
    let table = [
        (block("tcp", 80, 80, &["10.0.0.0/8"]), "fits"),
        (block("-1", 0, 0, &["10.0.0.0/8"]), "fits"),
        (block("icmp", 8, -1, &["10.0.0.0/8"]), "fits"),
        (block("50", 0, 0, &["10.0.0.0/8"]), "fits"),
        (block("tcp", 90, 80, &["10.0.0.0/8"]), "from_port 90 is above to_port 80"),
        (block("udp", 0, 65536, &["10.0.0.0/8"]), "65536 is not a valid udp port; expected 0 to 65535"),
        (
            block("-1", 0, 65535, &["10.0.0.0/8"]),
            "all traffic (protocol -1) has no ports, but to_port is 65535; expected 0 or nothing",
        ),
        (
            block("icmp", 256, 0, &["10.0.0.0/8"]),
            "256 is not a valid icmp type; from_port takes -1 for all, or 0 to 255",
        ),
        (
            block("http", 80, 80, &["10.0.0.0/8"]),
            "\"http\" is not a valid protocol; expected tcp, udp, icmp, icmpv6, -1 for all, or a number of 0 to 255",
        ),
        (
            block("tcp", 80, 80, &["10.0.0.0/8", "10.0.0.0/8"]),
            "given more than once: tcp port 80, 10.0.0.0/8; a group takes each rule once, whatever its description",
        ),
        (
            block("tcp", -1, 65536, &["10.0.0.0/8", "10.0.0.0/8"]),
            "-1 is not a valid tcp port; expected 0 to 65535|65536 is not a valid tcp port; expected 0 to 65535|given more than once: tcp ports -1-65536, 10.0.0.0/8; a group takes each rule once, whatever its description",
        ),
    ];
    for (block, expected) in table {
        let own = inline_block(&Attrs::from_value(&block)).into_iter().map(|(_, message)| message);
        let said: Vec<String> = own.chain(block_set(&set(vec![block])).err()).collect();
        let said = if said.is_empty() { "fits".into() } else { said.join("|") };
        assert_eq!(said, expected);
    }
}

#[test]
fn unknown_parts_are_not_judged() {
    let rule = Attrs::from_value(&block("tcp", 80, 80, &[]));
    let rule = rule.with("cidr_blocks", Value::unknown(Type::list(Type::String)));
    assert_eq!((inline_block(&rule), block_set(&set(vec![rule.to_value()]))), (Vec::new(), Ok(())));
    let rule = rule.with("from_port", Value::unknown(Type::Number));
    assert_eq!((inline_block(&rule), block_set(&set(vec![rule.to_value()]))), (Vec::new(), Ok(())));
}

//! Which rule, route and entry lets traffic through, and which stops it.

use super::*;
use crate::network::Object;
use serde_json::json;

/// A server whose subnet follows an ACL of its own.
fn guarded(entries: serde_json::Value) -> Vec<Object> {
    let all = json!([entry(100, "allow", "-1", 0, 0, "0.0.0.0/0")]);
    vec![
        vpc("v", "10.0.0.0/16"),
        subnet("one", "v", "10.0.1.0/24"),
        subnet("two", "v", "10.0.2.0/24"),
        acl("two", "v", &["two"], entries, all),
        group(
            "open",
            "v",
            json!([rule("tcp", 22, 22, &["10.0.0.0/8"]), rule("tcp", 443, 443, &["10.0.1.0/24"])]),
            json!([rule("-1", 0, 0, &["0.0.0.0/0"])]),
        ),
        instance("app", "one", "10.0.1.5", &["open"]),
        instance("web", "two", "10.0.2.5", &["open"]),
    ]
}

fn met(objects: &[Object], port: u16) -> String {
    let lines = ask(objects, "aws_instance.app", "aws_instance.web", port).rules.into_iter().map(|rule| {
        let block = rule.part.block.map_or(String::new(), |(name, place)| format!(" {name}[{place}]"));
        format!("{} {}{block}: {}", if rule.lets { "+" } else { "-" }, rule.part.at, rule.what)
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn what_lets_traffic_through_is_named() {
    let objects = guarded(json!([
        entry(90, "deny", "tcp", 22, 22, "0.0.0.0/0"),
        entry(100, "allow", "tcp", 0, 65535, "10.0.0.0/16"),
    ]));
    insta::assert_snapshot!(met(&objects, 443), @r"
    + aws_security_group.open egress[0]: egress all traffic to 0.0.0.0/0
    + default network ACL of aws_vpc.v: egress 100 allow all traffic to 0.0.0.0/0, ::/0
    + main route table of aws_vpc.v: route to 10.0.0.0/16
    + aws_security_group.open ingress[1]: ingress tcp/443 from 10.0.1.0/24
    + aws_network_acl.two ingress[1]: ingress 100 allow tcp from 10.0.0.0/16
    + aws_network_acl.two egress[0]: egress 100 allow all traffic to 0.0.0.0/0
    + default network ACL of aws_vpc.v: ingress 100 allow all traffic from 0.0.0.0/0, ::/0
    ");
}

#[test]
fn what_stops_traffic_is_named() {
    let objects = guarded(json!([
        entry(90, "deny", "tcp", 22, 22, "0.0.0.0/0"),
        entry(100, "allow", "tcp", 0, 65535, "10.0.0.0/16"),
    ]));
    insta::assert_snapshot!(met(&objects, 22), @r"
    + aws_security_group.open egress[0]: egress all traffic to 0.0.0.0/0
    + default network ACL of aws_vpc.v: egress 100 allow all traffic to 0.0.0.0/0, ::/0
    + main route table of aws_vpc.v: route to 10.0.0.0/16
    + aws_security_group.open ingress[0]: ingress tcp/22 from 10.0.0.0/8
    - aws_network_acl.two ingress[0]: ingress 90 deny tcp/22 from 0.0.0.0/0
    + aws_network_acl.two egress[0]: egress 100 allow all traffic to 0.0.0.0/0
    + default network ACL of aws_vpc.v: ingress 100 allow all traffic from 0.0.0.0/0, ::/0
    ");
}

//! Traffic within a VPC: local routes, groups, ACLs.

use super::*;
use crate::network::Answer::{No, Yes};
use serde_json::json;

/// Two subnets with an instance each; all is open.
fn two() -> Vec<crate::network::Object> {
    vec![
        vpc("v", "10.0.0.0/16"),
        subnet("a", "v", "10.0.1.0/24"),
        subnet("b", "v", "10.0.2.0/24"),
        open_group("open", "v"),
        instance("web", "a", "10.0.1.5", &["open"]),
        instance("db", "b", "10.0.2.5", &["open"]),
    ]
}

/// The same with groups, and ACLs that deny, allow and let answers back.
pub(super) fn guarded() -> Vec<crate::network::Object> {
    let mut objects = two();
    let db =
        json!([{ "protocol": "tcp", "from_port": 80, "to_port": 3306, "security_groups": ["open"], "self": false }]);
    objects.push(group("db", "v", db, json!([])));
    objects[5] = instance("db", "b", "10.0.2.5", &["db"]);
    let ingress = json!([
        entry(90, "deny", "tcp", 80, 80, "10.0.1.0/24"),
        entry(100, "allow", "tcp", 22, 3306, "10.0.0.0/16"),
        entry(110, "deny", "-1", 0, 0, "0.0.0.0/0"),
    ]);
    objects.push(acl("n", "v", &["b"], ingress, json!([entry(100, "allow", "tcp", 1024, 65535, "10.0.0.0/16")])));
    objects
}

#[test]
fn subnets_of_a_vpc_reach_each_other() {
    assert_eq!(answer(&two(), "aws_instance.web", "aws_instance.db", 3306), Yes);
    let path = ask(&two(), "aws_instance.web", "aws_instance.db", 3306).path;
    assert_eq!(
        path.join(" > "),
        "aws_instance.web > aws_security_group.open > main route table of aws_vpc.v > aws_security_group.open > aws_instance.db"
    );
}

#[test]
fn a_group_lets_in_what_its_rules_name() {
    let mut objects = two();
    objects.push(group("db", "v", json!([rule("tcp", 3306, 3306, &["10.0.1.0/24"])]), json!([])));
    objects[5] = instance("db", "b", "10.0.2.5", &["db"]);
    assert_eq!(answer(&objects, "aws_instance.web", "aws_instance.db", 3306), Yes);
    insta::assert_snapshot!(blocked(&objects, "aws_instance.web", "aws_instance.db", 22), @"aws_security_group.db: no ingress rule of aws_security_group.db lets tcp/22 in from 10.0.1.5");
    // Stateful: answers leave though no rule lets anything out, and nothing else does.
    assert_eq!(answer(&objects, "aws_instance.db", "aws_instance.web", 80), No);
}

#[test]
fn the_first_rule_of_an_acl_that_fits_decides() {
    let all = || json!([entry(100, "allow", "-1", 0, 0, "0.0.0.0/0")]);
    let with = |ingress| {
        let mut objects = two();
        objects.push(acl("n", "v", &["b"], ingress, all()));
        objects
    };
    let deny = entry(90, "deny", "tcp", 3306, 3306, "10.0.1.0/24");
    let allow = entry(100, "allow", "tcp", 0, 65535, "10.0.0.0/16");
    assert_eq!(answer(&with(json!([deny, allow])), "aws_instance.web", "aws_instance.db", 3306), No);
    let late = entry(110, "deny", "tcp", 3306, 3306, "10.0.1.0/24");
    assert_eq!(answer(&with(json!([late, allow])), "aws_instance.web", "aws_instance.db", 3306), Yes);
    assert_eq!(answer(&with(json!([])), "aws_instance.web", "aws_instance.db", 3306), No);
}

#[test]
fn all_that_is_in_the_way_is_listed() {
    let mut objects = two();
    objects.push(group("db", "v", json!([]), json!([])));
    objects[4] = instance("web", "a", "10.0.1.5", &["db"]);
    objects[5] = instance("db", "b", "10.0.2.5", &["db"]);
    objects.push(acl("n", "v", &["b"], json!([]), json!([])));
    insta::assert_snapshot!(blocked(&objects, "aws_instance.web", "aws_instance.db", 80), @r"
    aws_security_group.db: no ingress rule of aws_security_group.db lets tcp/80 in from 10.0.1.5
    aws_security_group.db: no egress rule of aws_security_group.db lets tcp/80 out to 10.0.2.5
    aws_network_acl.n: it does not let tcp/80 into aws_subnet.b from 10.0.1.5
    aws_network_acl.n: it does not let the answers to tcp/80 out of aws_subnet.b to 10.0.1.5
    ");
}

//! Security groups and their rules against a sandbox, checked by looks that do not go through the
//! program.

use serde_json::json;

use crate::types::Account;

fn vpc(account: &Account) -> String {
    account.make("aws_vpc", json!({"cidr_block": "10.0.0.0/16"})).id
}

fn group(account: &Account, vpc: &str, name: &str) -> String {
    account.make("aws_security_group", json!({"name": name, "vpc_id": vpc})).id
}

/// The rules of a group on one side: protocol, first port, range or group, description.
fn rules(account: &Account, group: &str, egress: bool) -> Vec<String> {
    let answer =
        account.world.ec2("DescribeSecurityGroupRules", &[("Filter.1.Name", "group-id"), ("Filter.1.Value.1", group)]);
    let mut rules: Vec<String> = answer
        .document()
        .descendants()
        .filter(|node| {
            node.tag_name().name() == "item" && node.descendants().any(|n| n.tag_name().name() == "isEgress")
        })
        .filter_map(|item| {
            let text = |name: &str| {
                let found = item.descendants().find(|n| n.tag_name().name() == name).and_then(|n| n.text());
                found.unwrap_or_default().to_owned()
            };
            let referenced = item.descendants().find(|n| n.tag_name().name() == "referencedGroupInfo");
            let peer = referenced.and_then(|r| r.descendants().find(|n| n.tag_name().name() == "groupId"));
            let peer = peer.and_then(|n| n.text()).unwrap_or_default();
            (text("isEgress") == egress.to_string()).then(|| {
                let parts = [
                    text("ipProtocol"),
                    text("fromPort"),
                    text("cidrIpv4"),
                    text("cidrIpv6"),
                    peer.into(),
                    text("description"),
                ];
                parts.iter().filter(|p| !p.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ")
            })
        })
        .collect();
    rules.sort();
    rules
}

#[test]
fn a_group_has_exactly_the_rules_of_its_blocks() {
    let account = Account::start();
    let vpc = vpc(&account);
    let peer = group(&account, &vpc, "peer");
    let web = |port: i32, text: &str| {
        json!({
            "name": "web", "vpc_id": vpc, "tags": {"Name": "web"},
            "ingress": [
                {"protocol": "tcp", "from_port": port, "to_port": port, "cidr_blocks": ["10.0.0.0/8", "192.168.0.0/16"],
                 "ipv6_cidr_blocks": ["::/0"], "description": text},
                {"protocol": "6", "from_port": 22, "to_port": 22, "security_groups": [peer]},
                {"protocol": "-1", "from_port": 0, "to_port": 0, "self": true},
                {"protocol": "icmp", "from_port": 8, "to_port": -1, "cidr_blocks": ["10.0.0.0/8"]},
            ],
        })
    };
    account.world.forget_calls();
    let mut object = account.make("aws_security_group", web(80, "web"));
    let egress: [&str; 0] = [];
    assert_eq!(rules(&account, &object.id, true), egress, "AWS's own rule is gone");
    let icmp = "icmp 8 10.0.0.0/8".to_owned();
    let own = format!("-1 -1 {}", object.id);
    let ssh = format!("tcp 22 {peer}");
    let http = ["tcp 80 10.0.0.0/8 web", "tcp 80 192.168.0.0/16 web", "tcp 80 ::/0 web"].map(str::to_owned);
    let expected: Vec<&str> = [&own, &icmp, &ssh].into_iter().chain(&http).map(String::as_str).collect();
    assert_eq!(rules(&account, &object.id, false), expected);
    let writes = ["CreateSecurityGroup", "AuthorizeSecurityGroupIngress", "RevokeSecurityGroupEgress"];
    assert_eq!(account.world.writes(), writes);

    account.world.forget_calls();
    object.change(web(80, "site"));
    assert_eq!(account.world.writes(), ["UpdateSecurityGroupRuleDescriptionsIngress"]);
    assert!(rules(&account, &object.id, false).contains(&"tcp 80 ::/0 site".to_owned()));

    account.world.forget_calls();
    object.change(web(443, "site"));
    assert_eq!(account.world.writes(), ["AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"]);
    assert!(rules(&account, &object.id, false).contains(&"tcp 443 ::/0 site".to_owned()));

    account.world.forget_calls();
    assert_eq!(object.drift(), [""; 0]);
    assert_eq!(account.world.calls().len(), 1);
    object.delete();
}

#[test]
fn a_lost_answer_and_a_stranger_change_nothing_in_the_end() {
    let account = Account::start();
    let vpc = vpc(&account);
    let config = |ports: &[i32]| {
        let block = |p: &i32| json!({"protocol": "tcp", "from_port": p, "to_port": p, "cidr_blocks": ["10.0.0.0/8"]});
        json!({"name_prefix": "web-", "vpc_id": vpc, "ingress": ports.iter().map(block).collect::<Vec<_>>()})
    };
    let mut object = account.make("aws_security_group", config(&[80]));
    assert!(object.text("name").starts_with("web-"));
    assert_eq!(object.text("name_prefix"), "web-");
    account.world.lose_answer("AuthorizeSecurityGroupIngress");
    assert!(object.try_change(config(&[80, 81])).is_err());
    object.again();
    let id = object.id.clone();
    let stranger = |action: &str, port: &str| {
        let parameters = [
            ("GroupId", id.as_str()),
            ("IpPermissions.1.IpProtocol", "tcp"),
            ("IpPermissions.1.FromPort", port),
            ("IpPermissions.1.ToPort", port),
            ("IpPermissions.1.IpRanges.1.CidrIp", "10.0.0.0/8"),
        ];
        account.world.ec2(action, &parameters);
    };
    stranger("AuthorizeSecurityGroupIngress", "82");
    stranger("RevokeSecurityGroupIngress", "81");
    object.change(config(&[80, 82]));
    assert_eq!(rules(&account, &object.id, false), ["tcp 80 10.0.0.0/8", "tcp 82 10.0.0.0/8"]);
    object.delete();
}

#[test]
fn groups_that_name_each_other_go_when_they_may_revoke() {
    let account = Account::start();
    let vpc = vpc(&account);
    let config = |name: &str| json!({"name": name, "vpc_id": vpc, "revoke_rules_on_delete": true});
    let mut one = account.make("aws_security_group", config("one"));
    let mut two = account.make("aws_security_group", config("two"));
    for (group, peer) in [(&one.id, &two.id), (&two.id, &one.id)] {
        account.make(
            "aws_vpc_security_group_ingress_rule",
            json!({"security_group_id": group, "ip_protocol": "-1", "referenced_security_group_id": peer}),
        );
    }
    for object in [&mut one, &mut two] {
        object.live = object.live.clone().with("revoke_rules_on_delete", true);
    }
    one.delete();
    assert_eq!(rules(&account, &two.id, false), [""; 0]);
    two.delete();
}

#[test]
fn many_groups_and_rules_are_listed_in_one_call_each() {
    let account = Account::start();
    let vpc = vpc(&account);
    let groups: Vec<String> = (0..5).map(|n| group(&account, &vpc, &format!("g{n}"))).collect();
    let rule = |group: &String| {
        let config = json!({"security_group_id": group, "ip_protocol": "tcp", "from_port": 80, "to_port": 80,
            "cidr_ipv4": "10.0.0.0/8", "description": "web", "tags": {"a": "b"}});
        account.make("aws_vpc_security_group_ingress_rule", config).id
    };
    let mut rules: Vec<String> = groups.iter().map(rule).collect();
    rules.push("sgr-0123456789abcdef0".into());
    account.world.forget_calls();
    assert_eq!(account.describe("aws_security_group", &groups).len(), 5);
    assert_eq!(
        account.describe("aws_vpc_security_group_ingress_rule", &rules).len(),
        5,
        "the vanished one is left out"
    );
    assert_eq!(account.describe("aws_vpc_security_group_egress_rule", &rules).len(), 0, "the other direction");
    assert_eq!(account.world.calls().len(), 3);
}

#[test]
fn a_rule_of_its_own_is_changed_in_place() {
    let account = Account::start();
    let vpc = vpc(&account);
    let (web, peer) = (group(&account, &vpc, "web"), group(&account, &vpc, "peer"));
    let config = |port: i32, cidr: &str, text: Option<&str>| {
        json!({"security_group_id": web, "ip_protocol": "tcp", "from_port": port, "to_port": port, "cidr_ipv4": cidr,
            "description": text, "tags": {"Name": text.unwrap_or("none")}})
    };
    for (name, egress) in [("aws_vpc_security_group_ingress_rule", false), ("aws_vpc_security_group_egress_rule", true)]
    {
        let mut rule = account.make(name, config(80, "10.0.0.0/8", Some("web")));
        assert_eq!(rules(&account, &web, egress), ["tcp 80 10.0.0.0/8 web"]);
        rule.change(config(443, "10.1.0.0/16", None));
        assert_eq!(rules(&account, &web, egress), ["tcp 443 10.1.0.0/16"]);
        assert!(rule.text("arn").ends_with(&format!("security-group-rule/{}", rule.id)));
        rule.delete();
        assert_eq!(rules(&account, &web, egress), [""; 0]);
        let others = [
            json!({"security_group_id": web, "ip_protocol": "all", "cidr_ipv6": "::/0"}),
            json!({"security_group_id": web, "ip_protocol": "-1", "referenced_security_group_id": peer}),
            json!({"security_group_id": web, "ip_protocol": "-1", "referenced_security_group_id": web}),
            json!({"security_group_id": web, "ip_protocol": "icmp", "from_port": 8, "to_port": -1, "cidr_ipv4": "10.0.0.0/8"}),
        ];
        for config in others {
            let mut rule = account.make(name, config);
            assert_eq!(rule.drift(), [""; 0]);
            rule.delete();
        }
    }
}

#[test]
fn an_old_rule_stands_for_all_its_peers_and_touches_no_other() {
    let account = Account::start();
    let vpc = vpc(&account);
    let web = group(&account, &vpc, "web");
    let config = |text: &str| {
        json!({"security_group_id": web, "type": "ingress", "protocol": "tcp", "from_port": 8000, "to_port": 8000,
            "cidr_blocks": ["10.0.3.0/24", "10.0.4.0/24"], "description": text})
    };
    let stranger = json!({"security_group_id": web, "type": "ingress", "protocol": "-1", "from_port": 0, "to_port": 65535,
        "source_security_group_id": web});
    let mut stranger = account.make("aws_security_group_rule", stranger);
    assert_eq!(stranger.drift(), [""; 0], "ports of all protocols mean nothing");
    let mut rule = account.make("aws_security_group_rule", config("app"));
    assert_eq!(rule.id, format!("{web}_ingress_tcp_8000_8000_10.0.3.0/24_10.0.4.0/24"));
    rule.change(config("application"));
    let own = format!("-1 -1 {web}");
    let expected = [&own, "tcp 8000 10.0.3.0/24 application", "tcp 8000 10.0.4.0/24 application"];
    assert_eq!(rules(&account, &web, false), expected);
    account.world.forget_calls();
    rule.change(
        json!({"security_group_id": web, "type": "ingress", "protocol": "tcp", "from_port": 8000, "to_port": 8000,
        "cidr_blocks": ["10.0.4.0/24", "10.0.5.0/24"], "description": "application"}),
    );
    assert_eq!(account.world.writes(), ["AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"]);
    assert_eq!(rule.id, format!("{web}_ingress_tcp_8000_8000_10.0.4.0/24_10.0.5.0/24"));
    let expected = [&own, "tcp 8000 10.0.4.0/24 application", "tcp 8000 10.0.5.0/24 application"];
    assert_eq!(rules(&account, &web, false), expected);
    rule.delete();
    assert_eq!(rules(&account, &web, false), [own]);
    stranger.delete();
}

#[test]
fn the_default_group_is_adopted_and_left_as_it_is() {
    let account = Account::start();
    let vpc = vpc(&account);
    let mut object = account.make("aws_default_security_group", json!({"vpc_id": vpc, "tags": {"Name": "closed"}}));
    let id = object.id.clone();
    assert_eq!(account.world.ids("DescribeSecurityGroups", "groupName", &[("group-id", &id)]), ["default"]);
    assert_eq!((rules(&account, &id, false), rules(&account, &id, true)), (vec![], vec![]), "closed");
    let block = json!([{"protocol": "-1", "from_port": 0, "to_port": 0, "self": true}]);
    object.change(json!({"vpc_id": vpc, "ingress": block}));
    assert_eq!(rules(&account, &id, false), [format!("-1 -1 {id}")]);
    account.world.forget_calls();
    assert_eq!(object.drift(), [""; 0]);
    let found = account.describe("aws_default_security_group", &[group(&account, &vpc, "web")]);
    assert!(found.is_empty(), "only a default group is adopted");
}

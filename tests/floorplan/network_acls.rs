//! Network ACLs, DHCP options and prefix lists against a sandbox, checked by looks that do not go
//! through the program.

use serde_json::{Value as Json, json};

use crate::types::Account;

struct Net {
    account: Account,
    vpc: String,
    subnets: Vec<String>,
    default_acl: String,
}

impl Net {
    fn start() -> Self {
        let account = Account::start();
        let vpc = account.make("aws_vpc", json!({"cidr_block": "10.0.0.0/16"})).id;
        let subnet = |n: i32| {
            let config = json!({"vpc_id": vpc, "cidr_block": format!("10.0.{n}.0/24")});
            account.make("aws_subnet", config).id
        };
        let subnets = (0..2).map(subnet).collect();
        let default = [("vpc-id", vpc.as_str()), ("default", "true")];
        let default_acl = account.world.ids("DescribeNetworkAcls", "networkAclId", &default).remove(0);
        Net { account, vpc, subnets, default_acl }
    }

    /// The ACL of a subnet.
    fn acl_of(&self, subnet: &str) -> String {
        let filter = [("association.subnet-id", subnet)];
        let answer = self
            .account
            .world
            .ec2("DescribeNetworkAcls", &[("Filter.1.Name", filter[0].0), ("Filter.1.Value.1", filter[0].1)]);
        let document = answer.document();
        let own = |node: &roxmltree::Node<'_, '_>| {
            node.tag_name().name() == "item"
                && node.children().any(|n| n.tag_name().name() == "subnetId" && n.text() == Some(subnet))
        };
        let association = document.descendants().find(own).expect("an association");
        let acl = association.children().find(|n| n.tag_name().name() == "networkAclId");
        acl.and_then(|n| n.text()).expect("its ACL").to_owned()
    }

    /// The rules of an ACL in one direction: number, protocol, action, range, first port.
    fn entries(&self, acl: &str, egress: bool) -> Vec<String> {
        let answer = self.account.world.ec2("DescribeNetworkAcls", &[("NetworkAclId.1", acl)]);
        let document = answer.document();
        let set = document.descendants().find(|n| n.tag_name().name() == "entrySet").expect("its rules");
        let mut rows: Vec<(i32, String)> = set
            .children()
            .filter(|n| n.is_element())
            .filter_map(|item| {
                let text = |name: &str| {
                    let found = item.descendants().find(|n| n.tag_name().name() == name);
                    found.and_then(|n| n.text()).unwrap_or_default().to_owned()
                };
                let parts =
                    ["ruleNumber", "protocol", "ruleAction", "cidrBlock", "ipv6CidrBlock", "from", "type"].map(text);
                let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|p| !p.is_empty()).collect();
                let number = text("ruleNumber").parse::<i32>().ok()?;
                (text("egress") == egress.to_string() && number < 32767).then(|| (number, parts.join(" ")))
            })
            .collect();
        rows.sort();
        rows.into_iter().map(|(_, text)| text).collect()
    }
}

fn rule(number: i32, action: &str, cidr: &str, port: i32) -> Json {
    json!({"rule_no": number, "action": action, "protocol": "tcp", "cidr_block": cidr, "from_port": port, "to_port": port})
}

#[test]
fn an_acl_has_the_rules_and_the_subnets_of_its_arguments() {
    let net = Net::start();
    let icmp = json!({"rule_no": 300, "action": "allow", "protocol": "icmp", "cidr_block": "0.0.0.0/0", "from_port": 0,
        "to_port": 0, "icmp_type": 8, "icmp_code": -1});
    let all = json!({"rule_no": 400, "action": "deny", "protocol": "-1", "ipv6_cidr_block": "::/0", "from_port": 0, "to_port": 0});
    let config = |ingress: Vec<Json>, subnets: &[String]| json!({"vpc_id": net.vpc, "ingress": ingress, "subnet_ids": subnets, "tags": {"Name": "edge"}});
    let first = vec![rule(100, "allow", "10.0.0.0/8", 80), rule(200, "allow", "10.0.0.0/8", 443), icmp, all.clone()];
    let mut acl = net.account.make("aws_network_acl", config(first, &net.subnets[..1]));
    let expected =
        ["100 6 allow 10.0.0.0/8 80", "200 6 allow 10.0.0.0/8 443", "300 1 allow 0.0.0.0/0 8", "400 -1 deny ::/0"];
    assert_eq!(net.entries(&acl.id, false), expected);
    assert_eq!(net.entries(&acl.id, true), [""; 0]);
    assert_eq!((net.acl_of(&net.subnets[0]), net.acl_of(&net.subnets[1])), (acl.id.clone(), net.default_acl.clone()));

    net.account.world.forget_calls();
    let second = vec![rule(100, "deny", "10.0.0.0/8", 80), rule(150, "allow", "10.0.0.0/8", 443), all];
    acl.change(config(second, &net.subnets[1..]));
    let writes = net.account.world.writes();
    assert_eq!(
        writes,
        [
            "ReplaceNetworkAclEntry",
            "CreateNetworkAclEntry",
            "DeleteNetworkAclEntry",
            "DeleteNetworkAclEntry",
            "ReplaceNetworkAclAssociation",
            "ReplaceNetworkAclAssociation"
        ],
        "changed in place and added before anything goes"
    );
    let expected = ["100 6 deny 10.0.0.0/8 80", "150 6 allow 10.0.0.0/8 443", "400 -1 deny ::/0"];
    assert_eq!(net.entries(&acl.id, false), expected);
    assert_eq!((net.acl_of(&net.subnets[0]), net.acl_of(&net.subnets[1])), (net.default_acl.clone(), acl.id.clone()));

    net.account.world.forget_calls();
    assert_eq!(acl.drift(), [""; 0]);
    assert_eq!(net.account.world.calls().len(), 1);
    acl.delete();
    assert_eq!(net.acl_of(&net.subnets[1]), net.default_acl);
}

#[test]
fn an_acl_whose_subnets_somebody_added_still_goes() {
    let net = Net::start();
    let acl = net.account.make("aws_network_acl", json!({"vpc_id": net.vpc}));
    let config = json!({"network_acl_id": acl.id, "subnet_id": net.subnets[0]});
    net.account.make("aws_network_acl_association", config);
    assert_eq!(net.acl_of(&net.subnets[0]), acl.id);
    acl.delete();
    assert_eq!(net.acl_of(&net.subnets[0]), net.default_acl);
}

#[test]
fn a_lost_answer_of_an_entry_is_made_good() {
    let net = Net::start();
    let config = |ingress: Vec<Json>| json!({"vpc_id": net.vpc, "ingress": ingress});
    let mut acl = net.account.make("aws_network_acl", config(vec![]));
    net.account.world.lose_answer("CreateNetworkAclEntry");
    let rules = vec![rule(100, "allow", "10.0.0.0/8", 80), rule(110, "allow", "10.0.0.0/8", 81)];
    assert!(acl.try_change(config(rules)).is_err());
    acl.again();
    assert_eq!(net.entries(&acl.id, false), ["100 6 allow 10.0.0.0/8 80", "110 6 allow 10.0.0.0/8 81"]);
    acl.delete();
}

#[test]
fn the_default_acl_is_adopted_and_takes_subnets() {
    let net = Net::start();
    let own = net.account.make("aws_network_acl", json!({"vpc_id": net.vpc, "subnet_ids": net.subnets}));
    let config = |ingress: Vec<Json>| json!({"default_network_acl_id": net.default_acl, "ingress": ingress, "subnet_ids": net.subnets});
    let mut acl = net.account.make("aws_default_network_acl", config(vec![]));
    assert_eq!((net.entries(&net.default_acl, false), net.entries(&net.default_acl, true)), (vec![], vec![]), "closed");
    assert_eq!(net.acl_of(&net.subnets[0]), net.default_acl);
    acl.change(config(vec![rule(100, "allow", "10.0.0.0/8", 80)]));
    assert_eq!(net.entries(&net.default_acl, false), ["100 6 allow 10.0.0.0/8 80"]);
    let found = net.account.describe("aws_default_network_acl", std::slice::from_ref(&own.id));
    assert!(found.is_empty(), "only a default ACL is adopted");
    own.delete();
}

#[test]
fn a_rule_of_its_own_is_replaced_in_place() {
    let net = Net::start();
    let acl = net.account.make("aws_network_acl", json!({"vpc_id": net.vpc})).id;
    let config = |port: i32, action: &str| {
        json!({"network_acl_id": acl, "rule_number": 100, "egress": true, "protocol": "tcp", "rule_action": action,
            "cidr_block": "10.0.0.0/8", "from_port": port, "to_port": port})
    };
    let mut object = net.account.make("aws_network_acl_rule", config(80, "allow"));
    assert_eq!(object.id, format!("{acl}:100:true"));
    assert_eq!(net.entries(&acl, true), ["100 6 allow 10.0.0.0/8 80"]);
    net.account.world.forget_calls();
    object.change(config(443, "deny"));
    assert_eq!(net.account.world.writes(), ["ReplaceNetworkAclEntry"]);
    assert_eq!(net.entries(&acl, true), ["100 6 deny 10.0.0.0/8 443"]);
    let all = json!({"network_acl_id": acl, "rule_number": 90, "protocol": "all", "rule_action": "ALLOW",
        "ipv6_cidr_block": "::/0", "from_port": 0, "to_port": 0, "icmp_type": 0});
    let mut other = net.account.make("aws_network_acl_rule", all);
    assert_eq!(other.drift(), [""; 0]);
    object.delete();
    other.delete();
    assert_eq!((net.entries(&acl, false), net.entries(&acl, true)), (vec![], vec![]));
}

#[test]
fn a_subnet_passes_from_acl_to_acl_in_one_call() {
    let net = Net::start();
    let acl = || net.account.make("aws_network_acl", json!({"vpc_id": net.vpc})).id;
    let (one, two) = (acl(), acl());
    let subnet = &net.subnets[0];
    let config = |acl: &str| json!({"network_acl_id": acl, "subnet_id": subnet});
    let mut object = net.account.make("aws_network_acl_association", config(&one));
    assert_eq!(net.acl_of(subnet), one);
    net.account.world.forget_calls();
    let first = object.id.clone();
    object.change(config(&two));
    assert_eq!(net.account.world.writes(), ["ReplaceNetworkAclAssociation"]);
    assert_ne!(object.id, first, "AWS gives a replaced association another id");
    assert_eq!(net.acl_of(subnet), two);
    object.delete();
    assert_eq!(net.acl_of(subnet), net.default_acl);
}

#[test]
fn a_vpc_gets_options_and_goes_back_to_those_of_aws() {
    let net = Net::start();
    let config = |name: &str| {
        json!({"domain_name": name, "domain_name_servers": ["10.0.0.2", "10.0.0.1"], "ntp_servers": ["10.0.0.3"],
            "netbios_node_type": "2", "tags": {"Name": name}})
    };
    let one = net.account.make("aws_vpc_dhcp_options", config("one.example"));
    let mut two = net.account.make("aws_vpc_dhcp_options", config("two.example"));
    assert_eq!(two.drift(), [""; 0]);
    let of_vpc = || net.account.world.ids("DescribeVpcs", "dhcpOptionsId", &[("vpc-id", &net.vpc)]);
    let before = of_vpc();
    let config = |options: &str| json!({"vpc_id": net.vpc, "dhcp_options_id": options});
    let mut association = net.account.make("aws_vpc_dhcp_options_association", config(&one.id));
    assert_eq!(of_vpc(), [one.id.as_str()]);
    association.change(config(&two.id));
    assert_eq!(of_vpc(), [two.id.as_str()]);
    one.delete();
    association.delete();
    assert_eq!(of_vpc(), before);
    net.account.make("aws_vpc_dhcp_options_association", config(&two.id));
    two.delete();
    assert_eq!(of_vpc(), before, "a set in use is taken from its VPCs first");
}

#[test]
fn a_prefix_list_has_exactly_its_entries() {
    let account = Account::start();
    let config = |name: &str, max: i32, each: &[(&str, &str)]| {
        let entries: Vec<Json> = each.iter().map(|(c, t)| json!({"cidr": c, "description": t})).collect();
        json!({"name": name, "address_family": "IPv4", "max_entries": max, "entry": entries, "tags": {"a": "b"}})
    };
    let mut list =
        account.make("aws_ec2_managed_prefix_list", config("offices", 2, &[("10.0.0.0/24", "a"), ("10.0.1.0/24", "")]));
    let entries = || {
        let answer = account.world.ec2("GetManagedPrefixListEntries", &[("PrefixListId", &list_id(&account))]);
        let mut cidrs = answer.all("cidr");
        cidrs.sort();
        cidrs
    };
    assert_eq!(entries(), ["10.0.0.0/24", "10.0.1.0/24"]);
    list.change(config("sites", 3, &[("10.0.0.0/24", "b"), ("10.0.2.0/24", ""), ("10.0.3.0/24", "c")]));
    assert_eq!(entries(), ["10.0.0.0/24", "10.0.2.0/24", "10.0.3.0/24"]);
    list.change(config("sites", 1, &[("10.0.3.0/24", "c")]));
    assert_eq!(entries(), ["10.0.3.0/24"]);
    account.world.forget_calls();
    assert_eq!(list.drift(), [""; 0]);
    assert_eq!(account.world.writes(), [""; 0]);
    list.delete();
}

/// The id of the only list of the account.
fn list_id(account: &Account) -> String {
    let lists = account.world.ids("DescribeManagedPrefixLists", "prefixListId", &[]);
    let own: Vec<String> = lists
        .into_iter()
        .filter(|id| {
            let filter = [("Filter.1.Name", "prefix-list-id"), ("Filter.1.Value.1", id.as_str())];
            account.world.ec2("DescribeManagedPrefixLists", &filter).all("ownerId") != ["AWS"]
        })
        .collect();
    assert_eq!(own.len(), 1, "{own:?}");
    own[0].clone()
}

use super::*;
use crate::diag::render;
use crate::value::{Type, Value};

/// Instances that are written as address and arguments.
struct Layout(Vec<(&'static str, Attrs)>);

/// An attribute that is not known yet: of `TYPE.NAME` its id, of `TYPE.NAME.ATTRIBUTE` that one.
fn later(reference: &str) -> Value {
    let parts: Vec<&str> = reference.split('.').collect();
    Value::unknown(Type::String).from_origin(|| Origin {
        address: parts[..2].join(".").into(),
        attribute: parts.get(2).copied().unwrap_or("id").into(),
    })
}

fn attrs(each: &[(&str, &str)]) -> Attrs {
    each.iter()
        .map(|(name, text)| (*name, text.parse::<i32>().map_or_else(|_| Value::from(*text), Value::from)))
        .collect()
}

impl Layout {
    fn new() -> Self {
        Layout(Vec::new())
    }

    /// Adds an instance, with arguments that are references.
    fn with(mut self, address: &'static str, attrs: Attrs, refs: &[(&'static str, &'static str)]) -> Self {
        let attrs = refs.iter().fold(attrs, |attrs, (name, reference)| attrs.with(name, later(reference)));
        self.0.push((address, attrs));
        self
    }

    fn said(&self) -> String {
        let instances: Vec<LayoutInstance<'_>> = self
            .0
            .iter()
            .map(|(address, attrs)| LayoutInstance {
                address: (*address).to_owned(),
                type_name: address.split('.').next().unwrap_or_default(),
                provider: if address.ends_with("_elsewhere") { "aws.elsewhere" } else { "aws" },
                config: attrs,
                attrs,
                span: None,
            })
            .collect();
        check(&instances).iter().map(|d| render(d, false)).collect::<Vec<_>>().join("\n")
    }
}

fn inline(side: &str, blocks: Vec<Value>) -> Attrs {
    Attrs::default().with(side, Value::list(Type::Dynamic, blocks))
}

fn web_rule() -> Attrs {
    attrs(&[("ip_protocol", "tcp"), ("from_port", "443"), ("to_port", "443"), ("cidr_ipv4", "0.0.0.0/0")])
}

const GROUP_REF: [(&str, &str); 1] = [("security_group_id", "aws_security_group.web")];

#[test]
fn rules_given_inline_and_separately_are_refused() {
    let layout = Layout::new()
        .with("aws_security_group.web", inline("ingress", vec![]), &[])
        .with("aws_vpc_security_group_ingress_rule.https", web_rule(), &GROUP_REF)
        .with("aws_security_group_rule.old", attrs(&[("type", "ingress"), ("protocol", "udp")]), &GROUP_REF)
        .with("aws_vpc_security_group_egress_rule.out", web_rule(), &GROUP_REF);
    insta::assert_snapshot!(layout.said(), @r"
        error: Rules of one security group are given inline and separately (aws_vpc_security_group_ingress_rule.https)
          aws_security_group.web gives its ingress rules inline, so it takes away every other; aws_security_group_rule.old and aws_vpc_security_group_ingress_rule.https give some more for the same group.
          Hint: Write all its ingress rules as ingress blocks of aws_security_group.web.
          Hint: Or remove ingress there and give each rule as aws_vpc_security_group_ingress_rule.
    ");
}

#[test]
fn groups_are_found_by_id_and_by_vpc() {
    let known = Layout::new().with("aws_security_group.web", inline("ingress", vec![]).with("id", "sg-1"), &[]).with(
        "aws_vpc_security_group_ingress_rule.a",
        web_rule().with("security_group_id", "sg-1"),
        &[],
    );
    assert!(known.said().contains("aws_security_group.web gives its ingress rules inline"), "{}", known.said());
    let adopted = Layout::new()
        .with("aws_vpc.main", Attrs::default(), &[])
        .with("aws_default_security_group.main", inline("egress", vec![]), &[("vpc_id", "aws_vpc.main")])
        .with(
            "aws_vpc_security_group_egress_rule.a",
            web_rule(),
            &[("security_group_id", "aws_vpc.main.default_security_group_id")],
        );
    assert!(adopted.said().contains("aws_default_security_group.main gives its egress rules"), "{}", adopted.said());
}

#[test]
fn one_rule_given_twice_is_refused_by_both_names() {
    let source = |address| [("security_group_id", "aws_security_group.web"), ("referenced_security_group_id", address)];
    let peer = || attrs(&[("ip_protocol", "tcp"), ("from_port", "22"), ("to_port", "22")]);
    let layout = Layout::new()
        .with("aws_security_group.web", Attrs::default(), &[])
        .with("aws_security_group.db", Attrs::default(), &[])
        .with("aws_vpc_security_group_ingress_rule.a", web_rule(), &GROUP_REF)
        .with("aws_vpc_security_group_ingress_rule.b", web_rule().with("ip_protocol", "6"), &GROUP_REF)
        .with("aws_vpc_security_group_ingress_rule.c", peer(), &source("aws_security_group.db"))
        .with("aws_vpc_security_group_ingress_rule.d", peer(), &source("aws_security_group.db"))
        .with("aws_vpc_security_group_ingress_rule.e", peer(), &source("aws_security_group.web"));
    insta::assert_snapshot!(layout.said(), @r"
        error: One rule is given twice to a security group (aws_vpc_security_group_ingress_rule.d)
          aws_vpc_security_group_ingress_rule.c and aws_vpc_security_group_ingress_rule.d give the same group the ingress rule: tcp port 22, aws_security_group.db.
          Hint: Remove one of them; a description does not make two rules differ.
        error: One rule is given twice to a security group (aws_vpc_security_group_ingress_rule.b)
          aws_vpc_security_group_ingress_rule.a and aws_vpc_security_group_ingress_rule.b give the same group the ingress rule: tcp port 443, 0.0.0.0/0.
          Hint: Remove one of them; a description does not make two rules differ.
    ");
}

#[test]
fn acl_rules_are_given_in_one_way_and_numbers_once() {
    let rule = |number| attrs(&[("rule_number", number), ("protocol", "tcp")]);
    let acl = |address| [("network_acl_id", address)];
    let entry = Value::object([
        ("rule_no", Value::from(100)),
        ("action", "allow".into()),
        ("protocol", "tcp".into()),
        ("cidr_block", "10.0.0.0/8".into()),
    ]);
    let layout = Layout::new()
        .with("aws_vpc.main", Attrs::default(), &[])
        .with("aws_network_acl.a", inline("ingress", vec![entry]), &[])
        .with("aws_network_acl.b", Attrs::default(), &[])
        .with(
            "aws_default_network_acl.d",
            Attrs::default(),
            &[("default_network_acl_id", "aws_vpc.main.default_network_acl_id")],
        )
        .with("aws_network_acl_rule.a", rule("100"), &acl("aws_network_acl.a"))
        .with("aws_network_acl_rule.b1", rule("10"), &acl("aws_network_acl.b"))
        .with("aws_network_acl_rule.b2", rule("10"), &acl("aws_network_acl.b"))
        .with("aws_network_acl_rule.b3", rule("10").with("egress", true), &acl("aws_network_acl.b"))
        .with("aws_network_acl_rule.d", rule("10"), &acl("aws_vpc.main.default_network_acl_id"));
    insta::assert_snapshot!(layout.said(), @r"
        error: Rules of one network ACL are given inline and separately (aws_network_acl_rule.a)
          aws_network_acl.a gives its ingress rules inline, so it takes away every other; aws_network_acl_rule.a gives one more for the same ACL. Number 100 is there in both.
          Hint: Write all its ingress rules as ingress blocks of aws_network_acl.a.
        error: Rules of one network ACL are given inline and separately (aws_network_acl_rule.d)
          aws_default_network_acl.d owns all ingress rules of the default network ACL and gives none; aws_network_acl_rule.d gives one more for the same ACL.
          Hint: Write all its ingress rules as ingress blocks of aws_default_network_acl.d.
        error: Two rules of a network ACL have one number (aws_network_acl_rule.b2)
          aws_network_acl_rule.b1 and aws_network_acl_rule.b2 give the same network ACL an ingress rule 10.
          Hint: Give each its own number; AWS asks the lowest first and the first that fits decides.
    ");
}

#[test]
fn subnets_lie_in_their_vpc_and_apart() {
    let vpc = [("vpc_id", "aws_vpc.main")];
    let subnet = |cidr| attrs(&[("cidr_block", cidr)]);
    let layout = Layout::new()
        .with("aws_vpc.main", attrs(&[("cidr_block", "10.0.0.0/16")]), &[])
        .with("aws_vpc.other", attrs(&[("cidr_block", "10.0.0.0/16")]), &[])
        .with("aws_vpc_ipv4_cidr_block_association.more", attrs(&[("cidr_block", "10.9.0.0/16")]), &vpc)
        .with("aws_subnet.wide", subnet("10.0.0.0/20"), &vpc)
        .with("aws_subnet.inside", subnet("10.0.3.0/24"), &vpc)
        .with("aws_subnet.apart", subnet("10.0.16.0/24"), &vpc)
        .with("aws_subnet.more", subnet("10.9.1.0/24"), &vpc)
        .with("aws_subnet.outside", subnet("10.1.0.0/24"), &vpc)
        .with("aws_subnet.elsewhere", subnet("10.0.3.0/24"), &[("vpc_id", "aws_vpc.other")]);
    insta::assert_snapshot!(layout.said(), @r"
        error: A subnet lies outside its VPC (aws_subnet.outside)
          aws_subnet.outside has 10.1.0.0/24, but aws_vpc.main has 10.0.0.0/16 and 10.9.0.0/16.
          Hint: Choose a part of the VPC's range, for instance with cidrsubnet().
          Hint: Or give the VPC a further range with aws_vpc_ipv4_cidr_block_association.
        error: Two subnets of a VPC overlap (aws_subnet.inside)
          aws_subnet.inside has 10.0.3.0/24, which lies in 10.0.0.0/20 of aws_subnet.wide.
          Hint: Give each subnet its own part of the VPC, for instance with cidrsubnet().
    ");
}

#[test]
fn what_is_not_known_yet_is_not_judged() {
    let vpc = [("vpc_id", "aws_vpc.main")];
    let unknown = Attrs::default().with("cidr_block", Value::unknown(Type::String));
    let layout = Layout::new()
        .with("aws_vpc.main", attrs(&[("cidr_block", "10.0.0.0/16")]), &[])
        .with("aws_vpc.other", unknown.clone(), &[])
        .with("aws_vpc_ipv4_cidr_block_association.more", unknown, &vpc)
        .with("aws_subnet.outside", attrs(&[("cidr_block", "10.1.0.0/24")]), &vpc)
        .with(
            "aws_subnet.either",
            attrs(&[("cidr_block", "10.1.0.0/24")]).with("vpc_id", Value::unknown(Type::String)),
            &[],
        );
    assert_eq!(layout.said(), "");
}

#[test]
fn a_table_has_one_route_per_destination() {
    let route = |cidr| attrs(&[("destination_cidr_block", cidr)]);
    let table = |address| [("route_table_id", address)];
    let inner = Value::object([("cidr_block", Value::from("0.0.0.0/0"))]);
    let layout = Layout::new()
        .with("aws_route_table.a", inline("route", vec![inner]), &[])
        .with("aws_route_table.b", Attrs::default(), &[])
        .with("aws_route.a", route("0.0.0.0/0"), &table("aws_route_table.a"))
        .with("aws_route.b1", route("10.0.0.0/8"), &table("aws_route_table.b"))
        .with("aws_route.b2", route("10.0.0.0/8"), &table("aws_route_table.b"))
        .with("aws_route.b3", route("0.0.0.0/0"), &table("aws_route_table.b"));
    insta::assert_snapshot!(layout.said(), @r"
        error: Routes of one table are given inline and separately (aws_route.a)
          aws_route_table.a gives its routes inline, so it takes away every other; aws_route.a gives one more for the same table. 0.0.0.0/0 is there in both.
          Hint: Write all its routes as route blocks of aws_route_table.a.
          Hint: Or remove the route blocks there and give each route as aws_route.
        error: A route table has two routes to one destination (aws_route.b2)
          aws_route.b1 and aws_route.b2 give the same table a route to 10.0.0.0/8.
          Hint: Remove one of them; AWS takes one route per destination.
    ");
}

#[test]
fn what_has_one_name_in_two_accounts_is_two_things() {
    let attached = || Attrs::default().with("role", "web").with("policy_arn", "arn:p");
    let role = || Attrs::default().with("name", "web");
    let layout = Layout::new()
        .with("aws_iam_role.here", role(), &[])
        .with("aws_iam_role.r_elsewhere", role().with("inline_policy", Value::tuple(vec!["x".into()])), &[])
        .with("aws_iam_role_policy.here", role().with("role", "web"), &[])
        .with("aws_iam_role_policy_attachment.here", attached(), &[])
        .with("aws_iam_role_policy_attachment.a_elsewhere", attached(), &[]);
    assert_eq!(layout.said(), "");
}

#[test]
fn policies_gateways_and_roles_have_one_owner_each() {
    let text = |name: &str, value: &str| Attrs::default().with(name, value);
    let layout = Layout::new()
        .with("aws_sns_topic.t", text("policy", "{}"), &[])
        .with("aws_sns_topic_policy.t", text("policy", "{}"), &[("arn", "aws_sns_topic.t")])
        .with("aws_s3_bucket.b", text("bucket", "acme"), &[])
        .with("aws_s3_bucket_versioning.one", text("bucket", "acme"), &[])
        .with("aws_s3_bucket_versioning.two", Attrs::default(), &[("bucket", "aws_s3_bucket.b")])
        .with("aws_s3_bucket_versioning.other", text("bucket", "another"), &[])
        .with("aws_vpc.main", Attrs::default(), &[])
        .with("aws_vpn_gateway.g", Attrs::default(), &[("vpc_id", "aws_vpc.main")])
        .with("aws_vpn_gateway_attachment.g", text("vpc_id", "vpc-2"), &[("vpn_gateway_id", "aws_vpn_gateway.g")])
        .with("aws_vpn_gateway.same", text("vpc_id", "vpc-3"), &[])
        .with("aws_vpn_gateway_attachment.same", text("vpc_id", "vpc-3"), &[("vpn_gateway_id", "aws_vpn_gateway.same")])
        .with("aws_iam_role.r", text("name", "web").with("inline_policy", Value::tuple(vec!["x".into()])), &[])
        .with("aws_iam_role_policy.p", text("role", "web"), &[])
        .with("aws_iam_role_policy.q", text("role", "another"), &[])
        .with("aws_iam_role_policy_attachment.one", text("role", "web").with("policy_arn", "arn:p"), &[])
        .with("aws_iam_role_policy_attachment.two", text("role", "web").with("policy_arn", "arn:p"), &[])
        .with("aws_iam_role_policy_attachment.three", text("role", "web").with("policy_arn", "arn:q"), &[]);
    insta::assert_snapshot!(layout.said(), @r#"
        error: Two resources set the VPC of one VPN gateway (aws_vpn_gateway_attachment.g)
          aws_vpn_gateway.g and aws_vpn_gateway_attachment.g each set the VPC of aws_vpn_gateway.g, which has one.
          Hint: Keep one of them; each apply would undo the other.
        error: Two resources set the attachment of one role (aws_iam_role_policy_attachment.two)
          aws_iam_role_policy_attachment.one and aws_iam_role_policy_attachment.two each set the attachment of arn:p to aws_iam_role.r, which has one.
          Hint: Keep one of them; each apply would undo the other.
        error: Two resources set the policy of one topic (aws_sns_topic_policy.t)
          aws_sns_topic.t and aws_sns_topic_policy.t each set the policy of aws_sns_topic.t, which has one.
          Hint: Keep one of them; each apply would undo the other.
        error: Two resources set the versioning of one bucket (aws_s3_bucket_versioning.two)
          aws_s3_bucket_versioning.one and aws_s3_bucket_versioning.two each set the versioning of aws_s3_bucket.b, which has one.
          Hint: Keep one of them; each apply would undo the other.
        error: Two resources manage the same part of one role (aws_iam_role_policy.p)
          "inline_policy" of aws_iam_role.r takes away what it does not list, and aws_iam_role_policy.p adds to the same role.
          Hint: Use the one or the other; each apply would undo the other.
    "#);
}

#[test]
fn what_an_object_has_once_is_set_once() {
    let subnet = [("subnet_id", "aws_subnet.a")];
    let list = Value::set(Type::String, vec![later("aws_subnet.a")]);
    let layout = Layout::new()
        .with("aws_vpc.main", Attrs::default(), &[])
        .with("aws_subnet.a", Attrs::default(), &[])
        .with("aws_route_table_association.one", Attrs::default(), &subnet)
        .with("aws_route_table_association.two", Attrs::default(), &subnet)
        .with("aws_network_acl.x", Attrs::default().with("subnet_ids", list), &[])
        .with("aws_network_acl_association.y", Attrs::default(), &subnet)
        .with("aws_default_security_group.p", Attrs::default(), &[("vpc_id", "aws_vpc.main")])
        .with("aws_default_security_group.q", Attrs::default(), &[("vpc_id", "aws_vpc.main")]);
    insta::assert_snapshot!(layout.said(), @r"
        error: Two resources set the network ACL of one subnet (aws_network_acl_association.y)
          aws_network_acl.x and aws_network_acl_association.y each set the network ACL of aws_subnet.a, which has one.
          Hint: Keep one of them; each apply would undo the other.
        error: Two resources set the route table of one subnet (aws_route_table_association.two)
          aws_route_table_association.one and aws_route_table_association.two each set the route table of aws_subnet.a, which has one.
          Hint: Keep one of them; each apply would undo the other.
        error: Two resources adopt one default security group (aws_default_security_group.q)
          aws_default_security_group.p and aws_default_security_group.q each adopt the default security group of aws_vpc.main.
          Hint: Keep one of them; each apply would undo the other.
    ");
}

fn forward(group: &str) -> Value {
    let action = Value::object([("type", Value::from("forward")), ("target_group_arn", later(group))]);
    Value::list(Type::Dynamic, vec![action])
}

fn balancer(kind: &str) -> Attrs {
    attrs(&[("load_balancer_type", kind)])
}

const WEB: [(&str, &str); 1] = [("load_balancer_arn", "aws_lb.web.arn")];

#[test]
fn balancer_ports_and_rule_priorities_are_unique() {
    let port = |n: i32| attrs(&[("protocol", "HTTP")]).with("port", n);
    let rule = |n: i32| Attrs::default().with("priority", n);
    let of = [("listener_arn", "aws_lb_listener.a")];
    let layout = Layout::new()
        .with("aws_lb.web", balancer("application"), &[])
        .with("aws_lb_listener.a", port(80), &WEB)
        .with("aws_lb_listener.b", port(80), &[("load_balancer_arn", "aws_lb.web")])
        .with("aws_lb_listener.c", port(81), &WEB)
        .with("aws_lb_listener_rule.x", rule(10), &of)
        .with("aws_lb_listener_rule.y", rule(10), &[("listener_arn", "aws_lb_listener.a.arn")])
        .with("aws_lb_listener_rule.z", rule(10), &[("listener_arn", "aws_lb_listener.c.arn")])
        .with("aws_lb_listener_rule.last", Attrs::default(), &of);
    insta::assert_snapshot!(layout.said(), @r"
        error: Two listeners of a balancer have one port (aws_lb_listener.b)
          aws_lb_listener.a and aws_lb_listener.b listen on port 80 of the same balancer.
          Hint: Give each its own port; one listener serves many hosts and paths with aws_lb_listener_rule.
        error: Two rules of a listener have one priority (aws_lb_listener_rule.y)
          aws_lb_listener_rule.x and aws_lb_listener_rule.y have priority 10 on the same listener.
          Hint: Give each its own; the lowest is asked first, and the first that fits decides.
    ");
}

#[test]
fn protocols_of_listeners_and_groups_fit_the_balancer() {
    let listener = |protocol, group: &str| attrs(&[("protocol", protocol)]).with("default_action", forward(group));
    let group = |protocol| attrs(&[("protocol", protocol), ("target_type", "instance")]);
    let layout = Layout::new()
        .with("aws_lb.web", balancer("application"), &[])
        .with("aws_lb.flow", balancer("network"), &[])
        .with("aws_lb_target_group.http", group("HTTP"), &[])
        .with("aws_lb_target_group.tcp", group("TCP"), &[])
        .with("aws_lb_target_group.function", attrs(&[("target_type", "lambda")]), &[])
        .with("aws_lb_listener.fits", listener("HTTPS", "aws_lb_target_group.http.arn"), &WEB)
        .with("aws_lb_listener.calls", listener("HTTP", "aws_lb_target_group.function.arn"), &WEB)
        .with("aws_lb_listener.group", listener("HTTP", "aws_lb_target_group.tcp.arn"), &WEB)
        .with("aws_lb_listener.protocol", listener("TCP", "aws_lb_target_group.http.arn"), &WEB)
        .with(
            "aws_lb_listener.udp",
            listener("UDP", "aws_lb_target_group.tcp.arn"),
            &[("load_balancer_arn", "aws_lb.flow.arn")],
        )
        .with(
            "aws_lb_listener_rule.r",
            Attrs::default().with("action", forward("aws_lb_target_group.tcp.arn")),
            &[("listener_arn", "aws_lb_listener.fits.arn")],
        );
    insta::assert_snapshot!(layout.said(), @r"
        error: A target group's protocol does not fit the balancer (aws_lb_listener.group)
          aws_lb_listener.group forwards to aws_lb_target_group.tcp, which has TCP; aws_lb.web is of type application.
          Hint: Here a target group has one of: HTTP, HTTPS.
        error: A listener's protocol does not fit its balancer (aws_lb_listener.protocol)
          aws_lb_listener.protocol listens for TCP, but aws_lb.web is of type application.
          Hint: The protocols of a listener of a balancer of type application: HTTP, HTTPS.
        error: A target group's protocol does not fit the balancer (aws_lb_listener.udp)
          aws_lb_listener.udp forwards to aws_lb_target_group.tcp, which has TCP; aws_lb.flow is of type network.
          Hint: Here a target group has one of: UDP, TCP_UDP.
        error: A target group's protocol does not fit the balancer (aws_lb_listener_rule.r)
          aws_lb_listener_rule.r forwards to aws_lb_target_group.tcp, which has TCP; aws_lb.web is of type application.
          Hint: Here a target group has one of: HTTP, HTTPS.
    ");
}

#[test]
fn an_application_balancer_lies_in_two_zones() {
    let subnet = |zone| attrs(&[("availability_zone", zone)]);
    let places = |each: &[&str]| {
        balancer("application").with("subnets", Value::set(Type::String, each.iter().map(|r| later(r)).collect()))
    };
    let layout = Layout::new()
        .with("aws_subnet.a1", subnet("eu-west-1a"), &[])
        .with("aws_subnet.a2", subnet("eu-west-1a"), &[])
        .with("aws_subnet.b", subnet("eu-west-1b"), &[])
        .with("aws_subnet.somewhere", Attrs::default(), &[])
        .with("aws_lb.one", places(&["aws_subnet.a1", "aws_subnet.a2"]), &[])
        .with("aws_lb.two", places(&["aws_subnet.a1", "aws_subnet.b"]), &[])
        .with("aws_lb.twice", places(&["aws_subnet.a1", "aws_subnet.a2", "aws_subnet.b"]), &[])
        .with("aws_lb.unknown", places(&["aws_subnet.a1", "aws_subnet.somewhere"]), &[]);
    insta::assert_snapshot!(layout.said(), @r"
        error: An application balancer lies in fewer than two zones (aws_lb.one)
          aws_lb.one has aws_subnet.a1 and aws_subnet.a2, all in eu-west-1a; it needs two zones at least.
          Hint: Give it a subnet in each of two or more zones.
        error: A balancer has two subnets in one zone (aws_lb.twice)
          aws_lb.twice has aws_subnet.a1 and aws_subnet.a2, which share a zone.
          Hint: A balancer takes one subnet per zone.
    ");
}

#[test]
fn a_multi_az_database_needs_subnets_in_two_zones() {
    let subnet = |zone: &str| attrs(&[("availability_zone", zone)]);
    let group = |subnets: &[&str]| {
        let ids = subnets.iter().map(|s| later(s)).collect();
        Attrs::default().with("subnet_ids", Value::set(Type::String, ids))
    };
    let layout = |second: &str, group: Attrs| {
        Layout::new()
            .with("aws_subnet.a", subnet("eu-west-1a"), &[])
            .with("aws_subnet.b", subnet(second), &[])
            .with("aws_db_subnet_group.data", group, &[])
            .with(
                "aws_db_instance.orders",
                Attrs::default().with("multi_az", true),
                &[("db_subnet_group_name", "aws_db_subnet_group.data.name")],
            )
            .said()
    };
    let both = group(&["aws_subnet.a", "aws_subnet.b"]);
    insta::assert_snapshot!(layout("eu-west-1a", both.clone()), @r"
        error: All subnets of a DB subnet group are in one zone (aws_db_subnet_group.data)
          All subnets of aws_db_subnet_group.data are in eu-west-1a; RDS wants two zones at least.
          Hint: Add a subnet in another zone to subnet_ids.
        error: A Multi-AZ database has subnets in one zone only (aws_db_instance.orders)
          aws_db_instance.orders has multi_az, but aws_db_subnet_group.data has subnets in eu-west-1a only.
          Hint: Its standby needs a zone of its own: add a subnet there to the group.
    ");
    assert_eq!(layout("eu-west-1b", both), "");
    assert_eq!(layout("eu-west-1a", group(&["aws_subnet.a", "aws_subnet.elsewhere"])), "");
}

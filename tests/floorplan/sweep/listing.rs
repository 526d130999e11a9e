//! A world as an independent client lists it: every object with all rules and attributes, without what is
//! another in every world, such as ids, addresses and times.

use crate::support::World;
use roxmltree::Node;
use std::collections::BTreeMap;

/// Listings that need no more than their name.
const PLAIN: [(&str, &str); 24] = [
    ("ec2", "DescribeVpcs"),
    ("ec2", "DescribeSubnets"),
    ("ec2", "DescribeInternetGateways"),
    ("ec2", "DescribeNatGateways"),
    ("ec2", "DescribeAddresses"),
    ("ec2", "DescribeRouteTables"),
    ("ec2", "DescribeNetworkAcls"),
    ("ec2", "DescribeSecurityGroups"),
    ("ec2", "DescribeSecurityGroupRules"),
    ("ec2", "DescribeVpcEndpoints"),
    ("ec2", "DescribeFlowLogs"),
    ("ec2", "DescribeInstances"),
    ("ec2", "DescribeVolumes"),
    ("ec2", "DescribeNetworkInterfaces"),
    ("ec2", "DescribeCustomerGateways"),
    ("ec2", "DescribeVpnGateways"),
    ("ec2", "DescribeVpnConnections"),
    ("ec2", "DescribeLaunchTemplates"),
    ("rds", "DescribeDBInstances"),
    ("rds", "DescribeDBSubnetGroups"),
    ("elasticloadbalancing", "DescribeLoadBalancers"),
    ("elasticloadbalancing", "DescribeTargetGroups"),
    ("iam", "ListInstanceProfiles"),
    ("iam", "ListRoles"),
];

/// Listings of something of each object: service, listing, element that names the objects there, action, argument,
/// and another argument of the action.
const OF_EACH: [(&str, &str, &str, &str, &str, Option<(&str, &str)>); 21] = [
    ("ec2", "DescribeVpcs", "vpcId", "DescribeVpcAttribute", "VpcId", Some(("Attribute", "enableDnsHostnames"))),
    ("ec2", "DescribeVpcs", "vpcId", "DescribeVpcAttribute", "VpcId", Some(("Attribute", "enableDnsSupport"))),
    (
        "ec2",
        "DescribeInstances",
        "instanceId",
        "DescribeInstanceAttribute",
        "InstanceId",
        Some(("Attribute", "sourceDestCheck")),
    ),
    (
        "ec2",
        "DescribeInstances",
        "instanceId",
        "DescribeInstanceAttribute",
        "InstanceId",
        Some(("Attribute", "userData")),
    ),
    (
        "ec2",
        "DescribeInstances",
        "instanceId",
        "DescribeInstanceAttribute",
        "InstanceId",
        Some(("Attribute", "disableApiTermination")),
    ),
    (
        "elasticloadbalancing",
        "DescribeLoadBalancers",
        "LoadBalancerArn",
        "DescribeLoadBalancerAttributes",
        "LoadBalancerArn",
        None,
    ),
    ("elasticloadbalancing", "DescribeLoadBalancers", "LoadBalancerArn", "DescribeListeners", "LoadBalancerArn", None),
    ("elasticloadbalancing", "DescribeLoadBalancers", "LoadBalancerArn", "DescribeTags", "ResourceArns.member.1", None),
    (
        "elasticloadbalancing",
        "DescribeTargetGroups",
        "TargetGroupArn",
        "DescribeTargetGroupAttributes",
        "TargetGroupArn",
        None,
    ),
    ("elasticloadbalancing", "DescribeTargetGroups", "TargetGroupArn", "DescribeTargetHealth", "TargetGroupArn", None),
    ("elasticloadbalancing", "DescribeTargetGroups", "TargetGroupArn", "DescribeTags", "ResourceArns.member.1", None),
    ("rds", "DescribeDBInstances", "DBInstanceArn", "ListTagsForResource", "ResourceName", None),
    ("rds", "DescribeDBSubnetGroups", "DBSubnetGroupArn", "ListTagsForResource", "ResourceName", None),
    (
        "rds",
        "DescribeDBParameterGroups",
        "DBParameterGroupName",
        "DescribeDBParameters",
        "DBParameterGroupName",
        Some(("Source", "user")),
    ),
    ("iam", "ListRoles", "RoleName", "GetRole", "RoleName", None),
    ("iam", "ListRoles", "RoleName", "ListAttachedRolePolicies", "RoleName", None),
    ("iam", "ListRoles", "RoleName", "ListRolePolicies", "RoleName", None),
    ("iam", "ListRoles", "RoleName", "GetRolePolicy", "RoleName", Some(("PolicyName", "logs"))),
    ("iam", "ListRoles", "RoleName", "ListRoleTags", "RoleName", None),
    ("iam", "ListInstanceProfiles", "InstanceProfileName", "GetInstanceProfile", "InstanceProfileName", None),
    ("elasticloadbalancing", "DescribeLoadBalancers", "LoadBalancerArn", "DescribeListeners", "LoadBalancerArn", None),
];

/// What is set of a bucket, by the part of its address that asks for it.
const OF_BUCKETS: [&str; 8] = [
    "tagging",
    "versioning",
    "encryption",
    "publicAccessBlock",
    "policy",
    "lifecycle",
    "ownershipControls",
    "location",
];

/// Elements that say what is another in each world, or when something was.
const VOLATILE: [&str; 42] = [
    "clientToken",
    "UpdateDate",
    "requestId",
    "ResponseMetadata",
    "RequestId",
    "CreateDate",
    "createTime",
    "launchTime",
    "attachTime",
    "CreatedTime",
    "InstanceCreateTime",
    "creationTimestamp",
    "CreateTime",
    "publicIp",
    "privateIp",
    "privateIpAddress",
    "macAddress",
    "ipAddress",
    "dnsName",
    "DNSName",
    "privateDnsName",
    "reservationId",
    "customerGatewayConfiguration",
    "VpcEndpointId",
    "outsideIpAddress",
    "tunnelOutsideIpAddress",
    "lastStatusChange",
    "dnsEntrySet",
    "LatestRestorableTime",
    "RoleLastUsed",
    "publicDnsName",
    "keySet",
    "carrierIp",
    "privateIpAddressesSet",
    "startTime",
    "usageOperationUpdateTime",
    "vgwTelemetry",
    "CanonicalHostedZoneId",
    "PolicyId",
    "RoleId",
    "InstanceProfileId",
    "creationTime",
];

/// All of it, one line per object, in order.
pub fn listing(world: &World) -> Vec<String> {
    let names = Names::of(world);
    let mut lines: Vec<String> = Vec::new();
    let mut answers: BTreeMap<&str, String> = BTreeMap::new();
    let mut add = |title: &str, text: &str| lines.extend(objects(text, &names).iter().map(|o| format!("{title} {o}")));
    for (service, action) in PLAIN.into_iter().chain([("rds", "DescribeDBParameterGroups")]) {
        let (_, text) = world.ask(service, action, &[]);
        add(action, &text);
        answers.insert(action, text);
    }
    for (service, list, element, action, argument, more) in OF_EACH {
        let document = roxmltree::Document::parse(&answers[list]).expect("AWS answers well-formed XML");
        let ids = document
            .descendants()
            .filter(|n| n.has_tag_name_of(element))
            .filter(|n| !n.ancestors().any(|a| is_object(&a) && is_gone(&a)))
            .filter_map(|n| n.text());
        for id in ids.collect::<std::collections::BTreeSet<_>>() {
            let arguments: Vec<_> = std::iter::once((argument, id)).chain(more).collect();
            let (status, text) = world.ask(service, action, &arguments);
            if status == 200 {
                add(&format!("{action} {}", names.apply(id)), &text);
            }
        }
    }
    let listeners = world.calls_of_listeners();
    for arn in &listeners {
        let (_, text) = world.ask("elasticloadbalancing", "DescribeRules", &[("ListenerArn", arn)]);
        add("DescribeRules", &text);
    }
    let (_, text) = world.ask("iam", "ListPolicies", &[("Scope", "Local")]);
    add("ListPolicies", &text);
    let buckets = world.send("GET", "/", "s3", &[], b"").1;
    for bucket in texts(&buckets, "Name") {
        for part in OF_BUCKETS {
            let (status, text) = world.send("GET", &format!("/{bucket}?{part}"), "s3", &[], b"");
            lines.push(format!("{bucket} {part} {status} {}", whole(&text, &names)));
        }
    }
    let groups = world.json("logs", "Logs_20140328.DescribeLogGroups", serde_json::json!({}));
    for group in groups["logGroups"].as_array().into_iter().flatten() {
        lines.push(format!("log group {} {}", group["logGroupName"], group["retentionInDays"]));
    }
    lines.sort();
    lines
}

/// The texts of an element.
fn texts(text: &str, element: &str) -> Vec<String> {
    let Ok(document) = roxmltree::Document::parse(text) else { return Vec::new() };
    document.descendants().filter(|n| n.has_tag_name_of(element)).filter_map(|n| n.text()).map(str::to_owned).collect()
}

trait Tagged {
    fn has_tag_name_of(&self, name: &str) -> bool;
}

impl Tagged for Node<'_, '_> {
    /// Whatever the namespace.
    fn has_tag_name_of(&self, name: &str) -> bool {
        self.is_element() && self.tag_name().name() == name
    }
}

impl World {
    fn ask(&self, service: &str, action: &str, parameters: &[(&str, &str)]) -> (u16, String) {
        let (status, xml) = self.try_query(service, action, parameters);
        (status, xml.text().to_owned())
    }

    fn calls_of_listeners(&self) -> Vec<String> {
        let balancers = self.ask("elasticloadbalancing", "DescribeLoadBalancers", &[]).1;
        let arns = texts(&balancers, "LoadBalancerArn");
        let of = |arn: &String| self.ask("elasticloadbalancing", "DescribeListeners", &[("LoadBalancerArn", arn)]).1;
        arns.iter().flat_map(|arn| texts(&of(arn), "ListenerArn")).collect()
    }
}

/// What ids stand for: the `Name` of the object, else only its kind.
struct Names(BTreeMap<String, String>);

impl Names {
    fn of(world: &World) -> Self {
        let (_, text) = world.ask("ec2", "DescribeTags", &[("Filter.1.Name", "key"), ("Filter.1.Value.1", "Name")]);
        let document = roxmltree::Document::parse(&text).expect("AWS answers well-formed XML");
        let items = document.descendants().filter(|n| n.has_tag_name_of("item"));
        let text = |n: &Node<'_, '_>, name: &str| {
            n.children().find(|c| c.has_tag_name_of(name)).and_then(|c| c.text()).unwrap_or_default().to_owned()
        };
        Names(items.map(|n| (text(&n, "resourceId"), text(&n, "value"))).collect())
    }

    /// The text with every id in it replaced.
    fn apply(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(start) = rest.find(|c: char| c.is_ascii_alphanumeric()) {
            out.push_str(&rest[..start]);
            rest = &rest[start..];
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(rest.len());
            out.push_str(&self.word(&rest[..end]));
            rest = &rest[end..];
        }
        out + rest
    }

    fn word(&self, word: &str) -> String {
        if let Some(name) = self.0.get(word) {
            let kind = word.split('-').next().unwrap_or_default();
            return format!("<{kind} {name}>");
        }
        let random = |part: &&str| {
            let hex = part.chars().all(|c| c.is_ascii_hexdigit() && !c.is_ascii_uppercase());
            let upper = part.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase());
            part.len() >= 8 && (hex || upper) && part.chars().any(|c| c.is_ascii_digit()) && *part != "123456789012"
        };
        word.split('-').map(|part| if random(&part) { "#" } else { part }).collect::<Vec<_>>().join("-")
    }
}

/// The objects of an answer, those that are on their way out left out.
fn objects(text: &str, names: &Names) -> Vec<String> {
    let document = roxmltree::Document::parse(text).expect("AWS answers well-formed XML");
    let outermost = |n: &Node<'_, '_>| is_object(n) && !n.ancestors().skip(1).any(|a| is_object(&a));
    let named = |n: &Node<'_, '_>| {
        let kind = n.parent().map(|p| p.tag_name().name().to_owned()).unwrap_or_default();
        n.is_element()
            && !is_object(n)
            && kind.ends_with('s')
            && ["DBInstance", "DBSubnetGroup", "DBParameterGroup", "Parameter", "Tag"].contains(&n.tag_name().name())
    };
    let mut found: Vec<Node<'_, '_>> = document.descendants().filter(outermost).collect();
    if found.is_empty() {
        found = document.descendants().filter(named).collect();
    }
    if found.is_empty() {
        found = vec![document.root_element()];
    }
    found.iter().filter(|n| !is_gone(n)).map(|n| canonical(n, names)).collect()
}

fn whole(text: &str, names: &Names) -> String {
    match roxmltree::Document::parse(text) {
        Ok(document) => canonical(&document.root_element(), names),
        Err(_) => names.apply(text),
    }
}

/// Whether it stands in a list.
fn is_object(node: &Node<'_, '_>) -> bool {
    node.is_element() && ["item", "member"].contains(&node.tag_name().name())
}

fn is_gone(object: &Node<'_, '_>) -> bool {
    let state = |n: &Node<'_, '_>| {
        let own = n.has_tag_name_of("state")
            || n.has_tag_name_of("name") && n.parent().is_some_and(|p| p.has_tag_name_of("instanceState"));
        own && n.text().is_some_and(|t| ["deleted", "deleting", "terminated", "shutting-down"].contains(&t))
    };
    object.descendants().any(|n| state(&n))
}

/// An element as text, its children in an order of their own.
fn canonical(node: &Node<'_, '_>, names: &Names) -> String {
    let name = node.tag_name().name();
    let children: Vec<_> = node.children().filter(Node::is_element).collect();
    if children.is_empty() {
        return format!("{name}={}", names.apply(node.text().unwrap_or_default()));
    }
    let token = |n: &Node<'_, '_>| n.children().any(|c| c.text().is_some_and(|t| t.starts_with("floorplan:")));
    let mut parts: Vec<String> = children
        .iter()
        .filter(|n| !VOLATILE.contains(&n.tag_name().name()) && !token(n))
        .map(|n| canonical(n, names))
        .collect();
    parts.sort();
    format!("{name}{{{}}}", parts.join(" "))
}

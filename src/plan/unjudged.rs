//! Changes that bear on service and that the availability check cannot judge: rules, ACLs, routes, ports,
//! parameters. They are named instead of passed over.

use super::change::{Action, Change};
use super::services::{DOORS, Index, Service};
use crate::value::Value;
use std::collections::BTreeSet;

/// Types whose changes may interrupt service, with what they are about. Without arguments all of them count,
/// but for those that only describe.
const BEARING: &[(&str, &str, &[&str])] = &[
    ("aws_security_group", "rules", &["ingress", "egress"]),
    ("aws_default_security_group", "rules", &["ingress", "egress"]),
    ("aws_security_group_rule", "rules", &[]),
    ("aws_vpc_security_group_ingress_rule", "rules", &[]),
    ("aws_vpc_security_group_egress_rule", "rules", &[]),
    ("aws_ec2_managed_prefix_list", "rules", &["entry"]),
    ("aws_network_acl", "ACL", &["ingress", "egress", "subnet_ids"]),
    ("aws_default_network_acl", "ACL", &["ingress", "egress", "subnet_ids"]),
    ("aws_network_acl_rule", "ACL", &[]),
    ("aws_network_acl_association", "ACL", &[]),
    ("aws_route", "routes", &[]),
    ("aws_route_table", "routes", &["route"]),
    ("aws_default_route_table", "routes", &["route"]),
    ("aws_route_table_association", "routes", &[]),
    ("aws_main_route_table_association", "routes", &[]),
    ("aws_vpn_connection_route", "routes", &[]),
    ("aws_vpn_gateway_attachment", "routes", &[]),
    ("aws_vpn_gateway_route_propagation", "routes", &[]),
    ("aws_ec2_transit_gateway_route", "routes", &[]),
    ("aws_internet_gateway", "routes", &[]),
    ("aws_vpc_peering_connection", "routes", &[]),
    ("aws_vpc_endpoint", "routes", &[]),
    ("aws_vpc_dhcp_options", "name servers", &[]),
    ("aws_vpc_dhcp_options_association", "name servers", &[]),
    ("aws_customer_gateway", "tunnels", &[]),
    ("aws_eip_association", "addresses", &[]),
    (
        "aws_lb",
        "balancer",
        &["security_groups", "subnets", "subnet_mapping", "internal", "ip_address_type", "idle_timeout"],
    ),
    ("aws_lb_listener", "ports and actions", &[]),
    ("aws_lb_listener_rule", "conditions and actions", &[]),
    ("aws_lb_listener_certificate", "certificates", &[]),
    ("aws_lb_target_group", "health checks and attributes", &[]),
    (
        "aws_autoscaling_group",
        "scaling",
        &[
            "vpc_zone_identifier",
            "availability_zones",
            "health_check_type",
            "health_check_grace_period",
            "suspended_processes",
            "load_balancers",
            "traffic_source",
            "max_instance_lifetime",
        ],
    ),
    (
        "aws_instance",
        "network and role",
        &["vpc_security_group_ids", "security_groups", "source_dest_check", "iam_instance_profile"],
    ),
    (
        "aws_db_instance",
        "network and parameters",
        &["vpc_security_group_ids", "parameter_group_name", "option_group_name", "publicly_accessible"],
    ),
    ("aws_rds_cluster", "network and parameters", &["vpc_security_group_ids", "db_cluster_parameter_group_name"]),
    ("aws_db_parameter_group", "parameters", &[]),
    ("aws_rds_cluster_parameter_group", "parameters", &[]),
    ("aws_db_option_group", "parameters", &[]),
    ("aws_db_subnet_group", "subnets", &[]),
    ("aws_wafv2_web_acl", "web ACL", &[]),
    ("aws_wafv2_web_acl_association", "web ACL", &[]),
    ("aws_wafv2_rule_group", "web ACL", &[]),
    ("aws_wafv2_ip_set", "web ACL", &[]),
];

/// Arguments that change nothing for anybody who is served.
const DESCRIBES: [&str; 6] =
    ["tags", "tags_all", "description", "enable_deletion_protection", "timeouts", "revoke_rules_on_delete"];

/// Arguments that name the object itself. Many have the same, and some types have it as their id.
const SAYS_WHO: [&str; 7] = ["id", "arn", "name", "name_prefix", "identifier", "tag", "volume_tags"];

/// The changes that cannot be judged, by the services that they bear on.
pub struct Unjudged {
    /// Each with what it is about and the services.
    found: Vec<(String, BTreeSet<usize>)>,
}

impl Unjudged {
    /// Finds them.
    pub fn new(changes: &[Change], services: &[Service], index: &Index<'_>) -> Self {
        let bearing: Vec<(usize, &str)> =
            (0..changes.len()).filter_map(|i| Some((i, bears(i, changes, services, index)?))).collect();
        if bearing.is_empty() {
            return Unjudged { found: Vec::new() };
        }
        let parts: Vec<BTreeSet<usize>> = services.iter().map(|s| parts(s, changes, index)).collect();
        let mut found = Vec::new();
        for (i, what) in bearing {
            let change = &changes[i];
            let anchors = anchors(i, changes, index);
            let of: BTreeSet<usize> = (0..services.len()).filter(|&s| !parts[s].is_disjoint(&anchors)).collect();
            // What is only added matters where somebody is served already.
            if change.action != Action::Create || !of.is_empty() {
                found.push((format!("{} ({what})", change.address), of));
            }
        }
        Unjudged { found }
    }

    /// Those that bear on a service.
    pub fn of(&self, service: usize) -> Vec<String> {
        self.found.iter().filter(|(_, of)| of.contains(&service)).map(|(text, _)| text.clone()).collect()
    }

    /// Those that bear on no service.
    pub fn of_none(&self) -> Vec<String> {
        self.found.iter().filter(|(_, of)| of.is_empty()).map(|(text, _)| text.clone()).collect()
    }
}

/// The subject of a change that cannot be judged, if it is such a one.
fn bears(i: usize, changes: &[Change], services: &[Service], index: &Index<'_>) -> Option<&'static str> {
    let change = &changes[i];
    let acts = matches!(change.action, Action::Create | Action::Update | Action::Delete) || change.action.is_replace();
    let (_, what, arguments) = BEARING.iter().find(|(name, ..)| change.is(name)).filter(|_| acts)?;
    let whole = change.action != Action::Update;
    // The end of what precedes a service, and its replacement, are reported for the service itself.
    let reported =
        services.iter().any(|s| s.about == i || s.members.iter().any(|m| m.change == i) || s.front.contains(&i));
    if whole {
        let judged = reported && !change.is("aws_lb_listener") && !change.is("aws_lb_listener_rule");
        let leads = change.is("aws_route") && services.iter().any(|s| s.members.iter().any(|m| m.links.contains(&i)));
        let ends = change.action == Action::Delete && reported;
        return (!judged && !leads && !ends && (arguments.is_empty() || change.action.is_replace())).then_some(what);
    }
    let moves = super::rolling::handover::moved(index, changes, i).is_some();
    let leads = change.is("aws_route") && services.iter().any(|s| s.members.iter().any(|m| m.links.contains(&i)));
    let counts = |name: &str| {
        let judged = DOORS.iter().any(|(_, actions)| *actions == name) && moves || leads && name == "nat_gateway_id";
        !judged && !DESCRIBES.contains(&name) && (arguments.is_empty() || arguments.contains(&name))
    };
    let computed =
        |name: &str| change.after.as_ref().is_some_and(|a| a.is_unknown(name)) && ["id", "arn"].contains(&name);
    change.attributes.iter().any(|a| counts(&a.name) && !computed(&a.name)).then_some(what)
}

/// The objects whose ids an object holds, as it is and as it will be.
fn refers(i: usize, changes: &[Change], index: &Index<'_>) -> BTreeSet<usize> {
    fn collect(value: &Value, index: &Index<'_>, found: &mut BTreeSet<usize>) {
        if value.as_str().is_some() || value.origin().is_some() {
            found.extend(index.find(value));
        }
        value.children().for_each(|child| collect(child, index, found));
    }
    let mut found = BTreeSet::new();
    for side in [&changes[i].before, &changes[i].after].into_iter().flatten() {
        let refers = |name: &str| !SAYS_WHO.contains(&name) && !DESCRIBES.contains(&name);
        side.iter().filter(|(name, _)| refers(name)).for_each(|(_, value)| collect(value, index, &mut found));
    }
    // A VPC has everything in it.
    found.retain(|&j| j != i && !changes[j].is("aws_vpc"));
    found
}

/// The objects that a change bears on: itself, those that it names, and the subnets of a table or list.
fn anchors(i: usize, changes: &[Change], index: &Index<'_>) -> BTreeSet<usize> {
    let mut all = refers(i, changes, index);
    all.insert(i);
    let tables: Vec<usize> = all.iter().copied().collect();
    for type_name in ["aws_route_table_association", "aws_network_acl_association"] {
        for (link, _) in index.of_type(type_name) {
            let ends = refers(link, changes, index);
            if tables.iter().any(|table| ends.contains(table) && !changes[*table].is("aws_subnet")) {
                all.extend(ends);
            }
        }
    }
    all
}

/// The objects that a service is made of, and those that they name: subnets, groups, parameters.
fn parts(service: &Service, changes: &[Change], index: &Index<'_>) -> BTreeSet<usize> {
    let members = service.members.iter().flat_map(|m| [m.change, m.old].into_iter().chain(m.links.iter().copied()));
    let own: BTreeSet<usize> = members.chain(service.front.iter().copied()).chain([service.about]).collect();
    let named: Vec<usize> = own.iter().flat_map(|&i| refers(i, changes, index)).collect();
    own.into_iter().chain(named).collect()
}

//! Settings that AWS lets objects of two types have ([`crate::schema::rows::Holds`]), for the types
//! that have little of it: policies, addresses, gateways, target groups, subnets.

use crate::schema::Attrs;
use crate::value::Value;

type Keys = Vec<String>;

/// In words, if all that they need is known.
fn words<const N: usize>(parts: [Option<&str>; N], say: fn([&str; N]) -> String) -> Keys {
    let known = parts.iter().all(|p| p.is_some_and(|text| !text.is_empty()));
    let parts = parts.map(Option::unwrap_or_default);
    known.then(|| say(parts)).into_iter().collect()
}

fn each<'a>(attrs: &'a Attrs, name: &str) -> impl Iterator<Item = &'a str> {
    attrs.elements(name).iter().filter_map(Value::as_str)
}

fn is_given(attrs: &Attrs, name: &str) -> bool {
    attrs.is_set(name) || attrs.is_unknown(name)
}

fn inline_policy(role: Option<&str>, name: Option<&str>) -> Keys {
    words([name, role], |[name, role]| format!("the policy {name} of the role {role}"))
}

fn attached_policy(role: Option<&str>, arn: Option<&str>) -> Keys {
    words([arn, role], |[arn, role]| format!("{arn} on the role {role}"))
}

/// The policies of a role.
pub fn role(role: &Attrs) -> Keys {
    let id = role.str("id");
    let inline = role.blocks("inline_policy").iter().flat_map(|p| inline_policy(id, p.str("name"))).collect::<Keys>();
    let attached = each(role, "managed_policy_arns").flat_map(|arn| attached_policy(id, Some(arn)));
    inline.into_iter().chain(attached).collect()
}

/// A policy that only one role has.
pub fn role_policy(policy: &Attrs) -> Keys {
    inline_policy(policy.str("role"), policy.str("name"))
}

/// A policy of a role that others may have as well.
pub fn role_attachment(attachment: &Attrs) -> Keys {
    attached_policy(attachment.str("role"), attachment.str("policy_arn"))
}

fn policy_of_topic(arn: Option<&str>) -> Keys {
    words([arn], |[arn]| format!("the policy of {arn}"))
}

/// The policy of a topic.
pub fn topic(topic: &Attrs) -> Keys {
    if is_given(topic, "policy") { policy_of_topic(topic.str("id")) } else { Keys::new() }
}

/// The same as an object of its own.
pub fn topic_policy(policy: &Attrs) -> Keys {
    policy_of_topic(policy.str("arn"))
}

fn policy_of_queue(url: Option<&str>) -> Keys {
    words([url], |[url]| format!("the policy of {url}"))
}

/// The policy of a queue.
pub fn queue(queue: &Attrs) -> Keys {
    if is_given(queue, "policy") { policy_of_queue(queue.str("id")) } else { Keys::new() }
}

/// The same as an object of its own.
pub fn queue_policy(policy: &Attrs) -> Keys {
    policy_of_queue(policy.str("queue_url"))
}

fn target_of_address(id: Option<&str>) -> Keys {
    words([id], |[id]| format!("what {id} leads to"))
}

/// What an address leads to.
pub fn address(address: &Attrs) -> Keys {
    let leads = ["instance", "network_interface"].iter().any(|name| is_given(address, name));
    if leads { target_of_address(address.str("id")) } else { Keys::new() }
}

/// The same as an object of its own.
pub fn address_association(association: &Attrs) -> Keys {
    target_of_address(association.str("allocation_id"))
}

fn vpc_of_gateway(id: Option<&str>) -> Keys {
    words([id], |[id]| format!("the VPC of {id}"))
}

/// The VPC of a VPN gateway.
pub fn gateway(gateway: &Attrs) -> Keys {
    if is_given(gateway, "vpc_id") { vpc_of_gateway(gateway.str("id")) } else { Keys::new() }
}

/// The same as an object of its own.
pub fn gateway_attachment(attachment: &Attrs) -> Keys {
    vpc_of_gateway(attachment.str("vpn_gateway_id"))
}

fn reported(gateway: Option<&str>, table: Option<&str>) -> Keys {
    words([gateway, table], |[gateway, table]| format!("the routes of {gateway} in {table}"))
}

/// The gateways that give a table their routes.
pub fn propagations(table: &Attrs) -> Keys {
    each(table, "propagating_vgws").flat_map(|gateway| reported(Some(gateway), table.str("id"))).collect()
}

/// The same as an object of its own.
pub fn propagation(one: &Attrs) -> Keys {
    reported(one.str("vpn_gateway_id"), one.str("route_table_id"))
}

fn members(group: Option<&str>, target: Option<&str>) -> Keys {
    words([group, target], |[group, target]| format!("the members of {group} in {target}"))
}

/// The target groups of a scaling group.
pub fn scaling(group: &Attrs) -> Keys {
    each(group, "target_group_arns").flat_map(|target| members(group.str("id"), Some(target))).collect()
}

/// The same as an object of its own.
pub fn scaling_attachment(attachment: &Attrs) -> Keys {
    members(attachment.str("autoscaling_group_name"), attachment.str("lb_target_group_arn"))
}

fn acl_of(subnet: Option<&str>) -> Keys {
    words([subnet], |[subnet]| format!("the network ACL of {subnet}"))
}

/// The subnets of a network ACL.
pub fn acl_subnets(acl: &Attrs) -> Keys {
    each(acl, "subnet_ids").flat_map(|subnet| acl_of(Some(subnet))).collect()
}

/// The same as an object of its own.
pub fn acl_association(association: &Attrs) -> Keys {
    acl_of(association.str("subnet_id"))
}

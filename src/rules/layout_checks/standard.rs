//! The guards that every layout has, as far as no model of the network is needed: VPCs without flow logs, groups that are
//! open to the world, databases that are public or not encrypted, instances that answer requests without a token.
//! A value that is not known yet breaks none of them.

use super::{LayoutInstance, VPC, World};
use crate::diag::Span;
use crate::rules::guard::Standard;
use crate::rules::security_rule::{Peer, SecurityRule, rules_of};
use std::collections::BTreeSet;

/// An object that a guard finds.
#[derive(Debug, Clone)]
pub struct Found {
    /// The guard.
    pub guard: Standard,
    /// The object.
    pub address: String,
    /// What is wrong with it, as the second half of a sentence.
    pub why: String,
    /// Where the layout has it.
    pub span: Option<Span>,
}

/// Whether one of the guards looks at objects of a type.
pub fn looks_at(type_name: &str) -> bool {
    const TYPES: [&str; 12] = [
        "aws_db_instance",
        "aws_default_security_group",
        "aws_flow_log",
        "aws_instance",
        "aws_launch_configuration",
        "aws_launch_template",
        "aws_rds_cluster",
        "aws_rds_cluster_instance",
        "aws_security_group",
        "aws_security_group_rule",
        "aws_vpc",
        "aws_vpc_security_group_ingress_rule",
    ];
    TYPES.contains(&type_name)
}

/// All that is found of these guards.
pub fn find(instances: &[LayoutInstance<'_>], guards: &[Standard]) -> Vec<Found> {
    let mut all = Vec::new();
    for &guard in guards {
        let mut add = |i: &LayoutInstance<'_>, why: String| {
            all.push(Found { guard, address: i.address.clone(), why, span: i.span.clone() });
        };
        match guard {
            Standard::FlowLogs => {
                unlogged(instances).into_iter().for_each(|vpc| add(vpc, "it has no aws_flow_log".to_owned()));
            }
            Standard::OpenGroups => {
                for i in instances {
                    if let Some(rule) = ingress(i).into_iter().find(opens_all) {
                        add(i, format!("it lets in {rule}"));
                    }
                }
            }
            Standard::PublicDatabases => {
                let types = ["aws_db_instance", "aws_rds_cluster_instance"];
                let public = |i: &&LayoutInstance<'_>| i.attrs.bool("publicly_accessible") == Some(true);
                let all = instances.iter().filter(|i| types.contains(&i.type_name));
                all.filter(public).for_each(|i| add(i, "publicly_accessible is true".to_owned()));
            }
            Standard::Encryption => {
                let all = instances.iter().filter(|i| is_clear(i));
                all.for_each(|i| add(i, "storage_encrypted is not true".to_owned()));
            }
            Standard::Imdsv2 => {
                let all = instances.iter().filter(|i| takes_any_request(i));
                all.for_each(|i| add(i, "http_tokens of its metadata_options is not \"required\"".to_owned()));
            }
            Standard::Databases | Standard::AdminPorts => {}
        }
    }
    all
}

/// The VPCs without flow logs of their own.
fn unlogged<'a>(instances: &'a [LayoutInstance<'a>]) -> Vec<&'a LayoutInstance<'a>> {
    let vpcs: Vec<&LayoutInstance<'_>> = instances.iter().filter(|i| i.type_name == VPC.own).collect();
    if vpcs.is_empty() {
        return Vec::new();
    }
    let world = World::new(instances);
    let mut logged = BTreeSet::new();
    for log in world.of_type("aws_flow_log") {
        match world.key(log, "vpc_id", &VPC) {
            Some(key) => _ = logged.insert(key),
            // It may be of any of them.
            None if log.attrs.is_unknown("vpc_id") => return Vec::new(),
            None => {}
        }
    }
    vpcs.into_iter().filter(|vpc| !logged.contains(&vpc.address)).collect()
}

/// The ingress rules that the layout gives.
fn ingress(i: &LayoutInstance<'_>) -> Vec<SecurityRule> {
    match i.type_name {
        "aws_security_group" | "aws_default_security_group" => {
            i.config.blocks("ingress").iter().flat_map(rules_of).collect()
        }
        "aws_vpc_security_group_ingress_rule" => rules_of(i.attrs),
        "aws_security_group_rule" if i.attrs.str("type") == Some("ingress") => rules_of(i.attrs),
        _ => Vec::new(),
    }
}

/// Whether a rule is open to everybody.
pub fn is_open(rule: &SecurityRule) -> bool {
    match &rule.peer {
        Peer::Ipv4(range) => range == "0.0.0.0/0",
        Peer::Ipv6(range) => range == "::/0",
        Peer::PrefixList(_) | Peer::Group(_) | Peer::Itself => false,
    }
}

/// Whether a rule opens all ports to everybody.
fn opens_all(rule: &SecurityRule) -> bool {
    let ports = match (rule.protocol.as_str(), rule.from, rule.to) {
        ("-1", ..) => true,
        ("tcp" | "udp", Some(first), Some(last)) => first <= 1 && last >= 65_535,
        _ => false,
    };
    ports && is_open(rule)
}

/// Whether the storage of a database is not encrypted. A copy has what its original has, unless the layout says more.
fn is_clear(i: &LayoutInstance<'_>) -> bool {
    const COPIES: [&str; 6] = [
        "replicate_source_db",
        "replication_source_identifier",
        "snapshot_identifier",
        "restore_to_point_in_time",
        "s3_import",
        "global_cluster_identifier",
    ];
    if !["aws_db_instance", "aws_rds_cluster"].contains(&i.type_name) {
        return false;
    }
    let known = i.attrs.bool("storage_encrypted");
    let asks = i.gives("storage_encrypted");
    let copy = COPIES.iter().any(|name| i.config.is_filled(name));
    // Clusters without servers of their own are always encrypted.
    let serverless = i.attrs.str("engine_mode") == Some("serverless");
    match known {
        Some(true) => false,
        _ if i.config.is_unknown("storage_encrypted") => false,
        Some(false) => !serverless && (asks || !copy || i.attrs.is_set("id")),
        None => !serverless && !copy,
    }
}

/// Whether the layout lets an instance hand its credentials to any request.
fn takes_any_request(i: &LayoutInstance<'_>) -> bool {
    let name = "metadata_options";
    if !["aws_instance", "aws_launch_template", "aws_launch_configuration"].contains(&i.type_name) {
        return false;
    }
    // The template says it.
    if i.config.is_filled("launch_template") && !i.config.is_filled(name) {
        return false;
    }
    if i.config.is_unknown(name) {
        return false;
    }
    let options = i.attrs.blocks(name).into_iter().next().or_else(|| i.config.blocks(name).into_iter().next());
    options.is_none_or(|o| o.str("http_endpoint") != Some("disabled") && o.str("http_tokens") != Some("required"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Attrs;
    use crate::value::{Origin, Type, Value};

    /// What the guards find in objects that a layout has yet to make, one a line.
    fn found(objects: &[(&str, Attrs)]) -> String {
        let instances: Vec<LayoutInstance<'_>> = objects
            .iter()
            .map(|(address, attrs)| LayoutInstance {
                address: (*address).to_owned(),
                type_name: address.split('.').next().unwrap_or_default(),
                provider: "aws",
                config: attrs,
                attrs,
                span: None,
            })
            .collect();
        let all = find(&instances, &Standard::ALL);
        all.iter().map(|one| format!("{} {}: {}\n", one.guard.name(), one.address, one.why)).collect()
    }

    fn of(entries: &[(&str, Value)]) -> Attrs {
        entries.iter().map(|(name, value)| (*name, value.clone())).collect()
    }

    fn id_of(address: &str) -> Value {
        let origin = || Origin { address: address.into(), attribute: "id".into() };
        Value::unknown(Type::String).from_origin(origin)
    }

    fn blocks(entries: &[(&'static str, Value)]) -> Value {
        let block = Value::object(entries.iter().map(|(name, value)| (*name, value.clone())).collect::<Vec<_>>());
        Value::list(Type::Dynamic, vec![block])
    }

    #[test]
    fn a_vpc_wants_a_flow_log_of_its_own() {
        let vpc = of(&[("cidr_block", "10.0.0.0/16".into())]);
        let log = of(&[("vpc_id", id_of("aws_vpc.a"))]);
        let all = [("aws_vpc.a", vpc.clone()), ("aws_vpc.b", vpc.clone()), ("aws_flow_log.a", log)];
        assert_eq!(found(&all), "flow-logs aws_vpc.b: it has no aws_flow_log\n");
        let unknown = of(&[("vpc_id", Value::unknown(Type::String))]);
        assert_eq!(found(&[("aws_vpc.a", vpc), ("aws_flow_log.a", unknown)]), "");
    }

    #[test]
    fn all_ports_for_everybody_are_found_in_every_form() {
        let rule = |protocol: &str, from: i32, to: i32, range: &str| {
            of(&[
                ("ip_protocol", protocol.into()),
                ("from_port", from.into()),
                ("to_port", to.into()),
                ("cidr_ipv4", range.into()),
            ])
        };
        let inline = blocks(&[
            ("protocol", "-1".into()),
            ("from_port", 0.into()),
            ("to_port", 0.into()),
            ("ipv6_cidr_blocks", Value::strings(["::/0"])),
        ]);
        let all = [
            ("aws_vpc_security_group_ingress_rule.tcp", rule("tcp", 0, 65_535, "0.0.0.0/0")),
            ("aws_vpc_security_group_ingress_rule.web", rule("tcp", 443, 443, "0.0.0.0/0")),
            ("aws_vpc_security_group_ingress_rule.inside", rule("-1", 0, 0, "10.0.0.0/8")),
            ("aws_vpc_security_group_egress_rule.out", rule("-1", 0, 0, "0.0.0.0/0")),
            ("aws_security_group.open", of(&[("ingress", inline)])),
        ];
        insta::assert_snapshot!(found(&all), @r"
        open-groups aws_vpc_security_group_ingress_rule.tcp: it lets in tcp ports 0-65535, 0.0.0.0/0
        open-groups aws_security_group.open: it lets in all traffic, ::/0
        ");
    }

    #[test]
    fn databases_are_private_and_encrypted() {
        let all = [
            ("aws_db_instance.good", of(&[("storage_encrypted", true.into())])),
            ("aws_db_instance.bad", of(&[("publicly_accessible", true.into()), ("storage_encrypted", false.into())])),
            ("aws_db_instance.silent", of(&[])),
            ("aws_db_instance.copy", of(&[("snapshot_identifier", "s".into())])),
            ("aws_db_instance.later", of(&[("storage_encrypted", Value::unknown(Type::Bool))])),
            ("aws_rds_cluster.serverless", of(&[("engine_mode", "serverless".into())])),
        ];
        insta::assert_snapshot!(found(&all), @r"
        public-databases aws_db_instance.bad: publicly_accessible is true
        encryption aws_db_instance.bad: storage_encrypted is not true
        encryption aws_db_instance.silent: storage_encrypted is not true
        ");
    }

    #[test]
    fn instances_want_tokens() {
        let tokens = |word: &str| of(&[("metadata_options", blocks(&[("http_tokens", word.into())]))]);
        let off = of(&[("metadata_options", blocks(&[("http_endpoint", "disabled".into())]))]);
        let all = [
            ("aws_instance.good", tokens("required")),
            ("aws_instance.bad", tokens("optional")),
            ("aws_instance.silent", of(&[])),
            ("aws_instance.off", off),
            ("aws_instance.later", of(&[("metadata_options", Value::unknown(Type::Dynamic))])),
            ("aws_instance.template", of(&[("launch_template", blocks(&[("id", "lt-1".into())]))])),
            ("aws_launch_template.bad", of(&[])),
        ];
        insta::assert_snapshot!(found(&all), @r#"
        imdsv2 aws_instance.bad: http_tokens of its metadata_options is not "required"
        imdsv2 aws_instance.silent: http_tokens of its metadata_options is not "required"
        imdsv2 aws_launch_template.bad: http_tokens of its metadata_options is not "required"
        "#);
    }
}

//! From the ARN of an object to its type and id, for the types whose objects a person makes and tags. Left out are parts and
//! copies of other objects, which take their tags from them: listeners, rules of groups, snapshots, images.

/// How the id of an object follows from the last part of its ARN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Id {
    /// It is that part.
    Last,
    /// It is what follows the last `/` of it.
    Name,
    /// It is the whole ARN.
    Whole,
    /// It is found by that part as this argument.
    Found(&'static str),
}

use Id::{Found, Last, Name, Whole};

/// The service, the beginning of the resource, its type, and its id. The first that fits counts, and those of the same
/// beginning after it.
const KINDS: &[(&str, &str, &str, Id)] = &[
    ("acm", "certificate/", "aws_acm_certificate", Whole),
    ("autoscaling", "autoScalingGroup:", "aws_autoscaling_group", Name),
    ("backup", "backup-plan:", "aws_backup_plan", Last),
    ("backup", "backup-vault:", "aws_backup_vault", Last),
    ("cloudwatch", "alarm:", "aws_cloudwatch_metric_alarm", Last),
    ("cloudwatch", "alarm:", "aws_cloudwatch_composite_alarm", Last),
    ("cognito-idp", "userpool/", "aws_cognito_user_pool", Last),
    ("directconnect", "dxcon/", "aws_dx_connection", Last),
    ("ec2", "customer-gateway/", "aws_customer_gateway", Last),
    ("ec2", "dhcp-options/", "aws_vpc_dhcp_options", Last),
    ("ec2", "egress-only-internet-gateway/", "aws_egress_only_internet_gateway", Last),
    ("ec2", "elastic-ip/", "aws_eip", Last),
    ("ec2", "instance/", "aws_instance", Last),
    ("ec2", "internet-gateway/", "aws_internet_gateway", Last),
    ("ec2", "launch-template/", "aws_launch_template", Last),
    ("ec2", "natgateway/", "aws_nat_gateway", Last),
    ("ec2", "network-acl/", "aws_network_acl", Last),
    ("ec2", "network-interface/", "aws_network_interface", Last),
    ("ec2", "prefix-list/", "aws_ec2_managed_prefix_list", Last),
    ("ec2", "route-table/", "aws_route_table", Last),
    ("ec2", "security-group/", "aws_security_group", Last),
    ("ec2", "subnet/", "aws_subnet", Last),
    ("ec2", "transit-gateway/", "aws_ec2_transit_gateway", Last),
    ("ec2", "volume/", "aws_ebs_volume", Last),
    ("ec2", "vpc/", "aws_vpc", Last),
    ("ec2", "vpc-endpoint/", "aws_vpc_endpoint", Last),
    ("ec2", "vpc-flow-log/", "aws_flow_log", Last),
    ("ec2", "vpc-peering-connection/", "aws_vpc_peering_connection", Last),
    ("ec2", "vpn-connection/", "aws_vpn_connection", Last),
    ("ec2", "vpn-gateway/", "aws_vpn_gateway", Last),
    ("elasticache", "subnetgroup:", "aws_elasticache_subnet_group", Last),
    ("elasticfilesystem", "file-system/", "aws_efs_file_system", Last),
    ("elasticloadbalancing", "loadbalancer/app/", "aws_lb", Whole),
    ("elasticloadbalancing", "loadbalancer/gwy/", "aws_lb", Whole),
    ("elasticloadbalancing", "loadbalancer/net/", "aws_lb", Whole),
    ("elasticloadbalancing", "loadbalancer/", "aws_elb", Last),
    ("elasticloadbalancing", "targetgroup/", "aws_lb_target_group", Whole),
    ("events", "rule/", "aws_cloudwatch_event_rule", Last),
    ("globalaccelerator", "accelerator/", "aws_globalaccelerator_accelerator", Whole),
    ("iam", "instance-profile/", "aws_iam_instance_profile", Name),
    ("iam", "policy/", "aws_iam_policy", Whole),
    ("iam", "role/", "aws_iam_role", Name),
    ("iam", "user/", "aws_iam_user", Name),
    ("kms", "key/", "aws_kms_key", Last),
    ("lambda", "function:", "aws_lambda_function", Last),
    ("logs", "log-group:", "aws_cloudwatch_log_group", Last),
    ("network-firewall", "firewall/", "aws_networkfirewall_firewall", Whole),
    ("network-firewall", "firewall-policy/", "aws_networkfirewall_firewall_policy", Whole),
    ("network-firewall", "stateful-rulegroup/", "aws_networkfirewall_rule_group", Whole),
    ("network-firewall", "stateless-rulegroup/", "aws_networkfirewall_rule_group", Whole),
    ("rds", "cluster:", "aws_rds_cluster", Last),
    ("rds", "db:", "aws_db_instance", Found("identifier")),
    ("rds", "db:", "aws_rds_cluster_instance", Last),
    ("rds", "subgrp:", "aws_db_subnet_group", Last),
    ("route53", "healthcheck/", "aws_route53_health_check", Last),
    ("route53", "hostedzone/", "aws_route53_zone", Last),
    ("route53resolver", "resolver-endpoint/", "aws_route53_resolver_endpoint", Last),
    ("route53resolver", "resolver-rule/", "aws_route53_resolver_rule", Last),
    ("s3", "", "aws_s3_bucket", Last),
    ("secretsmanager", "secret:", "aws_secretsmanager_secret", Whole),
    ("sns", "", "aws_sns_topic", Whole),
    ("sqs", "", "aws_sqs_queue", Found("name")),
    ("ssm", "parameter/", "aws_ssm_parameter", Last),
    ("vpc-lattice", "servicenetwork/", "aws_vpclattice_service_network", Last),
];

/// Resources whose last part has further parts: a bus before a rule, a path before a name.
const DEEP: [&str; 3] = ["alarm:", "log-group:", "parameter/"];

/// What an object is asked for by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    /// Its id.
    Id(String),
    /// An argument and its value.
    Argument(&'static str, String),
}

/// What the object of an ARN may be: types and what it is asked for by. Nothing for what is of no known type.
pub(super) fn kinds(arn: &str) -> Vec<(&'static str, Key)> {
    let mut parts = arn.splitn(6, ':').skip(2);
    let (Some(service), Some(resource)) = (parts.next(), parts.nth(2)) else { return Vec::new() };
    let Some(start) = KINDS.iter().find(|kind| kind.0 == service && resource.starts_with(kind.1)).map(|kind| kind.1)
    else {
        return Vec::new();
    };
    let last = &resource[start.len()..];
    let last = if start == "log-group:" { last.strip_suffix(":*").unwrap_or(last) } else { last };
    let is_part = last.contains(['/', ':']) && !DEEP.contains(&start);
    let fitting = KINDS.iter().filter(|kind| kind.0 == service && kind.1 == start);
    let mut all = Vec::new();
    for (.., type_name, id) in fitting {
        let key = match id {
            Whole if start == "accelerator/" && is_part => continue,
            Whole => Key::Id(arn.to_owned()),
            Name => Key::Id(last.rsplit('/').next().unwrap_or(last).to_owned()),
            _ if is_part => continue,
            Last => Key::Id(last.to_owned()),
            Found(argument) => Key::Argument(argument, last.to_owned()),
        };
        all.push((*type_name, key));
    }
    // The name of a parameter begins with a slash where it has further ones.
    if start == "parameter/" {
        let whole = format!("/{last}");
        all.push(("aws_ssm_parameter", Key::Id(whole)));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resources::registry;

    fn shown(arn: &str) -> Vec<String> {
        let key = |key: Key| match key {
            Key::Id(id) => id,
            Key::Argument(name, value) => format!("{name}={value}"),
        };
        kinds(arn).into_iter().map(|(name, of)| format!("{name} {}", key(of))).collect()
    }

    #[test]
    fn every_type_of_the_table_is_there() {
        for (_, _, type_name, id) in KINDS {
            let resource = registry().get(type_name).unwrap_or_else(|| panic!("{type_name}"));
            if let Found(argument) = id {
                assert!(resource.schema().attribute(argument).is_some(), "{type_name} {argument}");
            }
        }
    }

    #[test]
    fn an_arn_says_type_and_id() {
        let cases = [
            ("arn:aws:ec2:eu-west-1:111111111111:subnet/subnet-0a", "aws_subnet subnet-0a"),
            ("arn:aws:s3:::acme-logs", "aws_s3_bucket acme-logs"),
            ("arn:aws:sqs:eu-west-1:111111111111:jobs", "aws_sqs_queue name=jobs"),
            ("arn:aws:sns:eu-west-1:111111111111:t", "aws_sns_topic arn:aws:sns:eu-west-1:111111111111:t"),
            ("arn:aws:iam::111111111111:role/team/deploy", "aws_iam_role deploy"),
            ("arn:aws:lambda:eu-west-1:111111111111:function:f", "aws_lambda_function f"),
            ("arn:aws:logs:eu-west-1:111111111111:log-group:/a/b:*", "aws_cloudwatch_log_group /a/b"),
            ("arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/old", "aws_elb old"),
            (
                "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/web/50dc6c495c0c9188",
                "aws_lb arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/web/50dc6c495c0c9188",
            ),
            (
                "arn:aws:rds:eu-west-1:111111111111:db:main",
                "aws_db_instance identifier=main, aws_rds_cluster_instance main",
            ),
            ("arn:aws:ssm:eu-west-1:111111111111:parameter/a/b", "aws_ssm_parameter a/b, aws_ssm_parameter /a/b"),
            (
                "arn:aws:autoscaling:eu-west-1:111111111111:autoScalingGroup:1-2:autoScalingGroupName/web",
                "aws_autoscaling_group web",
            ),
        ];
        for (arn, expected) in cases {
            assert_eq!(shown(arn).join(", "), expected, "{arn}");
        }
    }

    #[test]
    fn parts_copies_and_strangers_are_left_out() {
        for arn in [
            "arn:aws:ec2:eu-west-1:111111111111:snapshot/snap-0a",
            "arn:aws:ec2:eu-west-1:111111111111:security-group-rule/sgr-0a",
            "arn:aws:lambda:eu-west-1:111111111111:function:f:live",
            "arn:aws:events:eu-west-1:111111111111:rule/bus/nightly",
            "arn:aws:globalaccelerator::111111111111:accelerator/a/listener/b",
            "arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/web/1/2",
            "arn:aws:ecs:eu-west-1:111111111111:cluster/main",
            "nonsense",
        ] {
            assert_eq!(shown(arn), [""; 0], "{arn}");
        }
    }
}

//! The network family: VPCs and all that lives in them.

mod default_security_group;
mod permissions;
mod security_group;
mod security_group_rule;
mod subnet;
mod vpc_security_group_egress_rule;
mod vpc_security_group_ingress_rule;
mod vpc_security_group_rule;

use super::any::{AnyData, AnyResource, Registry, add};

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<default_security_group::AwsDefaultSecurityGroup>(all);
    add::<security_group::AwsSecurityGroup>(all);
    add::<security_group_rule::AwsSecurityGroupRule>(all);
    add::<vpc_security_group_egress_rule::AwsVpcSecurityGroupEgressRule>(all);
    add::<vpc_security_group_ingress_rule::AwsVpcSecurityGroupIngressRule>(all);
    add::<subnet::AwsSubnet>(all);
}

/// The family's data sources.
pub fn data_sources(_all: &mut Registry<dyn AnyData>) {}

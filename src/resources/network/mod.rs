//! The network family: VPCs and all that lives in them.

mod acl_entries;
mod default_network_acl;
mod default_security_group;
mod managed_prefix_list;
mod network_acl;
mod network_acl_association;
mod network_acl_rule;
mod permissions;
mod security_group;
mod security_group_rule;
mod subnet;
mod vpc_dhcp_options;
mod vpc_dhcp_options_association;
mod vpc_security_group_egress_rule;
mod vpc_security_group_ingress_rule;
mod vpc_security_group_rule;

use super::any::{AnyData, AnyResource, Registry, add};

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<default_network_acl::AwsDefaultNetworkAcl>(all);
    add::<managed_prefix_list::AwsEc2ManagedPrefixList>(all);
    add::<vpc_dhcp_options::AwsVpcDhcpOptions>(all);
    add::<vpc_dhcp_options_association::AwsVpcDhcpOptionsAssociation>(all);
    add::<network_acl::AwsNetworkAcl>(all);
    add::<network_acl_association::AwsNetworkAclAssociation>(all);
    add::<network_acl_rule::AwsNetworkAclRule>(all);
    add::<default_security_group::AwsDefaultSecurityGroup>(all);
    add::<security_group::AwsSecurityGroup>(all);
    add::<security_group_rule::AwsSecurityGroupRule>(all);
    add::<vpc_security_group_egress_rule::AwsVpcSecurityGroupEgressRule>(all);
    add::<vpc_security_group_ingress_rule::AwsVpcSecurityGroupIngressRule>(all);
    add::<subnet::AwsSubnet>(all);
}

/// The family's data sources.
pub fn data_sources(_all: &mut Registry<dyn AnyData>) {}

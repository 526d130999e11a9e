//! aws_default_vpc_dhcp_options: the set of DHCP options that AWS gives each region. It is adopted and only tagged.

use super::vpc_dhcp_options::{AwsVpcDhcpOptions, Options, values};
use crate::resources::prelude::*;

/// The resource type `aws_default_vpc_dhcp_options`.
pub struct AwsDefaultVpcDhcpOptions;

const SERVERS: &str = "domain-name-servers";

table! {
    Rows: Options {
        arn: Text, read [.computed()];
        domain_name: Text, none [.computed().read(|o| joined(o.held(), "domain-name"))];
        domain_name_servers: Text, none [.computed().read(|o| joined(o.held(), SERVERS))];
        ipv6_address_preferred_lease_time: Text, none
            [.computed().read(|o| joined(o.held(), "ipv6-address-preferred-lease-time"))];
        netbios_name_servers: Text, none [.computed().read(|o| joined(o.held(), "netbios-name-servers"))];
        netbios_node_type: Text, none [.computed().read(|o| joined(o.held(), "netbios-node-type"))];
        ntp_servers: Text, none [.computed().read(|o| joined(o.held(), "ntp-servers"))];
        owner_id: Text, read [.optional_computed().force_new()];
    }
}

fn joined(o: &Options, key: &str) -> Value {
    Some(values(o, key).join(",")).filter(|text| !text.is_empty()).into()
}

impl Resource for AwsDefaultVpcDhcpOptions {
    type Live = Options;

    fn spec() -> Spec<Options> {
        Spec::new("aws_default_vpc_dhcp_options", AwsVpcDhcpOptions::spec().id, Rows::rows())
            .role(Role::Settings(Unjudged::All("name servers")))
            .tags(|o| tags::read(o.tags()))
            .recover(Recover::Key)
            .unique(&[&["region"]])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Options>> {
        if !matches!(which, Which::NaturalKey(_)) {
            return AwsVpcDhcpOptions::describe(aws, which).await;
        }
        let domain = match &*aws.region {
            "us-east-1" => "ec2.internal".to_owned(),
            region => format!("{region}.compute.internal"),
        };
        let by = vec![filter("key", "domain-name"), filter("value", &domain)];
        let mut found = super::vpc_dhcp_options::listed(aws, vec![by]).await?;
        found.retain(|o| values(o, SERVERS) == ["AmazonProvidedDNS"]);
        Ok(found)
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let found = Self::describe(aws, Which::NaturalKey(want)).await?;
        let id = found.first().and_then(|o| o.dhcp_options_id()).map(Into::into);
        id.ok_or_else(|| Error::not_found(format!("AWS's own DHCP options are not in {}", aws.region)))
    }

    /// AWS keeps it.
    async fn delete(_aws: &Aws, _id: &str, _last: &Attrs) -> Result<()> {
        Ok(())
    }
}

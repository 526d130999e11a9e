//! aws_vpc_dhcp_options: what the machines of a VPC are told about names, time and NetBIOS. AWS never
//! changes a set of options: only its tags change in place.

use crate::aws::{Aws, Error, Kind, Result, filter, filtered, made};
use crate::resources::spec::{self, Resource, Spec, Token, Which};
use crate::resources::tags;
use crate::schema::{Attrs, Change};
use crate::value::{Type, Value};
use aws_sdk_ec2::types::{DhcpOptions, NewDhcpConfiguration, ResourceType};

type A = spec::A<Options>;

/// A set of options as listed.
pub struct Options {
    options: DhcpOptions,
    arn: String,
}

/// The resource type `aws_vpc_dhcp_options`.
pub struct AwsVpcDhcpOptions;

/// The arguments with a list of values, and their names in the API.
const LISTS: [(&str, &str); 3] = [
    ("domain_name_servers", "domain-name-servers"),
    ("netbios_name_servers", "netbios-name-servers"),
    ("ntp_servers", "ntp-servers"),
];
/// The arguments with one value, and their names in the API.
const SINGLE: [(&str, &str); 3] = [
    ("domain_name", "domain-name"),
    ("ipv6_address_preferred_lease_time", "ipv6-address-preferred-lease-time"),
    ("netbios_node_type", "netbios-node-type"),
];

impl Options {
    fn values(&self, key: &str) -> Vec<&str> {
        let of = self.options.dhcp_configurations().iter().filter(|c| c.key() == Some(key));
        of.flat_map(|c| c.values()).filter_map(|v| v.value()).collect()
    }

    fn one(&self, key: &str) -> Value {
        self.values(key).first().copied().into()
    }

    fn list(&self, key: &str) -> Value {
        match self.values(key) {
            none if none.is_empty() => Value::null(Type::list(Type::String)),
            some => Value::strings(some),
        }
    }
}

fn check(attrs: &Attrs) -> Vec<(&'static str, String)> {
    let names = || SINGLE.iter().chain(&LISTS).map(|(name, _)| *name);
    let given = |name: &str| attrs.is_unknown(name) || attrs.is_set(name);
    if names().any(given) {
        return Vec::new();
    }
    let all: Vec<&str> = names().collect();
    vec![("domain_name", format!("a set of DHCP options needs at least one of {}", all.join(", ")))]
}

fn node_type(value: &Value) -> std::result::Result<(), String> {
    match value.as_str() {
        Some(text) if !matches!(text, "1" | "2" | "4" | "8") => {
            Err(format!("{text:?} is no NetBIOS node type; expected 1, 2, 4 or 8 (AWS recommends 2)"))
        }
        _ => Ok(()),
    }
}

/// What the arguments ask for, as the API takes it.
fn configurations(want: &Attrs) -> Vec<NewDhcpConfiguration> {
    let one = |(name, key): &(&str, &str)| {
        let text = want.string(name).filter(|t| !t.is_empty())?;
        Some(NewDhcpConfiguration::builder().key(*key).values(text).build())
    };
    let many = |(name, key): &(&str, &str)| {
        let texts = Some(want.strings(name)).filter(|t| !t.is_empty());
        texts.map(|t| NewDhcpConfiguration::builder().key(*key).set_values(Some(t)).build())
    };
    SINGLE.iter().filter_map(one).chain(LISTS.iter().filter_map(many)).collect()
}

impl Resource for AwsVpcDhcpOptions {
    type Live = Options;

    fn spec() -> Spec<Options> {
        let [tags, tags_all] = A::tags(|o| tags::read(o.options.tags()));
        let rows = vec![
            A::string("domain_name").force_new().read(|o| o.one("domain-name")),
            A::string_list("domain_name_servers").force_new().read(|o| o.list("domain-name-servers")),
            A::string("ipv6_address_preferred_lease_time")
                .force_new()
                .read(|o| o.one("ipv6-address-preferred-lease-time")),
            A::string_list("netbios_name_servers").force_new().read(|o| o.list("netbios-name-servers")),
            A::string("netbios_node_type").force_new().check(node_type).read(|o| o.one("netbios-node-type")),
            A::string_list("ntp_servers").force_new().read(|o| o.list("ntp-servers")),
            A::string("arn").computed().read(|o| o.arn.as_str().into()),
            A::string("owner_id").computed().read(|o| o.options.owner_id().into()),
            tags,
            tags_all,
        ];
        Spec::new("aws_vpc_dhcp_options", |o| o.options.dhcp_options_id().map(Into::into), rows).check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Options>> {
        let filters = match which {
            Which::Ids(ids) => filtered("dhcp-options-id", ids),
            Which::Token(token) => vec![vec![tags::token_filter(token)]],
            Which::NaturalKey(want) => filtered("dhcp-options-id", &want.string("id").into_iter().collect::<Vec<_>>()),
        };
        let call = |f| aws.read.ec2.describe_dhcp_options().set_filters(Some(f)).into_paginator().items().send();
        let found = aws.pages(filters, call).await?;
        let arn = |o: &DhcpOptions| aws.ec2_arn(&format!("dhcp-options/{}", o.dhcp_options_id().unwrap_or_default()));
        Ok(found.into_iter().map(|options| Options { arn: arn(&options), options }).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let answer = aws
            .write
            .ec2
            .create_dhcp_options()
            .set_dhcp_configurations(Some(configurations(want)))
            .tag_specifications(tags::at_creation(ResourceType::DhcpOptions, want, token))
            .send()
            .await?;
        made(answer.dhcp_options().and_then(DhcpOptions::dhcp_options_id))
    }

    async fn update(_aws: &Aws, _id: &str, _change: &mut Change<'_>) -> Result<()> {
        Ok(())
    }

    /// VPCs that still use the set go back to AWS's own first, as Terraform's provider does it.
    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let delete = || aws.write.ec2.delete_dhcp_options().dhcp_options_id(id).send();
        match delete().await.map_err(Error::from) {
            Err(e) if e.kind == Kind::Dependency => {
                let users = vec![vec![filter("dhcp-options-id", id)]];
                let call = |f| aws.read.ec2.describe_vpcs().set_filters(Some(f)).into_paginator().items().send();
                for vpc in aws.pages(users, call).await? {
                    let call = aws.write.ec2.associate_dhcp_options().dhcp_options_id("default");
                    call.set_vpc_id(vpc.vpc_id).send().await?;
                }
                delete().await?;
                Ok(())
            }
            done => done.map(drop),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_given_is_asked_for() {
        let want = Attrs::default()
            .with("domain_name", "example.org")
            .with("netbios_node_type", "")
            .with("ntp_servers", Value::strings(["10.0.0.1", "10.0.0.2"]));
        let keys: Vec<_> = configurations(&want).into_iter().map(|c| (c.key, c.values)).collect();
        let texts = |t: &[&str]| Some(t.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>());
        assert_eq!(
            keys,
            [
                (Some("domain-name".into()), texts(&["example.org"])),
                (Some("ntp-servers".into()), texts(&["10.0.0.1", "10.0.0.2"]))
            ]
        );
        assert!(check(&want).is_empty());
        assert_eq!(check(&Attrs::default()).len(), 1);
    }
}

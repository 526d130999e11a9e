//! aws_vpc_dhcp_options: the settings that machines of a VPC receive for names, time and NetBIOS. AWS never
//! changes a set of options: only its tags change in place.

use crate::resources::block::TextList;
use crate::resources::prelude::*;
use aws_sdk_ec2::types::{DhcpOptions, Filter, NewDhcpConfiguration, ResourceType};

/// A set of options as listed.
pub type Options = WithArn<DhcpOptions>;

table! {
    Rows: Options {
        domain_name: Text, none [.force_new().read(|o| one(o.held(), "domain-name"))];
        domain_name_servers: TextList, none [.force_new().read(|o| list(o.held(), "domain-name-servers"))];
        ipv6_address_preferred_lease_time: Text, none
            [.force_new().read(|o| one(o.held(), "ipv6-address-preferred-lease-time"))];
        netbios_name_servers: TextList, none [.force_new().read(|o| list(o.held(), "netbios-name-servers"))];
        netbios_node_type: Text, none [.force_new().check(node_type).read(|o| one(o.held(), "netbios-node-type"))];
        ntp_servers: TextList, none [.force_new().read(|o| list(o.held(), "ntp-servers"))];
        arn: Text, read [.computed()];
        owner_id: Text, read [.computed()];
    }
}

/// The resource type `aws_vpc_dhcp_options`.
pub struct AwsVpcDhcpOptions;

/// The arguments; the API has a dash where they have an underscore.
const ARGUMENTS: [&str; 6] = [
    "domain_name",
    "ipv6_address_preferred_lease_time",
    "netbios_node_type",
    "domain_name_servers",
    "netbios_name_servers",
    "ntp_servers",
];

/// What a set of options says of a key.
pub fn values<'a>(o: &'a DhcpOptions, key: &str) -> Vec<&'a str> {
    let of = o.dhcp_configurations().iter().filter(|c| c.key() == Some(key));
    of.flat_map(|c| c.values()).filter_map(|v| v.value()).collect()
}

fn one(o: &DhcpOptions, key: &str) -> Value {
    values(o, key).first().copied().into()
}

fn list(o: &DhcpOptions, key: &str) -> Value {
    match values(o, key) {
        none if none.is_empty() => Value::null(Type::list(Type::String)),
        some => Value::strings(some),
    }
}

fn check(attrs: &Attrs) -> Vec<(&'static str, String)> {
    let problem = format!("a set of DHCP options needs at least one of {}", ARGUMENTS.join(", "));
    checks::any_given(attrs, &ARGUMENTS, &problem)
}

fn node_type(value: &Value) -> Result<(), String> {
    checks::text(
        value,
        |text| matches!(text, "1" | "2" | "4" | "8"),
        "is not a valid NetBIOS node type; expected 1, 2, 4 or 8 (AWS recommends 2)",
    )
}

/// What the arguments ask for, as the API takes it.
fn configurations(want: &Attrs) -> Vec<NewDhcpConfiguration> {
    let each = |name: &&str| {
        let one = want.string(name).filter(|text| !text.is_empty());
        let all: Vec<String> = one.into_iter().chain(want.strings(name)).collect();
        let key = name.replace('_', "-");
        (!all.is_empty()).then(|| NewDhcpConfiguration::builder().key(key).set_values(Some(all)).build())
    };
    ARGUMENTS.iter().filter_map(each).collect()
}

/// The sets that filters find.
pub async fn listed(aws: &Aws, filters: Vec<Vec<Filter>>) -> Result<Vec<Options>> {
    let found = listed!(aws, describe_dhcp_options, filters).await?;
    Ok(WithArn::all(aws, "dhcp-options", found, DhcpOptions::dhcp_options_id))
}

impl Resource for AwsVpcDhcpOptions {
    type Live = Options;

    fn spec() -> Spec<Options> {
        Spec::new("aws_vpc_dhcp_options", |o: &Options| o.dhcp_options_id().map(Into::into), Rows::rows())
            .role(Role::Settings(Unjudged::All("name servers")))
            .tags(|o| tags::read(o.tags()))
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Options>> {
        listed(aws, tags::filters(which, "dhcp-options-id", &[("dhcp-options-id", "id")])).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = aws.write.ec2.create_dhcp_options().set_dhcp_configurations(Some(configurations(want)));
        let answer = call.tag_specifications(tags::at_creation(ResourceType::DhcpOptions, want, token)).send().await?;
        made(answer.dhcp_options().and_then(DhcpOptions::dhcp_options_id))
    }

    /// VPCs that still use the set go back to AWS's own first, as Terraform's provider does it.
    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let delete = || aws.write.ec2.delete_dhcp_options().dhcp_options_id(id).send();
        match delete().await.map_err(Error::from) {
            Err(e) if e.kind == Kind::Dependency => {
                let users = vec![vec![filter("dhcp-options-id", id)]];
                for vpc in super::vpc::listed(aws, users).await? {
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

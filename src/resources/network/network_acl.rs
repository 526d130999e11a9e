//! aws_network_acl: the rules at the border of subnets. Rules and subnets are set by `update` alone.

use super::acl_entries::{self, entries};
use crate::resources::prelude::*;
use crate::resources::{holds, spec};
use crate::rules::acl_entry;
use crate::schema::Nesting;
use aws_sdk_ec2::operation::create_network_acl::builders::CreateNetworkAclFluentBuilder as Create;
use aws_sdk_ec2::types::{Filter, NetworkAcl, ResourceType};

/// An ACL as listed.
pub type Acl = WithArn<NetworkAcl>;

/// The resource type `aws_network_acl`.
pub struct AwsNetworkAcl;

table! {
    Rows: Acl, create Create {
        vpc_id: Text [.required().force_new()];
        ingress: Entries<false>, none [.optional_computed().read(|a| read(a.held(), false))];
        egress: Entries<false>, none [.optional_computed().read(|a| read(a.held(), true))];
        subnet_ids: Texts, none [.optional_computed().read(|a| subnets(a.held()))];
        arn: Text, read [.computed()];
        owner_id: Text, read [.computed()];
    }
}

/// The rules of one direction as blocks. Those of a default ACL are no attributes in the provider's schema.
pub struct Entries<const DEFAULT: bool>;

impl<const DEFAULT: bool> Cell for Entries<DEFAULT> {
    fn column<L>(name: &'static str) -> spec::A<L> {
        spec::A::block(name, Nesting::Set, entry_rows(DEFAULT))
            .as_attribute()
            .normal(Normal::With(acl_entry::same))
            .each(acl_entry::check_block)
            .check(acl_entry::check_set)
    }
}

fn entry_rows(default: bool) -> Vec<Attribute> {
    type Row = spec::A<()>;
    let range = |name| Row::string(name).default("").normal(Normal::Cidr);
    let all = [
        Row::string("action").normal(Normal::CaseInsensitive),
        range("cidr_block").check(|v| checks::unless_empty(v, checks::ipv4_cidr)),
        Row::number("from_port"),
        Row::number("icmp_code").default(0),
        Row::number("icmp_type").default(0),
        range("ipv6_cidr_block").check(|v| checks::unless_empty(v, checks::ipv6_cidr)),
        Row::string("protocol").normal(acl_entry::PROTOCOL),
        Row::number("rule_no"),
        Row::number("to_port"),
    ];
    if !default {
        return rows(all.map(Row::optional_computed));
    }
    rows(all.map(|row| if row.row.default.is_none() { row.required() } else { row }))
}

/// The rules of an ACL in one direction.
pub fn read(acl: &Acl, egress: bool) -> Value {
    acl_entry::collapse(&entries(acl, egress))
}

/// The subnets of an ACL.
pub fn subnets(acl: &Acl) -> Value {
    Value::string_set(acl.associations().iter().filter_map(|a| a.subnet_id()))
}

/// The id of a listed ACL.
pub fn id(acl: &Acl) -> Option<String> {
    acl.network_acl_id().map(Into::into)
}

/// ACLs with their ARNs.
pub async fn listed(aws: &Aws, filters: Vec<Vec<Filter>>) -> Result<Vec<Acl>> {
    Ok(WithArn::all(aws, "network-acl", acl_entries::listed(aws, filters).await?, NetworkAcl::network_acl_id))
}

/// Brings `ingress` and `egress` about.
pub async fn update_entries(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    for (name, egress) in [("ingress", false), ("egress", true)] {
        if let Some(after) = change.take(name) {
            let before = change.before.get(name).map(acl_entry::expand).unwrap_or_default();
            acl_entries::change(aws, id, egress, &before, &acl_entry::expand(after)).await?;
        }
    }
    Ok(())
}

impl Resource for AwsNetworkAcl {
    type Live = Acl;

    fn spec() -> Spec<Acl> {
        Spec::new("aws_network_acl", id, Rows::rows())
            .role(Role::Filter(role::Filter {
                held: false,
                unjudged: Unjudged::Of("ACL", &["ingress", "egress", "subnet_ids"]),
            }))
            .tags(|a| tags::read(a.tags()))
            .recover(Recover::ClientToken)
            .unique(&[])
            .holds_inline(|acl| [acl_entry::held_inline(acl), holds::acl_subnets(acl)].concat())
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Acl>> {
        listed(aws, tags::filters(which, "network-acl-id", &[("network-acl-id", "id")])).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.ec2.create_network_acl(), want).client_token(&token.0);
        let answer = call.tag_specifications(tags::at_creation(ResourceType::NetworkAcl, want, token)).send().await?;
        made(answer.network_acl().and_then(NetworkAcl::network_acl_id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        update_entries(aws, id, change).await?;
        let [removed, added] = change.take_texts("subnet_ids");
        acl_entries::move_subnets(aws, &added.unwrap_or_default(), id).await?;
        if let Some(removed) = removed {
            let vpc = change.before.str("vpc_id").or(change.after.str("vpc_id")).unwrap_or_default();
            acl_entries::give_back(aws, id, vpc, Some(&removed)).await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        let delete = || aws.write.ec2.delete_network_acl().network_acl_id(id).send();
        let vpc = last.str("vpc_id").unwrap_or_default();
        if !last.elements("subnet_ids").is_empty() {
            acl_entries::give_back(aws, id, vpc, None).await?;
        }
        match delete().await.map_err(Error::from) {
            Err(e) if e.kind == Kind::Dependency => {
                acl_entries::give_back(aws, id, vpc, None).await?;
                delete().await?;
                Ok(())
            }
            done => done.map(drop),
        }
    }
}

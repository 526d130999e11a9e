//! aws_network_acl: the rules at the border of subnets. Rules and subnets are set by `update` alone.

use super::acl_entries::{self, entries};
use crate::aws::{Aws, Kind, Result, filtered, made};
use crate::resources::spec::{self, Resource, Spec, Token, Which, rows};
use crate::resources::tags;
use crate::rules::acl_entry;
use crate::schema::normal::Normal;
use crate::schema::rows::Recover;
use crate::schema::{Attribute, Attrs, Change, Nesting, checks};
use crate::value::{Type, Value};
use aws_sdk_ec2::types::{Filter, NetworkAcl, ResourceType};

type A = spec::A<Acl>;
type Row = spec::A<()>;

/// An ACL as listed.
pub struct Acl {
    /// What EC2 lists.
    pub acl: NetworkAcl,
    /// Its ARN.
    pub arn: String,
}

/// The resource type `aws_network_acl`.
pub struct AwsNetworkAcl;

fn entry_rows() -> Vec<Attribute> {
    fn given(value: &Value, check: fn(&Value) -> std::result::Result<(), String>) -> std::result::Result<(), String> {
        if value.as_str() == Some("") { Ok(()) } else { check(value) }
    }
    let range = |name| Row::string(name).default("").normal(Normal::Cidr);
    rows([
        Row::string("action").required().normal(Normal::CaseInsensitive),
        range("cidr_block").check(|v| given(v, checks::ipv4_cidr)),
        Row::number("from_port").required(),
        Row::number("icmp_code").default(0),
        Row::number("icmp_type").default(0),
        range("ipv6_cidr_block").check(|v| given(v, checks::ipv6_cidr)),
        Row::string("protocol").required().normal(acl_entry::PROTOCOL),
        Row::number("rule_no").required(),
        Row::number("to_port").required(),
    ])
}

/// The rows `ingress` and `egress`, without who sets them.
pub fn entry_blocks() -> [A; 2] {
    let side = |name| {
        A::block(name, Nesting::Set, entry_rows())
            .as_attribute()
            .normal(Normal::With(acl_entry::same))
            .each(acl_entry::check_block)
            .check(acl_entry::check_set)
    };
    [
        side("ingress").read(|a| acl_entry::collapse(&entries(&a.acl, false))),
        side("egress").read(|a| acl_entry::collapse(&entries(&a.acl, true))),
    ]
}

/// The entries of an ACL, and its subnets.
fn held(acl: &Attrs) -> Vec<String> {
    [acl_entry::held_inline(acl), crate::resources::holds::acl_subnets(acl)].concat()
}

/// The row `subnet_ids`.
pub fn subnet_ids() -> A {
    A::of("subnet_ids", Type::set(Type::String))
        .optional_computed()
        .read(|a| Value::string_set(a.acl.associations().iter().filter_map(|a| a.subnet_id())))
}

/// The rows that both types have: ARN, owner and tags.
pub fn common_rows() -> Vec<A> {
    let [tags, tags_all] = A::tags(|a| tags::read(a.acl.tags()));
    vec![
        A::string("arn").computed().read(|a| a.arn.as_str().into()),
        A::string("owner_id").computed().read(|a| a.acl.owner_id().into()),
        tags,
        tags_all,
    ]
}

/// The id of a listed ACL.
pub fn id(a: &Acl) -> Option<String> {
    a.acl.network_acl_id().map(Into::into)
}

/// ACLs with their ARNs.
pub async fn listed(aws: &Aws, filters: Vec<Vec<Filter>>) -> Result<Vec<Acl>> {
    let found = acl_entries::listed(aws, filters).await?;
    let arn = |acl: &NetworkAcl| aws.ec2_arn(&format!("network-acl/{}", acl.network_acl_id().unwrap_or_default()));
    Ok(found.into_iter().map(|acl| Acl { arn: arn(&acl), acl }).collect())
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

/// The texts of values.
pub fn texts(values: &[Value]) -> Vec<String> {
    values.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

impl Resource for AwsNetworkAcl {
    type Live = Acl;

    fn spec() -> Spec<Acl> {
        let [ingress, egress] = entry_blocks();
        let mut rows = vec![
            A::string("vpc_id").required().force_new().read(|a| a.acl.vpc_id().into()),
            ingress.optional_computed(),
            egress.optional_computed(),
            subnet_ids(),
        ];
        rows.extend(common_rows());
        Spec::new("aws_network_acl", id, rows).recover(Recover::ClientToken).unique(&[]).holds_inline(held)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Acl>> {
        let filters = match which {
            Which::Ids(ids) => filtered("network-acl-id", ids),
            Which::Token(token) => vec![vec![tags::token_filter(token)]],
            Which::NaturalKey(want) => filtered("network-acl-id", &want.string("id").into_iter().collect::<Vec<_>>()),
        };
        listed(aws, filters).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let answer = aws
            .write
            .ec2
            .create_network_acl()
            .set_vpc_id(want.string("vpc_id"))
            .client_token(&token.0)
            .tag_specifications(tags::at_creation(ResourceType::NetworkAcl, want, token))
            .send()
            .await?;
        made(answer.network_acl().and_then(NetworkAcl::network_acl_id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        update_entries(aws, id, change).await?;
        if let Some((removed, added)) = change.take_elements("subnet_ids") {
            acl_entries::move_subnets(aws, &texts(&added), id).await?;
            if !removed.is_empty() {
                let vpc = change.before.str("vpc_id").or(change.after.str("vpc_id")).unwrap_or_default();
                acl_entries::give_back(aws, id, vpc, Some(&texts(&removed))).await?;
            }
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        let delete = || aws.write.ec2.delete_network_acl().network_acl_id(id).send();
        let vpc = last.str("vpc_id").unwrap_or_default();
        if !last.elements("subnet_ids").is_empty() {
            acl_entries::give_back(aws, id, vpc, None).await?;
        }
        match delete().await.map_err(crate::aws::Error::from) {
            Err(e) if e.kind == Kind::Dependency => {
                acl_entries::give_back(aws, id, vpc, None).await?;
                delete().await?;
                Ok(())
            }
            done => done.map(drop),
        }
    }
}

//! aws_vpc_ipam_pool and aws_vpc_ipam_pool_cidr: ranges that VPCs and addresses are taken from.

use super::ipam::{ROLE, last_part, progress};
use crate::resources::block::TextMap;
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::create_ipam_pool::builders::CreateIpamPoolFluentBuilder as Create;
use aws_sdk_ec2::operation::modify_ipam_pool::builders::ModifyIpamPoolFluentBuilder as Modify;
use aws_sdk_ec2::operation::provision_ipam_pool_cidr::builders::ProvisionIpamPoolCidrFluentBuilder as Provision;
use aws_sdk_ec2::types::{
    IpamCidrAuthorizationContext, IpamPool, IpamPoolCidr, IpamPoolCidrState as State, IpamPoolSourceResource,
    IpamPoolSourceResourceRequest, RequestIpamResourceTag, ResourceType,
};

/// The resource type `aws_vpc_ipam_pool`.
pub struct AwsVpcIpamPool;
/// The resource type `aws_vpc_ipam_pool_cidr`.
pub struct AwsVpcIpamPoolCidr;

table! {
    Rows: IpamPool, create Create, modify Modify {
        address_family: EnumCell
            [.required().force_new().normal(Normal::CaseInsensitive).check(|v| checks::one_of(v, &["ipv4", "ipv6"]))];
        allocation_default_netmask_length: Positive, read, create, modify;
        allocation_max_netmask_length: Positive, read, create, modify;
        allocation_min_netmask_length: Positive, read, create, modify;
        allocation_resource_tags: TextMap, none [.read(|p| resource_tags(p.held()))];
        auto_import: Switch, read, create, modify;
        aws_service: EnumCell [.force_new()];
        cascade: Switch, none;
        description: Text, read, create, modify;
        ipam_scope_id: Text, create [.required().force_new().read(|p| last_part(p.held().ipam_scope_arn()))];
        locale: Text [.default("None").force_new()];
        public_ip_source: EnumCell [.stays().force_new()];
        publicly_advertisable: Flag [.stays().force_new()];
        source_ipam_pool_id: Text [.force_new()];
        source_resource: OptionalBlock<Source> [.force_new()];
        arn = ipam_pool_arn: Text, read [.computed()];
        ipam_scope_type: EnumCell, read [.computed()];
        pool_depth: Int, read [.computed()];
        state: EnumCell, read [.computed()];
    }
}

block! {
    Source: IpamPoolSourceResource => IpamPoolSourceResourceRequest {
        resource_id: Text [.required()];
        resource_owner: Text [.required()];
        resource_region: Text [.required()];
        resource_type: EnumCell [.required()];
    }
    Proof: IpamCidrAuthorizationContext => IpamCidrAuthorizationContext {
        message: Text;
        signature: Text;
    }
}

fn resource_tags(p: &IpamPool) -> Value {
    let pairs = p.allocation_resource_tags().iter();
    let pairs = pairs.map(|tag| (Name::from(tag.key().unwrap_or_default()), Value::from(tag.value())));
    Value::map(Type::String, pairs.collect())
}

fn requested(tags: impl IntoIterator<Item = (String, String)>) -> Option<Vec<RequestIpamResourceTag>> {
    let tag = |(key, value)| RequestIpamResourceTag::builder().key(key).value(value).build();
    some(tags.into_iter().map(tag).collect())
}

impl Resource for AwsVpcIpamPool {
    type Live = IpamPool;

    fn spec() -> Spec<IpamPool> {
        Spec::new("aws_vpc_ipam_pool", |p: &IpamPool| p.ipam_pool_id().map(Into::into), Rows::rows())
            .role(ROLE)
            .tags(|p| tags::read(p.tags()))
            .unique(&[])
            .progress(|p| progress(p.state().map(|s| s.as_str()), p.state_message()))
            .wait_for_deletion()
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<IpamPool>> {
        listed!(aws, describe_ipam_pools, tags::filters(which, "ipam-pool-id", &[("ipam-pool-id", "id")])).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.ec2.create_ipam_pool(), want).client_token(&token.0);
        let call = call.set_allocation_resource_tags(requested(want.string_map("allocation_resource_tags")));
        let answer = call.tag_specifications(tags::at_creation(ResourceType::IpamPool, want, token)).send().await?;
        made(answer.ipam_pool().and_then(IpamPool::ipam_pool_id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("cascade");
        let length = "allocation_default_netmask_length";
        let clear = change.has(length) && !change.after.is_set(length);
        let call = aws.write.ec2.modify_ipam_pool().ipam_pool_id(id);
        let mut call = call.set_clear_allocation_default_netmask_length(clear.then_some(true));
        let retagged = change.take("allocation_resource_tags").is_some();
        if retagged {
            let of = |attrs: &Attrs| attrs.string_map("allocation_resource_tags");
            let (before, after) = (of(change.before), of(change.after));
            let gone = before.clone().into_iter().filter(|(key, _)| !after.contains_key(key));
            let new = after.clone().into_iter().filter(|(key, value)| before.get(key) != Some(value));
            call = call
                .set_remove_allocation_resource_tags(requested(gone))
                .set_add_allocation_resource_tags(requested(new));
        }
        if let Some(call) = Rows::modify(call.clone(), change).or(retagged.then_some(call)) {
            call.send().await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        let call = aws.write.ec2.delete_ipam_pool().ipam_pool_id(id);
        done(call.set_cascade(last.bool("cascade").filter(|on| *on)).send().await)
    }
}

/// A range of a pool.
pub struct Range {
    pool: String,
    cidr: IpamPoolCidr,
}

held!(Range: cidr as IpamPoolCidr);

table! {
    OfRange: IpamPoolCidr, create Provision {
        cidr: Text [.optional_computed().force_new().normal(Normal::Cidr)];
        cidr_authorization_context: OptionalBlock<Proof>, create [.force_new()];
        netmask_length: Int, create [.optional_computed().force_new()];
        ipam_pool_cidr_id: Text, read [.computed()];
    }
}

static KEY: Composite = Composite::new(&["cidr", "ipam_pool_id"], "_");

async fn ranges(aws: &Aws, pool: String) -> Result<Vec<Range>> {
    let call = aws.read.ec2.get_ipam_pool_cidrs().ipam_pool_id(&pool);
    let all = all_of(call.into_paginator().items().send()).await?;
    Ok(all.into_iter().map(|cidr| Range { pool: pool.clone(), cidr }).collect())
}

impl Resource for AwsVpcIpamPoolCidr {
    type Live = Range;

    fn spec() -> Spec<Range> {
        let pool = A::string("ipam_pool_id").required().force_new().read(|r: &Range| (&r.pool).into());
        let rows = OfRange::rows().into_iter().chain([pool]).collect();
        let id = |r: &Range| r.cidr.cidr().map(|cidr| KEY.join(&[cidr, &r.pool]));
        Spec::new("aws_vpc_ipam_pool_cidr", id, rows)
            .role(ROLE)
            .unique(KEY.unique())
            .recover(Recover::Key)
            .wait_for_deletion()
            .conflicts(&[&["cidr", "netmask_length"]])
            .check(|want| checks::any_given(want, &["cidr", "netmask_length"], "expected cidr or netmask_length"))
            .progress(|r| match r.cidr.state() {
                Some(State::Provisioned) | None => Progress::Ready,
                Some(State::Deprovisioned) => Progress::Gone,
                Some(failed @ (State::FailedProvision | State::FailedImport)) => {
                    Progress::Failed(failed.as_str().into())
                }
                Some(other) => Progress::Pending(other.as_str().into()),
            })
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Range>> {
        let pools = match which {
            Which::NaturalKey(want) => want.string("ipam_pool_id").into_iter().collect(),
            which => which.parts(&KEY, "ipam_pool_id"),
        };
        let mut found: Vec<Range> = each(pools, |pool| ranges(aws, pool)).await?.into_iter().flatten().collect();
        found.retain(|r| match (which, r.cidr.cidr()) {
            (Which::Ids(ids), Some(cidr)) => ids.contains(&KEY.join(&[cidr, &r.pool])),
            (Which::NaturalKey(want), Some(cidr)) => want.str("cidr").is_none_or(|wanted| wanted == cidr),
            _ => false,
        });
        Ok(found)
    }

    /// A range that AWS chooses is known a little later.
    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let pool = want.string("ipam_pool_id").unwrap_or_default();
        let call = OfRange::create(aws.write.ec2.provision_ipam_pool_cidr(), want).ipam_pool_id(&pool);
        let answer = call.client_token(&token.0).send().await?.ipam_pool_cidr;
        if let Some(cidr) = answer.as_ref().and_then(|r| r.cidr()).or(want.str("cidr")) {
            return Ok(KEY.join(&[cidr, &pool]));
        }
        let number = answer.and_then(|r| r.ipam_pool_cidr_id);
        let known = |all: &[Range]| {
            let ours = all.iter().find(|r| r.cidr.ipam_pool_cidr_id() == number.as_deref());
            ours.and_then(|r| r.cidr.cidr()).map(|cidr| KEY.join(&[cidr, &pool]))
        };
        settle::until("the range that IPAM chooses", || async {
            Ok(known(&ranges(aws, pool.clone()).await?).is_some())
        })
        .await?;
        made(known(&ranges(aws, pool.clone()).await?).as_deref())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let call = aws.write.ec2.deprovision_ipam_pool_cidr().set_ipam_pool_id(last.string("ipam_pool_id"));
        done(call.set_cidr(last.string("cidr")).send().await)
    }
}

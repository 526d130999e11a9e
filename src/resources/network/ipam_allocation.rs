//! aws_vpc_ipam_pool_cidr_allocation: a range of a pool that is taken by hand.

use super::ipam::ROLE;
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::allocate_ipam_pool_cidr::builders::AllocateIpamPoolCidrFluentBuilder as Create;
use aws_sdk_ec2::types::{IpamPoolAllocation, ResourceType};

/// The resource type `aws_vpc_ipam_pool_cidr_allocation`.
pub struct AwsVpcIpamPoolCidrAllocation;

/// A range that is taken, with its pool.
pub struct Taken {
    pool: String,
    allocation: IpamPoolAllocation,
}

held!(Taken: allocation as IpamPoolAllocation);

table! {
    Rows: IpamPoolAllocation, create Create {
        cidr: Text [.optional_computed().force_new().normal(Normal::Cidr)];
        description: Text [.force_new()];
        disallowed_cidrs: Texts, create [.force_new()];
        netmask_length: Int, create [.optional_computed().force_new().read(|a| length(a.held()))];
        ipam_pool_allocation_id: Text, read [.computed()];
        resource_id: Text, read [.computed()];
        resource_owner: Text, read [.computed()];
        resource_type: EnumCell, read [.computed()];
    }
}

/// The pool comes last, as pools are what allocations are listed by.
static KEY: Composite = Composite::new(&["ipam_pool_allocation_id", "ipam_pool_id"], "_");

fn length(a: &IpamPoolAllocation) -> Value {
    let length = a.cidr().and_then(|cidr| cidr.rsplit_once('/')).and_then(|(_, length)| length.parse::<i64>().ok());
    length.map_or(Value::null(Type::Number), Value::from)
}

impl Resource for AwsVpcIpamPoolCidrAllocation {
    type Live = Taken;

    fn spec() -> Spec<Taken> {
        let pool = A::string("ipam_pool_id").required().force_new().read(|t: &Taken| (&t.pool).into());
        let rows = Rows::rows().into_iter().chain([pool]).collect();
        let id = |t: &Taken| Some(KEY.join(&[t.allocation.ipam_pool_allocation_id()?, &t.pool]));
        let mut spec = Spec::new("aws_vpc_ipam_pool_cidr_allocation", id, rows)
            .role(ROLE)
            .tags(|t| tags::read(t.allocation.tags()))
            .unique(&[&["ipam_pool_id", "cidr"]])
            .recover(Recover::ClientToken)
            .conflicts(&[&["cidr", "netmask_length"], &["cidr", "disallowed_cidrs"]]);
        spec.tag_target = |id| id.split('_').next().unwrap_or(id).to_owned();
        spec
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Taken>> {
        let found = each(which.parts(&KEY, "ipam_pool_id"), |pool| async move {
            let call = aws.read.ec2.get_ipam_pool_allocations().ipam_pool_id(&pool);
            let all = all_of(call.into_paginator().items().send()).await?;
            Ok(all.into_iter().map(|allocation| Taken { pool: pool.clone(), allocation }).collect::<Vec<_>>())
        });
        let mut found: Vec<Taken> = found.await?.into_iter().flatten().collect();
        found.retain(|t| match which {
            Which::Ids(ids) => {
                let id = t.allocation.ipam_pool_allocation_id().unwrap_or_default();
                ids.contains(&KEY.join(&[id, &t.pool]))
            }
            Which::Token(token) => tags::hold_token(t.allocation.tags(), token),
            Which::NaturalKey(want) => want.str("cidr").is_some_and(|cidr| Some(cidr) == t.allocation.cidr()),
        });
        Ok(found)
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let pool = want.string("ipam_pool_id").unwrap_or_default();
        let tags = tags::at_creation(ResourceType::IpamPoolAllocation, want, token);
        let call = Rows::create(aws.write.ec2.allocate_ipam_pool_cidr(), want).ipam_pool_id(&pool);
        let answer = call.client_token(&token.0).tag_specifications(tags).send().await?;
        let id = made(answer.ipam_pool_allocation().and_then(|a| a.ipam_pool_allocation_id()))?;
        Ok(KEY.join(&[&id, &pool]))
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let call = aws.write.ec2.release_ipam_pool_allocation().set_ipam_pool_id(last.string("ipam_pool_id"));
        let call = call.set_ipam_pool_allocation_id(last.string("ipam_pool_allocation_id"));
        settle::unless_gone(call.set_cidr(last.string("cidr")).send().await)
    }
}

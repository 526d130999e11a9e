//! aws_vpc_ipv6_cidr_block_association: a further IPv6 range of a VPC, or its only one where the VPC itself asks for none.

use super::vpc;
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::associate_vpc_cidr_block::builders::AssociateVpcCidrBlockFluentBuilder as Associate;
use aws_sdk_ec2::types::{Tag, VpcCidrBlockStateCode as Code, VpcIpv6CidrBlockAssociation as Association};

/// The resource type `aws_vpc_ipv6_cidr_block_association`.
pub struct AwsVpcIpv6CidrBlockAssociation;

/// One range of one VPC.
pub struct Range {
    vpc: String,
    association: Association,
}

held!(Range: association as Association);

table! {
    Rows: Association, create Associate {
        assign_generated_ipv6_cidr_block = amazon_provided_ipv6_cidr_block: Flag, create
            [.optional_computed().force_new().read(|a| vpc::generated(a.held()).into())];
        ipv6_cidr_block: Text [.optional_computed().force_new().normal(Normal::Cidr).check(checks::ipv6_cidr)];
        ipv6_ipam_pool_id: Text, create [.force_new()];
        ipv6_netmask_length: Int, create [.force_new()];
        ipv6_pool: Text [.optional_computed().force_new()];
        ip_source: EnumCell, read [.computed()];
        ipv6_address_attribute: EnumCell, read [.computed()];
    }
}

fn progress(r: &Range) -> Progress {
    let state = r.association.ipv6_cidr_block_state();
    match state.and_then(|s| s.state()) {
        Some(Code::Associated) | None => Progress::Ready,
        Some(Code::Disassociated) => Progress::Gone,
        Some(Code::Failed) => Progress::Failed(state.and_then(|s| s.status_message()).unwrap_or("failed").to_owned()),
        Some(other) => Progress::Pending(other.as_str().into()),
    }
}

fn check(want: &Attrs) -> Faults {
    let names = ["assign_generated_ipv6_cidr_block", "ipv6_cidr_block", "ipv6_ipam_pool_id", "ipv6_pool"];
    checks::any_given(want, &names, "expected assign_generated_ipv6_cidr_block, ipv6_ipam_pool_id or ipv6_pool")
}

impl Resource for AwsVpcIpv6CidrBlockAssociation {
    type Live = Range;

    fn spec() -> Spec<Range> {
        let vpc = A::string("vpc_id").required().force_new().read(|r: &Range| (&r.vpc).into());
        let rows = Rows::rows().into_iter().chain([vpc]).collect();
        let id = |r: &Range| r.association.association_id().map(Into::into);
        Spec::new("aws_vpc_ipv6_cidr_block_association", id, rows)
            .role(Role::Settings(Unjudged::None("AWS takes no addresses away that are in use")))
            .unique(&[&["vpc_id", "ipv6_cidr_block"]])
            .progress(progress)
            .recover(Recover::Key)
            .wait_for_deletion()
            .conflicts(&[&["assign_generated_ipv6_cidr_block", "ipv6_ipam_pool_id", "ipv6_pool"]])
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Range>> {
        if matches!(which, Which::Token(_)) {
            return Ok(Vec::new());
        }
        let by = "ipv6-cidr-block-association.association-id";
        let vpcs = vpc::listed(aws, tags::filters(which, by, &[("vpc-id", "vpc_id")])).await?;
        let mut found = Vec::new();
        for v in &vpcs {
            let own = vpc::ipv6(v).and_then(Association::association_id);
            for association in v.ipv6_cidr_block_association_set() {
                let range = Range { vpc: v.vpc_id().unwrap_or_default().to_owned(), association: association.clone() };
                let id = association.association_id();
                let asked = match which {
                    Which::Ids(ids) => id.is_some_and(|id| ids.iter().any(|i| i == id)),
                    Which::NaturalKey(want) => {
                        let block = want.str("ipv6_cidr_block");
                        let fits = block.is_none_or(|block| association.ipv6_cidr_block() == Some(block));
                        fits && id != own && progress(&range) != Progress::Gone
                    }
                    Which::Token(_) => false,
                };
                found.extend(asked.then_some(range));
            }
        }
        Ok(found)
    }

    /// A VPC without a range of its own gets a mark first, so that it does not take this one for its own.
    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let id = want.string("vpc_id").unwrap_or_default();
        let found = vpc::listed(aws, filtered("vpc-id", std::slice::from_ref(&id))).await?;
        if found.first().is_some_and(|v| vpc::ipv6(v).is_none() && !vpc::is_beside(v)) {
            let mark = Tag::builder().key(vpc::BESIDE).value("true").build();
            aws.write.ec2.create_tags().resources(&id).tags(mark).send().await?;
        }
        let answer = Rows::create(aws.write.ec2.associate_vpc_cidr_block().vpc_id(id), want).send().await?;
        made(answer.ipv6_cidr_block_association().and_then(|a| a.association_id()))
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.ec2.disassociate_vpc_cidr_block().association_id(id).send().await)
    }
}

//! aws_vpc_ipv4_cidr_block_association: a further IPv4 range of a VPC.

use crate::resources::prelude::*;
use aws_sdk_ec2::operation::associate_vpc_cidr_block::builders::AssociateVpcCidrBlockFluentBuilder as Associate;
use aws_sdk_ec2::types::{VpcCidrBlockAssociation, VpcCidrBlockStateCode as Code};

/// The resource type `aws_vpc_ipv4_cidr_block_association`.
pub struct AwsVpcIpv4CidrBlockAssociation;

/// One range of one VPC.
pub struct Range {
    vpc: String,
    association: VpcCidrBlockAssociation,
}

held!(Range: association as VpcCidrBlockAssociation);

table! {
    Rows: VpcCidrBlockAssociation, create Associate {
        cidr_block: Text [.optional_computed().force_new().check(checks::ipv4_block)];
        ipv4_ipam_pool_id: Text, create [.force_new()];
        ipv4_netmask_length: Int, create [.force_new()];
    }
}

table! {
    OfVpc: Range, create Associate {
        vpc_id: Text, create [.required().force_new().read(|r| r.held().vpc.as_str().into())];
    }
}

fn progress(r: &Range) -> Progress {
    let state = r.association.cidr_block_state();
    match state.and_then(|s| s.state()) {
        Some(Code::Associated) | None => Progress::Ready,
        Some(Code::Disassociated) => Progress::Gone,
        Some(Code::Failed) => Progress::Failed(state.and_then(|s| s.status_message()).unwrap_or("failed").to_owned()),
        Some(other) => Progress::Pending(other.as_str().into()),
    }
}

fn check(want: &Attrs) -> Vec<(&'static str, String)> {
    let problem = "expected cidr_block, or ipv4_ipam_pool_id to take one from IPAM";
    checks::any_given(want, &["cidr_block", "ipv4_ipam_pool_id"], problem)
}

impl Resource for AwsVpcIpv4CidrBlockAssociation {
    type Live = Range;

    fn spec() -> Spec<Range> {
        let rows = Rows::rows().into_iter().chain(OfVpc::rows()).collect();
        let id = |r: &Range| r.association.association_id().map(Into::into);
        Spec::new("aws_vpc_ipv4_cidr_block_association", id, rows)
            .role(Role::Settings(Unjudged::None("AWS takes no addresses away that are in use")))
            .unique(&[&["vpc_id", "cidr_block"]])
            .progress(progress)
            .recover(Recover::Key)
            .wait_for_deletion()
            .conflicts(&[&["cidr_block", "ipv4_netmask_length"]])
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Range>> {
        if matches!(which, Which::Token(_)) {
            return Ok(Vec::new());
        }
        let filters = tags::filters(which, "cidr-block-association.association-id", &[("vpc-id", "vpc_id")]);
        let asked = |r: &Range| match which {
            Which::Ids(ids) => r.association.association_id().is_some_and(|id| ids.iter().any(|i| i == id)),
            Which::NaturalKey(want) => {
                r.association.cidr_block() == want.str("cidr_block") && progress(r) != Progress::Gone
            }
            Which::Token(_) => false,
        };
        let vpcs = super::vpc::listed(aws, filters).await?;
        let ranges = vpcs.iter().flat_map(|v| {
            let of = |a: &VpcCidrBlockAssociation| Range {
                vpc: v.vpc_id().unwrap_or_default().to_owned(),
                association: a.clone(),
            };
            v.cidr_block_association_set().iter().map(of)
        });
        Ok(ranges.filter(asked).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let call = OfVpc::create(Rows::create(aws.write.ec2.associate_vpc_cidr_block(), want), want);
        let answer = call.send().await?;
        made(answer.cidr_block_association().and_then(|a| a.association_id()))
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        Ok(aws.write.ec2.disassociate_vpc_cidr_block().association_id(id).send().await.map(drop)?)
    }
}

//! aws_vpc_ipv4_cidr_block_association: a further IPv4 range of a VPC.

use crate::aws::{Aws, Result, filter, filtered, made};
use crate::resources::spec::{self, Progress, Resource, Spec, Token, Which};
use crate::schema::rows::Recover;
use crate::schema::{Attrs, Change, checks};
use aws_sdk_ec2::types::{VpcCidrBlockAssociation, VpcCidrBlockStateCode as Code};

type A = spec::A<Range>;

/// The resource type `aws_vpc_ipv4_cidr_block_association`.
pub struct AwsVpcIpv4CidrBlockAssociation;

/// One range of one VPC.
pub struct Range {
    vpc: String,
    association: VpcCidrBlockAssociation,
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
    let given = |name: &str| want.is_set(name) || want.is_unknown(name);
    if given("cidr_block") || given("ipv4_ipam_pool_id") {
        return Vec::new();
    }
    vec![("cidr_block", "expected cidr_block, or ipv4_ipam_pool_id to take one from IPAM".into())]
}

impl Resource for AwsVpcIpv4CidrBlockAssociation {
    type Live = Range;

    fn spec() -> Spec<Range> {
        Spec::new(
            "aws_vpc_ipv4_cidr_block_association",
            |r| r.association.association_id().map(Into::into),
            vec![
                A::string("cidr_block")
                    .optional_computed()
                    .force_new()
                    .check(checks::ipv4_block)
                    .read(|r| r.association.cidr_block().into()),
                A::string("ipv4_ipam_pool_id").force_new(),
                A::number("ipv4_netmask_length").force_new(),
                A::string("vpc_id").required().force_new().read(|r| r.vpc.as_str().into()),
            ],
        )
        .unique(&[&["vpc_id", "cidr_block"]])
        .progress(progress)
        .recover(Recover::Key)
        .wait_for_deletion()
        .conflicts(&[&["cidr_block", "ipv4_netmask_length"]])
        .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Range>> {
        let filters = match which {
            Which::Ids(ids) => filtered("cidr-block-association.association-id", ids),
            Which::Token(_) => return Ok(Vec::new()),
            Which::NaturalKey(want) => vec![vec![filter("vpc-id", want.str("vpc_id").unwrap_or_default())]],
        };
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
        let answer = aws
            .write
            .ec2
            .associate_vpc_cidr_block()
            .set_vpc_id(want.string("vpc_id"))
            .set_cidr_block(want.string("cidr_block"))
            .set_ipv4_ipam_pool_id(want.string("ipv4_ipam_pool_id"))
            .set_ipv4_netmask_length(want.int("ipv4_netmask_length"))
            .send()
            .await?;
        made(answer.cidr_block_association().and_then(|a| a.association_id()))
    }

    async fn update(_aws: &Aws, _id: &str, _change: &mut Change<'_>) -> Result<()> {
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        aws.write.ec2.disassociate_vpc_cidr_block().association_id(id).send().await?;
        Ok(())
    }
}

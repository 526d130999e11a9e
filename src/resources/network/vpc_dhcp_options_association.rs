//! aws_vpc_dhcp_options_association: which set of DHCP options a VPC has. A VPC always has one, so the
//! VPC's id names the association, and AWS's own set means that there is none.

use crate::aws::{Aws, Result, filtered};
use crate::resources::spec::{self, Progress, Resource, Spec, Token, Which};
use crate::schema::rows::Recover;
use crate::schema::{Attrs, Change};
use crate::value::Value;
use aws_sdk_ec2::types::Vpc;

type A = spec::A<Vpc>;

/// The resource type `aws_vpc_dhcp_options_association`.
pub struct AwsVpcDhcpOptionsAssociation;

/// The name of AWS's own set.
const NONE: &str = "default";

/// The VPC of an id: `vpc-1`, or `dopt-1-vpc-1` as Terraform's provider writes it.
fn vpc_of(id: &str) -> Option<&str> {
    id.find("vpc-").map(|at| &id[at..])
}

async fn associate(aws: &Aws, vpc: &str, options: &str) -> Result<()> {
    aws.write.ec2.associate_dhcp_options().vpc_id(vpc).dhcp_options_id(options).send().await?;
    Ok(())
}

async fn vpcs(aws: &Aws, ids: &[String]) -> Result<Vec<Vpc>> {
    let call = |f| aws.read.ec2.describe_vpcs().set_filters(Some(f)).into_paginator().items().send();
    aws.pages(filtered("vpc-id", ids), call).await
}

impl Resource for AwsVpcDhcpOptionsAssociation {
    type Live = Vpc;

    fn spec() -> Spec<Vpc> {
        let rows = vec![
            A::string("vpc_id").required().force_new().read(|v| v.vpc_id().into()),
            A::string("dhcp_options_id").required().read(|v| v.dhcp_options_id().into()),
        ];
        Spec::new("aws_vpc_dhcp_options_association", |v| v.vpc_id().map(Into::into), rows)
            .unique(&[&["vpc_id"]])
            .recover(Recover::Key)
            .import("VPC", |text| Some(vec![("vpc_id", Value::from(vpc_of(text)?))]))
            .progress(|v| match v.dhcp_options_id() {
                Some(NONE) | None => Progress::Gone,
                _ => Progress::Ready,
            })
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Vpc>> {
        let ids: Vec<String> = match which {
            Which::Ids(ids) => ids.iter().filter_map(|id| vpc_of(id)).map(str::to_owned).collect(),
            Which::Token(_) => Vec::new(),
            Which::NaturalKey(want) => want.string("vpc_id").into_iter().collect(),
        };
        vpcs(aws, &ids).await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let vpc = want.string("vpc_id").unwrap_or_default();
        associate(aws, &vpc, want.str("dhcp_options_id").unwrap_or_default()).await?;
        Ok(vpc)
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        match change.take("dhcp_options_id").and_then(Value::as_str) {
            Some(options) => associate(aws, vpc_of(id).unwrap_or(id), options).await,
            None => Ok(()),
        }
    }

    /// A VPC that has another set by now is left alone.
    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        let vpc = vpc_of(id).unwrap_or(id);
        let found = vpcs(aws, &[vpc.to_owned()]).await?;
        let mine = |v: &Vpc| last.str("dhcp_options_id").is_none_or(|own| v.dhcp_options_id() == Some(own));
        if found.iter().any(mine) { associate(aws, vpc, NONE).await } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vpc_names_the_association_in_both_forms() {
        assert_eq!(vpc_of("vpc-0f001273ec18911b1"), Some("vpc-0f001273ec18911b1"));
        assert_eq!(vpc_of("dopt-1-vpc-2"), Some("vpc-2"));
        assert_eq!(vpc_of("dopt-1"), None);
    }
}

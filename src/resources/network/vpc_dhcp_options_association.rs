//! aws_vpc_dhcp_options_association: which set of DHCP options a VPC has. A VPC always has one, so the
//! VPC's id names the association, and AWS's own set means that there is none.

use super::vpc::listed;
use crate::resources::prelude::*;
use aws_sdk_ec2::types::Vpc;

/// The resource type `aws_vpc_dhcp_options_association`.
pub struct AwsVpcDhcpOptionsAssociation;

table! {
    Rows: Vpc {
        vpc_id: Text, read [.required().force_new()];
        dhcp_options_id: Text, read [.required()];
    }
}

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

impl Resource for AwsVpcDhcpOptionsAssociation {
    type Live = Vpc;

    fn spec() -> Spec<Vpc> {
        Spec::new("aws_vpc_dhcp_options_association", |v: &Vpc| v.vpc_id().map(Into::into), Rows::rows())
            .role(Role::Settings(Unjudged::All("name servers")))
            .unique(&[&["vpc_id"]])
            .recover(Recover::Key)
            .id_from(|attrs| attrs.string("vpc_id"))
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
        listed(aws, filtered("vpc-id", &ids)).await
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
        let found = listed(aws, filtered("vpc-id", &[vpc.to_owned()])).await?;
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

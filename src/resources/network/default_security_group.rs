//! aws_default_security_group: the group that every VPC has. It is adopted, brought to what the
//! layout says, and forgotten; AWS neither makes nor deletes it for anyone.

use super::security_group::{self, Group};
use crate::resources::prelude::*;

/// The resource type `aws_default_security_group`.
pub struct AwsDefaultSecurityGroup;

table! {
    Rows: Group {
        name = group_name: Text, read [.computed()];
        name_prefix: Text, none [.computed().read(|_| "".into())];
        description: Text, read [.computed()];
        vpc_id: Text, read [.optional_computed().force_new()];
    }
}

impl Resource for AwsDefaultSecurityGroup {
    type Live = Group;

    fn spec() -> Spec<Group> {
        security_group::spec("aws_default_security_group", Rows::rows(), unwritten)
            .role(security_group::filter_role(false))
            .unique(&[&["vpc_id"]])
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Group>> {
        let filters = match which {
            Which::Ids(ids) => filtered("group-id", ids),
            Which::Token(_) => Vec::new(),
            Which::NaturalKey(want) => {
                let vpc = match want.string("vpc_id") {
                    None => default_vpc(aws).await?,
                    given => given,
                };
                let of = |vpc: String| vec![filter("vpc-id", &vpc), filter("group-name", "default")];
                vpc.map(of).into_iter().collect()
            }
        };
        let mut found = security_group::listed(aws, filters).await?;
        found.retain(|g| g.group_name() == Some("default"));
        Ok(found)
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let found = Self::describe(aws, Which::NaturalKey(want)).await?;
        found.first().and_then(|g| g.group_id()).map(Into::into).ok_or_else(|| {
            Error::not_found(match want.str("vpc_id") {
                Some(vpc) => format!("{vpc} has no default security group; expected the id of a VPC of this region"),
                None => "this region has no default VPC; say with vpc_id whose default group is meant".into(),
            })
        })
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        security_group::update_rules(aws, id, change).await
    }

    async fn delete(_aws: &Aws, _id: &str, _last: &Attrs) -> Result<()> {
        Ok(())
    }
}

/// The group that every VPC has is the layout's as a whole: nobody else's rules stay in it.
fn unwritten(config: &Attrs) -> Vec<&'static str> {
    ["ingress", "egress"].into_iter().filter(|side| !config.is_set(side)).collect()
}

async fn default_vpc(aws: &Aws) -> Result<Option<String>> {
    let found = super::vpc::listed(aws, vec![vec![filter("is-default", "true")]]).await?;
    Ok(found.into_iter().find_map(|v| v.vpc_id))
}

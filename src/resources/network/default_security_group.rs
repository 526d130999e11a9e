//! aws_default_security_group: the group that every VPC has. It is adopted, brought to what the
//! layout says, and forgotten; AWS neither makes nor deletes it for anyone.

use super::security_group::{self, Group, common_rows};
use crate::aws::{Aws, Error, Result, filter, filtered};
use crate::resources::spec::{self, Resource, Spec, Token, Which};
use crate::schema::rows::Recover;
use crate::schema::{Attrs, Change};

type A = spec::A<Group>;

/// The resource type `aws_default_security_group`.
pub struct AwsDefaultSecurityGroup;

impl Resource for AwsDefaultSecurityGroup {
    type Live = Group;

    fn spec() -> Spec<Group> {
        let mut rows = vec![
            A::string("name").computed().read(|g| g.group.group_name().into()),
            A::string("name_prefix").computed().read(|_| "".into()),
            A::string("description").computed().read(|g| g.group.description().into()),
        ];
        rows.extend(common_rows());
        Spec::new("aws_default_security_group", security_group::id, rows)
            .unique(&[&["vpc_id"]])
            .recover(Recover::Key)
            .lasting(unwritten, &security_group::RULES)
            .check(crate::rules::security_rule::unfinished_block_sets)
            .holds_inline(crate::rules::security_rule::held_inline)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Group>> {
        let default = || filter("group-name", "default");
        let filters = match which {
            Which::Ids(ids) => filtered("group-id", ids),
            Which::Token(_) => Vec::new(),
            Which::NaturalKey(want) => match want.str("vpc_id") {
                Some(vpc) => vec![vec![filter("vpc-id", vpc), default()]],
                None => match default_vpc(aws).await? {
                    Some(vpc) => vec![vec![filter("vpc-id", &vpc), default()]],
                    None => Vec::new(),
                },
            },
        };
        let mut found = security_group::listed(aws, filters).await?;
        found.retain(|g| g.group.group_name() == Some("default"));
        Ok(found)
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let found = Self::describe(aws, Which::NaturalKey(want)).await?;
        found.first().and_then(security_group::id).ok_or_else(|| {
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
    let answer = aws.read.ec2.describe_vpcs().filters(filter("is-default", "true")).send().await?;
    Ok(answer.vpcs().first().and_then(|v| v.vpc_id()).map(str::to_owned))
}

//! aws_iam_role_policy_attachment: one managed policy on one role. It has no id at AWS; attaching twice
//! is attaching once.

use super::role_policies::{attach, attached, detach};
use crate::aws::{Aws, Result, each};
use crate::resources::spec::{self, Resource, Spec, Token, Which};
use crate::schema::rows::Recover;
use crate::schema::{Attrs, Change};
use crate::value::Value;
use std::collections::BTreeSet;

type A = spec::A<Live>;

/// A role and a policy that is attached to it.
pub struct Live {
    role: String,
    arn: String,
}

/// The resource type `aws_iam_role_policy_attachment`.
pub struct AwsIamRolePolicyAttachment;

fn id(role: &str, arn: &str) -> String {
    format!("{role}/{arn}")
}

fn parse(id: &str) -> Option<Vec<(&'static str, Value)>> {
    let (role, arn) = id.split_once('/').filter(|(role, arn)| !role.is_empty() && arn.starts_with("arn:"))?;
    Some(vec![("role", role.into()), ("policy_arn", arn.into())])
}

/// What is attached of these: each role is asked once, however many of its policies are meant.
async fn listed(aws: &Aws, ids: &[String]) -> Result<Vec<Live>> {
    let roles: BTreeSet<&str> = ids.iter().filter_map(|id| Some(id.split_once('/')?.0)).collect();
    let held = each(roles.into_iter().map(str::to_owned).collect::<Vec<_>>(), |role| async move {
        let arns = attached(aws, &role).await?;
        Ok(arns.into_iter().map(|arn| Live { role: role.clone(), arn }).collect::<Vec<_>>())
    })
    .await?;
    Ok(held.into_iter().flatten().filter(|live| ids.contains(&id(&live.role, &live.arn))).collect())
}

fn key(want: &Attrs) -> String {
    id(want.str("role").unwrap_or_default(), want.str("policy_arn").unwrap_or_default())
}

impl Resource for AwsIamRolePolicyAttachment {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let rows = vec![
            A::string("policy_arn").required().force_new().read(|l| l.arn.as_str().into()),
            A::string("role").required().force_new().read(|l| l.role.as_str().into()),
        ];
        Spec::new("aws_iam_role_policy_attachment", |l| Some(id(&l.role, &l.arn)), rows)
            .holds_again(crate::resources::holds::role_attachment)
            .unique(&[&["role", "policy_arn"]])
            .import("ROLE/POLICYARN", parse)
            .global()
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        match which {
            Which::Ids(ids) => listed(aws, ids).await,
            Which::Token(_) => Ok(Vec::new()),
            Which::NaturalKey(want) => listed(aws, &[key(want)]).await,
        }
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        attach(aws, want.str("role").unwrap_or_default(), want.str("policy_arn").unwrap_or_default()).await?;
        Ok(key(want))
    }

    async fn update(_aws: &Aws, _id: &str, _change: &mut Change<'_>) -> Result<()> {
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        match id.split_once('/') {
            Some((role, arn)) => detach(aws, role, arn).await,
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attachment_is_imported_by_role_and_policy() {
        let arn = "arn:aws:iam::123456789012:policy/team/deploy";
        let attrs: Attrs = parse(&id("web", arn)).unwrap().into_iter().collect();
        assert_eq!(key(&attrs), id("web", arn));
        assert!(parse("web").is_none() && parse("web/deploy").is_none() && parse(&format!("/{arn}")).is_none());
    }
}

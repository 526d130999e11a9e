//! aws_iam_role_policy: a policy written into a role. PutRolePolicy makes one and changes one.

use super::name;
use super::role_policies::{inline, put, remove};
use crate::aws::{Aws, Error, Kind, Result, each};
use crate::resources::spec::{self, Resource, Spec, Token, Which};
use crate::schema::normal::Normal;
use crate::schema::rows::Recover;
use crate::schema::{Attrs, Change, checks};

type A = spec::A<Live>;

/// A policy and where it is written.
pub struct Live {
    role: String,
    name: String,
    policy: String,
}

/// The resource type `aws_iam_role_policy`.
pub struct AwsIamRolePolicy;

fn id(role: &str, name: &str) -> String {
    format!("{role}:{name}")
}

async fn listed(aws: &Aws, ids: &[String]) -> Result<Vec<Live>> {
    let places: Vec<(String, String)> =
        ids.iter().filter_map(|id| id.split_once(':')).map(|(role, name)| (role.into(), name.into())).collect();
    each(places, |(role, name)| async move {
        let (name, policy) = inline(aws, role.clone(), name).await?;
        Ok(Live { role, name, policy })
    })
    .await
}

fn key(want: &Attrs) -> String {
    id(want.str("role").unwrap_or_default(), want.str("name").unwrap_or_default())
}

impl Resource for AwsIamRolePolicy {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let rows = vec![
            A::string("name").optional_computed().force_new().check(name).read(|l| l.name.as_str().into()),
            A::string("name_prefix").optional_computed().force_new().check(name),
            A::string("policy")
                .required()
                .normal(Normal::Policy)
                .check(checks::policy)
                .read(|l| l.policy.as_str().into()),
            A::string("role").required().force_new().read(|l| l.role.as_str().into()),
        ];
        Spec::new("aws_iam_role_policy", |l| Some(id(&l.role, &l.name)), rows)
            .holds(crate::resources::holds::role_policy)
            .unique(&[&["role", "name"]])
            .named("name", "name_prefix")
            .global()
            .recover(Recover::Key)
            .conflicts(&[&["name", "name_prefix"]])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        match which {
            Which::Ids(ids) => listed(aws, ids).await,
            Which::Token(_) => Ok(Vec::new()),
            Which::NaturalKey(want) => listed(aws, &[key(want)]).await,
        }
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let id = key(want);
        if !listed(aws, std::slice::from_ref(&id)).await?.is_empty() {
            let message = format!("the policy {id:?} exists already; import it, or choose another name");
            return Err(Error::new(Kind::Exists, message));
        }
        let text = |name: &str| want.str(name).unwrap_or_default();
        put(aws, text("role"), text("name"), text("policy")).await?;
        Ok(id)
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        match (change.take("policy").and_then(|policy| policy.as_str()), id.split_once(':')) {
            (Some(policy), Some((role, name))) => put(aws, role, name, policy).await,
            _ => Ok(()),
        }
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        match id.split_once(':') {
            Some((role, name)) => remove(aws, role, name).await,
            None => Ok(()),
        }
    }
}

//! aws_iam_role_policy: a policy written into a role. PutRolePolicy makes one and changes one.

use super::name;
use super::role_policies::{inline, put, remove};
use crate::resources::prelude::*;

/// A policy and where it is written.
pub struct Live {
    role: String,
    name: String,
    policy: String,
}

/// The resource type `aws_iam_role_policy`.
pub struct AwsIamRolePolicy;

static KEY: Composite = Composite::new(&["role", "name"], ":");

table! {
    Rows: Live {
        name: Text, none [.optional_computed().force_new().check(name).read(|l| l.held().name.as_str().into())];
        name_prefix: Text, none [.optional_computed().force_new().check(name)];
        policy: Text, none
            [.required().normal(Normal::Policy).check(checks::policy).read(|l| l.held().policy.as_str().into())];
        role: Text, none [.required().force_new().read(|l| l.held().role.as_str().into())];
    }
}

impl Resource for AwsIamRolePolicy {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::composite("aws_iam_role_policy", &KEY, Rows::rows())
            .role(Role::NotServing("it says what members may do"))
            .holds(crate::resources::holds::role_policy)
            .named("name", "name_prefix")
            .global()
            .conflicts(&[&["name", "name_prefix"]])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let places = which.keys(&KEY).into_iter().filter_map(|key| Some((key.string("role")?, key.string("name")?)));
        each(places, |(role, name)| async move {
            let (name, policy) = inline(aws, role.clone(), name).await?;
            Ok(Live { role, name, policy })
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let id = made(KEY.id(want).as_deref())?;
        if !Self::describe(aws, Which::NaturalKey(want)).await?.is_empty() {
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

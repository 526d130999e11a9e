//! aws_iam_role_policy_attachment: one managed policy on one role. It has no id at AWS; attaching twice
//! is attaching once.

use super::role_policies::{attach, attached, detach};
use crate::resources::prelude::*;

/// A role and a policy that is attached to it.
pub struct Live {
    role: String,
    arn: String,
}

/// The resource type `aws_iam_role_policy_attachment`.
pub struct AwsIamRolePolicyAttachment;

static KEY: Composite = Composite::new(&["role", "policy_arn"], "/");

table! {
    Rows: Live {
        policy_arn: Text, none [.required().force_new().read(|l| l.held().arn.as_str().into())];
        role: Text, none [.required().force_new().read(|l| l.held().role.as_str().into())];
    }
}

fn ends(attrs: &Attrs) -> (&str, &str) {
    (attrs.str("role").unwrap_or_default(), attrs.str("policy_arn").unwrap_or_default())
}

impl Resource for AwsIamRolePolicyAttachment {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::composite("aws_iam_role_policy_attachment", &KEY, Rows::rows())
            .role(Role::NotServing("it says what members may do"))
            .holds_again(crate::resources::holds::role_attachment)
            .global()
    }

    /// Each role is asked once, however many of its policies are meant.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let held = each(which.parts(&KEY, "role"), |role| async move {
            let arns = attached(aws, &role).await?;
            Ok(arns.into_iter().map(|arn| Live { role: role.clone(), arn }).collect::<Vec<_>>())
        });
        Ok(held.await?.into_iter().flatten().collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let (role, arn) = ends(want);
        attach(aws, role, arn).await?;
        made(KEY.id(want).as_deref())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let (role, arn) = ends(last);
        detach(aws, role, arn).await
    }
}

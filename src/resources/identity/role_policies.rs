//! The policies of a role: those written into it and those attached to it, read and changed together
//! by everything that deals with roles.

use super::{Policies, decoded};
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;

/// The names of the policies written into a role.
pub async fn inline_names(aws: &Aws, role: &str) -> Result<Vec<String>> {
    all_of(aws.read.iam.list_role_policies().role_name(role).into_paginator().items().send()).await
}

/// One policy written into a role.
pub async fn inline(aws: &Aws, role: String, name: String) -> Result<(String, String)> {
    let answer = aws.read.iam.get_role_policy().role_name(role).policy_name(&name).send().await?;
    Ok((name, decoded(&answer.policy_document)))
}

/// All policies written into a role.
pub async fn inline_all(aws: &Aws, role: &str) -> Result<Policies> {
    let names = inline_names(aws, role).await?;
    Ok(each(names, |name| inline(aws, role.to_owned(), name)).await?.into_iter().collect())
}

/// The ARNs of the policies attached to a role.
pub async fn attached(aws: &Aws, role: &str) -> Result<Vec<String>> {
    let call = aws.read.iam.list_attached_role_policies().role_name(role);
    let all = all_of(call.into_paginator().items().send()).await?;
    Ok(all.into_iter().filter_map(|policy| policy.policy_arn).collect())
}

/// Writes a policy into a role, in place of one of the same name.
pub async fn put(aws: &Aws, role: &str, name: &str, policy: &str) -> Result<()> {
    done(aws.write.iam.put_role_policy().role_name(role).policy_name(name).policy_document(policy).send().await)
}

/// Takes a policy out of a role.
pub async fn remove(aws: &Aws, role: &str, name: &str) -> Result<()> {
    unless_gone(aws.write.iam.delete_role_policy().role_name(role).policy_name(name).send().await)
}

/// Attaches a policy to a role.
pub async fn attach(aws: &Aws, role: &str, arn: &str) -> Result<()> {
    done(aws.write.iam.attach_role_policy().role_name(role).policy_arn(arn).send().await)
}

/// Detaches a policy from a role.
pub async fn detach(aws: &Aws, role: &str, arn: &str) -> Result<()> {
    unless_gone(aws.write.iam.detach_role_policy().role_name(role).policy_arn(arn).send().await)
}

//! The policies of a role: those written into it and those attached to it, read and changed together
//! by everything that deals with roles.

use super::{PAGES, Policies, decoded};
use crate::aws::api::member_text;
use crate::aws::api::services::IAM;
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use serde_json::{Value as Json, json};

/// The names of the policies written into a role.
pub async fn inline_names(aws: &Aws, role: &str) -> Result<Vec<String>> {
    let all =
        aws.read.api.list(&IAM, "ListRolePolicies", json!({"RoleName": role}), PAGES, "PolicyNames.member").await?;
    Ok(all.iter().filter_map(Json::as_str).map(str::to_owned).collect())
}

/// One policy written into a role.
pub async fn inline(aws: &Aws, role: String, name: String) -> Result<(String, String)> {
    let input = json!({"RoleName": role, "PolicyName": name});
    let answer = aws.read.api.call(&IAM, "GetRolePolicy", input).await?;
    Ok((name, decoded(&member_text(&answer, "PolicyDocument").unwrap_or_default())))
}

/// All policies written into a role.
pub async fn inline_all(aws: &Aws, role: &str) -> Result<Policies> {
    let names = inline_names(aws, role).await?;
    Ok(each(names, |name| inline(aws, role.to_owned(), name)).await?.into_iter().collect())
}

/// The ARNs of the policies attached to a role.
pub async fn attached(aws: &Aws, role: &str) -> Result<Vec<String>> {
    let (of, path) = (json!({"RoleName": role}), "AttachedPolicies.member");
    let all = aws.read.api.list(&IAM, "ListAttachedRolePolicies", of, PAGES, path).await?;
    Ok(all.iter().filter_map(|policy| member_text(policy, "PolicyArn")).collect())
}

/// Writes a policy into a role, in place of one of the same name.
pub async fn put(aws: &Aws, role: &str, name: &str, policy: &str) -> Result<()> {
    let input = json!({"RoleName": role, "PolicyName": name, "PolicyDocument": policy});
    done(aws.write.api.call(&IAM, "PutRolePolicy", input).await)
}

/// Takes a policy out of a role.
pub async fn remove(aws: &Aws, role: &str, name: &str) -> Result<()> {
    unless_gone(aws.write.api.call(&IAM, "DeleteRolePolicy", json!({"RoleName": role, "PolicyName": name})).await)
}

/// Attaches a policy to a role.
pub async fn attach(aws: &Aws, role: &str, arn: &str) -> Result<()> {
    done(aws.write.api.call(&IAM, "AttachRolePolicy", json!({"RoleName": role, "PolicyArn": arn})).await)
}

/// Detaches a policy from a role.
pub async fn detach(aws: &Aws, role: &str, arn: &str) -> Result<()> {
    unless_gone(aws.write.api.call(&IAM, "DetachRolePolicy", json!({"RoleName": role, "PolicyArn": arn})).await)
}

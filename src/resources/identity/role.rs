//! aws_iam_role: who may act as what. The policies written into it and attached to it belong to the
//! role only when the layout gives them here; then no others may be there.

use super::instance_profile::take_out;
use super::role_policies::{self as policies, attach, attached, detach, inline_all, put, remove};
use super::{PAGES, Policies, decoded, name, new_tags, path, retag, tags_of};
use crate::aws::api::services::IAM;
use crate::aws::api::{member, member_text};
use crate::resources::block::TimestampCell;
use crate::resources::document::{Document, Keyed, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use serde_json::{Value as Json, json};

/// The resource type `aws_iam_role`.
pub struct AwsIamRole;

document! {
    /// A role with its policies, which are under names of our own.
    Rows {
        assume_role_policy = "AssumeRolePolicyDocument": Text, create
            [.required().normal(Normal::Policy).check(checks::policy)]
            [.read(|r| trust(r.held()).into())];
        description = "Description": Text;
        force_detach_policies = "": Switch, none;
        managed_policy_arns = "Attached": Texts, read [.optional_computed()];
        max_session_duration = "MaxSessionDuration": Int, create
            [.default(3600).check(session).read(|r| longest(r.held()))];
        name = "RoleName": Text [.optional_computed().force_new().check(name)];
        name_prefix = "": Text, none [.optional_computed().force_new().check(name)];
        path = "Path": Text [.default("/").force_new().check(path)];
        permissions_boundary = "PermissionsBoundary": Text, create [.read(|r| boundary(r.held()).into())];
        inline_policy = "Inline": Keyed<Inline>, read [.normal(Normal::With(same_policies))];
        arn = "Arn": Text, read [.computed()];
        create_date = "CreateDate": TimestampCell, read [.computed()];
        unique_id = "RoleId": Text, read [.computed()];
    }
}

document! {
    /// A policy written into the role.
    Inline {
        name = "Key": Text [.check(name)];
        policy = "Value": Text [.normal(Normal::Policy).check(checks::policy)];
    }
}

/// Who may act as a role.
pub fn trust(role: &Json) -> Option<String> {
    member_text(role, "AssumeRolePolicyDocument").map(|document| decoded(&document))
}

/// For how many seconds somebody may act as a role.
fn longest(role: &Json) -> Value {
    member_text(role, "MaxSessionDuration").and_then(|text| text.parse::<i64>().ok()).unwrap_or(3600).into()
}

/// The ARN of what bounds the permissions of a role or a user.
pub fn boundary(holder: &Json) -> Option<String> {
    member_text(holder, "PermissionsBoundary.PermissionsBoundaryArn")
}

/// The policies that blocks write; a block that says nothing stands for none at all.
fn expand(blocks: &Value) -> Policies {
    let blocks = blocks.as_elements().unwrap_or(&[]).iter().map(Attrs::from_value);
    blocks.filter_map(|block| Some((block.string("name")?, block.string("policy")?))).collect()
}

fn same_policy(a: &str, b: &str) -> bool {
    Normal::Policy.equivalent(&a.into(), &b.into())
}

fn same_policies(a: &Value, b: &Value) -> bool {
    let (a, b) = (expand(a), expand(b));
    a.len() == b.len() && a.iter().zip(&b).all(|((n, p), (m, q))| n == m && same_policy(p, q))
}

fn check(want: &Attrs) -> Faults {
    let mut wrong = Faults::new();
    for block in want.blocks("inline_policy") {
        wrong.extend(faults! {
            block.is_given("name") != block.is_given("policy") => "inline_policy",
                "a policy needs both name and policy; an empty block stands for none";
        });
    }
    for (name, most) in [("name", 64), ("name_prefix", 64 - crate::schema::naming::SUFFIX)] {
        if let Some(text) = want.str(name).filter(|text| text.len() > most) {
            wrong.push((name, format!("{text:?} is longer than {most} characters")));
        }
    }
    wrong
}

fn session(value: &Value) -> Result<(), String> {
    let wrong = "seconds is out of range; AWS takes 3600 to 43200";
    checks::number(value, |seconds| (3600..=43200).contains(&seconds), wrong)
}

/// The role of this name.
pub async fn one(aws: &Aws, name: String) -> Result<Json> {
    let answer = aws.read.api.call(&IAM, "GetRole", json!({"RoleName": name})).await?;
    member(&answer, "Role").cloned().ok_or_else(|| Error::not_found(format!("the role {name:?} was not found")))
}

async fn listed(aws: &Aws, names: &[String]) -> Result<Vec<Json>> {
    each(names.to_vec(), |name| async move {
        let (role, inline, attached) =
            futures::try_join!(one(aws, name.clone()), inline_all(aws, &name), attached(aws, &name))?;
        Ok(joined(json!({"Inline": inline, "Attached": attached}), role))
    })
    .await
}

impl Resource for AwsIamRole {
    type Live = Json;

    fn spec() -> Spec<Json> {
        Spec::new("aws_iam_role", |r| member_text(r, "RoleName"), Rows::rows::<Json>())
            .role(Role::NotServing("it says what members may do"))
            .own_tags(|r| tags::of(&tags_of(r)))
            .holds_inline(crate::resources::holds::role)
            .by_name()
            .global()
            .recover(Recover::Key)
            // What the layout leaves out belongs to types of their own.
            .managed_by_aws(|want, _| ["inline_policy"].into_iter().filter(|name| want.lacks_block(name)).collect())
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
        listed(aws, &which.by("name")).await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        aws.write.api.call(&IAM, "CreateRole", joined(Rows::create(want), new_tags(want))).await?;
        made(want.str("name"))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let call = |operation, input| aws.write.api.call(&IAM, operation, joined(input, json!({"RoleName": id})));
        change.take("force_detach_policies");
        if let Some(policy) = change.take("assume_role_policy").and_then(Value::as_str) {
            call("UpdateAssumeRolePolicy", json!({"PolicyDocument": policy})).await?;
        }
        if change.take_any(&["description", "max_session_duration"]) {
            let description = change.after.string("description").unwrap_or_default();
            let seconds = change.after.int("max_session_duration");
            call("UpdateRole", json!({"Description": description, "MaxSessionDuration": seconds})).await?;
        }
        if let Some(boundary) = change.take("permissions_boundary") {
            match boundary.as_str().filter(|arn| !arn.is_empty()) {
                Some(arn) => done(call("PutRolePermissionsBoundary", json!({"PermissionsBoundary": arn})).await)?,
                None => unless_gone(call("DeleteRolePermissionsBoundary", json!({})).await)?,
            }
        }
        if let Some(wanted) = change.take("inline_policy").map(expand) {
            let held = change.before.get("inline_policy").map(expand).unwrap_or_default();
            for (name, policy) in &wanted {
                if held.get(name).is_none_or(|old| !same_policy(old, policy)) {
                    put(aws, id, name, policy).await?;
                }
            }
            for name in held.keys().filter(|name| !wanted.contains_key(*name)) {
                remove(aws, id, name).await?;
            }
        }
        if let Some((gone, new)) = change.take_elements("managed_policy_arns") {
            for arn in new.iter().filter_map(Value::as_str) {
                attach(aws, id, arn).await?;
            }
            for arn in gone.iter().filter_map(Value::as_str) {
                detach(aws, id, arn).await?;
            }
        }
        retag(aws, change, ("TagRole", "UntagRole"), json!({"RoleName": id})).await
    }

    /// A role goes only when nothing hangs on it. What is its own goes with it, all else only when the
    /// layout says so.
    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        let delete = || aws.write.api.call(&IAM, "DeleteRole", json!({"RoleName": id}));
        match delete().await {
            Err(e) if e.kind == Kind::Dependency => strip(aws, id, last).await?,
            done => return done.map(drop),
        }
        delete().await?;
        Ok(())
    }
}

/// Takes a role out of its instance profiles and takes its policies off.
async fn strip(aws: &Aws, role: &str, last: &Attrs) -> Result<()> {
    let all = last.bool("force_detach_policies") == Some(true);
    let (of, path) = (json!({"RoleName": role}), "InstanceProfiles.member");
    for profile in aws.read.api.list(&IAM, "ListInstanceProfilesForRole", of, PAGES, path).await? {
        take_out(aws, &member_text(&profile, "InstanceProfileName").unwrap_or_default(), role).await?;
    }
    let own = last.get("inline_policy").map(expand).unwrap_or_default();
    for name in policies::inline_names(aws, role).await? {
        if all || own.contains_key(&name) {
            remove(aws, role, &name).await?;
        }
    }
    let own = last.strings("managed_policy_arns");
    for arn in attached(aws, role).await? {
        if all || own.contains(&arn) {
            detach(aws, role, &arn).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resources::document::at;

    fn blocks(each: &[(&str, &str)]) -> Value {
        let all: Policies = each.iter().map(|(n, p)| ((*n).to_owned(), (*p).to_owned())).collect();
        at::<Keyed<Inline>>(&json!({"Inline": all}), "Inline")
    }

    #[test]
    fn policies_in_a_role_are_compared_by_name_and_meaning() {
        let one = blocks(&[("a", r#"{"Statement":[{"Action":["x"]}]}"#)]);
        assert!(same_policies(&one, &blocks(&[("a", r#"{ "Statement": { "Action": "x" } }"#)])));
        assert!(!same_policies(&one, &blocks(&[("b", r#"{"Statement":[{"Action":["x"]}]}"#)])));
        let nothing = Value::object([("name", Value::any_null()), ("policy", Value::any_null())]);
        assert!(same_policies(&Value::tuple(vec![nothing]), &blocks(&[])), "an empty block stands for none");
    }

    #[test]
    fn a_missing_policy_and_a_long_name_are_reported() {
        let block = Value::object([("name", Value::from("a"))]);
        let want = Attrs::default().with("inline_policy", Value::tuple(vec![block])).with("name", "a".repeat(65));
        let said: Vec<&str> = check(&want).into_iter().map(|(name, _)| name).collect();
        assert_eq!(said, ["inline_policy", "name"]);
    }
}

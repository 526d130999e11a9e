//! aws_iam_role: who may act as what. The policies written into it and attached to it belong to the
//! role only when the layout gives them here; then no others may be there.

use super::role_policies::{self as policies, attach, attached, detach, inline_all, put, remove};
use super::{Policies, decoded, name, path};
use crate::resources::block::TimestampCell;
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use aws_sdk_iam::operation::create_role::builders::CreateRoleFluentBuilder as CreateRole;
use aws_sdk_iam::types::{AttachedPermissionsBoundary, Role as IamRole};

/// A role with its policies.
pub struct Live {
    role: IamRole,
    inline: Policies,
    attached: Vec<String>,
}

/// The resource type `aws_iam_role`.
pub struct AwsIamRole;

table! {
    Rows: Live, create CreateRole {
        assume_role_policy = assume_role_policy_document: Text, create
            [.required().normal(Normal::Policy).check(checks::policy)]
            [.read(|l| l.held().role.assume_role_policy_document().map(decoded).into())];
        description: Text, create [.read(|l| l.held().role.description().into())];
        force_detach_policies: Switch, none;
        managed_policy_arns: Texts, none [.optional_computed().read(|l| Value::string_set(&l.held().attached))];
        max_session_duration: Int, create
            [.default(3600).check(session).read(|l| l.held().role.max_session_duration().unwrap_or(3600).into())];
        name = role_name: Text, create
            [.optional_computed().force_new().check(name).read(|l| l.held().role.role_name().into())];
        name_prefix: Text, none [.optional_computed().force_new().check(name)];
        path: Text, create [.default("/").force_new().check(path).read(|l| l.held().role.path().into())];
        permissions_boundary: Text, create [.read(|l| boundary(&l.held().role).into())];
        inline_policy: Inline, none [.normal(Normal::With(same_policies)).read(|l| collapse(&l.held().inline))];
        arn: Text, none [.computed().read(|l| l.held().role.arn().into())];
        create_date: TimestampCell, none [.computed().read(|l| TimestampCell::get(l.held().role.create_date()))];
        unique_id: Text, none [.computed().read(|l| l.held().role.role_id().into())];
    }
}

/// Policies written into the role.
struct Inline;

impl Cell for Inline {
    fn column<L>(name: &'static str) -> A<L> {
        A::block(name, Nesting::Set, inline_rows())
    }
}

/// The ARN of what bounds a role's permissions.
pub fn boundary(role: &IamRole) -> Option<&str> {
    boundary_arn(role.permissions_boundary())
}

/// The ARN of what bounds the permissions of a role or a user.
pub fn boundary_arn(boundary: Option<&AttachedPermissionsBoundary>) -> Option<&str> {
    boundary.and_then(AttachedPermissionsBoundary::permissions_boundary_arn)
}

fn inline_rows() -> Vec<Attribute> {
    rows([Row::string("name").check(name), A::string("policy").normal(Normal::Policy).check(checks::policy)])
}

/// The policies that blocks write; a block that says nothing stands for none at all.
fn expand(blocks: &Value) -> Policies {
    let blocks = blocks.as_elements().unwrap_or(&[]).iter().map(Attrs::from_value);
    blocks.filter_map(|block| Some((block.string("name")?, block.string("policy")?))).collect()
}

fn collapse(policies: &Policies) -> Value {
    let block =
        |(name, policy): (&String, &String)| Value::object([("name", Value::from(name)), ("policy", policy.into())]);
    Value::set(object_type(&inline_rows()), policies.iter().map(block).collect())
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
pub async fn one(aws: &Aws, name: String) -> Result<IamRole> {
    let answer = aws.read.iam.get_role().role_name(&name).send().await?;
    answer.role.ok_or_else(|| Error::not_found(format!("there is no role {name:?}")))
}

async fn listed(aws: &Aws, names: &[String]) -> Result<Vec<Live>> {
    each(names.to_vec(), |name| async move {
        let (role, inline, attached) =
            futures::try_join!(one(aws, name.clone()), inline_all(aws, &name), attached(aws, &name))?;
        Ok(Live { role, inline, attached })
    })
    .await
}

impl Resource for AwsIamRole {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::new("aws_iam_role", |l| Some(l.role.role_name().to_owned()), Rows::rows::<Live>())
            .role(Role::NotServing("it says what members may do"))
            .own_tags(|l| tags::of(l.role.tags()))
            .holds_inline(crate::resources::holds::role)
            .by_name()
            .global()
            .recover(Recover::Key)
            // What the layout leaves out belongs to types of their own.
            .managed_by_aws(|want, _| ["inline_policy"].into_iter().filter(|name| want.lacks_block(name)).collect())
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        listed(aws, &which.by("name")).await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        Rows::create(aws.write.iam.create_role(), want).set_tags(tags::wanted(want)).send().await?;
        made(want.str("name"))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let iam = &aws.write.iam;
        change.take("force_detach_policies");
        if let Some(policy) = change.take("assume_role_policy").and_then(Value::as_str) {
            iam.update_assume_role_policy().role_name(id).policy_document(policy).send().await?;
        }
        if change.take_any(&["description", "max_session_duration"]) {
            let description = change.after.string("description").unwrap_or_default();
            let call = iam.update_role().role_name(id).description(description);
            call.set_max_session_duration(change.after.int("max_session_duration")).send().await?;
        }
        if let Some(boundary) = change.take("permissions_boundary") {
            match boundary.as_str().filter(|arn| !arn.is_empty()) {
                Some(arn) => {
                    iam.put_role_permissions_boundary().role_name(id).permissions_boundary(arn).send().await?;
                }
                None => unless_gone(iam.delete_role_permissions_boundary().role_name(id).send().await)?,
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
        tags::change_by!(change, iam, tag_role untag_role, role_name id).map(drop)
    }

    /// A role goes only when nothing hangs on it. What is its own goes with it, all else only when the
    /// layout says so.
    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        let delete = || aws.write.iam.delete_role().role_name(id).send();
        match delete().await.map_err(Error::from) {
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
    let profiles = aws.read.iam.list_instance_profiles_for_role().role_name(role).into_paginator().items().send();
    for profile in all_of(profiles).await? {
        let call = aws.write.iam.remove_role_from_instance_profile().role_name(role);
        unless_gone(call.instance_profile_name(profile.instance_profile_name()).send().await)?;
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

    fn blocks(each: &[(&str, &str)]) -> Value {
        collapse(&each.iter().map(|(n, p)| ((*n).to_owned(), (*p).to_owned())).collect())
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

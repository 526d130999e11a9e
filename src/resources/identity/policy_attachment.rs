//! aws_iam_policy_attachment: all users, groups and roles that a policy is attached to, wherever that was done.

use super::PAGES;
use super::policies::{Holder, OfGroup, OfUser};
use super::role_policies;
use crate::aws::api::services::IAM;
use crate::aws::api::{Pages, items, member_text};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// The resource type `aws_iam_policy_attachment`.
pub struct AwsIamPolicyAttachment;

/// A policy with all that have it.
pub struct Live {
    name: String,
    arn: String,
    groups: Vec<String>,
    roles: Vec<String>,
    users: Vec<String>,
}

static KEY: Composite = Composite::new(&["name", "policy_arn"], ":");
const HOLDERS: [&str; 3] = ["groups", "roles", "users"];

table! {
    Rows: Live {
        groups: Texts, none [.read(|l| Value::string_set(&l.held().groups))];
        name: Text, none [.required().force_new().read(|l| l.held().name.as_str().into())];
        policy_arn: Text, none [.required().force_new().read(|l| l.held().arn.as_str().into())];
        roles: Texts, none [.read(|l| Value::string_set(&l.held().roles))];
        users: Texts, none [.read(|l| Value::string_set(&l.held().users))];
    }
}

async fn all(aws: &Aws, name: String, arn: String) -> Result<Live> {
    let mut live = Live { name, arn, groups: Vec::new(), roles: Vec::new(), users: Vec::new() };
    let mut input = json!({"PolicyArn": live.arn});
    let Pages(next, token) = PAGES;
    loop {
        let page = aws.read.api.call(&IAM, "ListEntitiesForPolicy", input.clone()).await?;
        let names = |path: &str, name: &str| -> Vec<String> {
            items(&page, path).iter().filter_map(|holder| member_text(holder, name)).collect()
        };
        live.groups.extend(names("PolicyGroups.member", "GroupName"));
        live.roles.extend(names("PolicyRoles.member", "RoleName"));
        live.users.extend(names("PolicyUsers.member", "UserName"));
        let Some(token) = member_text(&page, token).filter(|token| !token.is_empty()) else { return Ok(live) };
        input[next] = Json::from(token);
    }
}

async fn attach(aws: &Aws, kind: &str, holder: &str, arn: &str) -> Result<()> {
    match kind {
        "groups" => OfGroup::attach(aws, holder, arn).await,
        "roles" => role_policies::attach(aws, holder, arn).await,
        _ => OfUser::attach(aws, holder, arn).await,
    }
}

async fn detach(aws: &Aws, kind: &str, holder: &str, arn: &str) -> Result<()> {
    match kind {
        "groups" => OfGroup::detach(aws, holder, arn).await,
        "roles" => role_policies::detach(aws, holder, arn).await,
        _ => OfUser::detach(aws, holder, arn).await,
    }
}

fn check(want: &Attrs) -> Faults {
    let given = |name: &&str| want.is_unknown(name) || !want.elements(name).is_empty();
    faults! {
        !HOLDERS.iter().any(given) => "policy_arn", "the policy is attached to nothing; give groups, roles or users";
    }
}

impl Resource for AwsIamPolicyAttachment {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::composite("aws_iam_policy_attachment", &KEY, Rows::rows())
            .role(Role::NotServing("it says what somebody may do"))
            .unique(&[&["policy_arn"]])
            .global()
            .check(check)
    }

    /// A policy that nothing has is one without attachment.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let places = which.keys(&KEY).into_iter().filter_map(|k| Some((k.string("name")?, k.string("policy_arn")?)));
        let mut found = each(places, |(name, arn)| all(aws, name, arn)).await?;
        found.retain(|l| !(l.groups.is_empty() && l.roles.is_empty() && l.users.is_empty()));
        Ok(found)
    }

    /// The first of all; the others follow.
    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let arn = want.str("policy_arn").unwrap_or_default();
        let first = HOLDERS.iter().find_map(|kind| Some((*kind, want.strings(kind).into_iter().next()?)));
        if let Some((kind, holder)) = first {
            attach(aws, kind, &holder, arn).await?;
        }
        made(KEY.id(want).as_deref())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        let arn = change.after.str("policy_arn").unwrap_or_default();
        for kind in HOLDERS {
            let Some((gone, new)) = change.take_elements(kind) else { continue };
            for holder in new.iter().filter_map(Value::as_str) {
                attach(aws, kind, holder, arn).await?;
            }
            for holder in gone.iter().filter_map(Value::as_str) {
                detach(aws, kind, holder, arn).await?;
            }
        }
        Ok(())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        for kind in HOLDERS {
            for holder in last.strings(kind) {
                detach(aws, kind, &holder, last.str("policy_arn").unwrap_or_default()).await?;
            }
        }
        Ok(())
    }
}

//! aws_iam_group and aws_iam_group_membership: a group, and all of its users.

use super::{PAGES, name, path};
use crate::aws::api::services::IAM;
use crate::aws::api::{items, member, member_text};
use crate::resources::document::{Document, document};
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use serde_json::{Value as Json, json};

/// The resource type `aws_iam_group`.
pub struct AwsIamGroup;
/// The resource type `aws_iam_group_membership`.
pub struct AwsIamGroupMembership;

document! {
    Rows {
        name = "GroupName": Text [.required().check(name)];
        path = "Path": Text [.default("/").check(path)];
        arn = "Arn": Text, read [.computed().follows(&["name", "path"])];
        unique_id = "GroupId": Text, read [.computed()];
    }
}

/// A group with its users.
pub async fn with_users(aws: &Aws, name: &str) -> Result<(Option<Json>, Vec<Json>)> {
    let (mut group, mut users, mut marker) = (None, Vec::new(), None);
    loop {
        let input = json!({"GroupName": name, "Marker": marker});
        let page = aws.read.api.call(&IAM, "GetGroup", input).await?;
        users.extend(items(&page, "Users.member"));
        group = member(&page, "Group").cloned().or(group);
        marker = member_text(&page, "Marker").filter(|marker| !marker.is_empty());
        if marker.is_none() {
            return Ok((group, users));
        }
    }
}

/// The names of the groups that a user is in.
pub async fn names_of_groups(aws: &Aws, user: &str) -> Result<Vec<String>> {
    let all = aws.read.api.list(&IAM, "ListGroupsForUser", json!({"UserName": user}), PAGES, "Groups.member").await?;
    Ok(all.iter().filter_map(|group| member_text(group, "GroupName")).collect())
}

async fn join(aws: &Aws, group: &str, user: &str) -> Result<()> {
    done(aws.write.api.call(&IAM, "AddUserToGroup", json!({"GroupName": group, "UserName": user})).await)
}

/// Takes a user out of a group.
pub async fn leave(aws: &Aws, group: &str, user: &str) -> Result<()> {
    unless_gone(aws.write.api.call(&IAM, "RemoveUserFromGroup", json!({"GroupName": group, "UserName": user})).await)
}

impl Resource for AwsIamGroup {
    type Live = Json;

    fn spec() -> Spec<Json> {
        Spec::new("aws_iam_group", |g| member_text(g, "GroupName"), Rows::rows::<Json>())
            .role(Role::NotServing("it says what somebody may do"))
            .unique(&[&["name"]])
            .id_follows(&["name"])
            .global()
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
        each(which.by("name"), |name| async move {
            let missing = || Error::not_found(format!("the group {name:?} does not exist"));
            with_users(aws, &name).await?.0.ok_or_else(missing)
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        aws.write.api.call(&IAM, "CreateGroup", Rows::create(want)).await?;
        made(want.str("name"))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let new = change.take("name").and_then(Value::as_str).map(str::to_owned);
        let path = change.take("path").and_then(Value::as_str).map(str::to_owned);
        if new.is_some() || path.is_some() {
            let input = json!({"GroupName": id, "NewGroupName": new, "NewPath": path});
            aws.write.api.call(&IAM, "UpdateGroup", input).await?;
        }
        change.new_id = new;
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.api.call(&IAM, "DeleteGroup", json!({"GroupName": id})).await)
    }
}

/// All users of a group.
pub struct Membership {
    name: String,
    group: String,
    users: Vec<String>,
}

static KEY: Composite = Composite::new(&["name", "group"], ":");

impl Resource for AwsIamGroupMembership {
    type Live = Membership;

    fn spec() -> Spec<Membership> {
        let all = vec![
            A::string("group").required().force_new().read(|m: &Membership| m.group.as_str().into()),
            A::string("name").required().force_new().check(name).read(|m| m.name.as_str().into()),
            A::string_set("users").required().read(|m| Value::string_set(&m.users)),
        ];
        Spec::composite("aws_iam_group_membership", &KEY, all)
            .role(Role::NotServing("it says what somebody may do"))
            .unique(&[&["group"]])
            .global()
    }

    /// A group without users is one without membership.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Membership>> {
        let places = which.keys(&KEY).into_iter().filter_map(|key| Some((key.string("name")?, key.string("group")?)));
        each(places, |(name, group)| async move {
            let (_, users) = with_users(aws, &group).await?;
            if users.is_empty() {
                return Err(Error::not_found(format!("the group {group:?} has no users")));
            }
            let users = users.iter().filter_map(|user| member_text(user, "UserName")).collect();
            Ok(Membership { name, group, users })
        })
        .await
    }

    /// The first user; the others follow.
    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        if let Some(user) = want.strings("users").first() {
            join(aws, want.str("group").unwrap_or_default(), user).await?;
        }
        made(KEY.id(want).as_deref())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        let group = change.after.str("group").unwrap_or_default();
        let Some((gone, new)) = change.take_elements("users") else { return Ok(()) };
        for user in new.iter().filter_map(Value::as_str) {
            join(aws, group, user).await?;
        }
        for user in gone.iter().filter_map(Value::as_str) {
            leave(aws, group, user).await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        for user in last.strings("users") {
            leave(aws, last.str("group").unwrap_or_default(), &user).await?;
        }
        Ok(())
    }
}

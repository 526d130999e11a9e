//! aws_iam_group and aws_iam_group_membership: a group, and all of its users.

use super::{name, path};
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use aws_sdk_iam::operation::create_group::builders::CreateGroupFluentBuilder as CreateGroup;
use aws_sdk_iam::types::{Group, User};

/// The resource type `aws_iam_group`.
pub struct AwsIamGroup;
/// The resource type `aws_iam_group_membership`.
pub struct AwsIamGroupMembership;

table! {
    Rows: Group, create CreateGroup {
        name = group_name: Text [.required().check(name)];
        path: Text [.default("/").check(path)];
        arn: Text, read [.computed().follows(&["name", "path"])];
        unique_id = group_id: Text, read [.computed()];
    }
}

/// A group with its users.
pub async fn with_users(aws: &Aws, name: &str) -> Result<(Option<Group>, Vec<User>)> {
    let mut pages = aws.read.iam.get_group().group_name(name).into_paginator().send();
    let (mut group, mut users) = (None, Vec::new());
    while let Some(page) = pages.next().await {
        let page = page?;
        users.extend(page.users);
        group = page.group.or(group);
    }
    Ok((group, users))
}

/// The names of the groups that a user is in.
pub async fn names_of_groups(aws: &Aws, user: &str) -> Result<Vec<String>> {
    let all = all_of(aws.read.iam.list_groups_for_user().user_name(user).into_paginator().items().send()).await?;
    Ok(all.into_iter().map(|group| group.group_name).collect())
}

async fn join(aws: &Aws, group: &str, user: &str) -> Result<()> {
    done(aws.write.iam.add_user_to_group().group_name(group).user_name(user).send().await)
}

/// Takes a user out of a group.
pub async fn leave(aws: &Aws, group: &str, user: &str) -> Result<()> {
    unless_gone(aws.write.iam.remove_user_from_group().group_name(group).user_name(user).send().await)
}

impl Resource for AwsIamGroup {
    type Live = Group;

    fn spec() -> Spec<Group> {
        Spec::new("aws_iam_group", |g| Some(g.group_name().to_owned()), Rows::rows::<Group>())
            .role(Role::NotServing("it says what somebody may do"))
            .unique(&[&["name"]])
            .id_follows(&["name"])
            .global()
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Group>> {
        each(which.by("name"), |name| async move {
            let missing = || Error::not_found(format!("the group {name:?} does not exist"));
            with_users(aws, &name).await?.0.ok_or_else(missing)
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        Rows::create(aws.write.iam.create_group(), want).send().await?;
        made(want.str("name"))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let new = change.take("name").and_then(Value::as_str).map(str::to_owned);
        let path = change.take("path").and_then(Value::as_str).map(str::to_owned);
        if new.is_some() || path.is_some() {
            let call = aws.write.iam.update_group().group_name(id).set_new_group_name(new.clone());
            call.set_new_path(path).send().await?;
        }
        change.new_id = new;
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.iam.delete_group().group_name(id).send().await)
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
            Ok(Membership { name, group, users: users.into_iter().map(|user| user.user_name).collect() })
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

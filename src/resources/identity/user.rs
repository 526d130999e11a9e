//! aws_iam_user: somebody with credentials of their own. Its name can change, and its id with it.

use super::role::boundary_arn;
use super::user_parts::{leave_groups, strip};
use super::{name, path};
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use aws_sdk_iam::operation::create_user::builders::CreateUserFluentBuilder as CreateUser;
use aws_sdk_iam::types::User;

/// The resource type `aws_iam_user`.
pub struct AwsIamUser;

table! {
    Rows: User, create CreateUser {
        force_destroy: Switch, none;
        name = user_name: Text [.required().check(name)];
        path: Text [.default("/").check(path)];
        permissions_boundary: Text, create [.read(|u| boundary_arn(u.held().permissions_boundary()).into())];
        arn: Text, read [.computed().follows(&["name", "path"])];
        unique_id = user_id: Text, read [.computed()];
    }
}

/// The user of this name.
pub async fn one(aws: &Aws, name: String) -> Result<User> {
    let answer = aws.read.iam.get_user().user_name(&name).send().await?;
    answer.user.ok_or_else(|| Error::not_found(format!("the user {name:?} does not exist")))
}

impl Resource for AwsIamUser {
    type Live = User;

    fn spec() -> Spec<User> {
        Spec::new("aws_iam_user", |u| Some(u.user_name().to_owned()), Rows::rows::<User>())
            .role(Role::NotServing("it says what somebody may do"))
            .own_tags(|u| tags::of(u.tags()))
            .unique(&[&["name"]])
            .id_follows(&["name"])
            .global()
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<User>> {
        each(which.by("name"), |name| one(aws, name)).await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        Rows::create(aws.write.iam.create_user(), want).set_tags(tags::wanted(want)).send().await?;
        made(want.str("name"))
    }

    /// The name changes first: all else is said of the new one.
    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let iam = &aws.write.iam;
        let id = &change.after.string("name").filter(|_| change.take("name").is_some()).map_or_else(
            || id.to_owned(),
            |new| {
                change.new_id = Some(new.clone());
                new
            },
        );
        change.take("force_destroy");
        if change.new_id.is_some() || change.take("path").is_some() {
            change.take("path");
            let old = change.before.str("name").unwrap_or(id);
            let renamed = change.new_id.clone();
            let call = iam.update_user().user_name(old).set_new_user_name(renamed);
            call.set_new_path(change.after.string("path")).send().await?;
        }
        if let Some(boundary) = change.take("permissions_boundary") {
            match boundary.as_str().filter(|arn| !arn.is_empty()) {
                Some(arn) => {
                    iam.put_user_permissions_boundary().user_name(id).permissions_boundary(arn).send().await?;
                }
                None => unless_gone(iam.delete_user_permissions_boundary().user_name(id).send().await)?,
            }
        }
        tags::change_by!(change, iam, tag_user untag_user, user_name id).map(drop)
    }

    /// A user goes only when it is in no group and has nothing; what it has goes with it only by force.
    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        unless_gone(leave_groups(aws, id).await)?;
        if last.bool("force_destroy") == Some(true) {
            unless_gone(strip(aws, id).await)?;
        }
        let answer = aws.write.iam.delete_user().user_name(id).send().await.map_err(Error::from);
        answer.map(drop).map_err(|mut e| {
            if e.kind == Kind::Dependency && last.bool("force_destroy") != Some(true) {
                e.message.push_str("; force_destroy = true deletes what it has, applied before the user goes");
            }
            e
        })
    }
}

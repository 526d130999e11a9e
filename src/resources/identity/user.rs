//! aws_iam_user: somebody with credentials of their own. Its name can change, and its id with it.

use super::role::boundary;
use super::user_parts::{leave_groups, strip};
use super::{name, new_tags, path, retag, tags_of};
use crate::aws::api::services::IAM;
use crate::aws::api::{member, member_text};
use crate::resources::document::{Document, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use serde_json::{Value as Json, json};

/// The resource type `aws_iam_user`.
pub struct AwsIamUser;

document! {
    Rows {
        force_destroy = "": Switch, none;
        name = "UserName": Text [.required().check(name)];
        path = "Path": Text [.default("/").check(path)];
        permissions_boundary = "PermissionsBoundary": Text, create [.read(|u| boundary(u.held()).into())];
        arn = "Arn": Text, read [.computed().follows(&["name", "path"])];
        unique_id = "UserId": Text, read [.computed()];
    }
}

/// The user of this name.
pub async fn one(aws: &Aws, name: String) -> Result<Json> {
    let answer = aws.read.api.call(&IAM, "GetUser", json!({"UserName": name})).await?;
    member(&answer, "User").cloned().ok_or_else(|| Error::not_found(format!("the user {name:?} does not exist")))
}

impl Resource for AwsIamUser {
    type Live = Json;

    fn spec() -> Spec<Json> {
        Spec::new("aws_iam_user", |u| member_text(u, "UserName"), Rows::rows::<Json>())
            .role(Role::NotServing("it says what somebody may do"))
            .own_tags(|u| tags::of(&tags_of(u)))
            .unique(&[&["name"]])
            .id_follows(&["name"])
            .global()
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
        each(which.by("name"), |name| one(aws, name)).await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        aws.write.api.call(&IAM, "CreateUser", joined(Rows::create(want), new_tags(want))).await?;
        made(want.str("name"))
    }

    /// The name changes first: all else is said of the new one.
    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let call = |operation, input| aws.write.api.call(&IAM, operation, input);
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
            let path = change.after.string("path");
            call("UpdateUser", json!({"UserName": old, "NewUserName": renamed, "NewPath": path})).await?;
        }
        if let Some(boundary) = change.take("permissions_boundary") {
            match boundary.as_str().filter(|arn| !arn.is_empty()) {
                Some(arn) => {
                    let input = json!({"UserName": id, "PermissionsBoundary": arn});
                    call("PutUserPermissionsBoundary", input).await?;
                }
                None => unless_gone(call("DeleteUserPermissionsBoundary", json!({"UserName": id})).await)?,
            }
        }
        retag(aws, change, ("TagUser", "UntagUser"), json!({"UserName": id})).await
    }

    /// A user goes only when it is in no group and has nothing; what it has goes with it only by force.
    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        unless_gone(leave_groups(aws, id).await)?;
        if last.bool("force_destroy") == Some(true) {
            unless_gone(strip(aws, id).await)?;
        }
        let answer = aws.write.api.call(&IAM, "DeleteUser", json!({"UserName": id})).await;
        answer.map(drop).map_err(|mut e| {
            if e.kind == Kind::Dependency && last.bool("force_destroy") != Some(true) {
                e.message.push_str("; force_destroy = true deletes what it has, applied before the user goes");
            }
            e
        })
    }
}

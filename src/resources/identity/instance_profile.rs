//! aws_iam_instance_profile: gives a role to instances. It holds one role at most, put in by a call of
//! its own.

use super::{name, new_tags, path, retag, tags_of};
use crate::aws::api::services::IAM;
use crate::aws::api::{items, member, member_text};
use crate::resources::block::TimestampCell;
use crate::resources::document::{Document, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use serde_json::{Value as Json, json};

/// The resource type `aws_iam_instance_profile`.
pub struct AwsIamInstanceProfile;

document! {
    Rows {
        name = "InstanceProfileName": Text [.optional_computed().force_new().check(name)];
        name_prefix = "": Text, none [.optional_computed().force_new().check(name)];
        path = "Path": Text [.default("/").force_new().check(path)];
        role = "RoleName": Text, none [.read(|p| of_role(p.held(), "RoleName"))];
        arn = "Arn": Text, read [.computed()];
        create_date = "CreateDate": TimestampCell, read [.computed()];
        unique_id = "InstanceProfileId": Text, read [.computed()];
    }
}

/// The roles in a profile.
fn roles(profile: &Json) -> Vec<Json> {
    items(profile, "Roles.member")
}

/// A member of the role in a profile.
pub(super) fn of_role(profile: &Json, name: &str) -> Value {
    roles(profile).first().and_then(|role| member_text(role, name)).into()
}

/// The profiles with these names.
pub(super) async fn listed(aws: &Aws, names: &[String]) -> Result<Vec<Json>> {
    each(names.to_vec(), |name| async move {
        let answer = aws.read.api.call(&IAM, "GetInstanceProfile", json!({"InstanceProfileName": name})).await?;
        member(&answer, "InstanceProfile")
            .cloned()
            .ok_or_else(|| Error::not_found(format!("the instance profile {name:?} was not found")))
    })
    .await
}

/// Takes a role out of a profile.
pub(super) async fn take_out(aws: &Aws, profile: &str, role: &str) -> Result<()> {
    let input = json!({"InstanceProfileName": profile, "RoleName": role});
    unless_gone(aws.write.api.call(&IAM, "RemoveRoleFromInstanceProfile", input).await)
}

impl Resource for AwsIamInstanceProfile {
    type Live = Json;

    fn spec() -> Spec<Json> {
        Spec::new("aws_iam_instance_profile", |p| member_text(p, "InstanceProfileName"), Rows::rows::<Json>())
            .role(Role::NotServing("it says what members may do"))
            .own_tags(|p| tags::of(&tags_of(p)))
            .by_name()
            .global()
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
        listed(aws, &which.by("name")).await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        aws.write.api.call(&IAM, "CreateInstanceProfile", joined(Rows::create(want), new_tags(want))).await?;
        made(want.str("name"))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if let Some(new) = change.take("role") {
            if let Some(old) = change.before.str("role").filter(|old| !old.is_empty()) {
                take_out(aws, id, old).await?;
            }
            if let Some(new) = new.as_str().filter(|new| !new.is_empty()) {
                let input = json!({"InstanceProfileName": id, "RoleName": new});
                aws.write.api.call(&IAM, "AddRoleToInstanceProfile", input).await?;
            }
        }
        let calls = ("TagInstanceProfile", "UntagInstanceProfile");
        retag(aws, change, calls, json!({"InstanceProfileName": id})).await
    }

    /// The role in it may be another one than it was, or in no state at all.
    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        for profile in listed(aws, &[id.to_owned()]).await? {
            for role in roles(&profile) {
                take_out(aws, id, &member_text(&role, "RoleName").unwrap_or_default()).await?;
            }
        }
        done(aws.write.api.call(&IAM, "DeleteInstanceProfile", json!({"InstanceProfileName": id})).await)
    }
}

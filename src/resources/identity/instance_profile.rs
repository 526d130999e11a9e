//! aws_iam_instance_profile: gives a role to instances. It holds one role at most, put in by a call of
//! its own.

use super::{name, path};
use crate::resources::block::TimestampCell;
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use aws_sdk_iam::operation::create_instance_profile::builders::CreateInstanceProfileFluentBuilder as Create;
use aws_sdk_iam::types::{InstanceProfile, Role as IamRole};

/// The resource type `aws_iam_instance_profile`.
pub struct AwsIamInstanceProfile;

table! {
    Rows: InstanceProfile, create Create {
        name = instance_profile_name: Text [.optional_computed().force_new().check(name)];
        name_prefix: Text, none [.optional_computed().force_new().check(name)];
        path: Text [.default("/").force_new().check(path)];
        role: Text, none [.read(|p| p.held().roles().first().map(IamRole::role_name).into())];
        arn: Text, read [.computed()];
        create_date: TimestampCell, read [.computed()];
        unique_id = instance_profile_id: Text, read [.computed()];
    }
}

/// The profiles with these names.
pub(super) async fn listed(aws: &Aws, names: &[String]) -> Result<Vec<InstanceProfile>> {
    each(names.to_vec(), |name| async move {
        let answer = aws.read.iam.get_instance_profile().instance_profile_name(&name).send().await?;
        answer.instance_profile.ok_or_else(|| Error::not_found(format!("there is no instance profile {name:?}")))
    })
    .await
}

async fn take_out(aws: &Aws, profile: &str, role: &str) -> Result<()> {
    let call = aws.write.iam.remove_role_from_instance_profile().instance_profile_name(profile);
    unless_gone(call.role_name(role).send().await)
}

impl Resource for AwsIamInstanceProfile {
    type Live = InstanceProfile;

    fn spec() -> Spec<InstanceProfile> {
        Spec::new(
            "aws_iam_instance_profile",
            |p| Some(p.instance_profile_name().to_owned()),
            Rows::rows::<InstanceProfile>(),
        )
        .role(Role::NotServing("it says what members may do"))
        .own_tags(|p| tags::of(p.tags()))
        .by_name()
        .global()
        .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<InstanceProfile>> {
        listed(aws, &which.by("name")).await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        Rows::create(aws.write.iam.create_instance_profile(), want).set_tags(tags::wanted(want)).send().await?;
        made(want.str("name"))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let iam = &aws.write.iam;
        if let Some(new) = change.take("role") {
            if let Some(old) = change.before.str("role").filter(|old| !old.is_empty()) {
                take_out(aws, id, old).await?;
            }
            if let Some(new) = new.as_str().filter(|new| !new.is_empty()) {
                iam.add_role_to_instance_profile().instance_profile_name(id).role_name(new).send().await?;
            }
        }
        tags::change_by!(change, iam, tag_instance_profile untag_instance_profile, instance_profile_name id).map(drop)
    }

    /// The role in it may be another one than it was, or in no state at all.
    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        for profile in listed(aws, &[id.to_owned()]).await? {
            for role in profile.roles() {
                take_out(aws, id, role.role_name()).await?;
            }
        }
        done(aws.write.iam.delete_instance_profile().instance_profile_name(id).send().await)
    }
}

//! aws_iam_instance_profile: gives a role to instances. It holds one role at most, put in by a call of
//! its own.

use super::{name, path, tags_at_creation, time, visible_tags, wanted_tags};
use crate::aws::{Aws, Error, Result, each};
use crate::resources::settle::unless_gone;
use crate::resources::spec::{self, Resource, Spec, Tagging, Token, Which};
use crate::resources::tags;
use crate::schema::rows::Recover;
use crate::schema::{Attrs, Change};
use aws_sdk_iam::types::{InstanceProfile, Role};

type A = spec::A<InstanceProfile>;

/// The resource type `aws_iam_instance_profile`.
pub struct AwsIamInstanceProfile;

fn role(profile: &InstanceProfile) -> Option<&str> {
    profile.roles().first().map(Role::role_name)
}

async fn listed(aws: &Aws, names: &[String]) -> Result<Vec<InstanceProfile>> {
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
        let [tags, tags_all] = A::tags(|p| visible_tags(p.tags()));
        let rows = vec![
            A::string("name").optional_computed().force_new().check(name).read(|p| p.instance_profile_name().into()),
            A::string("name_prefix").optional_computed().force_new().check(name),
            A::string("path").default("/").force_new().check(path).read(|p| p.path().into()),
            A::string("role").read(|p| role(p).into()),
            A::string("arn").computed().read(|p| p.arn().into()),
            A::string("create_date").computed().read(|p| time(p.create_date())),
            A::string("unique_id").computed().read(|p| p.instance_profile_id().into()),
            tags,
            tags_all,
        ];
        Spec::new("aws_iam_instance_profile", |p| Some(p.instance_profile_name().to_owned()), rows)
            .tagging(Tagging::Own)
            .unique(&[&["name"]])
            .named("name", "name_prefix")
            .global()
            .recover(Recover::Key)
            .conflicts(&[&["name", "name_prefix"]])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<InstanceProfile>> {
        match which {
            Which::Ids(names) => listed(aws, names).await,
            Which::Token(_) => Ok(Vec::new()),
            Which::NaturalKey(want) => listed(aws, want.string("name").as_slice()).await,
        }
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let name = want.string("name").unwrap_or_default();
        let call = aws.write.iam.create_instance_profile().instance_profile_name(&name);
        call.set_path(want.string("path")).set_tags(tags_at_creation(want)?).send().await?;
        Ok(name)
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
        if let Some(retagging) = tags::take(change) {
            if !retagging.gone.is_empty() {
                let call = iam.untag_instance_profile().instance_profile_name(id);
                call.set_tag_keys(Some(retagging.gone)).send().await?;
            }
            if !retagging.set.is_empty() {
                let call = iam.tag_instance_profile().instance_profile_name(id);
                call.set_tags(Some(wanted_tags(retagging.set)?)).send().await?;
            }
        }
        Ok(())
    }

    /// The role in it may be another one than it was, or in no state at all.
    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        for profile in listed(aws, &[id.to_owned()]).await? {
            for role in profile.roles() {
                take_out(aws, id, role.role_name()).await?;
            }
        }
        aws.write.iam.delete_instance_profile().instance_profile_name(id).send().await?;
        Ok(())
    }
}

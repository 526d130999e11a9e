//! aws_iam_service_linked_role: the role that a service of AWS acts with. IAM chooses its name, and deletes it when the
//! service has nothing that needs it.

use super::role::one;
use crate::resources::block::TimestampCell;
use crate::resources::prelude::*;
use aws_sdk_iam::types::{DeletionTaskStatusType, Role as IamRole};

/// The resource type `aws_iam_service_linked_role`.
pub struct AwsIamServiceLinkedRole;

fn service(path: &str) -> &str {
    path.trim_start_matches("/aws-service-role/").trim_end_matches('/')
}

/// What the name ends in. Scaling of applications has a fixed one, which nobody gives.
fn suffix(role: &IamRole) -> Option<&str> {
    let given = !service(role.path()).contains(".application-autoscaling.");
    role.role_name().split_once('_').map(|(_, suffix)| suffix).filter(|_| given)
}

fn name_of(arn: &str) -> String {
    arn.rsplit_once('/').map_or(arn, |(_, name)| name).to_owned()
}

table! {
    Rows: IamRole {
        aws_service_name: Text, none [.required().force_new().read(|r| service(r.held().path()).into())];
        custom_suffix: Text, none [.force_new().read(|r| suffix(r.held()).into())];
        description: Text, read;
        arn: Text, read [.computed()];
        create_date: TimestampCell, read [.computed()];
        name = role_name: Text, read [.computed()];
        path: Text, read [.computed()];
        unique_id = role_id: Text, read [.computed()];
    }
}

/// The names of the roles of a service. There may be one for each suffix.
async fn of_service(aws: &Aws, want: &Attrs) -> Result<Vec<String>> {
    let path = format!("/aws-service-role/{}/", want.str("aws_service_name").unwrap_or_default());
    let mut all = all_of(aws.read.iam.list_roles().path_prefix(path).into_paginator().items().send()).await?;
    all.retain(|role| suffix(role) == want.str("custom_suffix").filter(|text| !text.is_empty()));
    Ok(all.into_iter().map(|role| role.role_name).collect())
}

impl Resource for AwsIamServiceLinkedRole {
    type Live = IamRole;

    fn spec() -> Spec<IamRole> {
        Spec::new("aws_iam_service_linked_role", |r| Some(r.arn().to_owned()), Rows::rows::<IamRole>())
            .role(Role::NotServing("it says what a service of AWS may do"))
            .own_tags(|r| tags::of(r.tags()))
            .unique(&[&["aws_service_name", "custom_suffix"]])
            .global()
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<IamRole>> {
        let names = match which {
            Which::Ids(ids) => ids.iter().map(|arn| name_of(arn)).collect(),
            Which::NaturalKey(want) => of_service(aws, want).await?,
            Which::Token(_) => Vec::new(),
        };
        each(names, |name| one(aws, name)).await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let call = aws.write.iam.create_service_linked_role().set_aws_service_name(want.string("aws_service_name"));
        let call = call.set_custom_suffix(text(want, "custom_suffix")).set_description(text(want, "description"));
        made(call.send().await?.role().map(IamRole::arn))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let (iam, name) = (&aws.write.iam, name_of(id));
        if change.take("description").is_some() {
            let description = change.after.string("description").unwrap_or_default();
            iam.update_role().role_name(&name).description(description).send().await?;
        }
        tags::change_by!(change, iam, tag_role untag_role, role_name &name).map(drop)
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let name = name_of(id);
        let task = match aws.write.iam.delete_service_linked_role().role_name(&name).send().await.map_err(Error::from) {
            Ok(answer) => answer.deletion_task_id,
            Err(e) if e.is_not_found() => return Ok(()),
            Err(e) => return Err(e),
        };
        settle::until(&format!("the service to let go of the role {name}"), || async {
            let call = aws.read.iam.get_service_linked_role_deletion_status().deletion_task_id(&task);
            let answer = call.send().await?;
            match answer.status() {
                DeletionTaskStatusType::Succeeded => Ok(true),
                DeletionTaskStatusType::Failed => {
                    let why = answer.reason().and_then(|r| r.reason()).unwrap_or("it is in use").to_owned();
                    Err(Error::new(Kind::Dependency, format!("the role {name} is not deleted: {why}")))
                }
                _ => Ok(false),
            }
        })
        .await
    }
}

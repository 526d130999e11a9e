//! aws_iam_service_linked_role: the role that a service of AWS acts with. IAM chooses its name, and deletes it when the
//! service has nothing that needs it.

use super::role::one;
use super::{PAGES, retag, tags_of};
use crate::aws::api::member_text;
use crate::aws::api::services::IAM;
use crate::resources::block::TimestampCell;
use crate::resources::document::{Document, document};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// The resource type `aws_iam_service_linked_role`.
pub struct AwsIamServiceLinkedRole;

fn service(path: &str) -> &str {
    path.trim_start_matches("/aws-service-role/").trim_end_matches('/')
}

/// What the name ends in. Scaling of applications has a fixed one, which nobody gives.
fn suffix(role: &Json) -> Option<&str> {
    let given = !service(path(role)).contains(".application-autoscaling.");
    let name = role["RoleName"].as_str().unwrap_or_default();
    name.split_once('_').map(|(_, suffix)| suffix).filter(|_| given)
}

fn path(role: &Json) -> &str {
    role["Path"].as_str().unwrap_or_default()
}

fn name_of(arn: &str) -> String {
    arn.rsplit_once('/').map_or(arn, |(_, name)| name).to_owned()
}

document! {
    Rows {
        aws_service_name = "AWSServiceName": Text, create
            [.required().force_new().read(|r| service(path(r.held())).into())];
        custom_suffix = "CustomSuffix": Text, create [.force_new().read(|r| suffix(r.held()).into())];
        description = "Description": Text;
        arn = "Arn": Text, read [.computed()];
        create_date = "CreateDate": TimestampCell, read [.computed()];
        name = "RoleName": Text, read [.computed()];
        path = "Path": Text, read [.computed()];
        unique_id = "RoleId": Text, read [.computed()];
    }
}

/// The names of the roles of a service. There may be one for each suffix.
async fn of_service(aws: &Aws, want: &Attrs) -> Result<Vec<String>> {
    let path = format!("/aws-service-role/{}/", want.str("aws_service_name").unwrap_or_default());
    let mut all = aws.read.api.list(&IAM, "ListRoles", json!({"PathPrefix": path}), PAGES, "Roles.member").await?;
    all.retain(|role| suffix(role) == want.str("custom_suffix").filter(|text| !text.is_empty()));
    Ok(all.iter().filter_map(|role| member_text(role, "RoleName")).collect())
}

impl Resource for AwsIamServiceLinkedRole {
    type Live = Json;

    fn spec() -> Spec<Json> {
        Spec::new("aws_iam_service_linked_role", |r| member_text(r, "Arn"), Rows::rows::<Json>())
            .role(Role::NotServing("it says what a service of AWS may do"))
            .own_tags(|r| tags::of(&tags_of(r)))
            .unique(&[&["aws_service_name", "custom_suffix"]])
            .global()
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
        let names = match which {
            Which::Ids(ids) => ids.iter().map(|arn| name_of(arn)).collect(),
            Which::NaturalKey(want) => of_service(aws, want).await?,
            Which::Token(_) => Vec::new(),
        };
        each(names, |name| one(aws, name)).await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let answer = aws.write.api.call(&IAM, "CreateServiceLinkedRole", Rows::create(want)).await?;
        made(member_text(&answer, "Role.Arn").as_deref())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let name = name_of(id);
        if change.take("description").is_some() {
            let description = change.after.string("description").unwrap_or_default();
            let input = json!({"RoleName": name, "Description": description});
            aws.write.api.call(&IAM, "UpdateRole", input).await?;
        }
        retag(aws, change, ("TagRole", "UntagRole"), json!({"RoleName": name})).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let name = name_of(id);
        let task = match aws.write.api.call(&IAM, "DeleteServiceLinkedRole", json!({"RoleName": name})).await {
            Ok(answer) => json!({"DeletionTaskId": answer["DeletionTaskId"]}),
            Err(e) if e.is_not_found() => return Ok(()),
            Err(e) => return Err(e),
        };
        settle::until(&format!("the service to let go of the role {name}"), || async {
            let answer = aws.read.api.call(&IAM, "GetServiceLinkedRoleDeletionStatus", task.clone()).await?;
            match answer["Status"].as_str() {
                Some("SUCCEEDED") => Ok(true),
                Some("FAILED") => {
                    let why = member_text(&answer, "Reason.Reason").unwrap_or_else(|| "it is in use".into());
                    Err(Error::new(Kind::Dependency, format!("the role {name} is not deleted: {why}")))
                }
                _ => Ok(false),
            }
        })
        .await
    }
}

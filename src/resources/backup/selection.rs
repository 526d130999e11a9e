//! aws_backup_selection: what a plan makes copies of. Its id is that of an import: the plan and the selection.

use crate::aws::api::services::BACKUP;
use crate::aws::api::{Pages, Service, items, member_text};
use crate::resources::document::{Document, Unordered, document};
use crate::resources::plain::{Object, Plain, joined};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    Pair {
        key = "ConditionKey": Text [.required()];
        value = "ConditionValue": Text [.required()];
    }
}
document! {
    Condition {
        string_equals = "StringEquals": Unordered<Pair>;
        string_like = "StringLike": Unordered<Pair>;
        string_not_equals = "StringNotEquals": Unordered<Pair>;
        string_not_like = "StringNotLike": Unordered<Pair>;
    }
}
document! {
    Tag {
        key = "ConditionKey": Text [.required()];
        r#type = "ConditionType": Text [.required().check(|v| checks::one_of(v, &["STRINGEQUALS"]))];
        value = "ConditionValue": Text [.required()];
    }
}
document! {
    /// The resource type `aws_backup_selection`.
    pub AwsBackupSelection {
        condition = "Conditions": Unordered<Condition>, read [.force_new()];
        iam_role_arn = "IamRoleArn": Text [.required().force_new()];
        name = "SelectionName": Text [.required().force_new()];
        not_resources = "NotResources": Texts [.optional_computed().force_new()];
        plan_id = "BackupPlanId": Text, read [.required().force_new()];
        resources = "Resources": Texts [.force_new()];
        selection_tag = "ListOfTags": Unordered<Tag> [.force_new()];
    }
}

fn parts(id: &str) -> (&str, &str) {
    id.split_once('|').unwrap_or((id, ""))
}

impl Plain for AwsBackupSelection {
    const SERVICE: &'static Service = &BACKUP;
    const CREATE: &'static str = "CreateBackupSelection PUT /backup/plans/{BackupPlanId}/selections/";
    const READ: (&'static str, &'static str) =
        ("GetBackupSelection GET /backup/plans/{BackupPlanId}/selections/{SelectionId}", "BackupSelection");
    const DELETE: &'static str = "DeleteBackupSelection DELETE /backup/plans/{BackupPlanId}/selections/{SelectionId}";

    fn specification() -> Spec<Object> {
        Spec::new("aws_backup_selection", |s: &Object| Some(s.id.clone()), <Self as Document>::rows())
            .role(super::ROLE)
            .recover(Recover::Key)
            .id_from(|attrs| {
                let selection = attrs.str("id")?.rsplit('|').next()?;
                Some(format!("{}|{selection}", attrs.str("plan_id")?))
            })
    }

    fn key(id: &str) -> Json {
        let (plan, selection) = parts(id);
        json!({"BackupPlanId": plan, "SelectionId": selection})
    }

    fn id(_want: &Attrs, answer: &Json) -> Option<String> {
        Some(format!("{}|{}", member_text(answer, "BackupPlanId")?, member_text(answer, "SelectionId")?))
    }

    fn input(_aws: &Aws, want: &Attrs, token: &Token) -> Json {
        let mut selection = <Self as Document>::create(want);
        let conditions = want.blocks("condition");
        selection["Conditions"] = conditions.iter().map(Condition::create).fold(json!({}), joined);
        json!({"BackupPlanId": want.str("plan_id"), "BackupSelection": selection, "CreatorRequestId": token.0})
    }

    async fn found(aws: &Aws, want: &Attrs) -> Result<Vec<String>> {
        let operation = "ListBackupSelections GET /backup/plans/{BackupPlanId}/selections/";
        let pages = Pages("nextToken", "NextToken");
        let input = json!({"BackupPlanId": want.str("plan_id")});
        let found = aws.read.api.list(&BACKUP, operation, input, pages, "BackupSelectionsList").await?;
        let same = |one: &&Json| member_text(one, "SelectionName").as_deref() == want.str("name");
        Ok(found.iter().filter(same).filter_map(|one| Self::id(want, one)).collect())
    }

    /// Without conditions that say nothing.
    async fn more(_aws: &Aws, _id: &str, mut json: Json) -> Result<Json> {
        let kinds = ["StringEquals", "StringLike", "StringNotEquals", "StringNotLike"];
        if kinds.iter().all(|kind| items(&json["Conditions"], kind).is_empty()) {
            json["Conditions"] = Json::Null;
        }
        Ok(json)
    }
}

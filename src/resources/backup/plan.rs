//! aws_backup_plan: when copies are made and how long they stay. Each change makes a version of it.

use crate::aws::api::services::BACKUP;
use crate::aws::api::{Pages, Service, member_text};
use crate::resources::block::TextMap;
use crate::resources::document::{Document, One, Unordered, document};
use crate::resources::plain::{Object, Plain, Tags};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    Lifecycle {
        cold_storage_after = "MoveToColdStorageAfterDays": Int [.empty_is_null()];
        delete_after = "DeleteAfterDays": Int [.empty_is_null()];
        opt_in_to_archive_for_supported_resources = "OptInToArchiveForSupportedResources": Flag [.optional_computed()];
    }
}
document! {
    Copy {
        destination_vault_arn = "DestinationBackupVaultArn": Text [.required()];
        lifecycle = "Lifecycle": One<Lifecycle>;
    }
}
document! {
    Scan {
        malware_scanner = "MalwareScanner": Text [.required()];
        scan_mode = "ScanMode": Text [.required()];
    }
}
document! {
    Rule {
        completion_window = "CompletionWindowMinutes": Int [.default(180)];
        enable_continuous_backup = "EnableContinuousBackup": Flag;
        recovery_point_tags = "RecoveryPointTags": TextMap;
        rule_name = "RuleName": Text [.required()];
        schedule = "ScheduleExpression": Text;
        schedule_expression_timezone = "ScheduleExpressionTimezone": Text [.default("Etc/UTC")];
        start_window = "StartWindowMinutes": Int [.default(60)];
        target_logically_air_gapped_backup_vault_arn = "TargetLogicallyAirGappedBackupVaultArn": Text;
        target_vault_name = "TargetBackupVaultName": Text [.required()];
        copy_action = "CopyActions": Unordered<Copy>;
        lifecycle = "Lifecycle": One<Lifecycle>;
        scan_action = "ScanActions": Unordered<Scan>;
    }
}
document! {
    Advanced {
        backup_options = "BackupOptions": TextMap [.required()];
        resource_type = "ResourceType": Text [.required()];
    }
}
document! {
    Scanner {
        malware_scanner = "MalwareScanner": Text [.required()];
        resource_types = "ResourceTypes": Texts [.required()];
        scanner_role_arn = "ScannerRoleArn": Text [.required()];
    }
}
document! {
    /// The resource type `aws_backup_plan`.
    pub AwsBackupPlan {
        advanced_backup_setting = "BackupPlan.AdvancedBackupSettings": Unordered<Advanced>, read, create, modify;
        arn = "BackupPlanArn": Text, read [.computed()];
        name = "BackupPlan.BackupPlanName": Text, read, create, modify [.required().force_new()];
        rule = "BackupPlan.Rules": Unordered<Rule>, read, create, modify [.required().count(1, None)];
        scan_setting = "BackupPlan.ScanSettings": Unordered<Scanner>, read, create, modify;
        version = "VersionId": Text, read [.computed().follows(&["advanced_backup_setting", "rule", "scan_setting"])];
    }
}

impl Plain for AwsBackupPlan {
    const SERVICE: &'static Service = &BACKUP;
    const CREATE: &'static str = "CreateBackupPlan PUT /backup/plans/";
    const READ: (&'static str, &'static str) = ("GetBackupPlan GET /backup/plans/{BackupPlanId}/", "");
    const UPDATE: &'static str = "UpdateBackupPlan POST /backup/plans/{BackupPlanId}";
    const DELETE: &'static str = "DeleteBackupPlan DELETE /backup/plans/{BackupPlanId}";
    const TAGS: Option<Tags> = Some(super::tags("BackupPlanArn", "BackupPlanTags"));

    fn specification() -> Spec<Object> {
        Spec::new("aws_backup_plan", |p: &Object| Some(p.id.clone()), <Self as Document>::rows())
            .role(super::ROLE)
            .recover(Recover::Key)
            .progress(|p| match member_text(&p.json, "DeletionDate") {
                Some(_) => Progress::Gone,
                None => Progress::Ready,
            })
    }

    fn key(id: &str) -> Json {
        json!({"BackupPlanId": id})
    }

    fn id(_want: &Attrs, answer: &Json) -> Option<String> {
        member_text(answer, "BackupPlanId")
    }

    async fn found(aws: &Aws, want: &Attrs) -> Result<Vec<String>> {
        let name = want.str("name").unwrap_or_default();
        let pages = Pages("nextToken", "NextToken");
        let all = aws.read.api.list(&BACKUP, "ListBackupPlans GET /backup/plans/", json!({}), pages, "BackupPlansList");
        let all = all.await?.into_iter().filter(|plan| plan["BackupPlanName"] == name);
        Ok(all.filter_map(|plan| member_text(&plan, "BackupPlanId")).collect())
    }
}

//! data.aws_backup_plan and data.aws_backup_vault.

use super::plan::AwsBackupPlan as Plan;
use super::vault::AwsBackupVault as Vault;
use crate::resources::lookup;
use crate::resources::prelude::*;

/// The data source `aws_backup_plan`.
pub struct AwsBackupPlan;
/// The data source `aws_backup_vault`.
pub struct AwsBackupVault;

impl DataSource for AwsBackupPlan {
    fn schema() -> Schema {
        let asked = [
            Row::string("plan_id").required(),
            Row::string("region").optional_computed(),
            Row::of("tags", Type::map(Type::String)).optional_computed(),
        ];
        let answers = lookup::mirrored::<Plan>(&["arn", "id", "name", "rule", "scan_setting", "version"]);
        lookup::schema("aws_backup_plan", rows(asked.into_iter().chain(answers)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = &lookup::here(aws, config);
        let ids = config.string("plan_id").into_iter().collect();
        let (_, plan) = lookup::as_resource::<Plan>(aws, ids, "backup plan").await?;
        Ok(taken(config, aws, &plan, &["arn", "id", "name", "rule", "scan_setting", "tags", "version"]))
    }
}

impl DataSource for AwsBackupVault {
    fn schema() -> Schema {
        let asked = [
            Row::string("name").required(),
            Row::string("region").optional_computed(),
            Row::of("tags", Type::map(Type::String)).optional_computed(),
        ];
        let answers = lookup::mirrored::<Vault>(&["arn", "id", "kms_key_arn", "recovery_points"]);
        lookup::schema("aws_backup_vault", rows(asked.into_iter().chain(answers)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = &lookup::here(aws, config);
        let ids = config.string("name").into_iter().collect();
        let (_, vault) = lookup::as_resource::<Vault>(aws, ids, "backup vault").await?;
        Ok(taken(config, aws, &vault, &["arn", "id", "kms_key_arn", "recovery_points", "tags"]))
    }
}

/// The configuration with these attributes of an object.
fn taken(config: &Attrs, aws: &Aws, object: &Attrs, names: &[&str]) -> Attrs {
    let some = names.iter().filter_map(|name| Some((*name, object.get(name)?.clone())));
    lookup::found(config, aws, &some.collect())
}

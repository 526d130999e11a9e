//! data aws_db_instance: an instance that is there, by identifier or by tags.

use super::super::rds::each_text;
use super::super::shapes::{INSTANCES, Secret};
use super::super::tagging;
use crate::aws::api::member_text;
use crate::resources::block::TextList;
use crate::resources::document::{Document, Many, document};
use crate::resources::lookup::{answered, here, one, read, schema};
use crate::resources::prelude::*;
use serde_json::Value as Json;

/// The data source `aws_db_instance`.
pub struct DbInstanceData;

document! {
    Rows {
        address = "Endpoint.Address": Text, read;
        allocated_storage = "AllocatedStorage": Int, read;
        auto_minor_version_upgrade = "AutoMinorVersionUpgrade": Flag, read;
        availability_zone = "AvailabilityZone": Text, read;
        backup_retention_period = "BackupRetentionPeriod": Int, read;
        ca_cert_identifier = "CACertificateIdentifier": Text, read;
        database_insights_mode = "DatabaseInsightsMode": Text, read;
        db_cluster_identifier = "DBClusterIdentifier": Text, read;
        db_instance_arn = "DBInstanceArn": Text, read;
        db_instance_class = "DBInstanceClass": Text, read;
        db_instance_identifier = "DBInstanceIdentifier": Text, read;
        db_instance_port = "DbInstancePort": Int, read;
        db_name = "DBName": Text, read;
        db_parameter_groups = "": TextList, none [.read(|d| {
            Value::strings(each_text(d.held(), "DBParameterGroups.DBParameterGroup", "DBParameterGroupName"))
        })];
        db_subnet_group = "DBSubnetGroup.DBSubnetGroupName": Text, read;
        enabled_cloudwatch_logs_exports = "EnabledCloudwatchLogsExports.member": TextList, read;
        endpoint = "": Text, none [.read(|d| {
            let part = |name: &str| member_text(d.held(), name);
            part("Endpoint.Address").zip(part("Endpoint.Port")).map(|(a, port)| format!("{a}:{port}")).into()
        })];
        engine = "Engine": Text, read;
        engine_version = "EngineVersion": Text, read;
        hosted_zone_id = "Endpoint.HostedZoneId": Text, read;
        id = "DBInstanceIdentifier": Text, read;
        iops = "Iops": Int, read;
        kms_key_id = "KmsKeyId": Text, read;
        license_model = "LicenseModel": Text, read;
        master_user_secret = "MasterUserSecret": Many<Secret>, read;
        master_username = "MasterUsername": Text, read;
        max_allocated_storage = "MaxAllocatedStorage": Int, read;
        monitoring_interval = "MonitoringInterval": Int, read;
        monitoring_role_arn = "MonitoringRoleArn": Text, read;
        multi_az = "MultiAZ": Flag, read;
        network_type = "NetworkType": Text, read;
        option_group_memberships = "": TextList, none [.read(|d| {
            Value::strings(each_text(d.held(), "OptionGroupMemberships.OptionGroupMembership", "OptionGroupName"))
        })];
        port = "Endpoint.Port": Int, read;
        preferred_backup_window = "PreferredBackupWindow": Text, read;
        preferred_maintenance_window = "PreferredMaintenanceWindow": Text, read;
        publicly_accessible = "PubliclyAccessible": Flag, read;
        replicate_source_db = "ReadReplicaSourceDBInstanceIdentifier": Text, read;
        resource_id = "DbiResourceId": Text, read;
        storage_encrypted = "StorageEncrypted": Flag, read;
        storage_throughput = "StorageThroughput": Int, read;
        storage_type = "StorageType": Text, read;
        timezone = "Timezone": Text, read;
        upgrade_rollout_order = "UpgradeRolloutOrder": Text, read;
        vpc_security_groups = "": TextList, none [.read(|d| {
            Value::strings(each_text(d.held(), "VpcSecurityGroups.VpcSecurityGroupMembership", "VpcSecurityGroupId"))
        })];
    }
}

impl DataSource for DbInstanceData {
    fn schema() -> Schema {
        let given = [Row::string("region"), Row::of("tags", Type::map(Type::String))];
        let rows = rows(answered(Rows::rows::<Json>()).into_iter().chain(given).map(|row| match row.row.name {
            "db_instance_identifier" | "region" | "tags" => row.optional_computed(),
            _ => row,
        }));
        schema("aws_db_instance", rows)
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let identifier: Vec<String> = config.string("db_instance_identifier").into_iter().collect();
        let tags = config.string_map("tags");
        if identifier.is_empty() && tags.is_empty() {
            return Err(Error::new(
                Kind::Refused,
                "neither db_instance_identifier nor tags say which DB instance is meant",
            ));
        }
        let mut found = match identifier.as_slice() {
            [] => INSTANCES.list(&aws, Vec::new()).await?,
            named => INSTANCES.filtered(&aws, INSTANCES.identifier, named).await?,
        };
        found.retain(|d| tags::hold_all(&tagging::of(d), &tags));
        let d = one(found, "DB instance")?;
        let all = read(config, Rows::rows(), &d).with("region", &*aws.region);
        Ok(all.with("tags", tags::of(&tagging::of(&d))))
    }
}

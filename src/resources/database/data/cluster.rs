//! data aws_rds_cluster and data aws_rds_clusters: a cluster by its identifier, and the clusters that match.

use super::super::rds::{each_text, filters};
use super::super::shapes::{self, CLUSTERS, Secret};
use super::super::tagging;
use crate::aws::api::member_text;
use crate::resources::block::TextList;
use crate::resources::document::{Document, Many, document};
use crate::resources::lookup::{answer, answered, here, one, read, schema};
use crate::resources::prelude::*;
use serde_json::Value as Json;

/// The data source `aws_rds_cluster`.
pub struct ClusterData;
/// The data source `aws_rds_clusters`.
pub struct ClustersData;

document! {
    Rows {
        arn = "DBClusterArn": Text, read;
        availability_zones = "AvailabilityZones.AvailabilityZone": Texts, read;
        backtrack_window = "BacktrackWindow": Int, read;
        backup_retention_period = "BackupRetentionPeriod": Int, read;
        cluster_identifier = "DBClusterIdentifier": Text, read;
        cluster_members = "": Texts, none
            [.read(|d| Value::string_set(each_text(d.held(), shapes::MEMBERS, "DBInstanceIdentifier")))];
        cluster_resource_id = "DbClusterResourceId": Text, read;
        cluster_scalability_type = "ClusterScalabilityType": Text, read;
        database_insights_mode = "DatabaseInsightsMode": Text, read;
        database_name = "DatabaseName": Text, read;
        db_cluster_parameter_group_name = "DBClusterParameterGroup": Text, read;
        db_subnet_group_name = "DBSubnetGroup": Text, read;
        db_system_id = "DBSystemId": Text, read;
        deletion_protection = "DeletionProtection": Flag, read;
        enabled_cloudwatch_logs_exports = "EnabledCloudwatchLogsExports.member": TextList, read;
        endpoint = "Endpoint": Text, read;
        engine = "Engine": Text, read;
        engine_mode = "EngineMode": Text, read;
        engine_version = "EngineVersion": Text, read;
        final_snapshot_identifier = "": Text, none [.read(|_| Value::null(Type::String))];
        hosted_zone_id = "HostedZoneId": Text, read;
        iam_database_authentication_enabled = "IAMDatabaseAuthenticationEnabled": Flag, read;
        iam_roles = "": Texts, none
            [.read(|d| Value::string_set(each_text(d.held(), shapes::ROLES, "RoleArn")))];
        id = "DBClusterIdentifier": Text, read;
        kms_key_id = "KmsKeyId": Text, read;
        master_user_secret = "MasterUserSecret": Many<Secret>, read;
        master_username = "MasterUsername": Text, read;
        monitoring_interval = "MonitoringInterval": Int, read;
        monitoring_role_arn = "MonitoringRoleArn": Text, read;
        network_type = "NetworkType": Text, read;
        port = "Port": Int, read;
        preferred_backup_window = "PreferredBackupWindow": Text, read;
        preferred_maintenance_window = "PreferredMaintenanceWindow": Text, read;
        reader_endpoint = "ReaderEndpoint": Text, read;
        replication_source_identifier = "ReplicationSourceIdentifier": Text, read;
        storage_encrypted = "StorageEncrypted": Flag, read;
        upgrade_rollout_order = "UpgradeRolloutOrder": Text, read;
        vpc_security_group_ids = "": Texts, none [.read(|d| shapes::security_groups(d.held()))];
    }
}

impl DataSource for ClusterData {
    fn schema() -> Schema {
        let given = [Row::string("region"), Row::of("tags", Type::map(Type::String))].map(Row::optional_computed);
        let found = answered(Rows::rows::<Json>()).into_iter().map(|row| match row.row.name {
            "cluster_identifier" => row.required(),
            _ => row,
        });
        schema("aws_rds_cluster", rows(found.chain(given)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let named = config.string("cluster_identifier").unwrap_or_default();
        let mut found = CLUSTERS.filtered(&aws, CLUSTERS.identifier, &[named]).await?;
        let tags = config.string_map("tags");
        found.retain(|d| tags::hold_all(&tagging::of(d), &tags));
        let d = one(found, "DB cluster")?;
        let all = read(config, Rows::rows(), &d).with("region", &*aws.region);
        Ok(all.with("tags", tags::of(&tagging::of(&d))))
    }
}

impl DataSource for ClustersData {
    fn schema() -> Schema {
        let filter = rows([Row::string("name").required(), Row::string_set("values").required()]);
        let lists = ["cluster_arns", "cluster_identifiers"].map(answer::<Texts>);
        let own = [
            answer::<Text>("id"),
            Row::string("region").optional_computed(),
            Row::block("filter", Nesting::Set, filter),
        ];
        schema("aws_rds_clusters", rows(lists.into_iter().chain(own)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let all = CLUSTERS.list(&aws, filters(config)).await?;
        let texts = |name: &str| Value::string_set(all.iter().filter_map(|d| member_text(d, name)));
        Ok(config
            .clone()
            .with("id", &*aws.region)
            .with("cluster_arns", texts("DBClusterArn"))
            .with("cluster_identifiers", texts("DBClusterIdentifier"))
            .with("region", &*aws.region))
    }
}

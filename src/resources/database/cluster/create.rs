//! The calls that make a cluster: from nothing, from a snapshot, from another one as it was, from a backup in
//! S3.

use super::super::call::{filled, given};
use super::super::shapes::{block, instant};
use super::super::tagging;
use crate::aws::{Aws, Result, made};
use crate::resources::spec::Token;
use crate::schema::Attrs;
use crate::value::Value;
use aws_sdk_rds::types::{DbCluster, ScalingConfiguration, ServerlessV2ScalingConfiguration};

/// What all of the calls take.
macro_rules! common {
    ($call:expr, $want:expr, $token:expr) => {
        given!($call, $want;
            set_copy_tags_to_snapshot = bool "copy_tags_to_snapshot",
            set_db_cluster_identifier = string "cluster_identifier",
            set_db_cluster_parameter_group_name = string "db_cluster_parameter_group_name",
            set_db_subnet_group_name = string "db_subnet_group_name",
            set_deletion_protection = bool "deletion_protection",
            set_domain = string "domain",
            set_domain_iam_role_name = string "domain_iam_role_name",
            set_enable_iam_database_authentication = bool "iam_database_authentication_enabled",
            set_engine_lifecycle_support = string "engine_lifecycle_support",
            set_kms_key_id = string "kms_key_id",
            set_network_type = string "network_type",
            set_port = int "port",
            set_preferred_backup_window = string "preferred_backup_window",
        )
        .set_backtrack_window($want.int("backtrack_window").filter(|n| *n > 0).map(i64::from))
        .set_backup_retention_period($want.int("backup_retention_period"))
        .set_enable_cloudwatch_logs_exports(filled($want, "enabled_cloudwatch_logs_exports"))
        .set_serverless_v2_scaling_configuration(serverless($want))
        .set_storage_type($want.string("storage_type").filter(|t| !t.is_empty()))
        .set_tags(Some(tagging::at_creation($want, $token)))
        .set_vpc_security_group_ids(filled($want, "vpc_security_group_ids"))
    };
}

/// What all but the one from S3 take.
macro_rules! sized {
    ($call:expr, $want:expr) => {
        given!($call, $want;
            set_db_cluster_instance_class = string "db_cluster_instance_class",
            set_enable_performance_insights = bool "performance_insights_enabled",
            set_engine_mode = string "engine_mode",
            set_iops = int "iops",
            set_monitoring_interval = int "monitoring_interval",
            set_monitoring_role_arn = string "monitoring_role_arn",
            set_performance_insights_kms_key_id = string "performance_insights_kms_key_id",
            set_performance_insights_retention_period = int "performance_insights_retention_period",
        )
        .set_scaling_configuration(scaling($want))
    };
}

/// What makes a database of its own.
macro_rules! own {
    ($call:expr, $want:expr) => {
        given!($call, $want;
            set_database_name = string "database_name",
            set_engine = string "engine",
            set_engine_version = string "engine_version",
            set_manage_master_user_password = bool "manage_master_user_password",
            set_master_user_secret_kms_key_id = string "master_user_secret_kms_key_id",
            set_master_username = string "master_username",
            set_preferred_maintenance_window = string "preferred_maintenance_window",
            set_storage_encrypted = bool "storage_encrypted",
        )
        .set_availability_zones(filled($want, "availability_zones"))
        .set_master_user_password(password($want))
    };
}

/// The master password, wherever the layout has it.
pub fn password(want: &Attrs) -> Option<String> {
    want.string("master_password").or_else(|| want.string("master_password_wo"))
}

/// How a serverless cluster grows and shrinks.
pub fn serverless(want: &Attrs) -> Option<ServerlessV2ScalingConfiguration> {
    let block = block(want, "serverlessv2_scaling_configuration")?;
    let number = |name: &str| block.get(name).and_then(Value::as_number).map(|n| n.to_f64());
    let builder = ServerlessV2ScalingConfiguration::builder()
        .set_max_capacity(number("max_capacity"))
        .set_min_capacity(number("min_capacity"))
        .set_seconds_until_auto_pause(block.int("seconds_until_auto_pause"));
    Some(builder.build())
}

/// The same for one that is serverless in the old way.
pub fn scaling(want: &Attrs) -> Option<ScalingConfiguration> {
    let block = block(want, "scaling_configuration")?;
    let builder = given!(ScalingConfiguration::builder(), block;
        set_auto_pause = bool "auto_pause",
        set_max_capacity = int "max_capacity",
        set_min_capacity = int "min_capacity",
        set_seconds_before_timeout = int "seconds_before_timeout",
        set_seconds_until_auto_pause = int "seconds_until_auto_pause",
        set_timeout_action = string "timeout_action",
    );
    Some(builder.build())
}

/// The password of a cluster that is made from another is the other's until it is changed; who manages it
/// too.
pub fn unset(want: &Attrs) -> Vec<&'static str> {
    let other = want.is_set("snapshot_identifier") || block(want, "restore_to_point_in_time").is_some();
    if other { vec!["master_password", "master_password_wo"] } else { Vec::new() }
}

/// Makes the cluster; gives its identifier.
pub async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
    let rds = &aws.write.rds;
    let id = |d: Option<DbCluster>| made(d.as_ref().and_then(DbCluster::db_cluster_identifier));
    if let Some(snapshot) = want.str("snapshot_identifier").filter(|snapshot| !snapshot.is_empty()) {
        let call = given!(rds.restore_db_cluster_from_snapshot().snapshot_identifier(snapshot), want;
            set_database_name = string "database_name",
            set_engine = string "engine",
            set_engine_version = string "engine_version",
        );
        let call = call.set_availability_zones(filled(want, "availability_zones"));
        let answer = sized!(common!(call, want, token), want).send().await?;
        return id(answer.db_cluster);
    }
    if let Some(from) = block(want, "restore_to_point_in_time") {
        let call = rds
            .restore_db_cluster_to_point_in_time()
            .set_restore_to_time(instant(&from, "restore_to_time")?)
            .set_restore_type(from.string("restore_type"))
            .set_source_db_cluster_identifier(from.string("source_cluster_identifier"))
            .set_source_db_cluster_resource_id(from.string("source_cluster_resource_id"))
            .set_use_latest_restorable_time(from.bool("use_latest_restorable_time"));
        let answer = sized!(common!(call, want, token), want).send().await?;
        return id(answer.db_cluster);
    }
    if let Some(from) = block(want, "s3_import") {
        let call = rds
            .restore_db_cluster_from_s3()
            .set_s3_bucket_name(from.string("bucket_name"))
            .set_s3_prefix(from.string("bucket_prefix"))
            .set_s3_ingestion_role_arn(from.string("ingestion_role"))
            .set_source_engine(from.string("source_engine"))
            .set_source_engine_version(from.string("source_engine_version"));
        let answer = own!(common!(call, want, token), want).send().await?;
        return id(answer.db_cluster);
    }
    let call = given!(rds.create_db_cluster(), want;
        set_allocated_storage = int "allocated_storage",
        set_auto_minor_version_upgrade = bool "auto_minor_version_upgrade",
        set_ca_certificate_identifier = string "ca_certificate_identifier",
        set_db_system_id = string "db_system_id",
        set_enable_global_write_forwarding = bool "enable_global_write_forwarding",
        set_enable_http_endpoint = bool "enable_http_endpoint",
        set_enable_local_write_forwarding = bool "enable_local_write_forwarding",
        set_global_cluster_identifier = string "global_cluster_identifier",
        set_replication_source_identifier = string "replication_source_identifier",
    );
    let call = call
        .set_cluster_scalability_type(want.str("cluster_scalability_type").map(Into::into))
        .set_database_insights_mode(want.str("database_insights_mode").map(Into::into));
    let answer = own!(sized!(common!(call, want, token), want), want).send().await?;
    id(answer.db_cluster)
}

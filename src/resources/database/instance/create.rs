//! The calls that make an instance: from nothing, from a snapshot, from another one as it was, as a replica,
//! from a backup in S3. What each of them takes is what it takes; the rest is set afterwards.

use super::super::call::{filled, given};
use super::super::shapes::{block, instant};
use super::super::tagging;
use crate::aws::{Aws, Result, made};
use crate::resources::spec::Token;
use crate::schema::Attrs;
use aws_sdk_rds::types::DbInstance;

/// What all of the calls take.
macro_rules! common {
    ($call:expr, $want:expr, $token:expr) => {
        given!($call, $want;
            set_auto_minor_version_upgrade = bool "auto_minor_version_upgrade",
            set_availability_zone = string "availability_zone",
            set_ca_certificate_identifier = string "ca_cert_identifier",
            set_copy_tags_to_snapshot = bool "copy_tags_to_snapshot",
            set_db_instance_class = string "instance_class",
            set_db_parameter_group_name = string "parameter_group_name",
            set_db_subnet_group_name = string "db_subnet_group_name",
            set_dedicated_log_volume = bool "dedicated_log_volume",
            set_deletion_protection = bool "deletion_protection",
            set_enable_iam_database_authentication = bool "iam_database_authentication_enabled",
            set_iops = int "iops",
            set_multi_az = bool "multi_az",
            set_network_type = string "network_type",
            set_option_group_name = string "option_group_name",
            set_port = int "port",
            set_publicly_accessible = bool "publicly_accessible",
            set_storage_throughput = int "storage_throughput",
            set_storage_type = string "storage_type",
        )
        .set_enable_cloudwatch_logs_exports(filled($want, "enabled_cloudwatch_logs_exports"))
        .set_vpc_security_group_ids(filled($want, "vpc_security_group_ids"))
        .set_tags(Some(tagging::at_creation($want, $token)))
    };
}

/// What all but the one from S3 take.
macro_rules! place {
    ($call:expr, $want:expr) => {
        given!($call, $want;
            set_backup_target = string "backup_target",
            set_custom_iam_instance_profile = string "custom_iam_instance_profile",
            set_domain = string "domain",
            set_domain_auth_secret_arn = string "domain_auth_secret_arn",
            set_domain_fqdn = string "domain_fqdn",
            set_domain_iam_role_name = string "domain_iam_role_name",
            set_domain_ou = string "domain_ou",
            set_enable_customer_owned_ip = bool "customer_owned_ip_enabled",
        )
        .set_domain_dns_ips(filled($want, "domain_dns_ips"))
    };
}

/// How the instance is watched; the restoring calls leave it to a change afterwards.
macro_rules! watched {
    ($call:expr, $want:expr) => {
        given!($call, $want;
            set_allocated_storage = int "allocated_storage",
            set_enable_performance_insights = bool "performance_insights_enabled",
            set_kms_key_id = string "kms_key_id",
            set_max_allocated_storage = int "max_allocated_storage",
            set_monitoring_interval = int "monitoring_interval",
            set_monitoring_role_arn = string "monitoring_role_arn",
            set_performance_insights_kms_key_id = string "performance_insights_kms_key_id",
            set_performance_insights_retention_period = int "performance_insights_retention_period",
        )
        .set_database_insights_mode($want.str("database_insights_mode").map(Into::into))
    };
}

/// What makes a database of its own.
macro_rules! own {
    ($call:expr, $want:expr) => {
        given!($call, $want;
            set_backup_retention_period = int "backup_retention_period",
            set_db_name = string "db_name",
            set_engine = string "engine",
            set_engine_lifecycle_support = string "engine_lifecycle_support",
            set_engine_version = string "engine_version",
            set_license_model = string "license_model",
            set_manage_master_user_password = bool "manage_master_user_password",
            set_master_user_secret_kms_key_id = string "master_user_secret_kms_key_id",
            set_master_username = string "username",
            set_preferred_backup_window = string "backup_window",
            set_preferred_maintenance_window = string "maintenance_window",
            set_storage_encrypted = bool "storage_encrypted",
        )
        .set_master_user_password(password($want))
    };
}

/// What both restoring calls take.
macro_rules! restored {
    ($call:expr, $want:expr) => {
        given!($call, $want;
            set_allocated_storage = int "allocated_storage",
            set_backup_retention_period = int "backup_retention_period",
            set_engine = string "engine",
            set_engine_lifecycle_support = string "engine_lifecycle_support",
            set_license_model = string "license_model",
            set_manage_master_user_password = bool "manage_master_user_password",
            set_master_user_secret_kms_key_id = string "master_user_secret_kms_key_id",
            set_preferred_backup_window = string "backup_window",
        )
        .set_db_name(restored_name($want))
    };
}

/// The master password, wherever the layout has it.
pub fn password(want: &Attrs) -> Option<String> {
    want.string("password").or_else(|| want.string("password_wo"))
}

/// These engines keep the names of their databases when they are restored, and refuse another.
fn restored_name(want: &Attrs) -> Option<String> {
    let keeps = matches!(want.str("engine"), Some("mysql" | "mariadb" | "postgres"));
    want.string("db_name").filter(|_| !keeps)
}

/// The password of a database that is made from another is the other's until it is changed.
pub fn unset(want: &Attrs) -> Vec<&'static str> {
    let other = want.is_set("replicate_source_db")
        || want.is_set("snapshot_identifier")
        || block(want, "restore_to_point_in_time").is_some();
    if other { vec!["password", "password_wo"] } else { Vec::new() }
}

/// Makes the instance; gives its resource id.
pub async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
    let rds = &aws.write.rds;
    let identifier = want.string("identifier");
    let id = |d: Option<DbInstance>| made(d.as_ref().and_then(DbInstance::dbi_resource_id));
    if let Some(source) = want.str("replicate_source_db").filter(|source| !source.is_empty()) {
        let call = rds.create_db_instance_read_replica().set_db_instance_identifier(identifier);
        let call = if source.contains(":cluster:") {
            call.source_db_cluster_identifier(source)
        } else {
            call.source_db_instance_identifier(source)
        };
        let call = call
            .set_replica_mode(want.str("replica_mode").map(Into::into))
            .set_upgrade_storage_config(want.bool("upgrade_storage_config"));
        let answer = watched!(place!(common!(call, want, token), want), want).send().await?;
        return id(answer.db_instance);
    }
    if let Some(snapshot) = want.str("snapshot_identifier").filter(|snapshot| !snapshot.is_empty()) {
        let call = rds.restore_db_instance_from_db_snapshot().set_db_instance_identifier(identifier);
        let call = if snapshot.contains(":cluster-snapshot:") {
            call.db_cluster_snapshot_identifier(snapshot)
        } else {
            call.db_snapshot_identifier(snapshot)
        };
        let answer = restored!(place!(common!(call, want, token), want), want).send().await?;
        return id(answer.db_instance);
    }
    if let Some(from) = block(want, "restore_to_point_in_time") {
        let call = rds
            .restore_db_instance_to_point_in_time()
            .set_target_db_instance_identifier(identifier)
            .set_restore_time(instant(&from, "restore_time")?)
            .set_use_latest_restorable_time(from.bool("use_latest_restorable_time"))
            .set_source_db_instance_identifier(from.string("source_db_instance_identifier"))
            .set_source_dbi_resource_id(from.string("source_dbi_resource_id"))
            .set_source_db_instance_automated_backups_arn(from.string("source_db_instance_automated_backups_arn"))
            .set_max_allocated_storage(want.int("max_allocated_storage"));
        let answer = restored!(place!(common!(call, want, token), want), want).send().await?;
        return id(answer.db_instance);
    }
    if let Some(from) = block(want, "s3_import") {
        let call = rds
            .restore_db_instance_from_s3()
            .set_db_instance_identifier(identifier)
            .set_s3_bucket_name(from.string("bucket_name"))
            .set_s3_prefix(from.string("bucket_prefix"))
            .set_s3_ingestion_role_arn(from.string("ingestion_role"))
            .set_source_engine(from.string("source_engine"))
            .set_source_engine_version(from.string("source_engine_version"));
        let answer = own!(watched!(common!(call, want, token), want), want).send().await?;
        return id(answer.db_instance);
    }
    let call = given!(rds.create_db_instance().set_db_instance_identifier(identifier), want;
        set_character_set_name = string "character_set_name",
        set_nchar_character_set_name = string "nchar_character_set_name",
        set_timezone = string "timezone",
    );
    let answer = own!(watched!(place!(common!(call, want, token), want), want), want).send().await?;
    id(answer.db_instance)
}

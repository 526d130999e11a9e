//! aws_rds_cluster: an Aurora cluster, or a Multi-AZ cluster of RDS. Its members are
//! aws_rds_cluster_instance.

mod check;
mod modify;

use super::rds::{call, each_text, is};
use super::shapes::{self, Backup, CLUSTERS, Secret, directory};
use super::{checks, restarts, tagging};
use crate::aws::api::{member, member_text};
use crate::resources::block::TimestampCell;
use crate::resources::document::{Document, Many, Member, MomentText, One, at, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use crate::schema::checks as common;
use serde_json::{Value as Json, json};

/// The resource type `aws_rds_cluster`.
pub struct AwsRdsCluster;

document! {
    /// How a serverless cluster grows and shrinks.
    Serverless {
        max_capacity = "MaxCapacity": Real [.required()];
        min_capacity = "MinCapacity": Real [.required()];
        seconds_until_auto_pause = "SecondsUntilAutoPause": Int
            [.optional_computed().check(|v| checks::within(v, 300, 86400))];
    }
}

document! {
    /// The same for one that is serverless in the old way.
    Scaling {
        auto_pause = "AutoPause": Flag [.default(true)];
        max_capacity = "MaxCapacity": Int [.default(16)];
        min_capacity = "MinCapacity": Int [.default(1)];
        seconds_before_timeout = "SecondsBeforeTimeout": Int [.default(300).check(|v| checks::within(v, 60, 600))];
        seconds_until_auto_pause = "SecondsUntilAutoPause": Int
            [.default(300).check(|v| checks::within(v, 300, 86400))];
        timeout_action = "TimeoutAction": Text [.default("RollbackCapacityChange")]
            [.check(|v| common::one_of(v, &["ForceApplyCapacityChange", "RollbackCapacityChange"]))];
    }
}

document! {
    /// The block `restore_to_point_in_time`.
    Moment {
        restore_to_time = "RestoreToTime": MomentText, create [.check(checks::instant)];
        restore_type = "RestoreType": Text, create [.check(|v| common::one_of(v, &["copy-on-write", "full-copy"]))];
        source_cluster_identifier = "SourceDBClusterIdentifier": Text, create;
        source_cluster_resource_id = "SourceDbClusterResourceId": Text, create;
        use_latest_restorable_time = "UseLatestRestorableTime": Flag, create;
    }
}

/// The type of storage. AWS names Aurora's default type not at all, and takes its name where it is taken back to it.
struct StorageType;

impl Cell for StorageType {
    fn column<L>(name: &'static str) -> A<L> {
        let same = Normal::With(|wanted, now| {
            let name = |v: &Value| v.as_str().unwrap_or("").replace("aurora-iopt1", "optimised").replace("aurora", "");
            name(wanted) == name(now)
        });
        A::string(name).optional_computed().normal(same)
    }
}
impl Member for StorageType {
    fn get(object: &Json, path: &str) -> Value {
        member_text(object, path).unwrap_or_default().into()
    }
    fn put(from: &Attrs, name: &str) -> Option<Json> {
        text(from, name).map(Json::from)
    }
    fn changed(from: &Attrs, name: &str) -> Option<Json> {
        from.string(name).map(|kind| if kind.is_empty() { "aurora".into() } else { kind.into() })
    }
}

/// AWS adds zones until there are three.
const ZONES: Normal = Normal::With(|wanted, now| {
    let there = now.as_elements().unwrap_or(&[]);
    wanted.as_elements().unwrap_or(&[]).iter().all(|zone| there.contains(zone))
});

document! {
    Rows {
        allocated_storage = "AllocatedStorage": Positive, pending, create, modify [.optional_computed()];
        allow_major_version_upgrade = "": Switch, silent;
        apply_immediately = "": Flag, none [.initial(false)];
        auto_minor_version_upgrade = "AutoMinorVersionUpgrade": Flag, read, create, modify [.optional_computed()];
        availability_zones = "AvailabilityZones.AvailabilityZone": Texts, read, create, restore, import
            [.optional_computed().force_new().normal(ZONES)];
        backtrack_window = "BacktrackWindow": Count, read, make, modify
            [.default(0).check(|v| checks::within(v, 0, 259_200))];
        backup_retention_period = "BackupRetentionPeriod": Int, pending, make, modify
            [.optional_computed().check(|v| checks::within(v, 1, 35))];
        ca_certificate_identifier = "CACertificateIdentifier": Text, create, modify [.optional_computed().read(|d| {
            let pending = "PendingModifiedValues.CertificateDetails";
            let coming = member(d.held(), pending).or(member(d.held(), "CertificateDetails"));
            coming.and_then(|c| member_text(c, "CAIdentifier")).into()
        })];
        cluster_identifier = "DBClusterIdentifier": Text, read, make
            [.optional_computed().force_new().check(checks::identifier)];
        cluster_identifier_prefix = "": Text, none [.optional_computed().force_new().check(checks::identifier_prefix)];
        cluster_members = "": Texts, silent [.optional_computed().normal(Normal::With(|_, _| true))]
            [.read(|d| Value::string_set(each_text(d.held(), shapes::MEMBERS, "DBInstanceIdentifier")))];
        cluster_scalability_type = "ClusterScalabilityType": Text
            [.optional_computed().force_new().check(|v| common::one_of(v, &["limitless", "standard"]))];
        copy_tags_to_snapshot = "CopyTagsToSnapshot": Switch, read, make, modify;
        database_insights_mode = "DatabaseInsightsMode": Text, read, create, modify
            [.optional_computed().check(checks::insights_mode)];
        database_name = "DatabaseName": Text, read, create, restore, import [.optional_computed().force_new()];
        db_cluster_instance_class = "DBClusterInstanceClass": Text, read, create, restore, rewind, modify
            [.check(checks::class)];
        db_cluster_parameter_group_name = "DBClusterParameterGroupName": Text,
            read("DBClusterParameterGroup"), make, modify [.optional_computed()];
        db_instance_parameter_group_name = "": Text, silent;
        db_subnet_group_name = "DBSubnetGroup": Text, read, make("DBSubnetGroupName")
            [.optional_computed().force_new()];
        db_system_id = "DBSystemId": Text [.optional_computed().force_new()];
        delete_automated_backups = "": Flag, silent [.default(true)];
        deletion_protection = "DeletionProtection": Switch, read, make, modify;
        domain = "Domain": Text, make, modify [.read(|d| at::<Text>(&directory(d.held()), "Domain"))];
        domain_iam_role_name = "DomainIAMRoleName": Text, make, modify
            [.read(|d| at::<Text>(&directory(d.held()), "IAMRoleName"))];
        enable_global_write_forwarding = "EnableGlobalWriteForwarding": Switch,
            read("GlobalWriteForwardingRequested"), create, modify;
        enable_http_endpoint = "EnableHttpEndpoint": Switch, read("HttpEndpointEnabled"), create, modify;
        enable_local_write_forwarding = "EnableLocalWriteForwarding": Switch, create, modify [.read(|d| {
            let status = member_text(d.held(), "LocalWriteForwardingStatus");
            status.is_some_and(|status| ["enabled", "enabling", "requested"].contains(&status.as_str())).into()
        })];
        enabled_cloudwatch_logs_exports = "EnableCloudwatchLogsExports.member": Texts, make
            [.check(checks::log_types).read(|d| shapes::log_exports(d.held()))];
        engine = "Engine": Text, read, create, restore, import [.required().force_new().check(check::engine)];
        engine_lifecycle_support = "EngineLifecycleSupport": Text, read, make, modify
            [.optional_computed().check(checks::lifecycle_support)];
        engine_mode = "EngineMode": Text, create, restore, rewind [.default("provisioned").force_new()]
            [.normal(Normal::With(|wanted, now| wanted.as_str() == Some("") && now.as_str() == Some("provisioned")))]
            [.check(|v| common::one_of(v, &["", "global", "multimaster", "parallelquery", "provisioned", "serverless"]))]
            [.read(|d| member_text(d.held(), "EngineMode").unwrap_or_else(|| "provisioned".into()).into())];
        engine_version = "EngineVersion": Text, pending, create, restore, import, modify
            [.optional_computed().normal(checks::VERSION)];
        final_snapshot_identifier = "": Text, silent [.check(checks::snapshot_identifier)];
        global_cluster_identifier = "GlobalClusterIdentifier": Text [.force_new()];
        iam_database_authentication_enabled = "EnableIAMDatabaseAuthentication": Flag,
            pending("IAMDatabaseAuthenticationEnabled"), make, modify;
        iam_roles = "": Texts, none [.optional_computed()]
            [.read(|d| Value::string_set(each_text(d.held(), shapes::ROLES, "RoleArn")))];
        iops = "Iops": Positive, pending, create, restore, rewind, modify;
        kms_key_id = "KmsKeyId": Text, read, make [.optional_computed().force_new().check(checks::key_arn)];
        manage_master_user_password = "ManageMasterUserPassword": Flag, create, import, modify
            [.read(|d| member(d.held(), "MasterUserSecret").is_some().into())];
        master_password = "": Text, none [.sensitive().never_returned()];
        master_password_wo = "": Text, none [.write_only()];
        master_password_wo_version = "": Int, none;
        master_user_secret_kms_key_id = "MasterUserSecretKmsKeyId": Text, create, import, modify
            [.optional_computed().check(checks::key_arn)]
            [.read(|d| at::<Text>(d.held(), "MasterUserSecret.KmsKeyId"))];
        master_username = "MasterUsername": Text, read, create, import [.optional_computed().force_new()];
        monitoring_interval = "MonitoringInterval": Count, read, create, restore, rewind, modify
            [.optional_computed().check(checks::monitoring_interval)];
        monitoring_role_arn = "MonitoringRoleArn": Text, read, create, restore, rewind, modify [.optional_computed()];
        network_type = "NetworkType": Text, read, make, modify [.optional_computed().check(checks::network_type)];
        performance_insights_enabled = "EnablePerformanceInsights": Flag,
            read("PerformanceInsightsEnabled"), create, restore, rewind, modify;
        performance_insights_kms_key_id = "PerformanceInsightsKMSKeyId": Text, read, create, restore, rewind, modify
            [.optional_computed().check(checks::key_arn)];
        performance_insights_retention_period = "PerformanceInsightsRetentionPeriod": Positive,
            read, create, restore, rewind, modify
            [.optional_computed().check(checks::insights_retention)];
        port = "Port": Int, read, make, modify [.optional_computed().check(checks::port)];
        preferred_backup_window = "PreferredBackupWindow": Text, read, make, modify
            [.optional_computed().check(checks::backup_window)];
        preferred_maintenance_window = "PreferredMaintenanceWindow": Text, read, create, import, modify
            [.optional_computed().normal(Normal::CaseInsensitive).check(checks::maintenance_window)];
        replication_source_identifier = "ReplicationSourceIdentifier": Text [.normal(shapes::IDENTIFIER_OR_ARN)];
        skip_final_snapshot = "": Switch, silent;
        snapshot_identifier = "SnapshotIdentifier": Text, restore, silent [.force_new()];
        storage_encrypted = "StorageEncrypted": Flag, read, create, import [.optional_computed().force_new()];
        storage_type = "StorageType": StorageType, pending, make, modify
            [.check(|v| common::one_of(v, &["", "aurora", "aurora-iopt1", "gp3", "io1", "io2"]))];
        vpc_security_group_ids = "VpcSecurityGroupIds.VpcSecurityGroupId": Texts, make, modify
            [.optional_computed().read(|d| shapes::security_groups(d.held()))];
        restore_to_point_in_time = "": One<Moment>, none [.force_new()];
        s3_import = "": One<Backup>, none [.force_new()];
        // Only a cluster that is serverless in the old way has it.
        scaling_configuration = "ScalingConfiguration": One<Scaling>, create, restore, rewind, modify [.read(|d| {
            let serverless = is(d.held(), "EngineMode", Some("serverless"));
            at::<One<Scaling>>(d.held(), if serverless { "ScalingConfigurationInfo" } else { "" })
        })];
        serverlessv2_scaling_configuration = "ServerlessV2ScalingConfiguration": One<Serverless>, read, make, modify;
        arn = "DBClusterArn": Text, read [.computed()];
        ca_certificate_valid_till = "CertificateDetails.ValidTill": TimestampCell, read
            [.computed().follows(&["ca_certificate_identifier"])];
        cluster_resource_id = "DbClusterResourceId": Text, read [.computed()];
        endpoint = "Endpoint": Text, read [.computed()];
        engine_version_actual = "EngineVersion": Text, read [.computed().follows(&["engine_version"])];
        hosted_zone_id = "HostedZoneId": Text, read [.computed()];
        master_user_secret = "MasterUserSecret": Many<Secret>, read
            [.computed().follows(&["manage_master_user_password", "master_user_secret_kms_key_id"])];
        reader_endpoint = "ReaderEndpoint": Text, read [.computed()];
        upgrade_rollout_order = "UpgradeRolloutOrder": Text, read [.computed()];
    }
}

/// The master password: in clear, kept nowhere, and what says that the latter changes.
const PASSWORD: [&str; 3] = ["master_password", "master_password_wo", "master_password_wo_version"];

/// What AWS has of a cluster though its layout leaves it out: a global cluster took it in, it was made from a snapshot
/// or with the storage of a Multi-AZ cluster.
const OF_AWS: [&str; 5] = [
    "global_cluster_identifier",
    "iops",
    "scaling_configuration",
    "serverlessv2_scaling_configuration",
    "snapshot_identifier",
];

fn progress(d: &Json) -> Progress {
    shapes::progress(member_text(d, "Status"))
}

/// Aurora is upgraded within its major version, and a secondary of a global cluster copies the primary,
/// though the layout says neither.
fn managed_by_aws(want: &Attrs, now: &Attrs) -> Vec<&'static str> {
    let mut left = shapes::left_out(want, &OF_AWS);
    left.extend(shapes::version_left_to_aws(want, now));
    if now.str("global_cluster_identifier").is_some_and(|id| !id.is_empty()) {
        left.extend(shapes::left_out(want, &["replication_source_identifier"]));
    }
    left
}

/// The password of a cluster that is made from another is the other's until it is changed; who manages it
/// too.
fn unset(want: &Attrs) -> Vec<&'static str> {
    let other = want.is_set("snapshot_identifier") || shapes::block(want, "restore_to_point_in_time").is_some();
    if other { vec!["master_password", "master_password_wo"] } else { Vec::new() }
}

impl Resource for AwsRdsCluster {
    type Live = Json;

    fn spec() -> Spec<Json> {
        Spec::new("aws_rds_cluster", |d| member_text(d, "DBClusterIdentifier"), Rows::rows::<Json>())
            .dropped(&[("source_region", "A copy of an encrypted cluster of another region is made there.")])
            .role(Role::DatabaseCluster(role::DatabaseCluster {
                name: "cluster_identifier",
                unjudged: Unjudged::Of(
                    "network and parameters",
                    &["vpc_security_group_ids", "db_cluster_parameter_group_name"],
                ),
            }))
            .own_tags(|d| tags::of(&tagging::of(d)))
            .unique(&[&["cluster_identifier"]])
            .named("cluster_identifier", "cluster_identifier_prefix")
            .conflicts(&[
                &["cluster_identifier", "cluster_identifier_prefix"],
                &["master_password", "master_password_wo", "manage_master_user_password"],
                &["snapshot_identifier", "restore_to_point_in_time", "s3_import"],
            ])
            .progress(progress)
            .wait_for_deletion()
            .default_timeout(120)
            .check(check::always)
            .check_new(check::new)
            .replace_when(|_, after| checks::becomes_replica(after, "replication_source_identifier"))
            .interrupts(|before, after| restarts::now(restarts::CLUSTER, before, after))
            .interrupts_later(|before, after| restarts::later(restarts::CLUSTER, before, after))
            .undeletable(|now| checks::undeletable(now, false))
            .managed_by_aws(managed_by_aws)
            .unset_by_create(unset)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
        CLUSTERS.described(aws, which, "db-cluster-id", "cluster_identifier").await
    }

    /// From nothing, from a snapshot, from another one as it was, from a backup in S3.
    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let password = json!({"MasterUserPassword": shapes::password(want, PASSWORD)});
        let (operation, input) = if text(want, "snapshot_identifier").is_some() {
            ("RestoreDBClusterFromSnapshot", Rows::making("restore", want))
        } else if let Some(from) = shapes::block(want, "restore_to_point_in_time") {
            ("RestoreDBClusterToPointInTime", joined(Moment::create(&from), Rows::making("rewind", want)))
        } else if let Some(from) = shapes::block(want, "s3_import") {
            let input = joined(Backup::create(&from), Rows::making("import", want));
            ("RestoreDBClusterFromS3", joined(input, password))
        } else {
            ("CreateDBCluster", joined(Rows::create(want), password))
        };
        let answer = call(aws, operation, tagging::marked(input, want, token)).await?;
        made(member_text(&answer, "DBCluster.DBClusterIdentifier").as_deref())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        modify::update(aws, id, change).await
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        modify::delete(aws, id, last).await
    }
}

//! aws_db_instance: a database of its own, with a standby in another zone if wanted.
//!
//! Its id is AWS's resource id, which a new identifier does not change. What AWS keeps pending until the
//! maintenance window is read as it will be, so that it is not a difference; `apply_immediately` brings it
//! about at once.

mod check;
mod modify;

use super::rds::call;
use super::shapes::{self, Backup, INSTANCES, Listener, Secret, block, directory};
use super::{checks, restarts, tagging};
use crate::aws::api::{items, member, member_text};
use crate::resources::block::{TextList, TimestampCell};
use crate::resources::document::{Document, Many, MomentText, One, at, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use crate::schema::checks as common;
use serde_json::{Value as Json, json};

/// The resource type `aws_db_instance`.
pub struct AwsDbInstance;

document! {
    /// The block `restore_to_point_in_time`.
    Moment {
        restore_time = "RestoreTime": MomentText, create [.check(checks::instant)];
        source_db_instance_automated_backups_arn = "SourceDBInstanceAutomatedBackupsArn": Text, create;
        source_db_instance_identifier = "SourceDBInstanceIdentifier": Text, create;
        source_dbi_resource_id = "SourceDbiResourceId": Text, create;
        use_latest_restorable_time = "UseLatestRestorableTime": Flag, create;
    }
}

document! {
    Rows {
        allocated_storage = "AllocatedStorage": Positive, pending, make, modify [.optional_computed()];
        allow_major_version_upgrade = "": Switch, silent;
        apply_immediately = "": Switch, none;
        auto_minor_version_upgrade = "AutoMinorVersionUpgrade": Flag, read, make, modify [.default(true)];
        availability_zone = "AvailabilityZone": Text, read, make [.optional_computed().force_new()];
        backup_retention_period = "BackupRetentionPeriod": Int, pending, create, restore, rewind, import, modify
            [.optional_computed().check(checks::retention)];
        backup_target = "BackupTarget": Text, read, create, replica, restore, rewind
            [.optional_computed().force_new().check(|v| common::one_of(v, &["region", "outposts"]))];
        backup_window = "PreferredBackupWindow": Text, read, create, restore, rewind, import, modify
            [.optional_computed().check(checks::backup_window)];
        ca_cert_identifier = "CACertificateIdentifier": Text, pending, make, modify [.optional_computed()];
        character_set_name = "CharacterSetName": Text [.optional_computed().force_new()];
        copy_tags_to_snapshot = "CopyTagsToSnapshot": Switch, read, make, modify;
        custom_iam_instance_profile = "CustomIamInstanceProfile": Text, read, create, replica, restore, rewind
            [.force_new()];
        customer_owned_ip_enabled = "EnableCustomerOwnedIp": Flag,
            read("CustomerOwnedIpEnabled"), create, replica, restore, rewind, modify;
        database_insights_mode = "DatabaseInsightsMode": Text, read, create, replica, import, modify
            [.optional_computed().check(checks::insights_mode)];
        db_name = "DBName": Text, read, create, import [.optional_computed().force_new()];
        db_subnet_group_name = "DBSubnetGroupName": Text, make, modify [.optional_computed().read(|d| {
            let coming = member_text(d.held(), "PendingModifiedValues.DBSubnetGroupName");
            coming.or_else(|| member_text(d.held(), "DBSubnetGroup.DBSubnetGroupName")).into()
        })];
        dedicated_log_volume = "DedicatedLogVolume": Switch, pending, make, modify;
        delete_automated_backups = "": Flag, silent [.default(true)];
        deletion_protection = "DeletionProtection": Switch, read, make, modify;
        domain = "Domain": Text, create, replica, restore, rewind, modify
            [.read(|d| at::<Text>(&directory(d.held()), "Domain"))];
        domain_auth_secret_arn = "DomainAuthSecretArn": Text, create, replica, restore, rewind, modify
            [.read(|d| at::<Text>(&directory(d.held()), "AuthSecretArn"))];
        domain_dns_ips = "DomainDnsIps.member": TextList, create, replica, restore, rewind, modify
            [.read(|d| at::<TextList>(&directory(d.held()), "DnsIps.member"))];
        domain_fqdn = "DomainFqdn": Text, create, replica, restore, rewind, modify
            [.optional_computed().read(|d| at::<Text>(&directory(d.held()), "FQDN"))];
        domain_iam_role_name = "DomainIAMRoleName": Text, create, replica, restore, rewind, modify
            [.read(|d| at::<Text>(&directory(d.held()), "IAMRoleName"))];
        domain_ou = "DomainOu": Text, create, replica, restore, rewind, modify
            [.read(|d| at::<Text>(&directory(d.held()), "OU"))];
        enabled_cloudwatch_logs_exports = "EnableCloudwatchLogsExports.member": Texts, make
            [.check(checks::log_types).read(|d| shapes::log_exports(d.held()))];
        engine = "Engine": Text, read, create, restore, rewind, import
            [.optional_computed().force_new().normal(Normal::CaseInsensitive)];
        engine_lifecycle_support = "EngineLifecycleSupport": Text, read, create, restore, rewind, import, modify
            [.optional_computed().check(checks::lifecycle_support)];
        engine_version = "EngineVersion": Text, pending, create, import, modify
            [.optional_computed().normal(checks::VERSION)];
        final_snapshot_identifier = "": Text, silent [.check(checks::snapshot_identifier)];
        iam_database_authentication_enabled = "EnableIAMDatabaseAuthentication": Flag,
            pending("IAMDatabaseAuthenticationEnabled"), make, modify;
        identifier = "DBInstanceIdentifier": Text,
            pending, create, replica, restore, rewind("TargetDBInstanceIdentifier"), import
            [.optional_computed().check(checks::identifier)];
        identifier_prefix = "": Text, none [.optional_computed().force_new().check(checks::identifier_prefix)];
        instance_class = "DBInstanceClass": Text, pending, make, modify [.required().check(checks::class)];
        iops = "Iops": Positive, pending, make, modify [.optional_computed()];
        kms_key_id = "KmsKeyId": Text, read, create, replica, import
            [.optional_computed().force_new().check(checks::key_arn)];
        license_model = "LicenseModel": Text, pending, create, restore, rewind, import, modify [.optional_computed()];
        maintenance_window = "PreferredMaintenanceWindow": Text, read, create, import, modify
            [.optional_computed().normal(Normal::CaseInsensitive).check(checks::maintenance_window)];
        manage_master_user_password = "ManageMasterUserPassword": Flag, create, restore, rewind, import, modify
            [.read(|d| member(d.held(), "MasterUserSecret").is_some().into())];
        master_user_secret_kms_key_id = "MasterUserSecretKmsKeyId": Text, create, restore, rewind, import, modify
            [.optional_computed().check(checks::key_arn)]
            [.read(|d| at::<Text>(d.held(), "MasterUserSecret.KmsKeyId"))];
        max_allocated_storage = "MaxAllocatedStorage": Count, read, create, replica, rewind, import, modify;
        monitoring_interval = "MonitoringInterval": Count, read, create, replica, import, modify
            [.default(0).check(checks::monitoring_interval)];
        monitoring_role_arn = "MonitoringRoleArn": Text, read, create, replica, import, modify [.optional_computed()];
        multi_az = "MultiAZ": Flag, pending, make, modify [.optional_computed()];
        nchar_character_set_name = "NcharCharacterSetName": Text [.optional_computed().force_new()];
        network_type = "NetworkType": Text, read, make, modify [.optional_computed().check(checks::network_type)];
        option_group_name = "OptionGroupName": Text, make, modify
            [.optional_computed().read(|d| option_group(d.held()).into())];
        parameter_group_name = "DBParameterGroupName": Text, make, modify [.optional_computed()]
            [.read(|d| shapes::parameter_group(d.held()).into())];
        password = "": Text, none [.sensitive().never_returned()];
        password_wo = "": Text, none [.write_only()];
        password_wo_version = "": Int, none;
        performance_insights_enabled = "EnablePerformanceInsights": Switch,
            read("PerformanceInsightsEnabled"), create, replica, import, modify;
        performance_insights_kms_key_id = "PerformanceInsightsKMSKeyId": Text, read, create, replica, import, modify
            [.optional_computed().check(checks::key_arn)];
        performance_insights_retention_period = "PerformanceInsightsRetentionPeriod": Positive,
            read, create, replica, import, modify
            [.optional_computed().check(checks::insights_retention)];
        port = "Port": Int, make, modify("DBPortNumber") [.optional_computed().check(checks::port)]
            [.read(|d| number(d.held(), "PendingModifiedValues.Port").or(port(d.held())).into())];
        publicly_accessible = "PubliclyAccessible": Switch, read, make, modify;
        replica_mode = "ReplicaMode": Text, read, replica, modify
            [.optional_computed().check(|v| common::one_of(v, &["open-read-only", "mounted"]))];
        replicate_source_db = "": Text, none [.normal(shapes::IDENTIFIER_OR_ARN).read(|d| {
            let of_cluster = || member_text(d.held(), "ReadReplicaSourceDBClusterIdentifier");
            member_text(d.held(), "ReadReplicaSourceDBInstanceIdentifier").or_else(of_cluster).into()
        })];
        skip_final_snapshot = "": Switch, silent;
        snapshot_identifier = "": Text, silent [.optional_computed().force_new()];
        storage_encrypted = "StorageEncrypted": Flag, read, create, import [.force_new()];
        storage_throughput = "StorageThroughput": Positive, pending, make, modify [.optional_computed()];
        storage_type = "StorageType": Text, pending, make, modify
            [.optional_computed().check(|v| common::one_of(v, &["standard", "gp2", "gp3", "io1", "io2"]))];
        timezone = "Timezone": Text [.optional_computed().force_new()];
        upgrade_storage_config = "UpgradeStorageConfig": Flag, replica, silent;
        username = "MasterUsername": Text, read, create, import [.optional_computed().force_new()];
        vpc_security_group_ids = "VpcSecurityGroupIds.VpcSecurityGroupId": Texts, make, modify
            [.optional_computed().read(|d| shapes::security_groups(d.held()))];
        blue_green_update = "": One<check::BlueGreen>, silent [.check(check::in_place)];
        restore_to_point_in_time = "": One<Moment>, none [.force_new()];
        s3_import = "": One<Backup>, none [.force_new()];
        address = "Endpoint.Address": Text, read [.computed().follows(&["identifier", "publicly_accessible"])];
        arn = "DBInstanceArn": Text, read [.computed().follows(&["identifier"])];
        endpoint = "": Text, none [.computed().follows(&["identifier", "port", "publicly_accessible"]).read(|d| {
            let address = member_text(d.held(), "Endpoint.Address");
            address.zip(port(d.held())).map(|(address, port)| format!("{address}:{port}")).into()
        })];
        engine_version_actual = "EngineVersion": Text, read [.computed().follows(&["engine_version"])];
        hosted_zone_id = "Endpoint.HostedZoneId": Text, read [.computed()];
        latest_restorable_time = "LatestRestorableTime": TimestampCell, read [.computed()];
        listener_endpoint = "ListenerEndpoint": Many<Listener>, read [.computed()];
        master_user_secret = "MasterUserSecret": Many<Secret>, read
            [.computed().follows(&["manage_master_user_password", "master_user_secret_kms_key_id"])];
        replicas = "ReadReplicaDBInstanceIdentifiers.ReadReplicaDBInstanceIdentifier": TextList, read [.computed()];
        resource_id = "DbiResourceId": Text, read [.computed()];
        status = "DBInstanceStatus": Text, read [.computed()];
        upgrade_rollout_order = "UpgradeRolloutOrder": Text, read [.computed()];
    }
}

/// The master password: in clear, kept nowhere, and what says that the latter changes.
const PASSWORD: [&str; 3] = ["password", "password_wo", "password_wo_version"];

/// The option group that will be in force: the list also holds one on its way out.
fn option_group(d: &Json) -> Option<String> {
    let all = items(d, "OptionGroupMemberships.OptionGroupMembership");
    let stays = all.iter().find(|m| !member_text(m, "Status").unwrap_or_default().contains("remov"));
    member_text(stays.or(all.first())?, "OptionGroupName")
}

fn number(d: &Json, path: &str) -> Option<i64> {
    member_text(d, path)?.parse().ok()
}

fn port(d: &Json) -> Option<i64> {
    number(d, "Endpoint.Port").or(number(d, "DbInstancePort")).filter(|port| *port != 0)
}

fn progress(d: &Json) -> Progress {
    shapes::progress(member_text(d, "DBInstanceStatus"))
}

/// AWS enlarges storage up to `max_allocated_storage`, upgrades minor versions where it may, and encrypts what is made
/// from something encrypted.
fn managed_by_aws(want: &Attrs, now: &Attrs) -> Vec<&'static str> {
    let mut left = shapes::left_out(want, &["storage_encrypted"]);
    let size = |attrs: &Attrs| attrs.int("allocated_storage");
    if want.int("max_allocated_storage").is_some_and(|max| max > 0)
        && size(want).zip(size(now)).is_some_and(|(wanted, now)| wanted < now)
    {
        left.push("allocated_storage");
    }
    left.extend(shapes::version_left_to_aws(want, now));
    left
}

/// The password of a database that is made from another is the other's until it is changed.
fn unset(want: &Attrs) -> Vec<&'static str> {
    let other = want.is_set("replicate_source_db")
        || want.is_set("snapshot_identifier")
        || block(want, "restore_to_point_in_time").is_some();
    if other { vec!["password", "password_wo"] } else { Vec::new() }
}

/// These engines keep the names of their databases when they are restored, and refuse another.
fn restored_name(want: &Attrs) -> Option<String> {
    let keeps = matches!(want.str("engine"), Some("mysql" | "mariadb" | "postgres"));
    want.string("db_name").filter(|_| !keeps)
}

impl Resource for AwsDbInstance {
    type Live = Json;

    fn spec() -> Spec<Json> {
        Spec::new("aws_db_instance", |d| member_text(d, "DbiResourceId"), Rows::rows::<Json>())
            .role(Role::Database(role::Database {
                place: role::Place::zone("availability_zone"),
                source: "replicate_source_db",
                standby: "multi_az",
                unjudged: Unjudged::Of(
                    "network and parameters",
                    &["vpc_security_group_ids", "parameter_group_name", "option_group_name", "publicly_accessible"],
                ),
            }))
            .own_tags(|d| tags::of(&tagging::of(d)))
            .named("identifier", "identifier_prefix")
            .unique(&[&["identifier"]])
            // While one of the VPC has a public address, its internet gateway cannot be detached.
            .implicit_after(&["aws_internet_gateway"])
            .interrupts(|before, after| restarts::now(restarts::INSTANCE, before, after))
            .interrupts_later(|before, after| restarts::later(restarts::INSTANCE, before, after))
            .import("IDENTIFIER", |text| Some(vec![("identifier", text.into())]))
            .conflicts(&[
                &["identifier", "identifier_prefix"],
                &["password", "password_wo", "manage_master_user_password"],
                &["snapshot_identifier", "replicate_source_db", "restore_to_point_in_time", "s3_import"],
                &["username", "replicate_source_db"],
                &["character_set_name", "replicate_source_db"],
            ])
            .progress(progress)
            .wait_for_deletion()
            .default_timeout(80)
            .check(check::always)
            .check_new(check::new)
            .replace_when(|_, after| checks::becomes_replica(after, "replicate_source_db"))
            .undeletable(check::undeletable)
            .managed_by_aws(managed_by_aws)
            .unset_by_create(unset)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
        INSTANCES.described(aws, which, "dbi-resource-id", "identifier").await
    }

    /// From nothing, from a snapshot, from another one as it was, as a replica, from a backup in S3. What each of the
    /// calls takes is what it takes; the rest is set afterwards.
    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let password = json!({"MasterUserPassword": shapes::password(want, PASSWORD)});
        let (operation, input) = if let Some(source) = text(want, "replicate_source_db") {
            let by = match source.contains(":cluster:") {
                true => "SourceDBClusterIdentifier",
                false => "SourceDBInstanceIdentifier",
            };
            ("CreateDBInstanceReadReplica", joined(Rows::making("replica", want), json!({by: source})))
        } else if let Some(snapshot) = text(want, "snapshot_identifier") {
            let by = match snapshot.contains(":cluster-snapshot:") {
                true => "DBClusterSnapshotIdentifier",
                false => "DBSnapshotIdentifier",
            };
            let more = json!({by: snapshot, "DBName": restored_name(want)});
            ("RestoreDBInstanceFromDBSnapshot", joined(Rows::making("restore", want), more))
        } else if let Some(from) = block(want, "restore_to_point_in_time") {
            let input = joined(Moment::create(&from), Rows::making("rewind", want));
            ("RestoreDBInstanceToPointInTime", joined(input, json!({"DBName": restored_name(want)})))
        } else if let Some(from) = block(want, "s3_import") {
            let input = joined(Backup::create(&from), Rows::making("import", want));
            ("RestoreDBInstanceFromS3", joined(input, password))
        } else {
            ("CreateDBInstance", joined(Rows::create(want), password))
        };
        let answer = call(aws, operation, tagging::marked(input, want, token)).await?;
        made(member_text(&answer, "DBInstance.DbiResourceId").as_deref())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        modify::update(aws, id, change).await
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        modify::delete(aws, id, last).await
    }
}

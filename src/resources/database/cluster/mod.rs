//! aws_rds_cluster: an Aurora cluster, or a Multi-AZ cluster of RDS. Its members are
//! aws_rds_cluster_instance.

mod check;
mod modify;

use super::shapes::{self, Backup, Secret, Source};
use super::{checks, restarts};
use crate::resources::block::{TimestampCell, text};
use crate::resources::prelude::*;
use crate::schema::checks as common;
use aws_sdk_rds::operation::create_db_cluster::builders::CreateDBClusterFluentBuilder as Create;
use aws_sdk_rds::operation::modify_db_cluster::builders::ModifyDBClusterFluentBuilder as Modify;
use aws_sdk_rds::operation::restore_db_cluster_from_s3::builders::RestoreDBClusterFromS3FluentBuilder as Import;
use aws_sdk_rds::operation::restore_db_cluster_from_snapshot::builders::RestoreDBClusterFromSnapshotFluentBuilder as Restore;
use aws_sdk_rds::operation::restore_db_cluster_to_point_in_time::builders::RestoreDBClusterToPointInTimeFluentBuilder as Rewind;
use aws_sdk_rds::types::{
    ClusterPendingModifiedValues as Pending, DbCluster, DomainMembership, LocalWriteForwardingStatus as Forwarding,
    ScalingConfiguration, ScalingConfigurationInfo, ServerlessV2ScalingConfiguration,
    ServerlessV2ScalingConfigurationInfo,
};

/// The resource type `aws_rds_cluster`.
pub struct AwsRdsCluster;

block! {
    /// How a serverless cluster grows and shrinks.
    Serverless: ServerlessV2ScalingConfigurationInfo => ServerlessV2ScalingConfiguration {
        max_capacity: Real [.required()];
        min_capacity: Real [.required()];
        seconds_until_auto_pause: Int [.optional_computed().check(|v| checks::within(v, 300, 86400))];
    }
    /// The same for one that is serverless in the old way.
    Scaling: ScalingConfigurationInfo => ScalingConfiguration {
        auto_pause: Flag [.default(true)];
        max_capacity: Int [.default(16)];
        min_capacity: Int [.default(1)];
        seconds_before_timeout: Int [.default(300).check(|v| checks::within(v, 60, 600))];
        seconds_until_auto_pause: Int [.default(300).check(|v| checks::within(v, 300, 86400))];
        timeout_action: Text [.default("RollbackCapacityChange")]
            [.check(|v| common::one_of(v, &["ForceApplyCapacityChange", "RollbackCapacityChange"]))];
    }
}

table! {
    /// The block `restore_to_point_in_time`.
    Moment: (), create Rewind {
        restore_to_time: TimestampCell, create [.check(checks::instant)];
        restore_type: Text, create [.check(|v| common::one_of(v, &["copy-on-write", "full-copy"]))];
        source_cluster_identifier = source_db_cluster_identifier: Text, create;
        source_cluster_resource_id = source_db_cluster_resource_id: Text, create;
        use_latest_restorable_time: Flag, create;
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
impl Get<Option<&str>> for StorageType {
    fn get(from: Option<&str>) -> Value {
        from.unwrap_or("").into()
    }
}
impl Put<Option<String>> for StorageType {
    fn put(from: &Attrs, name: &str) -> Option<String> {
        text(from, name)
    }
    fn changed(from: &Attrs, name: &str) -> Option<String> {
        from.string(name).map(|kind| if kind.is_empty() { "aurora".into() } else { kind })
    }
}

/// AWS adds zones until there are three.
const ZONES: Normal = Normal::With(|wanted, now| {
    let there = now.as_elements().unwrap_or(&[]);
    wanted.as_elements().unwrap_or(&[]).iter().all(|zone| there.contains(zone))
});

table! {
    Rows: DbCluster, create Create, modify Modify; restore Restore; rewind Rewind; import Import {
        allocated_storage: Positive, pending, create, modify [.optional_computed()];
        allow_major_version_upgrade: Switch, silent;
        apply_immediately: Flag, none [.initial(false)];
        auto_minor_version_upgrade: Flag, read, create, modify [.optional_computed()];
        availability_zones: Texts, read, create, restore, import [.optional_computed().force_new().normal(ZONES)];
        backtrack_window: Count, read, make, modify [.default(0).check(|v| checks::within(v, 0, 259_200))];
        backup_retention_period: Int, pending, make, modify
            [.optional_computed().check(|v| checks::within(v, 1, 35))];
        ca_certificate_identifier: Text, create, modify [.optional_computed().read(|d| {
            let d = d.held();
            let coming = pending(d).and_then(|p| p.certificate_details()).or(d.certificate_details());
            coming.and_then(|c| c.ca_identifier()).into()
        })];
        cluster_identifier = db_cluster_identifier: Text, read, make
            [.optional_computed().force_new().check(checks::identifier)];
        cluster_identifier_prefix: Text, none [.optional_computed().force_new().check(checks::identifier_prefix)];
        cluster_members: Texts, silent [.optional_computed().normal(Normal::With(|_, _| true)).read(|d| {
            Value::string_set(d.held().db_cluster_members().iter().filter_map(|m| m.db_instance_identifier()))
        })];
        cluster_scalability_type: EnumCell
            [.optional_computed().force_new().check(|v| common::one_of(v, &["limitless", "standard"]))];
        copy_tags_to_snapshot: Switch, read, make, modify;
        database_insights_mode: EnumCell, read, create, modify [.optional_computed().check(checks::insights_mode)];
        database_name: Text, read, create, restore, import [.optional_computed().force_new()];
        db_cluster_instance_class: Text, read, create, restore, rewind, modify [.check(checks::class)];
        db_cluster_parameter_group_name: Text, read(db_cluster_parameter_group), make, modify [.optional_computed()];
        db_instance_parameter_group_name: Text, silent;
        db_subnet_group_name: Text, read(db_subnet_group), make [.optional_computed().force_new()];
        db_system_id: Text [.optional_computed().force_new()];
        delete_automated_backups: Flag, silent [.default(true)];
        deletion_protection: Switch, read, make, modify;
        domain: Text, make, modify [.read(|d| directory(d.held()).and_then(DomainMembership::domain).into())];
        domain_iam_role_name: Text, make, modify
            [.read(|d| directory(d.held()).and_then(DomainMembership::iam_role_name).into())];
        enable_global_write_forwarding: Switch, read(global_write_forwarding_requested), create, modify;
        enable_http_endpoint: Switch, read(http_endpoint_enabled), create, modify;
        enable_local_write_forwarding: Switch, create, modify [.read(|d| {
            let on = [Forwarding::Enabled, Forwarding::Enabling, Forwarding::Requested];
            d.held().local_write_forwarding_status().is_some_and(|status| on.contains(status)).into()
        })];
        enabled_cloudwatch_logs_exports = enable_cloudwatch_logs_exports: Texts, make
            [.check(checks::log_types).read(|d| {
                let pending = pending(d.held()).and_then(Pending::pending_cloudwatch_logs_exports);
                shapes::log_exports(d.held().enabled_cloudwatch_logs_exports(), pending)
            })];
        engine: Text, read, create, restore, import [.required().force_new().check(check::engine)];
        engine_lifecycle_support: Text, read, make, modify [.optional_computed().check(checks::lifecycle_support)];
        engine_mode: Text, create, restore, rewind [.default("provisioned").force_new()]
            [.normal(Normal::With(|wanted, now| wanted.as_str() == Some("") && now.as_str() == Some("provisioned")))]
            [.check(|v| common::one_of(v, &["", "global", "multimaster", "parallelquery", "provisioned", "serverless"]))]
            [.read(|d| d.held().engine_mode().unwrap_or("provisioned").into())];
        engine_version: Text, pending, create, restore, import, modify [.optional_computed().normal(checks::VERSION)];
        final_snapshot_identifier: Text, silent [.check(checks::snapshot_identifier)];
        global_cluster_identifier: Text [.force_new()];
        iam_database_authentication_enabled = enable_iam_database_authentication: Flag,
            pending(iam_database_authentication_enabled), make, modify;
        iam_roles: Texts, none [.optional_computed()]
            [.read(|d| Value::string_set(d.held().associated_roles().iter().filter_map(|r| r.role_arn())))];
        iops: Positive, pending, create, restore, rewind, modify;
        kms_key_id: Text, read, make [.optional_computed().force_new().check(checks::key_arn)];
        manage_master_user_password: Flag, create, import, modify
            [.read(|d| d.held().master_user_secret().is_some().into())];
        master_password: Text, none [.sensitive().never_returned()];
        master_password_wo: Text, none [.write_only()];
        master_password_wo_version: Int, none;
        master_user_secret_kms_key_id: Text, create, import, modify [.optional_computed().check(checks::key_arn)]
            [.read(|d| d.held().master_user_secret().and_then(|s| s.kms_key_id()).into())];
        master_username: Text, read, create, import [.optional_computed().force_new()];
        monitoring_interval: Count, read, create, restore, rewind, modify
            [.optional_computed().check(checks::monitoring_interval)];
        monitoring_role_arn: Text, read, create, restore, rewind, modify [.optional_computed()];
        network_type: Text, read, make, modify [.optional_computed().check(checks::network_type)];
        performance_insights_enabled = enable_performance_insights: Flag,
            read(performance_insights_enabled), create, restore, rewind, modify;
        performance_insights_kms_key_id: Text, read, create, restore, rewind, modify
            [.optional_computed().check(checks::key_arn)];
        performance_insights_retention_period: Positive, read, create, restore, rewind, modify
            [.optional_computed().check(checks::insights_retention)];
        port: Int, read, make, modify [.optional_computed().check(checks::port)];
        preferred_backup_window: Text, read, make, modify [.optional_computed().check(checks::backup_window)];
        preferred_maintenance_window: Text, read, create, import, modify
            [.optional_computed().normal(Normal::CaseInsensitive).check(checks::maintenance_window)];
        replication_source_identifier: Text [.normal(shapes::IDENTIFIER_OR_ARN)];
        skip_final_snapshot: Switch, silent;
        snapshot_identifier: Text, restore, silent [.force_new()];
        storage_encrypted: Flag, read, create, import [.optional_computed().force_new()];
        storage_type: StorageType, pending, make, modify
            [.check(|v| common::one_of(v, &["", "aurora", "aurora-iopt1", "gp3", "io1", "io2"]))];
        vpc_security_group_ids: Texts, make, modify
            [.optional_computed().read(|d| shapes::security_groups(d.held().vpc_security_groups()))];
        restore_to_point_in_time: Source<Moment>, none;
        s3_import: Source<Backup>, none;
        // Only a cluster that is serverless in the old way has it.
        scaling_configuration: OptionalBlock<Scaling>, create, restore, rewind, modify [.read(|d| {
            let info = d.held().scaling_configuration_info();
            OptionalBlock::<Scaling>::get(info.filter(|_| d.held().engine_mode() == Some("serverless")))
        })];
        serverlessv2_scaling_configuration = serverless_v2_scaling_configuration: OptionalBlock<Serverless>,
            read, make, modify;
        arn = db_cluster_arn: Text, read [.computed()];
        ca_certificate_valid_till: TimestampCell, none [.computed().follows(&["ca_certificate_identifier"])]
            [.read(|d| TimestampCell::get(d.held().certificate_details().and_then(|c| c.valid_till())))];
        cluster_resource_id = db_cluster_resource_id: Text, read [.computed()];
        endpoint: Text, read [.computed()];
        engine_version_actual = engine_version: Text, read [.computed().follows(&["engine_version"])];
        hosted_zone_id: Text, read [.computed()];
        master_user_secret: BlockList<Secret>, read
            [.computed().follows(&["manage_master_user_password", "master_user_secret_kms_key_id"])];
        reader_endpoint: Text, read [.computed()];
        upgrade_rollout_order: EnumCell, read [.computed()];
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

fn pending(d: &DbCluster) -> Option<&Pending> {
    d.pending_modified_values()
}

fn directory(d: &DbCluster) -> Option<&DomainMembership> {
    d.domain_memberships().first()
}

fn progress(d: &DbCluster) -> Progress {
    shapes::progress(d.status())
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
    type Live = DbCluster;

    fn spec() -> Spec<DbCluster> {
        Spec::new("aws_rds_cluster", |d: &DbCluster| d.db_cluster_identifier().map(Into::into), Rows::rows())
            .dropped(&[("source_region", "A copy of an encrypted cluster of another region is made there.")])
            .role(Role::DatabaseCluster(role::DatabaseCluster {
                name: "cluster_identifier",
                unjudged: Unjudged::Of(
                    "network and parameters",
                    &["vpc_security_group_ids", "db_cluster_parameter_group_name"],
                ),
            }))
            .own_tags(|d| tags::of(d.tag_list()))
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

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<DbCluster>> {
        shapes::described(aws, which, "db-cluster-id", "cluster_identifier").await
    }

    /// From nothing, from a snapshot, from another one as it was, from a backup in S3.
    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let rds = &aws.write.rds;
        let tags = tags::marked(want, token);
        let password = shapes::password(want, PASSWORD);
        let answer = if text(want, "snapshot_identifier").is_some() {
            let call = Rows::restore(rds.restore_db_cluster_from_snapshot(), want);
            call.set_tags(tags).send().await?.db_cluster
        } else if let Some(from) = shapes::block(want, "restore_to_point_in_time") {
            let call = Moment::create(rds.restore_db_cluster_to_point_in_time(), &from);
            Rows::rewind(call, want).set_tags(tags).send().await?.db_cluster
        } else if let Some(from) = shapes::block(want, "s3_import") {
            let call = Rows::import(Backup::import(rds.restore_db_cluster_from_s3(), &from), want);
            call.set_tags(tags).set_master_user_password(password).send().await?.db_cluster
        } else {
            let call = Rows::create(rds.create_db_cluster(), want);
            call.set_tags(tags).set_master_user_password(password).send().await?.db_cluster
        };
        made(answer.as_ref().and_then(DbCluster::db_cluster_identifier))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        modify::update(aws, id, change).await
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        modify::delete(aws, id, last).await
    }
}

//! aws_db_instance: a database of its own, with a standby in another zone if wanted.
//!
//! Its id is AWS's resource id, which a new identifier does not change. What AWS keeps pending until the
//! maintenance window is read as it will be, so that it is not a difference; `apply_immediately` brings it
//! about at once.

mod check;
mod modify;

use super::shapes::{self, Backup, Listener, Secret, Source, block};
use super::{checks, restarts};
use crate::resources::block::{TextList, TimestampCell, text};
use crate::resources::prelude::*;
use crate::schema::checks as common;
use aws_sdk_rds::operation::create_db_instance::builders::CreateDBInstanceFluentBuilder as Create;
use aws_sdk_rds::operation::create_db_instance_read_replica::builders::CreateDBInstanceReadReplicaFluentBuilder as Replica;
use aws_sdk_rds::operation::modify_db_instance::builders::ModifyDBInstanceFluentBuilder as Modify;
use aws_sdk_rds::operation::restore_db_instance_from_db_snapshot::builders::RestoreDBInstanceFromDBSnapshotFluentBuilder as Restore;
use aws_sdk_rds::operation::restore_db_instance_from_s3::builders::RestoreDBInstanceFromS3FluentBuilder as Import;
use aws_sdk_rds::operation::restore_db_instance_to_point_in_time::builders::RestoreDBInstanceToPointInTimeFluentBuilder as Rewind;
use aws_sdk_rds::types::{DbInstance, DomainMembership, PendingModifiedValues as Pending};

/// The resource type `aws_db_instance`.
pub struct AwsDbInstance;

table! {
    /// The block `restore_to_point_in_time`.
    Moment: (), create Rewind {
        restore_time: TimestampCell, create [.check(checks::instant)];
        source_db_instance_automated_backups_arn: Text, create;
        source_db_instance_identifier: Text, create;
        source_dbi_resource_id: Text, create;
        use_latest_restorable_time: Flag, create;
    }
}

table! {
    Rows: DbInstance, create Create, modify Modify; replica Replica; restore Restore; rewind Rewind; import Import {
        allocated_storage: Positive, pending, make, modify [.optional_computed()];
        allow_major_version_upgrade: Switch, silent;
        apply_immediately: Switch, none;
        auto_minor_version_upgrade: Flag, read, make, modify [.default(true)];
        availability_zone: Text, read, make [.optional_computed().force_new()];
        backup_retention_period: Int, pending, create, restore, rewind, import, modify
            [.optional_computed().check(checks::retention)];
        backup_target: Text, read, create, replica, restore, rewind
            [.optional_computed().force_new().check(|v| common::one_of(v, &["region", "outposts"]))];
        backup_window = preferred_backup_window: Text, read, create, restore, rewind, import, modify
            [.optional_computed().check(checks::backup_window)];
        ca_cert_identifier = ca_certificate_identifier: Text, pending, make, modify [.optional_computed()];
        character_set_name: Text [.optional_computed().force_new()];
        copy_tags_to_snapshot: Switch, read, make, modify;
        custom_iam_instance_profile: Text, read, create, replica, restore, rewind [.force_new()];
        customer_owned_ip_enabled = enable_customer_owned_ip: Flag,
            read(customer_owned_ip_enabled), create, replica, restore, rewind, modify;
        database_insights_mode: EnumCell, read, create, replica, import, modify
            [.optional_computed().check(checks::insights_mode)];
        db_name: Text, read, create, import [.optional_computed().force_new()];
        db_subnet_group_name: Text, make, modify [.optional_computed().read(|d| {
            let now = d.held().db_subnet_group().and_then(|g| g.db_subnet_group_name());
            pending(d.held()).and_then(Pending::db_subnet_group_name).or(now).into()
        })];
        dedicated_log_volume: Switch, pending, make, modify;
        delete_automated_backups: Flag, silent [.default(true)];
        deletion_protection: Switch, read, make, modify;
        domain: Text, create, replica, restore, rewind, modify
            [.read(|d| directory(d.held()).and_then(DomainMembership::domain).into())];
        domain_auth_secret_arn: Text, create, replica, restore, rewind, modify
            [.read(|d| directory(d.held()).and_then(DomainMembership::auth_secret_arn).into())];
        domain_dns_ips: TextList, create, replica, restore, rewind, modify
            [.read(|d| Value::strings(directory(d.held()).map(DomainMembership::dns_ips).unwrap_or_default()))];
        domain_fqdn: Text, create, replica, restore, rewind, modify
            [.optional_computed().read(|d| directory(d.held()).and_then(DomainMembership::fqdn).into())];
        domain_iam_role_name: Text, create, replica, restore, rewind, modify
            [.read(|d| directory(d.held()).and_then(DomainMembership::iam_role_name).into())];
        domain_ou: Text, create, replica, restore, rewind, modify
            [.read(|d| directory(d.held()).and_then(DomainMembership::ou).into())];
        enabled_cloudwatch_logs_exports = enable_cloudwatch_logs_exports: Texts, make
            [.check(checks::log_types).read(|d| {
                let pending = pending(d.held()).and_then(Pending::pending_cloudwatch_logs_exports);
                shapes::log_exports(d.held().enabled_cloudwatch_logs_exports(), pending)
            })];
        engine: Text, read, create, restore, rewind, import
            [.optional_computed().force_new().normal(Normal::CaseInsensitive)];
        engine_lifecycle_support: Text, read, create, restore, rewind, import, modify
            [.optional_computed().check(checks::lifecycle_support)];
        engine_version: Text, pending, create, import, modify [.optional_computed().normal(checks::VERSION)];
        final_snapshot_identifier: Text, silent [.check(checks::snapshot_identifier)];
        iam_database_authentication_enabled = enable_iam_database_authentication: Flag,
            pending(iam_database_authentication_enabled), make, modify;
        identifier = db_instance_identifier: Text,
            pending, create, replica, restore, rewind(target_db_instance_identifier), import
            [.optional_computed().check(checks::identifier)];
        identifier_prefix: Text, none [.optional_computed().force_new().check(checks::identifier_prefix)];
        instance_class = db_instance_class: Text, pending, make, modify [.required().check(checks::class)];
        iops: Positive, pending, make, modify [.optional_computed()];
        kms_key_id: Text, read, create, replica, import [.optional_computed().force_new().check(checks::key_arn)];
        license_model: Text, pending, create, restore, rewind, import, modify [.optional_computed()];
        maintenance_window = preferred_maintenance_window: Text, read, create, import, modify
            [.optional_computed().normal(Normal::CaseInsensitive).check(checks::maintenance_window)];
        manage_master_user_password: Flag, create, restore, rewind, import, modify
            [.read(|d| d.held().master_user_secret().is_some().into())];
        master_user_secret_kms_key_id: Text, create, restore, rewind, import, modify
            [.optional_computed().check(checks::key_arn)]
            [.read(|d| d.held().master_user_secret().and_then(|s| s.kms_key_id()).into())];
        max_allocated_storage: Count, read, create, replica, rewind, import, modify;
        monitoring_interval: Count, read, create, replica, import, modify
            [.default(0).check(checks::monitoring_interval)];
        monitoring_role_arn: Text, read, create, replica, import, modify [.optional_computed()];
        multi_az: Flag, pending, make, modify [.optional_computed()];
        nchar_character_set_name: Text [.optional_computed().force_new()];
        network_type: Text, read, make, modify [.optional_computed().check(checks::network_type)];
        option_group_name: Text, make, modify [.optional_computed().read(|d| option_group(d.held()).into())];
        parameter_group_name = db_parameter_group_name: Text, make, modify [.optional_computed()]
            [.read(|d| d.held().db_parameter_groups().first().and_then(|g| g.db_parameter_group_name()).into())];
        password: Text, none [.sensitive().never_returned()];
        password_wo: Text, none [.write_only()];
        password_wo_version: Int, none;
        performance_insights_enabled = enable_performance_insights: Switch,
            read(performance_insights_enabled), create, replica, import, modify;
        performance_insights_kms_key_id: Text, read, create, replica, import, modify
            [.optional_computed().check(checks::key_arn)];
        performance_insights_retention_period: Positive, read, create, replica, import, modify
            [.optional_computed().check(checks::insights_retention)];
        port: Int, make, modify(db_port_number) [.optional_computed().check(checks::port)]
            [.read(|d| pending(d.held()).and_then(Pending::port).or(port(d.held())).into())];
        publicly_accessible: Switch, read, make, modify;
        replica_mode: EnumCell, read, replica, modify
            [.optional_computed().check(|v| common::one_of(v, &["open-read-only", "mounted"]))];
        replicate_source_db: Text, none [.normal(shapes::IDENTIFIER_OR_ARN).read(|d| {
            let of_cluster = d.held().read_replica_source_db_cluster_identifier();
            d.held().read_replica_source_db_instance_identifier().or(of_cluster).into()
        })];
        skip_final_snapshot: Switch, silent;
        snapshot_identifier: Text, silent [.optional_computed().force_new()];
        storage_encrypted: Flag, read, create, import [.force_new()];
        storage_throughput: Positive, pending, make, modify [.optional_computed()];
        storage_type: Text, pending, make, modify
            [.optional_computed().check(|v| common::one_of(v, &["standard", "gp2", "gp3", "io1", "io2"]))];
        timezone: Text [.optional_computed().force_new()];
        upgrade_storage_config: Flag, replica, silent;
        username = master_username: Text, read, create, import [.optional_computed().force_new()];
        vpc_security_group_ids: Texts, make, modify
            [.optional_computed().read(|d| shapes::security_groups(d.held().vpc_security_groups()))];
        blue_green_update: check::BlueGreen, silent;
        restore_to_point_in_time: Source<Moment>, none;
        s3_import: Source<Backup>, none;
        address: Text, none [.computed().follows(&["identifier", "publicly_accessible"])]
            [.read(|d| d.held().endpoint().and_then(|e| e.address()).into())];
        arn = db_instance_arn: Text, read [.computed().follows(&["identifier"])];
        endpoint: Text, none [.computed().follows(&["identifier", "port", "publicly_accessible"]).read(|d| {
            let address = d.held().endpoint().and_then(|e| e.address());
            address.zip(port(d.held())).map(|(address, port)| format!("{address}:{port}")).into()
        })];
        engine_version_actual = engine_version: Text, read [.computed().follows(&["engine_version"])];
        hosted_zone_id: Text, none [.computed().read(|d| d.held().endpoint().and_then(|e| e.hosted_zone_id()).into())];
        latest_restorable_time: TimestampCell, read [.computed()];
        listener_endpoint: BlockList<Listener>, read [.computed()];
        master_user_secret: BlockList<Secret>, read
            [.computed().follows(&["manage_master_user_password", "master_user_secret_kms_key_id"])];
        replicas = read_replica_db_instance_identifiers: TextList, read [.computed()];
        resource_id = dbi_resource_id: Text, read [.computed()];
        status = db_instance_status: Text, read [.computed()];
        upgrade_rollout_order: EnumCell, read [.computed()];
    }
}

/// The master password: in clear, kept nowhere, and what says that the latter changes.
const PASSWORD: [&str; 3] = ["password", "password_wo", "password_wo_version"];

fn pending(d: &DbInstance) -> Option<&Pending> {
    d.pending_modified_values()
}

fn directory(d: &DbInstance) -> Option<&DomainMembership> {
    d.domain_memberships().first()
}

/// The option group that will be in force: the list also holds one on its way out.
fn option_group(d: &DbInstance) -> Option<&str> {
    let all = d.option_group_memberships();
    let stays = all.iter().find(|m| !m.status().unwrap_or_default().contains("remov"));
    stays.or(all.first())?.option_group_name()
}

fn port(d: &DbInstance) -> Option<i32> {
    d.endpoint().and_then(|e| e.port()).or(d.db_instance_port()).filter(|port| *port != 0)
}

fn progress(d: &DbInstance) -> Progress {
    shapes::progress(d.db_instance_status())
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
    type Live = DbInstance;

    fn spec() -> Spec<DbInstance> {
        Spec::new("aws_db_instance", |d: &DbInstance| d.dbi_resource_id().map(Into::into), Rows::rows::<DbInstance>())
            .role(Role::Database(role::Database {
                place: role::Place::zone("availability_zone"),
                source: "replicate_source_db",
                standby: "multi_az",
                unjudged: Unjudged::Of(
                    "network and parameters",
                    &["vpc_security_group_ids", "parameter_group_name", "option_group_name", "publicly_accessible"],
                ),
            }))
            .own_tags(|d| tags::of(d.tag_list()))
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

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<DbInstance>> {
        shapes::described(aws, which, "dbi-resource-id", "identifier").await
    }

    /// From nothing, from a snapshot, from another one as it was, as a replica, from a backup in S3. What each of the
    /// calls takes is what it takes; the rest is set afterwards.
    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let rds = &aws.write.rds;
        let tags = tags::marked(want, token);
        let password = shapes::password(want, PASSWORD);
        let answer = if let Some(source) = text(want, "replicate_source_db") {
            let call = Rows::replica(rds.create_db_instance_read_replica(), want).set_tags(tags);
            let call = if source.contains(":cluster:") {
                call.source_db_cluster_identifier(source)
            } else {
                call.source_db_instance_identifier(source)
            };
            call.send().await?.db_instance
        } else if let Some(snapshot) = text(want, "snapshot_identifier") {
            let call = Rows::restore(rds.restore_db_instance_from_db_snapshot(), want).set_tags(tags);
            let call = if snapshot.contains(":cluster-snapshot:") {
                call.db_cluster_snapshot_identifier(snapshot)
            } else {
                call.db_snapshot_identifier(snapshot)
            };
            call.set_db_name(restored_name(want)).send().await?.db_instance
        } else if let Some(from) = block(want, "restore_to_point_in_time") {
            let call = Moment::create(rds.restore_db_instance_to_point_in_time(), &from);
            Rows::rewind(call, want).set_tags(tags).set_db_name(restored_name(want)).send().await?.db_instance
        } else if let Some(from) = block(want, "s3_import") {
            let call = Rows::import(Backup::create(rds.restore_db_instance_from_s3(), &from), want);
            call.set_tags(tags).set_master_user_password(password).send().await?.db_instance
        } else {
            let call = Rows::create(rds.create_db_instance(), want);
            call.set_tags(tags).set_master_user_password(password).send().await?.db_instance
        };
        made(answer.as_ref().and_then(DbInstance::dbi_resource_id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        modify::update(aws, id, change).await
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        modify::delete(aws, id, last).await
    }
}

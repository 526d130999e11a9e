//! aws_rds_cluster: an Aurora cluster, or a Multi-AZ cluster of RDS. Its members are
//! aws_rds_cluster_instance.

mod check;
mod create;
mod modify;

use super::{checks, instance, restarts, shapes, tagging};
use crate::aws::{Aws, Error, Result};
use crate::resources::spec::{self, Progress, Resource, Spec, Tagging, Token, Which, rows};
use crate::schema::normal::Normal;
use crate::schema::{Attribute, Attrs, Change, checks as common};
use crate::value::{Number, Value};
use aws_sdk_rds::types::{
    ClusterPendingModifiedValues as Pending, ClusterScalabilityType, DatabaseInsightsMode, DbCluster, DomainMembership,
    Filter, LocalWriteForwardingStatus as Forwarding,
};

type A = spec::A<DbCluster>;
type Row = spec::A<()>;

/// The resource type `aws_rds_cluster`.
pub struct AwsRdsCluster;

fn pending(d: &DbCluster) -> Option<&Pending> {
    d.pending_modified_values()
}

/// What is pending, else what is there.
fn coming<T>(pending: Option<T>, now: Option<T>) -> Value
where
    Value: From<Option<T>>,
{
    pending.or(now).into()
}

fn domain(d: &DbCluster) -> Option<&DomainMembership> {
    d.domain_memberships().first()
}

/// AWS names the default type of Aurora's storage not at all.
const STORAGE_TYPE: Normal = Normal::With(|wanted, now| {
    let name = |v: &Value| v.as_str().unwrap_or("").replace("aurora-iopt1", "optimised").replace("aurora", "");
    name(wanted) == name(now)
});

/// AWS adds zones until there are three.
const ZONES: Normal = Normal::With(|wanted, now| {
    let there = now.as_elements().unwrap_or(&[]);
    wanted.as_elements().unwrap_or(&[]).iter().all(|zone| there.contains(zone))
});

fn capacity(n: Option<f64>) -> Value {
    n.and_then(|n| Number::parse(&n.to_string())).into()
}

fn serverless_rows() -> Vec<Attribute> {
    rows([
        Row::number("max_capacity").required(),
        Row::number("min_capacity").required(),
        Row::number("seconds_until_auto_pause").optional_computed().check(|v| checks::within(v, 300, 86400)),
    ])
}

fn serverless(d: &DbCluster) -> Value {
    let object = d.serverless_v2_scaling_configuration().map(|s| {
        Value::object([
            ("max_capacity", capacity(s.max_capacity())),
            ("min_capacity", capacity(s.min_capacity())),
            ("seconds_until_auto_pause", s.seconds_until_auto_pause().into()),
        ])
    });
    object.unwrap_or_else(|| Value::null(crate::schema::rows::object_type(&serverless_rows())))
}

fn scaling_rows() -> Vec<Attribute> {
    const ACTIONS: [&str; 2] = ["ForceApplyCapacityChange", "RollbackCapacityChange"];
    rows([
        Row::bool("auto_pause").default(true),
        Row::number("max_capacity").default(16),
        Row::number("min_capacity").default(1),
        Row::number("seconds_before_timeout").optional_computed().check(|v| checks::within(v, 60, 600)),
        Row::number("seconds_until_auto_pause").default(300).check(|v| checks::within(v, 300, 86400)),
        Row::string("timeout_action").default("RollbackCapacityChange").check(|v| common::one_of(v, &ACTIONS)),
    ])
}

/// Only a cluster that is serverless in the old way has it.
fn scaling(d: &DbCluster) -> Value {
    let info = d.scaling_configuration_info().filter(|_| d.engine_mode() == Some("serverless"));
    let object = info.map(|s| {
        Value::object([
            ("auto_pause", Value::from(s.auto_pause())),
            ("max_capacity", s.max_capacity().into()),
            ("min_capacity", s.min_capacity().into()),
            ("seconds_before_timeout", s.seconds_before_timeout().into()),
            ("seconds_until_auto_pause", s.seconds_until_auto_pause().into()),
            ("timeout_action", s.timeout_action().into()),
        ])
    });
    object.unwrap_or_else(|| Value::null(crate::schema::rows::object_type(&scaling_rows())))
}

fn restore_rows() -> Vec<Attribute> {
    rows([
        Row::string("restore_to_time").check(checks::instant),
        Row::string("restore_type").check(|v| common::one_of(v, &["copy-on-write", "full-copy"])),
        Row::string("source_cluster_identifier"),
        Row::string("source_cluster_resource_id"),
        Row::bool("use_latest_restorable_time"),
    ])
}

fn argument_rows() -> Vec<A> {
    let switch = |name| A::bool(name).default(false);
    let chosen = |name| A::string(name).optional_computed();
    let fixed = |name| A::string(name).optional_computed().force_new();
    let key = |name| A::string(name).optional_computed().check(checks::key_arn);
    vec![
        A::number("allocated_storage")
            .optional_computed()
            .read(|d| coming(pending(d).and_then(Pending::allocated_storage), d.allocated_storage())),
        switch("allow_major_version_upgrade"),
        switch("apply_immediately"),
        A::bool("auto_minor_version_upgrade").optional_computed().read(|d| d.auto_minor_version_upgrade().into()),
        A::string_set("availability_zones")
            .optional_computed()
            .force_new()
            .normal(ZONES)
            .read(|d| Value::string_set(d.availability_zones())),
        A::number("backtrack_window")
            .default(0)
            .check(|v| checks::within(v, 0, 259_200))
            .read(|d| d.backtrack_window().unwrap_or(0).into()),
        A::number("backup_retention_period")
            .default(1)
            .check(|v| checks::within(v, 1, 35))
            .read(|d| coming(pending(d).and_then(Pending::backup_retention_period), d.backup_retention_period())),
        chosen("ca_certificate_identifier").read(|d| {
            let coming = pending(d).and_then(|p| p.certificate_details()).or(d.certificate_details());
            coming.and_then(|c| c.ca_identifier()).into()
        }),
        fixed("cluster_identifier").check(checks::identifier).read(|d| d.db_cluster_identifier().into()),
        fixed("cluster_identifier_prefix").check(checks::identifier_prefix),
        A::string_set("cluster_members")
            .optional_computed()
            .normal(Normal::With(|_, _| true))
            .read(|d| Value::string_set(d.db_cluster_members().iter().filter_map(|m| m.db_instance_identifier()))),
        fixed("cluster_scalability_type")
            .check(|v| common::one_of(v, &["limitless", "standard"]))
            .read(|d| d.cluster_scalability_type().map(ClusterScalabilityType::as_str).into()),
        switch("copy_tags_to_snapshot").read(|d| d.copy_tags_to_snapshot().unwrap_or(false).into()),
        chosen("database_insights_mode")
            .check(|v| common::one_of(v, &["standard", "advanced"]))
            .read(|d| d.database_insights_mode().map(DatabaseInsightsMode::as_str).into()),
        fixed("database_name").read(|d| d.database_name().into()),
        A::string("db_cluster_instance_class").check(checks::class).read(|d| d.db_cluster_instance_class().into()),
        chosen("db_cluster_parameter_group_name").read(|d| d.db_cluster_parameter_group().into()),
        A::string("db_instance_parameter_group_name"),
        fixed("db_subnet_group_name").read(|d| d.db_subnet_group().into()),
        fixed("db_system_id").read(|d| d.db_system_id().into()),
        A::bool("delete_automated_backups").default(true),
        switch("deletion_protection").read(|d| d.deletion_protection().unwrap_or(false).into()),
        A::string("domain").read(|d| domain(d).and_then(DomainMembership::domain).into()),
        A::string("domain_iam_role_name").read(|d| domain(d).and_then(DomainMembership::iam_role_name).into()),
        switch("enable_global_write_forwarding")
            .read(|d| d.global_write_forwarding_requested().unwrap_or(false).into()),
        switch("enable_http_endpoint").read(|d| d.http_endpoint_enabled().unwrap_or(false).into()),
        switch("enable_local_write_forwarding").read(|d| {
            let on = [Forwarding::Enabled, Forwarding::Enabling, Forwarding::Requested];
            d.local_write_forwarding_status().is_some_and(|status| on.contains(status)).into()
        }),
        A::string_set("enabled_cloudwatch_logs_exports").check(checks::log_types).read(|d| {
            let pending = pending(d).and_then(Pending::pending_cloudwatch_logs_exports);
            shapes::log_exports(d.enabled_cloudwatch_logs_exports(), pending)
        }),
        A::string("engine").required().force_new().check(check::engine).read(|d| d.engine().into()),
        chosen("engine_lifecycle_support")
            .check(|v| {
                common::one_of(v, &["open-source-rds-extended-support", "open-source-rds-extended-support-disabled"])
            })
            .read(|d| d.engine_lifecycle_support().into()),
        A::string("engine_mode")
            .default("provisioned")
            .force_new()
            .check(|v| common::one_of(v, &["global", "multimaster", "parallelquery", "provisioned", "serverless"]))
            .read(|d| d.engine_mode().unwrap_or("provisioned").into()),
        chosen("engine_version")
            .normal(checks::VERSION)
            .read(|d| coming(pending(d).and_then(Pending::engine_version), d.engine_version())),
        A::string("final_snapshot_identifier").check(checks::snapshot_identifier),
        fixed("global_cluster_identifier").read(|d| d.global_cluster_identifier().into()),
        A::bool("iam_database_authentication_enabled").read(|d| {
            let now = d.iam_database_authentication_enabled().unwrap_or(false);
            coming(pending(d).and_then(Pending::iam_database_authentication_enabled), Some(now))
        }),
        A::string_set("iam_roles")
            .optional_computed()
            .read(|d| Value::string_set(d.associated_roles().iter().filter_map(|r| r.role_arn()))),
        A::number("iops").optional_computed().read(|d| coming(pending(d).and_then(Pending::iops), d.iops())),
        key("kms_key_id").force_new().read(|d| d.kms_key_id().into()),
        A::bool("manage_master_user_password").read(|d| d.master_user_secret().is_some().into()),
        A::string("master_password").sensitive().never_returned(),
        A::string("master_password_wo").write_only(),
        A::number("master_password_wo_version"),
        key("master_user_secret_kms_key_id").read(|d| d.master_user_secret().and_then(|s| s.kms_key_id()).into()),
        fixed("master_username").read(|d| d.master_username().into()),
        A::number("monitoring_interval")
            .default(0)
            .check(checks::monitoring_interval)
            .read(|d| d.monitoring_interval().unwrap_or(0).into()),
        chosen("monitoring_role_arn").read(|d| d.monitoring_role_arn().into()),
        chosen("network_type").check(|v| common::one_of(v, &["IPV4", "DUAL"])).read(|d| d.network_type().into()),
        A::bool("performance_insights_enabled").optional_computed().read(|d| d.performance_insights_enabled().into()),
        key("performance_insights_kms_key_id").read(|d| d.performance_insights_kms_key_id().into()),
        A::number("performance_insights_retention_period")
            .optional_computed()
            .check(checks::insights_retention)
            .read(|d| d.performance_insights_retention_period().into()),
        A::number("port").optional_computed().check(checks::port).read(|d| d.port().into()),
        chosen("preferred_backup_window").check(checks::backup_window).read(|d| d.preferred_backup_window().into()),
        chosen("preferred_maintenance_window")
            .normal(Normal::CaseInsensitive)
            .check(checks::maintenance_window)
            .read(|d| d.preferred_maintenance_window().into()),
        A::string("replication_source_identifier")
            .normal(shapes::IDENTIFIER_OR_ARN)
            .read(|d| d.replication_source_identifier().into()),
        switch("skip_final_snapshot"),
        fixed("snapshot_identifier"),
        A::bool("storage_encrypted")
            .optional_computed()
            .force_new()
            .read(|d| d.storage_encrypted().unwrap_or(false).into()),
        chosen("storage_type")
            .normal(STORAGE_TYPE)
            .check(|v| common::one_of(v, &["", "aurora", "aurora-iopt1", "gp3", "io1", "io2"]))
            .read(|d| coming(pending(d).and_then(Pending::storage_type), Some(d.storage_type().unwrap_or("")))),
        A::string_set("vpc_security_group_ids")
            .optional_computed()
            .read(|d| shapes::security_groups(d.vpc_security_groups())),
        A::optional_block("restore_to_point_in_time", restore_rows()).force_new(),
        shapes::s3_import(),
        A::optional_block("scaling_configuration", scaling_rows()).optional_computed().read(scaling),
        A::optional_block("serverlessv2_scaling_configuration", serverless_rows()).optional_computed().read(serverless),
    ]
}

fn computed_rows() -> Vec<A> {
    vec![
        A::string("arn").computed().read(|d| d.db_cluster_arn().into()),
        A::string("ca_certificate_valid_till")
            .computed()
            .follows(&["ca_certificate_identifier"])
            .read(|d| shapes::written(d.certificate_details().and_then(|c| c.valid_till()))),
        A::string("cluster_resource_id").computed().read(|d| d.db_cluster_resource_id().into()),
        A::string("endpoint").computed().read(|d| d.endpoint().into()),
        A::string("engine_version_actual").computed().follows(&["engine_version"]).read(|d| d.engine_version().into()),
        A::string("hosted_zone_id").computed().read(|d| d.hosted_zone_id().into()),
        shapes::secret_row()
            .computed()
            .follows(&["manage_master_user_password", "master_user_secret_kms_key_id"])
            .read(|d: &DbCluster| shapes::secret(d.master_user_secret())),
        A::string("reader_endpoint").computed().read(|d| d.reader_endpoint().into()),
        A::string("upgrade_rollout_order")
            .computed()
            .read(|d| d.upgrade_rollout_order().map(|order| order.as_str()).into()),
    ]
}

fn progress(d: &DbCluster) -> Progress {
    shapes::progress(d.status())
}

/// Aurora is upgraded within its major version, and a secondary of a global cluster copies the primary,
/// though the layout says neither.
fn managed_by_aws(want: &Attrs, now: &Attrs) -> Vec<&'static str> {
    let mut left: Vec<&'static str> = instance::version_left_to_aws(want, now).into_iter().collect();
    let global = now.str("global_cluster_identifier").is_some_and(|id| !id.is_empty());
    if global && !checks::given(want, "replication_source_identifier") {
        left.push("replication_source_identifier");
    }
    left
}

/// The clusters that filters let through.
pub async fn clusters(aws: &Aws, filters: Vec<Vec<Filter>>) -> Result<Vec<DbCluster>> {
    let calls = filters.into_iter().map(|filters| {
        let call = aws.read.rds.describe_db_clusters().set_filters(Some(filters).filter(|f| !f.is_empty()));
        async move { aws.pages(vec![Vec::new()], |_| call.clone().into_paginator().items().send()).await }
    });
    Ok(futures::future::try_join_all(calls).await?.into_iter().flatten().collect())
}

/// The cluster with this identifier.
async fn by_id(aws: &Aws, id: &str) -> Result<DbCluster> {
    let found = clusters(aws, shapes::filtered("db-cluster-id", &[id.to_owned()])).await?;
    found.into_iter().next().ok_or_else(|| Error::not_found(format!("there is no DB cluster {id}")))
}

impl Resource for AwsRdsCluster {
    type Live = DbCluster;

    fn spec() -> Spec<DbCluster> {
        let mut rows = argument_rows();
        rows.extend(computed_rows());
        rows.extend(A::tags(|d| tagging::shown(d.tag_list())));
        Spec::new("aws_rds_cluster", |d: &DbCluster| d.db_cluster_identifier().map(Into::into), rows)
            .unique(&[&["cluster_identifier"]])
            .named("cluster_identifier", "cluster_identifier_prefix")
            .conflicts(&[
                &["cluster_identifier", "cluster_identifier_prefix"],
                &["master_password", "master_password_wo", "manage_master_user_password"],
                &["snapshot_identifier", "restore_to_point_in_time", "s3_import"],
            ])
            .progress(progress)
            .tagging(Tagging::Own)
            .wait_for_deletion()
            .default_timeout(120)
            .check(check::always)
            .check_new(check::new)
            .replace_when(check::replaces)
            .interrupts(restarts::cluster)
            .interrupts_later(restarts::cluster_later)
            .undeletable(check::undeletable)
            .managed_by_aws(managed_by_aws)
            .unset_by_create(create::unset)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<DbCluster>> {
        match which {
            Which::Ids(ids) => clusters(aws, shapes::filtered("db-cluster-id", ids)).await,
            Which::NaturalKey(want) => {
                let identifier: Vec<String> = want.string("cluster_identifier").into_iter().collect();
                clusters(aws, shapes::filtered("db-cluster-id", &identifier)).await
            }
            Which::Token(token) => {
                let all = clusters(aws, vec![Vec::new()]).await?;
                Ok(all.into_iter().filter(|d| tagging::hold_token(d.tag_list(), token)).collect())
            }
        }
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        create::create(aws, want, token).await
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        modify::update(aws, id, change).await
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        modify::delete(aws, id, last).await
    }
}

//! aws_db_instance: a database of its own, with a standby in another zone if wanted.
//!
//! Its id is AWS's resource id, which a new identifier does not change. What AWS keeps pending until the
//! maintenance window is read as it will be, so that it is not a difference; `apply_immediately` brings it
//! about at once.

mod check;
mod create;
mod modify;

pub use check::last_snapshot;

use super::{checks, restarts, shapes, tagging};
use crate::aws::{Aws, Error, Result};
use crate::resources::spec::{self, Progress, Resource, Spec, Tagging, Token, Which, rows};
use crate::schema::normal::Normal;
use crate::schema::{Attrs, Change, checks as common};
use crate::value::{Type, Value};
use aws_sdk_rds::types::{
    DatabaseInsightsMode, DbInstance, DomainMembership, PendingModifiedValues as Pending, ReplicaMode,
};

type A = spec::A<DbInstance>;
type Row = spec::A<()>;

/// The resource type `aws_db_instance`.
pub struct AwsDbInstance;

fn pending(d: &DbInstance) -> Option<&Pending> {
    d.pending_modified_values()
}

/// What is pending, else what is there.
fn coming<T>(pending: Option<T>, now: Option<T>) -> Value
where
    Value: From<Option<T>>,
{
    pending.or(now).into()
}

fn domain(d: &DbInstance) -> Option<&DomainMembership> {
    d.domain_memberships().first()
}

/// The option group that will be in force: the list also holds one on its way out.
fn option_group(d: &DbInstance) -> Option<&str> {
    let all = d.option_group_memberships();
    let stays = all.iter().find(|m| !m.status().unwrap_or_default().contains("remov"));
    stays.or(all.first())?.option_group_name()
}

fn listener(d: &DbInstance) -> Value {
    let ty = Type::object([("address", Type::String), ("hosted_zone_id", Type::String), ("port", Type::Number)]);
    let object = d.listener_endpoint().map(|e| {
        Value::object([
            ("address", Value::from(e.address())),
            ("hosted_zone_id", e.hosted_zone_id().into()),
            ("port", e.port().into()),
        ])
    });
    Value::list(ty, object.into_iter().collect())
}

fn port(d: &DbInstance) -> Option<i32> {
    d.endpoint().and_then(|e| e.port()).or(d.db_instance_port()).filter(|port| *port != 0)
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
        A::bool("auto_minor_version_upgrade")
            .default(true)
            .read(|d| d.auto_minor_version_upgrade().unwrap_or(true).into()),
        fixed("availability_zone").read(|d| d.availability_zone().into()),
        A::number("backup_retention_period")
            .optional_computed()
            .check(checks::retention)
            .read(|d| coming(pending(d).and_then(Pending::backup_retention_period), d.backup_retention_period())),
        fixed("backup_target").check(|v| common::one_of(v, &["region", "outposts"])).read(|d| d.backup_target().into()),
        chosen("backup_window").check(checks::backup_window).read(|d| d.preferred_backup_window().into()),
        chosen("ca_cert_identifier")
            .read(|d| coming(pending(d).and_then(Pending::ca_certificate_identifier), d.ca_certificate_identifier())),
        fixed("character_set_name").read(|d| d.character_set_name().into()),
        switch("copy_tags_to_snapshot").read(|d| d.copy_tags_to_snapshot().unwrap_or(false).into()),
        A::string("custom_iam_instance_profile").force_new().read(|d| d.custom_iam_instance_profile().into()),
        A::bool("customer_owned_ip_enabled").read(|d| d.customer_owned_ip_enabled().unwrap_or(false).into()),
        chosen("database_insights_mode")
            .check(|v| common::one_of(v, &["standard", "advanced"]))
            .read(|d| d.database_insights_mode().map(DatabaseInsightsMode::as_str).into()),
        fixed("db_name").read(|d| d.db_name().into()),
        chosen("db_subnet_group_name").read(|d| {
            let now = d.db_subnet_group().and_then(|g| g.db_subnet_group_name());
            coming(pending(d).and_then(Pending::db_subnet_group_name), now)
        }),
        switch("dedicated_log_volume").read(|d| {
            coming(pending(d).and_then(Pending::dedicated_log_volume), Some(d.dedicated_log_volume().unwrap_or(false)))
        }),
        A::bool("delete_automated_backups").default(true),
        switch("deletion_protection").read(|d| d.deletion_protection().unwrap_or(false).into()),
        A::string("domain").read(|d| domain(d).and_then(DomainMembership::domain).into()),
        A::string("domain_auth_secret_arn").read(|d| domain(d).and_then(DomainMembership::auth_secret_arn).into()),
        A::string_set("domain_dns_ips")
            .read(|d| Value::string_set(domain(d).map(DomainMembership::dns_ips).unwrap_or_default())),
        chosen("domain_fqdn").read(|d| domain(d).and_then(DomainMembership::fqdn).into()),
        A::string("domain_iam_role_name").read(|d| domain(d).and_then(DomainMembership::iam_role_name).into()),
        chosen("domain_ou").read(|d| domain(d).and_then(DomainMembership::ou).into()),
        A::string_set("enabled_cloudwatch_logs_exports").check(checks::log_types).read(|d| {
            let pending = pending(d).and_then(Pending::pending_cloudwatch_logs_exports);
            shapes::log_exports(d.enabled_cloudwatch_logs_exports(), pending)
        }),
        fixed("engine").normal(Normal::CaseInsensitive).read(|d| d.engine().into()),
        chosen("engine_lifecycle_support")
            .check(|v| {
                common::one_of(v, &["open-source-rds-extended-support", "open-source-rds-extended-support-disabled"])
            })
            .read(|d| d.engine_lifecycle_support().into()),
        chosen("engine_version")
            .normal(checks::VERSION)
            .read(|d| coming(pending(d).and_then(Pending::engine_version), d.engine_version())),
        A::string("final_snapshot_identifier").check(checks::snapshot_identifier),
        A::bool("iam_database_authentication_enabled").read(|d| {
            let now = d.iam_database_authentication_enabled().unwrap_or(false);
            coming(pending(d).and_then(Pending::iam_database_authentication_enabled), Some(now))
        }),
        chosen("identifier")
            .check(checks::identifier)
            .read(|d| coming(pending(d).and_then(Pending::db_instance_identifier), d.db_instance_identifier())),
        fixed("identifier_prefix").check(checks::identifier_prefix),
        A::string("instance_class")
            .required()
            .check(checks::class)
            .read(|d| coming(pending(d).and_then(Pending::db_instance_class), d.db_instance_class())),
        A::number("iops").optional_computed().read(|d| coming(pending(d).and_then(Pending::iops), d.iops())),
        key("kms_key_id").force_new().read(|d| d.kms_key_id().into()),
        chosen("license_model").read(|d| coming(pending(d).and_then(Pending::license_model), d.license_model())),
        chosen("maintenance_window")
            .normal(Normal::CaseInsensitive)
            .check(checks::maintenance_window)
            .read(|d| d.preferred_maintenance_window().into()),
        A::bool("manage_master_user_password").read(|d| d.master_user_secret().is_some().into()),
        key("master_user_secret_kms_key_id").read(|d| d.master_user_secret().and_then(|s| s.kms_key_id()).into()),
        A::number("max_allocated_storage").read(|d| d.max_allocated_storage().unwrap_or(0).into()),
        A::number("monitoring_interval")
            .default(0)
            .check(checks::monitoring_interval)
            .read(|d| d.monitoring_interval().unwrap_or(0).into()),
        chosen("monitoring_role_arn").read(|d| d.monitoring_role_arn().into()),
        A::bool("multi_az")
            .optional_computed()
            .read(|d| coming(pending(d).and_then(Pending::multi_az), Some(d.multi_az().unwrap_or(false)))),
        fixed("nchar_character_set_name").read(|d| d.nchar_character_set_name().into()),
        chosen("network_type").check(|v| common::one_of(v, &["IPV4", "DUAL"])).read(|d| d.network_type().into()),
        chosen("option_group_name").read(|d| option_group(d).into()),
        chosen("parameter_group_name")
            .read(|d| d.db_parameter_groups().first().and_then(|g| g.db_parameter_group_name()).into()),
        A::string("password").sensitive().never_returned(),
        A::string("password_wo").write_only(),
        A::number("password_wo_version"),
        switch("performance_insights_enabled").read(|d| d.performance_insights_enabled().unwrap_or(false).into()),
        key("performance_insights_kms_key_id").read(|d| d.performance_insights_kms_key_id().into()),
        A::number("performance_insights_retention_period")
            .optional_computed()
            .check(checks::insights_retention)
            .read(|d| d.performance_insights_retention_period().into()),
        A::number("port")
            .optional_computed()
            .check(checks::port)
            .read(|d| coming(pending(d).and_then(Pending::port), port(d))),
        switch("publicly_accessible").read(|d| d.publicly_accessible().unwrap_or(false).into()),
        chosen("replica_mode")
            .check(|v| common::one_of(v, &["open-read-only", "mounted"]))
            .read(|d| d.replica_mode().map(ReplicaMode::as_str).into()),
        A::string("replicate_source_db").normal(shapes::IDENTIFIER_OR_ARN).read(|d| {
            let of_cluster = d.read_replica_source_db_cluster_identifier();
            d.read_replica_source_db_instance_identifier().or(of_cluster).into()
        }),
        switch("skip_final_snapshot"),
        fixed("snapshot_identifier"),
        A::bool("storage_encrypted")
            .optional_computed()
            .force_new()
            .read(|d| d.storage_encrypted().unwrap_or(false).into()),
        A::number("storage_throughput")
            .optional_computed()
            .read(|d| coming(pending(d).and_then(Pending::storage_throughput), d.storage_throughput())),
        chosen("storage_type")
            .check(|v| common::one_of(v, &["standard", "gp2", "gp3", "io1", "io2"]))
            .read(|d| coming(pending(d).and_then(Pending::storage_type), d.storage_type())),
        fixed("timezone").read(|d| d.timezone().into()),
        A::bool("upgrade_storage_config"),
        fixed("username").read(|d| d.master_username().into()),
        A::string_set("vpc_security_group_ids")
            .optional_computed()
            .read(|d| shapes::security_groups(d.vpc_security_groups())),
        A::optional_block("blue_green_update", rows([Row::bool("enabled")])).check(check::blue_green),
        A::optional_block("restore_to_point_in_time", restore_rows()).force_new(),
        shapes::s3_import(),
    ]
}

fn restore_rows() -> Vec<crate::schema::Attribute> {
    rows([
        Row::string("restore_time").check(checks::instant),
        Row::string("source_db_instance_automated_backups_arn"),
        Row::string("source_db_instance_identifier"),
        Row::string("source_dbi_resource_id"),
        Row::bool("use_latest_restorable_time"),
    ])
}

fn computed_rows() -> Vec<A> {
    vec![
        A::string("address")
            .computed()
            .follows(&["identifier", "publicly_accessible"])
            .read(|d| d.endpoint().and_then(|e| e.address()).into()),
        A::string("arn").computed().follows(&["identifier"]).read(|d| d.db_instance_arn().into()),
        A::string("endpoint").computed().follows(&["identifier", "port", "publicly_accessible"]).read(|d| {
            let address = d.endpoint().and_then(|e| e.address());
            address.zip(port(d)).map(|(address, port)| format!("{address}:{port}")).into()
        }),
        A::string("engine_version_actual").computed().follows(&["engine_version"]).read(|d| d.engine_version().into()),
        A::string("hosted_zone_id").computed().read(|d| d.endpoint().and_then(|e| e.hosted_zone_id()).into()),
        A::string("latest_restorable_time").computed().read(|d| shapes::written(d.latest_restorable_time())),
        A::of(
            "listener_endpoint",
            Type::list(Type::object([
                ("address", Type::String),
                ("hosted_zone_id", Type::String),
                ("port", Type::Number),
            ])),
        )
        .computed()
        .read(listener),
        shapes::secret_row()
            .computed()
            .follows(&["manage_master_user_password", "master_user_secret_kms_key_id"])
            .read(|d: &DbInstance| shapes::secret(d.master_user_secret())),
        A::string_list("replicas").computed().read(|d| Value::strings(d.read_replica_db_instance_identifiers())),
        A::string("resource_id").computed().read(|d| d.dbi_resource_id().into()),
        A::string("status").computed().read(|d| d.db_instance_status().into()),
        A::string("upgrade_rollout_order")
            .computed()
            .read(|d| d.upgrade_rollout_order().map(|order| order.as_str()).into()),
    ]
}

fn progress(d: &DbInstance) -> Progress {
    shapes::progress(d.db_instance_status())
}

/// AWS enlarges storage up to `max_allocated_storage`, and upgrades minor versions where it may.
fn managed_by_aws(want: &Attrs, now: &Attrs) -> Vec<&'static str> {
    let mut left = Vec::new();
    let size = |attrs: &Attrs| attrs.int("allocated_storage");
    if want.int("max_allocated_storage").is_some_and(|max| max > 0)
        && size(want).zip(size(now)).is_some_and(|(wanted, now)| wanted < now)
    {
        left.push("allocated_storage");
    }
    left.extend(version_left_to_aws(want, now));
    left
}

/// `engine_version`, if AWS upgraded it as it may.
pub fn version_left_to_aws(want: &Attrs, now: &Attrs) -> Option<&'static str> {
    let engine = now.str("engine").or(want.str("engine"))?;
    let may = want.bool("auto_minor_version_upgrade") != Some(false);
    let upgraded = checks::upgraded(engine, want.str("engine_version")?, now.str("engine_version")?);
    (may && upgraded).then_some("engine_version")
}

/// The instance with this resource id.
async fn by_id(aws: &Aws, id: &str) -> Result<DbInstance> {
    let found = shapes::instances(aws, shapes::filtered("dbi-resource-id", &[id.to_owned()])).await?;
    found.into_iter().next().ok_or_else(|| Error::not_found(format!("there is no DB instance with the id {id}")))
}

impl Resource for AwsDbInstance {
    type Live = DbInstance;

    fn spec() -> Spec<DbInstance> {
        let mut rows = argument_rows();
        rows.extend(computed_rows());
        rows.extend(A::tags(|d| tagging::shown(d.tag_list())));
        Spec::new("aws_db_instance", |d: &DbInstance| d.dbi_resource_id().map(Into::into), rows)
            .named("identifier", "identifier_prefix")
            .unique(&[&["identifier"]])
            // While one of the VPC has a public address, its internet gateway cannot be detached.
            .implicit_after(&["aws_internet_gateway"])
            .interrupts(restarts::instance)
            .interrupts_later(restarts::instance_later)
            .import("IDENTIFIER", |text| Some(vec![("identifier", text.into())]))
            .conflicts(&[
                &["identifier", "identifier_prefix"],
                &["password", "password_wo", "manage_master_user_password"],
                &["snapshot_identifier", "replicate_source_db", "restore_to_point_in_time", "s3_import"],
                &["username", "replicate_source_db"],
                &["character_set_name", "replicate_source_db"],
            ])
            .progress(progress)
            .tagging(Tagging::Own)
            .wait_for_deletion()
            .default_timeout(80)
            .check(check::always)
            .check_new(check::new)
            .replace_when(check::replaces)
            .undeletable(check::undeletable)
            .managed_by_aws(managed_by_aws)
            .unset_by_create(create::unset)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<DbInstance>> {
        match which {
            Which::Ids(ids) => shapes::instances(aws, shapes::filtered("dbi-resource-id", ids)).await,
            Which::NaturalKey(want) => {
                let identifier: Vec<String> = want.string("identifier").into_iter().collect();
                shapes::instances(aws, shapes::filtered("db-instance-id", &identifier)).await
            }
            Which::Token(token) => {
                let all = shapes::instances(aws, vec![Vec::new()]).await?;
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

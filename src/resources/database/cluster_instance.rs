//! aws_rds_cluster_instance: a member of an Aurora cluster. The cluster decides its version, credentials and
//! storage.

use super::call::{changed, given, switched};
use super::cluster::clusters;
use super::{checks, restarts, shapes, tagging};
use crate::aws::{Aws, Error, Result, made};
use crate::resources::settle;
use crate::resources::spec::{self, Progress, Resource, Spec, Tagging, Token, Which};
use crate::schema::normal::Normal;
use crate::schema::{Attrs, Change};
use aws_sdk_rds::types::{DbClusterMember, DbInstance, PendingModifiedValues as Pending};
use std::collections::{BTreeSet, HashSet};

type A = spec::A<Live>;

/// A member as listed, and whether it is the one that is written to, which only the cluster tells.
pub struct Live {
    member: DbInstance,
    writer: bool,
}

/// The resource type `aws_rds_cluster_instance`.
pub struct AwsRdsClusterInstance;

impl Live {
    fn pending(&self) -> Option<&Pending> {
        self.member.pending_modified_values()
    }
}

fn argument_rows() -> Vec<A> {
    let chosen = |name| A::string(name).optional_computed();
    let fixed = |name| A::string(name).optional_computed().force_new();
    let key = |name| A::string(name).optional_computed().check(checks::key_arn);
    vec![
        A::bool("apply_immediately").default(false),
        A::bool("auto_minor_version_upgrade")
            .default(true)
            .read(|l| l.member.auto_minor_version_upgrade().unwrap_or(true).into()),
        fixed("availability_zone").read(|l| l.member.availability_zone().into()),
        chosen("ca_cert_identifier").read(|l| {
            let pending = l.pending().and_then(Pending::ca_certificate_identifier);
            pending.or(l.member.ca_certificate_identifier()).into()
        }),
        A::string("cluster_identifier").required().force_new().read(|l| l.member.db_cluster_identifier().into()),
        A::bool("copy_tags_to_snapshot")
            .default(false)
            .read(|l| l.member.copy_tags_to_snapshot().unwrap_or(false).into()),
        A::string("custom_iam_instance_profile").force_new().read(|l| l.member.custom_iam_instance_profile().into()),
        chosen("db_parameter_group_name")
            .read(|l| l.member.db_parameter_groups().first().and_then(|g| g.db_parameter_group_name()).into()),
        fixed("db_subnet_group_name")
            .read(|l| l.member.db_subnet_group().and_then(|g| g.db_subnet_group_name()).into()),
        A::string("engine").required().force_new().read(|l| l.member.engine().into()),
        chosen("engine_version").normal(Normal::With(|_, _| true)).read(|l| l.member.engine_version().into()),
        A::bool("force_destroy").default(false),
        fixed("identifier").check(checks::identifier).read(|l| l.member.db_instance_identifier().into()),
        fixed("identifier_prefix").check(checks::identifier_prefix),
        A::string("instance_class")
            .required()
            .check(checks::class)
            .read(|l| l.pending().and_then(Pending::db_instance_class).or(l.member.db_instance_class()).into()),
        A::number("monitoring_interval")
            .default(0)
            .check(checks::monitoring_interval)
            .read(|l| l.member.monitoring_interval().unwrap_or(0).into()),
        chosen("monitoring_role_arn").read(|l| l.member.monitoring_role_arn().into()),
        A::bool("performance_insights_enabled")
            .optional_computed()
            .read(|l| l.member.performance_insights_enabled().into()),
        key("performance_insights_kms_key_id").force_new().read(|l| l.member.performance_insights_kms_key_id().into()),
        A::number("performance_insights_retention_period")
            .optional_computed()
            .check(checks::insights_retention)
            .read(|l| l.member.performance_insights_retention_period().into()),
        chosen("preferred_backup_window")
            .check(checks::backup_window)
            .read(|l| l.member.preferred_backup_window().into()),
        chosen("preferred_maintenance_window")
            .normal(Normal::CaseInsensitive)
            .check(checks::maintenance_window)
            .read(|l| l.member.preferred_maintenance_window().into()),
        A::number("promotion_tier")
            .default(0)
            .check(|v| checks::within(v, 0, 15))
            .read(|l| l.member.promotion_tier().unwrap_or(0).into()),
        A::bool("publicly_accessible").default(false).read(|l| l.member.publicly_accessible().unwrap_or(false).into()),
    ]
}

fn computed_rows() -> Vec<A> {
    vec![
        A::string("arn").computed().read(|l| l.member.db_instance_arn().into()),
        A::string("dbi_resource_id").computed().read(|l| l.member.dbi_resource_id().into()),
        A::string("endpoint").computed().read(|l| l.member.endpoint().and_then(|e| e.address()).into()),
        A::string("engine_version_actual").computed().read(|l| l.member.engine_version().into()),
        A::string("kms_key_id").computed().read(|l| l.member.kms_key_id().into()),
        A::string("network_type").computed().read(|l| l.member.network_type().into()),
        A::number("port").computed().read(|l| l.member.endpoint().and_then(|e| e.port()).into()),
        A::bool("storage_encrypted").computed().read(|l| l.member.storage_encrypted().unwrap_or(false).into()),
        A::bool("writer").computed().read(|l| l.writer.into()),
    ]
}

fn check(want: &Attrs) -> checks::Wrong {
    let mut wrong = checks::windows(want, ["preferred_backup_window", "preferred_maintenance_window"]);
    if want.int("monitoring_interval").is_some_and(|n| n > 0) && !checks::given(want, "monitoring_role_arn") {
        let text = "enhanced monitoring needs monitoring_role_arn, the role that it writes its logs with";
        wrong.push(("monitoring_interval", text.to_owned()));
    }
    wrong
}

fn progress(l: &Live) -> Progress {
    shapes::progress(l.member.db_instance_status())
}

/// Members with what their clusters say of them.
async fn with_roles(aws: &Aws, members: Vec<DbInstance>) -> Result<Vec<Live>> {
    let ids: BTreeSet<String> = members.iter().filter_map(|m| m.db_cluster_identifier.clone()).collect();
    let ids: Vec<String> = ids.into_iter().collect();
    let clusters = clusters(aws, shapes::filtered("db-cluster-id", &ids)).await?;
    let writers: HashSet<&str> = clusters
        .iter()
        .flat_map(|c| c.db_cluster_members())
        .filter(|m| m.is_cluster_writer() == Some(true))
        .filter_map(|m| m.db_instance_identifier())
        .collect();
    let role = |member: DbInstance| {
        let writer = member.db_instance_identifier().is_some_and(|id| writers.contains(id));
        Live { member, writer }
    };
    Ok(members.into_iter().filter(|m| m.db_cluster_identifier().is_some()).map(role).collect())
}

/// Lets another member of the cluster write before this one restarts, which takes less time than its
/// absence. Who is alone has nobody to hand over to.
async fn hand_over(aws: &Aws, cluster: &str, id: &str) -> Result<()> {
    let writes = || async {
        let found = clusters(aws, shapes::filtered("db-cluster-id", &[cluster.to_owned()])).await?;
        let members: Vec<_> = found.iter().flat_map(|c| c.db_cluster_members()).collect();
        let writer = |m: &&&DbClusterMember| m.is_cluster_writer() == Some(true);
        let own = members.iter().find(writer).is_some_and(|m| m.db_instance_identifier() == Some(id));
        Ok::<_, Error>(own && members.len() > 1)
    };
    if !writes().await? {
        return Ok(());
    }
    aws.write.rds.failover_db_cluster().db_cluster_identifier(cluster).send().await?;
    settle::until("another member of the cluster to write", || async { Ok(!writes().await?) }).await
}

impl Resource for AwsRdsClusterInstance {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let mut rows = argument_rows();
        rows.extend(computed_rows());
        rows.extend(A::tags(|l| tagging::shown(l.member.tag_list())));
        Spec::new("aws_rds_cluster_instance", |l: &Live| l.member.db_instance_identifier().map(Into::into), rows)
            .named("identifier", "identifier_prefix")
            .unique(&[&["identifier"]])
            // While one of the VPC has a public address, its internet gateway cannot be detached.
            .implicit_after(&["aws_internet_gateway"])
            .interrupts(restarts::member)
            .interrupts_later(restarts::member_later)
            .conflicts(&[&["identifier", "identifier_prefix"]])
            .progress(progress)
            .tagging(Tagging::Own)
            .wait_for_deletion()
            .default_timeout(90)
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let members = match which {
            Which::Ids(ids) => shapes::instances(aws, shapes::filtered("db-instance-id", ids)).await?,
            Which::NaturalKey(want) => {
                let identifier: Vec<String> = want.string("identifier").into_iter().collect();
                shapes::instances(aws, shapes::filtered("db-instance-id", &identifier)).await?
            }
            Which::Token(token) => {
                let mut all = shapes::instances(aws, vec![Vec::new()]).await?;
                all.retain(|d| tagging::hold_token(d.tag_list(), token));
                all
            }
        };
        with_roles(aws, members).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = given!(aws.write.rds.create_db_instance(), want;
            set_auto_minor_version_upgrade = bool "auto_minor_version_upgrade",
            set_availability_zone = string "availability_zone",
            set_ca_certificate_identifier = string "ca_cert_identifier",
            set_copy_tags_to_snapshot = bool "copy_tags_to_snapshot",
            set_custom_iam_instance_profile = string "custom_iam_instance_profile",
            set_db_cluster_identifier = string "cluster_identifier",
            set_db_instance_class = string "instance_class",
            set_db_instance_identifier = string "identifier",
            set_db_parameter_group_name = string "db_parameter_group_name",
            set_db_subnet_group_name = string "db_subnet_group_name",
            set_enable_performance_insights = bool "performance_insights_enabled",
            set_engine = string "engine",
            set_engine_version = string "engine_version",
            set_monitoring_interval = int "monitoring_interval",
            set_monitoring_role_arn = string "monitoring_role_arn",
            set_performance_insights_kms_key_id = string "performance_insights_kms_key_id",
            set_performance_insights_retention_period = int "performance_insights_retention_period",
            set_preferred_backup_window = string "preferred_backup_window",
            set_preferred_maintenance_window = string "preferred_maintenance_window",
            set_promotion_tier = int "promotion_tier",
            set_publicly_accessible = bool "publicly_accessible",
        );
        let answer = call.set_tags(Some(tagging::at_creation(want, token))).send().await?;
        made(answer.db_instance().and_then(DbInstance::db_instance_identifier))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        tagging::change(aws, change.before.str("arn").unwrap_or_default(), change).await?;
        change.take_any(&["engine_version", "force_destroy"]);
        let after = change.after;
        let immediately = change.fresh || after.bool("apply_immediately") == Some(true);
        if immediately && change.has("instance_class") {
            hand_over(aws, after.str("cluster_identifier").unwrap_or_default(), id).await?;
        }
        let mut call = aws.write.rds.modify_db_instance().db_instance_identifier(id).apply_immediately(immediately);
        // Turned on alone it brings about what is pending.
        let mut sent = change.take("apply_immediately").is_some() && immediately;
        changed!(call, change, sent;
            set_ca_certificate_identifier = string "ca_cert_identifier",
            set_db_instance_class = string "instance_class",
            set_db_parameter_group_name = string "db_parameter_group_name",
            set_preferred_backup_window = string "preferred_backup_window",
            set_preferred_maintenance_window = string "preferred_maintenance_window",
            set_promotion_tier = int "promotion_tier",
        );
        switched!(call, change, sent;
            auto_minor_version_upgrade = "auto_minor_version_upgrade",
            copy_tags_to_snapshot = "copy_tags_to_snapshot",
            publicly_accessible = "publicly_accessible",
        );
        if change.take_any(&["monitoring_interval", "monitoring_role_arn"]) {
            let interval = after.int("monitoring_interval").unwrap_or(0);
            let role = after.string("monitoring_role_arn").filter(|_| interval > 0);
            call = call.monitoring_interval(interval).set_monitoring_role_arn(role);
            sent = true;
        }
        if change.take_any(&["performance_insights_enabled", "performance_insights_retention_period"]) {
            let on = after.bool("performance_insights_enabled").unwrap_or(false);
            let days = after.int("performance_insights_retention_period").filter(|days| on && *days > 0);
            call = call.enable_performance_insights(on).set_performance_insights_retention_period(days);
            sent = true;
        }
        if sent {
            call.send().await?;
        }
        Ok(())
    }

    /// The last member of a cluster that copies another one goes only once the cluster is its own.
    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        let delete = || aws.write.rds.delete_db_instance().db_instance_identifier(id).send();
        let forced = last.bool("force_destroy") == Some(true);
        match delete().await.map_err(Error::from) {
            Err(e) if forced && e.is("InvalidDBClusterStateFault") && e.message.contains("read replica") => {
                let cluster = last.str("cluster_identifier").unwrap_or_default();
                aws.write.rds.promote_read_replica_db_cluster().db_cluster_identifier(cluster).send().await?;
                Err(e)
            }
            Err(e) if e.is("InvalidDBInstanceState") => {
                let now = shapes::instances(aws, shapes::filtered("db-instance-id", &[id.to_owned()])).await?;
                if now.iter().all(|d| d.db_instance_status() == Some("deleting")) { Ok(()) } else { Err(e) }
            }
            done => done.map(drop),
        }
    }
}

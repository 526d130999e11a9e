//! aws_rds_cluster_instance: a member of an Aurora cluster. The cluster decides its version, credentials and
//! storage.

use super::{checks, restarts, shapes, tagging};
use crate::resources::prelude::*;
use aws_sdk_rds::operation::create_db_instance::builders::CreateDBInstanceFluentBuilder as Create;
use aws_sdk_rds::operation::modify_db_instance::builders::ModifyDBInstanceFluentBuilder as Modify;
use aws_sdk_rds::types::{DbCluster, DbClusterMember, DbInstance};
use std::collections::{BTreeSet, HashSet};

/// A member as listed, and whether it is the writer, which only the cluster says.
pub struct Live {
    member: DbInstance,
    writer: bool,
}

impl Holds<DbInstance> for Live {
    fn held(&self) -> &DbInstance {
        &self.member
    }
}

/// The resource type `aws_rds_cluster_instance`.
pub struct AwsRdsClusterInstance;

table! {
    Rows: DbInstance, create Create, modify Modify {
        apply_immediately: Flag, none [.initial(false)];
        auto_minor_version_upgrade: Flag, read, create, modify [.default(true)];
        availability_zone: Text [.optional_computed().force_new()];
        ca_cert_identifier = ca_certificate_identifier: Text, pending, create, modify [.optional_computed()];
        cluster_identifier = db_cluster_identifier: Text [.required().force_new()];
        copy_tags_to_snapshot: Switch, read, create, modify;
        custom_iam_instance_profile: Text [.force_new()];
        db_parameter_group_name: Text, create, modify [.optional_computed()]
            [.read(|d| d.held().db_parameter_groups().first().and_then(|g| g.db_parameter_group_name()).into())];
        db_subnet_group_name: Text, create [.optional_computed().force_new()]
            [.read(|d| d.held().db_subnet_group().and_then(|g| g.db_subnet_group_name()).into())];
        engine: Text [.required().force_new()];
        engine_version: Text, read, create, silent [.optional_computed().normal(Normal::With(|_, _| true))];
        force_destroy: Switch, silent;
        identifier = db_instance_identifier: Text [.optional_computed().force_new().check(checks::identifier)];
        identifier_prefix: Text, none [.optional_computed().force_new().check(checks::identifier_prefix)];
        instance_class = db_instance_class: Text, pending, create, modify [.required().check(checks::class)];
        monitoring_interval: Count, read, create, modify [.default(0).check(checks::monitoring_interval)];
        monitoring_role_arn: Text, read, create, modify [.optional_computed()];
        performance_insights_enabled = enable_performance_insights: Flag,
            read(performance_insights_enabled), create, modify [.optional_computed()];
        performance_insights_kms_key_id: Text [.optional_computed().force_new().check(checks::key_arn)];
        performance_insights_retention_period: Positive, read, create, modify
            [.optional_computed().check(checks::insights_retention)];
        preferred_backup_window: Text, read, create, modify [.optional_computed().check(checks::backup_window)];
        preferred_maintenance_window: Text, read, create, modify
            [.optional_computed().normal(Normal::CaseInsensitive).check(checks::maintenance_window)];
        promotion_tier: Int, read, create, modify [.default(0).check(|v| checks::within(v, 0, 15))];
        publicly_accessible: Flag, read, create, modify [.optional_computed()];
        arn = db_instance_arn: Text, read [.computed()];
        dbi_resource_id: Text, read [.computed()];
        endpoint: Text, none [.computed().read(|d| d.held().endpoint().and_then(|e| e.address()).into())];
        engine_version_actual = engine_version: Text, read [.computed()];
        kms_key_id: Text, read [.computed()];
        network_type: Text, read [.computed()];
        port: Int, none [.computed().read(|d| d.held().endpoint().and_then(|e| e.port()).into())];
        storage_encrypted: Flag, read [.computed()];
    }
}

fn progress(l: &Live) -> Progress {
    shapes::progress(l.member.db_instance_status())
}

async fn clusters(aws: &Aws, ids: &[String]) -> Result<Vec<DbCluster>> {
    shapes::filtered(aws, "db-cluster-id", ids).await
}

/// Members with what their clusters say of them.
async fn with_roles(aws: &Aws, members: Vec<DbInstance>) -> Result<Vec<Live>> {
    let ids: BTreeSet<String> = members.iter().filter_map(|m| m.db_cluster_identifier.clone()).collect();
    let ids: Vec<String> = ids.into_iter().collect();
    let clusters = clusters(aws, &ids).await?;
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
        let found = clusters(aws, &[cluster.to_owned()]).await?;
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
        let mut rows = Rows::rows::<Live>();
        rows.push(A::bool("writer").computed().read(|l| l.writer.into()));
        Spec::new("aws_rds_cluster_instance", |l: &Live| l.member.db_instance_identifier().map(Into::into), rows)
            .role(Role::DatabaseMember(role::DatabaseMember {
                place: role::Place::zone("availability_zone"),
                cluster: "cluster_identifier",
                writer: "writer",
            }))
            .own_tags(|l| tags::of(l.member.tag_list()))
            .named("identifier", "identifier_prefix")
            .unique(&[&["identifier"]])
            // While one of the VPC has a public address, its internet gateway cannot be detached.
            .implicit_after(&["aws_internet_gateway"])
            .interrupts(|before, after| restarts::now(restarts::MEMBER, before, after))
            .interrupts_later(|before, after| restarts::later(restarts::MEMBER, before, after))
            .conflicts(&[&["identifier", "identifier_prefix"]])
            .progress(progress)
            .wait_for_deletion()
            .default_timeout(90)
            .check(|want| checks::database(want, ["preferred_backup_window", "preferred_maintenance_window"]))
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        with_roles(aws, shapes::described(aws, which, "db-instance-id", "identifier").await?).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.rds.create_db_instance(), want);
        let answer = call.set_tags(tags::marked(want, token)).send().await?;
        made(answer.db_instance().and_then(DbInstance::db_instance_identifier))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        tagging::change(aws, change.before.str("arn").unwrap_or_default(), change).await?;
        let immediately = change.fresh || change.after.bool("apply_immediately") == Some(true);
        if immediately && change.has("instance_class") {
            hand_over(aws, change.after.str("cluster_identifier").unwrap_or_default(), id).await?;
        }
        let modify = || aws.write.rds.modify_db_instance().db_instance_identifier(id).apply_immediately(immediately);
        // Turned on alone it brings about what is pending.
        let hurry = change.take("apply_immediately").is_some() && immediately;
        let after = shapes::sendable(change.after);
        let mut rest = change.given(&after);
        rest.join(&["monitoring_interval", "monitoring_role_arn"]);
        rest.join(&["performance_insights_enabled", "performance_insights_retention_period"]);
        let call = Rows::modify(modify(), &mut rest);
        change.rejoin(rest);
        if let Some(call) = call.or_else(|| hurry.then(modify)) {
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
                let now = Self::describe(aws, Which::Ids(&[id.to_owned()])).await?;
                if now.iter().all(|l| l.member.db_instance_status() == Some("deleting")) { Ok(()) } else { Err(e) }
            }
            done => done.map(drop),
        }
    }
}

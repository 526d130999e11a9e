//! aws_rds_cluster_instance: a member of an Aurora cluster. The cluster decides its version, credentials and
//! storage.

use super::rds::{call, is};
use super::shapes::{self, CLUSTERS, INSTANCES};
use super::{checks, restarts, tagging};
use crate::aws::api::{items, member, member_text};
use crate::resources::document::{Document, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};
use std::collections::{BTreeSet, HashSet};

/// A member as listed, and whether it is the writer, which only the cluster says.
pub struct Live {
    member: Json,
    writer: bool,
}

held!(Live: member as Json);

/// The resource type `aws_rds_cluster_instance`.
pub struct AwsRdsClusterInstance;

document! {
    Rows {
        apply_immediately = "": Flag, none [.initial(false)];
        auto_minor_version_upgrade = "AutoMinorVersionUpgrade": Flag, read, create, modify [.default(true)];
        availability_zone = "AvailabilityZone": Text [.optional_computed().force_new()];
        ca_cert_identifier = "CACertificateIdentifier": Text, pending, create, modify [.optional_computed()];
        cluster_identifier = "DBClusterIdentifier": Text [.required().force_new()];
        copy_tags_to_snapshot = "CopyTagsToSnapshot": Switch, read, create, modify;
        custom_iam_instance_profile = "CustomIamInstanceProfile": Text [.force_new()];
        db_parameter_group_name = "DBParameterGroupName": Text, create, modify [.optional_computed()]
            [.read(|d| shapes::parameter_group(d.held()).into())];
        db_subnet_group_name = "DBSubnetGroupName": Text, read("DBSubnetGroup.DBSubnetGroupName"), create
            [.optional_computed().force_new()];
        engine = "Engine": Text [.required().force_new()];
        engine_version = "EngineVersion": Text, read, create, silent
            [.optional_computed().normal(Normal::With(|_, _| true))];
        force_destroy = "": Switch, silent;
        identifier = "DBInstanceIdentifier": Text [.optional_computed().force_new().check(checks::identifier)];
        identifier_prefix = "": Text, none [.optional_computed().force_new().check(checks::identifier_prefix)];
        instance_class = "DBInstanceClass": Text, pending, create, modify [.required().check(checks::class)];
        monitoring_interval = "MonitoringInterval": Count, read, create, modify
            [.default(0).check(checks::monitoring_interval)];
        monitoring_role_arn = "MonitoringRoleArn": Text, read, create, modify [.optional_computed()];
        performance_insights_enabled = "EnablePerformanceInsights": Flag,
            read("PerformanceInsightsEnabled"), create, modify [.optional_computed()];
        performance_insights_kms_key_id = "PerformanceInsightsKMSKeyId": Text
            [.optional_computed().force_new().check(checks::key_arn)];
        performance_insights_retention_period = "PerformanceInsightsRetentionPeriod": Positive, read, create, modify
            [.optional_computed().check(checks::insights_retention)];
        preferred_backup_window = "PreferredBackupWindow": Text, read, create, modify
            [.optional_computed().check(checks::backup_window)];
        preferred_maintenance_window = "PreferredMaintenanceWindow": Text, read, create, modify
            [.optional_computed().normal(Normal::CaseInsensitive).check(checks::maintenance_window)];
        promotion_tier = "PromotionTier": Int, read, create, modify [.default(0).check(|v| checks::within(v, 0, 15))];
        publicly_accessible = "PubliclyAccessible": Flag, read, create, modify [.optional_computed()];
        arn = "DBInstanceArn": Text, read [.computed()];
        dbi_resource_id = "DbiResourceId": Text, read [.computed()];
        endpoint = "Endpoint.Address": Text, read [.computed()];
        engine_version_actual = "EngineVersion": Text, read [.computed()];
        kms_key_id = "KmsKeyId": Text, read [.computed()];
        network_type = "NetworkType": Text, read [.computed()];
        port = "Endpoint.Port": Int, read [.computed()];
        storage_encrypted = "StorageEncrypted": Flag, read [.computed()];
    }
}

fn progress(l: &Live) -> Progress {
    shapes::progress(member_text(&l.member, "DBInstanceStatus"))
}

fn identifier(member: &Json) -> Option<String> {
    member_text(member, "DBInstanceIdentifier")
}

/// The members of these clusters, as the clusters list them.
async fn members(aws: &Aws, ids: &[String]) -> Result<Vec<Json>> {
    let clusters = CLUSTERS.filtered(aws, CLUSTERS.identifier, ids).await?;
    Ok(clusters.iter().flat_map(|c| items(c, shapes::MEMBERS)).collect())
}

fn writes(member: &Json) -> bool {
    is(member, "IsClusterWriter", Some("true"))
}

/// Members with what their clusters say of them.
async fn with_roles(aws: &Aws, mut found: Vec<Json>) -> Result<Vec<Live>> {
    found.retain(|m| member(m, "DBClusterIdentifier").is_some());
    let ids: BTreeSet<String> = found.iter().filter_map(|m| member_text(m, "DBClusterIdentifier")).collect();
    let ids: Vec<String> = ids.into_iter().collect();
    let all = members(aws, &ids).await?;
    let writers: HashSet<String> = all.iter().filter(|m| writes(m)).filter_map(identifier).collect();
    let role = |member: Json| Live { writer: identifier(&member).is_some_and(|id| writers.contains(&id)), member };
    Ok(found.into_iter().map(role).collect())
}

/// Lets another member of the cluster write before this one restarts, which takes less time than its
/// absence. Who is alone has nobody to hand over to.
async fn hand_over(aws: &Aws, cluster: &str, id: &str) -> Result<()> {
    let leads = || async {
        let all = members(aws, &[cluster.to_owned()]).await?;
        let own = all.iter().find(|m| writes(m)).is_some_and(|m| identifier(m).as_deref() == Some(id));
        Ok::<_, Error>(own && all.len() > 1)
    };
    if !leads().await? {
        return Ok(());
    }
    call(aws, "FailoverDBCluster", json!({"DBClusterIdentifier": cluster})).await?;
    settle::until("another member of the cluster to write", || async { Ok(!leads().await?) }).await
}

impl Resource for AwsRdsClusterInstance {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let mut rows = Rows::rows::<Live>();
        rows.push(A::bool("writer").computed().read(|l| l.writer.into()));
        Spec::new("aws_rds_cluster_instance", |l: &Live| identifier(&l.member), rows)
            .role(Role::DatabaseMember(role::DatabaseMember {
                place: role::Place::zone("availability_zone"),
                cluster: "cluster_identifier",
                writer: "writer",
            }))
            .own_tags(|l| tags::of(&tagging::of(&l.member)))
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
        with_roles(aws, INSTANCES.described(aws, which, INSTANCES.identifier, "identifier").await?).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let answer = call(aws, "CreateDBInstance", tagging::marked(Rows::create(want), want, token)).await?;
        made(member_text(&answer, "DBInstance.DBInstanceIdentifier").as_deref())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        tagging::change(aws, change.before.str("arn").unwrap_or_default(), change).await?;
        let immediately = change.fresh || change.after.bool("apply_immediately") == Some(true);
        if immediately && change.has("instance_class") {
            hand_over(aws, change.after.str("cluster_identifier").unwrap_or_default(), id).await?;
        }
        // Turned on alone it brings about what is pending.
        let hurry = change.take("apply_immediately").is_some() && immediately;
        let after = shapes::sendable(change.after);
        let mut rest = change.given(&after);
        rest.join(&["monitoring_interval", "monitoring_role_arn"]);
        rest.join(&["performance_insights_enabled", "performance_insights_retention_period"]);
        let rows = Rows::filled(&mut rest);
        change.rejoin(rest);
        if let Some(input) = rows.or_else(|| hurry.then(|| json!({}))) {
            let of = json!({"DBInstanceIdentifier": id, "ApplyImmediately": immediately});
            call(aws, "ModifyDBInstance", joined(of, input)).await?;
        }
        Ok(())
    }

    /// The last member of a cluster that copies another one goes only once the cluster is its own.
    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        let forced = last.bool("force_destroy") == Some(true);
        match call(aws, "DeleteDBInstance", json!({"DBInstanceIdentifier": id})).await {
            Err(e) if forced && e.is("InvalidDBClusterStateFault") && e.message.contains("read replica") => {
                let cluster = last.str("cluster_identifier").unwrap_or_default();
                call(aws, "PromoteReadReplicaDBCluster", json!({"DBClusterIdentifier": cluster})).await?;
                Err(e)
            }
            Err(e) if e.is("InvalidDBInstanceState") => {
                let now = Self::describe(aws, Which::Ids(&[id.to_owned()])).await?;
                let goes = now.iter().all(|l| is(&l.member, "DBInstanceStatus", Some("deleting")));
                if goes { Ok(()) } else { Err(e) }
            }
            done => done.map(drop),
        }
    }
}

//! aws_db_instance_role_association and aws_rds_cluster_role_association: a role with which a database uses another service,
//! such as S3 to load data.

use super::rds::{ask, call};
use super::shapes::ROLES;
use crate::aws::api::{items, member_text};
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use serde_json::{Value as Json, json};

/// The resource type `aws_db_instance_role_association`.
pub struct AwsDbInstanceRoleAssociation;
/// The resource type `aws_rds_cluster_role_association`.
pub struct AwsRdsClusterRoleAssociation;

/// A database, the role, and what it is for.
pub struct Live {
    of: String,
    arn: Option<String>,
    feature: Option<String>,
    status: Option<String>,
}

static OF_INSTANCE: Composite = Composite::new(&["db_instance_identifier", "role_arn"], ",");
static OF_CLUSTER: Composite = Composite::new(&["db_cluster_identifier", "role_arn"], ",");
const WHY: &str = "it says what a database may do beside answering";

fn progress(live: &Live) -> Progress {
    match live.status.as_deref() {
        Some("PENDING") => Progress::Pending("PENDING".into()),
        Some("INVALID") => Progress::Failed("the role lets the database do nothing (INVALID)".into()),
        _ => Progress::Ready,
    }
}

fn spec(name: &'static str, key: &'static Composite, of: &'static str, feature: A<Live>) -> Spec<Live> {
    let all = vec![
        A::string(of).required().force_new().read(|l: &Live| l.of.as_str().into()),
        feature.force_new().read(|l| l.feature.as_deref().into()),
        A::string("role_arn").required().force_new().read(|l| l.arn.as_deref().into()),
    ];
    Spec::composite(name, key, all).role(Role::NotServing(WHY)).progress(progress).default_timeout(10)
}

fn live(of: &str, role: &Json) -> Live {
    let text = |name: &str| member_text(role, name);
    Live { of: of.to_owned(), arn: text("RoleArn"), feature: text("FeatureName"), status: text("Status") }
}

/// The databases that a call gives at one path, by their identifiers, with their roles at another one. Each is asked
/// for once, however many of its roles are meant.
async fn described(
    aws: &Aws,
    all: Vec<String>,
    operation: &'static str,
    by: &str,
    (path, roles): (&str, &str),
) -> Result<Vec<Live>> {
    let found = each(all, |of| async move {
        let answer = ask(aws, operation, json!({by: of})).await?;
        let roles = items(&answer, path).iter().flat_map(|d| items(d, roles)).collect::<Vec<_>>();
        Ok(roles.iter().map(|role| live(&of, role)).collect::<Vec<_>>())
    });
    Ok(found.await?.into_iter().flatten().collect())
}

/// The members that name a database, its role and what it is for.
fn input(attrs: &Attrs, by: &str, name: &str) -> Json {
    json!({by: attrs.str(name), "RoleArn": attrs.str("role_arn"), "FeatureName": text(attrs, "feature_name")})
}

impl Resource for AwsDbInstanceRoleAssociation {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let feature = A::string("feature_name").required();
        spec("aws_db_instance_role_association", &OF_INSTANCE, "db_instance_identifier", feature)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let all = which.parts(&OF_INSTANCE, "db_instance_identifier");
        let paths = ("DBInstances.DBInstance", "AssociatedRoles.DBInstanceRole");
        described(aws, all, "DescribeDBInstances", "DBInstanceIdentifier", paths).await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        call(aws, "AddRoleToDBInstance", input(want, "DBInstanceIdentifier", "db_instance_identifier")).await?;
        made(OF_INSTANCE.id(want).as_deref())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let input = input(last, "DBInstanceIdentifier", "db_instance_identifier");
        unless_gone(call(aws, "RemoveRoleFromDBInstance", input).await)
    }
}

impl Resource for AwsRdsClusterRoleAssociation {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let feature = A::string("feature_name");
        spec("aws_rds_cluster_role_association", &OF_CLUSTER, "db_cluster_identifier", feature)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let all = which.parts(&OF_CLUSTER, "db_cluster_identifier");
        described(aws, all, "DescribeDBClusters", "DBClusterIdentifier", ("DBClusters.DBCluster", ROLES)).await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        call(aws, "AddRoleToDBCluster", input(want, "DBClusterIdentifier", "db_cluster_identifier")).await?;
        made(OF_CLUSTER.id(want).as_deref())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let input = input(last, "DBClusterIdentifier", "db_cluster_identifier");
        unless_gone(call(aws, "RemoveRoleFromDBCluster", input).await)
    }
}

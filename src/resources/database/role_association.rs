//! aws_db_instance_role_association and aws_rds_cluster_role_association: a role with which a database uses another service,
//! such as S3 to load data.

use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use aws_sdk_rds::types::{DbClusterRole, DbInstanceRole};

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

fn of_instance(of: &str, role: DbInstanceRole) -> Live {
    Live { of: of.to_owned(), arn: role.role_arn, feature: role.feature_name, status: role.status }
}

fn of_cluster(of: &str, role: DbClusterRole) -> Live {
    Live { of: of.to_owned(), arn: role.role_arn, feature: role.feature_name, status: role.status }
}

impl Resource for AwsDbInstanceRoleAssociation {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let feature = A::string("feature_name").required();
        spec("aws_db_instance_role_association", &OF_INSTANCE, "db_instance_identifier", feature)
    }

    /// Each instance is asked once, however many of its roles are meant.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let found = each(which.parts(&OF_INSTANCE, "db_instance_identifier"), |of| async move {
            let answer = aws.read.rds.describe_db_instances().db_instance_identifier(&of).send().await?;
            let roles = answer.db_instances.into_iter().flatten().flat_map(|i| i.associated_roles.unwrap_or_default());
            Ok(roles.map(|role| of_instance(&of, role)).collect::<Vec<_>>())
        });
        Ok(found.await?.into_iter().flatten().collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let call = aws.write.rds.add_role_to_db_instance().set_feature_name(want.string("feature_name"));
        let call = call.set_db_instance_identifier(want.string("db_instance_identifier"));
        call.set_role_arn(want.string("role_arn")).send().await?;
        made(OF_INSTANCE.id(want).as_deref())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let call = aws.write.rds.remove_role_from_db_instance().set_feature_name(last.string("feature_name"));
        let call = call.set_db_instance_identifier(last.string("db_instance_identifier"));
        unless_gone(call.set_role_arn(last.string("role_arn")).send().await)
    }
}

impl Resource for AwsRdsClusterRoleAssociation {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let feature = A::string("feature_name");
        spec("aws_rds_cluster_role_association", &OF_CLUSTER, "db_cluster_identifier", feature)
    }

    /// Each cluster is asked once, however many of its roles are meant.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let found = each(which.parts(&OF_CLUSTER, "db_cluster_identifier"), |of| async move {
            let answer = aws.read.rds.describe_db_clusters().db_cluster_identifier(&of).send().await?;
            let roles = answer.db_clusters.into_iter().flatten().flat_map(|c| c.associated_roles.unwrap_or_default());
            Ok(roles.map(|role| of_cluster(&of, role)).collect::<Vec<_>>())
        });
        Ok(found.await?.into_iter().flatten().collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let call = aws.write.rds.add_role_to_db_cluster().set_feature_name(text(want, "feature_name"));
        let call = call.set_db_cluster_identifier(want.string("db_cluster_identifier"));
        call.set_role_arn(want.string("role_arn")).send().await?;
        made(OF_CLUSTER.id(want).as_deref())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let call = aws.write.rds.remove_role_from_db_cluster().set_feature_name(text(last, "feature_name"));
        let call = call.set_db_cluster_identifier(last.string("db_cluster_identifier"));
        unless_gone(call.set_role_arn(last.string("role_arn")).send().await)
    }
}

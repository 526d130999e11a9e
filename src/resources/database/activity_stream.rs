//! aws_rds_cluster_activity_stream: a record of what is asked of a cluster, as it is asked, in a stream of Kinesis.

use super::shapes;
use crate::resources::kms::same_key;
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use aws_sdk_rds::operation::start_activity_stream::builders::StartActivityStreamFluentBuilder as Start;
use aws_sdk_rds::types::{ActivityStreamStatus as Status, DbCluster};

/// The resource type `aws_rds_cluster_activity_stream`.
pub struct AwsRdsClusterActivityStream;

table! {
    Rows: DbCluster, create Start {
        engine_native_audit_fields_included: Switch, create [.force_new()];
        kms_key_id: Text, read(activity_stream_kms_key_id), create
            [.required().force_new().normal(Normal::With(same_key))];
        mode: EnumCell, read(activity_stream_mode), create
            [.required().force_new().check(|v| checks::one_of(v, &["sync", "async"]))];
        resource_arn: Text, read(db_cluster_arn), create [.required().force_new()];
        kinesis_stream_name = activity_stream_kinesis_stream_name: Text, read [.computed()];
    }
}

impl Resource for AwsRdsClusterActivityStream {
    type Live = DbCluster;

    fn spec() -> Spec<DbCluster> {
        let id = |d: &DbCluster| d.db_cluster_arn().map(Into::into);
        Spec::new("aws_rds_cluster_activity_stream", id, Rows::rows())
            .role(Role::NotServing("it records what a database is asked"))
            .unique(&[&["resource_arn"]])
            .recover(Recover::Key)
            .default_timeout(120)
            .wait_for_deletion()
            .progress(|d| match d.activity_stream_status() {
                Some(word @ (Status::Starting | Status::Stopping)) => Progress::Pending(word.as_str().into()),
                _ => Progress::Ready,
            })
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<DbCluster>> {
        let mut all: Vec<DbCluster> = shapes::filtered(aws, "db-cluster-id", &which.by("resource_arn")).await?;
        all.retain(|d| d.activity_stream_status().is_some_and(|status| *status != Status::Stopped));
        Ok(all)
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        Rows::create(aws.write.rds.start_activity_stream(), want).apply_immediately(true).send().await?;
        made(want.str("resource_arn"))
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let found = Self::describe(aws, Which::Ids(&[id.to_owned()])).await?;
        if found.iter().all(|d| d.activity_stream_status() == Some(&Status::Stopping)) {
            return Ok(());
        }
        unless_gone(aws.write.rds.stop_activity_stream().resource_arn(id).apply_immediately(true).send().await)
    }
}

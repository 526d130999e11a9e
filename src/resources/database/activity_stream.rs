//! aws_rds_cluster_activity_stream: a record of what is asked of a cluster, as it is asked, in a stream of Kinesis.

use super::rds::{call, is};
use super::shapes::CLUSTERS;
use crate::aws::api::member_text;
use crate::resources::document::{Document, document};
use crate::resources::kms::same_key;
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use serde_json::{Value as Json, json};

/// The resource type `aws_rds_cluster_activity_stream`.
pub struct AwsRdsClusterActivityStream;

document! {
    Rows {
        engine_native_audit_fields_included = "EngineNativeAuditFieldsIncluded": Switch, create [.force_new()];
        kms_key_id = "ActivityStreamKmsKeyId": Text, read, create("KmsKeyId")
            [.required().force_new().normal(Normal::With(same_key))];
        mode = "ActivityStreamMode": Text, read, create("Mode")
            [.required().force_new().check(|v| checks::one_of(v, &["sync", "async"]))];
        resource_arn = "DBClusterArn": Text, read, create("ResourceArn") [.required().force_new()];
        kinesis_stream_name = "ActivityStreamKinesisStreamName": Text, read [.computed()];
    }
}

fn status(d: &Json) -> Option<String> {
    member_text(d, "ActivityStreamStatus")
}

impl Resource for AwsRdsClusterActivityStream {
    type Live = Json;

    fn spec() -> Spec<Json> {
        let id = |d: &Json| member_text(d, "DBClusterArn");
        Spec::new("aws_rds_cluster_activity_stream", id, Rows::rows())
            .role(Role::NotServing("it records what a database is asked"))
            .unique(&[&["resource_arn"]])
            .recover(Recover::Key)
            .default_timeout(120)
            .wait_for_deletion()
            .progress(|d| match status(d).as_deref() {
                Some(word @ ("starting" | "stopping")) => Progress::Pending(word.into()),
                _ => Progress::Ready,
            })
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
        let mut all = CLUSTERS.filtered(aws, CLUSTERS.identifier, &which.by("resource_arn")).await?;
        all.retain(|d| status(d).is_some_and(|status| status != "stopped"));
        Ok(all)
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        call(aws, "StartActivityStream", joined(Rows::create(want), json!({"ApplyImmediately": true}))).await?;
        made(want.str("resource_arn"))
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let found = Self::describe(aws, Which::Ids(&[id.to_owned()])).await?;
        if found.iter().all(|d| is(d, "ActivityStreamStatus", Some("stopping"))) {
            return Ok(());
        }
        unless_gone(call(aws, "StopActivityStream", json!({"ResourceArn": id, "ApplyImmediately": true})).await)
    }
}

//! aws_config_configuration_recorder_status: whether a recorder records. Deleting it stops the recorder.

use crate::aws::api::services::CONFIG;
use crate::aws::api::{items, member_text};
use crate::resources::document::{Document, document};
use crate::resources::plain::Object;
use crate::resources::prelude::*;
use serde_json::json;

document! {
    /// The resource type `aws_config_configuration_recorder_status`.
    pub AwsConfigConfigurationRecorderStatus {
        is_enabled = "recording": Flag, read [.required().strict()];
        name = "name": Text, read [.required().force_new()];
    }
}

async fn set(aws: &Aws, name: &str, on: bool) -> Result<()> {
    let operation = if on { "StartConfigurationRecorder" } else { "StopConfigurationRecorder" };
    aws.write.api.call(&CONFIG, operation, json!({"ConfigurationRecorderName": name})).await.map(drop)
}

impl Resource for AwsConfigConfigurationRecorderStatus {
    type Live = Object;

    fn spec() -> Spec<Object> {
        let id = |s: &Object| Some(s.id.clone());
        Spec::new("aws_config_configuration_recorder_status", id, <Self as Document>::rows())
            .role(Role::NotServing("it writes down what is there"))
            .unique(&[&["name"]])
            .recover(Recover::Key)
            .implicit_after(&["aws_config_delivery_channel"])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Object>> {
        let one = |name: String| async move {
            let by = json!({"ConfigurationRecorderNames": [name]});
            let answer = aws.read.api.call(&CONFIG, "DescribeConfigurationRecorderStatus", by).await?;
            let found = items(&answer, "ConfigurationRecordersStatus").into_iter();
            let object = |json| Some(Object { id: member_text(&json, "name")?, json, tags: Vec::new() });
            Ok(found.filter_map(object).collect::<Vec<_>>())
        };
        Ok(each(which.by("name"), one).await?.into_iter().flatten().collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let name = want.string("name").unwrap_or_default();
        set(aws, &name, want.bool("is_enabled") == Some(true)).await?;
        Ok(name)
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        match change.take_bool("is_enabled") {
            Some(on) => set(aws, id, on).await,
            None => Ok(()),
        }
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        set(aws, id, false).await
    }
}

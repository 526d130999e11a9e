//! data.aws_sqs_queue: the queue of a name.

use super::queue;
use crate::aws::api::member_text;
use crate::aws::api::services::SQS;
use crate::resources::lookup::{self, answer, as_resource};
use crate::resources::prelude::*;
use serde_json::json;

/// The data source `aws_sqs_queue`.
pub struct AwsSqsQueue;

impl DataSource for AwsSqsQueue {
    fn schema() -> Schema {
        let own = [
            Row::string("name").required(),
            Row::string("region").optional_computed(),
            Row::of("tags", Type::map(Type::String)).optional_computed(),
            answer::<Text>("arn"),
            answer::<Text>("id"),
            answer::<Text>("url"),
        ];
        lookup::schema("aws_sqs_queue", rows(own))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = &lookup::here(aws, config);
        let name = config.str("name").unwrap_or_default();
        let urls = match aws.read.api.call(&SQS, "GetQueueUrl", json!({"QueueName": name})).await {
            Err(e) if e.is_not_found() => Vec::new(),
            answer => member_text(&answer?, "QueueUrl").into_iter().collect(),
        };
        let (_, found) = as_resource::<queue::AwsSqsQueue>(aws, urls, "queue").await?;
        let shown = ["arn", "id", "tags", "url"].into_iter().filter_map(|name| Some((name, found.get(name)?.clone())));
        Ok(lookup::found(config, aws, &shown.collect()))
    }
}

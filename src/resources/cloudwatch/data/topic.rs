//! data aws_sns_topic: a topic by its name.

use crate::resources::cloudwatch::topic::{listed, named};
use crate::resources::lookup::{Row, here, one, schema};
use crate::resources::prelude::*;

/// The data source `aws_sns_topic`.
pub struct TopicData;

impl DataSource for TopicData {
    fn schema() -> Schema {
        let all = [
            Row::string("name").required(),
            Row::of("tags", Type::map(Type::String)).optional_computed(),
            Row::string("region").optional_computed(),
            Row::string("arn").computed(),
            Row::string("id").computed(),
        ];
        schema("aws_sns_topic", rows(all))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let arns = named(&aws, config.str("name").unwrap_or_default()).await?;
        let topic = one(listed(&aws, &arns).await?, "topic")?;
        Ok(config
            .clone()
            .with("arn", &topic.arn)
            .with("id", &topic.arn)
            .with("region", &*aws.region)
            .with("tags", tags::of(&topic.tags)))
    }
}

//! data aws_sns_topic: a topic by its name.

use crate::resources::block::TextMap;
use crate::resources::cloudwatch::topic::{Topic, listed, named};
use crate::resources::lookup::{here, one, read, schema};
use crate::resources::prelude::*;
use crate::resources::spec::unread;

/// The data source `aws_sns_topic`.
pub struct TopicData;

table! {
    Rows: Topic {
        name: Text, none [.required()];
        tags: TextMap, none [.optional_computed().read(|t| tags::of(&t.held().tags))];
        region: Text, none [.optional_computed()];
        arn: Text, none [.computed().read(|t| t.held().arn.as_str().into())];
        id: Text, none [.computed().read(|t| t.held().arn.as_str().into())];
    }
}

impl DataSource for TopicData {
    fn schema() -> Schema {
        schema("aws_sns_topic", unread(Rows::rows::<Topic>()))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let arns = named(&aws, config.str("name").unwrap_or_default()).await?;
        let topic = one(listed(&aws, &arns).await?, "topic")?;
        Ok(read(config, Rows::rows(), &topic).with("region", &*aws.region))
    }
}

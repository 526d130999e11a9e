//! data aws_default_tags: the tags that the provider gives to every object.

use crate::resources::lookup::{Row, schema};
use crate::resources::prelude::*;

/// The data source `aws_default_tags`.
pub struct DefaultTags;

impl DataSource for DefaultTags {
    fn schema() -> Schema {
        let tags = Row::of("tags", Type::map(Type::String)).computed();
        schema("aws_default_tags", rows([Row::string("id").computed(), tags]))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let tags: Value = tags::visible(aws.default_tags.iter().map(|(k, v)| (k.as_str(), v.as_str())));
        Ok(config.clone().with("id", &*aws.partition).with("tags", tags))
    }
}

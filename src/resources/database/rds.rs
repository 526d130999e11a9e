//! How RDS is asked, and how its answers are read.

use crate::aws::api::services::RDS;
use crate::aws::api::{Pages, items, member_text};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// A call that changes something.
pub async fn call(aws: &Aws, operation: &'static str, input: Json) -> Result<Json> {
    aws.write.api.call(&RDS, operation, input).await
}

/// A call that changes nothing.
pub async fn ask(aws: &Aws, operation: &'static str, input: Json) -> Result<Json> {
    aws.read.api.call(&RDS, operation, input).await
}

/// All that a listing gives at `path` of its pages.
pub async fn list(aws: &Aws, operation: &'static str, input: Json, path: &str) -> Result<Vec<Json>> {
    aws.read.api.list(&RDS, operation, input, Pages("Marker", "Marker"), path).await
}

/// A filter of a listing.
pub fn filter(name: Option<&str>, values: &[String]) -> Json {
    json!({"Name": name, "Values": {"Value": values}})
}

/// The filters that a configuration gives in blocks.
pub fn filters(config: &Attrs) -> Vec<Json> {
    config.blocks("filter").iter().map(|block| filter(block.str("name"), &block.strings("values"))).collect()
}

/// What the parts at a path of an object have by this name.
pub fn each_text(object: &Json, path: &str, name: &str) -> Vec<String> {
    items(object, path).iter().filter_map(|part| member_text(part, name)).collect()
}

/// Whether an object has this text by this name.
pub fn is(object: &Json, name: &str, text: Option<&str>) -> bool {
    member_text(object, name).as_deref() == text
}

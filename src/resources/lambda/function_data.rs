//! data.aws_lambda_function: a function that is there, or one of its versions.

use super::function::{Function, Rows, described, more};
use crate::aws::api::member_text;
use crate::resources::document::Document;
use crate::resources::lookup;
use crate::resources::prelude::*;

/// The data source `aws_lambda_function`.
pub struct AwsLambdaFunction;

/// What the data source does not show.
const HIDDEN: [&str; 5] = ["function_name", "image_config", "package_type", "snap_start", "layers"];

fn shown() -> Vec<A<Function>> {
    let layers = Rows::rows().into_iter().filter(|row| row.row.name == "layers");
    let rest = Rows::rows().into_iter().chain(more()).filter(|row| !HIDDEN.contains(&row.row.name));
    rest.chain(layers).collect()
}

impl DataSource for AwsLambdaFunction {
    fn schema() -> Schema {
        let own = [
            Row::string("function_name").required(),
            Row::string("qualifier"),
            Row::string("region").optional_computed(),
            Row::string("id").computed(),
            Row::string("source_code_hash").computed(),
            Row::of("tags", Type::map(Type::String)).optional_computed(),
        ];
        let shown = shown().into_iter().map(|a| Row { row: a.row.answered(), read: None });
        lookup::schema("aws_lambda_function", rows(own.into_iter().chain(shown)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = &lookup::here(aws, config);
        let names = config.string("function_name").into_iter().collect();
        let mut found = described(aws, names, config.str("qualifier")).await?;
        if let (Some(function), Some(qualifier)) = (found.first_mut(), config.str("qualifier")) {
            function.version = member_text(&function.json, "Version").unwrap_or_else(|| qualifier.to_owned());
        }
        let function = lookup::one(found, "Lambda function")?;
        let all = lookup::read(config, shown(), &function);
        let hash = all.get("code_sha256").cloned().unwrap_or_else(Value::any_null);
        let tags = function.answer["Tags"].as_object().cloned().unwrap_or_default();
        let tags = tags::visible(tags.iter().filter_map(|(k, v)| Some((k.as_str(), v.as_str()?))));
        let id = config.string("function_name").unwrap_or_default();
        Ok(all.with("id", id).with("source_code_hash", hash).with("tags", tags).with("region", &*aws.region))
    }
}

//! data.aws_ssm_parameters_by_path: the parameters whose names begin with a path. Their values are never shown.

use crate::aws::api::services::SSM;
use crate::aws::api::{Pages, member_text};
use crate::resources::block::TextList;
use crate::resources::lookup::{self, answer};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// The data source `aws_ssm_parameters_by_path`.
pub struct AwsSsmParametersByPath;

impl DataSource for AwsSsmParametersByPath {
    fn schema() -> Schema {
        let own = [
            Row::string("path").required(),
            Row::bool("recursive").default(false),
            Row::string("region").optional_computed(),
            Row::bool("with_decryption").default(true),
            answer::<TextList>("arns"),
            answer::<Text>("id"),
            answer::<TextList>("names"),
            answer::<TextList>("types"),
            answer::<TextList>("values").sensitive(),
        ];
        lookup::schema("aws_ssm_parameters_by_path", rows(own))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = &lookup::here(aws, config);
        let path = config.str("path").unwrap_or_default();
        let input = json!({
            "Path": path,
            "Recursive": config.bool("recursive").unwrap_or(false),
            "WithDecryption": config.bool("with_decryption").unwrap_or(true),
        });
        let pages = Pages("NextToken", "NextToken");
        let mut found = aws.read.api.list(&SSM, "GetParametersByPath", input, pages, "Parameters").await?;
        found.sort_by_key(|one| member_text(one, "Name"));
        let all = |name: &str| Value::strings(found.iter().filter_map(|one: &Json| member_text(one, name)));
        let texts = config.clone().with("arns", all("ARN")).with("names", all("Name")).with("types", all("Type"));
        Ok(texts.with("values", all("Value").mark(true)).with("id", path).with("region", &*aws.region))
    }
}

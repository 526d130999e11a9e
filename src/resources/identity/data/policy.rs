//! data aws_iam_policy: a managed policy, ours or AWS's, by its ARN or by name, path and tags.

use crate::aws::api::member_text;
use crate::resources::document::at;
use crate::resources::identity::policy::{found, listed};
use crate::resources::identity::tags_of;
use crate::resources::lookup::{one, schema};
use crate::resources::prelude::*;

/// The data source `aws_iam_policy`.
pub struct PolicyData;

impl DataSource for PolicyData {
    fn schema() -> Schema {
        let own = [
            Row::string("arn").optional_computed(),
            Row::string("name").optional_computed(),
            Row::string("path_prefix"),
            Row::of("tags", Type::map(Type::String)).optional_computed(),
            Row::number("attachment_count").computed(),
        ];
        let texts = ["description", "id", "path", "policy", "policy_id"];
        let all = rows(own.into_iter().chain(texts.map(|name| Row::string(name).computed())));
        Schema { conflicts: &[&["arn", "name"], &["arn", "path_prefix"]], ..schema("aws_iam_policy", all) }
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let arns = match config.string("arn") {
            Some(arn) => vec![arn],
            None => found(aws, "All", config.str("path_prefix"), config.str("name")).await?,
        };
        let mut all = listed(aws, &arns).await?;
        let wanted = config.string_map("tags");
        all.retain(|live| tags::hold_all(&tags_of(live), &wanted));
        let live = one(all, "policy")?;
        let text = |name: &str| member_text(&live, name);
        Ok(config
            .clone()
            .with("arn", text("Arn"))
            .with("attachment_count", at::<Int>(&live, "AttachmentCount"))
            .with("description", text("Description"))
            .with("id", text("Arn"))
            .with("name", text("PolicyName"))
            .with("path", text("Path"))
            .with("policy", text("Document"))
            .with("policy_id", text("PolicyId"))
            .with("tags", tags::of(&tags_of(&live))))
    }
}

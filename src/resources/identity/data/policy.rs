//! data aws_iam_policy: a managed policy, ours or AWS's, by its ARN or by name, path and tags.

use crate::resources::identity::policy::{found, listed};
use crate::resources::lookup::{one, schema};
use crate::resources::prelude::*;
use aws_sdk_iam::types::PolicyScopeType;

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
            None => found(aws, PolicyScopeType::All, config.str("path_prefix"), config.str("name")).await?,
        };
        let mut all = listed(aws, &arns).await?;
        let wanted = config.string_map("tags");
        all.retain(|live| tags::hold_all(live.policy.tags(), &wanted));
        let live = one(all, "policy")?;
        let policy = &live.policy;
        Ok(config
            .clone()
            .with("arn", policy.arn())
            .with("attachment_count", policy.attachment_count())
            .with("description", policy.description())
            .with("id", policy.arn())
            .with("name", policy.policy_name())
            .with("path", policy.path())
            .with("policy", live.document.as_str())
            .with("policy_id", policy.policy_id())
            .with("tags", tags::of(policy.tags())))
    }
}

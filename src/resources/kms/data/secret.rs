use crate::aws::api::{items, member_text};
use crate::resources::block::TimestampCell;
use crate::resources::document::at;
use crate::resources::kms::secret::{described, is_deleted, policy_of};
use crate::resources::lookup::{here, schema};
use crate::resources::prelude::*;

/// The data source `aws_secretsmanager_secret`.
pub struct SecretData;

impl DataSource for SecretData {
    fn schema() -> Schema {
        let texts = ["created_date", "description", "id", "kms_key_id", "last_changed_date", "policy", "type"];
        let given = ["arn", "name", "region"].map(|n| Row::string(n).optional_computed());
        let tags = Row::of("tags", crate::value::Type::map(crate::value::Type::String)).optional_computed();
        let computed = texts.map(|n| Row::string(n).computed());
        let all = given.into_iter().chain([tags]).chain(computed);
        Schema { exactly_one: &[&["arn", "name"]], ..schema("aws_secretsmanager_secret", rows(all)) }
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let id = config.str("arn").or(config.str("name")).unwrap_or_default();
        let s = described(&aws, id).await?;
        if is_deleted(&s) {
            return Err(Error::not_found(format!("the secret {id} is scheduled for deletion")));
        }
        let policy = policy_of(&aws, id).await?;
        let text = |name: &str| member_text(&s, name);
        Ok(config
            .clone()
            .with("arn", text("ARN"))
            .with("created_date", at::<TimestampCell>(&s, "CreatedDate"))
            .with("description", text("Description"))
            .with("id", text("ARN"))
            .with("kms_key_id", text("KmsKeyId"))
            .with("last_changed_date", at::<TimestampCell>(&s, "LastChangedDate"))
            .with("name", text("Name"))
            .with("policy", policy)
            .with("region", &*aws.region)
            .with("tags", tags::of(&items(&s, "Tags")))
            .with("type", text("Type")))
    }
}

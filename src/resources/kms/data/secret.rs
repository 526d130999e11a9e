use crate::resources::kms::secret::{described, policy_of};
use crate::resources::lookup::{here, schema, time};
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
        if s.deleted_date().is_some() {
            return Err(Error::not_found(format!("the secret {id} is scheduled for deletion")));
        }
        let policy = policy_of(&aws, id).await?;
        Ok(config
            .clone()
            .with("arn", s.arn())
            .with("created_date", time(s.created_date()))
            .with("description", s.description())
            .with("id", s.arn())
            .with("kms_key_id", s.kms_key_id())
            .with("last_changed_date", time(s.last_changed_date()))
            .with("name", s.name())
            .with("policy", policy)
            .with("region", &*aws.region)
            .with("tags", tags::of(s.tags()))
            .with("type", s.r#type()))
    }
}

use crate::resources::kms::kms_alias::listed;
use crate::resources::lookup::{here, one, schema};
use crate::resources::prelude::*;

/// The data source `aws_kms_alias`.
pub struct KmsAliasData;

impl DataSource for KmsAliasData {
    fn schema() -> Schema {
        let mut all = vec![Row::string("name").required(), Row::string("region").optional_computed()];
        all.extend(["arn", "id", "target_key_arn", "target_key_id"].map(|n| Row::string(n).computed()));
        schema("aws_kms_alias", rows(all))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let name = config.str("name").unwrap_or_default();
        let found: Vec<_> = listed(&aws).await?.into_iter().filter(|a| a.name == name).collect();
        let alias = one(found, "KMS alias")?;
        Ok(config
            .clone()
            .with("arn", &alias.arn)
            .with("id", &alias.arn)
            .with("region", &*aws.region)
            .with("target_key_arn", &alias.key_arn)
            .with("target_key_id", &alias.key_id))
    }
}

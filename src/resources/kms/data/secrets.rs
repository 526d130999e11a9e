//! data aws_secretsmanager_secrets and data aws_secretsmanager_random_password: the secrets that match, and a password that
//! AWS makes up.

use crate::aws::api::member_text;
use crate::aws::api::services::SECRETS;
use crate::resources::kms::secret::found;
use crate::resources::lookup::{here, schema};
use crate::resources::prelude::*;
use serde_json::json;

/// The data source `aws_secretsmanager_secrets`.
pub struct SecretListData;
/// The data source `aws_secretsmanager_random_password`.
pub struct RandomPasswordData;

impl DataSource for SecretListData {
    fn schema() -> Schema {
        let filter = rows([Row::string("name").required(), Row::string_set("values").required()]);
        let all = [
            Row::string_set("arns").computed(),
            Row::string("id").computed(),
            Row::string_set("names").computed(),
            Row::string("region").optional_computed(),
            Row::block("filter", Nesting::Set, filter),
        ];
        schema("aws_secretsmanager_secrets", rows(all))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let filter = |block: &Attrs| json!({"Key": block.str("name"), "Values": block.strings("values")});
        let all = found(&aws, some(config.blocks("filter").iter().map(filter).collect())).await?;
        let each = |name: &str| Value::string_set(all.iter().filter_map(|secret| member_text(secret, name)));
        Ok(config
            .clone()
            .with("arns", each("ARN"))
            .with("id", &*aws.region)
            .with("names", each("Name"))
            .with("region", &*aws.region))
    }
}

const FLAGS: [&str; 6] = [
    "exclude_lowercase",
    "exclude_numbers",
    "exclude_punctuation",
    "exclude_uppercase",
    "include_space",
    "require_each_included_type",
];

impl DataSource for RandomPasswordData {
    fn schema() -> Schema {
        let own = [
            Row::string("exclude_characters"),
            Row::string("id").computed(),
            Row::number("password_length")
                .default(32)
                .check(|v| checks::number(v, |n| (1..=4096).contains(&n), "is not between 1 and 4096")),
            Row::string("random_password").computed(),
            Row::string("region").optional_computed(),
        ];
        schema("aws_secretsmanager_random_password", rows(FLAGS.map(Row::bool).into_iter().chain(own)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let [lowercase, numbers, punctuation, uppercase, space, each] = FLAGS.map(|name| config.bool(name));
        let input = json!({
            "ExcludeCharacters": text(config, "exclude_characters"),
            "ExcludeLowercase": lowercase,
            "ExcludeNumbers": numbers,
            "ExcludePunctuation": punctuation,
            "ExcludeUppercase": uppercase,
            "IncludeSpace": space,
            "RequireEachIncludedType": each,
            "PasswordLength": config.get("password_length").and_then(Value::as_i64),
        });
        let made = member_text(&aws.read.api.call(&SECRETS, "GetRandomPassword", input).await?, "RandomPassword");
        Ok(config.clone().with("id", made.clone()).with("random_password", made).with("region", &*aws.region))
    }
}

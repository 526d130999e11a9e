//! data.aws_cognito_user_pools: the pools with a name, which several can have.

use crate::aws::api::member_text;
use crate::resources::block::TextList;
use crate::resources::lookup::{self, answer};
use crate::resources::prelude::*;

/// The data source `aws_cognito_user_pools`.
pub struct AwsCognitoUserPools;

impl DataSource for AwsCognitoUserPools {
    fn schema() -> Schema {
        let asked = [Row::string("name").required(), Row::string("region").optional_computed()];
        let answers = [answer::<TextList>("arns"), answer::<Text>("id"), answer::<TextList>("ids")];
        lookup::schema("aws_cognito_user_pools", rows(asked.into_iter().chain(answers)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = &lookup::here(aws, config);
        let name = config.str("name").unwrap_or_default();
        let found = super::pools(aws).await?.into_iter().filter(|pool| pool["Name"] == name);
        let mut ids: Vec<String> = found.filter_map(|pool| member_text(&pool, "Id")).collect();
        ids.sort_unstable();
        let arn =
            |id: &String| format!("arn:{}:cognito-idp:{}:{}:userpool/{id}", aws.partition, aws.region, aws.account);
        let arns: Vec<String> = ids.iter().map(arn).collect();
        let all = config.clone().with("id", name).with("ids", Value::strings(ids)).with("arns", Value::strings(arns));
        Ok(all.with("region", &*aws.region))
    }
}

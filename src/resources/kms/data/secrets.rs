//! data aws_secretsmanager_secrets and data aws_secretsmanager_random_password: the secrets that match, and a password that
//! AWS makes up.

use crate::resources::lookup::{here, schema};
use crate::resources::prelude::*;
use aws_sdk_secretsmanager::types::{Filter, FilterNameStringType};

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
        let filter = |block: &Attrs| {
            let name = block.str("name").map(FilterNameStringType::from);
            Filter::builder().set_key(name).set_values(Some(block.strings("values"))).build()
        };
        let filters = some(config.blocks("filter").iter().map(filter).collect());
        let call = aws.read.secretsmanager.list_secrets().set_filters(filters);
        let pages = all_of(call.into_paginator().send()).await?;
        let all: Vec<_> = pages.into_iter().flat_map(|page| page.secret_list.unwrap_or_default()).collect();
        Ok(config
            .clone()
            .with("arns", Value::string_set(all.iter().filter_map(|s| s.arn())))
            .with("id", &*aws.region)
            .with("names", Value::string_set(all.iter().filter_map(|s| s.name())))
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
        let call = aws
            .read
            .secretsmanager
            .get_random_password()
            .set_exclude_characters(text(config, "exclude_characters"))
            .set_exclude_lowercase(lowercase)
            .set_exclude_numbers(numbers)
            .set_exclude_punctuation(punctuation)
            .set_exclude_uppercase(uppercase)
            .set_include_space(space)
            .set_require_each_included_type(each)
            .set_password_length(config.get("password_length").and_then(Value::as_i64));
        let made = call.send().await?.random_password;
        Ok(config.clone().with("id", made.clone()).with("random_password", made).with("region", &*aws.region))
    }
}

//! aws_db_option_group: features of the engine that are switched on one by one. An option is given whole
//! again when anything of it changes; a setting that the layout no longer names gets its default back.

use super::tagging::{self, Tagged};
use super::{DESCRIPTION, checks};
use crate::aws::{Aws, Result, made};
use crate::resources::spec::{self, Resource, Spec, Tagging, Token, Which, rows};
use crate::schema::{Attribute, Attrs, Change, Nesting};
use crate::value::{Type, Value};
use aws_sdk_rds::types::{Option as DbOption, OptionConfiguration, OptionGroup, OptionSetting};

type Live = Tagged<OptionGroup>;
type A = spec::A<Live>;
type Row = spec::A<()>;

/// The resource type `aws_db_option_group`.
pub struct AwsDbOptionGroup;

fn option_rows() -> Vec<Attribute> {
    let settings = rows([Row::string("name").required(), Row::string("value").required()]);
    rows([
        Row::string("option_name").required(),
        Row::string_set("db_security_group_memberships").optional_computed(),
        Row::number("port").optional_computed(),
        Row::string("version").optional_computed(),
        Row::string_set("vpc_security_group_memberships").optional_computed(),
        Row::block("option_settings", Nesting::Set, settings),
    ])
}

/// Settings that are not as the engine has them by itself.
fn own_settings(option: &DbOption) -> impl Iterator<Item = &OptionSetting> {
    option.option_settings().iter().filter(|s| s.value().is_some() && s.value() != s.default_value())
}

fn collapse(options: &[DbOption]) -> Value {
    let setting = |s: &OptionSetting| {
        Value::object([
            ("name", Value::from(s.name().unwrap_or_default())),
            ("value", s.value().unwrap_or_default().into()),
        ])
    };
    let settings_type = Type::object([("name", Type::String), ("value", Type::String)]);
    let block = |o: &DbOption| {
        let db = o.db_security_group_memberships().iter().filter_map(|m| m.db_security_group_name());
        let vpc = o.vpc_security_group_memberships().iter().filter_map(|m| m.vpc_security_group_id());
        Value::object([
            ("option_name", Value::from(o.option_name().unwrap_or_default())),
            ("db_security_group_memberships", Value::string_set(db)),
            ("port", o.port().into()),
            ("version", o.option_version().into()),
            ("vpc_security_group_memberships", Value::string_set(vpc)),
            ("option_settings", Value::set(settings_type.clone(), own_settings(o).map(setting).collect())),
        ])
    };
    let ty = crate::schema::rows::object_type(&option_rows());
    Value::set(ty, options.iter().map(block).collect())
}

/// An option as a call takes it. `now` is how it is, if it is there.
fn configuration(block: &Attrs, now: Option<&DbOption>) -> OptionConfiguration {
    let filled = |name: &str| Some(block.strings(name)).filter(|all| !all.is_empty());
    let settings = block.blocks("option_settings");
    let named = |name: Option<&str>| settings.iter().any(|s| s.str("name") == name);
    let given =
        settings.iter().map(|s| OptionSetting::builder().set_name(s.string("name")).set_value(s.string("value")));
    let back = now.into_iter().flat_map(own_settings).filter(|s| !named(s.name()));
    let back = back.map(|s| {
        OptionSetting::builder().set_name(s.name.clone()).set_value(s.default_value.clone().or(Some(String::new())))
    });
    OptionConfiguration::builder()
        .set_option_name(block.string("option_name"))
        .set_port(block.int("port"))
        .set_option_version(block.string("version"))
        .set_db_security_group_memberships(filled("db_security_group_memberships"))
        .set_vpc_security_group_memberships(filled("vpc_security_group_memberships"))
        .set_option_settings(Some(given.chain(back).map(|s| s.build()).collect()))
        .build()
}

fn key(group: &OptionGroup) -> Option<(&str, &str)> {
    group.option_group_name().zip(group.option_group_arn())
}

impl Resource for AwsDbOptionGroup {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let [tags, tags_all] = A::tags(|l| tagging::shown(&l.tags));
        let rows = vec![
            A::string("engine_name").required().force_new().read(|l| l.group.engine_name().into()),
            A::string("major_engine_version").required().force_new().read(|l| l.group.major_engine_version().into()),
            A::string("name")
                .optional_computed()
                .force_new()
                .check(checks::group_name)
                .read(|l| l.group.option_group_name().into()),
            A::string("name_prefix").optional_computed().force_new().check(checks::group_name_prefix),
            A::string("option_group_description")
                .default(DESCRIPTION)
                .force_new()
                .read(|l| l.group.option_group_description().into()),
            A::block("option", Nesting::Set, option_rows()).read(|l| collapse(l.group.options())),
            A::bool("skip_destroy").default(false),
            A::string("arn").computed().read(|l| l.group.option_group_arn().into()),
            tags,
            tags_all,
        ];
        Spec::new("aws_db_option_group", |l: &Live| l.group.option_group_name().map(Into::into), rows)
            .unique(&[&["name"]])
            .named("name", "name_prefix")
            .conflicts(&[&["name", "name_prefix"]])
            .tagging(Tagging::Own)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let all = aws
            .pages(vec![Vec::new()], |_| aws.read.rds.describe_option_groups().into_paginator().items().send())
            .await?;
        tagging::chosen(aws, which, all, key).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let answer = aws
            .write
            .rds
            .create_option_group()
            .set_option_group_name(want.string("name"))
            .set_engine_name(want.string("engine_name"))
            .set_major_engine_version(want.string("major_engine_version"))
            .set_option_group_description(want.string("option_group_description"))
            .set_tags(Some(tagging::at_creation(want, token)))
            .send()
            .await?;
        made(answer.option_group().and_then(OptionGroup::option_group_name))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("skip_destroy");
        if let Some((gone, new)) = change.take_elements("option") {
            let answer = aws.read.rds.describe_option_groups().option_group_name(id).send().await?;
            let now: Vec<&DbOption> = answer.option_groups_list().iter().flat_map(OptionGroup::options).collect();
            let of = |name: Option<&str>| now.iter().copied().find(|o| o.option_name() == name);
            let new: Vec<Attrs> = new.iter().map(Attrs::from_value).collect();
            let stays = |name: &str| new.iter().any(|block| block.str("option_name") == Some(name));
            let gone = gone.iter().map(Attrs::from_value).filter_map(|block| block.string("option_name"));
            let gone: Vec<String> = gone.filter(|name| !stays(name)).collect();
            let include: Vec<_> = new.iter().map(|block| configuration(block, of(block.str("option_name")))).collect();
            aws.write
                .rds
                .modify_option_group()
                .option_group_name(id)
                .set_options_to_include(Some(include).filter(|all| !all.is_empty()))
                .set_options_to_remove(Some(gone).filter(|all| !all.is_empty()))
                .apply_immediately(true)
                .send()
                .await?;
        }
        tagging::change(aws, change.before.str("arn").unwrap_or_default(), change).await
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        if last.bool("skip_destroy") != Some(true) {
            aws.write.rds.delete_option_group().option_group_name(id).send().await?;
        }
        Ok(())
    }
}

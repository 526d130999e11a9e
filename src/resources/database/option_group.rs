//! aws_db_option_group: features of the engine that are switched on one by one. An option is given whole
//! again when anything of it changes; a setting that the layout no longer names gets its default back.

use super::tagging::{self, Tagged};
use super::{DESCRIPTION, checks};
use crate::resources::block::some;
use crate::resources::prelude::*;
use crate::schema::{Mode, equal};
use aws_sdk_rds::operation::create_option_group::builders::CreateOptionGroupFluentBuilder as Create;
use aws_sdk_rds::types::{Option as DbOption, OptionConfiguration, OptionGroup, OptionSetting};

type Live = Tagged<OptionGroup>;

/// The resource type `aws_db_option_group`.
pub struct AwsDbOptionGroup;

block! {
    /// A setting of an option.
    Setting: OptionSetting => OptionSetting {
        name: Text [.required()];
        value: Text [.required()];
    }
    /// An option of the engine.
    Choice: DbOption => OptionConfiguration {
        option_name: Text [.required()];
        db_security_group_memberships: Texts, create [.read(|o| {
            Value::string_set(o.held().db_security_group_memberships().iter().filter_map(|m| m.db_security_group_name()))
        })];
        port: Int [.empty_is_null()];
        version = option_version: Text;
        vpc_security_group_memberships: Texts, create [.read(|o| {
            let all = o.held().vpc_security_group_memberships().iter();
            Value::string_set(all.filter_map(|m| m.vpc_security_group_id()))
        })];
        option_settings: BlockSet<Setting>, create
            [.read(|o| BlockSet::<Setting>::get(&own_settings(o.held()).cloned().collect::<Vec<_>>()[..]))];
    }
}

table! {
    Rows: OptionGroup, create Create {
        engine_name: Text [.required().force_new()];
        major_engine_version: Text [.required().force_new()];
        name = option_group_name: Text [.optional_computed().force_new().check(checks::group_name)];
        name_prefix: Text, none [.optional_computed().force_new().check(checks::group_name_prefix)];
        option_group_description: Text [.default(DESCRIPTION).force_new()];
        option = options: BlockSet<Choice>, read [.normal(Normal::With(alike))];
        skip_destroy: Switch, silent;
        arn = option_group_arn: Text, read [.computed()];
    }
}

/// Settings that are not as the engine has them by itself.
fn own_settings(option: &DbOption) -> impl Iterator<Item = &OptionSetting> {
    option.option_settings().iter().filter(|s| s.value().is_some() && s.value() != s.default_value())
}

/// Whether wanted options are those that are there: what one leaves out of its own the engine chooses.
fn alike(wanted: &Value, now: &Value) -> bool {
    let mut rows = Choice::rows();
    rows.iter_mut().filter(|row| row.mode == Mode::Optional).for_each(|row| row.mode = Mode::OptionalComputed);
    let [wanted, now] = [wanted, now].map(|all| all.as_elements().unwrap_or(&[]));
    let pairs = equal::matched(wanted, now, |a, b| !equal::objects_differ(&rows, a, b, equal::Origin::Kept));
    wanted.len() == now.len() && pairs.iter().all(Option::is_some)
}

/// An option as a call takes it. `now` is how it is, if it is there: its settings that are no longer named get their
/// defaults back.
fn configuration(block: &Attrs, now: Option<&DbOption>) -> OptionConfiguration {
    let settings = block.blocks("option_settings");
    let named = |name: Option<&str>| settings.iter().any(|s| s.str("name") == name);
    let back = now.into_iter().flat_map(own_settings).filter(|s| !named(s.name()));
    let back = back.map(|s| {
        let value = s.default_value.clone().or(Some(String::new()));
        OptionSetting::builder().set_name(s.name.clone()).set_value(value).build()
    });
    let mut option = Choice::write(block);
    option.option_settings.get_or_insert_default().extend(back);
    option
}

impl Resource for AwsDbOptionGroup {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::new("aws_db_option_group", |l: &Live| l.option_group_name().map(Into::into), Rows::rows())
            .role(Role::Settings(Unjudged::All("parameters")))
            .own_tags(|l| tags::of(&l.tags))
            .by_name()
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let all = all_of(aws.read.rds.describe_option_groups().into_paginator().items().send()).await?;
        tagging::chosen(aws, which, all, |group| group.option_group_name().zip(group.option_group_arn())).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.rds.create_option_group(), want);
        let answer = call.set_tags(tags::marked(want, token)).send().await?;
        made(answer.option_group().and_then(OptionGroup::option_group_name))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("skip_destroy");
        if let Some((gone, new)) = change.take_elements("option") {
            let live = settle::now::<Self>(aws, id).await?;
            let of = |name: Option<&str>| live.options().iter().find(|o| o.option_name() == name);
            let new: Vec<Attrs> = new.iter().map(Attrs::from_value).collect();
            let stays = |name: &String| new.iter().any(|block| block.str("option_name") == Some(name));
            let gone = gone.iter().map(Attrs::from_value).filter_map(|block| block.string("option_name"));
            let include = new.iter().map(|block| configuration(block, of(block.str("option_name")))).collect();
            let call = aws.write.rds.modify_option_group().option_group_name(id).apply_immediately(true);
            let call = call.set_options_to_remove(some(gone.filter(|name| !stays(name)).collect()));
            call.set_options_to_include(some(include)).send().await?;
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

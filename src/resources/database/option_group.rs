//! aws_db_option_group: features of the engine that are switched on one by one. An option is given whole
//! again when anything of it changes; a setting that the layout no longer names gets its default back.

use super::rds::{call, each_text, is, list};
use super::tagging::{self, Tagged};
use super::{DESCRIPTION, checks};
use crate::aws::api::{items, member_text};
use crate::resources::document::{Document, Unordered, at, document};
use crate::resources::prelude::*;
use crate::resources::spec::unread;
use crate::schema::{Mode, equal};
use serde_json::{Value as Json, json};

/// The member that has its name.
const NAME: &str = "OptionGroupName";

/// The resource type `aws_db_option_group`.
pub struct AwsDbOptionGroup;

document! {
    /// A setting of an option.
    Setting {
        name = "Name": Text [.required()];
        value = "Value": Text [.required()];
    }
}

document! {
    /// An option of the engine.
    Choice {
        option_name = "OptionName": Text [.required()];
        db_security_group_memberships = "DBSecurityGroupMemberships.DBSecurityGroupName": Texts, create [.read(|o| {
            Value::string_set(each_text(o.held(), "DBSecurityGroupMemberships.DBSecurityGroup", "DBSecurityGroupName"))
        })];
        port = "Port": Int [.empty_is_null()];
        version = "OptionVersion": Text;
        vpc_security_group_memberships = "VpcSecurityGroupMemberships.VpcSecurityGroupId": Texts, create [.read(|o| {
            let path = "VpcSecurityGroupMemberships.VpcSecurityGroupMembership";
            Value::string_set(each_text(o.held(), path, "VpcSecurityGroupId"))
        })];
        option_settings = "OptionSettings.OptionSetting": Unordered<Setting>, create
            [.read(|o| at::<Unordered<Setting>>(&json!({"Own": own_settings(o.held())}), "Own"))];
    }
}

document! {
    Rows {
        engine_name = "EngineName": Text [.required().force_new()];
        major_engine_version = "MajorEngineVersion": Text [.required().force_new()];
        name = "OptionGroupName": Text [.optional_computed().force_new().check(checks::group_name)];
        name_prefix = "": Text, none [.optional_computed().force_new().check(checks::group_name_prefix)];
        option_group_description = "OptionGroupDescription": Text [.default(DESCRIPTION).force_new()];
        option = "Options.Option": Unordered<Choice>, read [.normal(Normal::With(alike))];
        skip_destroy = "": Switch, silent;
        arn = "OptionGroupArn": Text, read [.computed()];
    }
}

/// Settings that are not as the engine has them by itself.
fn own_settings(option: &Json) -> Vec<Json> {
    let mut all = items(option, "OptionSettings.OptionSetting");
    all.retain(|s| member_text(s, "Value").is_some_and(|value| Some(value) != member_text(s, "DefaultValue")));
    all
}

/// Whether wanted options are those that are there: what one leaves out of its own the engine chooses.
fn alike(wanted: &Value, now: &Value) -> bool {
    let mut rows = unread(Choice::rows::<Json>());
    rows.iter_mut().filter(|row| row.mode == Mode::Optional).for_each(|row| row.mode = Mode::OptionalComputed);
    let [wanted, now] = [wanted, now].map(|all| all.as_elements().unwrap_or(&[]));
    let pairs = equal::matched(wanted, now, |a, b| !equal::objects_differ(&rows, a, b, equal::Origin::Kept));
    wanted.len() == now.len() && pairs.iter().all(Option::is_some)
}

/// An option as a call takes it. `now` is how it is, if it is there: its settings that are no longer named get their
/// defaults back.
fn configuration(block: &Attrs, now: Option<&Json>) -> Json {
    let mut option = Choice::create(block);
    let mut settings = items(&option, "OptionSettings.OptionSetting");
    let mut gone = now.map(own_settings).unwrap_or_default();
    gone.retain(|s| settings.iter().all(|given| given["Name"] != s["Name"]));
    let default = |s: &Json| member_text(s, "DefaultValue").unwrap_or_default();
    settings.extend(gone.iter().map(|s| json!({"Name": s["Name"], "Value": default(s)})));
    option["OptionSettings"] = json!({"OptionSetting": settings});
    option
}

impl Resource for AwsDbOptionGroup {
    type Live = Tagged;

    fn spec() -> Spec<Tagged> {
        Spec::new("aws_db_option_group", |l: &Tagged| member_text(l, NAME), Rows::rows())
            .role(Role::Settings(Unjudged::All("parameters")))
            .own_tags(|l| tags::of(&l.tags))
            .by_name()
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Tagged>> {
        let all = list(aws, "DescribeOptionGroups", json!({}), "OptionGroupsList.OptionGroup").await?;
        tagging::chosen(aws, which, all, NAME, "OptionGroupArn").await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let answer = call(aws, "CreateOptionGroup", tagging::marked(Rows::create(want), want, token)).await?;
        made(member_text(&answer, "OptionGroup.OptionGroupName").as_deref())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("skip_destroy");
        if let Some((gone, new)) = change.take_elements("option") {
            let live = settle::now::<Self>(aws, id).await?;
            let live = items(&live, "Options.Option");
            let of = |name: Option<&str>| live.iter().find(|o| is(o, "OptionName", name));
            let new: Vec<Attrs> = new.iter().map(Attrs::from_value).collect();
            let stays = |name: &String| new.iter().any(|block| block.str("option_name") == Some(name));
            let gone = gone.iter().map(Attrs::from_value).filter_map(|block| block.string("option_name"));
            let remove: Vec<String> = gone.filter(|name| !stays(name)).collect();
            let include: Vec<Json> =
                new.iter().map(|block| configuration(block, of(block.str("option_name")))).collect();
            let input = json!({
                NAME: id,
                "OptionsToInclude": {"OptionConfiguration": include},
                "OptionsToRemove": {"member": remove},
                "ApplyImmediately": true,
            });
            call(aws, "ModifyOptionGroup", input).await?;
        }
        tagging::change(aws, change.before.str("arn").unwrap_or_default(), change).await
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        if last.bool("skip_destroy") != Some(true) {
            call(aws, "DeleteOptionGroup", json!({NAME: id})).await?;
        }
        Ok(())
    }
}

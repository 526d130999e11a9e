//! aws_cloudwatch_event_rule: which events, or which times, start something. Its id is its name, with the bus before it
//! where that is not the default one. One call makes it and changes it.

use super::DEFAULT_BUS;
use crate::aws::api::services::EVENTS;
use crate::aws::api::{Service, member_text};
use crate::resources::document::{Document, document};
use crate::resources::plain::{Object, Plain, Tags};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

const STATES: &[&str] = &["DISABLED", "ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"];

document! {
    /// The resource type `aws_cloudwatch_event_rule`.
    pub AwsCloudwatchEventRule {
        arn = "Arn": Text, read [.computed()];
        description = "Description": Text, read, create, modify;
        event_bus_name = "EventBusName": Text [.default(DEFAULT_BUS).force_new()];
        event_pattern = "EventPattern": Text, read, create, modify [.normal(Normal::Json).check(checks::json)];
        force_destroy = "": Switch, none;
        is_enabled = "": Flag, none [.stays().read(|r| enabled(r.held()))];
        name = "Name": Text [.optional_computed().force_new()];
        name_prefix = "": Text, none [.optional_computed().force_new()];
        role_arn = "RoleArn": Text, read, create, modify;
        schedule_expression = "ScheduleExpression": Text, read, create, modify;
        state = "State": Text, read [.stays().check(|v| checks::one_of(v, STATES))];
    }
}

fn enabled(rule: &Json) -> Value {
    member_text(rule, "State").is_some_and(|state| state != "DISABLED").into()
}

/// Bus and name of `NAME` or `BUS/NAME`. A bus may be an ARN.
fn parts(id: &str) -> (&str, &str) {
    id.rsplit_once('/').unwrap_or((DEFAULT_BUS, id))
}

fn joined(bus: &str, name: &str) -> String {
    if bus.is_empty() || bus == DEFAULT_BUS { name.to_owned() } else { format!("{bus}/{name}") }
}

fn state(want: &Attrs) -> Option<String> {
    let switch = |on: bool| if on { "ENABLED" } else { "DISABLED" }.to_owned();
    text(want, "state").or_else(|| want.bool("is_enabled").map(switch))
}

impl Plain for AwsCloudwatchEventRule {
    const SERVICE: &'static Service = &EVENTS;
    const CREATE: &'static str = "PutRule";
    const READ: (&'static str, &'static str) = ("DescribeRule", "");
    const UPDATE: &'static str = "PutRule";
    const DELETE: &'static str = "DeleteRule";
    const TAGS: Option<Tags> = Some(Tags {
        list: "ListTagsForResource",
        set: "TagResource",
        unset: "UntagResource",
        by: ("ResourceARN", "Arn"),
        members: ("Tags", "TagKeys"),
        create: "Tags",
        pairs: Some(("Key", "Value")),
    });

    fn specification() -> Spec<Object> {
        Spec::new("aws_cloudwatch_event_rule", |rule: &Object| Some(rule.id.clone()), <Self as Document>::rows())
            .role(Role::NotServing("it starts work, and takes no traffic"))
            .named("name", "name_prefix")
            .conflicts(&[&["name", "name_prefix"], &["state", "is_enabled"]])
            .unique(&[&["event_bus_name", "name"]])
            .recover(Recover::Key)
            .id_from(|attrs| Some(joined(attrs.str("event_bus_name").unwrap_or_default(), attrs.str("name")?)))
            .import("BUS/NAME", |text| {
                let (bus, name) = parts(text);
                Some(vec![("event_bus_name", bus.into()), ("name", name.into())])
            })
    }

    fn key(id: &str) -> Json {
        let (bus, name) = parts(id);
        json!({"EventBusName": bus, "Name": name})
    }

    fn id(want: &Attrs, _answer: &Json) -> Option<String> {
        Some(joined(want.str("event_bus_name").unwrap_or_default(), want.str("name")?))
    }

    fn input(_aws: &Aws, want: &Attrs, _token: &Token) -> Json {
        let mut input = <Self as Document>::create(want);
        input["State"] = state(want).unwrap_or_else(|| "ENABLED".into()).into();
        input
    }

    /// The call sets everything anew: what it leaves out is gone.
    fn change(change: &mut Change<'_>) -> Option<Json> {
        change.take("force_destroy");
        let switched = change.take_any(&["state", "is_enabled"]);
        let whole = <Self as Document>::whole(change);
        if whole.is_none() && !switched {
            return None;
        }
        let mut input = <Self as Document>::create(change.after);
        input["State"] = state(change.after).or_else(|| text(change.before, "state")).into();
        Some(input)
    }

    async fn found(_aws: &Aws, want: &Attrs) -> Result<Vec<String>> {
        Ok(Self::id(want, &Json::Null).into_iter().collect())
    }

    async fn before_delete(aws: &Aws, id: &str, last: &Attrs) -> Result<bool> {
        if last.bool("force_destroy") == Some(true) {
            let (bus, name) = parts(id);
            let rule = json!({"EventBusName": bus, "Rule": name, "Force": true});
            let answer = aws.read.api.call(&EVENTS, "ListTargetsByRule", rule.clone()).await?;
            let ids: Vec<&Json> = answer["Targets"].as_array().into_iter().flatten().map(|t| &t["Id"]).collect();
            if !ids.is_empty() {
                let mut input = rule;
                input["Ids"] = json!(ids);
                aws.write.api.call(&EVENTS, "RemoveTargets", input).await?;
            }
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_bus_is_not_named() {
        assert_eq!((joined("default", "r"), joined("own", "r")), ("r".into(), "own/r".into()));
        assert_eq!((parts("r"), parts("own/r")), (("default", "r"), ("own", "r")));
    }
}

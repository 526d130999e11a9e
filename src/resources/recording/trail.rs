//! aws_cloudtrail: writes the calls of an account into a bucket. Each part of it changes by a call of its own.

use crate::aws::api::services::CLOUDTRAIL;
use crate::aws::api::{items, member, member_text};
use crate::resources::block::TextList;
use crate::resources::document::{Document, Many, Unordered, at, document};
use crate::resources::plain::{Object, joined};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    Field {
        ends_with = "EndsWith": TextList;
        equals = "Equals": TextList;
        field = "Field": Text [.required()];
        not_ends_with = "NotEndsWith": TextList;
        not_equals = "NotEquals": TextList;
        not_starts_with = "NotStartsWith": TextList;
        starts_with = "StartsWith": TextList;
    }
}
document! {
    Advanced {
        field_selector = "FieldSelectors": Unordered<Field> [.required().count(1, None)];
        name = "Name": Text;
    }
}
document! {
    Data {
        r#type = "Type": Text [.required()];
        values = "Values": TextList [.required()];
    }
}
document! {
    Selector {
        data_resource = "DataResources": Many<Data>;
        exclude_management_event_sources = "ExcludeManagementEventSources": Texts;
        include_management_events = "IncludeManagementEvents": Flag [.default(true)];
        read_write_type = "ReadWriteType": Text
            [.default("All").check(|v| checks::one_of(v, &["All", "ReadOnly", "WriteOnly"]))];
    }
}
document! {
    Insight {
        insight_type = "InsightType": Text [.required()];
    }
}
document! {
    /// The resource type `aws_cloudtrail`.
    pub AwsCloudtrail {
        advanced_event_selector = "AdvancedEventSelectors": Many<Advanced>, read;
        arn = "TrailARN": Text, read [.computed()];
        cloud_watch_logs_group_arn = "CloudWatchLogsLogGroupArn": Text, read, create, modify;
        cloud_watch_logs_role_arn = "CloudWatchLogsRoleArn": Text, read, create, modify;
        enable_log_file_validation = "EnableLogFileValidation": Switch, create, modify
            [.read(|l| at::<Switch>(l.held(), "LogFileValidationEnabled"))];
        enable_logging = "IsLogging": Flag, read [.default(true)];
        event_selector = "EventSelectors": Many<Selector>, none [.count(0, Some(5)).read(|l| selectors(l.held()))];
        home_region = "HomeRegion": Text, read [.computed()];
        include_global_service_events = "IncludeGlobalServiceEvents": Flag, read, create, modify [.default(true)];
        insight_selector = "InsightSelectors": Unordered<Insight>, read;
        is_multi_region_trail = "IsMultiRegionTrail": Switch, read, create, modify;
        is_organization_trail = "IsOrganizationTrail": Switch, read, create, modify;
        kms_key_id = "KmsKeyId": Text, read, create, modify;
        name = "Name": Text [.required().force_new()];
        s3_bucket_name = "S3BucketName": Text, read, create, modify [.required()];
        s3_key_prefix = "S3KeyPrefix": Text, read, create, modify;
        sns_topic_arn = "SnsTopicARN": Text, read [.computed().follows(&["sns_topic_name"])];
        sns_topic_name = "SnsTopicName": Text, create, modify
            [.normal(Normal::With(same_topic)).read(|l| member_text(l.held(), "SnsTopicARN").into())];
    }
}

/// A topic is named by its name or its ARN.
fn same_topic(a: &Value, b: &Value) -> bool {
    let name = |value: &Value| value.as_str().and_then(|text| text.rsplit(':').next()).map(str::to_owned);
    name(a) == name(b)
}

/// The selector of a trail that nobody gave one: all calls, and no data.
fn default_selector() -> Json {
    json!({"ReadWriteType": "All", "IncludeManagementEvents": true, "DataResources": []})
}

fn selectors(live: &Json) -> Value {
    let default = json!({"All": [default_selector()]});
    let (given, other) = (at::<Many<Selector>>(live, "EventSelectors"), at::<Many<Selector>>(&default, "All"));
    if given == other { at::<Many<Selector>>(&Json::Null, "All") } else { given }
}

fn pairs(tags: Vec<(String, String)>) -> Json {
    tags.into_iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect()
}

/// A trail with what further calls give.
async fn whole(aws: &Aws, name: &str) -> Result<Option<Object>> {
    let call = |operation, input| aws.read.api.call(&CLOUDTRAIL, operation, input);
    let answer = call("GetTrail", json!({"Name": name})).await?;
    let Some(mut trail) = member(&answer, "Trail").cloned() else { return Ok(None) };
    let Some(arn) = member_text(&trail, "TrailARN") else { return Ok(None) };
    trail["IsLogging"] = call("GetTrailStatus", json!({"Name": arn})).await?["IsLogging"].take();
    if trail["HasCustomEventSelectors"] == true {
        let mut found = call("GetEventSelectors", json!({"TrailName": arn})).await?;
        for name in ["EventSelectors", "AdvancedEventSelectors"] {
            trail[name] = found[name].take();
        }
    }
    if trail["HasInsightSelectors"] == true {
        trail["InsightSelectors"] =
            call("GetInsightSelectors", json!({"TrailName": arn})).await?["InsightSelectors"].take();
    }
    let answer = call("ListTags", json!({"ResourceIdList": [arn]})).await?;
    let tags = items(&answer, "ResourceTagList").first().map(|one| items(one, "TagsList")).unwrap_or_default();
    let pair = |tag: &Json| Some((member_text(tag, "Key")?, member_text(tag, "Value").unwrap_or_default()));
    Ok(Some(Object { id: arn, json: trail, tags: tags.iter().filter_map(pair).collect() }))
}

impl Resource for AwsCloudtrail {
    type Live = Object;

    fn spec() -> Spec<Object> {
        Spec::new("aws_cloudtrail", |t: &Object| Some(t.id.clone()), <Self as Document>::rows())
            .role(Role::NotServing("it writes down what is called"))
            .own_tags(|t| tags::of(&t.tags))
            .unique(&[&["name"]])
            .recover(Recover::Key)
            .conflicts(&[&["event_selector", "advanced_event_selector"]])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Object>> {
        let found = each(which.by("name"), |name| async move { whole(aws, &name).await });
        Ok(found.await?.into_iter().flatten().collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let mut input = <Self as Document>::create(want);
        input["TagsList"] = pairs(want.string_map("tags_all").into_iter().collect());
        let answer = aws.write.api.call(&CLOUDTRAIL, "CreateTrail", input).await?;
        made(member_text(&answer, "TrailARN").as_deref())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let call = |operation, input: Json| aws.write.api.call(&CLOUDTRAIL, operation, input);
        if let Some(all) = <Self as Document>::whole(change) {
            call("UpdateTrail", joined(json!({"Name": id}), all)).await?;
        }
        if change.take_any(&["event_selector", "advanced_event_selector"]) {
            let of = |name: &str, create: fn(&Attrs) -> Json| -> Vec<Json> {
                change.after.blocks(name).iter().map(create).collect()
            };
            let advanced = of("advanced_event_selector", Advanced::create);
            let plain = of("event_selector", Selector::create);
            let input = match (advanced.is_empty(), plain.is_empty()) {
                (false, _) => json!({"TrailName": id, "AdvancedEventSelectors": advanced}),
                (true, false) => json!({"TrailName": id, "EventSelectors": plain}),
                (true, true) => json!({"TrailName": id, "EventSelectors": [default_selector()]}),
            };
            call("PutEventSelectors", input).await?;
        }
        if change.take("insight_selector").is_some() {
            let all: Vec<Json> = change.after.blocks("insight_selector").iter().map(Insight::create).collect();
            call("PutInsightSelectors", json!({"TrailName": id, "InsightSelectors": all})).await?;
        }
        if let Some(on) = change.take_bool("enable_logging") {
            call(if on { "StartLogging" } else { "StopLogging" }, json!({"Name": id})).await?;
        }
        let set = |tags: Vec<(String, String)>| call("AddTags", json!({"ResourceId": id, "TagsList": pairs(tags)}));
        let unset = |keys: Vec<String>| {
            let keys: Vec<Json> = keys.into_iter().map(|key| json!({"Key": key})).collect();
            call("RemoveTags", json!({"ResourceId": id, "TagsList": keys}))
        };
        tags::change(change, set, unset).await.map(drop)
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        aws.write.api.call(&CLOUDTRAIL, "DeleteTrail", json!({"Name": id})).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trail_without_selectors_shows_none() {
        assert_eq!(selectors(&json!({"EventSelectors": [default_selector()]})).as_elements().map(<[_]>::len), Some(0));
        let mut other = default_selector();
        other["ReadWriteType"] = "ReadOnly".into();
        assert_eq!(selectors(&json!({"EventSelectors": [other]})).as_elements().map(<[_]>::len), Some(1));
    }
}

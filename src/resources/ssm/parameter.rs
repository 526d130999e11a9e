//! aws_ssm_parameter: a value by its name. It is read with every plan, so that a value that others changed is a
//! difference. One that is given write-only is never read: a tag on the parameter says so, as AWS does not.

use crate::aws::api::services::SSM;
use crate::aws::api::{Pages, items, member, member_text};
use crate::resources::document::{Document, document};
use crate::resources::plain::{Object, joined};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

const TYPES: [&str; 3] = ["String", "StringList", "SecureString"];
const SECURE: &str = "SecureString";
const TIERS: [&str; 3] = ["Standard", "Advanced", "Intelligent-Tiering"];
const DATA_TYPES: [&str; 3] = ["text", "aws:ec2:image", "aws:ssm:integration"];
/// The arguments that hold the value.
const VALUES: [&str; 3] = ["value", "insecure_value", "value_wo"];
/// The tag of a parameter whose value is kept nowhere else. Tags with this beginning are never shown.
const UNREAD: &str = "floorplan:write-only";
/// How many names one listing takes.
const NAMES: usize = 50;

document! {
    /// The resource type `aws_ssm_parameter`.
    pub AwsSsmParameter {
        allowed_pattern = "AllowedPattern": Text, read, create, modify;
        arn = "ARN": Text, read [.optional_computed()];
        data_type = "DataType": Text [.optional_computed().force_new().check(|v| checks::one_of(v, &DATA_TYPES))];
        description = "Description": Text, read, create, modify;
        insecure_value = "": Text, none [.optional_computed().follows(&["value"])];
        key_id = "KeyId": Text, read, create, modify [.optional_computed().follows(&["type"])];
        name = "Name": Text [.required().force_new().check(name)];
        overwrite = "": Flag, none;
        tier = "Tier": Text, read, create, modify [.optional_computed().check(|v| checks::one_of(v, &TIERS))];
        r#type = "Type": Text, read, create, modify [.required().check(|v| checks::one_of(v, &TYPES))];
        value = "": Text, none [.optional_computed().sensitive().read(|l| shown(l.held()))];
        value_wo = "": Text, none [.write_only()];
        value_wo_version = "": Int, none;
        version = "Version": Int, read [.computed().follows(&[
            "allowed_pattern", "description", "insecure_value", "key_id", "tier", "type", "value", "value_wo_version",
        ])];
    }
}

fn name(value: &Value) -> Result<(), String> {
    let fits = |text: &str| {
        text.len() <= 1011
            && text.chars().all(|c| c.is_ascii_alphanumeric() || "/.-_".contains(c))
            && !text.ends_with('/')
    };
    checks::text(value, fits, "is not a valid name; expected letters, digits and .-_ with / between the parts")
}

/// The value, where AWS was asked for it.
fn shown(live: &Json) -> Value {
    member_text(live, "Value").map_or(Value::unknown(Type::String), Value::from)
}

/// The value that the layout gives.
fn given(want: &Attrs) -> Option<String> {
    VALUES.iter().find_map(|name| text(want, name))
}

/// A value in clear is the value.
fn same(want: &Attrs) -> Vec<(&'static str, Value)> {
    let clear = want.get("insecure_value").filter(|_| want.is_given("insecure_value"));
    clear.map(|value| ("value", value.clone())).into_iter().collect()
}

fn check(want: &Attrs) -> Faults {
    let secure = want.str("type") == Some(SECURE);
    let other = want.str("type").is_some_and(|kind| kind != SECURE);
    faults! {
        secure && want.is_given("insecure_value") => "insecure_value",
            "a SecureString is not kept in clear; give value or value_wo";
        other && want.is_given("key_id") => "key_id", "only a SecureString has a key";
    }
}

/// The members of PutParameter.
fn put(mut members: Json, want: &Attrs, overwrite: bool) -> Json {
    members["Value"] = given(want).into();
    members["Name"] = want.str("name").into();
    members["Type"] = want.str("type").into();
    members["Overwrite"] = overwrite.into();
    if want.str("type") != Some(SECURE)
        && let Some(all) = members.as_object_mut()
    {
        all.remove("KeyId");
    }
    members
}

fn tags_of(want: &Attrs) -> Vec<(String, String)> {
    let unread = text(want, "value_wo").map(|_| (UNREAD.to_owned(), "true".to_owned()));
    want.string_map("tags_all").into_iter().chain(unread).collect()
}

fn pairs(tags: Vec<(String, String)>) -> Json {
    tags.into_iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect()
}

fn of(id: &str) -> Json {
    json!({"ResourceType": "Parameter", "ResourceId": id})
}

/// A parameter with its tags and, unless it is write-only, its value.
async fn whole(aws: &Aws, listed: Json) -> Result<Object> {
    let id = member_text(&listed, "Name").unwrap_or_default();
    let answer = aws.read.api.call(&SSM, "ListTagsForResource", of(&id)).await?;
    let all = items(&answer, "TagList");
    let tags: Vec<(String, String)> = all
        .iter()
        .filter_map(|tag| Some((member_text(tag, "Key")?, member_text(tag, "Value").unwrap_or_default())))
        .collect();
    let unread = tags.iter().any(|(key, _)| key == UNREAD);
    let input = json!({"Name": id, "WithDecryption": !unread});
    let answer = aws.read.api.call(&SSM, "GetParameter", input).await?;
    let mut found = member(&answer, "Parameter").cloned().unwrap_or_default();
    if unread && let Some(members) = found.as_object_mut() {
        members.remove("Value");
    }
    Ok(Object { id, json: joined(listed, found), tags })
}

/// A parameter with its value, also a write-only one's, where the credentials may read it.
async fn revealed(aws: &Aws, id: &str, mut json: Json) -> Json {
    if member(&json, "Value").is_none() {
        let input = json!({"Name": id, "WithDecryption": true});
        let answer = aws.read.api.call(&SSM, "GetParameter", input).await.unwrap_or_default();
        json["Value"] = member(&answer, "Parameter.Value").cloned().unwrap_or_default();
    }
    json
}

/// Whether a parameter is as a call would make it.
fn is_as_wanted(now: &Json, input: &Json) -> bool {
    let all = input.as_object().into_iter().flatten().filter(|(name, _)| *name != "Overwrite");
    let text = |value: Option<&Json>| value.and_then(Json::as_str).unwrap_or_default().to_owned();
    all.into_iter().all(|(name, wanted)| text(now.get(name)) == text(Some(wanted)))
}

impl Resource for AwsSsmParameter {
    type Live = Object;

    fn spec() -> Spec<Object> {
        Spec::new("aws_ssm_parameter", |p: &Object| Some(p.id.clone()), <Self as Document>::rows())
            .role(Role::NotServing("members read it as they start"))
            .own_tags(|p| tags::of(&p.tags))
            .unique(&[&["name"]])
            .recover(Recover::Key)
            .exactly_one(&[&VALUES])
            .derive(same)
            .check(check)
            .replace_when(|before, after| {
                // AWS makes no advanced parameter a standard one.
                let down = before.str("tier") == Some("Advanced") && after.str("tier") == Some("Standard");
                if down { vec!["tier"] } else { Vec::new() }
            })
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Object>> {
        let mut all = Vec::new();
        for names in which.by("name").chunks(NAMES) {
            let by = json!({"ParameterFilters": [{"Key": "Name", "Option": "Equals", "Values": names}]});
            let pages = Pages("NextToken", "NextToken");
            all.extend(aws.read.api.list(&SSM, "DescribeParameters", by, pages, "Parameters").await?);
        }
        each(all, |listed| whole(aws, listed)).await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let overwrite = want.bool("overwrite") == Some(true);
        let mut input = put(<Self as Document>::create(want), want, overwrite);
        let tags = tags_of(want);
        // AWS takes no tags together with this; they are set right after.
        if !overwrite && !tags.is_empty() {
            input["Tags"] = pairs(tags);
        }
        aws.write.api.call(&SSM, "PutParameter", input).await?;
        made(want.str("name"))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let call = |operation, input: Json| aws.write.api.call(&SSM, operation, joined(of(id), input));
        let valued = change.take_any(&["insecure_value", "value", "value_wo", "value_wo_version"]);
        change.take("overwrite");
        let members = <Self as Document>::whole(change);
        if valued || members.is_some() {
            let members = members.unwrap_or_else(|| <Self as Document>::create(change.after));
            let input = put(members, change.after, true);
            let now = settle::now::<Self>(aws, id).await?;
            let unread = now.tags.iter().any(|(key, _)| key == UNREAD);
            // Each call makes a version: none is made a second time.
            if !is_as_wanted(&revealed(aws, id, now.json).await, &input) {
                aws.write.api.call(&SSM, "PutParameter", input).await?;
            }
            match (text(change.after, "value_wo").is_some(), unread) {
                (true, false) => {
                    let mark = vec![(UNREAD.to_owned(), "true".to_owned())];
                    call("AddTagsToResource", json!({"Tags": pairs(mark)})).await?;
                }
                (false, true) if valued => {
                    call("RemoveTagsFromResource", json!({"TagKeys": [UNREAD]})).await?;
                }
                _ => {}
            }
        }
        let set = |tags: Vec<(String, String)>| call("AddTagsToResource", json!({"Tags": pairs(tags)}));
        let unset = |keys: Vec<String>| call("RemoveTagsFromResource", json!({"TagKeys": keys}));
        tags::change(change, set, unset).await.map(drop)
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        aws.write.api.call(&SSM, "DeleteParameter", json!({"Name": id})).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_changes_nothing_is_known() {
        let now = json!({"Name": "/a", "Type": "String", "Value": "x", "Tier": "Standard", "Version": 3});
        let input = json!({"Name": "/a", "Type": "String", "Value": "x", "Description": "", "Overwrite": true});
        assert!(is_as_wanted(&now, &input));
        assert!(!is_as_wanted(&now, &json!({"Name": "/a", "Value": "y"})));
        assert!(!is_as_wanted(&now, &json!({"Name": "/a", "Value": "x", "Description": "new"})));
    }
}

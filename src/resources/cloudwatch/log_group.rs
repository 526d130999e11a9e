//! aws_cloudwatch_log_group: where services and programs write their logs. Its listing has no tags;
//! each group's cost one call, made concurrently.

use crate::aws::api::services::LOGS;
use crate::aws::api::{Pages, member, member_text};
use crate::resources::document::{Document, at, document};
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// A group with its tags.
pub type Group = tags::Tagged<Json, (String, String)>;

/// How listings of CloudWatch Logs go on.
pub const PAGES: Pages = Pages("nextToken", "nextToken");

document! {
    Rows {
        deletion_protection_enabled = "deletionProtectionEnabled": Flag, create
            [.optional_computed().read(|g| at::<Switch>(g.held(), "deletionProtectionEnabled"))];
        kms_key_id = "kmsKeyId": Text;
        log_group_class = "logGroupClass": Text, create
            [.initial("STANDARD").force_new().check(|v| checks::one_of(v, &["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"]))]
            [.read(|g| class(g.held()).into())];
        name = "logGroupName": Text [.optional_computed().force_new().check(name)];
        name_prefix = "": Text, none [.optional_computed().force_new().check(name)];
        retention_in_days = "": Int, none [.default(0).check(retention).read(|g| days(g.held()))];
        skip_destroy = "": Switch, none;
        arn = "": Text, none [.computed().read(|g| arn(g.held()).into())];
    }
}

/// The resource type `aws_cloudwatch_log_group`.
pub struct AwsCloudwatchLogGroup;

/// How many days logs may be kept (CloudWatch Logs API: PutRetentionPolicy); 0 is for ever.
const DAYS: [i64; 23] =
    [0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

fn retention(value: &Value) -> Result<(), String> {
    match value.as_i64() {
        Some(days) if !DAYS.contains(&days) => {
            let taken = DAYS.map(|days| days.to_string()).join(", ");
            Err(format!("logs cannot be kept for {days} days; AWS takes {taken} (0 keeps them for ever)"))
        }
        _ => Ok(()),
    }
}

fn name(value: &Value) -> Result<(), String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_-/.#".contains(c);
    if value.as_str().is_some_and(|text| text.len() > 512) {
        return Err("the name is longer than 512 characters".into());
    }
    checks::text(value, |text| !text.starts_with("aws/"), "begins with aws/, which AWS keeps for itself")?;
    checks::text(value, |text| text.chars().all(allowed), "holds more than letters, digits and the signs _-/.#")
}

/// How long the logs of a group are kept; in the class DELIVERY that is AWS's own choice.
fn days(group: &Json) -> Value {
    if class(group) == "DELIVERY" { 0.into() } else { at::<Count>(group, "retentionInDays") }
}

/// The class of a group; AWS leaves the usual one out.
pub fn class(group: &Json) -> String {
    member_text(group, "logGroupClass").unwrap_or_else(|| "STANDARD".to_owned())
}

fn check(want: &Attrs) -> Faults {
    let kept = want.int("retention_in_days").is_some_and(|days| days > 0);
    faults! {
        want.str("log_group_class") == Some("DELIVERY") && kept => "retention_in_days",
            "AWS alone says how long a group of the class DELIVERY keeps logs";
    }
}

/// The ARN of a group; in some answers it ends with what stands for its streams.
pub fn arn(group: &Json) -> Option<String> {
    let listed = || Some(member_text(group, "arn")?.trim_end_matches(":*").to_owned());
    member_text(group, "logGroupArn").or_else(listed)
}

/// How all of `names` begin, so that one listing gives them all.
fn common_start(names: &[String]) -> &str {
    let Some((first, others)) = names.split_first() else { return "" };
    let shared = |other: &String| first.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let mut len = others.iter().map(shared).min().unwrap_or(first.len());
    while !first.is_char_boundary(len) {
        len -= 1;
    }
    &first[..len]
}

/// All groups whose names begin in this way.
pub async fn beginning(aws: &Aws, start: Option<&str>) -> Result<Vec<Json>> {
    let input = json!({"logGroupNamePrefix": start});
    aws.read.api.list(&LOGS, "DescribeLogGroups", input, PAGES, "logGroups").await
}

/// The groups with these names, with their tags.
pub async fn listed(aws: &Aws, names: &[String]) -> Result<Vec<Group>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = beginning(aws, Some(common_start(names)).filter(|start| !start.is_empty())).await?;
    found.retain(|group| member_text(group, "logGroupName").is_some_and(|name| names.contains(&name)));
    each(found, |object| async move {
        let answer = aws.read.api.call(&LOGS, "ListTagsForResource", json!({"resourceArn": arn(&object)})).await?;
        let all = member(&answer, "tags").and_then(Json::as_object).into_iter().flatten();
        let tags = all.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect();
        Ok(Group { object, tags })
    })
    .await
}

impl Resource for AwsCloudwatchLogGroup {
    type Live = Group;

    fn spec() -> Spec<Group> {
        Spec::new("aws_cloudwatch_log_group", |g: &Group| member_text(g, "logGroupName"), Rows::rows())
            .role(Role::NotServing("it keeps what services write down"))
            .own_tags(|g| tags::of(&g.tags))
            .by_name()
            .recover(Recover::Key)
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Group>> {
        listed(aws, &which.by("name")).await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let mut input = Rows::create(want);
        let tags = want.string_map("tags_all");
        if !tags.is_empty() {
            input["tags"] = json!(tags);
        }
        aws.write.api.call(&LOGS, "CreateLogGroup", input).await?;
        made(want.str("name"))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let call = |operation, input: Json| aws.write.api.call(&LOGS, operation, input);
        change.take("skip_destroy");
        let arn = change.before.str("arn").unwrap_or_default();
        let set = |tags: BTreeMap<String, String>| call("TagResource", json!({"resourceArn": arn, "tags": tags}));
        let unset = |keys: Vec<String>| call("UntagResource", json!({"resourceArn": arn, "tagKeys": keys}));
        tags::change(change, set, unset).await?;
        if change.take("retention_in_days").is_some() {
            match change.after.int("retention_in_days").filter(|days| *days > 0) {
                Some(days) => {
                    done(call("PutRetentionPolicy", json!({"logGroupName": id, "retentionInDays": days})).await)?;
                }
                None => unless_gone(call("DeleteRetentionPolicy", json!({"logGroupName": id})).await)?,
            }
        }
        if change.take("kms_key_id").is_some() {
            match change.after.str("kms_key_id").filter(|key| !key.is_empty()) {
                Some(key) => done(call("AssociateKmsKey", json!({"logGroupName": id, "kmsKeyId": key})).await)?,
                None => done(call("DisassociateKmsKey", json!({"logGroupName": id})).await)?,
            }
        }
        if let Some(on) = change.take_bool("deletion_protection_enabled") {
            let input = json!({"logGroupIdentifier": id, "deletionProtectionEnabled": on});
            call("PutLogGroupDeletionProtection", input).await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        if last.bool("skip_destroy") != Some(true) {
            aws.write.api.call(&LOGS, "DeleteLogGroup", json!({"logGroupName": id})).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_listing_gives_all_groups_that_begin_alike() {
        let start =
            |names: &[&str]| common_start(&names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>()).to_owned();
        assert_eq!(start(&["/aws/vpc/a"]), "/aws/vpc/a");
        assert_eq!(start(&["/aws/vpc/a", "/aws/rds/b"]), "/aws/");
        assert_eq!(start(&["a", "b"]), "");
        assert_eq!(start(&[]), "");
    }

    #[test]
    fn logs_are_kept_for_as_long_as_aws_offers() {
        assert!(retention(&30.into()).is_ok() && retention(&0.into()).is_ok());
        assert!(retention(&31.into()).unwrap_err().contains("30, 60"));
    }
}

//! aws_cloudwatch_log_group: where services and programs write their logs. Its listing has no tags;
//! each group's cost one call, made concurrently.

use crate::resources::block::TextMap;
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use aws_sdk_cloudwatchlogs::operation::create_log_group::builders::CreateLogGroupFluentBuilder as Create;
use aws_sdk_cloudwatchlogs::types::{LogGroup, LogGroupClass};

/// A group with its tags.
pub type Group = tags::Tagged<LogGroup, (String, String)>;

table! {
    Rows: LogGroup, create Create {
        deletion_protection_enabled: Flag, create
            [.optional_computed().read(|g| g.held().deletion_protection_enabled().unwrap_or(false).into())];
        kms_key_id: Text;
        log_group_class: EnumCell, create
            [.initial("STANDARD").force_new().check(|v| checks::one_of(v, &["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"]))]
            [.read(|g| g.held().log_group_class().map_or("STANDARD", LogGroupClass::as_str).into())];
        name = log_group_name: Text [.optional_computed().force_new().check(name)];
        name_prefix: Text, none [.optional_computed().force_new().check(name)];
        retention_in_days: Int, none [.default(0).check(retention).read(|g| days(g.held()).into())];
        skip_destroy: Switch, none;
        arn: Text, none [.computed().read(|g| arn(g.held()).into())];
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
fn days(group: &LogGroup) -> i32 {
    let chosen = group.log_group_class() != Some(&LogGroupClass::Delivery);
    group.retention_in_days().filter(|_| chosen).unwrap_or(0)
}

fn check(want: &Attrs) -> Faults {
    let kept = want.int("retention_in_days").is_some_and(|days| days > 0);
    faults! {
        want.str("log_group_class") == Some("DELIVERY") && kept => "retention_in_days",
            "AWS alone says how long a group of the class DELIVERY keeps logs";
    }
}

/// The ARN of a group; in some answers it ends with what stands for its streams.
pub fn arn(group: &LogGroup) -> Option<&str> {
    group.log_group_arn().or_else(|| group.arn().map(|arn| arn.strip_suffix(":*").unwrap_or(arn)))
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

/// The groups with these names, with their tags.
pub async fn listed(aws: &Aws, names: &[String]) -> Result<Vec<Group>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let start = Some(common_start(names).to_owned()).filter(|s| !s.is_empty());
    let call = aws.read.logs.describe_log_groups().set_log_group_name_prefix(start);
    let mut found = all_of(call.into_paginator().items().send()).await?;
    found.retain(|group| group.log_group_name().is_some_and(|name| names.iter().any(|n| n == name)));
    each(found, |object| async move {
        let call = aws.read.logs.list_tags_for_resource().set_resource_arn(arn(&object).map(Into::into));
        let tags = call.send().await?.tags.unwrap_or_default();
        Ok(Group { tags: tags.into_iter().collect(), object })
    })
    .await
}

impl Resource for AwsCloudwatchLogGroup {
    type Live = Group;

    fn spec() -> Spec<Group> {
        Spec::new("aws_cloudwatch_log_group", |g: &Group| g.log_group_name().map(Into::into), Rows::rows())
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
        let tags = TextMap::put(want, "tags_all");
        Rows::create(aws.write.logs.create_log_group(), want).set_tags(tags).send().await?;
        made(want.str("name"))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let logs = &aws.write.logs;
        change.take("skip_destroy");
        let arn = change.before.str("arn").unwrap_or_default();
        tags::change_by!(change, logs, tag_resource untag_resource, resource_arn arn)?;
        if change.take("retention_in_days").is_some() {
            match change.after.int("retention_in_days").filter(|days| *days > 0) {
                Some(days) => {
                    done(logs.put_retention_policy().log_group_name(id).retention_in_days(days).send().await)?
                }
                None => unless_gone(logs.delete_retention_policy().log_group_name(id).send().await)?,
            }
        }
        if change.take("kms_key_id").is_some() {
            match change.after.str("kms_key_id").filter(|key| !key.is_empty()) {
                Some(key) => done(logs.associate_kms_key().log_group_name(id).kms_key_id(key).send().await)?,
                None => done(logs.disassociate_kms_key().log_group_name(id).send().await)?,
            }
        }
        if let Some(on) = change.take_bool("deletion_protection_enabled") {
            let call = logs.put_log_group_deletion_protection().log_group_identifier(id);
            call.deletion_protection_enabled(on).send().await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        if last.bool("skip_destroy") != Some(true) {
            aws.write.logs.delete_log_group().log_group_name(id).send().await?;
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

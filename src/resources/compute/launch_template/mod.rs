//! aws_launch_template: what instances start from. What a template holds never changes: a change makes a
//! new version, and which version is the default is set after.

mod blocks;
pub mod reference;
pub mod requirements;

use super::check;
use crate::resources::block::Long;
use crate::resources::prelude::*;
use crate::resources::spec;
use crate::schema::Nesting;
use crate::schema::checks::advice;
use aws_sdk_ec2::operation::create_launch_template::builders::CreateLaunchTemplateFluentBuilder as Create;
use aws_sdk_ec2::types::{Filter, LaunchTemplate, LaunchTemplateVersion, ResourceType, ResponseLaunchTemplateData};
use blocks::Data;
use futures::future::try_join;
use std::collections::HashMap;
use std::ops::Deref;

/// The resource type `aws_launch_template`.
pub struct AwsLaunchTemplate;

/// A template as listed, with its latest version.
pub struct Template {
    template: LaunchTemplate,
    arn: String,
    description: Option<String>,
    data: ResponseLaunchTemplateData,
}

impl Deref for Template {
    type Target = LaunchTemplate;

    fn deref(&self) -> &LaunchTemplate {
        &self.template
    }
}

impl Template {
    fn arn(&self) -> &str {
        &self.arn
    }

    fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }
}

held!(Template: data as ResponseLaunchTemplateData);

/// In `Versions`: the latest of each template.
const LATEST: &str = "$Latest";
/// What a name holds beyond letters and digits.
const NAME: &str = "-._()/";
/// What AWS no longer has, and layouts of old may still leave empty.
const RETIRED: [(&str, &str); 2] =
    [("elastic_gpu_specifications", "Elastic Graphics"), ("elastic_inference_accelerator", "Elastic Inference")];
/// Which name an argument takes (EC2 API: CreateLaunchTemplate).
fn name(value: &Value) -> Result<(), String> {
    check::name(value, 3, 128, NAME)
}

table! {
    Rows: Template, create Create {
        arn: Text, read [.computed()];
        default_version = default_version_number: Long, read [.optional_computed()];
        description: Text, read, create(version_description);
        latest_version = latest_version_number: Long, read [.computed()];
        name = launch_template_name: Text [.optional_computed().force_new().check(name)];
        name_prefix: Text, none [.optional_computed().force_new().check(|v| check::name(v, 1, 102, NAME))];
        update_default_version: Flag, none [.normal(Normal::With(follows))]
            [.read(|t| (t.held().default_version_number() == t.held().latest_version_number()).into())];
    }
}

/// Whether the default version follows the latest. It may also be the latest when it need not follow.
fn follows(wanted: &Value, now: &Value) -> bool {
    !(wanted.as_bool() == Some(true) && now.as_bool() == Some(false))
}

/// The rows that make up a version.
fn version_rows() -> Vec<&'static str> {
    Data::rows().iter().map(|row| row.name).chain(["description"]).collect()
}

fn new_version(before: &Attrs, after: &Attrs) -> bool {
    version_rows().into_iter().any(|name| before.get(name) != after.get(name))
}

fn recomputed(before: &Attrs, after: &Attrs) -> Vec<&'static str> {
    let follows = after.bool("update_default_version") == Some(true);
    match new_version(before, after) {
        true if follows => vec!["latest_version", "default_version"],
        true => vec!["latest_version"],
        false if follows && before.bool("update_default_version") != Some(true) => vec!["default_version"],
        false => Vec::new(),
    }
}

fn checked(want: &Attrs) -> Vec<(&'static str, String)> {
    let mut wrong: Vec<_> = check::both(want, "vpc_security_group_ids", "network_interfaces").into_iter().collect();
    let retired = RETIRED.iter().filter(|(name, _)| !want.blocks(name).is_empty());
    wrong.extend(
        retired.map(|(name, what)| (*name, advice(format!("AWS has retired {what}: the block has no effect")))),
    );
    for device in want.blocks("block_device_mappings") {
        let ebs = device.blocks("ebs");
        let said = ebs.iter().flat_map(|ebs| check::volume(ebs, "volume_type", "volume_size"));
        let about = device.str("device_name").unwrap_or("a device").to_owned();
        wrong.extend(said.map(|(_, text)| ("block_device_mappings", format!("{about}: {text}"))));
    }
    wrong
}

impl Resource for AwsLaunchTemplate {
    type Live = Template;

    fn spec() -> Spec<Template> {
        let mut rows = Data::columns::<Template>();
        rows.extend(Rows::rows::<Template>());
        rows.extend(RETIRED.map(|(name, _)| A::block(name, Nesting::List, spec::rows([A::string("type").required()]))));
        Spec::new("aws_launch_template", |t| t.launch_template_id().map(Into::into), rows)
            .role(Role::MemberTemplate)
            .tags(|t| tags::read(t.template.tags()))
            .recover(Recover::ClientToken)
            .unique(&[&["name"]])
            .named("name", "name_prefix")
            .conflicts(&[
                &["name", "name_prefix"],
                &["default_version", "update_default_version"],
                &["instance_type", "instance_requirements"],
                &["security_group_names", "vpc_security_group_ids"],
            ])
            .recomputed(recomputed)
            .check(checked)
    }

    /// Templates can be filtered by name and tag alone, so all are listed, and the latest version of each
    /// comes with one more listing.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Template>> {
        let (filters, ids) = match which {
            Which::Ids([]) => return Ok(Vec::new()),
            Which::Ids(ids) => (Vec::new(), Some(ids)),
            Which::Token(token) => (vec![tags::token_filter(token)], None),
            Which::NaturalKey(want) => {
                (vec![filter("launch-template-name", want.str("name").unwrap_or_default())], None)
            }
        };
        let wanted =
            |t: &LaunchTemplate| ids.is_none_or(|ids| ids.iter().any(|id| Some(id.as_str()) == t.launch_template_id()));
        let (templates, mut versions) = try_join(listed(aws, filters), latest(aws)).await?;
        let complete = |template: LaunchTemplate| {
            let id = template.launch_template_id()?;
            let version = versions.remove(id)?;
            Some(Template {
                arn: aws.ec2_arn(&format!("launch-template/{id}")),
                description: version.version_description,
                data: version.launch_template_data?,
                template,
            })
        };
        Ok(templates.into_iter().filter(wanted).filter_map(complete).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.ec2.create_launch_template(), want).client_token(&token.0);
        let call = call.launch_template_data(Data::write(want));
        let tags = tags::at_creation(ResourceType::LaunchTemplate, want, token);
        let answer = call.tag_specifications(tags).send().await?;
        made(answer.launch_template().and_then(LaunchTemplate::launch_template_id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let mut default = change.take("default_version").and_then(Value::as_i64);
        let follow = change.after.bool("update_default_version") == Some(true);
        if change.take("update_default_version").is_some() && follow {
            default = change.before.get("latest_version").and_then(Value::as_i64);
        }
        if change.take_any(&version_rows()) {
            let create = aws.write.ec2.create_launch_template_version().launch_template_id(id);
            let create = create.set_version_description(change.after.string("description"));
            let answer = create.launch_template_data(Data::write(change.after)).send().await?;
            let made = answer.launch_template_version().and_then(LaunchTemplateVersion::version_number);
            default = made.filter(|_| follow).or(default);
        }
        if let Some(number) = default {
            let modify = || async {
                let call = aws.write.ec2.modify_launch_template().launch_template_id(id);
                call.default_version(number.to_string()).send().await.map_err(Error::from)
            };
            settle::insist(modify).await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        Ok(aws.write.ec2.delete_launch_template().launch_template_id(id).send().await.map(drop)?)
    }
}

async fn listed(aws: &Aws, filters: Vec<Filter>) -> Result<Vec<LaunchTemplate>> {
    listed!(aws, describe_launch_templates, vec![filters]).await
}

/// The latest version of every template, by the template's id.
async fn latest(aws: &Aws) -> Result<HashMap<String, LaunchTemplateVersion>> {
    let all = aws
        .pages(vec![Vec::new()], |_| {
            aws.read.ec2.describe_launch_template_versions().versions(LATEST).into_paginator().items().send()
        })
        .await?;
    Ok(all.into_iter().filter_map(|v| Some((v.launch_template_id.clone()?, v))).collect())
}

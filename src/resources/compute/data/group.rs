//! data aws_autoscaling_group and data aws_launch_template: one scaling group, and one template with its latest version.

use crate::aws::api::member_text;
use crate::resources::compute::autoscaling_group::{AwsAutoscalingGroup, by_name};
use crate::resources::compute::launch_template::AwsLaunchTemplate;
use crate::resources::document::at;
use crate::resources::lookup::{
    Row, answer, as_resource, filters, fitted, found, found_by, here, mirrored, one, schema,
};
use crate::resources::prelude::*;
use aws_sdk_ec2::types::LaunchTemplate;

/// The data source `aws_autoscaling_group`.
pub struct GroupData;
/// The data source `aws_launch_template`.
pub struct TemplateData;

const SAME: [&str; 25] = [
    "arn",
    "availability_zones",
    "default_cooldown",
    "desired_capacity",
    "desired_capacity_type",
    "enabled_metrics",
    "health_check_grace_period",
    "health_check_type",
    "instance_maintenance_policy",
    "launch_configuration",
    "launch_template",
    "load_balancers",
    "max_instance_lifetime",
    "max_size",
    "min_size",
    "mixed_instances_policy",
    "placement_group",
    "predicted_capacity",
    "service_linked_role_arn",
    "suspended_processes",
    "tag",
    "target_group_arns",
    "traffic_source",
    "warm_pool",
    "warm_pool_size",
];

impl DataSource for GroupData {
    fn schema() -> Schema {
        let own = [
            answer::<Text>("id"),
            Row::string("name").required(),
            answer::<Flag>("new_instances_protected_from_scale_in"),
            Row::string("region").optional_computed(),
            answer::<Text>("status"),
            answer::<Texts>("termination_policies"),
            answer::<Text>("vpc_zone_identifier"),
        ];
        schema("aws_autoscaling_group", rows(mirrored::<AwsAutoscalingGroup>(&SAME).into_iter().chain(own)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let names: Vec<String> = config.string("name").into_iter().collect();
        let group = one(by_name(&aws, &names).await?, "scaling group")?;
        let attrs = AwsAutoscalingGroup::spec().read(&group);
        let all = found(config, &aws, &attrs)
            .with("new_instances_protected_from_scale_in", at::<Flag>(&group, "NewInstancesProtectedFromScaleIn"))
            .with("status", member_text(&group, "Status"))
            .with("termination_policies", at::<Texts>(&group, "TerminationPolicies.member"))
            .with("vpc_zone_identifier", member_text(&group, "VPCZoneIdentifier"));
        Ok(all)
    }
}

const BY: [(&str, &str); 1] = [("name", "launch-template-name")];

/// What a template holds, beside its name and tags.
fn held() -> Vec<Row> {
    const NOT: [&str; 9] = [
        "elastic_gpu_specifications",
        "elastic_inference_accelerator",
        "id",
        "name",
        "name_prefix",
        "region",
        "tags",
        "tags_all",
        "update_default_version",
    ];
    let rows = AwsLaunchTemplate::spec().schema.attributes;
    let names: Vec<&str> = rows.iter().map(|row| row.name).filter(|name| !NOT.contains(name)).collect();
    let mut all = mirrored::<AwsLaunchTemplate>(&names);
    for row in &mut all {
        let Some(block) = &row.row.block else { continue };
        let inner: Vec<Attribute> = block.attributes.to_vec();
        match row.row.name {
            "license_specification" => *row = Row::block(row.row.name, Nesting::List, inner).computed(),
            "network_interfaces" => {
                let inner = inner.into_iter().filter(|row| row.name != "ena_srd_specification").collect();
                *row = Row::block("network_interfaces", Nesting::List, inner).computed();
            }
            _ => {}
        }
    }
    all
}

impl DataSource for TemplateData {
    fn schema() -> Schema {
        schema("aws_launch_template", found_by(&BY, held().into_iter().chain([Row::string("id").optional_computed()])))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let by = some(filters(config, &BY));
        let call = aws.read.ec2.describe_launch_templates().set_filters(by);
        let call = call.set_launch_template_ids(config.string("id").map(|id| vec![id]));
        let all: Vec<LaunchTemplate> = all_of(call.into_paginator().items().send()).await?;
        let template = one(all, "launch template")?;
        let ids = template.launch_template_id.clone().into_iter().collect();
        let (_, attrs) = as_resource::<AwsLaunchTemplate>(&aws, ids, "launch template").await?;
        let fit = |all: Attrs, row: &Row| match attrs.get(row.row.name) {
            Some(value) if row.row.block.is_some() => all.with(row.row.name, fitted(&row.row, value)),
            _ => all,
        };
        Ok(held().iter().fold(found(config, &aws, &attrs), fit))
    }
}

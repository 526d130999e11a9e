//! aws_appautoscaling_policy: when the capacity of a target changes. One call makes it and changes it. Its id is that of
//! an import.

use super::predictive::Predictive;
use super::{arguments, parts};
use crate::aws::api::Service;
use crate::aws::api::items;
use crate::aws::api::services::SCALING;
use crate::resources::block::{RealText, TextList};
use crate::resources::document::{Document, One, Unordered, document};
use crate::resources::plain::{Object, Plain};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    Adjustment {
        metric_interval_lower_bound = "MetricIntervalLowerBound": RealText;
        metric_interval_upper_bound = "MetricIntervalUpperBound": RealText;
        scaling_adjustment = "ScalingAdjustment": Int [.required()];
    }
}
document! {
    Step {
        adjustment_type = "AdjustmentType": Text;
        cooldown = "Cooldown": Int;
        metric_aggregation_type = "MetricAggregationType": Text;
        min_adjustment_magnitude = "MinAdjustmentMagnitude": Int;
        step_adjustment = "StepAdjustments": Unordered<Adjustment>;
    }
}
document! {
    Dimension {
        name = "Name": Text [.required()];
        value = "Value": Text [.required()];
    }
}
document! {
    Metric {
        metric_name = "MetricName": Text [.required()];
        namespace = "Namespace": Text [.required()];
        dimensions = "Dimensions": Unordered<Dimension>;
    }
}
document! {
    Stat {
        stat = "Stat": Text [.required()];
        unit = "Unit": Text;
        metric = "Metric": One<Metric> [.count(1, Some(1))];
    }
}
document! {
    Query {
        expression = "Expression": Text;
        id = "Id": Text [.required()];
        label = "Label": Text;
        return_data = "ReturnData": Flag [.default(true)];
        metric_stat = "MetricStat": One<Stat>;
    }
}
document! {
    Customized {
        metric_name = "MetricName": Text;
        namespace = "Namespace": Text;
        statistic = "Statistic": Text;
        unit = "Unit": Text;
        dimensions = "Dimensions": Unordered<Dimension>;
        metrics = "Metrics": Unordered<Query>;
    }
}
document! {
    Predefined {
        predefined_metric_type = "PredefinedMetricType": Text [.required()];
        resource_label = "ResourceLabel": Text;
    }
}
document! {
    Tracking {
        disable_scale_in = "DisableScaleIn": Switch;
        scale_in_cooldown = "ScaleInCooldown": Int;
        scale_out_cooldown = "ScaleOutCooldown": Int;
        target_value = "TargetValue": Real [.required()];
        customized_metric_specification = "CustomizedMetricSpecification": One<Customized>;
        predefined_metric_specification = "PredefinedMetricSpecification": One<Predefined>;
    }
}
document! {
    /// The resource type `aws_appautoscaling_policy`.
    pub AwsAppautoscalingPolicy {
        alarm_arns = "": TextList, none [.computed().read(|p| alarms(p.held()))];
        arn = "PolicyARN": Text, read [.computed()];
        name = "PolicyName": Text [.required().force_new()];
        policy_type = "PolicyType": Text, read, create, modify [.default("StepScaling").check(known)];
        resource_id = "ResourceId": Text [.required().force_new()];
        scalable_dimension = "ScalableDimension": Text [.required().force_new()];
        service_namespace = "ServiceNamespace": Text [.required().force_new()];
        predictive_scaling_policy_configuration = "PredictiveScalingPolicyConfiguration":
            One<Predictive>, read, create, modify;
        step_scaling_policy_configuration = "StepScalingPolicyConfiguration": One<Step>, read, create, modify;
        target_tracking_scaling_policy_configuration = "TargetTrackingScalingPolicyConfiguration":
            One<Tracking>, read, create, modify;
    }
}

fn known(value: &Value) -> Result<(), String> {
    checks::one_of(value, &["PredictiveScaling", "StepScaling", "TargetTrackingScaling"])
}

fn alarms(policy: &Json) -> Value {
    Value::strings(items(policy, "Alarms").iter().filter_map(|alarm| alarm["AlarmARN"].as_str()))
}

fn split(id: &str) -> Option<([&str; 3], &str)> {
    let (target, name) = id.rsplit_once('/')?;
    Some((parts(target)?, name))
}

fn joined(want: &Attrs) -> Option<String> {
    let part = |name| want.str(name);
    let target = format!("{}/{}/{}", part("service_namespace")?, part("resource_id")?, part("scalable_dimension")?);
    Some(format!("{target}/{}", part("name")?))
}

impl Plain for AwsAppautoscalingPolicy {
    const SERVICE: &'static Service = &SCALING;
    const CREATE: &'static str = "PutScalingPolicy";
    const READ: (&'static str, &'static str) = ("DescribeScalingPolicies", "ScalingPolicies");
    const UPDATE: &'static str = "PutScalingPolicy";
    const DELETE: &'static str = "DeleteScalingPolicy";

    fn specification() -> Spec<Object> {
        Spec::new("aws_appautoscaling_policy", |p: &Object| Some(p.id.clone()), <Self as Document>::rows())
            .role(Role::Settings(Unjudged::All("when capacity changes")))
            .unique(&[&["service_namespace", "resource_id", "scalable_dimension", "name"]])
            .recover(Recover::Key)
            .id_from(joined)
            .import("NAMESPACE/RESOURCE/DIMENSION/NAME", |text| {
                let (target, name) = split(text)?;
                Some([arguments(target), vec![("name", name.into())]].concat())
            })
    }

    fn key(id: &str) -> Json {
        let ([namespace, resource, dimension], name) = split(id).unwrap_or_default();
        json!({"PolicyName": name, "ServiceNamespace": namespace, "ResourceId": resource, "ScalableDimension": dimension})
    }

    fn asked(_aws: &Aws, id: &str) -> Json {
        let mut key = Self::key(id);
        key["PolicyNames"] = json!([key["PolicyName"].take()]);
        if let Some(members) = key.as_object_mut() {
            members.remove("PolicyName");
        }
        key
    }

    fn id(want: &Attrs, _answer: &Json) -> Option<String> {
        joined(want)
    }

    async fn found(_aws: &Aws, want: &Attrs) -> Result<Vec<String>> {
        Ok(joined(want).into_iter().collect())
    }
}

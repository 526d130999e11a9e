//! aws_appautoscaling_target: something whose capacity may change, and in which bounds. One call makes it and changes
//! it. Its id is that of an import.

use super::{arguments, parts};
use crate::aws::api::Service;
use crate::aws::api::services::SCALING;
use crate::resources::document::{Document, One, document};
use crate::resources::plain::{Object, Plain, Tags};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    Suspended {
        dynamic_scaling_in_suspended = "DynamicScalingInSuspended": Switch;
        dynamic_scaling_out_suspended = "DynamicScalingOutSuspended": Switch;
        scheduled_scaling_suspended = "ScheduledScalingSuspended": Switch;
    }
}
document! {
    /// The resource type `aws_appautoscaling_target`.
    pub AwsAppautoscalingTarget {
        arn = "ScalableTargetARN": Text, read [.computed()];
        max_capacity = "MaxCapacity": Int, read, create, modify [.required()];
        min_capacity = "MinCapacity": Int, read, create, modify [.required()];
        resource_id = "ResourceId": Text [.required().force_new()];
        role_arn = "RoleARN": Text [.optional_computed().force_new()];
        scalable_dimension = "ScalableDimension": Text [.required().force_new()];
        service_namespace = "ServiceNamespace": Text [.required().force_new()];
        suspended_state = "SuspendedState": One<Suspended>, read, create, modify [.optional_computed()];
    }
}

fn joined(want: &Attrs) -> Option<String> {
    let part = |name| want.str(name);
    Some(format!("{}/{}/{}", part("service_namespace")?, part("resource_id")?, part("scalable_dimension")?))
}

impl Plain for AwsAppautoscalingTarget {
    const SERVICE: &'static Service = &SCALING;
    const CREATE: &'static str = "RegisterScalableTarget";
    const READ: (&'static str, &'static str) = ("DescribeScalableTargets", "ScalableTargets");
    const UPDATE: &'static str = "RegisterScalableTarget";
    const DELETE: &'static str = "DeregisterScalableTarget";
    const TAGS: Option<Tags> = Some(Tags {
        list: "ListTagsForResource",
        set: "TagResource",
        unset: "UntagResource",
        by: ("ResourceARN", "ScalableTargetARN"),
        members: ("Tags", "TagKeys"),
        create: "Tags",
        pairs: None,
    });

    fn specification() -> Spec<Object> {
        Spec::new("aws_appautoscaling_target", |t: &Object| Some(t.id.clone()), <Self as Document>::rows())
            .role(Role::Settings(Unjudged::Of("capacity", &["max_capacity", "min_capacity", "suspended_state"])))
            .unique(&[&["service_namespace", "resource_id", "scalable_dimension"]])
            .recover(Recover::Key)
            .id_from(joined)
            .import("NAMESPACE/RESOURCE/DIMENSION", |text| parts(text).map(arguments))
    }

    fn key(id: &str) -> Json {
        let [namespace, resource, dimension] = parts(id).unwrap_or_default();
        json!({"ServiceNamespace": namespace, "ResourceId": resource, "ScalableDimension": dimension})
    }

    fn asked(_aws: &Aws, id: &str) -> Json {
        let [namespace, resource, dimension] = parts(id).unwrap_or_default();
        json!({"ServiceNamespace": namespace, "ResourceIds": [resource], "ScalableDimension": dimension})
    }

    fn id(want: &Attrs, _answer: &Json) -> Option<String> {
        joined(want)
    }

    async fn found(_aws: &Aws, want: &Attrs) -> Result<Vec<String>> {
        Ok(joined(want).into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_known_by_what_scales() {
        let found = parts("ecs/service/main/web/ecs:service:DesiredCount");
        assert_eq!(found, Some(["ecs", "service/main/web", "ecs:service:DesiredCount"]));
        assert_eq!(parts("ecs"), None);
    }
}

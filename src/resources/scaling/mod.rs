//! The Application Auto Scaling family: what scales beside groups of instances, and by which policies.

pub(super) mod allowed;
mod policy;
mod predictive;
mod target;

use super::any::{AnyResource, Registry, add};
use crate::value::Value;

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<policy::AwsAppautoscalingPolicy>(all);
    add::<target::AwsAppautoscalingTarget>(all);
}

/// Namespace, resource and dimension of `NAMESPACE/RESOURCE/DIMENSION`. A resource has slashes of its own.
fn parts(id: &str) -> Option<[&str; 3]> {
    let (namespace, rest) = id.split_once('/')?;
    let (resource, dimension) = rest.rsplit_once('/')?;
    Some([namespace, resource, dimension])
}

fn arguments([namespace, resource, dimension]: [&str; 3]) -> Vec<(&'static str, Value)> {
    vec![
        ("service_namespace", namespace.into()),
        ("resource_id", resource.into()),
        ("scalable_dimension", dimension.into()),
    ]
}

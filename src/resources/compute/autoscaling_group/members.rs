//! The parts of a group, each with calls of its own: tags, target groups and load balancers, processes
//! and metrics.

use super::blocks::Traffic;
use super::{KIND, MINUTE, tag};
use crate::resources::compute::scaling::{call, on};
use crate::resources::document::Document;
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// How many target groups or load balancers one call takes (EC2 Auto Scaling API).
const PER_CALL: usize = 10;

/// What is to be taken off a group.
#[derive(Default)]
pub struct Leaving {
    targets: Vec<String>,
    balancers: Vec<String>,
    sources: Vec<Json>,
}

/// Attaches or detaches all of these, as the list of this name, in batches that one call takes each.
async fn each_of<T>(aws: &Aws, operation: &'static str, id: &str, list: &str, all: &[T]) -> Result<()>
where
    T: serde::Serialize + Sync,
{
    for batch in all.chunks(PER_CALL) {
        on(aws, operation, id, json!({list: {"member": batch}})).await?;
    }
    Ok(())
}

/// New and changed tags, then those that go.
pub async fn retag(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    let Some((gone, new)) = change.take_elements("tag") else { return Ok(()) };
    let blocks = |values: &[Value]| values.iter().map(Attrs::from_value).collect::<Vec<_>>();
    let (gone, new) = (blocks(&gone), blocks(&new));
    let set: Vec<Json> = new.iter().map(|block| tag(id, block)).collect();
    if let Some(set) = some(set) {
        call(aws, "CreateOrUpdateTags", json!({"Tags": {"member": set}})).await?;
    }
    let stays = |key: Option<&str>| new.iter().any(|block| block.str("key") == key);
    let gone = gone.iter().filter(|block| !stays(block.str("key")));
    let gone = gone.map(|b| json!({"ResourceId": id, "ResourceType": KIND, "Key": b.str("key")}));
    if let Some(gone) = some(gone.collect::<Vec<Json>>()) {
        call(aws, "DeleteTags", json!({"Tags": {"member": gone}})).await?;
    }
    Ok(())
}

/// Attaches what is new; gives what is to be detached.
pub async fn attach(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<Leaving> {
    let mut leaving = Leaving::default();
    let [gone, new] = change.take_texts("target_group_arns");
    leaving.targets = gone.unwrap_or_default();
    let new = new.unwrap_or_default();
    each_of(aws, "AttachLoadBalancerTargetGroups", id, "TargetGroupARNs", &new).await?;
    let [gone, new] = change.take_texts("load_balancers");
    leaving.balancers = gone.unwrap_or_default();
    let new = new.unwrap_or_default();
    each_of(aws, "AttachLoadBalancers", id, "LoadBalancerNames", &new).await?;
    if change.take("traffic_source").is_some() {
        let all = |from: &Attrs| from.blocks("traffic_source").iter().map(Traffic::create).collect::<Vec<_>>();
        let (before, after) = (all(change.before), all(change.after));
        let of = |one: &Json, among: &[Json]| among.iter().any(|other| other["Identifier"] == one["Identifier"]);
        leaving.sources = before.iter().filter(|one| !of(one, &after)).cloned().collect();
        let new: Vec<_> = after.into_iter().filter(|one| !of(one, &before)).collect();
        each_of(aws, "AttachTrafficSources", id, "TrafficSources", &new).await?;
    }
    Ok(leaving)
}

/// Takes off what is to go.
pub async fn detach(aws: &Aws, id: &str, leaving: Leaving) -> Result<()> {
    each_of(aws, "DetachLoadBalancerTargetGroups", id, "TargetGroupARNs", &leaving.targets).await?;
    each_of(aws, "DetachLoadBalancers", id, "LoadBalancerNames", &leaving.balancers).await?;
    each_of(aws, "DetachTrafficSources", id, "TrafficSources", &leaving.sources).await
}

/// Suspended processes and collected metrics.
pub async fn processes(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    let listed = |operation, list: &str, all: Vec<String>| on(aws, operation, id, json!({list: {"member": all}}));
    let [gone, new] = change.take_texts("suspended_processes");
    if let Some(new) = new {
        listed("SuspendProcesses", "ScalingProcesses", new).await?;
    }
    if let Some(gone) = gone {
        listed("ResumeProcesses", "ScalingProcesses", gone).await?;
    }
    change.take("metrics_granularity");
    let [gone, new] = change.take_texts("enabled_metrics");
    if let Some(new) = new {
        let granularity = change.after.str("metrics_granularity").unwrap_or(MINUTE);
        let input = json!({"Metrics": {"member": new}, "Granularity": granularity});
        on(aws, "EnableMetricsCollection", id, input).await?;
    }
    if let Some(gone) = gone {
        listed("DisableMetricsCollection", "Metrics", gone).await?;
    }
    Ok(())
}

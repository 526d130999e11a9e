//! The parts of a group, each with calls of its own: tags, target groups and load balancers, processes
//! and metrics.

use super::blocks::Traffic;
use super::{KIND, tag};
use crate::resources::prelude::*;
use aws_sdk_autoscaling::types::{Tag, TrafficSourceIdentifier};

/// How many target groups or load balancers one call takes (EC2 Auto Scaling API).
const PER_CALL: usize = 10;

/// What is to be taken off a group.
#[derive(Default)]
pub struct Leaving {
    targets: Vec<String>,
    balancers: Vec<String>,
    sources: Vec<TrafficSourceIdentifier>,
}

/// New and changed tags, then those that go.
pub async fn retag(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    let Some((gone, new)) = change.take_elements("tag") else { return Ok(()) };
    let blocks = |values: &[Value]| values.iter().map(Attrs::from_value).collect::<Vec<_>>();
    let (gone, new) = (blocks(&gone), blocks(&new));
    let set: Vec<Tag> = new.iter().map(|block| tag(id, block)).collect();
    if let Some(set) = some(set) {
        aws.write.autoscaling.create_or_update_tags().set_tags(Some(set)).send().await?;
    }
    let stays = |key: Option<&str>| new.iter().any(|block| block.str("key") == key);
    let gone = gone.iter().filter(|block| !stays(block.str("key")));
    let gone = gone.map(|b| Tag::builder().resource_id(id).resource_type(KIND).set_key(b.string("key")).build());
    if let Some(gone) = some(gone.collect()) {
        aws.write.autoscaling.delete_tags().set_tags(Some(gone)).send().await?;
    }
    Ok(())
}

/// Attaches what is new; gives what is to be detached.
pub async fn attach(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<Leaving> {
    let mut leaving = Leaving::default();
    let [gone, new] = change.take_texts("target_group_arns");
    leaving.targets = gone.unwrap_or_default();
    for arns in new.unwrap_or_default().chunks(PER_CALL) {
        let call = aws.write.autoscaling.attach_load_balancer_target_groups().auto_scaling_group_name(id);
        call.set_target_group_arns(Some(arns.to_vec())).send().await?;
    }
    let [gone, new] = change.take_texts("load_balancers");
    leaving.balancers = gone.unwrap_or_default();
    for names in new.unwrap_or_default().chunks(PER_CALL) {
        let call = aws.write.autoscaling.attach_load_balancers().auto_scaling_group_name(id);
        call.set_load_balancer_names(Some(names.to_vec())).send().await?;
    }
    if change.take("traffic_source").is_some() {
        let all = |from: &Attrs| from.blocks("traffic_source").iter().map(Traffic::write).collect::<Vec<_>>();
        let (before, after) = (all(change.before), all(change.after));
        let of = |one: &TrafficSourceIdentifier, among: &[TrafficSourceIdentifier]| {
            among.iter().any(|other| other.identifier() == one.identifier())
        };
        leaving.sources = before.iter().filter(|one| !of(one, &after)).cloned().collect();
        let new: Vec<_> = after.into_iter().filter(|one| !of(one, &before)).collect();
        for sources in new.chunks(PER_CALL) {
            let call = aws.write.autoscaling.attach_traffic_sources().auto_scaling_group_name(id);
            call.set_traffic_sources(Some(sources.to_vec())).send().await?;
        }
    }
    Ok(leaving)
}

/// Takes off what is to go.
pub async fn detach(aws: &Aws, id: &str, leaving: Leaving) -> Result<()> {
    for arns in leaving.targets.chunks(PER_CALL) {
        let call = aws.write.autoscaling.detach_load_balancer_target_groups().auto_scaling_group_name(id);
        call.set_target_group_arns(Some(arns.to_vec())).send().await?;
    }
    for names in leaving.balancers.chunks(PER_CALL) {
        let call = aws.write.autoscaling.detach_load_balancers().auto_scaling_group_name(id);
        call.set_load_balancer_names(Some(names.to_vec())).send().await?;
    }
    for sources in leaving.sources.chunks(PER_CALL) {
        let call = aws.write.autoscaling.detach_traffic_sources().auto_scaling_group_name(id);
        call.set_traffic_sources(Some(sources.to_vec())).send().await?;
    }
    Ok(())
}

/// Suspended processes and collected metrics.
pub async fn processes(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    let scaling = &aws.write.autoscaling;
    let [gone, new] = change.take_texts("suspended_processes");
    if new.is_some() {
        scaling.suspend_processes().auto_scaling_group_name(id).set_scaling_processes(new).send().await?;
    }
    if gone.is_some() {
        scaling.resume_processes().auto_scaling_group_name(id).set_scaling_processes(gone).send().await?;
    }
    change.take("metrics_granularity");
    let [gone, new] = change.take_texts("enabled_metrics");
    if new.is_some() {
        let granularity = change.after.str("metrics_granularity").unwrap_or("1Minute");
        let call = scaling.enable_metrics_collection().auto_scaling_group_name(id);
        call.set_metrics(new).granularity(granularity).send().await?;
    }
    if gone.is_some() {
        scaling.disable_metrics_collection().auto_scaling_group_name(id).set_metrics(gone).send().await?;
    }
    Ok(())
}

//! aws_autoscaling_policy: when a group grows and shrinks. A policy is put as a whole, and is known by its
//! group and its name.

mod blocks;

use super::autoscaling_group::unless_gone;
use super::scaling::{call, list, on};
use crate::aws::api::member_text;
use crate::resources::document::{Document, One, Unordered, document};
use crate::resources::prelude::*;
use futures::future::try_join_all;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// The resource type `aws_autoscaling_policy`.
pub struct AwsAutoscalingPolicy;

/// How many names one call takes (EC2 Auto Scaling API: DescribePolicies).
const NAMES_PER_CALL: usize = 50;
const SIMPLE: &str = "SimpleScaling";
const STEP: &str = "StepScaling";
const TRACKING: &str = "TargetTrackingScaling";
const PREDICTIVE: &str = "PredictiveScaling";

document! {
    Rows {
        adjustment_type = "AdjustmentType": Text
            [.check(|v| checks::one_of(v, &["", "ChangeInCapacity", "ExactCapacity", "PercentChangeInCapacity"]))];
        arn = "PolicyARN": Text, read [.computed()];
        autoscaling_group_name = "AutoScalingGroupName": Text [.required().force_new()];
        cooldown = "Cooldown": Int;
        enabled = "Enabled": Flag, create [.default(true).read(|p| enabled(p.held()))];
        estimated_instance_warmup = "EstimatedInstanceWarmup": Int;
        metric_aggregation_type = "MetricAggregationType": Text
            [.optional_computed().check(|v| checks::one_of(v, &["", "Minimum", "Maximum", "Average"]))];
        min_adjustment_magnitude = "MinAdjustmentMagnitude": Positive;
        name = "PolicyName": Text [.required().force_new()];
        policy_type = "PolicyType": Text, create
            [.default(SIMPLE).check(|v| checks::one_of(v, &[SIMPLE, STEP, TRACKING, PREDICTIVE]))]
            [.read(|p| kind(p.held()))];
        predictive_scaling_configuration = "PredictiveScalingConfiguration": One<blocks::Predictive>;
        scaling_adjustment = "ScalingAdjustment": Int;
        step_adjustment = "StepAdjustments.member": Unordered<blocks::Step>;
        target_tracking_configuration = "TargetTrackingConfiguration": One<blocks::Tracking>;
    }
}

fn enabled(policy: &Json) -> Value {
    (member_text(policy, "Enabled").as_deref() != Some("false")).into()
}

fn kind(policy: &Json) -> Value {
    member_text(policy, "PolicyType").unwrap_or_else(|| SIMPLE.into()).into()
}

/// The names of policies hold no slash, those of groups may.
fn split(id: &str) -> Option<(&str, &str)> {
    id.rsplit_once('/')
}

fn id(policy: &Json) -> Option<String> {
    Some(format!("{}/{}", member_text(policy, "AutoScalingGroupName")?, member_text(policy, "PolicyName")?))
}

fn parse(text: &str) -> Option<Vec<(&'static str, Value)>> {
    let (group, name) = split(text)?;
    Some(vec![("autoscaling_group_name", group.into()), ("name", name.into())])
}

/// Which arguments go with which type of policy.
fn checked(want: &Attrs) -> Vec<(&'static str, String)> {
    const OF: [(&str, &[&str]); 9] = [
        ("adjustment_type", &[SIMPLE, STEP]),
        ("scaling_adjustment", &[SIMPLE]),
        ("cooldown", &[SIMPLE]),
        ("min_adjustment_magnitude", &[SIMPLE, STEP]),
        ("step_adjustment", &[STEP]),
        ("metric_aggregation_type", &[STEP]),
        ("estimated_instance_warmup", &[STEP, TRACKING]),
        ("target_tracking_configuration", &[TRACKING]),
        ("predictive_scaling_configuration", &[PREDICTIVE]),
    ];
    const NEEDS: [(&str, &str); 6] = [
        (SIMPLE, "adjustment_type"),
        (SIMPLE, "scaling_adjustment"),
        (STEP, "adjustment_type"),
        (STEP, "step_adjustment"),
        (TRACKING, "target_tracking_configuration"),
        (PREDICTIVE, "predictive_scaling_configuration"),
    ];
    let Some(kind) = want.str("policy_type") else { return Vec::new() };
    let given = |name: &str| want.is_filled(name);
    let foreign = OF.iter().filter(|(name, kinds)| given(name) && !kinds.contains(&kind)).map(|(name, kinds)| {
        (*name, format!("{name} goes with policy_type = {}; this one is {kind}", kinds.join(" or ")))
    });
    let missing = NEEDS.iter().filter(|(of, name)| *of == kind && !given(name));
    foreign.chain(missing.map(|(_, name)| (*name, format!("a policy of type {kind} needs {name}")))).collect()
}

async fn put(aws: &Aws, want: &Attrs) -> Result<()> {
    let adjustment = want.int("scaling_adjustment").filter(|_| want.str("policy_type") == Some(SIMPLE));
    let mut input = Rows::create(want);
    input["ScalingAdjustment"] = adjustment.into();
    done(call(aws, "PutScalingPolicy", input).await)
}

impl Resource for AwsAutoscalingPolicy {
    type Live = Json;

    fn spec() -> Spec<Json> {
        Spec::new("aws_autoscaling_policy", id, Rows::rows::<Json>())
            .role(Role::NotServing("it changes how many members a group has, never whether one is there"))
            .unique(&[&["autoscaling_group_name", "name"]])
            .recover(Recover::Key)
            .import("GROUP/POLICY", parse)
            .id_from(|attrs| Some(format!("{}/{}", attrs.str("autoscaling_group_name")?, attrs.str("name")?)))
            .check(checked)
    }

    /// A call takes the names of one group's policies.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
        let mut wanted: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let pairs: Vec<(String, String)> = match which {
            Which::Ids(ids) => {
                ids.iter().filter_map(|id| split(id)).map(|(g, n)| (g.to_owned(), n.to_owned())).collect()
            }
            Which::NaturalKey(want) => {
                want.string("autoscaling_group_name").zip(want.string("name")).into_iter().collect()
            }
            Which::Token(_) => Vec::new(),
        };
        for (group, name) in pairs {
            wanted.entry(group).or_default().insert(name);
        }
        let asked = wanted.iter().flat_map(|(group, names)| {
            let names: Vec<String> = names.iter().cloned().collect();
            let chunks: Vec<Vec<String>> = names.chunks(NAMES_PER_CALL).map(<[String]>::to_vec).collect();
            chunks.into_iter().map(move |chunk| (group.clone(), chunk))
        });
        let asked = asked.map(|(group, names)| async move {
            let input = json!({"AutoScalingGroupName": group, "PolicyNames": {"member": names}});
            match list(aws, "DescribePolicies", input, "ScalingPolicies.member").await {
                // The group is gone, and its policies with it.
                Err(e) if e.is("ValidationError") && e.kind == Kind::Refused => Ok(Vec::new()),
                found => found,
            }
        });
        Ok(try_join_all(asked).await?.into_iter().flatten().collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        put(aws, want).await?;
        let part = |name: &str| want.str(name).unwrap_or_default();
        Ok(format!("{}/{}", part("autoscaling_group_name"), part("name")))
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        let open: Vec<String> = change.unhandled().map(str::to_owned).collect();
        if open.iter().filter(|name| change.take(name).is_some()).count() > 0 {
            put(aws, change.after).await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let Some((group, name)) = split(id) else {
            return Err(Error::not_found(format!("{id} names no group and no policy")));
        };
        unless_gone(on(aws, "DeletePolicy", group, json!({"PolicyName": name})).await)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_says_what_does_not_go_with_its_type() {
        let of = |kind: &str| Attrs::default().with("policy_type", kind);
        let said = |attrs: &Attrs| checked(attrs).into_iter().map(|(_, text)| text).collect::<Vec<_>>();
        let simple = of(SIMPLE).with("adjustment_type", "ChangeInCapacity").with("scaling_adjustment", 1);
        assert_eq!(said(&simple), [""; 0]);
        assert_eq!(
            said(&simple.with("metric_aggregation_type", "Average")),
            ["metric_aggregation_type goes with policy_type = StepScaling; this one is SimpleScaling"]
        );
        assert_eq!(said(&of(TRACKING)), ["a policy of type TargetTrackingScaling needs target_tracking_configuration"]);
    }
}

//! aws_autoscaling_policy: when a group grows and shrinks. A policy is put as a whole, and is known by its
//! group and its name.

mod blocks;

use super::autoscaling_group::unless_gone;
use crate::aws::{Aws, Error, Kind, Result};
use crate::resources::block::{BlockSet, Cell, Get, OptionalBlock, Put, text};
use crate::resources::spec::{self, Resource, Spec, Token, Which};
use crate::schema::rows::Recover;
use crate::schema::{Attrs, Change, checks};
use crate::value::Value;
use aws_sdk_autoscaling::types::ScalingPolicy;
use futures::future::try_join_all;
use std::collections::{BTreeMap, BTreeSet};

type A = spec::A<ScalingPolicy>;

/// The resource type `aws_autoscaling_policy`.
pub struct AwsAutoscalingPolicy;

/// How many names one call takes (EC2 Auto Scaling API: DescribePolicies).
const NAMES_PER_CALL: usize = 50;
const SIMPLE: &str = "SimpleScaling";
const STEP: &str = "StepScaling";
const TRACKING: &str = "TargetTrackingScaling";
const PREDICTIVE: &str = "PredictiveScaling";

/// The names of policies hold no slash, those of groups may.
fn split(id: &str) -> Option<(&str, &str)> {
    id.rsplit_once('/')
}

fn id(policy: &ScalingPolicy) -> Option<String> {
    Some(format!("{}/{}", policy.auto_scaling_group_name()?, policy.policy_name()?))
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
    let given =
        |name: &str| want.get(name).is_some_and(|v| !v.is_null() && v.as_elements().is_none_or(|all| !all.is_empty()));
    let foreign = OF.iter().filter(|(name, kinds)| given(name) && !kinds.contains(&kind)).map(|(name, kinds)| {
        (*name, format!("{name} goes with policy_type = {}; this one is {kind}", kinds.join(" or ")))
    });
    let missing = NEEDS.iter().filter(|(of, name)| *of == kind && !given(name));
    foreign.chain(missing.map(|(_, name)| (*name, format!("a policy of type {kind} needs {name}")))).collect()
}

async fn put(aws: &Aws, want: &Attrs) -> Result<()> {
    aws.write
        .autoscaling
        .put_scaling_policy()
        .set_auto_scaling_group_name(want.string("autoscaling_group_name"))
        .set_policy_name(want.string("name"))
        .set_policy_type(text(want, "policy_type"))
        .set_adjustment_type(text(want, "adjustment_type"))
        .set_cooldown(want.int("cooldown"))
        .set_enabled(Some(want.bool("enabled").unwrap_or(true)))
        .set_estimated_instance_warmup(want.int("estimated_instance_warmup"))
        .set_metric_aggregation_type(text(want, "metric_aggregation_type"))
        .set_min_adjustment_magnitude(want.int("min_adjustment_magnitude").filter(|n| *n > 0))
        .set_predictive_scaling_configuration(OptionalBlock::<blocks::Predictive>::put(
            want,
            "predictive_scaling_configuration",
        ))
        .set_scaling_adjustment(want.int("scaling_adjustment").filter(|_| want.str("policy_type") == Some(SIMPLE)))
        .set_step_adjustments(BlockSet::<blocks::Step>::put(want, "step_adjustment"))
        .set_target_tracking_configuration(OptionalBlock::<blocks::Tracking>::put(
            want,
            "target_tracking_configuration",
        ))
        .send()
        .await?;
    Ok(())
}

impl Resource for AwsAutoscalingPolicy {
    type Live = ScalingPolicy;

    fn spec() -> Spec<ScalingPolicy> {
        let rows = vec![
            A::string("adjustment_type")
                .check(|v| checks::one_of(v, &["", "ChangeInCapacity", "ExactCapacity", "PercentChangeInCapacity"]))
                .read(|p| p.adjustment_type().into()),
            A::string("autoscaling_group_name").required().force_new().read(|p| p.auto_scaling_group_name().into()),
            A::number("cooldown").read(|p| p.cooldown().into()),
            A::bool("enabled").default(true).read(|p| p.enabled().unwrap_or(true).into()),
            A::number("estimated_instance_warmup").read(|p| p.estimated_instance_warmup().into()),
            A::string("metric_aggregation_type")
                .optional_computed()
                .check(|v| checks::one_of(v, &["", "Minimum", "Maximum", "Average"]))
                .read(|p| p.metric_aggregation_type().into()),
            A::number("min_adjustment_magnitude").read(|p| p.min_adjustment_magnitude().into()),
            A::string("name").required().force_new().read(|p| p.policy_name().into()),
            A::string("policy_type")
                .default(SIMPLE)
                .check(|v| checks::one_of(v, &[SIMPLE, STEP, TRACKING, PREDICTIVE]))
                .read(|p| p.policy_type().unwrap_or(SIMPLE).into()),
            OptionalBlock::<blocks::Predictive>::column("predictive_scaling_configuration")
                .read(|p| OptionalBlock::<blocks::Predictive>::get(p.predictive_scaling_configuration())),
            A::number("scaling_adjustment").read(|p| p.scaling_adjustment().into()),
            BlockSet::<blocks::Step>::column("step_adjustment")
                .read(|p| BlockSet::<blocks::Step>::get(p.step_adjustments())),
            OptionalBlock::<blocks::Tracking>::column("target_tracking_configuration")
                .read(|p| OptionalBlock::<blocks::Tracking>::get(p.target_tracking_configuration())),
            A::string("arn").computed().read(|p| p.policy_arn().into()),
        ];
        Spec::new("aws_autoscaling_policy", id, rows)
            .unique(&[&["autoscaling_group_name", "name"]])
            .recover(Recover::Key)
            .import("GROUP/POLICY", parse)
            .check(checked)
    }

    /// A call takes the names of one group's policies.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<ScalingPolicy>> {
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
            let call = aws.read.autoscaling.describe_policies().auto_scaling_group_name(group);
            let call = call.set_policy_names(Some(names));
            match aws.pages(vec![Vec::new()], |_| call.clone().into_paginator().items().send()).await {
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
        let call = aws.write.autoscaling.delete_policy().auto_scaling_group_name(group).policy_name(name);
        unless_gone(call.send().await)
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

//! aws_autoscaling_traffic_source_attachment: puts a scaling group behind a target group, a classic load balancer or a
//! target of VPC Lattice.

use super::autoscaling_group::{by_name, unless_gone};
use crate::resources::prelude::*;
use aws_sdk_autoscaling::types::TrafficSourceIdentifier;

/// The resource type `aws_autoscaling_traffic_source_attachment`.
pub struct AwsAutoscalingTrafficSourceAttachment;

/// A group and one of its sources.
pub struct Live {
    group: String,
    source: TrafficSourceIdentifier,
}

const SOURCE: &str = "traffic_source";
const KINDS: [&str; 3] = ["elb", "elbv2", "vpc-lattice"];

block! {
    /// Where the traffic comes from.
    Source: TrafficSourceIdentifier => TrafficSourceIdentifier {
        identifier: Text [.required().force_new()];
        r#type: Text [.required().force_new().check(|v| checks::one_of(v, &KINDS))];
    }
}

fn id(group: &str, source: &TrafficSourceIdentifier) -> String {
    let [kind, identifier] = [source.r#type(), source.identifier()].map(Option::unwrap_or_default);
    format!("{group},{kind},{identifier}")
}

/// The group and the source in an id: `GROUP,TYPE,IDENTIFIER`.
fn of_id(id: &str) -> Option<Live> {
    let mut parts = id.splitn(3, ',');
    let (group, kind, identifier) = (parts.next()?, parts.next()?, parts.next()?);
    let source = TrafficSourceIdentifier::builder().r#type(kind).identifier(identifier).build();
    Some(Live { group: group.to_owned(), source })
}

fn of(want: &Attrs) -> Option<Live> {
    let source = OptionalBlock::<Source>::put(want, SOURCE)?;
    Some(Live { group: want.string("autoscaling_group_name")?, source })
}

fn parse(text: &str) -> Option<Vec<(&'static str, Value)>> {
    let live = of_id(text)?;
    let source = OptionalBlock::<Source>::get(Some(&live.source));
    Some(vec![("autoscaling_group_name", live.group.into()), (SOURCE, source)])
}

impl Resource for AwsAutoscalingTrafficSourceAttachment {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let group = A::string("autoscaling_group_name").required().force_new();
        let source = OptionalBlock::<Source>::column(SOURCE).force_new();
        let all = vec![
            group.read(|l: &Live| l.group.as_str().into()),
            source.read(|l| OptionalBlock::<Source>::get(Some(&l.source))),
        ];
        Spec::new("aws_autoscaling_traffic_source_attachment", |l: &Live| Some(id(&l.group, &l.source)), all)
            .role(Role::Settings(Unjudged::All("members behind a target group")))
            .unique(&[&["autoscaling_group_name", SOURCE]])
            .import("GROUP,TYPE,IDENTIFIER", parse)
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let wanted: Vec<Live> = match which {
            Which::Ids(ids) => ids.iter().filter_map(|id| of_id(id)).collect(),
            Which::NaturalKey(want) => of(want).into_iter().collect(),
            Which::Token(_) => Vec::new(),
        };
        let mut names: Vec<String> = wanted.iter().map(|live| live.group.clone()).collect();
        names.sort();
        names.dedup();
        let groups = by_name(aws, &names).await?;
        let held = |live: &Live| {
            let own = groups.iter().filter(|g| g.auto_scaling_group_name() == Some(live.group.as_str()));
            own.flat_map(|g| g.traffic_sources()).any(|source| source.identifier() == live.source.identifier())
        };
        Ok(wanted.into_iter().filter(held).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let live = of(want).ok_or_else(|| Error::new(Kind::Refused, "a traffic_source block is required"))?;
        let call = aws.write.autoscaling.attach_traffic_sources().auto_scaling_group_name(&live.group);
        call.traffic_sources(live.source.clone()).send().await?;
        Ok(id(&live.group, &live.source))
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let Some(live) = of_id(id) else { return Ok(()) };
        let call = aws.write.autoscaling.detach_traffic_sources().auto_scaling_group_name(&live.group);
        unless_gone(call.traffic_sources(live.source).send().await)
    }
}

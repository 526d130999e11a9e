//! aws_autoscaling_traffic_source_attachment: puts a scaling group behind a target group, a classic load balancer or a
//! target of VPC Lattice.

use super::autoscaling_group::{by_name, unless_gone};
use super::scaling::on;
use crate::aws::api::items;
use crate::resources::document::{Member, One, at, document};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// The resource type `aws_autoscaling_traffic_source_attachment`.
pub struct AwsAutoscalingTrafficSourceAttachment;

/// A group and one of its sources.
pub struct Live {
    group: String,
    source: Json,
}

const SOURCE: &str = "traffic_source";
const KINDS: [&str; 3] = ["elb", "elbv2", "vpc-lattice"];

document! {
    /// Where the traffic comes from.
    Source {
        identifier = "Identifier": Text [.required().force_new()];
        r#type = "Type": Text [.required().force_new().check(|v| checks::one_of(v, &KINDS))];
    }
}

impl Live {
    fn id(&self) -> String {
        let [kind, identifier] = ["Type", "Identifier"].map(|name| self.source[name].as_str().unwrap_or_default());
        format!("{},{kind},{identifier}", self.group)
    }

    fn source(&self) -> Value {
        at::<One<Source>>(&json!({"Source": self.source}), "Source")
    }

    /// The source as the one in a list.
    fn listed(&self) -> Json {
        json!({"TrafficSources": {"member": [self.source]}})
    }
}

/// The group and the source in an id: `GROUP,TYPE,IDENTIFIER`.
fn of_id(id: &str) -> Option<Live> {
    let mut parts = id.splitn(3, ',');
    let (group, kind, identifier) = (parts.next()?, parts.next()?, parts.next()?);
    Some(Live { group: group.to_owned(), source: json!({"Type": kind, "Identifier": identifier}) })
}

fn of(want: &Attrs) -> Option<Live> {
    let source = One::<Source>::put(want, SOURCE)?;
    Some(Live { group: want.string("autoscaling_group_name")?, source })
}

fn parse(text: &str) -> Option<Vec<(&'static str, Value)>> {
    let live = of_id(text)?;
    Some(vec![(SOURCE, live.source()), ("autoscaling_group_name", live.group.into())])
}

impl Resource for AwsAutoscalingTrafficSourceAttachment {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let group = A::string("autoscaling_group_name").required().force_new();
        let source = One::<Source>::column(SOURCE).force_new();
        let all = vec![group.read(|l: &Live| l.group.as_str().into()), source.read(Live::source)];
        Spec::new("aws_autoscaling_traffic_source_attachment", |l: &Live| Some(l.id()), all)
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
            let own = groups.iter().filter(|g| g["AutoScalingGroupName"] == *live.group);
            let mut sources = own.flat_map(|g| items(g, "TrafficSources.member"));
            sources.any(|source| source["Identifier"] == live.source["Identifier"])
        };
        Ok(wanted.into_iter().filter(held).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let live = of(want).ok_or_else(|| Error::new(Kind::Refused, "a traffic_source block is required"))?;
        on(aws, "AttachTrafficSources", &live.group, live.listed()).await?;
        Ok(live.id())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let Some(live) = of_id(id) else { return Ok(()) };
        unless_gone(on(aws, "DetachTrafficSources", &live.group, live.listed()).await)
    }
}

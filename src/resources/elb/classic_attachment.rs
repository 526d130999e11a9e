//! aws_elb_attachment: an instance of a Classic Load Balancer.

use super::classic::{members, named};
use crate::resources::prelude::*;

/// The resource type `aws_elb_attachment`.
pub struct AwsElbAttachment;

/// A balancer and an instance that is registered with it.
pub struct Pair(String, String);

static KEY: Composite = Composite::new(&["elb", "instance"], ",");

impl Resource for AwsElbAttachment {
    type Live = Pair;

    fn spec() -> Spec<Pair> {
        let rows = vec![
            A::string("elb").required().force_new().read(|p: &Pair| p.0.as_str().into()),
            A::string("instance").required().force_new().read(|p: &Pair| p.1.as_str().into()),
        ];
        Spec::composite("aws_elb_attachment", &KEY, rows).role(Role::Settings(Unjudged::All("instances")))
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Pair>> {
        let found = named(aws, &which.parts(&KEY, "elb")).await?;
        let instances = |balancer| {
            let read = super::classic::AwsElb::spec().read(&balancer);
            let name = read.string("name").unwrap_or_default();
            read.strings("instances").into_iter().map(move |id| Pair(name.clone(), id)).collect::<Vec<_>>()
        };
        Ok(found.into_iter().flat_map(instances).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let (balancer, instance) = (want.string("elb").unwrap_or_default(), want.string("instance"));
        members(aws, "RegisterInstancesWithLoadBalancer", &balancer, instance.into_iter().collect()).await?;
        made(KEY.id(want).as_deref())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let (balancer, instance) = (last.string("elb").unwrap_or_default(), last.string("instance"));
        members(aws, "DeregisterInstancesFromLoadBalancer", &balancer, instance.into_iter().collect()).await
    }
}

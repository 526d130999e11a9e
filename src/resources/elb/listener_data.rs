//! data aws_lb_listener: a listener by its ARN, or by the ARN of its balancer and its port.

use super::data::{answered, answers};
use super::listener::{AwsLbListener, complete};
use crate::aws::api::member_text;
use crate::resources::elb::shared;
use crate::resources::lookup::{here, one, schema};
use crate::resources::prelude::*;
use std::collections::BTreeSet;

/// data aws_lb_listener.
pub struct ListenerData;

/// The arguments.
const BY: &[&str] = &["arn", "id", "load_balancer_arn", "port", "region", "tags"];

impl DataSource for ListenerData {
    fn schema() -> Schema {
        let mut all = AwsLbListener::spec().schema;
        let further = |name: &str| name.starts_with("routing_http_") || name == "tcp_idle_timeout_seconds";
        all.attributes.retain(|row| !further(row.name));
        schema("aws_lb_listener", answers(all, BY, &["tags_all"]))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let arn = config.string("arn").filter(|arn| !arn.is_empty());
        let balancer = config.string("load_balancer_arn").or_else(|| shared::balancer_of(arn.as_deref()?));
        let Some(balancer) = balancer else {
            return Err(Error::not_found("give arn, or load_balancer_arn and port".to_owned()));
        };
        let mut found = shared::listeners_of(&aws, BTreeSet::from([balancer])).await?;
        found.retain(|l| arn.is_none() || member_text(l, "ListenerArn") == arn);
        found.retain(|l| config.int("port").is_none() || shared::port_of(l) == config.int("port"));
        let found = one(complete(&aws, found).await?, "listener")?;
        Ok(answered(config, &Self::schema().attributes, AwsLbListener::spec().read(&found), &aws.region))
    }
}

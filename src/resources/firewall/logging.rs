//! aws_networkfirewall_logging_configuration: where a firewall writes what it saw. One call adds or removes one
//! destination.

use crate::aws::api::services::FIREWALL;
use crate::aws::api::{Service, items, member};
use crate::resources::block::TextMap;
use crate::resources::document::{Document, One, Unordered, document};
use crate::resources::plain::{Object, Plain};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    Destination {
        log_destination = "LogDestination": TextMap [.required()];
        log_destination_type = "LogDestinationType": Text [.required()];
        log_type = "LogType": Text [.required()];
    }
}
document! {
    Logging {
        log_destination_config = "LogDestinationConfigs": Unordered<Destination> [.required().count(1, Some(3))];
    }
}
document! {
    /// The resource type `aws_networkfirewall_logging_configuration`.
    pub AwsNetworkfirewallLoggingConfiguration {
        enable_monitoring_dashboard = "EnableMonitoringDashboard": Flag, read, create [.optional_computed()];
        firewall_arn = "FirewallArn": Text [.required().force_new()];
        logging_configuration = "LoggingConfiguration": One<Logging>, read [.required().count(1, Some(1))];
    }
}

fn destinations(of: &Attrs) -> Vec<Json> {
    let logging = of.blocks("logging_configuration");
    logging.iter().flat_map(|l| l.blocks("log_destination_config")).map(|d| Destination::create(&d)).collect()
}

fn call(id: &str, destinations: &[Json]) -> Json {
    json!({"FirewallArn": id, "LoggingConfiguration": {"LogDestinationConfigs": destinations}})
}

/// The destinations after each call on the way from some to others.
fn steps(mut now: Vec<Json>, after: Vec<Json>) -> Vec<Vec<Json>> {
    let mut all = Vec::new();
    while let Some(at) = now.iter().position(|one| !after.contains(one)) {
        now.remove(at);
        all.push(now.clone());
    }
    for one in after {
        if !now.contains(&one) {
            now.push(one);
            all.push(now.clone());
        }
    }
    all
}

impl Plain for AwsNetworkfirewallLoggingConfiguration {
    const SERVICE: &'static Service = &FIREWALL;
    const CREATE: &'static str = "UpdateLoggingConfiguration";
    const READ: (&'static str, &'static str) = ("DescribeLoggingConfiguration", "");
    const DELETE: &'static str = "UpdateLoggingConfiguration";
    const NAME: &'static str = "firewall_arn";

    fn specification() -> Spec<Object> {
        let id = |l: &Object| Some(l.id.clone());
        Spec::new("aws_networkfirewall_logging_configuration", id, <Self as Document>::rows())
            .role(Role::NotServing("it writes down what passes"))
            .unique(&[&["firewall_arn"]])
            .recover(Recover::Key)
    }

    fn key(id: &str) -> Json {
        json!({"FirewallArn": id})
    }

    fn id(want: &Attrs, _answer: &Json) -> Option<String> {
        want.string("firewall_arn")
    }

    fn input(_aws: &Aws, want: &Attrs, _token: &Token) -> Json {
        let first: Vec<Json> = destinations(want).into_iter().take(1).collect();
        let mut input = call(want.str("firewall_arn").unwrap_or_default(), &first);
        input["EnableMonitoringDashboard"] = want.bool("enable_monitoring_dashboard").into();
        input
    }

    async fn further(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if let Some(on) = change.take_bool("enable_monitoring_dashboard") {
            let mut input = call(id, &destinations(change.before));
            input["EnableMonitoringDashboard"] = on.into();
            aws.write.api.call(&FIREWALL, Self::CREATE, input).await?;
        }
        if change.take("logging_configuration").is_some() {
            for step in steps(destinations(change.before), destinations(change.after)) {
                aws.write.api.call(&FIREWALL, Self::CREATE, call(id, &step)).await?;
            }
        }
        Ok(())
    }

    async fn more(_aws: &Aws, id: &str, json: Json) -> Result<Json> {
        let all = member(&json, "LoggingConfiguration").map(|all| items(all, "LogDestinationConfigs"));
        if all.is_none_or(|all| all.is_empty()) {
            return Err(Error::not_found(format!("{id} writes no logs")));
        }
        Ok(json)
    }

    async fn before_delete(aws: &Aws, id: &str, last: &Attrs) -> Result<bool> {
        for step in steps(destinations(last), Vec::new()) {
            aws.write.api.call(&FIREWALL, Self::DELETE, call(id, &step)).await?;
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_destination_comes_or_goes_at_a_time() {
        let one = |n: u32| json!({ "n": n });
        let all = steps(vec![one(1), one(2)], vec![one(2), one(3), one(4)]);
        assert_eq!(all, [vec![one(2)], vec![one(2), one(3)], vec![one(2), one(3), one(4)]]);
    }
}

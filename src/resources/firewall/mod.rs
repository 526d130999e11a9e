//! The Network Firewall family: firewalls, their policies and groups of rules, their logs, and who else may use them.

pub(super) mod allowed;
mod firewall_data;
mod logging;
mod network_firewall;
mod policy;
mod policy_data;
mod resource_policy;
mod rule_group;
mod rules;

use super::any::{AnyData, AnyResource, Registry, add, add_data};
use super::document::{One, document};
use super::plain::Tags;
use super::prelude::*;
use serde_json::Value as Json;

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<network_firewall::AwsNetworkfirewallFirewall>(all);
    add::<policy::AwsNetworkfirewallFirewallPolicy>(all);
    add::<logging::AwsNetworkfirewallLoggingConfiguration>(all);
    add::<resource_policy::AwsNetworkfirewallResourcePolicy>(all);
    add::<rule_group::AwsNetworkfirewallRuleGroup>(all);
}

/// The family's data sources.
pub fn data_sources(all: &mut Registry<dyn AnyData>) {
    add_data::<firewall_data::AwsNetworkfirewallFirewall>(all);
    add_data::<policy_data::AwsNetworkfirewallFirewallPolicy>(all);
}

document! {
    /// The key that encrypts.
    Encryption {
        key_id = "KeyId": Text;
        r#type = "Type": Text [.required()];
    }
}
document! {
    MetricDimension {
        value = "Value": Text [.required()];
    }
}
document! {
    PublishMetric {
        dimension = "Dimensions": super::document::Unordered<MetricDimension> [.required().count(1, None)];
    }
}
document! {
    ActionDefinition {
        publish_metric_action = "PublishMetricAction": One<PublishMetric> [.required().count(1, Some(1))];
    }
}
document! {
    /// What becomes of a packet beside the usual actions.
    CustomAction {
        action_name = "ActionName": Text [.required()];
        action_definition = "ActionDefinition": One<ActionDefinition> [.required().count(1, Some(1))];
    }
}
document! {
    /// Addresses or ports by a name.
    Definition {
        definition = "Definition": Texts [.required()];
    }
}

/// The tags of an object with the ARN at this place.
const fn tags(arn: &'static str) -> Tags {
    Tags {
        list: "ListTagsForResource",
        set: "TagResource",
        unset: "UntagResource",
        by: ("ResourceArn", arn),
        members: ("Tags", "TagKeys"),
        create: "Tags",
        pairs: Some(("Key", "Value")),
    }
}

/// The ARN of an object by its name.
fn arn(aws: &Aws, kind: &str, name: &str) -> String {
    format!("arn:{}:network-firewall:{}:{}:{kind}/{name}", aws.partition, aws.region, aws.account)
}

/// An answer whose parts are members of its own, as one object.
fn flat(mut answer: Json, response: &str) -> Json {
    let inner = answer[response].take();
    super::plain::joined(inner, answer)
}

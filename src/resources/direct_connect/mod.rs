//! The Direct Connect family: private lines to AWS, the interfaces on them, and the gateways that lead on to networks.
//! A connection, an interface and a gateway have no name of their own, so that each carries the token of its creation
//! as a tag. Deleted ones stay listed for a while.

pub(super) mod allowed;
mod association;
mod connection;
mod gateway;
mod gateway_data;
mod proposal;
mod virtual_interface;

use super::any::{AnyData, AnyResource, Registry, add, add_data};
use super::document::Member;
use super::plain::{Object, Tags, state};
use super::spec::Progress;
use crate::aws::Aws;
use crate::aws::api::{items, member_text};
use crate::schema::Attrs;
use crate::value::Value;
use serde_json::{Value as Json, json};

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<association::AwsDxGatewayAssociation>(all);
    add::<connection::AwsDxConnection>(all);
    add::<gateway::AwsDxGateway>(all);
    add::<proposal::AwsDxGatewayAssociationProposal>(all);
    add::<virtual_interface::AwsDxPrivateVirtualInterface>(all);
    add::<virtual_interface::AwsDxTransitVirtualInterface>(all);
}

/// The family's data sources.
pub fn data_sources(all: &mut Registry<dyn AnyData>) {
    add_data::<gateway_data::AwsDxGateway>(all);
}

/// The tags of all types of the family that have some; `create` is the member of the call that holds them.
const fn tags(create: &'static str) -> Tags {
    Tags {
        list: "",
        set: "TagResource",
        unset: "UntagResource",
        by: ("resourceArn", "arn"),
        members: ("tags", "tagKeys"),
        create,
        pairs: Some(("key", "value")),
    }
}

/// The ARN of an object; a gateway is in no region.
fn arn(aws: &Aws, json: &Json, region: &str, kind: &str, id: &str) -> String {
    let owner = member_text(json, "ownerAccount").unwrap_or_else(|| aws.account.to_string());
    format!("arn:{}:directconnect:{region}:{owner}:{kind}/{id}", aws.partition)
}

/// How far an object is, by the member that says it.
fn progress(object: &Object, path: &str) -> Progress {
    let pending = ["pending", "verifying", "associating", "updating", "deleting", "disassociating"];
    state(object, path, &pending, &[], &["deleted", "rejected", "disassociated"])
}

/// Address ranges, which Direct Connect has as objects with one member.
struct Prefixes;

impl super::block::Cell for Prefixes {
    fn column<L>(name: &'static str) -> super::spec::A<L> {
        super::spec::A::string_set(name)
    }
}
impl Member for Prefixes {
    fn get(object: &Json, path: &str) -> Value {
        Value::string_set(items(object, path).iter().filter_map(|one| member_text(one, "cidr")))
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        let all: Vec<Json> = want.strings(name).into_iter().map(prefix).collect();
        Some(all).filter(|all| !all.is_empty()).map(Json::from)
    }
}

fn prefix(cidr: String) -> Json {
    json!({ "cidr": cidr })
}

//! The VPC Lattice family: networks of services, and the VPCs that reach them.

mod service_network;
mod vpc_association;

use super::any::{AnyResource, Registry, add};
use super::plain::Tags;

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<service_network::AwsVpclatticeServiceNetwork>(all);
    add::<vpc_association::AwsVpclatticeServiceNetworkVpcAssociation>(all);
}

/// Tags of any object of Lattice.
const TAGS: Tags = Tags {
    list: "ListTagsForResource GET /tags/{resourceArn}",
    set: "TagResource POST /tags/{resourceArn}",
    unset: "UntagResource DELETE /tags/{resourceArn}",
    by: ("resourceArn", "arn"),
    members: ("tags", "tagKeys"),
    create: "tags",
    pairs: None,
};

//! aws_vpc_peering_connection_accepter and aws_vpc_peering_connection_options: the side of the VPC that is asked, and the
//! DNS options of both sides, of a connection that another layout has made. Neither ends the connection.

use super::vpc_endpoint::accepted_alike;
use super::vpc_peering_connection::{AwsVpcPeeringConnection, Options, options, peer};
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::modify_vpc_peering_connection_options::builders::ModifyVpcPeeringConnectionOptionsFluentBuilder as Modify;
use aws_sdk_ec2::types::{VpcPeeringConnection as Connection, VpcPeeringConnectionVpcInfo as Side};

/// The resource type `aws_vpc_peering_connection_accepter`.
pub struct AwsVpcPeeringConnectionAccepter;
/// The resource type `aws_vpc_peering_connection_options`.
pub struct AwsVpcPeeringConnectionOptions;

table! {
    Both: Connection, modify Modify {
        vpc_peering_connection_id: Text, read [.required().force_new()];
        accepter = accepter_peering_connection_options: OptionalBlock<Options>, modify
            [.optional_computed().read(|p| options(peer(p.held())))];
        requester = requester_peering_connection_options: OptionalBlock<Options>, modify
            [.optional_computed().read(|p| options(p.held().requester_vpc_info()))];
    }
}

table! {
    /// What the accepter says beyond; the other side is the one that asked.
    OfAccepter: Connection {
        auto_accept: Flag, none [.normal(Normal::With(accepted_alike)).read(|p| accepted(p.held()))];
        accept_status: Text, none [.computed().follows(&["auto_accept"])]
            [.read(|p| p.held().status().and_then(|s| s.code()).map(|c| c.as_str()).into())];
        peer_owner_id: Text, none [.computed().read(|p| asker(p.held()).and_then(Side::owner_id).into())];
        peer_region: Text, none [.computed().read(|p| asker(p.held()).and_then(Side::region).into())];
        peer_vpc_id: Text, none [.computed().read(|p| asker(p.held()).and_then(Side::vpc_id).into())];
        vpc_id: Text, none [.computed().read(|p| peer(p.held()).and_then(Side::vpc_id).into())];
    }
}

fn asker(p: &Connection) -> Option<&Side> {
    p.requester_vpc_info()
}

fn accepted(p: &Connection) -> Value {
    super::vpc_peering_connection::accepted(p)
}

fn spec(name: &'static str, more: Vec<A<Connection>>) -> Spec<Connection> {
    let rows = Both::rows().into_iter().chain(more).collect();
    let of_connection = AwsVpcPeeringConnection::spec();
    Spec { progress: of_connection.progress, ..Spec::new(name, of_connection.id, rows) }
        .recover(Recover::Key)
        .unique(&[&["vpc_peering_connection_id"]])
}

async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Connection>> {
    let key = [("vpc-peering-connection-id", "vpc_peering_connection_id")];
    match which {
        Which::Token(_) => Ok(Vec::new()),
        which => {
            let filters = tags::filters(which, "vpc-peering-connection-id", &key);
            super::vpc_peering_connection::listed(aws, filters).await
        }
    }
}

/// The connection must be there: nothing else is made.
async fn taken_over(aws: &Aws, want: &Attrs) -> Result<String> {
    let id = want.str("vpc_peering_connection_id").unwrap_or_default();
    let found = describe(aws, Which::NaturalKey(want)).await?;
    let found = found.first().and_then(|p| p.vpc_peering_connection_id()).map(Into::into);
    found.ok_or_else(|| Error::not_found(format!("the peering connection {id} is not known in this region")))
}

impl Resource for AwsVpcPeeringConnectionAccepter {
    type Live = Connection;

    fn spec() -> Spec<Connection> {
        spec("aws_vpc_peering_connection_accepter", OfAccepter::rows())
            .role(Role::Gateway(Unjudged::All("routes")))
            .tags(|p| tags::read(p.tags()))
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Connection>> {
        describe(aws, which).await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        taken_over(aws, want).await
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        AwsVpcPeeringConnection::update(aws, id, change).await
    }

    /// The side that asked ends the connection.
    async fn delete(_aws: &Aws, _id: &str, _last: &Attrs) -> Result<()> {
        Ok(())
    }
}

impl Resource for AwsVpcPeeringConnectionOptions {
    type Live = Connection;

    fn spec() -> Spec<Connection> {
        spec("aws_vpc_peering_connection_options", Vec::new()).role(Role::Settings(Unjudged::All("name servers")))
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Connection>> {
        describe(aws, which).await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        taken_over(aws, want).await
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        AwsVpcPeeringConnection::update(aws, id, change).await
    }

    /// The options stay as they are: they end with the connection.
    async fn delete(_aws: &Aws, _id: &str, _last: &Attrs) -> Result<()> {
        Ok(())
    }
}

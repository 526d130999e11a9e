//! aws_vpc_route_server and its parts: endpoints in subnets, the machines that they speak BGP with, the VPC that it serves
//! and the route tables that it writes to.

use crate::resources::block::Long;
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::create_route_server::builders::CreateRouteServerFluentBuilder as Create;
use aws_sdk_ec2::operation::create_route_server_endpoint::builders::CreateRouteServerEndpointFluentBuilder as CreateEndpoint;
use aws_sdk_ec2::operation::create_route_server_peer::builders::CreateRouteServerPeerFluentBuilder as CreatePeer;
use aws_sdk_ec2::operation::modify_route_server::builders::ModifyRouteServerFluentBuilder as Modify;
use aws_sdk_ec2::types::{
    ResourceType, RouteServer, RouteServerAssociation, RouteServerBgpOptions, RouteServerBgpOptionsRequest,
    RouteServerEndpoint, RouteServerPeer, RouteServerPersistRoutesState as Persist, RouteServerPropagation,
};

/// The resource type `aws_vpc_route_server`.
pub struct AwsVpcRouteServer;
/// The resource type `aws_vpc_route_server_endpoint`.
pub struct AwsVpcRouteServerEndpoint;
/// The resource type `aws_vpc_route_server_peer`.
pub struct AwsVpcRouteServerPeer;
/// The resource type `aws_vpc_route_server_vpc_association`.
pub struct AwsVpcRouteServerVpcAssociation;
/// The resource type `aws_vpc_route_server_propagation`.
pub struct AwsVpcRouteServerPropagation;

const ROLE: Role = Role::OtherRoute(Unjudged::All("routes"));

/// How far a part is, by AWS's word.
fn progress(word: Option<&str>, why: Option<&str>) -> Progress {
    match word.unwrap_or("available") {
        "deleted" => Progress::Gone,
        "available" | "associated" => Progress::Ready,
        word @ ("failed" | "failing" | "delete-failed") => Progress::Failed(why.unwrap_or(word).into()),
        word => Progress::Pending(word.into()),
    }
}

type Server = WithArn<RouteServer>;

table! {
    Rows: Server, create Create, modify Modify {
        amazon_side_asn: Long [.required().force_new()];
        arn: Text, read [.computed()];
        persist_routes: EnumCell, create, modify
            [.optional_computed().check(|v| checks::one_of(v, &["enable", "disable", "reset"]))]
            [.normal(Normal::With(kept)).read(|s| persists(s.held()).into())];
        persist_routes_duration: Long, read, create, modify;
        route_server_id: Text, read [.computed()];
        sns_notifications_enabled: Flag, read, create, modify [.optional_computed()];
        sns_topic_arn: Text, read [.computed().follows(&["sns_notifications_enabled"])];
    }
}

fn persists(s: &RouteServer) -> &'static str {
    match s.persist_routes_state() {
        Some(Persist::Enabled | Persist::Enabling | Persist::Modifying) => "enable",
        _ => "disable",
    }
}

/// A reset ends with the routes persisted as before.
fn kept(wanted: &Value, now: &Value) -> bool {
    wanted == now || wanted.as_str() == Some("reset") && now.as_str() == Some("enable")
}

impl Resource for AwsVpcRouteServer {
    type Live = Server;

    fn spec() -> Spec<Server> {
        let id = |s: &Server| s.route_server_id().map(Into::into);
        Spec::new("aws_vpc_route_server", id, Rows::rows::<Server>())
            .role(ROLE)
            .tags(|s| tags::read(s.tags()))
            .unique(&[])
            .recover(Recover::ClientToken)
            .progress(|s| progress(s.state().map(|s| s.as_str()), None))
            .wait_for_deletion()
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Server>> {
        let filters = tags::filters(which, "route-server-id", &[("route-server-id", "route_server_id")]);
        let found = listed!(aws, describe_route_servers, filters).await?;
        Ok(WithArn::all(aws, "route-server", found, RouteServer::route_server_id))
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.ec2.create_route_server(), want).client_token(&token.0);
        let answer = call.tag_specifications(tags::at_creation(ResourceType::RouteServer, want, token)).send().await?;
        made(answer.route_server().and_then(RouteServer::route_server_id))
    }

    /// AWS takes the duration with the switch.
    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if let Some(call) = Rows::modify(aws.write.ec2.modify_route_server().route_server_id(id), change) {
            let duration = Long::put(change.after, "persist_routes_duration");
            let call = call.set_persist_routes(EnumCell::put(change.after, "persist_routes"));
            call.set_persist_routes_duration(duration).send().await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.ec2.delete_route_server().route_server_id(id).send().await)
    }
}

type Endpoint = WithArn<RouteServerEndpoint>;

table! {
    OfEndpoint: Endpoint, create CreateEndpoint {
        arn: Text, read [.computed()];
        eni_address: Text, read [.computed()];
        eni_id: Text, read [.computed()];
        route_server_endpoint_id: Text, read [.computed()];
        route_server_id: Text [.required().force_new()];
        subnet_id: Text [.required().force_new()];
        vpc_id: Text, read [.computed()];
    }
}

impl Resource for AwsVpcRouteServerEndpoint {
    type Live = Endpoint;

    fn spec() -> Spec<Endpoint> {
        let id = |e: &Endpoint| e.route_server_endpoint_id().map(Into::into);
        Spec::new("aws_vpc_route_server_endpoint", id, OfEndpoint::rows::<Endpoint>())
            .role(ROLE)
            .tags(|e| tags::read(e.tags()))
            .unique(&[])
            .recover(Recover::ClientToken)
            .progress(|e| progress(e.state().map(|s| s.as_str()), e.failure_reason()))
            .wait_for_deletion()
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Endpoint>> {
        let by = [("route-server-id", "route_server_id"), ("subnet-id", "subnet_id")];
        let filters = tags::filters(which, "route-server-endpoint-id", &by);
        let found = listed!(aws, describe_route_server_endpoints, filters).await?;
        Ok(WithArn::all(aws, "route-server-endpoint", found, RouteServerEndpoint::route_server_endpoint_id))
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = OfEndpoint::create(aws.write.ec2.create_route_server_endpoint(), want).client_token(&token.0);
        let tags = tags::at_creation(ResourceType::RouteServerEndpoint, want, token);
        let answer = call.tag_specifications(tags).send().await?;
        made(answer.route_server_endpoint().and_then(RouteServerEndpoint::route_server_endpoint_id))
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.ec2.delete_route_server_endpoint().route_server_endpoint_id(id).send().await)
    }
}

type Peer = WithArn<RouteServerPeer>;

table! {
    OfPeer: Peer, create CreatePeer {
        arn: Text, read [.computed()];
        bgp_options: OptionalBlock<Bgp>, read, create [.force_new()];
        endpoint_eni_address: Text, read [.computed()];
        endpoint_eni_id: Text, read [.computed()];
        peer_address: Text [.required().force_new()];
        route_server_endpoint_id: Text [.required().force_new()];
        route_server_id: Text, read [.computed()];
        route_server_peer_id: Text, read [.computed()];
        subnet_id: Text, read [.computed()];
        vpc_id: Text, read [.computed()];
    }
}

block! {
    Bgp: RouteServerBgpOptions => RouteServerBgpOptionsRequest {
        peer_asn: Long [.required()];
        peer_liveness_detection: EnumCell [.optional_computed()];
    }
}

impl Resource for AwsVpcRouteServerPeer {
    type Live = Peer;

    fn spec() -> Spec<Peer> {
        let id = |p: &Peer| p.route_server_peer_id().map(Into::into);
        Spec::new("aws_vpc_route_server_peer", id, OfPeer::rows::<Peer>())
            .role(ROLE)
            .tags(|p| tags::read(p.tags()))
            .unique(&[&["route_server_endpoint_id", "peer_address"]])
            .progress(|p| progress(p.state().map(|s| s.as_str()), p.failure_reason()))
            .wait_for_deletion()
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Peer>> {
        let by = [("route-server-endpoint-id", "route_server_endpoint_id"), ("peer-address", "peer_address")];
        let found =
            listed!(aws, describe_route_server_peers, tags::filters(which, "route-server-peer-id", &by)).await?;
        Ok(WithArn::all(aws, "route-server-peer", found, RouteServerPeer::route_server_peer_id))
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let tags = tags::at_creation(ResourceType::RouteServerPeer, want, token);
        let call = OfPeer::create(aws.write.ec2.create_route_server_peer(), want).tag_specifications(tags);
        made(call.send().await?.route_server_peer().and_then(RouteServerPeer::route_server_peer_id))
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.ec2.delete_route_server_peer().route_server_peer_id(id).send().await)
    }
}

/// What a server is joined to: name, rows' table and key, what AWS lists of a server, and the calls.
macro_rules! joined {
    ($($type:ident, $name:literal, $live:ty, $key:ident, $rows:ident, $other:ident, $list:ident $all:ident,
        $join:ident $leave:ident;)*) => {$(
        static $key: Composite = Composite::new(&["route_server_id", stringify!($other)], ",");

        table! {
            $rows: $live {
                route_server_id: Text, read [.required().force_new()];
                $other: Text, read [.required().force_new()];
            }
        }

        impl Resource for $type {
            type Live = $live;

            fn spec() -> Spec<$live> {
                Spec::composite($name, &$key, $rows::rows::<$live>())
                    .role(ROLE)
                    .progress(|l| progress(l.state().map(|s| s.as_str()), None))
                    .wait_for_deletion()
            }

            async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<$live>> {
                let found = each(which.parts(&$key, "route_server_id"), |server| async move {
                    Ok(aws.read.ec2.$list().route_server_id(server).send().await?.$all.unwrap_or_default())
                });
                Ok(found.await?.into_iter().flatten().collect())
            }

            async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
                let call = aws.write.ec2.$join().set_route_server_id(want.string("route_server_id"));
                pastey::paste!(call.[<set_ $other>](want.string(stringify!($other)))).send().await?;
                made($key.id(want).as_deref())
            }

            async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
                let call = aws.write.ec2.$leave().set_route_server_id(last.string("route_server_id"));
                let call = pastey::paste!(call.[<set_ $other>](last.string(stringify!($other))));
                settle::unless_gone(call.send().await)
            }
        }
    )*};
}

joined! {
    AwsVpcRouteServerVpcAssociation, "aws_vpc_route_server_vpc_association", RouteServerAssociation, OF_VPC,
        OfAssociation, vpc_id, get_route_server_associations route_server_associations,
        associate_route_server disassociate_route_server;
    AwsVpcRouteServerPropagation, "aws_vpc_route_server_propagation", RouteServerPropagation, OF_TABLE,
        OfPropagation, route_table_id, get_route_server_propagations route_server_propagations,
        enable_route_server_propagation disable_route_server_propagation;
}

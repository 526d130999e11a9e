//! aws_ec2_transit_gateway_connect and aws_ec2_transit_gateway_connect_peer: an appliance at a transit gateway, by GRE tunnels
//! over another attachment, and one such tunnel.

use super::limits::if_reported;
use super::listed;
use super::transit_vpc_attachment::{follow_defaults, standing};
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::create_transit_gateway_connect_peer::builders::CreateTransitGatewayConnectPeerFluentBuilder as CreatePeer;
use aws_sdk_ec2::types::{
    CreateTransitGatewayConnectRequestOptions, ResourceType, TransitGatewayAttachmentBgpConfiguration as Bgp,
    TransitGatewayConnect, TransitGatewayConnectPeer, TransitGatewayConnectPeerConfiguration as Configuration,
    TransitGatewayConnectRequestBgpOptions,
};

/// The resource type `aws_ec2_transit_gateway_connect`.
pub struct AwsEc2TransitGatewayConnect;
/// The resource type `aws_ec2_transit_gateway_connect_peer`.
pub struct AwsEc2TransitGatewayConnectPeer;

/// An attachment as listed, with where it stands to the default tables of its gateway.
pub struct Live {
    connect: TransitGatewayConnect,
    associated: Option<bool>,
    propagated: Option<bool>,
}

table! {
    Rows: Live {
        protocol: EnumCell, none
            [.default("gre").force_new()]
            [.read(|l| l.held().connect.options().and_then(|o| o.protocol()).map_or("gre", |p| p.as_str()).into())];
        transit_gateway_default_route_table_association: Flag, none
            [.default(true).read(|l| if_reported(l.held().associated, Type::Bool))];
        transit_gateway_default_route_table_propagation: Flag, none
            [.default(true).read(|l| if_reported(l.held().propagated, Type::Bool))];
        transit_gateway_id: Text, none
            [.required().force_new().read(|l| l.held().connect.transit_gateway_id().into())];
        transport_attachment_id: Text, none
            [.required().force_new()]
            [.read(|l| l.held().connect.transport_transit_gateway_attachment_id().into())];
    }
}

impl Resource for AwsEc2TransitGatewayConnect {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let id = |l: &Live| l.connect.transit_gateway_attachment_id().map(Into::into);
        Spec::new("aws_ec2_transit_gateway_connect", id, Rows::rows::<Live>())
            .role(Role::Gateway(Unjudged::All("routes")))
            .tags(|l| tags::read(l.connect.tags()))
            .unique(&[&["transport_attachment_id"]])
            .progress(|l| listed::progress(l.connect.state()))
            .wait_for_deletion()
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let by = [("transport-transit-gateway-attachment-id", "transport_attachment_id")];
        let filters = tags::filters(which, "transit-gateway-attachment-id", &by);
        let found = listed!(aws, describe_transit_gateway_connects, filters).await?;
        let pair = |c: &TransitGatewayConnect| {
            [c.transit_gateway_attachment_id(), c.transit_gateway_id()].map(|id| id.unwrap_or_default().to_owned())
        };
        let standing = standing(aws, &found.iter().map(pair).collect::<Vec<_>>()).await?;
        let pairs = found.into_iter().zip(standing);
        Ok(pairs.map(|(connect, [associated, propagated])| Live { connect, associated, propagated }).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let options = CreateTransitGatewayConnectRequestOptions::builder();
        let options = options.set_protocol(EnumCell::put(want, "protocol")).build();
        let call = aws.write.ec2.create_transit_gateway_connect().options(options);
        let call = call.set_transport_transit_gateway_attachment_id(want.string("transport_attachment_id"));
        let tags = tags::at_creation(ResourceType::TransitGatewayAttachment, want, token);
        let answer = call.tag_specifications(tags).send().await?;
        made(answer.transit_gateway_connect().and_then(|c| c.transit_gateway_attachment_id()))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        follow_defaults(aws, id, change).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.ec2.delete_transit_gateway_connect().transit_gateway_attachment_id(id).send().await)
    }
}

/// A tunnel as listed.
type Peer = WithArn<TransitGatewayConnectPeer>;

table! {
    OfPeer: Peer, create CreatePeer {
        arn: Text, read [.computed()];
        bgp_asn: Text, none [.optional_computed().force_new()]
            [.read(|p| bgp(p.held()).and_then(|b| b.peer_asn()).map(|n| n.to_string()).into())];
        bgp_peer_address: Text, none [.computed().read(|p| bgp(p.held()).and_then(|b| b.peer_address()).into())];
        bgp_transit_gateway_addresses: Texts, none
            [.computed()]
            [.read(|p| Value::string_set(all_bgp(p.held()).iter().filter_map(|b| b.transit_gateway_address())))];
        inside_cidr_blocks: Texts, create [.required().force_new().normal(Normal::Cidr)]
            [.read(|p| Value::string_set(configuration(p.held()).map(|c| c.inside_cidr_blocks()).unwrap_or_default()))];
        peer_address: Text, create [.required().force_new()]
            [.read(|p| configuration(p.held()).and_then(|c| c.peer_address()).into())];
        transit_gateway_address: Text, create [.optional_computed().force_new()]
            [.read(|p| configuration(p.held()).and_then(|c| c.transit_gateway_address()).into())];
        transit_gateway_attachment_id: Text [.required().force_new()];
    }
}

fn configuration(p: &Peer) -> Option<&Configuration> {
    p.connect_peer_configuration()
}

fn all_bgp(p: &Peer) -> &[Bgp] {
    configuration(p).map(|c| c.bgp_configurations()).unwrap_or_default()
}

fn bgp(p: &Peer) -> Option<&Bgp> {
    all_bgp(p).first()
}

impl Resource for AwsEc2TransitGatewayConnectPeer {
    type Live = Peer;

    fn spec() -> Spec<Peer> {
        let id = |p: &Peer| p.transit_gateway_connect_peer_id().map(Into::into);
        Spec::new("aws_ec2_transit_gateway_connect_peer", id, OfPeer::rows::<Peer>())
            .role(Role::Gateway(Unjudged::All("routes")))
            .tags(|p| tags::read(p.tags()))
            .unique(&[&["transit_gateway_attachment_id", "inside_cidr_blocks"]])
            .progress(|p| listed::progress(p.state()))
            .wait_for_deletion()
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Peer>> {
        let by = [("transit-gateway-attachment-id", "transit_gateway_attachment_id")];
        let filters = tags::filters(which, "transit-gateway-connect-peer-id", &by);
        let found = listed!(aws, describe_transit_gateway_connect_peers, filters).await?;
        Ok(WithArn::all(aws, "transit-gateway-connect-peer", found, |p| p.transit_gateway_connect_peer_id()))
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let asn = want.str("bgp_asn").and_then(|asn| asn.parse().ok());
        let bgp = asn.map(|asn| TransitGatewayConnectRequestBgpOptions::builder().peer_asn(asn).build());
        let tags = tags::at_creation(ResourceType::TransitGatewayConnectPeer, want, token);
        let call = OfPeer::create(aws.write.ec2.create_transit_gateway_connect_peer(), want).set_bgp_options(bgp);
        let answer = call.tag_specifications(tags).send().await?;
        made(answer.transit_gateway_connect_peer().and_then(|p| p.transit_gateway_connect_peer_id()))
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let call = aws.write.ec2.delete_transit_gateway_connect_peer().transit_gateway_connect_peer_id(id);
        done(call.send().await)
    }
}

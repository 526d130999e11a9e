//! aws_ec2_transit_gateway_peering_attachment, its accepter and aws_ec2_transit_gateway_vpc_attachment_accepter: a transit
//! gateway at another one, and the side that is asked.

use super::limits::if_reported;
use super::listed;
use super::transit_vpc_attachment::{self, AwsEc2TransitGatewayVpcAttachment, follow_defaults};
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::create_transit_gateway_peering_attachment::builders::CreateTransitGatewayPeeringAttachmentFluentBuilder as Create;
use aws_sdk_ec2::types::{
    CreateTransitGatewayPeeringAttachmentRequestOptions, PeeringTgwInfo, ResourceType,
    TransitGatewayAttachmentState as State, TransitGatewayPeeringAttachment, TransitGatewayPeeringAttachmentOptions,
    TransitGatewayVpcAttachmentOptions,
};

/// The resource type `aws_ec2_transit_gateway_peering_attachment`.
pub struct AwsEc2TransitGatewayPeeringAttachment;
/// The resource type `aws_ec2_transit_gateway_peering_attachment_accepter`.
pub struct AwsEc2TransitGatewayPeeringAttachmentAccepter;
/// The resource type `aws_ec2_transit_gateway_vpc_attachment_accepter`.
pub struct AwsEc2TransitGatewayVpcAttachmentAccepter;

/// An attachment as listed.
pub type Peering = WithArn<TransitGatewayPeeringAttachment>;

const ID: &str = "transit_gateway_attachment_id";

table! {
    Rows: Peering, create Create {
        arn: Text, read [.computed()];
        options: OptionalBlock<Options>, read, create [.force_new()];
        peer_account_id: Text, create [.optional_computed().force_new()]
            [.read(|p| accepter(p.held()).and_then(PeeringTgwInfo::owner_id).into())];
        peer_region: Text, create [.required().force_new()]
            [.read(|p| accepter(p.held()).and_then(PeeringTgwInfo::region).into())];
        peer_transit_gateway_id: Text, create [.required().force_new()]
            [.read(|p| accepter(p.held()).and_then(PeeringTgwInfo::transit_gateway_id).into())];
        state: EnumCell, read [.computed()];
        transit_gateway_id: Text, create [.required().force_new()]
            [.read(|p| asker(p.held()).and_then(PeeringTgwInfo::transit_gateway_id).into())];
    }
}

block! {
    Options: TransitGatewayPeeringAttachmentOptions => CreateTransitGatewayPeeringAttachmentRequestOptions {
        dynamic_routing: EnumCell [.check(|v| checks::one_of(v, &["enable", "disable"]))];
    }
}

table! {
    /// What the accepter sees; the other side is the one that asked.
    OfAccepter: Peering {
        peer_account_id: Text, none [.computed().read(|p| asker(p.held()).and_then(PeeringTgwInfo::owner_id).into())];
        peer_region: Text, none [.computed().read(|p| asker(p.held()).and_then(PeeringTgwInfo::region).into())];
        peer_transit_gateway_id: Text, none
            [.computed().read(|p| asker(p.held()).and_then(PeeringTgwInfo::transit_gateway_id).into())];
        transit_gateway_attachment_id: Text, read [.required().force_new()];
        transit_gateway_id: Text, none
            [.computed().read(|p| accepter(p.held()).and_then(PeeringTgwInfo::transit_gateway_id).into())];
    }
}

fn asker(p: &Peering) -> Option<&PeeringTgwInfo> {
    p.requester_tgw_info()
}

fn accepter(p: &Peering) -> Option<&PeeringTgwInfo> {
    p.accepter_tgw_info()
}

fn progress(p: &Peering) -> Progress {
    match p.state() {
        // Somebody else accepts it, or nobody.
        Some(State::PendingAcceptance) => Progress::Ready,
        Some(State::Rejected) => Progress::Gone,
        Some(state @ (State::Failed | State::Failing | State::Rejecting)) => {
            let why = p.status().and_then(|s| s.message());
            Progress::Failed(why.unwrap_or(state.as_str()).into())
        }
        other => listed::progress(other),
    }
}

/// The attachments that are asked for.
async fn peerings(aws: &Aws, which: Which<'_>, key: &[(&str, &str)]) -> Result<Vec<Peering>> {
    let filters = tags::filters(which, "transit-gateway-attachment-id", key);
    let found = listed!(aws, describe_transit_gateway_peering_attachments, filters).await?;
    Ok(WithArn::all(aws, "transit-gateway-attachment", found, |p| p.transit_gateway_attachment_id()))
}

fn id_of(p: &Peering) -> Option<String> {
    p.transit_gateway_attachment_id().map(Into::into)
}

async fn delete_peering(aws: &Aws, id: &str) -> Result<()> {
    done(aws.write.ec2.delete_transit_gateway_peering_attachment().transit_gateway_attachment_id(id).send().await)
}

impl Resource for AwsEc2TransitGatewayPeeringAttachment {
    type Live = Peering;

    fn spec() -> Spec<Peering> {
        Spec::new("aws_ec2_transit_gateway_peering_attachment", id_of, Rows::rows::<Peering>())
            .role(Role::Gateway(Unjudged::All("routes")))
            .tags(|p| tags::read(p.tags()))
            .unique(&[&["transit_gateway_id", "peer_transit_gateway_id"]])
            .progress(progress)
            .wait_for_deletion()
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Peering>> {
        peerings(aws, which, &[("transit-gateway-id", "transit_gateway_id")]).await
    }

    /// The account must be named, though it is mostly the own one.
    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.ec2.create_transit_gateway_peering_attachment(), want);
        let call = if want.is_filled("peer_account_id") { call } else { call.peer_account_id(&*aws.account) };
        let tags = tags::at_creation(ResourceType::TransitGatewayAttachment, want, token);
        let answer = call.tag_specifications(tags).send().await?;
        made(answer.transit_gateway_peering_attachment().and_then(|p| p.transit_gateway_attachment_id()))
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        delete_peering(aws, id).await
    }
}

impl Resource for AwsEc2TransitGatewayPeeringAttachmentAccepter {
    type Live = Peering;

    fn spec() -> Spec<Peering> {
        Spec::new("aws_ec2_transit_gateway_peering_attachment_accepter", id_of, OfAccepter::rows::<Peering>())
            .role(Role::Gateway(Unjudged::All("routes")))
            .tags(|p| tags::read(p.tags()))
            .unique(&[&[ID]])
            .recover(Recover::Key)
            .progress(progress)
            .wait_for_deletion()
    }

    /// One that still waits is not accepted.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Peering>> {
        let mut found = match which {
            Which::Token(_) => Vec::new(),
            which => peerings(aws, which, &[("transit-gateway-attachment-id", ID)]).await?,
        };
        found.retain(|p| p.state() != Some(&State::PendingAcceptance));
        Ok(found)
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let call = aws.write.ec2.accept_transit_gateway_peering_attachment();
        call.set_transit_gateway_attachment_id(want.string(ID)).send().await?;
        made(want.str(ID))
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        delete_peering(aws, id).await
    }
}

type OfVpc = transit_vpc_attachment::Live;

table! {
    OfVpcAccepter: OfVpc {
        appliance_mode_support: Text, none [.computed().read(|l| option(l.held(), |o| Some(o.appliance_mode_support()?.as_str())))];
        dns_support: Text, none [.computed().read(|l| option(l.held(), |o| Some(o.dns_support()?.as_str())))];
        ipv6_support: Text, none [.computed().read(|l| option(l.held(), |o| Some(o.ipv6_support()?.as_str())))];
        security_group_referencing_support: Text, none
            [.computed().read(|l| option(l.held(), |o| Some(o.security_group_referencing_support()?.as_str())))];
        subnet_ids: Texts, none [.computed().read(|l| Value::string_set(l.held().attachment.subnet_ids()))];
        transit_gateway_attachment_id: Text, none
            [.required().force_new().read(|l| l.held().attachment.transit_gateway_attachment_id().into())];
        transit_gateway_default_route_table_association: Flag, none
            [.default(true).read(|l| if_reported(l.held().associated, Type::Bool))];
        transit_gateway_default_route_table_propagation: Flag, none
            [.default(true).read(|l| if_reported(l.held().propagated, Type::Bool))];
        transit_gateway_id: Text, none [.computed().read(|l| l.held().attachment.transit_gateway_id().into())];
        vpc_id: Text, none [.computed().read(|l| l.held().attachment.vpc_id().into())];
        vpc_owner_id: Text, none [.computed().read(|l| l.held().attachment.vpc_owner_id().into())];
    }
}

fn option(l: &OfVpc, of: fn(&TransitGatewayVpcAttachmentOptions) -> Option<&str>) -> Value {
    l.attachment.options().and_then(of).into()
}

impl Resource for AwsEc2TransitGatewayVpcAttachmentAccepter {
    type Live = OfVpc;

    fn spec() -> Spec<OfVpc> {
        let of_attachment = AwsEc2TransitGatewayVpcAttachment::spec();
        let name = "aws_ec2_transit_gateway_vpc_attachment_accepter";
        let spec = Spec::new(name, of_attachment.id, OfVpcAccepter::rows::<OfVpc>());
        Spec { progress: of_attachment.progress, ..spec }
            .role(Role::Gateway(Unjudged::All("routes")))
            .tags(|l| tags::read(l.attachment.tags()))
            .unique(&[&[ID]])
            .recover(Recover::Key)
            .wait_for_deletion()
    }

    /// One that still waits is not accepted.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<OfVpc>> {
        let ids = which.by(ID);
        let mut found = AwsEc2TransitGatewayVpcAttachment::describe(aws, Which::Ids(&ids)).await?;
        found.retain(|l| l.attachment.state() != Some(&State::PendingAcceptance));
        Ok(found)
    }

    /// A gateway may accept attachments by itself.
    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        if Self::describe(aws, Which::NaturalKey(want)).await?.is_empty() {
            let call = aws.write.ec2.accept_transit_gateway_vpc_attachment();
            call.set_transit_gateway_attachment_id(want.string(ID)).send().await?;
        }
        made(want.str(ID))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        follow_defaults(aws, id, change).await
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        AwsEc2TransitGatewayVpcAttachment::delete(aws, id, last).await
    }
}

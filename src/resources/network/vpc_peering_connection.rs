//! aws_vpc_peering_connection: a way between two VPCs, asked for by one and accepted by the other.
//! Deleted and rejected ones stay listed for hours.

use super::vpc_endpoint::accepted_alike;
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::create_vpc_peering_connection::builders::CreateVpcPeeringConnectionFluentBuilder as Create;
use aws_sdk_ec2::operation::modify_vpc_peering_connection_options::builders::ModifyVpcPeeringConnectionOptionsFluentBuilder as Modify;
use aws_sdk_ec2::types::{
    Filter, PeeringConnectionOptionsRequest, ResourceType, VpcPeeringConnection,
    VpcPeeringConnectionOptionsDescription, VpcPeeringConnectionStateReasonCode as Code,
    VpcPeeringConnectionVpcInfo as Side,
};

/// The resource type `aws_vpc_peering_connection`.
pub struct AwsVpcPeeringConnection;

table! {
    Rows: VpcPeeringConnection, create Create, modify Modify {
        auto_accept: Flag, none [.normal(Normal::With(accepted_alike)).read(|p| accepted(p.held()))];
        peer_owner_id: Text, create
            [.optional_computed().force_new().read(|p| peer(p.held()).and_then(Side::owner_id).into())];
        peer_region: Text, create
            [.optional_computed().force_new().read(|p| peer(p.held()).and_then(Side::region).into())];
        peer_vpc_id: Text, create [.required().force_new().read(|p| peer(p.held()).and_then(Side::vpc_id).into())];
        vpc_id: Text, create
            [.required().force_new().read(|p| p.held().requester_vpc_info().and_then(Side::vpc_id).into())];
        accepter = accepter_peering_connection_options: OptionalBlock<Options>, modify
            [.optional_computed().read(|p| options(peer(p.held())))];
        requester = requester_peering_connection_options: OptionalBlock<Options>, modify
            [.optional_computed().read(|p| options(p.held().requester_vpc_info()))];
        accept_status: Text, none
            [.computed().follows(&["auto_accept"]).read(|p| code(p.held()).map(Code::as_str).into())];
    }
}

block! {
    /// The options of one side.
    Options: VpcPeeringConnectionOptionsDescription => PeeringConnectionOptionsRequest {
        allow_remote_vpc_dns_resolution = allow_dns_resolution_from_remote_vpc: Switch, read, create;
    }
}

/// The side that is asked.
pub fn peer(p: &VpcPeeringConnection) -> Option<&Side> {
    p.accepter_vpc_info()
}

/// The options of a side.
pub fn options(side: Option<&Side>) -> Value {
    OptionalBlock::<Options>::get(side.and_then(Side::peering_options))
}

fn code(p: &VpcPeeringConnection) -> Option<&Code> {
    p.status().and_then(|s| s.code())
}

fn progress(p: &VpcPeeringConnection) -> Progress {
    match code(p) {
        Some(Code::Active | Code::PendingAcceptance) => Progress::Ready,
        Some(Code::Deleted | Code::Rejected | Code::Expired) => Progress::Gone,
        Some(Code::Failed) => Progress::Failed(p.status().and_then(|s| s.message()).unwrap_or("failed").into()),
        other => Progress::Pending(other.map_or("pending", Code::as_str).into()),
    }
}

/// False while somebody must accept the connection; null once that is settled.
pub fn accepted(p: &VpcPeeringConnection) -> Value {
    (code(p) == Some(&Code::PendingAcceptance)).then_some(false).into()
}

fn check(want: &Attrs) -> Vec<(&'static str, String)> {
    if want.bool("auto_accept") == Some(true) && want.is_set("peer_region") {
        let message = "a connection to another region is accepted there: leave auto_accept out, and accept it with \
                       aws_vpc_peering_connection_accepter";
        return vec![("auto_accept", message.into())];
    }
    Vec::new()
}

/// The connections that filters find.
pub async fn listed(aws: &Aws, filters: Vec<Vec<Filter>>) -> Result<Vec<VpcPeeringConnection>> {
    listed!(aws, describe_vpc_peering_connections, filters).await
}

impl Resource for AwsVpcPeeringConnection {
    type Live = VpcPeeringConnection;

    fn spec() -> Spec<VpcPeeringConnection> {
        let id = |p: &VpcPeeringConnection| p.vpc_peering_connection_id().map(Into::into);
        Spec::new("aws_vpc_peering_connection", id, Rows::rows())
            .role(Role::Gateway(Unjudged::All("routes")))
            .tags(|p| tags::read(p.tags()))
            .unique(&[&["vpc_id", "peer_vpc_id"]])
            .progress(progress)
            .wait_for_deletion()
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<VpcPeeringConnection>> {
        let key = [("requester-vpc-info.vpc-id", "vpc_id"), ("accepter-vpc-info.vpc-id", "peer_vpc_id")];
        listed(aws, tags::filters(which, "vpc-peering-connection-id", &key)).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let tags = tags::at_creation(ResourceType::VpcPeeringConnection, want, token);
        let call = Rows::create(aws.write.ec2.create_vpc_peering_connection(), want).tag_specifications(tags);
        let answer = call.send().await?;
        made(answer.vpc_peering_connection().and_then(VpcPeeringConnection::vpc_peering_connection_id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take_bool("auto_accept") == Some(true) {
            let now = settle::find::<Self>(aws, id).await?;
            if now.as_ref().and_then(code) == Some(&Code::PendingAcceptance) {
                aws.write.ec2.accept_vpc_peering_connection().vpc_peering_connection_id(id).send().await?;
            }
            settle::seen::<Self>(aws, id, "the peering connection to become active", |now| {
                !matches!(now.and_then(code), Some(Code::PendingAcceptance | Code::Provisioning))
            })
            .await?;
        }
        let call = aws.write.ec2.modify_vpc_peering_connection_options().vpc_peering_connection_id(id);
        if let Some(call) = Rows::modify(call, change) {
            call.send().await?;
        }
        Ok(())
    }

    /// One that is deleted already is refused for its state, not for being gone.
    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let answer = aws.write.ec2.delete_vpc_peering_connection().vpc_peering_connection_id(id).send().await;
        match answer.map_err(Error::from) {
            Err(e) if e.is("InvalidStateTransition") => {
                let gone = settle::find::<Self>(aws, id).await?.is_none_or(|p| progress(&p) == Progress::Gone);
                if gone { Ok(()) } else { Err(e) }
            }
            done => done.map(|_| ()),
        }
    }
}

//! aws_vpc_peering_connection: a way between two VPCs, asked for by one and accepted by the other.
//! Deleted and rejected ones stay listed for hours.

use super::vpc_endpoint::accepted_alike;
use crate::aws::{Aws, Error, Result, filter, filtered, made};
use crate::resources::settle;
use crate::resources::spec::{self, Progress, Resource, Spec, Token, Which, rows};
use crate::resources::tags;
use crate::schema::normal::Normal;
use crate::schema::rows::object_type;
use crate::schema::{Attribute, Attrs, Change};
use crate::value::Value;
use aws_sdk_ec2::types::{
    PeeringConnectionOptionsRequest, ResourceType, VpcPeeringConnection, VpcPeeringConnectionStateReasonCode as Code,
    VpcPeeringConnectionVpcInfo as Side,
};

type A = spec::A<VpcPeeringConnection>;
type Row = spec::A<()>;

/// The resource type `aws_vpc_peering_connection`.
pub struct AwsVpcPeeringConnection;

fn option_rows() -> Vec<Attribute> {
    rows([Row::bool("allow_remote_vpc_dns_resolution").default(false)])
}

fn options(side: Option<&Side>) -> Value {
    match side.and_then(Side::peering_options) {
        None => Value::null(object_type(&option_rows())),
        Some(o) => {
            let on = o.allow_dns_resolution_from_remote_vpc().unwrap_or(false);
            Value::object([("allow_remote_vpc_dns_resolution", Value::from(on))])
        }
    }
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

fn accepted(p: &VpcPeeringConnection) -> Value {
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

impl Resource for AwsVpcPeeringConnection {
    type Live = VpcPeeringConnection;

    fn spec() -> Spec<VpcPeeringConnection> {
        let [tags, tags_all] = A::tags(|p| tags::read(p.tags()));
        let fixed = |name| A::string(name).force_new();
        let side = |name| A::optional_block(name, option_rows()).optional_computed();
        Spec::new(
            "aws_vpc_peering_connection",
            |p| p.vpc_peering_connection_id().map(Into::into),
            vec![
                A::bool("auto_accept").normal(Normal::With(accepted_alike)).read(accepted),
                fixed("peer_owner_id")
                    .optional_computed()
                    .read(|p| p.accepter_vpc_info().and_then(Side::owner_id).into()),
                fixed("peer_region").optional_computed().read(|p| p.accepter_vpc_info().and_then(Side::region).into()),
                fixed("peer_vpc_id").required().read(|p| p.accepter_vpc_info().and_then(Side::vpc_id).into()),
                fixed("vpc_id").required().read(|p| p.requester_vpc_info().and_then(Side::vpc_id).into()),
                side("accepter").read(|p| options(p.accepter_vpc_info())),
                side("requester").read(|p| options(p.requester_vpc_info())),
                A::string("accept_status")
                    .computed()
                    .follows(&["auto_accept"])
                    .read(|p| code(p).map(Code::as_str).into()),
                tags,
                tags_all,
            ],
        )
        .unique(&[&["vpc_id", "peer_vpc_id"]])
        .progress(progress)
        .wait_for_deletion()
        .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<VpcPeeringConnection>> {
        let filters = match which {
            Which::Ids(ids) => filtered("vpc-peering-connection-id", ids),
            Which::Token(token) => vec![vec![tags::token_filter(token)]],
            Which::NaturalKey(want) => vec![vec![
                filter("requester-vpc-info.vpc-id", want.str("vpc_id").unwrap_or_default()),
                filter("accepter-vpc-info.vpc-id", want.str("peer_vpc_id").unwrap_or_default()),
            ]],
        };
        aws.pages(filters, |f| {
            aws.read.ec2.describe_vpc_peering_connections().set_filters(Some(f)).into_paginator().items().send()
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let answer = aws
            .write
            .ec2
            .create_vpc_peering_connection()
            .set_vpc_id(want.string("vpc_id"))
            .set_peer_vpc_id(want.string("peer_vpc_id"))
            .set_peer_owner_id(want.string("peer_owner_id"))
            .set_peer_region(want.string("peer_region"))
            .tag_specifications(tags::at_creation(ResourceType::VpcPeeringConnection, want, token))
            .send()
            .await?;
        made(answer.vpc_peering_connection().and_then(VpcPeeringConnection::vpc_peering_connection_id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take_bool("auto_accept") == Some(true) {
            let ids = [id.to_owned()];
            let now = || async {
                let found = Self::describe(aws, Which::Ids(&ids)).await?;
                Ok::<_, Error>(found.first().and_then(code).cloned())
            };
            if now().await? == Some(Code::PendingAcceptance) {
                aws.write.ec2.accept_vpc_peering_connection().vpc_peering_connection_id(id).send().await?;
            }
            settle::until("the peering connection to become active", || async {
                Ok(!matches!(now().await?, Some(Code::PendingAcceptance | Code::Provisioning)))
            })
            .await?;
        }
        let wanted = |change: &mut Change<'_>, name: &str| {
            change.take(name)?;
            let block = change.after.blocks(name).into_iter().next().unwrap_or_default();
            let on = block.bool("allow_remote_vpc_dns_resolution").unwrap_or(false);
            Some(PeeringConnectionOptionsRequest::builder().allow_dns_resolution_from_remote_vpc(on).build())
        };
        let (accepter, requester) = (wanted(change, "accepter"), wanted(change, "requester"));
        if accepter.is_some() || requester.is_some() {
            aws.write
                .ec2
                .modify_vpc_peering_connection_options()
                .vpc_peering_connection_id(id)
                .set_accepter_peering_connection_options(accepter)
                .set_requester_peering_connection_options(requester)
                .send()
                .await?;
        }
        Ok(())
    }

    /// One that is deleted already is refused for its state, not for being gone.
    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let answer = aws.write.ec2.delete_vpc_peering_connection().vpc_peering_connection_id(id).send().await;
        match answer.map_err(Error::from) {
            Err(e) if e.is("InvalidStateTransition") => {
                let ids = [id.to_owned()];
                let now = Self::describe(aws, Which::Ids(&ids)).await?;
                if now.iter().all(|p| progress(p) == Progress::Gone) { Ok(()) } else { Err(e) }
            }
            done => done.map(|_| ()),
        }
    }
}

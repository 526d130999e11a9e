//! aws_ec2_transit_gateway_vpc_attachment: a VPC at a transit gateway, by one subnet per zone. Whether
//! it is associated with the gateway's default table and propagates into it stands elsewhere: with the
//! attachment's association and in that table.

use super::limits::if_reported;
use super::listed::{self, Disabled, Enabled, options};
use super::{transit_association, transit_gateway, transit_propagation};
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::create_transit_gateway_vpc_attachment::builders::CreateTransitGatewayVpcAttachmentFluentBuilder as Create;
use aws_sdk_ec2::types::builders::{
    CreateTransitGatewayVpcAttachmentRequestOptionsBuilder as CreateOptions,
    ModifyTransitGatewayVpcAttachmentRequestOptionsBuilder as ModifyOptions,
};
use aws_sdk_ec2::types::{
    ResourceType, TransitGateway, TransitGatewayAttachmentState as State, TransitGatewayOptions,
    TransitGatewayVpcAttachment, TransitGatewayVpcAttachmentOptions,
};
use std::collections::{BTreeMap, BTreeSet};

/// The resource type `aws_ec2_transit_gateway_vpc_attachment`.
pub struct AwsEc2TransitGatewayVpcAttachment;

/// An attachment as listed, with where it stands to the default tables. `None`: the gateway has none,
/// or belongs to another account.
pub struct Live {
    /// The attachment.
    pub attachment: WithArn<TransitGatewayVpcAttachment>,
    /// Whether it is in the default table for associations.
    pub associated: Option<bool>,
    /// Whether it is in the default table for propagations.
    pub propagated: Option<bool>,
}

const ASSOCIATION: &str = "transit_gateway_default_route_table_association";
const PROPAGATION: &str = "transit_gateway_default_route_table_propagation";

table! {
    Rows: WithArn<TransitGatewayVpcAttachment>, create Create {
        arn: Text, read [.computed()];
        subnet_ids: Texts [.required()];
        transit_gateway_id: Text [.required().force_new()];
        vpc_id: Text [.required().force_new()];
        vpc_owner_id: Text, read [.computed()];
    }
}

table! {
    Options: TransitGatewayVpcAttachmentOptions, create CreateOptions, modify ModifyOptions {
        appliance_mode_support: Disabled, read, create, modify;
        dns_support: Enabled, read, create, modify;
        ipv6_support: Disabled, read, create, modify;
        security_group_referencing_support: EnumCell, read, create, modify
            [.optional_computed().check(listed::switch)];
    }
}

table! {
    Defaults: Live {
        transit_gateway_default_route_table_association: Flag, none
            [.initial(true).read(|l| if_reported(l.held().associated, Type::Bool))];
        transit_gateway_default_route_table_propagation: Flag, none
            [.initial(true).read(|l| if_reported(l.held().propagated, Type::Bool))];
    }
}

held!(Live: attachment as WithArn<TransitGatewayVpcAttachment>);

options!(Live, TransitGatewayVpcAttachmentOptions, |l| l.attachment.options());

fn progress(l: &Live) -> Progress {
    match l.attachment.state() {
        // Somebody else accepts it, or nobody.
        Some(State::PendingAcceptance) => Progress::Ready,
        Some(State::Rejected) => Progress::Gone,
        Some(state @ (State::Failed | State::Failing | State::Rejecting)) => Progress::Failed(state.as_str().into()),
        other => listed::progress(other),
    }
}

/// The default tables of a gateway, for associations and propagations.
type Tables = [Option<String>; 2];

/// The default tables of gateways.
async fn default_tables(aws: &Aws, gateways: &[String]) -> Result<BTreeMap<String, Tables>> {
    let found = transit_gateway::listed(aws, filtered("transit-gateway-id", gateways)).await?;
    let tables = |o: &TransitGatewayOptions| {
        let both = [o.association_default_route_table_id(), o.propagation_default_route_table_id()];
        both.map(|id| id.filter(|id| !id.is_empty()).map(str::to_owned))
    };
    let pair = |g: &TransitGateway| Some((g.transit_gateway_id()?.to_owned(), g.options().map(tables)?));
    Ok(found.iter().filter_map(pair).collect())
}

/// Where attachments stand to the default tables of their gateways, for associations and propagations: of each pair of an
/// attachment and its gateway.
pub async fn standing(aws: &Aws, of: &[[String; 2]]) -> Result<Vec<[Option<bool>; 2]>> {
    let texts = |n: usize| -> Vec<String> {
        let all: BTreeSet<&String> = of.iter().map(|pair| &pair[n]).collect();
        all.into_iter().cloned().collect()
    };
    let defaults = default_tables(aws, &texts(1)).await?;
    let associations = transit_association::of_attachments(aws, &texts(0)).await?;
    let tables: Vec<String> = defaults.values().filter_map(|[_, table]| table.clone()).collect();
    let propagations = transit_propagation::of_tables(aws, tables).await?;
    let one = |[id, gateway]: &[String; 2]| {
        let id = Some(id.as_str());
        let [association, propagation] = defaults.get(gateway).cloned().unwrap_or_default();
        let associated =
            |table: String| associations.iter().any(|a| a.transit_gateway_attachment_id() == id && a.whole() == table);
        let propagated =
            |table: String| propagations.iter().any(|p| p.transit_gateway_attachment_id() == id && p.whole() == table);
        [association.map(associated), propagation.map(propagated)]
    };
    Ok(of.iter().map(one).collect())
}

/// Brings an attachment into the default tables of its gateway, or out of them.
pub async fn follow_defaults(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    let wanted = [ASSOCIATION, PROPAGATION].map(|name| change.take_bool(name));
    if wanted == [None, None] {
        return Ok(());
    }
    let gateway = change.after.string("transit_gateway_id").or(change.before.string("transit_gateway_id"));
    let gateway = gateway.unwrap_or_default();
    let mut tables = default_tables(aws, std::slice::from_ref(&gateway)).await?;
    let [association, propagation] = tables.remove(&gateway).unwrap_or_default();
    if let (Some(on), Some(table)) = (wanted[0], association) {
        match on {
            true => transit_association::associate(aws, [&table, id], false).await?,
            false => transit_association::disassociate(aws, [&table, id]).await?,
        }
    }
    if let (Some(on), Some(table)) = (wanted[1], propagation) {
        match on {
            true => transit_propagation::enable(aws, [&table, id]).await?,
            false => transit_propagation::disable(aws, [&table, id]).await?,
        }
    }
    Ok(())
}

async fn complete(aws: &Aws, found: Vec<TransitGatewayVpcAttachment>) -> Result<Vec<Live>> {
    let pair = |a: &TransitGatewayVpcAttachment| {
        [a.transit_gateway_attachment_id(), a.transit_gateway_id()].map(|id| id.unwrap_or_default().to_owned())
    };
    let standing = standing(aws, &found.iter().map(pair).collect::<Vec<_>>()).await?;
    let all = WithArn::all(aws, "transit-gateway-attachment", found, |a| a.transit_gateway_attachment_id());
    let pairs = all.into_iter().zip(standing);
    Ok(pairs.map(|(attachment, [associated, propagated])| Live { attachment, associated, propagated }).collect())
}

impl Resource for AwsEc2TransitGatewayVpcAttachment {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let id = |l: &Live| l.attachment.transit_gateway_attachment_id().map(Into::into);
        let rows = Rows::rows().into_iter().chain(Options::rows()).chain(Defaults::rows()).collect();
        Spec::new("aws_ec2_transit_gateway_vpc_attachment", id, rows)
            .role(Role::Gateway(Unjudged::All("routes")))
            .tags(|l| tags::read(l.attachment.tags()))
            .unique(&[&["vpc_id", "transit_gateway_id"]])
            .progress(progress)
            .wait_for_deletion()
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let by = [("transit-gateway-id", "transit_gateway_id"), ("vpc-id", "vpc_id")];
        let found = listed!(
            aws,
            describe_transit_gateway_vpc_attachments,
            tags::filters(which, "transit-gateway-attachment-id", &by)
        )
        .await?;
        complete(aws, found).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.ec2.create_transit_gateway_vpc_attachment(), want);
        let call = call.options(Options::create(CreateOptions::default(), want).build());
        let tags = tags::at_creation(ResourceType::TransitGatewayAttachment, want, token);
        let answer = call.tag_specifications(tags).send().await?;
        made(answer.transit_gateway_vpc_attachment().and_then(|a| a.transit_gateway_attachment_id()))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let [removed, added] = change.take_texts("subnet_ids");
        let options = Options::modify(ModifyOptions::default(), change).map(ModifyOptions::build);
        if options.is_some() || removed.is_some() || added.is_some() {
            let call = aws.write.ec2.modify_transit_gateway_vpc_attachment().transit_gateway_attachment_id(id);
            let call = call.set_add_subnet_ids(added).set_remove_subnet_ids(removed);
            call.set_options(options).send().await?;
        }
        follow_defaults(aws, id, change).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        Ok(aws
            .write
            .ec2
            .delete_transit_gateway_vpc_attachment()
            .transit_gateway_attachment_id(id)
            .send()
            .await
            .map(drop)?)
    }
}

//! aws_ec2_transit_gateway_vpc_attachment: a VPC at a transit gateway, by one subnet per zone. Whether
//! it is associated with the gateway's default table and propagates into it stands elsewhere: with the
//! attachment's association and in that table.

use super::limits::{if_told, switch};
use super::{transit_association, transit_gateway, transit_propagation};
use crate::aws::{Aws, Result, filter, filtered, made};
use crate::resources::spec::{self, Progress, Resource, Spec, Token, Which};
use crate::resources::tags;
use crate::schema::{Attrs, Change};
use crate::value::{Type, Value};
use aws_sdk_ec2::types::{
    CreateTransitGatewayVpcAttachmentRequestOptions, ModifyTransitGatewayVpcAttachmentRequestOptions, ResourceType,
    TransitGatewayAttachmentState as State, TransitGatewayOptions, TransitGatewayVpcAttachment,
    TransitGatewayVpcAttachmentOptions,
};
use std::collections::BTreeMap;

type A = spec::A<Live>;

/// The resource type `aws_ec2_transit_gateway_vpc_attachment`.
pub struct AwsEc2TransitGatewayVpcAttachment;

/// An attachment as listed, with where it stands to the default tables. `None`: the gateway has none,
/// or belongs to another account.
pub struct Live {
    attachment: TransitGatewayVpcAttachment,
    arn: String,
    associated: Option<bool>,
    propagated: Option<bool>,
}

const ASSOCIATION: &str = "transit_gateway_default_route_table_association";
const PROPAGATION: &str = "transit_gateway_default_route_table_propagation";

fn options(l: &Live) -> Option<&TransitGatewayVpcAttachmentOptions> {
    l.attachment.options()
}

fn progress(l: &Live) -> Progress {
    match l.attachment.state() {
        // Somebody else accepts it, or nobody.
        Some(State::Available | State::PendingAcceptance) | None => Progress::Ready,
        Some(State::Deleted | State::Rejected) => Progress::Gone,
        Some(state @ (State::Failed | State::Failing | State::Rejecting)) => Progress::Failed(state.as_str().into()),
        Some(other) => Progress::Pending(other.as_str().into()),
    }
}

/// The default tables of gateways, for associations and propagations, by gateway.
async fn default_tables(aws: &Aws, gateways: &[String]) -> Result<BTreeMap<String, (Option<String>, Option<String>)>> {
    let found = transit_gateway::listed(aws, filtered("transit-gateway-id", gateways)).await?;
    let tables = |o: &TransitGatewayOptions| {
        let table = |id: Option<&str>| id.filter(|id| !id.is_empty()).map(str::to_owned);
        (table(o.association_default_route_table_id()), table(o.propagation_default_route_table_id()))
    };
    let pair = |g: aws_sdk_ec2::types::TransitGateway| {
        Some((g.transit_gateway_id()?.to_owned(), g.options().map(tables).unwrap_or_default()))
    };
    Ok(found.into_iter().filter_map(pair).collect())
}

/// The default tables of the gateway that an attachment is at.
async fn tables_of(aws: &Aws, attrs: &Attrs) -> Result<(Option<String>, Option<String>)> {
    let gateway = attrs.string("transit_gateway_id").unwrap_or_default();
    Ok(default_tables(aws, std::slice::from_ref(&gateway)).await?.remove(&gateway).unwrap_or_default())
}

async fn complete(aws: &Aws, found: Vec<TransitGatewayVpcAttachment>) -> Result<Vec<Live>> {
    let mut gateways: Vec<String> = found.iter().filter_map(|a| a.transit_gateway_id().map(Into::into)).collect();
    gateways.sort();
    gateways.dedup();
    let defaults = default_tables(aws, &gateways).await?;
    let ids: Vec<String> = found.iter().filter_map(|a| a.transit_gateway_attachment_id().map(Into::into)).collect();
    let associations = transit_association::of_attachments(aws, &ids).await?;
    let tables: Vec<String> = defaults.values().filter_map(|(_, table)| table.clone()).collect();
    let propagations = transit_propagation::of_tables(aws, tables).await?;
    let live = |attachment: TransitGatewayVpcAttachment| {
        let id = attachment.transit_gateway_attachment_id().unwrap_or_default();
        let default = defaults.get(attachment.transit_gateway_id().unwrap_or_default());
        let in_association = |table: &String| associations.iter().any(|a| a.attachment == id && a.table == *table);
        let in_propagation = |table: &String| propagations.iter().any(|p| p.attachment == id && p.table == *table);
        Live {
            associated: default.and_then(|(table, _)| table.as_ref()).map(in_association),
            propagated: default.and_then(|(_, table)| table.as_ref()).map(in_propagation),
            arn: aws.ec2_arn(&format!("transit-gateway-attachment/{id}")),
            attachment,
        }
    };
    Ok(found.into_iter().map(live).collect())
}

impl Resource for AwsEc2TransitGatewayVpcAttachment {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let [tags, tags_all] = A::tags(|l| tags::read(l.attachment.tags()));
        let switched = |name, default: &str| A::string(name).default(default).check(switch);
        Spec::new(
            "aws_ec2_transit_gateway_vpc_attachment",
            |l| l.attachment.transit_gateway_attachment_id().map(Into::into),
            vec![
                switched("appliance_mode_support", "disable")
                    .read(|l| options(l).and_then(|o| o.appliance_mode_support()).map(|v| v.as_str()).into()),
                switched("dns_support", "enable")
                    .read(|l| options(l).and_then(|o| o.dns_support()).map(|v| v.as_str()).into()),
                switched("ipv6_support", "disable")
                    .read(|l| options(l).and_then(|o| o.ipv6_support()).map(|v| v.as_str()).into()),
                A::string("security_group_referencing_support").optional_computed().check(switch).read(|l| {
                    options(l).and_then(|o| o.security_group_referencing_support()).map(|v| v.as_str()).into()
                }),
                A::string_set("subnet_ids").required().read(|l| Value::string_set(l.attachment.subnet_ids())),
                A::bool(ASSOCIATION).default(true).read(|l| if_told(l.associated, Type::Bool)),
                A::bool(PROPAGATION).default(true).read(|l| if_told(l.propagated, Type::Bool)),
                A::string("transit_gateway_id")
                    .required()
                    .force_new()
                    .read(|l| l.attachment.transit_gateway_id().into()),
                A::string("vpc_id").required().force_new().read(|l| l.attachment.vpc_id().into()),
                A::string("arn").computed().read(|l| l.arn.as_str().into()),
                A::string("vpc_owner_id").computed().read(|l| l.attachment.vpc_owner_id().into()),
                tags,
                tags_all,
            ],
        )
        .unique(&[&["vpc_id", "transit_gateway_id"]])
        .progress(progress)
        .wait_for_deletion()
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let filters = match which {
            Which::Ids(ids) => filtered("transit-gateway-attachment-id", ids),
            Which::Token(token) => vec![vec![tags::token_filter(token)]],
            Which::NaturalKey(want) => vec![vec![
                filter("transit-gateway-id", want.str("transit_gateway_id").unwrap_or_default()),
                filter("vpc-id", want.str("vpc_id").unwrap_or_default()),
            ]],
        };
        let found = aws
            .pages(filters, |f| {
                let call = aws.read.ec2.describe_transit_gateway_vpc_attachments().set_filters(Some(f));
                call.into_paginator().items().send()
            })
            .await?;
        complete(aws, found).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let text = |name: &str| want.str(name);
        let options = CreateTransitGatewayVpcAttachmentRequestOptions::builder()
            .set_appliance_mode_support(text("appliance_mode_support").map(Into::into))
            .set_dns_support(text("dns_support").map(Into::into))
            .set_ipv6_support(text("ipv6_support").map(Into::into))
            .set_security_group_referencing_support(text("security_group_referencing_support").map(Into::into))
            .build();
        let answer = aws
            .write
            .ec2
            .create_transit_gateway_vpc_attachment()
            .set_transit_gateway_id(want.string("transit_gateway_id"))
            .set_vpc_id(want.string("vpc_id"))
            .set_subnet_ids(Some(want.strings("subnet_ids")))
            .options(options)
            .tag_specifications(tags::at_creation(ResourceType::TransitGatewayAttachment, want, token))
            .send()
            .await?;
        let attachment = answer.transit_gateway_vpc_attachment();
        made(attachment.and_then(TransitGatewayVpcAttachment::transit_gateway_attachment_id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let subnets = change.take_elements("subnet_ids");
        let mut text = |name: &str| change.take(name).and_then(|v| v.as_str());
        let options = ModifyTransitGatewayVpcAttachmentRequestOptions::builder()
            .set_appliance_mode_support(text("appliance_mode_support").map(Into::into))
            .set_dns_support(text("dns_support").map(Into::into))
            .set_ipv6_support(text("ipv6_support").map(Into::into))
            .set_security_group_referencing_support(text("security_group_referencing_support").map(Into::into))
            .build();
        let options =
            Some(options).filter(|o| *o != ModifyTransitGatewayVpcAttachmentRequestOptions::builder().build());
        if options.is_some() || subnets.is_some() {
            let ids = |values: Vec<Value>| {
                let ids: Vec<String> = values.iter().filter_map(Value::as_str).map(str::to_owned).collect();
                Some(ids).filter(|ids| !ids.is_empty())
            };
            let (removed, added) = subnets.unwrap_or_default();
            let call = aws.write.ec2.modify_transit_gateway_vpc_attachment().transit_gateway_attachment_id(id);
            call.set_add_subnet_ids(ids(added)).set_remove_subnet_ids(ids(removed)).set_options(options).send().await?;
        }
        let (association, propagation) = (change.take_bool(ASSOCIATION), change.take_bool(PROPAGATION));
        if association.is_none() && propagation.is_none() {
            return Ok(());
        }
        let (associated, propagated) = tables_of(aws, change.after).await?;
        match (association, associated) {
            (Some(true), Some(table)) => transit_association::associate(aws, &table, id, false).await?,
            (Some(false), Some(table)) => transit_association::disassociate(aws, &table, id).await?,
            _ => {}
        }
        match (propagation, propagated) {
            (Some(true), Some(table)) => transit_propagation::enable(aws, &table, id).await?,
            (Some(false), Some(table)) => transit_propagation::disable(aws, &table, id).await?,
            _ => {}
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        aws.write.ec2.delete_transit_gateway_vpc_attachment().transit_gateway_attachment_id(id).send().await?;
        Ok(())
    }
}

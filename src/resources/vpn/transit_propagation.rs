//! aws_ec2_transit_gateway_route_table_propagation: whether a table learns the routes of an
//! attachment. It is an entry of the table, and AWS lists one table per call.

use super::first_halves;
use super::transit_association::import;
use crate::aws::{Aws, Error, Kind, Result, each};
use crate::resources::settle;
use crate::resources::spec::{self, Progress, Resource, Spec, Token, Which};
use crate::schema::rows::Recover;
use crate::schema::{Attrs, Change};
use aws_sdk_ec2::types::{TransitGatewayAttachmentResourceType, TransitGatewayPropagationState as State};

type A = spec::A<Live>;

/// The resource type `aws_ec2_transit_gateway_route_table_propagation`.
pub struct AwsEc2TransitGatewayRouteTablePropagation;

/// A propagation as listed with its table.
pub struct Live {
    /// The table.
    pub table: String,
    /// The attachment.
    pub attachment: String,
    resource: Option<String>,
    kind: Option<TransitGatewayAttachmentResourceType>,
    state: Option<State>,
}

fn id(table: &str, attachment: &str) -> String {
    format!("{table}_{attachment}")
}

/// The propagations into tables.
pub async fn of_tables(aws: &Aws, tables: Vec<String>) -> Result<Vec<Live>> {
    let found = each(tables, |table| async move {
        let call = aws.read.ec2.get_transit_gateway_route_table_propagations();
        let mut pages = call.transit_gateway_route_table_id(&table).into_paginator().items().send();
        let mut all = Vec::new();
        while let Some(p) = pages.try_next().await? {
            let Some(attachment) = p.transit_gateway_attachment_id else { continue };
            let table = table.clone();
            all.push(Live { table, attachment, resource: p.resource_id, kind: p.resource_type, state: p.state });
        }
        Ok(all)
    })
    .await?;
    Ok(found.into_iter().flatten().collect())
}

/// Lets the table learn the attachment's routes.
pub async fn enable(aws: &Aws, table: &str, attachment: &str) -> Result<()> {
    let call = aws.write.ec2.enable_transit_gateway_route_table_propagation();
    let call = call.transit_gateway_route_table_id(table).transit_gateway_attachment_id(attachment);
    match call.send().await.map_err(Error::from) {
        Err(e) if e.kind == Kind::Exists => Ok(()),
        done => done.map(|_| ()),
    }
}

/// Lets the table forget the attachment's routes.
pub async fn disable(aws: &Aws, table: &str, attachment: &str) -> Result<()> {
    let call = aws.write.ec2.disable_transit_gateway_route_table_propagation();
    let call = call.transit_gateway_route_table_id(table).transit_gateway_attachment_id(attachment);
    settle::unless_gone(call.send().await.map_err(Error::from))
}

fn progress(l: &Live) -> Progress {
    match &l.state {
        Some(State::Enabled) | None => Progress::Ready,
        Some(State::Disabled) => Progress::Gone,
        Some(other) => Progress::Pending(other.as_str().into()),
    }
}

impl Resource for AwsEc2TransitGatewayRouteTablePropagation {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::new(
            "aws_ec2_transit_gateway_route_table_propagation",
            |l| Some(id(&l.table, &l.attachment)),
            vec![
                A::string("transit_gateway_attachment_id")
                    .required()
                    .force_new()
                    .read(|l| l.attachment.as_str().into()),
                A::string("transit_gateway_route_table_id").required().force_new().read(|l| l.table.as_str().into()),
                A::string("resource_id").computed().read(|l| l.resource.as_ref().into()),
                A::string("resource_type").computed().read(|l| l.kind.as_ref().map(|k| k.as_str()).into()),
            ],
        )
        .unique(&[&["transit_gateway_attachment_id", "transit_gateway_route_table_id"]])
        .progress(progress)
        .recover(Recover::Key)
        .wait_for_deletion()
        .import("TRANSITGATEWAYROUTETABLEID_TRANSITGATEWAYATTACHMENTID", import)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let asked: Vec<String> = match which {
            Which::Ids(ids) => ids.to_vec(),
            Which::Token(_) => Vec::new(),
            Which::NaturalKey(want) => {
                let text = |name: &str| want.str(name).unwrap_or_default();
                vec![id(text("transit_gateway_route_table_id"), text("transit_gateway_attachment_id"))]
            }
        };
        let mut found = of_tables(aws, first_halves(&asked)).await?;
        found.retain(|l| asked.contains(&id(&l.table, &l.attachment)));
        Ok(found)
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let text = |name: &str| want.str(name).unwrap_or_default();
        let (table, attachment) = (text("transit_gateway_route_table_id"), text("transit_gateway_attachment_id"));
        enable(aws, table, attachment).await?;
        Ok(id(table, attachment))
    }

    async fn update(_aws: &Aws, _id: &str, _change: &mut Change<'_>) -> Result<()> {
        Ok(())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let text = |name: &str| last.str(name).unwrap_or_default();
        disable(aws, text("transit_gateway_route_table_id"), text("transit_gateway_attachment_id")).await
    }
}

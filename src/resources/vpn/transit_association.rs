//! aws_ec2_transit_gateway_route_table_association: which table routes what comes in by an attachment.
//! An attachment has one table, so it is listed with the attachment. AWS has no call that passes it
//! from table to table.

use super::halves;
use crate::aws::{Aws, Error, Kind, Result, filtered};
use crate::resources::settle;
use crate::resources::spec::{self, Progress, Resource, Spec, Token, Which};
use crate::schema::rows::Recover;
use crate::schema::{Attrs, Change};
use crate::value::Value;
use aws_sdk_ec2::types::{TransitGatewayAssociationState as State, TransitGatewayAttachmentResourceType};

type A = spec::A<Live>;

/// The resource type `aws_ec2_transit_gateway_route_table_association`.
pub struct AwsEc2TransitGatewayRouteTableAssociation;

/// An association as listed with its attachment.
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

/// The arguments that an id of a table and an attachment stands for.
pub fn import(text: &str) -> Option<Vec<(&'static str, Value)>> {
    let (table, attachment) = halves(text)?;
    (table.starts_with("tgw-rtb-") && attachment.starts_with("tgw-attach-")).then(|| {
        vec![("transit_gateway_route_table_id", table.into()), ("transit_gateway_attachment_id", attachment.into())]
    })
}

/// The associations of attachments, with any table.
pub async fn of_attachments(aws: &Aws, attachments: &[String]) -> Result<Vec<Live>> {
    let found = aws
        .pages(filtered("transit-gateway-attachment-id", attachments), |f| {
            aws.read.ec2.describe_transit_gateway_attachments().set_filters(Some(f)).into_paginator().items().send()
        })
        .await?;
    let live = found.into_iter().filter_map(|a| {
        let association = a.association?;
        Some(Live {
            table: association.transit_gateway_route_table_id?,
            attachment: a.transit_gateway_attachment_id?,
            resource: a.resource_id,
            kind: a.resource_type,
            state: association.state,
        })
    });
    Ok(live.collect())
}

/// Gives the attachment the table; with `replace`, in place of another one.
pub async fn associate(aws: &Aws, table: &str, attachment: &str, replace: bool) -> Result<()> {
    let call = aws.write.ec2.associate_transit_gateway_route_table();
    let call = call.transit_gateway_route_table_id(table).transit_gateway_attachment_id(attachment);
    match call.clone().send().await.map_err(Error::from) {
        Err(e) if e.kind == Kind::Exists && replace => {
            let now = of_attachments(aws, &[attachment.to_owned()]).await?;
            let Some(now) = now.first() else { return Err(e) };
            if now.table != table {
                disassociate(aws, &now.table, attachment).await?;
                call.send().await?;
            }
            Ok(())
        }
        done => done.map(|_| ()),
    }
}

/// Takes the table from the attachment and waits until it is.
pub async fn disassociate(aws: &Aws, table: &str, attachment: &str) -> Result<()> {
    let call = aws.write.ec2.disassociate_transit_gateway_route_table();
    let call = call.transit_gateway_route_table_id(table).transit_gateway_attachment_id(attachment);
    settle::unless_gone(call.send().await.map_err(Error::from))?;
    let ids = [attachment.to_owned()];
    settle::until("the attachment to leave its route table", || async {
        Ok(of_attachments(aws, &ids).await?.iter().all(|a| a.table != table || a.state == Some(State::Disassociated)))
    })
    .await
}

fn progress(l: &Live) -> Progress {
    match &l.state {
        Some(State::Associated) | None => Progress::Ready,
        Some(State::Disassociated) => Progress::Gone,
        Some(other) => Progress::Pending(other.as_str().into()),
    }
}

impl Resource for AwsEc2TransitGatewayRouteTableAssociation {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::new(
            "aws_ec2_transit_gateway_route_table_association",
            |l| Some(id(&l.table, &l.attachment)),
            vec![
                A::bool("replace_existing_association").never_returned(),
                A::string("transit_gateway_attachment_id")
                    .required()
                    .force_new()
                    .read(|l| l.attachment.as_str().into()),
                A::string("transit_gateway_route_table_id").required().force_new().read(|l| l.table.as_str().into()),
                A::string("resource_id").computed().read(|l| l.resource.as_ref().into()),
                A::string("resource_type").computed().read(|l| l.kind.as_ref().map(|k| k.as_str()).into()),
            ],
        )
        .unique(&[&["transit_gateway_attachment_id"]])
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
        let attachments: Vec<String> = asked.iter().filter_map(|id| Some(halves(id)?.1.to_owned())).collect();
        let mut found = of_attachments(aws, &attachments).await?;
        found.retain(|l| asked.contains(&id(&l.table, &l.attachment)));
        Ok(found)
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let text = |name: &str| want.str(name).unwrap_or_default();
        let (table, attachment) = (text("transit_gateway_route_table_id"), text("transit_gateway_attachment_id"));
        let replace = want.bool("replace_existing_association").unwrap_or(false);
        associate(aws, table, attachment, replace).await?;
        Ok(id(table, attachment))
    }

    /// What is already the attachment's table needs nothing replaced.
    async fn update(_aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("replace_existing_association");
        Ok(())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let text = |name: &str| last.str(name).unwrap_or_default();
        disassociate(aws, text("transit_gateway_route_table_id"), text("transit_gateway_attachment_id")).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_association_is_imported_by_table_and_attachment() {
        assert_eq!(import("tgw-rtb-1_tgw-attach-1").map(|args| args.len()), Some(2));
        assert_eq!(import("tgw-attach-1_tgw-rtb-1"), None);
    }
}

//! aws_ec2_transit_gateway_route_table_association: which table routes what comes in by an attachment.
//! An attachment has one table, so it is listed with the attachment. AWS has no call that passes it
//! from table to table.

use super::listed::{self, In};
use crate::resources::prelude::*;
use aws_sdk_ec2::types::TransitGatewayAttachment;

/// The resource type `aws_ec2_transit_gateway_route_table_association`.
pub struct AwsEc2TransitGatewayRouteTableAssociation;

/// An attachment with the table that it is associated with.
pub type Live = In<TransitGatewayAttachment>;

table! {
    Rows: Live {
        replace_existing_association: Flag, none [.never_returned()];
        resource_id: Text, read [.computed()];
        resource_type: EnumCell, read [.computed()];
        transit_gateway_attachment_id: Text, read [.required().force_new()];
        transit_gateway_route_table_id: Text, read(whole) [.required().force_new()];
    }
}

/// An attachment in a table.
pub static KEY: Composite = Composite::new(&["transit_gateway_route_table_id", "transit_gateway_attachment_id"], "_")
    .marked(&["tgw-rtb-", "tgw-attach-"]);

/// The table and the attachment.
pub fn ends(attrs: &Attrs) -> [&str; 2] {
    ["transit_gateway_route_table_id", "transit_gateway_attachment_id"].map(|name| attrs.str(name).unwrap_or_default())
}

/// The associations of attachments, with any table.
pub async fn of_attachments(aws: &Aws, attachments: &[String]) -> Result<Vec<Live>> {
    let found =
        listed!(aws, describe_transit_gateway_attachments, filtered("transit-gateway-attachment-id", attachments))
            .await?;
    let table = |a: &TransitGatewayAttachment| a.association()?.transit_gateway_route_table_id().map(str::to_owned);
    Ok(found.into_iter().filter_map(|a| Some(In::new(table(&a)?, a))).collect())
}

/// Gives the attachment the table; with `replace`, in place of another one.
pub async fn associate(aws: &Aws, [table, attachment]: [&str; 2], replace: bool) -> Result<()> {
    let call = aws.write.ec2.associate_transit_gateway_route_table();
    let call = call.transit_gateway_route_table_id(table).transit_gateway_attachment_id(attachment);
    match call.clone().send().await.map_err(Error::from) {
        Err(e) if e.kind == Kind::Exists && replace => {
            let now = of_attachments(aws, &[attachment.to_owned()]).await?;
            let Some(now) = now.first() else { return Err(e) };
            if now.whole() != table {
                disassociate(aws, [now.whole(), attachment]).await?;
                call.send().await?;
            }
            Ok(())
        }
        done => done.map(drop),
    }
}

/// Takes the table from the attachment and waits until it is.
pub async fn disassociate(aws: &Aws, [table, attachment]: [&str; 2]) -> Result<()> {
    let call = aws.write.ec2.disassociate_transit_gateway_route_table();
    let call = call.transit_gateway_route_table_id(table).transit_gateway_attachment_id(attachment);
    settle::unless_gone(call.send().await)?;
    let (id, what) = (KEY.join(&[table, attachment]), "the attachment to leave its route table");
    let gone = |now: Option<&Live>| now.is_none_or(|l| progress(l) == Progress::Gone);
    settle::seen::<AwsEc2TransitGatewayRouteTableAssociation>(aws, &id, what, gone).await.map(drop)
}

fn progress(l: &Live) -> Progress {
    listed::progress(l.association().and_then(|a| a.state()))
}

impl Resource for AwsEc2TransitGatewayRouteTableAssociation {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::composite("aws_ec2_transit_gateway_route_table_association", &KEY, Rows::rows::<Live>())
            .role(Role::Association(role::Association {
                followed: "transit_gateway_route_table_id",
                follower: "transit_gateway_attachment_id",
                unjudged: Unjudged::All("routes"),
            }))
            .unique(&[&["transit_gateway_attachment_id"]])
            .progress(progress)
            .wait_for_deletion()
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        of_attachments(aws, &which.parts(&KEY, "transit_gateway_attachment_id")).await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        associate(aws, ends(want), want.bool("replace_existing_association").unwrap_or(false)).await?;
        made(KEY.id(want).as_deref())
    }

    /// What is already the attachment's table needs nothing replaced.
    async fn update(_aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("replace_existing_association");
        Ok(())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        disassociate(aws, ends(last)).await
    }
}

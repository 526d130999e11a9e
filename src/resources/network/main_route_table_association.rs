//! aws_main_route_table_association: makes another table the main one of a VPC. Deleting it gives
//! the VPC its former main table back, so the former one is written down where it cannot be lost:
//! in a tag of the new one, which nobody is shown.

use super::route_table_association::{self as association, progress};
use crate::resources::prelude::*;
use aws_sdk_ec2::types::{Filter, RouteTable, RouteTableAssociation, Tag};

/// The resource type `aws_main_route_table_association`.
pub struct AwsMainRouteTableAssociation;

/// The tag that holds the id of the former main table.
const FORMER: &str = "floorplan:former-main";

table! {
    Rows: Main {
        route_table_id: Text, none [.required().read(|m| m.held().association.route_table_id().into())];
        vpc_id: Text, none [.required().force_new().read(|m| m.held().vpc.as_ref().into())];
        original_route_table_id: Text, none [.computed().read(|m| m.held().former.as_ref().into())];
    }
}

/// The main association of a VPC.
pub struct Main {
    association: RouteTableAssociation,
    vpc: Option<String>,
    former: Option<String>,
}

fn main_of(table: &RouteTable) -> Option<Main> {
    let association = table.associations().iter().find(|a| a.main() == Some(true))?;
    let former = table.tags().iter().find(|t| t.key() == Some(FORMER)).and_then(Tag::value);
    Some(Main { association: association.clone(), vpc: table.vpc_id().map(Into::into), former: former.map(Into::into) })
}

fn of_vpc(want: &Attrs) -> Vec<Filter> {
    vec![filter("vpc-id", want.str("vpc_id").unwrap_or_default()), filter("association.main", "true")]
}

async fn find(aws: &Aws, filters: Vec<Vec<Filter>>) -> Result<Vec<Main>> {
    Ok(super::route_table::listed(aws, filters).await?.iter().filter_map(main_of).collect())
}

/// Writes down which table was the main one before `table`.
async fn remember(aws: &Aws, table: &str, former: &str) -> Result<()> {
    let tag = Tag::builder().key(FORMER).value(former).build();
    aws.write.ec2.create_tags().resources(table).tags(tag).send().await?;
    Ok(())
}

impl Resource for AwsMainRouteTableAssociation {
    type Live = Main;

    fn spec() -> Spec<Main> {
        let id = |m: &Main| m.association.route_table_association_id().map(Into::into);
        Spec::new("aws_main_route_table_association", id, Rows::rows())
            .role(Role::Association(role::Association {
                followed: "route_table_id",
                follower: "vpc_id",
                unjudged: Unjudged::All("routes"),
            }))
            .unique(&[&["vpc_id"]])
            .progress(|m| progress(&m.association))
            .id_follows(&["route_table_id"])
            .recover(Recover::Key)
            .import("VPCID", |text| text.starts_with("vpc-").then(|| vec![("vpc_id", text.into())]))
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Main>> {
        match which {
            Which::Ids(ids) => {
                let mut found = find(aws, association::by_ids(ids)).await?;
                found.retain(|m| association::among(&m.association, ids));
                Ok(found)
            }
            Which::Token(_) => Ok(Vec::new()),
            Which::NaturalKey(want) => {
                let mut found = find(aws, vec![of_vpc(want)]).await?;
                let wanted = want.str("route_table_id");
                found.retain(|m| wanted.is_none() || m.association.route_table_id() == wanted);
                Ok(found)
            }
        }
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let table = want.str("route_table_id").unwrap_or_default();
        let found = find(aws, vec![of_vpc(want)]).await?;
        let now = found.first().map(|m| &m.association);
        let ids = now.and_then(|a| a.route_table_association_id().zip(a.route_table_id()));
        let vpc = want.str("vpc_id").unwrap_or_default();
        let (id, former) = ids.ok_or_else(|| Error::not_found(format!("VPC {vpc} has no main route table")))?;
        if former == table {
            return Ok(id.to_owned());
        }
        remember(aws, table, former).await?;
        association::replace(aws, id, table).await
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if let Some(table) = change.take("route_table_id").and_then(Value::as_str) {
            if let Some(former) = change.before.str("original_route_table_id") {
                remember(aws, table, former).await?;
            }
            change.new_id = Some(association::replace(aws, id, table).await?);
        }
        Ok(())
    }

    /// Without a former table on record (an imported association) the main table stays.
    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        let Some(former) = last.str("original_route_table_id") else { return Ok(()) };
        association::replace(aws, id, former).await?;
        if let Some(table) = last.str("route_table_id") {
            let tag = Tag::builder().key(FORMER).build();
            aws.write.ec2.delete_tags().resources(table).tags(tag).send().await?;
        }
        Ok(())
    }
}

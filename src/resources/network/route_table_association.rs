//! aws_route_table_association: which table a subnet, or traffic entering through a gateway, uses.
//! Moving to another table is one atomic call, after which the association has another id.

use crate::resources::prelude::*;
use aws_sdk_ec2::operation::associate_route_table::builders::AssociateRouteTableFluentBuilder as Associate;
use aws_sdk_ec2::types::{
    Filter, RouteTableAssociation, RouteTableAssociationState as State, RouteTableAssociationStateCode as Code,
};

/// The resource type `aws_route_table_association`.
pub struct AwsRouteTableAssociation;

table! {
    Rows: RouteTableAssociation, create Associate {
        gateway_id: Text [.force_new()];
        route_table_id: Text [.required()];
        subnet_id: Text [.force_new()];
    }
}

/// How far an association is.
pub fn progress(a: &RouteTableAssociation) -> Progress {
    let state = a.association_state();
    match state.and_then(State::state) {
        Some(Code::Associated) | None => Progress::Ready,
        Some(Code::Disassociated) => Progress::Gone,
        Some(Code::Failed) => Progress::Failed(state.and_then(State::status_message).unwrap_or("failed").into()),
        Some(other) => Progress::Pending(other.as_str().into()),
    }
}

/// The associations of the tables that filters find.
pub async fn listed(aws: &Aws, filters: Vec<Vec<Filter>>) -> Result<Vec<RouteTableAssociation>> {
    let tables = super::route_table::listed(aws, filters).await?;
    Ok(tables.into_iter().flat_map(|t| t.associations.unwrap_or_default()).collect())
}

/// Filters that find the tables of associations.
pub fn by_ids(ids: &[String]) -> Vec<Vec<Filter>> {
    filtered("association.route-table-association-id", ids)
}

/// Whether the association is one of these.
pub fn among(a: &RouteTableAssociation, ids: &[String]) -> bool {
    a.route_table_association_id().is_some_and(|id| ids.iter().any(|i| i == id))
}

/// Moves an association to another table; gives its new id.
pub async fn replace(aws: &Aws, id: &str, table: &str) -> Result<String> {
    let call = aws.write.ec2.replace_route_table_association().association_id(id).route_table_id(table);
    made(call.send().await?.new_association_id())
}

fn import(text: &str) -> Option<Vec<(&'static str, Value)>> {
    let (end, table) = text.split_once('/')?;
    let name = if end.starts_with("subnet-") { "subnet_id" } else { "gateway_id" };
    table.starts_with("rtb-").then(|| vec![(name, end.into()), ("route_table_id", table.into())])
}

impl Resource for AwsRouteTableAssociation {
    type Live = RouteTableAssociation;

    fn spec() -> Spec<RouteTableAssociation> {
        let id = |a: &RouteTableAssociation| a.route_table_association_id().map(Into::into);
        Spec::new("aws_route_table_association", id, Rows::rows())
            .role(Role::Association(role::Association {
                followed: "route_table_id",
                follower: "subnet_id",
                unjudged: Unjudged::All("routes"),
            }))
            .unique(&[&["subnet_id"], &["gateway_id"]])
            .progress(progress)
            .id_follows(&["route_table_id"])
            .recover(Recover::Key)
            .import("SUBNETID/ROUTETABLEID or GATEWAYID/ROUTETABLEID", import)
            .exactly_one(&[&["subnet_id", "gateway_id"]])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<RouteTableAssociation>> {
        let end = |want: &Attrs| match want.str("subnet_id") {
            Some(subnet) => filter("association.subnet-id", subnet),
            None => filter("association.gateway-id", want.str("gateway_id").unwrap_or_default()),
        };
        let filters = match which {
            Which::Ids(ids) => by_ids(ids),
            Which::Token(_) => Vec::new(),
            Which::NaturalKey(want) => vec![vec![end(want)]],
        };
        let asked = |a: &RouteTableAssociation| match which {
            Which::Ids(ids) => among(a, ids),
            Which::NaturalKey(want) => Rows::rows().iter().all(|column| {
                let held = column.read.map(|read| read(a));
                want.str(column.row.name)
                    .is_none_or(|wanted| held.and_then(|v| v.as_str().map(|v| v == wanted)) == Some(true))
            }),
            Which::Token(_) => false,
        };
        Ok(listed(aws, filters).await?.into_iter().filter(asked).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let answer = Rows::create(aws.write.ec2.associate_route_table(), want).send().await?;
        made(answer.association_id())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if let Some(table) = change.take("route_table_id").and_then(Value::as_str) {
            change.new_id = Some(replace(aws, id, table).await?);
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        aws.write.ec2.disassociate_route_table().association_id(id).send().await.map_err(Error::from)?;
        Ok(())
    }
}

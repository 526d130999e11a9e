//! aws_default_route_table: the main table that a VPC is made with, adopted. It loses what the layout does not write,
//! and stays as it is when it is forgotten: AWS deletes it with its VPC.

use super::route_table::{self, Listed, inline, propagating, routes_of};
use super::routes::{INSTANCE, inline_rows};
use crate::resources::prelude::*;
use crate::resources::spec;

/// The resource type `aws_default_route_table`.
pub struct AwsDefaultRouteTable;

table! {
    Rows: Listed {
        default_route_table_id = route_table_id: Text, read [.required().force_new()];
        vpc_id: Text, read [.computed()];
        route: Inline, none [.read(|t| routes_of(t.held(), &TARGETS))];
        propagating_vgws: Texts, none [.read(|t| propagating(t.held()))];
        arn: Text, read [.computed()];
        owner_id: Text, read [.computed()];
    }
}

/// The targets that the type knows.
const TARGETS: [&str; 9] = [
    "core_network_arn",
    "egress_only_gateway_id",
    "gateway_id",
    INSTANCE,
    "nat_gateway_id",
    "transit_gateway_id",
    "vpc_endpoint_id",
    "vpc_peering_connection_id",
    "network_interface_id",
];

/// Its routes; without any written, it has none.
struct Inline;

impl Cell for Inline {
    fn column<L>(name: &'static str) -> spec::A<L> {
        inline(name, &TARGETS).initial(Value::set(object_type(&inline_rows(&TARGETS)), Vec::new()))
    }
}

fn import(text: &str) -> Option<Vec<(&'static str, Value)>> {
    text.starts_with("vpc-").then(|| vec![("vpc_id", text.into())])
}

impl Resource for AwsDefaultRouteTable {
    type Live = Listed;

    fn spec() -> Spec<Listed> {
        Spec::new("aws_default_route_table", |t: &Listed| t.route_table_id().map(Into::into), Rows::rows())
            .role(Role::RouteTable(role::RouteTable { routes: None, unjudged: Unjudged::Of("routes", &["route"]) }))
            .tags(|t| tags::read(t.tags()))
            .unique(&[&["default_route_table_id"]])
            .holds_inline(route_table::held)
            .recover(Recover::Key)
            .import("VPCID", import)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Listed>> {
        let filters = match which {
            Which::Ids(ids) => filtered("route-table-id", ids),
            Which::Token(_) => Vec::new(),
            Which::NaturalKey(want) => vec![match want.str("default_route_table_id") {
                Some(id) => vec![filter("route-table-id", id)],
                None => {
                    vec![filter("vpc-id", want.str("vpc_id").unwrap_or_default()), filter("association.main", "true")]
                }
            }],
        };
        route_table::tables(aws, filters).await
    }

    /// Looks the table up; a table that is not there cannot be adopted.
    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let found = Self::describe(aws, Which::NaturalKey(want)).await?;
        let id = found.first().and_then(|t| t.route_table_id()).map(str::to_owned);
        let wanted = want.str("default_route_table_id").unwrap_or_default();
        id.ok_or_else(|| Error::not_found(format!("the route table {wanted}, which is to be adopted, was not found")))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        route_table::update(aws, id, change).await
    }

    async fn delete(_aws: &Aws, _id: &str, _last: &Attrs) -> Result<()> {
        Ok(())
    }
}

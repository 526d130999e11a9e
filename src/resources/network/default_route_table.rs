//! aws_default_route_table: the main table that a VPC is made with, adopted. Adopting changes
//! nothing by itself, and deleting leaves the table as it is: AWS deletes it with its VPC.

use super::route_table::{self, Table};
use crate::aws::{Aws, Error, Result, filter, filtered};
use crate::resources::spec::{self, Resource, Spec, Token, Which};
use crate::schema::rows::Recover;
use crate::schema::{Attrs, Change};
use crate::value::Value;

type A = spec::A<Table>;

/// The resource type `aws_default_route_table`.
pub struct AwsDefaultRouteTable;

fn import(text: &str) -> Option<Vec<(&'static str, Value)>> {
    text.starts_with("vpc-").then(|| vec![("vpc_id", text.into())])
}

impl Resource for AwsDefaultRouteTable {
    type Live = Table;

    fn spec() -> Spec<Table> {
        let id = |t: &Table| t.table.route_table_id().map(Into::into);
        let mut rows = vec![
            A::string("default_route_table_id").required().force_new().read(|t| t.table.route_table_id().into()),
            A::string("vpc_id").computed().read(|t| t.table.vpc_id().into()),
        ];
        rows.extend(route_table::common_rows(true));
        Spec::new("aws_default_route_table", id, rows)
            .unique(&[&["default_route_table_id"]])
            .holds_inline(route_table::held)
            .recover(Recover::Key)
            .import("VPCID", import)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Table>> {
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
        let id = found.first().and_then(|t| t.table.route_table_id()).map(str::to_owned);
        let wanted = want.str("default_route_table_id").unwrap_or_default();
        id.ok_or_else(|| Error::not_found(format!("there is no route table {wanted} to adopt")))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        route_table::update(aws, id, change).await
    }

    async fn delete(_aws: &Aws, _id: &str, _last: &Attrs) -> Result<()> {
        Ok(())
    }
}

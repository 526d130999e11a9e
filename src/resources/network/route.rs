//! aws_route: one route of a table that the layout does not write inline. A route has no id of its
//! own; it has the one that Terraform gives it, made of its table and a checksum of its destination.

use super::routes::{self, DESTINATIONS, TARGETS, Wanted};
use crate::resources::prelude::*;
use aws_sdk_ec2::types::Route;

/// The resource type `aws_route`.
pub struct AwsRoute;

/// One route of one table.
pub struct LiveRoute {
    /// The table.
    pub table: String,
    /// What the table says of it.
    pub route: Route,
}

held!(LiveRoute: route as Route);

/// How long ids of route tables are: those of today, and those from before 2016.
const TABLE_ID_LENGTHS: [usize; 2] = [21, 12];

/// The id of the route to `destination` in `table`.
fn id(table: &str, destination: &str) -> String {
    let mut crc = flate2::Crc::new();
    crc.update(destination.as_bytes());
    format!("r-{table}{}", crc.sum())
}

/// The tables that ids may belong to. An id does not say where the table's id ends.
fn tables_of(ids: &[String]) -> Vec<String> {
    let of = |id: &String| {
        let rest = id.strip_prefix("r-").unwrap_or(id).to_owned();
        TABLE_ID_LENGTHS.into_iter().filter_map(move |n| rest.get(..n).map(str::to_owned))
    };
    let mut tables: Vec<String> = ids.iter().flat_map(of).collect();
    tables.sort();
    tables.dedup();
    tables
}

fn wanted(want: &Attrs) -> Wanted {
    Wanted::of(want, DESTINATIONS, TARGETS)
}

fn held(attrs: &Attrs) -> Vec<String> {
    let to = wanted(attrs).destination().to_owned();
    let table = attrs.str("route_table_id").filter(|_| !to.is_empty());
    table.map(|table| routes::held(table, &to)).into_iter().collect()
}

fn import(text: &str) -> Option<Vec<(&'static str, Value)>> {
    let (table, destination) = text.split_once('_')?;
    let name = match destination {
        d if d.starts_with("pl-") => "destination_prefix_list_id",
        d if d.contains(':') => "destination_ipv6_cidr_block",
        _ => "destination_cidr_block",
    };
    table.starts_with("rtb-").then(|| vec![("route_table_id", table.into()), (name, destination.into())])
}

/// The answer of AWS about a route to an instance or an interface.
const OF_INTERFACE: [&str; 3] = ["instance_id", "instance_owner_id", "network_interface_id"];

/// A route to another target has no interface any more, or another one's instance.
fn recomputed(before: &Attrs, after: &Attrs) -> Vec<&'static str> {
    if TARGETS.iter().all(|name| before.get(name) == after.get(name)) {
        return Vec::new();
    }
    let to_interface = before.is_set("network_interface_id")
        || after.get("network_interface_id") != before.get("network_interface_id");
    let of_interface = OF_INTERFACE.into_iter().filter(|_| to_interface);
    of_interface.chain(["state"]).collect()
}

impl Resource for AwsRoute {
    type Live = LiveRoute;

    fn spec() -> Spec<LiveRoute> {
        let table = A::string("route_table_id").required().force_new().read(|l: &LiveRoute| l.table.as_str().into());
        let rows = [table].into_iter().chain(routes::Rows::rows()).collect();
        Spec::new("aws_route", |l: &LiveRoute| routes::destination(&l.route).map(|d| id(&l.table, d)), rows)
            .role(Role::Route(role::Route {
                table: "route_table_id",
                way: role::Way { destination: "destination_cidr_block", egress: "nat_gateway_id" },
                unjudged: Unjudged::All("routes"),
            }))
            .unique(&[
                &["route_table_id", "destination_cidr_block"],
                &["route_table_id", "destination_ipv6_cidr_block"],
                &["route_table_id", "destination_prefix_list_id"],
            ])
            .holds(held)
            .recomputed(recomputed)
            .recover(Recover::Key)
            .import("ROUTETABLEID_DESTINATION", import)
            .exactly_one(&[&DESTINATIONS, &TARGETS])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<LiveRoute>> {
        let filters = match which {
            Which::Ids(ids) => filtered("route-table-id", &tables_of(ids)),
            Which::Token(_) => Vec::new(),
            Which::NaturalKey(want) => {
                vec![vec![filter("route-table-id", want.str("route_table_id").unwrap_or_default())]]
            }
        };
        let asked = |l: &LiveRoute| match (which, routes::destination(&l.route)) {
            (Which::Ids(ids), Some(to)) => ids.contains(&id(&l.table, to)),
            (Which::NaturalKey(want), Some(to)) => wanted(want).destination() == to,
            _ => false,
        };
        let tables = super::route_table::listed(aws, filters).await?;
        let all = tables.into_iter().flat_map(|t| {
            let table = t.route_table_id().unwrap_or_default().to_owned();
            t.routes.unwrap_or_default().into_iter().map(move |route| LiveRoute { table: table.clone(), route })
        });
        Ok(all.filter(asked).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let table = want.str("route_table_id").unwrap_or_default();
        let route = wanted(want);
        if route.is_local() {
            // Every table has its local routes; what can be done is to give one its own target back.
            routes::replace(aws, table, &route).await?;
        } else {
            routes::create(aws, table, &route).await?;
        }
        Ok(id(table, route.destination()))
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        let changed: Vec<&'static str> = TARGETS.into_iter().filter(|name| change.take(name).is_some()).collect();
        if changed.is_empty() {
            return Ok(());
        }
        let table = change.after.str("route_table_id").unwrap_or_default();
        let route = Wanted::of(change.after, DESTINATIONS, changed);
        if route.is_open() {
            return Err(Error::new(Kind::Refused, "the route has no target left"));
        }
        routes::replace(aws, table, &route).await
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let route = wanted(last);
        if route.is_local() {
            return Ok(());
        }
        routes::delete(aws, last.str("route_table_id").unwrap_or_default(), &route).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_has_the_id_that_terraform_gives_it() {
        assert_eq!(id("rtb-656C65616E6F72", "0.0.0.0/0"), "r-rtb-656C65616E6F721080289494");
    }

    #[test]
    fn the_table_is_found_in_an_id() {
        let tables = tables_of(&[id("rtb-0123456789abcdef0", "10.0.0.0/8")]);
        assert!(tables.contains(&"rtb-0123456789abcdef0".to_owned()));
        assert!(tables_of(&["r-".to_owned()]).is_empty());
    }

    #[test]
    fn a_route_is_imported_by_table_and_destination() {
        let names = |text: &str| import(text).map(|args| args[1].0);
        assert_eq!(names("rtb-1_10.0.0.0/8"), Some("destination_cidr_block"));
        assert_eq!(names("rtb-1_2001:db8::/32"), Some("destination_ipv6_cidr_block"));
        assert_eq!(names("rtb-1_pl-1"), Some("destination_prefix_list_id"));
        assert_eq!(names("10.0.0.0/8"), None);
    }
}

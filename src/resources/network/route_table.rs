//! aws_route_table: where packets of its subnets go; and what it shares with
//! aws_default_route_table. Inline routes are compared by destination and target: what AWS adds of
//! its own (the local route, propagated ones, those of gateway endpoints) is not the layout's.

use super::routes::{self, LOCAL, TARGETS, Wanted};
use crate::aws::{Aws, Result, filter, filtered, made};
use crate::resources::settle;
use crate::resources::spec::{self, Resource, Spec, Token, Which, rows};
use crate::resources::tags;
use crate::schema::normal::Normal;
use crate::schema::rows::{Recover, object_type};
use crate::schema::{Attribute, Attrs, Change, Nesting, checks};
use crate::value::Value;
use aws_sdk_ec2::types::{Filter, ResourceType, Route, RouteOrigin, RouteTable};
use std::collections::BTreeMap;

type A = spec::A<Table>;
type Row = spec::A<()>;

/// The resource type `aws_route_table`.
pub struct AwsRouteTable;

/// A table as listed.
pub struct Table {
    /// What EC2 lists.
    pub table: RouteTable,
    /// Its ARN.
    pub arn: String,
}

/// The destination arguments of an inline route.
const DESTINATIONS: [&str; 3] = ["cidr_block", "ipv6_cidr_block", "destination_prefix_list_id"];

/// The targets that aws_default_route_table knows.
pub const DEFAULT_TARGETS: [&str; 8] = [
    "core_network_arn",
    "egress_only_gateway_id",
    "gateway_id",
    "nat_gateway_id",
    "transit_gateway_id",
    "vpc_endpoint_id",
    "vpc_peering_connection_id",
    "network_interface_id",
];

/// The rows of an inline route with these targets.
fn route_rows(targets: &[&'static str]) -> Vec<Attribute> {
    let ranges = [
        Row::string("cidr_block").check(|v| unless_empty(v, checks::ipv4_cidr)),
        Row::string("ipv6_cidr_block").check(|v| unless_empty(v, checks::ipv6_cidr)),
        Row::string("destination_prefix_list_id"),
    ];
    rows(ranges.into_iter().chain(targets.iter().map(|name| Row::string(name))))
}

fn unless_empty(
    value: &Value,
    check: fn(&Value) -> std::result::Result<(), String>,
) -> std::result::Result<(), String> {
    if value.as_str() == Some("") { Ok(()) } else { check(value) }
}

/// Whether a route of the list is one that a layout would write.
pub fn is_written(r: &Route) -> bool {
    let by_endpoint =
        r.destination_prefix_list_id().is_some() && r.gateway_id().is_some_and(|g| g.starts_with("vpce-"));
    let lattice = r.gateway_id() == Some("VpcLattice");
    r.gateway_id() != Some(LOCAL)
        && r.origin() != Some(&RouteOrigin::EnableVgwRoutePropagation)
        && !by_endpoint
        && !lattice
}

fn read_own(t: &Table) -> Value {
    read_routes(t, &TARGETS)
}

fn read_default(t: &Table) -> Value {
    read_routes(t, &DEFAULT_TARGETS)
}

/// The inline routes of a table, with the target arguments that its type has.
fn read_routes(t: &Table, targets: &[&'static str]) -> Value {
    let route = |r: &Route| {
        let targets = targets.iter().map(|name| (*name, Value::from(routes::target(r, name))));
        let destinations = [
            ("cidr_block", Value::from(r.destination_cidr_block())),
            ("ipv6_cidr_block", r.destination_ipv6_cidr_block().into()),
            ("destination_prefix_list_id", r.destination_prefix_list_id().into()),
        ];
        Value::object(destinations.into_iter().chain(targets))
    };
    let all = t.table.routes().iter().filter(|r| is_written(r)).map(route).collect();
    Value::set(object_type(&route_rows(targets)), all)
}

/// Inline routes by destination.
fn by_destination(value: &Value) -> BTreeMap<String, Wanted> {
    let wanted = |route: &Value| {
        let attrs = Attrs::from_value(route);
        let range = |name: &str| routes::text(&attrs, name).map(|r| routes::canonical(&r));
        let route = Wanted {
            ipv4: range("cidr_block"),
            ipv6: range("ipv6_cidr_block"),
            prefix_list: routes::text(&attrs, "destination_prefix_list_id"),
            ..Wanted::default()
        };
        let route = route.to(&attrs, TARGETS);
        (route.destination().to_owned(), route)
    };
    value.as_elements().unwrap_or(&[]).iter().map(wanted).collect()
}

/// What the inline routes of a table have in AWS.
pub fn held(table: &Attrs) -> Vec<String> {
    let reported = crate::resources::holds::propagations(table);
    let Some(id) = table.str("id").filter(|id| !id.is_empty()) else { return reported };
    let routes = table.get("route").map(by_destination).unwrap_or_default();
    let written = routes.into_iter().filter(|(to, route)| !to.is_empty() && route.target != LOCAL);
    written.map(|(to, _)| routes::held(id, &to)).chain(reported).collect()
}

/// Whether two sets of inline routes lead to the same places; the local route is in every table.
fn same(a: &Value, b: &Value) -> bool {
    let routes = |v: &Value| {
        let mut all = by_destination(v);
        all.retain(|_, r| r.target != LOCAL);
        all
    };
    routes(a) == routes(b)
}

/// One destination and one target for an inline route.
fn check_route(route: &Attrs) -> Vec<(&'static str, String)> {
    let given = |name: &&str| route.is_unknown(name) || routes::text(route, name).is_some();
    let count = |names: &[&'static str]| names.iter().filter(|n| given(n)).count();
    let destination = || ("cidr_block", format!("each route needs exactly one of {}", DESTINATIONS.join(", ")));
    let target = || ("gateway_id", format!("each route needs exactly one target: one of {}", TARGETS.join(", ")));
    let wrong = [(count(&DESTINATIONS) != 1).then(destination), (count(&TARGETS) != 1).then(target)];
    wrong.into_iter().flatten().collect()
}

/// No two inline routes lead to one destination.
fn check_routes(value: &Value) -> std::result::Result<(), String> {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for route in value.as_elements().unwrap_or(&[]) {
        let one = Value::set(route.ty(), vec![route.clone()]);
        by_destination(&one).into_keys().for_each(|to| *times.entry(to).or_default() += 1);
    }
    let twice = times.iter().filter(|(to, n)| **n > 1 && !to.is_empty());
    checks::all(twice.map(|(to, _)| format!("two routes have the same destination: {to}")))
}

/// The rows that both kinds of table have. `new_has_none`: a table that is adopted loses the
/// routes that the layout does not write, as with Terraform.
pub fn common_rows(new_has_none: bool) -> Vec<A> {
    let [tags, tags_all] = A::tags(|t| tags::read(t.table.tags()));
    let targets: &[&str] = if new_has_none { &DEFAULT_TARGETS } else { &TARGETS };
    let routes = A::block("route", Nesting::Set, route_rows(targets))
        .as_attribute()
        .normal(Normal::With(same))
        .each(check_route)
        .check(check_routes)
        .read(if new_has_none { read_default } else { read_own });
    let none = Value::set(object_type(&route_rows(targets)), Vec::new());
    vec![
        if new_has_none { routes.initial(none) } else { routes.optional_computed() },
        A::string_set("propagating_vgws")
            .optional_computed()
            .read(|t| Value::string_set(t.table.propagating_vgws().iter().filter_map(|g| g.gateway_id()))),
        A::string("arn").computed().read(|t| t.arn.as_str().into()),
        A::string("owner_id").computed().read(|t| t.table.owner_id().into()),
        tags,
        tags_all,
    ]
}

/// What DescribeRouteTables says.
pub async fn listed(aws: &Aws, filters: Vec<Vec<Filter>>) -> Result<Vec<RouteTable>> {
    aws.pages(filters, |f| aws.read.ec2.describe_route_tables().set_filters(Some(f)).into_paginator().items().send())
        .await
}

/// Tables with their ARNs.
pub async fn tables(aws: &Aws, filters: Vec<Vec<Filter>>) -> Result<Vec<Table>> {
    let with_arn = |table: RouteTable| {
        let id = table.route_table_id().unwrap_or_default();
        Table { arn: aws.ec2_arn(&format!("route-table/{id}")), table }
    };
    Ok(listed(aws, filters).await?.into_iter().map(with_arn).collect())
}

/// Brings routes and propagation about. New and changed routes come before those that go.
pub async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    if let Some(after) = change.take("route") {
        let before = change.before.get("route").map(by_destination).unwrap_or_default();
        let after = by_destination(after);
        for (destination, route) in &after {
            match before.get(destination) {
                Some(old) if old == route => {}
                Some(_) => routes::replace(aws, id, route).await?,
                None if route.target == LOCAL => {}
                None => routes::put(aws, id, route).await?,
            }
        }
        for (_, route) in before.iter().filter(|(destination, _)| !after.contains_key(*destination)) {
            routes::delete(aws, id, route).await?;
        }
    }
    if let Some((gone, new)) = change.take_elements("propagating_vgws") {
        for gateway in new.iter().filter_map(Value::as_str) {
            let call = aws.write.ec2.enable_vgw_route_propagation();
            call.route_table_id(id).gateway_id(gateway).send().await?;
        }
        for gateway in gone.iter().filter_map(Value::as_str) {
            let call = aws.write.ec2.disable_vgw_route_propagation();
            settle::unless_gone(call.route_table_id(id).gateway_id(gateway).send().await)?;
        }
    }
    Ok(())
}

impl Resource for AwsRouteTable {
    type Live = Table;

    fn spec() -> Spec<Table> {
        let mut rows = vec![A::string("vpc_id").required().force_new().read(|t| t.table.vpc_id().into())];
        rows.extend(common_rows(false));
        Spec::new("aws_route_table", |t| t.table.route_table_id().map(Into::into), rows)
            .recover(Recover::ClientToken)
            .unique(&[])
            .holds_inline(held)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Table>> {
        let filters = match which {
            Which::Ids(ids) => filtered("route-table-id", ids),
            Which::Token(token) => vec![vec![tags::token_filter(token)]],
            Which::NaturalKey(want) => vec![vec![filter("vpc-id", want.str("vpc_id").unwrap_or_default())]],
        };
        tables(aws, filters).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let answer = aws
            .write
            .ec2
            .create_route_table()
            .client_token(&token.0)
            .set_vpc_id(want.string("vpc_id"))
            .tag_specifications(tags::at_creation(ResourceType::RouteTable, want, token))
            .send()
            .await?;
        made(answer.route_table().and_then(RouteTable::route_table_id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        update(aws, id, change).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        aws.write.ec2.delete_route_table().route_table_id(id).send().await?;
        Ok(())
    }
}

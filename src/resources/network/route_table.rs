//! aws_route_table: where packets of its subnets go; and what it shares with
//! aws_default_route_table. Inline routes are compared by destination and target: what AWS adds of
//! its own (the local route, propagated ones, those of gateway endpoints) is not the layout's.

use super::routes::{self, INLINE, INSTANCE, TARGETS, Wanted};
use crate::resources::prelude::*;
use crate::resources::{holds, spec};
use crate::schema::Nesting;
use aws_sdk_ec2::operation::create_route_table::builders::CreateRouteTableFluentBuilder as Create;
use aws_sdk_ec2::types::{Filter, ResourceType, Route, RouteOrigin, RouteTable};
use std::collections::BTreeMap;

/// The resource type `aws_route_table`.
pub struct AwsRouteTable;

/// A table as listed.
pub type Listed = WithArn<RouteTable>;

table! {
    Rows: Listed, create Create {
        vpc_id: Text [.required().force_new()];
        route: Inline, none [.optional_computed().read(|t| routes_of(t.held(), &TARGETS))];
        propagating_vgws: Texts, none [.optional_computed().read(|t| propagating(t.held()))];
        arn: Text, read [.computed()];
        owner_id: Text, read [.computed()];
    }
}

/// The routes that are blocks of their table.
struct Inline;

impl Cell for Inline {
    fn column<L>(name: &'static str) -> spec::A<L> {
        inline(name, &TARGETS)
    }
}

/// Inline routes with these targets.
pub fn inline<L>(name: &'static str, targets: &[&'static str]) -> spec::A<L> {
    spec::A::block(name, Nesting::Set, routes::inline_rows(targets))
        .as_attribute()
        .normal(Normal::With(same))
        .each(check_route)
        .check(check_routes)
}

/// The inline routes of a table, with these targets.
pub fn routes_of(t: &Listed, targets: &[&'static str]) -> Value {
    let all = t.routes().iter().filter(|r| is_written(r)).map(|r| routes::inline(r, targets)).collect();
    Value::set(object_type(&routes::inline_rows(targets)), all)
}

/// The gateways that report their routes to a table.
pub fn propagating(t: &Listed) -> Value {
    Value::string_set(t.propagating_vgws().iter().filter_map(|g| g.gateway_id()))
}

/// Whether a route of the list is one that a layout would write.
pub fn is_written(r: &Route) -> bool {
    let by_endpoint =
        r.destination_prefix_list_id().is_some() && r.gateway_id().is_some_and(|g| g.starts_with("vpce-"));
    !matches!(r.gateway_id(), Some("local" | "VpcLattice"))
        && r.origin() != Some(&RouteOrigin::EnableVgwRoutePropagation)
        && !by_endpoint
}

/// Inline routes by destination.
fn by_destination(value: &Value) -> BTreeMap<String, Wanted> {
    let wanted = |route: &Value| {
        let route = Wanted::of(&Attrs::from_value(route), INLINE, TARGETS.into_iter().chain([INSTANCE]));
        (route.destination().to_owned(), route)
    };
    value.as_elements().unwrap_or(&[]).iter().map(wanted).collect()
}

/// What the inline routes of a table have in AWS.
pub fn held(table: &Attrs) -> Vec<String> {
    let reported = holds::propagations(table);
    let Some(id) = table.str("id").filter(|id| !id.is_empty()) else { return reported };
    let routes = table.get("route").map(by_destination).unwrap_or_default();
    let written = routes.into_iter().filter(|(to, route)| !to.is_empty() && !route.is_local());
    written.map(|(to, _)| routes::held(id, &to)).chain(reported).collect()
}

/// Whether two sets of inline routes lead to the same places; the local route is in every table.
fn same(a: &Value, b: &Value) -> bool {
    let [a, b] = [a, b].map(|v| {
        let mut all = by_destination(v);
        all.retain(|_, r| !r.is_local());
        all
    });
    a.len() == b.len() && a.iter().all(|(to, route)| b.get(to).is_some_and(|other| route.is_same(other)))
}

/// One destination and one target for an inline route.
fn check_route(route: &Attrs) -> Vec<(&'static str, String)> {
    let count = |names: &[&str]| names.iter().filter(|name| route.is_filled(name)).count();
    let mut wrong = Vec::new();
    if count(&INLINE) != 1 {
        wrong.push(("cidr_block", format!("each route needs exactly one of {}", INLINE.join(", "))));
    }
    if count(&TARGETS) + count(&[INSTANCE]) != 1 {
        wrong.push(("gateway_id", format!("each route needs exactly one target: one of {}", TARGETS.join(", "))));
    }
    wrong
}

/// No two inline routes lead to one destination.
fn check_routes(value: &Value) -> Result<(), String> {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for route in value.as_elements().unwrap_or(&[]) {
        *times.entry(Wanted::of(&Attrs::from_value(route), INLINE, []).destination().to_owned()).or_default() += 1;
    }
    let twice = times.iter().filter(|(to, n)| **n > 1 && !to.is_empty());
    checks::all(twice.map(|(to, _)| format!("two routes have the same destination: {to}")))
}

/// What DescribeRouteTables says.
pub async fn listed(aws: &Aws, filters: Vec<Vec<Filter>>) -> Result<Vec<RouteTable>> {
    listed!(aws, describe_route_tables, filters).await
}

/// Tables with their ARNs.
pub async fn tables(aws: &Aws, filters: Vec<Vec<Filter>>) -> Result<Vec<Listed>> {
    Ok(WithArn::all(aws, "route-table", listed(aws, filters).await?, RouteTable::route_table_id))
}

/// Brings routes and propagation about. New and changed routes come before those that go.
pub async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    if let Some(after) = change.take("route") {
        let before = change.before.get("route").map(by_destination).unwrap_or_default();
        let after = by_destination(after);
        for (destination, route) in &after {
            match before.get(destination) {
                Some(old) if old.is_same(route) => {}
                Some(_) => routes::replace(aws, id, route).await?,
                None if route.is_local() => {}
                None => routes::put(aws, id, route).await?,
            }
        }
        for (_, route) in before.iter().filter(|(destination, _)| !after.contains_key(*destination)) {
            routes::delete(aws, id, route).await?;
        }
    }
    let [gone, new] = change.take_texts("propagating_vgws");
    for gateway in new.into_iter().flatten() {
        aws.write.ec2.enable_vgw_route_propagation().route_table_id(id).gateway_id(gateway).send().await?;
    }
    for gateway in gone.into_iter().flatten() {
        let call = aws.write.ec2.disable_vgw_route_propagation().route_table_id(id).gateway_id(gateway);
        settle::unless_gone(call.send().await)?;
    }
    Ok(())
}

impl Resource for AwsRouteTable {
    type Live = Listed;

    fn spec() -> Spec<Listed> {
        Spec::new("aws_route_table", |t: &Listed| t.route_table_id().map(Into::into), Rows::rows())
            .role(Role::RouteTable(role::RouteTable {
                routes: Some(("route", role::Way { destination: "cidr_block", egress: "nat_gateway_id" })),
                unjudged: Unjudged::Of("routes", &["route"]),
            }))
            .tags(|t| tags::read(t.tags()))
            .recover(Recover::ClientToken)
            .unique(&[])
            .holds_inline(held)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Listed>> {
        tables(aws, tags::filters(which, "route-table-id", &[("vpc-id", "vpc_id")])).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.ec2.create_route_table(), want).client_token(&token.0);
        let answer = call.tag_specifications(tags::at_creation(ResourceType::RouteTable, want, token)).send().await?;
        made(answer.route_table().and_then(RouteTable::route_table_id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        update(aws, id, change).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        Ok(aws.write.ec2.delete_route_table().route_table_id(id).send().await.map(drop)?)
    }
}

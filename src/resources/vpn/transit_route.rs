//! aws_ec2_transit_gateway_route: a static route of a transit gateway's table, to an attachment or to
//! nowhere. It is named by its table and destination; its target changes in place.

use super::{first_halves, halves};
use crate::aws::{Aws, Error, Result, each, filter};
use crate::resources::settle;
use crate::resources::spec::{self, Progress, Resource, Spec, Token, Which};
use crate::schema::normal::Normal;
use crate::schema::rows::Recover;
use crate::schema::{Attrs, Change};
use crate::value::Value;
use aws_sdk_ec2::types::{TransitGatewayRoute, TransitGatewayRouteState as State};
use ipnet::IpNet;

type A = spec::A<Live>;

/// The resource type `aws_ec2_transit_gateway_route`.
pub struct AwsEc2TransitGatewayRoute;

/// A route as listed with its table.
pub struct Live {
    table: String,
    route: TransitGatewayRoute,
}

fn id(table: &str, destination: &str) -> String {
    format!("{table}_{}", canonical(destination))
}

/// A range in the spelling in which AWS keeps it.
fn canonical(range: &str) -> String {
    range.parse::<IpNet>().map_or_else(|_| range.to_owned(), |net| net.trunc().to_string())
}

fn import(text: &str) -> Option<Vec<(&'static str, Value)>> {
    let (table, destination) = halves(text)?;
    (table.starts_with("tgw-rtb-") && destination.contains('/'))
        .then(|| vec![("transit_gateway_route_table_id", table.into()), ("destination_cidr_block", destination.into())])
}

fn range(value: &Value) -> std::result::Result<(), String> {
    let Some(text) = value.as_str() else { return Ok(()) };
    match text.parse::<IpNet>() {
        Ok(net) if net.trunc() == net => Ok(()),
        Ok(net) => Err(format!("{text:?} has bits set beyond its prefix; expected {}", net.trunc())),
        Err(_) => Err(format!("{text:?} is not an address range; expected a form such as 10.0.0.0/16")),
    }
}

fn check(want: &Attrs) -> Vec<(&'static str, String)> {
    let given = want.is_set("transit_gateway_attachment_id") || want.is_unknown("transit_gateway_attachment_id");
    match (given, want.bool("blackhole").unwrap_or(false)) {
        _ if want.is_unknown("blackhole") => Vec::new(),
        (true, false) | (false, true) => Vec::new(),
        (true, true) => vec![("blackhole", "a black hole leads to no attachment; leave one of both out".into())],
        (false, false) => {
            let message = "a route needs an attachment to lead to, or blackhole = true";
            vec![("transit_gateway_attachment_id", message.into())]
        }
    }
}

fn attachment(l: &Live) -> Option<&str> {
    l.route.transit_gateway_attachments().iter().find_map(|a| a.transit_gateway_attachment_id())
}

fn progress(l: &Live) -> Progress {
    match l.route.state() {
        Some(State::Active | State::Blackhole) | None => Progress::Ready,
        Some(State::Deleted) => Progress::Gone,
        Some(other) => Progress::Pending(other.as_str().into()),
    }
}

impl Resource for AwsEc2TransitGatewayRoute {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::new(
            "aws_ec2_transit_gateway_route",
            |l| l.route.destination_cidr_block().map(|d| id(&l.table, d)),
            vec![
                A::bool("blackhole")
                    .default(false)
                    .read(|l| (l.route.state() == Some(&State::Blackhole) && attachment(l).is_none()).into()),
                A::string("destination_cidr_block")
                    .required()
                    .force_new()
                    .normal(Normal::Cidr)
                    .check(range)
                    .read(|l| l.route.destination_cidr_block().into()),
                A::string("transit_gateway_attachment_id").read(|l| attachment(l).into()),
                A::string("transit_gateway_route_table_id").required().force_new().read(|l| l.table.as_str().into()),
            ],
        )
        .unique(&[&["transit_gateway_route_table_id", "destination_cidr_block"]])
        .progress(progress)
        .recover(Recover::Key)
        .wait_for_deletion()
        .import("TRANSITGATEWAYROUTETABLEID_DESTINATION", import)
        .check(check)
    }

    /// All static routes of each table that is asked for.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let asked: Vec<String> = match which {
            Which::Ids(ids) => ids.to_vec(),
            Which::Token(_) => Vec::new(),
            Which::NaturalKey(want) => {
                let text = |name: &str| want.str(name).unwrap_or_default();
                vec![id(text("transit_gateway_route_table_id"), text("destination_cidr_block"))]
            }
        };
        let found = each(first_halves(&asked), |table| async move {
            let call = aws.read.ec2.search_transit_gateway_routes().transit_gateway_route_table_id(&table);
            let mut pages = call.filters(filter("type", "static")).into_paginator().send();
            let mut all = Vec::new();
            while let Some(page) = pages.next().await {
                let routes = page?.routes.unwrap_or_default().into_iter();
                all.extend(routes.map(|route| Live { table: table.clone(), route }));
            }
            Ok(all)
        })
        .await?;
        let is_asked = |l: &Live| l.route.destination_cidr_block().is_some_and(|d| asked.contains(&id(&l.table, d)));
        Ok(found.into_iter().flatten().filter(is_asked).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let text = |name: &str| want.str(name).unwrap_or_default();
        aws.write
            .ec2
            .create_transit_gateway_route()
            .transit_gateway_route_table_id(text("transit_gateway_route_table_id"))
            .destination_cidr_block(text("destination_cidr_block"))
            .set_transit_gateway_attachment_id(want.string("transit_gateway_attachment_id"))
            .set_blackhole(want.bool("blackhole").filter(|on| *on))
            .send()
            .await?;
        Ok(id(text("transit_gateway_route_table_id"), text("destination_cidr_block")))
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        if !change.take_any(&["blackhole", "transit_gateway_attachment_id"]) {
            return Ok(());
        }
        let after = change.after;
        aws.write
            .ec2
            .replace_transit_gateway_route()
            .set_transit_gateway_route_table_id(after.string("transit_gateway_route_table_id"))
            .set_destination_cidr_block(after.string("destination_cidr_block"))
            .set_transit_gateway_attachment_id(after.string("transit_gateway_attachment_id"))
            .set_blackhole(after.bool("blackhole").filter(|on| *on))
            .send()
            .await?;
        Ok(())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let call = aws
            .write
            .ec2
            .delete_transit_gateway_route()
            .set_transit_gateway_route_table_id(last.string("transit_gateway_route_table_id"))
            .set_destination_cidr_block(last.string("destination_cidr_block"));
        settle::unless_gone(call.send().await.map_err(Error::from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_is_named_by_its_table_and_destination() {
        assert_eq!(id("tgw-rtb-1", "2001:DB8::/32"), "tgw-rtb-1_2001:db8::/32");
        assert_eq!(import("tgw-rtb-1_10.0.0.0/8").map(|args| args[1].1.clone()), Some("10.0.0.0/8".into()));
        assert_eq!(import("rtb-1_10.0.0.0/8"), None);
    }

    #[test]
    fn a_route_leads_to_an_attachment_or_to_nowhere() {
        let to = Attrs::default().with("transit_gateway_attachment_id", "tgw-attach-1");
        assert_eq!(check(&to), []);
        assert_eq!(check(&Attrs::default().with("blackhole", true)), []);
        assert_eq!(check(&to.with("blackhole", true)).len(), 1);
        assert_eq!(check(&Attrs::default()).len(), 1);
    }
}

//! aws_ec2_transit_gateway_route: a static route of a transit gateway's table, to an attachment or to
//! nowhere. It is named by its table and destination; its target changes in place.

use super::listed::{self, In};
use crate::resources::prelude::*;
use aws_sdk_ec2::types::{TransitGatewayRoute, TransitGatewayRouteState as State};
use ipnet::IpNet;

/// The resource type `aws_ec2_transit_gateway_route`.
pub struct AwsEc2TransitGatewayRoute;

/// A route as listed with its table.
type Live = In<TransitGatewayRoute>;

table! {
    Rows: Live {
        blackhole: Switch, none [.read(|l| leads_nowhere(l.held()).into())];
        destination_cidr_block: Text, read [.required().force_new().normal(Normal::Cidr).check(range)];
        transit_gateway_attachment_id: Text, none [.read(|l| attachment(l.held()).into())];
        transit_gateway_route_table_id: Text, read(whole) [.required().force_new()];
    }
}

static KEY: Composite = Composite::new(&["transit_gateway_route_table_id", "destination_cidr_block"], "_")
    .marked(&["tgw-rtb-", "/"])
    .spelled(|part| part.parse::<IpNet>().map_or_else(|_| part.to_owned(), |net| net.trunc().to_string()));

fn range(value: &Value) -> Result<(), String> {
    let Some(text) = value.as_str() else { return Ok(()) };
    match text.parse::<IpNet>() {
        Ok(net) if net.trunc() == net => Ok(()),
        Ok(net) => Err(format!("{text:?} has bits set beyond its prefix; expected {}", net.trunc())),
        Err(_) => Err(format!("{text:?} is not an address range; expected a form such as 10.0.0.0/16")),
    }
}

fn check(want: &Attrs) -> Vec<(&'static str, String)> {
    let given = want.is_given("transit_gateway_attachment_id");
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
    l.transit_gateway_attachments().iter().find_map(|a| a.transit_gateway_attachment_id())
}

fn leads_nowhere(l: &Live) -> bool {
    l.state() == Some(&State::Blackhole) && attachment(l).is_none()
}

/// CreateTransitGatewayRoute and ReplaceTransitGatewayRoute take the same.
macro_rules! send {
    ($call:expr, $attrs:expr) => {{
        let call = $call.set_transit_gateway_route_table_id($attrs.string("transit_gateway_route_table_id"));
        call.set_destination_cidr_block($attrs.string("destination_cidr_block"))
            .set_transit_gateway_attachment_id($attrs.string("transit_gateway_attachment_id"))
            .set_blackhole($attrs.bool("blackhole").filter(|on| *on))
            .send()
            .await?
    }};
}

impl Resource for AwsEc2TransitGatewayRoute {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::composite("aws_ec2_transit_gateway_route", &KEY, Rows::rows::<Live>())
            .role(Role::OtherRoute(Unjudged::All("routes")))
            .progress(|l| listed::progress(l.state()))
            .wait_for_deletion()
            .check(check)
    }

    /// All static routes of each table that is asked for.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let found = each(which.parts(&KEY, "transit_gateway_route_table_id"), |table| async move {
            let call = aws.read.ec2.search_transit_gateway_routes().transit_gateway_route_table_id(&table);
            let mut pages = call.filters(filter("type", "static")).into_paginator().send();
            let mut all = Vec::new();
            while let Some(page) = pages.next().await {
                all.extend(page?.routes.unwrap_or_default().into_iter().map(|route| In::new(&*table, route)));
            }
            Ok(all)
        })
        .await?;
        Ok(found.into_iter().flatten().collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        send!(aws.write.ec2.create_transit_gateway_route(), want);
        made(KEY.id(want).as_deref())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take_any(&["blackhole", "transit_gateway_attachment_id"]) {
            send!(aws.write.ec2.replace_transit_gateway_route(), change.after);
        }
        Ok(())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let call = aws.write.ec2.delete_transit_gateway_route();
        let call = call.set_transit_gateway_route_table_id(last.string("transit_gateway_route_table_id"));
        settle::unless_gone(call.set_destination_cidr_block(last.string("destination_cidr_block")).send().await)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_is_named_by_its_table_and_destination() {
        assert_eq!(KEY.join(&["tgw-rtb-1", "2001:DB8::/32"]), "tgw-rtb-1_2001:db8::/32");
        let route = KEY.parse("tgw-rtb-1_10.0.0.0/8").unwrap();
        assert_eq!(route.str("destination_cidr_block"), Some("10.0.0.0/8"));
        assert!(KEY.parse("rtb-1_10.0.0.0/8").is_none());
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

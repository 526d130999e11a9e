//! aws_ec2_transit_gateway_route: a static route of a transit gateway's table, to an attachment or to
//! nowhere. It is named by its table and destination; its target changes in place.

use super::listed::{self, In, Pair};
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

const PAIR: Pair = Pair {
    names: ["transit_gateway_route_table_id", "destination_cidr_block"],
    marks: ["tgw-rtb-", "/"],
    between: '_',
};

/// The id, with the range in the spelling in which AWS keeps it.
fn id(table: &str, destination: &str) -> String {
    let net = destination.parse::<IpNet>();
    PAIR.join(table, &net.map_or_else(|_| destination.to_owned(), |net| net.trunc().to_string()))
}

fn id_of(attrs: &Attrs) -> String {
    let [table, destination] = PAIR.names.map(|name| attrs.str(name).unwrap_or_default());
    id(table, destination)
}

fn range(value: &Value) -> Result<(), String> {
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
        let own = |l: &Live| l.destination_cidr_block().map(|destination| id(l.whole(), destination));
        Spec::new("aws_ec2_transit_gateway_route", own, Rows::rows::<Live>())
            .role(Role::OtherRoute(Unjudged::All("routes")))
            .unique(&[&PAIR.names])
            .progress(|l| listed::progress(l.state()))
            .recover(Recover::Key)
            .wait_for_deletion()
            .import("TRANSITGATEWAYROUTETABLEID_DESTINATION", |text| PAIR.parse(text))
            .check(check)
    }

    /// All static routes of each table that is asked for.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let asked = match which {
            Which::NaturalKey(want) => vec![id_of(want)],
            _ => PAIR.asked(which),
        };
        let found = each(PAIR.parts(&asked, 0), |table| async move {
            let call = aws.read.ec2.search_transit_gateway_routes().transit_gateway_route_table_id(&table);
            let mut pages = call.filters(filter("type", "static")).into_paginator().send();
            let mut all = Vec::new();
            while let Some(page) = pages.next().await {
                all.extend(page?.routes.unwrap_or_default().into_iter().map(|route| In::new(&*table, route)));
            }
            Ok(all)
        })
        .await?;
        let is_asked = |l: &Live| l.destination_cidr_block().is_some_and(|d| asked.contains(&id(l.whole(), d)));
        Ok(found.into_iter().flatten().filter(is_asked).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        send!(aws.write.ec2.create_transit_gateway_route(), want);
        Ok(id_of(want))
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
        assert_eq!(id("tgw-rtb-1", "2001:DB8::/32"), "tgw-rtb-1_2001:db8::/32");
        assert_eq!(PAIR.parse("tgw-rtb-1_10.0.0.0/8").map(|args| args[1].1.clone()), Some("10.0.0.0/8".into()));
        assert_eq!(PAIR.parse("rtb-1_10.0.0.0/8"), None);
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

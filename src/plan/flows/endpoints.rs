//! Ends of traffic that no packet shows: the name or the address by which others know a part of the layout, a list
//! that turns away what it let through, and the zone of a balancer without which it sends nothing to its targets there.

use super::names::Names;
use crate::network::ObjectKind;
use crate::plan::change::{Action, Change, Op, Step};
use crate::plan::service_impact::{Interruption, InterruptionReason};
use crate::plan::services::{Index, Member, Service};
use crate::schema::{Attrs, Role};
use std::collections::BTreeSet;

/// The names, addresses and permissions that end though their part of the layout stays.
pub fn ended(index: &Index<'_>, steps: &[Step], services: &[Service], names: &Names<'_>) -> Vec<Interruption> {
    let one = |i: usize| {
        let change = index.change(i);
        change.after.as_ref()?;
        let found = known_as(i, index).or_else(|| turned_away(change));
        let (what, cure) = found.or_else(|| left_zones(i, index, services))?;
        let does = |op: Op| steps.iter().position(|step| step.change == i && step.op == op);
        Some(Interruption {
            service: names.of_service(i),
            address: change.address.to_string(),
            step: does(Op::Delete).or_else(|| does(Op::Update))?,
            reason: InterruptionReason::FlowEnds { flow: what },
            cure: cure.to_owned(),
            place: None,
            allowed: false,
        })
    };
    let mut changed: Vec<usize> = steps.iter().map(|step| step.change).collect();
    changed.sort_unstable();
    changed.dedup();
    changed.into_iter().filter(|i| index.change(*i).deposed.is_none()).filter_map(one).collect()
}

/// The zones that a balancer leaves while targets in them stay.
fn left_zones(i: usize, index: &Index<'_>, services: &[Service]) -> Option<(String, &'static str)> {
    let change = index.change(i);
    if change.action != Action::Update || !matches!(index.role(i), Role::Balancer(_)) {
        return None;
    }
    let zones = |attrs: &Attrs| -> Option<BTreeSet<String>> {
        let mapped = attrs.blocks("subnet_mapping");
        let mapped = mapped.iter().filter_map(|mapping| mapping.get("subnet_id"));
        let subnets: BTreeSet<usize> =
            attrs.elements("subnets").iter().chain(mapped).map(|subnet| index.find(subnet)).collect::<Option<_>>()?;
        subnets.into_iter().map(|subnet| index.zone(subnet)).collect()
    };
    let left: BTreeSet<String> = &zones(change.before.as_ref()?)? - &zones(change.after.as_ref()?)?;
    let of = services.iter().filter(|service| service.front.contains(&i));
    let stays = |member: &&Member| member.after > 0 && index.change(member.change).after.is_some();
    let there = |member: &Member| member.zone.clone().filter(|zone| left.contains(zone));
    let zones: BTreeSet<String> = of.flat_map(|s| s.members.iter().filter(stays)).filter_map(there).collect();
    (!zones.is_empty()).then(|| {
        let zones: Vec<String> = zones.into_iter().collect();
        let what = format!("traffic from {} to its targets in {}", change.address, zones.join(" and "));
        (what, "Keep a subnet of the zone in the balancer as long as it has targets there.")
    })
}

/// A name or address of what stays that is another one afterwards.
fn known_as(i: usize, index: &Index<'_>) -> Option<(String, &'static str)> {
    let change = index.change(i);
    let before = change.before.as_ref()?;
    let changes = |name: &str| change.attributes.iter().any(|attribute| attribute.name == name);
    let named = |attribute: &str| before.string(attribute).filter(|text| !text.is_empty());
    match (ObjectKind::of(&change.address.resource.type_name)?, change.action) {
        (kind, action) if kind.is_balancer() && action.is_replace() && !has_record(i, index) => Some((
            format!("the DNS name {}", named("dns_name")?),
            "Keep its name, or let a record of the layout lead to it (aws_route53_record), by which clients know it.",
        )),
        (ObjectKind::Database, Action::Update) if changes("identifier") && !has_record(i, index) => Some((
            format!("the DNS name {}", named("address").or_else(|| named("endpoint"))?),
            "Keep its identifier, or let a record of the layout lead to it (aws_route53_record), by which clients know it.",
        )),
        (ObjectKind::Address, action) if action.is_replace() && is_held(before, index) => Some((
            format!("the address {}", named("public_ip")?),
            "Keep the address, or move its clients to a second one first.",
        )),
        _ => None,
    }
}

/// Whether a name of the layout leads to an object, and follows it.
fn has_record(i: usize, index: &Index<'_>) -> bool {
    let names = |role: &Role| matches!(role, Role::Name(_)).then_some(());
    let leads = |attrs: &Attrs| {
        let alias = attrs.blocks("alias");
        let aliases = alias.iter().filter_map(|alias| alias.get("name"));
        let values = attrs.elements("records").iter().chain(aliases);
        values.into_iter().any(|value| {
            let own = index.change(i).before.as_ref();
            let is = |name: &str| value.as_str().is_some_and(|text| own.and_then(|own| own.str(name)) == Some(text));
            index.find(value) == Some(i) || ["dns_name", "address"].iter().any(|name| is(name))
        })
    };
    index.each(names).any(|(_, change, ())| change.after.is_some() && change.now().is_some_and(leads))
}

/// Whether a server that stays has an address.
fn is_held(address: &Attrs, index: &Index<'_>) -> bool {
    let holder = ["instance", "network_interface"].iter().find_map(|name| index.of(address, name));
    holder.is_some_and(|i| index.change(i).after.is_some() && index.role(i).egress().is_none())
}

/// A list that turns away all that it does not name, and let it through before.
fn turned_away(change: &Change) -> Option<(String, &'static str)> {
    let is_list = ObjectKind::of(&change.address.resource.type_name) == Some(ObjectKind::WebAcl);
    if change.action != Action::Update || !is_list {
        return None;
    }
    let blocks = |attrs: &Attrs| {
        let actions = attrs.blocks("default_action");
        actions.iter().any(|action| {
            let block = |name| !action.lacks_block(name) && action.is_filled(name);
            block("block") || action.str("type") == Some("BLOCK")
        })
    };
    let (before, after) = (change.before.as_ref()?, change.after.as_ref()?);
    (!blocks(before) && blocks(after)).then(|| {
        let what = format!("traffic that no rule of {} allows", change.address);
        (what, "Count what would be blocked first, with a rule whose action is count.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::fixtures::{attrs, change};
    use crate::plan::rows::Rows;
    use crate::plan::services;
    use crate::resources::registry;
    use crate::schema::Schema;
    use crate::value::address::Address;
    use crate::value::{Type, Value};

    fn schema(address: &Address) -> Option<&'static Schema> {
        registry().get(&*address.resource.type_name).map(|resource| resource.schema())
    }

    fn said(changes: &[Change]) -> Vec<String> {
        let roles = services::roles(changes, &schema);
        let index = Index::new(changes, &roles);
        let op = |change: &Change| if change.action.is_replace() { Op::Delete } else { Op::Update };
        let step = |(i, change)| {
            let (wait, detour) = (None, None);
            Step { change: i, op: op(change), needs: Vec::new(), wait, detour, rows: Rows::default() }
        };
        let steps: Vec<Step> = changes.iter().enumerate().map(step).collect();
        let found = ended(&index, &steps, &[], &Names::of(changes, &[]));
        found
            .iter()
            .map(|loss| format!("{}: {}", loss.address, crate::plan::service_check::words(&loss.reason)))
            .collect()
    }

    fn balancer() -> Change {
        let of = |name: &str| {
            attrs([("id", name.into()), ("name", name.into()), ("dns_name", format!("{name}.aws").as_str().into())])
        };
        change("aws_lb.web", Action::CreateThenDelete, Some(of("one")), Some(of("two")))
    }

    #[test]
    fn the_name_of_a_replaced_balancer_ends() {
        assert_eq!(said(&[balancer()]), ["aws_lb.web: the DNS name one.aws ends"]);
    }

    #[test]
    fn a_record_that_follows_keeps_the_name() {
        let alias = Value::object([("name", Value::from("one.aws"))]);
        let record = attrs([("id", "r".into()), ("alias", Value::list(alias.ty(), vec![alias]))]);
        let follows = change("aws_route53_record.web", Action::Update, Some(record.clone()), Some(record));
        assert_eq!(said(&[balancer(), follows]), Vec::<String>::new());
    }

    #[test]
    fn a_list_that_blocks_by_default_is_said() {
        let of = |name: &str| {
            let empty = Value::object([("custom_response", Value::null(Type::String))]);
            let action = Value::object([(name, Value::list(empty.ty(), vec![empty]))]);
            attrs([("id", "w".into()), ("default_action", Value::list(action.ty(), vec![action]))])
        };
        let to = |one: &str, other: &str| change("aws_wafv2_web_acl.a", Action::Update, Some(of(one)), Some(of(other)));
        let says = "aws_wafv2_web_acl.a: traffic that no rule of aws_wafv2_web_acl.a allows ends";
        assert_eq!(said(&[to("allow", "block")]), [says]);
        assert_eq!(said(&[to("block", "allow")]), Vec::<String>::new());
    }
}

//! Rules that a plan opens to everybody in front of a database that nobody reaches all the same: not exposed, and only as
//! long as no way leads there. The plan says so, with all that is in the way.

use super::standard::is_database;
use super::words::in_the_way;
use super::{Guarded, Net};
use crate::diag::{Diagnostic, Diagnostics};
use crate::network::space::TCP;
use crate::network::{Answer, Destination, ObjectKind, Source};
use crate::plan::change::{Action, Change};
use crate::rules::layout_checks::standard::is_open;
use crate::rules::security_rule::{SecurityRule, rules_of};
use crate::schema::Attrs;
use crate::value::Value;

/// The ingress rules of a group or a rule.
fn ingress(type_name: &str, attrs: Option<&Attrs>) -> Vec<SecurityRule> {
    let Some(attrs) = attrs else { return Vec::new() };
    match ObjectKind::of(type_name) {
        Some(kind) if kind.is_group() => attrs.blocks("ingress").iter().flat_map(rules_of).collect(),
        Some(ObjectKind::IngressRule) => rules_of(attrs),
        Some(ObjectKind::GroupRule) if attrs.str("type") == Some("ingress") => rules_of(attrs),
        _ => Vec::new(),
    }
}

/// The rules that a change opens to everybody.
fn opened(change: &Change) -> Vec<SecurityRule> {
    let type_name = &*change.address.resource.type_name;
    let before = ingress(type_name, change.before.as_ref());
    let after = ingress(type_name, change.after.as_ref()).into_iter();
    after.filter(|rule| is_open(rule) && !before.contains(rule)).collect()
}

/// The port that a rule opens of a database: its own, if it is one of them.
fn port_of(rule: &SecurityRule, own: Option<u16>) -> Option<u16> {
    match (rule.protocol.as_str(), rule.from, rule.to) {
        ("-1", ..) => own,
        ("tcp", Some(first), Some(last)) => {
            let own = own.filter(|own| (first..=last).contains(&i32::from(*own)));
            own.or_else(|| u16::try_from(first).ok())
        }
        _ => None,
    }
}

/// A warning for each database that new rules open, and that is not reached.
pub(super) fn openings(of: &Guarded<'_, '_>, net: &Net, reached: &dyn Fn(&str) -> bool) -> Diagnostics {
    let still = [Action::NoOp, Action::Read, Action::Forget];
    let changes = of.changes.iter().filter(|change| change.deposed.is_none() && !still.contains(&change.action));
    let rules: Vec<(&Change, SecurityRule)> =
        changes.flat_map(|change| opened(change).into_iter().map(move |rule| (change, rule))).collect();
    if rules.is_empty() {
        return Diagnostics::new();
    }
    let is_group = |name: &str| {
        let object = net.objects.iter().find(|object| *object.address == *name);
        object.map_or(name.starts_with("default security group"), |object| {
            ObjectKind::of(&object.type_name).is_some_and(ObjectKind::is_group)
        })
    };
    let mut said = Diagnostics::new();
    for object in net.objects.iter().filter(|object| is_database(&object.type_name) && !reached(&object.address)) {
        let own = object.attributes.get("port").and_then(Value::as_i64).and_then(|port| u16::try_from(port).ok());
        let end = Destination::Object(object.address.clone());
        let shut = rules.iter().find_map(|(change, rule)| {
            let reach = net.model.reach(&Source::Internet, &end, TCP, Some(port_of(rule, own)?)).ok()?;
            let by_group = reach.obstacles.iter().any(|one| is_group(&one.at));
            (reach.answer == Answer::No && !by_group).then_some((change, rule, reach.obstacles))
        });
        let Some((change, rule, obstacles)) = shut else { continue };
        said.push(
            Diagnostic::warning(format!("{} is opened to the world, and no way leads there", object.address))
                .code("guard")
                .detail(format!(
                    "{} lets in {rule}. That exposes nothing as long as these are in the way:\n{}",
                    change.address,
                    in_the_way(of, &obstacles)
                ))
                .at(of.place(&change.address.to_string()))
                .hint("Name the group or the range of its clients: the next route or address would expose it."),
        );
    }
    said
}

//! How grave a finding is, by what the object is to a service (its role) and by what its arguments say.

use super::finding::Severity;
use super::parts::Part;
use crate::plan::bears_on_service;
use crate::rules::passage::{Effect, Form};
use crate::schema::{Attrs, Role, Schema};
use crate::value::Value;

/// A severity, and why in a few words.
pub(super) type Graded = (Severity, &'static str);

/// Arguments that only describe an object, whatever its type.
const DESCRIBES: [&str; 6] = ["tags", "tags_all", "tag", "volume_tags", "description", "timeouts"];
/// Arguments that give a public address where they are true.
const PUBLIC: [&str; 5] = [
    "map_public_ip_on_launch",
    "associate_public_ip_address",
    "publicly_accessible",
    "assign_ipv6_address_on_creation",
    "map_customer_owned_ip_on_launch",
];
/// Arguments that keep the public out where they are true.
const PRIVATE: [&str; 5] =
    ["internal", "block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];
/// The beginning of the ids of gateways to the internet.
const INTERNET: &str = "igw-";

/// An object that was changed: what it was meant to be, and what it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Object<'a> {
    pub(super) schema: &'a Schema,
    pub(super) wanted: &'a Attrs,
    pub(super) live: &'a Attrs,
}

/// How grave it is that a part of an attribute differs.
pub(super) fn of_part(object: Object<'_>, attribute: &str, part: &Part) -> Graded {
    if DESCRIBES.contains(&attribute) {
        return (Severity::Cosmetic, "only what describes it");
    }
    if let Some(graded) = publicly(attribute, part) {
        return graded;
    }
    let Some(role) = &object.schema.role else { return changes() };
    let bears = bears_on_service(role, attribute);
    match role {
        Role::Filter(_) | Role::FilterRule(_) => filter(object, bears, part),
        Role::Route(_) | Role::OtherRoute(_) | Role::TunnelRoute(_) => rerouted(part),
        Role::RouteTable(table) if table.routes.is_some_and(|(block, _)| block == attribute) => rerouted(part),
        Role::Address(_) | Role::Association(_) => (Severity::Interrupts, "leads elsewhere"),
        _ if bears => (Severity::Interrupts, "bears on service"),
        _ => changes(),
    }
}

fn changes() -> Graded {
    (Severity::Changes, "differs from the layout")
}

fn publicly(attribute: &str, part: &Part) -> Option<Graded> {
    let is = |value: &Option<Value>| value.as_ref().and_then(Value::as_bool).unwrap_or(false);
    let (now, before) = (is(&part.live), is(if part.wanted.is_some() { &part.wanted } else { &part.state }));
    let opens = if PRIVATE.contains(&attribute) {
        !now && before
    } else if PUBLIC.contains(&attribute) {
        now && !before
    } else {
        return None;
    };
    Some(match opens {
        true => (Severity::Opens, "gives access from the internet"),
        false => (Severity::Interrupts, "takes access away"),
    })
}

fn filter(object: Object<'_>, bears: bool, part: &Part) -> Graded {
    if let Some(effect) = part.passage {
        return passing([effect]);
    }
    if let Some(form) = Form::of_object(object.live) {
        return passing(form.object(object.wanted, object.live).into_iter().map(|shift| shift.effect));
    }
    if bears { (Severity::Opens, "may let more in") } else { changes() }
}

fn passing(effects: impl IntoIterator<Item = Effect>) -> Graded {
    let effects: Vec<Effect> = effects.into_iter().collect();
    if effects.contains(&Effect::More) {
        (Severity::Opens, "lets more through")
    } else if effects.contains(&Effect::Less) {
        (Severity::Interrupts, "lets less through")
    } else {
        (Severity::Changes, "lets the same through")
    }
}

/// A route that is not as it was meant to be.
fn rerouted(part: &Part) -> Graded {
    fn leads_out(value: &Value) -> bool {
        value.as_str().is_some_and(|text| text.starts_with(INTERNET)) || value.children().any(leads_out)
    }
    let whole = part.live.as_ref().is_some_and(|live| live.as_entries().is_some());
    match (&part.live, &part.wanted) {
        (Some(live), _) if leads_out(live) => (Severity::Opens, "leads to the internet"),
        (Some(_), None) if whole => (Severity::Opens, "leads where the layout does not"),
        _ => (Severity::Interrupts, "leads elsewhere"),
    }
}

/// How grave it is that an object is gone.
pub(super) fn of_missing(schema: Option<&Schema>, stored: &Attrs) -> Graded {
    let Some(role) = schema.and_then(|schema| schema.role.as_ref()) else {
        return (Severity::Changes, "the layout wants it");
    };
    match role {
        Role::NotServing(_) => (Severity::Changes, "the layout wants it"),
        Role::Filter(_) | Role::FilterRule(_) => match Form::of_object(stored) {
            Some(form) => passing(form.object(stored, &Attrs::default()).into_iter().map(|shift| shift.effect)),
            None if is_group(schema) => (Severity::Interrupts, "lets nothing through any more"),
            None => (Severity::Opens, "does not keep anything out any more"),
        },
        _ => (Severity::Interrupts, "does not serve any more"),
    }
}

/// Whether it is a filter that only allows, so that without it nothing comes through.
fn is_group(schema: Option<&Schema>) -> bool {
    schema.is_some_and(|schema| schema.attributes.iter().any(|row| Form::of_blocks(row) == Some(Form::Group)))
}

/// How grave it is that an object is there which no layout has.
pub(super) fn of_unmanaged(schema: Option<&Schema>) -> Graded {
    match schema.and_then(|schema| schema.role.as_ref()) {
        Some(Role::FilterRule(_)) => (Severity::Opens, "may let more in"),
        Some(Role::Route(_) | Role::OtherRoute(_) | Role::TunnelRoute(_) | Role::Gateway(_) | Role::Address(_)) => {
            (Severity::Opens, "is a way that no layout has")
        }
        _ => (Severity::Changes, "is in no layout"),
    }
}

//! The parts of an attribute that differ, each by the name that a person gives it: a tag by its key, a rule by what it
//! says, a block by what distinguishes it.

use crate::rules::passage::{self, Form};
use crate::schema::Attribute;
use crate::schema::equal::{Origin, differs, objects_differ};
use crate::schema::shape::only;
use crate::value::{Kind, Name, Value};
use std::collections::{BTreeMap, BTreeSet};

/// An attribute in the state, in AWS and in the layout.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sides<'a> {
    pub(super) state: Option<&'a Value>,
    pub(super) live: Option<&'a Value>,
    pub(super) wanted: Option<&'a Value>,
}

/// A part that differs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Part {
    pub(super) path: String,
    pub(super) state: Option<Value>,
    pub(super) live: Option<Value>,
    pub(super) wanted: Option<Value>,
    /// Of a rule: its effect on what comes through.
    pub(super) passage: Option<passage::Effect>,
}

/// Arguments that distinguish the blocks of one list or set.
const KEYS: [&str; 7] =
    ["cidr_block", "ipv6_cidr_block", "destination_prefix_list_id", "device_name", "key", "name", "availability_zone"];

/// The parts of an attribute in which AWS differs from the state and from the layout. At least one: the attribute itself
/// where no part can be named.
pub(super) fn parts(row: &Attribute, sides: Sides<'_>) -> Vec<Part> {
    let mut found = Vec::new();
    collect(row, row.name.to_owned(), sides, &mut found);
    if found.is_empty() {
        // Of rules only the descriptions differ then.
        let passage = Form::of_blocks(row).map(|_| passage::Effect::Same);
        found.push(Part { passage, ..whole(row.name.to_owned(), sides) });
    }
    found
}

fn whole(path: String, sides: Sides<'_>) -> Part {
    let given = |value: Option<&Value>| value.filter(|v| !v.is_null()).cloned();
    let Sides { state, live, wanted } = sides;
    Part { path, state: given(state), live: given(live), wanted: given(wanted), passage: None }
}

fn collect(row: &Attribute, path: String, sides: Sides<'_>, found: &mut Vec<Part>) {
    let all = || [sides.state, sides.live, sides.wanted].into_iter().flatten();
    let hidden = all().any(Value::is_sensitive);
    if hidden || all().any(|value| !value.is_wholly_known()) {
        return found.push(whole(path, sides));
    }
    if let Some(form) = Form::of_blocks(row).filter(|_| !all().any(Value::has_sensitive)) {
        return rules(form, &path, sides, found);
    }
    if all().any(|value| matches!(value.kind(), Kind::Map(..))) {
        return entries(&path, sides, found);
    }
    match &row.block {
        Some(block) if block.is_single() => {
            let sides =
                Sides { state: sides.state.map(only), live: sides.live.map(only), wanted: sides.wanted.map(only) };
            inside(&block.attributes, &path, sides, found);
        }
        Some(block) => blocks(&block.attributes, path, sides, found),
        None if all().any(|value| matches!(value.kind(), Kind::Set(..))) => {
            let same = |a: &Value, b: &Value| a == b || row.normal.equivalent(a, b);
            members(&path, sides, &same, found);
        }
        None => found.push(whole(path, sides)),
    }
}

/// The rows of one block.
fn inside(rows: &[Attribute], path: &str, sides: Sides<'_>, found: &mut Vec<Part>) {
    let null = Value::any_null();
    for row in rows {
        let of = |value: Option<&'_ Value>| value.and_then(|v| v.get(row.name)).cloned();
        let (state, live, wanted) = (of(sides.state), of(sides.live), of(sides.wanted));
        let now = live.as_ref().unwrap_or(&null);
        let moved = |other: &Option<Value>| differs(row, other.as_ref().unwrap_or(&null), now, Origin::Aws);
        let silent = |other: &Option<Value>| row.is_computed() && other.as_ref().is_none_or(Value::is_null);
        if moved(&state) && moved(&wanted) && !silent(&wanted) {
            let sides = Sides { state: state.as_ref(), live: live.as_ref(), wanted: wanted.as_ref() };
            collect(row, format!("{path}.{}", row.name), sides, found);
        }
    }
}

/// The entries of a map.
fn entries(path: &str, sides: Sides<'_>, found: &mut Vec<Part>) {
    fn of(value: Option<&Value>) -> BTreeMap<Name, Value> {
        value.and_then(Value::as_entries).cloned().unwrap_or_default()
    }
    keyed(&of(sides.state), &of(sides.live), &of(sides.wanted), &|a, b| a == b, &mut |key, sides| {
        found.push(whole(format!("{path}[{key:?}]"), sides));
    });
}

/// Passes on each key whose value in AWS is other than in the state and other than wanted.
fn keyed(
    state: &BTreeMap<Name, Value>,
    live: &BTreeMap<Name, Value>,
    wanted: &BTreeMap<Name, Value>,
    same: &dyn Fn(&Value, &Value) -> bool,
    found: &mut dyn FnMut(&str, Sides<'_>),
) {
    let alike = |a: Option<&Value>, b: Option<&Value>| match (a, b) {
        (Some(a), Some(b)) => same(a, b),
        (a, b) => a.is_none() && b.is_none(),
    };
    for key in live.keys().chain(wanted.keys()).collect::<BTreeSet<_>>() {
        let sides = Sides { state: state.get(key), live: live.get(key), wanted: wanted.get(key) };
        if !alike(sides.live, sides.wanted) && !alike(sides.live, sides.state) {
            found(key, sides);
        }
    }
}

/// The blocks of a list or set: by what distinguishes them, else each as a whole.
fn blocks(rows: &[Attribute], path: String, sides: Sides<'_>, found: &mut Vec<Part>) {
    let same = |a: &Value, b: &Value| !objects_differ(rows, a, b, Origin::Aws);
    let (Some(state), Some(live), Some(wanted)) = (by_key(sides.state), by_key(sides.live), by_key(sides.wanted))
    else {
        return members(&path, sides, &same, found);
    };
    keyed(&state, &live, &wanted, &same, &mut |key, sides| {
        let path = format!("{path}[{key:?}]");
        match (sides.live, sides.wanted) {
            (Some(_), Some(_)) => inside(rows, &path, sides, found),
            _ => found.push(whole(path, sides)),
        }
    });
}

/// The blocks by their keys; none where a block has no key, or shares it.
fn by_key(value: Option<&Value>) -> Option<BTreeMap<Name, Value>> {
    let blocks = value.and_then(Value::as_elements).unwrap_or(&[]);
    let key = |block: &Value| {
        KEYS.iter().find_map(|name| block.get(name)?.as_str().filter(|t| !t.is_empty()).map(Name::from))
    };
    let keyed: Option<BTreeMap<Name, Value>> = blocks.iter().map(|block| Some((key(block)?, block.clone()))).collect();
    keyed.filter(|keyed| keyed.len() == blocks.len())
}

/// The members of a set that came or went.
fn members(path: &str, sides: Sides<'_>, same: &dyn Fn(&Value, &Value) -> bool, found: &mut Vec<Part>) {
    let of = |value: Option<&'_ Value>| value.and_then(Value::as_elements).unwrap_or(&[]).to_vec();
    let (state, live, wanted) = (of(sides.state), of(sides.live), of(sides.wanted));
    let among = |all: &[Value], value: &Value| all.iter().any(|other| same(other, value));
    for value in live.iter().filter(|value| !among(&state, value) && !among(&wanted, value)) {
        found.push(whole(path.to_owned(), Sides { state: None, live: Some(value), wanted: None }));
    }
    for value in wanted.iter().filter(|value| among(&state, value) && !among(&live, value)) {
        found.push(whole(path.to_owned(), Sides { state: Some(value), live: None, wanted: Some(value) }));
    }
}

/// The rules that came or went, in words.
fn rules(form: Form, path: &str, sides: Sides<'_>, found: &mut Vec<Part>) {
    let null = Value::any_null();
    let (state, live) = (sides.state.unwrap_or(&null), sides.live.unwrap_or(&null));
    let since: Vec<(String, bool)> = form.blocks(state, live).into_iter().map(|s| (s.rule, s.there)).collect();
    for shift in form.blocks(sides.wanted.unwrap_or(&null), live) {
        if !since.contains(&(shift.rule.clone(), shift.there)) {
            continue;
        }
        let rule = Some(Value::string(&shift.rule));
        let (live, other) = if shift.there { (rule, None) } else { (None, rule) };
        let passage = Some(shift.effect);
        found.push(Part { path: path.to_owned(), state: other.clone(), live, wanted: other, passage });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::fixtures::{attrs, map, schema};
    use crate::schema::rows::{Block, Nesting, object_type};
    use crate::value::Type;
    use crate::value::address::Mode;
    use std::sync::Arc;

    fn row(name: &str) -> &'static Attribute {
        schema(Mode::Managed, "aws_thing").and_then(|s| s.attribute(name)).unwrap()
    }

    fn named(row: &Attribute, state: Value, live: Value, wanted: Value) -> Vec<String> {
        let found = parts(row, Sides { state: Some(&state), live: Some(&live), wanted: Some(&wanted) });
        let text = |value: &Option<Value>| value.as_ref().map_or("-".into(), crate::drift::finding::text);
        found.iter().map(|p| format!("{} {} {} {}", p.path, text(&p.state), text(&p.live), text(&p.wanted))).collect()
    }

    #[test]
    fn a_tag_is_named_by_its_key_unless_the_layout_wants_it_so() {
        let state = map([("Name", "a"), ("Owner", "net"), ("Old", "1")]);
        let live = map([("Name", "b"), ("Owner", "me"), ("Old", "1"), ("By", "hand")]);
        let wanted = map([("Name", "a"), ("Owner", "me"), ("New", "1")]);
        assert_eq!(
            named(row("tags"), state, live, wanted),
            ["tags[\"By\"] - \"hand\" -", "tags[\"Name\"] \"a\" \"b\" \"a\""]
        );
    }

    #[test]
    fn a_member_of_a_set_came_or_went() {
        let set = |all: &[&str]| Value::string_set(all);
        assert_eq!(
            named(row("groups"), set(&["a", "b"]), set(&["b", "c"]), set(&["a", "b", "d"])),
            ["groups - \"c\" -", "groups \"a\" - \"a\""]
        );
    }

    fn route(nested: Vec<Attribute>) -> Attribute {
        let ty = Type::set(object_type(&nested));
        let attributes = Arc::new(nested);
        let block = Block { nesting: Nesting::Set, attributes, min: 0, max: None, as_attribute: true, each: None };
        Attribute { block: Some(block), ..Attribute::new("route", ty) }
    }

    #[test]
    fn a_block_is_named_by_what_distinguishes_it() {
        let text = |name| Attribute { empty_is_null: true, ..Attribute::new(name, Type::String) };
        let row = route(vec![text("cidr_block"), text("nat_gateway_id"), text("gateway_id")]);
        let one = |to: &str, nat: &str, gateway: &str| {
            attrs([("cidr_block", to.into()), ("nat_gateway_id", nat.into()), ("gateway_id", gateway.into())])
                .to_value()
        };
        let set = |all: Vec<Value>| Value::set(all[0].ty(), all);
        let state = set(vec![one("0.0.0.0/0", "nat-1", ""), one("10.1.0.0/16", "", "vgw-1")]);
        let live = set(vec![one("0.0.0.0/0", "", "igw-1"), one("10.2.0.0/16", "", "vgw-1")]);
        assert_eq!(
            named(&row, state.clone(), live, state),
            [
                "route[\"0.0.0.0/0\"].nat_gateway_id \"nat-1\" \"\" \"nat-1\"",
                "route[\"0.0.0.0/0\"].gateway_id \"\" \"igw-1\" \"\"",
                "route[\"10.1.0.0/16\"] cidr_block=\"10.1.0.0/16\";gateway_id=\"vgw-1\";nat_gateway_id=\"\"; - cidr_block=\"10.1.0.0/16\";gateway_id=\"vgw-1\";nat_gateway_id=\"\";",
                "route[\"10.2.0.0/16\"] - cidr_block=\"10.2.0.0/16\";gateway_id=\"vgw-1\";nat_gateway_id=\"\"; -",
            ]
        );
    }

    #[test]
    fn a_sensitive_value_stays_whole() {
        let secret = |text: &str| map([("key", text)]).mark(true);
        let found = named(row("tags"), secret("a"), secret("b"), secret("a"));
        assert_eq!(found, ["tags sensitive sensitive sensitive"]);
    }
}

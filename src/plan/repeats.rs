//! Parts that AWS shows in one object though another object has them: the rules of a group in the group, the routes of a
//! table in the table, an elastic address in its server. Who looks at objects that come or go has to see each part once, or
//! a part that went would still be there.

use super::change::{Action, Change};
use crate::network::Object;
use crate::schema::{Attrs, Mode, Role, Schema, Schemas};
use crate::value::address::Address;
use crate::value::{Kind, Name, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The address of a server, where an object of its own gives it.
const ADDRESS: &str = "public_ip";

/// The parts that these objects hold as objects of their own.
pub fn held<'a>(objects: impl Iterator<Item = (&'a str, &'a Attrs)>, schemas: &dyn Schemas) -> BTreeSet<String> {
    objects.filter_map(|(type_name, attrs)| Some(parts(schemas.resource(type_name)?, attrs))).flatten().collect()
}

fn parts(schema: &Schema, attrs: &Attrs) -> Vec<String> {
    let mut all = schema.holds.filter(|holds| !holds.inline).map_or_else(Vec::new, |holds| (holds.keys)(attrs));
    if matches!(schema.role, Some(Role::Address(_))) {
        all.extend(attrs.str(ADDRESS).filter(|address| !address.is_empty()).map(given));
    }
    all
}

/// The part that is an address.
fn given(address: &str) -> String {
    format!("address {address}")
}

/// The objects without the parts that others hold.
pub fn without(objects: Vec<Object>, held: &BTreeSet<String>, schemas: &dyn Schemas) -> Vec<Object> {
    if held.is_empty() {
        return objects;
    }
    let one = |object: Object| {
        let of = |schema: &Schema| stripped(&Attrs::from_value(&object.attributes), schema, held);
        match schemas.resource(&object.type_name).and_then(of) {
            Some(attrs) => Object { attributes: attrs.to_value(), ..object },
            None => object,
        }
    };
    objects.into_iter().map(one).collect()
}

/// The changes with each part once, before and after: where it is an object of its own, only there.
pub fn once<'s>(changes: &[Change], schema: &dyn Fn(&Address) -> Option<&'s Schema>) -> Vec<Change> {
    let separate = changes.iter().filter(|change| change.action != Action::Forget);
    let of = |change: &Change| Some(parts(schema(&change.address)?, change.before.as_ref()?));
    let held: BTreeSet<String> = separate.filter_map(of).flatten().collect();
    if held.is_empty() {
        return changes.to_vec();
    }
    let one = |change: &Change| {
        let Some(schema) = schema(&change.address) else { return change.clone() };
        let side = |attrs: &Option<Attrs>| attrs.as_ref().map(|of| stripped(of, schema, &held).unwrap_or(of.clone()));
        Change { before: side(&change.before), after: side(&change.after), ..change.clone() }
    };
    changes.iter().map(one).collect()
}

/// Nothing where it shows no part of another object.
fn stripped(attrs: &Attrs, schema: &Schema, held: &BTreeSet<String>) -> Option<Attrs> {
    let own = matches!(schema.role, Some(Role::Address(_)));
    let shows = attrs.str(ADDRESS).is_some_and(|address| !own && held.contains(&given(address)));
    let without = shows.then(|| attrs.clone().with(ADDRESS, Value::from("")));
    let rest = without.as_ref().unwrap_or(attrs);
    without_rows(rest, schema, held).or(without)
}

fn without_rows(attrs: &Attrs, schema: &Schema, held: &BTreeSet<String>) -> Option<Attrs> {
    let holds = schema.holds.filter(|holds| holds.inline)?;
    let mut attrs = attrs.clone();
    let id = attrs.get("id").filter(|id| id.as_str().is_some())?.clone();
    let mut changed = false;
    for row in schema.attributes.iter().filter(|row| row.mode == Mode::OptionalComputed) {
        let Some(value) = attrs.get(row.name).filter(|value| value.is_wholly_known() && !value.is_null()) else {
            continue;
        };
        let is_held = |part: &Value| {
            let alone: Attrs = [("id", id.clone()), (row.name, part.clone())].into_iter().collect();
            let keys = (holds.keys)(&alone);
            !keys.is_empty() && keys.iter().all(|key| held.contains(key))
        };
        let left = match value.as_elements() {
            None if is_held(value) => Value::any_null(),
            None => continue,
            Some(elements) => {
                let kept: Vec<Value> = elements
                    .iter()
                    .filter_map(|element| rest(element, &|one| is_held(&like(value, vec![one]))))
                    .collect();
                like(value, kept)
            }
        };
        if left != *value {
            attrs = attrs.with(row.name, left);
            changed = true;
        }
    }
    changed.then_some(attrs)
}

/// What is left of an element: a block that has several ranges loses those that are held.
fn rest(element: &Value, is_held: &dyn Fn(Value) -> bool) -> Option<Value> {
    if is_held(element.clone()) {
        return None;
    }
    let Some(entries) = element.as_entries() else { return Some(element.clone()) };
    let several = |value: &Value| value.as_elements().is_some_and(|all| !all.is_empty());
    let mut left: BTreeMap<Name, Value> = entries.clone();
    for (name, value) in entries.iter().filter(|(_, value)| several(value)) {
        let alone = |member: &Value| {
            let only = |(other, of): (&Name, &Value)| {
                let members = if other == name { vec![member.clone()] } else { Vec::new() };
                (other.clone(), if of.as_elements().is_some() { like(of, members) } else { of.clone() })
            };
            Value::object(entries.iter().map(only))
        };
        let members = value.as_elements().unwrap_or_default();
        let kept: Vec<Value> = members.iter().filter(|member| !is_held(alone(member))).cloned().collect();
        if kept.len() < members.len() {
            left.insert(name.clone(), like(value, kept));
        }
    }
    if left == *entries {
        return Some(element.clone());
    }
    let filled = left.values().any(several) || left.get("self").and_then(Value::as_bool) == Some(true);
    filled.then(|| Value::object(left))
}

/// A collection of the same kind with these elements.
fn like(collection: &Value, elements: Vec<Value>) -> Value {
    match collection.kind() {
        Kind::List(of, _) => Value::list(of.clone(), elements),
        Kind::Set(of, _) => Value::set(of.clone(), elements),
        _ => Value::tuple(elements),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::fixtures::{address, change};
    use crate::plan::network::object;
    use crate::resources::Types;
    use crate::value::json::from_json;
    use serde_json::{Value as Json, json};

    fn attrs(json: Json) -> Attrs {
        Attrs::from_value(&from_json(&json).expect("values"))
    }

    fn left(at: &str, of: Json, own: &[(&str, Json)]) -> Value {
        let own: Vec<(&str, Attrs)> = own.iter().map(|(name, json)| (*name, attrs(json.clone()))).collect();
        let held = held(own.iter().map(|(name, attrs)| (*name, attrs)), &Types);
        assert_eq!(held.len(), own.len(), "{held:?}");
        without(vec![object(&address(at), &attrs(of))], &held, &Types).remove(0).attributes
    }

    #[test]
    fn a_group_loses_the_rules_that_are_objects_of_their_own() {
        let block = |port: i32, ranges: &[&str]| json!({ "protocol": "tcp", "from_port": port, "to_port": port, "cidr_blocks": ranges, "self": false });
        let own = json!({
            "security_group_id": "sg-1", "ip_protocol": "tcp", "from_port": 22, "to_port": 22,
            "cidr_ipv4": "10.0.0.0/8",
        });
        let group =
            json!({ "id": "sg-1", "ingress": [block(22, &["10.0.0.0/8", "10.9.0.0/16"]), block(80, &["0.0.0.0/0"])] });
        let own = [("aws_vpc_security_group_ingress_rule", own)];
        let ranges = |group: &Value| -> Vec<Vec<String>> {
            let of = |block: &Value| {
                let all = block.get("cidr_blocks").and_then(Value::as_elements).unwrap_or_default();
                all.iter().filter_map(|range| range.as_str().map(str::to_owned)).collect()
            };
            group.get("ingress").and_then(Value::as_elements).unwrap_or_default().iter().map(of).collect()
        };
        let after = left("aws_security_group.g", group.clone(), &own);
        assert_eq!(ranges(&after), [["10.9.0.0/16"], ["0.0.0.0/0"]]);
        let alone = json!({ "id": "sg-1", "ingress": [block(22, &["10.0.0.0/8"])] });
        assert_eq!(ranges(&left("aws_security_group.g", alone, &own)), [[""; 0]; 0]);
        let other = json!({ "id": "sg-2", "ingress": [block(22, &["10.0.0.0/8"])] });
        assert_eq!(ranges(&left("aws_security_group.g", other, &own)), [["10.0.0.0/8"]], "another group keeps its own");
    }

    #[test]
    fn a_table_loses_routes_and_an_address_its_instance() {
        let route = |range: &str| json!({ "cidr_block": range, "gateway_id": "igw-1" });
        let table = json!({ "id": "rtb-1", "route": [route("0.0.0.0/0"), route("192.168.0.0/16")] });
        let own = json!({ "route_table_id": "rtb-1", "destination_cidr_block": "0.0.0.0/0", "gateway_id": "igw-1" });
        let after = left("aws_route_table.t", table, &[("aws_route", own)]);
        let routes = after.get("route").and_then(Value::as_elements).unwrap_or_default();
        assert_eq!(
            routes.iter().map(|route| route.get("cidr_block").cloned()).collect::<Vec<_>>(),
            [Some("192.168.0.0/16".into())]
        );
        let own = json!({ "allocation_id": "eipalloc-1", "instance_id": "i-1" });
        let address = json!({ "id": "eipalloc-1", "instance": "i-1" });
        let after = left("aws_eip.e", address, &[("aws_eip_association", own)]);
        assert!(after.get("instance").is_none_or(Value::is_null), "{after:?}");
    }

    #[test]
    fn a_rule_that_goes_is_shown_on_neither_side() {
        let block = |port: i32| json!({ "protocol": "tcp", "from_port": port, "to_port": port, "cidr_blocks": ["10.0.0.0/8"], "self": false });
        let group = attrs(json!({ "id": "sg-1", "ingress": [block(22), block(80)] }));
        let rule = attrs(json!({
            "security_group_id": "sg-1", "ip_protocol": "tcp", "from_port": 22, "to_port": 22,
            "cidr_ipv4": "10.0.0.0/8",
        }));
        let changes = |action| {
            [
                change("aws_security_group.a", Action::NoOp, Some(group.clone()), Some(group.clone())),
                change("aws_vpc_security_group_ingress_rule.a", action, Some(rule.clone()), None),
            ]
        };
        let shown = |changes: &[Change]| -> Vec<usize> {
            let alone = once(changes, &|address| Types.resource(&address.resource.type_name));
            assert_eq!(alone[1], changes[1]);
            [&alone[0].before, &alone[0].after].map(|side| side.as_ref().unwrap().elements("ingress").len()).to_vec()
        };
        assert_eq!(shown(&changes(Action::Delete)), [1, 1]);
        assert_eq!(shown(&changes(Action::Forget)), [2, 2], "a rule that is only forgotten stays in the group");
    }

    #[test]
    fn a_server_does_not_show_an_address_that_is_an_object() {
        let server = |public: &str| attrs(json!({ "id": "i-1", "public_ip": public }));
        let eip = attrs(json!({ "id": "eipalloc-1", "public_ip": "203.0.113.1" }));
        let public = |own: &str| {
            let changes = [
                change("aws_instance.a", Action::NoOp, Some(server(own)), Some(server(own))),
                change("aws_eip.a", Action::Delete, Some(eip.clone()), None),
            ];
            let alone = once(&changes, &|address| Types.resource(&address.resource.type_name));
            assert_eq!(alone[1], changes[1]);
            [&alone[0].before, &alone[0].after].map(|side| side.as_ref().unwrap().str("public_ip").map(str::to_owned))
        };
        assert_eq!(public("203.0.113.1"), [Some(String::new()), Some(String::new())]);
        assert_eq!(public("203.0.113.9"), [Some("203.0.113.9".to_owned()), Some("203.0.113.9".to_owned())]);
    }
}

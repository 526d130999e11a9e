//! Parts that AWS shows in one object though another one has them: the rules of a group in the group, the routes of a table
//! in the table. Whoever looks at objects that come or go has to see each part once, or what went would still be there.

use crate::network::Object;
use crate::schema::{Attrs, Mode, Schema, Schemas};
use crate::value::{Kind, Name, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The parts that these objects hold as objects of their own.
pub fn held<'a>(objects: impl Iterator<Item = (&'a str, &'a Attrs)>, schemas: &dyn Schemas) -> BTreeSet<String> {
    let keys = |(type_name, attrs): (&str, &Attrs)| {
        let holds = schemas.resource(type_name)?.holds.filter(|holds| !holds.inline)?;
        Some((holds.keys)(attrs))
    };
    objects.filter_map(keys).flatten().collect()
}

/// The objects without the parts that others hold.
pub fn without(objects: Vec<Object>, held: &BTreeSet<String>, schemas: &dyn Schemas) -> Vec<Object> {
    if held.is_empty() {
        return objects;
    }
    let one = |object: Object| match schemas.resource(&object.type_name) {
        Some(schema) => stripped(&object, schema, held).unwrap_or(object),
        None => object,
    };
    objects.into_iter().map(one).collect()
}

/// Nothing where it shows no part of another object.
fn stripped(object: &Object, schema: &Schema, held: &BTreeSet<String>) -> Option<Object> {
    let holds = schema.holds.filter(|holds| holds.inline)?;
    let mut attrs = Attrs::from_value(&object.attributes);
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
    changed.then(|| Object { attributes: attrs.to_value(), ..object.clone() })
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
    use crate::plan::fixtures::address;
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
}

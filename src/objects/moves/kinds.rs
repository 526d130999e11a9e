//! Moves from one type to another, where both describe one object.

use crate::objects::Instance;
use crate::schema::Attrs;
use crate::value::address::Address;
use crate::value::{Name, Type, Value};

/// The object as the type of its new address describes it; `None` where that type cannot.
pub(super) fn become_type(instance: &Instance, from: &Address, to: &Address) -> Option<Instance> {
    let (old, new) = (&*from.resource.type_name, &*to.resource.type_name);
    let (id, attrs) = match (old, new) {
        _ if old == new => return Some(instance.clone()),
        ("null_resource", "terraform_data") => (instance.id.clone(), data_of_null(&instance.attrs)),
        ("aws_security_group_rule", "aws_vpc_security_group_ingress_rule") => rule(&instance.attrs, "ingress")?,
        ("aws_security_group_rule", "aws_vpc_security_group_egress_rule") => rule(&instance.attrs, "egress")?,
        // Two names of one type.
        _ => return Some(instance.clone()),
    };
    let provider = if new == "terraform_data" { "terraform".to_owned() } else { instance.provider.clone() };
    Some(Instance { id, attrs, provider, ..instance.clone() })
}

fn data_of_null(attrs: &Attrs) -> Attrs {
    let triggers = match attrs.get("triggers").and_then(Value::as_entries) {
        Some(entries) => {
            Value::object(entries.iter().map(|(k, v)| (k.clone(), v.clone())).collect::<Vec<(Name, Value)>>())
        }
        None => Value::any_null(),
    };
    let id = attrs.get("id").cloned().unwrap_or_else(|| Value::null(Type::String));
    let nothing = Attrs::default().with("input", Value::any_null()).with("output", Value::any_null());
    nothing.with("id", id).with("triggers_replace", triggers)
}

/// The one rule that the older form stands for, with its id.
fn rule(attrs: &Attrs, side: &str) -> Option<(String, Attrs)> {
    let id = attrs.string("security_group_rule_id").filter(|id| !id.is_empty())?;
    if attrs.str("type") != Some(side) {
        return None;
    }
    let one = |name: &str| attrs.strings(name).into_iter().next();
    let group = attrs.string("security_group_id");
    let own = attrs.bool("self") == Some(true);
    let texts = [
        ("id", Some(id.clone())),
        ("security_group_rule_id", Some(id.clone())),
        ("security_group_id", group.clone()),
        ("ip_protocol", attrs.string("protocol")),
        ("cidr_ipv4", one("cidr_blocks")),
        ("cidr_ipv6", one("ipv6_cidr_blocks")),
        ("prefix_list_id", one("prefix_list_ids")),
        ("referenced_security_group_id", attrs.string("source_security_group_id").or(group.filter(|_| own))),
        ("description", attrs.string("description")),
    ];
    let mut found: Attrs = texts.into_iter().filter_map(|(name, text)| Some((name, Value::from(text?)))).collect();
    for name in ["from_port", "to_port", "region"] {
        found = attrs.get(name).into_iter().fold(found, |found, value| found.with(name, value.clone()));
    }
    Some((id, found))
}

//! Blocks in which AWS also shows what other objects of the layout are: the rules of a group that are objects of their
//! own, the entries of an ACL, the routes of a table. A model of the network would see each of them twice, and the end
//! of the object would change nothing in it.

use super::change::{Action, Change};
use crate::schema::rows::Holds;
use crate::schema::{Attrs, Schema};
use crate::value::address::Address;
use crate::value::{Type, Value};
use std::collections::BTreeSet;

/// The attributes that show them.
const SHOWN: [&str; 5] = ["ingress", "egress", "route", "propagating_vgws", "subnet_ids"];

/// The changes with each of these parts once: where it is an object of its own, only there.
pub fn without<'s>(changes: &[Change], schema: &dyn Fn(&Address) -> Option<&'s Schema>) -> Vec<Change> {
    let holds = |change: &Change| schema(&change.address).and_then(|schema| schema.holds);
    let separate = |change: &&Change| change.action != Action::Forget;
    let of = |change: &Change| holds(change).filter(|holds| !holds.inline).map(|holds| (holds.keys, change.clone()));
    let objects = changes.iter().filter(separate).filter_map(of);
    let own: BTreeSet<String> =
        objects.flat_map(|(keys, change)| change.before.as_ref().map(keys).unwrap_or_default()).collect();
    let one = |change: &Change| match holds(change).filter(|holds| holds.inline && !own.is_empty()) {
        Some(holds) => {
            let side = |attrs: &Option<Attrs>| attrs.clone().map(|attrs| stripped(attrs, &holds, &own));
            Change { before: side(&change.before), after: side(&change.after), ..change.clone() }
        }
        None => change.clone(),
    };
    changes.iter().map(one).collect()
}

fn stripped(mut attrs: Attrs, holds: &Holds, own: &BTreeSet<String>) -> Attrs {
    for name in SHOWN {
        let elements = attrs.elements(name).to_vec();
        let ty = elements.first().map_or(Type::Dynamic, Value::ty);
        let with = |some: Vec<Value>| attrs.clone().with(name, Value::list(ty.clone(), some));
        let rest: BTreeSet<String> = (holds.keys)(&with(Vec::new())).into_iter().collect();
        let shown = |element: &Value| {
            let keys = (holds.keys)(&with(vec![element.clone()]));
            let mut keys = keys.into_iter().filter(|key| !rest.contains(key)).peekable();
            keys.peek().is_some() && keys.all(|key| own.contains(&key))
        };
        let kept: Vec<Value> = elements.iter().filter(|element| !shown(element)).cloned().collect();
        if kept.len() < elements.len() {
            attrs = with(kept);
        }
    }
    attrs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::fixtures::{attrs, block, blocks, change};
    use std::sync::LazyLock;

    fn schema(address: &Address) -> Option<&'static Schema> {
        fn inline(attrs: &Attrs) -> Vec<String> {
            attrs.blocks("ingress").iter().filter_map(|rule| Some(format!("port {}", rule.int("port")?))).collect()
        }
        fn single(attrs: &Attrs) -> Vec<String> {
            attrs.int("port").map(|port| format!("port {port}")).into_iter().collect()
        }
        static ALL: LazyLock<[Schema; 2]> = LazyLock::new(|| {
            let of = |name, keys, inline| Schema {
                holds: Some(Holds { keys, inline, twice: false }),
                ..Schema::new(name, Vec::new())
            };
            [of("aws_security_group", inline as fn(&Attrs) -> Vec<String>, true), of("aws_rule", single, false)]
        });
        ALL.iter().find(|schema| *schema.name == *address.resource.type_name)
    }

    #[test]
    fn a_rule_that_is_an_object_is_no_block_as_well() {
        let group = attrs([("id", "sg".into()), ("ingress", blocks(vec![block(22, "by hand"), block(80, "")]))]);
        let rule = attrs([("id", "r".into()), ("port", 80.into())]);
        let changes = [
            change("aws_security_group.a", Action::NoOp, Some(group.clone()), Some(group)),
            change("aws_rule.a", Action::Delete, Some(rule), None),
        ];
        let alone = without(&changes, &schema);
        let ports = |side: &Option<Attrs>| -> Vec<i32> {
            side.as_ref().unwrap().blocks("ingress").iter().filter_map(|rule| rule.int("port")).collect()
        };
        assert_eq!((ports(&alone[0].before), ports(&alone[0].after)), (vec![22], vec![22]));
        assert_eq!(alone[1], changes[1]);
    }
}

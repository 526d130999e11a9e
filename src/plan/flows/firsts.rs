//! Settings that are replaced: where two of them can exist at once, the new one comes first.

use crate::plan::change::{Action, Change};
use crate::plan::rolling::conflict;
use crate::schema::{Role, Schema};
use crate::value::address::Address;
use std::collections::BTreeSet;

/// Lets new rules, associations and routes come before those that they replace. `needs` says what a change needs.
pub fn come_first<'s, 'n>(
    changes: &mut [Change],
    roles: &[Role],
    needs: &dyn Fn(usize) -> &'n BTreeSet<usize>,
    schema: &dyn Fn(&Address) -> Option<&'s Schema>,
) {
    let turned: Vec<usize> = (0..changes.len()).filter(|i| can(*i, changes, roles, needs, schema)).collect();
    turned.into_iter().for_each(|i| changes[i].action = Action::CreateThenDelete);
}

fn can<'s, 'n>(
    i: usize,
    changes: &[Change],
    roles: &[Role],
    needs: &dyn Fn(usize) -> &'n BTreeSet<usize>,
    schema: &dyn Fn(&Address) -> Option<&'s Schema>,
) -> bool {
    let change = &changes[i];
    let setting = matches!(roles[i], Role::FilterRule(_) | Role::Association(_) | Role::Route(_) | Role::OtherRoute(_));
    if change.action != Action::DeleteThenCreate || !setting {
        return false;
    }
    let Some(schema) = schema(&change.address).filter(|schema| conflict::of(schema, change).is_none()) else {
        return false;
    };
    // What AWS has only once goes from the old to the new one.
    let keys = |attrs: &Option<crate::schema::Attrs>| -> BTreeSet<String> {
        let keys = schema.holds.map(|holds| holds.keys).zip(attrs.as_ref());
        keys.map(|(keys, attrs)| keys(attrs)).unwrap_or_default().into_iter().collect()
    };
    if !keys(&change.before).is_disjoint(&keys(&change.after)) {
        return false;
    }
    // An object that goes before its successor comes cannot wait for what holds on to it.
    let (mut seen, mut stack) = (BTreeSet::new(), vec![i]);
    while let Some(at) = stack.pop() {
        for &need in needs(at).iter().filter(|need| seen.insert(**need)) {
            if changes[need].action == Action::DeleteThenCreate {
                return false;
            }
            stack.push(need);
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::fixtures::{attrs, change};
    use crate::plan::services;
    use crate::resources::registry;
    use crate::schema::Attrs;

    fn schema(address: &Address) -> Option<&'static Schema> {
        registry().get(&address.resource.type_name).map(|resource| resource.schema())
    }

    fn rule(port: i64, group: &str) -> Attrs {
        attrs([
            ("id", format!("sgr-{port}").as_str().into()),
            ("security_group_id", "sg-1".into()),
            ("ip_protocol", "tcp".into()),
            ("from_port", port.into()),
            ("to_port", port.into()),
            ("referenced_security_group_id", group.into()),
        ])
    }

    fn action(before: Attrs, after: Attrs, of_need: Action) -> Action {
        let need = attrs([("id", "sg-1".into())]);
        let mut changes = vec![
            change("aws_security_group.a", of_need, Some(need.clone()), Some(need)),
            change("aws_vpc_security_group_ingress_rule.a", Action::DeleteThenCreate, Some(before), Some(after)),
        ];
        let roles = services::roles(&changes, &schema);
        let needs = [BTreeSet::new(), BTreeSet::from([0])];
        come_first(&mut changes, &roles, &|i| &needs[i], &schema);
        changes[1].action
    }

    #[test]
    fn a_new_rule_comes_first_where_both_can_be_there() {
        let turned = action(rule(3306, "sg-2"), rule(3306, "sg-3"), Action::NoOp);
        assert_eq!(turned, Action::CreateThenDelete);
        let same = action(rule(3306, "sg-2"), rule(3306, "sg-2"), Action::NoOp);
        assert_eq!(same, Action::DeleteThenCreate);
        let bound = action(rule(3306, "sg-2"), rule(3306, "sg-3"), Action::DeleteThenCreate);
        assert_eq!(bound, Action::DeleteThenCreate);
    }
}

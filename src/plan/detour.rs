//! The object of a step that goes by another way for a while: a route through another gateway, a listener and a
//! scaling group that know a new target group beside the old ones.

use crate::schema::role::Forwarding;
use crate::schema::{Attrs, Role};
use crate::value::{Type, Value};

/// The attribute that leads around, for an object that can do so.
pub fn row(role: &Role) -> Option<&'static str> {
    match role {
        Role::Listener(door) | Role::ListenerRule(door) => Some(door.actions),
        Role::MemberGroup(group) => Some(group.target_groups),
        Role::Route(route) => Some(route.way.egress),
        _ => None,
    }
}

/// `object` as it is, with the object at the other end: `there` are its attributes and `id` is its id.
pub fn around(role: &Role, object: &Attrs, id: &str, there: &Attrs) -> Option<Attrs> {
    let arn = there.string("arn").unwrap_or_else(|| id.to_owned());
    let row = row(role)?;
    let value = match role.door() {
        Some(door) => {
            let actions = object.blocks(row);
            let all: Vec<Value> = actions.iter().map(|action| beside(door.action, action, &arn).to_value()).collect();
            let ty = all.first().map_or(Type::Dynamic, Value::ty);
            Value::list(ty, all)
        }
        None if role.member_group().is_some() => {
            let mut arns = object.strings(row);
            arns.push(arn);
            Value::string_set(&arns)
        }
        None => id.into(),
    };
    Some(object.clone().with(row, value))
}

/// A forward that also names another group, to which it sends nothing.
fn beside(says: &Forwarding, action: &Attrs, arn: &str) -> Attrs {
    if action.str(says.kind) != Some(says.forwards) {
        return action.clone();
    }
    let several = action.blocks(says.several).into_iter().next().unwrap_or_default();
    let share =
        |arn: &str, weight: i64| Value::object([(says.share_group, Value::from(arn)), (says.weight, weight.into())]);
    let mut shares = match several.blocks(says.share) {
        shares if shares.is_empty() => vec![share(action.str(says.group).unwrap_or_default(), 1)],
        shares => shares
            .iter()
            .map(|s| share(s.str(says.share_group).unwrap_or_default(), s.int(says.weight).unwrap_or(1).into()))
            .collect(),
    };
    let named = |s: &Value| s.get(says.share_group).and_then(Value::as_str) == Some(arn);
    if !shares.iter().any(named) {
        shares.push(share(arn, 0));
    }
    let ty = Type::object([(says.share_group, Type::String), (says.weight, Type::Number)]);
    let several = several.with(says.share, Value::set(ty, shares)).to_value();
    action.clone().with(says.group, Value::null(Type::String)).with(says.several, several)
}

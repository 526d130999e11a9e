//! The object of a step that goes by another way for a while: a route through another gateway, a listener and a
//! scaling group that know a new target group beside the old ones.

use crate::plan::services::DOORS;
use crate::schema::Attrs;
use crate::value::{Type, Value};

/// `object` as it is, with the object at the other end: `there` are its attributes and `id` is its id.
pub fn around(type_name: &str, object: &Attrs, id: &str, there: &Attrs) -> Attrs {
    let arn = there.string("arn").unwrap_or_else(|| id.to_owned());
    if let Some((_, actions)) = DOORS.iter().find(|(name, _)| *name == type_name) {
        let all: Vec<Value> = object.blocks(actions).iter().map(|action| beside(action, &arn).to_value()).collect();
        let ty = all.first().map_or(Type::Dynamic, Value::ty);
        return object.clone().with(actions, Value::list(ty, all));
    }
    match type_name {
        "aws_autoscaling_group" => {
            let mut arns = object.strings("target_group_arns");
            arns.push(arn);
            object.clone().with("target_group_arns", Value::string_set(&arns))
        }
        _ => object.clone().with("nat_gateway_id", id),
    }
}

/// A forward that also names another group, to which it sends nothing.
fn beside(action: &Attrs, arn: &str) -> Attrs {
    if action.str("type") != Some("forward") {
        return action.clone();
    }
    let forward = action.blocks("forward").into_iter().next().unwrap_or_default();
    let share = |arn: &str, weight: i64| Value::object([("arn", Value::from(arn)), ("weight", weight.into())]);
    let mut shares = match forward.blocks("target_group") {
        shares if shares.is_empty() => vec![share(action.str("target_group_arn").unwrap_or_default(), 1)],
        shares => shares
            .iter()
            .map(|s| share(s.str("arn").unwrap_or_default(), s.int("weight").unwrap_or(1).into()))
            .collect(),
    };
    let named = |s: &Value| s.get("arn").and_then(Value::as_str) == Some(arn);
    if !shares.iter().any(named) {
        shares.push(share(arn, 0));
    }
    let ty = Type::object([("arn", Type::String), ("weight", Type::Number)]);
    let forward = forward.with("target_group", Value::set(ty, shares)).to_value();
    action.clone().with("target_group_arn", Value::null(Type::String)).with("forward", forward)
}

/// The object before the step, without the actions that it changes: a forward that names one group more is easily
/// taken for the same.
pub fn unlike(before: &Attrs, want: &Attrs) -> Attrs {
    let changes = |name: &&str| want.get(name).is_some_and(|will| before.get(name) != Some(will));
    let names = DOORS.iter().map(|(_, actions)| *actions).filter(changes);
    names.fold(before.clone(), |attrs, name| attrs.with(name, Value::any_null()))
}

//! The object of a step that goes by another way for a while: a route through another gateway, a listener and a
//! scaling group that know a new target group beside the old ones.

use crate::plan::services::DOORS;
use crate::schema::Attrs;
use crate::value::{Type, Value};

/// The attribute that leads around.
pub fn row(type_name: &str) -> &'static str {
    match DOORS.iter().find(|(name, _)| *name == type_name) {
        Some((_, actions)) => actions,
        None if type_name == "aws_autoscaling_group" => "target_group_arns",
        None => "nat_gateway_id",
    }
}

/// `object` as it is, with the object at the other end: `there` are its attributes and `id` is its id.
pub fn around(type_name: &str, object: &Attrs, id: &str, there: &Attrs) -> Attrs {
    let arn = there.string("arn").unwrap_or_else(|| id.to_owned());
    let row = row(type_name);
    if DOORS.iter().any(|(name, _)| *name == type_name) {
        let all: Vec<Value> = object.blocks(row).iter().map(|action| beside(action, &arn).to_value()).collect();
        let ty = all.first().map_or(Type::Dynamic, Value::ty);
        return object.clone().with(row, Value::list(ty, all));
    }
    match type_name {
        "aws_autoscaling_group" => {
            let mut arns = object.strings(row);
            arns.push(arn);
            object.clone().with(row, Value::string_set(&arns))
        }
        _ => object.clone().with(row, id),
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

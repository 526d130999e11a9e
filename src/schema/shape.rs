//! Brings values into the shape that the rows of a type give them: a block of at most one is a list. AWS answers
//! with an object, and so did earlier versions of Floorplan in their states.

use super::Attribute;
use crate::value::{Kind, Type, Value};

/// `value` as this row has it: an object where the row wants a list is a list of it, null is null.
/// The same inside of blocks.
pub fn shaped(row: &Attribute, value: Value) -> Value {
    let Some(block) = &row.block else { return value };
    let element = match &row.ty {
        Type::List(element) | Type::Set(element) => element,
        _ => return inside(&block.attributes, value),
    };
    let sensitive = value.is_sensitive();
    let made = match value.kind() {
        Kind::Object(_) | Kind::Map(..) => vec![inside(&block.attributes, value.clone())],
        Kind::List(_, all) | Kind::Set(_, all) | Kind::Tuple(all) if block.has_blocks() => {
            all.iter().map(|each| inside(&block.attributes, each.clone())).collect()
        }
        _ => return value,
    };
    let made = match &row.ty {
        Type::Set(_) => Value::set((**element).clone(), made),
        _ => Value::list((**element).clone(), made),
    };
    made.mark(sensitive)
}

/// The object of a block that is there at most once, however it is kept; itself where there is none.
pub fn only(value: &Value) -> &Value {
    match value.as_elements() {
        Some([one]) => one,
        _ => value,
    }
}

fn inside(rows: &[Attribute], value: Value) -> Value {
    if !rows.iter().any(|row| row.block.is_some()) {
        return value;
    }
    let Some(entries) = value.as_entries() else { return value };
    let made = entries.iter().map(|(name, held)| {
        let row = rows.iter().find(|row| row.name == &**name);
        (name.clone(), row.map_or_else(|| held.clone(), |row| shaped(row, held.clone())))
    });
    Value::object(made).mark(value.is_sensitive())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::rows::{Block, Nesting, object_type};
    use std::sync::Arc;

    fn block(name: &'static str, rows: Vec<Attribute>) -> Attribute {
        let ty = Type::list(object_type(&rows));
        let block = Block {
            nesting: Nesting::List,
            attributes: Arc::new(rows),
            min: 0,
            max: Some(1),
            as_attribute: false,
            each: None,
        };
        Attribute { block: Some(block), ..Attribute::new(name, ty) }
    }

    #[test]
    fn an_object_becomes_a_list_of_one_at_any_depth() {
        let inner = block("inner", vec![Attribute::new("on", Type::Bool)]);
        let outer = block("outer", vec![inner, Attribute::new("name", Type::String)]);
        let on = Value::object([("on", true.into())]);
        let given = Value::object([("inner", on.clone()), ("name", "a".into())]);
        let shaped = shaped(&outer, given);
        assert_eq!(shaped.ty(), outer.ty);
        assert_eq!(only(only(&shaped).get("inner").unwrap()), &on);
        assert_eq!(super::shaped(&outer, shaped.clone()), shaped);
        assert!(super::shaped(&outer, Value::null(outer.ty.clone())).is_null());
    }
}

//! When two values of an attribute mean the same.

use crate::schema::Attribute;
use crate::schema::normal::Normal;
use crate::schema::shape::only;
use crate::value::{Kind, Value};

/// Whether `wanted` asks for nothing but what is kept of an object in `now`. Null is the same as empty, zero
/// and false, but for verbatim rows; what is unknown is the same as nothing else. Marks do not count.
pub fn same(row: &Attribute, wanted: &Value, now: &Value) -> bool {
    alike(row, wanted, now, false)
}

/// The same where `now` is what AWS says, so that what it never gives back does not count.
pub fn same_as_seen(row: &Attribute, wanted: &Value, now: &Value) -> bool {
    alike(row, wanted, now, true)
}

fn alike(row: &Attribute, a: &Value, b: &Value, seen: bool) -> bool {
    let verbatim = matches!(row.normal, Normal::Verbatim);
    if verbatim && a.is_null() != b.is_null() {
        return false;
    }
    if (a.is_null() && b.is_null()) || (!verbatim && is_zero(a) && is_zero(b)) {
        return true;
    }
    if !a.is_wholly_known() || !b.is_wholly_known() {
        return false;
    }
    if let Normal::With(own) = row.normal {
        return own(a, b) || a == b;
    }
    match &row.block {
        Some(block) => match (a.as_entries(), b.as_entries()) {
            (Some(_), _) | (_, Some(_)) => same_object(&block.attributes, a, b, seen),
            // A block that is not there asks for nothing: it is the same as one that says nothing.
            _ if block.is_single() => same_object(&block.attributes, only(a), only(b), seen),
            _ => {
                let (xs, ys) = (elements(a), elements(b));
                let ordered = matches!(a.kind(), Kind::List(..) | Kind::Tuple(_));
                let pair = |x: &Value, y: &Value| same_object(&block.attributes, x, y, seen);
                same_elements(xs, ys, ordered, pair)
            }
        },
        None => same_plain(row.normal, a, b),
    }
}

/// Whether `wanted` asks for nothing but what `now` is: what it leaves out and AWS chooses does not count, nor,
/// where `now` was `seen`, what AWS never gives back.
pub fn same_object(rows: &[Attribute], wanted: &Value, now: &Value, seen: bool) -> bool {
    let null = Value::any_null();
    rows.iter().all(|row| {
        let (a, b) = (wanted.get(row.name).unwrap_or(&null), now.get(row.name).unwrap_or(&null));
        let open = row.is_computed() && a.is_null();
        let untold = seen && row.never_returned && b.is_null();
        open || untold || alike(row, a, b, seen)
    })
}

fn same_plain(normal: Normal, a: &Value, b: &Value) -> bool {
    match (a.kind(), b.kind()) {
        (Kind::List(_, xs) | Kind::Tuple(xs), Kind::List(_, ys) | Kind::Tuple(ys)) => {
            same_elements(xs, ys, true, |x, y| same_plain(normal, x, y))
        }
        (Kind::Set(_, xs), Kind::Set(_, ys)) => same_elements(xs, ys, false, |x, y| same_plain(normal, x, y)),
        (Kind::Map(_, xs) | Kind::Object(xs), Kind::Map(_, ys) | Kind::Object(ys)) => {
            xs.len() == ys.len() && xs.iter().zip(ys.iter()).all(|((k, x), (l, y))| k == l && same_plain(normal, x, y))
        }
        (x, y) => x == y || normal.same(a, b),
    }
}

fn same_elements(xs: &[Value], ys: &[Value], ordered: bool, pair: impl Fn(&Value, &Value) -> bool) -> bool {
    if xs.len() != ys.len() {
        return false;
    }
    if ordered {
        return xs.iter().zip(ys).all(|(x, y)| pair(x, y));
    }
    let mut pairs = Pairs { xs, ys, pair: &pair, owner: vec![None; ys.len()] };
    (0..xs.len()).all(|x| pairs.place(x, &mut vec![false; ys.len()]))
}

/// For each of `xs` the place of the one of `ys` that `pair` takes for the same; as many find one as can.
pub fn matched(xs: &[Value], ys: &[Value], pair: impl Fn(&Value, &Value) -> bool) -> Vec<Option<usize>> {
    let mut pairs = Pairs { xs, ys, pair: &pair, owner: vec![None; ys.len()] };
    for x in 0..xs.len() {
        pairs.place(x, &mut vec![false; ys.len()]);
    }
    let mut found = vec![None; xs.len()];
    for (y, owner) in pairs.owner.iter().enumerate() {
        owner.iter().for_each(|&x| found[x] = Some(y));
    }
    found
}

struct Pairs<'a, F> {
    xs: &'a [Value],
    ys: &'a [Value],
    pair: &'a F,
    owner: Vec<Option<usize>>,
}

impl<F: Fn(&Value, &Value) -> bool> Pairs<'_, F> {
    /// Finds one for `x`: a free one, or one whose owner finds another.
    fn place(&mut self, x: usize, tried: &mut [bool]) -> bool {
        let pair = |y: usize| (self.pair)(&self.xs[x], &self.ys[y]);
        if let Some(y) = (0..self.ys.len()).find(|&y| self.owner[y].is_none() && pair(y)) {
            self.owner[y] = Some(x);
            return true;
        }
        for y in 0..self.ys.len() {
            let Some(owner) = self.owner[y] else { continue };
            if !tried[y] && (self.pair)(&self.xs[x], &self.ys[y]) {
                tried[y] = true;
                if self.place(owner, tried) {
                    self.owner[y] = Some(x);
                    return true;
                }
            }
        }
        false
    }
}

fn elements(value: &Value) -> &[Value] {
    value.as_elements().unwrap_or(&[])
}

/// Null, or what AWS and most tools say for "nothing": `""`, `0`, `false`, an empty collection.
fn is_zero(value: &Value) -> bool {
    match value.kind() {
        Kind::Null(_) => true,
        Kind::Bool(b) => !b,
        Kind::Number(n) => n.is_zero(),
        Kind::String(s) => s.is_empty(),
        Kind::List(_, vs) | Kind::Set(_, vs) | Kind::Tuple(vs) => vs.is_empty(),
        Kind::Map(_, vs) => vs.is_empty(),
        Kind::Object(_) | Kind::Unknown(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::rows::{Block, Nesting, object_type};
    use crate::value::Type;
    use std::sync::Arc;

    /// A single block with a switch, a text that AWS may choose and a secret that AWS never gives back.
    fn block() -> Attribute {
        let text = |name| Attribute::new(name, Type::String);
        let rows = vec![
            Attribute::new("enabled", Type::Bool),
            Attribute { mode: crate::schema::Mode::OptionalComputed, ..text("kind") },
            Attribute { never_returned: true, sensitive: true, ..text("secret") },
        ];
        let ty = object_type(&rows);
        let block = Block {
            nesting: Nesting::Single,
            attributes: Arc::new(rows),
            min: 0,
            max: None,
            as_attribute: false,
            each: None,
        };
        Attribute { block: Some(block), ..Attribute::new("logs", ty) }
    }

    fn logs(enabled: bool, kind: Option<&str>, secret: Option<&str>) -> Value {
        Value::object([("enabled", enabled.into()), ("kind", Value::from(kind)), ("secret", secret.into())])
    }

    #[test]
    fn a_block_that_is_gone_differs_from_one_that_says_something() {
        let row = block();
        let none = Value::null(row.ty.clone());
        assert!(!same(&row, &none, &logs(true, Some("x"), None)));
        assert!(!same(&row, &logs(true, None, None), &none));
        assert!(same(&row, &none, &logs(false, Some("x"), None)), "it says nothing that AWS did not choose");
    }

    #[test]
    fn a_never_returned_secret_differs_only_by_the_layout() {
        let row = block();
        assert!(same_as_seen(&row, &logs(true, None, Some("a")), &logs(true, Some("x"), None)));
        assert!(!same(&row, &logs(true, None, Some("a")), &logs(true, Some("x"), None)), "it is new in the layout");
        assert!(!same(&row, &logs(true, None, Some("a")), &logs(true, Some("x"), Some("b"))));
    }

    #[test]
    fn what_aws_may_choose_counts_once_the_layout_gives_it() {
        let row = block();
        for compare in [same, same_as_seen] {
            assert!(compare(&row, &logs(true, None, None), &logs(true, Some("x"), None)));
            assert!(!compare(&row, &logs(true, Some("x"), None), &logs(true, None, None)));
        }
    }

    #[test]
    fn elements_of_a_set_find_each_other_whichever_comes_first() {
        let rows = &block().block.unwrap().attributes;
        let (xs, ys) = (
            [logs(true, None, None), logs(true, Some("a"), None)],
            [logs(true, Some("a"), None), logs(true, Some("b"), None)],
        );
        assert_eq!(matched(&xs, &ys, |x, y| same_object(rows, x, y, false)), [Some(1), Some(0)]);
        assert_eq!(matched(&xs[1..], &ys[1..], |x, y| same_object(rows, x, y, false)), [None]);
    }

    #[test]
    fn a_function_of_the_type_judges_the_whole_value() {
        fn first(a: &Value, b: &Value) -> bool {
            a.as_elements().and_then(|all| all.first()) == b.as_elements().and_then(|all| all.first())
        }
        let row = Attribute { normal: Normal::With(first), ..Attribute::new("names", Type::list(Type::String)) };
        assert!(same(&row, &Value::strings(["a", "b"]), &Value::strings(["a"])));
        assert!(!same(&row, &Value::strings(["a"]), &Value::strings(["b"])));
    }

    #[test]
    fn a_secret_inside_a_block_is_marked() {
        let row = block();
        let marked = row.marked(&logs(true, None, Some("a")));
        assert!(marked.get("secret").is_some_and(Value::is_sensitive));
        assert!(!marked.is_sensitive() && !marked.get("enabled").is_some_and(Value::is_sensitive));
    }
}

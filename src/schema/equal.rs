//! When two values of an attribute mean the same. Strict: null, `""`, 0 and false differ, but for rows that say
//! that AWS takes nothing and the empty value for one ([`Attribute::empty_is_null`]).

use crate::schema::Attribute;
use crate::schema::normal::Normal;
use crate::schema::shape::only;
use crate::value::{Kind, Value};

/// Where the values come from that the layout's are compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The state or the plan, which know all that the layout gave.
    Kept,
    /// AWS, which never gives some of them back.
    Aws,
}

/// Whether `wanted` asks for anything but what is there in `now`. What is unknown differs from everything; marks do not
/// count.
pub fn differs(row: &Attribute, wanted: &Value, now: &Value, origin: Origin) -> bool {
    !Comparison { origin, absent: false }.value(row, wanted, now)
}

/// Whether `wanted` asks for anything but what the object `now` is: what it leaves out and AWS chooses does not count.
pub fn objects_differ(rows: &[Attribute], wanted: &Value, now: &Value, origin: Origin) -> bool {
    !Comparison { origin, absent: false }.object(rows, wanted, now)
}

/// How values are compared.
#[derive(Clone, Copy)]
struct Comparison {
    origin: Origin,
    /// Whether they are in a block that is there on one side only. It is the same as none if it says nothing.
    absent: bool,
}

impl Comparison {
    fn value(self, row: &Attribute, a: &Value, b: &Value) -> bool {
        let folded = (row.empty_is_null || self.absent) && is_empty(a) && is_empty(b);
        if folded || (a.is_null() && b.is_null()) {
            return true;
        }
        if !a.is_wholly_known() || !b.is_wholly_known() {
            return false;
        }
        if let Normal::With(own) = row.normal {
            return own(a, b) || a == b;
        }
        let Some(block) = &row.block else { return same_plain(row.normal, a, b) };
        let rows = &block.attributes;
        if a.is_null() != b.is_null() && !row.empty_is_null {
            return false;
        }
        match (a.as_entries(), b.as_entries()) {
            (Some(_), _) | (_, Some(_)) => self.single(rows, a, b),
            _ if block.is_single() => self.single(rows, only(a), only(b)),
            _ => {
                let ordered = matches!(a.kind(), Kind::List(..) | Kind::Tuple(_));
                same_elements(elements(a), elements(b), ordered, |x, y| self.object(rows, x, y))
            }
        }
    }

    /// A block that can be there once.
    fn single(self, rows: &[Attribute], a: &Value, b: &Value) -> bool {
        let absent = self.absent || a.is_null() != b.is_null();
        Comparison { absent, ..self }.object(rows, a, b)
    }

    fn object(self, rows: &[Attribute], wanted: &Value, now: &Value) -> bool {
        let null = Value::any_null();
        rows.iter().all(|row| {
            let (a, b) = (wanted.get(row.name).unwrap_or(&null), now.get(row.name).unwrap_or(&null));
            let open = row.is_computed() && a.is_null();
            let silent = self.origin == Origin::Aws && row.never_returned && b.is_null();
            open || silent || self.value(row, a, b)
        })
    }
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
        (x, y) => x == y || normal.equivalent(a, b),
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
pub fn is_empty(value: &Value) -> bool {
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
    use super::Origin::{Aws, Kept};
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
        Attribute { block: Some(block), empty_is_null: true, ..Attribute::new("logs", ty) }
    }

    fn logs(enabled: bool, kind: Option<&str>, secret: Option<&str>) -> Value {
        Value::object([("enabled", enabled.into()), ("kind", Value::from(kind)), ("secret", secret.into())])
    }

    #[test]
    fn a_block_that_is_gone_differs_from_one_that_says_something() {
        let row = block();
        let none = Value::null(row.ty.clone());
        assert!(differs(&row, &none, &logs(true, Some("x"), None), Kept));
        assert!(differs(&row, &logs(true, None, None), &none, Kept));
        assert!(!differs(&row, &none, &logs(false, Some("x"), None), Kept), "it says nothing that AWS did not choose");
    }

    #[test]
    fn a_never_returned_secret_differs_only_by_the_layout() {
        let row = block();
        assert!(!differs(&row, &logs(true, None, Some("a")), &logs(true, Some("x"), None), Aws));
        assert!(
            differs(&row, &logs(true, None, Some("a")), &logs(true, Some("x"), None), Kept),
            "it is new in the layout"
        );
        assert!(differs(&row, &logs(true, None, Some("a")), &logs(true, Some("x"), Some("b")), Kept));
    }

    #[test]
    fn what_aws_may_choose_counts_once_the_layout_gives_it() {
        let row = block();
        for origin in [Kept, Aws] {
            assert!(!differs(&row, &logs(true, None, None), &logs(true, Some("x"), None), origin));
            assert!(differs(&row, &logs(true, Some("x"), None), &logs(true, None, None), origin));
        }
    }

    #[test]
    fn elements_of_a_set_find_each_other_whichever_comes_first() {
        let rows = &block().block.unwrap().attributes;
        let (xs, ys) = (
            [logs(true, None, None), logs(true, Some("a"), None)],
            [logs(true, Some("a"), None), logs(true, Some("b"), None)],
        );
        let pair = |x: &Value, y: &Value| !objects_differ(rows, x, y, Kept);
        assert_eq!(matched(&xs, &ys, pair), [Some(1), Some(0)]);
        assert_eq!(matched(&xs[1..], &ys[1..], pair), [None]);
    }

    #[test]
    fn a_function_of_the_type_judges_the_whole_value() {
        fn first(a: &Value, b: &Value) -> bool {
            a.as_elements().and_then(|all| all.first()) == b.as_elements().and_then(|all| all.first())
        }
        let row = Attribute { normal: Normal::With(first), ..Attribute::new("names", Type::list(Type::String)) };
        assert!(!differs(&row, &Value::strings(["a", "b"]), &Value::strings(["a"]), Kept));
        assert!(differs(&row, &Value::strings(["a"]), &Value::strings(["b"]), Kept));
    }

    #[test]
    fn nothing_and_an_empty_value_differ_unless_the_row_folds_them() {
        let empty = [
            (Type::Bool, Value::from(false)),
            (Type::Number, 0.into()),
            (Type::String, "".into()),
            (Type::list(Type::String), Value::strings([""; 0])),
        ];
        for (ty, empty) in empty {
            let strict = Attribute::new("size", ty.clone());
            let folds = Attribute { empty_is_null: true, ..strict.clone() };
            let null = Value::null(ty);
            for (a, b) in [(&null, &empty), (&empty, &null)] {
                assert!(differs(&strict, a, b, Kept) && differs(&strict, a, b, Aws), "{a:?}, {b:?}");
                assert!(!differs(&folds, a, b, Kept) && !differs(&folds, a, b, Aws), "{a:?}, {b:?}");
            }
        }
    }

    #[test]
    fn a_secret_inside_a_block_is_marked() {
        let row = block();
        let marked = row.marked(&logs(true, None, Some("a")));
        assert!(marked.get("secret").is_some_and(Value::is_sensitive));
        assert!(!marked.is_sensitive() && !marked.get("enabled").is_some_and(Value::is_sensitive));
    }
}

//! Operators: arithmetic, comparison, equality, logic.

use super::{Bound, Eval, Evaluated, reason};
use crate::diag::Diagnostics;
use crate::lang::ast::{At, BinaryOp, Node, UnaryOp};
use crate::value::convert::convert;
use crate::value::number::MOST_DIGITS;
use crate::value::{Kind, Number, Type, Value};

impl Eval<'_> {
    pub(super) fn unary(&self, op: UnaryOp, operand: &Node, at: At, bound: Option<&Bound<'_>>) -> Evaluated {
        let given = self.node(operand, bound)?;
        let ty = match op {
            UnaryOp::Not => Type::Bool,
            UnaryOp::Negate => Type::Number,
        };
        let value = self.operand(&given, &ty, "unary", operand.at)?;
        self.not_null(&value, at)?;
        let result = match (op, value.kind()) {
            (UnaryOp::Not, Kind::Bool(b)) => Value::from(!b),
            (UnaryOp::Negate, Kind::Number(n)) => Value::from(n.neg()),
            _ => Value::unknown_not_null(ty),
        };
        Ok(result.mark(value.is_sensitive()))
    }

    pub(super) fn binary(
        &self,
        op: BinaryOp,
        op_at: At,
        left: &Node,
        right: &Node,
        bound: Option<&Bound<'_>>,
    ) -> Evaluated {
        if matches!(op, BinaryOp::And | BinaryOp::Or) {
            return self.logical(op, left, right, bound);
        }
        let mut errors = Diagnostics::new();
        let a = errors.take(self.node(left, bound));
        let b = errors.take(self.node(right, bound));
        let (Some(a), Some(b)) = (a, b) else { return Err(errors) };
        if matches!(op, BinaryOp::Equal | BinaryOp::NotEqual) {
            return self.equality(op, (&a, left.at), (&b, right.at));
        }
        let x = errors.take(self.operand(&a, &Type::Number, "left", left.at));
        let y = errors.take(self.operand(&b, &Type::Number, "right", right.at));
        let (Some(x), Some(y)) = (x, y) else { return Err(errors) };
        errors.take(self.not_null(&x, left.at));
        errors.take(self.not_null(&y, right.at));
        if errors.has_errors() {
            return Err(errors);
        }
        self.computed(op, &x, &y, op_at, right.at)
    }

    /// `&&` and `||`, as Terraform has them since 1.12: an operand that decides alone makes the other's failure
    /// nothing. Both must be truths all the same.
    fn logical(&self, op: BinaryOp, left: &Node, right: &Node, bound: Option<&Bound<'_>>) -> Evaluated {
        let (a, b) = (self.node(left, bound), self.node(right, bound));
        if self.budget.is_spent() {
            a?;
            return b;
        }
        let mut errors = Diagnostics::new();
        let mut truth = |given: Evaluated, which: &str, at: At| match given {
            Ok(value) => errors.take(self.operand(&value, &Type::Bool, which, at)).map(Ok),
            Err(failed) => Some(Err(failed)),
        };
        let (x, y) = (truth(a, "left", left.at), truth(b, "right", right.at));
        let (Some(x), Some(y)) = (x, y) else { return Err(errors) };
        let sensitive = [&x, &y].into_iter().flatten().any(Value::is_sensitive);
        let decisive = op == BinaryOp::Or;
        let decides = |v: &Evaluated| v.as_ref().is_ok_and(|v| v.as_bool() == Some(decisive));
        let open = |v: &Evaluated| v.as_ref().is_ok_and(Value::is_unknown);
        if decides(&x) || decides(&y) {
            return Ok(Value::from(decisive).mark(sensitive));
        }
        if open(&x) {
            return Ok(Value::unknown_not_null(Type::Bool).mark(sensitive));
        }
        let (x, y) = (errors.take(x), errors.take(y));
        let (Some(x), Some(y)) = (x, y) else { return Err(errors) };
        errors.take(self.not_null(&x, left.at));
        errors.take(self.not_null(&y, right.at));
        let result = if y.is_unknown() { Value::unknown_not_null(Type::Bool) } else { Value::from(!decisive) };
        errors.into_result(result.mark(sensitive))
    }

    /// Whether two values are equal, or are not.
    fn equality(&self, op: BinaryOp, (a, at): (&Value, At), (b, other_at): (&Value, At)) -> Evaluated {
        self.look(a, at)?;
        self.look(b, other_at)?;
        let sensitive = a.has_sensitive() || b.has_sensitive();
        let result = match equal(a, b) {
            Some(same) => Value::from(same == (op == BinaryOp::Equal)),
            None => Value::unknown_not_null(Type::Bool),
        };
        Ok(result.mark(sensitive))
    }

    /// The result for operands of the right types.
    fn computed(&self, op: BinaryOp, x: &Value, y: &Value, op_at: At, right_at: At) -> Evaluated {
        let sensitive = x.is_sensitive() || y.is_sensitive();
        let result = match (x.kind(), y.kind()) {
            (Kind::Number(m), Kind::Number(n)) => match arithmetic(op, m, n) {
                Some(value) if value.as_number().is_some_and(Number::is_excessive) => {
                    let detail = format!("The result has more than {MOST_DIGITS} digits.");
                    return Err(self.error(op_at, "Number out of range", detail).into());
                }
                Some(value) => value,
                None => {
                    return Err(self.error(op_at.to(right_at), "Division by zero", "The divisor is zero.").into());
                }
            },
            _ => Value::unknown_not_null(result_type(op)),
        };
        Ok(result.mark(sensitive))
    }

    fn operand(&self, given: &Value, ty: &Type, which: &str, at: At) -> Evaluated {
        convert(given, ty).map_err(|e| {
            let d = self.error(
                at,
                "Invalid operand",
                format!("Unsuitable value for {which} operand: {}.", article(&reason(&e), ty)),
            );
            if given.is_sensitive() { d.into() } else { d.label(super::access::describe(given)).into() }
        })
    }

    fn not_null(&self, value: &Value, at: At) -> Result<(), Diagnostics> {
        match value.is_null() {
            true => Err(self
                .error(at, "Operation failed", "Error during operation: argument must not be null.")
                .label("this is null")
                .into()),
            false => Ok(()),
        }
    }
}

/// `number required` reads `a number is required` in a sentence.
fn article(message: &str, ty: &Type) -> String {
    let name = ty.friendly();
    if message == format!("{name} required") { format!("a {name} is required") } else { message.to_owned() }
}

fn result_type(op: BinaryOp) -> Type {
    use BinaryOp::*;
    match op {
        Add | Subtract | Multiply | Divide | Modulo => Type::Number,
        _ => Type::Bool,
    }
}

fn arithmetic(op: BinaryOp, m: &Number, n: &Number) -> Option<Value> {
    use BinaryOp::*;
    Some(match op {
        Add => m.add(n).into(),
        Subtract => m.sub(n).into(),
        Multiply => m.mul(n).into(),
        Divide => m.div(n)?.into(),
        Modulo => m.rem(n).unwrap_or_else(|| m.clone()).into(),
        Greater => Value::from(m > n),
        GreaterOrEqual => Value::from(m >= n),
        Less => Value::from(m < n),
        LessOrEqual => Value::from(m <= n),
        And | Or | Equal | NotEqual => Value::unknown_not_null(Type::Bool),
    })
}

/// Whether two values are equal, `None` when that is not known yet. Marks do not count; values of
/// different types are never equal.
pub(super) fn equal(a: &Value, b: &Value) -> Option<bool> {
    match (a.kind(), b.kind()) {
        (Kind::Null(_), Kind::Null(_)) => Some(true),
        (Kind::Null(_), Kind::Unknown(u)) | (Kind::Unknown(u), Kind::Null(_)) => {
            if u.not_null {
                Some(false)
            } else {
                None
            }
        }
        (Kind::Null(_), _) | (_, Kind::Null(_)) => Some(false),
        (Kind::Unknown(_), _) | (_, Kind::Unknown(_)) => None,
        (Kind::List(s, x), Kind::List(t, y)) => collection(s, t, x.len() == y.len(), x.iter().zip(y.iter())),
        (Kind::Tuple(x), Kind::Tuple(y)) => all(x.len() == y.len(), x.iter().zip(y.iter())),
        (Kind::Set(s, x), Kind::Set(t, y)) => {
            if x.iter().chain(y.iter()).all(Value::is_wholly_known) {
                return Some(s == t && x == y);
            }
            if s == t { None } else { Some(false) }
        }
        (Kind::Map(s, x), Kind::Map(t, y)) => collection(s, t, x.keys().eq(y.keys()), x.values().zip(y.values())),
        (Kind::Object(x), Kind::Object(y)) => all(x.keys().eq(y.keys()), x.values().zip(y.values())),
        (x, y) => Some(x == y),
    }
}

fn collection<'v>(
    s: &Type,
    t: &Type,
    same_shape: bool,
    pairs: impl Iterator<Item = (&'v Value, &'v Value)>,
) -> Option<bool> {
    all(same_shape && (s == t || s.has_dynamic() || t.has_dynamic()), pairs)
}

fn all<'v>(same_shape: bool, pairs: impl Iterator<Item = (&'v Value, &'v Value)>) -> Option<bool> {
    if !same_shape {
        return Some(false);
    }
    for (a, b) in pairs {
        match equal(a, b) {
            Some(true) => {}
            other => return other,
        }
    }
    Some(true)
}

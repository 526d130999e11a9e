//! `condition ? yes : no`: both branches have one type, only the one taken can fail.

use super::{Bound, Eval, Evaluated, reason};
use crate::diag::Diagnostics;
use crate::lang::ast::{At, Node};
use crate::value::convert::{convert, unify};
use crate::value::{Kind, Type, Value};

impl Eval<'_> {
    pub(super) fn conditional(
        &self,
        condition: &Node,
        yes: &Node,
        no: &Node,
        at: At,
        bound: Option<&Bound<'_>>,
    ) -> Evaluated {
        let when_true = self.node(yes, bound);
        let when_false = self.node(no, bound);
        let ty = self.branch_type(&when_true, &when_false, at)?;
        let test = self.node(condition, bound)?;
        self.choose(&test, condition.at, (when_true, yes.at), (when_false, no.at), ty)
    }

    /// The type that both branches have; dynamic if one of them fails.
    fn branch_type(&self, yes: &Evaluated, no: &Evaluated, at: At) -> Result<Type, Diagnostics> {
        let (Ok(a), Ok(b)) = (yes, no) else { return Ok(Type::Dynamic) };
        self.look(a, at)?;
        self.look(b, at)?;
        let Some(ty) = common_type(a, b) else {
            let detail = format!(
                "The true and false result expressions must have consistent types. {}.",
                difference(&a.ty(), &b.ty())
            );
            let d = self
                .error(at, "Inconsistent conditional result types", detail)
                .hint("Convert one branch to the type of the other, for example with tostring, tolist or tomap.");
            return Err(d.into());
        };
        Ok(ty)
    }

    /// The branch that the condition says, as the type of both.
    fn choose(&self, condition: &Value, at: At, yes: (Evaluated, At), no: (Evaluated, At), ty: Type) -> Evaluated {
        if condition.is_null() {
            return Err(self
                .error(at, "Null condition", "The condition value is null. Conditions must either be true or false.")
                .into());
        }
        let test = convert(condition, &Type::Bool).map_err(|e| {
            self.error(
                at,
                "Incorrect condition type",
                format!("The condition expression must be of type bool: {}.", reason(&e)),
            )
        })?;
        let marked = |v: &Evaluated| v.as_ref().is_ok_and(Value::is_sensitive);
        let sensitive = test.is_sensitive() || marked(&yes.0) || marked(&no.0);
        let (chosen, branch) = match test.kind() {
            Kind::Bool(true) => (yes.0?, yes.1),
            Kind::Bool(false) => (no.0?, no.1),
            _ => {
                self.step(ty.parts(), at)?;
                let not_null = |v: &Evaluated| v.as_ref().is_ok_and(is_not_null);
                let sure = not_null(&yes.0) && not_null(&no.0);
                let unknown = if sure { Value::unknown_not_null(ty) } else { Value::unknown(ty) };
                return Ok(unknown.mark(sensitive));
            }
        };
        let result = convert(&chosen, &ty).map_err(|e| {
            let which = if test.as_bool() == Some(true) { "true" } else { "false" };
            self.error(
                branch,
                "Inconsistent conditional result types",
                format!("The {which} result value has the wrong type: {}.", reason(&e)),
            )
        })?;
        Ok(result.mark(sensitive))
    }
}

fn is_not_null(value: &Value) -> bool {
    match value.kind() {
        Kind::Null(_) => false,
        Kind::Unknown(u) => u.not_null,
        _ => true,
    }
}

fn common_type(a: &Value, b: &Value) -> Option<Type> {
    let untyped_null = |v: &Value| matches!(v.kind(), Kind::Null(Type::Dynamic));
    match (a.ty(), b.ty()) {
        (_, ty) if untyped_null(a) => Some(ty),
        (ty, _) if untyped_null(b) => Some(ty),
        (Type::Dynamic, _) | (_, Type::Dynamic) => Some(Type::Dynamic),
        (a, b) => unify(&[a, b]),
    }
}

/// In which way the two types differ, as a sentence without its full stop.
fn difference(yes: &Type, no: &Type) -> String {
    match (yes, no) {
        (Type::Object(a), Type::Object(b)) => {
            if let Some(name) = a.keys().find(|k| !b.contains_key(*k)) {
                return format!(
                    "The 'true' value includes object attribute {:?}, which is absent in the 'false' value",
                    &**name
                );
            }
            if let Some(name) = b.keys().find(|k| !a.contains_key(*k)) {
                return format!(
                    "The 'false' value includes object attribute {:?}, which is absent in the 'true' value",
                    &**name
                );
            }
            let differing =
                a.iter().find(|(k, t)| b.get(*k).is_some_and(|u| unify(&[(*t).clone(), u.clone()]).is_none()));
            if let Some((name, ty)) = differing {
                let other = b.get(name).map(Type::friendly).unwrap_or_default();
                return format!(
                    "Type mismatch for object attribute {:?}: The 'true' value is {}, but the 'false' value is {other}",
                    &**name,
                    ty.friendly()
                );
            }
        }
        (Type::Tuple(a), Type::Tuple(b)) => {
            if a.len() != b.len() {
                return format!(
                    "The 'true' tuple has length {}, but the 'false' tuple has length {}",
                    a.len(),
                    b.len()
                );
            }
            let differing = a.iter().zip(b.iter()).position(|(t, u)| unify(&[t.clone(), u.clone()]).is_none());
            if let Some(i) = differing
                && let (Some(t), Some(u)) = (a.get(i), b.get(i))
            {
                return format!(
                    "Type mismatch for tuple element {i}: The 'true' value is {}, but the 'false' value is {}",
                    t.friendly(),
                    u.friendly()
                );
            }
        }
        (Type::List(a), Type::List(b)) | (Type::Set(a), Type::Set(b)) | (Type::Map(a), Type::Map(b)) => {
            return format!(
                "Mismatched element types: The 'true' value is {}, but the 'false' value is {}",
                a.friendly(),
                b.friendly()
            );
        }
        _ => {}
    }
    format!("The 'true' value is {}, but the 'false' value is {}", yes.friendly(), no.friendly())
}

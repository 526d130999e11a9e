//! Conflicts that keep a new object from being created before the old one is gone: attributes that two objects
//! cannot share and that the replacement keeps.

use crate::diag::Diagnostic;
use crate::plan::change::Change;
use crate::plan::unique;
use crate::schema::{Attrs, Schema};

/// The attributes that both objects would have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Their names.
    pub attributes: Vec<&'static str>,
    /// The cure.
    pub cure: String,
}

/// The conflict, if there is one. Parts of what is wanted may be unknown, which is then
/// taken for something new.
pub fn of(schema: &Schema, change: &Change) -> Option<Conflict> {
    let (before, after) = (change.before.as_ref()?, change.after.as_ref()?);
    let set = unique::shared(schema, before, after)?;
    Some(Conflict { attributes: set.to_vec(), cure: cure(schema, set, after) })
}

fn cure(schema: &Schema, set: &[&'static str], after: &Attrs) -> String {
    for name in set {
        let prefix = format!("{name}_prefix");
        if schema.attribute(&prefix).is_some() {
            return format!("Use {prefix} instead of {name}: each object then gets its own name.");
        }
    }
    let named: Vec<String> = set.iter().filter(|n| after.is_set(n)).map(|n| format!("\"{n}\"")).collect();
    if set.contains(&"allocation_id") {
        return "Replace its address together with it (--replace with the address of the aws_eip): both can then exist at once."
            .into();
    }
    format!("Give the new object another {}, or let it go first.", named.join(" or "))
}

/// The error for an object that the layout wants created first and that cannot be.
pub fn error(change: &Change, conflict: &Conflict) -> Diagnostic {
    let names: Vec<String> = conflict.attributes.iter().map(|n| format!("\"{n}\"")).collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    Diagnostic::error("The new object cannot be created before the old one is gone")
        .code("replacement-conflict")
        .detail(format!(
            "The replacement is to create first, but {} {verb} the same for both, and that must be unique in AWS.",
            names.join(" and ")
        ))
        .about(&change.address)
        .hint(conflict.cure.clone())
}

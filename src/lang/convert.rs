//! Conversion between types and the type that several values share, by Terraform's rules.

use super::types::Type;
use super::value::Value;

/// Why a value cannot become a type: where in the value, and the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConvertError {
    /// The way into the value, such as `.rules[0].port`; empty for the value itself.
    pub path: String,
    /// The reason, such as `a number is required`.
    pub message: String,
}

/// `value` as `want`, keeping unknowns and marks. `Type::Dynamic` takes anything as it is.
pub fn convert(value: &Value, want: &Type) -> Result<Value, ConvertError> {
    if value.ty() == *want || *want == Type::Dynamic {
        return Ok(value.clone());
    }
    Err(ConvertError { path: String::new(), message: format!("{} required", want.friendly()) })
}

/// The type that all of `types` convert to, if there is one.
pub fn unify(types: &[Type]) -> Option<Type> {
    let first = types.first()?;
    types.iter().all(|t| t == first).then(|| first.clone())
}

//! `count` and `for_each`: how many instances a block has and what each sees.

use super::{Evaluator, Locality};
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::config::{ModuleCall, Resource};
use crate::lang::expr::Expr;
use crate::value::address::{InstanceKey, ModulePath};
use crate::value::convert::convert;
use crate::value::{Kind, Name, Type, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most instances of one block in one module instance.
const MOST_OF_BLOCK: usize = 10_000;
/// The most instances of all blocks of a layout.
const MOST_OF_LAYOUT: usize = 50_000;

/// How a block repeats.
#[derive(Debug, Clone, PartialEq)]
pub enum Expansion {
    /// It does not.
    Single,
    /// `count`
    Count(usize),
    /// `enabled = false`: there is none, and it is null.
    Disabled,
    /// `for_each`: `each.value` by `each.key`.
    ForEach(Arc<BTreeMap<Name, Value>>),
    /// Not known; only while a layout is validated without values.
    Unknown,
}

/// The repetition as one instance sees it.
#[derive(Debug, Clone, Default)]
pub struct Repetition {
    /// `each.key` and `each.value`
    pub each: Option<(Value, Value)>,
    /// `count.index`
    pub count: Option<usize>,
}

impl Expansion {
    /// How many instances there are.
    pub fn instances(&self) -> usize {
        match self {
            Expansion::Single | Expansion::Unknown => 1,
            Expansion::Disabled => 0,
            Expansion::Count(n) => *n,
            Expansion::ForEach(values) => values.len(),
        }
    }

    /// The keys of all instances, in order. An unknown expansion stands for one instance.
    pub fn keys(&self) -> Vec<InstanceKey> {
        match self {
            Expansion::Single | Expansion::Unknown => vec![InstanceKey::None],
            Expansion::Disabled => Vec::new(),
            Expansion::Count(n) => (0..*n).map(InstanceKey::Index).collect(),
            Expansion::ForEach(values) => values.keys().cloned().map(InstanceKey::Key).collect(),
        }
    }

    /// The repetition as the instance with this key sees it.
    pub fn repetition(&self, key: &InstanceKey) -> Repetition {
        match (self, key) {
            (Expansion::Count(_), InstanceKey::Index(i)) => Repetition { each: None, count: Some(*i) },
            (Expansion::ForEach(values), InstanceKey::Key(k)) => {
                let value = values.get(k).cloned().unwrap_or_else(Value::any_null);
                Repetition { each: Some((Value::string(k), value)), count: None }
            }
            (Expansion::Unknown, _) => Repetition {
                each: Some((Value::unknown_not_null(Type::String), Value::unknown(Type::Dynamic))),
                count: Some(0),
            },
            _ => Repetition::default(),
        }
    }

    /// All instances as an expression sees them.
    pub fn assemble(&self, instance: impl Fn(InstanceKey) -> Result<Value, Diagnostics>) -> Result<Value, Diagnostics> {
        match self {
            Expansion::Single => instance(InstanceKey::None),
            Expansion::Disabled => Ok(Value::any_null()),
            Expansion::Count(n) => {
                Ok(Value::tuple((0..*n).map(|i| instance(InstanceKey::Index(i))).collect::<Result<_, _>>()?))
            }
            Expansion::ForEach(values) => {
                let each = |k: &Name| Ok((k.clone(), instance(InstanceKey::Key(k.clone()))?));
                Ok(Value::object(values.keys().map(each).collect::<Result<Vec<_>, Diagnostics>>()?))
            }
            Expansion::Unknown => Ok(Value::unknown(Type::Dynamic)),
        }
    }
}

/// The instances of a resource or data source in a module instance.
pub fn expand_resource(
    scopes: &Evaluator<'_>,
    path: &ModulePath,
    block: &Resource,
    lenient: bool,
) -> Result<Expansion, Diagnostics> {
    match &block.lifecycle.enabled {
        Some(enabled) => expand_enabled(scopes, path, enabled, lenient),
        None => expand(scopes, path, block.count.as_ref(), block.for_each.as_ref(), lenient),
    }
}

/// The instances of a module call in a module instance.
pub fn expand_call(
    scopes: &Evaluator<'_>,
    path: &ModulePath,
    call: &ModuleCall,
    lenient: bool,
) -> Result<Expansion, Diagnostics> {
    match &call.enabled {
        Some(enabled) => expand_enabled(scopes, path, enabled, lenient),
        None => expand(scopes, path, call.count.as_ref(), call.for_each.as_ref(), lenient),
    }
}

/// Evaluates `enabled` of a block.
fn expand_enabled(
    scopes: &Evaluator<'_>,
    path: &ModulePath,
    enabled: &Expr,
    lenient: bool,
) -> Result<Expansion, Diagnostics> {
    let invalid = |detail: &str| {
        Diagnostic::error("Invalid enabled argument").code("invalid-count").detail(detail).at(enabled.span())
    };
    let value = scopes.eval(path, enabled, &Locality::default())?;
    let value =
        convert(&value, &Type::Bool).map_err(|e| invalid(&format!("True or false is required: {}.", e.message)))?;
    match (value.as_bool(), value.is_unknown()) {
        (Some(true), _) => Ok(Expansion::Single),
        (Some(false), _) => Ok(Expansion::Disabled),
        (None, true) if lenient => Ok(Expansion::Unknown),
        (None, true) => Err(invalid("The value depends on attributes that are known only after apply.").into()),
        (None, false) => Err(invalid("It cannot be null.").into()),
    }
}

/// Evaluates `count` and `for_each` of a block. With `lenient`, what is not known is
/// `Expansion::Unknown`; else it is an error.
pub fn expand(
    scopes: &Evaluator<'_>,
    path: &ModulePath,
    count: Option<&Expr>,
    for_each: Option<&Expr>,
    lenient: bool,
) -> Result<Expansion, Diagnostics> {
    let local = Locality::default();
    let explained = |expr: &Expr, d: Diagnostic| scopes.explain(path, expr, &local, d);
    let expansion = match (count, for_each) {
        (Some(expr), _) => {
            expand_count(&scopes.eval(path, expr, &local)?, expr, lenient).map_err(|d| explained(expr, d))?
        }
        (None, Some(expr)) => {
            expand_for_each(&scopes.eval(path, expr, &local)?, expr, lenient).map_err(|d| explained(expr, d))?
        }
        (None, None) => Expansion::Single,
    };
    within_limits(scopes, &expansion, count.or(for_each))?;
    Ok(expansion)
}

/// Fails for more instances than can be planned. That all of a layout are too many is said once.
fn within_limits(scopes: &Evaluator<'_>, expansion: &Expansion, expr: Option<&Expr>) -> Result<(), Diagnostics> {
    let wrong = |detail: String| {
        let d =
            Diagnostic::error("Too many instances").code("too-many-instances").detail(detail).at(expr.map(Expr::span));
        Err(d.hint("Divide the layout into several, each with its own state.").into())
    };
    let instances = expansion.instances();
    if instances > MOST_OF_BLOCK {
        return wrong(format!("The block would have {instances} instances; at most {MOST_OF_BLOCK} are planned."));
    }
    if scopes.instances + instances <= MOST_OF_LAYOUT {
        return Ok(());
    }
    if scopes.too_many.replace(true) {
        return Err(Diagnostics::new());
    }
    wrong(format!("With these, the blocks of the layout have more than {MOST_OF_LAYOUT} instances."))
}

fn expand_count(value: &Value, expr: &Expr, lenient: bool) -> Result<Expansion, Diagnostic> {
    let invalid = |detail: String| {
        Diagnostic::error("Invalid count argument").code("invalid-count").detail(detail).at(expr.span())
    };
    if value.is_unknown() {
        if lenient {
            return Ok(Expansion::Unknown);
        }
        return Err(invalid("The value depends on attributes that are known only after apply. The number of instances cannot be planned.".into())
            .hint("Base the count on values that the layout itself gives."));
    }
    let number =
        convert(value, &Type::Number).map_err(|e| invalid(format!("A whole number is required: {}.", e.message)))?;
    match number.as_number().map(|n| (n.to_usize(), n.signum())) {
        Some((Some(n), _)) => Ok(Expansion::Count(n)),
        Some((None, -1)) => Err(invalid("A count cannot be negative.".into())),
        Some(_) => Err(invalid("A whole number is required.".into())),
        None => Err(invalid("A count cannot be null.".into())),
    }
}

fn expand_for_each(value: &Value, expr: &Expr, lenient: bool) -> Result<Expansion, Diagnostic> {
    let invalid = |detail: &str| {
        Diagnostic::error("Invalid for_each argument").code("invalid-for-each").detail(detail).at(expr.span())
    };
    if value.is_sensitive() {
        return Err(invalid("The keys are part of addresses and shown in every plan, so they cannot be sensitive.")
            .hint("Use nonsensitive() if the keys give nothing away."));
    }
    let unknown = || {
        if lenient {
            return Ok(Expansion::Unknown);
        }
        Err(invalid("The keys depend on attributes that are known only after apply. The instances cannot be planned.")
            .hint("Use a map whose keys the layout itself gives; only its values may be unknown."))
    };
    match value.kind() {
        Kind::Unknown(_) => unknown(),
        Kind::Map(_, entries) | Kind::Object(entries) => Ok(Expansion::ForEach(entries.clone())),
        Kind::Set(_, elements) => {
            if !value.is_wholly_known() {
                return unknown();
            }
            let mut entries = BTreeMap::new();
            for element in elements.iter() {
                let Some(key) = element.as_str() else {
                    return Err(invalid("A set for for_each must hold strings that are not null."));
                };
                entries.insert(Name::from(key), element.clone());
            }
            Ok(Expansion::ForEach(Arc::new(entries)))
        }
        Kind::Null(_) => Err(invalid("A map or a set of strings is required, not null.")),
        _ => Err(invalid(&format!("A map or a set of strings is required, not {}.", value.ty().friendly()))
            .hint("Make a set of a list with toset([…]).")),
    }
}

/// The expansion that has these instances, as far as the keys show.
pub fn expansion_of_keys(keys: &[InstanceKey]) -> Expansion {
    let indexes = keys.iter().filter_map(|k| if let InstanceKey::Index(i) = k { Some(i + 1) } else { None });
    let named = keys.iter().filter_map(|k| {
        if let InstanceKey::Key(k) = k { Some((k.clone(), Value::unknown(Type::Dynamic))) } else { None }
    });
    let named: BTreeMap<Name, Value> = named.collect();
    match (indexes.max(), named.is_empty()) {
        (_, false) => Expansion::ForEach(Arc::new(named)),
        (Some(count), true) => Expansion::Count(count),
        (None, true) => Expansion::Single,
    }
}

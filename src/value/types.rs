//! The types of the language: what a value is and what a `variable` may ask for.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

/// A name inside an object, map or module; cheap to clone.
pub type Name = Arc<str>;

/// The name of a row, which many thousand objects have: one text for all of them on a thread.
pub fn shared_name(name: &'static str) -> Name {
    thread_local! {
        static NAMES: RefCell<HashMap<&'static str, Name>> = RefCell::default();
    }
    NAMES.with_borrow_mut(|names| names.entry(name).or_insert_with(|| name.into()).clone())
}

/// The entries by name; of two with one name the last. Collects them first, since a map that is made from an iterator
/// sorts in code of its own for each kind of iterator, which was a fifth of the program.
pub fn by_name<K: Into<Name>, T>(entries: impl IntoIterator<Item = (K, T)>) -> BTreeMap<Name, T> {
    let mut all = Vec::new();
    for (name, entry) in entries {
        all.push((name.into(), entry));
    }
    all.into_iter().collect()
}

/// The type of a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Type {
    /// Not known yet, or `any`.
    Dynamic,
    /// `bool`
    Bool,
    /// `number`
    Number,
    /// `string`
    String,
    /// `list(T)`
    List(Arc<Type>),
    /// `set(T)`
    Set(Arc<Type>),
    /// `map(T)`
    Map(Arc<Type>),
    /// `tuple([T, …])`
    Tuple(Arc<Vec<Type>>),
    /// `object({ name = T, … })`
    Object(Arc<BTreeMap<Name, Type>>),
}

impl Type {
    /// `list(element)`
    pub fn list(element: Type) -> Type {
        Type::List(Arc::new(element))
    }

    /// `set(element)`
    pub fn set(element: Type) -> Type {
        Type::Set(Arc::new(element))
    }

    /// `map(element)`
    pub fn map(element: Type) -> Type {
        Type::Map(Arc::new(element))
    }

    /// `tuple(elements)`
    pub fn tuple(elements: Vec<Type>) -> Type {
        Type::Tuple(Arc::new(elements))
    }

    /// `object(attributes)`
    pub fn object(attributes: impl IntoIterator<Item = (impl Into<Name>, Type)>) -> Type {
        Type::Object(Arc::new(by_name(attributes)))
    }

    /// How many types it is made of.
    pub fn parts(&self) -> usize {
        1 + match self {
            Type::List(of) | Type::Set(of) | Type::Map(of) => of.parts(),
            Type::Tuple(parts) => parts.iter().map(Type::parts).sum(),
            Type::Object(parts) => parts.values().map(Type::parts).sum(),
            _ => 0,
        }
    }

    /// Whether it is `bool`, `number` or `string`.
    pub fn is_primitive(&self) -> bool {
        matches!(self, Type::Bool | Type::Number | Type::String)
    }

    /// Whether some part of it is not known.
    pub fn has_dynamic(&self) -> bool {
        match self {
            Type::Dynamic => true,
            Type::Bool | Type::Number | Type::String => false,
            Type::List(t) | Type::Set(t) | Type::Map(t) => t.has_dynamic(),
            Type::Tuple(ts) => ts.iter().any(Type::has_dynamic),
            Type::Object(ts) => ts.values().any(Type::has_dynamic),
        }
    }

    /// The name of the type in a sentence, without its parts: "list of string", "object".
    pub fn friendly(&self) -> String {
        match self {
            Type::Dynamic => "dynamic".into(),
            Type::Bool => "bool".into(),
            Type::Number => "number".into(),
            Type::String => "string".into(),
            Type::List(t) => format!("list of {}", t.friendly()),
            Type::Set(t) => format!("set of {}", t.friendly()),
            Type::Map(t) => format!("map of {}", t.friendly()),
            Type::Tuple(_) => "tuple".into(),
            Type::Object(_) => "object".into(),
        }
    }
}

/// As it would be written in a `type` argument.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Dynamic => f.write_str("any"),
            Type::Bool => f.write_str("bool"),
            Type::Number => f.write_str("number"),
            Type::String => f.write_str("string"),
            Type::List(t) => write!(f, "list({t})"),
            Type::Set(t) => write!(f, "set({t})"),
            Type::Map(t) => write!(f, "map({t})"),
            Type::Tuple(ts) => {
                let parts: Vec<_> = ts.iter().map(Type::to_string).collect();
                write!(f, "tuple([{}])", parts.join(", "))
            }
            Type::Object(ts) => {
                let parts: Vec<_> = ts.iter().map(|(k, t)| format!("{k} = {t}")).collect();
                write!(f, "object({{{}}})", parts.join(", "))
            }
        }
    }
}

//! Values of the language. Each may be unknown until apply and may be marked sensitive, and both
//! travel with it through every operator and function.
//!
//! Cloning is cheap: collections are shared. A value never changes after it was made.

use crate::value::{Name, Number, Type, by_name};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A value with its mark.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Value {
    kind: Kind,
    sensitive: bool,
    size: Size,
}

/// How much a value is, each part counted as often as it is in it. More than can be counted is the most
/// that can be counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Size {
    /// Values, itself and those inside it.
    pub elements: u32,
    /// Bytes of text.
    pub bytes: u32,
}

impl Size {
    fn of(kind: &Kind) -> Self {
        let own = |length: usize| Size { elements: 1, bytes: u32::try_from(length).unwrap_or(u32::MAX) };
        match kind {
            Kind::String(text) => own(text.len()),
            Kind::Number(number) => own(number.digits()),
            Kind::List(_, vs) | Kind::Set(_, vs) | Kind::Tuple(vs) => vs.iter().fold(own(0), |all, v| all.with(v.size)),
            Kind::Map(_, vs) | Kind::Object(vs) => {
                vs.iter().fold(own(0), |all, (k, v)| all.with(v.size).with(Size { elements: 0, ..own(k.len()) }))
            }
            _ => own(0),
        }
    }

    /// Both together.
    pub fn with(self, other: Size) -> Self {
        Size { elements: self.elements.saturating_add(other.elements), bytes: self.bytes.saturating_add(other.bytes) }
    }
}

/// The kind of a value, with its content.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Absent, of a type.
    Null(Type),
    /// True or false.
    Bool(bool),
    /// A number.
    Number(Number),
    /// Text in Unicode normal form C.
    String(Arc<str>),
    /// Elements of one type, in order.
    List(Type, Arc<Vec<Value>>),
    /// Distinct elements of one type, kept sorted, null last.
    Set(Type, Arc<Vec<Value>>),
    /// Elements of one type by key.
    Map(Type, Arc<BTreeMap<Name, Value>>),
    /// Elements each of its own type.
    Tuple(Arc<Vec<Value>>),
    /// Attributes each of its own type.
    Object(Arc<BTreeMap<Name, Value>>),
    /// Known only after apply.
    Unknown(Unknown),
}

/// The facts about a value that is not known yet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unknown {
    /// Its type, `Type::Dynamic` when not even that is known.
    pub ty: Type,
    /// Whether it is sure not to be null.
    pub not_null: bool,
    /// The attribute that it is taken from as it is, if it is. It travels through variables, outputs and
    /// collections, and is lost where something is made of the value. Two unknown ids thus differ,
    /// and what refers to what is known before any id is.
    pub origin: Option<Arc<Origin>>,
}

/// An attribute of a resource instance.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The address of the instance, as text.
    pub address: Arc<str>,
    /// The attribute.
    pub attribute: Name,
}

impl Value {
    /// A value of this kind, not sensitive.
    pub fn new(kind: Kind) -> Self {
        Value { size: Size::of(&kind), kind, sensitive: false }
    }

    /// Its kind.
    pub fn kind(&self) -> &Kind {
        &self.kind
    }

    /// How much it is.
    pub fn size(&self) -> Size {
        self.size
    }

    /// `null` of a type.
    pub fn null(ty: Type) -> Self {
        Value::new(Kind::Null(ty))
    }

    /// `null` of no type in particular.
    pub fn any_null() -> Self {
        Value::null(Type::Dynamic)
    }

    /// Not known until apply.
    pub fn unknown(ty: Type) -> Self {
        Value::new(Kind::Unknown(Unknown { ty, not_null: false, origin: None }))
    }

    /// Not known until apply, but sure not to be null.
    pub fn unknown_not_null(ty: Type) -> Self {
        Value::new(Kind::Unknown(Unknown { ty, not_null: true, origin: None }))
    }

    /// An unknown value says that it is the attribute of `origin`, unless it already says where it is from.
    /// Any other value stays as it is.
    pub fn from_origin(mut self, origin: impl FnOnce() -> Origin) -> Self {
        if let Kind::Unknown(u) = &mut self.kind {
            u.origin.get_or_insert_with(|| Arc::new(origin()));
        }
        self
    }

    /// Where an unknown value is from, if it is an attribute as it is.
    pub fn origin(&self) -> Option<&Origin> {
        match &self.kind {
            Kind::Unknown(u) => u.origin.as_deref(),
            _ => None,
        }
    }

    /// Text. Normalised to Unicode normal form C.
    pub fn string(text: impl AsRef<str>) -> Self {
        use unicode_normalization::{UnicodeNormalization, is_nfc};
        let text = text.as_ref();
        let text: Arc<str> =
            if text.is_ascii() || is_nfc(text) { text.into() } else { text.nfc().collect::<String>().into() };
        Value::new(Kind::String(text))
    }

    /// A list; its elements must already be of type `element`.
    pub fn list(element: Type, values: Vec<Value>) -> Self {
        Value::new(Kind::List(element, Arc::new(values)))
    }

    /// A set; sorts and drops duplicates. Marks of elements move to the whole set.
    pub fn set(element: Type, values: Vec<Value>) -> Self {
        let sensitive = values.iter().any(Value::has_sensitive);
        let mut values: Vec<Value> = values.into_iter().map(|v| v.unmark_deep()).collect();
        values.sort_by(|a, b| a.is_null().cmp(&b.is_null()).then_with(|| a.cmp(b)));
        values.dedup();
        Value::new(Kind::Set(element, Arc::new(values))).mark(sensitive)
    }

    /// A map; its elements must already be of type `element`.
    pub fn map(element: Type, values: BTreeMap<Name, Value>) -> Self {
        Value::new(Kind::Map(element, Arc::new(values)))
    }

    /// A tuple.
    pub fn tuple(values: Vec<Value>) -> Self {
        Value::new(Kind::Tuple(Arc::new(values)))
    }

    /// An object.
    pub fn object(values: impl IntoIterator<Item = (impl Into<Name>, Value)>) -> Self {
        Value::new(Kind::Object(Arc::new(by_name(values))))
    }

    /// A list of strings.
    pub fn strings<S: AsRef<str>>(values: impl IntoIterator<Item = S>) -> Self {
        Value::list(Type::String, values.into_iter().map(Value::string).collect())
    }

    /// A set of strings.
    pub fn string_set<S: AsRef<str>>(values: impl IntoIterator<Item = S>) -> Self {
        Value::set(Type::String, values.into_iter().map(Value::string).collect())
    }

    /// The same value, sensitive if it was or if `sensitive`.
    pub fn mark(mut self, sensitive: bool) -> Self {
        self.sensitive |= sensitive;
        self
    }

    /// The same value without its own mark; marks inside it stay.
    pub fn unmark(mut self) -> Self {
        self.sensitive = false;
        self
    }

    /// The same value without any mark.
    pub fn unmark_deep(&self) -> Self {
        if !self.has_sensitive() {
            return self.clone();
        }
        let all = |vs: &Vec<Value>| Arc::new(vs.iter().map(Value::unmark_deep).collect::<Vec<_>>());
        let each = |vs: &BTreeMap<Name, Value>| {
            Arc::new(vs.iter().map(|(k, v)| (k.clone(), v.unmark_deep())).collect::<BTreeMap<_, _>>())
        };
        Value::new(match &self.kind {
            Kind::List(t, vs) => Kind::List(t.clone(), all(vs)),
            Kind::Set(t, vs) => Kind::Set(t.clone(), all(vs)),
            Kind::Tuple(vs) => Kind::Tuple(all(vs)),
            Kind::Map(t, vs) => Kind::Map(t.clone(), each(vs)),
            Kind::Object(vs) => Kind::Object(each(vs)),
            other => other.clone(),
        })
    }

    /// The same object, or list or set of objects, with each attribute as `change` gives it from its
    /// name and value. Anything else stays as it is.
    pub fn map_objects(&self, change: &mut impl FnMut(&str, &Value) -> Value) -> Self {
        let mut all = |vs: &Vec<Value>| vs.iter().map(|v| v.map_objects(change)).collect::<Vec<_>>();
        let mapped = match &self.kind {
            Kind::List(t, vs) => Value::list(t.clone(), all(vs)),
            Kind::Set(t, vs) => Value::set(t.clone(), all(vs)),
            Kind::Object(vs) => Value::object(vs.iter().map(|(k, v)| (k.clone(), change(k, v)))),
            _ => return self.clone(),
        };
        mapped.mark(self.sensitive)
    }

    /// Whether the value itself is marked sensitive.
    pub fn is_sensitive(&self) -> bool {
        self.sensitive
    }

    /// Whether it or anything inside it is marked sensitive.
    pub fn has_sensitive(&self) -> bool {
        self.sensitive || self.children().any(Value::has_sensitive)
    }

    /// Whether the value itself is unknown.
    pub fn is_unknown(&self) -> bool {
        matches!(self.kind, Kind::Unknown(_))
    }

    /// Whether neither it nor anything inside it is unknown.
    pub fn is_wholly_known(&self) -> bool {
        !self.is_unknown() && self.children().all(Value::is_wholly_known)
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null(_))
    }

    /// The values directly inside it.
    pub fn children(&self) -> Box<dyn Iterator<Item = &Value> + '_> {
        match &self.kind {
            Kind::List(_, vs) | Kind::Set(_, vs) | Kind::Tuple(vs) => Box::new(vs.iter()),
            Kind::Map(_, vs) | Kind::Object(vs) => Box::new(vs.values()),
            _ => Box::new(std::iter::empty()),
        }
    }

    /// Its type.
    pub fn ty(&self) -> Type {
        match &self.kind {
            Kind::Null(t) => t.clone(),
            Kind::Bool(_) => Type::Bool,
            Kind::Number(_) => Type::Number,
            Kind::String(_) => Type::String,
            Kind::List(t, _) => Type::list(t.clone()),
            Kind::Set(t, _) => Type::set(t.clone()),
            Kind::Map(t, _) => Type::map(t.clone()),
            Kind::Tuple(vs) => Type::tuple(vs.iter().map(Value::ty).collect()),
            Kind::Object(vs) => Type::object(vs.iter().map(|(k, v)| (k.clone(), v.ty()))),
            Kind::Unknown(u) => u.ty.clone(),
        }
    }

    /// The text of a known string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(s) => Some(s),
            _ => None,
        }
    }

    /// The truth of a known bool.
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            Kind::Bool(b) => Some(b),
            _ => None,
        }
    }

    /// The known number.
    pub fn as_number(&self) -> Option<&Number> {
        match &self.kind {
            Kind::Number(n) => Some(n),
            _ => None,
        }
    }

    /// The known whole number.
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number().and_then(Number::to_i64)
    }

    /// The elements of a known list, set or tuple.
    pub fn as_elements(&self) -> Option<&[Value]> {
        match &self.kind {
            Kind::List(_, vs) | Kind::Set(_, vs) | Kind::Tuple(vs) => Some(vs),
            _ => None,
        }
    }

    /// The entries of a known map or object.
    pub fn as_entries(&self) -> Option<&BTreeMap<Name, Value>> {
        match &self.kind {
            Kind::Map(_, vs) | Kind::Object(vs) => Some(vs),
            _ => None,
        }
    }

    /// The entry `key` of a known map or object.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_entries().and_then(|e| e.get(key))
    }
}

impl From<bool> for Value {
    fn from(b: bool) -> Self {
        Value::new(Kind::Bool(b))
    }
}
impl From<Number> for Value {
    fn from(n: Number) -> Self {
        Value::new(Kind::Number(n))
    }
}
impl From<i64> for Value {
    fn from(n: i64) -> Self {
        Number::from(n).into()
    }
}
impl From<i32> for Value {
    fn from(n: i32) -> Self {
        Number::from(i64::from(n)).into()
    }
}
impl From<&str> for Value {
    fn from(s: &str) -> Self {
        Value::string(s)
    }
}
impl From<String> for Value {
    fn from(s: String) -> Self {
        Value::string(s)
    }
}
impl From<&String> for Value {
    fn from(s: &String) -> Self {
        Value::string(s)
    }
}

/// A type that a missing value of this Rust type is a null of.
pub trait HasType {
    /// The language's type.
    const TYPE: Type;
}
impl HasType for bool {
    const TYPE: Type = Type::Bool;
}
impl HasType for Number {
    const TYPE: Type = Type::Number;
}
impl HasType for i64 {
    const TYPE: Type = Type::Number;
}
impl HasType for i32 {
    const TYPE: Type = Type::Number;
}
impl HasType for &str {
    const TYPE: Type = Type::String;
}
impl HasType for String {
    const TYPE: Type = Type::String;
}
impl HasType for &String {
    const TYPE: Type = Type::String;
}

impl<T: HasType + Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::null(T::TYPE), Into::into)
    }
}

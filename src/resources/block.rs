//! Nested blocks as tables. One table gives the rows of a block, how it is read from the type in which
//! an SDK answers, and how it is written to the type that it takes; no block says that three times.

use super::row::{A, read_object, unread};
use super::tags;
use crate::schema::rows::object_type;
use crate::schema::{Attribute, Attrs, Nesting};
use crate::value::{Number, Type, Value};
use aws_sdk_ec2::types::{AttributeBooleanValue, AttributeValue, Tag};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use std::collections::HashMap;
use std::marker::PhantomData;
use std::str::FromStr;

/// What holds a part of type `T` that rows are read from.
pub trait Holds<T> {
    /// The part.
    fn held(&self) -> &T;
}

impl<T> Holds<T> for T {
    fn held(&self) -> &T {
        self
    }
}

/// Lets rows be read from parts of what holds them: `held!(Eip: address as Address);`.
macro_rules! held {
    ($live:ty: $($field:ident as $part:ty),+) => {$(
        impl $crate::resources::block::Holds<$part> for $live {
            fn held(&self) -> &$part {
                &self.$field
            }
        }
    )+};
}
pub(super) use held;

/// A nested block: made by the macro `block!`.
pub trait Block {
    /// The type in which AWS answers.
    type Out: 'static;
    /// The type that AWS takes.
    type In;

    /// Its rows and how each is read, from anything that holds the answer.
    fn columns<L: Holds<Self::Out> + 'static>() -> Vec<A<L>>;
    /// What AWS takes for a block of the layout.
    fn write(block: &Attrs) -> Self::In;

    /// Its rows.
    fn rows() -> Vec<Attribute> {
        unread(Self::columns::<Self::Out>())
    }
    /// The block that AWS answered.
    fn read(out: &Self::Out) -> Value {
        read_object(Self::columns::<Self::Out>(), out)
    }
}

/// Declares blocks in the grammar of [`table!`](super::table): `Name: Out => In { attribute: Cell [changes]; … }`.
/// `=> In, ok` is for a builder that can fail. The block is left out where it fails.
macro_rules! block {
    (@in $in:ty) => { $in };
    (@in $in:ty, $ok:ident) => { Option<$in> };
    ($($(#[$doc:meta])* $name:ident: $out:ty => $in:ty $(, $ok:ident)? {
        $($attr:ident $(= $sdk:ident)?: $cell:ty $(, $flow:ident $(($as:ident))?)* $([$($changes:tt)+])*;)*
    })*) => {$(
        $(#[$doc])*
        pub struct $name;

        impl $crate::resources::block::Block for $name {
            type Out = $out;
            type In = $crate::resources::block::block!(@in $in $(, $ok)?);

            fn columns<L: $crate::resources::block::Holds<$out> + 'static>() -> Vec<$crate::resources::spec::A<L>> {
                vec![$(
                    $crate::resources::table::flow!(@read0 (L, $cell, $attr, [$($sdk)? $attr]), [$($flow [$($as)?])*]) $($($changes)+)*
                ),*]
            }

            #[allow(unused_variables)]
            fn write(block: &$crate::schema::Attrs) -> Self::In {
                let call = <$in>::builder();
                $(let call = $crate::resources::table::flow!(@put0 create (call, block, $cell, $attr, [$($sdk)? $attr]), [$($flow [$($as)?])*]);)*
                call.build()$(.$ok())?
            }
        }
    )*};
}
pub(super) use block;

/// The name of an attribute, which in a table may be a word that Rust keeps for itself.
pub fn name(ident: &'static str) -> &'static str {
    ident.strip_prefix("r#").unwrap_or(ident)
}

/// What one row of a block holds.
pub trait Cell {
    /// The row.
    fn column<L>(name: &'static str) -> A<L>;
}

/// How a cell is read from what a getter gives.
pub trait Get<T> {
    /// The value.
    fn get(from: T) -> Value;
}

/// How a cell is written to what a setter takes.
pub trait Put<T> {
    /// The argument `name`.
    fn put(from: &Attrs, name: &str) -> T;
    /// The same where it changes, so that what is left out now has to be said.
    fn changed(from: &Attrs, name: &str) -> T {
        Self::put(from, name)
    }
}

/// A text.
pub struct Text;
/// One of the words of an enumeration.
pub struct EnumCell;
/// A whole number.
pub struct Int;
/// A whole number. Zero means none, and is sent only to remove a value.
pub struct Count;
/// A number with a fraction, in AWS too.
pub struct Real;
/// A number with a fraction that the layout writes as a text, so that "nothing" differs from zero.
pub struct RealText;
/// A whole number that the layout writes as a text.
pub struct IntText;
/// A bool.
pub struct Flag;
/// A bool that is false when it is left out.
pub struct Switch;
/// A bool that the layout writes as a text, so that "nothing" differs from false.
pub struct FlagText;
/// A whole number that the API takes as a long.
pub struct Long;
/// A whole number; zero asks for nothing.
pub struct Positive;
/// A bool; false asks for nothing.
pub struct On;
/// Texts by name, such as tags.
pub struct TextMap;
/// A moment, in RFC 3339.
pub struct TimestampCell;
/// A set of texts.
pub struct Texts;
/// Texts in order.
pub struct TextList;
/// A set of words of an enumeration.
pub struct EnumSetCell;
/// At most one block.
pub struct OptionalBlock<B>(PhantomData<B>);
/// Blocks in order.
pub struct BlockList<B>(PhantomData<B>);
/// At most one block, where AWS has a list of them.
pub struct SingleBlock<B>(PhantomData<B>);
/// Blocks whose order means nothing.
pub struct BlockSet<B>(PhantomData<B>);

macro_rules! cells {
    ($($cell:ty: $ty:expr;)*) => {$(
        impl Cell for $cell {
            fn column<L>(name: &'static str) -> A<L> {
                A::of(name, $ty)
            }
        }
    )*};
}

cells! {
    Text: Type::String;
    EnumCell: Type::String;
    Int: Type::Number;
    Real: Type::Number;
    RealText: Type::String;
    IntText: Type::String;
    Flag: Type::Bool;
    FlagText: Type::String;
    Long: Type::Number;
    On: Type::Bool;
    TextMap: Type::map(Type::String);
    TimestampCell: Type::String;
    Texts: Type::set(Type::String);
    TextList: Type::list(Type::String);
    EnumSetCell: Type::set(Type::String);
}

impl Cell for Count {
    fn column<L>(name: &'static str) -> A<L> {
        A::number(name).empty_is_null()
    }
}

impl Cell for Positive {
    fn column<L>(name: &'static str) -> A<L> {
        A::number(name).empty_is_null()
    }
}

/// The text of an argument; an empty one is none.
pub fn text(from: &Attrs, name: &str) -> Option<String> {
    from.string(name).filter(|text| !text.is_empty())
}

impl Get<Option<&str>> for Text {
    fn get(from: Option<&str>) -> Value {
        from.into()
    }
}
impl Put<Option<String>> for Text {
    fn put(from: &Attrs, name: &str) -> Option<String> {
        text(from, name)
    }
}

/// EC2's form of a text that a call changes, which may become empty.
impl Put<Option<AttributeValue>> for Text {
    fn put(from: &Attrs, name: &str) -> Option<AttributeValue> {
        Some(AttributeValue::builder().value(from.str(name).unwrap_or_default()).build())
    }
}

impl<E: AsRef<str> + ?Sized> Get<Option<&E>> for EnumCell {
    fn get(from: Option<&E>) -> Value {
        from.map(AsRef::as_ref).into()
    }
}
impl<E: for<'a> From<&'a str>> Put<Option<E>> for EnumCell {
    fn put(from: &Attrs, name: &str) -> Option<E> {
        text(from, name).map(|word| word.as_str().into())
    }
}

impl Get<Option<i32>> for Int {
    fn get(from: Option<i32>) -> Value {
        from.into()
    }
}
impl Put<Option<i32>> for Int {
    fn put(from: &Attrs, name: &str) -> Option<i32> {
        from.int(name)
    }
}
impl Get<Option<i64>> for Int {
    fn get(from: Option<i64>) -> Value {
        from.map_or(Value::null(Type::Number), Value::from)
    }
}
impl Put<Option<i64>> for Int {
    fn put(from: &Attrs, name: &str) -> Option<i64> {
        from.get(name).and_then(Value::as_i64)
    }
}

impl Get<Option<i64>> for Long {
    fn get(from: Option<i64>) -> Value {
        from.into()
    }
}
impl Put<Option<i64>> for Long {
    fn put(from: &Attrs, name: &str) -> Option<i64> {
        from.get(name).and_then(Value::as_i64)
    }
}

impl Get<Option<i32>> for Positive {
    fn get(from: Option<i32>) -> Value {
        from.into()
    }
}
impl Put<Option<i32>> for Positive {
    fn put(from: &Attrs, name: &str) -> Option<i32> {
        from.int(name).filter(|n| *n > 0)
    }
}

impl Get<Option<bool>> for On {
    fn get(from: Option<bool>) -> Value {
        from.unwrap_or(false).into()
    }
}
impl Put<Option<bool>> for On {
    fn put(from: &Attrs, name: &str) -> Option<bool> {
        from.bool(name).filter(|on| *on)
    }
}

impl Get<Option<&HashMap<String, String>>> for TextMap {
    fn get(from: Option<&HashMap<String, String>>) -> Value {
        let entries = from.into_iter().flatten().map(|(k, v)| (k.as_str().into(), v.into()));
        Value::map(Type::String, entries.collect())
    }
}
impl Put<Option<HashMap<String, String>>> for TextMap {
    fn put(from: &Attrs, name: &str) -> Option<HashMap<String, String>> {
        Some(from.string_map(name).into_iter().collect()).filter(|map: &HashMap<_, _>| !map.is_empty())
    }
}
impl Get<&[Tag]> for TextMap {
    fn get(from: &[Tag]) -> Value {
        tags::read(from)
    }
}
impl Put<Option<Vec<Tag>>> for TextMap {
    fn put(from: &Attrs, name: &str) -> Option<Vec<Tag>> {
        let tag = |(key, value)| Tag::builder().key(key).value(value).build();
        some(from.string_map(name).into_iter().map(tag).collect())
    }
}

impl<T: Into<Value> + Default> Get<Option<T>> for Count {
    fn get(from: Option<T>) -> Value {
        from.unwrap_or_default().into()
    }
}
impl<T: TryFrom<i64> + Default> Put<Option<T>> for Count {
    fn put(from: &Attrs, name: &str) -> Option<T> {
        from.get(name).and_then(Value::as_i64).filter(|n| *n != 0).and_then(|n| n.try_into().ok())
    }
    fn changed(from: &Attrs, name: &str) -> Option<T> {
        Some(Self::put(from, name).unwrap_or_default())
    }
}

impl Get<Option<f64>> for Real {
    fn get(from: Option<f64>) -> Value {
        from.and_then(Number::from_f64).map_or(Value::null(Type::Number), Value::from)
    }
}
impl Put<Option<f64>> for Real {
    fn put(from: &Attrs, name: &str) -> Option<f64> {
        from.get(name).and_then(Value::as_number).map(Number::to_f64)
    }
}

impl Get<Option<f64>> for RealText {
    fn get(from: Option<f64>) -> Value {
        from.and_then(Number::from_f64).map(|n| n.to_string()).into()
    }
}
impl Put<Option<f64>> for RealText {
    fn put(from: &Attrs, name: &str) -> Option<f64> {
        from.str(name).and_then(Number::parse).map(|n| n.to_f64())
    }
}

impl<N: ToString> Get<Option<N>> for IntText {
    fn get(from: Option<N>) -> Value {
        from.map(|n| n.to_string()).into()
    }
}
impl<N: FromStr> Put<Option<N>> for IntText {
    fn put(from: &Attrs, name: &str) -> Option<N> {
        from.str(name).and_then(|n| n.parse().ok())
    }
}

impl Get<Option<bool>> for Flag {
    fn get(from: Option<bool>) -> Value {
        from.into()
    }
}
impl Put<Option<bool>> for Flag {
    fn put(from: &Attrs, name: &str) -> Option<bool> {
        from.bool(name)
    }
    fn changed(from: &Attrs, name: &str) -> Option<bool> {
        Some(from.bool(name).unwrap_or(false))
    }
}

/// EC2's form of a bool that a call changes.
pub fn switch(on: bool) -> Option<AttributeBooleanValue> {
    Some(AttributeBooleanValue::builder().value(on).build())
}

impl Put<Option<AttributeBooleanValue>> for Flag {
    fn put(from: &Attrs, name: &str) -> Option<AttributeBooleanValue> {
        switch(from.bool(name).unwrap_or(false))
    }
}

impl Cell for Switch {
    fn column<L>(name: &'static str) -> A<L> {
        A::bool(name).default(false)
    }
}
impl Get<Option<bool>> for Switch {
    fn get(from: Option<bool>) -> Value {
        from.unwrap_or(false).into()
    }
}
impl<T> Put<T> for Switch
where
    Flag: Put<T>,
{
    fn put(from: &Attrs, name: &str) -> T {
        Flag::put(from, name)
    }
    fn changed(from: &Attrs, name: &str) -> T {
        Flag::changed(from, name)
    }
}

/// What the SDK always gives: the same as an answer that it may leave out.
macro_rules! always {
    ($($cell:ty: $ty:ty;)*) => {$(
        impl Get<$ty> for $cell {
            fn get(from: $ty) -> Value {
                <$cell as Get<Option<$ty>>>::get(Some(from))
            }
        }
    )*};
}

always! {
    Text: &str;
    Int: i32;
    Real: f64;
    Flag: bool;
    Switch: bool;
    TimestampCell: &DateTime;
}

impl<E: AsRef<str>> Get<&E> for EnumCell {
    fn get(from: &E) -> Value {
        from.as_ref().into()
    }
}

impl Get<Option<bool>> for FlagText {
    fn get(from: Option<bool>) -> Value {
        from.map(|on| on.to_string()).into()
    }
}
impl Put<Option<bool>> for FlagText {
    fn put(from: &Attrs, name: &str) -> Option<bool> {
        from.str(name).and_then(|on| on.parse().ok())
    }
}

impl Get<Option<&DateTime>> for TimestampCell {
    fn get(from: Option<&DateTime>) -> Value {
        from.and_then(|at| at.fmt(Format::DateTime).ok()).into()
    }
}
impl Put<Option<DateTime>> for TimestampCell {
    fn put(from: &Attrs, name: &str) -> Option<DateTime> {
        from.str(name).and_then(|at| DateTime::from_str(at, Format::DateTimeWithOffset).ok())
    }
}

impl Get<&[String]> for Texts {
    fn get(from: &[String]) -> Value {
        Value::string_set(from)
    }
}
impl Put<Option<Vec<String>>> for Texts {
    fn put(from: &Attrs, name: &str) -> Option<Vec<String>> {
        some(from.strings(name))
    }
}

impl Get<&[String]> for TextList {
    fn get(from: &[String]) -> Value {
        Value::strings(from)
    }
}
impl Put<Option<Vec<String>>> for TextList {
    fn put(from: &Attrs, name: &str) -> Option<Vec<String>> {
        some(from.strings(name))
    }
}

impl<E: AsRef<str>> Get<&[E]> for EnumSetCell {
    fn get(from: &[E]) -> Value {
        Value::string_set(from)
    }
}
impl<E: for<'a> From<&'a str>> Put<Option<Vec<E>>> for EnumSetCell {
    fn put(from: &Attrs, name: &str) -> Option<Vec<E>> {
        some(from.strings(name).iter().map(|word| word.as_str().into()).collect())
    }
}

impl<B: Block> Cell for OptionalBlock<B> {
    fn column<L>(name: &'static str) -> A<L> {
        A::optional_block(name, B::rows())
    }
}
impl<B: Block> Get<Option<&B::Out>> for OptionalBlock<B> {
    fn get(from: Option<&B::Out>) -> Value {
        let element = object_type(&B::rows());
        match from {
            Some(out) => Value::list(element, vec![B::read(out)]),
            None => Value::null(Type::list(element)),
        }
    }
}
impl<B: Block<In: Into<Option<T>>>, T> Put<Option<T>> for OptionalBlock<B> {
    fn put(from: &Attrs, name: &str) -> Option<T> {
        from.blocks(name).first().and_then(|block| B::write(block).into())
    }
}

impl<B: Block> Cell for SingleBlock<B> {
    fn column<L>(name: &'static str) -> A<L> {
        OptionalBlock::<B>::column(name)
    }
}
impl<B: Block> Get<&[B::Out]> for SingleBlock<B> {
    fn get(from: &[B::Out]) -> Value {
        OptionalBlock::<B>::get(from.first())
    }
}
impl<B: Block<In: Into<Option<T>>>, T> Put<Option<Vec<T>>> for SingleBlock<B> {
    fn put(from: &Attrs, name: &str) -> Option<Vec<T>> {
        OptionalBlock::<B>::put(from, name).map(|block| vec![block])
    }
}

impl<B: Block> Cell for BlockList<B> {
    fn column<L>(name: &'static str) -> A<L> {
        A::block(name, Nesting::List, B::rows())
    }
}
impl<B: Block> Get<&[B::Out]> for BlockList<B> {
    fn get(from: &[B::Out]) -> Value {
        Value::list(object_type(&B::rows()), from.iter().map(B::read).collect())
    }
}
impl<B: Block> Get<Option<&B::Out>> for BlockList<B> {
    fn get(from: Option<&B::Out>) -> Value {
        Self::get(from.map_or(&[][..], std::slice::from_ref))
    }
}
impl<B: Block<In: Into<Option<T>>>, T> Put<Option<Vec<T>>> for BlockList<B> {
    fn put(from: &Attrs, name: &str) -> Option<Vec<T>> {
        some(from.blocks(name).iter().filter_map(|block| B::write(block).into()).collect())
    }
}

impl<B: Block> Cell for BlockSet<B> {
    fn column<L>(name: &'static str) -> A<L> {
        A::block(name, Nesting::Set, B::rows())
    }
}
impl<B: Block> Get<&[B::Out]> for BlockSet<B> {
    fn get(from: &[B::Out]) -> Value {
        Value::set(object_type(&B::rows()), from.iter().map(B::read).collect())
    }
}
impl<B: Block<In: Into<Option<T>>>, T> Put<Option<Vec<T>>> for BlockSet<B> {
    fn put(from: &Attrs, name: &str) -> Option<Vec<T>> {
        some(from.blocks(name).iter().filter_map(|block| B::write(block).into()).collect())
    }
}

/// None for nothing: AWS refuses empty lists in many places.
pub fn some<T>(all: Vec<T>) -> Option<Vec<T>> {
    Some(all).filter(|all| !all.is_empty())
}

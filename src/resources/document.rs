//! Types of services without a crate of their own, as tables: what `table!` is for types of the SDK. An object is JSON,
//! and each row names its member there: `Subnets.Subnet` for an element of a list in XML.
//!
//! ```text
//! document! {
//!     Rows {
//!         name = "QueueName": Text [.required().force_new()];               // read and written by `create`
//!         description = "Description": Text, read, create, modify;
//!         arn = "Arn": Text, read [.computed()];
//!         logs = "Enable.member": Texts, read("Enabled.member"), create;    // an answer names it otherwise
//!         iops = "Iops": Int, pending, make, modify;                        // read as it will be, in all that make one
//!     }
//! }
//! ```
//!
//! A change of a row with the word `silent` needs no call. Where several calls make an object, each further one has a
//! word, by which [`Document::making`] fills it: `replica`, `restore`, `rewind` and `import`; `make` is all of them and
//! `create`.

use super::block::{
    Cell, Count, Flag, FlagText, Holds, Int, IntText, Positive, Real, RealText, Switch, Text, TextList, TextMap, Texts,
    TimestampCell,
};
use super::row::read_object;
use super::spec::{A, unread};
use super::ways::{self, Entry};
use crate::aws::api::{items, member, member_text};
use crate::schema::rows::object_type;
use crate::schema::{Attribute, Attrs, Change, Nesting};
use crate::value::{Number, Type, Value};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use serde_json::{Map, Value as Json, json};
use std::marker::PhantomData;

/// The rows of a type: made by the macro `document!`.
pub trait Document {
    /// The rows and how each is read, from anything that holds the object.
    fn rows<L: Holds<Json> + 'static>() -> Vec<A<L>>;
    /// How each row goes into calls.
    fn entries() -> &'static [Entry];

    /// The members of the create call.
    fn create(want: &Attrs) -> Json {
        Self::making("create", want)
    }
    /// The members of another call that makes an object, by the word that its rows have for it.
    fn making(word: &str, want: &Attrs) -> Json {
        ways::making(Self::entries(), word, want).into()
    }
    /// The members of the call that changes an object; none where nothing of it changes.
    fn modify(change: &mut Change<'_>) -> Option<Json> {
        ways::modified(Self::entries(), change).filter(|call| !call.is_empty()).map(Into::into)
    }
    /// The same for an API to which an empty text is wrong: what is left out now is not in the call.
    fn filled(change: &mut Change<'_>) -> Option<Json> {
        let mut call = ways::modified(Self::entries(), change)?;
        call.retain(|_, value| value.as_str() != Some(""));
        Some(call.into())
    }
    /// The same with all members of that call, for an API that replaces all of them.
    fn whole(change: &mut Change<'_>) -> Option<Json> {
        ways::whole(Self::entries(), change).map(Into::into)
    }
}

/// Declares the rows of a type, see the head of this module.
macro_rules! document {
    (@ways $($flow:ident $(($as:literal))?)*) => { &[$((stringify!($flow), concat!("" $(, $as)?))),*] };
    ($(#[$doc:meta])* $vis:vis $name:ident {
        $($attr:ident = $path:literal: $cell:ty $(, $flow:ident $(($as:literal))?)* $([$($changes:tt)+])*;)*
    }) => {
        $(#[$doc])*
        $vis struct $name;

        impl $crate::resources::document::Document for $name {
            fn rows<L: $crate::resources::block::Holds<serde_json::Value> + 'static>() -> Vec<$crate::resources::spec::A<L>> {
                vec![$({
                    const WAYS: $crate::resources::ways::Ways = $crate::resources::document::document!(@ways $($flow $(($as))?)*);
                    let mut row = <$cell as $crate::resources::block::Cell>::column::<L>($crate::resources::block::name(stringify!($attr)));
                    if $crate::resources::ways::is_read(WAYS) {
                        row = row.read(|live: &L| {
                            $crate::resources::ways::read::<$cell>($crate::resources::block::Holds::held(live), $path, WAYS)
                        });
                    }
                    row $($($changes)+)*
                }),*]
            }

            fn entries() -> &'static [$crate::resources::ways::Entry] {
                const ALL: &[$crate::resources::ways::Entry] = &[$($crate::resources::ways::Entry {
                    name: stringify!($attr),
                    path: $path,
                    ways: $crate::resources::document::document!(@ways $($flow $(($as))?)*),
                    put: <$cell as $crate::resources::document::Member>::put,
                    changed: <$cell as $crate::resources::document::Member>::changed,
                }),*];
                ALL
            }
        }
    };
}
pub(super) use document;

/// At most one block.
pub struct One<D>(PhantomData<D>);
/// At most one block, where AWS has a list of them.
pub struct Sole<D>(PhantomData<D>);
/// At most one block, which says something by being there, though it is empty.
pub struct Mark<D>(PhantomData<D>);
/// Blocks in order.
pub struct Many<D>(PhantomData<D>);
/// Blocks whose order means nothing.
pub struct Unordered<D>(PhantomData<D>);
/// Blocks whose order means nothing, where AWS has a map: of `Key` to `Value`, as the rows of the block call them.
pub struct Keyed<D>(PhantomData<D>);
/// Numbers by name.
pub struct NumberMap;
/// A set of whole numbers.
pub struct IntSet;

fn inner<D: Document>() -> Vec<Attribute> {
    unread(D::rows::<Json>())
}

fn block<D: Document>(object: &Json) -> Value {
    read_object(D::rows::<Json>(), object)
}

fn written<D: Document>(want: &Attrs, name: &str) -> Vec<Json> {
    want.blocks(name).iter().map(D::create).collect()
}

/// Whether no member holds anything.
fn is_hollow(object: &Json) -> bool {
    let empty = |value: &Json| match value {
        Json::Object(all) => all.is_empty(),
        Json::Array(all) => all.is_empty(),
        Json::String(text) => text.is_empty(),
        other => other.is_null(),
    };
    object.as_object().is_some_and(|all| all.values().all(empty))
}

impl<D: Document> Cell for One<D> {
    fn column<L>(name: &'static str) -> A<L> {
        A::optional_block(name, inner::<D>())
    }
}
impl<D: Document> Member for One<D> {
    fn get(object: &Json, path: &str) -> Value {
        let element = object_type(&inner::<D>());
        match items(object, path).first().filter(|found| !is_hollow(found)) {
            Some(found) => Value::list(element, vec![block::<D>(found)]),
            None => Value::null(Type::list(element)),
        }
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        written::<D>(want, name).into_iter().next()
    }
}

impl<D: Document> Cell for Sole<D> {
    fn column<L>(name: &'static str) -> A<L> {
        One::<D>::column(name)
    }
}
impl<D: Document> Member for Sole<D> {
    fn get(object: &Json, path: &str) -> Value {
        One::<D>::get(object, path)
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        One::<D>::put(want, name).map(|one| json!([one]))
    }
}

impl<D: Document> Cell for Mark<D> {
    fn column<L>(name: &'static str) -> A<L> {
        One::<D>::column(name)
    }
}
impl<D: Document> Member for Mark<D> {
    fn get(object: &Json, path: &str) -> Value {
        let found = Many::<D>::get(object, path);
        if found.as_elements() == Some(&[]) { One::<D>::get(&Json::Null, path) } else { found }
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        One::<D>::put(want, name)
    }
}

impl<D: Document> Cell for Many<D> {
    fn column<L>(name: &'static str) -> A<L> {
        A::block(name, Nesting::List, inner::<D>())
    }
}
impl<D: Document> Member for Many<D> {
    fn get(object: &Json, path: &str) -> Value {
        Value::list(object_type(&inner::<D>()), items(object, path).iter().map(block::<D>).collect())
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        Some(written::<D>(want, name)).filter(|all| !all.is_empty()).map(Json::from)
    }
    fn changed(want: &Attrs, name: &str) -> Option<Json> {
        Some(written::<D>(want, name).into())
    }
}

impl<D: Document> Cell for Unordered<D> {
    fn column<L>(name: &'static str) -> A<L> {
        A::block(name, Nesting::Set, inner::<D>())
    }
}
impl<D: Document> Member for Unordered<D> {
    fn get(object: &Json, path: &str) -> Value {
        Value::set(object_type(&inner::<D>()), items(object, path).iter().map(block::<D>).collect())
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        Many::<D>::put(want, name)
    }
    fn changed(want: &Attrs, name: &str) -> Option<Json> {
        Many::<D>::changed(want, name)
    }
}

impl<D: Document> Cell for Keyed<D> {
    fn column<L>(name: &'static str) -> A<L> {
        Unordered::<D>::column(name)
    }
}
impl<D: Document> Member for Keyed<D> {
    fn get(object: &Json, path: &str) -> Value {
        let all = member(object, path).and_then(Json::as_object);
        let pairs = all.into_iter().flatten().map(|(key, value)| block::<D>(&json!({"Key": key, "Value": value})));
        Value::set(object_type(&inner::<D>()), pairs.collect())
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        let pair = |mut one: Json| Some((one["Key"].as_str()?.to_owned(), one["Value"].take()));
        let all: Map<String, Json> = written::<D>(want, name).into_iter().filter_map(pair).collect();
        Some(all).filter(|all| !all.is_empty()).map(Json::from)
    }
}

impl Cell for IntSet {
    fn column<L>(name: &'static str) -> A<L> {
        A::of(name, Type::set(Type::Number))
    }
}
impl Member for IntSet {
    fn get(object: &Json, path: &str) -> Value {
        let all = items(object, path);
        Value::set(Type::Number, all.iter().filter_map(Json::as_i64).map(Value::from).collect())
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        let all: Vec<i64> = want.elements(name).iter().filter_map(Value::as_i64).collect();
        Some(all).filter(|all| !all.is_empty()).map(Json::from)
    }
}

impl Member for FlagText {
    fn get(object: &Json, path: &str) -> Value {
        Text::get(object, path)
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        want.str(name).and_then(|text| text.parse::<bool>().ok()).map(Json::from)
    }
}

impl Cell for NumberMap {
    fn column<L>(name: &'static str) -> A<L> {
        A::of(name, Type::map(Type::Number))
    }
}
impl Member for NumberMap {
    fn get(object: &Json, path: &str) -> Value {
        let all = member(object, path).and_then(Json::as_object);
        let number = |v: &Json| Number::parse(&v.to_string()).map(Value::from);
        let entries = all.into_iter().flatten().filter_map(|(k, v)| Some((k.as_str().into(), number(v)?)));
        Value::map(Type::Number, entries.collect())
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        let all = want.get(name).and_then(Value::as_entries)?;
        let number = |v: &Value| v.as_number().map(|n| Json::from(n.to_f64()));
        let all: Map<String, Json> = all.iter().filter_map(|(k, v)| Some((k.to_string(), number(v)?))).collect();
        Some(all).filter(|all| !all.is_empty()).map(Json::from)
    }
}

impl Member for Real {
    fn get(object: &Json, path: &str) -> Value {
        Int::get(object, path)
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        let number = want.get(name).and_then(Value::as_number)?.to_f64();
        Some(if number.fract() == 0.0 { Int::put(want, name)? } else { number.into() })
    }
}

impl Member for IntText {
    fn get(object: &Json, path: &str) -> Value {
        Text::get(object, path)
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        want.str(name).and_then(|text| text.parse::<i64>().ok()).map(Json::from)
    }
}

impl Member for RealText {
    fn get(object: &Json, path: &str) -> Value {
        Int::get(object, path).as_number().map(Number::to_string).into()
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        want.str(name).and_then(|text| text.parse::<f64>().ok()).map(Json::from)
    }
}

/// The moment that a member has: seconds since 1970 in JSON, in XML a text (RFC 3339).
pub fn moment(object: &Json, path: &str) -> Option<DateTime> {
    let seconds = member(object, path).and_then(Json::as_f64);
    let text = || DateTime::from_str(&member_text(object, path)?, Format::DateTimeWithOffset).ok();
    seconds.map(|at| DateTime::from_secs_f64(at.trunc())).or_else(text)
}

impl Member for TimestampCell {
    fn get(object: &Json, path: &str) -> Value {
        let text = moment(object, path).and_then(|at| at.fmt(Format::DateTime).ok());
        text.or_else(|| member_text(object, path)).into()
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        let at = DateTime::from_str(want.str(name)?, Format::DateTimeWithOffset).ok()?;
        Some(at.secs().into())
    }
}

/// A moment that its service writes as a text.
pub struct MomentText;

impl Cell for MomentText {
    fn column<L>(name: &'static str) -> A<L> {
        TimestampCell::column(name)
    }
}

impl Member for MomentText {
    fn get(object: &Json, path: &str) -> Value {
        TimestampCell::get(object, path)
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        let at = DateTime::from_str(want.str(name)?, Format::DateTimeWithOffset).ok()?;
        at.fmt(Format::DateTime).ok().map(Json::from)
    }
}

/// Puts a member at a path of names.
pub fn put(call: &mut Map<String, Json>, path: &str, value: Option<Json>) {
    let Some(value) = value else { return };
    match path.split_once('.') {
        None => drop(call.insert(path.to_owned(), value)),
        Some((first, rest)) => {
            let below = call.entry(first).or_insert_with(|| Map::new().into());
            if let Json::Object(members) = below {
                put(members, rest, Some(value));
            }
        }
    }
}

/// The value of a member.
pub fn at<M: Member>(object: &Json, path: &str) -> Value {
    M::get(object, path)
}

/// A cell as a member of JSON.
pub trait Member: Cell {
    /// The value of the member at `path`.
    fn get(object: &Json, path: &str) -> Value;
    /// The member for the argument `name`; none where it is left out.
    fn put(want: &Attrs, name: &str) -> Option<Json>;
    /// The same where it changes, so that what is left out now has to be said.
    fn changed(want: &Attrs, name: &str) -> Option<Json> {
        Self::put(want, name)
    }
}

impl Member for Text {
    fn get(object: &Json, path: &str) -> Value {
        member_text(object, path).into()
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        super::block::text(want, name).map(Json::from)
    }
    fn changed(want: &Attrs, name: &str) -> Option<Json> {
        Some(want.str(name).unwrap_or_default().into())
    }
}

impl Member for Int {
    fn get(object: &Json, path: &str) -> Value {
        let number = member_text(object, path).and_then(|text| Number::parse(&text));
        number.map_or(Value::null(Type::Number), Value::from)
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        want.get(name).and_then(Value::as_i64).map(Json::from)
    }
}

impl Member for Count {
    fn get(object: &Json, path: &str) -> Value {
        Some(Int::get(object, path)).filter(|number| !number.is_null()).unwrap_or_else(|| 0.into())
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        Int::put(want, name).filter(|number| number != 0)
    }
    fn changed(want: &Attrs, name: &str) -> Option<Json> {
        Some(Self::put(want, name).unwrap_or_else(|| 0.into()))
    }
}

impl Member for Positive {
    fn get(object: &Json, path: &str) -> Value {
        Int::get(object, path)
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        Int::put(want, name).filter(|number| number.as_i64() > Some(0))
    }
}

impl Member for Flag {
    fn get(object: &Json, path: &str) -> Value {
        member_text(object, path).and_then(|text| text.parse::<bool>().ok()).into()
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        want.bool(name).map(Json::from)
    }
    fn changed(want: &Attrs, name: &str) -> Option<Json> {
        Some(want.bool(name).unwrap_or(false).into())
    }
}

impl Member for Switch {
    fn get(object: &Json, path: &str) -> Value {
        (member_text(object, path).as_deref() == Some("true")).into()
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        Flag::put(want, name)
    }
    fn changed(want: &Attrs, name: &str) -> Option<Json> {
        Flag::changed(want, name)
    }
}

fn texts(object: &Json, path: &str) -> Vec<String> {
    items(object, path).iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

fn put_texts(want: &Attrs, name: &str) -> Option<Json> {
    Some(want.strings(name)).filter(|all| !all.is_empty()).map(Json::from)
}

impl Member for Texts {
    fn get(object: &Json, path: &str) -> Value {
        Value::string_set(texts(object, path))
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        put_texts(want, name)
    }
    fn changed(want: &Attrs, name: &str) -> Option<Json> {
        Some(want.strings(name).into())
    }
}

impl Member for TextList {
    fn get(object: &Json, path: &str) -> Value {
        Value::strings(texts(object, path))
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        put_texts(want, name)
    }
    fn changed(want: &Attrs, name: &str) -> Option<Json> {
        Some(want.strings(name).into())
    }
}

impl Member for TextMap {
    fn get(object: &Json, path: &str) -> Value {
        let all = member(object, path).and_then(Json::as_object);
        let entries = all.into_iter().flatten().filter_map(|(k, v)| Some((k.as_str().into(), v.as_str()?.into())));
        Value::map(Type::String, entries.collect())
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        let all: Map<String, Json> = want.string_map(name).into_iter().map(|(k, v)| (k, v.into())).collect();
        Some(all).filter(|all| !all.is_empty()).map(Json::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    document! {
        Rows {
            name = "Name": Text [.required()];
            ids = "Subnets.Id": Texts, read, create, modify;
            size = "Size": Int, read, create, modify;
            arn = "Arn": Text, read [.computed()];
        }
    }

    document! {
        Range {
            from = "From": Int [.required()];
            share = "Share": RealText;
        }
    }
    document! {
        Named {
            key = "Key": Text;
            range = "Value": One<Range>;
        }
    }
    document! {
        Nested {
            one = "Part.One": One<Range>;
            many = "Many": Many<Range>;
            named = "Named": Keyed<Named>;
            at = "At": TimestampCell, read [.computed()];
            since = "Since": MomentText;
            ids = "Ids": IntSet;
        }
    }

    #[test]
    fn blocks_and_maps_are_members() {
        let live = json!({"Part": {"One": {"From": 1, "Share": 0.5}}, "Many": [{"From": 2}],
            "Named": {"a": {"From": 3}}, "At": 1_700_000_000.5, "Since": "2030-01-31T00:00:00Z", "Ids": [6]});
        let rows = Nested::rows::<Json>();
        let read: Attrs = rows.iter().map(|row| (row.row.name, (row.read.unwrap())(&live))).collect();
        assert_eq!(read.blocks("one")[0].str("share"), Some("0.5"));
        assert_eq!(read.str("at"), Some("2023-11-14T22:13:20Z"));
        let mut expected = live;
        expected.as_object_mut().unwrap().remove("At");
        assert_eq!(Nested::create(&read), expected);
        let empty = json!({"Part": {"One": {"From": null}}});
        assert_eq!(at::<One<Range>>(&empty, "Part.One").as_elements(), None);
    }

    #[test]
    fn a_row_goes_where_its_words_say() {
        let want = Attrs::default().with("name", "n").with("ids", Value::string_set(["a"])).with("size", 3_i64);
        assert_eq!(Rows::create(&want), json!({"Name": "n", "Subnets": {"Id": ["a"]}, "Size": 3}));
        let live = json!({"Name": "n", "Subnets": {"Id": "a"}, "Size": "3", "Arn": "arn:x"});
        let read: Vec<Value> = Rows::rows::<Json>().iter().map(|row| (row.read.unwrap())(&live)).collect();
        assert_eq!(read[1], Value::string_set(["a"]));
        assert_eq!(read[2], 3_i64.into());
        assert_eq!(read[3], "arn:x".into());
    }
}

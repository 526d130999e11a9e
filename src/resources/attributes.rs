//! Settings that a service keeps as attributes by names of its own, all of them texts: of topics and subscriptions in SNS,
//! of queues in SQS. One table says of each argument under which name the service has it.

use crate::resources::prelude::*;
use crate::value::Number;
use std::collections::HashMap;

/// Attributes by AWS's names.
pub type Attributes = HashMap<String, String>;
/// Arguments with the names that AWS has for them.
pub type Names = [(&'static str, &'static str)];

/// How a cell is read from the text that the service gives.
pub trait Said: Cell {
    /// The value.
    fn said(text: Option<&str>) -> Value;
}

impl Said for Text {
    fn said(text: Option<&str>) -> Value {
        text.into()
    }
}
impl Said for Int {
    fn said(text: Option<&str>) -> Value {
        text.and_then(Number::parse).into()
    }
}
impl Said for Flag {
    fn said(text: Option<&str>) -> Value {
        text.is_some_and(|text| text.eq_ignore_ascii_case("true")).into()
    }
}
impl Said for Switch {
    fn said(text: Option<&str>) -> Value {
        Flag::said(text)
    }
}

/// The attribute of this name; an empty text is none.
pub fn read<C: Said>(all: &Attributes, name: &str) -> Value {
    C::said(all.get(name).map(String::as_str).filter(|text| !text.is_empty()))
}

/// A value as the service takes it.
pub fn text(value: &Value) -> Option<String> {
    let number = || value.as_i64().map(|n| n.to_string());
    let truth = || value.as_bool().map(|b| b.to_string());
    value.as_str().map(str::to_owned).or_else(number).or_else(truth)
}

/// What the layout gives of `names` to the call that makes an object; none rather than nothing.
pub fn given(want: &Attrs, names: impl IntoIterator<Item = (&'static str, &'static str)>) -> Option<Attributes> {
    let of = |(argument, name): (&str, &str)| {
        let value = want.get(argument).and_then(text).filter(|text| !text.is_empty() && text != "false");
        value.map(|value| (name.to_owned(), value))
    };
    Some(names.into_iter().filter_map(of).collect()).filter(|all: &Attributes| !all.is_empty())
}

/// Declares `rows()` of what has `attributes`, and the `NAMES` of those that can be set.
macro_rules! attributes {
    ($live:ty: $($argument:ident = $name:literal: $cell:ty $([$($changes:tt)+])*;)*) => {
        const NAMES: &$crate::resources::attributes::Names = &[$((stringify!($argument), $name)),*];

        fn rows() -> Vec<$crate::resources::spec::A<$live>> {
            vec![$(
                <$cell as $crate::resources::block::Cell>::column::<$live>(stringify!($argument))
                    .read(|live| $crate::resources::attributes::read::<$cell>(&live.attributes, $name))
                    $($($changes)+)*
            ),*]
        }
    };
}
pub(super) use attributes;

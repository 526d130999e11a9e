//! The common part of the types of the family: objects that EC2 lists without paging, or as an entry of something else.

use crate::resources::prelude::*;
use aws_sdk_ec2::types::Filter;
use std::ops::Deref;

/// The filters by which EC2 finds objects, by those arguments of the natural key that are given.
pub fn filters(which: Which<'_>, id: &str, key: &[(&str, &str)]) -> Vec<Vec<Filter>> {
    let given = |(_, name): &&(&str, &str)| matches!(which, Which::NaturalKey(want) if want.is_set(name));
    tags::filters(which, id, &key.iter().filter(given).copied().collect::<Vec<_>>())
}

/// Lets rows be read from the options of an object, though it may have none.
macro_rules! options {
    ($live:ty, $options:ident, $of:expr) => {
        impl $crate::resources::block::Holds<$options> for $live {
            fn held(&self) -> &$options {
                static NONE: std::sync::LazyLock<$options> = std::sync::LazyLock::new(|| $options::builder().build());
                let of: fn(&$live) -> Option<&$options> = $of;
                of(self).unwrap_or(&NONE)
            }
        }
    };
}
pub(super) use options;

/// How far an object is, by AWS's word for it.
pub fn progress<S: AsRef<str>>(state: Option<S>) -> Progress {
    match state.as_ref().map(AsRef::as_ref) {
        None | Some("available" | "associated" | "enabled" | "active" | "blackhole" | "attached") => Progress::Ready,
        Some("deleted" | "disassociated" | "disabled" | "detached") => Progress::Gone,
        Some(other) => Progress::Pending(other.into()),
    }
}

/// A switch that AWS spells `enable` and `disable`.
pub fn switch(value: &Value) -> Result<(), String> {
    checks::one_of(value, &["enable", "disable"])
}

/// A switch with a default.
macro_rules! switches {
    ($($(#[$doc:meta])* $name:ident: $default:literal;)*) => {$(
        $(#[$doc])*
        pub struct $name;

        impl Cell for $name {
            fn column<L>(name: &'static str) -> A<L> {
                A::string(name).default($default).check(switch)
            }
        }
        impl<E: AsRef<str>> Get<Option<&E>> for $name {
            fn get(from: Option<&E>) -> Value {
                from.map_or($default, AsRef::as_ref).into()
            }
        }
        impl<E: for<'a> From<&'a str>> Put<Option<E>> for $name {
            fn put(from: &Attrs, name: &str) -> Option<E> {
                EnumCell::put(from, name)
            }
        }
    )*};
}

switches! {
    /// One that is on where the layout does not say.
    Enabled: "enable";
    /// One that is off where the layout does not say.
    Disabled: "disable";
}

/// An entry that AWS lists with what it is in: a route with its table.
pub struct In<T> {
    whole: String,
    entry: T,
}

impl<T> In<T> {
    /// The entry of this whole.
    pub fn new(whole: impl Into<String>, entry: T) -> Self {
        In { whole: whole.into(), entry }
    }

    /// The id of what it is in.
    pub fn whole(&self) -> &str {
        &self.whole
    }
}

impl<T> Deref for In<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.entry
    }
}

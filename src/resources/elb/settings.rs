//! The attributes of balancers, target groups and listeners: texts by key. A table says of each argument its type,
//! what it is when nobody sets it, and its key.

use crate::aws::api::services::ELB_V2;
use crate::aws::api::{items, member_text};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};
use std::collections::HashMap;

/// The attributes of an object.
#[derive(Debug, Clone, Default)]
pub struct Settings(HashMap<String, String>);

/// Attributes as keys and values.
pub type Pairs = Vec<(String, String)>;

impl Settings {
    /// Those that an answer lists.
    pub fn of(answer: &Json) -> Self {
        let pair = |a: &Json| Some((member_text(a, "Key")?, member_text(a, "Value").unwrap_or_default()));
        Settings(items(answer, "Attributes.member").iter().filter_map(pair).collect())
    }

    /// The text of a key; none where the object has no such attribute.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// The text of a key as a value.
    pub fn string(&self, key: &str) -> Value {
        self.text(key).into()
    }

    /// The truth of a key.
    pub fn bool(&self, key: &str) -> Value {
        self.text(key).and_then(|text| text.parse::<bool>().ok()).into()
    }

    /// The number of a key.
    pub fn number(&self, key: &str) -> Value {
        self.text(key).and_then(|text| text.parse::<i64>().ok()).map_or(Value::null(Type::Number), Value::from)
    }

    /// Without the keys of what the object has not, though AWS lists them.
    pub fn without(mut self, has_not: impl Fn(&str) -> bool) -> Self {
        self.0.retain(|key, _| !has_not(key));
        self
    }
}

/// Sets attributes, if any, by this operation, of the object whose ARN is this member.
pub async fn set(aws: &Aws, operation: &'static str, (arn, id): (&str, &str), pairs: Pairs) -> Result<()> {
    if pairs.is_empty() {
        return Ok(());
    }
    let all: Vec<Json> = pairs.into_iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect();
    done(aws.write.api.call(&ELB_V2, operation, json!({arn: id, "Attributes": {"member": all}})).await)
}

/// Declares arguments that are attributes: `name: type(default) [changes] = key;`. What an object has not reads as
/// the default, so that it never differs.
macro_rules! settings {
    ($($(#[$doc:meta])* $name:ident {
        $($attr:ident: $kind:ident $(($default:expr))? $([$($changes:tt)+])* = $key:expr;)*
    })*) => {$(
        $(#[$doc])*
        pub struct $name;

        impl $name {
            /// The arguments and their keys.
            pub const KEYS: &[(&str, &str)] = &[$((stringify!($attr), $key)),*];

            /// The rows and how each is read, from anything that holds the attributes.
            pub fn columns<L: $crate::resources::block::Holds<$crate::resources::elb::settings::Settings>>(
            ) -> Vec<$crate::resources::spec::A<L>> {
                vec![$(
                    $crate::resources::elb::settings::settings!(@row L, $attr, $kind, ($($default)?), $key)
                        $($($changes)+)*
                ),*]
            }
        }
    )*};
    (@row $l:ident, $attr:ident, $kind:ident, (), $key:expr) => {
        $crate::resources::spec::A::<$l>::$kind(stringify!($attr))
            .read(|live: &$l| $crate::resources::block::Holds::held(live).$kind($key))
    };
    (@row $l:ident, $attr:ident, $kind:ident, ($default:expr), $key:expr) => {
        $crate::resources::spec::A::<$l>::$kind(stringify!($attr)).default($default).read(|live: &$l| {
            let value = $crate::resources::block::Holds::held(live).$kind($key);
            if value.is_null() { $default.into() } else { value }
        })
    };
}
pub(super) use settings;

/// The attributes that a change sets.
pub fn changed(keys: &[(&str, &str)], change: &mut Change<'_>) -> Pairs {
    let one = |(name, key): &(&str, &str)| Some(((*key).to_owned(), plain(change.take(name)?)));
    keys.iter().filter_map(one).collect()
}

/// The attributes that a block sets.
pub fn write(keys: &[(&str, &str)], block: &Attrs) -> Pairs {
    let pair = |(name, key): &(&str, &str)| ((*key).to_owned(), block.get(name).map(plain).unwrap_or_default());
    keys.iter().map(pair).collect()
}

/// A value as the text that an attribute takes; empty for nothing.
pub fn plain(value: &Value) -> String {
    match (value.as_str(), value.as_bool(), value.as_number()) {
        (Some(text), _, _) => text.to_owned(),
        (_, Some(on), _) => on.to_string(),
        (_, _, Some(number)) => number.to_string(),
        _ => String::new(),
    }
}

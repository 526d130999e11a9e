//! The common part of the types of the family: objects that EC2 lists without paging, without an ARN or as an entry of
//! something else, and ids that are made of two arguments.

use crate::resources::prelude::*;
use aws_sdk_ec2::types::Filter;
use std::collections::BTreeSet;
use std::ops::Deref;

/// All items of a call that does not page, made once per batch of filters.
pub async fn unpaged<T, F>(batches: Vec<Vec<Filter>>, call: impl Fn(Option<Vec<Filter>>) -> F) -> Result<Vec<T>>
where
    F: Future<Output = Result<Option<Vec<T>>>>,
{
    let call = |filters: Vec<Filter>| call(Some(filters).filter(|f| !f.is_empty()));
    Ok(each(batches, call).await?.into_iter().flatten().flatten().collect())
}

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

/// What leaves and what enters a set of texts, if it changes.
pub fn moved(change: &mut Change<'_>, name: &str) -> Option<[Option<Vec<String>>; 2]> {
    let (removed, added) = change.take_elements(name)?;
    let texts = |all: Vec<Value>| Some(all.iter().filter_map(Value::as_str).map(str::to_owned).collect());
    Some([removed, added].map(|all| texts(all).filter(|all: &Vec<_>| !all.is_empty())))
}

/// An object with its ARN, which EC2 does not give.
pub struct WithArn<T> {
    object: T,
    arn: String,
}

impl<T> WithArn<T> {
    /// Objects of this kind, by their ids.
    pub fn all(aws: &Aws, kind: &str, found: Vec<T>, id: fn(&T) -> Option<&str>) -> Vec<Self> {
        let arn = |object: &T| aws.ec2_arn(&format!("{kind}/{}", id(object).unwrap_or_default()));
        found.into_iter().map(|object| WithArn { arn: arn(&object), object }).collect()
    }

    /// The ARN.
    pub fn arn(&self) -> &str {
        &self.arn
    }
}

impl<T> Deref for WithArn<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.object
    }
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

/// An id that is made of two arguments.
pub struct Pair {
    /// The arguments.
    pub names: [&'static str; 2],
    /// The content of each of them.
    pub marks: [&'static str; 2],
    /// What stands between them.
    pub between: char,
}

impl Pair {
    /// The id of what these arguments name.
    pub fn id(&self, attrs: &Attrs) -> String {
        let [first, second] = self.names.map(|name| attrs.str(name).unwrap_or_default());
        self.join(first, second)
    }

    /// The id of these two.
    pub fn join(&self, first: &str, second: &str) -> String {
        format!("{first}{}{second}", self.between)
    }

    /// The ids that are asked for.
    pub fn asked(&self, which: Which<'_>) -> Vec<String> {
        match which {
            Which::Ids(ids) => ids.to_vec(),
            Which::Token(_) => Vec::new(),
            Which::NaturalKey(want) => vec![self.id(want)],
        }
    }

    /// One half of each id, 0 or 1, each once.
    pub fn parts(&self, ids: &[String], half: usize) -> Vec<String> {
        let parts = ids.iter().filter_map(|id| id.rsplit_once(self.between)).map(|(a, b)| [a, b][half].to_owned());
        parts.collect::<BTreeSet<String>>().into_iter().collect()
    }

    /// The arguments that an id stands for.
    pub fn parse(&self, id: &str) -> Option<Vec<(&'static str, Value)>> {
        let (first, second) = id.rsplit_once(self.between)?;
        let all = [(self.names[0], first, self.marks[0]), (self.names[1], second, self.marks[1])];
        let fits = all.iter().all(|(_, text, mark)| text.contains(mark));
        fits.then(|| all.into_iter().map(|(name, text, _)| (name, text.into())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_two_stands_for_both_in_their_order() {
        let pair = Pair { names: ["a", "b"], marks: ["vgw-", "vpc-"], between: '_' };
        assert_eq!(pair.parse("vgw-1_vpc-1"), Some(vec![("a", "vgw-1".into()), ("b", "vpc-1".into())]));
        assert_eq!(pair.parse("vpc-1_vgw-1"), None);
        assert_eq!(pair.parse("vgw-1"), None);
        assert_eq!(pair.parts(&["vgw-1_vpc-1".into(), "vgw-1_vpc-2".into()], 0), ["vgw-1"]);
        let route = Pair { names: ["a", "b"], marks: ["/", "vpn-"], between: ':' };
        assert_eq!(route.parse("2001:db8::/32:vpn-1").map(|args| args[0].1.clone()), Some("2001:db8::/32".into()));
        assert_eq!(route.id(&Attrs::default().with("a", "10.0.0.0/8").with("b", "vpn-1")), "10.0.0.0/8:vpn-1");
    }
}

//! The values of a tunnel's option: a number in a range, or some of the words and numbers that AWS offers. An option
//! that the layout leaves out has AWS's default, however AWS spells it: in a request, one that is null asks for
//! that default, and one that is not there for nothing.

use super::limits::{holds_all, same_or_default, within};
use crate::resources::prelude::*;
use crate::schema::shape::only;
use aws_sdk_ec2::types::{
    CloudWatchLogOptions, CloudWatchLogOptionsSpecification, IkeVersionsListValue, IkeVersionsRequestListValue,
    Phase1DhGroupNumbersListValue, Phase1DhGroupNumbersRequestListValue, Phase1EncryptionAlgorithmsListValue,
    Phase1EncryptionAlgorithmsRequestListValue, Phase1IntegrityAlgorithmsListValue,
    Phase1IntegrityAlgorithmsRequestListValue, Phase2DhGroupNumbersListValue, Phase2DhGroupNumbersRequestListValue,
    Phase2EncryptionAlgorithmsListValue, Phase2EncryptionAlgorithmsRequestListValue,
    Phase2IntegrityAlgorithmsListValue, Phase2IntegrityAlgorithmsRequestListValue, VpnTunnelLogOptions,
    VpnTunnelLogOptionsSpecification,
};
use std::marker::PhantomData;

/// A number in a range, and what its absence means.
pub struct Number<const LEAST: i32, const MOST: i32, const DEFAULT: i32>;

impl<const LEAST: i32, const MOST: i32, const DEFAULT: i32> Cell for Number<LEAST, MOST, DEFAULT> {
    fn column<L>(name: &'static str) -> A<L> {
        A::number(name)
            .check(|v| within(v, LEAST.into()..=MOST.into()))
            .normal(Normal::With(|a, b| same_or_default(a, b, |v| v.as_i64() == Some(DEFAULT.into()))))
    }
}
impl<const LEAST: i32, const MOST: i32, const DEFAULT: i32> Get<Option<i32>> for Number<LEAST, MOST, DEFAULT> {
    fn get(from: Option<i32>) -> Value {
        Int::get(from)
    }
}
impl<const LEAST: i32, const MOST: i32, const DEFAULT: i32> Put<Option<i32>> for Number<LEAST, MOST, DEFAULT> {
    fn put(from: &Attrs, name: &str) -> Option<i32> {
        from.get(name).map(|_| from.int(name).unwrap_or(DEFAULT))
    }
}

/// What AWS offers for an option.
pub trait Offer {
    /// A text or a number.
    type Item: Copy + PartialEq + Into<Value> + ToString + 'static;
    /// All of it; of words that exclude each other, the default first.
    const ALL: &'static [Self::Item];
}

macro_rules! offers {
    ($($name:ident: $item:ty = $all:expr;)*) => {$(
        #[doc = concat!("What AWS offers: ", stringify!($all))]
        pub struct $name;
        impl Offer for $name {
            type Item = $item;
            const ALL: &'static [$item] = &$all;
        }
    )*};
}

offers! {
    DpdAction: &'static str = ["clear", "none", "restart"];
    Startup: &'static str = ["add", "start"];
    Versions: &'static str = ["ikev1", "ikev2"];
    Ciphers: &'static str = ["AES128", "AES256", "AES128-GCM-16", "AES256-GCM-16"];
    Hashes: &'static str = ["SHA1", "SHA2-256", "SHA2-384", "SHA2-512"];
    Groups1: i32 = [2, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24];
    Groups2: i32 = [2, 5, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24];
}

/// One word; its absence means the first of those that AWS offers.
pub struct Word<O>(PhantomData<O>);

impl<O: Offer<Item = &'static str>> Cell for Word<O> {
    fn column<L>(name: &'static str) -> A<L> {
        A::string(name)
            .check(|v| checks::one_of(v, O::ALL))
            .normal(Normal::With(|a, b| same_or_default(a, b, |v| v.as_str() == Some(O::ALL[0]))))
    }
}
impl<O> Get<Option<&str>> for Word<O> {
    fn get(from: Option<&str>) -> Value {
        from.into()
    }
}
impl<O: Offer<Item = &'static str>> Put<Option<String>> for Word<O> {
    fn put(from: &Attrs, name: &str) -> Option<String> {
        from.get(name).map(|_| text(from, name).unwrap_or_else(|| O::ALL[0].to_owned()))
    }
}

/// Some of what AWS offers; its absence means all of it.
pub struct Several<O>(PhantomData<O>);

impl<O: Offer> Cell for Several<O> {
    fn column<L>(name: &'static str) -> A<L> {
        A::of(name, Type::set(O::ALL[0].into().ty()))
            .check(offered::<O>)
            .normal(Normal::With(|a, b| same_or_default(a, b, is_all::<O>)))
    }
}

fn is_all<O: Offer>(value: &Value) -> bool {
    holds_all(value, O::ALL, |v, item| *v == (*item).into())
}

fn offered<O: Offer>(value: &Value) -> Result<(), String> {
    let all: Vec<String> = O::ALL.iter().map(ToString::to_string).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let spelt = |v: &Value| v.as_i64().map_or_else(|| v.clone(), |n| n.to_string().into());
    match value.as_elements() {
        Some([]) => Err("give at least one, or leave it out for all that AWS offers".into()),
        _ => checks::elements(value, |v| checks::one_of(&spelt(v), &all)),
    }
}

/// The elements that a request asks for.
fn asked<O: Offer>(from: &Attrs, name: &str) -> Option<Vec<Value>> {
    let given = from.get(name)?.as_elements().unwrap_or_default();
    Some(if given.is_empty() { O::ALL.iter().map(|item| (*item).into()).collect() } else { given.to_vec() })
}

fn word(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn number(value: &Value) -> Option<i32> {
    value.as_i64().and_then(|n| i32::try_from(n).ok())
}

/// AWS lists and takes the elements of each option by types of their own. A list that says nothing is null.
macro_rules! elements {
    ($($of:ident: $out:ident => $in:ident;)*) => {$(
        impl<O: Offer> Get<&[$out]> for Several<O> {
            fn get(from: &[$out]) -> Value {
                let all: Vec<Value> = from.iter().filter_map(|v| v.value()).map(Value::from).collect();
                let ty = O::ALL[0].into().ty();
                if all.is_empty() { Value::null(Type::set(ty)) } else { Value::set(ty, all) }
            }
        }
        impl<O: Offer> Put<Option<Vec<$in>>> for Several<O> {
            fn put(from: &Attrs, name: &str) -> Option<Vec<$in>> {
                Some(asked::<O>(from, name)?.iter().map(|v| $in::builder().set_value($of(v)).build()).collect())
            }
        }
    )*};
}

elements! {
    word: IkeVersionsListValue => IkeVersionsRequestListValue;
    word: Phase1EncryptionAlgorithmsListValue => Phase1EncryptionAlgorithmsRequestListValue;
    word: Phase1IntegrityAlgorithmsListValue => Phase1IntegrityAlgorithmsRequestListValue;
    word: Phase2EncryptionAlgorithmsListValue => Phase2EncryptionAlgorithmsRequestListValue;
    word: Phase2IntegrityAlgorithmsListValue => Phase2IntegrityAlgorithmsRequestListValue;
    number: Phase1DhGroupNumbersListValue => Phase1DhGroupNumbersRequestListValue;
    number: Phase2DhGroupNumbersListValue => Phase2DhGroupNumbersRequestListValue;
}

block! {
    /// What is logged of a tunnel and of its BGP session, and where.
    CloudWatch: CloudWatchLogOptions => CloudWatchLogOptionsSpecification {
        bgp_log_enabled: Switch;
        bgp_log_group_arn: Text;
        bgp_log_output_format: Text [.check(format)];
        log_enabled: Switch;
        log_group_arn: Text;
        log_output_format: Text [.check(format)];
    }

    /// Where the log of a tunnel goes.
    Log: VpnTunnelLogOptions => VpnTunnelLogOptionsSpecification {
        cloudwatch_log_options = cloud_watch_log_options: OptionalBlock<CloudWatch>;
    }
}

const DEFAULT_FORMAT: &str = "json";

fn format(value: &Value) -> Result<(), String> {
    checks::one_of(value, &[DEFAULT_FORMAT, "text"])
}

/// `log_options`; without it nothing is logged.
pub struct LogCell;

/// The group and the format of the tunnel's log and of that of its BGP session, as far as they are on.
fn logs(value: &Value) -> [Option<(Option<String>, String)>; 2] {
    let cloudwatch = Attrs::from_value(only(value)).blocks("cloudwatch_log_options").into_iter().next();
    let log = |kind: &str| {
        let all = cloudwatch.as_ref().filter(|c| c.bool(&format!("{kind}_enabled")) == Some(true))?;
        let format = text(all, &format!("{kind}_output_format"));
        Some((all.string(&format!("{kind}_group_arn")), format.unwrap_or_else(|| DEFAULT_FORMAT.into())))
    };
    ["log", "bgp_log"].map(log)
}

impl Cell for LogCell {
    fn column<L>(name: &'static str) -> A<L> {
        OptionalBlock::<Log>::column(name).normal(Normal::With(|a, b| logs(a) == logs(b)))
    }
}
impl Get<Option<&VpnTunnelLogOptions>> for LogCell {
    fn get(from: Option<&VpnTunnelLogOptions>) -> Value {
        OptionalBlock::<Log>::get(from)
    }
}
impl Put<Option<VpnTunnelLogOptionsSpecification>> for LogCell {
    fn put(from: &Attrs, name: &str) -> Option<VpnTunnelLogOptionsSpecification> {
        let off = || Attrs::default().with("log_enabled", false).with("bgp_log_enabled", false);
        let given = Attrs::from_value(only(from.get(name)?)).blocks("cloudwatch_log_options").into_iter().next();
        let cloudwatch = CloudWatch::write(&given.unwrap_or_else(off));
        Some(VpnTunnelLogOptionsSpecification::builder().cloud_watch_log_options(cloudwatch).build())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_that_is_off_is_no_log_and_its_format_is_json() {
        let log = |on: bool, format: Option<&str>| {
            let inner = Value::object([("log_enabled", Value::from(on)), ("log_output_format", format.into())]);
            let outer = Value::object([("cloudwatch_log_options", Value::tuple(vec![inner]))]);
            Value::tuple(vec![outer])
        };
        let same = |a: &Value, b: &Value| logs(a) == logs(b);
        assert!(same(&Value::any_null(), &log(false, Some("text"))));
        assert!(same(&log(true, None), &log(true, Some("json"))));
        assert!(!same(&log(true, None), &log(true, Some("text"))));
        assert!(!same(&Value::any_null(), &log(true, None)));
    }
}

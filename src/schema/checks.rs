//! Checks of single argument values that need no AWS; used by the rows of resource types.

use super::Attrs;
use crate::value::Value;
use ipnet::{Ipv4Net, Ipv6Net};

/// What is wrong with arguments: the one at fault, and why.
pub type Faults = Vec<(&'static str, String)>;

/// Stands between the faults of one value; each fault is reported.
pub const NEXT: char = '\u{1e}';

/// Begins what is only doubtful: AWS judges it, and it is said as a warning.
pub const ADVICE: char = '\u{1d}';

/// That something is doubtful.
pub fn advice(text: impl std::fmt::Display) -> String {
    format!("{ADVICE}{text}")
}

/// All that is wrong with a value.
pub fn all(wrong: impl IntoIterator<Item = String>) -> Result<(), String> {
    let wrong: Vec<String> = wrong.into_iter().collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join(&NEXT.to_string())) }
}

/// Checks every element of a collection.
pub fn elements(value: &Value, check: impl Fn(&Value) -> Result<(), String>) -> Result<(), String> {
    all(value.as_elements().unwrap_or(&[]).iter().filter_map(|element| check(element).err()))
}

/// Checks a text that may also be empty, which is the same as none.
pub fn unless_empty(value: &Value, check: impl Fn(&Value) -> Result<(), String>) -> Result<(), String> {
    if value.as_str() == Some("") { Ok(()) } else { check(value) }
}

/// Checks a text: one that does not fit is named before the `problem`.
pub fn text(value: &Value, fits: impl FnOnce(&str) -> bool, problem: &str) -> Result<(), String> {
    match value.as_str() {
        Some(text) if !fits(text) => Err(format!("{text:?} {problem}")),
        _ => Ok(()),
    }
}

/// That one of `names` is given: where none is, the first is at fault.
pub fn any_given(given: &Attrs, names: &[&'static str], problem: &str) -> Vec<(&'static str, String)> {
    let none = !names.iter().any(|name| given.is_given(name));
    names.iter().take(1).filter(|_| none).map(|name| (*name, problem.to_owned())).collect()
}

/// Which of the arguments `names`, which must be given, are not there.
pub fn missing(given: &Attrs, names: &[&'static str]) -> Faults {
    let absent = names.iter().filter(|name| !given.is_given(name));
    absent.map(|name| (*name, format!("the argument {name:?} is required"))).collect()
}

/// An IPv4 range in CIDR form without host bits.
pub fn ipv4_cidr(value: &Value) -> Result<(), String> {
    let Some(text) = value.as_str() else { return Ok(()) };
    let net: Ipv4Net =
        text.parse().map_err(|_| format!("{text:?} is not an IPv4 range; expected a form such as 10.0.0.0/16"))?;
    if net.trunc() == net {
        Ok(())
    } else {
        Err(format!("{text:?} has bits set beyond its prefix; expected {}", net.trunc()))
    }
}

/// An IPv6 range in CIDR form without host bits.
pub fn ipv6_cidr(value: &Value) -> Result<(), String> {
    let Some(text) = value.as_str() else { return Ok(()) };
    let net: Ipv6Net =
        text.parse().map_err(|_| format!("{text:?} is not an IPv6 range; expected a form such as 2001:db8::/56"))?;
    if net.trunc() == net {
        Ok(())
    } else {
        Err(format!("{text:?} has bits set beyond its prefix; expected {}", net.trunc()))
    }
}

/// The range of a VPC or subnet: an IPv4 range of /16 to /28.
pub fn ipv4_block(value: &Value) -> Result<(), String> {
    ipv4_cidr(value)?;
    let prefix = value.as_str().and_then(|t| t.parse::<Ipv4Net>().ok()).map(|n| n.prefix_len());
    match prefix {
        Some(p) if !(16..=28).contains(&p) => Err(format!("a prefix of /{p} is out of range; AWS takes /16 to /28")),
        _ => Ok(()),
    }
}

/// A whole number that fits; `wrong` follows one that does not.
pub fn number(value: &Value, fits: impl Fn(i64) -> bool, wrong: &str) -> Result<(), String> {
    match value.as_i64() {
        Some(n) if !fits(n) => Err(format!("{n} {wrong}")),
        _ => Ok(()),
    }
}

/// One of a few words.
pub fn one_of(value: &Value, words: &[&str]) -> Result<(), String> {
    match value.as_str() {
        Some(text) if !words.contains(&text) => Err(format!("{text:?} is none of {}", words.join(", "))),
        _ => Ok(()),
    }
}

/// A JSON document.
pub fn json(value: &Value) -> Result<(), String> {
    match value.as_str().map(serde_json::from_str::<serde_json::Value>) {
        Some(Err(problem)) => Err(format!("this is not JSON: {problem}")),
        _ => Ok(()),
    }
}

/// A policy of IAM or of a resource.
pub fn policy(value: &Value) -> Result<(), String> {
    json(value)?;
    let document = value.as_str().and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok());
    match document {
        Some(document) if document.get("Statement").is_none() => {
            Err("a policy is a JSON object with a Statement; this one has none".into())
        }
        _ => Ok(()),
    }
}

/// A single IPv4 address.
pub fn ipv4_address(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(text) if text.parse::<std::net::Ipv4Addr>().is_err() => {
            Err(format!("{text:?} is not an IPv4 address; expected a form such as 10.0.0.4"))
        }
        _ => Ok(()),
    }
}

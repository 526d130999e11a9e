//! The values that AWS accepts in this family, known before any call.

use crate::value::{Type, Value};
use ipnet::{Ipv4Net, Ipv6Net};
use std::ops::RangeInclusive;

type Checked = Result<(), String>;

/// The autonomous system numbers that a private network may use, of two and of four bytes.
pub const PRIVATE_ASNS: [RangeInclusive<i64>; 2] = [64_512..=65_534, 4_200_000_000..=4_294_967_294];
/// Those of Amazon itself, which gateways had before June 2018.
pub const AMAZON_ASNS: [i64; 4] = [7_224, 9_059, 10_124, 17_493];
/// The inside ranges that AWS keeps for itself.
const RESERVED: [&str; 7] = [
    "169.254.0.0/30",
    "169.254.1.0/30",
    "169.254.2.0/30",
    "169.254.3.0/30",
    "169.254.4.0/30",
    "169.254.5.0/30",
    "169.254.169.252/30",
];

/// The whole number that a value is or spells.
pub fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

/// A number in this range, given as one or as text.
pub fn within(value: &Value, range: RangeInclusive<i64>) -> Checked {
    if value.is_null() || value.is_unknown() {
        return Ok(());
    }
    match number(value) {
        Some(n) if range.contains(&n) => Ok(()),
        found => {
            let found = found.map_or_else(|| value.as_str().unwrap_or("that").to_owned(), |n| n.to_string());
            Err(format!("{found} is out of range; expected {} to {}", range.start(), range.end()))
        }
    }
}

/// A private autonomous system number.
pub fn private_asn(value: &Value) -> Checked {
    let [two, four] = &PRIVATE_ASNS;
    match within(value, two.clone()).or_else(|_| within(value, four.clone())) {
        Ok(()) => Ok(()),
        Err(_) => {
            let found = number(value).map_or_else(|| "that".to_owned(), |n| n.to_string());
            let (a, b, c, d) = (two.start(), two.end(), four.start(), four.end());
            Err(format!("{found} is not a private ASN; expected {a} to {b} or {c} to {d}"))
        }
    }
}

/// The ASN of a virtual private gateway: a private one, or one of Amazon's.
pub fn gateway_asn(value: &Value) -> Checked {
    if number(value).is_some_and(|n| AMAZON_ASNS.contains(&n)) { Ok(()) } else { private_asn(value) }
}

/// A pre-shared key. It is not repeated in the message.
pub fn preshared_key(value: &Value) -> Checked {
    let Some(key) = value.as_str() else { return Ok(()) };
    let odd = |c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '_';
    if !(8..=64).contains(&key.chars().count()) {
        Err("a pre-shared key has 8 to 64 characters".into())
    } else if key.chars().any(odd) {
        Err("a pre-shared key has letters, digits, periods and underscores only".into())
    } else if key.starts_with('0') {
        Err("a pre-shared key does not start with a zero".into())
    } else {
        Ok(())
    }
}

/// The IPv4 range inside a tunnel.
pub fn inside_cidr(value: &Value) -> Checked {
    let Some(text) = value.as_str() else { return Ok(()) };
    let expected = "expected a /30 of 169.254.0.0/16, such as 169.254.10.0/30";
    let net: Ipv4Net = text.parse().map_err(|_| format!("{text:?} is not an IPv4 range; {expected}"))?;
    if net.prefix_len() != 30 || net.addr().octets()[..2] != [169, 254] || net.trunc() != net {
        return Err(format!("{text:?} cannot be the inside of a tunnel; {expected}"));
    }
    if RESERVED.contains(&net.to_string().as_str()) {
        return Err(format!("AWS keeps {text} for itself; expected another /30 of 169.254.0.0/16"));
    }
    Ok(())
}

/// The IPv6 range inside a tunnel.
pub fn inside_ipv6_cidr(value: &Value) -> Checked {
    let Some(text) = value.as_str() else { return Ok(()) };
    let fits = |net: &Ipv6Net| net.prefix_len() == 126 && net.addr().octets()[0] == 0xfd && net.trunc() == *net;
    match text.parse().ok().filter(fits) {
        Some(_) => Ok(()),
        None => Err(format!("{text:?} cannot be the inside of a tunnel; expected a /126 of fd00::/8")),
    }
}

/// Whether two values mean the same where leaving it out means `default`, in one of its spellings.
/// Values inside of a collection are compared as they are.
pub fn same_or_default(a: &Value, b: &Value, default: impl Fn(&Value) -> bool) -> bool {
    let out = |v: &Value| v.is_null() || v.as_elements().is_some_and(<[Value]>::is_empty);
    a == b || (out(a) && (out(b) || default(b))) || (out(b) && default(a))
}

/// Whether `value` holds exactly the elements `all`.
pub fn holds_all<T: PartialEq>(value: &Value, all: &[T], is: impl Fn(&Value, &T) -> bool) -> bool {
    let held = value.as_elements().unwrap_or(&[]);
    held.len() == all.len() && all.iter().all(|t| held.iter().any(|v| is(v, t)))
}

/// An attribute that AWS does not always give; where AWS leaves it out, it stays as it was.
pub fn if_reported<T: Into<Value>>(reported: Option<T>, ty: Type) -> Value {
    reported.map_or_else(|| Value::unknown(ty), Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_aws_would_refuse_is_found_and_not_repeated() {
        for key in ["short_1", "0leading.zero", "has space in it", "hash#inside", &"a".repeat(65)] {
            let message = preshared_key(&key.into()).expect_err(key);
            assert!(!message.contains(key), "{message}");
        }
        for key in ["eight.c8", &"a".repeat(64), "_0.A_zzz"] {
            assert_eq!(preshared_key(&key.into()), Ok(()), "{key}");
        }
    }

    #[test]
    fn the_inside_of_a_tunnel_is_a_free_link_local_range() {
        for cidr in ["169.254.10.0/29", "10.0.0.0/30", "169.254.10.1/30", "169.254.5.0/30", "169.254.169.252/30", "x"] {
            assert!(inside_cidr(&cidr.into()).is_err(), "{cidr}");
        }
        assert_eq!(inside_cidr(&"169.254.10.4/30".into()), Ok(()));
        for cidr in ["fd00::/64", "fc00::/126", "2001:db8::/126", "fd00::1/126"] {
            assert!(inside_ipv6_cidr(&cidr.into()).is_err(), "{cidr}");
        }
        assert_eq!(inside_ipv6_cidr(&"fd12:3456::4/126".into()), Ok(()));
    }

    #[test]
    fn a_number_is_private_or_amazons() {
        for asn in [64_512_i64, 65_534, 4_200_000_000, 4_294_967_294] {
            assert_eq!(private_asn(&asn.into()), Ok(()), "{asn}");
        }
        for asn in [64_511_i64, 65_535, 4_294_967_295, 7_224] {
            assert!(private_asn(&asn.into()).is_err(), "{asn}");
        }
        assert_eq!(gateway_asn(&"7224".into()), Ok(()));
        assert!(gateway_asn(&"7225".into()).is_err());
        assert_eq!(within(&Value::any_null(), 1..=2), Ok(()));
        assert!(within(&"many".into(), 1..=2).is_err());
    }

    #[test]
    fn what_is_left_out_is_the_default_and_nothing_else() {
        let is_two = |v: &Value| v.as_i64() == Some(2);
        assert!(same_or_default(&Value::any_null(), &2.into(), is_two));
        assert!(!same_or_default(&Value::any_null(), &3.into(), is_two));
        assert!(!same_or_default(&3.into(), &2.into(), is_two));
        let all = Value::string_set(["a", "b"]);
        let is_all = |v: &Value| holds_all(v, &["a", "b"], |v, t| v.as_str() == Some(*t));
        assert!(same_or_default(&Value::any_null(), &all, is_all));
        assert!(!same_or_default(&Value::any_null(), &Value::string_set(["a"]), is_all));
        assert!(!same_or_default(&"a".into(), &"b".into(), is_all));
    }
}

//! Equal though spelt otherwise: when two spellings of a value mean the same to AWS.

use crate::value::Value;

/// Which differences in spelling mean nothing for an attribute.
#[derive(Debug, Clone, Copy)]
pub enum Normal {
    /// None: the value is what it says.
    Exact,
    /// Upper and lower case are one.
    CaseInsensitive,
    /// A JSON document: white space and key order mean nothing.
    Json,
    /// An IAM policy: a JSON document in which a list of one is its element, order in lists means
    /// nothing, and an account is its root user.
    Policy,
    /// An address range: `2001:DB8::/32` is `2001:db8::/32`.
    Cidr,
    /// A protocol: `tcp` is `6`, `all` is `-1`.
    Protocol,
    /// Whatever the type's own function says.
    With(fn(&Value, &Value) -> bool),
}

impl Normal {
    /// Nothing asks for nothing: what the layout leaves out stays as AWS has it.
    pub const UNLESS_GIVEN: Normal = Normal::With(|wanted, now| wanted.is_null() || wanted == now);
    /// The order of a list means nothing.
    pub const ANY_ORDER: Normal = Normal::With(|a, b| sorted(a) == sorted(b));

    /// Whether `a` and `b` mean the same. Both are known; nulls are equal only to nulls.
    pub fn equivalent(self, a: &Value, b: &Value) -> bool {
        if a == b {
            return true;
        }
        match self {
            Normal::With(same) => same(a, b),
            _ => match (a.as_str(), b.as_str()) {
                (Some(a), Some(b)) => self.equivalent_text(a, b),
                _ => false,
            },
        }
    }

    fn equivalent_text(self, a: &str, b: &str) -> bool {
        match self {
            Normal::Exact | Normal::With(_) => a == b,
            Normal::CaseInsensitive => a.eq_ignore_ascii_case(b),
            Normal::Json => json(a).is_some_and(|a| Some(a) == json(b)),
            Normal::Policy => policy(a).is_some_and(|a| Some(a) == policy(b)),
            Normal::Cidr => cidr(a).is_some_and(|a| Some(a) == cidr(b)),
            Normal::Protocol => protocol(a) == protocol(b),
        }
    }
}

fn sorted(list: &Value) -> Vec<&str> {
    let mut all: Vec<&str> = list.as_elements().unwrap_or(&[]).iter().filter_map(Value::as_str).collect();
    all.sort_unstable();
    all
}

fn json(text: &str) -> Option<serde_json::Value> {
    serde_json::from_str(text).ok()
}

fn cidr(text: &str) -> Option<ipnet::IpNet> {
    text.parse().ok()
}

/// The name of an IP protocol as EC2 gives it back: the three that it names by name, `-1` for all,
/// else the number. IANA protocol numbers.
pub fn protocol(text: &str) -> String {
    match text.to_ascii_lowercase().as_str() {
        "all" | "-1" => "-1".into(),
        "icmp" | "1" => "icmp".into(),
        "tcp" | "6" => "tcp".into(),
        "udp" | "17" => "udp".into(),
        "icmpv6" | "ipv6-icmp" | "58" => "icmpv6".into(),
        other => numbered(other).map_or_else(|| other.into(), |number| number.to_string()),
    }
}

/// The number of a protocol that IANA names, for those that filters are written for; EC2 gives back the number.
fn numbered(name: &str) -> Option<u8> {
    Some(match name {
        "hopopt" => 0,
        "igmp" => 2,
        "ggp" => 3,
        "ipv4" | "ipencap" => 4,
        "st" => 5,
        "cbt" => 7,
        "egp" => 8,
        "igp" => 9,
        "rdp" => 27,
        "dccp" => 33,
        "ipv6" => 41,
        "ipv6-route" => 43,
        "ipv6-frag" => 44,
        "rsvp" => 46,
        "gre" => 47,
        "esp" => 50,
        "ah" => 51,
        "skip" => 57,
        "ipv6-nonxt" => 59,
        "ipv6-opts" => 60,
        "eigrp" => 88,
        "ospf" | "ospfigp" => 89,
        "ipip" => 94,
        "etherip" => 97,
        "encap" => 98,
        "pim" => 103,
        "ipcomp" => 108,
        "vrrp" => 112,
        "l2tp" => 115,
        "sctp" => 132,
        "udplite" => 136,
        _ => return None,
    })
}

/// The account whose root user an ARN names: IAM writes one for the other.
fn account(principal: &str) -> Option<String> {
    let (partition, account) = principal.strip_suffix(":root")?.split_once(":iam::")?;
    partition.starts_with("arn:").then(|| account.to_owned())
}

/// A policy document in one spelling.
pub fn policy(text: &str) -> Option<serde_json::Value> {
    fn one_spelling(value: serde_json::Value, key: &str) -> serde_json::Value {
        use serde_json::Value as J;
        match value {
            J::Array(items) => {
                let mut items: Vec<J> = items.into_iter().map(|v| one_spelling(v, key)).collect();
                items.sort_by_key(J::to_string);
                items.dedup();
                if items.len() == 1 { items.remove(0) } else { J::Array(items) }
            }
            J::Object(map) => {
                let mut entries: Vec<(String, J)> = map
                    .into_iter()
                    .map(|(k, v)| {
                        let v = one_spelling(v, &k);
                        (k, v)
                    })
                    .collect();
                entries.sort_by(|a, b| a.0.cmp(&b.0));
                J::Object(entries.into_iter().collect())
            }
            J::String(principal) if key == "AWS" => J::String(account(&principal).unwrap_or(principal)),
            J::Bool(b) if !key.is_empty() => J::String(b.to_string()),
            J::Number(n) if !key.is_empty() => J::String(n.to_string()),
            other => other,
        }
    }
    json(text).map(|v| one_spelling(v, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(normal: Normal, a: &str, b: &str) -> bool {
        normal.equivalent(&a.into(), &b.into())
    }

    #[test]
    fn a_policy_is_compared_by_meaning() {
        let a = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["b","a"],"Resource":["*"],"Principal":"*"}]}"#;
        let b = r#"{"Statement":{"Action":["a","b"],"Resource":"*","Effect":"Allow","Principal":"*"},"Version":"2012-10-17"}"#;
        assert!(same(Normal::Policy, a, b));
        assert!(!same(Normal::Policy, a, &b.replace("Allow", "Deny")));
        let of = |account: &str| format!(r#"{{"Statement":[{{"Principal":{{"AWS":"{account}"}}}},{{"Sid":"b"}}]}}"#);
        assert!(same(Normal::Policy, &of("123456789012"), &of("arn:aws-cn:iam::123456789012:root")));
        assert!(!same(Normal::Policy, &of("123456789012"), &of("arn:aws:iam::123456789012:user/root")));
        assert!(same(Normal::Policy, &of("1"), r#"{"Statement":[{"Sid":"b"},{"Principal":{"AWS":["1"]}}]}"#));
        assert!(!same(Normal::Json, a, b));
    }

    #[test]
    fn protocols_and_ranges_have_one_meaning_in_many_spellings() {
        assert!(same(Normal::Protocol, "6", "TCP"));
        assert!(same(Normal::Protocol, "all", "-1"));
        assert!(!same(Normal::Protocol, "udp", "tcp"));
        assert!(same(Normal::Cidr, "2001:DB8::/32", "2001:db8:0::/32"));
        assert!(!same(Normal::Cidr, "10.0.0.0/8", "10.0.0.0/9"));
    }
}

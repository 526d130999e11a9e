//! aws_wafv2_ip_set: address ranges that rules refer to. WAF spells IPv6 ranges out in full.

use super::object::{IpSet, Kind};
use crate::resources::prelude::*;
use crate::schema::checks::one_of;
use ipnet::IpNet;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// How many ranges a set holds.
const MOST: usize = 10_000;

static MEMBERS: LazyLock<Vec<Attribute>> = LazyLock::new(|| {
    rows([
        Row::string_set("addresses").normal(Normal::Cidr),
        Row::string("ip_address_version").required().force_new().check(|v| one_of(v, &["IPV4", "IPV6"])),
    ])
});

impl Kind for IpSet {
    const TYPE: &'static str = "aws_wafv2_ip_set";
    const ALWAYS: Option<&'static str> = Some("Addresses");

    fn members() -> &'static [Attribute] {
        &MEMBERS
    }

    fn check(attrs: &Attrs) -> Faults {
        let version = attrs.str("ip_address_version");
        let ranges = attrs.strings("addresses");
        let mut seen = BTreeSet::new();
        let mut wrong = Vec::new();
        for text in &ranges {
            match text.parse::<IpNet>() {
                Err(_) => {
                    wrong.push(format!("{text:?} is not a valid address range; expected a form such as 10.0.0.0/16"))
                }
                Ok(net) if net.prefix_len() == 0 => {
                    wrong.push(format!("{text} is everything, which WAF does not take"))
                }
                Ok(net) if net.trunc() != net => {
                    wrong.push(format!("{text:?} has bits set beyond its prefix; expected {}", net.trunc()));
                }
                Ok(net) => {
                    let own = if matches!(net, IpNet::V4(_)) { "IPV4" } else { "IPV6" };
                    if version.is_some_and(|version| version != own) {
                        wrong.push(format!("{text} is an {own} range in an {} set", version.unwrap_or_default()));
                    }
                    if !seen.insert(net) {
                        wrong.push(format!("{text} is given more than once; a set takes each range once"));
                    }
                }
            }
        }
        if ranges.len() > MOST {
            wrong.push(format!("{} ranges are too many; a set holds up to {MOST}", ranges.len()));
        }
        wrong.into_iter().map(|message| ("addresses", message)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    #[test]
    fn a_set_says_what_does_not_fit() {
        let said = |version: &str, ranges: &[&str]| -> Vec<String> {
            let attrs =
                Attrs::default().with("ip_address_version", version).with("addresses", Value::string_set(ranges));
            IpSet::check(&attrs).into_iter().map(|(_, message)| message).collect()
        };
        assert_eq!(said("IPV4", &["10.0.0.0/8", "192.0.2.1/32"]), [""; 0]);
        assert_eq!(
            said("IPV4", &["10.0.0.1/8"]),
            ["\"10.0.0.1/8\" has bits set beyond its prefix; expected 10.0.0.0/8"]
        );
        assert_eq!(
            said("IPV4", &["10.0.0.1"]),
            ["\"10.0.0.1\" is not a valid address range; expected a form such as 10.0.0.0/16"]
        );
        assert_eq!(said("IPV4", &["0.0.0.0/0"]), ["0.0.0.0/0 is everything, which WAF does not take"]);
        assert_eq!(said("IPV4", &["2001:db8::/32"]), ["2001:db8::/32 is an IPV6 range in an IPV4 set"]);
        assert_eq!(
            said("IPV6", &["2001:db8::/32", "2001:0db8::/32"]),
            ["2001:db8::/32 is given more than once; a set takes each range once"]
        );
    }
}

//! Reading plain objects: attributes, blocks, addresses and ranges. Everything here is a scan over a list.

use std::net::IpAddr;

use serde_json::Value as Json;

use super::Object;

/// An attribute's text; empty where there is none.
pub fn text<'a>(attributes: &'a Json, name: &str) -> &'a str {
    attributes[name].as_str().unwrap_or("")
}

/// An attribute's number; `None` where it is null or missing. Some attributes hold numbers as texts.
pub fn number(attributes: &Json, name: &str) -> Option<i64> {
    attributes[name].as_i64().or_else(|| text(attributes, name).parse().ok())
}

/// Whether an attribute is true. `"enable"` is how transit gateways say so.
pub fn is(attributes: &Json, name: &str) -> bool {
    attributes[name].as_bool().unwrap_or_else(|| ["true", "enable"].contains(&text(attributes, name)))
}

/// The texts of a list or set.
pub fn texts<'a>(attributes: &'a Json, name: &str) -> Vec<&'a str> {
    attributes[name].as_array().into_iter().flatten().filter_map(Json::as_str).collect()
}

/// The blocks of a name.
pub fn blocks<'a>(attributes: &'a Json, name: &str) -> Vec<&'a Json> {
    attributes[name].as_array().into_iter().flatten().collect()
}

/// The objects of some types.
pub fn all<'a>(objects: &'a [Object], kinds: &[&str]) -> Vec<&'a Object> {
    objects.iter().filter(|object| kinds.contains(&object.kind.as_str())).collect()
}

/// The object of some types with this id. `None` for an empty id.
pub fn by_id<'a>(objects: &'a [Object], kinds: &[&str], id: &str) -> Option<&'a Object> {
    all(objects, kinds).into_iter().find(|object| !id.is_empty() && text(&object.attributes, "id") == id)
}

/// An address as its bits, and how many there are.
fn bits(address: IpAddr) -> (u128, u32) {
    match address {
        IpAddr::V4(address) => (u128::from(address.to_bits()), 32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    }
}

/// A range as its first address and the length of its prefix; `None` if it is not one.
pub fn range(cidr: &str) -> Option<(IpAddr, u32)> {
    let (address, length) = cidr.split_once('/')?;
    Some((address.parse().ok()?, length.parse().ok()?))
}

/// Whether a range holds an address. A range of IPv4 holds no address of IPv6, and the other way round.
pub fn holds(cidr: &str, address: IpAddr) -> bool {
    let Some((first, length)) = range(cidr) else { return false };
    let ((first, width), (address, other)) = (bits(first), bits(address));
    let without_host = |bits: u128| bits.checked_shr(width - length).unwrap_or(0);
    width == other && without_host(first) == without_host(address)
}

/// The address so many places after the first of a range.
pub fn nth(cidr: &str, n: u32) -> Option<IpAddr> {
    match range(cidr)?.0 {
        IpAddr::V4(first) => Some(IpAddr::V4((first.to_bits() + n).into())),
        IpAddr::V6(first) => Some(IpAddr::V6((first.to_bits() + u128::from(n)).into())),
    }
}

/// How many addresses a range of IPv4 has.
pub fn size(cidr: &str) -> u32 {
    range(cidr).map_or(0, |(_, length)| 1u32.checked_shl(32 - length.min(32)).unwrap_or(u32::MAX))
}

/// A protocol's number from its name or number; -1 is every protocol.
pub fn protocol(name: &str) -> Option<i64> {
    match name.to_ascii_lowercase().as_str() {
        "all" | "-1" => Some(-1),
        "icmp" => Some(1),
        "tcp" => Some(6),
        "udp" => Some(17),
        "icmpv6" | "ipv6-icmp" => Some(58),
        number => number.parse().ok(),
    }
}

/// The ranges of a prefix list, from its blocks and from entries of their own.
pub fn prefix_list(objects: &[Object], id: &str) -> Vec<String> {
    let mut ranges = Vec::new();
    for list in all(objects, &["aws_ec2_managed_prefix_list"]) {
        if text(&list.attributes, "id") == id {
            ranges.extend(blocks(&list.attributes, "entry").iter().map(|entry| text(entry, "cidr").to_owned()));
        }
    }
    for entry in all(objects, &["aws_ec2_managed_prefix_list_entry"]) {
        if text(&entry.attributes, "prefix_list_id") == id {
            ranges.push(text(&entry.attributes, "cidr").to_owned());
        }
    }
    // The prefix list of a service that a gateway endpoint leads to: AWS keeps it, the endpoint shows its ranges.
    for endpoint in all(objects, &["aws_vpc_endpoint"]) {
        if !id.is_empty() && text(&endpoint.attributes, "prefix_list_id") == id {
            ranges.extend(texts(&endpoint.attributes, "cidr_blocks").into_iter().map(str::to_owned));
        }
    }
    ranges
}

#[test]
fn ranges_hold_their_addresses_and_no_others() {
    let table = [
        ("10.0.0.0/16", "10.0.255.255", true),
        ("10.0.0.0/16", "10.1.0.0", false),
        ("0.0.0.0/0", "255.255.255.255", true),
        ("0.0.0.0/0", "::1", false),
        ("::/0", "10.0.0.1", false),
        ("::/0", "2001:db8::1", true),
        ("10.0.0.7/32", "10.0.0.7", true),
        ("10.0.0.7/32", "10.0.0.6", false),
        ("2001:db8:0:1::/64", "2001:db8:0:1:ffff::", true),
        ("2001:db8:0:1::/64", "2001:db8:0:2::", false),
        ("", "10.0.0.1", false),
    ];
    for (range, address, expected) in table {
        assert_eq!(holds(range, address.parse().expect("an address")), expected, "{range} {address}");
    }
}

//! Functions of address ranges.

use super::FunctionError;
use super::args::Args;
use super::function::{Function, STRING, STRINGS, number, string};
use crate::value::Value;
use dashu_int::IBig;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("cidrhost", &[string("prefix"), number("hostnum")], STRING, cidrhost),
    Function::new("cidrnetmask", &[string("prefix")], STRING, |a| {
        let range = Range::parse(a.text(0)).map_err(FunctionError::new)?;
        if range.bits == 128 {
            return Err(FunctionError::new(format!("IPv6 addresses cannot have a netmask: {}", a.text(0))));
        }
        let mask = Range { address: u128::from(u32::MAX) & !range.host_mask(), ..range };
        Ok(Value::string(mask.address().to_string()))
    }),
    Function::new("cidrsubnet", &[string("prefix"), number("newbits"), number("netnum")], STRING, cidrsubnet),
    Function::new("cidrsubnets", &[string("prefix")], STRINGS, cidrsubnets).variadic(number("newbits")),
];

/// An address range: its first address and how many of the leading bits are fixed.
#[derive(Clone, Copy)]
struct Range {
    address: u128,
    length: u32,
    /// 32 for IPv4, 128 for IPv6.
    bits: u32,
}

impl Range {
    /// Reads `address/length`. Leading zeros in IPv4 are decimal, as Terraform reads them.
    fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("invalid CIDR expression: invalid CIDR address: {text}");
        let (address, length) = text.split_once('/').ok_or_else(wrong)?;
        let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if !digits(length) {
            return Err(wrong());
        }
        let (address, bits) = if address.contains(':') {
            (address.parse::<Ipv6Addr>().map_err(|_| wrong())?.to_bits(), 128)
        } else {
            let octets: Option<Vec<u8>> =
                address.split('.').map(|o| digits(o).then(|| o.parse().ok()).flatten()).collect();
            let octets: [u8; 4] = octets.and_then(|o| o.try_into().ok()).ok_or_else(wrong)?;
            (u128::from(Ipv4Addr::from(octets).to_bits()), 32)
        };
        let length: u32 = length.parse().ok().filter(|l| *l <= bits).ok_or_else(wrong)?;
        let range = Range { address, length, bits };
        Ok(Range { address: address & !range.host_mask(), ..range })
    }

    /// The bits that are free.
    fn host_mask(&self) -> u128 {
        ones(self.bits - self.length)
    }

    fn address(&self) -> IpAddr {
        match u32::try_from(self.address) {
            Ok(v4) if self.bits == 32 => IpAddr::V4(Ipv4Addr::from_bits(v4)),
            _ => IpAddr::V6(Ipv6Addr::from_bits(self.address)),
        }
    }

    fn text(&self) -> String {
        format!("{}/{}", self.address(), self.length)
    }
}

fn ones(count: u32) -> u128 {
    1u128.checked_shl(count).map_or(u128::MAX, |bit| bit - 1)
}

fn cidrhost(a: &Args) -> Result<Value, FunctionError> {
    let number = a.number(1).to_integer().ok_or_else(|| FunctionError::new("value must be a whole number"))?;
    let range = Range::parse(a.text(0)).map_err(FunctionError::new)?;
    let mask = range.host_mask();
    let counted = if number < IBig::ZERO { number.clone() + IBig::from(mask) + IBig::ONE } else { number.clone() };
    let host = u128::try_from(counted).ok().filter(|h| *h <= mask).ok_or_else(|| {
        FunctionError::new(format!("prefix of {} does not accommodate a host numbered {number}", range.length))
    })?;
    Ok(Value::string(Range { address: range.address | host, ..range }.address().to_string()))
}

fn cidrsubnet(a: &Args) -> Result<Value, FunctionError> {
    let whole = |i: usize| a.integer(i).map_err(|e| FunctionError::new(e.message));
    let bits = whole(1)?;
    let number = a.number(2).to_integer().ok_or_else(|| FunctionError::new("value must be a whole number"))?;
    let range = Range::parse(a.text(0)).map_err(FunctionError::new)?;
    let Ok(new) = u32::try_from(bits) else {
        return Err(FunctionError::at(1, "must not be less than zero"));
    };
    let length = range.length.saturating_add(new);
    if length > range.bits {
        let message = format!("insufficient address space to extend prefix of {} by {bits}", range.length);
        return Err(FunctionError::new(message));
    }
    let subnet = u128::try_from(number.clone()).ok().filter(|n| *n <= ones(new)).ok_or_else(|| {
        FunctionError::new(format!("prefix extension of {bits} does not accommodate a subnet numbered {number}"))
    })?;
    let shifted = subnet.checked_shl(range.bits - length).unwrap_or(0);
    Ok(Value::string(Range { address: range.address | shifted, length, ..range }.text()))
}

fn cidrsubnets(a: &Args) -> Result<Value, FunctionError> {
    let range = Range::parse(a.text(0)).map_err(|e| FunctionError::at(0, e))?;
    let last = range.address | range.host_mask();
    let mut subnets: Vec<Range> = Vec::new();
    for i in 1..a.len() {
        let bits = a.integer(i)?;
        if bits < 1 {
            return Err(FunctionError::at(i, "must extend prefix by at least one bit"));
        }
        let Some(new) = u32::try_from(bits).ok().filter(|b| *b <= 32) else {
            return Err(FunctionError::at(i, "may not extend prefix by more than 32 bits"));
        };
        let length = range.length + new;
        if length > range.bits {
            let family = if range.bits == 32 { "IPv4" } else { "IPv6" };
            let message = format!("would extend prefix to {length} bits, which is too long for an {family} address");
            return Err(FunctionError::at(i, message));
        }
        let subnet = Range { length, ..range };
        let first = match subnets.last() {
            None => Some(range.address),
            // The first address after the one before that the new length can start at.
            Some(before) => (before.address | before.host_mask())
                .checked_add(1)
                .and_then(|next| next.checked_add(subnet.host_mask()))
                .map(|next| next & !subnet.host_mask()),
        };
        match first.filter(|f| *f <= last) {
            Some(address) => subnets.push(Range { address, ..subnet }),
            None => {
                let after = subnets.last().map(Range::text).unwrap_or_default();
                return Err(FunctionError::at(
                    i,
                    format!(
                        "not enough remaining address space for a subnet with a prefix of {length} bits after {after}"
                    ),
                ));
            }
        }
    }
    Ok(Value::strings(subnets.iter().map(Range::text)))
}

//! The name of whom a certificate is for.

use super::Row;
use super::form::{OBJECT_ID, PRINTABLE_STRING, SEQUENCE, SET, UTF8_STRING, der};
use super::sign::parts;
use crate::resources::local::hex;
use crate::schema::{Attribute, Attrs};

/// The parts of a name in the order in which they are written, with their object ids.
const PARTS: [(&str, &[u8]); 9] = [
    ("country", &[0x55, 0x04, 0x06]),
    ("organization", &[0x55, 0x04, 0x0a]),
    ("organizational_unit", &[0x55, 0x04, 0x0b]),
    ("locality", &[0x55, 0x04, 0x07]),
    ("province", &[0x55, 0x04, 0x08]),
    ("street_address", &[0x55, 0x04, 0x09]),
    ("postal_code", &[0x55, 0x04, 0x11]),
    ("common_name", &[0x55, 0x04, 0x03]),
    ("serial_number", &[0x55, 0x04, 0x05]),
];

pub(super) fn rows() -> Vec<Attribute> {
    let row = |name: &'static str| match name {
        "street_address" => Row::string_list(name),
        _ => Row::string(name),
    };
    PARTS.into_iter().map(|(name, _)| row(name).force_new().strict().row).collect()
}

/// The name that the block `subject` gives, in DER.
pub(super) fn of(attrs: &Attrs) -> Vec<u8> {
    let subject = attrs.blocks("subject").into_iter().next().unwrap_or_default();
    let mut all = Vec::new();
    for (name, id) in PARTS {
        let texts = match name {
            "street_address" => subject.strings(name),
            _ => subject.string(name).into_iter().collect(),
        };
        for text in texts.iter().filter(|text| !text.is_empty()) {
            let tag = if name == "country" { PRINTABLE_STRING } else { UTF8_STRING };
            let pair = der(SEQUENCE, &[&der(OBJECT_ID, &[id]), &der(tag, &[text.as_bytes()])]);
            all.extend(der(SET, &[&pair]));
        }
    }
    der(SEQUENCE, &[&all])
}

/// The short names of the parts (RFC 2253), in the same order.
const SHORT: [&str; 9] = ["C", "O", "OU", "L", "ST", "STREET", "POSTALCODE", "CN", "SERIALNUMBER"];
/// BMPString.
const BMP_STRING: u8 = 0x1e;

/// A name in DER as text: the last part first, what is not one of the parts at the end, as in the provider.
pub(super) fn shown(name: &[u8]) -> Option<String> {
    let sets = parts(parts(name)?.first()?.content)?;
    let mut known: [Vec<String>; 9] = Default::default();
    let mut other = Vec::new();
    for set in &sets {
        for pair in parts(set.content)? {
            let pair = parts(pair.content)?;
            let [id, value, ..] = pair.as_slice() else { return None };
            let text = match value.tag {
                BMP_STRING => {
                    let units: Vec<u16> =
                        value.content.chunks(2).map(|c| c.iter().fold(0, |n, b| (n << 8) | u16::from(*b))).collect();
                    String::from_utf16_lossy(&units)
                }
                _ => String::from_utf8_lossy(value.content).into_owned(),
            };
            match PARTS.iter().position(|(_, known)| *known == id.content) {
                // Of these a name has one: the last.
                Some(n @ 7..) => known[n] = vec![text],
                Some(n) => known[n].push(text),
                None => {
                    let printable = text.bytes().all(|b| b.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&b));
                    let tag = if printable { PRINTABLE_STRING } else { UTF8_STRING };
                    other.push(format!("{}=#{}", dotted(id.content), hex(&der(tag, &[text.as_bytes()]))));
                }
            }
        }
    }
    let known = SHORT.iter().zip(&known).filter(|(_, texts)| !texts.is_empty());
    let known = known
        .map(|(short, texts)| texts.iter().map(|t| format!("{short}={}", escaped(t))).collect::<Vec<_>>().join("+"));
    let all: Vec<String> = other.into_iter().chain(known).collect();
    Some(all.into_iter().rev().collect::<Vec<_>>().join(","))
}

/// A text within a name (RFC 2253, 2.4).
fn escaped(text: &str) -> String {
    let last = text.chars().count().saturating_sub(1);
    let mut all = String::new();
    for (n, c) in text.chars().enumerate() {
        let special = match c {
            ',' | '+' | '"' | '\\' | '<' | '>' | ';' => true,
            ' ' => n == 0 || n == last,
            '#' => n == 0,
            _ => false,
        };
        all.extend(special.then_some('\\'));
        all.push(c);
    }
    all
}

/// An object id with dots.
fn dotted(id: &[u8]) -> String {
    let mut numbers: Vec<u64> = Vec::new();
    let mut number = 0u64;
    for byte in id {
        number = (number << 7) | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            match numbers.is_empty() {
                true => numbers.extend([(number / 40).min(2), number - 40 * (number / 40).min(2)]),
                false => numbers.push(number),
            }
            number = 0;
        }
    }
    numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(".")
}

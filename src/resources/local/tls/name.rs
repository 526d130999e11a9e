//! The name of whom a certificate is for.

use super::Row;
use super::form::{OBJECT_ID, SEQUENCE, SET, UTF8_STRING, der};
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
            let tag = if name == "country" { super::form::PRINTABLE_STRING } else { UTF8_STRING };
            let pair = der(SEQUENCE, &[&der(OBJECT_ID, &[id]), &der(tag, &[text.as_bytes()])]);
            all.extend(der(SET, &[&pair]));
        }
    }
    der(SEQUENCE, &[&all])
}

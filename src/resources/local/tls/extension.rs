//! The extensions of a certificate: the uses of its key, and its other names.

use super::form::{
    BIT_STRING, BOOLEAN, GENERALIZED_TIME, INTEGER, OBJECT_ID, OCTET_STRING, SEQUENCE, SET, UTC_TIME, der, part,
};
use super::sign::parts;
use crate::schema::Attrs;
use crate::value::Value;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::net::IpAddr;

const SUBJECT_KEY: &[u8] = &[0x55, 0x1d, 0x0e];
const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
const ALT_NAMES: &[u8] = &[0x55, 0x1d, 0x11];
const CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
const AUTHORITY_KEY: &[u8] = &[0x55, 0x1d, 0x23];
const EXTENDED_USAGE: &[u8] = &[0x55, 0x1d, 0x25];
/// 1.2.840.113549.1.9.14
const REQUESTED: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x0e];

/// The uses of a key, each with its bit.
const USES: [&str; 9] = [
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "cert_signing",
    "crl_signing",
    "encipher_only",
    "decipher_only",
];
/// The other uses, with their object ids.
const OTHER_USES: [(&str, &[u8]); 12] = [
    ("any_extended", &[0x55, 0x1d, 0x25, 0x00]),
    ("server_auth", &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01]),
    ("client_auth", &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02]),
    ("code_signing", &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x03]),
    ("email_protection", &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x04]),
    ("ipsec_end_system", &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x05]),
    ("ipsec_tunnel", &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x06]),
    ("ipsec_user", &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x07]),
    ("timestamping", &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08]),
    ("ocsp_signing", &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x09]),
    ("microsoft_server_gated_crypto", &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x0a, 0x03, 0x03]),
    ("netscape_server_gated_crypto", &[0x60, 0x86, 0x48, 0x01, 0x86, 0xf8, 0x42, 0x04, 0x01]),
];

pub(super) fn check_uses(value: &Value) -> Result<(), String> {
    let known = |name: &str| USES.contains(&name) || OTHER_USES.iter().any(|(other, _)| *other == name);
    match value.as_elements().unwrap_or_default().iter().filter_map(Value::as_str).find(|name| !known(name)) {
        Some(name) => Err(format!("{name:?} is not a valid use of a key")),
        None => Ok(()),
    }
}

/// What a certificate is to say.
pub(super) struct Wanted<'a> {
    pub uses: &'a [String],
    /// For an authority: how many others may follow it.
    pub ca: Option<Option<i64>>,
    pub subject_key: Option<Vec<u8>>,
    pub authority_key: Option<Vec<u8>>,
    pub names: Option<Vec<u8>>,
}

fn one(id: &[u8], critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { der(BOOLEAN, &[&[0xff]]) } else { Vec::new() };
    der(SEQUENCE, &[&der(OBJECT_ID, &[id]), &critical, &der(OCTET_STRING, &[value])])
}

/// All extensions, in DER.
pub(super) fn all(wanted: Wanted<'_>) -> Vec<u8> {
    let mut all = Vec::new();
    let bits = USES.iter().enumerate().filter(|(_, name)| wanted.uses.iter().any(|given| given == *name));
    let bits = bits.fold(0u16, |bits, (i, _)| bits | (0x8000 >> i));
    if bits != 0 {
        let bytes = bits.to_be_bytes();
        let used = if bytes[1] == 0 { &bytes[..1] } else { &bytes[..] };
        let spare = used.last().map_or(0, |last| last.trailing_zeros() as u8);
        all.extend(one(KEY_USAGE, true, &der(BIT_STRING, &[&[spare], used])));
    }
    let others = OTHER_USES.iter().filter(|(name, _)| wanted.uses.iter().any(|given| given == name));
    let others: Vec<u8> = others.flat_map(|(_, id)| der(OBJECT_ID, &[id])).collect();
    if !others.is_empty() {
        all.extend(one(EXTENDED_USAGE, false, &der(SEQUENCE, &[&others])));
    }
    let constraints = match wanted.ca {
        None => der(SEQUENCE, &[]),
        Some(length) => {
            let length = length.and_then(|n| u8::try_from(n).ok()).filter(|n| *n < 0x80);
            let length = length.map(|n| der(INTEGER, &[&[n]])).unwrap_or_default();
            der(SEQUENCE, &[&der(BOOLEAN, &[&[0xff]]), &length])
        }
    };
    all.extend(one(CONSTRAINTS, true, &constraints));
    if let Some(id) = wanted.subject_key {
        all.extend(one(SUBJECT_KEY, false, &der(OCTET_STRING, &[&id])));
    }
    if let Some(id) = wanted.authority_key {
        all.extend(one(AUTHORITY_KEY, false, &der(SEQUENCE, &[&der(0x80, &[&id])])));
    }
    if let Some(names) = wanted.names {
        all.extend(one(ALT_NAMES, false, &names));
    }
    all
}

/// The other names of a subject, as the value of an extension.
pub(super) fn names(attrs: &Attrs) -> Result<Option<Vec<u8>>, String> {
    let mut all: Vec<u8> = attrs.strings("dns_names").iter().flat_map(|name| der(0x82, &[name.as_bytes()])).collect();
    for text in attrs.strings("ip_addresses") {
        let address: IpAddr = text.parse().map_err(|_| format!("{text:?} is not a valid IP address"))?;
        all.extend(match address {
            IpAddr::V4(four) => der(0x87, &[&four.octets()]),
            IpAddr::V6(six) => der(0x87, &[&six.octets()]),
        });
    }
    all.extend(attrs.strings("uris").iter().flat_map(|uri| der(0x86, &[uri.as_bytes()])));
    Ok((!all.is_empty()).then(|| der(SEQUENCE, &[&all])))
}

/// The attributes of a request that asks for these names.
pub(super) fn requested(names: Option<Vec<u8>>) -> Vec<u8> {
    let Some(names) = names else { return der(part(0), &[]) };
    let extensions = der(SEQUENCE, &[&one(ALT_NAMES, false, &names)]);
    der(part(0), &[&der(SEQUENCE, &[&der(OBJECT_ID, &[REQUESTED]), &der(SET, &[&extensions])])])
}

/// The names in the attributes of a request.
pub(super) fn names_requested(attributes: &[u8]) -> Option<Vec<u8>> {
    parts(attributes)?.iter().find_map(|attribute| {
        let pair = parts(attribute.content)?;
        let [id, values] = pair.as_slice() else { return None };
        if id.content != REQUESTED {
            return None;
        }
        let extensions = parts(values.content)?;
        find(extensions.first()?.content, ALT_NAMES)
    })
}

/// The id of the key in the extensions of a certificate.
pub(super) fn subject_key(extensions: &[u8]) -> Option<Vec<u8>> {
    let value = find(extensions, SUBJECT_KEY)?;
    Some(parts(&value)?.first()?.content.to_vec())
}

fn find(extensions: &[u8], wanted: &[u8]) -> Option<Vec<u8>> {
    parts(extensions)?.iter().find_map(|extension| {
        let all = parts(extension.content)?;
        (all.first()?.content == wanted).then(|| all.last().map(|value| value.content.to_vec()))?
    })
}

/// A moment as certificates have it.
pub(super) fn time(moment: Timestamp) -> Vec<u8> {
    let year = TimeZone::UTC.to_datetime(moment).year();
    match (1950..2050).contains(&year) {
        true => der(UTC_TIME, &[moment.strftime("%y%m%d%H%M%SZ").to_string().as_bytes()]),
        false => der(GENERALIZED_TIME, &[moment.strftime("%Y%m%d%H%M%SZ").to_string().as_bytes()]),
    }
}

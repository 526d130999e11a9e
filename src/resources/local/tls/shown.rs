//! The attributes of a certificate (RFC 5280), in the words of the provider.

use super::form::{BOOLEAN, UTC_TIME, part, pem};
use super::key::{EC_PUBLIC_KEY, ED25519};
use super::name;
use super::sign::{Part, RSA, parts, unpem};
use crate::resources::local::hex;
use crate::value::{Type, Value};
use sha1::{Digest, Sha1};

/// Algorithms of signatures by their object ids.
const SIGNATURES: [(&[u8], &str); 12] = [
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x04], "MD5-RSA"),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05], "SHA1-RSA"),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b], "SHA256-RSA"),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0c], "SHA384-RSA"),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0d], "SHA512-RSA"),
    (&[0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x03], "DSA-SHA1"),
    (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x02], "DSA-SHA256"),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01], "ECDSA-SHA1"),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02], "ECDSA-SHA256"),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03], "ECDSA-SHA384"),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x04], "ECDSA-SHA512"),
    (ED25519, "Ed25519"),
];
/// RSASSA-PSS, whose hash is among its parameters, and the hashes.
const PSS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a];
const HASHES: [(&[u8], &str); 3] = [
    (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01], "SHA256-RSAPSS"),
    (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02], "SHA384-RSAPSS"),
    (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03], "SHA512-RSAPSS"),
];
/// Algorithms of keys by their object ids.
const KEYS: [(&[u8], &str); 4] = [
    (RSA, "RSA"),
    (&[0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01], "DSA"),
    (EC_PUBLIC_KEY, "ECDSA"),
    (ED25519, "Ed25519"),
];
/// The extension that says whether a certificate signs others.
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
/// An algorithm that the provider does not know either.
const UNKNOWN: &str = "0";

/// The type of a certificate.
pub fn ty() -> Type {
    let texts = [
        "cert_pem",
        "issuer",
        "not_after",
        "not_before",
        "public_key_algorithm",
        "serial_number",
        "sha1_fingerprint",
        "signature_algorithm",
        "subject",
    ];
    let texts = texts.map(|name| (name, Type::String));
    Type::object(texts.into_iter().chain([("is_ca", Type::Bool), ("version", Type::Number)]))
}

/// The certificates in a text, each as DER; none where one cannot be read.
pub fn unpem_all(mut text: &str) -> Option<Vec<Vec<u8>>> {
    const END: &str = "-----END CERTIFICATE-----";
    let mut all = Vec::new();
    while text.contains("-----BEGIN ") {
        let (label, der) = unpem(text)?;
        let (_, rest) = text.split_once(END).filter(|_| label == "CERTIFICATE")?;
        all.push(der);
        text = rest;
    }
    Some(all).filter(|all| !all.is_empty())
}

/// What a certificate in DER says.
pub fn shown(certificate: &[u8]) -> Option<Value> {
    let whole = parts(parts(certificate)?.first()?.content)?;
    let [signed, signature, ..] = whole.as_slice() else { return None };
    let all = parts(signed.content)?;
    let (version, all) = match all.split_first()? {
        (first, rest) if first.tag == part(0) => (parts(first.content)?.first()?.content.first()? + 1, rest),
        _ => (1, all.as_slice()),
    };
    let [serial, _, issuer, validity, subject, key, more @ ..] = all else { return None };
    let moments = parts(validity.content)?;
    let [start, end, ..] = moments.as_slice() else { return None };
    let algorithm = parts(parts(key.content)?.first()?.content)?.first()?.content;
    let named = |known: &[(&[u8], &'static str)], id: &[u8]| {
        known.iter().find(|(one, _)| *one == id).map_or(UNKNOWN, |(_, name)| *name)
    };
    Some(Value::object([
        ("cert_pem", Value::from(pem("CERTIFICATE", certificate))),
        ("is_ca", signs_others(more).unwrap_or(false).into()),
        ("issuer", name::shown(issuer.whole)?.into()),
        ("not_after", moment(end)?.into()),
        ("not_before", moment(start)?.into()),
        ("public_key_algorithm", named(&KEYS, algorithm).into()),
        ("serial_number", dashu_int::UBig::from_be_bytes(serial.content).to_string().into()),
        ("sha1_fingerprint", hex(&Sha1::digest(certificate)).into()),
        ("signature_algorithm", signs_with(signature).unwrap_or(UNKNOWN).into()),
        ("subject", name::shown(subject.whole)?.into()),
        ("version", i64::from(version).into()),
    ]))
}

fn signs_with(signature: &Part<'_>) -> Option<&'static str> {
    let all = parts(signature.content)?;
    let id = all.first()?.content;
    if id == PSS {
        let parameters = parts(all.get(1)?.content)?;
        let hash = parts(parameters.iter().find(|p| p.tag == part(0))?.content)?;
        let hash = parts(hash.first()?.content)?.first()?.content.to_vec();
        return HASHES.iter().find(|(one, _)| *one == hash).map(|(_, name)| *name);
    }
    SIGNATURES.iter().find(|(one, _)| *one == id).map(|(_, name)| *name)
}

fn signs_others(more: &[Part<'_>]) -> Option<bool> {
    let extensions = parts(parts(more.iter().find(|p| p.tag == part(3))?.content)?.first()?.content)?;
    for extension in &extensions {
        let all = parts(extension.content)?;
        if all.first()?.content == BASIC_CONSTRAINTS {
            let inner = parts(parts(all.last()?.content)?.first()?.content)?;
            return Some(inner.first().is_some_and(|p| p.tag == BOOLEAN && p.content != [0]));
        }
    }
    None
}

/// A time as RFC 3339 writes it. The years of a short one are those from 1950.
fn moment(time: &Part<'_>) -> Option<String> {
    let text = std::str::from_utf8(time.content).ok()?.strip_suffix('Z')?;
    let text = match time.tag {
        UTC_TIME if text.get(..2)? < "50" => format!("20{text}"),
        UTC_TIME => format!("19{text}"),
        _ => text.to_owned(),
    };
    let digits = |from: usize, to: usize| text.get(from..to);
    let (date, clock) =
        ([digits(0, 4)?, digits(4, 6)?, digits(6, 8)?], [digits(8, 10)?, digits(10, 12)?, digits(12, 14)?]);
    Some(format!("{}T{}Z", date.join("-"), clock.join(":")))
}

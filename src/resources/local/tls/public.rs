//! The public half of a key, in the forms that layouts ask for.

use super::curve::CURVES;
use super::form::{INTEGER, NULL, OBJECT_ID, OCTET_STRING, SEQUENCE, bits, der, part, pem, ssh_number, ssh_string};
use super::key::{EC_PUBLIC_KEY, ED25519};
use super::sign::{RSA, Signer, parts, unpem};
use crate::resources::local::{Values, hex};
use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, Engine};
use md5::Md5;
use sha1::{Digest, Sha1};
use sha2::Sha256;

/// The attributes of a public half: X.509 in DER, and as SSH has it. They are empty where SSH does not take the key.
pub fn forms(public: &[u8], ssh: Option<&[u8]>) -> Values {
    let md5 = |public: &[u8]| Md5::digest(public).iter().map(|b| format!("{b:02x}")).collect::<Vec<_>>().join(":");
    let sha256 = |public: &[u8]| format!("SHA256:{}", BASE64_STANDARD_NO_PAD.encode(Sha256::digest(public)));
    let line = |public: &[u8]| {
        let (kind, _) = taken(public).unwrap_or_default();
        format!("{} {}\n", String::from_utf8_lossy(kind), BASE64_STANDARD.encode(public))
    };
    vec![
        ("public_key_fingerprint_md5", ssh.map(md5).unwrap_or_default().into()),
        ("public_key_fingerprint_sha256", ssh.map(sha256).unwrap_or_default().into()),
        ("public_key_openssh", ssh.map(line).unwrap_or_default().into()),
        ("public_key_pem", pem("PUBLIC KEY", public).into()),
        ("id", hex(&Sha1::digest(public)).into()),
    ]
}

/// The public half of a private key in PKCS #1, SEC 1 or PKCS #8, in DER.
pub fn of_pem(text: &str) -> Result<Vec<u8>, String> {
    match unpem(text).and_then(|(label, bytes)| on_curve(&label, &bytes)) {
        Some(public) => Ok(public),
        None => Signer::read(text).map(|signer| signer.public),
    }
}

/// The same of a key on any curve that keys are made on; that which signs knows fewer.
fn on_curve(label: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    let outer = parts(parts(bytes)?.first()?.content)?;
    let (curve, secret) = match label {
        "EC PRIVATE KEY" => {
            let curve = parts(outer.iter().find(|p| p.tag == part(0))?.content)?;
            (curve.first()?.content.to_vec(), outer.iter().find(|p| p.tag == OCTET_STRING)?.content.to_vec())
        }
        "PRIVATE KEY" => {
            let algorithm = parts(outer.get(1)?.content)?;
            let curve = algorithm.get(1).filter(|_| algorithm[0].content == EC_PUBLIC_KEY)?;
            let inner = parts(parts(outer.get(2)?.content)?.first()?.content)?;
            (curve.content.to_vec(), inner.iter().find(|p| p.tag == OCTET_STRING)?.content.to_vec())
        }
        _ => return None,
    };
    let curve = CURVES.iter().find(|known| known.oid == curve)?;
    Some(point(curve.oid, &curve.public(&secret)?))
}

fn point(curve: &[u8], point: &[u8]) -> Vec<u8> {
    let named = der(SEQUENCE, &[&der(OBJECT_ID, &[EC_PUBLIC_KEY]), &der(OBJECT_ID, &[curve])]);
    der(SEQUENCE, &[&named, &bits(point)])
}

/// The public half of a private key as OpenSSH keeps it, in DER. It is in clear there.
pub fn of_openssh(text: &str) -> Result<Vec<u8>, String> {
    let wrong = || "the private key cannot be read; expected the form of OpenSSH".to_owned();
    let (label, bytes) = unpem(text).ok_or_else(wrong)?;
    if label != "OPENSSH PRIVATE KEY" {
        return of_pem(text);
    }
    let read = || {
        let rest = bytes.strip_prefix(b"openssh-key-v1\0")?;
        let (_cipher, rest) = taken(rest)?;
        let (_derivation, rest) = taken(rest)?;
        let (_options, rest) = taken(rest)?;
        let (public, _) = taken(rest.get(4..)?)?;
        of_ssh(public)
    };
    read().ok_or_else(wrong)
}

/// A string of SSH (RFC 4251), and what follows it.
fn taken(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
}

fn of_ssh(public: &[u8]) -> Option<Vec<u8>> {
    let (kind, rest) = taken(public)?;
    match kind {
        b"ssh-rsa" => {
            let (exponent, rest) = taken(rest)?;
            let (modulus, _) = taken(rest)?;
            let key = der(SEQUENCE, &[&der(INTEGER, &[modulus]), &der(INTEGER, &[exponent])]);
            let algorithm = der(SEQUENCE, &[&der(OBJECT_ID, &[RSA]), &der(NULL, &[])]);
            Some(der(SEQUENCE, &[&algorithm, &bits(&key)]))
        }
        b"ssh-ed25519" => {
            let algorithm = der(SEQUENCE, &[&der(OBJECT_ID, &[ED25519])]);
            Some(der(SEQUENCE, &[&algorithm, &bits(taken(rest)?.0)]))
        }
        _ => {
            let (name, rest) = taken(rest)?;
            let curve = CURVES.iter().find(|curve| curve.ssh.is_some_and(|known| known.as_bytes() == name))?;
            Some(point(curve.oid, taken(rest)?.0))
        }
    }
}

/// The algorithm of a public half as the layout names it, and the key as SSH has it, if SSH takes it.
pub fn known(public: &[u8]) -> Option<(&'static str, Option<Vec<u8>>)> {
    let outer = parts(parts(public)?.first()?.content)?;
    let [algorithm, key] = outer.as_slice() else { return None };
    let (algorithm, key) = (parts(algorithm.content)?, key.content.get(1..)?);
    match algorithm.first()?.content {
        RSA => {
            let numbers = parts(parts(key)?.first()?.content)?;
            let [modulus, exponent] = numbers.as_slice() else { return None };
            let all = [ssh_string(b"ssh-rsa"), ssh_number(exponent.content), ssh_number(modulus.content)];
            Some(("RSA", Some(all.concat())))
        }
        ED25519 => Some(("ED25519", Some([ssh_string(b"ssh-ed25519"), ssh_string(key)].concat()))),
        EC_PUBLIC_KEY => {
            let curve = algorithm.get(1).and_then(|id| CURVES.iter().find(|curve| curve.oid == id.content));
            let ssh = curve.and_then(|curve| curve.ssh).map(|name| {
                let kind = format!("ecdsa-sha2-{name}");
                [ssh_string(kind.as_bytes()), ssh_string(name.as_bytes()), ssh_string(key)].concat()
            });
            Some(("ECDSA", ssh))
        }
        _ => None,
    }
}

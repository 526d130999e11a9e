//! A private key that signs, read from its PEM.

use super::form::{INTEGER, NULL, OBJECT_ID, OCTET_STRING, SEQUENCE, bits, der, part};
use super::key::{EC_PUBLIC_KEY, ED25519, pkcs8};
use base64::prelude::{BASE64_STANDARD, Engine};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
    Ed25519KeyPair, KeyPair,
};
use rsa::pkcs1::DecodeRsaPrivateKey;
use rsa::pkcs8::{DecodePrivateKey, EncodePublicKey};
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// 1.2.840.113549.1.1.1, 1.2.840.113549.1.1.11, 1.2.840.10045.4.3.2 and 1.2.840.10045.4.3.3
pub const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const RSA_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
const ECDSA_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const ECDSA_SHA384: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03];
/// The curves that the library of TLS signs with.
const CURVES: [(&[u8], &EcdsaSigningAlgorithm, &[u8]); 2] = [
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07], &ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_SHA256),
    (&[0x2b, 0x81, 0x04, 0x00, 0x22], &ECDSA_P384_SHA384_ASN1_SIGNING, ECDSA_SHA384),
];

/// One value of DER.
pub struct Part<'a> {
    pub tag: u8,
    pub content: &'a [u8],
    /// With tag and length.
    pub whole: &'a [u8],
}

/// The values that follow one another in DER.
pub fn parts(mut bytes: &[u8]) -> Option<Vec<Part<'_>>> {
    let mut all = Vec::new();
    while let [tag, length, rest @ ..] = bytes {
        let (length, rest) = match *length {
            short @ ..=0x7f => (usize::from(short), rest),
            long => {
                let digits = rest.get(..usize::from(long & 0x7f)).filter(|d| !d.is_empty() && d.len() <= 4)?;
                let length = digits.iter().fold(0usize, |n, digit| (n << 8) | usize::from(*digit));
                (length, &rest[digits.len()..])
            }
        };
        let content = rest.get(..length)?;
        let end = bytes.len() - rest.len() + length;
        all.push(Part { tag: *tag, content, whole: &bytes[..end] });
        bytes = &bytes[end..];
    }
    bytes.is_empty().then_some(all)
}

/// The label and content of a PEM.
pub fn unpem(text: &str) -> Option<(String, Vec<u8>)> {
    let (_, rest) = text.split_once("-----BEGIN ")?;
    let (label, rest) = rest.split_once("-----")?;
    let (body, _) = rest.split_once("-----END ")?;
    let body: String = body.split_whitespace().collect();
    Some((label.to_owned(), BASE64_STANDARD.decode(body).ok()?))
}

enum Kind {
    Rsa(Box<rsa::PrivateKey>),
    Ecdsa(EcdsaKeyPair, &'static [u8]),
    Ed25519(Ed25519KeyPair),
}

/// A key that signs.
pub struct Signer {
    kind: Kind,
    /// Its public half (X.509), in DER.
    pub public: Vec<u8>,
}

impl Signer {
    /// The key in a PEM: PKCS #1, SEC 1 or PKCS #8.
    pub fn read(text: &str) -> Result<Self, String> {
        let wrong = || "the private key cannot be read; expected a PEM of PKCS #1, SEC 1 or PKCS #8".to_owned();
        let (label, bytes) = unpem(text).ok_or_else(wrong)?;
        match label.as_str() {
            "RSA PRIVATE KEY" => Self::rsa(rsa::PrivateKey::from_pkcs1_der(&bytes).map_err(|_| wrong())?),
            "EC PRIVATE KEY" => {
                let outer = parts(&bytes).ok_or_else(wrong)?;
                let inner = outer.first().and_then(|key| parts(key.content)).ok_or_else(wrong)?;
                let find = |tag: u8| inner.iter().find(|p| p.tag == tag);
                let (secret, curve) = find(OCTET_STRING).zip(find(part(0))).ok_or_else(wrong)?;
                let public = find(part(1)).map(|p| p.whole).unwrap_or_default();
                let oid = parts(curve.content).and_then(|all| Some(all.first()?.content.to_vec())).ok_or_else(wrong)?;
                let algorithm = der(SEQUENCE, &[&der(OBJECT_ID, &[EC_PUBLIC_KEY]), curve.content]);
                let key = der(SEQUENCE, &[&der(INTEGER, &[&[1]]), secret.whole, public]);
                Self::ecdsa(&oid, &pkcs8(&algorithm, &key))
            }
            "PRIVATE KEY" => {
                let outer = parts(&bytes).ok_or_else(wrong)?;
                let inner = outer.first().and_then(|key| parts(key.content)).ok_or_else(wrong)?;
                let algorithm = inner.get(1).and_then(|p| parts(p.content)).ok_or_else(wrong)?;
                match algorithm.first().map(|p| p.content) {
                    Some(RSA) => Self::rsa(rsa::PrivateKey::from_pkcs8_der(&bytes).map_err(|_| wrong())?),
                    Some(EC_PUBLIC_KEY) => Self::ecdsa(algorithm.get(1).map(|p| p.content).unwrap_or_default(), &bytes),
                    Some(ED25519) => {
                        let key = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&bytes).map_err(|_| wrong())?;
                        let algorithm = der(SEQUENCE, &[&der(OBJECT_ID, &[ED25519])]);
                        let public = der(SEQUENCE, &[&algorithm, &bits(key.public_key().as_ref())]);
                        Ok(Signer { kind: Kind::Ed25519(key), public })
                    }
                    _ => Err(wrong()),
                }
            }
            _ => Err(wrong()),
        }
    }

    fn rsa(key: rsa::PrivateKey) -> Result<Self, String> {
        let public = key.to_public_key().to_public_key_der().map_err(|e| e.to_string())?.into_vec();
        Ok(Signer { kind: Kind::Rsa(Box::new(key)), public })
    }

    fn ecdsa(curve: &[u8], key: &[u8]) -> Result<Self, String> {
        let Some((oid, algorithm, signature)) = CURVES.into_iter().find(|(oid, ..)| *oid == curve) else {
            return Err("a key on this curve cannot sign here; use P256, P384, RSA or ED25519".into());
        };
        let key = EcdsaKeyPair::from_pkcs8(algorithm, key, &SystemRandom::new());
        let key = key.map_err(|e| format!("the private key cannot be read: {e}"))?;
        let named = der(SEQUENCE, &[&der(OBJECT_ID, &[EC_PUBLIC_KEY]), &der(OBJECT_ID, &[oid])]);
        let public = der(SEQUENCE, &[&named, &bits(key.public_key().as_ref())]);
        Ok(Signer { kind: Kind::Ecdsa(key, signature), public })
    }

    /// The name of its algorithm, as the layout has it.
    pub fn algorithm(&self) -> &'static str {
        match self.kind {
            Kind::Rsa(_) => "RSA",
            Kind::Ecdsa(..) => "ECDSA",
            Kind::Ed25519(_) => "ED25519",
        }
    }

    /// The identifier of its signatures, in DER.
    pub fn signs_with(&self) -> Vec<u8> {
        match &self.kind {
            Kind::Rsa(_) => der(SEQUENCE, &[&der(OBJECT_ID, &[RSA_SHA256]), &der(NULL, &[])]),
            Kind::Ecdsa(_, signature) => der(SEQUENCE, &[&der(OBJECT_ID, &[signature])]),
            Kind::Ed25519(_) => der(SEQUENCE, &[&der(OBJECT_ID, &[ED25519])]),
        }
    }

    /// What is signed, with its signature, in DER.
    pub fn signed(&self, content: &[u8]) -> Result<Vec<u8>, String> {
        let failed = |e: &dyn std::fmt::Display| format!("the key cannot sign: {e}");
        let signature = match &self.kind {
            Kind::Rsa(key) => {
                key.sign(rsa::Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(content)).map_err(|e| failed(&e))?
            }
            Kind::Ecdsa(key, _) => key.sign(&SystemRandom::new(), content).map_err(|e| failed(&e))?.as_ref().to_vec(),
            Kind::Ed25519(key) => key.sign(content).as_ref().to_vec(),
        };
        Ok(der(SEQUENCE, &[content, &self.signs_with(), &bits(&signature)]))
    }

    /// The id of the public half: the SHA-1 of its bits.
    pub fn key_id(&self) -> Vec<u8> {
        key_id(&self.public)
    }
}

/// The SHA-1 of the bits of a public half.
pub fn key_id(public: &[u8]) -> Vec<u8> {
    let outer = parts(public).unwrap_or_default();
    let inner = outer.first().and_then(|key| parts(key.content)).unwrap_or_default();
    let bits = inner.get(1).and_then(|p| p.content.get(1..)).unwrap_or_default();
    Sha1::digest(bits).to_vec()
}

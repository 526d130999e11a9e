//! A key of one of three algorithms, in all the forms that something may ask for.

use super::curve::{CURVES, Curve};
use super::form::{
    INTEGER, OBJECT_ID, OCTET_STRING, SEQUENCE, bits, der, part, ssh_number as number, ssh_string as string,
};
use rand::Rng;
use rand::rngs::StdRng;
use ring::signature::{Ed25519KeyPair, KeyPair};
use rsa::pkcs1::{EncodeRsaPrivateKey, RsaPrivateKey as Parts};
use rsa::pkcs8::{EncodePrivateKey, EncodePublicKey};

/// 1.2.840.10045.2.1
pub const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
/// 1.3.101.112
pub const ED25519: &[u8] = &[0x2b, 0x65, 0x70];

/// A private key and its public half; all but `ssh` in DER.
pub struct Key {
    /// What the PEM of `own` is called.
    pub label: &'static str,
    /// The form that the algorithm has of its own.
    pub own: Vec<u8>,
    /// PKCS #8.
    pub pkcs8: Vec<u8>,
    /// The public half (X.509).
    pub public: Vec<u8>,
    /// For SSH, which does not take every key.
    pub ssh: Option<Ssh>,
}

/// A key as SSH has it.
pub struct Ssh {
    /// The kind of key, such as `ssh-rsa`.
    pub kind: String,
    /// The public half, its kind included.
    pub public: Vec<u8>,
    /// What of the private half follows its kind.
    pub private: Vec<u8>,
}

impl Ssh {
    fn new(kind: impl Into<String>, public: &[Vec<u8>], private: &[Vec<u8>]) -> Self {
        let kind = kind.into();
        let public = [string(kind.as_bytes()), public.concat()].concat();
        Ssh { kind, public, private: private.concat() }
    }
}

/// RSA with a modulus of so many bits.
pub fn rsa(bits: usize, random: &mut StdRng) -> Result<Key, String> {
    let failed = |e: &dyn std::fmt::Display| format!("no RSA key of {bits} bits can be made: {e}");
    let key = rsa::PrivateKey::new(random, bits).map_err(|e| failed(&e))?;
    let own = key.to_pkcs1_der().map_err(|e| failed(&e))?;
    let pkcs8 = key.to_pkcs8_der().map_err(|e| failed(&e))?;
    let public = key.to_public_key().to_public_key_der().map_err(|e| failed(&e))?;
    let p = Parts::try_from(own.as_bytes()).map_err(|e| failed(&e))?;
    let n = |part: rsa::pkcs1::UintRef<'_>| number(part.as_bytes());
    let ssh = Ssh::new(
        "ssh-rsa",
        &[n(p.public_exponent), n(p.modulus)],
        &[n(p.modulus), n(p.public_exponent), n(p.private_exponent), n(p.coefficient), n(p.prime1), n(p.prime2)],
    );
    Ok(Key {
        label: "RSA PRIVATE KEY",
        own: own.as_bytes().to_vec(),
        pkcs8: pkcs8.as_bytes().to_vec(),
        public: public.into_vec(),
        ssh: Some(ssh),
    })
}

/// ECDSA on the curve of this name.
pub fn ecdsa(curve: &str, random: &mut StdRng) -> Result<Key, String> {
    let curve: &Curve =
        CURVES.iter().find(|c| c.name == curve).ok_or_else(|| format!("there is no curve {curve:?}"))?;
    let private = curve.private(random);
    let point = curve.public(&private).ok_or("the key could not be made")?;
    let (version, secret) = (der(INTEGER, &[&[1]]), der(OCTET_STRING, &[&private]));
    let (oid, public) = (der(OBJECT_ID, &[curve.oid]), der(part(1), &[&bits(&point)]));
    let algorithm = der(SEQUENCE, &[&der(OBJECT_ID, &[EC_PUBLIC_KEY]), &oid]);
    let inner = der(SEQUENCE, &[&version, &secret, &public]);
    let ssh = curve.ssh.map(|name| {
        let named = || string(name.as_bytes());
        let public = [named(), string(&point)];
        Ssh::new(format!("ecdsa-sha2-{name}"), &public, &[named(), string(&point), number(&private)])
    });
    Ok(Key {
        label: "EC PRIVATE KEY",
        own: der(SEQUENCE, &[&version, &secret, &der(part(0), &[&oid]), &public]),
        pkcs8: pkcs8(&algorithm, &inner),
        public: der(SEQUENCE, &[&algorithm, &bits(&point)]),
        ssh,
    })
}

/// Ed25519 (RFC 8410).
pub fn ed25519(random: &mut StdRng) -> Result<Key, String> {
    let mut seed = [0; 32];
    random.fill_bytes(&mut seed);
    let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|e| format!("the key could not be made: {e}"))?;
    let public = pair.public_key().as_ref();
    let algorithm = der(SEQUENCE, &[&der(OBJECT_ID, &[ED25519])]);
    let pkcs8 = pkcs8(&algorithm, &der(OCTET_STRING, &[&seed]));
    let both = [&seed[..], public].concat();
    Ok(Key {
        label: "PRIVATE KEY",
        own: pkcs8.clone(),
        pkcs8,
        public: der(SEQUENCE, &[&algorithm, &bits(public)]),
        ssh: Some(Ssh::new("ssh-ed25519", &[string(public)], &[string(public), string(&both)])),
    })
}

/// PKCS #8 of a key.
pub fn pkcs8(algorithm: &[u8], key: &[u8]) -> Vec<u8> {
    der(SEQUENCE, &[&der(INTEGER, &[&[0]]), algorithm, &der(OCTET_STRING, &[key])])
}

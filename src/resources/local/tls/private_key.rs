//! tls_private_key: a key pair. It stays in the state, where its private half is sealed.

use super::form::{openssh, pem};
use super::key::{Key, ecdsa, ed25519, rsa};
use super::{Local, Row, public};
use crate::resources::local::{Given, Values, whole};
use crate::schema::checks::one_of;
use crate::value::Value;
use rand::Rng;

/// What the key generator takes; smaller keys are no protection.
const RSA_BITS: std::ops::RangeInclusive<i64> = 1024..=16384;

pub(super) fn local() -> Local {
    let computed = |name| Row::string(name).computed();
    let rows = [
        Row::string("algorithm").required().force_new().check(|v| one_of(v, &["RSA", "ECDSA", "ED25519"])),
        Row::string("ecdsa_curve").default("P224").force_new().check(|v| one_of(v, &["P224", "P256", "P384", "P521"])),
        Row::number("rsa_bits").default(2048).force_new().check(rsa_bits),
        computed("private_key_openssh").sensitive(),
        computed("private_key_pem").sensitive(),
        computed("private_key_pem_pkcs8").sensitive(),
        computed("public_key_fingerprint_md5"),
        computed("public_key_fingerprint_sha256"),
        computed("public_key_openssh"),
        computed("public_key_pem"),
    ];
    Local::new("tls_private_key", rows, |want, given| {
        let random = &mut given.random;
        let key = match want.str("algorithm").unwrap_or_default() {
            "RSA" => rsa(whole(want, "rsa_bits").and_then(|n| usize::try_from(n).ok()).unwrap_or(2048), random)?,
            "ECDSA" => ecdsa(want.str("ecdsa_curve").unwrap_or("P224"), random)?,
            _ => ed25519(random)?,
        };
        Ok(forms(&key, given))
    })
}

fn rsa_bits(value: &Value) -> Result<(), String> {
    match value.as_i64() {
        Some(n) if !RSA_BITS.contains(&n) => {
            Err(format!("{n} bits are out of range; expected {} to {}", RSA_BITS.start(), RSA_BITS.end()))
        }
        _ => Ok(()),
    }
}

/// The attributes of a key. What SSH has of a key that it does not take is empty.
fn forms(key: &Key, given: &mut Given) -> Values {
    let check = given.random.next_u32();
    let private = key.ssh.as_ref().map(|s| openssh(&s.kind, &s.public, &s.private, check)).unwrap_or_default();
    let mut all = vec![
        ("private_key_openssh", private.into()),
        ("private_key_pem", pem(key.label, &key.own).into()),
        ("private_key_pem_pkcs8", pem("PRIVATE KEY", &key.pkcs8).into()),
    ];
    all.extend(public::forms(&key.public, key.ssh.as_ref().map(|s| s.public.as_slice())));
    all
}

//! Sealing: how a sensitive value is kept on disk without being readable there.
//!
//! ChaCha20-Poly1305 with a key of the user's. The nonce is a keyed digest of the text itself, so
//! that an unchanged value is written as before and a state file compares line by line; two equal
//! values are seen to be equal, nothing else is seen.
//!
//! A sealed text never unseals under another key, nor after a changed byte. The key is never
//! written anywhere but into the user's own key file.

use super::key::{KEY_LENGTH, KeySource, SALT_LENGTH, derive};
use crate::value::codec::{DecodeError, Seal};
use base64::prelude::{BASE64_STANDARD_NO_PAD as BASE64, Engine};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// The beginning of every sealed text.
const VERSION: &str = "v1";

/// How many characters the nonce takes in base64.
const NAME_LENGTH: usize = NONCE_LEN * 4 / 3;

/// Seals and unseals with one key.
pub struct Sealer {
    source: KeySource,
    /// By salt; a key that is not a passphrase has the empty salt only.
    keys: Mutex<HashMap<Vec<u8>, Arc<Keys>>>,
}

/// The keys made from the user's.
struct Keys {
    salt: Vec<u8>,
    seal: LessSafeKey,
    nonce: hmac::Key,
    /// Names the key in messages; reveals nothing about it.
    name: String,
}

impl Sealer {
    /// A sealer that takes its key from `source` when it first needs it.
    pub fn new(source: KeySource) -> Self {
        Sealer { source, keys: Mutex::default() }
    }

    /// The sealed form of `plain`: `v1.KEY.SALT.TEXT`. The error is one sentence.
    pub fn seal(&self, plain: &[u8]) -> Result<String, String> {
        let keys = self.sealing_keys()?;
        let digest = hmac::sign(&keys.nonce, plain);
        let mut nonce = [0; NONCE_LEN];
        nonce.copy_from_slice(&digest.as_ref()[..NONCE_LEN]);
        let mut text = plain.to_vec();
        let tag = keys
            .seal
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(VERSION.as_bytes()), &mut text)
            .map_err(|_| format!("a value of {} bytes is too long to be sealed", plain.len()))?;
        let whole = [&nonce[..], &text, tag.as_ref()].concat();
        Ok(format!("{VERSION}.{}.{}.{}", keys.name, BASE64.encode(&keys.salt), BASE64.encode(whole)))
    }

    /// The text that was sealed. The error is one sentence that names where the key comes from.
    pub fn unseal(&self, sealed: &str) -> Result<Vec<u8>, String> {
        let mut parts = sealed.split('.');
        let (Some(version), Some(name), Some(salt), Some(text), None) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(damaged());
        };
        if version != VERSION {
            return Err(format!("a value is sealed in the form {version:?}, which this version does not know"));
        }
        let salt = BASE64.decode(salt).map_err(|_| damaged())?;
        let mut text = BASE64.decode(text).map_err(|_| damaged())?;
        if text.len() < NONCE_LEN {
            return Err(damaged());
        }
        let keys = self.keys(&salt, false)?;
        if keys.name != name {
            return Err(format!(
                "a value is sealed with the key {name}, but the key from {} is {}",
                self.source, keys.name
            ));
        }
        let mut nonce = [0; NONCE_LEN];
        nonce.copy_from_slice(&text[..NONCE_LEN]);
        let plain = keys
            .seal
            .open_in_place(Nonce::assume_unique_for_key(nonce), Aad::from(VERSION.as_bytes()), &mut text[NONCE_LEN..])
            .map_err(|_| format!("a sealed value was changed after it was sealed with the key from {}", self.source))?;
        Ok(plain.to_vec())
    }

    /// The keys to seal with: those in use already, so that a passphrase is worked out once a run.
    fn sealing_keys(&self) -> Result<Arc<Keys>, String> {
        if !self.source.is_passphrase() {
            return self.keys(&[], true);
        }
        let known = self.keys.lock().unwrap_or_else(PoisonError::into_inner).values().next().cloned();
        match known {
            Some(keys) => Ok(keys),
            None => self.keys(&rand::random::<[u8; SALT_LENGTH]>(), true),
        }
    }

    fn keys(&self, salt: &[u8], may_create: bool) -> Result<Arc<Keys>, String> {
        let mut known = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(keys) = known.get(salt) {
            return Ok(keys.clone());
        }
        let keys = Arc::new(Keys::new(&self.source.key(salt, may_create)?, salt)?);
        known.insert(salt.to_vec(), keys.clone());
        Ok(keys)
    }
}

/// The keyed digest that a sealed text begins with: equal for equal values under one key. The error is a
/// sentence.
pub fn name_of(sealed: &str) -> Result<&str, String> {
    let text = sealed.rsplit('.').next().and_then(|text| text.get(..NAME_LENGTH));
    text.ok_or_else(damaged)
}

fn damaged() -> String {
    "a sealed value is damaged: it is not of the form v1.KEY.SALT.TEXT".into()
}

/// The sealer of a saved plan.
impl Seal for Sealer {
    fn seal(&self, plain: &[u8]) -> Result<String, String> {
        Sealer::seal(self, plain)
    }

    fn unseal(&self, sealed: &str) -> Result<Vec<u8>, DecodeError> {
        Sealer::unseal(self, sealed).map_err(DecodeError::Sealed)
    }
}

impl Keys {
    fn new(key: &[u8; KEY_LENGTH], salt: &[u8]) -> Result<Self, String> {
        let unusable = |_| "the key cannot be used for sealing".to_owned();
        let seal = UnboundKey::new(&CHACHA20_POLY1305, &derive(key, "seal")).map_err(unusable)?;
        let name = derive(key, "name")[..4].iter().map(|b| format!("{b:02x}")).collect();
        Ok(Keys {
            salt: salt.to_vec(),
            seal: LessSafeKey::new(seal),
            nonce: hmac::Key::new(hmac::HMAC_SHA256, &derive(key, "nonce")),
            name,
        })
    }
}

/// Names the source of the key, never the key.
impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealer({})", self.source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sealer(byte: u8) -> Sealer {
        Sealer::new(KeySource::Key([byte; KEY_LENGTH]))
    }

    proptest! {
        #[test]
        fn what_is_sealed_unseals_to_itself(plain in proptest::collection::vec(any::<u8>(), 0..200)) {
            let sealed = sealer(1).seal(&plain).unwrap();
            prop_assert_eq!(sealer(1).unseal(&sealed).unwrap(), plain);
        }

        #[test]
        fn a_changed_byte_is_noticed(plain in "[a-z]{1,40}", at in any::<prop::sample::Index>()) {
            let sealed = sealer(1).seal(plain.as_bytes()).unwrap();
            let mut bytes = sealed.clone().into_bytes();
            let at = at.index(bytes.len());
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            prop_assume!(changed != sealed);
            prop_assert!(sealer(1).unseal(&changed).is_err());
        }

        #[test]
        fn arbitrary_text_is_refused_without_a_crash(text in ".*") {
            prop_assert!(sealer(1).unseal(&text).is_err());
        }
    }

    #[test]
    fn equal_values_are_sealed_equally_and_others_not() {
        let s = sealer(1);
        assert_eq!(s.seal(b"a").unwrap(), s.seal(b"a").unwrap());
        assert_ne!(s.seal(b"a").unwrap(), s.seal(b"b").unwrap());
    }

    #[test]
    fn another_key_is_named_in_the_error() {
        let sealed = sealer(1).seal(b"secret").unwrap();
        insta::assert_snapshot!(sealer(2).unseal(&sealed).unwrap_err(), @"a value is sealed with the key d03f7301, but the key from FLOORPLAN_KEY is 4efacd77");
    }

    #[test]
    fn a_passphrase_seals_with_a_salt_and_unseals_elsewhere() {
        let here = Sealer::new(KeySource::Passphrase("correct horse battery staple".into()));
        let there = Sealer::new(KeySource::Passphrase("correct horse battery staple".into()));
        let sealed = here.seal(b"secret").unwrap();
        assert_eq!(there.unseal(&sealed).unwrap(), b"secret");
        assert_eq!(there.seal(b"secret").unwrap(), sealed);
        let wrong = Sealer::new(KeySource::Passphrase("incorrect horse battery staple".into()));
        assert!(wrong.unseal(&sealed).unwrap_err().contains("FLOORPLAN_KEY"));
    }
}

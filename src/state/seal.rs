//! Sealing: how a sensitive value is kept on disk without being readable there.
//!
//! ChaCha20-Poly1305 with a key of the user's, or with a data key that a service such as KMS made for the state and opens
//! again. The nonce is a keyed digest of the text itself and of what it is tied to, so that an unchanged value is written
//! as before and a state file compares line by line; two equal values are seen to be equal, nothing else is seen.
//!
//! A sealed text never opens under another key, after a changed byte, or in another place than the one that it is tied to
//! ([`Tied`]). It says what opens it: `v2.KEY.SALT.TEXT` the user's key, `v2.KEY.ARN|DATAKEY.TEXT` a key of the service,
//! which holds the data key in sealed form. Texts of version 1 were tied to nothing.

use super::key::{KEY_LENGTH, KeySource, SALT_LENGTH, derive};
use super::service::KeyService;
use crate::diag::Diagnostic;
use crate::plan::PlanMeta;
use crate::value::codec::{DecodeError, Locked, Seal};
use base64::prelude::{BASE64_STANDARD_NO_PAD as BASE64, Engine};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// The beginning of a sealed text that is written, and of those that earlier versions wrote.
const VERSION: &str = "v2";
const UNTIED: &str = "v1";
/// Between the key of a service and the data key that it sealed.
const BY: char = '|';

/// How many characters the nonce takes in base64.
const NAME_LENGTH: usize = NONCE_LEN * 4 / 3;

/// Seals and unseals, with the user's key or with data keys of a service.
pub struct Sealer {
    own: KeySource,
    /// Opens data keys, whoever sealed with them.
    service: Option<Arc<dyn KeyService>>,
    /// The key of the service that values are sealed with, instead of the user's.
    with: Option<String>,
    /// Those that were needed so far. A data key that did not open is not asked for again.
    known: Mutex<Vec<(Origin, Result<Arc<Keys>, Locked>)>>,
}

/// Where a key comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Origin {
    /// From the user, with a salt where that is a passphrase.
    Own(Vec<u8>),
    /// From the service, which sealed it with the key `by` for a lineage.
    Service { by: String, sealed: Vec<u8>, lineage: String },
}

/// The keys made from one key.
struct Keys {
    seal: LessSafeKey,
    nonce: hmac::Key,
    /// Names the key in messages; reveals nothing about it.
    name: String,
}

/// A sealer for texts of one place, which open in no other.
pub struct Tied<'a> {
    sealer: &'a Sealer,
    place: String,
    lineage: String,
}

impl Sealer {
    /// A sealer that takes its key from `own` when it first needs it.
    pub fn new(own: KeySource) -> Self {
        Sealer { own, service: None, with: None, known: Mutex::default() }
    }

    /// The same, for which a service opens what was sealed with its keys, and seals with the one that is named.
    pub fn served(self, service: Arc<dyn KeyService>, with: Option<String>) -> Self {
        Sealer { service: Some(service), with, ..self }
    }

    /// For texts in one place of a state, such as its journal, or of what belongs to it. Without a lineage it is a new one.
    pub fn tied(&self, place: impl Into<String>, lineage: &str) -> Tied<'_> {
        Tied { sealer: self, place: place.into(), lineage: lineage.to_owned() }
    }

    /// For the values of a saved plan.
    pub fn of_plan(&self, plan: &PlanMeta) -> Tied<'_> {
        self.tied(format!("plan {}", plan.serial), &plan.lineage)
    }

    /// Fails where the service cannot seal for this lineage, before anything depends on it.
    pub fn ready(&self, lineage: &str) -> Result<(), Diagnostic> {
        match &self.with {
            Some(with) => self.data_key(with, lineage).map(drop),
            None => Ok(()),
        }
    }

    /// The origin and the keys to seal with: those in use already, so that a passphrase is worked out once a run and a
    /// state has one data key.
    fn sealing(&self, lineage: &str) -> Result<(Origin, Arc<Keys>), String> {
        if let Some(with) = &self.with {
            return self.data_key(with, lineage).map_err(|d| in_words(&d));
        }
        let salted = self.own.is_passphrase();
        let fits = |origin: &Origin| matches!(origin, Origin::Own(salt) if salted || salt.is_empty());
        if let Some(found) = self.used(fits) {
            return Ok(found);
        }
        let salt = if salted { rand::random::<[u8; SALT_LENGTH]>().to_vec() } else { Vec::new() };
        let keys = Arc::new(Keys::new(&self.own.key(&salt, true)?)?);
        Ok(self.learn(Origin::Own(salt), keys))
    }

    /// The data key for a lineage: the one that the state has, else a new one.
    fn data_key(&self, with: &str, lineage: &str) -> Result<(Origin, Arc<Keys>), Diagnostic> {
        let fits = |origin: &Origin| match origin {
            Origin::Service { by, lineage: of, .. } => of == lineage && is_named(by, with),
            Origin::Own(_) => false,
        };
        if let Some(found) = self.used(fits) {
            return Ok(found);
        }
        let unusable = |why: String| Diagnostic::error("Cannot seal sensitive values").code("state-key").detail(why);
        let service = self.service.as_ref().ok_or_else(|| unusable("No service of keys is connected.".into()))?;
        let made = service.make(with, lineage)?;
        if made.by.contains(['.', BY]) {
            return Err(unusable(format!("The service names its key {:?}, which cannot be written down.", made.by)));
        }
        let keys = Arc::new(Keys::new(&made.plain).map_err(unusable)?);
        Ok(self.learn(Origin::Service { by: made.by, sealed: made.sealed, lineage: lineage.to_owned() }, keys))
    }

    /// The keys that were used last, of those that `fit`.
    fn used(&self, fit: impl Fn(&Origin) -> bool) -> Option<(Origin, Arc<Keys>)> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut fitting = known.iter().rev().filter(|(origin, _)| fit(origin));
        fitting.find_map(|(origin, keys)| Some((origin.clone(), keys.clone().ok()?)))
    }

    fn learn(&self, origin: Origin, keys: Arc<Keys>) -> (Origin, Arc<Keys>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.push((origin.clone(), Ok(keys.clone())));
        (origin, keys)
    }

    /// The keys that open what was sealed with those of an origin.
    fn opening(&self, origin: Origin) -> Result<Arc<Keys>, Locked> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, keys)) = known.iter().find(|(known, _)| *known == origin) {
            return keys.clone();
        }
        let key = match &origin {
            Origin::Own(salt) => self.own.key(salt, false).map_err(|why| self.shut(why)),
            Origin::Service { by, sealed, lineage } => match &self.service {
                Some(service) => service.open(by, sealed, lineage).map_err(|d| Locked::of(&d)),
                None => Err(Locked {
                    why: format!("it is sealed with {by}, which is not asked here"),
                    cure: "Correct the errors of the layout first.".into(),
                }),
            },
        };
        let keys = key.and_then(|key| Keys::new(&key).map(Arc::new).map_err(|why| self.shut(why)));
        // A key file may still come.
        if keys.is_ok() || matches!(origin, Origin::Service { .. }) {
            known.push((origin, keys.clone()));
        }
        keys
    }

    /// What to do about a value that the user's key does not open.
    fn shut(&self, why: String) -> Locked {
        let cure = match &self.with {
            Some(key) => format!(
                "Set FLOORPLAN_KEY to the key that it was sealed with until the state is written again, which seals it with {key}."
            ),
            None => "Set FLOORPLAN_KEY to the key that it was sealed with, or copy the key file from the machine that wrote it.".into(),
        };
        Locked { why, cure }
    }
}

impl Tied<'_> {
    /// The sealed form of `plain`. The error is one sentence.
    pub fn seal(&self, plain: &[u8]) -> Result<String, String> {
        let (origin, keys) = self.sealer.sealing(&self.lineage)?;
        let tie = self.tie();
        let mut digest = hmac::Context::with_key(&keys.nonce);
        digest.update(&tie);
        digest.update(plain);
        let mut nonce = [0; NONCE_LEN];
        nonce.copy_from_slice(&digest.sign().as_ref()[..NONCE_LEN]);
        let mut text = plain.to_vec();
        let tag = keys
            .seal
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(tie), &mut text)
            .map_err(|_| format!("a value of {} bytes is too long to be sealed", plain.len()))?;
        let whole = BASE64.encode([&nonce[..], &text, tag.as_ref()].concat());
        let from = match &origin {
            Origin::Own(salt) => BASE64.encode(salt),
            Origin::Service { by, sealed, .. } => format!("{by}{BY}{}", BASE64.encode(sealed)),
        };
        Ok(format!("{VERSION}.{}.{from}.{whole}", keys.name))
    }

    /// The text that was sealed.
    pub fn unseal(&self, sealed: &str) -> Result<Vec<u8>, Locked> {
        let changed = || Locked {
            why: format!(
                "a sealed value was changed or comes from elsewhere: {} does not open it here",
                self.sealer.own
            ),
            cure: "Go back to an earlier serial: `floorplan state history` lists them.".into(),
        };
        self.open(sealed)?.ok_or_else(changed)
    }

    /// The text that was sealed; none where the key is right, and the text was changed or is tied to another place.
    pub(super) fn open(&self, sealed: &str) -> Result<Option<Vec<u8>>, Locked> {
        let parts: Vec<&str> = sealed.split('.').collect();
        let [version, name, from, text] = parts[..] else { return Err(damaged()) };
        let tie = match version {
            VERSION => self.tie(),
            UNTIED => UNTIED.as_bytes().to_vec(),
            _ => {
                return Err(Locked {
                    why: format!("a value is sealed in the form {version:?}, which this version does not know"),
                    cure: "Use the version of Floorplan that wrote it, or a newer one.".into(),
                });
            }
        };
        let decoded = |text: &str| BASE64.decode(text).map_err(|_| damaged());
        let origin = match from.split_once(BY) {
            None => Origin::Own(decoded(from)?),
            Some((by, key)) => {
                Origin::Service { by: by.to_owned(), sealed: decoded(key)?, lineage: self.lineage.clone() }
            }
        };
        let mut text = decoded(text)?;
        if text.len() < NONCE_LEN {
            return Err(damaged());
        }
        let of_service = matches!(origin, Origin::Service { .. });
        let keys = self.sealer.opening(origin)?;
        if keys.name != name && of_service {
            return Ok(None);
        }
        if keys.name != name {
            return Err(self.sealer.shut(format!(
                "a value is sealed with the key {name}, but the key from {} is {}",
                self.sealer.own, keys.name
            )));
        }
        let mut nonce = [0; NONCE_LEN];
        nonce.copy_from_slice(&text[..NONCE_LEN]);
        let nonce = Nonce::assume_unique_for_key(nonce);
        let plain = keys.seal.open_in_place(nonce, Aad::from(tie), &mut text[NONCE_LEN..]);
        Ok(plain.ok().map(|plain| plain.to_vec()))
    }

    /// What the text is sealed together with.
    fn tie(&self) -> Vec<u8> {
        [VERSION, &self.place, &self.lineage].join("\0").into_bytes()
    }
}

/// Whether a sealed text is tied to its place.
pub fn is_tied(sealed: &str) -> bool {
    sealed.split('.').next() == Some(VERSION)
}

/// Whether a layout that names a key of the service in this way means the key `by`. An alias may mean any.
fn is_named(by: &str, name: &str) -> bool {
    by == name || name.contains("alias/") || by.rsplit_once('/').is_some_and(|(_, id)| id == name)
}

/// The keyed digest that a sealed text begins with: equal for equal values under one key. The error is a
/// sentence.
pub fn name_of(sealed: &str) -> Result<&str, String> {
    let text = sealed.rsplit('.').next().and_then(|text| text.get(..NAME_LENGTH));
    text.ok_or_else(|| damaged().why)
}

fn damaged() -> Locked {
    Locked {
        why: "a sealed value is damaged: it is not of the form v2.KEY.SALT.TEXT".into(),
        cure: "Go back to an earlier serial: `floorplan state history` lists them.".into(),
    }
}

/// A problem with its cure, as one sentence without its end.
fn in_words(d: &Diagnostic) -> String {
    let Locked { why, cure } = Locked::of(d);
    if cure.is_empty() { why } else { format!("{why}. {}", cure.trim_end_matches('.')) }
}

impl Seal for Tied<'_> {
    fn seal(&self, plain: &[u8]) -> Result<String, String> {
        Tied::seal(self, plain)
    }

    fn unseal(&self, sealed: &str) -> Result<Vec<u8>, DecodeError> {
        Tied::unseal(self, sealed).map_err(DecodeError::Sealed)
    }
}

impl Keys {
    fn new(key: &[u8; KEY_LENGTH]) -> Result<Self, String> {
        let unusable = |_| "the key cannot be used for sealing".to_owned();
        let seal = UnboundKey::new(&CHACHA20_POLY1305, &derive(key, "seal")).map_err(unusable)?;
        let name = derive(key, "name")[..4].iter().map(|b| format!("{b:02x}")).collect();
        Ok(Keys { seal: LessSafeKey::new(seal), nonce: hmac::Key::new(hmac::HMAC_SHA256, &derive(key, "nonce")), name })
    }
}

/// Names where the keys come from, never a key.
impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealer({})", self.with.clone().unwrap_or_else(|| self.own.to_string()))
    }
}

impl fmt::Debug for Tied<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tied({:?}, {})", self.sealer, self.place)
    }
}

#[cfg(test)]
mod tests;

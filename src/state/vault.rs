//! The secrets of one text (a state file, a line of the journal): sealed, in a place of their own, apart
//! from the attributes, which refer to them by name.
//!
//! A name is the keyed digest that the sealed text begins with: equal secrets stand once, an unchanged
//! one keeps its name, and the name reveals nothing without the key.

use super::seal::{Sealer, name_of};
use crate::value::codec::{DecodeError, Seal};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Sealed secrets by name, as a file holds them.
pub type Secrets = BTreeMap<String, String>;

/// The secrets of a text that is being written or read.
#[derive(Debug)]
pub struct Vault<'a> {
    sealer: &'a Sealer,
    secrets: RefCell<Secrets>,
}

impl<'a> Vault<'a> {
    /// One without secrets, for a text that is to be written.
    pub fn new(sealer: &'a Sealer) -> Self {
        Vault { sealer, secrets: RefCell::default() }
    }

    /// The secrets of a text that is read.
    pub fn holding(sealer: &'a Sealer, secrets: Secrets) -> Self {
        Vault { sealer, secrets: secrets.into() }
    }

    /// The secrets that were kept.
    pub fn into_secrets(self) -> Secrets {
        self.secrets.into_inner()
    }
}

/// The attributes hold the name of the secret.
impl Seal for Vault<'_> {
    fn seal(&self, plain: &[u8]) -> Result<String, String> {
        let sealed = self.sealer.seal(plain)?;
        let name = name_of(&sealed)?.to_owned();
        self.secrets.borrow_mut().insert(name.clone(), sealed);
        Ok(name)
    }

    /// The secret that was kept under a name. A state of format 1 has the sealed text itself where the name would be.
    fn unseal(&self, name: &str) -> Result<Vec<u8>, DecodeError> {
        let unsealed = match self.secrets.borrow().get(name) {
            Some(sealed) => self.sealer.unseal(sealed),
            None if name.contains('.') => self.sealer.unseal(name),
            None => return Err(format!("it refers to the secret {name}, which is missing").into()),
        };
        unsealed.map_err(DecodeError::Sealed)
    }

    /// As states always had it.
    fn seals_null(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::testing::sealer;

    #[test]
    fn equal_secrets_stand_once_and_open_by_name() {
        let sealer = sealer();
        let vault = Vault::new(&sealer);
        let names = [b"hunter2", b"hunter3", b"hunter2"].map(|plain| vault.seal(plain).unwrap());
        assert_eq!(names[0], names[2]);
        let secrets = vault.into_secrets();
        assert_eq!(secrets.len(), 2);
        assert_eq!(Vault::holding(&sealer, secrets).unseal(&names[1]).unwrap(), b"hunter3");
    }

    #[test]
    fn a_secret_that_is_missing_is_named() {
        let error = Vault::new(&sealer()).unseal("AbCd").unwrap_err();
        insta::assert_snapshot!(error, @"it refers to the secret AbCd, which is missing");
    }
}

//! The secrets of one text (a state file, a line of the journal): sealed, in a place of their own, apart
//! from the attributes, which refer to them by name.
//!
//! A name is the keyed digest that the sealed text begins with: equal secrets stand once, an unchanged
//! one keeps its name, and the name reveals nothing without the key.

use super::seal::{Tied, name_of};
use crate::value::codec::{DecodeError, Seal};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Sealed secrets by name, as a file holds them.
pub type Secrets = BTreeMap<String, String>;

/// The secrets of a text that is being written or read.
#[derive(Debug)]
pub struct Vault<'a> {
    sealer: &'a Tied<'a>,
    secrets: RefCell<Secrets>,
    /// Whether a sealed text may stand where its name would be, as in format 1.
    inline: bool,
}

impl<'a> Vault<'a> {
    /// One without secrets, for a text that is to be written.
    pub fn new(sealer: &'a Tied<'a>) -> Self {
        Vault { sealer, secrets: RefCell::default(), inline: false }
    }

    /// The secrets of a text that is read; `inline` if that is of format 1.
    pub fn holding(sealer: &'a Tied<'a>, secrets: Secrets, inline: bool) -> Self {
        Vault { sealer, secrets: secrets.into(), inline }
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
            None if self.inline && name.contains('.') => self.sealer.unseal(name),
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
        let tied = sealer.tied("state", "lineage");
        let vault = Vault::new(&tied);
        let names = [b"hunter2", b"hunter3", b"hunter2"].map(|plain| vault.seal(plain).unwrap());
        assert_eq!(names[0], names[2]);
        let secrets = vault.into_secrets();
        assert_eq!(secrets.len(), 2);
        assert_eq!(Vault::holding(&tied, secrets, false).unseal(&names[1]).unwrap(), b"hunter3");
    }

    #[test]
    fn a_secret_that_is_missing_is_named() {
        let error = Vault::new(&sealer().tied("state", "lineage")).unseal("AbCd").unwrap_err();
        insta::assert_snapshot!(error, @"it refers to the secret AbCd, which is missing");
    }
}

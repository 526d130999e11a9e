//! The secrets of one text (a state file, a line of the journal): sealed, in a place of their own, apart
//! from the attributes, which refer to them by name.
//!
//! A name is the keyed digest that the sealed text begins with: equal secrets stand once, an unchanged
//! one keeps its name, and the name tells nothing without the key.

use super::seal::{Sealer, name_of};
use std::collections::BTreeMap;

/// Sealed secrets by name, as they stand in a file.
pub type Secrets = BTreeMap<String, String>;

/// The secrets of a text that is being written or read.
#[derive(Debug)]
pub struct Vault<'a> {
    sealer: &'a Sealer,
    secrets: Secrets,
}

impl<'a> Vault<'a> {
    /// One without secrets, for a text that is to be written.
    pub fn new(sealer: &'a Sealer) -> Self {
        Vault { sealer, secrets: Secrets::new() }
    }

    /// The secrets of a text that is read.
    pub fn holding(sealer: &'a Sealer, secrets: Secrets) -> Self {
        Vault { sealer, secrets }
    }

    /// Seals `plain`; gives the name to refer to it by. The error is a sentence.
    pub fn keep(&mut self, plain: &[u8]) -> Result<String, String> {
        let sealed = self.sealer.seal(plain)?;
        let name = name_of(&sealed)?.to_owned();
        self.secrets.insert(name.clone(), sealed);
        Ok(name)
    }

    /// What was kept as `name`. A state of format 1 has the sealed text itself where the name would be.
    /// The error is a sentence.
    pub fn open(&self, name: &str) -> Result<Vec<u8>, String> {
        if name.contains('.') {
            return self.sealer.unseal(name);
        }
        let sealed =
            self.secrets.get(name).ok_or_else(|| format!("it refers to the secret {name}, which is missing"))?;
        self.sealer.unseal(sealed)
    }

    /// The secrets that were kept.
    pub fn into_secrets(self) -> Secrets {
        self.secrets
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::testing::sealer;

    #[test]
    fn equal_secrets_stand_once_and_open_by_name() {
        let sealer = sealer();
        let mut vault = Vault::new(&sealer);
        let names = [b"hunter2", b"hunter3", b"hunter2"].map(|plain| vault.keep(plain).unwrap());
        assert_eq!(names[0], names[2]);
        let secrets = vault.into_secrets();
        assert_eq!(secrets.len(), 2);
        assert_eq!(Vault::holding(&sealer, secrets).open(&names[1]).unwrap(), b"hunter3");
    }

    #[test]
    fn a_secret_that_is_missing_is_named() {
        let error = Vault::new(&sealer()).open("AbCd").unwrap_err();
        insta::assert_snapshot!(error, @"it refers to the secret AbCd, which is missing");
    }
}

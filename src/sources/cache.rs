//! The user's cache of module packages: each under the hash of its content, and an index by address.

use super::tree;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io;
use std::path::{Path, PathBuf};

/// The cache of a user.
#[derive(Debug, Clone)]
pub struct Cache {
    dir: PathBuf,
}

/// What is known of an address with a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// The hash of the package.
    pub hash: String,
    /// The directory that is the module, if the package does not begin with it.
    pub directory: String,
}

impl Cache {
    /// The cache below a directory.
    pub fn new(dir: PathBuf) -> Self {
        Cache { dir }
    }

    /// The package with a hash, if it is there and whole.
    pub fn package(&self, hash: &str) -> Option<PathBuf> {
        let dir = self.dir.join("packages").join(file_name(hash));
        tree::hash(&dir).is_ok_and(|found| found == hash).then_some(dir)
    }

    /// Keeps a package. A new one replaces one that was damaged.
    pub fn keep(&self, from: &Path, hash: &str) -> io::Result<PathBuf> {
        match self.package(hash) {
            Some(dir) => Ok(dir),
            None => {
                let dir = self.dir.join("packages").join(file_name(hash));
                match tree::copy(from, &dir) {
                    Ok(()) => Ok(dir),
                    // Another run, or another call of the same module, was faster.
                    Err(e) => self.package(hash).ok_or(e),
                }
            }
        }
    }

    /// What is known of an address and version.
    pub fn known(&self, address: &str) -> Option<Known> {
        serde_json::from_slice(&std::fs::read(self.index(address)).ok()?).ok()
    }

    /// Remembers what an address and version holds.
    pub fn remember(&self, address: &str, known: &Known) -> io::Result<()> {
        let path = self.index(address);
        let folder = path.parent().unwrap_or(&self.dir);
        std::fs::create_dir_all(folder)?;
        let new = tempfile::NamedTempFile::new_in(folder)?;
        std::fs::write(new.path(), serde_json::to_vec(known).map_err(io::Error::other)?)?;
        new.persist(&path).map(drop).map_err(|e| e.error)
    }

    fn index(&self, address: &str) -> PathBuf {
        self.dir.join("index").join(hex(&Sha256::digest(address)))
    }
}

/// A hash as the name of a directory.
fn file_name(hash: &str) -> String {
    hash.replace(['/', '\\'], "_").replace(':', "-")
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

//! Where the key for sealing comes from: `FLOORPLAN_KEY`, or a key file of the user's that is made
//! when the first sensitive value is to be kept.
//!
//! A missing key file is made only for sealing, never for unsealing: a new key opens nothing.

use base64::prelude::{BASE64_STANDARD as BASE64, Engine};
use ring::{hmac, pbkdf2};
use std::fmt;
use std::io::Write;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

/// Bytes of a key.
pub const KEY_LENGTH: usize = 32;
/// Bytes of the salt of a passphrase.
pub const SALT_LENGTH: usize = 16;
/// A passphrase shorter than this is guessed.
const SHORTEST_PASSPHRASE: usize = 12;
/// PBKDF2-HMAC-SHA256, as OWASP recommends since 2023. Tests need not be hard to guess.
const ITERATIONS: NonZeroU32 = NonZeroU32::MIN.saturating_add(if cfg!(test) { 999 } else { 599_999 });

/// Where the key comes from.
#[derive(Clone, PartialEq, Eq)]
pub enum KeySource {
    /// `FLOORPLAN_KEY` holding 32 bytes in base64.
    Key([u8; KEY_LENGTH]),
    /// `FLOORPLAN_KEY` holding anything else.
    Passphrase(String),
    /// This file, holding 32 bytes in base64.
    File(PathBuf),
}

impl KeySource {
    /// The source that the value of `FLOORPLAN_KEY` and the user's configuration directory give.
    pub fn choose(variable: Option<&str>, config_dir: &Path) -> Result<Self, String> {
        let Some(text) = variable.map(str::trim).filter(|t| !t.is_empty()) else {
            return Ok(KeySource::File(config_dir.join("floorplan").join("key")));
        };
        match decode(text) {
            Some(key) => Ok(KeySource::Key(key)),
            None if text.chars().count() < SHORTEST_PASSPHRASE => Err(format!(
                "FLOORPLAN_KEY must hold 32 bytes in base64 or a passphrase of at least {SHORTEST_PASSPHRASE} characters"
            )),
            None => Ok(KeySource::Passphrase(text.to_owned())),
        }
    }

    /// Whether the key has to be worked out of a passphrase and a salt.
    pub fn is_passphrase(&self) -> bool {
        matches!(self, KeySource::Passphrase(_))
    }

    /// The key. Reads the key file, and makes it if `may_create`.
    pub fn key(&self, salt: &[u8], may_create: bool) -> Result<[u8; KEY_LENGTH], String> {
        match self {
            KeySource::Key(key) => Ok(*key),
            KeySource::Passphrase(text) => {
                let mut key = [0; KEY_LENGTH];
                pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, ITERATIONS, salt, text.as_bytes(), &mut key);
                Ok(key)
            }
            KeySource::File(path) => match read(path) {
                Ok(Some(key)) => Ok(key),
                Ok(None) if may_create => create(path).map_err(|e| format!("the key file {} {e}", path.display())),
                Ok(None) => Err(format!(
                    "a value is sealed, but there is no key to open it with: neither is FLOORPLAN_KEY set nor is there a file {}",
                    path.display()
                )),
                Err(e) => Err(format!("the key file {} {e}", path.display())),
            },
        }
    }
}

/// Where the key comes from, in a sentence; never the key.
impl fmt::Display for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeySource::Key(_) | KeySource::Passphrase(_) => f.write_str("FLOORPLAN_KEY"),
            KeySource::File(path) => write!(f, "{}", path.display()),
        }
    }
}

impl fmt::Debug for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeySource({self})")
    }
}

/// A key for one `purpose`.
pub fn derive(key: &[u8; KEY_LENGTH], purpose: &str) -> [u8; KEY_LENGTH] {
    let digest = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), format!("floorplan {purpose}").as_bytes());
    let mut out = [0; KEY_LENGTH];
    out.copy_from_slice(digest.as_ref());
    out
}

fn decode(text: &str) -> Option<[u8; KEY_LENGTH]> {
    BASE64.decode(text).ok()?.try_into().ok()
}

fn read(path: &Path) -> Result<Option<[u8; KEY_LENGTH]>, String> {
    if std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return Err("is not a regular file".into());
    }
    match std::fs::read_to_string(path) {
        Ok(text) => decode(text.trim()).map(Some).ok_or_else(|| "does not hold 32 bytes in base64".into()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(format!("cannot be read: {e}")),
    }
}

/// Makes the key file, readable to its owner only. Of two runs that do so at once, both use the
/// key of the one that came first.
fn create(path: &Path) -> Result<[u8; KEY_LENGTH], String> {
    let cannot = |e: std::io::Error| format!("cannot be made: {e}");
    let dir = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(dir).map_err(cannot)?;
    let key: [u8; KEY_LENGTH] = rand::random();
    let mut file = tempfile::NamedTempFile::new_in(dir).map_err(cannot)?;
    writeln!(file, "{}", BASE64.encode(key)).and_then(|()| file.as_file().sync_all()).map_err(cannot)?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(key),
        Err(_) if path.exists() => read(path)?.ok_or_else(|| "vanished".into()),
        Err(e) => Err(cannot(e.error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_wins_over_the_file_and_32_bytes_are_a_key() {
        let config = Path::new("/config");
        let choose = |v: Option<&str>| KeySource::choose(v, config);
        assert_eq!(choose(None).unwrap(), KeySource::File("/config/floorplan/key".into()));
        assert_eq!(choose(Some("  ")).unwrap(), KeySource::File("/config/floorplan/key".into()));
        assert_eq!(choose(Some(&BASE64.encode([3; 32]))).unwrap(), KeySource::Key([3; 32]));
        assert_eq!(choose(Some("a long passphrase")).unwrap(), KeySource::Passphrase("a long passphrase".into()));
        insta::assert_snapshot!(choose(Some("short")).unwrap_err(), @"FLOORPLAN_KEY must hold 32 bytes in base64 or a passphrase of at least 12 characters");
    }

    #[test]
    fn a_key_file_is_made_once_and_only_for_sealing() {
        let dir = tempfile::tempdir().unwrap();
        let source = KeySource::choose(None, dir.path()).unwrap();
        assert!(source.key(&[], false).unwrap_err().contains("no key to open it with"));
        let key = source.key(&[], true).unwrap();
        assert_eq!(source.key(&[], true).unwrap(), key);
        assert_eq!(source.key(&[], false).unwrap(), key);
    }

    #[cfg(unix)]
    #[test]
    fn a_key_file_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        KeySource::choose(None, dir.path()).unwrap().key(&[], true).unwrap();
        let mode = std::fs::metadata(dir.path().join("floorplan/key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_damaged_key_file_is_named() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("floorplan")).unwrap();
        std::fs::write(dir.path().join("floorplan/key"), "nonsense").unwrap();
        let error = KeySource::choose(None, dir.path()).unwrap().key(&[], true).unwrap_err();
        assert!(error.ends_with("key does not hold 32 bytes in base64"), "{error}");
    }
}

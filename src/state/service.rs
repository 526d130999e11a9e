//! A service that makes and opens the keys that seal, such as KMS: what a state needs of it.

use super::key::KEY_LENGTH;
use crate::diag::Diagnostic;
use std::fmt;

/// Makes data keys, and opens them for those who may. All calls block.
pub trait KeyService: Send + Sync + fmt::Debug {
    /// A new data key, sealed by the service's key `key` for one lineage.
    fn make(&self, key: &str, lineage: &str) -> Result<DataKey, Diagnostic>;
    /// The data key that the service sealed with its key `by` for this lineage.
    fn open(&self, by: &str, sealed: &[u8], lineage: &str) -> Result<[u8; KEY_LENGTH], Diagnostic>;
}

/// A data key as it was made.
pub struct DataKey {
    /// The key itself, which is not kept anywhere.
    pub plain: [u8; KEY_LENGTH],
    /// The key of the service that sealed it, by the name that opens it.
    pub by: String,
    /// The sealed data key, which is not secret.
    pub sealed: Vec<u8>,
}

/// Shows no key.
impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DataKey({})", self.by)
    }
}

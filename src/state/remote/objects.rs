//! A place that keeps objects by key, such as a bucket: the operations that a state needs of it.

use crate::diag::Diagnostic;
use std::fmt;
use std::time::Duration;

/// A place that keeps objects by key. All calls block; an object is durable when `put` returns.
pub trait Objects: Send + Sync + fmt::Debug {
    /// The address of an object, as a person would name it.
    fn place(&self, key: &str) -> String;
    /// The object, if there is one.
    fn get(&self, key: &str) -> Result<Option<Object>, Diagnostic>;
    /// Writes an object if the condition holds at that moment. A call whose answer is lost may be repeated, so that
    /// `Refused` may also mean that an earlier attempt of the same call wrote the object.
    fn put(&self, key: &str, text: &[u8], only: Only<'_>) -> Result<Put, Diagnostic>;
    /// Removes an object, with `tag` only while it has that tag. One that is not there, or has another tag, is a success.
    fn delete(&self, key: &str, tag: Option<&str>) -> Result<(), Diagnostic>;
    /// The keys that begin with `prefix`, rising.
    fn list(&self, prefix: &str) -> Result<Vec<String>, Diagnostic>;
    /// Takes the lock that Terraform takes elsewhere, where the layout says so; gives who has it already.
    fn take_in_table(&self, _key: &str, _info: &str) -> Result<Option<String>, Diagnostic> {
        Ok(None)
    }
    /// Releases that lock.
    fn release_in_table(&self, _key: &str, _info: &str) -> Result<(), Diagnostic> {
        Ok(())
    }
}

/// An object as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Its content.
    pub text: Vec<u8>,
    /// Names this version of the content, for [`Only::Unchanged`].
    pub tag: String,
    /// How long ago it was written, by the server's clock; none where the server does not say what time it is.
    pub age: Option<Duration>,
}

/// When a write is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only<'a> {
    /// Only where no object has the key.
    Absent,
    /// Only where the object still has this tag.
    Unchanged(&'a str),
}

/// What came of a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Put {
    /// The object is written and has this tag.
    Done(String),
    /// The condition does not hold.
    Refused,
}

/// Writes an object whose content nobody else writes. Gives its tag; none where the condition did not hold. A refusal is
/// ours, not another's, where the object holds this content: an earlier attempt of the call came through, and its
/// answer was lost.
pub fn put(objects: &dyn Objects, key: &str, text: &[u8], only: Only<'_>) -> Result<Option<String>, Diagnostic> {
    match objects.put(key, text, only)? {
        Put::Done(tag) => Ok(Some(tag)),
        Put::Refused => Ok(objects.get(key)?.filter(|found| found.text == text).map(|found| found.tag)),
    }
}

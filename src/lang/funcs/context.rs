//! The world as functions may know it.

use super::FunctionError;
use crate::lang::budget::Budget;
use crate::value::{Name, Value};
use std::collections::BTreeMap;

/// Reading of files. Relative paths are relative to the layout's working directory.
pub trait Files {
    /// The content of a regular file, or why it cannot be read.
    fn read(&self, path: &str) -> Result<Vec<u8>, String>;
    /// Whether a regular file is there; an error for something that is not a regular file.
    fn exists(&self, path: &str) -> Result<bool, String>;
    /// All regular files under the directory, as paths relative to it with `/` between parts.
    fn list(&self, directory: &str) -> Result<Vec<String>, String>;
    /// The home directory of the user, if there is one.
    fn home(&self) -> Option<String>;
    /// Hears which files under the directory a pattern matched.
    fn matched(&self, _directory: &str, _pattern: &str, _names: &[&str]) {}
}

/// Renders a template: its text, its variables, the name that its errors are reported under, and what it may
/// make.
pub type Render<'a> = dyn Fn(&str, &BTreeMap<Name, Value>, &str, &Budget) -> Result<Value, FunctionError> + 'a;

/// The inputs of functions that are not functions of their arguments alone.
pub struct Context<'a> {
    /// Where files are read from.
    pub files: &'a dyn Files,
    /// The absolute path that `abspath` starts from.
    pub base_dir: &'a str,
    /// The time of `timestamp()`.
    pub timestamp: jiff::Timestamp,
    /// The time of `plantimestamp()`.
    pub plan_timestamp: jiff::Timestamp,
    /// Whether results that differ from call to call must stay unknown, because a plan is being made.
    pub planning: bool,
    /// Fills with random bytes.
    pub random: &'a dyn Fn(&mut [u8]),
    /// Renders the template of `templatefile` and `templatestring`. The template must not be able
    /// to call these functions again.
    pub render: &'a Render<'a>,
}

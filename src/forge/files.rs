//! The files that a CI service hands to a job: the event that began it, and what later steps and people read.

use super::job::{Read, given};
use crate::diag::Diagnostic;
use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::Path;

/// The event that began the job, if the service names one.
pub fn event(read: Read<'_>) -> Result<Option<Value>, Diagnostic> {
    let Some(path) = given(read, "GITHUB_EVENT_PATH") else { return Ok(None) };
    let cannot = |why: String| {
        Diagnostic::error("Cannot read the event that began the job")
            .code("forge-job")
            .detail(format!("GITHUB_EVENT_PATH names {path}: {why}. Without it nobody knows whether this is a fork."))
            .hint("Correct the variable, or unset it outside of GitHub Actions.")
    };
    let text = fs::read(&path).map_err(|e| cannot(e.to_string()))?;
    serde_json::from_slice(&text).map(Some).map_err(|e| cannot(e.to_string()))
}

/// Adds text to the end of the file that a variable names, if it is set.
pub fn append(read: Read<'_>, variable: &str, text: &str) -> Result<(), Diagnostic> {
    let Some(path) = given(read, variable) else { return Ok(()) };
    let written = fs::OpenOptions::new().append(true).create(true).open(Path::new(&path));
    written.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|e| {
        Diagnostic::error(format!("Cannot write {path}"))
            .code("unwritable-file")
            .detail(format!("{variable} names it: {e}."))
            .hint(format!("Correct the variable, or unset {variable}."))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_added_to_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("summary").to_string_lossy().into_owned();
        let read = |name: &str| (name == "GITHUB_STEP_SUMMARY").then(|| path.clone());
        append(&read, "GITHUB_STEP_SUMMARY", "a\n").unwrap();
        append(&read, "GITHUB_STEP_SUMMARY", "b\n").unwrap();
        append(&read, "GITHUB_OUTPUT", "c\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "a\nb\n");
        let broken = append(&|_| Some(folder.path().to_string_lossy().into_owned()), "GITHUB_OUTPUT", "c").unwrap_err();
        assert!(broken.detail.contains("GITHUB_OUTPUT"), "{broken:?}");
    }

    #[test]
    fn an_event_that_cannot_be_read_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("event.json");
        let read = |name: &str| (name == "GITHUB_EVENT_PATH").then(|| path.to_string_lossy().into_owned());
        assert!(event(&read).is_err());
        fs::write(&path, "{").unwrap();
        assert!(event(&read).is_err());
        fs::write(&path, r#"{"number": 7}"#).unwrap();
        assert_eq!(event(&read).unwrap().unwrap()["number"], 7);
        assert!(event(&|_| None).unwrap().is_none());
    }
}

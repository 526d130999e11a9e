//! The memory of a drift job as bytes, on this disk or in a bucket. An object is written at once and as a whole.

use super::bucket;
use super::place::Place;
use crate::diag::Diagnostic;
use crate::sources::disk;
use crate::state::remote::Objects;
use std::fs;
use std::path::PathBuf;

/// The memory at a place.
pub struct Store(Keeper);

enum Keeper {
    Folder(PathBuf),
    Bucket { objects: Box<dyn Objects>, prefix: String },
}

/// An object as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its content.
    pub text: Vec<u8>,
    /// Names this version of it.
    pub(super) tag: String,
}

impl Store {
    /// Opens the memory at a place. An `endpoint` replaces AWS.
    pub fn open(place: &Place, endpoint: Option<&str>) -> Result<Self, Diagnostic> {
        Ok(Store(match place {
            Place::Folder(folder) => Keeper::Folder(folder.clone()),
            Place::Bucket { bucket, prefix, region } => {
                let objects = bucket::open(bucket, region.as_deref(), endpoint);
                let objects = objects.map_err(|problem| of_memory("open", &format!("s3://{bucket}"), problem))?;
                Keeper::Bucket { objects, prefix: prefix.clone() }
            }
        }))
    }

    /// An object as a person would name it.
    pub fn name(&self, key: &str) -> String {
        match &self.0 {
            Keeper::Folder(folder) => folder.join(key).display().to_string(),
            Keeper::Bucket { objects, prefix } => objects.place(&joined(prefix, key)),
        }
    }

    /// An object, if there is one.
    pub fn get(&self, key: &str) -> Result<Option<Kept>, Diagnostic> {
        match &self.0 {
            Keeper::Folder(folder) => {
                let path = folder.join(key);
                if !path.exists() {
                    return Ok(None);
                }
                let text = disk::read_named(&path).map_err(|why| cannot("read", &self.name(key), &why))?;
                Ok(Some(Kept { text, tag: String::new() }))
            }
            Keeper::Bucket { objects, prefix } => bucket::get(objects.as_ref(), &joined(prefix, key))
                .map_err(|problem| of_memory("read", &self.name(key), problem)),
        }
    }

    /// Writes an object: where none was read only if there still is none, else over it. Gives it as it is then; nothing if
    /// somebody else was first.
    pub fn put(&self, key: &str, text: &[u8], over: Option<&Kept>) -> Result<Option<Kept>, Diagnostic> {
        match &self.0 {
            Keeper::Folder(folder) => {
                let failed = |why: String| cannot("write", &self.name(key), &why);
                let path = folder.join(key);
                let parent = path.parent().unwrap_or(folder);
                fs::create_dir_all(parent).map_err(|e| failed(e.to_string()))?;
                let written = match over {
                    None => disk::write_new(&path, text).map_err(failed)?,
                    Some(_) => disk::write_private(&path, text).map(|()| true).map_err(failed)?,
                };
                Ok(written.then(|| Kept { text: text.to_vec(), tag: String::new() }))
            }
            Keeper::Bucket { objects, prefix } => bucket::write(objects.as_ref(), &joined(prefix, key), text, over)
                .map_err(|problem| of_memory("write", &self.name(key), problem)),
        }
    }
}

fn joined(prefix: &str, key: &str) -> String {
    if prefix.is_empty() { key.to_owned() } else { format!("{prefix}/{key}") }
}

fn cannot(verb: &str, name: &str, why: &str) -> Diagnostic {
    Diagnostic::error(format!("Cannot {verb} the memory of the drift job"))
        .code("drift-memory")
        .detail(format!("{name}: {}.", why.trim_end_matches('.')))
        .hint("Correct the place that --memory names, or let the job write there.")
}

/// The error of a bucket, which is about a state in its own words.
fn of_memory(verb: &str, name: &str, problem: Diagnostic) -> Diagnostic {
    let detail = if problem.detail.contains("s3://") { problem.detail } else { format!("{name}: {}", problem.detail) };
    Diagnostic::error(format!("Cannot {verb} the memory of the drift job")).code("drift-memory").detail(detail).hint(
        "The bucket has to be there, in the region of the environment or in that of ?region=, and the role needs the \
             permissions that `floorplan permissions drift --memory` prints.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_keeps_an_object_for_each_key() {
        let is_put = |kept: Result<Option<Kept>, Diagnostic>| kept.unwrap().is_some();
        let folder = tempfile::tempdir().unwrap();
        let place = Place::Folder(folder.path().join("memory"));
        let store = Store::open(&place, None).unwrap();
        assert_eq!(store.get("layouts/a.json"), Ok(None));
        assert!(is_put(store.put("layouts/a.json", b"one", None)));
        assert!(!is_put(store.put("layouts/a.json", b"two", None)), "another run was first");
        let kept = store.get("layouts/a.json").unwrap().unwrap();
        assert_eq!(kept.text, b"one");
        assert!(is_put(store.put("layouts/a.json", b"three", Some(&kept))));
        assert_eq!(store.get("layouts/a.json").unwrap().unwrap().text, b"three");
        assert_eq!(fs::read_dir(folder.path().join("memory/layouts")).unwrap().count(), 1, "nothing is left over");
    }

    #[test]
    fn a_place_that_cannot_be_written_says_so() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), "").unwrap();
        let store = Store::open(&Place::Folder(folder.path().join("file")), None).unwrap();
        let problem = store.put("layouts/a.json", b"one", None).unwrap_err();
        assert_eq!(
            (problem.code.as_ref(), problem.summary.as_str()),
            ("drift-memory", "Cannot write the memory of the drift job")
        );
        assert!(problem.detail.contains("file/layouts/a.json"), "{}", problem.detail);
    }
}

//! The disk, as the language sees it: where configuration and the arguments of file functions are
//! read from. Reads only; what is not a regular file is never opened, so that no pipe can block.

use crate::lang::{config, funcs};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The largest configuration file that is read, in bytes.
const MAX_CONFIGURATION: u64 = crate::lang::parse::MAX_BYTES as u64;
/// The largest file that a function reads, in bytes.
const MAX_ARGUMENT: u64 = 256 << 20;

/// The largest file that a person names to be read, in bytes.
const MAX_NAMED: u64 = 2 << 30;
/// The most files and directories that a function lists.
const MAX_LISTED: usize = 100_000;

/// The files under a directory; absolute paths are taken as they are.
#[derive(Debug, Clone)]
pub struct Disk {
    base: PathBuf,
    home: Option<String>,
    /// Files of a layout as they are to be, by the paths that they are read by.
    drafts: Arc<BTreeMap<String, Vec<u8>>>,
}

impl Disk {
    /// Relative paths start at `base`, `~` is `home`.
    pub fn new(base: impl Into<PathBuf>, home: Option<String>) -> Self {
        Disk { base: base.into(), home, drafts: Arc::default() }
    }

    /// The same with these files of a layout in place of what is there, by the paths that they are read by.
    pub fn with_drafts(self, drafts: BTreeMap<String, Vec<u8>>) -> Self {
        Disk { drafts: Arc::new(drafts), ..self }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.base.join(path)
    }
}

/// The content of a regular file of at most `limit` bytes.
fn read(path: &Path, limit: u64) -> Result<Vec<u8>, String> {
    let metadata = fs::metadata(path).map_err(|e| reason(&e, "file"))?;
    if metadata.is_dir() {
        return Err("it is a directory".into());
    }
    if !metadata.is_file() {
        return Err("it is not a regular file".into());
    }
    if metadata.len() > limit {
        return Err(format!("it has {} bytes; at most {limit} are read", metadata.len()));
    }
    fs::read(path).map_err(|e| reason(&e, "file"))
}

/// The content of a saved plan or of another file that a person names; a device or pipe is refused, not read.
pub fn read_named(path: &Path) -> Result<Vec<u8>, String> {
    read(path, MAX_NAMED)
}

/// Writes a file that only its owner can read, so that at any instant there is the old one or the new one.
pub fn write_private(path: &Path, content: &[u8]) -> Result<(), String> {
    draft(path, content)?.persist(path).map(drop).map_err(|e| reason(&e.error, "directory"))
}

/// Writes a new file in the same way; false if the file exists. That file stays as it is.
pub fn write_new(path: &Path, content: &[u8]) -> Result<bool, String> {
    match draft(path, content)?.persist_noclobber(path) {
        Ok(_) => Ok(true),
        Err(e) if e.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(e) => Err(reason(&e.error, "directory")),
    }
}

/// The content in a file beside the one that it is for.
fn draft(path: &Path, content: &[u8]) -> Result<tempfile::NamedTempFile, String> {
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return Err("it is not a regular file".into());
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let failed = |e: io::Error| reason(&e, "directory");
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    file.write_all(content).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    Ok(file)
}

/// Writes files so that at any instant there is the old one or the new one of each. Nothing is written if one of them cannot
/// be; which, and why.
pub fn replace_all(files: &[(PathBuf, Vec<u8>)]) -> Result<(), (PathBuf, String)> {
    let mut ready = Vec::new();
    for (path, content) in files {
        let failed = |e: io::Error| (path.clone(), reason(&e, "directory"));
        // A link stays one.
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.clone());
        let folder = real.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
        let mut new = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
        new.write_all(content).and_then(|()| new.as_file().sync_all()).map_err(failed)?;
        // Read before anything is replaced: a file that cannot be read could not be put back.
        let old = match fs::read(&real) {
            Ok(old) => Some(old),
            Err(e) if e.kind() == io::ErrorKind::NotFound => None,
            Err(e) => return Err(failed(e)),
        };
        let permissions = match fs::metadata(&real) {
            Ok(old) => old.permissions(),
            Err(_) => std::os::unix::fs::PermissionsExt::from_mode(0o644),
        };
        fs::set_permissions(new.path(), permissions).map_err(failed)?;
        ready.push((path, real, new, old));
    }
    let mut done: Vec<(PathBuf, Option<Vec<u8>>)> = Vec::new();
    for (path, real, new, old) in ready {
        if let Err(e) = new.persist(&real) {
            for (path, old) in done {
                // What cannot be put back stays: the error names the file that could not be written.
                let _ = match old {
                    Some(old) => fs::write(path, old),
                    None => fs::remove_file(path),
                };
            }
            return Err((path.clone(), reason(&e.error, "directory")));
        }
        done.push((real, old));
    }
    Ok(())
}

fn reason(e: &io::Error, what: &str) -> String {
    match e.kind() {
        io::ErrorKind::NotFound => format!("no such {what}"),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        io::ErrorKind::NotADirectory => "it is not a directory".into(),
        _ => e.to_string(),
    }
}

/// The names in a directory with the kind of what they lead to, links followed.
fn entries(dir: &Path) -> io::Result<Vec<(String, fs::Metadata)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        // A name that is not Unicode cannot be written in the language; a dangling link leads nowhere.
        if let (Ok(name), Ok(metadata)) = (entry.file_name().into_string(), fs::metadata(entry.path())) {
            found.push((name, metadata));
        }
    }
    Ok(found)
}

impl config::Files for Disk {
    fn list(&self, dir: &str) -> Result<Vec<String>, String> {
        let all = entries(&self.path(dir)).map_err(|e| reason(&e, "directory"))?;
        let mut names: Vec<String> =
            all.into_iter().filter(|(_, metadata)| !metadata.is_dir()).map(|(name, _)| name).collect();
        let here = |path: &String| {
            let (folder, name) = path.rsplit_once('/').unwrap_or((".", path));
            (folder == dir || (folder == "." && dir.is_empty())).then(|| name.to_owned())
        };
        let drafts: Vec<String> = self.drafts.keys().filter_map(here).filter(|name| !names.contains(name)).collect();
        names.extend(drafts);
        Ok(names)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        match self.drafts.get(path) {
            Some(draft) => Ok(draft.clone()),
            None => read(&self.path(path), MAX_CONFIGURATION),
        }
    }
}

impl funcs::Files for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        read(&self.path(path), MAX_ARGUMENT)
    }

    fn exists(&self, path: &str) -> Result<bool, String> {
        match fs::metadata(self.path(path)) {
            Ok(metadata) if metadata.is_file() => Ok(true),
            Ok(metadata) if metadata.is_dir() => Err("it is a directory, not a file".into()),
            Ok(_) => Err("it is not a regular file".into()),
            Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(false),
            Err(e) => Err(reason(&e, "file")),
        }
    }

    fn list(&self, directory: &str) -> Result<Vec<String>, String> {
        let root = self.path(directory);
        let mut found = Vec::new();
        let mut open = vec![String::new()];
        while let Some(below) = open.pop() {
            if found.len() + open.len() > MAX_LISTED {
                return Err(format!("there are more than {MAX_LISTED} files and directories in it"));
            }
            for (name, metadata) in entries(&root.join(&below)).map_err(|e| reason(&e, "directory"))? {
                let path = if below.is_empty() { name } else { format!("{below}/{name}") };
                // A link to a directory is not followed: it may lead back here.
                let link = fs::symlink_metadata(root.join(&path)).is_ok_and(|m| m.is_symlink());
                if metadata.is_file() {
                    found.push(path);
                } else if metadata.is_dir() && !link {
                    open.push(path);
                }
            }
        }
        found.sort();
        Ok(found)
    }

    fn home(&self) -> Option<String> {
        self.home.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> (tempfile::TempDir, Disk) {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("a/b")).unwrap();
        fs::write(dir.path().join("a/main.tf"), "locals {}\n").unwrap();
        fs::write(dir.path().join("a/b/x.txt"), "x").unwrap();
        std::os::unix::fs::symlink("..", dir.path().join("a/b/up")).unwrap();
        let disk = Disk::new(dir.path(), None);
        (dir, disk)
    }

    #[test]
    fn configuration_is_listed_by_directory_and_arguments_below_it() {
        let (_dir, disk) = tree();
        assert_eq!(config::Files::list(&disk, "a").unwrap(), ["main.tf"]);
        assert_eq!(funcs::Files::list(&disk, ".").unwrap(), ["a/b/x.txt", "a/main.tf"]);
        assert_eq!(config::Files::read(&disk, "a/main.tf").unwrap(), b"locals {}\n");
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let (dir, disk) = tree();
        assert_eq!(config::Files::list(&disk, "none").unwrap_err(), "no such directory");
        assert_eq!(config::Files::list(&disk, "a/main.tf").unwrap_err(), "it is not a directory");
        assert_eq!(config::Files::read(&disk, "a").unwrap_err(), "it is a directory");
        assert_eq!(config::Files::read(&disk, "none.tf").unwrap_err(), "no such file");
        assert_eq!(funcs::Files::exists(&disk, "a/none"), Ok(false));
        assert_eq!(funcs::Files::exists(&disk, "a/main.tf"), Ok(true));
        assert!(funcs::Files::exists(&disk, "a").is_err());
        let large = fs::File::create(dir.path().join("large.tf")).unwrap();
        large.set_len(100 << 20).unwrap();
        let said = config::Files::read(&disk, "large.tf").unwrap_err();
        assert_eq!(said, "it has 104857600 bytes; at most 16777216 are read");
    }

    #[test]
    fn all_files_are_replaced_or_none() {
        let (dir, _disk) = tree();
        let at = |name: &str| dir.path().join(name);
        let texts = |last: &str| ["a/main.tf", "a/new.tf", last].map(|name| (at(name), b"# new\n".to_vec()));
        let (place, why) = replace_all(&texts("a/b")).unwrap_err();
        assert_eq!((place, why.is_empty()), (at("a/b"), false));
        assert_eq!(fs::read(at("a/main.tf")).unwrap(), b"locals {}\n");
        assert!(!at("a/new.tf").exists());
        replace_all(&texts("a/b/x.txt")).unwrap();
        assert!(texts("a/b/x.txt").iter().all(|(path, text)| fs::read(path).unwrap() == *text));
    }

    #[test]
    fn a_layout_on_disk_loads() {
        let (_dir, disk) = tree();
        let loaded = config::load(&disk, "a").unwrap();
        assert_eq!(loaded.sources[0].path, "a/main.tf");
    }
}

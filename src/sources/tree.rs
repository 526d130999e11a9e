//! Directories as a whole: their hash, and copies of them.

use base64::Engine;
use sha2::{Digest, Sha256};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A directory that is part of no content.
const REPOSITORY: &str = ".git";

/// The hash of all that a directory holds: `h1:`, as Terraform's lock files have it for providers.
pub fn hash(dir: &Path) -> io::Result<String> {
    let mut files = Vec::new();
    list(dir, Path::new(""), &mut files)?;
    files.sort();
    let mut all = Sha256::new();
    for name in files {
        let path = dir.join(&name);
        let content = match fs::symlink_metadata(&path)?.is_symlink() {
            true => fs::read_link(&path)?.to_string_lossy().into_owned().into_bytes(),
            false => fs::read(&path)?,
        };
        let hex: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
        all.update(format!("{hex}  {}\n", name.to_string_lossy()));
    }
    Ok(format!("h1:{}", base64::engine::general_purpose::STANDARD.encode(all.finalize())))
}

/// The files and links of a directory, without those of a repository.
fn list(root: &Path, below: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(below))? {
        let entry = entry?;
        let path = below.join(entry.file_name());
        if entry.file_name() == REPOSITORY {
            continue;
        }
        match entry.file_type()?.is_dir() {
            true => list(root, &path, files)?,
            false => files.push(path),
        }
    }
    Ok(())
}

/// Copies a directory, so that there is all of it or what was there before. A repository is left out.
pub fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let parent = to.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(parent)?;
    let new = tempfile::Builder::new().prefix(".new-").tempdir_in(parent)?;
    let made = new.path().join("tree");
    copy_into(from, &made)?;
    replace(&made, to)
}

/// Puts a directory in the place of another, of a link or of nothing.
pub fn replace(from: &Path, to: &Path) -> io::Result<()> {
    match fs::symlink_metadata(to) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(to)?,
        Ok(_) => fs::remove_file(to)?,
        Err(_) => {}
    }
    fs::rename(from, to)
}

fn copy_into(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (kind, target) = (entry.file_type()?, to.join(entry.file_name()));
        if entry.file_name() == REPOSITORY {
            continue;
        }
        if kind.is_dir() {
            copy_into(&entry.path(), &target)?;
        } else if kind.is_symlink() {
            link(&fs::read_link(entry.path())?, &target)?;
        } else if kind.is_file() {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Makes a symbolic link.
#[cfg(unix)]
pub fn link(leads_to: &Path, at: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(leads_to, at)
}

/// Makes a symbolic link.
#[cfg(not(unix))]
pub fn link(_: &Path, at: &Path) -> io::Result<()> {
    Err(io::Error::other(format!("{} is a symbolic link, which is not supported here", at.display())))
}

/// The first link of a directory that leads out of it.
pub fn leaving_link(root: &Path) -> io::Result<Option<String>> {
    let whole = fs::canonicalize(root)?;
    let mut files = Vec::new();
    list(root, Path::new(""), &mut files)?;
    files.sort();
    for name in files {
        let path = root.join(&name);
        if !fs::symlink_metadata(&path)?.is_symlink() {
            continue;
        }
        let within = match fs::canonicalize(&path) {
            Ok(found) => found.starts_with(&whole),
            Err(_) => stays_within(&name, &fs::read_link(&path)?),
        };
        if !within {
            return Ok(Some(name.to_string_lossy().into_owned()));
        }
    }
    Ok(None)
}

/// Whether a link that leads to nothing stays in its directory all the same.
fn stays_within(name: &Path, leads_to: &Path) -> bool {
    use std::path::Component;
    let mut depth = name.components().count() as i64 - 1;
    for step in leads_to.components() {
        match step {
            Component::ParentDir => depth -= 1,
            Component::Normal(_) => depth += 1,
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return false,
        }
        if depth < 0 {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_covers_names_and_content_and_no_repository() {
        let folder = tempfile::tempdir().unwrap();
        let (a, b) = (folder.path().join("a"), folder.path().join("b"));
        fs::create_dir_all(a.join("sub")).unwrap();
        fs::write(a.join("main.tf"), "x").unwrap();
        fs::write(a.join("sub/y.tf"), "y").unwrap();
        link(Path::new("../main.tf"), &a.join("sub/z.tf")).unwrap();
        fs::create_dir_all(a.join(".git")).unwrap();
        fs::write(a.join(".git/config"), "x").unwrap();
        copy(&a, &b).unwrap();
        assert!(!b.join(".git").exists());
        assert_eq!(hash(&a).unwrap(), hash(&b).unwrap());
        assert_eq!(leaving_link(&b).unwrap(), None);
        fs::rename(b.join("main.tf"), b.join("other.tf")).unwrap();
        assert_ne!(hash(&a).unwrap(), hash(&b).unwrap());
        copy(&a, &b).unwrap();
        link(Path::new("../../etc"), &b.join("sub/out")).unwrap();
        assert_eq!(leaving_link(&b).unwrap().as_deref(), Some("sub/out"));
    }
}

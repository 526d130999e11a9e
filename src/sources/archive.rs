//! Archives: what kind one is, and unpacking it. Nothing is ever written outside of the directory that it goes into.

use super::tree;
use flate2::read::{DeflateDecoder, GzDecoder};
use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

/// The most bytes that one archive may unpack to.
const MAX_BYTES: u64 = 2 << 30;

/// The kinds of archives that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A tar archive.
    Tar,
    /// The same, compressed with gzip.
    TarGz,
    /// A zip archive.
    Zip,
}

impl Kind {
    /// By the end of a name, or the name that `?archive=` gives; the reason when it is a kind that is not read.
    pub fn of(name: &str) -> Result<Option<Self>, String> {
        let ends = |end: &str| name == &end[1..] || name.ends_with(end);
        if ends(".tar.gz") || ends(".tgz") {
            return Ok(Some(Kind::TarGz));
        }
        match [".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst", ".tzst"].iter().find(|end| ends(end)) {
            Some(end) => Err(format!("archives that end in {end} are not supported; .zip and .tar.gz are")),
            None if ends(".zip") => Ok(Some(Kind::Zip)),
            None if ends(".tar") => Ok(Some(Kind::Tar)),
            None => Ok(None),
        }
    }
}

/// Unpacks an archive into an empty directory.
pub fn unpack(kind: Kind, bytes: &[u8], into: &Path) -> Result<(), String> {
    let mut unpacking = Unpacking { into, left: MAX_BYTES, links: Vec::new() };
    let done = match kind {
        Kind::Tar => unpacking.tar(bytes),
        Kind::TarGz => unpacking.tar(GzDecoder::new(bytes)),
        Kind::Zip => unpacking.zip(bytes),
    };
    done.and_then(|()| unpacking.make_links())
}

struct Unpacking<'a> {
    into: &'a Path,
    left: u64,
    /// Made last, so that nothing is written through one.
    links: Vec<(PathBuf, PathBuf)>,
}

fn broken(e: io::Error) -> String {
    format!("the archive cannot be unpacked: {e}")
}

impl Unpacking<'_> {
    fn tar(&mut self, source: impl Read) -> Result<(), String> {
        let mut archive = tar::Archive::new(source);
        for entry in archive.entries().map_err(broken)? {
            let entry = entry.map_err(broken)?;
            let path = entry.path().map_err(broken)?.into_owned();
            let kind = entry.header().entry_type();
            if kind.is_dir() {
                self.directory(&path)?;
            } else if kind.is_symlink() || kind.is_hard_link() {
                let to = entry.link_name().map_err(broken)?.unwrap_or_default().into_owned();
                let to = if kind.is_symlink() { to } else { hard(&path, &to) };
                self.links.push((self.inside(&path)?, to));
            } else if kind.is_file() {
                let executable = entry.header().mode().is_ok_and(|mode| mode & 0o100 != 0);
                self.file(&path, entry, executable)?;
            }
        }
        Ok(())
    }

    fn zip(&mut self, bytes: &[u8]) -> Result<(), String> {
        for entry in zip_entries(bytes).ok_or("the archive cannot be unpacked: it is not a whole zip archive")? {
            let path = PathBuf::from(&entry.name);
            if entry.name.ends_with('/') {
                self.directory(&path)?;
                continue;
            }
            let content: Box<dyn Read> = match entry.method {
                0 => Box::new(entry.content),
                8 => Box::new(DeflateDecoder::new(entry.content)),
                other => return Err(format!("{} is compressed by a method ({other}) that is not read", entry.name)),
            };
            // The file types of Unix.
            if entry.mode & 0o170_000 == 0o120_000 {
                let mut to = String::new();
                content.take(4096).read_to_string(&mut to).map_err(broken)?;
                self.links.push((self.inside(&path)?, PathBuf::from(to)));
            } else {
                self.file(&path, content, entry.mode & 0o100 != 0)?;
            }
        }
        Ok(())
    }

    fn inside(&self, path: &Path) -> Result<PathBuf, String> {
        let mut found = self.into.to_owned();
        for step in path.components() {
            match step {
                Component::Normal(name) => found.push(name),
                Component::CurDir => {}
                _ => return Err(format!("the archive holds {:?}, which leads out of its directory", path.display())),
            }
        }
        Ok(found)
    }

    fn directory(&self, path: &Path) -> Result<(), String> {
        fs::create_dir_all(self.inside(path)?).map_err(broken)
    }

    fn file(&mut self, path: &Path, content: impl Read, executable: bool) -> Result<(), String> {
        let target = self.inside(path)?;
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).map_err(broken)?;
        }
        let mut file = fs::File::create(&target).map_err(broken)?;
        let written = io::copy(&mut content.take(self.left.saturating_add(1)), &mut file).map_err(broken)?;
        self.left = self.left.checked_sub(written).ok_or("the archive unpacks to more than 2 GiB")?;
        if executable {
            make_executable(&target).map_err(broken)?;
        }
        Ok(())
    }

    fn make_links(&self) -> Result<(), String> {
        for (at, to) in &self.links {
            if let Some(parent) = at.parent() {
                fs::create_dir_all(parent).map_err(broken)?;
            }
            tree::link(to, at).map_err(broken)?;
        }
        Ok(())
    }
}

/// A hard link, whose target starts at the top of the archive, as a symbolic one.
fn hard(path: &Path, to: &Path) -> PathBuf {
    let up = path.components().filter(|c| matches!(c, Component::Normal(_))).count().saturating_sub(1);
    let mut all: PathBuf = std::iter::repeat_n("..", up).collect();
    all.push(to);
    all
}

#[cfg(unix)]
fn make_executable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> io::Result<()> {
    Ok(())
}

struct ZipEntry<'a> {
    name: String,
    method: u16,
    mode: u32,
    content: &'a [u8],
}

/// The entries by the directory at the end of a zip archive; `None` when it is cut short.
fn zip_entries(bytes: &[u8]) -> Option<Vec<ZipEntry<'_>>> {
    let u16_at = |at: usize| Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?));
    let u32_at = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?));
    let end = (0..=bytes.len().checked_sub(22)?).rev().find(|at| bytes[*at..].starts_with(b"PK\x05\x06"))?;
    let count = u16_at(end + 10)?;
    let mut at = u32_at(end + 16)? as usize;
    let mut entries = Vec::new();
    for _ in 0..count {
        if u32_at(at)? != 0x0201_4b50 {
            return None;
        }
        let (made_by, method, size) = (u16_at(at + 4)?, u16_at(at + 10)?, u32_at(at + 20)? as usize);
        let (name, extra, comment) = (u16_at(at + 28)? as usize, u16_at(at + 30)? as usize, u16_at(at + 32)? as usize);
        let mode = if made_by >> 8 == 3 { u32_at(at + 38)? >> 16 } else { 0 };
        let local = u32_at(at + 42)? as usize;
        let text = bytes.get(at + 46..at + 46 + name)?;
        let start = local + 30 + u16_at(local + 26)? as usize + u16_at(local + 28)? as usize;
        let content = bytes.get(start..start.checked_add(size)?)?;
        entries.push(ZipEntry { name: String::from_utf8_lossy(text).into_owned(), method, mode, content });
        at += 46 + name + extra + comment;
    }
    Some(entries)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn tar_gz(files: &[(&str, &str)], links: &[(&str, &str)]) -> Vec<u8> {
        let gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        let mut builder = tar::Builder::new(gz);
        for (name, text) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(text.len() as u64);
            header.set_mode(0o644);
            // Set as bytes: the builder refuses the names that the test is about.
            let old = header.as_old_mut();
            old.name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_cksum();
            builder.append(&header, text.as_bytes()).unwrap();
        }
        for (name, to) in links {
            let mut header = tar::Header::new_gnu();
            header.set_entry_type(tar::EntryType::Symlink);
            header.set_size(0);
            builder.append_link(&mut header, name, to).unwrap();
        }
        builder.into_inner().unwrap().finish().unwrap()
    }

    /// A zip archive with one compressed file.
    fn zip(name: &str, text: &str) -> Vec<u8> {
        let mut packed = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(text.as_bytes()).unwrap();
        let packed = packed.finish().unwrap();
        let mut all = b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0".to_vec();
        let sizes = [0, packed.len() as u32, text.len() as u32].map(u32::to_le_bytes).concat();
        all.extend(&sizes);
        all.extend((name.len() as u16).to_le_bytes());
        all.extend([0, 0]);
        all.extend(name.as_bytes());
        all.extend(&packed);
        let at = all.len() as u32;
        all.extend(b"PK\x01\x02\x14\x03\x14\0\0\0\x08\0\0\0\0\0");
        all.extend(&sizes);
        all.extend((name.len() as u16).to_le_bytes());
        all.extend([0; 8]);
        all.extend((0o100_755_u32 << 16).to_le_bytes());
        all.extend([0; 4]);
        all.extend(name.as_bytes());
        let size = all.len() as u32 - at;
        all.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
        all.extend([size, at].map(u32::to_le_bytes).concat());
        all.extend([0, 0]);
        all
    }

    #[test]
    fn archives_are_unpacked() {
        let folder = tempfile::tempdir().unwrap();
        let bytes = tar_gz(&[("./m/main.tf", "x"), ("m/sub/a.tf", "y")], &[("m/sub/b.tf", "../main.tf")]);
        unpack(Kind::TarGz, &bytes, folder.path()).unwrap();
        assert_eq!(fs::read_to_string(folder.path().join("m/sub/b.tf")).unwrap(), "x");
        let bytes = zip("z/run.sh", &"echo ".repeat(100));
        unpack(Kind::Zip, &bytes, folder.path()).unwrap();
        assert_eq!(fs::read_to_string(folder.path().join("z/run.sh")).unwrap(), "echo ".repeat(100));
        for cut in 0..bytes.len() {
            assert!(unpack(Kind::Zip, &bytes[..cut], folder.path()).is_err(), "{cut}");
        }
    }

    #[test]
    fn an_archive_cannot_leave_its_directory() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("in");
        fs::create_dir(&inner).unwrap();
        for name in ["../x", "/x", "a/../../x"] {
            let error = unpack(Kind::TarGz, &tar_gz(&[(name, "x")], &[]), &inner).unwrap_err();
            assert!(error.contains("leads out"), "{name}: {error}");
            assert!(unpack(Kind::Zip, &zip(name, "x"), &inner).unwrap_err().contains("leads out"), "{name}");
        }
        // A file that would be written through a link.
        let through = tar_gz(&[("out/x", "x")], &[("out", "..")]);
        assert!(unpack(Kind::TarGz, &through, &inner).is_err());
        assert!(!folder.path().join("x").exists());
    }

    #[test]
    fn kinds_are_known_by_the_end_of_the_name() {
        assert_eq!(Kind::of("x.tgz"), Ok(Some(Kind::TarGz)));
        assert_eq!(Kind::of("tar.gz"), Ok(Some(Kind::TarGz)));
        assert_eq!(Kind::of("zip"), Ok(Some(Kind::Zip)));
        assert_eq!(Kind::of("x"), Ok(None));
        assert!(Kind::of("x.tar.xz").is_err());
    }
}

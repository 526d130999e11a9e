//! archive_file: files of this machine, or texts, put into one file.

mod zip;

use super::super::hex;
use super::{Around, LocalData, Read, Row, Values};
use crate::lang::funcs::{Files, file_pattern};
use crate::schema::{Attrs, Nesting};
use crate::value::Value;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::{Compression, write::GzEncoder};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use std::collections::BTreeMap;
use std::path::Path;

/// A file of an archive.
pub(super) struct Entry {
    name: String,
    content: Vec<u8>,
    mode: u32,
}

const SUMS: [&str; 6] =
    ["output_base64sha256", "output_base64sha512", "output_md5", "output_sha", "output_sha256", "output_sha512"];

pub(super) fn file() -> LocalData {
    let source = vec![
        Row::string("content").required().strict().sensitive().row,
        Row::string("filename").required().strict().row,
    ];
    let rows = [
        Row::string("type").required(),
        Row::string("source_file"),
        Row::string("source_dir"),
        Row::string("source_content"),
        Row::string("source_content_filename"),
        Row::block("source", Nesting::Set, source),
        Row::string_set("excludes"),
        Row::bool("exclude_symlink_directories"),
        Row::string("output_path").required(),
        Row::string("output_file_mode"),
        Row::number("output_size").computed(),
    ];
    LocalData::new("archive_file", rows.into_iter().chain(SUMS.map(|sum| Row::string(sum).computed())), Read::Now(read))
}

fn read(config: &Attrs, around: &Around) -> Result<Values, String> {
    let entries = entries(config, around)?;
    let kind = config.str("type").unwrap_or_default();
    let bytes = match kind {
        "zip" => zip::archive(&entries),
        "tar.gz" => tar_gz(&entries),
        other => return Err(format!("archives of the type {other:?} are not made here, only zip and tar.gz")),
    };
    let bytes = bytes.map_err(|e| format!("the archive cannot be made: {e}"))?;
    let path = around.dir.join(config.str("output_path").unwrap_or_default());
    let cannot = |e: std::io::Error| format!("the archive {} cannot be written: {e}", path.display());
    std::fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).map_err(cannot)?;
    // What is there already in the same form is not touched.
    if std::fs::read(&path).ok().as_deref() != Some(bytes.as_slice()) {
        std::fs::write(&path, &bytes).map_err(cannot)?;
    }
    let (sha256, sha512, sha1) = (Sha256::digest(&bytes), Sha512::digest(&bytes), hex(&Sha1::digest(&bytes)));
    let sums = [
        BASE64_STANDARD.encode(sha256),
        BASE64_STANDARD.encode(sha512),
        hex(&Md5::digest(&bytes)),
        sha1.clone(),
        hex(&sha256),
        hex(&sha512),
    ];
    let mut values: Values = SUMS.into_iter().zip(sums).map(|(name, sum)| (name, Value::from(sum))).collect();
    values.push(("output_size", i64::try_from(bytes.len()).unwrap_or(i64::MAX).into()));
    values.push(("id", sha1.into()));
    Ok(values)
}

/// The files of the archive, by name.
fn entries(config: &Attrs, around: &Around) -> Result<Vec<Entry>, String> {
    let given = config.str("output_file_mode").filter(|mode| !mode.is_empty());
    let given = given.map(|mode| u32::from_str_radix(mode, 8).map_err(|_| format!("{mode:?} is not a valid mode")));
    let given = given.transpose()?;
    let mut all: BTreeMap<String, (Vec<u8>, u32)> = BTreeMap::new();
    let disk = around.disk();
    let read = |path: &str| disk.read(path).map_err(|e| format!("the file {path:?} cannot be read: {e}"));
    let mode = |path: &str| given.unwrap_or_else(|| mode_of(&around.dir.join(path)));
    if let Some(path) = config.str("source_file") {
        let name = path.rsplit('/').next().unwrap_or(path);
        all.insert(name.to_owned(), (read(path)?, mode(path)));
    }
    if let Some(folder) = config.str("source_dir") {
        let excluded: Vec<String> = config.strings("excludes");
        let files = disk.list(folder).map_err(|e| format!("the directory {folder:?} cannot be read: {e}"))?;
        for name in files.into_iter().filter(|name| !excluded.iter().any(|pattern| covers(pattern, name))) {
            let path = format!("{}/{name}", folder.trim_end_matches('/'));
            all.insert(name, (read(&path)?, mode(&path)));
        }
    }
    if let (Some(text), Some(name)) = (config.str("source_content"), config.str("source_content_filename")) {
        all.insert(name.to_owned(), (text.as_bytes().to_vec(), given.unwrap_or(0o644)));
    }
    for source in config.blocks("source") {
        let text = |name: &str| source.string(name).unwrap_or_default();
        all.insert(text("filename"), (text("content").into_bytes(), given.unwrap_or(0o644)));
    }
    if all.is_empty() {
        return Err("no file is named: source_file, source_dir, source_content or a source block is required".into());
    }
    Ok(all.into_iter().map(|(name, (content, mode))| Entry { name, content, mode }).collect())
}

/// Whether a pattern of `excludes` names a file: by its path, by a directory above it, or with wildcards.
fn covers(pattern: &str, name: &str) -> bool {
    let plain = pattern.trim_start_matches("./").trim_end_matches('/');
    let below = name.strip_prefix(plain).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    below || file_pattern(plain).is_ok_and(|pattern| pattern.is_match(name))
}

#[cfg(unix)]
fn mode_of(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).map_or(0o644, |found| found.permissions().mode() & 0o777)
}

#[cfg(not(unix))]
fn mode_of(_: &Path) -> u32 {
    0o644
}

fn tar_gz(entries: &[Entry]) -> std::io::Result<Vec<u8>> {
    let mut all = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::default()));
    for entry in entries {
        let mut header = tar::Header::new_gnu();
        header.set_size(entry.content.len() as u64);
        header.set_mode(entry.mode);
        header.set_mtime(0);
        all.append_data(&mut header, &entry.name, entry.content.as_slice())?;
    }
    all.into_inner()?.finish()
}

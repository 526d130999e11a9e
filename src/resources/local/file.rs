//! local_file and local_sensitive_file: a file on this machine, with the content that the layout gives.

use super::data::sums;
use super::{Given, Local, Row, Values, hex};
use crate::schema::Attrs;
use crate::value::Value;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha1::{Digest, Sha1};
use std::fs;
use std::path::{Path, PathBuf};

pub(super) fn types() -> [Local; 2] {
    let plain = [
        Row::string("content").force_new(),
        Row::string("sensitive_content").force_new().sensitive(),
        Row::string("content_base64").force_new(),
    ];
    let secret =
        [Row::string("content").force_new().sensitive(), Row::string("content_base64").force_new().sensitive()];
    [
        of("local_file", plain.into_iter().collect(), "0777"),
        of("local_sensitive_file", secret.into_iter().collect(), "0700"),
    ]
}

fn of(name: &'static str, contents: Vec<Row>, mode: &'static str) -> Local {
    let permission = |name| Row::string(name).default(mode).force_new().check(octal);
    let rows = [
        Row::string("filename").required().force_new(),
        Row::string("source").force_new(),
        permission("file_permission"),
        permission("directory_permission"),
    ];
    let computed = super::data::SUMS.map(|sum| Row::string(sum).computed());
    Local::new(name, rows.into_iter().chain(contents).chain(computed), write).check(one_content).file(is_gone, remove)
}

/// The arguments that give the content; exactly one is needed.
const CONTENTS: [&str; 4] = ["content", "sensitive_content", "content_base64", "source"];

fn one_content(attrs: &Attrs) -> Vec<(&'static str, String)> {
    let given = CONTENTS.into_iter().filter(|name| attrs.get(name).is_some_and(|v| !v.is_null())).count();
    match given {
        1 => Vec::new(),
        0 => vec![("filename", "one of content, content_base64 and source is required".into())],
        _ => vec![("filename", "only one of content, content_base64 and source can be given".into())],
    }
}

fn octal(value: &Value) -> Result<(), String> {
    crate::schema::checks::text(
        value,
        |text| (3..=4).contains(&text.len()) && u32::from_str_radix(text, 8).is_ok(),
        "is not a valid permission; expected three or four octal digits, such as 0644",
    )
}

fn content(attrs: &Attrs, dir: &Path) -> Result<Vec<u8>, String> {
    if let Some(text) = attrs.str("content").or(attrs.str("sensitive_content")) {
        return Ok(text.as_bytes().to_vec());
    }
    if let Some(text) = attrs.str("content_base64") {
        return BASE64_STANDARD.decode(text).map_err(|e| format!("content_base64 is not valid Base64: {e}"));
    }
    let source = attrs.str("source").unwrap_or_default();
    fs::read(dir.join(source)).map_err(|e| format!("the file {source:?} cannot be read: {e}"))
}

fn place(attrs: &Attrs, dir: &Path) -> PathBuf {
    dir.join(attrs.str("filename").unwrap_or_default())
}

fn write(want: &Attrs, given: &mut Given) -> Result<Values, String> {
    let content = content(want, &given.dir)?;
    let path = place(want, &given.dir);
    let cannot = |e: std::io::Error| format!("the file {} cannot be written: {e}", path.display());
    let folder = path.parent().unwrap_or(Path::new("/"));
    if !folder.exists() {
        fs::create_dir_all(folder).map_err(cannot)?;
        permit(folder, want.str("directory_permission")).map_err(cannot)?;
    }
    fs::write(&path, []).map_err(cannot)?;
    permit(&path, want.str("file_permission")).map_err(cannot)?;
    fs::write(&path, &content).map_err(cannot)?;
    let mut values = sums(&content);
    values.push(("id", hex(&Sha1::digest(&content)).into()));
    Ok(values)
}

#[cfg(unix)]
fn permit(path: &Path, mode: Option<&str>) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    match mode.and_then(|mode| u32::from_str_radix(mode, 8).ok()) {
        Some(mode) => fs::set_permissions(path, fs::Permissions::from_mode(mode)),
        None => Ok(()),
    }
}

#[cfg(not(unix))]
fn permit(_: &Path, _: Option<&str>) -> std::io::Result<()> {
    Ok(())
}

/// Whether the file is not there any more, or holds something else.
fn is_gone(attrs: &Attrs, dir: &Path) -> bool {
    match fs::read(place(attrs, dir)) {
        Ok(content) => attrs.str("id").is_some_and(|id| id != hex(&Sha1::digest(&content))),
        Err(_) => true,
    }
}

fn remove(attrs: &Attrs, dir: &Path) -> Result<(), String> {
    let path = place(attrs, dir);
    match fs::remove_file(&path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            Err(format!("the file {} cannot be removed: {e}", path.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    #[test]
    fn a_file_is_written_watched_and_removed() {
        let dir = tempfile::tempdir().unwrap();
        let [plain, secret] = types();
        let want =
            Attrs::default().with("filename", "a/b.txt").with("content", "hello").with("file_permission", "0600");
        let mut given = Given::new(Timestamp::UNIX_EPOCH, &[1], "x").within(dir.path());
        let made = plain.made(&want, &mut given).unwrap();
        assert_eq!(fs::read_to_string(dir.path().join("a/b.txt")).unwrap(), "hello");
        assert_eq!(made.str("content_md5"), Some("5d41402abc4b2a76b9719d911017c592"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(dir.path().join("a/b.txt")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert!(!plain.is_over(&made, Timestamp::MAX, dir.path()));
        fs::write(dir.path().join("a/b.txt"), "other").unwrap();
        assert!(plain.is_over(&made, Timestamp::MAX, dir.path()));
        plain.remove(&made, dir.path()).unwrap();
        plain.remove(&made, dir.path()).unwrap();
        assert!(!dir.path().join("a/b.txt").exists());
        assert!(secret.schema.attribute("content").unwrap().sensitive);
        let both = want.with("content_base64", "aGVsbG8=");
        assert_eq!((plain.schema.check.unwrap())(&both).len(), 1);
    }
}

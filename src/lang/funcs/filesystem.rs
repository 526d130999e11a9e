//! Functions of paths and of the files that come with a layout.

use super::FunctionError;
use super::args::Args;
use super::function::{BOOL, DYNAMIC, Function, Returns, STRING, any, string};
use super::glob;
use super::string::variables;
use crate::value::{Type, Value};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

const STRING_SET: Returns = |_| Ok(Type::set(Type::String));

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("abspath", &[string("path")], STRING, |a| {
        let path = a.text(0);
        let absolute = if path.starts_with('/') { path.to_owned() } else { format!("{}/{path}", a.ctx.base_dir) };
        Ok(clean(&absolute).into())
    }),
    Function::new("basename", &[string("path")], STRING, |a| {
        let path = a.text(0);
        let trimmed = path.trim_end_matches('/');
        Ok(Value::string(match (path, trimmed) {
            ("", _) => ".",
            (_, "") => "/",
            (_, trimmed) => trimmed.rsplit('/').next().unwrap_or(trimmed),
        }))
    }),
    Function::new("dirname", &[string("path")], STRING, |a| {
        let directory = a.text(0).rfind('/').map_or("", |slash| &a.text(0)[..=slash]);
        Ok(clean(directory).into())
    }),
    Function::new("file", &[string("path")], STRING, |a| Ok(Value::string(read_text(a)?))),
    Function::new("filebase64", &[string("path")], STRING, |a| Ok(BASE64_STANDARD.encode(read(a)?).into())),
    Function::new("fileexists", &[string("path")], BOOL, |a| {
        a.ctx.files.exists(&expand(a)?).map(Value::from).map_err(FunctionError::new)
    }),
    Function::new("fileset", &[string("path"), string("pattern")], STRING_SET, fileset),
    Function::new("pathexpand", &[string("path")], STRING, |a| Ok(expand(a)?.into())),
    Function::new("templatefile", &[string("path"), any("vars").inside().marked()], DYNAMIC, |a| {
        let text = read_text(a)?;
        let sensitive = a.value(1).is_sensitive();
        (a.ctx.render)(&text, &variables(a, 1)?, a.text(0), a.budget).map(|v| v.mark(sensitive))
    }),
];

/// The shortest path that means the same, by its text alone.
fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            part => parts.push(part),
        }
    }
    match (rooted, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

/// The path with `~` replaced by the home directory.
fn expand(a: &Args) -> Result<String, FunctionError> {
    let path = a.text(0);
    let Some(rest) = path.strip_prefix('~') else { return Ok(path.to_owned()) };
    if !rest.is_empty() && !rest.starts_with('/') {
        return Err(FunctionError::new("cannot expand user-specific home dir"));
    }
    let home = a.ctx.files.home().ok_or_else(|| FunctionError::new("the home directory is not known"))?;
    Ok(if rest.is_empty() { home } else { clean(&format!("{home}{rest}")) })
}

/// The bytes of the file that the first argument names.
pub(super) fn read(a: &Args) -> Result<Vec<u8>, FunctionError> {
    let path = expand(a)?;
    if matches!(a.ctx.files.exists(&path), Ok(false)) {
        return Err(FunctionError::at(
            0,
            format!(
                "no file exists at {:?}; this function works only with files that are distributed as part \
                 of the configuration source code, so if this file will be created by a resource in this \
                 configuration you must instead obtain this result from an attribute of that resource",
                a.text(0)
            ),
        ));
    }
    a.ctx.files.read(&path).map_err(|e| FunctionError::at(0, format!("failed to read file: {e}")))
}

fn read_text(a: &Args) -> Result<String, FunctionError> {
    String::from_utf8(read(a)?).map_err(|_| {
        FunctionError::new(format!(
            "contents of {:?} are not valid UTF-8; use the filebase64 function to obtain the Base64 encoded \
             contents or the other file functions (e.g. filemd5, filesha256) to obtain file hashing results \
             instead",
            a.text(0)
        ))
    })
}

fn fileset(a: &Args) -> Result<Value, FunctionError> {
    let pattern = a.text(1);
    let wrong = |e| FunctionError::new(format!("failed to glob pattern {pattern:?}: {e}"));
    // Leading steps upwards change where the search starts, and stay in the results.
    let cleaned = if pattern.is_empty() { String::new() } else { clean(pattern) };
    let ups = cleaned.split('/').take_while(|part| *part == "..").count();
    let up = "../".repeat(ups);
    let pattern = cleaned.get(up.len()..).unwrap_or_default();
    let matcher = glob::compile(pattern).map_err(wrong)?;
    let base = expand(a)?;
    let base = if ups == 0 { base } else { clean(&format!("{base}/{up}")) };
    let found = a.ctx.files.list(&base).map_err(wrong)?;
    let names: Vec<&str> = found.iter().map(String::as_str).filter(|f| matcher.is_match(f)).collect();
    a.ctx.files.matched(&base, pattern, &names);
    Ok(Value::string_set(names.iter().map(|f| format!("{up}{f}"))))
}

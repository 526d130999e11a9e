//! Repositories, through the git of the system, with its keys, proxies and credential helpers.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// How differences are listed, whatever the configuration of git says: all names from the top of the repository on.
const DIFFERENCES: [&str; 6] =
    ["--name-only", "--no-renames", "--no-ext-diff", "--no-relative", "--ignore-submodules=dirty", "-z"];

/// Puts what a repository holds at a reference into an empty directory; its commit. A `commit` that is pinned is taken
/// whatever the reference names by now.
pub fn fetch(url: &str, reference: Option<&str>, commit: Option<&str>, into: &Path) -> Result<String, String> {
    run(into, &["init", "--quiet"])?;
    let wanted = commit.or(reference).unwrap_or("HEAD");
    let shallow = run(into, &["fetch", "--quiet", "--depth", "1", "--no-tags", "--", url, wanted]);
    let at = match shallow {
        Ok(_) => "FETCH_HEAD".to_owned(),
        Err(first) => {
            // Not every host gives out a single commit, and none one that is cut short.
            if !wanted.bytes().all(|byte| byte.is_ascii_hexdigit()) || wanted.len() < 4 {
                return Err(first);
            }
            let all = ["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"];
            run(into, &["fetch", "--quiet", "--", url, all[0], all[1]])?;
            wanted.to_owned()
        }
    };
    run(into, &["checkout", "--quiet", "--detach", &at])?;
    if into.join(".gitmodules").exists() {
        run(into, &["remote", "add", "origin", url])?;
        run(into, &["submodule", "--quiet", "update", "--init", "--recursive", "--depth", "1"])?;
    }
    run(into, &["rev-parse", "HEAD"])
}

/// The files that differ between where HEAD left the history of `reference` and HEAD, from the top of the repository
/// around `dir`; and that top.
pub fn changed(dir: &Path, reference: &str) -> Result<(PathBuf, Vec<PathBuf>), String> {
    let top = top(dir)?;
    let range = format!("{reference}...");
    let listed = run(dir, &[&["diff"][..], &DIFFERENCES, &["--end-of-options", &range, "--"]].concat())?;
    let files = listed.split('\0').filter(|name| !name.is_empty()).map(PathBuf::from).collect();
    Ok((top, files))
}

/// The files that HEAD has under another name than where its history left that of `reference`, from the top of the
/// repository on: the earlier name and the one now.
pub fn renamed(top: &Path, reference: &str) -> Result<Vec<(PathBuf, PathBuf)>, String> {
    let range = format!("{reference}...");
    let options = [
        "--name-status",
        "--find-renames",
        "--diff-filter=R",
        "--no-ext-diff",
        "--no-relative",
        "-z",
        "--end-of-options",
    ];
    let listed = run(top, &[&["diff"], &options[..], &[&range, "--"]].concat())?;
    let parts: Vec<&str> = listed.split_terminator('\0').collect();
    Ok(parts.chunks_exact(3).map(|part| (part[1].into(), part[2].into())).collect())
}

/// The names that a directory has in a commit; `dir` starts at the top of the repository.
pub fn names(top: &Path, commit: &str, dir: &str) -> Result<Vec<String>, String> {
    let tree = format!("{commit}:{}", if dir == "." { "" } else { dir });
    let listed = run(top, &["ls-tree", "--name-only", "-z", "--end-of-options", &tree])?;
    Ok(listed.split_terminator('\0').map(str::to_owned).collect())
}

/// The text of a file in a commit; `file` starts at the top of the repository.
pub fn text(top: &Path, commit: &str, file: &str) -> Result<String, String> {
    run(top, &["cat-file", "blob", &format!("{commit}:{file}")])
}

/// The top of the repository around a directory.
pub fn top(dir: &Path) -> Result<PathBuf, String> {
    run(dir, &["rev-parse", "--show-toplevel"]).map(PathBuf::from)
}

/// The commit that is checked out around a directory.
pub fn head(dir: &Path) -> Result<String, String> {
    run(dir, &["rev-parse", "--verify", "HEAD^{commit}"])
}

/// Whether the repository around a directory has a commit, which is named in full.
pub fn has(dir: &Path, commit: &str) -> bool {
    let is_whole = commit.len() >= 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_whole && run(dir, &["rev-parse", "--verify", "--quiet", &format!("{commit}^{{commit}}")]).is_ok()
}

/// The commit where the history of HEAD left that of `reference`.
pub fn merge_base(dir: &Path, reference: &str) -> Result<String, String> {
    run(dir, &["merge-base", "--end-of-options", reference, "HEAD"])
}

/// The files below a directory that are not as in the commit that is checked out, ignored ones left out; absolute.
pub fn edited(top: &Path) -> Result<Vec<PathBuf>, String> {
    let changed = run(top, &[&["diff"][..], &DIFFERENCES, &["HEAD", "--"]].concat())?;
    let new = run(top, &["ls-files", "--others", "--exclude-standard", "-z"])?;
    let names = changed.split('\0').chain(new.split('\0')).filter(|name| !name.is_empty());
    Ok(names.map(|name| top.join(name)).collect())
}

/// Whether the repository around a directory lacks the older part of its history.
pub fn is_shallow(dir: &Path) -> bool {
    run(dir, &["rev-parse", "--is-shallow-repository"]).is_ok_and(|answer| answer == "true")
}

/// Runs git in a directory; what it printed.
fn run(dir: &Path, arguments: &[&str]) -> Result<String, String> {
    let mut command = Command::new("git");
    command.args(["-c", "core.autocrlf=false", "-c", "advice.detachedHead=false"]).args(arguments).current_dir(dir);
    // The repository around the layout is none of its business.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"] {
        command.env_remove(name);
    }
    command.env("GIT_TERMINAL_PROMPT", "0").stdin(Stdio::null());
    let Output { status, stdout, stderr } = command.output().map_err(|e| match e.kind() {
        io::ErrorKind::NotFound => "git is not installed".to_owned(),
        _ => format!("git cannot be run: {e}"),
    })?;
    if !status.success() {
        let said = String::from_utf8_lossy(&stderr);
        let said = said.trim().trim_start_matches("fatal: ").replace('\n', "; ");
        return Err(if said.is_empty() { format!("git ended with {status}") } else { format!("git says: {said}") });
    }
    Ok(String::from_utf8_lossy(&stdout).trim().to_owned())
}

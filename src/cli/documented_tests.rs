//! The command lines of the documents and of `deploy/` are read as if they were typed, so that none names an option that
//! is not there.

use super::command_line::Cli;
use super::environment::split;
use clap::Parser;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// Variables whose values have a form of their own. Others are taken as they are.
const VALUES: [(&str, &str); 3] = [("$CI_NODE_INDEX", "2"), ("$CI_NODE_TOTAL", "4"), ("$PART", "2/4")];
/// The texts before a command on its line.
const BEFORE: [&str; 7] = ["$ ", "- ", "run: ", "exec ", "ExecStart=", "/usr/local/bin/", "cargo run -- "];
/// The words that end a command.
const AFTER: [&str; 6] = [">", ">>", "|", "||", "&&", ";"];

/// The words of a command line, from the program on; none for a line that is not one.
fn words(line: &str) -> Option<Vec<String>> {
    let mut rest = line.trim();
    if let Some((_, last)) = rest.rsplit_once("| ").filter(|(_, last)| last.starts_with("floorplan ")) {
        rest = last;
    }
    let built = rest.contains("cargo run -- ");
    while let Some(inner) = BEFORE.iter().find_map(|before| rest.strip_prefix(before)) {
        rest = inner.trim_start();
    }
    let rest = rest.strip_prefix("floorplan ").or(built.then_some(rest))?;
    let typed = rest.split(" #").next().unwrap_or_default();
    let typed = VALUES.iter().fold(typed.to_owned(), |text, (name, value)| text.replace(name, value));
    let words = split(&typed).unwrap_or_else(|| panic!("a quotation mark is not closed: {line}"));
    let words = words.into_iter().take_while(|word| !AFTER.contains(&word.as_str()));
    Some(std::iter::once("floorplan".to_owned()).chain(words).collect())
}

/// The lines of a file in which commands can be: of a document those in code, of JSON those of all texts, of a picture none.
fn lines(path: &Path) -> Vec<String> {
    let text = String::from_utf8(fs::read(path).expect("a file")).unwrap_or_default();
    match path.extension().and_then(|e| e.to_str()) {
        Some("md") => {
            let mut code = false;
            let inside = |line: &&str| {
                let fence = line.starts_with("```");
                code ^= fence;
                code && !fence
            };
            text.lines().filter(inside).map(str::to_owned).collect()
        }
        Some("json") => {
            let mut texts = Vec::new();
            collect(&serde_json::from_str(&text).expect("JSON"), &mut texts);
            texts.iter().flat_map(|text| text.lines()).map(str::to_owned).collect()
        }
        _ => joined(&text),
    }
}

fn collect(value: &serde_json::Value, texts: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => texts.push(text.clone()),
        serde_json::Value::Array(all) => all.iter().for_each(|value| collect(value, texts)),
        serde_json::Value::Object(all) => all.values().for_each(|value| collect(value, texts)),
        _ => {}
    }
}

/// Lines, with a command that is a list of words, one a line, as one line.
fn joined(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let mut whole = line.to_owned();
        if let Some(indent) = line.strip_suffix("- floorplan") {
            let item = format!("{indent}- ");
            while let Some(word) = lines.next_if(|next| next.starts_with(&item)) {
                whole = format!("{whole} {}", word.trim_start().trim_start_matches("- "));
            }
        }
        all.push(whole);
    }
    all
}

fn below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { below(&path, found) } else { found.push(path) }
    }
}

/// The files with command lines, and the lines.
fn commands(folder: &str) -> Vec<(String, Vec<String>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    match root.join(folder) {
        path if path.is_file() => paths.push(path),
        path => below(&path, &mut paths),
    }
    paths.sort();
    let texts = paths.iter().map(|path| {
        let name = path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
        (name, lines(path).into_iter().filter(|line| words(line).is_some()).collect())
    });
    texts.collect()
}

fn problem(line: &str) -> Option<String> {
    let arguments: Vec<OsString> = words(line)?.into_iter().map(OsString::from).collect();
    match super::typed(arguments) {
        Err(problems) => Some(format!("{problems:?}")),
        Ok(typed) => Cli::try_parse_from(typed).err().map(|e| e.to_string()),
    }
}

#[test]
fn the_command_lines_of_the_documents_can_be_typed() {
    let (mut count, mut wrong) = (0, Vec::new());
    for (name, lines) in ["README.md", "docs", "deploy"].into_iter().flat_map(commands) {
        count += lines.len();
        wrong.extend(lines.iter().filter_map(|line| Some(format!("{name}: {}\n{}", line.trim(), problem(line)?))));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 80, "only {count} command lines are found");
}

#[test]
fn each_way_to_deploy_has_its_command_line() {
    let all = commands("deploy");
    let with: Vec<&str> = all.iter().filter(|(_, lines)| lines.len() == 1).map(|(name, _)| &**name).collect();
    let expected = [
        "deploy/batch/job-definition.json",
        "deploy/github/drift.yml",
        "deploy/github/preview.yml",
        "deploy/github/reviewed.yml",
        "deploy/gitlab/drift.yml",
        "deploy/gitlab/preview.yml",
        "deploy/kubernetes/drift.yaml",
        "deploy/systemd/floorplan-drift.service",
    ];
    assert_eq!(with, expected);
}

#[test]
fn an_option_that_is_not_there_is_found() {
    for line in ["- run: floorplan drift --al", "$ floorplan drift --shard 5/4 > x", "floorplan plan --no-such | cat"] {
        assert!(problem(line).is_some(), "{line}");
    }
    for line in ["floorplan drift --all --shard 2/5  # a part", "echo 1 | floorplan console", "floorplan"] {
        assert_eq!(problem(line), None, "{line}");
    }
}

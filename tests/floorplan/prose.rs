//! Plain English in comments, messages and documents: patterns that a reader stumbles over. A finding names its file,
//! its line and the pattern.

use super::leaks::files;
use regex::Regex;
use std::path::Path;
use std::sync::LazyLock;

/// Patterns, and what to write instead.
const PATTERNS: [(&str, &str); 8] = [
    ("See the module", "say what it is, or make it private"),
    ("in vain", "say what fails"),
    (r"(?i)\b(there |longer )?is no [a-z]+", "is not a valid …"),
    (r"(?i)\b(told|tells?|reporting)\b", "report, print, show, say, distinguish"),
    (r"(?i)\btalk(s|ing)?\b", "call, connect, report"),
    (r"of which (nobody|nothing|neither)\b", "two short sentences"),
    (r"\b(goes|go|gone) on with\b|\bstands? in\b", "continues with, replaces, is in"),
    (r"^//! What |^What [^?]*$", "name the thing: \"Checks that need only the layout\""),
];

/// Natural uses of the patterns.
const FINE: [&str; 3] = ["there is no ", "is no longer", "is no more than"];

static COMPILED: LazyLock<Vec<(Regex, &str)>> =
    LazyLock::new(|| PATTERNS.iter().map(|(text, cure)| (Regex::new(text).expect("a pattern"), *cure)).collect());

/// Comments and text literals of Rust source, each part with its line.
fn parts_of_rust(text: &str) -> Vec<(usize, &str)> {
    static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
        let raw = ["###", "##", "#", ""].map(|hashes| format!(r#"\bb?r{hashes}".*?"{hashes}"#)).join("|");
        let rest = r#""(?:[^"\\]|\\.)*"|'(?:[^'\\\n]|\\[^\n]{1,8}?)'"#;
        Regex::new(&format!(r"(?s)//[^\n]*|/\*.*?\*/|{raw}|{rest}")).expect("a pattern")
    });
    let at = |offset: usize| text[..offset].matches('\n').count() + 1;
    let tokens = TOKEN.find_iter(text).flat_map(|found| {
        let line = at(found.start());
        found.as_str().lines().enumerate().map(move |(i, part)| (line + i, part))
    });
    tokens.collect()
}

fn parts_of_markdown(text: &str) -> Vec<(usize, &str)> {
    let mut code = false;
    let mut parts = Vec::new();
    for (i, line) in text.lines().enumerate() {
        if line.starts_with("```") {
            code = !code;
        } else if !code && !line.starts_with('#') {
            parts.push((i + 1, line));
        }
    }
    parts
}

fn findings(name: &str, text: &str) -> Vec<String> {
    let parts = if name.ends_with(".rs") { parts_of_rust(text) } else { parts_of_markdown(text) };
    let mut found = Vec::new();
    for (line, part) in parts {
        for (pattern, cure) in COMPILED.iter() {
            let hit = pattern.find_iter(part).map(|m| m.as_str());
            let wrong = hit.filter(|hit| !FINE.iter().any(|fine| format!("{} ", hit.to_lowercase()).starts_with(fine)));
            found.extend(wrong.map(|hit| format!("{name}:{line}: {hit:?} ({cure})")));
        }
    }
    found
}

#[test]
fn comments_messages_and_documents_are_plain_english() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = [files(&root.join("src")), files(&root.join("docs"))].concat();
    all.extend([root.join("README.md"), root.join("CHANGELOG.md")]);
    let mut found = Vec::new();
    for path in all.iter().filter(|path| path.extension().is_some_and(|e| e == "rs" || e == "md")) {
        let name = path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
        found.extend(findings(&name, &std::fs::read_to_string(path).expect("a text")));
    }
    assert!(found.is_empty(), "{} findings:\n  {}", found.len(), found.join("\n  "));
}

#[test]
fn a_pattern_is_found_in_comments_and_texts_and_nowhere_else() {
    let source = "//! What a plan is made of.\nlet told = \"x is no name\"; // there is no x\nfn f() -> bool { tells(r#\"a\ntold\"#) }\n";
    let found = findings("x.rs", source);
    let lines: Vec<&str> = found.iter().filter_map(|text| text.split(' ').next()).collect();
    assert_eq!(lines, ["x.rs:1:", "x.rs:2:", "x.rs:4:"], "{found:?}");
    let page = "# What is in it\nWhat it is.\nWhat is it?\n```\ntold\n```\nIt is no longer so.\n";
    assert_eq!(findings("x.md", page).len(), 1);
}

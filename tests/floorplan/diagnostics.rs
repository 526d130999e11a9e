//! The codes of errors and warnings: every one has a code, and docs/diagnostics.md lists them all.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use regex::Regex;
use serde_json::Value;

use crate::support::{World, copy};

fn sources() -> Vec<(PathBuf, String)> {
    fn walk(dir: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in std::fs::read_dir(dir).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() && !entry.ends_with("tests") {
                walk(&entry, found);
            } else if entry.is_file()
                && !["tests.rs", "fixtures.rs", "testing.rs"].iter().any(|name| entry.ends_with(name))
            {
                let text = std::fs::read_to_string(&entry).expect("text");
                let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
                found.push((entry, text));
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found
}

/// The text after the bracket that closes the one that `text` begins in.
fn after_bracket(text: &str) -> &str {
    let (mut depth, mut quoted, mut escaped) = (1, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if std::mem::take(&mut escaped) => {}
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[at + 1..];
        }
    }
    ""
}

/// The codes of docs/diagnostics.md, in order.
fn documented() -> Vec<&'static str> {
    let page = include_str!("../../docs/diagnostics.md");
    page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect()
}

#[test]
fn every_error_and_every_warning_has_a_code_that_is_documented() {
    let documented = documented();
    assert!(documented.is_sorted(), "the table is not in order");
    let documented: BTreeSet<&str> = documented.into_iter().collect();

    let made = Regex::new(r"Diagnostic::(?:error|warning)\(").expect("a pattern");
    let code = Regex::new(r#"\.code\("([^"]*)"\)"#).expect("a pattern");
    let (mut lacking, mut all) = (Vec::new(), String::new());
    for (path, text) in sources() {
        for found in made.find_iter(&text) {
            // A second finding with the code of a first one is made of it.
            let rest = after_bracket(&text[found.end()..]);
            let copied = text[..found.start()].ends_with("code: d.code, ..");
            if !copied && !rest.trim_start().starts_with(".code(") {
                let line = text[..found.start()].lines().count();
                lacking.push(format!("{}:{line}", path.display()));
            }
        }
        for found in code.captures_iter(&text).map(|c| c[1].to_owned()) {
            assert!(documented.contains(found.as_str()), "{found} of {} is not in docs/diagnostics.md", path.display());
        }
        all.push_str(&text);
    }
    assert!(lacking.is_empty(), "no code follows: {lacking:#?}");
    let unused: Vec<_> = documented.iter().filter(|code| !all.contains(&format!("\"{code}\""))).collect();
    assert!(unused.is_empty(), "no source has these codes: {unused:?}");
}

#[test]
fn validation_prints_codes() {
    let table = [
        ("resource \"aws_vpc\" \"a\" {\n  cidr_block = \"10.0.0.0/16\"\n  cdir = 1\n}\n", "unsupported-argument"),
        ("resource \"aws_vpc\" \"a\" {\n  cidr_block = \"10.0.0.0/16\"\n  nothing {}\n}\n", "unsupported-block"),
        ("resource \"aws_subnet\" \"a\" {\n  cidr_block = \"10.0.0.0/24\"\n}\n", "missing-argument"),
        ("resource \"aws_vcp\" \"a\" {}\n", "unknown-resource-type"),
        ("data \"aws_vcp\" \"a\" {}\n", "unknown-data-source"),
        ("output \"a\" {\n  value = var.a\n}\n", "undeclared-variable"),
        ("output \"a\" {\n  value = local.a\n}\n", "undeclared-local"),
        ("output \"a\" {\n  value = module.a.x\n}\n", "undeclared-module"),
        ("output \"a\" {\n  value = aws_vpc.a.id\n}\n", "undeclared-resource"),
        ("output \"a\" {\n  value = nothing(1)\n}\n", "unknown-function"),
        ("output \"a\" {\n  value = [1][2]\n}\n", "invalid-index"),
        ("output \"a\" {\n  value = 1 +\n}\n", "syntax"),
        ("module \"a\" {\n  source = \"./nowhere\"\n}\n", "unreadable-directory"),
        ("module \"a\" {\n  source = \"nowhere\"\n}\n", "module-source"),
        ("locals {\n  a = local.b\n  b = local.a\n}\n", "cycle"),
    ];
    let world = World::start();
    for (text, code) in table {
        world.write("main.tf", text);
        let shown = world.floorplan(&["validate", "-json"]).exits(1).stdout;
        let shown: Value = serde_json::from_str(&shown).expect("JSON");
        let codes: Vec<&str> =
            shown["diagnostics"].as_array().expect("a list").iter().filter_map(|d| d["code"].as_str()).collect();
        assert!(codes.contains(&code), "{text}\n{codes:?}");
    }
}

/// The folders with a layout in them, below `dir`.
fn layouts(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).expect("a folder").map(|entry| entry.expect("an entry").path());
    let (dirs, files): (Vec<PathBuf>, Vec<PathBuf>) = entries.partition(|path| path.is_dir());
    let layout = |path: &PathBuf| path.extension().is_some_and(|end| end == "tf" || end == "hcl");
    let own = files.iter().any(layout).then(|| dir.to_owned());
    own.into_iter().chain(dirs.iter().flat_map(|dir| layouts(dir))).collect()
}

#[test]
fn findings_in_all_cases_have_documented_codes() {
    let documented = documented();
    let world = World::start();
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/cases");
    copy(&cases, &world.path().join("cases"));
    let mut heard = BTreeSet::new();
    for layout in layouts(&world.path().join("cases")) {
        let name = layout.strip_prefix(world.path()).expect("inside").to_string_lossy().into_owned();
        let validated = world.floorplan(&["validate", "-json", &name]).stdout;
        let validated: Value = serde_json::from_str(&validated).expect("JSON");
        let planned = world.floorplan(&["plan", "-json", &name, "--sandbox"]).stdout;
        let events = planned.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        let planned: Vec<Value> = events.map(|event| event["diagnostic"].clone()).filter(|d| !d.is_null()).collect();
        for d in validated["diagnostics"].as_array().into_iter().flatten().chain(&planned) {
            let code = d["code"].as_str().unwrap_or_default();
            assert!(documented.contains(&code), "{name}: {d}");
            heard.insert(code.to_owned());
        }
    }
    assert!(heard.len() > 5, "the cases show many kinds of findings: {heard:?}");
}

//! The architecture, held against the source: which part may use which, which parts touch nothing
//! outside, and through which clients AWS is changed. A finding names its file and line.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};

use regex::Regex;

/// The floors of the house, from the ground up: a part uses only what stands below it.
const FLOORS: [&str; 25] = [
    "diag",
    "value",
    "schema",
    "rules",
    "lang",
    "sources",
    "graph",
    "evaluation",
    "network",
    "objects",
    "plan",
    "drift",
    "report",
    "state",
    "aws",
    "resources",
    "refresh",
    "apply",
    "forge",
    "notify",
    "session",
    "fleet",
    "sandbox",
    "cli",
    "main",
];

/// The parts that are functions of what they are given.
const PURE: [&str; 12] = [
    "diag",
    "drift",
    "evaluation",
    "graph",
    "lang",
    "network",
    "objects",
    "plan",
    "report",
    "rules",
    "schema",
    "value",
];

/// What those parts must not name, and why.
const IMPURE: [(&str, &str); 8] = [
    (r"\bstd::(\{[^}]*\b)?(fs|env|process|thread|os)\b", "the machine"),
    (r"\bio::(\{[^}]*\b)?(stdin|stdout|stderr)\b", "the terminal"),
    (r"\b(TcpStream|TcpListener|UdpSocket|UnixStream|ToSocketAddrs)\b", "the network"),
    (r"\b(SystemTime|Instant)\b|\b(Timestamp|Zoned)::now\b", "the clock"),
    (r"\b(rand|getrandom)::|\bnew_v4\b|\bSystemRandom\b", "randomness"),
    (r"\b(tokio|reqwest|hyper)\b", "I/O"),
    (r"\b(print|println|eprint|eprintln|dbg)!", "the terminal"),
    (r"\baws_[a-z]+_[a-z0-9_]+::|\baws_config\b", "an SDK crate"),
];

/// The parts that may name a crate of the SDK.
const AWS: [&str; 2] = ["aws", "resources"];
const SDK: &str = r"\baws_(sdk_[a-z0-9_]+|smithy_[a-z_]+|config|credential_types|runtime|types)\b";

/// How calls begin that change nothing.
const READING: [&str; 10] =
    ["batch_get_", "check_", "decrypt", "describe_", "encrypt", "filter_", "get_", "head_", "list_", "search_"];

/// The client of services without a crate of their own. Its calls are named by texts; it refuses wrong ones itself.
const API: &str = "api";

/// The name of a test is shorter than this.
const NAME: usize = 60;

/// Longer than this, a file is two.
const LINES: usize = 600;

/// A pattern, made once.
fn pattern(text: &str) -> Regex {
    static MADE: Mutex<BTreeMap<String, Regex>> = Mutex::new(BTreeMap::new());
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    made.entry(text.to_owned()).or_insert_with(|| Regex::new(text).expect("a pattern")).clone()
}

/// A file of the source.
struct Source {
    /// As it is shown, such as `src/plan/diff.rs`.
    name: String,
    /// Its top-level module.
    module: String,
    /// Its code: comments and the content of texts blank, tests left out.
    code: String,
}

impl Source {
    fn new(name: &str, text: &str) -> Self {
        let parts: Vec<&str> = name.split('/').collect();
        let module = parts.get(1).map_or("", |m| m.trim_end_matches(".rs")).to_owned();
        Source { name: name.to_owned(), module, code: without_tests(&blank(text)) }
    }

    fn at(&self, offset: usize, what: &str) -> String {
        let line = self.code[..offset].matches('\n').count() + 1;
        format!("{}:{line}: {what}", self.name)
    }

    /// All matches of a pattern, told by `tell` from the match's groups; nothing where it gives nothing.
    fn find(&self, pattern: &str, tell: impl Fn(&regex::Captures<'_>) -> Option<String>) -> Vec<String> {
        let told = |found: regex::Captures<'_>| Some(self.at(found.get(0)?.start(), &tell(&found)?));
        self::pattern(pattern).captures_iter(&self.code).filter_map(told).collect()
    }
}

/// The text with comments, and the content of texts, blank. Lines stay where they are.
fn blank(text: &str) -> String {
    let raw = ["###", "##", "#", ""].map(|hashes| format!(r#"\bb?r{hashes}".*?"{hashes}"#));
    let text_or_letter = r#""(?:[^"\\]|\\.)*"|'(?:[^'\\\n]|\\[^\n]{1,8}?)'"#;
    let token = format!(r"(?s)//[^\n]*|/\*.*?\*/|{}|{text_or_letter}", raw.join("|"));
    let token = pattern(&token);
    let blanked = |found: &regex::Captures<'_>| {
        found[0].chars().map(|c| if c == '\n' { "\n".to_owned() } else { " ".repeat(c.len_utf8()) }).collect::<String>()
    };
    token.replace_all(text, blanked).into_owned()
}

/// The code up to the tests at its end, and without the modules that only tests have.
fn without_tests(code: &str) -> String {
    let tests = pattern(r"#\[cfg\(test\)\]\s*(#\[[^\]]*\]\s*)?(pub )?mod \w+( \{(?s:.*)|;)");
    tests.replace_all(code, |found: &regex::Captures<'_>| "\n".repeat(found[0].matches('\n').count())).into_owned()
}

/// All files of the program but those that only tests are made from.
static PROGRAM: LazyLock<Vec<Source>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let only_tests = |path: &Path| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let within = path.components().any(|c| c.as_os_str() == "tests");
        within
            || name.ends_with("tests")
            || ["fixtures", "testing"].contains(&name.as_str())
            || name.starts_with("bad_")
    };
    let mut all: Vec<Source> = files(&root.join("src"))
        .iter()
        .filter(|path| !only_tests(path.strip_prefix(root).unwrap_or(path)))
        .map(|path| Source::new(&shown(root, path), &std::fs::read_to_string(path).expect("a file of the source")))
        .collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(all.len() > 100, "the source is there");
    all
});

pub(super) fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let inside = |path: PathBuf| match path.is_dir() {
        true => files(&path),
        false => vec![path],
    };
    entries.flat_map(inside).filter(|path| path.extension().is_some_and(|e| e == "rs")).collect()
}

fn shown(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

#[track_caller]
fn none(found: Vec<String>, rule: &str) {
    assert!(found.is_empty(), "{rule}:\n  {}", found.join("\n  "));
}

fn uses_above(source: &Source) -> Vec<String> {
    let floor = |part: &str| FLOORS.iter().position(|each| *each == part);
    let Some(own) = floor(&source.module) else {
        return vec![format!("{}:1: {:?} has no place in the table of this test", source.name, source.module)];
    };
    source.find(r"\b(?:crate|floorplan)::(\{|\w+)", |found| {
        let used = &found[1];
        let above = used == "{" || floor(used).is_some_and(|used| used > own);
        above.then(|| format!("{} uses {used}", source.module))
    })
}

fn impurities(source: &Source) -> Vec<String> {
    let one =
        |(pattern, what): (&str, &str)| source.find(pattern, |found| Some(format!("`{}` is {what}", found[0].trim())));
    IMPURE.into_iter().flat_map(one).collect()
}

/// Calls through the wrong client set. Clients that have a name of their own are followed by it.
fn wrong_ways(source: &Source) -> Vec<String> {
    let named = pattern(r"\blet\s+(\w+)\s*=\s*&?\s*\w+\s*\.\s*(read|write)\s*\.\s*(\w+)\s*;");
    let names: Vec<(usize, String, String)> = named
        .captures_iter(&source.code)
        .filter(|found| &found[3] != API)
        .filter_map(|found| Some((found.get(0)?.start(), found[1].to_owned(), found[2].to_owned())))
        .collect();
    let wrong = |way: &str, call: &str| {
        let reads = READING.iter().any(|verb| call.starts_with(verb));
        (reads != (way == "read")).then(|| format!("{call} is called through `aws.{way}`"))
    };
    let mut found = source.find(r"\.\s*(read|write)\s*\.\s*(\w+)\s*\.\s*(\w+)\s*\(", |found| {
        if &found[2] == API { None } else { wrong(&found[1], &found[3]) }
    });
    let way_at = |name: &str, offset: usize| {
        names.iter().rev().find(|(at, n, _)| *at < offset && n == name).map(|(_, _, way)| way.clone())
    };
    for name in names.iter().map(|(_, name, _)| name).collect::<BTreeSet<_>>() {
        let call = pattern(&format!(r"(?:^|[^.\w]){name}\s*\.\s*(\w+)\s*\("));
        for hit in call.captures_iter(&source.code) {
            let offset = hit.get(1).map_or(0, |m| m.start());
            let told = way_at(name, offset).and_then(|way| wrong(&way, &hit[1]));
            found.extend(told.map(|told| source.at(offset, &told)));
        }
    }
    found
}

#[test]
fn every_part_uses_only_what_stands_below_it() {
    let found = PROGRAM.iter().filter(|s| s.module != "lib").flat_map(uses_above).collect();
    none(found, "a part may use only what stands below it in the table of this test");
}

#[test]
fn the_core_touches_nothing_outside() {
    let found = PROGRAM.iter().filter(|s| PURE.contains(&s.module.as_str())).flat_map(impurities).collect();
    none(found, "time, randomness and everything outside are handed to the core");
}

#[test]
fn only_the_way_to_aws_and_the_types_name_an_sdk_crate() {
    let others = PROGRAM.iter().filter(|s| !AWS.contains(&s.module.as_str()));
    let named = others.flat_map(|s| s.find(SDK, |found| Some(format!("names {}", &found[0])))).collect();
    none(named, "what is AWS's stays behind `aws` and `resources`");
    let types = PROGRAM.iter().filter(|s| s.module == "resources");
    let clients = types.flat_map(|s| s.find(r"\baws_sdk_\w+::Client\b", |found| Some(format!("names {}", &found[0]))));
    none(clients.collect(), "a client without `aws.read` or `aws.write` before it does not say what it is for");
}

#[test]
fn families_know_neither_the_planner_nor_the_registry() {
    let families = PROGRAM.iter().filter(|s| s.module == "resources" && s.name.matches('/').count() > 2);
    let above = r"\bcrate::(?:plan|resources::registry|resources::data_sources)\b";
    let named = families.flat_map(|s| s.find(above, |found| Some(format!("names {}", &found[0]))));
    none(named.collect(), "the registry and the planner know the families, not the other way round");
}

#[test]
fn only_mutations_go_through_the_writing_clients() {
    none(PROGRAM.iter().flat_map(wrong_ways).collect(), "`grep aws.write` must list every mutation and no reading");
    let calls = |way: &str| {
        let pattern = format!(r"\.\s*{way}\s*\.\s*\w+\s*\.\s*\w+\s*\(");
        PROGRAM.iter().map(|s| s.find(&pattern, |_| Some(String::new())).len()).sum::<usize>()
    };
    assert!(calls("read") > 20 && calls("write") > 20, "the calls are found at all");
}

#[test]
fn no_file_is_too_long_to_be_read_at_once() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let all = ["src", "tests", "benches"].into_iter().flat_map(|folder| files(&root.join(folder)));
    let long = all.filter_map(|path| {
        let lines = std::fs::read_to_string(&path).ok()?.lines().count();
        (lines > LINES).then(|| format!("{}:{LINES}: {lines} lines", shown(root, &path)))
    });
    none(long.collect(), "a file longer than 600 lines is two files");
}

/// What stands on the types knows them by what they say: their rows, their role.
#[test]
fn no_type_is_known_by_its_name() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let general = ["plan", "drift", "report", "apply", "session"];
    let named = PROGRAM.iter().filter(|s| general.contains(&s.module.as_str())).flat_map(|source| {
        let text = std::fs::read_to_string(root.join(&source.name)).expect("a file of the source");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
        let lines = code.lines().enumerate().filter(|(_, line)| pattern(r#""aws_[a-z0-9_]+""#).is_match(line));
        lines.map(|(i, line)| format!("{}:{}: {}", source.name, i + 1, line.trim())).collect::<Vec<_>>()
    });
    none(named.collect(), "a type is known by its schema, not by its name");
}

#[test]
fn names_of_tests_are_short() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let test = pattern(r"#\[(?:tokio::)?test\]\s*(?:#\[[^\]]*\]\s*)*(?:async )?fn (\w+)");
    let long = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let names = test.captures_iter(&text).map(|found| found[1].to_owned());
        let long = names.filter(|name| name.len() >= NAME).map(|name| format!("{}: {name}", shown(root, &path)));
        long.collect::<Vec<_>>()
    };
    let all = ["src", "tests", "benches"].into_iter().flat_map(|folder| files(&root.join(folder)));
    none(all.flat_map(long).collect(), "the name of a test says what happens in fewer than 60 characters");
}

#[test]
fn the_checks_find_what_breaks_a_rule() {
    let text = r##"//! Talks of std::fs and crate::cli.
use crate::lang::Value;
use crate::cli::{args,
    ui};
const TEXT: &str = "std::env::var and \" crate::cli";
const RAW: &str = r#"Instant::now() " "#;
fn f<'a>(x: &'a str) -> char { std::fs::read(x); '"' }
use std::time::{Duration, Instant};
#[cfg(test)]
mod tests {
    use crate::cli;
}
"##;
    let source = Source::new("src/plan/x.rs", text);
    assert_eq!(uses_above(&source), ["src/plan/x.rs:3: plan uses cli"]);
    assert_eq!(
        impurities(&source),
        ["src/plan/x.rs:7: `std::fs` is the machine", "src/plan/x.rs:8: `Instant` is the clock"]
    );

    let calls = "
async fn a(aws: &Aws) {
    aws.read.ec2.describe_vpcs().send();
    aws
        .read
        .ec2
        .create_vpc().send();
    let logs = &aws.write.logs;
    logs.put_retention_policy();
    logs.describe_log_groups();
    let logs = &aws.read.logs;
    logs.describe_log_groups();
}
";
    assert_eq!(
        wrong_ways(&Source::new("src/resources/x.rs", calls)),
        [
            "src/resources/x.rs:5: create_vpc is called through `aws.read`",
            "src/resources/x.rs:10: describe_log_groups is called through `aws.write`",
        ]
    );
}

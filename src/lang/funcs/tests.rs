//! Runs the tables of `testdata`: each case is a call and what Terraform 1.11 answers to it.

mod crypto;
mod language;
mod unknown;

use super::{Context, Files, FunctionError, call, names};
use crate::lang::budget::Budget;
use crate::value::{Name, Value};
use language::{evaluate, show};
use std::collections::BTreeMap;

/// Files in memory: the same that the answers were asked with.
pub(super) struct Memory;

const FILES: [(&str, &[u8]); 6] = [
    ("bad.bin", b"\xff\xfe"),
    ("dir/a.txt", b"a"),
    ("dir/b.md", b"b"),
    ("dir/sub/c.txt", b"c"),
    ("hello.tmpl", b"Hello, ${name}!"),
    ("hello.txt", b"Hello World"),
];

impl Memory {
    fn find(path: &str) -> Option<&'static [u8]> {
        let path = path.replace("./dir/../", "");
        FILES.iter().find(|(name, _)| *name == path).map(|(_, content)| *content)
    }
}

impl Files for Memory {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        Memory::find(path).map(<[u8]>::to_vec).ok_or_else(|| format!("open {path}: no such file or directory"))
    }

    fn exists(&self, path: &str) -> Result<bool, String> {
        match path {
            "dir" => Err("\"dir\" is a directory, not a file".into()),
            path => Ok(Memory::find(path).is_some()),
        }
    }

    fn list(&self, directory: &str) -> Result<Vec<String>, String> {
        let prefix = if directory == "." { String::new() } else { format!("{directory}/") };
        Ok(FILES.iter().filter_map(|(name, _)| name.strip_prefix(&prefix)).map(String::from).collect())
    }

    fn home(&self) -> Option<String> {
        Some("/home/me".into())
    }
}

/// Stands in for the evaluator: puts the variables where they are named.
fn render(text: &str, variables: &BTreeMap<Name, Value>, _: &str, _: &Budget) -> Result<Value, FunctionError> {
    let mut text = text.to_owned();
    let mut sensitive = false;
    for (name, value) in variables {
        sensitive |= value.has_sensitive();
        text = text.replace(&format!("${{{name}}}"), value.as_str().unwrap_or("?"));
    }
    Ok(Value::from(text).mark(sensitive))
}

pub(super) fn with_context<T>(planning: bool, run: impl FnOnce(&Context<'_>) -> T) -> T {
    let timestamp = jiff::Timestamp::from_second(1_700_000_000).unwrap();
    run(&Context {
        files: &Memory,
        base_dir: "/base",
        timestamp,
        plan_timestamp: timestamp,
        planning,
        random: &|bytes| bytes.fill(7),
        render: &render,
    })
}

/// The value of an expression, or what the error says.
pub(in crate::lang::funcs) fn value_of(expression: &str) -> Result<Value, String> {
    with_context(false, |ctx| evaluate(expression, ctx))
}

/// The result of the expression, as Terraform would print it.
pub(super) fn answer(expression: &str, planning: bool) -> String {
    with_context(planning, |ctx| match evaluate(expression, ctx) {
        Ok(value) => format!("= {}", show(&value)),
        Err(detail) => format!("! {detail}"),
    })
}

/// A case is a line with the expression and a line with the answer. `=` is followed by the value,
/// `!` by the whole message, and a lone `!` stands for an error in our own words.
fn check(table: &str) {
    let lines: Vec<&str> = table.lines().collect();
    let mut wrong = Vec::new();
    for case in lines.chunks(2) {
        let [expression, expected] = case else { panic!("the last case has no answer: {case:?}") };
        let expected = expected.trim_start();
        let actual = answer(expression, false);
        let fits = if expected == "!" { actual.starts_with('!') } else { actual == expected };
        if !fits {
            wrong.push(format!("{expression}\n  expected {expected}\n  actual   {actual}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases differ:\n{}", wrong.len(), lines.len() / 2, wrong.join("\n"));
}

#[test]
fn numbers_are_as_in_terraform() {
    check(include_str!("testdata/numeric.txt"));
}

#[test]
fn collections_are_as_in_terraform() {
    check(include_str!("testdata/collection.txt"));
}

#[test]
fn sets_and_conversions_are_as_in_terraform() {
    check(include_str!("testdata/set.txt"));
}

#[test]
fn text_is_as_in_terraform() {
    check(include_str!("testdata/string.txt"));
}

#[test]
fn formats_are_as_in_terraform() {
    check(include_str!("testdata/format.txt"));
}

#[test]
fn encodings_are_as_in_terraform() {
    check(include_str!("testdata/encoding.txt"));
}

#[test]
fn files_hashes_addresses_and_times_are_as_in_terraform() {
    check(include_str!("testdata/world.txt"));
}

#[test]
fn every_function_of_terraform_is_there() {
    let expected = include_str!("testdata/names.txt").lines().collect::<Vec<_>>();
    let mut actual: Vec<_> = names().collect();
    actual.sort_unstable();
    assert_eq!(actual, expected);
}

#[test]
fn names_may_have_the_core_prefix_and_unknown_ones_are_refused() {
    with_context(false, |ctx| {
        assert_eq!(call("core::upper", &["a".into()], ctx, &Budget::default()), Ok("A".into()));
        assert!(call("nope", &[], ctx, &Budget::default()).is_err());
    });
}

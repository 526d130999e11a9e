//! Edits of a layout's text, as a person would type them: a value, an entry of a list or an object, an argument, a block.
//! Everything else stays as it is, byte for byte.
//!
//! Pure: positions come from the parser, texts go out.

use super::expr::{Attribute, Block, Body};
use crate::diag::{SourceFile, Span};
use std::ops::Range;
use std::sync::Arc;

/// How far one level is indented where nothing beside it shows it.
const STEP: &str = "  ";

/// A text in place of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What goes.
    pub at: Span,
    /// What comes.
    pub text: String,
}

impl Edit {
    /// A text in place of what is there.
    pub fn new(at: Span, text: impl Into<String>) -> Self {
        Edit { at, text: text.into() }
    }

    fn of(file: &Arc<SourceFile>, at: Range<usize>, text: impl Into<String>) -> Self {
        Edit { at: Span { file: file.clone(), range: at }, text: text.into() }
    }
}

/// The files with these edits made, by path. The same edit twice is one. Where two edits are of one place, that place.
pub fn apply(edits: &[Edit]) -> Result<Vec<(Arc<SourceFile>, String)>, Span> {
    let mut rest: Vec<&Edit> = Vec::new();
    for edit in edits {
        if !rest.contains(&edit) {
            rest.push(edit);
        }
    }
    rest.sort_by_key(|edit| (edit.at.file.path.clone(), edit.at.range.start, edit.at.range.end));
    let mut done: Vec<(Arc<SourceFile>, String)> = Vec::new();
    for edits in rest.chunk_by(|a, b| a.at.file.path == b.at.file.path) {
        let Some(first) = edits.first() else { continue };
        let (file, mut text, mut from) = (&first.at.file, String::new(), 0);
        for edit in edits {
            let Range { start, end } = edit.at.range;
            if start < from {
                return Err(edit.at.clone());
            }
            text.push_str(&file.text[from..start]);
            text.push_str(&edit.text);
            from = end;
        }
        text.push_str(&file.text[from..]);
        done.push((file.clone(), text));
    }
    Ok(done)
}

/// An entry of a list or of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// All of it.
    pub at: Range<usize>,
    /// The end of its key, if it has one.
    pub key: Option<usize>,
}

/// An entry that is to be added: its key, if it has one, and its value.
pub type New = (Option<String>, String);

/// Takes entries out of a list or an object in brackets, and adds others at its end.
pub fn entries(whole: &Span, all: &[Entry], gone: &[usize], new: &[New]) -> Vec<Edit> {
    let (file, text) = (&whole.file, whole.file.text.as_str());
    let is_gone = |i: usize| gone.contains(&i);
    let last = (0..all.len()).rev().find(|i| !is_gone(*i)).map(|i| &all[i]);
    let close = whole.range.end.saturating_sub(1);
    let is_object = text[whole.range.clone()].starts_with('{');
    let lines = whole.text().contains('\n');
    if last.is_none() && !lines {
        let inner: Vec<String> = new.iter().map(|new| entry(new, 0)).collect();
        let text = match (inner.is_empty(), is_object) {
            (true, true) => "{}".to_owned(),
            (false, true) => format!("{{ {} }}", inner.join(", ")),
            (_, false) => format!("[{}]", inner.join(", ")),
        };
        return vec![Edit::new(whole.clone(), text)];
    }
    let mut edits = Vec::new();
    for (i, Entry { at, .. }) in all.iter().enumerate().filter(|(i, _)| is_gone(*i)) {
        let later = (0..i).all(is_gone);
        let range = match (alone(text, at), i.checked_sub(1).map(|before| &all[before]), all.get(i + 1)) {
            (Some(lines), ..) => lines,
            (None, Some(before), _) if !later => before.at.end..at.end,
            (None, _, Some(after)) => at.start..after.at.start,
            (None, ..) => at.clone(),
        };
        edits.push(Edit::of(file, range, ""));
    }
    if new.is_empty() {
        return edits;
    }
    let Some(last) = last else {
        let start = line_start(text, close);
        let indent = format!("{}{STEP}", indent(text, close));
        let comma = if is_object { "" } else { "," };
        let added: String =
            new.iter().map(|new| format!("{indent}{}{comma}{}", entry(new, 0), newline(text))).collect();
        let closes_alone = text[start..close].trim().is_empty();
        let (at, added) = match closes_alone {
            true => (start, added),
            false => (close, format!("{}{added}", newline(text))),
        };
        edits.push(Edit::of(file, at..at, added));
        return edits;
    };
    let end = last.at.end;
    if !text[end..close].contains('\n') {
        let added: String = new.iter().map(|new| format!(", {}", entry(new, 0))).collect();
        edits.push(Edit::of(file, end..end, added));
        return edits;
    }
    let comma = text[end..].trim_start_matches([' ', '\t']).starts_with(',');
    if !comma && !is_object {
        edits.push(Edit::of(file, end..end, ","));
    }
    let (indent, width) = (indent(text, last.at.start), width(text, &last.at, last.key));
    let count = new.len();
    let added = new.iter().enumerate().map(|(i, new)| {
        let comma = if comma || (!is_object && i + 1 < count) { "," } else { "" };
        format!("{}{indent}{}{comma}", newline(text), entry(new, width))
    });
    let at = line_end(text, end);
    edits.push(Edit::of(file, at..at, added.collect::<String>()));
    edits
}

fn entry((key, value): &New, width: usize) -> String {
    match key {
        Some(key) => format!("{key:width$} = {value}"),
        None => value.clone(),
    }
}

/// Adds an argument behind the last one that stays.
pub fn argument(body: &Body, name: &str, value: &str, gone: &[&str]) -> Edit {
    let whole = body.span();
    let (file, text) = (&whole.file, whole.file.text.as_str());
    if whole.text().starts_with('{') {
        return unfolded(&whole, &format!("{name} = {value}"));
    }
    let own = |a: &Attribute| a.name_span.file.path == file.path && !gone.contains(&&*a.name);
    let last = body.attributes().filter(own).max_by_key(|a| a.name_span.range.start);
    let (at, indent, width) = match last {
        Some(last) => {
            let all = last.name_span.range.start..last.expr.span().range.end;
            (all.end, indent(text, all.start).to_owned(), width(text, &all, Some(last.name_span.range.end)))
        }
        None => (whole.range.start, format!("{}{STEP}", indent(text, whole.range.start)), 0),
    };
    let at = line_end(text, at);
    Edit::of(file, at..at, format!("{}{indent}{name:width$} = {value}", newline(text)))
}

/// Takes an argument out.
pub fn without_argument(body: &Body, argument: &Attribute) -> Edit {
    let (whole, file) = (body.span(), &argument.name_span.file);
    let at = argument.name_span.range.start..argument.expr.span().range.end;
    match alone(&file.text, &at) {
        Some(lines) => Edit::of(file, lines, ""),
        None if whole.text().starts_with('{') => Edit::new(whole, "{}"),
        None => Edit::of(file, at, ""),
    }
}

/// Adds a block behind the last of its kind that stays, else at the end. `lines` is its text without indentation.
pub fn block(body: &Body, kind: &str, lines: &str, gone: &[Span]) -> Edit {
    let whole = body.span();
    let (file, text) = (&whole.file, whole.file.text.as_str());
    if whole.text().starts_with('{') {
        return unfolded(&whole, lines);
    }
    let stays = |block: &Block| block.span.file.path == file.path && !gone.contains(&block.span);
    let blocks: Vec<Block> = body.blocks().filter(stays).collect();
    let end = |block: &&Block| block.body.span().range.end;
    let like = blocks.iter().filter(|block| &*block.ident == kind).max_by_key(end);
    let argument =
        body.attributes().filter(|a| a.name_span.file.path == file.path).max_by_key(|a| a.expr.span().range.end);
    let other = blocks.iter().max_by_key(end);
    let after = |block: &Block| {
        let start = line_start(text, block.span.range.start);
        let above = text[..start].lines().rev().find(|line| !is_comment(line));
        let blank = above.is_some_and(|line| line.trim().is_empty());
        (block.body.span().range.end, indent(text, start).to_owned(), blank)
    };
    let (at, indent, blank) = match (like, argument, other) {
        (Some(like), ..) => after(like),
        (None, Some(argument), other) if other.is_none_or(|other| end(&other) < argument.expr.span().range.end) => {
            (argument.expr.span().range.end, indent(text, argument.name_span.range.start).to_owned(), true)
        }
        (None, _, Some(other)) => after(other),
        (None, ..) => (whole.range.start, format!("{}{STEP}", indent(text, whole.range.start)), false),
    };
    let at = line_end(text, at);
    let blank = if blank { newline(text) } else { "" };
    Edit::of(file, at..at, format!("{blank}{}", indented(lines, &indent, newline(text))))
}

/// Takes a block out, with the comment right above it and one of two blank lines around it.
pub fn without_block(block: &Block) -> Edit {
    without(&block.span, &block.body)
}

/// For a block whose head is known by its span alone, with its body.
pub fn without(head: &Span, body: &Body) -> Edit {
    let (file, at) = (&head.file, head.range.start..body.span().range.end);
    let text = file.text.as_str();
    let Some(Range { mut start, end }) = alone(text, &at) else { return Edit::of(file, at, "") };
    let above = |start: usize| line_start(text, start.saturating_sub(1));
    while start > 0 && is_comment(&text[above(start)..start]) {
        start = above(start);
    }
    let next = text[end..].lines().next().unwrap_or_default().trim();
    let is_last = next.is_empty() || next.starts_with('}');
    if start > 0 && is_last && text[above(start)..start].trim().is_empty() {
        start = above(start);
    }
    Edit::of(file, start..end, "")
}

/// A body on one line, on several lines with another line in it.
fn unfolded(whole: &Span, line: &str) -> Edit {
    let text = whole.file.text.as_str();
    let inner = whole.text().trim_start_matches('{').trim_end_matches('}').trim();
    let (base, newline) = (indent(text, whole.range.start), newline(text));
    let inside: String = [inner, line]
        .iter()
        .filter(|l| !l.is_empty())
        .map(|l| indented(l, &format!("{base}{STEP}"), newline))
        .collect();
    Edit::new(whole.clone(), format!("{{{inside}{newline}{base}}}"))
}

/// Each line on a new line with this indentation.
fn indented(lines: &str, indent: &str, newline: &str) -> String {
    let line = |line: &str| if line.is_empty() { newline.to_owned() } else { format!("{newline}{indent}{line}") };
    lines.lines().map(line).collect()
}

/// How wide the key in front of the equals sign is, where what follows on a line of its own is to be aligned with it.
fn width(text: &str, at: &Range<usize>, key: Option<usize>) -> usize {
    let Some(key) = key.filter(|_| !text[at.clone()].contains('\n')) else { return 0 };
    let gap = text[key..at.end].find('=').unwrap_or(0);
    text[at.start..key + gap].chars().count().saturating_sub(1)
}

/// The lines of a place that has them for itself, comments behind it left aside.
fn alone(text: &str, at: &Range<usize>) -> Option<Range<usize>> {
    let (start, end) = (line_start(text, at.start), line_end(text, at.end));
    let behind = text[at.end..end].trim().trim_start_matches(',').trim_start();
    let is_alone = text[start..at.start].trim().is_empty() && (behind.is_empty() || is_comment(behind));
    let next = text[end..].find('\n').map_or(text.len(), |n| end + n + 1);
    is_alone.then_some(start..next)
}

fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with('#') || line.starts_with("//")
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |n| n + 1)
}

/// The end of the line, before its line break.
fn line_end(text: &str, at: usize) -> usize {
    let end = text[at..].find('\n').map_or(text.len(), |n| at + n);
    if text[..end].ends_with('\r') { end - 1 } else { end }
}

fn indent(text: &str, at: usize) -> &str {
    let line = &text[line_start(text, at)..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

fn newline(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::expr::Expr;
    use crate::lang::parse::parse;

    const SOURCE: &str = r#"resource "a" "b" {
  name   = "x" # why
  tags = { Name = "main",  Team = "net" }
  zones  = [
    "a", # first
    "b"
  ]

  # the office
  rule {
    port = 1
  }

  rule { port = 2 }
  odd {}
}
"#;

    fn body() -> Body {
        let parsed = parse("main.tf", SOURCE.as_bytes()).expect("it parses");
        parsed.body.blocks().next().expect("a block").body
    }

    /// The lines that differ.
    fn shown(edits: &[Edit]) -> String {
        let all = apply(edits).expect("they do not overlap");
        let diff = similar::TextDiff::from_lines(SOURCE, &all[0].1);
        let changes = diff.iter_all_changes().filter(|c| c.tag() != similar::ChangeTag::Equal);
        changes.map(|c| format!("{}{}", c.tag(), c.value())).collect()
    }

    fn list(name: &str) -> (Span, Vec<Entry>) {
        let expr = body().attribute(name).expect("an argument").expr;
        let of = |key: Option<&Expr>, value: &Expr| {
            let start = key.map_or(value.span().range.start, |key| key.span().range.start);
            Entry { at: start..value.span().range.end, key: key.map(|key| key.span().range.end) }
        };
        let pairs = expr.as_object_items().unwrap_or_default();
        let items = expr.as_list_items().unwrap_or_default();
        let all = pairs.iter().map(|(k, v)| of(Some(k), v)).chain(items.iter().map(|v| of(None, v)));
        (expr.span(), all.collect())
    }

    #[test]
    fn entries_come_and_go_on_one_line_and_on_several() {
        let (tags, all) = list("tags");
        insta::assert_snapshot!(shown(&entries(&tags, &all, &[0], &[(Some("Owner".into()), "\"me\"".into())])), @r#"
        -  tags = { Name = "main",  Team = "net" }
        +  tags = { Team = "net", Owner = "me" }
        "#);
        assert!(shown(&entries(&tags, &all, &[0, 1], &[])).ends_with("+  tags = {}\n"));
        let (zones, all) = list("zones");
        insta::assert_snapshot!(shown(&entries(&zones, &all, &[0], &[(None, "\"c\"".into())])), @r#"
        -    "a", # first
        -    "b"
        +    "b",
        +    "c"
        "#);
        insta::assert_snapshot!(shown(&entries(&zones, &all, &[0, 1], &[(None, "\"c\"".into())])), @r#"
        -    "a", # first
        -    "b"
        +    "c",
        "#);
    }

    #[test]
    fn arguments_and_blocks_come_and_go() {
        let body = body();
        assert_eq!(shown(&[argument(&body, "n", "1", &["tags", "zones"])]), "+  n      = 1\n");
        assert_eq!(shown(&[argument(&body, "n", "1", &[])]), "+  n = 1\n");
        assert_eq!(
            shown(&[without_argument(&body, &body.attribute("name").expect("it"))]),
            "-  name   = \"x\" # why\n"
        );
        let blocks: Vec<Block> = body.blocks().collect();
        assert_eq!(shown(&[block(&body, "rule", "rule {\n  port = 3\n}", &[])]), "+\n+  rule {\n+    port = 3\n+  }\n");
        assert_eq!(shown(&[block(&body, "other", "other {}", &[])]), "+  other {}\n");
        let without = apply(&[without_block(&blocks[0])]).expect("one edit");
        assert_eq!(without[0].1, SOURCE.replace("\n  # the office\n  rule {\n    port = 1\n  }\n", ""));
        insta::assert_snapshot!(shown(&[argument(&blocks[2].body, "n", "1", &[])]), @"
        -  odd {}
        +  odd {
        +    n = 1
        +  }
        ");
    }

    #[test]
    fn two_edits_of_one_place_are_refused() {
        let span = body().attribute("name").expect("it").expr.span();
        let twice = [Edit::new(span.clone(), "1"), Edit::new(span.clone(), "1")];
        assert!(shown(&twice).contains("name   = 1 # why"));
        assert_eq!(apply(&[Edit::new(span.clone(), "1"), Edit::new(span.clone(), "2")]), Err(span));
    }
}

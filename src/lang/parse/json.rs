//! The JSON syntax of the language, to the same tree. Texts are templates; an argument and a block look the same,
//! and [`crate::lang::json`] distinguishes them.

use super::lex::{self, Tok};
use super::{LexError, MAX_NESTING, Parsed, ParsedFile, Parser, checked, source_file, too_deep};
use crate::diag::{Diagnostic, SourceFile, Span};
use crate::lang::ast::{At, JsonText, Node, NodeKind, Part};
use crate::lang::expr::Body;
use crate::lang::json;
use crate::value::{Number, Value};
use std::sync::Arc;

/// Reads a file of configuration in JSON.
pub fn parse_json(path: &str, bytes: &[u8]) -> Result<ParsedFile, Diagnostic> {
    let source = source_file(path, bytes)?;
    let mut reader = Json { source: &source, text: &source.text, pos: 0, depth: 0 };
    let root = reader.file().map_err(|e| *e)?;
    let body = json::body_of(&root).ok_or_else(|| {
        Diagnostic::error("Not an object")
            .code("syntax")
            .detail("The root of a JSON file of configuration is an object, or an array of objects.")
            .at(Span::new(&source, root.at.range()))
    })?;
    Ok(ParsedFile { body: Body::new(&source, Arc::new(body)), source })
}

/// The text of a string in JSON without its escapes, and where each part of it is in the file.
pub(super) struct Decoded {
    pub text: String,
    /// Offsets in the text with those in the file; between them both advance alike.
    map: Vec<(usize, usize)>,
}

fn clamp(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl Decoded {
    fn outer(&self, inner: usize) -> usize {
        let i = self.map.partition_point(|(at, _)| *at <= inner).saturating_sub(1);
        self.map.get(i).map_or(inner, |(at, raw)| raw + inner.saturating_sub(*at))
    }

    fn inner(&self, outer: usize) -> usize {
        let i = self.map.partition_point(|(_, raw)| *raw <= outer).saturating_sub(1);
        let next = self.map.get(i + 1).map_or(self.text.len(), |(at, _)| *at);
        self.map.get(i).map_or(outer, |(at, raw)| (at + outer.saturating_sub(*raw)).min(next))
    }

    /// A range of the text as one of the file.
    fn at(&self, at: At) -> At {
        At { start: clamp(self.outer(at.start as usize)), end: clamp(self.outer(at.end as usize)) }
    }

    /// What the text has at a range of the file.
    pub fn slice(&self, at: At) -> &str {
        self.text.get(self.inner(at.start as usize)..self.inner(at.end as usize)).unwrap_or("")
    }

    /// The tokens, with their places in the file.
    fn tokens(
        &self,
        source: &Arc<SourceFile>,
        lex: fn(&str) -> Result<Vec<lex::Token>, LexError>,
    ) -> Result<Vec<lex::Token>, Diagnostic> {
        let tokens = lex(&self.text).map_err(|e| LexError { at: self.at(e.at), ..e });
        let placed = |token: lex::Token| lex::Token { at: self.at(token.at), ..token };
        checked(source, tokens.map(|tokens| tokens.into_iter().map(placed).collect()))
    }
}

struct Json<'a> {
    source: &'a Arc<SourceFile>,
    text: &'a str,
    pos: usize,
    depth: usize,
}

impl Json<'_> {
    fn file(&mut self) -> Parsed<Arc<Node>> {
        let root = self.value()?;
        match self.peek() {
            None => Ok(root),
            Some(_) => Err(self.wrong("Extra characters after the JSON value", "The file ends with its one value.")),
        }
    }

    fn at(&self, start: usize) -> At {
        At { start: clamp(start), end: clamp(self.pos) }
    }

    /// An error at the next character.
    fn wrong(&self, summary: &str, detail: impl Into<String>) -> Box<Diagnostic> {
        let next = self.text.get(self.pos..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        self.wrong_at(self.pos..self.pos + next, summary, detail)
    }

    fn wrong_at(&self, at: std::ops::Range<usize>, summary: &str, detail: impl Into<String>) -> Box<Diagnostic> {
        Diagnostic::error(summary).code("syntax").detail(detail).at(Span::new(self.source, at)).into()
    }

    /// The next character that is not blank.
    fn peek(&mut self) -> Option<u8> {
        let rest = self.text.as_bytes().get(self.pos..).unwrap_or_default();
        let blank = rest.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n')).count();
        self.pos += blank;
        rest.get(blank).copied()
    }

    fn take(&mut self, wanted: u8) -> bool {
        let found = self.peek() == Some(wanted);
        self.pos += usize::from(found);
        found
    }

    fn node(&self, kind: NodeKind, start: usize, below: u16) -> Arc<Node> {
        Arc::new(Node { kind, at: self.at(start), height: below.saturating_add(1) })
    }

    fn value(&mut self) -> Parsed<Arc<Node>> {
        let next = self.peek();
        let start = self.pos;
        match next {
            Some(b'{') => self.deeper(Self::object),
            Some(b'[') => self.deeper(Self::array),
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => {
                let word: String =
                    self.text[start..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let value = match word.as_str() {
                    "true" => Value::from(true),
                    "false" => Value::from(false),
                    "null" => Value::any_null(),
                    _ if next.is_none() => {
                        return Err(self.wrong("Missing JSON value", "The file ends where a value is expected."));
                    }
                    _ => {
                        let detail =
                            "Expected an object, an array, a string in double quotes, a number, true, false or null.";
                        return Err(self.wrong_at(start..start + word.len().max(1), "Invalid JSON value", detail));
                    }
                };
                self.pos += word.len();
                Ok(self.node(NodeKind::Literal(value), start, 0))
            }
        }
    }

    fn deeper(&mut self, inner: fn(&mut Self) -> Parsed<Arc<Node>>) -> Parsed<Arc<Node>> {
        if self.depth >= MAX_NESTING {
            return Err(too_deep().at(Span::new(self.source, self.pos..self.pos + 1)).into());
        }
        self.depth += 1;
        let found = inner(self);
        self.depth -= 1;
        found
    }

    fn object(&mut self) -> Parsed<Arc<Node>> {
        let start = self.pos;
        self.pos += 1;
        let (mut items, mut below) = (Vec::new(), 0);
        if self.take(b'}') {
            return Ok(self.node(NodeKind::Object(items), start, 0));
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.wrong(
                    "Invalid property name",
                    "A property name is a string in double quotes. After the last property no comma follows.",
                ));
            }
            let key = self.string()?;
            if !self.take(b':') {
                return Err(
                    self.wrong("Missing property value", "A property name and its value are separated by a colon.")
                );
            }
            let value = self.value()?;
            below = below.max(value.height).max(key.height);
            items.push((key, value));
            if self.take(b'}') {
                return Ok(self.node(NodeKind::Object(items), start, below));
            }
            if !self.take(b',') {
                return Err(self.unclosed(start, "object", "properties", '}'));
            }
        }
    }

    fn array(&mut self) -> Parsed<Arc<Node>> {
        let start = self.pos;
        self.pos += 1;
        let (mut items, mut below) = (Vec::new(), 0);
        if self.take(b']') {
            return Ok(self.node(NodeKind::List(items), start, 0));
        }
        loop {
            let item = self.value()?;
            below = below.max(item.height);
            items.push(item);
            if self.take(b']') {
                return Ok(self.node(NodeKind::List(items), start, below));
            }
            if !self.take(b',') {
                return Err(self.unclosed(start, "array", "elements", ']'));
            }
        }
    }

    fn unclosed(&mut self, start: usize, what: &str, parts: &str, close: char) -> Box<Diagnostic> {
        if self.peek().is_some() {
            return self.wrong(
                "Missing comma",
                format!("The {parts} of an {what} are separated by commas; a {close:?} ends it."),
            );
        }
        let detail = format!("The {what} has no closing {close:?} before the end of the file.");
        self.wrong_at(start..start + 1, &format!("Unclosed {what}"), detail)
    }

    fn number(&mut self) -> Parsed<Arc<Node>> {
        let start = self.pos;
        let rest = &self.text[start..];
        let end = rest.find(|c: char| !matches!(c, '-' | '+' | '.' | 'e' | 'E' | '0'..='9')).unwrap_or(rest.len());
        let text = &rest[..end];
        let valid = text.parse::<serde_json::Number>().is_ok();
        let Some(number) = Number::parse(text).filter(|_| valid) else {
            let detail = format!("{text} is not a valid number of JSON.");
            return Err(self.wrong_at(start..start + end, "Invalid number", detail));
        };
        self.pos += end;
        Ok(self.node(NodeKind::Literal(number.into()), start, 0))
    }

    fn string(&mut self) -> Parsed<Arc<Node>> {
        let start = self.pos;
        let decoded = self.decoded()?;
        let text: Arc<str> = decoded.text.as_str().into();
        let template = if text.contains("${") || text.contains("%{") {
            let tokens = decoded.tokens(self.source, lex::template_tokens)?;
            Parser::new(self.source, tokens, false).within_json(&decoded).bare_template()?
        } else {
            let parts = if text.is_empty() { Vec::new() } else { vec![Part::Text(text.clone())] };
            self.node(NodeKind::Template(parts), start, 0)
        };
        let below = template.height;
        let code = self.code(&decoded);
        Ok(self.node(NodeKind::Json(JsonText { text, template, code }.into()), start, below))
    }

    /// The text as an expression, for the arguments that are a name, a type or a reference.
    fn code(&self, decoded: &Decoded) -> Option<Arc<Node>> {
        if !decoded.text.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            return None;
        }
        let tokens = decoded.tokens(self.source, lex::tokens).ok()?;
        let mut parser = Parser::new(self.source, tokens, false).within_json(decoded);
        let node = parser.expression().ok()?;
        (parser.peek().kind == Tok::End).then_some(node)
    }

    fn decoded(&mut self) -> Parsed<Decoded> {
        let start = self.pos;
        self.pos += 1;
        let mut decoded = Decoded { text: String::new(), map: vec![(0, self.pos)] };
        loop {
            let rest = &self.text[self.pos..];
            let plain = rest.find(|c: char| c == '"' || c == '\\' || c < ' ').unwrap_or(rest.len());
            decoded.text.push_str(&rest[..plain]);
            self.pos += plain;
            match rest[plain..].chars().next() {
                Some('"') => {
                    self.pos += 1;
                    return Ok(decoded);
                }
                Some('\\') => {
                    decoded.text.push(self.escape()?);
                    decoded.map.push((decoded.text.len(), self.pos));
                }
                Some(_) => {
                    return Err(self.wrong(
                        "Invalid character in a string",
                        "A line break or control character is written as an escape, such as \\n.",
                    ));
                }
                None => {
                    let detail = "The string has no closing double quote before the end of the file.";
                    return Err(self.wrong_at(start..start + 1, "Unclosed string", detail));
                }
            }
        }
    }

    fn escape(&mut self) -> Parsed<char> {
        let start = self.pos;
        let kind = self.text[start + 1..].chars().next().unwrap_or(' ');
        self.pos += 1 + kind.len_utf8();
        let plain = match kind {
            '"' | '\\' | '/' => Some(kind),
            'b' => Some('\u{8}'),
            'f' => Some('\u{c}'),
            'n' => Some('\n'),
            'r' => Some('\r'),
            't' => Some('\t'),
            'u' => self.unicode(),
            _ => None,
        };
        plain.ok_or_else(|| {
            let end = self.pos.min(self.text.len());
            self.wrong_at(
                start..end,
                "Invalid escape sequence",
                "JSON has \\\", \\\\, \\/, \\b, \\f, \\n, \\r, \\t and \\uNNNN.",
            )
        })
    }

    /// The character of `uNNNN`, which may be two such units.
    fn unicode(&mut self) -> Option<char> {
        let first = self.unit()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first);
        }
        self.text.get(self.pos..)?.strip_prefix("\\u")?;
        self.pos += 2;
        let second = self.unit()?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
        char::from_u32(0x10000 + ((first - 0xd800) << 10) + second)
    }

    fn unit(&mut self) -> Option<u32> {
        let digits = self.text.get(self.pos..self.pos + 4).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))?;
        self.pos += 4;
        u32::from_str_radix(digits, 16).ok()
    }
}

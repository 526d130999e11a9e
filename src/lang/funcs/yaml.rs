//! YAML to and from values, in Terraform's reading of it: one document, the scalars of YAML 1.1
//! that it keeps (`yes`, `on`), merge keys.

mod scalar;
mod write;

pub(super) use write::encode;

use crate::value::{Kind, Name, Value};
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, Tag};
use std::collections::{BTreeMap, BTreeSet};

/// The most values that aliases may expand to.
const MOST: usize = 100_000;
/// The deepest nesting.
const DEEPEST: usize = 200;

/// The one value that the text holds.
pub(super) fn decode(text: &str) -> Result<Value, String> {
    let mut reader = Reader {
        events: Parser::new_from_str(text),
        anchors: BTreeMap::new(),
        open: BTreeSet::new(),
        count: 0,
        depth: 0,
    };
    loop {
        match reader.next()? {
            (Event::StreamStart | Event::DocumentStart(_) | Event::Nothing, _) => {}
            (Event::StreamEnd, span) => return Err(place(&span, "missing start of document")),
            (event, span) => {
                let value = reader.value(event, &span)?;
                return match reader.after()? {
                    None => Ok(value),
                    Some(span) => Err(place(&span, "unexpected extra content after value")),
                };
            }
        }
    }
}

fn place(span: &Span, reason: &str) -> String {
    format!("on line {}, column {}: {reason}", span.start.line(), span.start.col() + 1)
}

fn scan_error(e: &ScanError) -> String {
    format!("on line {}, column {}: {}", e.marker().line(), e.marker().col() + 1, e.info())
}

struct Reader<'a, I: saphyr_parser::Input> {
    events: Parser<'a, I>,
    anchors: BTreeMap<usize, Value>,
    /// Anchors whose value is still being read.
    open: BTreeSet<usize>,
    count: usize,
    depth: usize,
}

impl<'a, I: saphyr_parser::Input> Reader<'a, I> {
    fn next(&mut self) -> Result<(Event<'a>, Span), String> {
        match self.events.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(e)) => Err(scan_error(&e)),
            None => Err("the text ends too early".into()),
        }
    }

    /// Where something follows the document, if something does.
    fn after(&mut self) -> Result<Option<Span>, String> {
        loop {
            match self.next()? {
                (Event::DocumentEnd | Event::Nothing, _) => {}
                (Event::StreamEnd, _) => return Ok(None),
                (_, span) => return Ok(Some(span)),
            }
        }
    }

    fn value(&mut self, event: Event<'a>, span: &Span) -> Result<Value, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(place(span, "the text is nested too deeply"));
        }
        let value = self.nested(event, span)?;
        self.depth -= 1;
        Ok(value)
    }

    fn nested(&mut self, event: Event<'a>, span: &Span) -> Result<Value, String> {
        self.count += 1;
        if self.count > MOST {
            return Err(place(span, "the text holds too many values"));
        }
        match event {
            Event::Alias(anchor) => {
                if self.open.contains(&anchor) {
                    return Err(place(span, "cannot refer to an anchor from inside its own definition"));
                }
                let found = self.anchors.get(&anchor).cloned();
                let found = found.ok_or_else(|| place(span, "reference to undefined anchor"))?;
                self.count += size(&found);
                Ok(found)
            }
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain;
                let tag = core_tag(tag.as_deref()).map_err(|e| place(span, &e))?;
                let value = scalar::value(&text, plain, tag).map_err(|e| place(span, &e))?;
                self.anchors.insert(anchor, value.clone());
                Ok(value)
            }
            Event::SequenceStart(anchor, tag) => {
                core_tag(tag.as_deref()).map_err(|e| place(span, &e))?;
                self.open.insert(anchor);
                let value = self.sequence()?;
                self.close(anchor, value)
            }
            Event::MappingStart(anchor, tag) => {
                core_tag(tag.as_deref()).map_err(|e| place(span, &e))?;
                self.open.insert(anchor);
                let value = self.mapping()?;
                self.close(anchor, value)
            }
            _ => Err(place(span, "a value is missing")),
        }
    }

    fn close(&mut self, anchor: usize, value: Value) -> Result<Value, String> {
        self.open.remove(&anchor);
        self.anchors.insert(anchor, value.clone());
        Ok(value)
    }

    fn sequence(&mut self) -> Result<Value, String> {
        let mut values = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(Value::tuple(values)),
                (event, span) => values.push(self.value(event, &span)?),
            }
        }
    }

    fn mapping(&mut self) -> Result<Value, String> {
        let mut entries: BTreeMap<Name, Value> = BTreeMap::new();
        let mut merged: BTreeMap<Name, Value> = BTreeMap::new();
        loop {
            let (event, at) = self.next()?;
            let merges = matches!(&event, Event::Scalar(text, ScalarStyle::Plain, _, None) if text == "<<");
            let key = match event {
                Event::MappingEnd => break,
                event => self.value(event, &at)?,
            };
            let (event, span) = self.next()?;
            let value = self.value(event, &span)?;
            if merges {
                let Kind::Object(from) = value.kind() else {
                    let kind = value.ty().friendly();
                    return Err(place(&at, &format!("cannot merge {kind} into mapping")));
                };
                merged.extend(from.iter().map(|(name, v)| (name.clone(), v.clone())));
                continue;
            }
            entries.insert(key_name(&key).map_err(|e| place(&at, e))?, value);
        }
        merged.append(&mut entries);
        Ok(Value::object(merged))
    }
}

fn size(value: &Value) -> usize {
    1 + value.children().map(size).sum::<usize>()
}

fn key_name(key: &Value) -> Result<Name, &'static str> {
    match key.kind() {
        Kind::String(s) => Ok(s.clone()),
        Kind::Number(n) => Ok(n.to_string().into()),
        Kind::Bool(b) => Ok(b.to_string().into()),
        Kind::Null(_) => Err("mapping key cannot be null"),
        _ => Err("only strings are allowed as mapping keys"),
    }
}

/// The name of a tag of YAML itself; other tags are refused.
fn core_tag(tag: Option<&Tag>) -> Result<Option<&str>, String> {
    match tag {
        None => Ok(None),
        Some(tag) if tag.is_yaml_core_schema() => match tag.suffix.as_str() {
            known @ ("str" | "int" | "float" | "bool" | "null" | "binary" | "timestamp" | "map" | "seq") => {
                Ok(Some(known))
            }
            other => Err(format!("unsupported tag \"!!{other}\"")),
        },
        Some(tag) if tag.handle == "!" && tag.suffix.is_empty() => Ok(Some("str")),
        Some(tag) => Err(format!("unsupported tag \"{tag}\"")),
    }
}

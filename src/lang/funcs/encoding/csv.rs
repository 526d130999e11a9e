//! CSV as RFC 4180 has it, read as strictly as Terraform reads it: stray quotes are errors, which
//! the `csv` crate would read as text.

use crate::value::{Type, Value};
use std::collections::BTreeSet;

/// A list of objects of strings, one for each line after the header.
pub(super) fn decode(text: &str) -> Result<Value, String> {
    let mut reader = Reader { rest: text, line: 1 };
    let Some((_, header)) = reader.record()? else { return Err("missing header line".into()) };
    let mut names = BTreeSet::new();
    if let Some(twice) = header.iter().find(|name| !names.insert(name.as_str())) {
        return Err(format!("duplicate column name {twice:?}"));
    }
    let mut rows = Vec::new();
    while let Some((line, record)) = reader.record()? {
        if record.len() != header.len() {
            return Err(format!("CSV parse error on line {line}: wrong number of fields"));
        }
        let fields = header.iter().map(String::as_str).zip(record.into_iter().map(Value::from));
        rows.push(Value::object(fields));
    }
    let row = Type::object(header.iter().map(|name| (name.as_str(), Type::String)));
    Ok(Value::list(row, rows))
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
}

impl Reader<'_> {
    /// The next line that is not empty, with its number.
    fn record(&mut self) -> Result<Option<(usize, Vec<String>)>, String> {
        while let Some(rest) = self.rest.strip_prefix("\r\n").or_else(|| self.rest.strip_prefix('\n')) {
            self.rest = rest;
            self.line += 1;
        }
        if self.rest.is_empty() {
            return Ok(None);
        }
        let line = self.line;
        let mut fields = Vec::new();
        loop {
            let (field, last) = if self.rest.starts_with('"') { self.quoted()? } else { self.plain()? };
            fields.push(field);
            if last {
                self.line += 1;
                return Ok(Some((line, fields)));
            }
        }
    }

    fn plain(&mut self) -> Result<(String, bool), String> {
        let end = self.rest.find([',', '\n']).unwrap_or(self.rest.len());
        let field = &self.rest[..end];
        if field.contains('"') {
            return Err(format!("CSV parse error on line {}: bare \" in non-quoted-field", self.line));
        }
        let last = !self.rest[end..].starts_with(',');
        let field = if last { field.strip_suffix('\r').unwrap_or(field) } else { field };
        let field = field.to_owned();
        self.rest = self.rest.get(end + 1..).unwrap_or_default();
        Ok((field, last))
    }

    fn quoted(&mut self) -> Result<(String, bool), String> {
        let stray = |line| format!("CSV parse error on line {line}: extraneous or missing \" in quoted-field");
        let mut field = String::new();
        let mut rest = &self.rest[1..];
        loop {
            let Some(quote) = rest.find('"') else { return Err(stray(self.line)) };
            field.push_str(&rest[..quote]);
            self.line += rest[..quote].matches('\n').count();
            rest = &rest[quote + 1..];
            match rest.strip_prefix('"') {
                Some(after) => {
                    field.push('"');
                    rest = after;
                }
                None => break,
            }
        }
        let ends = [(",", false), ("\r\n", true), ("\n", true)];
        let end = ends.into_iter().find_map(|(end, last)| Some((rest.strip_prefix(end)?, last)));
        let (after, last) = match end {
            Some(found) => found,
            None if rest.is_empty() => ("", true),
            None => return Err(stray(self.line)),
        };
        self.rest = after;
        Ok((field.replace("\r\n", "\n"), last))
    }
}

//! Indented JSON, in which the type of an attribute takes one line: that of a web ACL is nested so deep that the
//! indentation would be ten times its text.

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};
use std::io::{Result, Write};

/// The member of the file whose members' members take one line each.
const TYPES: &str = "types";

/// How many brackets are open where such a line begins.
const WITHIN: usize = 3;

/// The text of the file.
pub fn to_vec(value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut text = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut text, OneLine::default()))?;
    Ok(text)
}

#[derive(Default)]
struct OneLine {
    pretty: PrettyFormatter<'static>,
    /// How many brackets are open.
    depth: usize,
    /// The text that is written is a member's name of the whole.
    names_member: bool,
    in_types: bool,
}

impl OneLine {
    fn open(&mut self) -> bool {
        self.depth += 1;
        self.on_a_line()
    }

    fn close(&mut self) -> bool {
        let on_a_line = self.on_a_line();
        self.depth -= 1;
        on_a_line
    }

    fn on_a_line(&self) -> bool {
        self.in_types && self.depth > WITHIN
    }
}

fn comma<W: ?Sized + Write>(to: &mut W, first: bool) -> Result<()> {
    if first { Ok(()) } else { to.write_all(b",") }
}

impl Formatter for OneLine {
    fn begin_array<W: ?Sized + Write>(&mut self, to: &mut W) -> Result<()> {
        if self.open() { to.write_all(b"[") } else { self.pretty.begin_array(to) }
    }

    fn end_array<W: ?Sized + Write>(&mut self, to: &mut W) -> Result<()> {
        if self.close() { to.write_all(b"]") } else { self.pretty.end_array(to) }
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> Result<()> {
        if self.on_a_line() { comma(to, first) } else { self.pretty.begin_array_value(to, first) }
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, to: &mut W) -> Result<()> {
        if self.on_a_line() { Ok(()) } else { self.pretty.end_array_value(to) }
    }

    fn begin_object<W: ?Sized + Write>(&mut self, to: &mut W) -> Result<()> {
        if self.open() { to.write_all(b"{") } else { self.pretty.begin_object(to) }
    }

    fn end_object<W: ?Sized + Write>(&mut self, to: &mut W) -> Result<()> {
        if self.close() { to.write_all(b"}") } else { self.pretty.end_object(to) }
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> Result<()> {
        self.names_member = self.depth == 1;
        if self.on_a_line() { comma(to, first) } else { self.pretty.begin_object_key(to, first) }
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, _to: &mut W) -> Result<()> {
        self.names_member = false;
        Ok(())
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, to: &mut W) -> Result<()> {
        if self.on_a_line() { to.write_all(b":") } else { self.pretty.begin_object_value(to) }
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, to: &mut W) -> Result<()> {
        if self.on_a_line() { Ok(()) } else { self.pretty.end_object_value(to) }
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, to: &mut W, text: &str) -> Result<()> {
        if self.names_member {
            self.in_types = text == TYPES;
        }
        to.write_all(text.as_bytes())
    }
}

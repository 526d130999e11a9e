//! Functions between text and other forms of it: Base64, character sets, CSV, JSON, YAML, URLs.

mod csv;

use super::FunctionError;
use super::args::Args;
use super::function::{DYNAMIC, Function, STRING, any, string};
use super::yaml;
use crate::lang::budget::count;
use crate::value::{Value, json};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::io::Write;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("base64decode", &[string("str")], STRING, |a| {
        let bytes = decode_base64(a.text(0))
            .ok_or_else(|| FunctionError::new(format!("failed to decode base64 data {:?}", a.text(0))))?;
        let text = String::from_utf8(bytes)
            .map_err(|_| FunctionError::new("the result of decoding the provided string is not valid UTF-8"))?;
        Ok(text.into())
    }),
    Function::new("base64encode", &[string("str")], STRING, |a| Ok(BASE64_STANDARD.encode(a.text(0)).into())),
    Function::new("base64gzip", &[string("str")], STRING, |a| {
        let failed = |e: std::io::Error| FunctionError::new(format!("failed to compress: {e}"));
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(a.text(0).as_bytes()).map_err(failed)?;
        Ok(BASE64_STANDARD.encode(gzip.finish().map_err(failed)?).into())
    }),
    Function::new("csvdecode", &[string("str")], DYNAMIC, |a| {
        a.room(a.text(0).matches([',', '\n']).count(), 0)?;
        csv::decode(a.text(0)).map_err(FunctionError::new)
    }),
    Function::new("jsondecode", &[string("str")], DYNAMIC, |a| {
        a.room(json_elements(a.text(0)), 0)?;
        let parsed: serde_json::Value = serde_json::from_str(a.text(0))
            .map_err(|e| FunctionError::new(format!("the text is not valid JSON: {e}")))?;
        json::from_json(&parsed).map_err(|e| FunctionError::new(e.to_string()))
    }),
    Function::new("jsonencode", &[any("val").null()], STRING, |a| Ok(json::to_text(a.value(0)).into())),
    Function::new("textdecodebase64", &[string("source"), string("encoding")], STRING, text_decode),
    Function::new("textencodebase64", &[string("string"), string("encoding")], STRING, text_encode),
    Function::new("urlencode", &[string("str")], STRING, |a| Ok(url_encode(a.text(0)).into())),
    Function::new("yamldecode", &[string("src")], DYNAMIC, |a| yaml::decode(a.text(0)).map_err(FunctionError::new)),
    Function::new("yamlencode", &[any("value").null()], STRING, |a| {
        let (value, size) = (a.value(0), a.value(0).size());
        let indented = count(depth(value)).saturating_mul(2 * u64::from(size.elements));
        a.budget.room(0, u64::from(size.bytes).saturating_add(indented))?;
        Ok(yaml::encode(value).into())
    }),
];

/// About how many values a JSON text holds: what follows a bracket or a comma outside of strings.
fn json_elements(text: &str) -> usize {
    let (mut within, mut escaped, mut elements) = (false, false, 0);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if within => escaped = true,
            b'"' => within = !within,
            b',' | b'[' | b'{' if !within => elements += 1,
            _ => {}
        }
    }
    elements
}

/// How many values are nested in each other.
fn depth(value: &Value) -> usize {
    1 + value.children().map(depth).max().unwrap_or(0)
}

/// Standard Base64 with padding, in which line ends count for nothing.
pub(super) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    BASE64_STANDARD.decode(text.replace(['\r', '\n'], "")).ok()
}

fn url_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(byte.into()),
            b' ' => encoded.push('+'),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// A character set by its IANA name.
enum Charset {
    Utf16 {
        little: bool,
        mark: bool,
    },
    /// The first so many code points, a byte each.
    Direct(u32),
    Table(&'static Encoding),
}

fn charset(a: &Args) -> Result<Charset, FunctionError> {
    let name = a.text(1);
    Ok(match name.to_ascii_lowercase().as_str() {
        "utf-16" | "csutf16" => Charset::Utf16 { little: false, mark: true },
        "us-ascii" | "ascii" | "iso646-us" | "ansi_x3.4-1968" | "csascii" => Charset::Direct(0x80),
        "iso-8859-1" | "iso_8859-1" | "iso_8859-1:1987" | "iso-ir-100" | "latin1" | "l1" | "ibm819" | "cp819"
        | "csisolatin1" => Charset::Direct(0x100),
        _ => match Encoding::for_label(name.as_bytes()) {
            Some(e) if e == UTF_16LE => Charset::Utf16 { little: true, mark: false },
            Some(e) if e == UTF_16BE => Charset::Utf16 { little: false, mark: false },
            Some(e) if e == WINDOWS_1252 && !name.to_ascii_lowercase().contains("1252") => {
                return Err(unsupported(name));
            }
            Some(e) => Charset::Table(e),
            None => return Err(unsupported(name)),
        },
    })
}

fn unsupported(name: &str) -> FunctionError {
    FunctionError::at(1, format!("{name:?} is not a supported IANA encoding name or alias"))
}

fn text_encode(a: &Args) -> Result<Value, FunctionError> {
    let text = a.text(0);
    let unmappable = || {
        let message = format!("the given string contains characters that cannot be represented in {}", a.text(1));
        FunctionError::at(0, message)
    };
    let bytes = match charset(a)? {
        Charset::Utf16 { little, mark } => {
            let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
            units.flat_map(|u| if little { u.to_le_bytes() } else { u.to_be_bytes() }).collect()
        }
        Charset::Direct(limit) => text
            .chars()
            .map(|c| u8::try_from(u32::from(c)).ok().filter(|b| u32::from(*b) < limit))
            .collect::<Option<Vec<u8>>>()
            .ok_or_else(unmappable)?,
        Charset::Table(encoding) => match encoding.encode(text) {
            (bytes, _, false) => bytes.into_owned(),
            _ => return Err(unmappable()),
        },
    };
    Ok(BASE64_STANDARD.encode(bytes).into())
}

fn text_decode(a: &Args) -> Result<Value, FunctionError> {
    let charset = charset(a)?;
    let bytes = decode_base64(a.text(0))
        .ok_or_else(|| FunctionError::at(0, "the given value has an invalid base64 symbol or length"))?;
    let wrong = || {
        let message = format!("the given string contains symbols that are not defined for {}", a.text(1));
        FunctionError::at(0, message)
    };
    Ok(Value::string(match charset {
        Charset::Utf16 { little, .. } => {
            let (encoding, _) = Encoding::for_bom(&bytes).unwrap_or((if little { UTF_16LE } else { UTF_16BE }, 0));
            encoding.decode_with_bom_removal(&bytes).0.into_owned()
        }
        Charset::Direct(limit) => {
            if bytes.iter().any(|b| u32::from(*b) >= limit) {
                return Err(wrong());
            }
            bytes.into_iter().map(char::from).collect()
        }
        Charset::Table(encoding) => match encoding.decode_without_bom_handling(&bytes) {
            (text, false) => text.into_owned(),
            _ => return Err(wrong()),
        },
    }))
}

//! cloudinit_config: the parts of a user data, as one message of MIME.

use super::{Around, LocalData, Read, Row, Values};
use crate::schema::{Attrs, Nesting};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::{Compression, Crc, write::GzEncoder};
use std::io::Write;

const BOUNDARY: &str = "MIMEBOUNDARY";

pub(super) fn config() -> LocalData {
    let part = vec![
        Row::string("content").required().row,
        Row::string("content_type").row,
        Row::string("filename").row,
        Row::string("merge_type").row,
    ];
    let rows = [
        Row::bool("gzip"),
        Row::bool("base64_encode"),
        Row::string("boundary"),
        Row::block("part", Nesting::List, part),
        Row::string("rendered").computed(),
    ];
    LocalData::new("cloudinit_config", rows, Read::Now(read))
}

fn read(config: &Attrs, _: &Around) -> Result<Values, String> {
    let gzip = config.bool("gzip").unwrap_or(true);
    let encode = config.bool("base64_encode").unwrap_or(true);
    if gzip && !encode {
        return Err("what is compressed must be encoded too: base64_encode is false and gzip is true".into());
    }
    let boundary = config.str("boundary").filter(|b| !b.is_empty()).unwrap_or(BOUNDARY);
    let message = message(boundary, &config.blocks("part"));
    let bytes = if gzip { compressed(message.as_bytes()).map_err(|e| e.to_string())? } else { message.into_bytes() };
    let rendered = if encode { BASE64_STANDARD.encode(&bytes) } else { String::from_utf8_lossy(&bytes).into_owned() };
    let mut crc = Crc::new();
    crc.update(rendered.as_bytes());
    Ok(vec![("id", crc.sum().to_string().into()), ("rendered", rendered.into())])
}

fn compressed(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(bytes)?;
    gzip.finish()
}

fn message(boundary: &str, parts: &[Attrs]) -> String {
    let mut text = format!("Content-Type: multipart/mixed; boundary=\"{boundary}\"\nMIME-Version: 1.0\r\n\r\n");
    for (i, part) in parts.iter().enumerate() {
        let given = |name: &str| part.str(name).filter(|text| !text.is_empty());
        text.push_str(if i == 0 { "" } else { "\r\n" });
        text.push_str(&format!("--{boundary}\r\n"));
        if let Some(name) = given("filename") {
            text.push_str(&format!("Content-Disposition: attachment; filename=\"{name}\"\r\n"));
        }
        text.push_str("Content-Transfer-Encoding: 7bit\r\n");
        text.push_str(&format!("Content-Type: {}\r\n", given("content_type").unwrap_or("text/plain")));
        text.push_str("Mime-Version: 1.0\r\n");
        if let Some(merge) = given("merge_type") {
            text.push_str(&format!("X-Merge-Type: {merge}\r\n"));
        }
        text.push_str(&format!("\r\n{}", part.str("content").unwrap_or_default()));
    }
    text + &format!("\r\n--{boundary}--\r\n")
}

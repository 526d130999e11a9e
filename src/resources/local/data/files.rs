//! local_file and local_sensitive_file: the content of a file.

use super::super::hex;
use super::{Around, LocalData, Read, Row, Values};
use crate::lang::funcs::Files;
use crate::schema::Attrs;
use crate::value::Value;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

/// The sums over a content that the provider gives.
pub(in crate::resources::local) const SUMS: [&str; 6] =
    ["content_base64sha256", "content_base64sha512", "content_md5", "content_sha1", "content_sha256", "content_sha512"];

pub(in crate::resources::local) fn sums(content: &[u8]) -> Values {
    let (sha256, sha512) = (Sha256::digest(content), Sha512::digest(content));
    let all = [
        BASE64_STANDARD.encode(sha256),
        BASE64_STANDARD.encode(sha512),
        hex(&Md5::digest(content)),
        hex(&Sha1::digest(content)),
        hex(&sha256),
        hex(&sha512),
    ];
    SUMS.into_iter().zip(all).map(|(name, sum)| (name, sum.into())).collect()
}

pub(super) fn sources() -> [LocalData; 2] {
    [("local_file", false), ("local_sensitive_file", true)].map(|(name, sensitive)| {
        let content = ["content", "content_base64"].map(|name| {
            let row = Row::string(name).computed();
            if sensitive { row.sensitive() } else { row }
        });
        let rows = [Row::string("filename").required()].into_iter().chain(content);
        LocalData::new(name, rows.chain(SUMS.map(|sum| Row::string(sum).computed())), Read::Now(read))
    })
}

fn read(config: &Attrs, around: &Around) -> Result<Values, String> {
    let name = config.str("filename").unwrap_or_default();
    let content = around.disk().read(name).map_err(|e| format!("the file {name:?} cannot be read: {e}"))?;
    let mut values = sums(&content);
    values.push(("id", Value::from(hex(&Sha1::digest(&content)))));
    values.push(("content", String::from_utf8_lossy(&content).into_owned().into()));
    values.push(("content_base64", BASE64_STANDARD.encode(&content).into()));
    Ok(values)
}

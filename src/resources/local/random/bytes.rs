//! random_bytes: bytes for a secret.

use super::{Local, Row, Values, keepers};
use crate::resources::local::{hex, length, whole};
use base64::prelude::{BASE64_STANDARD, Engine};
use rand::Rng;

pub(super) fn local() -> Local {
    let rows = [
        keepers(),
        Row::number("length").required().force_new().check(length),
        Row::string("base64").computed().sensitive(),
        Row::string("hex").computed().sensitive(),
    ];
    Local::new("random_bytes", rows, |want, given| {
        let mut bytes = vec![0; usize::try_from(whole(want, "length").unwrap_or(1)).unwrap_or(1)];
        given.random.fill_bytes(&mut bytes);
        Ok(if want.is_set("base64") { Values::new() } else { vec![("base64", BASE64_STANDARD.encode(&bytes).into())] })
    })
    .derive(|attrs| match attrs.str("base64").and_then(|text| BASE64_STANDARD.decode(text).ok()) {
        Some(bytes) => vec![("hex", hex(&bytes).into()), ("id", "none".into())],
        None => Values::new(),
    })
    .import("BASE64", |text| {
        let length = i64::try_from(BASE64_STANDARD.decode(text).ok()?.len()).ok()?;
        Some(vec![("base64", text.into()), ("length", length.into())])
    })
}

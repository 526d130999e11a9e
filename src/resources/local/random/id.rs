//! random_id: bytes in all the spellings that names of objects take.

use super::{Local, Row, Values, keepers};
use crate::resources::local::{hex, length, whole};
use crate::schema::Attrs;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine};
use dashu_int::UBig;
use rand::Rng;

pub(super) fn local() -> Local {
    let computed = |name| Row::string(name).computed();
    let rows = [
        keepers(),
        Row::number("byte_length").required().force_new().check(length),
        Row::string("prefix").force_new(),
        computed("b64_std"),
        computed("b64_url"),
        computed("dec"),
        computed("hex"),
    ];
    Local::new("random_id", rows, |want, given| {
        if want.is_set("id") {
            return Ok(Values::new());
        }
        let mut bytes = vec![0; usize::try_from(whole(want, "byte_length").unwrap_or(1)).unwrap_or(1)];
        given.random.fill_bytes(&mut bytes);
        Ok(vec![("id", BASE64_URL_SAFE_NO_PAD.encode(&bytes).into())])
    })
    .derive(spellings)
    .import("[PREFIX,]B64_URL", |text| {
        let (prefix, id) = match text.rsplit_once(',') {
            Some((prefix, id)) => (Some(prefix), id),
            None => (None, text),
        };
        let length = i64::try_from(BASE64_URL_SAFE_NO_PAD.decode(id).ok()?.len()).ok()?;
        let reported = [("id", id.into()), ("byte_length", length.into())];
        Some(reported.into_iter().chain(prefix.map(|p| ("prefix", p.into()))).collect())
    })
}

/// All but the id begin with the prefix.
fn spellings(attrs: &Attrs) -> Values {
    let bytes = attrs.str("id").and_then(|id| BASE64_URL_SAFE_NO_PAD.decode(id).ok());
    let (Some(bytes), false) = (bytes, attrs.is_unknown("prefix")) else { return Values::new() };
    let prefix = attrs.str("prefix").unwrap_or_default();
    let spelt = |text: String| format!("{prefix}{text}").into();
    vec![
        ("b64_std", spelt(BASE64_STANDARD.encode(&bytes))),
        ("b64_url", spelt(BASE64_URL_SAFE_NO_PAD.encode(&bytes))),
        ("dec", spelt(UBig::from_be_bytes(&bytes).to_string())),
        ("hex", spelt(hex(&bytes))),
    ]
}

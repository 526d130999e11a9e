//! random_pet: a name that a person can remember.

use super::{Local, Row, keepers};
use crate::resources::local::{positive, whole};
use petname::Petnames;

pub(super) fn local() -> Local {
    let rows = [
        keepers(),
        Row::number("length").default(2).force_new().check(positive),
        Row::string("prefix").force_new(),
        Row::string("separator").default("-").force_new(),
    ];
    Local::new("random_pet", rows, |want, given| {
        let words = whole(want, "length").and_then(|n| u8::try_from(n).ok()).ok_or("length must be 255 or less")?;
        let separator = want.str("separator").unwrap_or_default();
        let name = Petnames::default().namer(words, separator).iter(&mut given.random).next();
        let name = name.ok_or("there is no name of this length")?;
        let id = match want.str("prefix").filter(|p| !p.is_empty()) {
            Some(prefix) => format!("{prefix}{separator}{name}"),
            None => name,
        };
        Ok(vec![("id", id.into())])
    })
}

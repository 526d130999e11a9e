//! random_uuid: a UUID of version 4.

use super::{Local, Row, Values, keepers};
use rand::Rng;
use uuid::{Builder, Uuid};

pub(super) fn local() -> Local {
    Local::new("random_uuid", [keepers(), Row::string("result").computed()], |want, given| {
        if want.is_set("result") {
            return Ok(Values::new());
        }
        let mut bytes = [0; 16];
        given.random.fill_bytes(&mut bytes);
        Ok(vec![("result", Builder::from_random_bytes(bytes).into_uuid().to_string().into())])
    })
    .derive(|attrs| attrs.get("result").map(|result| ("id", result.clone())).into_iter().collect())
    .import("UUID", |text| {
        let uuid = Uuid::parse_str(text).ok()?;
        Some(vec![("result", uuid.to_string().into())])
    })
}

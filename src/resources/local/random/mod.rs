//! Random values that stay as they are until their keepers or arguments change.

mod bytes;
mod id;
mod integer;
mod pet;
mod shuffle;
mod text;
mod uuid;

use super::{Given, Local, Row, Values};
use crate::schema::Attrs;

pub(super) fn types() -> [Local; 8] {
    [
        bytes::local(),
        id::local(),
        integer::local(),
        pet::local(),
        shuffle::local(),
        text::string(),
        text::password(),
        uuid::local(),
    ]
}

fn keepers() -> Row {
    super::keepers("keepers")
}

/// The randomness of a `seed` argument, which is the same each time, else what was given.
fn seeded(want: &Attrs, given: &mut Given) -> rand::rngs::StdRng {
    use rand::SeedableRng;
    match want.str("seed").filter(|seed| !seed.is_empty()) {
        Some(seed) => Given::new(given.now, seed.as_bytes(), "").random,
        None => rand::rngs::StdRng::from_rng(&mut given.random),
    }
}

//! Keys. What makes them is seeded by the caller; the forms are those that OpenSSL and OpenSSH read.

mod curve;
mod form;
mod key;
mod private_key;

use super::{Local, Row};

pub(super) fn types() -> [Local; 1] {
    [private_key::local()]
}

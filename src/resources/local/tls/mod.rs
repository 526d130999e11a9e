//! Keys and certificates. What makes them is seeded by the caller; the forms are those that OpenSSL and OpenSSH read.

mod certificate;
mod curve;
mod extension;
mod form;
mod key;
mod name;
mod private_key;
pub(super) mod public;
pub(super) mod shown;
mod sign;

use super::{Local, Row};

pub(super) fn types() -> impl Iterator<Item = Local> {
    [private_key::local()].into_iter().chain(certificate::types())
}

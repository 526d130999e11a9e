//! The family's data sources.

pub mod acm_certificate;
pub mod crypt;
pub mod kms_alias;
pub mod kms_key;
pub mod secret;
pub mod secret_version;
pub mod secrets;

//! The family's data sources.

mod acm_certificate;
mod kms_alias;
mod kms_key;
mod secret;
mod secret_version;

use crate::resources::any::{AnyData, Registry, add_data};

/// All of them.
pub fn all(all: &mut Registry<dyn AnyData>) {
    add_data::<acm_certificate::AcmCertificateData>(all);
    add_data::<kms_alias::KmsAliasData>(all);
    add_data::<kms_key::KmsKeyData>(all);
    add_data::<secret::SecretData>(all);
    add_data::<secret_version::SecretVersionData>(all);
}

//! The secrets family: keys, secrets and certificates.

mod acm_certificate;
mod acm_certificate_validation;
pub(super) mod allowed;
mod data;
mod external_key;
mod grant;
mod kms_alias;
mod kms_key;
mod policies;
mod replica_key;
mod secret;
mod secret_rotation;
mod secret_version;

pub use kms_alias::same_key;

use crate::resources::any::{AnyData, AnyResource, Registry, add, add_data};

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<acm_certificate::AwsAcmCertificate>(all);
    add::<acm_certificate_validation::AwsAcmCertificateValidation>(all);
    add::<kms_alias::AwsKmsAlias>(all);
    add::<kms_key::AwsKmsKey>(all);
    add::<external_key::AwsKmsExternalKey>(all);
    add::<replica_key::AwsKmsReplicaKey>(all);
    add::<grant::AwsKmsGrant>(all);
    add::<policies::AwsKmsKeyPolicy>(all);
    add::<policies::AwsSecretsmanagerSecretPolicy>(all);
    add::<secret_rotation::AwsSecretsmanagerSecretRotation>(all);
    add::<secret::AwsSecretsmanagerSecret>(all);
    add::<secret_version::AwsSecretsmanagerSecretVersion>(all);
}

/// The family's data sources.
pub fn data_sources(all: &mut Registry<dyn AnyData>) {
    add_data::<data::acm_certificate::AcmCertificateData>(all);
    add_data::<data::crypt::CiphertextData>(all);
    add_data::<data::crypt::SecretsData>(all);
    add_data::<data::secrets::RandomPasswordData>(all);
    add_data::<data::secrets::SecretListData>(all);
    add_data::<data::kms_alias::KmsAliasData>(all);
    add_data::<data::kms_key::KmsKeyData>(all);
    add_data::<data::secret::SecretData>(all);
    add_data::<data::secret_version::SecretVersionData>(all);
}

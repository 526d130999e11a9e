//! The belongings of a user, which have to go before it: groups, policies, keys, devices, a password.

use super::PAGES;
use super::members::{leave, names_of_groups};
use super::policies::{Holder, OfUser};
use crate::aws::api::services::IAM;
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use serde_json::{Value as Json, json};

/// Takes a user out of all groups.
pub async fn leave_groups(aws: &Aws, user: &str) -> Result<()> {
    for group in names_of_groups(aws, user).await? {
        leave(aws, &group, user).await?;
    }
    Ok(())
}

/// The keys with which a user calls AWS.
pub async fn keys_of(aws: &Aws, user: &str) -> Result<Vec<Json>> {
    let of = json!({"UserName": user});
    aws.read.api.list(&IAM, "ListAccessKeys", of, PAGES, "AccessKeyMetadata.member").await
}

/// What a user has: the call that lists it, where its answer has it, the call that takes it away and the member that names
/// it there.
const PARTS: [(&str, &str, &str, &str); 4] = [
    ("ListAccessKeys", "AccessKeyMetadata.member", "DeleteAccessKey", "AccessKeyId"),
    ("ListSSHPublicKeys", "SSHPublicKeys.member", "DeleteSSHPublicKey", "SSHPublicKeyId"),
    ("ListSigningCertificates", "Certificates.member", "DeleteSigningCertificate", "CertificateId"),
    ("ListMFADevices", "MFADevices.member", "DeactivateMFADevice", "SerialNumber"),
];

/// Takes all from a user that it has.
pub async fn strip(aws: &Aws, user: &str) -> Result<()> {
    for name in OfUser::inline_names(aws, user).await? {
        OfUser::remove(aws, user, &name).await?;
    }
    for arn in OfUser::attached(aws, user).await? {
        OfUser::detach(aws, user, &arn).await?;
    }
    for (list, path, delete, by) in PARTS {
        for part in aws.read.api.list(&IAM, list, json!({"UserName": user}), PAGES, path).await? {
            let input = json!({"UserName": user, by: part[by]});
            unless_gone(aws.write.api.call(&IAM, delete, input).await)?;
        }
    }
    unless_gone(aws.write.api.call(&IAM, "DeleteLoginProfile", json!({"UserName": user})).await)
}

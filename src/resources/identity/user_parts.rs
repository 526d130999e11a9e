//! The belongings of a user, which have to go before it: groups, policies, keys, devices, a password.

use super::members::{leave, names_of_groups};
use super::policies::{Holder, OfUser};
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use aws_sdk_iam::types::AccessKeyMetadata;

/// Takes a user out of all groups.
pub async fn leave_groups(aws: &Aws, user: &str) -> Result<()> {
    for group in names_of_groups(aws, user).await? {
        leave(aws, &group, user).await?;
    }
    Ok(())
}

/// The keys with which a user calls AWS.
pub async fn keys_of(aws: &Aws, user: &str) -> Result<Vec<AccessKeyMetadata>> {
    all_of(aws.read.iam.list_access_keys().user_name(user).into_paginator().items().send()).await
}

/// Takes all from a user that it has.
pub async fn strip(aws: &Aws, user: &str) -> Result<()> {
    let (read, write) = (&aws.read.iam, &aws.write.iam);
    for name in OfUser::inline_names(aws, user).await? {
        OfUser::remove(aws, user, &name).await?;
    }
    for arn in OfUser::attached(aws, user).await? {
        OfUser::detach(aws, user, &arn).await?;
    }
    for key in keys_of(aws, user).await? {
        let call = write.delete_access_key().user_name(user).set_access_key_id(key.access_key_id);
        unless_gone(call.send().await)?;
    }
    for key in all_of(read.list_ssh_public_keys().user_name(user).into_paginator().items().send()).await? {
        let call = write.delete_ssh_public_key().user_name(user).ssh_public_key_id(key.ssh_public_key_id());
        unless_gone(call.send().await)?;
    }
    for one in all_of(read.list_signing_certificates().user_name(user).into_paginator().items().send()).await? {
        let call = write.delete_signing_certificate().user_name(user).certificate_id(one.certificate_id());
        unless_gone(call.send().await)?;
    }
    for device in all_of(read.list_mfa_devices().user_name(user).into_paginator().items().send()).await? {
        let call = write.deactivate_mfa_device().user_name(user).serial_number(device.serial_number());
        unless_gone(call.send().await)?;
    }
    unless_gone(write.delete_login_profile().user_name(user).send().await)
}

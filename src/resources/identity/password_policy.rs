//! aws_iam_account_password_policy: what passwords of users must be like. An account has one at most; each call gives all
//! of it.

use crate::aws::api::items;
use crate::aws::api::services::IAM;
use crate::resources::document::{Document, document};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// The resource type `aws_iam_account_password_policy`.
pub struct AwsIamAccountPasswordPolicy;

/// The id of the only one.
const ID: &str = "iam-account-password-policy";

document! {
    Rows {
        allow_users_to_change_password = "AllowUsersToChangePassword": Flag [.default(true)];
        expire_passwords = "ExpirePasswords": Flag, read [.computed().follows(&["max_password_age"])];
        hard_expiry = "HardExpiry": Flag [.optional_computed()];
        max_password_age = "MaxPasswordAge": Count [.optional_computed()];
        minimum_password_length = "MinimumPasswordLength": Int [.default(6)];
        password_reuse_prevention = "PasswordReusePrevention": Count [.optional_computed()];
        require_lowercase_characters = "RequireLowercaseCharacters": Flag [.optional_computed()];
        require_numbers = "RequireNumbers": Flag [.optional_computed()];
        require_symbols = "RequireSymbols": Flag [.optional_computed()];
        require_uppercase_characters = "RequireUppercaseCharacters": Flag [.optional_computed()];
    }
}

async fn put(aws: &Aws, want: &Attrs) -> Result<()> {
    done(aws.write.api.call(&IAM, "UpdateAccountPasswordPolicy", Rows::create(want)).await)
}

impl Resource for AwsIamAccountPasswordPolicy {
    type Live = Json;

    fn spec() -> Spec<Json> {
        Spec::new("aws_iam_account_password_policy", |_| Some(ID.to_owned()), Rows::rows::<Json>())
            .role(Role::NotServing("it says how people log in to AWS"))
            .unique(&[])
            .global()
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, _which: Which<'_>) -> Result<Vec<Json>> {
        match aws.read.api.call(&IAM, "GetAccountPasswordPolicy", json!({})).await {
            Ok(answer) => Ok(items(&answer, "PasswordPolicy")),
            Err(e) if e.is_not_found() => Ok(Vec::new()),
            Err(e) => Err(e),
        }
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        put(aws, want).await?;
        Ok(ID.to_owned())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take_all() { put(aws, change.after).await } else { Ok(()) }
    }

    async fn delete(aws: &Aws, _id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.api.call(&IAM, "DeleteAccountPasswordPolicy", json!({})).await)
    }
}

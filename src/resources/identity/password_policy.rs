//! aws_iam_account_password_policy: what passwords of users must be like. An account has one at most; each call gives all
//! of it.

use crate::resources::prelude::*;
use aws_sdk_iam::operation::update_account_password_policy::builders::UpdateAccountPasswordPolicyFluentBuilder as Put;
use aws_sdk_iam::types::PasswordPolicy;

/// The resource type `aws_iam_account_password_policy`.
pub struct AwsIamAccountPasswordPolicy;

/// The id of the only one.
const ID: &str = "iam-account-password-policy";

table! {
    Rows: PasswordPolicy, create Put {
        allow_users_to_change_password: Flag [.default(true)];
        expire_passwords: Flag, read [.computed().follows(&["max_password_age"])];
        hard_expiry: Flag [.optional_computed()];
        max_password_age: Count [.optional_computed()];
        minimum_password_length: Int [.default(6)];
        password_reuse_prevention: Count [.optional_computed()];
        require_lowercase_characters: Flag [.optional_computed()];
        require_numbers: Flag [.optional_computed()];
        require_symbols: Flag [.optional_computed()];
        require_uppercase_characters: Flag [.optional_computed()];
    }
}

async fn put(aws: &Aws, want: &Attrs) -> Result<()> {
    done(Rows::create(aws.write.iam.update_account_password_policy(), want).send().await)
}

impl Resource for AwsIamAccountPasswordPolicy {
    type Live = PasswordPolicy;

    fn spec() -> Spec<PasswordPolicy> {
        Spec::new("aws_iam_account_password_policy", |_| Some(ID.to_owned()), Rows::rows::<PasswordPolicy>())
            .role(Role::NotServing("it says how people log in to AWS"))
            .unique(&[])
            .global()
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, _which: Which<'_>) -> Result<Vec<PasswordPolicy>> {
        match aws.read.iam.get_account_password_policy().send().await.map_err(Error::from) {
            Ok(answer) => Ok(answer.password_policy.into_iter().collect()),
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
        done(aws.write.iam.delete_account_password_policy().send().await)
    }
}

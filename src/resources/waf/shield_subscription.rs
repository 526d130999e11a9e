//! aws_shield_subscription: the account's contract for Shield Advanced, for a year at a time. AWS ends
//! none before its time, so that deleting it says only that it shall not be renewed.

use super::shield::at;
use crate::resources::prelude::*;
use crate::schema::checks::one_of;
use aws_sdk_shield::types::{AutoRenew, Subscription};

/// The contract of an account.
pub struct Contract {
    account: String,
    subscription: Subscription,
}

/// The resource type `aws_shield_subscription`.
pub struct AwsShieldSubscription;

table! {
    Rows: Subscription {
        auto_renew: EnumCell, read [.initial("ENABLED").check(|v| one_of(v, &["ENABLED", "DISABLED"]))];
        skip_destroy: Switch, none;
    }
}

impl Holds<Subscription> for Contract {
    fn held(&self) -> &Subscription {
        &self.subscription
    }
}

async fn renew(aws: &Aws, renew: &str) -> Result<()> {
    done(at(aws).write.shield.update_subscription().auto_renew(AutoRenew::from(renew)).send().await)
}

impl Resource for AwsShieldSubscription {
    type Live = Contract;

    fn spec() -> Spec<Contract> {
        Spec::new("aws_shield_subscription", |c| Some(c.account.clone()), Rows::rows::<Contract>())
            .role(Role::NotServing("is a contract about guarding against floods"))
            .global()
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Contract>> {
        let account = aws.account.to_string();
        if matches!(which, Which::Ids(ids) if !ids.contains(&account)) {
            return Ok(Vec::new());
        }
        match at(aws).read.shield.describe_subscription().send().await.map_err(Error::from) {
            Ok(answer) => {
                Ok(answer.subscription.map(|subscription| Contract { account, subscription }).into_iter().collect())
            }
            Err(e) if e.is_not_found() => Ok(Vec::new()),
            Err(e) => Err(e),
        }
    }

    async fn create(aws: &Aws, _want: &Attrs, _token: &Token) -> Result<String> {
        at(aws).write.shield.create_subscription().send().await?;
        Ok(aws.account.to_string())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("skip_destroy");
        match change.take("auto_renew") {
            Some(_) => renew(aws, change.after.str("auto_renew").unwrap_or("ENABLED")).await,
            None => Ok(()),
        }
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        if last.bool("skip_destroy") == Some(true) || last.str("auto_renew") == Some("DISABLED") {
            return Ok(());
        }
        renew(aws, "DISABLED").await.map_err(|e| match e.code.as_str() {
            "LockedSubscriptionException" => Error {
                kind: Kind::Refused,
                message: format!("{}; with skip_destroy = true it is left as it is", e.message),
                ..e
            },
            _ => e,
        })
    }
}

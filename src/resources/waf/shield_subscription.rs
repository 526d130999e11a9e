//! aws_shield_subscription: the account's contract for Shield Advanced, for a year at a time. AWS ends
//! none before its time, so that deleting it says only that it shall not be renewed.

use crate::aws::api::member;
use crate::aws::api::services::SHIELD;
use crate::resources::document::{Document, document};
use crate::resources::prelude::*;
use crate::schema::checks::one_of;
use serde_json::{Value as Json, json};

/// The contract of an account.
pub struct Contract {
    account: String,
    subscription: Json,
}

/// The resource type `aws_shield_subscription`.
pub struct AwsShieldSubscription;

document! {
    Rows {
        auto_renew = "AutoRenew": Text, read [.initial("ENABLED").check(|v| one_of(v, &["ENABLED", "DISABLED"]))];
        skip_destroy = "": Switch, none;
    }
}

impl Holds<Json> for Contract {
    fn held(&self) -> &Json {
        &self.subscription
    }
}

/// The contract of the account, where it has one.
pub async fn described(aws: &Aws) -> Result<Option<Json>> {
    match aws.read.api.call(&SHIELD, "DescribeSubscription", json!({})).await {
        Err(e) if e.is_not_found() => Ok(None),
        answer => Ok(member(&answer?, "Subscription").cloned()),
    }
}

async fn renew(aws: &Aws, renew: &str) -> Result<()> {
    done(aws.write.api.call(&SHIELD, "UpdateSubscription", json!({"AutoRenew": renew})).await)
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
        let subscription = described(aws).await?;
        Ok(subscription.map(|subscription| Contract { account, subscription }).into_iter().collect())
    }

    async fn create(aws: &Aws, _want: &Attrs, _token: &Token) -> Result<String> {
        aws.write.api.call(&SHIELD, "CreateSubscription", json!({})).await?;
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

//! aws_iam_access_key: a key with which a user calls AWS. IAM gives the secret once, when the key is made.

use super::PAGES;
use super::user_parts::keys_of;
use crate::aws::api::services::IAM;
use crate::aws::api::{member, member_text};
use crate::resources::block::TimestampCell;
use crate::resources::document::{Document, document};
use crate::resources::once::Once;
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::time::SystemTime;

/// The resource type `aws_iam_access_key`.
pub struct AwsIamAccessKey;

/// A key, and its secret if it was made a moment ago.
pub struct Live {
    key: Json,
    secret: Option<String>,
    /// For which region a password for mail is made of the secret.
    region: String,
    /// It was made by a call whose answer, and so the secret, was lost.
    lost: bool,
}

held!(Live: key as Json);

document! {
    Rows {
        status = "Status": Text, read [.default("Active").check(|v| checks::one_of(v, &["Active", "Inactive"]))];
        user = "UserName": Text, read [.required().force_new()];
        create_date = "CreateDate": TimestampCell, read [.computed()];
    }
}

fn id(key: &Json) -> Option<String> {
    member_text(key, "AccessKeyId")
}

/// When a key was last used, and whose it is.
async fn last_used(aws: &Aws, id: &str) -> Result<Json> {
    aws.read.api.call(&IAM, "GetAccessKeyLastUsed", json!({"AccessKeyId": id})).await
}

/// How long ago a call can have been made whose answer was lost: older keys are somebody else's.
const RECENT: i64 = 3600;

fn sealed(_: &Value) -> Result<(), String> {
    Err("is not offered: leave it out, and the secret is an attribute that is sealed in the state".into())
}

/// What a row says that is made of the secret. A secret that is not known any more stays as it was.
fn of_secret(live: &Live, made: fn(&str, &str) -> String) -> Value {
    let known = |secret: &String| made(secret, &live.region).into();
    live.secret.as_ref().map_or_else(|| Value::unknown(Type::String), known)
}

/// The password for sending mail that SES takes in the place of the secret (Amazon SES, "Obtaining SMTP credentials").
fn mail_password(secret: &str, region: &str) -> String {
    const VERSION: u8 = 4;
    let sign = |key: &[u8], text: &str| {
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, key);
        ring::hmac::sign(&key, text.as_bytes()).as_ref().to_vec()
    };
    let parts = ["11111111", region, "ses", "aws4_request", "SendRawEmail"];
    let signed = parts.iter().fold(format!("AWS4{secret}").into_bytes(), |key, part| sign(&key, part));
    STANDARD.encode([&[VERSION], signed.as_slice()].concat())
}

/// The user of a key. IAM refuses to say it of a key that is not there, as it does where somebody may not ask.
async fn users_of(aws: &Aws, id: &str) -> Result<Vec<String>> {
    match last_used(aws, id).await {
        Ok(answer) => Ok(member_text(&answer, "UserName").into_iter().collect()),
        Err(e) if e.is_not_found() => Ok(Vec::new()),
        Err(e) if e.kind == Kind::Denied => {
            let all = aws.read.api.list(&IAM, "ListUsers", json!({}), PAGES, "Users.member").await?;
            Ok(all.iter().filter_map(|user| member_text(user, "UserName")).collect())
        }
        Err(e) => Err(e),
    }
}

async fn never_used(aws: &Aws, key: &Json) -> Result<bool> {
    let answer = last_used(aws, &id(key).unwrap_or_default()).await?;
    Ok(member(&answer, "AccessKeyLastUsed.LastUsedDate").is_none())
}

/// When a key was made, in seconds.
fn made_at(key: &Json) -> Option<i64> {
    let text = member_text(key, "CreateDate")?;
    DateTime::from_str(&text, Format::DateTimeWithOffset).ok().map(|at| at.secs())
}

/// The keys of a user that a lost call can have made.
async fn recent(aws: &Aws, user: &str) -> Result<Vec<Json>> {
    let now = DateTime::from(SystemTime::now()).secs();
    let new = |key: &Json| made_at(key).is_none_or(|at| now - at < RECENT);
    let all = match keys_of(aws, user).await {
        Err(e) if e.is_not_found() => Vec::new(),
        found => found?,
    };
    let found = each(all.into_iter().filter(new), |key| async move { Ok(never_used(aws, &key).await?.then_some(key)) });
    Ok(found.await?.into_iter().flatten().collect())
}

impl Resource for AwsIamAccessKey {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let secret = |name| A::string(name).computed().sensitive();
        let answered = |name| A::string(name).computed().read(|_| Value::null(Type::String));
        let own = [
            A::string("pgp_key").force_new().check(sealed),
            answered("encrypted_secret"),
            answered("encrypted_ses_smtp_password_v4"),
            answered("key_fingerprint"),
            secret("secret").read(|l: &Live| of_secret(l, |secret, _| secret.to_owned())),
            secret("ses_smtp_password_v4").read(|l| of_secret(l, mail_password)),
        ];
        let all = Rows::rows().into_iter().chain(own).collect();
        Spec::new("aws_iam_access_key", |l: &Live| id(&l.key), all)
            .role(Role::NotServing("it says who somebody is"))
            .global()
            .recover(Recover::Key)
            .progress(|l| match l.lost {
                true => Progress::Failed("its secret was in an answer that was lost".into()),
                false => Progress::Ready,
            })
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let secrets = aws.shared::<Once<AwsIamAccessKey>>();
        let live = |key: Json| {
            let secret = id(&key).and_then(|id| secrets.of(&id));
            Live { key, secret, region: aws.region.to_string(), lost: false }
        };
        match which {
            Which::Ids(ids) => {
                let users = each(ids.to_vec(), |id| async move { users_of(aws, &id).await }).await?;
                let users: BTreeSet<String> = users.into_iter().flatten().collect();
                let all = each(users, |user| async move { keys_of(aws, &user).await }).await?;
                let mut all: Vec<Live> = all.into_iter().flatten().map(live).collect();
                all.retain(|l| id(&l.key).is_some_and(|id| ids.contains(&id)));
                Ok(all)
            }
            Which::NaturalKey(want) => {
                let found = recent(aws, want.str("user").unwrap_or_default()).await?;
                Ok(found.into_iter().map(live).map(|l| Live { lost: l.secret.is_none(), ..l }).collect())
            }
            Which::Token(_) => Ok(Vec::new()),
        }
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let input = json!({"UserName": want.string("user")});
        let answer = aws.write.api.call(&IAM, "CreateAccessKey", input).await?;
        let key = made(member_text(&answer, "AccessKey.AccessKeyId").as_deref())?;
        if let Some(secret) = member_text(&answer, "AccessKey.SecretAccessKey") {
            aws.shared::<Once<AwsIamAccessKey>>().keep(&key, &secret);
        }
        Ok(key)
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let Some(status) = change.take("status").and_then(Value::as_str) else { return Ok(()) };
        let input = json!({"AccessKeyId": id, "UserName": change.after.string("user"), "Status": status});
        done(aws.write.api.call(&IAM, "UpdateAccessKey", input).await)
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        let input = json!({"AccessKeyId": id, "UserName": last.string("user")});
        unless_gone(aws.write.api.call(&IAM, "DeleteAccessKey", input).await)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against the program that the manual of Amazon SES gives.
    #[test]
    fn a_password_for_mail_is_made_of_the_secret() {
        let made = mail_password("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "eu-west-1");
        assert_eq!(made, "BMW5RDrXmmVs0lV7GpI4oLkHXpZ4stDsk6q91z1g38Pk");
    }
}

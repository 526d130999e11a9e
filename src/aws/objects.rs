//! The objects of a bucket, for a state that is kept there (`s3:GetObject`, `s3:PutObject`, `s3:DeleteObject`,
//! `s3:ListBucket`).

use super::api::services::S3;
use super::api::{Pages, member_text};
use super::clients::connect;
use super::driver::Driver;
use super::{Aws, Error, Kind, ProviderSettings, lock_table};
use crate::diag::Diagnostic;
use crate::state::remote::{Object, Objects, Only, Put};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use serde_json::{Value as Json, json};
use std::fmt;
use std::time::Duration;

/// How often a write is attempted whose answer is lost or puts off.
const ATTEMPTS: u32 = 9;
/// The pause after the first attempt; each further one is twice as long, up to the longest.
const PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(3);
/// How long one attempt may take, and how many bytes more take a millisecond more: a lock is to be renewed in time.
const ANSWER: Duration = Duration::from_secs(6);
const BYTES_PER_MILLISECOND: u64 = 100;

/// How objects are encrypted by S3.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Encryption {
    /// `encrypt`: S3 encrypts, though the bucket does not ask for it.
    pub on: bool,
    /// `kms_key_id`: with this key of KMS.
    pub key: Option<String>,
}

/// A bucket.
pub struct Bucket {
    name: String,
    encryption: Encryption,
    /// The table of DynamoDB in which Terraform locks the states of this bucket.
    lock_table: Option<String>,
    aws: Aws,
    driver: Driver,
}

impl Bucket {
    /// Connects with these settings. Makes no call.
    pub fn open(name: String, settings: ProviderSettings, encryption: Encryption) -> Result<Self, Diagnostic> {
        let driver = Driver::start()?;
        let place = format!("s3://{name}");
        let aws = driver.wait(async move { connect(&settings).await })?;
        let aws = aws.map_err(|e| problem("Cannot connect to the bucket of the state", &place, &e))?;
        Ok(Bucket { name, encryption, lock_table: None, aws, driver })
    }

    /// The same bucket, for whose states Terraform takes locks in a table of DynamoDB.
    pub fn locked_in(mut self, lock_table: Option<String>) -> Self {
        self.lock_table = lock_table;
        self
    }

    /// The members that name an object.
    fn named(&self, key: &str) -> Json {
        json!({"Bucket": self.name, "Key": key})
    }

    fn failed(&self, verb: &str, permission: &str, key: &str, mut error: Error) -> Diagnostic {
        // The permission of a call on a bucket is another than that of the same call on an object.
        if !error.action.is_empty() {
            error.action = permission.to_owned();
        }
        problem(&format!("Cannot {verb} the state"), &self.place(key), &error)
    }
}

impl Objects for Bucket {
    fn place(&self, key: &str) -> String {
        format!("s3://{}/{key}", self.name)
    }

    fn get(&self, key: &str) -> Result<Option<Object>, Diagnostic> {
        let (api, input) = (self.aws.read.api.clone(), self.named(key));
        let answer = self.driver.wait(async move {
            let (answer, text) = api.exchange(&S3, "GetObject GET /{Key}", input, None).await?;
            Ok::<_, Error>(Object { text, tag: tag_of(&answer)?, age: age(&answer) })
        })?;
        match answer {
            Ok(object) => Ok(Some(object)),
            Err(e) if e.code == "NoSuchKey" => Ok(None),
            Err(e) => Err(self.failed("read", "s3:GetObject", key, e)),
        }
    }

    fn put(&self, key: &str, text: &[u8], only: Only<'_>) -> Result<Put, Diagnostic> {
        let (api, mut input, body) = (self.aws.write.api.clone(), self.named(key), text.to_vec());
        match only {
            Only::Absent => input["if-none-match"] = "*".into(),
            Only::Unchanged(tag) => input["if-match"] = tag.into(),
        }
        match (&self.encryption.key, self.encryption.on) {
            (Some(id), _) => {
                input["x-amz-server-side-encryption"] = "aws:kms".into();
                input["x-amz-server-side-encryption-aws-kms-key-id"] = id.as_str().into();
            }
            (None, true) => input["x-amz-server-side-encryption"] = "AES256".into(),
            (None, false) => {}
        }
        let limit = ANSWER + Duration::from_millis(body.len() as u64 / BYTES_PER_MILLISECOND);
        let answer = self.driver.wait(async move {
            let mut pause = PAUSE;
            for attempt in 1.. {
                let call = api.exchange(&S3, "PutObject PUT /{Key}", input.clone(), Some(body.clone()));
                let error = match tokio::time::timeout(limit, call).await {
                    Ok(Ok((answer, _))) => return Ok(Put::Done(tag_of(&answer)?)),
                    Ok(Err(e)) => e,
                    Err(_) => Error::ambiguous("no answer came in time"),
                };
                match error.code.as_str() {
                    "PreconditionFailed" | "NoSuchKey" => return Ok(Put::Refused),
                    "ConditionalRequestConflict" | "OperationAborted" => {}
                    _ if matches!(error.kind, Kind::Ambiguous | Kind::Throttled | Kind::Unreachable) => {}
                    _ => return Err(error),
                }
                if attempt >= ATTEMPTS {
                    return Err(error);
                }
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            Err(Error::ambiguous("no attempt was made"))
        })?;
        answer.map_err(|e| self.failed("write", "s3:PutObject", key, e))
    }

    fn delete(&self, key: &str, tag: Option<&str>) -> Result<(), Diagnostic> {
        let (api, mut input) = (self.aws.write.api.clone(), self.named(key));
        input["if-match"] = tag.into();
        let answer = self.driver.wait(async move {
            let mut pause = PAUSE;
            for attempt in 1.. {
                let call = api.call(&S3, "DeleteObject DELETE /{Key}", input.clone());
                let answer = tokio::time::timeout(ANSWER, call).await;
                match answer.unwrap_or_else(|_| Err(Error::ambiguous("no answer came in time"))) {
                    Ok(_) => return Ok(()),
                    Err(e) if e.is_not_found() || e.code == "PreconditionFailed" => return Ok(()),
                    Err(e) if attempt >= ATTEMPTS || matches!(e.kind, Kind::Denied | Kind::Refused) => return Err(e),
                    Err(_) => tokio::time::sleep(pause).await,
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            Ok(())
        })?;
        answer.map_err(|e| self.failed("remove a part of", "s3:DeleteObject", key, e))
    }

    fn take_in_table(&self, key: &str, info: &str) -> Result<Option<String>, Diagnostic> {
        let Some(table) = self.lock_table.clone() else { return Ok(None) };
        let (aws, id, info) = (self.aws.clone(), format!("{}/{key}", self.name), info.to_owned());
        let place = format!("the table {table}");
        let answer = self.driver.wait(async move { lock_table::take(&aws, &table, &id, &info).await })?;
        answer.map_err(|e| problem("Cannot take Terraform's lock of the state", &place, &e))
    }

    fn release_in_table(&self, key: &str, info: &str) -> Result<(), Diagnostic> {
        let Some(table) = self.lock_table.clone() else { return Ok(()) };
        let (aws, id, info) = (self.aws.clone(), format!("{}/{key}", self.name), info.to_owned());
        let place = format!("the table {table}");
        let answer = self.driver.wait(async move { lock_table::release(&aws, &table, &id, &info).await })?;
        answer.map_err(|e| problem("Cannot release Terraform's lock of the state", &place, &e))
    }

    fn list(&self, prefix: &str) -> Result<Vec<String>, Diagnostic> {
        let (api, input) = (self.aws.read.api.clone(), json!({"Bucket": self.name, "prefix": prefix}));
        let answer = self.driver.wait(async move {
            let pages = Pages("continuation-token", "Answer.NextContinuationToken");
            let operation = "ListObjectsV2 GET /?list-type=2&{continuation-token}&{prefix}";
            let found = api.list(&S3, operation, input, pages, "Answer.Contents").await?;
            Ok::<_, Error>(found.iter().filter_map(|object| member_text(object, "Key")).collect())
        })?;
        answer.map_err(|e| self.failed("list the parts of", "s3:ListBucket", prefix, e))
    }
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bucket({})", self.name)
    }
}

fn tag_of(answer: &Json) -> Result<String, Error> {
    let missing = "the answer has no ETag, without which nothing can be written safely";
    member_text(answer, "etag").ok_or_else(|| Error::new(Kind::Refused, missing))
}

/// How long ago an object was written, by the server's clock.
fn age(answer: &Json) -> Option<Duration> {
    let at = |name: &str| DateTime::from_str(&member_text(answer, name)?, Format::HttpDate).ok();
    Some(Duration::from_secs(u64::try_from(at("date")?.secs() - at("last-modified")?.secs()).unwrap_or(0)))
}

fn problem(summary: &str, place: &str, error: &Error) -> Diagnostic {
    let d = Diagnostic::error(summary).code("state-remote").detail(format!("{place}: {error}"));
    match error.code.as_str() {
        "NoSuchBucket" => d.hint("Make the bucket, with versioning on, or correct its name in the layout."),
        "PermanentRedirect" | "AuthorizationHeaderMalformed" | "IllegalLocationConstraintException" => {
            d.hint("The bucket is in another region: correct `region` where the layout names the bucket.")
        }
        "RequestTimeTooSkewed" => d.hint("Set the clock of this machine."),
        _ => match error.hint() {
            Some(hint) => d.hint(hint),
            None => d,
        },
    }
}

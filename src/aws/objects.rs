//! The objects of a bucket, for a state that is kept there (`s3:GetObject`, `s3:PutObject`, `s3:DeleteObject`,
//! `s3:ListBucket`).

use super::clients::connect;
use super::driver::Driver;
use super::{Aws, Error, Kind, ProviderSettings, lock_table};
use crate::diag::Diagnostic;
use crate::state::remote::{Object, Objects, Only, Put};
use aws_sdk_s3::types::ServerSideEncryption;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::DateTime;
use aws_smithy_types::config_bag::ConfigBag;
use aws_smithy_types::date_time::Format;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
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
        let date = ServerDate::default();
        let call = self.aws.read.s3.get_object().bucket(&self.name).key(key).customize().interceptor(date.clone());
        let answer = self.driver.wait(async move {
            let answer = call.send().await.map_err(Error::from)?;
            let (tag, written) = (answer.e_tag.ok_or_else(no_tag)?, answer.last_modified);
            let text = answer.body.collect().await.map_err(|e| Error::ambiguous(e.to_string()))?;
            let age = date.since(written);
            Ok::<_, Error>(Object { text: text.into_bytes().to_vec(), tag, age })
        })?;
        match answer {
            Ok(object) => Ok(Some(object)),
            Err(e) if e.code == "NoSuchKey" => Ok(None),
            Err(e) => Err(self.failed("read", "s3:GetObject", key, e)),
        }
    }

    fn put(&self, key: &str, text: &[u8], only: Only<'_>) -> Result<Put, Diagnostic> {
        let (client, bucket) = (self.aws.write.s3.clone(), self.name.clone());
        let (key_of_object, body, encryption) = (key.to_owned(), text.to_vec(), self.encryption.clone());
        let (absent, unchanged) = match only {
            Only::Absent => (Some("*".to_owned()), None),
            Only::Unchanged(tag) => (None, Some(tag.to_owned())),
        };
        let limit = ANSWER + Duration::from_millis(body.len() as u64 / BYTES_PER_MILLISECOND);
        let answer = self.driver.wait(async move {
            let mut pause = PAUSE;
            for attempt in 1.. {
                let call = client.put_object().bucket(&bucket).key(&key_of_object).body(body.clone().into());
                let call = call.set_if_none_match(absent.clone()).set_if_match(unchanged.clone());
                let call = match (&encryption.key, encryption.on) {
                    (Some(id), _) => call.server_side_encryption(ServerSideEncryption::AwsKms).ssekms_key_id(id),
                    (None, true) => call.server_side_encryption(ServerSideEncryption::Aes256),
                    (None, false) => call,
                };
                let error = match tokio::time::timeout(limit, call.send()).await {
                    Ok(Ok(answer)) => return Ok(Put::Done(answer.e_tag.ok_or_else(no_tag)?)),
                    Ok(Err(e)) => Error::from(e),
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
        let call = self.aws.write.s3.delete_object().bucket(&self.name).key(key);
        let call = call.set_if_match(tag.map(str::to_owned));
        let answer = self.driver.wait(async move {
            let mut pause = PAUSE;
            for attempt in 1.. {
                let answer = tokio::time::timeout(ANSWER, call.clone().send()).await;
                let answer =
                    answer.map_or_else(|_| Err(Error::ambiguous("no answer came in time")), |a| a.map_err(Error::from));
                match answer {
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
        let call = self.aws.read.s3.list_objects_v2().bucket(&self.name).prefix(prefix);
        let answer = self.driver.wait(async move {
            let mut keys = Vec::new();
            let mut pages = call.into_paginator().send();
            while let Some(page) = pages.next().await {
                let found = page.map_err(Error::from)?.contents.unwrap_or_default();
                keys.extend(found.into_iter().filter_map(|object| object.key));
            }
            Ok::<_, Error>(keys)
        })?;
        answer.map_err(|e| self.failed("list the parts of", "s3:ListBucket", prefix, e))
    }
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bucket({})", self.name)
    }
}

fn no_tag() -> Error {
    Error::new(Kind::Refused, "the answer has no ETag, without which nothing can be written safely")
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

/// Keeps the time that the server gives in the header of its answer.
#[derive(Debug, Clone, Default)]
struct ServerDate(Arc<Mutex<Option<DateTime>>>);

impl ServerDate {
    /// How long ago a moment was, by the server's clock.
    fn since(&self, then: Option<DateTime>) -> Option<Duration> {
        let now = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Some(Duration::from_secs(u64::try_from(now?.secs() - then?.secs()).unwrap_or(0)))
    }
}

impl Intercept for ServerDate {
    fn name(&self) -> &'static str {
        "ServerDate"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let date = context.response().headers().get("date");
        let date = date.and_then(|text| DateTime::from_str(text, Format::HttpDate).ok());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = date;
        Ok(())
    }
}

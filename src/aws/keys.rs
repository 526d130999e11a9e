//! KMS as the service that makes and opens the keys that seal a state (`kms:GenerateDataKey`, `kms:Decrypt`). A data key is
//! tied to the lineage of its state by its encryption context, which policies can ask for and CloudTrail shows.

use super::api::services::KMS;
use super::clients::connect;
use super::driver::Driver;
use super::{Aws, Error, Kind, ProviderSettings};
use crate::diag::Diagnostic;
use crate::state::key::KEY_LENGTH;
use crate::state::{DataKey, KeyService};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value as Json, json};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// The name of the lineage in the encryption context.
const CONTEXT: &str = "floorplan:lineage";
/// The lineage of a plan that is made before there is a state.
const NO_LINEAGE: &str = "none";

/// KMS, with the credentials of one place of a state. It is connected when it is first needed.
pub struct Kms {
    settings: ProviderSettings,
    connected: Mutex<Option<(Arc<Driver>, Aws)>>,
}

impl Kms {
    /// Makes no call.
    pub fn new(settings: ProviderSettings) -> Self {
        let settings = ProviderSettings {
            skip_requesting_account_id: true,
            allowed_account_ids: Vec::new(),
            forbidden_account_ids: Vec::new(),
            ..settings
        };
        Kms { settings, connected: Mutex::default() }
    }

    /// The connection to the region of a key: that of its ARN, else the usual one.
    fn connected(&self, key: &str) -> Result<(Arc<Driver>, Aws), Diagnostic> {
        let region = region_of(key);
        let mut connected = self.connected.lock().unwrap_or_else(PoisonError::into_inner);
        let (driver, aws) = match &*connected {
            Some(found) => found.clone(),
            None => {
                let driver = Arc::new(Driver::start()?);
                let mut settings = self.settings.clone();
                settings.region = settings.region.or(region.map(str::to_owned));
                let aws = driver.wait(async move { connect(&settings).await })?;
                let aws = aws.map_err(|e| problem(key, self.settings.region.as_deref().unwrap_or_default(), &e))?;
                connected.insert((driver, aws)).clone()
            }
        };
        Ok((driver, region.map_or_else(|| aws.clone(), |region| aws.for_region(region))))
    }

    /// Calls `operation` on a key, for a lineage.
    fn call(&self, operation: &'static str, key: &str, lineage: &str, mut input: Json) -> Result<Json, Diagnostic> {
        let (driver, aws) = self.connected(key)?;
        let region = aws.region.clone();
        input["KeyId"] = key.into();
        input["EncryptionContext"] = json!({ CONTEXT: if lineage.is_empty() { NO_LINEAGE } else { lineage } });
        let answer = driver.wait(async move { aws.read.api.call(&KMS, operation, input).await })?;
        answer.map_err(|e| problem(key, &region, &e))
    }
}

impl KeyService for Kms {
    fn make(&self, key: &str, lineage: &str) -> Result<DataKey, Diagnostic> {
        let answer = self.call("GenerateDataKey", key, lineage, json!({ "KeySpec": "AES_256" }))?;
        let by = answer.get("KeyId").and_then(Json::as_str).unwrap_or(key).to_owned();
        Ok(DataKey { plain: plain(key, &answer)?, by, sealed: bytes(key, &answer, "CiphertextBlob")? })
    }

    fn open(&self, by: &str, sealed: &[u8], lineage: &str) -> Result<[u8; KEY_LENGTH], Diagnostic> {
        let answer = self.call("Decrypt", by, lineage, json!({ "CiphertextBlob": BASE64_STANDARD.encode(sealed) }))?;
        plain(by, &answer)
    }
}

fn plain(key: &str, answer: &Json) -> Result<[u8; KEY_LENGTH], Diagnostic> {
    bytes(key, answer, "Plaintext")?.try_into().map_err(|_| unreadable(key))
}

fn bytes(key: &str, answer: &Json, name: &str) -> Result<Vec<u8>, Diagnostic> {
    let text = answer.get(name).and_then(Json::as_str);
    text.and_then(|text| BASE64_STANDARD.decode(text).ok()).ok_or_else(|| unreadable(key))
}

fn unreadable(key: &str) -> Diagnostic {
    problem(key, "", &Error::new(Kind::Refused, "the answer holds no key of 32 bytes"))
}

/// The region in the ARN of a key.
fn region_of(key: &str) -> Option<&str> {
    key.strip_prefix("arn:")?.split(':').nth(2).filter(|region| !region.is_empty())
}

fn problem(key: &str, region: &str, error: &Error) -> Diagnostic {
    let d = Diagnostic::error("The key that seals the state cannot be used")
        .code("state-key")
        .detail(format!("The key {key} of KMS: {error}."));
    match error.code.as_str() {
        "DisabledException" => d.hint("Enable the key again: `aws kms enable-key`."),
        "KMSInvalidStateException" => {
            d.hint("Look at the state of the key with `aws kms describe-key`. Its deletion can be cancelled while it is pending.")
        }
        "NotFoundException" => d.hint(format!(
            "Correct seal_kms_key_id where the layout names the state. A key in another region than {region} is named by its ARN."
        )),
        "InvalidKeyUsageException" | "InvalidKeyUsage" => d.hint("Name a symmetric key that encrypts and decrypts."),
        "InvalidCiphertextException" | "IncorrectKeyException" => {
            d.hint("The data key was changed, or is that of another state. Go back to an earlier serial with `floorplan state history --restore`.")
        }
        _ => match (error.kind, error.hint()) {
            (Kind::Denied, Some(hint)) => d.hint(format!("{hint} The policy of the key has to allow it as well.")),
            (_, Some(hint)) => d.hint(hint),
            (_, None) => d,
        },
    }
}

impl fmt::Debug for Kms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kms")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_region_of_a_key_is_that_of_its_arn() {
        assert_eq!(region_of("arn:aws:kms:us-east-1:123456789012:key/1234"), Some("us-east-1"));
        assert_eq!(region_of("arn:aws-us-gov:kms:us-gov-west-1:123456789012:alias/state"), Some("us-gov-west-1"));
        assert_eq!((region_of("alias/state"), region_of("1234abcd")), (None, None));
    }
}

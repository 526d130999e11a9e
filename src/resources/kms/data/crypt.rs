//! data aws_kms_ciphertext and data aws_kms_secrets: a text that KMS encrypts, and texts that it decrypts.

use crate::aws::api::member_text;
use crate::aws::api::services::KMS;
use crate::resources::block::TextMap;
use crate::resources::document::Member;
use crate::resources::lookup::{here, schema};
use crate::resources::prelude::*;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

/// The data source `aws_kms_ciphertext`.
pub struct CiphertextData;
/// The data source `aws_kms_secrets`.
pub struct SecretsData;

fn texts(name: &'static str) -> Row {
    Row::of(name, Type::map(Type::String))
}

impl DataSource for CiphertextData {
    fn schema() -> Schema {
        let all = [
            Row::string("ciphertext_blob").computed(),
            texts("context"),
            Row::string("id").computed(),
            Row::string("key_id").required(),
            Row::string("plaintext").required().sensitive(),
            Row::string("region").optional_computed(),
        ];
        schema("aws_kms_ciphertext", rows(all))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let plain = STANDARD.encode(config.str("plaintext").unwrap_or_default());
        let context = <TextMap as Member>::put(config, "context");
        let input = json!({"KeyId": config.string("key_id"), "Plaintext": plain, "EncryptionContext": context});
        let answer = aws.read.api.call(&KMS, "Encrypt", input).await?;
        let text = |name: &str| member_text(&answer, name);
        let found = config.clone().with("ciphertext_blob", text("CiphertextBlob")).with("id", text("KeyId"));
        Ok(found.with("region", &*aws.region))
    }
}

/// What one block holds, decrypted.
async fn opened(aws: &Aws, secret: Attrs) -> Result<(Name, Value)> {
    let name = secret.string("name").unwrap_or_default();
    let wrong = |what: &str| Error::new(Kind::Refused, format!("the secret {name:?} {what}"));
    let sealed = STANDARD.decode(secret.str("payload").unwrap_or_default().trim());
    let sealed = sealed.map_err(|_| wrong("has a payload that is not valid base64"))?;
    let input = json!({
        "CiphertextBlob": STANDARD.encode(sealed),
        "EncryptionAlgorithm": text(&secret, "encryption_algorithm"),
        "EncryptionContext": <TextMap as Member>::put(&secret, "context"),
        "GrantTokens": some(secret.strings("grant_tokens")),
        "KeyId": text(&secret, "key_id"),
    });
    let answer = aws.read.api.call(&KMS, "Decrypt", input).await?;
    let plain = STANDARD.decode(member_text(&answer, "Plaintext").unwrap_or_default());
    let plain = plain.map_err(|_| wrong("is not in the form that KMS documents"))?;
    let plain = String::from_utf8(plain).map_err(|_| wrong("is not text"))?;
    Ok((name.into(), plain.into()))
}

impl DataSource for SecretsData {
    fn schema() -> Schema {
        let secret = rows([
            texts("context"),
            Row::string("encryption_algorithm"),
            Row::string_list("grant_tokens"),
            Row::string("key_id"),
            Row::string("name").required(),
            Row::string("payload").required(),
        ]);
        let all = [
            Row::string("id").computed(),
            texts("plaintext").computed().sensitive(),
            Row::string("region").optional_computed(),
            Row::block("secret", Nesting::Set, secret).count(1, None),
        ];
        schema("aws_kms_secrets", rows(all))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let secrets = config.blocks("secret").into_iter().map(|secret| opened(&aws, secret));
        let all = futures::future::try_join_all(secrets).await?;
        Ok(config
            .clone()
            .with("id", &*aws.region)
            .with("plaintext", Value::map(Type::String, all.into_iter().collect()))
            .with("region", &*aws.region))
    }
}

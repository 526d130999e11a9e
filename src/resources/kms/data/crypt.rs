//! data aws_kms_ciphertext and data aws_kms_secrets: a text that KMS encrypts, and texts that it decrypts.

use crate::resources::block::TextMap;
use crate::resources::lookup::{here, schema};
use crate::resources::prelude::*;
use aws_sdk_kms::types::EncryptionAlgorithmSpec;
use aws_smithy_types::Blob;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

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
        let call = aws.read.kms.encrypt().set_key_id(config.string("key_id"));
        let call = call.plaintext(Blob::new(config.string("plaintext").unwrap_or_default()));
        let answer = call.set_encryption_context(TextMap::put(config, "context")).send().await?;
        let sealed = answer.ciphertext_blob().map(|blob| STANDARD.encode(blob));
        Ok(config.clone().with("ciphertext_blob", sealed).with("id", answer.key_id()).with("region", &*aws.region))
    }
}

/// What one block holds, decrypted.
async fn opened(aws: &Aws, secret: Attrs) -> Result<(Name, Value)> {
    let name = secret.string("name").unwrap_or_default();
    let wrong = |what: &str| Error::new(Kind::Refused, format!("the secret {name:?} {what}"));
    let sealed = STANDARD.decode(secret.str("payload").unwrap_or_default().trim());
    let sealed = sealed.map_err(|_| wrong("has a payload that is not valid base64"))?;
    let call = aws.read.kms.decrypt().ciphertext_blob(Blob::new(sealed)).set_key_id(text(&secret, "key_id"));
    let call = call.set_encryption_context(TextMap::put(&secret, "context"));
    let call = call.set_grant_tokens(some(secret.strings("grant_tokens")));
    let how = text(&secret, "encryption_algorithm").map(|word| EncryptionAlgorithmSpec::from(word.as_str()));
    let answer = call.set_encryption_algorithm(how).send().await?;
    let plain = answer.plaintext.map(Blob::into_inner).unwrap_or_default();
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

//! aws_key_pair: a public key that instances are started with. Its id is its name; its tags hang on an id
//! of its own.

use crate::aws::{Aws, Error, Result, filtered, made};
use crate::resources::spec::{self, Resource, Spec, Tagging, Token, Which};
use crate::resources::tags;
use crate::schema::normal::Normal;
use crate::schema::{Attrs, Change};
use crate::value::Value;
use aws_sdk_ec2::primitives::Blob;
use aws_sdk_ec2::types::{KeyPairInfo, KeyType, ResourceType};
use futures::future::try_join_all;

type A = spec::A<Pair>;

/// The resource type `aws_key_pair`.
pub struct AwsKeyPair;

/// A pair as listed.
pub struct Pair {
    pair: KeyPairInfo,
    arn: String,
}

const KINDS: [&str; 5] =
    ["ssh-rsa", "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"];

/// Two spellings of one key: what follows it is a comment. One that EC2 does not tell is not a difference.
fn same_key(a: &Value, b: &Value) -> bool {
    fn key(v: &Value) -> Option<(&str, &str)> {
        let mut parts = v.as_str()?.split_whitespace();
        Some((parts.next()?, parts.next()?))
    }
    a.is_null() || b.is_null() || key(a).is_some_and(|a| Some(a) == key(b))
}

fn public_key(value: &Value) -> std::result::Result<(), String> {
    let Some(text) = value.as_str() else { return Ok(()) };
    if text.contains("PRIVATE KEY") {
        return Err("a private key; expected the public one, such as the content of id_ed25519.pub".into());
    }
    match text.split_whitespace().next() {
        Some(kind) if KINDS.contains(&kind) && text.split_whitespace().count() > 1 => Ok(()),
        _ => Err("not a public key in OpenSSH's form; expected one that begins with ssh-ed25519 or ssh-rsa".into()),
    }
}

fn name(value: &Value) -> std::result::Result<(), String> {
    match value.as_str() {
        Some(text) if text.len() > 255 || !text.is_ascii() => {
            Err(format!("{text:?} is not a name of a key pair; expected up to 255 ASCII characters"))
        }
        _ => Ok(()),
    }
}

impl Resource for AwsKeyPair {
    type Live = Pair;

    fn spec() -> Spec<Pair> {
        let [tags, tags_all] = A::tags(|p| tags::read(p.pair.tags()));
        let rows = vec![
            A::string("key_name").optional_computed().force_new().check(name).read(|p| p.pair.key_name().into()),
            A::string("key_name_prefix").optional_computed().force_new().check(name),
            A::string("public_key")
                .required()
                .force_new()
                .check(public_key)
                .normal(Normal::With(same_key))
                .read(|p| p.pair.public_key().map(str::trim).into()),
            A::string("arn").computed().read(|p| p.arn.as_str().into()),
            A::string("fingerprint").computed().read(|p| p.pair.key_fingerprint().into()),
            A::string("key_pair_id").computed().read(|p| p.pair.key_pair_id().into()),
            A::string("key_type").computed().read(|p| p.pair.key_type().map(KeyType::as_str).into()),
            tags,
            tags_all,
        ];
        Spec::new("aws_key_pair", |p| p.pair.key_name().map(Into::into), rows)
            .unique(&[&["key_name"]])
            .named("key_name", "key_name_prefix")
            .tagging(Tagging::Own)
            .conflicts(&[&["key_name", "key_name_prefix"]])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Pair>> {
        let filters = match which {
            Which::Ids(ids) => filtered("key-name", ids),
            Which::Token(token) => vec![vec![tags::token_filter(token)]],
            Which::NaturalKey(want) => filtered("key-name", &want.string("key_name").into_iter().collect::<Vec<_>>()),
        };
        let answers = filters.into_iter().map(|f| async {
            let call = aws.read.ec2.describe_key_pairs().include_public_key(true).set_filters(Some(f));
            Ok::<_, Error>(call.send().await?.key_pairs.unwrap_or_default())
        });
        let complete = |pair: KeyPairInfo| Pair {
            arn: aws.ec2_arn(&format!("key-pair/{}", pair.key_name().unwrap_or_default())),
            pair,
        };
        Ok(try_join_all(answers).await?.into_iter().flatten().map(complete).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let answer = aws
            .write
            .ec2
            .import_key_pair()
            .set_key_name(want.string("key_name"))
            .public_key_material(Blob::new(want.str("public_key").unwrap_or_default()))
            .tag_specifications(tags::at_creation(ResourceType::KeyPair, want, token))
            .send()
            .await?;
        made(answer.key_name())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take("tags_all").is_some()
            && let Some(target) = change.before.str("key_pair_id")
        {
            tags::retag(aws, target, change.before, change.after).await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        aws.write.ec2.delete_key_pair().key_name(id).send().await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_same_whatever_its_comment() {
        let key = |text: &str| Value::from(text);
        assert!(same_key(&key("ssh-ed25519 AAAA me@here\n"), &key("ssh-ed25519 AAAA")));
        assert!(!same_key(&key("ssh-ed25519 AAAA"), &key("ssh-ed25519 BBBB")));
        assert!(public_key(&key("-----BEGIN OPENSSH PRIVATE KEY-----")).unwrap_err().contains("private"));
        assert!(public_key(&key("AAAA")).is_err());
    }
}

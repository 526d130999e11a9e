//! aws_key_pair: a public key that instances are started with. Its id is its name; its tags hang on an id
//! of its own.

use crate::resources::prelude::*;
use aws_sdk_ec2::operation::import_key_pair::builders::ImportKeyPairFluentBuilder as Create;
use aws_sdk_ec2::primitives::Blob;
use aws_sdk_ec2::types::{KeyPairInfo, ResourceType};

/// The resource type `aws_key_pair`.
pub struct AwsKeyPair;

type Pair = WithArn<KeyPairInfo>;

table! {
    Rows: Pair, create Create {
        arn: Text, read [.computed()];
        fingerprint = key_fingerprint: Text, read [.computed()];
        key_name: Text [.optional_computed().force_new().check(name)];
        key_name_prefix: Text, none [.optional_computed().force_new().check(name)];
        key_pair_id: Text, read [.computed()];
        key_type: EnumCell, read [.computed()];
        public_key: Text, none [.required().force_new().check(public_key).normal(Normal::With(same_key))]
            [.read(|p| p.held().public_key().map(str::trim).into())];
    }
}

const KINDS: [&str; 5] =
    ["ssh-rsa", "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"];

/// Two spellings of one key: what follows it is a comment. One that EC2 does not answer is not a difference.
fn same_key(a: &Value, b: &Value) -> bool {
    fn key(v: &Value) -> Option<(&str, &str)> {
        let mut parts = v.as_str()?.split_whitespace();
        Some((parts.next()?, parts.next()?))
    }
    a.is_null() || b.is_null() || key(a).is_some_and(|a| Some(a) == key(b))
}

fn public_key(value: &Value) -> Result<(), String> {
    let Some(text) = value.as_str() else { return Ok(()) };
    if text.contains("PRIVATE KEY") {
        return Err("a private key; expected the public one, such as the content of id_ed25519.pub".into());
    }
    match text.split_whitespace().next() {
        Some(kind) if KINDS.contains(&kind) && text.split_whitespace().count() > 1 => Ok(()),
        _ => Err("not a public key in OpenSSH's form; expected one that begins with ssh-ed25519 or ssh-rsa".into()),
    }
}

fn name(value: &Value) -> Result<(), String> {
    checks::text(
        value,
        |text| text.len() <= 255 && text.is_ascii(),
        "is not a name of a key pair; expected up to 255 ASCII characters",
    )
}

impl Resource for AwsKeyPair {
    type Live = Pair;

    fn spec() -> Spec<Pair> {
        Spec::new("aws_key_pair", |p| p.key_name().map(Into::into), Rows::rows::<Pair>())
            .role(Role::NotServing("it opens members to who administers them, not to clients"))
            .tags(|p| tags::read(p.tags()))
            .unique(&[&["key_name"]])
            .named("key_name", "key_name_prefix")
            .tagging(Tagging::Own)
            .conflicts(&[&["key_name", "key_name_prefix"]])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Pair>> {
        let filters = tags::filters(which, "key-name", &[("key-name", "key_name")]);
        let call = aws.read.ec2.describe_key_pairs().include_public_key(true);
        let found = unpaged(filters, |f| async { Ok(call.clone().set_filters(f).send().await?.key_pairs) });
        Ok(WithArn::all(aws, "key-pair", found.await?, KeyPairInfo::key_name))
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let key = Blob::new(want.str("public_key").unwrap_or_default());
        let call = Rows::create(aws.write.ec2.import_key_pair(), want).public_key_material(key);
        let answer = call.tag_specifications(tags::at_creation(ResourceType::KeyPair, want, token)).send().await?;
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
        Ok(aws.write.ec2.delete_key_pair().key_name(id).send().await.map(drop)?)
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

//! aws_lb_trust_store and aws_lb_trust_store_revocation: the authorities whose clients a listener believes, and
//! certificates of theirs that it does not. AWS reads both from S3 and does not say from where.

use super::shared::{self, PAGES, Tagged};
use crate::aws::api::member_text;
use crate::aws::api::services::ELB_V2;
use crate::resources::document::{Document, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

const ARN: &str = "TrustStoreArn";

/// The resource type `aws_lb_trust_store`.
pub struct AwsLbTrustStore;
/// The resource type `aws_lb_trust_store_revocation`.
pub struct AwsLbTrustStoreRevocation;

document! {
    Rows {
        ca_certificates_bundle_s3_bucket = "CaCertificatesBundleS3Bucket": Text, create [.required()];
        ca_certificates_bundle_s3_key = "CaCertificatesBundleS3Key": Text, create [.required()];
        ca_certificates_bundle_s3_object_version = "CaCertificatesBundleS3ObjectVersion": Text, create;
        name = "Name": Text [.optional_computed().force_new().check(shared::name)];
        name_prefix = "": Text, none [.optional_computed().force_new().check(shared::name_prefix)];
        arn = "TrustStoreArn": Text, read [.computed()];
        arn_suffix = "": Text, none [.computed().read(|t| shared::suffix(t.held(), ARN))];
    }
}

const BUNDLE: [&str; 3] =
    ["ca_certificates_bundle_s3_bucket", "ca_certificates_bundle_s3_key", "ca_certificates_bundle_s3_object_version"];

impl Resource for AwsLbTrustStore {
    type Live = Tagged;

    fn spec() -> Spec<Tagged> {
        Spec::new("aws_lb_trust_store", |t: &Tagged| member_text(t, ARN), Rows::rows())
            .role(Role::Name(Unjudged::All("certificates")))
            .own_tags(|t| tags::of(&t.tags))
            .by_name_from(shared::NAMELESS)
            .progress(|t| match t["Status"].as_str() {
                Some("CREATING") => Progress::Pending("CREATING".into()),
                _ => Progress::Ready,
            })
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Tagged>> {
        let all = aws.read.api.list(&ELB_V2, "DescribeTrustStores", json!({}), PAGES, "TrustStores.member").await?;
        shared::tagged(aws, shared::chosen(aws, all, which, ARN, "Name").await?, ARN).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let input = joined(Rows::create(want), shared::new_tags(want, token));
        let answer = aws.write.api.call(&ELB_V2, "CreateTrustStore", input).await?;
        made(member_text(&answer, "TrustStores.member.TrustStoreArn").as_deref())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take_any(&BUNDLE) {
            let input = joined(json!({ARN: id, "Name": null}), Rows::create(change.after));
            aws.write.api.call(&ELB_V2, "ModifyTrustStore", input).await?;
        }
        change.take("name_prefix");
        shared::retag(aws, id, change).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.api.call(&ELB_V2, "DeleteTrustStore", json!({ARN: id})).await)
    }
}

document! {
    OfRevocation {
        revocations_s3_bucket = "RevocationContents.member.1.S3Bucket": Text, create [.required().force_new()];
        revocations_s3_key = "RevocationContents.member.1.S3Key": Text, create [.required().force_new()];
        revocations_s3_object_version = "RevocationContents.member.1.S3ObjectVersion": Text, create [.force_new()];
        trust_store_arn = "TrustStoreArn": Text [.required().force_new()];
        revocation_id = "RevocationId": Int, read [.computed()];
    }
}

/// The id that Terraform gives it: the ARN of the store, and a number.
fn id(r: &Json) -> Option<String> {
    Some(format!("{},{}", member_text(r, ARN)?, member_text(r, "RevocationId")?))
}

fn parse(id: &str) -> Option<(String, i64)> {
    let (store, number) = id.rsplit_once(',')?;
    Some((store.to_owned(), number.parse().ok()?))
}

impl Resource for AwsLbTrustStoreRevocation {
    type Live = Json;

    fn spec() -> Spec<Json> {
        Spec::new("aws_lb_trust_store_revocation", id, OfRevocation::rows())
            .role(Role::Name(Unjudged::All("certificates")))
            .recover(Recover::Key)
    }

    /// The natural key is the store alone: what a lost call added is the one that nobody knows yet.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
        let mut stores: Vec<String> = match which {
            Which::Ids(ids) => ids.iter().filter_map(|id| Some(parse(id)?.0)).collect(),
            Which::NaturalKey(want) => want.string("trust_store_arn").into_iter().collect(),
            Which::Token(_) => Vec::new(),
        };
        stores.sort();
        stores.dedup();
        let of_store = |store: String| async move {
            let (of, path) = (json!({ARN: store}), "TrustStoreRevocations.member");
            aws.read.api.list(&ELB_V2, "DescribeTrustStoreRevocations", of, PAGES, path).await
        };
        let mut found: Vec<Json> = each(stores, of_store).await?.into_iter().flatten().collect();
        if let Which::Ids(ids) = which {
            found.retain(|r| id(r).is_some_and(|id| ids.contains(&id)));
        }
        Ok(found)
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let answer = aws.write.api.call(&ELB_V2, "AddTrustStoreRevocations", OfRevocation::create(want)).await?;
        let (store, number) = (want.str("trust_store_arn"), "TrustStoreRevocations.member.RevocationId");
        let id = member_text(&answer, number).map(|number| format!("{},{number}", store.unwrap_or_default()));
        made(id.as_deref())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let Some((store, number)) = parse(id) else { return Ok(()) };
        let input = json!({ARN: store, "RevocationIds": {"member": [number]}});
        match aws.write.api.call(&ELB_V2, "RemoveTrustStoreRevocations", input).await {
            Err(e) if e.is("RevocationIdNotFound") => Ok(()),
            answer => answer.map(drop),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_revocation_names_its_store() {
        assert_eq!(parse("arn:aws:x:truststore/a/1,7"), Some(("arn:aws:x:truststore/a/1".to_owned(), 7)));
        assert_eq!(parse("arn:aws:x:truststore/a/1"), None);
    }
}

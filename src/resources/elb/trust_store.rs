//! aws_lb_trust_store and aws_lb_trust_store_revocation: the authorities whose clients a listener believes, and
//! certificates of theirs that it does not. AWS reads both from S3 and does not say from where.

use super::shared;
use crate::resources::prelude::*;
use aws_sdk_elasticloadbalancingv2::operation::create_trust_store::builders::CreateTrustStoreFluentBuilder as Create;
use aws_sdk_elasticloadbalancingv2::operation::modify_trust_store::builders::ModifyTrustStoreFluentBuilder as Modify;
use aws_sdk_elasticloadbalancingv2::types::{
    DescribeTrustStoreRevocation as Revocation, RevocationContent, Tag, TrustStore, TrustStoreStatus,
};

type Live = tags::Tagged<TrustStore, Tag>;

/// The resource type `aws_lb_trust_store`.
pub struct AwsLbTrustStore;
/// The resource type `aws_lb_trust_store_revocation`.
pub struct AwsLbTrustStoreRevocation;

table! {
    Rows: TrustStore, create Create, modify Modify {
        ca_certificates_bundle_s3_bucket: Text, create, modify [.required()];
        ca_certificates_bundle_s3_key: Text, create, modify [.required()];
        ca_certificates_bundle_s3_object_version: Text, create, modify;
        name: Text [.optional_computed().force_new().check(shared::name)];
        name_prefix: Text, none [.optional_computed().force_new().check(shared::name_prefix)];
        arn = trust_store_arn: Text, read [.computed()];
        arn_suffix: Text, none [.computed().read(|t| t.held().trust_store_arn().map(shared::arn_suffix).into())];
    }
}

const BUNDLE: [&str; 3] =
    ["ca_certificates_bundle_s3_bucket", "ca_certificates_bundle_s3_key", "ca_certificates_bundle_s3_object_version"];

impl Resource for AwsLbTrustStore {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::new("aws_lb_trust_store", |t: &Live| t.trust_store_arn().map(Into::into), Rows::rows())
            .role(Role::Name(Unjudged::All("certificates")))
            .own_tags(|t| tags::of(&t.tags))
            .by_name_from(shared::NAMELESS)
            .progress(|t| match t.status() {
                Some(TrustStoreStatus::Creating) => Progress::Pending("CREATING".into()),
                _ => Progress::Ready,
            })
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let all = all_of(aws.read.elb.describe_trust_stores().into_paginator().items().send()).await?;
        let found = shared::chosen(aws, all, which, TrustStore::trust_store_arn, TrustStore::name).await?;
        shared::complete(aws, found, TrustStore::trust_store_arn, |object, _, tags| async {
            Ok(tags::Tagged { object, tags })
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.elb.create_trust_store(), want);
        let answer = call.set_tags(tags::marked(want, token)).send().await?;
        made(answer.trust_stores().first().and_then(TrustStore::trust_store_arn))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        change.join(&BUNDLE);
        if let Some(call) = Rows::modify(aws.write.elb.modify_trust_store().trust_store_arn(id), change) {
            call.send().await?;
        }
        change.take("name_prefix");
        shared::retag(aws, id, change).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.elb.delete_trust_store().trust_store_arn(id).send().await)
    }
}

table! {
    OfRevocation: Revocation {
        revocations_s3_bucket: Text, none [.required().force_new()];
        revocations_s3_key: Text, none [.required().force_new()];
        revocations_s3_object_version: Text, none [.force_new()];
        trust_store_arn: Text, read [.required().force_new()];
        revocation_id: Int, read [.computed()];
    }
}

/// The id that Terraform gives it: the ARN of the store, and a number.
fn id(r: &Revocation) -> Option<String> {
    Some(format!("{},{}", r.trust_store_arn()?, r.revocation_id()?))
}

fn parse(id: &str) -> Option<(String, i64)> {
    let (store, number) = id.rsplit_once(',')?;
    Some((store.to_owned(), number.parse().ok()?))
}

impl Resource for AwsLbTrustStoreRevocation {
    type Live = Revocation;

    fn spec() -> Spec<Revocation> {
        Spec::new("aws_lb_trust_store_revocation", id, OfRevocation::rows())
            .role(Role::Name(Unjudged::All("certificates")))
            .recover(Recover::Key)
    }

    /// The natural key is the store alone: what a lost call added is the one that nobody knows yet.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Revocation>> {
        let mut stores: Vec<String> = match which {
            Which::Ids(ids) => ids.iter().filter_map(|id| Some(parse(id)?.0)).collect(),
            Which::NaturalKey(want) => want.string("trust_store_arn").into_iter().collect(),
            Which::Token(_) => Vec::new(),
        };
        stores.sort();
        stores.dedup();
        let of_store = |store: String| {
            all_of(
                aws.read.elb.describe_trust_store_revocations().trust_store_arn(store).into_paginator().items().send(),
            )
        };
        let mut found: Vec<Revocation> = each(stores, of_store).await?.into_iter().flatten().collect();
        if let Which::Ids(ids) = which {
            found.retain(|r| id(r).is_some_and(|id| ids.contains(&id)));
        }
        Ok(found)
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let content = RevocationContent::builder()
            .set_s3_bucket(want.string("revocations_s3_bucket"))
            .set_s3_key(want.string("revocations_s3_key"))
            .set_s3_object_version(want.string("revocations_s3_object_version"));
        let store = want.string("trust_store_arn").unwrap_or_default();
        let call = aws.write.elb.add_trust_store_revocations().trust_store_arn(&store);
        let answer = call.revocation_contents(content.build()).send().await?;
        let number = answer.trust_store_revocations().first().and_then(|r| r.revocation_id());
        made(number.map(|number| format!("{store},{number}")).as_deref())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let Some((store, number)) = parse(id) else { return Ok(()) };
        let call = aws.write.elb.remove_trust_store_revocations().trust_store_arn(store);
        match call.revocation_ids(number).send().await.map_err(Error::from) {
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

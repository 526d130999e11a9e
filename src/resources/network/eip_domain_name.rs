//! aws_eip_domain_name: the name that reverse DNS gives for a public address.

use crate::resources::prelude::*;
use aws_sdk_ec2::types::{AddressAttribute, AddressAttributeName::DomainName};

/// The resource type `aws_eip_domain_name`.
pub struct AwsEipDomainName;

const ADDRESS: &str = "allocation_id";
/// How many addresses one call takes.
const BATCH: usize = 1000;

table! {
    Rows: AddressAttribute {
        allocation_id: Text, read [.required().force_new()];
        domain_name: Text, none [.required().normal(Normal::With(same_name)).read(|a| name(a.held()).into())];
        ptr_record: Text, read [.computed().follows(&["domain_name"])];
    }
}

/// The name as it is or is becoming.
fn name(a: &AddressAttribute) -> Option<&str> {
    a.ptr_record_update().and_then(|update| update.value()).or(a.ptr_record())
}

/// AWS ends a name with a dot.
fn same_name(wanted: &Value, now: &Value) -> bool {
    let plain = |value: &Value| value.as_str().map(|text| text.trim_end_matches('.').to_lowercase());
    plain(wanted) == plain(now)
}

async fn named(aws: &Aws, ids: &[String]) -> Result<Vec<AddressAttribute>> {
    let call = aws.read.ec2.describe_addresses_attribute().attribute(DomainName);
    all_of(call.set_allocation_ids(Some(ids.to_vec())).into_paginator().items().send()).await
}

async fn set(aws: &Aws, of: &Attrs) -> Result<()> {
    let call = aws.write.ec2.modify_address_attribute().set_allocation_id(of.string(ADDRESS));
    done(call.set_domain_name(of.string("domain_name")).send().await)
}

impl Resource for AwsEipDomainName {
    type Live = AddressAttribute;

    fn spec() -> Spec<AddressAttribute> {
        Spec::new("aws_eip_domain_name", |a: &AddressAttribute| a.allocation_id().map(Into::into), Rows::rows())
            .role(Role::Name(Unjudged::All("names")))
            .unique(&[&[ADDRESS]])
            .recover(Recover::Key)
            .default_timeout(10)
            .progress(|a| match a.ptr_record_update().and_then(|update| update.status()) {
                Some(word) if word.eq_ignore_ascii_case("pending") => Progress::Pending("pending".into()),
                Some(word) if word.eq_ignore_ascii_case("failed") => {
                    let why = a.ptr_record_update().and_then(|update| update.reason());
                    Progress::Failed(why.unwrap_or(word).to_owned())
                }
                _ => Progress::Ready,
            })
    }

    /// The call refuses all addresses where one is gone; then each is asked for alone.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<AddressAttribute>> {
        let ids = which.by(ADDRESS);
        let mut found = Vec::new();
        for batch in ids.chunks(BATCH) {
            match named(aws, batch).await {
                Err(e) if e.is_not_found() => {
                    let alone = each(batch.to_vec(), |id| async move { named(aws, &[id]).await }).await?;
                    found.extend(alone.into_iter().flatten());
                }
                answer => found.extend(answer?),
            }
        }
        found.retain(|a| name(a).is_some_and(|name| !name.is_empty()));
        Ok(found)
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        set(aws, want).await?;
        made(want.str(ADDRESS))
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take("domain_name").is_some() { set(aws, change.after).await } else { Ok(()) }
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let call = aws.write.ec2.reset_address_attribute().allocation_id(id).attribute(DomainName);
        settle::unless_gone(call.send().await)
    }
}

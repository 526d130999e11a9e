//! Parts that instances and clusters have in common: how they are read, told apart and asked for.

use crate::aws::{Aws, Error, Result};
use crate::resources::spec::{self, Progress, rows};
use crate::schema::normal::Normal;
use crate::schema::{Attribute, Attrs};
use crate::value::{Type, Value};
use aws_sdk_rds::types::{
    CloudwatchLogsExportConfiguration, DbInstance, Filter, MasterUserSecret, PendingCloudwatchLogsExports,
    VpcSecurityGroupMembership,
};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use std::collections::BTreeSet;
use std::time::Duration;

type Row = spec::A<()>;

/// How many values one filter takes. RDS names no bound; this keeps requests small.
const FILTER_VALUES: usize = 100;
/// How long a change that was asked for may take to be seen: this often, this long apart.
const LOOKS: u32 = 60;
const APART: Duration = Duration::from_secs(1);

/// An identifier, or an ARN that ends with it, which AWS shortens in the object's own region.
pub const IDENTIFIER_OR_ARN: Normal = Normal::With(|wanted, now| match (wanted.as_str(), now.as_str()) {
    (Some(wanted), Some(now)) => {
        now == wanted || (wanted.starts_with("arn:") && wanted.rsplit(':').next() == Some(now))
    }
    _ => false,
});

/// Filters on `name`, in portions that one call takes each.
pub fn filtered(name: &str, values: &[String]) -> Vec<Vec<Filter>> {
    let one = |chunk: &[String]| vec![Filter::builder().name(name).set_values(Some(chunk.to_vec())).build()];
    values.chunks(FILTER_VALUES).map(one).collect()
}

/// The instances that filters let through.
pub async fn instances(aws: &Aws, filters: Vec<Vec<Filter>>) -> Result<Vec<DbInstance>> {
    let calls = filters.into_iter().map(|filters| {
        let call = aws.read.rds.describe_db_instances().set_filters(Some(filters).filter(|f| !f.is_empty()));
        async move { aws.pages(vec![Vec::new()], |_| call.clone().into_paginator().items().send()).await }
    });
    Ok(futures::future::try_join_all(calls).await?.into_iter().flatten().collect())
}

/// How far an instance or cluster is, by its status.
pub fn progress(status: Option<&str>) -> Progress {
    match status.unwrap_or("creating") {
        "available" | "storage-optimization" | "stopped" | "storage-config-upgrade" | "storage-initialization" => {
            Progress::Ready
        }
        failed @ ("failed"
        | "incompatible-create"
        | "incompatible-network"
        | "incompatible-option-group"
        | "incompatible-parameters"
        | "incompatible-restore"
        | "insufficient-capacity"
        | "restore-error"
        | "migration-failed"
        | "cloning-failed"
        | "inaccessible-encryption-credentials") => Progress::Failed(failed.to_owned()),
        other => Progress::Pending(other.to_owned()),
    }
}

/// Waits until AWS has begun with a change that shall come about at once; it shows as available for a
/// moment longer. What does not begin in time is not waited for: the change may have been none.
pub async fn begun<F>(done_or_under_way: impl Fn() -> F) -> Result<()>
where
    F: Future<Output = Result<bool>>,
{
    for _ in 0..LOOKS {
        if done_or_under_way().await? {
            break;
        }
        tokio::time::sleep(APART).await;
    }
    Ok(())
}

/// The ids of the security groups that are attached or about to be.
pub fn security_groups(memberships: &[VpcSecurityGroupMembership]) -> Value {
    let stays = |m: &&VpcSecurityGroupMembership| m.status() != Some("removing");
    Value::string_set(memberships.iter().filter(stays).filter_map(|m| m.vpc_security_group_id()))
}

/// The logs that are exported once what is pending has come about.
pub fn log_exports(now: &[String], pending: Option<&PendingCloudwatchLogsExports>) -> Value {
    let mut all: BTreeSet<&str> = now.iter().map(String::as_str).collect();
    if let Some(pending) = pending {
        all.extend(pending.log_types_to_enable().iter().map(String::as_str));
        for gone in pending.log_types_to_disable() {
            all.remove(gone.as_str());
        }
    }
    Value::string_set(all)
}

/// What leads from some exported logs to others.
pub fn export_change(gone: &[Value], new: &[Value]) -> CloudwatchLogsExportConfiguration {
    let texts = |all: &[Value]| {
        Some(all.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()).filter(|all| !all.is_empty())
    };
    CloudwatchLogsExportConfiguration::builder()
        .set_enable_log_types(texts(new))
        .set_disable_log_types(texts(gone))
        .build()
}

fn secret_type() -> Type {
    Type::object(["kms_key_id", "secret_arn", "secret_status"].map(|name| (name, Type::String)))
}

/// The row `master_user_secret`.
pub fn secret_row<L>() -> spec::A<L> {
    spec::A::of("master_user_secret", Type::list(secret_type()))
}

/// The secret that AWS keeps the master password in.
pub fn secret(secret: Option<&MasterUserSecret>) -> Value {
    let object = |s: &MasterUserSecret| {
        Value::object([
            ("kms_key_id", Value::from(s.kms_key_id())),
            ("secret_arn", s.secret_arn().into()),
            ("secret_status", s.secret_status().into()),
        ])
    };
    Value::list(secret_type(), secret.map(object).into_iter().collect())
}

/// A point in time as the layout gives it.
pub fn instant(block: &Attrs, name: &str) -> Result<Option<DateTime>> {
    let Some(text) = block.str(name) else { return Ok(None) };
    match DateTime::from_str(text, Format::DateTimeWithOffset) {
        Ok(at) => Ok(Some(at)),
        Err(e) => Err(Error::new(crate::aws::Kind::Refused, format!("{name}: {e}"))),
    }
}

/// A point in time as the layout sees it.
pub fn written(at: Option<&DateTime>) -> Value {
    at.and_then(|at| at.fmt(Format::DateTime).ok()).into()
}

/// The block `s3_import`: a backup that somebody else's database made.
pub fn s3_import<L>() -> spec::A<L> {
    let inner: Vec<Attribute> = rows([
        Row::string("bucket_name").required(),
        Row::string("bucket_prefix"),
        Row::string("ingestion_role").required(),
        Row::string("source_engine").required(),
        Row::string("source_engine_version").required(),
    ]);
    spec::A::optional_block("s3_import", inner).force_new()
}

/// Whether the block `name` is given.
pub fn block(want: &Attrs, name: &str) -> Option<Attrs> {
    want.blocks(name).into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_tells_how_far_a_database_is() {
        assert_eq!(progress(Some("available")), Progress::Ready);
        assert_eq!(progress(Some("storage-optimization")), Progress::Ready);
        assert_eq!(progress(Some("modifying")), Progress::Pending("modifying".into()));
        assert_eq!(progress(Some("incompatible-parameters")), Progress::Failed("incompatible-parameters".into()));
        assert_eq!(progress(None), Progress::Pending("creating".into()));
    }

    #[test]
    fn exported_logs_are_those_that_will_be() {
        let pending =
            PendingCloudwatchLogsExports::builder().log_types_to_enable("error").log_types_to_disable("audit");
        let now = ["audit".to_owned(), "general".to_owned()];
        assert_eq!(log_exports(&now, Some(&pending.build())), Value::string_set(["error", "general"]));
        assert_eq!(log_exports(&now, None), Value::string_set(["audit", "general"]));
    }

    #[test]
    fn a_source_in_the_same_region_may_be_given_by_arn() {
        let same = |a: &str, b: &str| IDENTIFIER_OR_ARN.same(&a.into(), &b.into());
        assert!(same("arn:aws:rds:eu-west-1:123456789012:db:orders", "orders"));
        assert!(same("orders", "orders"));
        assert!(!same("arn:aws:rds:eu-west-1:123456789012:db:orders", "other"));
    }
}

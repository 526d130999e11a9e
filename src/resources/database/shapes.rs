//! Parts that instances and clusters have in common: how they are read, distinguished, asked for and changed.

use crate::resources::block::some;
use crate::resources::prelude::*;
use aws_sdk_rds::operation::modify_db_cluster::builders::ModifyDBClusterFluentBuilder as ModifyCluster;
use aws_sdk_rds::operation::modify_db_instance::builders::ModifyDBInstanceFluentBuilder as ModifyInstance;
use aws_sdk_rds::operation::restore_db_cluster_from_s3::builders::RestoreDBClusterFromS3FluentBuilder as RestoreCluster;
use aws_sdk_rds::operation::restore_db_instance_from_s3::builders::RestoreDBInstanceFromS3FluentBuilder as RestoreInstance;
use aws_sdk_rds::types::{
    CloudwatchLogsExportConfiguration, ClusterPendingModifiedValues, DbCluster, DbInstance, Endpoint, Filter,
    MasterUserSecret, PendingCloudwatchLogsExports, PendingModifiedValues, Tag, VpcSecurityGroupMembership,
};
use std::collections::BTreeSet;
use std::marker::PhantomData;

/// How many values one filter takes. RDS names no bound; this keeps requests small.
const FILTER_VALUES: usize = 100;

/// An identifier, or an ARN that ends with it, which AWS shortens in the object's own region.
pub const IDENTIFIER_OR_ARN: Normal = Normal::With(|wanted, now| match (wanted.as_str(), now.as_str()) {
    (Some(wanted), Some(now)) => {
        now == wanted || (wanted.starts_with("arn:") && wanted.rsplit(':').next() == Some(now))
    }
    _ => false,
});

block! {
    /// The secret that AWS keeps the master password in.
    Secret: MasterUserSecret => MasterUserSecret {
        kms_key_id: Text, read [.computed()];
        secret_arn: Text, read [.computed()];
        secret_status: Text, read [.computed()];
    }
    /// Where a database listens.
    Listener: Endpoint => Endpoint {
        address: Text, read [.computed()];
        hosted_zone_id: Text, read [.computed()];
        port: Int, read [.computed()];
    }
}

/// At most one block that says what an object is made from. Its rows go into the call that makes it.
pub struct Source<T>(PhantomData<T>);

impl<T: Table<Live = ()>> Cell for Source<T> {
    fn column<L>(name: &'static str) -> A<L> {
        A::optional_block(name, T::rows::<()>().into_iter().map(|a| a.row).collect()).force_new()
    }
}

table! {
    /// The block `s3_import`: a backup that somebody else's database made.
    pub Backup: (), create RestoreInstance; import RestoreCluster {
        bucket_name = s3_bucket_name: Text, make [.required()];
        bucket_prefix = s3_prefix: Text, make;
        ingestion_role = s3_ingestion_role_arn: Text, make [.required()];
        source_engine: Text, make [.required()];
        source_engine_version: Text, make [.required()];
    }
}

/// An instance or a cluster, as RDS lists it.
pub trait Listed: Sized + Send {
    /// The filter for identifiers.
    const IDENTIFIER: &'static str;

    /// Those that the filters let through.
    fn list(aws: &Aws, filters: Vec<Filter>) -> impl Future<Output = Result<Vec<Self>>> + Send;
    /// Its tags.
    fn tags(&self) -> &[Tag];
    /// How it is, in AWS's word.
    fn status(&self) -> Option<&str>;
    /// Whether something will change that has not come about yet.
    fn has_pending(&self) -> bool;
}

/// A call that changes an instance or a cluster.
pub trait Modification {
    /// The same with a master password and logs that are exported from now on.
    fn with(self, password: Option<String>, logs: Option<CloudwatchLogsExportConfiguration>) -> Self;
}

macro_rules! listed {
    ($($ty:ty: $describe:ident $filter:literal $status:ident $pending:ty, $modify:ty;)*) => {$(
        impl Listed for $ty {
            const IDENTIFIER: &'static str = $filter;

            async fn list(aws: &Aws, filters: Vec<Filter>) -> Result<Vec<Self>> {
                all_of(aws.read.rds.$describe().set_filters(some(filters)).into_paginator().items().send()).await
            }

            fn tags(&self) -> &[Tag] {
                self.tag_list()
            }

            fn status(&self) -> Option<&str> {
                self.$status()
            }

            fn has_pending(&self) -> bool {
                self.pending_modified_values().is_some_and(|pending| *pending != <$pending>::builder().build())
            }
        }

        impl Modification for $modify {
            fn with(self, password: Option<String>, logs: Option<CloudwatchLogsExportConfiguration>) -> Self {
                self.set_master_user_password(password).set_cloudwatch_logs_export_configuration(logs)
            }
        }
    )*};
}

listed! {
    DbInstance: describe_db_instances "db-instance-id" db_instance_status PendingModifiedValues, ModifyInstance;
    DbCluster: describe_db_clusters "db-cluster-id" status ClusterPendingModifiedValues, ModifyCluster;
}

/// Those with one of these values, in as few calls as take them.
pub async fn filtered<T: Listed>(aws: &Aws, by: &str, values: &[String]) -> Result<Vec<T>> {
    let filter = |chunk: &[String]| Filter::builder().name(by).set_values(Some(chunk.to_vec())).build();
    let calls = values.chunks(FILTER_VALUES).map(|chunk| T::list(aws, vec![filter(chunk)]));
    Ok(futures::future::try_join_all(calls).await?.into_iter().flatten().collect())
}

/// Those asked for: `by` is the filter for ids, `name` the argument that holds the identifier.
pub async fn described<T: Listed>(aws: &Aws, which: Which<'_>, by: &str, name: &str) -> Result<Vec<T>> {
    match which {
        Which::Ids(ids) => filtered(aws, by, ids).await,
        Which::NaturalKey(want) => filtered(aws, T::IDENTIFIER, want.string(name).as_slice()).await,
        Which::Token(token) => {
            let mut all = T::list(aws, Vec::new()).await?;
            all.retain(|each| tags::hold_token(each.tags(), token));
            Ok(all)
        }
    }
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

/// Which logs are exported from now on and which no longer, if that changes.
fn export_change(change: &mut Change<'_>) -> Option<CloudwatchLogsExportConfiguration> {
    let (gone, new) = change.take_elements("enabled_cloudwatch_logs_exports")?;
    let texts = |all: &[Value]| some(all.iter().filter_map(Value::as_str).map(str::to_owned).collect());
    let builder = CloudwatchLogsExportConfiguration::builder().set_enable_log_types(texts(&new));
    Some(builder.set_disable_log_types(texts(&gone)).build())
}

/// What goes into a call together.
const TOGETHER: [&[&str]; 2] = [
    &["monitoring_interval", "monitoring_role_arn"],
    &[
        "database_insights_mode",
        "performance_insights_enabled",
        "performance_insights_kms_key_id",
        "performance_insights_retention_period",
    ],
];

/// What goes along only with something that is there or on.
const ALONG: [(&str, &[&str]); 5] = [
    ("monitoring_interval", &["monitoring_role_arn"]),
    ("performance_insights_enabled", &["performance_insights_kms_key_id", "performance_insights_retention_period"]),
    ("performance_insights_retention_period", &["performance_insights_retention_period"]),
    ("manage_master_user_password", &["master_user_secret_kms_key_id"]),
    ("domain_auth_secret_arn", &["domain_fqdn", "domain_ou"]),
];

/// The arguments as a change gives them to RDS.
pub fn sendable(want: &Attrs) -> Attrs {
    let off = |name: &str| match want.get(name) {
        Some(value) => value.as_bool() == Some(false) || value.as_i64() == Some(0) || value.is_null(),
        None => true,
    };
    let left_out = ALONG.iter().filter(|(name, _)| off(name)).flat_map(|(_, names)| *names);
    left_out.fold(want.clone(), |want, name| want.with(name, Value::any_null()))
}

/// The master password, wherever the layout has it: in clear, or kept nowhere.
pub fn password(want: &Attrs, [plain, hidden, _]: [&str; 3]) -> Option<String> {
    want.string(plain).or_else(|| want.string(hidden))
}

/// The master password that a change sets, if it does and AWS does not keep one of its own.
fn new_password(change: &mut Change<'_>, [plain, hidden, version]: [&str; 3]) -> Option<String> {
    let turned = change.has("manage_master_user_password");
    let shown = change.take(plain).is_some() || turned;
    let secret = change.take(hidden).is_some() && change.fresh;
    let anew = change.take(version).is_some() || secret || turned;
    let managed = change.after.bool("manage_master_user_password") == Some(true);
    let text = |name: &str, set: bool| change.after.string(name).filter(|_| set && !managed);
    text(plain, shown).or_else(|| text(hidden, anew))
}

/// The call with all that changes of the rows of a type, its password and its logs; none if nothing does. Turned on
/// alone, `apply_immediately` brings about what is pending.
pub fn modification<T>(
    modify: impl Fn() -> T::Modify,
    change: &mut Change<'_>,
    now: &T::Live,
    password: [&str; 3],
) -> Option<T::Modify>
where
    T: Table<Live: Listed, Modify: Modification>,
{
    TOGETHER.into_iter().for_each(|names| change.join(names));
    if change.after.bool("manage_master_user_password") == Some(true) {
        change.join(&["manage_master_user_password", "master_user_secret_kms_key_id"]);
    }
    let (password, logs) = (new_password(change, password), export_change(change));
    let hurry = change.take_bool("apply_immediately") == Some(true) && now.has_pending();
    let rows = T::modify(modify(), change);
    let any = rows.is_some() || password.is_some() || logs.is_some() || hurry;
    any.then(|| rows.unwrap_or_else(modify).with(password, logs))
}

/// Waits until what was asked for is done or under way: an object shows as available for a moment longer. What does
/// not begin in time is not waited for, as the change may have been none.
pub async fn under_way<R: Resource<Live: Listed>>(aws: &Aws, id: &str, what: &str) -> Result<()> {
    let begun = || async {
        let now = settle::now::<R>(aws, id).await?;
        Ok(now.status() != Some("available") || !now.has_pending())
    };
    settle::within(60, &format!("the {what} to begin with its change"), begun).await.map(drop)
}

/// Of the arguments `names` those that the layout leaves out: as AWS has them they are no difference.
pub fn left_out(want: &Attrs, names: &[&'static str]) -> Vec<&'static str> {
    let given = |name: &str| want.is_given(name) && want.get(name).is_none_or(|v| v.as_elements() != Some(&[]));
    names.iter().copied().filter(|name| !given(name)).collect()
}

/// `engine_version`, if AWS upgraded it as it may.
pub fn version_left_to_aws(want: &Attrs, now: &Attrs) -> Option<&'static str> {
    let engine = now.str("engine").or(want.str("engine"))?;
    let may = want.bool("auto_minor_version_upgrade") != Some(false);
    let upgraded = super::checks::upgraded(engine, want.str("engine_version")?, now.str("engine_version")?);
    (may && upgraded).then_some("engine_version")
}

/// The block `name`, if it is given.
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
        let same = |a: &str, b: &str| IDENTIFIER_OR_ARN.equivalent(&a.into(), &b.into());
        assert!(same("arn:aws:rds:eu-west-1:123456789012:db:orders", "orders"));
        assert!(same("orders", "orders"));
        assert!(!same("arn:aws:rds:eu-west-1:123456789012:db:orders", "other"));
    }

    #[test]
    fn what_depends_on_something_off_is_not_sent() {
        let want = Attrs::default().with("monitoring_interval", 0).with("monitoring_role_arn", "arn");
        assert!(!sendable(&want).is_set("monitoring_role_arn"));
        assert!(sendable(&want.with("monitoring_interval", 60)).is_set("monitoring_role_arn"));
    }
}

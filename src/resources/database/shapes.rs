//! Parts that instances and clusters have in common: how they are read, distinguished, asked for and changed.

use super::rds::{each_text, filter, list};
use super::tagging;
use crate::aws::api::{items, member, member_text};
use crate::resources::document::{Document, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

/// How many values one filter takes. RDS names no bound; this keeps requests small.
const FILTER_VALUES: usize = 100;

/// An identifier, or an ARN that ends with it, which AWS shortens in the object's own region.
pub const IDENTIFIER_OR_ARN: Normal = Normal::With(|wanted, now| match (wanted.as_str(), now.as_str()) {
    (Some(wanted), Some(now)) => {
        now == wanted || (wanted.starts_with("arn:") && wanted.rsplit(':').next() == Some(now))
    }
    _ => false,
});

document! {
    /// The secret that AWS keeps the master password in.
    pub Secret {
        kms_key_id = "KmsKeyId": Text, read [.computed()];
        secret_arn = "SecretArn": Text, read [.computed()];
        secret_status = "SecretStatus": Text, read [.computed()];
    }
}

document! {
    /// Where a database listens.
    pub Listener {
        address = "Address": Text, read [.computed()];
        hosted_zone_id = "HostedZoneId": Text, read [.computed()];
        port = "Port": Int, read [.computed()];
    }
}

document! {
    /// The block `s3_import`: a backup that somebody else's database made.
    pub Backup {
        bucket_name = "S3BucketName": Text, create [.required()];
        bucket_prefix = "S3Prefix": Text, create;
        ingestion_role = "S3IngestionRoleArn": Text, create [.required()];
        source_engine = "SourceEngine": Text, create [.required()];
        source_engine_version = "SourceEngineVersion": Text, create [.required()];
    }
}

/// How RDS lists instances or clusters.
pub struct Listing {
    operation: &'static str,
    path: &'static str,
    /// The filter for identifiers.
    pub identifier: &'static str,
    status: &'static str,
    what: &'static str,
}

/// Instances.
pub static INSTANCES: Listing = Listing {
    operation: "DescribeDBInstances",
    path: "DBInstances.DBInstance",
    identifier: "db-instance-id",
    status: "DBInstanceStatus",
    what: "instance",
};
/// Clusters.
pub static CLUSTERS: Listing = Listing {
    operation: "DescribeDBClusters",
    path: "DBClusters.DBCluster",
    identifier: "db-cluster-id",
    status: "Status",
    what: "cluster",
};

impl Listing {
    /// Those that the filters let through.
    pub async fn list(&self, aws: &Aws, filters: Vec<Json>) -> Result<Vec<Json>> {
        list(aws, self.operation, json!({"Filters": {"Filter": filters}}), self.path).await
    }

    /// Those with one of these values, in as few calls as take them.
    pub async fn filtered(&self, aws: &Aws, by: &str, values: &[String]) -> Result<Vec<Json>> {
        let calls = values.chunks(FILTER_VALUES).map(|chunk| self.list(aws, vec![filter(Some(by), chunk)]));
        Ok(futures::future::try_join_all(calls).await?.into_iter().flatten().collect())
    }

    /// Those asked for: `by` is the filter for ids, `name` the argument that holds the identifier.
    pub async fn described(&self, aws: &Aws, which: Which<'_>, by: &str, name: &str) -> Result<Vec<Json>> {
        match which {
            Which::Ids(ids) => self.filtered(aws, by, ids).await,
            Which::NaturalKey(want) => self.filtered(aws, self.identifier, want.string(name).as_slice()).await,
            Which::Token(token) => {
                let mut all = self.list(aws, Vec::new()).await?;
                all.retain(|each| tags::hold_token(&tagging::of(each), token));
                Ok(all)
            }
        }
    }

    /// Waits until what was asked for is done or under way: an object shows as available for a moment longer. What does
    /// not begin in time is not waited for, as the change may have been none.
    pub async fn under_way<R: Resource<Live = Json>>(&self, aws: &Aws, id: &str) -> Result<()> {
        let begun = || async {
            let now = settle::now::<R>(aws, id).await?;
            Ok(member_text(&now, self.status).as_deref() != Some("available") || !has_pending(&now))
        };
        settle::within(60, &format!("the {} to begin with its change", self.what), begun).await.map(drop)
    }
}

/// Whether something will change that has not come about yet.
fn has_pending(d: &Json) -> bool {
    member(d, "PendingModifiedValues").and_then(Json::as_object).is_some_and(|pending| !pending.is_empty())
}

/// How far an instance or cluster is, by its status.
pub fn progress(status: Option<String>) -> Progress {
    match status.as_deref().unwrap_or("creating") {
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

/// Where a cluster has its roles.
pub const ROLES: &str = "AssociatedRoles.DBClusterRole";

/// Where a cluster has its members.
pub const MEMBERS: &str = "DBClusterMembers.DBClusterMember";

/// The first of the groups of parameters that an instance has.
pub fn parameter_group(d: &Json) -> Option<String> {
    each_text(d, "DBParameterGroups.DBParameterGroup", "DBParameterGroupName").into_iter().next()
}

/// The directory that an instance or cluster is a member of.
pub fn directory(d: &Json) -> Json {
    items(d, "DomainMemberships.DomainMembership").into_iter().next().unwrap_or_default()
}

/// The ids of the security groups that are attached or about to be.
pub fn security_groups(d: &Json) -> Value {
    let mut all = items(d, "VpcSecurityGroups.VpcSecurityGroupMembership");
    all.retain(|m| member_text(m, "Status").as_deref() != Some("removing"));
    Value::string_set(all.iter().filter_map(|m| member_text(m, "VpcSecurityGroupId")))
}

/// The logs that are exported once what is pending has come about.
pub fn log_exports(d: &Json) -> Value {
    let logs = |path: &str| items(d, path).into_iter().filter_map(|log| Some(log.as_str()?.to_owned()));
    let mut all: BTreeSet<String> = logs("EnabledCloudwatchLogsExports.member").collect();
    all.extend(logs("PendingModifiedValues.PendingCloudwatchLogsExports.LogTypesToEnable.member"));
    for gone in logs("PendingModifiedValues.PendingCloudwatchLogsExports.LogTypesToDisable.member") {
        all.remove(&gone);
    }
    Value::string_set(all)
}

/// Which logs are exported from now on and which no longer, if that changes.
fn export_change(change: &mut Change<'_>) -> Option<Json> {
    let (gone, new) = change.take_elements("enabled_cloudwatch_logs_exports")?;
    let texts = |all: &[Value]| all.iter().filter_map(Value::as_str).map(Json::from).collect::<Json>();
    Some(json!({"EnableLogTypes": {"member": texts(&new)}, "DisableLogTypes": {"member": texts(&gone)}}))
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

/// The members of the call with all that changes of the rows of a type, its password and its logs; none if nothing
/// does. Turned on alone, `apply_immediately` brings about what is pending.
pub fn modification<T: Document>(change: &mut Change<'_>, now: &Json, password: [&str; 3]) -> Option<Json> {
    TOGETHER.into_iter().for_each(|names| change.join(names));
    if change.after.bool("manage_master_user_password") == Some(true) {
        change.join(&["manage_master_user_password", "master_user_secret_kms_key_id"]);
    }
    let (password, logs) = (new_password(change, password), export_change(change));
    let hurry = change.take_bool("apply_immediately") == Some(true) && has_pending(now);
    let rows = T::filled(change);
    let any = rows.is_some() || password.is_some() || logs.is_some() || hurry;
    let more = json!({"MasterUserPassword": password, "CloudwatchLogsExportConfiguration": logs});
    any.then(|| joined(rows.unwrap_or_else(|| json!({})), more))
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
        assert_eq!(progress(Some("available".into())), Progress::Ready);
        assert_eq!(progress(Some("storage-optimization".into())), Progress::Ready);
        assert_eq!(progress(Some("modifying".into())), Progress::Pending("modifying".into()));
        assert_eq!(
            progress(Some("incompatible-parameters".into())),
            Progress::Failed("incompatible-parameters".into())
        );
        assert_eq!(progress(None), Progress::Pending("creating".into()));
    }

    #[test]
    fn exported_logs_are_those_that_will_be() {
        let pending = json!({"LogTypesToEnable": {"member": "error"}, "LogTypesToDisable": {"member": "audit"}});
        let mut now = json!({"EnabledCloudwatchLogsExports": {"member": ["audit", "general"]}});
        assert_eq!(log_exports(&now), Value::string_set(["audit", "general"]));
        now["PendingModifiedValues"] = json!({"PendingCloudwatchLogsExports": pending});
        assert_eq!(log_exports(&now), Value::string_set(["error", "general"]));
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

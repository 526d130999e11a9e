//! aws_db_snapshot: a copy of a database as it was, and the accounts that may use it.

use super::rds::{ask, call, filter, is, list};
use super::{shapes, tagging};
use crate::aws::api::{items, member_text};
use crate::resources::document::{Document, document};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// The resource type `aws_db_snapshot`.
pub struct AwsDbSnapshot;

/// A snapshot as listed, with the accounts that it is shared with.
pub struct Live {
    snapshot: Json,
    shared: Vec<String>,
}

held!(Live: snapshot as Json);

document! {
    Rows {
        db_instance_identifier = "DBInstanceIdentifier": Text [.required().force_new()];
        db_snapshot_identifier = "DBSnapshotIdentifier": Text [.required().force_new()];
        allocated_storage = "AllocatedStorage": Int, read [.computed()];
        availability_zone = "AvailabilityZone": Text, read [.computed()];
        db_snapshot_arn = "DBSnapshotArn": Text, read [.computed()];
        encrypted = "Encrypted": Flag, read [.computed()];
        engine = "Engine": Text, read [.computed()];
        engine_version = "EngineVersion": Text, read [.computed()];
        iops = "Iops": Int, read [.computed()];
        kms_key_id = "KmsKeyId": Text, read [.computed()];
        license_model = "LicenseModel": Text, read [.computed()];
        option_group_name = "OptionGroupName": Text, read [.computed()];
        port = "Port": Int, read [.computed()];
        snapshot_type = "SnapshotType": Text, read [.computed()];
        source_db_snapshot_identifier = "SourceDBSnapshotIdentifier": Text, read [.computed()];
        source_region = "SourceRegion": Text, read [.computed()];
        status = "Status": Text, read [.computed()];
        storage_type = "StorageType": Text, read [.computed()];
        vpc_id = "VpcId": Text, read [.computed()];
    }
}

/// The member that has its identifier.
const ID: &str = "DBSnapshotIdentifier";
/// The attribute of a snapshot that names the accounts which may restore it.
const RESTORE: &str = "restore";

impl Resource for AwsDbSnapshot {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let shared = A::string_set("shared_accounts").read(|l: &Live| Value::string_set(&l.shared));
        let rows = Rows::rows().into_iter().chain([shared]).collect();
        Spec::new("aws_db_snapshot", |l: &Live| member_text(&l.snapshot, ID), rows)
            .role(Role::NotServing("it is a copy that nobody asks"))
            .own_tags(|l| tags::of(&tagging::of(&l.snapshot)))
            .unique(&[&["db_snapshot_identifier"]])
            .progress(|l| shapes::progress(member_text(&l.snapshot, "Status")))
            .wait_for_deletion()
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let all = |filters| list(aws, "DescribeDBSnapshots", filters, "DBSnapshots.DBSnapshot");
        let by = |names: Vec<String>| json!({"Filters": {"Filter": [filter(Some("db-snapshot-id"), &names)]}});
        let mut found = match which {
            Which::Ids([]) => Vec::new(),
            Which::Token(_) => all(json!({})).await?,
            which => all(by(which.by("db_snapshot_identifier"))).await?,
        };
        if let Which::Token(token) = which {
            found.retain(|s| tags::hold_token(&tagging::of(s), token));
        }
        each(found, |snapshot| async {
            let answer = ask(aws, "DescribeDBSnapshotAttributes", json!({ID: snapshot[ID]})).await?;
            let all = items(&answer, "DBSnapshotAttributesResult.DBSnapshotAttributes.DBSnapshotAttribute");
            let shared = all.iter().filter(|a| is(a, "AttributeName", Some(RESTORE)));
            let shared = shared.flat_map(|a| items(a, "AttributeValues.AttributeValue"));
            let shared = shared.filter_map(|account| account.as_str().map(str::to_owned)).collect();
            Ok(Live { snapshot, shared })
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let answer = call(aws, "CreateDBSnapshot", tagging::marked(Rows::create(want), want, token)).await?;
        made(member_text(&answer, "DBSnapshot.DBSnapshotIdentifier").as_deref())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let [gone, new] = change.take_texts("shared_accounts");
        if gone.is_some() || new.is_some() {
            let accounts = |all: Option<Vec<String>>| json!({"AttributeValue": all});
            let (add, remove) = (accounts(new), accounts(gone));
            let input = json!({ID: id, "AttributeName": RESTORE, "ValuesToAdd": add, "ValuesToRemove": remove});
            call(aws, "ModifyDBSnapshotAttribute", input).await?;
        }
        tagging::change(aws, change.before.str("db_snapshot_arn").unwrap_or_default(), change).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        call(aws, "DeleteDBSnapshot", json!({ID: id})).await.map(drop)
    }
}

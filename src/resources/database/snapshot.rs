//! aws_db_snapshot: a copy of a database as it was, and the accounts that may use it.

use super::{shapes, tagging};
use crate::resources::prelude::*;
use aws_sdk_rds::operation::create_db_snapshot::builders::CreateDBSnapshotFluentBuilder as Create;
use aws_sdk_rds::types::{DbSnapshot, Filter};

/// The resource type `aws_db_snapshot`.
pub struct AwsDbSnapshot;

/// A snapshot as listed, with the accounts that it is shared with.
pub struct Live {
    snapshot: DbSnapshot,
    shared: Vec<String>,
}

held!(Live: snapshot as DbSnapshot);

table! {
    Rows: DbSnapshot, create Create {
        db_instance_identifier: Text [.required().force_new()];
        db_snapshot_identifier: Text [.required().force_new()];
        allocated_storage: Int, read [.computed()];
        availability_zone: Text, read [.computed()];
        db_snapshot_arn: Text, read [.computed()];
        encrypted: Flag, read [.computed()];
        engine: Text, read [.computed()];
        engine_version: Text, read [.computed()];
        iops: Int, read [.computed()];
        kms_key_id: Text, read [.computed()];
        license_model: Text, read [.computed()];
        option_group_name: Text, read [.computed()];
        port: Int, read [.computed()];
        snapshot_type: Text, read [.computed()];
        source_db_snapshot_identifier: Text, read [.computed()];
        source_region: Text, read [.computed()];
        status: Text, read [.computed()];
        storage_type: Text, read [.computed()];
        vpc_id: Text, read [.computed()];
    }
}

/// The attribute of a snapshot that names the accounts which may restore it.
const RESTORE: &str = "restore";

impl Resource for AwsDbSnapshot {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let shared = A::string_set("shared_accounts").read(|l: &Live| Value::string_set(&l.shared));
        let rows = Rows::rows().into_iter().chain([shared]).collect();
        Spec::new("aws_db_snapshot", |l: &Live| l.snapshot.db_snapshot_identifier().map(Into::into), rows)
            .role(Role::NotServing("it is a copy that nobody asks"))
            .own_tags(|l| tags::of(l.snapshot.tag_list()))
            .unique(&[&["db_snapshot_identifier"]])
            .progress(|l| shapes::progress(l.snapshot.status()))
            .wait_for_deletion()
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let call = aws.read.rds.describe_db_snapshots();
        let by = |names: Vec<String>| Filter::builder().name("db-snapshot-id").set_values(Some(names)).build();
        let mut found = match which {
            Which::Ids([]) => Vec::new(),
            Which::Token(_) => all_of(call.into_paginator().items().send()).await?,
            which => {
                let names = which.by("db_snapshot_identifier");
                all_of(call.filters(by(names)).into_paginator().items().send()).await?
            }
        };
        if let Which::Token(token) = which {
            found.retain(|s| tags::hold_token(s.tag_list(), token));
        }
        each(found, |snapshot| async {
            let call = aws.read.rds.describe_db_snapshot_attributes();
            let answer = call.set_db_snapshot_identifier(snapshot.db_snapshot_identifier.clone()).send().await?;
            let all = answer.db_snapshot_attributes_result.and_then(|r| r.db_snapshot_attributes).unwrap_or_default();
            let shared = all.into_iter().filter(|a| a.attribute_name() == Some(RESTORE));
            let shared = shared.flat_map(|a| a.attribute_values.unwrap_or_default()).collect();
            Ok(Live { snapshot, shared })
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.rds.create_db_snapshot(), want).set_tags(tags::marked(want, token));
        made(call.send().await?.db_snapshot().and_then(DbSnapshot::db_snapshot_identifier))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let [gone, new] = change.take_texts("shared_accounts");
        if gone.is_some() || new.is_some() {
            let call = aws.write.rds.modify_db_snapshot_attribute().db_snapshot_identifier(id);
            call.attribute_name(RESTORE).set_values_to_add(new).set_values_to_remove(gone).send().await?;
        }
        tagging::change(aws, change.before.str("db_snapshot_arn").unwrap_or_default(), change).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.rds.delete_db_snapshot().db_snapshot_identifier(id).send().await)
    }
}

//! data aws_iam_role: a role by its name.

use crate::resources::block::{TextMap, TimestampCell};
use crate::resources::identity::decoded;
use crate::resources::identity::role::{boundary, one};
use crate::resources::lookup::{read, schema};
use crate::resources::prelude::*;
use crate::resources::spec::unread;
use aws_sdk_iam::types::{Role, RoleLastUsed};

/// The data source `aws_iam_role`.
pub struct RoleData;

block! {
    /// When the role was last used.
    LastUsed: RoleLastUsed => RoleLastUsed {
        last_used_date: TimestampCell [.computed()];
        region: Text [.computed()];
    }
}

table! {
    Rows: Role {
        name = role_name: Text, read [.required()];
        max_session_duration: Int, read [.computed()];
        role_last_used: BlockList<LastUsed>, read [.computed()];
        arn: Text, read [.computed()];
        assume_role_policy: Text, none [.computed().read(|r| r.held().assume_role_policy_document().map(decoded).into())];
        create_date: TimestampCell, read [.computed()];
        description: Text, read [.computed()];
        id = role_name: Text, read [.computed()];
        path: Text, read [.computed()];
        permissions_boundary: Text, none [.computed().read(|r| boundary(r.held()).into())];
        tags: TextMap, none [.optional_computed().read(|r| tags::of(r.held().tags()))];
        unique_id = role_id: Text, read [.computed()];
    }
}

impl DataSource for RoleData {
    fn schema() -> Schema {
        schema("aws_iam_role", unread(Rows::rows::<Role>()))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let name = config.string("name").unwrap_or_default();
        match one(aws, name.clone()).await {
            Err(e) if e.is_not_found() => Err(Error::not_found(format!("there is no role {name:?}"))),
            found => Ok(read(config, Rows::rows(), &found?)),
        }
    }
}

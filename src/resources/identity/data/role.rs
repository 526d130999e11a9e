//! data aws_iam_role: a role by its name.

use crate::resources::block::{TextMap, TimestampCell};
use crate::resources::document::{Document, Many, document};
use crate::resources::identity::role::{boundary, one, trust};
use crate::resources::identity::tags_of;
use crate::resources::lookup::{read, schema};
use crate::resources::prelude::*;
use crate::resources::spec::unread;
use serde_json::Value as Json;

/// The data source `aws_iam_role`.
pub struct RoleData;

document! {
    /// When the role was last used.
    LastUsed {
        last_used_date = "LastUsedDate": TimestampCell [.computed()];
        region = "Region": Text [.computed()];
    }
}

document! {
    Rows {
        name = "RoleName": Text, read [.required()];
        max_session_duration = "MaxSessionDuration": Int, read [.computed()];
        role_last_used = "RoleLastUsed": Many<LastUsed>, read [.computed()];
        arn = "Arn": Text, read [.computed()];
        assume_role_policy = "": Text, none [.computed().read(|r| trust(r.held()).into())];
        create_date = "CreateDate": TimestampCell, read [.computed()];
        description = "Description": Text, read [.computed()];
        id = "RoleName": Text, read [.computed()];
        path = "Path": Text, read [.computed()];
        permissions_boundary = "": Text, none [.computed().read(|r| boundary(r.held()).into())];
        tags = "": TextMap, none [.optional_computed().read(|r| tags::of(&tags_of(r.held())))];
        unique_id = "RoleId": Text, read [.computed()];
    }
}

impl DataSource for RoleData {
    fn schema() -> Schema {
        schema("aws_iam_role", unread(Rows::rows::<Json>()))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let name = config.string("name").unwrap_or_default();
        match one(aws, name.clone()).await {
            Err(e) if e.is_not_found() => Err(Error::not_found(format!("the role {name:?} was not found"))),
            found => Ok(read(config, Rows::rows(), &found?)),
        }
    }
}

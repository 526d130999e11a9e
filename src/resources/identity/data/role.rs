//! data aws_iam_role: a role by its name.

use crate::aws::{Aws, Error, Result};
use crate::resources::identity::role::one;
use crate::resources::identity::{decoded, time, visible_tags};
use crate::resources::lookup::{Row, schema};
use crate::resources::spec::{DataSource, rows};
use crate::schema::{Attrs, Schema};
use crate::value::{Type, Value};
use aws_sdk_iam::types::{AttachedPermissionsBoundary, Role};

/// The data source `aws_iam_role`.
pub struct RoleData;

fn last_used_type() -> Type {
    Type::object([("last_used_date", Type::String), ("region", Type::String)])
}

fn last_used(role: &Role) -> Value {
    let used = role.role_last_used().map(|used| {
        Value::object([
            ("last_used_date", used.last_used_date().map(time).unwrap_or(Value::null(Type::String))),
            ("region", used.region().into()),
        ])
    });
    Value::list(last_used_type(), used.into_iter().collect())
}

impl DataSource for RoleData {
    fn schema() -> Schema {
        const TEXTS: [&str; 8] = [
            "arn",
            "assume_role_policy",
            "create_date",
            "description",
            "id",
            "path",
            "permissions_boundary",
            "unique_id",
        ];
        let own = [
            Row::string("name").required(),
            Row::of("tags", Type::map(Type::String)).optional_computed(),
            Row::number("max_session_duration").computed(),
            Row::of("role_last_used", Type::list(last_used_type())).computed(),
        ];
        schema("aws_iam_role", rows(own.into_iter().chain(TEXTS.map(|name| Row::string(name).computed()))))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let name = config.string("name").unwrap_or_default();
        let role = match one(aws, name.clone()).await {
            Err(e) if e.is_not_found() => return Err(Error::not_found(format!("there is no role {name:?}"))),
            found => found?,
        };
        let boundary = role.permissions_boundary().and_then(AttachedPermissionsBoundary::permissions_boundary_arn);
        Ok(config
            .clone()
            .with("arn", role.arn())
            .with("assume_role_policy", role.assume_role_policy_document().map(decoded))
            .with("create_date", time(role.create_date()))
            .with("description", role.description())
            .with("id", name)
            .with("max_session_duration", role.max_session_duration())
            .with("path", role.path())
            .with("permissions_boundary", boundary)
            .with("role_last_used", last_used(&role))
            .with("tags", visible_tags(role.tags()))
            .with("unique_id", role.role_id()))
    }
}

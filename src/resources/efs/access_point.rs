//! aws_efs_access_point: a way into a file system, as a user and below a directory.

use crate::aws::api::services::EFS;
use crate::aws::api::{Pages, Service, member_text};
use crate::resources::document::{Document, IntSet, One, document};
use crate::resources::plain::{Object, Plain, Tags, state};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    User {
        gid = "Gid": Int [.required()];
        secondary_gids = "SecondaryGids": IntSet;
        uid = "Uid": Int [.required()];
    }
}
document! {
    Creation {
        owner_gid = "OwnerGid": Int [.required()];
        owner_uid = "OwnerUid": Int [.required()];
        permissions = "Permissions": Text [.required()];
    }
}
document! {
    Directory {
        path = "Path": Text [.optional_computed()];
        creation_info = "CreationInfo": One<Creation> [.optional_computed()];
    }
}
document! {
    /// The resource type `aws_efs_access_point`.
    pub AwsEfsAccessPoint {
        arn = "AccessPointArn": Text, read [.computed()];
        file_system_arn = "FileSystemArn": Text, read [.computed()];
        file_system_id = "FileSystemId": Text [.required().force_new()];
        owner_id = "OwnerId": Text, read [.computed()];
        posix_user = "PosixUser": One<User> [.force_new()];
        root_directory = "RootDirectory": One<Directory> [.optional_computed().force_new()];
    }
}

const READ: &str = "DescribeAccessPoints GET /2015-02-01/access-points";

impl Plain for AwsEfsAccessPoint {
    const SERVICE: &'static Service = &EFS;
    const CREATE: &'static str = "CreateAccessPoint POST /2015-02-01/access-points";
    const READ: (&'static str, &'static str) = (READ, "AccessPoints");
    const DELETE: &'static str = "DeleteAccessPoint DELETE /2015-02-01/access-points/{AccessPointId}";
    const TAGS: Option<Tags> = Some(super::tags("AccessPointId"));

    fn specification() -> Spec<Object> {
        Spec::new("aws_efs_access_point", |p: &Object| Some(p.id.clone()), <Self as Document>::rows())
            .role(Role::Endpoint(Unjudged::None("it is replaced, not changed")))
            .recover(Recover::TokenTag)
            .progress(|p| state(p, "LifeCycleState", &["creating", "updating", "deleting"], &["error"], &["deleted"]))
            .wait_for_deletion()
    }

    fn key(id: &str) -> Json {
        json!({"AccessPointId": id})
    }

    fn id(_want: &Attrs, answer: &Json) -> Option<String> {
        member_text(answer, "AccessPointId")
    }

    fn input(_aws: &Aws, want: &Attrs, token: &Token) -> Json {
        let mut input = <Self as Document>::create(want);
        input["ClientToken"] = token.0.as_str().into();
        input
    }

    async fn of_token(aws: &Aws, token: &Token) -> Result<Vec<String>> {
        let pages = Pages("NextToken", "NextToken");
        let found = aws.read.api.list(&EFS, READ, json!({}), pages, "AccessPoints").await?;
        let ours = found.iter().filter(|one| one["ClientToken"] == token.0.as_str());
        Ok(ours.filter_map(|one| member_text(one, "AccessPointId")).collect())
    }

    async fn more(aws: &Aws, _id: &str, mut json: Json) -> Result<Json> {
        json["FileSystemArn"] = super::arn(aws, &member_text(&json, "FileSystemId").unwrap_or_default()).into();
        Ok(json)
    }
}

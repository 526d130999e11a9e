//! aws_ram_resource_share: things that other accounts may use. Its id is its ARN. A deleted one is listed for a while.

use crate::aws::api::services::RAM;
use crate::aws::api::{Pages, Service, member_text};
use crate::resources::document::{Document, One, document};
use crate::resources::plain::{Object, Plain, Tags, state};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    Configuration {
        retain_sharing_on_account_leave_organization = "retainSharingOnAccountLeaveOrganization": Flag
            [.optional_computed()];
    }
}
document! {
    /// The resource type `aws_ram_resource_share`.
    pub AwsRamResourceShare {
        allow_external_principals = "allowExternalPrincipals": Switch, read, create, modify;
        arn = "resourceShareArn": Text, read [.computed()];
        name = "name": Text, read, create, modify [.required()];
        permission_arns = "permissionArns": Texts [.optional_computed().force_new()];
        resource_share_configuration = "resourceShareConfiguration": One<Configuration> [.optional_computed().force_new()];
    }
}

impl Plain for AwsRamResourceShare {
    const SERVICE: &'static Service = &RAM;
    const CREATE: &'static str = "CreateResourceShare POST /createresourceshare";
    const READ: (&'static str, &'static str) = ("GetResourceShares POST /getresourceshares", "resourceShares");
    const UPDATE: &'static str = "UpdateResourceShare POST /updateresourceshare";
    const DELETE: &'static str = "DeleteResourceShare DELETE /deleteresourceshare";
    const TAGS: Option<Tags> = Some(Tags {
        list: "",
        set: "TagResource POST /tagresource",
        unset: "UntagResource POST /untagresource",
        by: ("resourceShareArn", "resourceShareArn"),
        members: ("tags", "tagKeys"),
        create: "tags",
        pairs: Some(("key", "value")),
    });

    fn specification() -> Spec<Object> {
        Spec::new("aws_ram_resource_share", |s: &Object| Some(s.id.clone()), <Self as Document>::rows())
            .role(Role::NotServing("it lets other accounts use what is there"))
            .recover(Recover::ClientToken)
            .progress(|s| state(s, "status", &["PENDING", "DELETING"], &["FAILED"], &["DELETED"]))
            .wait_for_deletion()
    }

    fn key(id: &str) -> Json {
        json!({"resourceShareArn": id})
    }

    fn asked(_aws: &Aws, id: &str) -> Json {
        json!({"resourceOwner": "SELF", "resourceShareArns": [id]})
    }

    fn id(_want: &Attrs, answer: &Json) -> Option<String> {
        member_text(answer, "resourceShare.resourceShareArn")
    }

    fn input(_aws: &Aws, want: &Attrs, token: &Token) -> Json {
        let mut input = <Self as Document>::create(want);
        input["clientToken"] = token.0.as_str().into();
        input
    }

    async fn more(aws: &Aws, id: &str, mut json: Json) -> Result<Json> {
        let operation = "ListResourceSharePermissions POST /listresourcesharepermissions";
        let pages = Pages("nextToken", "nextToken");
        if json["status"] == "ACTIVE" {
            let found = aws.read.api.list(&RAM, operation, Self::key(id), pages, "permissions").await?;
            json["permissionArns"] = found.iter().map(|permission| permission["arn"].clone()).collect();
        }
        Ok(json)
    }
}

//! aws_ram_principal_association and aws_ram_resource_association: with whom a share is, and what is in it. Their ids
//! are the share and the other, with a comma between.

use crate::aws::api::Service;
use crate::aws::api::services::RAM;
use crate::resources::document::{Document, document};
use crate::resources::plain::{Object, Plain, state};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    /// The resource type `aws_ram_principal_association`.
    pub AwsRamPrincipalAssociation {
        principal = "associatedEntity": Text, read [.required().force_new()];
        resource_share_arn = "resourceShareArn": Text, read [.required().force_new()];
    }
}
document! {
    /// The resource type `aws_ram_resource_association`.
    pub AwsRamResourceAssociation {
        resource_arn = "associatedEntity": Text, read [.required().force_new()];
        resource_share_arn = "resourceShareArn": Text, read [.required().force_new()];
    }
}

static PRINCIPAL: Composite = Composite::new(&["resource_share_arn", "principal"], ",");
static RESOURCE: Composite = Composite::new(&["resource_share_arn", "resource_arn"], ",");

fn progress(association: &Object) -> Progress {
    let failed = ["FAILED", "SUSPENDED", "RESTORING"];
    state(association, "status", &["ASSOCIATING", "DISASSOCIATING"], &failed, &["DISASSOCIATED"])
}

fn parts(id: &str) -> (&str, &str) {
    id.split_once(',').unwrap_or((id, ""))
}

/// One of the two types: how the other side is called, in the calls and in what is asked.
macro_rules! association {
    ($($ty:ident $name:literal $key:ident $many:literal $kind:literal $one:literal;)*) => {$(
        impl Plain for $ty {
            const SERVICE: &'static Service = &RAM;
            const CREATE: &'static str = "AssociateResourceShare POST /associateresourceshare";
            const READ: (&'static str, &'static str) = (
                "GetResourceShareAssociations POST /getresourceshareassociations",
                "resourceShareAssociations",
            );
            const DELETE: &'static str = "DisassociateResourceShare POST /disassociateresourceshare";

            fn specification() -> Spec<Object> {
                Spec::composite($name, &$key, <Self as Document>::rows())
                    .role(Role::NotServing("it lets other accounts use what is there"))
                    .progress(progress)
                    .wait_for_deletion()
            }

            fn key(id: &str) -> Json {
                let (share, other) = parts(id);
                json!({"resourceShareArn": share, $many: [other]})
            }

            fn asked(_aws: &Aws, id: &str) -> Json {
                let (share, other) = parts(id);
                json!({"associationType": $kind, "resourceShareArns": [share], $one: other})
            }

            fn id(want: &Attrs, _answer: &Json) -> Option<String> {
                $key.id(want)
            }

            fn input(_aws: &Aws, want: &Attrs, _token: &Token) -> Json {
                Self::key(&$key.id(want).unwrap_or_default())
            }
        }
    )*};
}

association! {
    AwsRamPrincipalAssociation "aws_ram_principal_association" PRINCIPAL "principals" "PRINCIPAL" "principal";
    AwsRamResourceAssociation "aws_ram_resource_association" RESOURCE "resourceArns" "RESOURCE" "resourceArn";
}

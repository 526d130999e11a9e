//! aws_efs_backup_policy: whether copies of a file system are made. Its id is the file system's; deleting it turns the
//! copies off.

use crate::aws::api::Service;
use crate::aws::api::services::EFS;
use crate::resources::document::{Document, One, document};
use crate::resources::plain::{Object, Plain, state};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    Policy {
        status = "Status": Text [.required().check(|v| checks::one_of(v, &["DISABLED", "ENABLED"]))];
    }
}
document! {
    /// The resource type `aws_efs_backup_policy`.
    pub AwsEfsBackupPolicy {
        backup_policy = "BackupPolicy": One<Policy>, read, create, modify [.required().count(1, Some(1))];
        file_system_id = "FileSystemId": Text [.required().force_new()];
    }
}

impl Plain for AwsEfsBackupPolicy {
    const SERVICE: &'static Service = &EFS;
    const CREATE: &'static str = "PutBackupPolicy PUT /2015-02-01/file-systems/{FileSystemId}/backup-policy";
    const READ: (&'static str, &'static str) =
        ("DescribeBackupPolicy GET /2015-02-01/file-systems/{FileSystemId}/backup-policy", "");
    const UPDATE: &'static str = Self::CREATE;
    const DELETE: &'static str = Self::CREATE;
    const NAME: &'static str = "file_system_id";

    fn specification() -> Spec<Object> {
        Spec::new("aws_efs_backup_policy", |p: &Object| Some(p.id.clone()), <Self as Document>::rows())
            .role(Role::NotServing("it is about copies"))
            .unique(&[&["file_system_id"]])
            .recover(Recover::Key)
            .progress(|p| state(p, "BackupPolicy.Status", &["ENABLING", "DISABLING"], &[], &[]))
    }

    fn key(id: &str) -> Json {
        json!({"FileSystemId": id})
    }

    fn id(want: &Attrs, _answer: &Json) -> Option<String> {
        want.string("file_system_id")
    }

    async fn before_delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<bool> {
        let input = json!({"FileSystemId": id, "BackupPolicy": {"Status": "DISABLED"}});
        aws.write.api.call(&EFS, Self::DELETE, input).await?;
        Ok(false)
    }
}

//! aws_efs_file_system: files that many machines share. Its creation token is its natural key.

use crate::aws::api::services::EFS;
use crate::aws::api::{Service, items, member_text};
use crate::resources::document::{Document, Many, One, document};
use crate::resources::plain::{Object, Plain, Tags, state};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    Lifecycle {
        transition_to_archive = "TransitionToArchive": Text;
        transition_to_ia = "TransitionToIA": Text;
        transition_to_primary_storage_class = "TransitionToPrimaryStorageClass": Text;
    }
}
document! {
    Protection {
        replication_overwrite = "ReplicationOverwriteProtection": Text [.optional_computed()];
    }
}
document! {
    Size {
        value = "Value": Int;
        value_in_ia = "ValueInIA": Int;
        value_in_standard = "ValueInStandard": Int;
    }
}
document! {
    /// The resource type `aws_efs_file_system`.
    pub AwsEfsFileSystem {
        arn = "FileSystemArn": Text, read [.computed()];
        availability_zone_id = "AvailabilityZoneId": Text, read [.computed()];
        availability_zone_name = "AvailabilityZoneName": Text [.optional_computed().force_new()];
        creation_token = "CreationToken": Text [.optional_computed().force_new()];
        dns_name = "DnsName": Text, read [.computed()];
        encrypted = "Encrypted": Flag [.optional_computed().force_new()];
        kms_key_id = "KmsKeyId": Text [.optional_computed().force_new()];
        lifecycle_policy = "LifecyclePolicies": Many<Lifecycle>, read [.count(0, Some(3))];
        name = "Name": Text, read [.computed().follows(&["tags"])];
        number_of_mount_targets = "NumberOfMountTargets": Int, read [.computed()];
        owner_id = "OwnerId": Text, read [.computed()];
        performance_mode = "PerformanceMode": Text [.optional_computed().force_new()];
        protection = "FileSystemProtection": One<Protection>, read [.optional_computed()];
        provisioned_throughput_in_mibps = "ProvisionedThroughputInMibps": Real, read, create, modify;
        size_in_bytes = "SizeInBytes": Many<Size>, read [.computed()];
        throughput_mode = "ThroughputMode": Text, read, create, modify [.default("bursting")];
    }
}

const READ: &str = "DescribeFileSystems GET /2015-02-01/file-systems";

impl Plain for AwsEfsFileSystem {
    const SERVICE: &'static Service = &EFS;
    const CREATE: &'static str = "CreateFileSystem POST /2015-02-01/file-systems";
    const READ: (&'static str, &'static str) = (READ, "FileSystems");
    const UPDATE: &'static str = "UpdateFileSystem PUT /2015-02-01/file-systems/{FileSystemId}";
    const DELETE: &'static str = "DeleteFileSystem DELETE /2015-02-01/file-systems/{FileSystemId}";
    const TAGS: Option<Tags> = Some(super::tags("FileSystemId"));

    fn specification() -> Spec<Object> {
        Spec::new("aws_efs_file_system", |f: &Object| Some(f.id.clone()), <Self as Document>::rows())
            .role(Role::Storage)
            .named("creation_token", "")
            .unique(&[&["creation_token"]])
            .recover(Recover::Key)
            .progress(|f| state(f, "LifeCycleState", &["creating", "updating", "deleting"], &["error"], &["deleted"]))
            .wait_for_deletion()
            .default_timeout(10)
    }

    fn key(id: &str) -> Json {
        json!({"FileSystemId": id})
    }

    fn id(_want: &Attrs, answer: &Json) -> Option<String> {
        member_text(answer, "FileSystemId")
    }

    async fn further(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take("lifecycle_policy").is_some() {
            let put = "PutLifecycleConfiguration PUT /2015-02-01/file-systems/{FileSystemId}/lifecycle-configuration";
            let all: Vec<Json> = change.after.blocks("lifecycle_policy").iter().map(Lifecycle::create).collect();
            aws.write.api.call(&EFS, put, json!({"FileSystemId": id, "LifecyclePolicies": all})).await?;
        }
        if change.take("protection").is_some() {
            let put = "UpdateFileSystemProtection PUT /2015-02-01/file-systems/{FileSystemId}/protection";
            for protection in change.after.blocks("protection") {
                let mut input = Protection::create(&protection);
                input["FileSystemId"] = id.into();
                aws.write.api.call(&EFS, put, input).await?;
            }
        }
        Ok(())
    }

    async fn more(aws: &Aws, id: &str, mut json: Json) -> Result<Json> {
        let read = "DescribeLifecycleConfiguration GET /2015-02-01/file-systems/{FileSystemId}/lifecycle-configuration";
        let answer = aws.read.api.call(&EFS, read, Self::key(id)).await?;
        json["LifecyclePolicies"] = answer["LifecyclePolicies"].clone();
        json["DnsName"] = super::dns_name(aws, id).into();
        Ok(json)
    }

    async fn found(aws: &Aws, want: &Attrs) -> Result<Vec<String>> {
        let answer = aws.read.api.call(&EFS, READ, json!({"CreationToken": want.str("creation_token")})).await?;
        Ok(items(&answer, "FileSystems").iter().filter_map(|one| member_text(one, "FileSystemId")).collect())
    }
}

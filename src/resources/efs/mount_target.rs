//! aws_efs_mount_target: the address of a file system in a subnet.

use crate::aws::api::services::EFS;
use crate::aws::api::{Pages, Service, member_text};
use crate::resources::document::{Document, document};
use crate::resources::plain::{Object, Plain, state};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    /// The resource type `aws_efs_mount_target`.
    pub AwsEfsMountTarget {
        availability_zone_id = "AvailabilityZoneId": Text, read [.computed()];
        availability_zone_name = "AvailabilityZoneName": Text, read [.computed()];
        dns_name = "DnsName": Text, read [.computed()];
        file_system_arn = "FileSystemArn": Text, read [.computed()];
        file_system_id = "FileSystemId": Text [.required().force_new()];
        ip_address = "IpAddress": Text [.optional_computed().force_new()];
        ip_address_type = "IpAddressType": Text, create [.optional_computed().force_new()];
        ipv6_address = "Ipv6Address": Text [.optional_computed().force_new()];
        mount_target_dns_name = "MountTargetDnsName": Text, read [.computed()];
        network_interface_id = "NetworkInterfaceId": Text, read [.computed()];
        owner_id = "OwnerId": Text, read [.computed()];
        security_groups = "SecurityGroups": Texts, read, create, modify [.optional_computed()];
        subnet_id = "SubnetId": Text [.required().force_new()];
    }
}

const READ: &str = "DescribeMountTargets GET /2015-02-01/mount-targets";

impl Plain for AwsEfsMountTarget {
    const SERVICE: &'static Service = &EFS;
    const CREATE: &'static str = "CreateMountTarget POST /2015-02-01/mount-targets";
    const READ: (&'static str, &'static str) = (READ, "MountTargets");
    const UPDATE: &'static str =
        "ModifyMountTargetSecurityGroups PUT /2015-02-01/mount-targets/{MountTargetId}/security-groups";
    const DELETE: &'static str = "DeleteMountTarget DELETE /2015-02-01/mount-targets/{MountTargetId}";

    fn specification() -> Spec<Object> {
        Spec::new("aws_efs_mount_target", |t: &Object| Some(t.id.clone()), <Self as Document>::rows())
            .role(Role::Endpoint(Unjudged::Of("who reaches the files", &["security_groups"])))
            .unique(&[&["file_system_id", "subnet_id"]])
            .recover(Recover::Key)
            .progress(|t| state(t, "LifeCycleState", &["creating", "updating", "deleting"], &["error"], &["deleted"]))
            .wait_for_deletion()
            .default_timeout(30)
    }

    fn key(id: &str) -> Json {
        json!({"MountTargetId": id})
    }

    fn id(_want: &Attrs, answer: &Json) -> Option<String> {
        member_text(answer, "MountTargetId")
    }

    async fn more(aws: &Aws, id: &str, mut json: Json) -> Result<Json> {
        let read = "DescribeMountTargetSecurityGroups GET /2015-02-01/mount-targets/{MountTargetId}/security-groups";
        let groups = aws.read.api.call(&EFS, read, Self::key(id)).await?;
        let system = member_text(&json, "FileSystemId").unwrap_or_default();
        let name = super::dns_name(aws, &system);
        let zone = member_text(&json, "AvailabilityZoneName").unwrap_or_default();
        json["SecurityGroups"] = groups["SecurityGroups"].clone();
        json["FileSystemArn"] = super::arn(aws, &system).into();
        json["MountTargetDnsName"] = format!("{zone}.{name}").into();
        json["DnsName"] = name.into();
        Ok(json)
    }

    async fn found(aws: &Aws, want: &Attrs) -> Result<Vec<String>> {
        let input = json!({"FileSystemId": want.str("file_system_id")});
        let found = aws.read.api.list(&EFS, READ, input, Pages("Marker", "NextMarker"), "MountTargets").await?;
        let same = |one: &&Json| member_text(one, "SubnetId").as_deref() == want.str("subnet_id");
        Ok(found.iter().filter(same).filter_map(|one| member_text(one, "MountTargetId")).collect())
    }
}

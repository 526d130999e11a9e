//! The EFS family: file systems, where they are mounted, and who comes in as whom.

mod access_point;
pub(super) mod allowed;
mod backup_policy;
mod file_system;
mod file_system_data;
mod mount_target;

use super::any::{AnyData, AnyResource, Registry, add, add_data};
use super::plain::Tags;
use crate::aws::Aws;

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<access_point::AwsEfsAccessPoint>(all);
    add::<backup_policy::AwsEfsBackupPolicy>(all);
    add::<file_system::AwsEfsFileSystem>(all);
    add::<mount_target::AwsEfsMountTarget>(all);
}

/// The family's data sources.
pub fn data_sources(all: &mut Registry<dyn AnyData>) {
    add_data::<file_system_data::AwsEfsFileSystem>(all);
}

/// The tags of an object with its id in this member.
const fn tags(id: &'static str) -> Tags {
    Tags {
        list: "",
        set: "TagResource POST /2015-02-01/resource-tags/{ResourceId}",
        unset: "UntagResource DELETE /2015-02-01/resource-tags/{ResourceId}",
        by: ("ResourceId", id),
        members: ("Tags", "tagKeys"),
        create: "Tags",
        pairs: Some(("Key", "Value")),
    }
}

/// The ARN of a file system.
fn arn(aws: &Aws, id: &str) -> String {
    format!("arn:{}:elasticfilesystem:{}:{}:file-system/{id}", aws.partition, aws.region, aws.account)
}

/// The name by which a file system is found in its network.
fn dns_name(aws: &Aws, id: &str) -> String {
    let domain = if aws.region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
    format!("{id}.efs.{}.{domain}", aws.region)
}

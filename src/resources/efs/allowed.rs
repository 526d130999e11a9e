//! The actions of IAM that the types of the family need.

use crate::resources::permissions::{OfData, OfResources, actions, data_actions};

/// Those of the resource types.
pub(in crate::resources) static RESOURCES: OfResources = actions! {
    aws_efs_access_point {
        read: "elasticfilesystem:DescribeAccessPoints";
        create: "elasticfilesystem:CreateAccessPoint" "elasticfilesystem:TagResource";
        update: "elasticfilesystem:TagResource" "elasticfilesystem:UntagResource";
        delete: "elasticfilesystem:DeleteAccessPoint";
    }
    aws_efs_backup_policy {
        read: "elasticfilesystem:DescribeBackupPolicy";
        create: "elasticfilesystem:PutBackupPolicy";
        update: "elasticfilesystem:PutBackupPolicy";
        delete: "elasticfilesystem:PutBackupPolicy";
    }
    aws_efs_file_system {
        read: "elasticfilesystem:DescribeFileSystems" "elasticfilesystem:DescribeLifecycleConfiguration";
        create: "elasticfilesystem:CreateFileSystem" "elasticfilesystem:TagResource";
        update: "elasticfilesystem:PutLifecycleConfiguration" "elasticfilesystem:TagResource"
            "elasticfilesystem:UntagResource" "elasticfilesystem:UpdateFileSystem"
            "elasticfilesystem:UpdateFileSystemProtection";
        delete: "elasticfilesystem:DeleteFileSystem";
    }
    aws_efs_mount_target {
        read: "elasticfilesystem:DescribeMountTargetSecurityGroups" "elasticfilesystem:DescribeMountTargets";
        create: "ec2:CreateNetworkInterface" "ec2:DescribeNetworkInterfaces" "ec2:DescribeSubnets"
            "elasticfilesystem:CreateMountTarget";
        update: "ec2:ModifyNetworkInterfaceAttribute" "elasticfilesystem:ModifyMountTargetSecurityGroups";
        delete: "ec2:DeleteNetworkInterface" "elasticfilesystem:DeleteMountTarget";
    }
};

/// Those of the data sources.
pub(in crate::resources) static DATA: OfData = data_actions! {
    aws_efs_file_system: "elasticfilesystem:DescribeFileSystems" "elasticfilesystem:DescribeLifecycleConfiguration";
};

//! The actions of IAM that the types of the family need.

use crate::resources::permissions::{OfData, OfResources, actions, data_actions};

/// Those of the resource types.
pub(in crate::resources) static RESOURCES: OfResources = actions! {
    aws_db_event_subscription {
        read: "rds:DescribeEventSubscriptions" "rds:ListTagsForResource";
        create: "rds:AddTagsToResource" "rds:CreateEventSubscription";
        update: "rds:AddSourceIdentifierToSubscription" "rds:AddTagsToResource" "rds:ModifyEventSubscription"
            "rds:RemoveSourceIdentifierFromSubscription" "rds:RemoveTagsFromResource";
        delete: "rds:DeleteEventSubscription";
    }
    aws_db_instance {
        read: "rds:DescribeDBInstances";
        create: "rds:AddTagsToResource" "rds:CreateDBInstance" "rds:CreateDBInstanceReadReplica"
            "rds:RestoreDBInstanceFromDBSnapshot" "rds:RestoreDBInstanceFromS3" "rds:RestoreDBInstanceToPointInTime";
        update: "rds:AddTagsToResource" "rds:ModifyDBInstance" "rds:PromoteReadReplica" "rds:RemoveTagsFromResource";
        delete: "rds:DeleteDBInstance";
        passes: "monitoring.rds.amazonaws.com" "rds.amazonaws.com";
    }
    aws_db_instance_automated_backups_replication {
        read: "rds:DescribeDBInstanceAutomatedBackups";
        create: "rds:AddTagsToResource" "rds:StartDBInstanceAutomatedBackupsReplication";
        delete: "rds:StopDBInstanceAutomatedBackupsReplication";
    }
    aws_db_instance_role_association {
        read: "rds:DescribeDBInstances";
        create: "rds:AddRoleToDBInstance";
        delete: "rds:RemoveRoleFromDBInstance";
        passes: "rds.amazonaws.com";
    }
    aws_db_option_group {
        read: "rds:DescribeOptionGroups" "rds:ListTagsForResource";
        create: "rds:AddTagsToResource" "rds:CreateOptionGroup";
        update: "rds:AddTagsToResource" "rds:ModifyOptionGroup" "rds:RemoveTagsFromResource";
        delete: "rds:DeleteOptionGroup";
        passes: "rds.amazonaws.com";
    }
    aws_db_parameter_group {
        read: "rds:DescribeDBParameterGroups" "rds:DescribeDBParameters" "rds:ListTagsForResource";
        create: "rds:AddTagsToResource" "rds:CreateDBParameterGroup";
        update: "rds:AddTagsToResource" "rds:ModifyDBParameterGroup" "rds:RemoveTagsFromResource"
            "rds:ResetDBParameterGroup";
        delete: "rds:DeleteDBParameterGroup";
    }
    aws_db_proxy {
        read: "rds:DescribeDBProxies" "rds:ListTagsForResource";
        create: "rds:AddTagsToResource" "rds:CreateDBProxy";
        update: "rds:AddTagsToResource" "rds:ModifyDBProxy" "rds:RemoveTagsFromResource";
        delete: "rds:DeleteDBProxy";
        passes: "rds.amazonaws.com";
    }
    aws_db_proxy_default_target_group {
        read: "rds:DescribeDBProxyTargetGroups";
        create: "rds:ModifyDBProxyTargetGroup";
        update: "rds:ModifyDBProxyTargetGroup";
    }
    aws_db_proxy_endpoint {
        read: "rds:DescribeDBProxyEndpoints" "rds:ListTagsForResource";
        create: "rds:AddTagsToResource" "rds:CreateDBProxyEndpoint";
        update: "rds:AddTagsToResource" "rds:ModifyDBProxyEndpoint" "rds:RemoveTagsFromResource";
        delete: "rds:DeleteDBProxyEndpoint";
    }
    aws_db_proxy_target {
        read: "rds:DescribeDBProxyTargets";
        create: "rds:RegisterDBProxyTargets";
        delete: "rds:DeregisterDBProxyTargets";
    }
    aws_db_snapshot {
        read: "rds:DescribeDBSnapshotAttributes" "rds:DescribeDBSnapshots";
        create: "rds:AddTagsToResource" "rds:CreateDBSnapshot";
        update: "rds:AddTagsToResource" "rds:ModifyDBSnapshotAttribute" "rds:RemoveTagsFromResource";
        delete: "rds:DeleteDBSnapshot";
    }
    aws_db_subnet_group {
        read: "rds:DescribeDBSubnetGroups" "rds:ListTagsForResource";
        create: "rds:AddTagsToResource" "rds:CreateDBSubnetGroup";
        update: "rds:AddTagsToResource" "rds:ModifyDBSubnetGroup" "rds:RemoveTagsFromResource";
        delete: "rds:DeleteDBSubnetGroup";
    }
    aws_elasticache_subnet_group {
        read: "elasticache:DescribeCacheSubnetGroups" "elasticache:ListTagsForResource";
        create: "elasticache:AddTagsToResource" "elasticache:CreateCacheSubnetGroup";
        update: "elasticache:AddTagsToResource" "elasticache:ModifyCacheSubnetGroup"
            "elasticache:RemoveTagsFromResource";
        delete: "elasticache:DeleteCacheSubnetGroup";
    }
    aws_rds_cluster {
        read: "rds:DescribeDBClusters";
        create: "rds:AddTagsToResource" "rds:CreateDBCluster" "rds:RestoreDBClusterFromS3"
            "rds:RestoreDBClusterFromSnapshot" "rds:RestoreDBClusterToPointInTime";
        update: "rds:AddRoleToDBCluster" "rds:AddTagsToResource" "rds:DisableHttpEndpoint" "rds:EnableHttpEndpoint"
            "rds:ModifyDBCluster" "rds:PromoteReadReplicaDBCluster" "rds:RemoveRoleFromDBCluster"
            "rds:RemoveTagsFromResource";
        delete: "rds:DeleteDBCluster";
        passes: "monitoring.rds.amazonaws.com" "rds.amazonaws.com";
    }
    aws_rds_cluster_activity_stream {
        read: "rds:DescribeDBClusters";
        create: "rds:StartActivityStream";
        delete: "rds:StopActivityStream";
    }
    aws_rds_cluster_endpoint {
        read: "rds:DescribeDBClusterEndpoints" "rds:ListTagsForResource";
        create: "rds:AddTagsToResource" "rds:CreateDBClusterEndpoint";
        update: "rds:AddTagsToResource" "rds:ModifyDBClusterEndpoint" "rds:RemoveTagsFromResource";
        delete: "rds:DeleteDBClusterEndpoint";
    }
    aws_rds_cluster_instance {
        read: "rds:DescribeDBClusters" "rds:DescribeDBInstances";
        create: "rds:AddTagsToResource" "rds:CreateDBInstance";
        update: "rds:AddTagsToResource" "rds:FailoverDBCluster" "rds:ModifyDBInstance" "rds:RemoveTagsFromResource";
        delete: "rds:DeleteDBInstance" "rds:PromoteReadReplicaDBCluster";
        passes: "monitoring.rds.amazonaws.com";
    }
    aws_rds_cluster_parameter_group {
        read: "rds:DescribeDBClusterParameterGroups" "rds:DescribeDBClusterParameters" "rds:ListTagsForResource";
        create: "rds:AddTagsToResource" "rds:CreateDBClusterParameterGroup";
        update: "rds:AddTagsToResource" "rds:ModifyDBClusterParameterGroup" "rds:RemoveTagsFromResource"
            "rds:ResetDBClusterParameterGroup";
        delete: "rds:DeleteDBClusterParameterGroup";
    }
    aws_rds_cluster_role_association {
        read: "rds:DescribeDBClusters";
        create: "rds:AddRoleToDBCluster";
        delete: "rds:RemoveRoleFromDBCluster";
        passes: "rds.amazonaws.com";
    }
    aws_rds_global_cluster {
        read: "rds:DescribeGlobalClusters";
        create: "rds:AddTagsToResource" "rds:CreateGlobalCluster";
        update: "rds:AddTagsToResource" "rds:ModifyDBCluster" "rds:ModifyGlobalCluster" "rds:RemoveTagsFromResource";
        delete: "rds:DeleteGlobalCluster" "rds:RemoveFromGlobalCluster";
    }
    aws_rds_shard_group {
        read: "rds:DescribeDBShardGroups";
        create: "rds:AddTagsToResource" "rds:CreateDBShardGroup";
        update: "rds:AddTagsToResource" "rds:ModifyDBShardGroup" "rds:RemoveTagsFromResource";
        delete: "rds:DeleteDBShardGroup";
    }
    aws_redshift_subnet_group {
        read: "redshift:DescribeClusterSubnetGroups";
        create: "redshift:CreateClusterSubnetGroup";
        update: "redshift:CreateTags" "redshift:DeleteTags" "redshift:ModifyClusterSubnetGroup";
        delete: "redshift:DeleteClusterSubnetGroup";
    }
};

/// Those of the data sources.
pub(in crate::resources) static DATA: OfData = data_actions! {
    aws_db_cluster_snapshot: "rds:DescribeDBClusterSnapshots";
    aws_db_instance: "rds:DescribeDBInstances";
    aws_db_instances: "rds:DescribeDBInstances";
    aws_db_parameter_group: "rds:DescribeDBParameterGroups";
    aws_db_snapshot: "rds:DescribeDBSnapshots";
    aws_db_subnet_group: "rds:DescribeDBSubnetGroups" "rds:ListTagsForResource";
    aws_rds_certificate: "rds:DescribeCertificates";
    aws_rds_cluster: "rds:DescribeDBClusters";
    aws_rds_clusters: "rds:DescribeDBClusters";
    aws_rds_engine_version: "rds:DescribeDBEngineVersions";
    aws_rds_orderable_db_instance: "rds:DescribeOrderableDBInstanceOptions";
};

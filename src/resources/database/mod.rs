//! The database family: RDS instances and clusters with their groups.

mod activity_stream;
pub(super) mod allowed;
mod backups_replication;
mod cache_subnet_group;
mod checks;
mod cluster;
mod cluster_endpoint;
mod cluster_instance;
mod data;
mod event_subscription;
mod global_cluster;
mod instance;
mod option_group;
mod parameter_group;
mod proxy;
mod proxy_endpoint;
mod proxy_target;
mod rds;
mod redshift_subnet_group;
mod restarts;
mod role_association;
mod shapes;
mod shard_group;
mod snapshot;
mod subnet_group;
mod tagging;

use super::any::{AnyData, AnyResource, Registry, add, add_data};

/// What Terraform's provider writes when a layout has no description. Kept as it is: another text
/// would replace every group of a layout that comes from there.
const DESCRIPTION: &str = "Managed by Terraform";

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<activity_stream::AwsRdsClusterActivityStream>(all);
    add::<backups_replication::AwsDbInstanceAutomatedBackupsReplication>(all);
    add::<global_cluster::AwsRdsGlobalCluster>(all);
    add::<proxy_endpoint::AwsDbProxyEndpoint>(all);
    add::<shard_group::AwsRdsShardGroup>(all);
    add::<cache_subnet_group::AwsElasticacheSubnetGroup>(all);
    add::<cluster::AwsRdsCluster>(all);
    add::<cluster_endpoint::AwsRdsClusterEndpoint>(all);
    add::<cluster_instance::AwsRdsClusterInstance>(all);
    add::<event_subscription::AwsDbEventSubscription>(all);
    add::<instance::AwsDbInstance>(all);
    add::<option_group::AwsDbOptionGroup>(all);
    add::<parameter_group::ParameterGroup<parameter_group::Clusters>>(all);
    add::<parameter_group::ParameterGroup<parameter_group::Instances>>(all);
    add::<proxy::AwsDbProxy>(all);
    add::<proxy::AwsDbProxyDefaultTargetGroup>(all);
    add::<proxy_target::AwsDbProxyTarget>(all);
    add::<role_association::AwsDbInstanceRoleAssociation>(all);
    add::<role_association::AwsRdsClusterRoleAssociation>(all);
    add::<redshift_subnet_group::AwsRedshiftSubnetGroup>(all);
    add::<snapshot::AwsDbSnapshot>(all);
    add::<subnet_group::AwsDbSubnetGroup>(all);
}

/// The family's data sources.
pub fn data_sources(all: &mut Registry<dyn AnyData>) {
    add_data::<data::cluster::ClusterData>(all);
    add_data::<data::cluster::ClustersData>(all);
    add_data::<data::orderable::OrderableData>(all);
    add_data::<data::settings::CertificateData>(all);
    add_data::<data::settings::ParameterGroupData>(all);
    add_data::<data::snapshot::ClusterSnapshotData>(all);
    add_data::<data::snapshot::SnapshotData>(all);
    add_data::<data::engine_version::RdsEngineVersion>(all);
    add_data::<data::instance::DbInstanceData>(all);
    add_data::<data::subnet_group::Instances>(all);
    add_data::<data::subnet_group::SubnetGroupData>(all);
}

//! data aws_rds_cluster and data aws_rds_clusters: a cluster by its identifier, and the clusters that match.

use super::super::shapes::{self, Listed, Secret};
use crate::resources::block::TextList;
use crate::resources::lookup::{answer, computed, here, one, schema, with_rows};
use crate::resources::prelude::*;
use aws_sdk_rds::types::{DbCluster, Filter};

/// The data source `aws_rds_cluster`.
pub struct ClusterData;
/// The data source `aws_rds_clusters`.
pub struct ClustersData;

table! {
    Rows: DbCluster {
        arn = db_cluster_arn: Text, read;
        availability_zones: Texts, read;
        backtrack_window: Int, read;
        backup_retention_period: Int, read;
        cluster_identifier = db_cluster_identifier: Text, read;
        cluster_members: Texts, none [.read(|d| {
            Value::string_set(d.held().db_cluster_members().iter().filter_map(|m| m.db_instance_identifier()))
        })];
        cluster_resource_id = db_cluster_resource_id: Text, read;
        cluster_scalability_type: EnumCell, read;
        database_insights_mode: EnumCell, read;
        database_name: Text, read;
        db_cluster_parameter_group_name = db_cluster_parameter_group: Text, read;
        db_subnet_group_name = db_subnet_group: Text, read;
        db_system_id: Text, read;
        deletion_protection: Flag, read;
        enabled_cloudwatch_logs_exports: TextList, read;
        endpoint: Text, read;
        engine: Text, read;
        engine_mode: Text, read;
        engine_version: Text, read;
        final_snapshot_identifier: Text, none [.read(|_| Value::null(Type::String))];
        hosted_zone_id: Text, read;
        iam_database_authentication_enabled: Flag, read;
        iam_roles: Texts, none
            [.read(|d| Value::string_set(d.held().associated_roles().iter().filter_map(|r| r.role_arn())))];
        id = db_cluster_identifier: Text, read;
        kms_key_id: Text, read;
        master_user_secret: BlockList<Secret>, read;
        master_username: Text, read;
        monitoring_interval: Int, read;
        monitoring_role_arn: Text, read;
        network_type: Text, read;
        port: Int, read;
        preferred_backup_window: Text, read;
        preferred_maintenance_window: Text, read;
        reader_endpoint: Text, read;
        replication_source_identifier: Text, read;
        storage_encrypted: Flag, read;
        upgrade_rollout_order: EnumCell, read;
        vpc_security_group_ids: Texts, none [.read(|d| shapes::security_groups(d.held().vpc_security_groups()))];
    }
}

impl DataSource for ClusterData {
    fn schema() -> Schema {
        let given = [Row::string("region"), Row::of("tags", Type::map(Type::String))].map(Row::optional_computed);
        let found = computed::<Rows>().into_iter().map(|row| match row.row.name {
            "cluster_identifier" => row.required(),
            _ => row,
        });
        schema("aws_rds_cluster", rows(found.chain(given)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let named = config.string("cluster_identifier").unwrap_or_default();
        let mut found: Vec<DbCluster> = shapes::filtered(&aws, DbCluster::IDENTIFIER, &[named]).await?;
        let tags = config.string_map("tags");
        found.retain(|d| tags::hold_all(d.tag_list(), &tags));
        let d = one(found, "DB cluster")?;
        Ok(with_rows::<Rows>(config, &d).with("region", &*aws.region).with("tags", tags::of(d.tag_list())))
    }
}

impl DataSource for ClustersData {
    fn schema() -> Schema {
        let filter = rows([Row::string("name").required(), Row::string_set("values").required()]);
        let lists = ["cluster_arns", "cluster_identifiers"].map(answer::<Texts>);
        let own = [
            answer::<Text>("id"),
            Row::string("region").optional_computed(),
            Row::block("filter", Nesting::Set, filter),
        ];
        schema("aws_rds_clusters", rows(lists.into_iter().chain(own)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let filter = |block: &Attrs| {
            Filter::builder().set_name(block.string("name")).set_values(Some(block.strings("values"))).build()
        };
        let all = DbCluster::list(&aws, config.blocks("filter").iter().map(filter).collect()).await?;
        Ok(config
            .clone()
            .with("id", &*aws.region)
            .with("cluster_arns", Value::string_set(all.iter().filter_map(|d| d.db_cluster_arn())))
            .with("cluster_identifiers", Value::string_set(all.iter().filter_map(|d| d.db_cluster_identifier())))
            .with("region", &*aws.region))
    }
}

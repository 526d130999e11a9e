//! data aws_db_instance: an instance that is there, by identifier or by tags.

use super::super::shapes::{self, Listed, Secret};
use crate::resources::block::TextList;
use crate::resources::lookup::{computed, here, one, schema, with_rows};
use crate::resources::prelude::*;
use aws_sdk_rds::types::DbInstance;

/// The data source `aws_db_instance`.
pub struct DbInstanceData;

table! {
    Rows: DbInstance {
        address: Text, none [.read(|d| d.held().endpoint().and_then(|e| e.address()).into())];
        allocated_storage: Int, read;
        auto_minor_version_upgrade: Flag, read;
        availability_zone: Text, read;
        backup_retention_period: Int, read;
        ca_cert_identifier = ca_certificate_identifier: Text, read;
        database_insights_mode: EnumCell, read;
        db_cluster_identifier: Text, read;
        db_instance_arn: Text, read;
        db_instance_class: Text, read;
        db_instance_identifier: Text, read;
        db_instance_port: Int, read;
        db_name: Text, read;
        db_parameter_groups: TextList, none [.read(|d| {
            Value::strings(d.held().db_parameter_groups().iter().filter_map(|g| g.db_parameter_group_name()))
        })];
        db_subnet_group: Text, none
            [.read(|d| d.held().db_subnet_group().and_then(|g| g.db_subnet_group_name()).into())];
        enabled_cloudwatch_logs_exports: TextList, read;
        endpoint: Text, none [.read(|d| {
            let address = d.held().endpoint().and_then(|e| Some((e.address()?, e.port()?)));
            address.map(|(address, port)| format!("{address}:{port}")).into()
        })];
        engine: Text, read;
        engine_version: Text, read;
        hosted_zone_id: Text, none [.read(|d| d.held().endpoint().and_then(|e| e.hosted_zone_id()).into())];
        id = db_instance_identifier: Text, read;
        iops: Int, read;
        kms_key_id: Text, read;
        license_model: Text, read;
        master_user_secret: BlockList<Secret>, read;
        master_username: Text, read;
        max_allocated_storage: Int, read;
        monitoring_interval: Int, read;
        monitoring_role_arn: Text, read;
        multi_az: Flag, read;
        network_type: Text, read;
        option_group_memberships: TextList, none [.read(|d| {
            Value::strings(d.held().option_group_memberships().iter().filter_map(|g| g.option_group_name()))
        })];
        port: Int, none [.read(|d| d.held().endpoint().and_then(|e| e.port()).into())];
        preferred_backup_window: Text, read;
        preferred_maintenance_window: Text, read;
        publicly_accessible: Flag, read;
        replicate_source_db = read_replica_source_db_instance_identifier: Text, read;
        resource_id = dbi_resource_id: Text, read;
        storage_encrypted: Flag, read;
        storage_throughput: Int, read;
        storage_type: Text, read;
        timezone: Text, read;
        upgrade_rollout_order: EnumCell, read;
        vpc_security_groups: TextList, none [.read(|d| {
            Value::strings(d.held().vpc_security_groups().iter().filter_map(|g| g.vpc_security_group_id()))
        })];
    }
}

impl DataSource for DbInstanceData {
    fn schema() -> Schema {
        let given = [Row::string("region"), Row::of("tags", Type::map(Type::String))];
        let rows = rows(computed::<Rows>().into_iter().chain(given).map(|row| match row.row.name {
            "db_instance_identifier" | "region" | "tags" => row.optional_computed(),
            _ => row,
        }));
        schema("aws_db_instance", rows)
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let identifier: Vec<String> = config.string("db_instance_identifier").into_iter().collect();
        let tags = config.string_map("tags");
        if identifier.is_empty() && tags.is_empty() {
            return Err(Error::new(
                Kind::Refused,
                "neither db_instance_identifier nor tags say which DB instance is meant",
            ));
        }
        let mut found = match identifier.as_slice() {
            [] => DbInstance::list(&aws, Vec::new()).await?,
            named => shapes::filtered(&aws, DbInstance::IDENTIFIER, named).await?,
        };
        found.retain(|d| tags::hold_all(d.tag_list(), &tags));
        let d = one(found, "DB instance")?;
        Ok(with_rows::<Rows>(config, &d).with("region", &*aws.region).with("tags", tags::of(d.tag_list())))
    }
}

//! data aws_db_instance: an instance that is there, by identifier or by tags.

use super::super::{shapes, tagging};
use crate::aws::{Aws, Error, Kind, Result};
use crate::resources::lookup::{Row, here, one, schema};
use crate::resources::spec::{DataSource, rows};
use crate::schema::{Attrs, Schema};
use crate::value::{Type, Value};
use aws_sdk_rds::types::{DatabaseInsightsMode, DbInstance};

/// The data source `aws_db_instance`.
pub struct DbInstanceData;

/// What an instance tells, by attribute.
type Read = fn(&DbInstance) -> Value;

fn reads() -> Vec<(Row, Read)> {
    let text = |name| Row::string(name).computed();
    let number = |name| Row::number(name).computed();
    let switch = |name| Row::bool(name).computed();
    let list = |name| Row::string_list(name).computed();
    vec![
        (text("address"), |d| d.endpoint().and_then(|e| e.address()).into()),
        (number("allocated_storage"), |d| d.allocated_storage().into()),
        (switch("auto_minor_version_upgrade"), |d| d.auto_minor_version_upgrade().into()),
        (text("availability_zone"), |d| d.availability_zone().into()),
        (number("backup_retention_period"), |d| d.backup_retention_period().into()),
        (text("ca_cert_identifier"), |d| d.ca_certificate_identifier().into()),
        (text("database_insights_mode"), |d| d.database_insights_mode().map(DatabaseInsightsMode::as_str).into()),
        (text("db_cluster_identifier"), |d| d.db_cluster_identifier().into()),
        (text("db_instance_arn"), |d| d.db_instance_arn().into()),
        (text("db_instance_class"), |d| d.db_instance_class().into()),
        (number("db_instance_port"), |d| d.db_instance_port().into()),
        (text("db_name"), |d| d.db_name().into()),
        (list("db_parameter_groups"), |d| {
            Value::strings(d.db_parameter_groups().iter().filter_map(|g| g.db_parameter_group_name()))
        }),
        (text("db_subnet_group"), |d| d.db_subnet_group().and_then(|g| g.db_subnet_group_name()).into()),
        (list("enabled_cloudwatch_logs_exports"), |d| Value::strings(d.enabled_cloudwatch_logs_exports())),
        (text("endpoint"), |d| {
            let address = d.endpoint().and_then(|e| Some((e.address()?, e.port()?)));
            address.map(|(address, port)| format!("{address}:{port}")).into()
        }),
        (text("engine"), |d| d.engine().into()),
        (text("engine_version"), |d| d.engine_version().into()),
        (text("hosted_zone_id"), |d| d.endpoint().and_then(|e| e.hosted_zone_id()).into()),
        (number("iops"), |d| d.iops().into()),
        (text("kms_key_id"), |d| d.kms_key_id().into()),
        (text("license_model"), |d| d.license_model().into()),
        (shapes::secret_row().computed(), |d| shapes::secret(d.master_user_secret())),
        (text("master_username"), |d| d.master_username().into()),
        (number("max_allocated_storage"), |d| d.max_allocated_storage().into()),
        (number("monitoring_interval"), |d| d.monitoring_interval().into()),
        (text("monitoring_role_arn"), |d| d.monitoring_role_arn().into()),
        (switch("multi_az"), |d| d.multi_az().into()),
        (text("network_type"), |d| d.network_type().into()),
        (list("option_group_memberships"), |d| {
            Value::strings(d.option_group_memberships().iter().filter_map(|g| g.option_group_name()))
        }),
        (number("port"), |d| d.endpoint().and_then(|e| e.port()).into()),
        (text("preferred_backup_window"), |d| d.preferred_backup_window().into()),
        (text("preferred_maintenance_window"), |d| d.preferred_maintenance_window().into()),
        (switch("publicly_accessible"), |d| d.publicly_accessible().into()),
        (text("replicate_source_db"), |d| d.read_replica_source_db_instance_identifier().into()),
        (text("resource_id"), |d| d.dbi_resource_id().into()),
        (switch("storage_encrypted"), |d| d.storage_encrypted().into()),
        (number("storage_throughput"), |d| d.storage_throughput().into()),
        (text("storage_type"), |d| d.storage_type().into()),
        (text("timezone"), |d| d.timezone().into()),
        (text("upgrade_rollout_order"), |d| d.upgrade_rollout_order().map(|order| order.as_str()).into()),
        (list("vpc_security_groups"), |d| {
            Value::strings(d.vpc_security_groups().iter().filter_map(|g| g.vpc_security_group_id()))
        }),
    ]
}

impl DataSource for DbInstanceData {
    fn schema() -> Schema {
        let given = [
            Row::string("db_instance_identifier").optional_computed(),
            Row::string("id").computed(),
            Row::string("region").optional_computed(),
            Row::of("tags", Type::map(Type::String)).optional_computed(),
        ];
        schema("aws_db_instance", rows(given.into_iter().chain(reads().into_iter().map(|(row, _)| row))))
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
        let filters =
            if identifier.is_empty() { vec![Vec::new()] } else { shapes::filtered("db-instance-id", &identifier) };
        let mut found = shapes::instances(&aws, filters).await?;
        found.retain(|d| {
            let has = |(key, value): (&String, &String)| {
                d.tag_list().iter().any(|t| t.key() == Some(key) && t.value() == Some(value))
            };
            tags.iter().all(has)
        });
        let d = one(found, "DB instance")?;
        let attrs = reads().into_iter().fold(config.clone(), |attrs, (row, read)| attrs.with(row.row.name, read(&d)));
        Ok(attrs
            .with("db_instance_identifier", d.db_instance_identifier())
            .with("id", d.db_instance_identifier())
            .with("region", &*aws.region)
            .with("tags", tagging::shown(d.tag_list())))
    }
}

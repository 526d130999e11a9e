//! data aws_rds_orderable_db_instance: which class of instance an engine can be had in, with what it can do.

use super::super::rds::{each_text, list};
use super::engine_version::order;
use crate::aws::api::member_text;
use crate::resources::block::TextList;
use crate::resources::document::{Document, document};
use crate::resources::lookup::{answered, here, one, read, schema};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// The data source `aws_rds_orderable_db_instance`.
pub struct OrderableData;

document! {
    Rows {
        availability_zone_group = "AvailabilityZoneGroup": Text, read;
        availability_zones = "": TextList, none
            [.read(|o| Value::strings(each_text(o.held(), "AvailabilityZones.AvailabilityZone", "Name")))];
        engine_version = "EngineVersion": Text, read;
        id = "DBInstanceClass": Text, read;
        instance_class = "DBInstanceClass": Text, read;
        license_model = "LicenseModel": Text, read;
        max_iops_per_db_instance = "MaxIopsPerDbInstance": Int, read;
        max_iops_per_gib = "MaxIopsPerGib": Real, read;
        max_storage_size = "MaxStorageSize": Int, read;
        min_iops_per_db_instance = "MinIopsPerDbInstance": Int, read;
        min_iops_per_gib = "MinIopsPerGib": Real, read;
        min_storage_size = "MinStorageSize": Int, read;
        multi_az_capable = "MultiAZCapable": Flag, read;
        outpost_capable = "OutpostCapable": Flag, read;
        read_replica_capable = "ReadReplicaCapable": Flag, read;
        storage_type = "StorageType": Text, read;
        supported_engine_modes = "SupportedEngineModes.member": TextList, read;
        supported_network_types = "SupportedNetworkTypes.member": TextList, read;
        supports_clusters = "SupportsClusters": Flag, read;
        supports_enhanced_monitoring = "SupportsEnhancedMonitoring": Flag, read;
        supports_global_databases = "SupportsGlobalDatabases": Flag, read;
        supports_iam_database_authentication = "SupportsIAMDatabaseAuthentication": Flag, read;
        supports_iops = "SupportsIops": Flag, read;
        supports_kerberos_authentication = "SupportsKerberosAuthentication": Flag, read;
        supports_multi_az = "MultiAZCapable": Flag, read;
        supports_performance_insights = "SupportsPerformanceInsights": Flag, read;
        supports_storage_autoscaling = "SupportsStorageAutoscaling": Flag, read;
        supports_storage_encryption = "SupportsStorageEncryption": Flag, read;
        vpc = "Vpc": Flag, read;
    }
}

/// What AWS alone says.
const ANSWERS: [&str; 9] = [
    "availability_zones",
    "max_iops_per_db_instance",
    "max_iops_per_gib",
    "max_storage_size",
    "min_iops_per_db_instance",
    "min_iops_per_gib",
    "min_storage_size",
    "multi_az_capable",
    "outpost_capable",
];

/// Whether an offer has what the layout wants of it.
fn fits(config: &Attrs, offer: &Json) -> bool {
    let has = |name: &str, wanted: &Value, now: &Value| match (wanted.as_bool(), wanted.as_elements()) {
        (Some(true), _) => now.as_bool() == Some(true),
        (_, Some(any)) => {
            any.is_empty() || now.as_elements().is_some_and(|all| any.iter().any(|one| all.contains(one)))
        }
        _ => name != "storage_type" || wanted.as_str().unwrap_or("").is_empty() || wanted == now,
    };
    Rows::rows::<Json>().into_iter().all(|a| match (config.get(a.row.name), a.read) {
        (Some(wanted), Some(read)) if !wanted.is_null() => has(a.row.name, wanted, &read(offer)),
        _ => true,
    })
}

/// Those that the layout means, the preferred ones first of all.
fn meant(config: &Attrs, mut found: Vec<Json>) -> Vec<Json> {
    found.retain(|offer| fits(config, offer));
    let version = |o: &Json| member_text(o, "EngineVersion").unwrap_or_default();
    let class = |o: &Json| member_text(o, "DBInstanceClass").unwrap_or_default();
    let (versions, classes) =
        (config.strings("preferred_engine_versions"), config.strings("preferred_instance_classes"));
    let place = |all: &[String], one: &str| all.iter().position(|each| each == one);
    if !versions.is_empty() {
        found.retain(|o| place(&versions, &version(o)).is_some());
    }
    if !classes.is_empty() {
        found.retain(|o| place(&classes, &class(o)).is_some());
    }
    if config.bool("engine_latest_version") == Some(true) {
        found.sort_by(|a, b| order(&version(b), &version(a)));
        let latest = found.first().map(version);
        found.retain(|o| Some(version(o)) == latest);
    }
    if !versions.is_empty() || !classes.is_empty() {
        found.sort_by_key(|o| (place(&versions, &version(o)), place(&classes, &class(o))));
        found.truncate(1);
    }
    found
}

impl DataSource for OrderableData {
    fn schema() -> Schema {
        let given = [
            Row::string("engine").required(),
            Row::bool("engine_latest_version"),
            Row::string_list("preferred_engine_versions"),
            Row::string_list("preferred_instance_classes"),
            Row::string("region").optional_computed(),
        ];
        let found = answered(Rows::rows::<Json>()).into_iter().map(|row| match row.row.name {
            name if ANSWERS.contains(&name) => row,
            _ => row.optional_computed(),
        });
        schema("aws_rds_orderable_db_instance", rows(found.chain(given)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let input = json!({
            "Engine": config.str("engine"),
            "EngineVersion": text(config, "engine_version"),
            "DBInstanceClass": text(config, "instance_class"),
            "LicenseModel": text(config, "license_model"),
            "AvailabilityZoneGroup": text(config, "availability_zone_group"),
            "Vpc": config.bool("vpc"),
        });
        let path = "OrderableDBInstanceOptions.OrderableDBInstanceOption";
        let found = list(&aws, "DescribeOrderableDBInstanceOptions", input, path).await?;
        let offer = one(meant(config, found), "class of instances")?;
        Ok(read(config, Rows::rows(), &offer).with("region", &*aws.region))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(config: Attrs) -> Vec<String> {
        let offer = |class: &str, version: &str, kind: &str| {
            let rates = if kind == "io1" { "true" } else { "false" };
            json!({"DBInstanceClass": class, "EngineVersion": version, "StorageType": kind, "SupportsIops": rates})
        };
        let all = vec![
            offer("db.t4g.micro", "16.6", "gp3"),
            offer("db.t4g.micro", "17.4", "io1"),
            offer("db.r6g.large", "17.4", "gp3"),
        ];
        meant(&config, all)
            .iter()
            .map(|o| format!("{} {}", o["DBInstanceClass"].as_str().unwrap(), o["EngineVersion"].as_str().unwrap()))
            .collect()
    }

    #[test]
    fn an_offer_has_what_is_wanted_and_the_first_that_is_preferred() {
        let with = |name: &'static str, value: Value| Attrs::default().with(name, value);
        assert_eq!(chosen(with("supports_iops", true.into())), ["db.t4g.micro 17.4"]);
        assert_eq!(chosen(with("storage_type", "gp3".into())).len(), 2);
        let preferred = Value::strings(["db.x", "db.r6g.large", "db.t4g.micro"]);
        assert_eq!(chosen(with("preferred_instance_classes", preferred)), ["db.r6g.large 17.4"]);
        assert_eq!(chosen(with("engine_latest_version", true.into())).len(), 2);
        assert_eq!(chosen(with("preferred_engine_versions", Value::strings(["16.6"]))), ["db.t4g.micro 16.6"]);
    }
}

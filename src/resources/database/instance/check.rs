//! Checks of an instance that need only the layout: refusals of RDS, needs of a new one, changes that cannot be
//! changed in place, and what keeps it from being deleted.

use super::super::checks;
use super::PASSWORD;
use crate::resources::document::document;
use crate::resources::prelude::*;
use crate::schema::checks::advice;
use crate::schema::shape::only;

/// From this size on the storage of these engines is striped, and gp3 takes its own IOPS and throughput
/// (RDS User Guide, "Amazon RDS DB instance storage").
const STRIPED: [(&str, i32); 4] = [("mysql", 400), ("mariadb", 400), ("postgres", 400), ("oracle", 200)];

document! {
    /// The block `blue_green_update`. Such updates are not offered, which is said: one may interrupt the database.
    pub BlueGreen {
        enabled = "": Flag, none;
    }
}

/// A check of that block.
pub fn in_place(value: &Value) -> Result<(), String> {
    match only(value).get("enabled").and_then(Value::as_bool) {
        Some(true) => Err(advice("updates are made in place, without a blue/green deployment")),
        _ => Ok(()),
    }
}

/// What is wrong with any instance.
pub fn always(want: &Attrs) -> Faults {
    let mut wrong = checks::database(want, ["backup_window", "maintenance_window"]);
    wrong.extend(checks::credentials(want, "username", PASSWORD));
    wrong.extend(storage(want));
    wrong.extend(checks::restore(
        want,
        "restore_time",
        &["source_db_instance_automated_backups_arn", "source_db_instance_identifier", "source_dbi_resource_id"],
    ));
    let on = |name: &str| want.bool(name) == Some(true);
    let advanced = want.str("database_insights_mode") == Some("advanced");
    let watched = on("performance_insights_enabled") || want.is_unknown("performance_insights_enabled");
    let role = want.str("custom_iam_instance_profile");
    wrong.extend(faults! {
        on("multi_az") && want.is_set("availability_zone") => "availability_zone",
            "an instance with multi_az is in two zones, which AWS chooses; leave it out";
        advanced && !watched => "database_insights_mode",
            "the advanced mode needs performance_insights_enabled = true";
        advanced && want.int("performance_insights_retention_period").is_some_and(|days| days < 465) =>
            "performance_insights_retention_period",
            "the advanced mode of Database Insights keeps 465 days at least";
        want.is_set("domain") && !want.is_given("domain_iam_role_name") => "domain",
            "joining a managed directory needs domain_iam_role_name";
        role.is_some_and(|name| !name.starts_with("AWSRDSCustom")) => "custom_iam_instance_profile",
            "the name has to begin with AWSRDSCustom";
        want.str("engine").is_some_and(|engine| engine.starts_with("aurora")) => "engine",
            "Aurora instances are members of a cluster: use aws_rds_cluster and aws_rds_cluster_instance";
    });

    wrong
}

/// Sizes and rates of storage, as far as the layout gives them.
fn storage(want: &Attrs) -> Faults {
    let engine = want.str("engine").unwrap_or_default();
    let (size, kind) = (want.int("allocated_storage"), want.str("storage_type"));
    let (iops, throughput) = (want.int("iops").filter(|n| *n > 0), want.int("storage_throughput").filter(|n| *n > 0));
    let max = want.int("max_allocated_storage").filter(|max| *max > 0);
    let provisioned = matches!(kind, Some("io1" | "io2"));
    let simple = matches!(kind, Some("gp2" | "standard"));
    let least = match kind {
        Some("io1" | "io2") => 100,
        Some("standard") if engine.contains("sqlserver") => 20,
        Some("standard") if engine.contains("oracle") => 10,
        Some("standard") => 5,
        _ => 20,
    };
    let of_type = kind.map_or(String::new(), |kind| format!(" of type {kind}"));
    let [gib, of_max, rate] = [size, max, iops].map(Option::unwrap_or_default);
    let mut wrong = faults! {
        size.is_some_and(|size| size < least) => "allocated_storage",
            advice(format!("{gib} GiB is less than the {least} GiB that storage{of_type} has at least"));
        max.zip(size).is_some_and(|(max, size)| max < size) => "max_allocated_storage",
            format!("{of_max} GiB is less than the {gib} GiB of allocated_storage");
        provisioned && !want.is_given("iops") => "storage_type", format!("storage{of_type} needs iops");
        provisioned && iops.is_some_and(|iops| iops < 1000) => "iops",
            format!("{rate} is less than the 1000 that provisioned storage has at least");
        simple && iops.is_some() => "iops", format!("storage{of_type} takes no iops");
        (simple || provisioned) && throughput.is_some() => "storage_throughput",
            "only storage of type gp3 takes a throughput";
    };
    let striped = STRIPED.iter().find(|(name, _)| engine.starts_with(name)).map(|(_, size)| *size);
    if let (Some("gp3"), Some(size), Some(striped)) = (kind, size, striped)
        && size < striped
    {
        for name in [iops.map(|_| "iops"), throughput.map(|_| "storage_throughput")].into_iter().flatten() {
            let text = format!("{engine} takes it with gp3 storage of {striped} GiB and more; this has {size} GiB");
            wrong.push((name, text));
        }
    }
    wrong
}

/// What a new instance needs, unless it is made from something that has it.
pub fn new(want: &Attrs) -> Faults {
    let from = ["snapshot_identifier", "replicate_source_db", "restore_to_point_in_time"];
    checks::new(want, "instance", &from, &["engine", "allocated_storage", "username"], PASSWORD)
}

/// Why the instance cannot be deleted. There are no last snapshots of replicas.
pub fn undeletable(now: &Attrs) -> Option<String> {
    checks::undeletable(now, now.str("replicate_source_db").is_some_and(|source| !source.is_empty()))
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;

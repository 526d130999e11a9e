//! What the layout alone tells of an instance: what RDS would refuse, what a new one needs, what cannot be
//! changed in place, and what keeps it from being deleted.

use super::super::checks::{self, Wrong, given};
use super::super::shapes::block;
use crate::schema::Attrs;
use crate::schema::shape::only;
use crate::value::Value;

/// From this size on the storage of these engines is striped, and gp3 takes its own IOPS and throughput
/// (RDS User Guide, "Amazon RDS DB instance storage").
const STRIPED: [(&str, i32); 4] = [("mysql", 400), ("mariadb", 400), ("postgres", 400), ("oracle", 200)];

/// Blue/green updates are not offered; to leave them out silently would interrupt a database.
pub fn blue_green(value: &Value) -> Result<(), String> {
    match only(value).get("enabled").and_then(Value::as_bool) {
        Some(true) => Err("updates through a blue/green deployment are not offered; take the block out".into()),
        _ => Ok(()),
    }
}

/// What is wrong with any instance.
pub fn always(want: &Attrs) -> Wrong {
    let mut wrong = checks::windows(want, ["backup_window", "maintenance_window"]);
    wrong.extend(checks::passwords(want, ["password", "password_wo"]));
    wrong.extend(storage(want));
    wrong.extend(together(want));
    if let Some(Err(text)) = want.str("username").map(|name| checks::username(want.str("engine"), name)) {
        wrong.push(("username", text));
    }
    if let Some(block) = block(want, "restore_to_point_in_time") {
        wrong.extend(restore(&block));
    }
    wrong
}

/// Arguments that need or exclude one another.
fn together(want: &Attrs) -> Wrong {
    let mut wrong = Wrong::new();
    let mut say = |name, text: &str| wrong.push((name, text.to_owned()));
    let on = |name: &str| want.bool(name) == Some(true);
    if on("multi_az") && want.is_set("availability_zone") {
        say("availability_zone", "an instance with multi_az stands in two zones, which AWS chooses; leave it out");
    }
    if want.is_set("password_wo") && !given(want, "password_wo_version") {
        say("password_wo", "password_wo is kept nowhere, so that password_wo_version has to say when it changes");
    }
    if want.is_set("master_user_secret_kms_key_id") && !on("manage_master_user_password") {
        say("master_user_secret_kms_key_id", "there is a secret only with manage_master_user_password = true");
    }
    if want.int("monitoring_interval").is_some_and(|n| n > 0) && !given(want, "monitoring_role_arn") {
        say(
            "monitoring_interval",
            "enhanced monitoring needs monitoring_role_arn, the role that it writes its logs with",
        );
    }
    if want.str("database_insights_mode") == Some("advanced") {
        if !on("performance_insights_enabled") && !want.is_unknown("performance_insights_enabled") {
            say("database_insights_mode", "the advanced mode needs performance_insights_enabled = true");
        }
        if want.int("performance_insights_retention_period").is_some_and(|days| days < 465) {
            say(
                "performance_insights_retention_period",
                "the advanced mode of Database Insights keeps 465 days at least",
            );
        }
    }
    if want.is_set("domain") && !given(want, "domain_iam_role_name") {
        say("domain", "joining a managed directory needs domain_iam_role_name");
    }
    if want.str("custom_iam_instance_profile").is_some_and(|name| !name.starts_with("AWSRDSCustom")) {
        say("custom_iam_instance_profile", "the name has to begin with AWSRDSCustom");
    }
    if want.str("engine").is_some_and(|engine| engine.starts_with("aurora")) {
        say("engine", "Aurora instances are members of a cluster: use aws_rds_cluster and aws_rds_cluster_instance");
    }
    wrong
}

/// Sizes and rates of storage, as far as the layout gives them.
fn storage(want: &Attrs) -> Wrong {
    let mut wrong = Wrong::new();
    let engine = want.str("engine").unwrap_or_default();
    let (size, kind) = (want.int("allocated_storage"), want.str("storage_type"));
    let (iops, throughput) = (want.int("iops").filter(|n| *n > 0), want.int("storage_throughput").filter(|n| *n > 0));
    let provisioned = matches!(kind, Some("io1" | "io2"));
    let least = match kind {
        Some("io1" | "io2") => 100,
        Some("standard") if engine.contains("sqlserver") => 20,
        Some("standard") if engine.contains("oracle") => 10,
        Some("standard") => 5,
        _ => 20,
    };
    if let Some(size) = size.filter(|size| *size < least) {
        let kind = kind.map_or(String::new(), |kind| format!(" of type {kind}"));
        wrong.push((
            "allocated_storage",
            format!("{size} GiB is less than the {least} GiB that storage{kind} has at least"),
        ));
    }
    if let Some((max, size)) = want.int("max_allocated_storage").zip(size).filter(|(max, size)| *max > 0 && max < size)
    {
        wrong.push(("max_allocated_storage", format!("{max} GiB is less than the {size} GiB of allocated_storage")));
    }
    if provisioned && !given(want, "iops") {
        wrong.push(("storage_type", format!("storage of type {} needs iops", kind.unwrap_or_default())));
    }
    if provisioned && let Some(iops) = iops.filter(|iops| *iops < 1000) {
        wrong.push(("iops", format!("{iops} is less than the 1000 that provisioned storage has at least")));
    }
    if matches!(kind, Some("gp2" | "standard")) && iops.is_some() {
        wrong.push(("iops", format!("storage of type {} takes no iops", kind.unwrap_or_default())));
    }
    if matches!(kind, Some("gp2" | "standard" | "io1" | "io2")) && throughput.is_some() {
        wrong.push(("storage_throughput", "only storage of type gp3 takes a throughput".into()));
    }
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

fn restore(block: &Attrs) -> Wrong {
    let mut wrong = Wrong::new();
    let latest = block.bool("use_latest_restorable_time") == Some(true);
    if latest == given(block, "restore_time") && !block.is_unknown("use_latest_restorable_time") {
        let text = "exactly one of restore_time and use_latest_restorable_time = true says what to restore to";
        wrong.push(("restore_to_point_in_time", text.to_owned()));
    }
    let sources =
        ["source_db_instance_automated_backups_arn", "source_db_instance_identifier", "source_dbi_resource_id"];
    if sources.into_iter().filter(|name| given(block, name)).count() != 1 {
        wrong.push(("restore_to_point_in_time", format!("exactly one of {} says what to restore", sources.join(", "))));
    }
    wrong
}

/// What a new instance needs, unless it is made from something that has it.
pub fn new(want: &Attrs) -> Wrong {
    let mut wrong = Wrong::new();
    let from = ["snapshot_identifier", "replicate_source_db", "restore_to_point_in_time"];
    if from.iter().any(|name| given(want, name)) {
        return wrong;
    }
    for name in ["engine", "allocated_storage", "username"] {
        if !given(want, name) {
            wrong.push((
                name,
                format!("a new instance needs {name}, unless it is made from another one or a snapshot."),
            ));
        }
    }
    if !["password", "password_wo", "manage_master_user_password"].iter().any(|name| given(want, name)) {
        let text = "a new instance needs one of password, password_wo and manage_master_user_password.";
        wrong.push(("password", text.to_owned()));
    }
    wrong
}

/// A replica becomes an instance of its own in place, but nothing becomes a replica.
pub fn replaces(_before: &Attrs, after: &Attrs) -> Vec<&'static str> {
    let name = "replicate_source_db";
    if given(after, name) && after.str(name) != Some("") { vec![name] } else { Vec::new() }
}

/// Why the instance cannot be deleted.
pub fn undeletable(now: &Attrs) -> Option<String> {
    if now.bool("deletion_protection") == Some(true) {
        return Some("it is protected from deletion. Set deletion_protection = false and apply that first.".to_owned());
    }
    let replica = now.str("replicate_source_db").is_some_and(|source| !source.is_empty());
    last_snapshot(now).filter(|_| !replica)
}

/// Why an object with last snapshots cannot be deleted: it has to be said whether there shall be one.
pub fn last_snapshot(now: &Attrs) -> Option<String> {
    let named = now.str("final_snapshot_identifier").is_some_and(|name| !name.is_empty());
    if named || now.bool("skip_final_snapshot") == Some(true) {
        return None;
    }
    Some(
        "neither final_snapshot_identifier names its last snapshot nor skip_final_snapshot = true says that there shall be none. Set one of them and apply that first."
            .to_owned(),
    )
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;

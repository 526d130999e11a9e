//! What the layout alone tells of a cluster.

use super::super::checks::{self, Wrong, given};
use super::super::instance::last_snapshot;
use super::super::shapes::block;
use crate::schema::Attrs;
use crate::value::Value;

/// The engine of a cluster.
pub fn engine(value: &Value) -> Result<(), String> {
    const ENGINES: [&str; 4] = ["aurora-mysql", "aurora-postgresql", "mysql", "postgres"];
    match value.as_str() {
        Some(name) if !ENGINES.contains(&name) && !name.starts_with("custom-") => {
            Err(format!("{name:?} is not a valid engine of a cluster; expected one of {}", ENGINES.join(", ")))
        }
        _ => Ok(()),
    }
}

/// What is wrong with any cluster.
pub fn always(want: &Attrs) -> Wrong {
    let mut wrong = checks::windows(want, ["preferred_backup_window", "preferred_maintenance_window"]);
    wrong.extend(checks::passwords(want, ["master_password", "master_password_wo"]));
    if let Some(Err(text)) = want.str("master_username").map(|name| checks::username(want.str("engine"), name)) {
        wrong.push(("master_username", text));
    }
    let mut say = |name, text: &str| wrong.push((name, text.to_owned()));
    if want.is_set("master_password_wo") && !given(want, "master_password_wo_version") {
        let text = "it is kept nowhere, so that master_password_wo_version has to say when it changes";
        say("master_password_wo", text);
    }
    if want.is_set("master_user_secret_kms_key_id") && want.bool("manage_master_user_password") != Some(true) {
        say("master_user_secret_kms_key_id", "there is a secret only with manage_master_user_password = true");
    }
    if want.int("monitoring_interval").is_some_and(|n| n > 0) && !given(want, "monitoring_role_arn") {
        say(
            "monitoring_interval",
            "enhanced monitoring needs monitoring_role_arn, the role that it writes its logs with",
        );
    }
    let aurora = want.str("engine").map(|engine| engine.starts_with("aurora"));
    if aurora == Some(false) && !given(want, "db_cluster_instance_class") {
        let text = "a Multi-AZ cluster of RDS makes its own members and needs db_cluster_instance_class, allocated_storage and storage_type";
        say("db_cluster_instance_class", text);
    }
    if aurora == Some(true) && want.is_set("allocated_storage") {
        say("allocated_storage", "Aurora's storage grows by itself; leave it out");
    }
    if want.str("engine") == Some("aurora-postgresql") && want.int("backtrack_window").is_some_and(|n| n > 0) {
        say("backtrack_window", "only Aurora MySQL can be tracked back");
    }
    if block(want, "scaling_configuration").is_some() && want.str("engine_mode") == Some("provisioned") {
        let text = "it is for engine_mode = \"serverless\"; today's serverless clusters take serverlessv2_scaling_configuration";
        say("scaling_configuration", text);
    }
    for name in ["scaling_configuration", "serverlessv2_scaling_configuration"] {
        let number = |b: &Attrs, name: &str| b.get(name).and_then(Value::as_number).map(|n| n.to_f64());
        if let Some(b) = block(want, name)
            && let (Some(least), Some(most)) = (number(&b, "min_capacity"), number(&b, "max_capacity"))
            && least > most
        {
            say(name, "min_capacity is greater than max_capacity");
        }
    }
    if let Some(block) = block(want, "restore_to_point_in_time") {
        let latest = block.bool("use_latest_restorable_time") == Some(true);
        let unknown = block.is_unknown("use_latest_restorable_time");
        if latest == given(&block, "restore_to_time") && !unknown {
            let text = "exactly one of restore_to_time and use_latest_restorable_time = true says what to restore to";
            say("restore_to_point_in_time", text);
        }
        if given(&block, "source_cluster_identifier") == given(&block, "source_cluster_resource_id") {
            let text = "exactly one of source_cluster_identifier and source_cluster_resource_id says what to restore";
            say("restore_to_point_in_time", text);
        }
    }
    wrong
}

/// What a new cluster needs, unless it is made from something that has it.
pub fn new(want: &Attrs) -> Wrong {
    let from = [
        "snapshot_identifier",
        "replication_source_identifier",
        "restore_to_point_in_time",
        "global_cluster_identifier",
    ];
    if from.iter().any(|name| given(want, name)) {
        return Wrong::new();
    }
    let mut wrong = Wrong::new();
    if !given(want, "master_username") {
        let text = "a new cluster needs master_username, unless it is made from another one or a snapshot.";
        wrong.push(("master_username", text.to_owned()));
    }
    if !["master_password", "master_password_wo", "manage_master_user_password"].iter().any(|name| given(want, name)) {
        let text = "a new cluster needs one of master_password, master_password_wo and manage_master_user_password.";
        wrong.push(("master_password", text.to_owned()));
    }
    wrong
}

/// A replica becomes a cluster of its own in place, but nothing becomes a replica.
pub fn replaces(_before: &Attrs, after: &Attrs) -> Vec<&'static str> {
    let name = "replication_source_identifier";
    if given(after, name) && after.str(name) != Some("") { vec![name] } else { Vec::new() }
}

/// Why the cluster cannot be deleted.
pub fn undeletable(now: &Attrs) -> Option<String> {
    if now.bool("deletion_protection") == Some(true) {
        return Some("it is protected from deletion. Set deletion_protection = false and apply that first.".to_owned());
    }
    last_snapshot(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aurora() -> Attrs {
        Attrs::default()
            .with("engine", "aurora-mysql")
            .with("master_username", "admin")
            .with("master_password", "correct-horse")
    }

    fn at_fault(wrong: &Wrong) -> Vec<&str> {
        wrong.iter().map(|(name, _)| *name).collect()
    }

    #[test]
    fn a_cluster_is_held_against_what_its_engine_takes() {
        assert_eq!(always(&aurora()), []);
        assert_eq!(new(&aurora()), []);
        assert_eq!(at_fault(&always(&aurora().with("allocated_storage", 100))), ["allocated_storage"]);
        assert_eq!(at_fault(&always(&aurora().with("engine", "mysql"))), ["db_cluster_instance_class"]);
        let postgres = aurora().with("engine", "aurora-postgresql").with("backtrack_window", 3600);
        assert_eq!(at_fault(&always(&postgres)), ["master_username", "backtrack_window"]);
    }

    #[test]
    fn a_new_cluster_needs_credentials_or_a_source() {
        let bare = Attrs::default().with("engine", "aurora-mysql");
        assert_eq!(at_fault(&new(&bare)), ["master_username", "master_password"]);
        assert_eq!(new(&bare.with("snapshot_identifier", "last")), []);
    }

    #[test]
    fn capacities_are_in_order() {
        let block = |least: i64, most: i64| {
            Value::object([("min_capacity", Value::from(least)), ("max_capacity", Value::from(most))])
        };
        let said = |b: Value| always(&aurora().with("serverlessv2_scaling_configuration", b)).len();
        assert_eq!((said(block(1, 4)), said(block(4, 1))), (0, 1));
    }
}

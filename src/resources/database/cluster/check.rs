//! Checks of a cluster that need only the layout.

use super::super::checks as rules;
use super::super::shapes::block;
use super::PASSWORD;
use crate::resources::prelude::*;

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
pub fn always(want: &Attrs) -> Faults {
    let mut wrong = rules::database(want, ["preferred_backup_window", "preferred_maintenance_window"]);
    wrong.extend(rules::credentials(want, "master_username", PASSWORD));
    let sources = ["source_cluster_identifier", "source_cluster_resource_id"];
    wrong.extend(rules::restore(want, "restore_to_time", &sources));
    let aurora = want.str("engine").map(|engine| engine.starts_with("aurora"));
    let old = block(want, "scaling_configuration").is_some() && want.str("engine_mode") == Some("provisioned");
    let backwards = |name: &str| {
        let Some(b) = block(want, name) else { return false };
        let number = |name: &str| b.get(name).and_then(Value::as_number).map(|n| n.to_f64());
        number("min_capacity").zip(number("max_capacity")).is_some_and(|(least, most)| least > most)
    };
    let order = "min_capacity is greater than max_capacity";
    wrong.extend(faults! {
        aurora == Some(false) && !want.is_given("db_cluster_instance_class") => "db_cluster_instance_class",
            "a Multi-AZ cluster of RDS makes its own members and needs db_cluster_instance_class, allocated_storage and \
             storage_type";
        aurora == Some(true) && want.is_set("allocated_storage") => "allocated_storage",
            "Aurora's storage grows by itself; leave it out";
        want.str("engine") == Some("aurora-postgresql") && want.int("backtrack_window").is_some_and(|n| n > 0) =>
            "backtrack_window", "only Aurora MySQL can be tracked back";
        old => "scaling_configuration",
            "it is for engine_mode = \"serverless\"; today's serverless clusters take serverlessv2_scaling_configuration";
        backwards("scaling_configuration") => "scaling_configuration", order;
        backwards("serverlessv2_scaling_configuration") => "serverlessv2_scaling_configuration", order;
    });

    wrong
}

/// What a new cluster needs, unless it is made from something that has it.
pub fn new(want: &Attrs) -> Faults {
    let from = [
        "snapshot_identifier",
        "replication_source_identifier",
        "restore_to_point_in_time",
        "global_cluster_identifier",
    ];
    rules::new(want, "cluster", &from, &["master_username"], PASSWORD)
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

    fn at_fault(wrong: &Faults) -> Vec<&str> {
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

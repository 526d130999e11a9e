use super::*;
use crate::value::Type;

fn mysql() -> Attrs {
    Attrs::default()
        .with("engine", "mysql")
        .with("instance_class", "db.t4g.micro")
        .with("allocated_storage", 20)
        .with("username", "admin")
        .with("password", "correct-horse")
}

fn at_fault(wrong: &Faults) -> Vec<&str> {
    wrong.iter().map(|(name, _)| *name).collect()
}

#[test]
fn a_usual_instance_is_accepted() {
    assert_eq!(always(&mysql()), []);
    assert_eq!(new(&mysql()), []);
}

#[test]
fn a_new_instance_needs_what_nothing_else_gives_it() {
    let bare = Attrs::default().with("instance_class", "db.t4g.micro");
    assert_eq!(at_fault(&new(&bare)), ["engine", "allocated_storage", "username", "password"]);
    assert_eq!(new(&bare.clone().with("snapshot_identifier", "last")), []);
    assert_eq!(new(&bare.with("replicate_source_db", Value::unknown(Type::String))), []);
}

#[test]
fn storage_is_held_against_what_its_type_takes() {
    let storage = |changes: &[(&str, Value)]| {
        let want = changes.iter().fold(mysql(), |want, (name, value)| want.with(name, value.clone()));
        always(&want).into_iter().map(|(name, _)| name).collect::<Vec<_>>()
    };
    assert_eq!(storage(&[("allocated_storage", 10.into())]), ["allocated_storage"]);
    assert_eq!(storage(&[("allocated_storage", 10.into()), ("storage_type", "standard".into())]), [""; 0]);
    assert_eq!(storage(&[("storage_type", "io1".into())]), ["allocated_storage", "storage_type"]);
    assert_eq!(
        storage(&[("storage_type", "io2".into()), ("allocated_storage", 100.into()), ("iops", 500.into())]),
        ["iops"]
    );
    assert_eq!(storage(&[("storage_type", "gp3".into()), ("iops", 12000.into())]), ["iops"]);
    assert_eq!(
        storage(&[("storage_type", "gp3".into()), ("allocated_storage", 400.into()), ("iops", 12000.into())]),
        [""; 0]
    );
    assert_eq!(storage(&[("storage_type", "gp2".into()), ("storage_throughput", 500.into())]), ["storage_throughput"]);
    assert_eq!(storage(&[("max_allocated_storage", 10.into())]), ["max_allocated_storage"]);
    assert_eq!(storage(&[("max_allocated_storage", 0.into())]), [""; 0]);
}

#[test]
fn arguments_that_need_or_exclude_one_another_are_told() {
    let of = |name: &str, value: Value| always(&mysql().with(name, value));
    assert_eq!(
        at_fault(&always(&mysql().with("multi_az", true).with("availability_zone", "eu-west-1a"))),
        ["availability_zone"]
    );
    assert_eq!(at_fault(&of("monitoring_interval", 60.into())), ["monitoring_interval"]);
    assert_eq!(at_fault(&of("database_insights_mode", "advanced".into())), ["database_insights_mode"]);
    assert_eq!(at_fault(&of("engine", "aurora-mysql".into())), ["engine"]);
    assert_eq!(at_fault(&of("password", "short".into())), ["password"]);
}

#[test]
fn a_restore_says_what_and_to_when() {
    let block = |entries: &[(&str, Value)]| Value::object(entries.iter().map(|(k, v)| (*k, v.clone())));
    let said =
        |entries: &[(&str, Value)]| at_fault(&always(&mysql().with("restore_to_point_in_time", block(entries)))).len();
    assert_eq!(said(&[("source_db_instance_identifier", "a".into()), ("use_latest_restorable_time", true.into())]), 0);
    assert_eq!(said(&[("source_db_instance_identifier", "a".into())]), 1);
    assert_eq!(said(&[("use_latest_restorable_time", true.into())]), 1);
}

#[test]
fn a_protected_instance_or_one_without_snapshot_name_stays() {
    let why = |attrs: Attrs| undeletable(&attrs);
    assert!(why(mysql().with("deletion_protection", true)).is_some_and(|why| why.contains("protected")));
    assert!(why(mysql()).is_some_and(|why| why.contains("skip_final_snapshot")));
    assert_eq!(why(mysql().with("skip_final_snapshot", true)), None);
    assert_eq!(why(mysql().with("final_snapshot_identifier", "last")), None);
    assert_eq!(why(mysql().with("replicate_source_db", "orders")), None);
}

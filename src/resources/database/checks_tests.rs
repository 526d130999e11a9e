use super::*;

fn accepts(check: fn(&Value) -> Check, good: &[&str], bad: &[&str]) {
    for text in good {
        assert_eq!(check(&Value::from(*text)), Ok(()), "{text}");
    }
    for text in bad {
        assert!(check(&Value::from(*text)).is_err(), "{text} is accepted");
    }
}

#[test]
fn an_identifier_has_the_form_that_rds_takes() {
    let long = "a".repeat(64);
    accepts(identifier, &["a", "orders-db-1"], &["", "1a", "a--b", "a-", "a_b", "Orders", &long]);
    accepts(snapshot_identifier, &["Last-1"], &["last-", "1", "a b"]);
    accepts(identifier_prefix, &["", "orders-"], &["orders--", "Orders-", &"a".repeat(38)]);
}

#[test]
fn windows_have_a_form_and_a_length() {
    accepts(backup_window, &["03:00-03:30", "23:45-00:15"], &["3:00-4:00", "03:00-03:29", "03:00", "25:00-26:00"]);
    accepts(
        maintenance_window,
        &["sun:03:00-sun:03:30", "Sun:23:45-Mon:00:15"],
        &["sun:03:00-sun:03:29", "03:00-04:00", "sun:03:00-tue:03:00", "day:03:00-day:04:00"],
    );
}

#[test]
fn a_backup_during_maintenance_is_told_on_whatever_day_it_is() {
    let overlap = |backup: &str, maintenance: &str| {
        let want = Attrs::default().with("b", backup).with("m", maintenance);
        !windows(&want, ["b", "m"]).is_empty()
    };
    assert!(overlap("03:00-04:00", "wed:03:30-wed:05:00"));
    assert!(overlap("23:30-00:30", "mon:00:00-mon:01:00"));
    assert!(overlap("00:00-00:30", "sun:23:45-mon:00:15"));
    assert!(!overlap("03:00-04:00", "wed:04:00-wed:05:00"));
    assert!(!overlap("23:00-23:30", "sun:23:30-mon:00:30"));
}

#[test]
fn a_version_prefix_equals_the_full_version() {
    assert!(is_version("8.0", "8.0.36"));
    assert!(is_version("16", "16.3"));
    assert!(is_version("8.0.36", "8.0.36"));
    assert!(!is_version("8.0.3", "8.0.36"));
    assert!(!is_version("8.0.36", "8.0"));
    assert!(is_version("8.0.mysql_aurora.3.04", "8.0.mysql_aurora.3.04.1"));
}

#[test]
fn a_later_minor_version_is_told_from_another_major_one() {
    assert!(upgraded("mysql", "8.0.35", "8.0.36"));
    assert!(!upgraded("mysql", "8.0.36", "8.0.35"));
    assert!(!upgraded("mysql", "8.0.36", "8.4.3"));
    assert!(upgraded("postgres", "16.3", "16.4"));
    assert!(!upgraded("postgres", "15.7", "16.3"));
    assert!(upgraded("aurora-mysql", "8.0.mysql_aurora.3.04.1", "8.0.mysql_aurora.3.05.2"));
}

#[test]
fn a_password_follows_engine_rules_and_is_never_shown() {
    assert_eq!(password(Some("mysql"), "correct-horse"), Ok(()));
    for (engine, bad) in
        [("mysql", "short"), ("mysql", "with@sign1"), ("postgres", "with space"), ("oracle-ee", "amper&sand")]
    {
        let said = password(Some(engine), bad).unwrap_err();
        assert!(!said.contains(bad), "{said}");
    }
    assert!(password(Some("mysql"), &"x".repeat(42)).is_err());
    assert_eq!(password(Some("postgres"), &"x".repeat(42)), Ok(()));
    assert!(password(Some("oracle-se2"), &"x".repeat(31)).is_err());
}

#[test]
fn a_user_cannot_have_a_word_that_the_engine_keeps() {
    assert_eq!(username(Some("mysql"), "admin"), Ok(()));
    assert!(username(Some("postgres"), "admin").is_err());
    assert!(username(Some("mysql"), "rdsadmin").is_err());
    assert!(username(Some("mysql"), "1st").is_err());
}

#[test]
fn numbers_are_within_what_rds_takes() {
    assert!(retention(&36.into()).is_err());
    assert_eq!(retention(&35.into()), Ok(()));
    assert!(monitoring_interval(&2.into()).is_err());
    for (days, good) in [(7, true), (31, true), (62, true), (731, true), (30, false), (744, false)] {
        assert_eq!(insights_retention(&days.into()).is_ok(), good, "{days}");
    }
}

#[test]
fn a_replica_is_promoted_in_place_and_never_the_reverse() {
    let replica = Attrs::default().with("replicate_source_db", "a");
    assert_eq!(becomes_replica(&Attrs::default(), "replicate_source_db"), [""; 0]);
    assert_eq!(becomes_replica(&replica, "replicate_source_db"), ["replicate_source_db"]);
}

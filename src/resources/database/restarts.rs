//! Which arguments restart a database, by engine, and when: at once, or in its maintenance window. From RDS User
//! Guide, "Settings for DB instances", and Aurora User Guide, "Settings for Amazon Aurora".

use crate::schema::Attrs;
use crate::schema::rows::Interruption;

/// When a change takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    /// At once with `apply_immediately`, else in the maintenance window.
    Asked,
    /// At once, whatever is asked for.
    AtOnce,
}

/// A row: an argument whose change interrupts the database.
pub struct Restart {
    attribute: &'static str,
    /// How the names of the engines begin that it holds for; all without any.
    engines: &'static [&'static str],
    when: When,
    /// About how long it is away, in seconds.
    seconds: u32,
    /// Whether a standby in another zone takes over meanwhile.
    standby: bool,
    /// Whether the change from the first to the second does it; nothing: any does.
    only: Option<fn(&Attrs, &Attrs) -> bool>,
}

const fn row(attribute: &'static str, when: When, seconds: u32) -> Restart {
    Restart { attribute, engines: &[], when, seconds, standby: false, only: None }
}

/// What restarts an instance.
pub const INSTANCE: &[Restart] = &[
    Restart { standby: true, ..row("instance_class", When::Asked, 600) },
    row("engine_version", When::Asked, 600),
    row("identifier", When::Asked, 120),
    row("port", When::AtOnce, 120),
    row("db_subnet_group_name", When::Asked, 600),
    row("dedicated_log_volume", When::Asked, 600),
    row("network_type", When::Asked, 60),
    Restart { engines: &["oracle"], ..row("license_model", When::Asked, 120) },
    Restart { engines: &["oracle", "sqlserver"], ..row("option_group_name", When::Asked, 120) },
    // The others take a new certificate without a restart (RDS User Guide, "Rotating your SSL/TLS certificate").
    Restart { engines: &["oracle", "sqlserver", "custom", "db2"], ..row("ca_cert_identifier", When::Asked, 120) },
    Restart { engines: &["sqlserver"], ..row("domain", When::Asked, 60) },
    Restart { only: Some(magnetic), ..row("storage_type", When::Asked, 600) },
    Restart { only: Some(backups), ..row("backup_retention_period", When::Asked, 60) },
];

/// What restarts a member of a cluster; another one takes over if there is one.
pub const MEMBER: &[Restart] = &[row("instance_class", When::Asked, 60)];

/// What restarts a whole cluster.
pub const CLUSTER: &[Restart] = &[
    row("engine_version", When::Asked, 600),
    row("port", When::AtOnce, 120),
    Restart { standby: true, ..row("db_cluster_instance_class", When::Asked, 60) },
];

/// Magnetic disks are exchanged while the database is away, all others under its feet.
fn magnetic(before: &Attrs, after: &Attrs) -> bool {
    [before, after].iter().any(|attrs| attrs.str("storage_type") == Some("standard"))
}

/// Backups that are switched on or off, rather than kept for longer or shorter.
fn backups(before: &Attrs, after: &Attrs) -> bool {
    let kept = |attrs: &Attrs| attrs.int("backup_retention_period").unwrap_or(0) > 0;
    kept(before) != kept(after)
}

fn found<'t>(table: &'t [Restart], before: &Attrs, after: &Attrs, now: bool) -> Option<&'t Restart> {
    let engine = before.str("engine").unwrap_or_default();
    let changes = |name: &str| {
        let will = after.get(name).filter(|v| !v.is_null());
        will.is_some_and(|will| before.get(name).is_some_and(|was| was.unmark_deep() != will.unmark_deep()))
    };
    let immediately = after.bool("apply_immediately") == Some(true);
    table.iter().find(|row| {
        let engines = row.engines.is_empty() || row.engines.iter().any(|name| engine.starts_with(name));
        let at_once = row.when == When::AtOnce || immediately;
        engines && at_once == now && changes(row.attribute) && row.only.is_none_or(|only| only(before, after))
    })
}

/// Whether a standby is there to take over: one in another zone, or another member of a Multi-AZ cluster.
fn standby(row: &Restart, before: &Attrs) -> bool {
    let cluster = before.is_set("db_cluster_instance_class");
    row.standby && (before.bool("multi_az") == Some(true) || cluster)
}

fn interruption(table: &[Restart], before: &Attrs, after: &Attrs, now: bool) -> Option<Interruption> {
    let row = found(table, before, after, now)?;
    let failover = standby(row, before);
    let seconds = if failover { row.seconds.min(60) } else { row.seconds };
    Some(Interruption { attribute: row.attribute, seconds, failover })
}

/// What such an object restarts for at once.
pub fn now(table: &[Restart], before: &Attrs, after: &Attrs) -> Option<Interruption> {
    interruption(table, before, after, true)
}

/// What it restarts for later.
pub fn later(table: &[Restart], before: &Attrs, after: &Attrs) -> Option<String> {
    let how = interruption(table, before, after, false)?;
    let window = ["maintenance_window", "preferred_maintenance_window"].iter().find_map(|name| after.str(name));
    let window = window.map(|text| format!(" ({text} UTC)")).unwrap_or_default();
    let what = if how.failover { "a failover" } else { "an interruption" };
    Some(format!(
        "after this run, in its own maintenance window{window}, {what} of about {} s, as {:?} changes then",
        how.seconds, how.attribute
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    fn database(engine: &str, more: &[(&'static str, Value)]) -> Attrs {
        let usual = Attrs::default().with("engine", engine).with("maintenance_window", "sun:03:00-sun:04:00");
        more.iter().fold(usual, |attrs, (name, value)| attrs.with(name, value.clone()))
    }

    #[test]
    fn what_restarts_a_database_is_known_by_engine_and_so_is_when() {
        let text = |s: &str| Value::from(s);
        let table: [(&str, &str, Value, Value, bool, Option<bool>); 12] = [
            ("postgres", "instance_class", text("a"), text("b"), true, Some(true)),
            ("postgres", "instance_class", text("a"), text("b"), false, Some(false)),
            ("postgres", "port", 5432.into(), 5433.into(), false, Some(true)),
            ("postgres", "allocated_storage", 20.into(), 30.into(), true, None),
            ("postgres", "storage_type", text("gp2"), text("gp3"), true, None),
            ("mysql", "storage_type", text("standard"), text("gp3"), true, Some(true)),
            ("mysql", "backup_retention_period", 0.into(), 7.into(), true, Some(true)),
            ("mysql", "backup_retention_period", 7.into(), 14.into(), true, None),
            ("postgres", "ca_cert_identifier", text("a"), text("b"), true, None),
            ("sqlserver-se", "ca_cert_identifier", text("a"), text("b"), true, Some(true)),
            ("oracle-ee", "license_model", text("a"), text("b"), false, Some(false)),
            ("postgres", "multi_az", false.into(), true.into(), true, None),
        ];
        for (engine, name, was, will, immediately, expected) in table {
            let name: &'static str = INSTANCE.iter().map(|r| r.attribute).find(|a| *a == name).unwrap_or(match name {
                "allocated_storage" => "allocated_storage",
                _ => "multi_az",
            });
            let before = database(engine, &[(name, was)]);
            let after = database(engine, &[(name, will), ("apply_immediately", immediately.into())]);
            let at_once = now(INSTANCE, &before, &after).map(|how| how.attribute);
            let then = later(INSTANCE, &before, &after);
            let seen = at_once.map(|_| true).or(then.as_ref().map(|_| false));
            assert_eq!(seen, expected, "{engine} {name}");
            assert!(then.is_none_or(|text| text.contains("sun:03:00") && text.contains(name)));
        }
    }

    #[test]
    fn a_standby_takes_over_for_a_class_not_a_version() {
        let of = |name: &'static str| {
            let with = |value: &str| database("mysql", &[(name, value.into()), ("multi_az", true.into())]);
            now(INSTANCE, &with("1"), &with("2").with("apply_immediately", true)).map(|how| how.failover)
        };
        assert_eq!((of("instance_class"), of("engine_version")), (Some(true), Some(false)));
    }
}

//! The rules of RDS for single values and for values together, checked before any call.

use crate::resources::prelude::*;

type Check = Result<(), String>;

const DAY: u32 = 24 * 60;
const WEEK: u32 = 7 * DAY;
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// The shortest window that RDS takes, in minutes.
const SHORTEST: u32 = 30;

/// What names of RDS must not be or hold, beside their length.
type Fault = (fn(&str) -> bool, &'static str);
const UPPER_CASE: Fault = (
    |text| text.bytes().any(|b| b.is_ascii_uppercase()),
    "holds upper-case letters, which AWS turns into lower-case ones",
);
const LAST_HYPHEN: Fault = (|text| text.ends_with('-'), "ends with a hyphen");
const FAULTS: [Fault; 3] = [
    (|text| !text.starts_with(|c: char| c.is_ascii_alphabetic()), "does not begin with a letter"),
    (
        |text| !text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'),
        "holds more than letters, digits and hyphens",
    ),
    (|text| text.contains("--"), "holds two hyphens in a row"),
];

fn form(text: Option<&str>, longest: usize, more: &[Fault]) -> Check {
    let Some(text) = text else { return Ok(()) };
    if text.is_empty() || text.len() > longest {
        return Err(format!("an identifier has 1 to {longest} characters, this one {}", text.len()));
    }
    match FAULTS.iter().chain(more).find(|(holds, _)| holds(text)) {
        Some((_, what)) => Err(format!("{text:?} {what}")),
        None => Ok(()),
    }
}

/// The text, unless it is empty and so says nothing.
fn filled(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.is_empty())
}

/// The identifier of an instance or cluster.
pub fn identifier(value: &Value) -> Check {
    form(value.as_str(), 63, &[UPPER_CASE, LAST_HYPHEN])
}

/// What an identifier begins with; 26 characters are added.
pub fn identifier_prefix(value: &Value) -> Check {
    form(filled(value), 63 - 26, &[UPPER_CASE])
}

/// The identifier of a last snapshot.
pub fn snapshot_identifier(value: &Value) -> Check {
    form(value.as_str(), 255, &[LAST_HYPHEN])
}

/// The name of a parameter or option group.
pub fn group_name(value: &Value) -> Check {
    form(filled(value), 255, &[UPPER_CASE, LAST_HYPHEN])
}

/// What the name of a parameter or option group begins with.
pub fn group_name_prefix(value: &Value) -> Check {
    form(filled(value), 255 - 26, &[UPPER_CASE])
}

/// A window of the day, such as `03:00-04:00`; its first minute and its length.
fn day_window(text: &str) -> Option<(u32, u32)> {
    let (from, to) = text.split_once('-')?;
    let (from, to) = (clock(from)?, clock(to)?);
    Some((from, (to + DAY - from) % DAY))
}

/// A window of the week, such as `sun:03:00-sun:04:00`; its first minute and its length.
fn week_window(text: &str) -> Option<(u32, u32)> {
    let (from, to) = text.split_once('-')?;
    let minute = |text: &str| -> Option<u32> {
        let (day, time) = text.split_once(':')?;
        let day = DAYS.iter().position(|d| d.eq_ignore_ascii_case(day))?;
        Some(u32::try_from(day).ok()? * DAY + clock(time)?)
    };
    let (from, to) = (minute(from)?, minute(to)?);
    Some((from, (to + WEEK - from) % WEEK))
}

fn clock(text: &str) -> Option<u32> {
    let (hour, minute) = text.split_once(':')?;
    let number = |text: &str| (text.len() == 2).then(|| text.parse::<u32>().ok()).flatten();
    let (hour, minute) = (number(hour)?, number(minute)?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

fn window(value: &Value, read: fn(&str) -> Option<(u32, u32)>, form: &str) -> Check {
    let Some(text) = value.as_str() else { return Ok(()) };
    match read(text) {
        None => Err(format!("{text:?} is not a valid window; expected the form {form}, in UTC")),
        Some((_, length)) if length < SHORTEST => Err(format!("{text:?} is shorter than {SHORTEST} minutes")),
        Some((_, length)) if length > DAY => Err(format!("{text:?} is longer than a day")),
        Some(_) => Ok(()),
    }
}

/// A daily window for backups.
pub fn backup_window(value: &Value) -> Check {
    window(value, day_window, "03:00-04:00")
}

/// A weekly window for maintenance.
pub fn maintenance_window(value: &Value) -> Check {
    window(value, week_window, "sun:03:00-sun:04:00")
}

/// Backup and maintenance windows must not overlap on any day. `names` are those of the arguments.
pub fn windows(want: &Attrs, names: [&'static str; 2]) -> Faults {
    let (backup, maintenance) = (want.str(names[0]), want.str(names[1]));
    let (Some((daily, long)), Some((weekly, span))) = (backup.and_then(day_window), maintenance.and_then(week_window))
    else {
        return Vec::new();
    };
    // From the day before, as the last window of a week may reach into the next.
    let clash = (0..=8).map(|day| daily + day * DAY).any(|start| {
        let weekly = weekly + DAY;
        [weekly, weekly + WEEK, weekly.saturating_sub(WEEK)].iter().any(|&w| start < w + span && w < start + long)
    });
    if !clash {
        return Vec::new();
    }
    let text = format!(
        "the backup window {} and the maintenance window {} overlap; keep them apart",
        backup.unwrap_or_default(),
        maintenance.unwrap_or_default()
    );
    vec![(names[1], text)]
}

/// A number within bounds.
pub fn within(value: &Value, least: i64, most: i64) -> Check {
    checks::number(value, |n| (least..=most).contains(&n), &format!("is not from {least} to {most}"))
}

/// Days that automated backups are kept.
pub fn retention(value: &Value) -> Check {
    within(value, 0, 35)
}

/// Seconds between two measurements of the operating system.
pub fn monitoring_interval(value: &Value) -> Check {
    checks::number(value, |n| [0, 1, 5, 10, 15, 30, 60].contains(&n), "is none of 0, 1, 5, 10, 15, 30 and 60 seconds")
}

/// Days that Performance Insights keeps its data.
pub fn insights_retention(value: &Value) -> Check {
    let fits = |n| [0, 7, 731].contains(&n) || (n % 31 == 0 && (31..=713).contains(&n));
    checks::number(value, fits, "is neither 7, nor 731, nor a multiple of 31 up to 713 days")
}

/// The port that a database listens on.
pub fn port(value: &Value) -> Check {
    within(value, 1150, 65535)
}

/// The class of an instance, such as `db.t4g.micro`.
pub fn class(value: &Value) -> Check {
    let wrong = "is not a valid instance class; expected a form such as db.t4g.micro";
    checks::text(value, |text| text.starts_with("db."), wrong)
}

/// The ARN of a key: AWS gives no other name of it back.
pub fn key_arn(value: &Value) -> Check {
    let wrong = "is not the ARN of a key; expected a form such as \
                 arn:aws:kms:eu-west-1:123456789012:key/…, as aws_kms_key has it";
    checks::text(value, |text| text.is_empty() || (text.starts_with("arn:") && text.contains(":key/")), wrong)
}

/// A point in time.
pub fn instant(value: &Value) -> Check {
    let wrong = "is not a valid point in time; expected a form such as 2026-03-01T12:00:00Z";
    checks::text(value, |text| text.parse::<jiff::Timestamp>().is_ok(), wrong)
}

/// Logs that instances and clusters can send to CloudWatch.
pub fn log_types(value: &Value) -> Check {
    const TYPES: &str = "agent alert audit diag.log error general iam-db-auth-error instance listener notify.log \
                         oemagent postgresql profiler slowquery trace upgrade";
    let types: Vec<&str> = TYPES.split(' ').collect();
    value.as_elements().unwrap_or(&[]).iter().try_for_each(|v| checks::one_of(v, &types))
}

/// Whether support beyond the life of the engine is wanted.
pub fn lifecycle_support(value: &Value) -> Check {
    checks::one_of(value, &["open-source-rds-extended-support", "open-source-rds-extended-support-disabled"])
}

/// How Database Insights watches.
pub fn insights_mode(value: &Value) -> Check {
    checks::one_of(value, &["standard", "advanced"])
}

/// The addresses that a database has.
pub fn network_type(value: &Value) -> Check {
    checks::one_of(value, &["IPV4", "DUAL"])
}

/// An engine version: what is wanted may be the beginning of what is there, as `8.0` is of `8.0.36`.
pub const VERSION: Normal = Normal::With(|wanted, now| match (wanted.as_str(), now.as_str()) {
    (Some(wanted), Some(now)) => is_version(wanted, now),
    _ => false,
});

/// Whether version `now` is version `wanted`, which may name its beginning only.
pub fn is_version(wanted: &str, now: &str) -> bool {
    now.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Whether `now` is a later minor version of the same major version as `wanted`. What counts as major
/// is one number with PostgreSQL from 10 on and with Aurora PostgreSQL, two elsewhere.
pub fn upgraded(engine: &str, wanted: &str, now: &str) -> bool {
    let majors = if engine.ends_with("postgres") || engine.ends_with("postgresql") { 1 } else { 2 };
    let numbers = |text: &str| -> Option<Vec<u64>> {
        text.split(['.', '_', '-'])
            .filter(|part| *part != "mysql" && *part != "aurora")
            .map(|p| p.parse().ok())
            .collect()
    };
    match (numbers(wanted), numbers(now)) {
        (Some(wanted), Some(now)) => wanted.get(..majors) == now.get(..majors) && now > wanted,
        _ => false,
    }
}

/// What a master password must be; never says what it is. Limits per engine: RDS API,
/// CreateDBInstance, MasterUserPassword.
pub fn password(engine: Option<&str>, text: &str) -> Check {
    let longest = match engine {
        Some(e) if e.starts_with("aurora") => 41,
        Some("mysql" | "mariadb") => 41,
        Some(e) if e.contains("oracle") => 30,
        Some(e) if e.starts_with("db2") => 255,
        _ => 128,
    };
    let length = text.chars().count();
    if !(8..=longest).contains(&length) {
        let what = engine.unwrap_or("this engine");
        return Err(format!("a password of {what} has 8 to {longest} characters, this one {length}"));
    }
    let oracle = engine.is_some_and(|e| e.contains("oracle"));
    let refused = |c: char| !c.is_ascii_graphic() || "/\"@".contains(c) || (oracle && "&'".contains(c));
    if text.chars().any(refused) {
        let more = if oracle { ", &, '" } else { "" };
        return Err(format!("a password holds printable ASCII characters other than /, \", @{more} and the space"));
    }
    Ok(())
}

/// What is wrong with the master user `name` and the passwords in clear, kept nowhere, and the latter's version.
pub fn credentials(want: &Attrs, name: &'static str, [plain, hidden, version]: [&'static str; 3]) -> Faults {
    let engine = want.str("engine");
    let user = want.str(name).map(|text| (name, username(engine, text)));
    let secrets = [plain, hidden].into_iter().filter_map(|name| Some((name, password(engine, want.str(name)?))));
    let all = user.into_iter().chain(secrets);
    let mut wrong: Faults = all.filter_map(|(name, check)| Some((name, check.err()?))).collect();
    if want.is_set(hidden) && !want.is_given(version) {
        wrong.push((hidden, format!("it is kept nowhere, so {version} has to say when it changes")));
    }
    wrong
}

/// Faults of any instance, cluster or member. `names` are its two windows.
pub fn database(want: &Attrs, names: [&'static str; 2]) -> Faults {
    let managed = want.bool("manage_master_user_password") == Some(true);
    let watched = want.int("monitoring_interval").is_some_and(|n| n > 0);
    let mut wrong = windows(want, names);
    wrong.extend(faults! {
        want.is_set("master_user_secret_kms_key_id") && !managed => "master_user_secret_kms_key_id",
            "there is a secret only with manage_master_user_password = true";
        watched && !want.is_given("monitoring_role_arn") => "monitoring_interval",
            "enhanced monitoring needs monitoring_role_arn, the role that it writes its logs with";
    });
    wrong
}

/// What is wrong with the block `restore_to_point_in_time`, in which `time` or the latest time and one of `sources`
/// are given.
pub fn restore(want: &Attrs, time: &str, sources: &[&str]) -> Faults {
    let name = "restore_to_point_in_time";
    let Some(block) = want.blocks(name).into_iter().next() else { return Faults::new() };
    let latest = block.bool("use_latest_restorable_time") == Some(true);
    let both = latest == block.is_given(time) && !block.is_unknown("use_latest_restorable_time");
    let one = sources.iter().filter(|source| block.is_given(source)).count() == 1;
    faults! {
        both => name, format!("exactly one of {time} and use_latest_restorable_time = true says what to restore to");
        !one => name, format!("exactly one of {} says what to restore", sources.join(", "));
    }
}

/// What a new object needs, unless it is made `from` something that has it.
pub fn new(want: &Attrs, what: &str, from: &[&str], needs: &[&'static str], passwords: [&'static str; 3]) -> Faults {
    if from.iter().any(|name| want.is_given(name)) {
        return Faults::new();
    }
    let missing = needs.iter().filter(|name| !want.is_given(name));
    let text = |name| format!("a new {what} needs {name}, unless it is made from another one or a snapshot.");
    let mut wrong: Faults = missing.map(|name| (*name, text(name))).collect();
    let [plain, hidden, _] = passwords;
    if ![plain, hidden, "manage_master_user_password"].iter().any(|name| want.is_given(name)) {
        let text = format!("a new {what} needs one of {plain}, {hidden} and manage_master_user_password.");
        wrong.push((plain, text));
    }
    wrong
}

/// A replica becomes independent in place, but nothing becomes a replica: `source` is what it copies.
pub fn becomes_replica(after: &Attrs, source: &'static str) -> Vec<&'static str> {
    if after.is_given(source) && after.str(source) != Some("") { vec![source] } else { Vec::new() }
}

/// Why an instance or a cluster cannot be deleted: it is protected, or nobody says whether there shall be a last
/// snapshot, where there can be one.
pub fn undeletable(now: &Attrs, never_a_snapshot: bool) -> Option<String> {
    if now.bool("deletion_protection") == Some(true) {
        return Some("it is protected from deletion. Set deletion_protection = false and apply that first.".to_owned());
    }
    let named = now.str("final_snapshot_identifier").is_some_and(|name| !name.is_empty());
    if never_a_snapshot || named || now.bool("skip_final_snapshot") == Some(true) {
        return None;
    }
    Some(
        "neither final_snapshot_identifier names its last snapshot nor skip_final_snapshot = true says that there shall be none. Set one of them and apply that first."
            .to_owned(),
    )
}

/// The master user's name.
pub fn username(engine: Option<&str>, name: &str) -> Check {
    let engine = engine.unwrap_or_default();
    let postgres = engine.ends_with("postgres") || engine.ends_with("postgresql");
    let longest = match engine {
        "mariadb" => 16,
        "mysql" | "aurora-mysql" => 32,
        _ => 128,
    };
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Err(format!("{name:?} does not begin with a letter"));
    }
    if name.len() > longest {
        return Err(format!("{name:?} is longer than the {longest} characters that {engine} takes"));
    }
    if name.eq_ignore_ascii_case("rdsadmin") || (postgres && name.eq_ignore_ascii_case("admin")) {
        return Err(format!("{name:?} is a word that the engine keeps for itself; choose another name"));
    }
    Ok(())
}

#[cfg(test)]
#[path = "checks_tests.rs"]
mod tests;

//! What RDS demands of single values and of values together; all of it told before any call.

use crate::schema::normal::Normal;
use crate::schema::{Attrs, checks};
use crate::value::Value;

/// What is wrong, with the argument at fault.
pub type Wrong = Vec<(&'static str, String)>;
type Check = Result<(), String>;

const DAY: u32 = 24 * 60;
const WEEK: u32 = 7 * DAY;
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// The shortest window that RDS takes, in minutes.
const SHORTEST: u32 = 30;

/// Whether an argument is given, be it with a value that is not known yet.
pub fn given(want: &Attrs, name: &str) -> bool {
    want.is_set(name) || want.is_unknown(name)
}

/// The identifier of an instance, a cluster or a snapshot: letters, digits, hyphens.
fn identifier_form(text: &str, longest: usize) -> Check {
    let wrong = |what: &str| Err(format!("{text:?} {what}"));
    if text.is_empty() || text.len() > longest {
        return Err(format!("an identifier has 1 to {longest} characters, this one {}", text.len()));
    }
    if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return wrong("does not begin with a letter");
    }
    if !text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return wrong("holds more than letters, digits and hyphens");
    }
    if text.contains("--") {
        return wrong("holds two hyphens in a row");
    }
    Ok(())
}

/// The identifier of an instance or cluster.
pub fn identifier(value: &Value) -> Check {
    let Some(text) = value.as_str() else { return Ok(()) };
    identifier_form(text, 63)?;
    lower_case(text)?;
    if text.ends_with('-') { Err(format!("{text:?} ends with a hyphen")) } else { Ok(()) }
}

/// What an identifier begins with; 26 characters are added.
pub fn identifier_prefix(value: &Value) -> Check {
    let Some(text) = value.as_str().filter(|text| !text.is_empty()) else { return Ok(()) };
    identifier_form(text, 63 - 26)?;
    lower_case(text)
}

/// The identifier of a last snapshot.
pub fn snapshot_identifier(value: &Value) -> Check {
    let Some(text) = value.as_str() else { return Ok(()) };
    identifier_form(text, 255)?;
    if text.ends_with('-') { Err(format!("{text:?} ends with a hyphen")) } else { Ok(()) }
}

fn lower_case(text: &str) -> Check {
    if text.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err(format!("{text:?} holds upper-case letters, which AWS turns into lower-case ones"));
    }
    Ok(())
}

/// The name of a parameter or option group.
pub fn group_name(value: &Value) -> Check {
    let Some(text) = value.as_str().filter(|text| !text.is_empty()) else { return Ok(()) };
    identifier_form(text, 255)?;
    lower_case(text)?;
    if text.ends_with('-') { Err(format!("{text:?} ends with a hyphen")) } else { Ok(()) }
}

/// What the name of a parameter or option group begins with.
pub fn group_name_prefix(value: &Value) -> Check {
    let Some(text) = value.as_str().filter(|text| !text.is_empty()) else { return Ok(()) };
    identifier_form(text, 255 - 26)?;
    lower_case(text)
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

/// A daily window for backups.
pub fn backup_window(value: &Value) -> Check {
    let Some(text) = value.as_str() else { return Ok(()) };
    match day_window(text) {
        None => Err(format!("{text:?} is not a valid window; expected the form 03:00-04:00, in UTC")),
        Some((_, length)) if length < SHORTEST => Err(format!("{text:?} is shorter than {SHORTEST} minutes")),
        Some(_) => Ok(()),
    }
}

/// A weekly window for maintenance.
pub fn maintenance_window(value: &Value) -> Check {
    let Some(text) = value.as_str() else { return Ok(()) };
    match week_window(text) {
        None => Err(format!("{text:?} is not a valid window; expected the form sun:03:00-sun:04:00, in UTC")),
        Some((_, length)) if length < SHORTEST => Err(format!("{text:?} is shorter than {SHORTEST} minutes")),
        Some((_, length)) if length > DAY => Err(format!("{text:?} is longer than a day")),
        Some(_) => Ok(()),
    }
}

/// Backup and maintenance windows must not overlap on any day. `names` are those of the arguments.
pub fn windows(want: &Attrs, names: [&'static str; 2]) -> Wrong {
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
    match value.as_i64() {
        Some(n) if !(least..=most).contains(&n) => Err(format!("{n} is not from {least} to {most}")),
        _ => Ok(()),
    }
}

/// Days that automated backups are kept.
pub fn retention(value: &Value) -> Check {
    within(value, 0, 35)
}

/// Seconds between two measurements of the operating system.
pub fn monitoring_interval(value: &Value) -> Check {
    match value.as_i64() {
        Some(n) if ![0, 1, 5, 10, 15, 30, 60].contains(&n) => {
            Err(format!("{n} is none of 0, 1, 5, 10, 15, 30 and 60 seconds"))
        }
        _ => Ok(()),
    }
}

/// Days that Performance Insights keeps its data.
pub fn insights_retention(value: &Value) -> Check {
    match value.as_i64() {
        Some(n) if n != 0 && n != 7 && n != 731 && !(n % 31 == 0 && (31..=713).contains(&n)) => {
            Err(format!("{n} is neither 7, nor 731, nor a multiple of 31 up to 713 days"))
        }
        _ => Ok(()),
    }
}

/// The port that a database listens on.
pub fn port(value: &Value) -> Check {
    within(value, 1150, 65535)
}

/// The class of an instance, such as `db.t4g.micro`.
pub fn class(value: &Value) -> Check {
    match value.as_str() {
        Some(text) if !text.starts_with("db.") => {
            Err(format!("{text:?} is not a valid instance class; expected a form such as db.t4g.micro"))
        }
        _ => Ok(()),
    }
}

/// The ARN of a key: AWS gives no other name of it back.
pub fn key_arn(value: &Value) -> Check {
    match value.as_str() {
        Some(text) if !text.is_empty() && (!text.starts_with("arn:") || !text.contains(":key/")) => Err(format!(
            "{text:?} is not the ARN of a key; expected a form such as arn:aws:kms:eu-west-1:123456789012:key/…, as aws_kms_key has it"
        )),
        _ => Ok(()),
    }
}

/// A point in time.
pub fn instant(value: &Value) -> Check {
    match value.as_str() {
        Some(text) if text.parse::<jiff::Timestamp>().is_err() => {
            Err(format!("{text:?} is not a valid point in time; expected a form such as 2026-03-01T12:00:00Z"))
        }
        _ => Ok(()),
    }
}

/// Logs that instances and clusters can send to CloudWatch.
pub fn log_types(value: &Value) -> Check {
    const TYPES: [&str; 16] = [
        "agent",
        "alert",
        "audit",
        "diag.log",
        "error",
        "general",
        "iam-db-auth-error",
        "instance",
        "listener",
        "notify.log",
        "oemagent",
        "postgresql",
        "profiler",
        "slowquery",
        "trace",
        "upgrade",
    ];
    value.as_elements().unwrap_or(&[]).iter().try_for_each(|v| checks::one_of(v, &TYPES))
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

/// What is wrong with the passwords `names` of an object with this engine.
pub fn passwords(want: &Attrs, names: [&'static str; 2]) -> Wrong {
    let check = |name: &'static str| Some((name, password(want.str("engine"), want.str(name)?).err()?));
    names.into_iter().filter_map(check).collect()
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

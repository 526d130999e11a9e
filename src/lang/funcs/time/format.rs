//! The format language of `formatdate`: runs of one letter are verbs, quotes enclose literals.

use super::Moment;
use jiff::civil::Weekday;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(super) fn format(format: &str, moment: &Moment) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = format;
    while let Some(c) = rest.chars().next() {
        if c == '\'' {
            rest = literal(&rest[1..], &mut out)?;
            continue;
        }
        let end = rest.find(|other| other != c).unwrap_or(rest.len());
        let run = if c.is_ascii_alphabetic() { end } else { c.len_utf8() };
        let (token, after) = rest.split_at(run);
        match c.is_ascii_alphabetic() {
            true => out.push_str(&verb(token, moment)?),
            false => out.push_str(token),
        }
        rest = after;
    }
    Ok(out)
}

/// Copies up to the closing quote; two quotes are one, both inside a literal and alone.
fn literal<'a>(text: &'a str, out: &mut String) -> Result<&'a str, String> {
    if let Some(after) = text.strip_prefix('\'') {
        out.push('\'');
        return Ok(after);
    }
    let mut rest = text;
    loop {
        let (inside, after) = rest.split_once('\'').ok_or("unterminated literal '")?;
        out.push_str(inside);
        match after.strip_prefix('\'') {
            Some(after) => {
                out.push('\'');
                rest = after;
            }
            None => return Ok(after),
        }
    }
}

fn verb(token: &str, moment: &Moment) -> Result<String, String> {
    let local = moment.local;
    let month = MONTHS.get(usize::from(local.month().unsigned_abs()).saturating_sub(1)).copied().unwrap_or_default();
    let weekday = weekday(local.weekday());
    let hour12 = match local.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    let half = if local.hour() < 12 { "am" } else { "pm" };
    let wrong = |rule: &str| Err(format!("invalid date format verb {token:?}: {rule}"));
    Ok(match token {
        "YYYY" => format!("{:04}", local.year()),
        "YY" => format!("{:02}", local.year() % 100),
        "M" => local.month().to_string(),
        "MM" => format!("{:02}", local.month()),
        "MMM" => month[..3].to_owned(),
        "MMMM" => month.to_owned(),
        "D" => local.day().to_string(),
        "DD" => format!("{:02}", local.day()),
        "EEE" => weekday[..3].to_owned(),
        "EEEE" => weekday.to_owned(),
        "h" => local.hour().to_string(),
        "hh" => format!("{:02}", local.hour()),
        "H" => hour12.to_string(),
        "HH" => format!("{hour12:02}"),
        "AA" => half.to_uppercase(),
        "aa" => half.to_owned(),
        "m" => local.minute().to_string(),
        "mm" => format!("{:02}", local.minute()),
        "s" => local.second().to_string(),
        "ss" => format!("{:02}", local.second()),
        "Z" if moment.offset == 0 => "Z".to_owned(),
        "ZZZ" if moment.zulu => "UTC".to_owned(),
        "ZZZ" | "ZZZZ" => moment.offset_text(""),
        "Z" | "ZZZZZ" => moment.offset_text(":"),
        _ => {
            return match token.chars().next() {
                Some('Y') => wrong("year must either be \"YY\" or \"YYYY\""),
                Some('M') => wrong("month must be \"M\", \"MM\", \"MMM\", or \"MMMM\""),
                Some('D') => wrong("day of month must either be \"D\" or \"DD\""),
                Some('E') => wrong("day of week must either be \"EEE\" or \"EEEE\""),
                Some('h') => wrong("24-hour must either be \"h\" or \"hh\""),
                Some('H') => wrong("12-hour must either be \"H\" or \"HH\""),
                Some('A') => wrong("must be \"AA\""),
                Some('a') => wrong("must be \"aa\""),
                Some('m') => wrong("minute must either be \"m\" or \"mm\""),
                Some('s') => wrong("second must either be \"s\" or \"ss\""),
                Some('Z') => wrong("timezone must be Z, ZZZZ, or ZZZZZ"),
                _ => Err(format!("invalid date format verb {token:?}")),
            };
        }
    })
}

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

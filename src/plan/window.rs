//! Maintenance windows: when the next one opens, in the layout's time zone, over changes of summer time.
//! Pure: the time is given.

use crate::diag::Diagnostic;
use crate::lang::config::Maintenance;
use crate::plan::service_impact::Window;
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, ZonedDateTime};

const DAYS: [(&str, Weekday); 7] = [
    ("Mon", Weekday::Monday),
    ("Tue", Weekday::Tuesday),
    ("Wed", Weekday::Wednesday),
    ("Thu", Weekday::Thursday),
    ("Fri", Weekday::Friday),
    ("Sat", Weekday::Saturday),
    ("Sun", Weekday::Sunday),
];

/// The window that is open at `now`, else the next one.
pub fn next(maintenance: &Maintenance, now: Timestamp) -> Result<Window, Diagnostic> {
    let zone = zone(maintenance)?;
    let (day, from, to) = parts(&maintenance.window).ok_or_else(|| never(maintenance))?;
    let local = now.to_zoned_datetime(zone.clone());
    // From a week ago, as a window may have begun yesterday, to the next but one.
    for offset in -7..=15 {
        let Ok(date) = local.date().checked_add(offset.days()) else { continue };
        if date.weekday() != day {
            continue;
        }
        let at = |date: jiff::civil::Date, time: Time| -> Option<ZonedDateTime> {
            date.to_datetime(time).to_zoned_datetime(zone.clone()).ok()
        };
        let last = if to > from { Some(date) } else { date.tomorrow().ok() };
        let (Some(opens), Some(closes)) = (at(date, from), last.and_then(|d| at(d, to))) else { continue };
        // A window that summer time swallows does not open.
        if closes <= opens || closes.timestamp() <= now {
            continue;
        }
        let text = |z: &ZonedDateTime| z.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
        return Ok(Window {
            text: maintenance.window.clone(),
            timezone: maintenance.timezone.clone(),
            opens: text(&opens),
            closes: text(&closes),
            open: opens.timestamp() <= now,
        });
    }
    Err(never(maintenance))
}

/// The error in a `maintenance` block, if there is one.
pub fn check(maintenance: &Maintenance) -> Result<(), Diagnostic> {
    next(maintenance, Timestamp::UNIX_EPOCH).map(|_| ())
}

fn zone(maintenance: &Maintenance) -> Result<TimeZone, Diagnostic> {
    let name = &maintenance.timezone;
    jiff::tz::TimeZoneDatabase::bundled().get(name).map_err(|_| {
        Diagnostic::error(format!("Unknown time zone {name:?}"))
            .code("layout-settings")
            .detail("A time zone of the IANA database is expected, such as Europe/London or UTC.")
            .at(maintenance.span.clone())
    })
}

fn never(maintenance: &Maintenance) -> Diagnostic {
    Diagnostic::error("The maintenance window never opens")
        .code("layout-settings")
        .detail(format!(
            "{:?} is not a day and two times; expected a form such as \"Sun 02:00-04:00\".",
            maintenance.window
        ))
        .at(maintenance.window_span.clone())
}

fn parts(text: &str) -> Option<(Weekday, Time, Time)> {
    let (day, times) = text.split_once(' ')?;
    let (from, to) = times.split_once('-')?;
    let day = DAYS.iter().find(|(name, _)| *name == day)?.1;
    let time = |text: &str| {
        let (hours, minutes) = text.split_once(':')?;
        Time::new(hours.parse().ok()?, minutes.parse().ok()?, 0, 0).ok()
    };
    Some((day, time(from)?, time(to)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{SourceFile, Span};
    use std::sync::Arc;

    fn maintenance(window: &str, timezone: &str) -> Maintenance {
        let file = Arc::new(SourceFile { path: "main.tf".into(), text: "x".into() });
        let span = Span::new(&file, 0..1);
        Maintenance { window: window.into(), window_span: span.clone(), timezone: timezone.into(), span }
    }

    fn at(window: &str, timezone: &str, now: &str) -> (String, String, bool) {
        let found = next(&maintenance(window, timezone), now.parse().unwrap()).unwrap();
        (found.opens, found.closes, found.open)
    }

    #[test]
    fn the_next_window_opens_in_local_time() {
        let table = [
            (
                "Sun 02:00-04:00",
                "UTC",
                "2026-11-25T12:00:00Z",
                "2026-11-29T02:00:00+00:00",
                "2026-11-29T04:00:00+00:00",
                false,
            ),
            (
                "Sun 02:00-04:00",
                "UTC",
                "2026-11-29T02:00:00Z",
                "2026-11-29T02:00:00+00:00",
                "2026-11-29T04:00:00+00:00",
                true,
            ),
            (
                "Sun 02:00-04:00",
                "UTC",
                "2026-11-29T04:00:00Z",
                "2026-12-06T02:00:00+00:00",
                "2026-12-06T04:00:00+00:00",
                false,
            ),
            (
                "Wed 23:00-01:00",
                "Europe/London",
                "2026-07-02T00:30:00+01:00",
                "2026-07-01T23:00:00+01:00",
                "2026-07-02T01:00:00+01:00",
                true,
            ),
            // The last Sunday of October: the hour from one to two comes twice.
            (
                "Sun 00:30-02:30",
                "Europe/London",
                "2026-10-24T00:00:00Z",
                "2026-10-25T00:30:00+01:00",
                "2026-10-25T02:30:00+00:00",
                false,
            ),
            // The last Sunday of March: the hour from one to two does not come, and the window is a week later.
            (
                "Sun 01:00-02:00",
                "Europe/London",
                "2026-03-28T00:00:00Z",
                "2026-04-05T01:00:00+01:00",
                "2026-04-05T02:00:00+01:00",
                false,
            ),
        ];
        for (window, zone, now, opens, closes, open) in table {
            assert_eq!(at(window, zone, now), (opens.into(), closes.into(), open), "{window} {zone} at {now}");
        }
    }

    #[test]
    fn a_zone_that_is_none_is_refused() {
        let wrong = check(&maintenance("Sun 02:00-04:00", "Europe/Londn")).unwrap_err();
        assert!(wrong.summary.contains("Unknown time zone \"Europe/Londn\""), "{wrong}");
        assert!(check(&maintenance("Sun 02:00-04:00", "America/New_York")).is_ok());
    }
}

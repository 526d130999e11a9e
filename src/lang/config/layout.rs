//! The `layout` block: what Terraform cannot say about a layout as a whole.

use super::Backend;
use super::guards::{self, Guard};
use super::reader::{self, Shape};
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::lang::expr::Block;

/// The `layout` block. Its values are literal: they are needed before anything is evaluated.
#[derive(Debug, Clone)]
pub struct Layout {
    /// `name`; without it the directory's name is taken.
    pub name: Option<String>,
    /// `availability`
    pub availability: Option<Availability>,
    /// `maintenance`
    pub maintenance: Option<Maintenance>,
    /// `guard`: what must never be, and what must.
    pub guards: Vec<Guard>,
    /// `state`: where the state is kept, such as `state "s3" { … }`.
    pub state: Option<Backend>,
    /// Where the block's header is.
    pub span: Span,
}

/// Whether a change may interrupt service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Availability {
    /// `high`: no step may.
    High,
    /// `single`: only within the maintenance window.
    Single,
}

/// A `maintenance` block: when an interruption is agreed.
#[derive(Debug, Clone)]
pub struct Maintenance {
    /// Day and times, such as `Sun 02:00-04:00`.
    pub window: String,
    /// Where `window` is.
    pub window_span: Span,
    /// A time zone of the IANA database, `UTC` when left out.
    pub timezone: String,
    /// Where the block's header is.
    pub span: Span,
}

const SHAPE: Shape =
    Shape { what: "layout", attributes: &["name", "availability"], blocks: &["guard", "maintenance", "state"] };
const MAINTENANCE: Shape = Shape { what: "maintenance", attributes: &["window", "timezone"], blocks: &[] };
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// The `layout` block.
pub(super) fn read(block: &Block, diags: &mut Diagnostics) -> Layout {
    reader::labels(block, &[], diags);
    let body = &block.body;
    SHAPE.check(body, diags);
    let state = reader::nested(body, "state");
    if let Some(second) = state.get(1) {
        diags.push(
            Diagnostic::error("Second \"state\" block")
                .code("block-count")
                .detail(format!(
                    "A state is kept in one place; the first block is at {}.",
                    reader::place(&state[0].span)
                ))
                .at(second.span.clone()),
        );
    }
    Layout {
        name: name(block, diags),
        availability: availability(block, diags),
        maintenance: reader::nested_single(body, "maintenance", diags).and_then(|b| maintenance(&b, diags)),
        guards: guards::read(body, diags),
        state: state.first().and_then(|b| Backend::read(b, diags)),
        span: block.span.clone(),
    }
}

/// The name is also that of the state's folder.
fn name(block: &Block, diags: &mut Diagnostics) -> Option<String> {
    let (name, span) = reader::literal_string(&block.body, "name", diags)?;
    let valid = name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.len() <= 100
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if valid {
        return Some(name);
    }
    diags.push(
        Diagnostic::error("Invalid layout name")
            .code("layout-settings")
            .detail(format!(
                "{name:?} cannot name a layout: its state is kept under that name. Letters, digits, dashes, \
                 underscores and dots are possible, at most 100, the first a letter or digit."
            ))
            .at(span),
    );
    None
}

fn availability(block: &Block, diags: &mut Diagnostics) -> Option<Availability> {
    let (text, span) = reader::literal_string(&block.body, "availability", diags)?;
    match text.as_str() {
        "high" => Some(Availability::High),
        "single" => Some(Availability::Single),
        other => {
            let d = Diagnostic::error("Invalid availability").code("layout-settings").at(span).detail(format!(
                "{other:?} is not known. Expected \"high\" (no step may interrupt service) or \"single\" \
                 (interruptions only in the maintenance window)."
            ));
            diags.push(reader::suggest(d, other, &["high", "single"]));
            None
        }
    }
}

fn maintenance(block: &Block, diags: &mut Diagnostics) -> Option<Maintenance> {
    MAINTENANCE.check(&block.body, diags);
    reader::required(&block.body, "window", &block.span, diags)?;
    let (window, window_span) = reader::literal_string(&block.body, "window", diags)?;
    let timezone = reader::literal_string(&block.body, "timezone", diags).map_or("UTC".to_owned(), |(zone, _)| zone);
    if !is_window(&window) {
        diags.push(
            Diagnostic::error("Invalid maintenance window")
                .code("layout-settings")
                .detail(format!("{window:?} is not a day and two times; expected a form such as \"Sun 02:00-04:00\"."))
                .at(window_span),
        );
        return None;
    }
    Some(Maintenance { window, window_span, timezone, span: block.span.clone() })
}

/// `Sun 02:00-04:00`: the day on which it begins, and two different times of day.
fn is_window(text: &str) -> bool {
    let time = |t: &str| {
        let (hours, minutes) = t.split_once(':')?;
        let two = |n: &str, below: u8| (n.len() == 2).then(|| n.parse::<u8>().ok().filter(|n| *n < below)).flatten();
        two(hours, 24).zip(two(minutes, 60))
    };
    let parsed = text.split_once(' ').and_then(|(day, times)| {
        let (from, to) = times.split_once('-')?;
        (DAYS.contains(&day) && time(from)? != time(to)?).then_some(())
    });
    parsed.is_some()
}

//! The `layout` block: what Terraform cannot say about a layout as a whole.

use super::Backend;
use crate::diag::Span;

/// The `layout` block. Its values are literal: they are needed before anything is evaluated.
#[derive(Debug, Clone)]
pub struct Layout {
    /// `name`; without it the directory's name is taken.
    pub name: Option<String>,
    /// `availability`
    pub availability: Option<Availability>,
    /// `maintenance`
    pub maintenance: Option<Maintenance>,
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

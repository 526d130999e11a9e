//! One layout from its directory to a plan: load, connect, refresh, plan. The I/O around the pure core, without a
//! terminal.

pub mod blame;
mod connections;
pub mod drift;
mod imports;
mod layout;
mod modules;
pub mod permissions;
mod plan;
pub mod programs;
pub mod reach;
mod reading;
pub mod reviewed;
mod seen;
pub mod state;
pub mod workspace;
mod world;

pub use connections::{Connections, connect, providers, reads_states, same_accounts};
pub use imports::{WithoutBlock, look_up, region_of, stray, without_blocks};
pub use layout::{Layout, disk};
pub use modules::{Fetch, Given};
pub use plan::{Look, Planned, Request, plan, resume, want, want_beside};
pub use reading::Reading;
pub use world::{Functions, World};

use crate::aws;
use crate::diag::Diagnostic;

/// An error of AWS as a finding.
pub fn aws_problem(summary: &str, error: &aws::Error) -> Diagnostic {
    let d = Diagnostic::error(summary).code("aws").detail(error.to_string());
    match error.hint() {
        Some(hint) => d.hint(hint),
        None => d,
    }
}

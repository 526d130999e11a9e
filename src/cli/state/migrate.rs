//! `state migrate`: moves a state to the place that the layout names now.

use super::{Printed, status};
use crate::cli::args::Global;
use crate::cli::ui::Ui;
use crate::cli::{elsewhere, input};
use crate::diag::{Diagnostic, Diagnostics};
use crate::session;
use crate::session::state::Wanted;
use clap::Args;
use std::path::Path;
use std::time::Duration;

/// `state migrate`
#[derive(Debug, Args)]
pub(in crate::cli) struct MigrateArgs {
    /// Where the state was: s3://BUCKET/KEY, an https address, a folder or a file
    #[arg(long, value_name = "PLACE")]
    from: Option<String>,
    /// An argument of the backend that it was in, or a file of such lines
    #[arg(long, value_name = "NAME=VALUE|FILE")]
    from_config: Vec<String>,
}

/// Moves it.
pub(super) fn migrate(
    given: &MigrateArgs,
    dir: &Path,
    timeout: Duration,
    global: &Global,
    ui: &Ui,
) -> Result<Printed, Diagnostics> {
    if global.state.is_some() {
        return Err(Diagnostic::error("--state and FLOORPLAN_STATE have no effect on a move")
            .code("usage")
            .detail("The state is moved to the place that the layout names.")
            .hint("Leave them out. --from names where the state was.")
            .into());
    }
    let layout = input::layout(dir, &[], ui)?;
    let unserved = elsewhere::unserved(&layout);
    unserved.into_result(())?;
    let endpoint = elsewhere::endpoint(true, global, ui)?;
    let wanted =
        Wanted { given: &global.backend_config, endpoint: endpoint.as_deref(), moving: true, ..Wanted::default() };
    let to = session::state::open(&layout, wanted)?;
    let from = session::state::open_earlier(&layout, given.from.as_deref(), &given.from_config, wanted)?;
    let moved = crate::state::migrate(&from, &to, timeout)?;
    session::state::moved(&layout, &global.backend_config)?;
    let objects = if moved.objects == 1 { "1 object".to_owned() } else { format!("{} objects", moved.objects) };
    let history = match moved.history {
        Some(0) => String::new(),
        Some(1) => ", and 1 earlier serial".to_owned(),
        Some(n) => format!(", and {n} earlier serials"),
        None => "; its history stays at the old place".to_owned(),
    };
    let lines = [
        format!("Moved serial {} with {objects}{history}.", moved.serial),
        format!("From {}, which refuses every run from now on,", from.place()),
        format!("to   {}.", to.place()),
    ];
    Ok(status(lines.into_iter()))
}

//! Commands that look at a state or a saved plan: finding it, and printing what they say.

use crate::cli::args::Global;
use crate::cli::output;
use crate::cli::output::OutputArgs;
use crate::cli::plan::schema;
use crate::cli::show;
use crate::cli::show::{ShowArgs, Shown};
use crate::cli::state;
use crate::cli::state::{Said, StateArgs};
use crate::cli::ui::Ui;
use crate::cli::{Exit, Outcome};
use crate::diag::{Diagnostic, Diagnostics};
use crate::objects::State;
use crate::plan::file;
use crate::report::text;
use crate::session::Layout;
use crate::sources::disk;
use crate::state::{Backend, StateLocation, sealer_of_environment};
use crate::value::codec::Seal;
use crate::value::duration;
use std::path::Path;

/// `state`
pub fn state(args: &StateArgs, global: &Global, ui: &Ui) -> Outcome {
    let timeout = duration::parse(&args.lock_timeout)
        .ok_or_else(|| Diagnostic::error("Invalid --lock-timeout").detail("A time such as 30s or 5m is expected."))?;
    let render = |s: &State| text::state(s, &schema, ui.colour);
    say(state::run(&args.command, &backend(&args.layout, global, ui)?, timeout, &render)?, ui)
}

/// `output`
pub fn output(args: &OutputArgs, global: &Global, ui: &Ui) -> Outcome {
    say(output::run(args, &backend(&args.layout, global, ui)?)?, ui)
}

/// `show`
pub fn show(args: &ShowArgs, global: &Global, ui: &Ui) -> Outcome {
    let text = match args.file.as_deref().filter(|f| f.exists() && !f.is_dir()) {
        Some(path) => {
            let bytes = disk::read_named(path)
                .map_err(|e| Diagnostic::error(format!("Cannot read {}", path.display())).detail(format!("{e}.")))?;
            let sealer = args.show_sensitive.then(sealer_of_environment).transpose()?;
            let seal = sealer.as_ref().map(|sealer| sealer as &dyn Seal);
            let saved = file::read(&bytes, seal, &path.to_string_lossy())?;
            show::run(args, Shown::Plan(&saved), &schema, ui.colour)?
        }
        None => {
            let loaded = backend(args.file.as_deref().unwrap_or(Path::new(".")), global, ui)?.read()?;
            show::run(args, Shown::State(&loaded.state), &schema, ui.colour)?
        }
    };
    ui.data(&text);
    Ok(Exit::Done)
}

/// The state of a layout. A layout that cannot be read still has one, under its directory's name.
fn backend(dir: &Path, global: &Global, ui: &Ui) -> Result<Backend, Diagnostics> {
    let location = match Layout::load(dir) {
        Ok(layout) => return super::elsewhere::backend(&layout, global, ui),
        Err(problems) if !dir.is_dir() => return Err(problems),
        Err(_) => StateLocation { layout: dir.to_owned(), name: None, state: global.state.clone() },
    };
    Ok(Backend::open(&location)?)
}

fn say(said: Said, ui: &Ui) -> Outcome {
    if !said.talk.is_empty() {
        ui.status(&said.talk);
    }
    ui.data(&said.data);
    Ok(Exit::Done)
}

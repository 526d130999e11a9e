//! `state pull`, `state push` and `state replace-provider`.

use super::{Printed, status};
use crate::diag::{Diagnostic, Diagnostics};
use crate::state::Backend;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

/// The state as it is stored, sensitive values sealed.
pub(super) fn pull(backend: &Backend) -> Result<Printed, Diagnostics> {
    let text = backend.text()?;
    Ok(Printed { data: String::from_utf8_lossy(&text).into_owned(), ..Printed::default() })
}

/// Makes the state of a file the current one.
pub(super) fn push(backend: &Backend, timeout: Duration, path: &Path, force: bool) -> Result<Printed, Diagnostics> {
    let text = read(path).map_err(|e| {
        Diagnostic::error(format!("Cannot read {}", path.display())).code("unreadable-file").detail(format!("{e}."))
    })?;
    let given = backend.parse(&text, &path.to_string_lossy())?;
    let mut locked = backend.lock("state push", timeout)?;
    let loaded = locked.load()?;
    super::settled_all(&loaded.open)?;
    let stored = loaded.state;
    let why = if !stored.lineage.is_empty() && given.lineage != stored.lineage {
        Some("It has another lineage than the current state: it belongs to other objects.".to_owned())
    } else if given.serial < stored.serial {
        Some(format!("It is serial {}, but the current state is serial {}.", given.serial, stored.serial))
    } else {
        None
    };
    if let Some(why) = why.filter(|_| !force) {
        return Err(Diagnostic::error(format!("The state in {} is not the next one", path.display()))
            .code("state-other")
            .detail(why)
            .hint("--force makes it the current one all the same. `floorplan state history` lists what is replaced.")
            .into());
    }
    let saved = locked.save(given)?;
    Ok(status(std::iter::once(format!("The state is serial {} now. AWS was not changed.", saved.serial))))
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    if path != Path::new("-") {
        return std::fs::read(path);
    }
    let mut text = Vec::new();
    std::io::stdin().read_to_end(&mut text)?;
    Ok(text)
}

/// A state of Floorplan names no sources of providers, so none has to be replaced.
pub(super) fn replace_provider(from: &str, to: &str) -> Result<Printed, Diagnostics> {
    let mut problems = Diagnostics::new();
    for source in [from, to] {
        let parts: Vec<&str> = source.split('/').collect();
        let named = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || "-_.:".contains(c));
        if parts.len() > 3 || !parts.iter().all(named) {
            problems.push(
                Diagnostic::error(format!("{source:?} is not a provider source"))
                    .code("usage")
                    .detail("A source such as hashicorp/aws or registry.terraform.io/hashicorp/aws is expected."),
            );
        }
    }
    let line = "Nothing to replace: providers are built in, and the state does not name their sources.".to_owned();
    problems.into_result(status(std::iter::once(line)))
}

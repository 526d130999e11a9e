//! Loading a layout with the modules that it uses: what is missing is fetched, round by round, as modules use modules.

use super::{Layout, World};
use crate::aws::Transport;
use crate::diag::{Diagnostic, Diagnostics};
use crate::graph::build;
use crate::lang::config::{self, Early, Module};
use crate::resources::Types;
use crate::sources::disk::Disk;
use crate::sources::modules::{Mode, Modules};
use crate::sources::web::{Answer, Web};
use crate::value::{Name, Value};
use std::collections::BTreeMap;
use std::path::Path;

/// Whether modules that are not installed are fetched.
#[derive(Clone, Copy)]
pub enum Fetch<'a> {
    /// They are; the function gets a line for each.
    Missing(&'a (dyn Fn(&str) + Sync)),
    /// They are an error.
    Never,
}

/// Gives the values of a layout's variables, as far as they have one: some may say which modules there are.
pub type Given<'a> = &'a dyn Fn(&Module) -> Result<BTreeMap<Name, Value>, Diagnostics>;

/// Reads a layout and fetches what is missing.
pub(super) fn load(
    files: &Disk,
    dir: &Path,
    mode: Mode,
    fetch: Fetch<'_>,
    given: Given<'_>,
) -> Result<(Layout, Modules), Diagnostics> {
    if !dir.is_dir() {
        let there = if dir.exists() { "" } else { "Neither a file nor a directory is there. " };
        return Err(Diagnostic::error(format!("{} is not a layout", dir.display()))
            .code("unreadable-directory")
            .detail(format!("{there}A layout is a directory with .hcl or .tf files."))
            .into());
    }
    let environment = std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)));
    let mut modules = Modules::open(dir, &environment.collect(), std::env::home_dir().as_deref(), mode)?;
    let mut internet = None;
    let world = World::new(dir);
    let functions = world.functions(true, None);
    let early = Early { given, functions: &functions.context() };
    let loaded = loop {
        let failed = match config::load_against(files, &dir.to_string_lossy(), &modules, &Types, early) {
            Ok(loaded) => break loaded,
            Err(failed) => failed,
        };
        let Fetch::Missing(say) = fetch else { return Err(failed.diags) };
        if failed.missing.is_empty() {
            return Err(failed.diags);
        }
        let internet = match &mut internet {
            Some(internet) => internet,
            none => none.insert(Internet::new()?),
        };
        modules.install(&failed.missing, internet, say)?;
    };
    let graph = build::build(&loaded.root).map_err(|mut problems| {
        problems.extend(config::validate(&loaded.root, &Types));
        problems
    })?;
    if mode == Mode::Use && modules.changed() {
        modules.finish(&loaded.root, false)?;
    }
    Ok((Layout { dir: dir.to_owned(), loaded, graph }, modules))
}

/// The network of this machine, for threads that wait.
struct Internet {
    runtime: tokio::runtime::Runtime,
    transport: Transport,
}

impl Internet {
    fn new() -> Result<Self, Diagnostics> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime =
            runtime.map_err(|e| Diagnostic::error("Cannot start").code("internal").detail(format!("{e}.")))?;
        let transport = Transport::default().trusting(None);
        let transport = transport.map_err(|e| super::aws_problem("Cannot fetch modules", &e))?;
        Ok(Internet { runtime, transport })
    }
}

impl Web for Internet {
    fn get(&self, url: &str, headers: &[(&str, &str)]) -> Result<Answer, String> {
        self.runtime.block_on(self.transport.get(url, headers))
    }

    fn object(&self, region: Option<&str>, bucket: &str, key: &str) -> Result<Vec<u8>, String> {
        self.runtime.block_on(self.transport.object(region, bucket, key)).map_err(|e| e.to_string())
    }
}

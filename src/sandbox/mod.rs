//! The local AWS endpoint: moto with its gaps closed, in a Python environment of its own.
//!
//! Nothing outside `--sandbox`, `floorplan sandbox …` and the tests may use this module: against the
//! sandbox the program behaves exactly as against AWS, and it finds the endpoint by the same
//! environment variables. What the endpoint does is `docs/sandbox.md`.

mod embedded;
mod error;
pub mod http;
mod server;
mod venv;

use std::path::{Path, PathBuf};

pub use error::SandboxError;
pub use server::{Private, Running};

/// Where the environment variable for the folder of the shared sandbox's run file points.
pub const DIRECTORY_VARIABLE: &str = "FLOORPLAN_SANDBOX_DIR";

/// A place on disk where a sandbox can live: its parts in a cache, its run file and log in a folder.
#[derive(Debug, Clone)]
pub struct Sandbox {
    cache: PathBuf,
    folder: PathBuf,
}

/// The status of a sandbox, found without starting it.
#[derive(Debug, Clone)]
pub enum Status {
    /// It runs and answers.
    Running(Running),
    /// Nothing runs.
    Stopped,
}

impl Sandbox {
    /// The sandbox that all commands of this user share.
    ///
    /// Its parts live under `$XDG_CACHE_HOME/floorplan/sandbox` (default `~/.cache`), its run file there
    /// too unless `FLOORPLAN_SANDBOX_DIR` names another folder.
    pub fn shared() -> Result<Self, SandboxError> {
        let cache = cache_folder()?;
        let folder = match std::env::var_os(DIRECTORY_VARIABLE) {
            Some(folder) if !folder.is_empty() => PathBuf::from(folder),
            _ => cache.join("run"),
        };
        Ok(Self { cache, folder })
    }

    /// A sandbox whose run file and log are in `folder`; the Python environment is still shared.
    pub fn in_folder(folder: &Path) -> Result<Self, SandboxError> {
        Ok(Self { cache: cache_folder()?, folder: folder.to_path_buf() })
    }

    /// The running sandbox, started if there is none; it outlives this process.
    ///
    /// `progress` gets one line whenever a person has to wait.
    pub fn ensure(&self, progress: &dyn Fn(&str)) -> Result<Running, SandboxError> {
        let _guard = server::lock(&self.folder)?;
        if let Some(running) = server::find(&self.folder)? {
            return Ok(running);
        }
        let parts = self.parts(progress)?;
        progress("sandbox: starting the local AWS endpoint");
        let running = server::start(&parts, &self.folder)?;
        progress(&format!("sandbox: ready at {}", running.endpoint));
        Ok(running)
    }

    /// Whether the sandbox runs.
    pub fn status(&self) -> Result<Status, SandboxError> {
        Ok(match server::find(&self.folder)? {
            Some(running) => Status::Running(running),
            None => Status::Stopped,
        })
    }

    /// Stops the sandbox, by force if it no longer answers, and with it forgets its world.
    /// False if none was running.
    pub fn stop(&self) -> Result<bool, SandboxError> {
        let _guard = server::lock(&self.folder)?;
        server::stop(&self.folder)
    }

    /// Empties the sandbox's world and clears its switches. False if none was running.
    pub fn reset(&self) -> Result<bool, SandboxError> {
        match server::find(&self.folder)? {
            Some(running) => {
                running.reset()?;
                Ok(true)
            }
            None => Ok(false),
        }
    }

    /// A server of the caller's own, which ends when the answer is dropped or this process dies.
    pub fn start_private(folder: &Path, progress: &dyn Fn(&str)) -> Result<Private, SandboxError> {
        let sandbox = Self::in_folder(folder)?;
        let parts = sandbox.parts(progress)?;
        server::start_private(&parts, folder)
    }

    /// The interpreter of the sandbox's Python environment, made on first use.
    pub fn python(&self, progress: &dyn Fn(&str)) -> Result<PathBuf, SandboxError> {
        self.python_with(embedded::REQUIREMENTS, progress)
    }

    /// The interpreter of a Python environment beside it, with the packages of this requirements file.
    pub fn python_with(&self, requirements: &str, progress: &dyn Fn(&str)) -> Result<PathBuf, SandboxError> {
        venv::ensure(&self.cache, requirements, progress)
    }

    fn parts(&self, progress: &dyn Fn(&str)) -> Result<server::Parts, SandboxError> {
        Ok(server::Parts { python: self.python(progress)?, launcher: embedded::unpack(&self.cache)? })
    }
}

fn cache_folder() -> Result<PathBuf, SandboxError> {
    let named = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    named("XDG_CACHE_HOME")
        .or_else(|| named("HOME").map(|home| home.join(".cache")))
        .map(|cache| cache.join("floorplan").join("sandbox"))
        .ok_or(SandboxError::NoCache)
}

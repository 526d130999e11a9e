//! Errors of the sandbox, and what the user can do about them.

use std::path::{Path, PathBuf};

/// A failure to make, start or reach the sandbox.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// Neither a cache folder nor a home folder is known.
    #[error("no folder for the sandbox: neither XDG_CACHE_HOME nor HOME is set")]
    NoCache,
    /// No interpreter on the path can make a virtual environment.
    #[error("the sandbox needs Python 3.10 or newer with its venv module ({found})")]
    NoPython {
        /// The attempt that failed, and how.
        found: String,
    },
    /// Making the Python environment failed.
    #[error("the sandbox's Python environment could not be made: {step} failed\n{output}")]
    Install {
        /// The command that failed, in words.
        step: &'static str,
        /// The end of what it said.
        output: String,
    },
    /// The server ended or stayed silent while starting.
    #[error("the sandbox did not start: {reason}\n{log}")]
    Start {
        /// Why it is given up.
        reason: String,
        /// The end of its log.
        log: String,
    },
    /// The server is there but does not answer as it should.
    #[error("the sandbox at {endpoint} does not answer: {reason}")]
    Silent {
        /// Its address.
        endpoint: String,
        /// The result that came instead.
        reason: String,
    },
    /// A file operation failed.
    #[error("{action} {}: {source}", path.display())]
    Io {
        /// The attempt, as a verb.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why it failed.
        source: std::io::Error,
    },
}

impl SandboxError {
    /// The cure, where there is one.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NoCache => Some("set HOME or XDG_CACHE_HOME"),
            Self::NoPython { .. } => Some(
                "install Python 3 (Debian, Ubuntu: apt install python3 python3-venv; Fedora: dnf \
                 install python3; macOS: brew install python) and try again",
            ),
            Self::Install { .. } => Some(
                "the first start needs access to the Python package index once; behind a proxy set \
                 HTTPS_PROXY or PIP_INDEX_URL, then try again",
            ),
            Self::Start { .. } => Some("the rest of the log is in sandbox.log beside the run file"),
            Self::Silent { .. } => Some("`floorplan sandbox stop` ends it, by force if it must; then try again"),
            Self::Io { .. } => None,
        }
    }

    /// For `map_err`: a file operation that failed.
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> SandboxError {
        let path = path.to_path_buf();
        move |source| SandboxError::Io { action, path, source }
    }
}

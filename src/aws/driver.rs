//! Drives calls for those who wait for them by blocking, in a runtime of their own or in none.

use crate::diag::Diagnostic;
use std::sync::mpsc::channel;
use tokio::runtime::Runtime;

/// A runtime in a thread of its own.
pub(super) struct Driver(Option<Runtime>);

impl Driver {
    /// Starts it.
    pub fn start() -> Result<Self, Diagnostic> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let failed = |e| Diagnostic::error("Cannot start").code("internal").detail(format!("{e}."));
        runtime.map(|runtime| Driver(Some(runtime))).map_err(failed)
    }

    /// Makes a call and waits for its answer.
    pub fn wait<T: Send + 'static>(&self, call: impl Future<Output = T> + Send + 'static) -> Result<T, Diagnostic> {
        let stopped = || {
            Diagnostic::error("Cannot reach the state")
                .code("internal")
                .detail("The connection to its place has ended.")
        };
        let (done, answer) = channel();
        self.0.as_ref().ok_or_else(stopped)?.spawn(async move {
            let _ = done.send(call.await);
        });
        answer.recv().map_err(|_| stopped())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Waiting for the end of a runtime is not allowed in another one.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

//! Signals that ask a run to end. The first one lets what is under way finish and begins nothing new; a second
//! Ctrl-C or SIGTERM ends the program at once, and the journal has everything.

use crate::diag::Diagnostic;
use tokio::sync::watch;

/// Listens from now on; the value turns true with the first signal.
pub(super) fn listen() -> Result<watch::Receiver<bool>, Diagnostic> {
    let signals = Signals::new().map_err(|e| {
        Diagnostic::error("Cannot listen for Ctrl-C")
            .code("internal")
            .detail(format!("A run that could not be stopped safely is not started: {e}."))
    })?;
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(signals.watch(stop));
    Ok(stopped)
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    /// None where the program was started with SIGHUP ignored, as `nohup` does.
    hangup: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let ignored = std::fs::read_to_string("/proc/self/status").is_ok_and(|text| ignores_hangup(&text));
        Ok(Signals {
            hangup: if ignored { None } else { Some(signal(SignalKind::hangup())?) },
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn watch(mut self, stop: watch::Sender<bool>) {
        loop {
            let ends = tokio::select! {
                _ = self.interrupt.recv() => Some(130),
                _ = self.terminate.recv() => Some(143),
                // A terminal that closes may send it more than once.
                _ = hung_up(self.hangup.as_mut()) => None,
            };
            if let (true, Some(code)) = (stop.send_replace(true), ends) {
                std::process::exit(code);
            }
        }
    }
}

#[cfg(unix)]
async fn hung_up(signal: Option<&mut tokio::signal::unix::Signal>) {
    match signal {
        Some(signal) => drop(signal.recv().await),
        None => std::future::pending().await,
    }
}

/// Whether a process ignores SIGHUP, signal 1, by what Linux says of it in `/proc/PID/status`.
#[cfg(unix)]
fn ignores_hangup(status: &str) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Signals)
    }

    async fn watch(self, stop: watch::Sender<bool>) {
        while tokio::signal::ctrl_c().await.is_ok() {
            if stop.send_replace(true) {
                std::process::exit(130);
            }
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::ignores_hangup;

    #[test]
    fn a_process_started_with_nohup_ignores_sighup() {
        assert!(ignores_hangup("Name:\tx\nSigIgn:\t0000000000001001\n"));
        assert!(!ignores_hangup("Name:\tx\nSigIgn:\t0000000000001000\n"));
        assert!(!ignores_hangup(""));
    }
}

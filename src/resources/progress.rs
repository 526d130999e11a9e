//! Reports of a long wait, for the person who watches the run.

use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

tokio::task_local! {
    static HEARD: ProgressReporter;
}

/// Waits that take no longer are not reported.
const QUIET: Duration = Duration::from_secs(10);
/// How long the same is not reported again.
const REPEAT: Duration = Duration::from_secs(30);

/// Where a wait says how far it is.
#[derive(Debug, Clone)]
pub struct ProgressReporter(UnboundedSender<String>);

impl ProgressReporter {
    /// One end to say it at, one to hear it.
    pub fn new() -> (Self, UnboundedReceiver<String>) {
        let (here, there) = unbounded_channel();
        (ProgressReporter(here), there)
    }

    /// Says how far it is, in a few words.
    pub fn report(&self, state: impl Into<String>) {
        // Nobody listens any more when the run was stopped.
        let _ = self.0.send(state.into());
    }
    /// Does some work; a wait in the middle of it is heard here.
    pub async fn during<T>(self, work: impl Future<Output = T>) -> T {
        HEARD.scope(self, work).await
    }
}

/// Says to whoever hears the call that this is a part of what it waits for.
pub fn report(state: String) {
    let _ = HEARD.try_with(|progress| progress.report(state));
}

/// A wait that says what it waits for once it takes long, then when that changes, and now and then.
#[derive(Debug)]
pub struct ReportTimer {
    began: Instant,
    reported: Option<(String, Instant)>,
}

impl Default for ReportTimer {
    fn default() -> Self {
        ReportTimer { began: Instant::now(), reported: None }
    }
}

impl ReportTimer {
    /// What is to be said now of a wait for this, if anything is.
    pub fn due(&mut self, state: &str) -> Option<String> {
        let fresh = self.reported.as_ref().is_none_or(|(reported, at)| reported != state || at.elapsed() >= REPEAT);
        (self.began.elapsed() >= QUIET && fresh).then(|| {
            self.reported = Some((state.to_owned(), Instant::now()));
            format!("{state}, {} s so far", self.began.elapsed().as_secs())
        })
    }

    /// When something is to be said next, if nothing changes.
    pub fn next(&self) -> Instant {
        self.reported.as_ref().map_or(self.began + QUIET, |(_, at)| *at + REPEAT)
    }

    /// Sleeps, and says meanwhile what is due.
    pub async fn rest(&mut self, pause: Duration, state: &str, say: impl Fn(String)) {
        let end = Instant::now() + pause;
        loop {
            self.due(state).into_iter().for_each(&say);
            if self.next() >= end {
                break;
            }
            tokio::time::sleep_until(self.next().into()).await;
        }
        tokio::time::sleep_until(end.into()).await;
    }
}

//! Waiting between repetitions: longer each time, and never the same for two at once.

use rand::RngExt;
use std::time::{Duration, Instant};

/// The waits of one operation.
pub struct Backoff {
    since: Instant,
    next: Duration,
    deadline: Instant,
}

/// The first wait.
const FIRST: Duration = Duration::from_millis(200);
/// The longest wait.
const LONGEST: Duration = Duration::from_secs(10);

impl Backoff {
    /// Waits until `limit` from now, at the longest.
    pub fn new(limit: Duration) -> Self {
        let since = Instant::now();
        Backoff { since, next: FIRST, deadline: since + limit }
    }

    /// How long the operation has been repeated.
    pub fn spent(&self) -> Duration {
        self.since.elapsed()
    }

    /// How long to wait next; nothing when the time is over.
    pub fn pause(&mut self) -> Option<Duration> {
        if Instant::now() >= self.deadline {
            return None;
        }
        let jitter = rand::rng().random_range(0.5..1.0);
        let pause = self.next.mul_f64(jitter);
        self.next = (self.next * 2).min(LONGEST);
        Some(pause)
    }
}

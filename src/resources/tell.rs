//! What a long wait says meanwhile, for whoever watches the run.

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Where a wait says how far it is.
#[derive(Debug, Clone)]
pub struct Tell(UnboundedSender<String>);

impl Tell {
    /// One end to say it at, one to hear it.
    pub fn new() -> (Self, UnboundedReceiver<String>) {
        let (here, there) = unbounded_channel();
        (Tell(here), there)
    }

    /// Says how far it is, in a few words.
    pub fn say(&self, state: impl Into<String>) {
        // Nobody listens any more when the run was stopped.
        let _ = self.0.send(state.into());
    }
}

//! An object that lives in the state alone: it is made by being recorded, and gone when it is taken out.

use crate::aws::{Error, Kind, Result};
use crate::resources::local::{Given, Local};
use crate::schema::Attrs;
use jiff::Timestamp;
use std::path::PathBuf;
use std::time::Duration;
use tokio::sync::watch;

/// An object of the state and what it is made from.
#[derive(Clone)]
pub(super) struct StateTarget {
    pub kind: &'static Local,
    /// Unique among all runs.
    pub op: String,
    /// What the run's random values come from.
    pub seed: [u8; 32],
    /// The directory of the layout, absolute.
    pub dir: PathBuf,
    /// Turns true when waiting shall end.
    pub stop: watch::Receiver<bool>,
}

impl StateTarget {
    /// Makes the object.
    pub async fn create(&self, want: &Attrs) -> Result<Attrs> {
        self.wait(self.kind.create_delay(want)).await?;
        let (kind, want, seed, op) = (self.kind, want.clone(), self.seed, self.op.clone());
        let dir = self.dir.clone();
        let make = move || kind.made(&want, &mut Given::new(Timestamp::now(), &seed, &op).within(dir));
        let made = tokio::task::spawn_blocking(make).await.unwrap_or_else(|e| Err(e.to_string()));
        made.map_err(refused)
    }

    /// Waits until the object may go, and takes away what it has on the disk.
    pub async fn delete(&self, last: &Attrs) -> Result<()> {
        self.wait(self.kind.destroy_delay(last)).await?;
        self.kind.remove(last, &self.dir).map_err(refused)
    }

    async fn wait(&self, time: Option<Duration>) -> Result<()> {
        let Some(time) = time else { return Ok(()) };
        let mut stop = self.stop.clone();
        tokio::select! {
            () = tokio::time::sleep(time) => Ok(()),
            () = super::engine::stop_asked(&mut stop) => {
                Err(refused("it was stopped before its wait ended".into()))
            }
        }
    }
}

fn refused(why: String) -> Error {
    Error::new(Kind::Refused, format!("{why}."))
}

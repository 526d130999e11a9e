//! Connections that provider configurations share: one for each way to AWS, however many layouts take it. The identity
//! of the credentials is asked once for each.

use super::{Aws, ProviderSettings, Result, Transport};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;

/// What became of one way to AWS.
type Line = Arc<OnceCell<Result<Aws>>>;

/// The connections of a run.
#[derive(Default)]
pub struct Switchboard {
    transport: Transport,
    lines: Mutex<Vec<(ProviderSettings, Line)>>,
}

impl Switchboard {
    /// The connection of a provider configuration.
    pub async fn connect(&self, settings: &ProviderSettings) -> Result<Aws> {
        let way = ProviderSettings {
            default_tags: Default::default(),
            ignore_tag_keys: Vec::new(),
            ignore_tag_prefixes: Vec::new(),
            dir: PathBuf::new(),
            ..settings.clone()
        };
        let line = self.line(&way);
        let aws = line.get_or_init(|| self.transport.connect(&way)).await.clone()?;
        Ok(Aws { default_tags: settings.default_tags.clone().into(), dir: settings.dir.as_path().into(), ..aws })
    }

    fn line(&self, way: &ProviderSettings) -> Line {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, line)) = lines.iter().find(|(known, _)| known == way) {
            return line.clone();
        }
        let line = Line::default();
        lines.push((way.clone(), line.clone()));
        line
    }

    /// How many calls went out over all connections.
    pub fn calls(&self) -> super::CallCounts {
        self.transport.calls()
    }
}

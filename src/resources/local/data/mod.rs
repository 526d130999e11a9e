//! The data sources that need no provider of AWS: states, files, programs, addresses, and text made of text.

mod archive;
mod cloudinit;
mod external;
mod files;
mod http;
mod remote_state;
mod template;
mod tls;

pub(super) use files::{SUMS, sums};

use super::{Row, Values};
use crate::schema::{Attrs, Schema, complete};
use crate::sources::disk::Disk;
use futures::future::LocalBoxFuture;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::LazyLock;

/// A data source without a connection.
pub struct LocalData {
    /// The rows.
    pub schema: Schema,
    read: Read,
}

/// How it is read.
enum Read {
    /// At once.
    Now(fn(&Attrs, &Around) -> Result<Values, String>),
    /// With waiting.
    Later(fn(Attrs, Around) -> LocalBoxFuture<'static, Result<Values, String>>),
}

/// Where a data source is read.
#[derive(Debug, Clone)]
pub struct Around {
    /// The directory of the layout, absolute.
    pub dir: PathBuf,
    /// What replaces AWS.
    pub endpoint: Option<String>,
}

impl Around {
    fn disk(&self) -> Disk {
        Disk::new(&self.dir, std::env::home_dir().map(|home| home.to_string_lossy().into_owned()))
    }
}

impl LocalData {
    fn new(name: &'static str, rows: impl IntoIterator<Item = Row>, read: Read) -> Self {
        let id = (name != "terraform_remote_state").then(|| Row::string("id").computed());
        let rows = rows.into_iter().chain(id).map(|a| a.strict().row).collect();
        LocalData { schema: Schema::new(name, rows), read }
    }

    /// All attributes for a configuration that is wholly known.
    pub async fn read(&self, around: &Around, config: &Attrs) -> Result<Attrs, String> {
        let values = match self.read {
            Read::Now(read) => read(config, around)?,
            Read::Later(read) => read(config.clone(), around.clone()).await?,
        };
        let all = values.into_iter().fold(config.clone(), |all, (name, value)| all.with(name, value));
        Ok(complete(&self.schema, &all))
    }
}

/// All of them by name.
pub fn data_sources() -> &'static BTreeMap<&'static str, LocalData> {
    static ALL: LazyLock<BTreeMap<&'static str, LocalData>> = LazyLock::new(|| {
        let all = [
            archive::file(),
            cloudinit::config(),
            external::external(),
            http::http(),
            remote_state::state(),
            template::file(),
        ];
        all.into_iter()
            .chain(files::sources())
            .chain(tls::sources())
            .map(|source| (source.schema.name, source))
            .collect()
    });
    &ALL
}

#[cfg(test)]
mod tests;

//! The list of installed modules, `.terraform/modules/modules.json`, which Terraform and Floorplan share.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// One installed module, by the words of Terraform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The names of the calls from the root on, with dots between them.
    #[serde(rename = "Key")]
    pub key: String,
    /// The address.
    #[serde(rename = "Source")]
    pub source: String,
    /// The version, if it comes from a registry.
    #[serde(rename = "Version", default, skip_serializing_if = "String::is_empty")]
    pub version: String,
    /// The directory, as seen from that of the root module.
    #[serde(rename = "Dir")]
    pub dir: String,
    /// The hash of the package that Floorplan installed; Terraform passes over it.
    #[serde(rename = "Hash", default, skip_serializing_if = "String::is_empty")]
    pub hash: String,
}

/// All of them, by their keys.
#[derive(Debug, Clone, Default)]
pub struct Manifest {
    /// The entries.
    pub entries: BTreeMap<String, Entry>,
}

#[derive(Serialize, Deserialize)]
struct File {
    #[serde(rename = "Modules")]
    modules: Vec<Entry>,
}

impl Manifest {
    /// Reads the list; one that is not there or cannot be read lists nothing, and is written anew.
    pub fn read(path: &Path) -> Self {
        let bytes = std::fs::read(path).unwrap_or_default();
        let file: File = serde_json::from_slice(&bytes).unwrap_or(File { modules: Vec::new() });
        Manifest { entries: file.modules.into_iter().map(|entry| (entry.key.clone(), entry)).collect() }
    }

    /// Writes the list.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let file = File { modules: self.entries.values().cloned().collect() };
        let text = serde_json::to_string(&file).map_err(io::Error::other)?;
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        let new = path.with_extension(format!("json.{}", std::process::id()));
        std::fs::write(&new, text).and_then(|()| std::fs::rename(&new, path))
    }
}

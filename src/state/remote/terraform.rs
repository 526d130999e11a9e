//! Terraform's own locks of a state in a bucket: the object `KEY.tflock`, which a run of Terraform writes where none is,
//! and an item of a table, where the layout names one.

use super::objects::{Objects, Only, put};
use crate::diag::Diagnostic;
use crate::state::lock::LockInfo;
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// Terraform's lock, held until it is dropped.
#[derive(Debug)]
pub struct Held {
    objects: Arc<dyn Objects>,
    state: String,
    key: String,
    tag: String,
    info: String,
}

impl Drop for Held {
    fn drop(&mut self) {
        let _ = self.objects.release_in_table(&self.state, &self.info);
        let _ = self.objects.delete(&self.key, Some(&self.tag));
    }
}

/// Takes the lock of the state at `key`.
pub fn lock(objects: &Arc<dyn Objects>, key: &str, info: &LockInfo) -> Result<Held, Diagnostic> {
    let place = format!("{key}.tflock");
    let lock = json!({
        "ID": info.id,
        "Operation": format!("floorplan {}", info.command),
        "Info": "",
        "Who": format!("{}@{}", info.who, info.host),
        "Version": env!("CARGO_PKG_VERSION"),
        "Created": info.since,
        "Path": objects.place(key),
    });
    let info = lock.to_string();
    let Some(tag) = put(&**objects, &place, info.as_bytes(), Only::Absent)? else {
        let by = objects.get(&place)?.and_then(|found| serde_json::from_slice::<Json>(&found.text).ok());
        return Err(held(&objects.place(&place), by.as_ref()));
    };
    let lock = Held { objects: objects.clone(), state: key.to_owned(), key: place, tag, info };
    match objects.take_in_table(key, &lock.info)? {
        None => Ok(lock),
        Some(by) => Err(held(&objects.place(key), serde_json::from_str(&by).ok().as_ref())),
    }
}

/// The error of a run that finds Terraform's lock taken.
fn held(place: &str, by: Option<&Json>) -> Diagnostic {
    let part = |name: &str| by.and_then(|by| by.get(name)).and_then(Json::as_str).unwrap_or("unknown").to_owned();
    Diagnostic::error("The state is locked by Terraform")
        .code("state-locked")
        .detail(format!("{place} was taken by {} for {} at {}.", part("Who"), part("Operation"), part("Created")))
        .hint("Wait until that run has ended.")
        .hint(format!("If the run is dead, remove its lock with `terraform force-unlock {}`.", part("ID")))
}

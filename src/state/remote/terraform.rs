//! Terraform's own locks of a state in a bucket: the object `KEY.tflock`, which a run of Terraform writes where none is,
//! and an item of a table, where the layout names one.

use super::objects::{Objects, Only, put};
use crate::diag::Diagnostic;
use crate::state::lock::LockInfo;
use crate::state::store::TerraformsLock;
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// Takes the lock of the state at `key`.
pub fn lock(objects: &Arc<dyn Objects>, key: &str, info: &LockInfo) -> Result<TerraformsLock, Diagnostic> {
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
    let releasing = (objects.clone(), key.to_owned(), info.clone());
    let lock = TerraformsLock::new(move || {
        let (objects, key, info) = releasing;
        let table = objects.release_in_table(&key, &info);
        let object = objects.delete(&place, Some(&tag));
        table.map_err(|d| stays(&d, &objects.place(&key), "the item of its lock in the table"))?;
        object.map_err(|d| stays(&d, &objects.place(&key), &objects.place(&place)))
    });
    match objects.take_in_table(key, &info) {
        Ok(None) => Ok(lock),
        Ok(Some(by)) => lock.after(Err(held(&objects.place(key), serde_json::from_str(&by).ok().as_ref()))),
        Err(problem) => lock.after(Err(problem)),
    }
}

/// The error of a lock that is not removed.
fn stays(why: &Diagnostic, state: &str, what: &str) -> Diagnostic {
    let d = Diagnostic::error("Terraform's lock of the state is not released")
        .code("state-locked")
        .detail(format!("{state} is locked for Terraform still: {}", why.detail))
        .hint(format!("Remove {what} by hand, once no run of Terraform is under way."));
    why.hints.iter().cloned().fold(d, Diagnostic::hint)
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

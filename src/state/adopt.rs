//! The way of a state from Terraform to Floorplan and back. Both ways hold Terraform's lock and Floorplan's, and leave
//! one of the two programs a file that it refuses.

use super::backend::Backend;
use super::lock::{self, LockInfo};
use super::terraform::{self, Document};
use crate::diag::Diagnostic;
use crate::objects::State;
use serde_json::json;
use std::time::Duration;

/// The format in the marker, which no Terraform reads.
const MARKER: u64 = 5;

impl Backend {
    /// Makes the state that Terraform left at this place Floorplan's, and keeps it in `own`, which may be the same place.
    /// Gives the state, and the place of the file that was Terraform's.
    pub fn adopt(&self, own: &Backend, timeout: Duration) -> Result<State, Diagnostic> {
        let command = "state adopt";
        let Some(text) = self.store.read()?.filter(|text| terraform::is_state(text)) else {
            return Err(not_terraforms(&self.place()));
        };
        let Some(mut state) = self.read_terraform(&text)?.map(|loaded| loaded.state) else {
            return Err(not_terraforms(&self.place()));
        };
        let _lock = lock::take(&*own.store, command, timeout)?;
        let terraform = self.store.lock_for_terraform(&LockInfo::of_this_process(command), &text)?;
        state.serial += 1;
        let adopted = own.store.keep_terraforms(&text).and_then(|()| own.write(&state, command));
        terraform.after(adopted.and_then(|()| match own.place() == self.place() {
            true => Ok(state),
            false => self.store.replace(&marker(&own.place())).map(|()| state),
        }))
    }

    /// Gives the state to Terraform: `text` is put where Terraform looks for it, `at`, which may be this place.
    pub fn release(&self, at: &Backend, text: &[u8], timeout: Duration) -> Result<(), Diagnostic> {
        let command = "state release";
        let found = at.store.read()?.unwrap_or_default();
        if terraform::is_state(&found) {
            return Err(Diagnostic::error("Terraform has a state already")
                .code("state-terraform")
                .detail(format!("{} is a state of Terraform's, which would be lost.", at.place())));
        }
        let _lock = lock::take(&*self.store, command, timeout)?;
        let terraform = at.store.lock_for_terraform(&LockInfo::of_this_process(command), &found)?;
        terraform.after(at.store.replace(text).and_then(|()| match at.place() == self.place() {
            true => Ok(()),
            false => self.store.take_away(),
        }))
    }

    /// The file that Terraform left when the state was adopted.
    pub fn original(&self) -> Result<Option<Document>, Diagnostic> {
        let Some(text) = self.store.terraforms()? else { return Ok(None) };
        terraform::document(&text, &format!("The copy beside {}", self.place())).map(Some)
    }
}

/// A file that Terraform refuses, and that says where the state is.
fn marker(place: &str) -> Vec<u8> {
    let marker = json!({
        "version": MARKER,
        "terraform_version": "floorplan",
        "floorplan_state": place,
        "resources": [],
        "about": "The state is kept by Floorplan. `floorplan state release` gives it back.",
    });
    let mut text = serde_json::to_vec_pretty(&marker).unwrap_or_default();
    text.push(b'\n');
    text
}

fn not_terraforms(place: &str) -> Diagnostic {
    Diagnostic::error("The state is not Terraform's")
        .code("state-terraform")
        .detail(format!("{place} holds a state of Floorplan's, or none."))
}

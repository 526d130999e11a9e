//! Secrets and tokens that AWS gives only once, in the answer that makes an object: kept for the run, by the object's id.

use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::{Mutex, PoisonError};

/// What was said of objects of the type `R`.
pub struct Once<R> {
    said: Mutex<HashMap<String, String>>,
    of: PhantomData<fn() -> R>,
}

impl<R> Default for Once<R> {
    fn default() -> Self {
        Once { said: Mutex::default(), of: PhantomData }
    }
}

impl<R> Once<R> {
    /// Keeps what was said of an object.
    pub fn keep(&self, id: &str, said: &str) {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned(), said.to_owned());
    }

    /// What was said of an object, in this run.
    pub fn of(&self, id: &str) -> Option<String> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }
}

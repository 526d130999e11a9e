//! Objects in memory to test with, whose answers can be lost and whose clock can be moved.

use super::objects::{Object, Objects, Only, Put};
use crate::diag::Diagnostic;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// A bucket in memory.
#[derive(Debug, Default)]
pub struct Memory(Mutex<Bucket>);

#[derive(Debug, Default)]
struct Bucket {
    objects: BTreeMap<String, (Vec<u8>, u64, Duration)>,
    versions: u64,
    now: Duration,
    losing: bool,
    /// How many more objects are removed before the run is killed.
    removals: Option<usize>,
    /// Whether answers have no date.
    timeless: bool,
    /// Whether conditions are passed over.
    careless: bool,
}

impl Memory {
    /// Loses the answer of each write once, as a call that is repeated finds.
    pub fn lose_answers(&self) {
        self.with(|bucket| bucket.losing = true);
    }

    /// Lets so many more objects be removed, or all.
    pub fn remove_at_most(&self, removals: Option<usize>) {
        self.with(|bucket| bucket.removals = removals);
    }

    /// Answers without a date from now on.
    pub fn hide_time(&self) {
        self.with(|bucket| bucket.timeless = true);
    }

    /// Passes over the conditions of writes, as some stores do.
    pub fn ignore_conditions(&self) {
        self.with(|bucket| bucket.careless = true);
    }

    /// Lets the server's clock go on.
    pub fn pass(&self, time: Duration) {
        self.with(|bucket| bucket.now += time);
    }

    /// All keys.
    pub fn keys(&self) -> Vec<String> {
        self.with(|bucket| bucket.objects.keys().cloned().collect())
    }

    fn with<T>(&self, work: impl FnOnce(&mut Bucket) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Bucket {
    fn still_removes(&mut self) -> bool {
        match &mut self.removals {
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                true
            }
            None => true,
        }
    }

    fn put(&mut self, key: &str, text: &[u8], only: Only<'_>) -> Put {
        let now = self.objects.get(key).map(|(_, version, _)| version.to_string());
        let holds = match only {
            Only::Absent => now.is_none(),
            Only::Unchanged(tag) => now.as_deref() == Some(tag),
        };
        if !holds && !self.careless {
            return Put::Refused;
        }
        self.versions += 1;
        self.objects.insert(key.to_owned(), (text.to_vec(), self.versions, self.now));
        Put::Done(self.versions.to_string())
    }
}

impl Objects for Memory {
    fn place(&self, key: &str) -> String {
        format!("memory:{key}")
    }

    fn get(&self, key: &str) -> Result<Option<Object>, Diagnostic> {
        Ok(self.with(|bucket| {
            let (text, version, at) = bucket.objects.get(key)?;
            Some(Object {
                text: text.clone(),
                tag: version.to_string(),
                age: (!bucket.timeless).then(|| bucket.now - *at),
            })
        }))
    }

    fn put(&self, key: &str, text: &[u8], only: Only<'_>) -> Result<Put, Diagnostic> {
        Ok(self.with(|bucket| match bucket.put(key, text, only) {
            Put::Done(_) if bucket.losing => bucket.put(key, text, only),
            done => done,
        }))
    }

    fn delete(&self, key: &str, tag: Option<&str>) -> Result<(), Diagnostic> {
        if !self.with(Bucket::still_removes) {
            return Err(Diagnostic::error("The run was killed").code("internal"));
        }
        self.with(|bucket| {
            let unchanged = |version: &u64| tag.is_none_or(|tag| tag == version.to_string());
            if bucket.objects.get(key).is_some_and(|(_, version, _)| unchanged(version)) {
                bucket.objects.remove(key);
            }
        });
        Ok(())
    }

    fn list(&self, prefix: &str) -> Result<Vec<String>, Diagnostic> {
        Ok(self.with(|bucket| bucket.objects.keys().filter(|key| key.starts_with(prefix)).cloned().collect()))
    }
}

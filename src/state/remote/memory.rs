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
}

impl Memory {
    /// Loses the answer of each write once, as a call that is repeated finds.
    pub fn lose_answers(&self) {
        self.with(|bucket| bucket.losing = true);
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
    fn put(&mut self, key: &str, text: &[u8], only: Only<'_>) -> Put {
        let now = self.objects.get(key).map(|(_, version, _)| version.to_string());
        let holds = match only {
            Only::Absent => now.is_none(),
            Only::Unchanged(tag) => now.as_deref() == Some(tag),
        };
        if !holds {
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
            Some(Object { text: text.clone(), tag: version.to_string(), age: bucket.now - *at })
        }))
    }

    fn put(&self, key: &str, text: &[u8], only: Only<'_>) -> Result<Put, Diagnostic> {
        Ok(self.with(|bucket| match bucket.put(key, text, only) {
            Put::Done(_) if bucket.losing => bucket.put(key, text, only),
            done => done,
        }))
    }

    fn delete(&self, key: &str) -> Result<(), Diagnostic> {
        self.with(|bucket| bucket.objects.remove(key));
        Ok(())
    }

    fn list(&self, prefix: &str) -> Result<Vec<String>, Diagnostic> {
        Ok(self.with(|bucket| bucket.objects.keys().filter(|key| key.starts_with(prefix)).cloned().collect()))
    }
}

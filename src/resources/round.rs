//! One call for all that is asked at the same time: changes that go on side by side and each wait for an object of one
//! type share the calls that list it.

use crate::aws::Result;
use std::collections::{BTreeMap, BTreeSet};
use std::marker::PhantomData;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;

/// A call waits this long for others to join it.
const LINGER: Duration = Duration::from_millis(100);

/// What is asked of one listing, named by `K`, that gives objects `L` by their ids.
pub struct Round<K, L> {
    asked: Mutex<Vec<(String, oneshot::Sender<Option<L>>)>>,
    /// Held by the one that makes the call.
    turn: tokio::sync::Mutex<()>,
    of: PhantomData<fn() -> K>,
}

impl<K, L> Default for Round<K, L> {
    fn default() -> Self {
        Round { asked: Mutex::default(), turn: tokio::sync::Mutex::default(), of: PhantomData }
    }
}

impl<K, L> Round<K, L> {
    /// The object with this id, if there is one: from a call that began after this question.
    pub async fn ask<F>(&self, id: &str, list: impl FnOnce(Vec<String>) -> F) -> Result<Option<L>>
    where
        F: Future<Output = Result<BTreeMap<String, L>>>,
    {
        let (answer, mut answered) = oneshot::channel();
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push((id.to_owned(), answer));
        let _turn = self.turn.lock().await;
        // The call of another one was made for this question, too. If it failed, this one makes its own.
        if let Ok(found) = answered.try_recv() {
            return Ok(found);
        }
        tokio::time::sleep(LINGER).await;
        let asked = std::mem::take(&mut *self.asked.lock().unwrap_or_else(PoisonError::into_inner));
        let ids: BTreeSet<String> = asked.iter().map(|(id, _)| id.clone()).chain([id.to_owned()]).collect();
        let mut found = list(ids.into_iter().collect()).await?;
        let own = found.remove(id);
        let mut done = BTreeSet::from([id.to_owned()]);
        for (id, answer) in asked {
            // Who asks for the same object makes a call of its own, and one that waits no longer needs no answer.
            if done.insert(id.clone()) {
                let _ = answer.send(found.remove(&id));
            }
        }
        Ok(own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::Error;
    use futures::future::join_all;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[tokio::test]
    async fn questions_of_one_moment_share_a_call() {
        let (round, calls) = (Round::<(), String>::default(), AtomicUsize::new(0));
        let ask = |n: usize| {
            let (round, calls) = (&round, &calls);
            async move {
                let list = |ids: Vec<String>| async move {
                    calls.fetch_add(1, Ordering::Relaxed);
                    Ok(ids.into_iter().filter(|id| id != "id-7").map(|id| (id.clone(), format!("{id}!"))).collect())
                };
                round.ask(&format!("id-{n}"), list).await.unwrap()
            }
        };
        let found = join_all((0..20).map(ask)).await;
        assert_eq!(calls.load(Ordering::Relaxed), 1);
        let expected = |n: usize| (n != 7).then(|| format!("id-{n}!"));
        assert!(found.into_iter().enumerate().all(|(n, found)| found == expected(n)));
    }

    #[tokio::test]
    async fn a_call_that_fails_is_made_again_for_the_others() {
        let (round, calls) = (Round::<(), ()>::default(), AtomicUsize::new(0));
        let list = |ids: Vec<String>| {
            let first = calls.fetch_add(1, Ordering::Relaxed) == 0;
            async move {
                if first {
                    return Err(Error::ambiguous("lost"));
                }
                Ok(ids.into_iter().map(|id| (id, ())).collect())
            }
        };
        let (one, two, same) = tokio::join!(round.ask("a", list), round.ask("b", list), round.ask("b", list));
        assert!(one.is_err());
        assert_eq!((two.unwrap(), same.unwrap()), (Some(()), Some(())));
    }
}

//! Work on many things, a few at a time; what comes of it is given in their order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

/// Most of the time a plan waits for answers, so there are more workers than processors.
const WORKERS: usize = 8;
/// As much as the main thread has: expressions are evaluated by functions that call one another.
const STACK: usize = 16 << 20;

/// Does `work` for each number below `count`, several at a time. `hear` gets the results in order, each as soon as all
/// before it are there.
pub fn in_order<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync, hear: &mut impl FnMut(usize, T)) {
    let next = AtomicUsize::new(0);
    let (sender, results) = mpsc::channel();
    let take = |sender: mpsc::Sender<(usize, T)>| {
        while let Some(at) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|at| *at < count) {
            if sender.send((at, work(at))).is_err() {
                return;
            }
        }
    };
    let take = &take;
    thread::scope(|scope| {
        let workers = WORKERS.min(count);
        let started = (0..workers).filter(|_| {
            let sender = sender.clone();
            thread::Builder::new().stack_size(STACK).spawn_scoped(scope, move || take(sender)).is_ok()
        });
        if started.count() == 0 {
            // Without any thread, here.
            take(sender.clone());
        }
        drop(sender);
        let (mut due, mut early) = (0, BTreeMap::new());
        for (at, result) in results {
            early.insert(at, result);
            while let Some(result) = early.remove(&due) {
                hear(due, result);
                due += 1;
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn results_come_in_order_and_none_is_lost() {
        for count in [0, 1, 3, 100] {
            let mut heard = Vec::new();
            let work = |at: usize| {
                thread::sleep(Duration::from_millis(u64::from(at.is_multiple_of(7))));
                at * 2
            };
            in_order(count, work, &mut |at, result| heard.push((at, result)));
            assert_eq!(heard, (0..count).map(|at| (at, at * 2)).collect::<Vec<_>>());
        }
    }
}

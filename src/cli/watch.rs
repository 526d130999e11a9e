//! Progress over several layouts: on a terminal a line for each layout in work and for each result, in a CI job plain
//! lines. Elsewhere nothing, so that a scheduled job stays silent.

use super::progress;
use super::ui::Ui;
use crate::report::counted;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget};
use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Follows a run over several layouts.
pub(super) struct Watch {
    means: Means,
    /// How many layouts there are.
    layouts: usize,
}

/// How progress is shown.
enum Means {
    Bars(Bars),
    Lines,
    Nothing,
}

struct Bars {
    all: MultiProgress,
    total: ProgressBar,
    /// The layouts in work.
    layouts: Mutex<HashMap<PathBuf, ProgressBar>>,
    /// Held while something else is printed.
    printing: Mutex<()>,
}

impl Watch {
    /// For so many layouts. One alone needs no progress.
    pub(super) fn new(ui: &Ui, layouts: usize) -> Self {
        let means = match layouts > 1 {
            true if ui.interactive => Means::Bars(Bars::new(layouts)),
            true if ui.plain_progress => Means::Lines,
            _ => Means::Nothing,
        };
        Watch { means, layouts }
    }

    /// So many objects are about to be read.
    pub(super) fn reads(&self, objects: usize) {
        let of = counted(self.layouts, "layout");
        self.line(&format!("Reading {} of {of}.", counted(objects, "object")));
    }

    /// Work on a layout begins.
    pub(super) fn begins(&self, dir: &Path) {
        let Means::Bars(bars) = &self.means else { return };
        let bar = bars.all.insert_before(&bars.total, ProgressBar::new_spinner());
        bar.set_message(format!("{}: planning", dir.display()));
        bar.enable_steady_tick(Duration::from_millis(120));
        held(&bars.layouts).insert(dir.to_owned(), bar);
    }

    /// Work on a layout is over.
    pub(super) fn ends(&self, dir: &Path) {
        let Means::Bars(bars) = &self.means else { return };
        if let Some(bar) = held(&bars.layouts).remove(dir) {
            bar.finish_and_clear();
        }
        bars.total.inc(1);
    }

    /// What came of a layout.
    pub(super) fn result(&self, dir: &Path, words: &str, took: Duration) {
        self.line(&format!("{}: {words} ({:.1}s)", dir.display(), took.as_secs_f64()));
    }

    /// Prints something else, out of the way of the bars.
    pub(super) fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        let Means::Bars(bars) = &self.means else { return print() };
        let _printing = held(&bars.printing);
        let _ = bars.all.clear();
        bars.all.set_draw_target(ProgressDrawTarget::hidden());
        let printed = print();
        bars.all.set_draw_target(ProgressDrawTarget::stderr());
        printed
    }

    /// Takes the bars away.
    pub(super) fn close(&self) {
        if let Means::Bars(bars) = &self.means {
            bars.total.finish_and_clear();
        }
    }

    fn line(&self, text: &str) {
        match &self.means {
            Means::Bars(_) | Means::Lines => self.aside(|| {
                let _ = writeln!(std::io::stderr(), "{text}");
            }),
            Means::Nothing => {}
        }
    }
}

impl Bars {
    fn new(layouts: usize) -> Self {
        let all = MultiProgress::new();
        let total = progress::total(&all, layouts);
        Bars { all, total, layouts: Mutex::default(), printing: Mutex::default() }
    }
}

/// A lock whatever became of those who held it.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

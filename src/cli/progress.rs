//! Progress of an apply: spinners on a terminal, plain lines elsewhere.

use super::ui::Ui;
use crate::apply::{Event, Events};
use crate::plan::Op;
use crate::value::address::Address;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::cell::RefCell;
use std::collections::HashMap;
use std::io::Write;
use std::time::Duration;

/// Listens to the engine and shows what it does.
pub struct Progress {
    bars: Option<Bars>,
}

struct Bars {
    all: MultiProgress,
    total: ProgressBar,
    steps: RefCell<HashMap<(Address, Op), ProgressBar>>,
}

/// The bar that counts what is done, below all others.
pub fn total(all: &MultiProgress, count: usize) -> ProgressBar {
    let total = all.add(ProgressBar::new(count as u64));
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {elapsed}") {
        total.set_style(style);
    }
    total
}

impl Progress {
    /// For `steps` steps; with spinners only where a person watches.
    pub fn new(ui: &Ui, steps: usize) -> Self {
        let bars = ui.interactive.then(|| {
            let all = MultiProgress::new();
            let total = total(&all, steps);
            Bars { all, total, steps: RefCell::default() }
        });
        Progress { bars }
    }

    /// Takes the spinners away.
    pub fn end(&self) {
        if let Some(bars) = &self.bars {
            bars.total.finish_and_clear();
        }
    }

    fn line(&self, text: &str) {
        match &self.bars {
            Some(bars) => {
                let _ = bars.all.println(text);
            }
            None => {
                let _ = writeln!(std::io::stderr(), "{text}");
            }
        }
    }
}

impl Events for Progress {
    fn event(&self, event: Event<'_>) {
        match event {
            Event::Started { address, op, .. } => match &self.bars {
                Some(bars) => {
                    let bar = bars.all.insert_before(&bars.total, ProgressBar::new_spinner());
                    bar.set_message(format!("{address}: {}", doing(op)));
                    bar.enable_steady_tick(Duration::from_millis(120));
                    bars.steps.borrow_mut().insert((address.clone(), op), bar);
                }
                None if op != Op::Record => self.line(&format!("{address}: {}...", doing(op))),
                None => {}
            },
            Event::Waiting { address, state } => {
                // A spinner has no room for all of it.
                self.line(&format!("{address}: {state}"));
                let steps = self.bars.as_ref().map(|bars| bars.steps.borrow());
                let own = steps.iter().flat_map(|steps| steps.iter()).filter(|((of, _), _)| of == address);
                own.for_each(|((_, op), bar)| bar.set_message(format!("{address}: {}, {state}", doing(*op))));
            }
            Event::Output { address, kind, line } => self.line(&format!("{address} ({kind}): {}", line.trim_end())),
            Event::Done { address, op, id, took } => {
                self.close(address, op);
                let id = id.map(|id| format!(" [id={id}]")).unwrap_or_default();
                self.line(&format!("{address}: {} after {}{id}", done(op), seconds(took)));
            }
            Event::Failed { address, op, .. } => {
                self.close(address, op);
                self.line(&format!("{address}: {} failed", doing(op)));
            }
            Event::Provisioner { .. } => {}
            Event::Stopping => self.line("Stopping: no new step begins, running steps finish."),
        }
    }
}

impl Progress {
    fn close(&self, address: &Address, op: Op) {
        let Some(bars) = &self.bars else { return };
        if let Some(bar) = bars.steps.borrow_mut().remove(&(address.clone(), op)) {
            bar.finish_and_clear();
        }
        bars.total.inc(1);
    }
}

fn doing(op: Op) -> &'static str {
    match op {
        Op::Create => "creating",
        Op::Update => "changing",
        Op::Delete => "deleting",
        Op::Read => "reading",
        Op::Record => "recording",
        Op::Reroute => "rerouting",
        Op::Wait => "waiting",
    }
}

fn done(op: Op) -> &'static str {
    match op {
        Op::Create => "created",
        Op::Update => "changed",
        Op::Delete => "deleted",
        Op::Read => "read",
        Op::Record => "recorded",
        Op::Reroute => "rerouted",
        Op::Wait => "ready",
    }
}

fn seconds(took: Duration) -> String {
    format!("{:.1}s", took.as_secs_f64())
}

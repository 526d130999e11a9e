//! The events of a plan and of an apply for programs: one JSON object per line.

use super::ui::Ui;
use crate::apply::{Event, Events};
use crate::plan::Op;
use crate::report::json::events::{self, Provisioning, Stage};
use crate::session::Look;
use crate::value::address::Address;
use std::cell::RefCell;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Listens to the engine and prints what it does.
pub(super) struct Stream<'a> {
    ui: &'a Ui,
    /// The steps that run, and since when.
    began: RefCell<HashMap<(Address, Op), Instant>>,
}

impl<'a> Stream<'a> {
    pub(super) fn new(ui: &'a Ui) -> Self {
        Stream { ui, began: RefCell::default() }
    }

    fn step(&self, address: &Address, op: Op, stage: Stage<'_>) {
        if let Some(event) = events::step(address, op, stage) {
            self.ui.event(event);
        }
    }

    /// The step on an object that began last, and how long it runs.
    fn running(&self, address: &Address) -> (Op, Duration) {
        let began = self.began.borrow();
        let own = began.iter().filter(|((of, _), _)| of == address).max_by_key(|(_, at)| **at);
        own.map_or((Op::Wait, Duration::ZERO), |((_, op), at)| (*op, at.elapsed()))
    }

    /// Ends a step; how long it ran.
    fn end(&self, address: &Address, op: Op) -> Duration {
        let began = self.began.borrow_mut().remove(&(address.clone(), op));
        began.map_or(Duration::ZERO, |at| at.elapsed())
    }
}

impl Events for Stream<'_> {
    fn event(&self, event: Event<'_>) {
        match event {
            Event::Started { address, op, id } => {
                self.began.borrow_mut().insert((address.clone(), op), Instant::now());
                let id = id.filter(|_| matches!(op, Op::Update | Op::Delete));
                self.step(address, op, Stage::Start(id));
            }
            Event::Waiting { address, state } => {
                let (op, took) = self.running(address);
                self.step(address, op, Stage::Progress(took, state));
            }
            Event::Output { address, kind, line } => {
                self.ui.event(events::provisioner(address, kind, Provisioning::Progress(line.trim_end())));
            }
            Event::Provisioner { address, kind, ended } => {
                let what = match ended {
                    None => Provisioning::Start,
                    Some(true) => Provisioning::Complete,
                    Some(false) => Provisioning::Errored,
                };
                self.ui.event(events::provisioner(address, kind, what));
            }
            Event::Done { address, op, id, took } => {
                self.end(address, op);
                let id = id.filter(|_| op != Op::Delete);
                self.step(address, op, Stage::Complete(took, id));
            }
            Event::Failed { address, op, .. } => self.step(address, op, Stage::Errored(self.end(address, op))),
            Event::Stopping => self.ui.status("Stopping: no new step begins, running steps finish."),
        }
    }
}

/// Prints that something is read while a plan is made.
pub(super) fn looked(look: &Look<'_>, ui: &Ui) {
    if !ui.stream {
        return;
    }
    match *look {
        Look::Object { address, id, over } => ui.event(events::refresh(address, id, over)),
        Look::Data(address, None) => {
            events::step(address, Op::Read, Stage::Start(None)).into_iter().for_each(|event| ui.event(event));
        }
        Look::Data(address, Some(took)) => {
            events::step(address, Op::Read, Stage::Complete(took, None)).into_iter().for_each(|event| ui.event(event));
        }
    }
}

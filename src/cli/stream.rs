//! The events of a plan and of an apply for programs: one JSON object per line.

use super::ui::Ui;
use crate::apply::{Event, Events};
use crate::plan::{Op, Plan};
use crate::report::json::events::{self, Provisioning, Stage};
use crate::session::Look;
use crate::value::address::Address;
use std::cell::RefCell;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Listens to the engine and prints what it does.
pub(super) struct Stream<'a> {
    ui: &'a Ui,
    plan: &'a Plan,
    began: RefCell<HashMap<Address, (Op, Instant)>>,
}

impl<'a> Stream<'a> {
    /// For the steps of this plan.
    pub(super) fn new(ui: &'a Ui, plan: &'a Plan) -> Self {
        Stream { ui, plan, began: RefCell::default() }
    }

    fn step(&self, address: &Address, op: Op, stage: Stage<'_>) {
        if let Some(event) = events::step(address, op, stage) {
            self.ui.event(event);
        }
    }

    /// The step on an object that runs, and since when.
    fn running(&self, address: &Address) -> (Op, Duration) {
        let began = self.began.borrow().get(address).copied();
        began.map_or((Op::Wait, Duration::ZERO), |(op, at)| (op, at.elapsed()))
    }
}

impl Events for Stream<'_> {
    fn event(&self, event: Event<'_>) {
        match event {
            Event::Started { address, op } => {
                self.began.borrow_mut().insert(address.clone(), (op, Instant::now()));
                let change = self.plan.changes.iter().find(|c| c.address == *address);
                let id = change.and_then(|c| c.id.as_deref()).filter(|_| matches!(op, Op::Update | Op::Delete));
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
                let id = id.filter(|_| op != Op::Delete);
                self.step(address, op, Stage::Complete(took, id));
            }
            Event::Failed { address, op, .. } => self.step(address, op, Stage::Errored(self.running(address).1)),
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

//! The end of planning: what the layout has no more, and the plan as a whole.

use super::change::{Action, Change, Drift, OutputChange, Plan, PlanMeta, Reason};
use super::exposure::Exposure;
use super::flows::Flows;
use super::guards;
use super::input::Live;
use super::order;
use super::order::{Demands, Ordered};
use super::planner::Planner;
use super::rolling::{self};
use super::unique::{self};
use crate::diag::{Diagnostic, Diagnostics};
use crate::evaluation::Evaluator;
use crate::graph::build::Item;
use crate::objects::{Instance, Slot};
use crate::plan::service_check;
use crate::plan::service_impact::Level;
use crate::schema::Attrs;
use crate::schema::secrecy::hidden;
use crate::value::Name;
use crate::value::address::{Address, Mode, ModulePath};
use jiff::Timestamp;
use jiff::civil::Date;
use petgraph::graph::NodeIndex;
use std::collections::{BTreeMap, BTreeSet, HashSet};

impl<'a, 's> Planner<'a, 's> {
    /// Ends the walk: what the layout no longer has goes, steps are put in order.
    pub fn finish(mut self, meta: PlanMeta) -> Result<(Plan, Evaluator<'s>), Diagnostics> {
        self.scopes.complete();
        self.orphans();
        let held = super::hold::hold(&mut self);
        let outputs = self.outputs(&held);
        let reread = super::reread::reread(&self, &held);
        self.add_secrets();
        let drift = self.drift();
        self.check_layout();
        if !self.input.options.look_only {
            self.problems.extend(self.undeletable());
            let protected = super::protection::check(&mut self);
            self.problems.extend(protected);
            self.problems.extend(self.half_done());
        }
        self.problems.extend(unique::reported(&self.renamed));
        self.problems.extend(super::provisioners::shown(self.changes.values(), self.input.root));
        if self.problems.has_errors() {
            let all: Vec<Change> = self.changes.into_values().collect();
            let find = |change: &Change| super::place::of_change(&self.scopes, change, &[]);
            let located = |problem| super::place::located(problem, &all, &find);
            return Err(self.problems.into_iter().map(located).collect());
        }
        let schemas = self.input.schemas;
        let schema = |address: &Address| schemas.resource(&address.resource.type_name);
        let level = service_check::level(self.input.root);
        let place = |change: &Change, names: &[&str]| super::place::of_change(&self.scopes, change, names);
        let demands = Demands { level, specs: &self.rollings, schema: &schema, pulse: &self.pulse, place: &place };
        let changes: Vec<Change> = std::mem::take(&mut self.changes).into_values().collect();
        let level = level.filter(|_| !self.input.options.destroy);
        let (ordered, flows) = self.in_order(changes, &demands, level)?;
        let flows = flows.as_ref();
        let promise = service_check::promise(self.input, &self.scopes, &ordered, &self.rollings, &meta, flows);
        let promise = self.problems.take(promise);
        let Some(promise) = promise.filter(|_| !self.problems.has_errors()) else { return Err(self.problems) };
        let Ordered { changes, mut steps, .. } = ordered;
        for step in &mut steps {
            let change = &changes[step.change];
            if let Some(schema) = schema(&change.address) {
                step.rows = super::rows::of_step(step, change, schema, self.configs.get(&change.address));
            }
        }
        let undo = super::undo::steps(&changes, &steps, &promise.waves);
        let options = &self.input.options;
        let judges = !options.destroy && !options.refresh_only && !options.look_only;
        let (violations, warned): (Vec<Diagnostic>, Vec<Diagnostic>) = judges
            .then(|| self.judged(&changes, guards::day(meta.created)))
            .into_iter()
            .flatten()
            .partition(Diagnostic::is_error);
        let warnings = self.problems.into_iter().chain(warned).collect();
        let sick =
            self.pulse.groups.keys().map(|group| (group.clone(), self.pulse.sick(group).map(str::to_owned).collect()));
        let (sick, answers) = (sick.collect(), self.answers);
        let exposure = match options.look_only || options.refresh_only || options.destroy && !options.is_partial() {
            true => Exposure::default(),
            false => super::exposure::of(&changes, &answers, schemas),
        };
        let mut plan = Plan {
            meta,
            changes,
            steps,
            undo,
            drift,
            outputs,
            reread,
            answers,
            sick,
            promise,
            exposure,
            warnings,
            violations,
        };
        plan.warnings.extend(plan.mostly_gone());
        Ok((plan, self.scopes))
    }

    /// The changes in order, and the flows that they touch, if the layout demands any.
    fn in_order(
        &self,
        changes: Vec<Change>,
        demands: &Demands<'_, '_>,
        level: Option<Level>,
    ) -> Result<(Ordered, Option<Flows>), Diagnostics> {
        let arranged = |changes: Vec<Change>| {
            let mut ordered = order::steps(changes, &self.depends, demands)?;
            let flows = level.map(|_| {
                let found = super::network::found(&self.answers, &super::network::before(&ordered.changes));
                Flows::of(&ordered.changes, &ordered.steps, found, demands.schema)
            });
            if let Some(flows) = &flows {
                flows.arrange(&mut ordered.steps);
            }
            Ok::<_, Diagnostics>((ordered, flows))
        };
        let in_place = |(ordered, flows): &(Ordered, Option<Flows>)| match flows {
            Some(flows) if level == Some(Level::High) => flows.in_place(&ordered.steps, demands.schema),
            _ => BTreeSet::new(),
        };
        let given = changes.clone();
        let first = arranged(changes)?;
        let rules = in_place(&first);
        if rules.is_empty() {
            return Ok(first);
        }
        let mut anew = given;
        super::flows::made_anew(&mut anew, &rules);
        // Where the new rules cannot come first after all, the plan says what it cuts off.
        Ok(arranged(anew).unwrap_or(first))
    }

    /// What the walk found wrong, when only that is wanted.
    pub fn into_problems(mut self) -> Diagnostics {
        self.check_layout();
        self.problems
    }

    /// The same, with what breaks a guard of the layout on this day.
    pub fn into_all_problems(mut self, now: Timestamp) -> Diagnostics {
        self.check_layout();
        if !self.problems.has_errors() {
            let changes: Vec<Change> = self.changes.values().cloned().collect();
            let broken = self.judged(&changes, guards::day(now));
            self.problems.extend(broken);
        }
        self.problems
    }

    /// What breaks a guard, with these changes.
    fn judged(&self, changes: &[Change], today: Date) -> Diagnostics {
        let schemas = self.input.schemas;
        guards::judge(&guards::Guarded {
            root: self.input.root,
            scopes: &self.scopes,
            configs: &self.configs,
            changes,
            schema: &|address| schemas.resource(&address.resource.type_name),
            answers: &self.answers,
            today,
            has_values: !self.input.options.validate,
            by_address: Default::default(),
        })
    }

    /// What is wrong between instances and with the layout as a whole.
    fn check_layout(&mut self) {
        self.problems.extend(super::unmade::warning(&self.unserved));
        self.problems.extend(super::layout_rules::check(self));
        self.problems.extend(guards::check(self));
        for (address, block) in &self.rolls {
            let spec = rolling::spec::read(block, &self.scopes, &address.module);
            self.rollings.extend(self.problems.take(spec).map(|spec| (address.clone(), spec)));
        }
        self.problems.extend(service_check::check(self));
    }

    fn orphans(&mut self) {
        for (address, stored) in &self.input.state.resources {
            if self.claimed.contains(address) {
                continue;
            }
            let change = self.orphan(address, stored, self.input.live.get(address));
            self.changes.insert(Slot::current(address.clone()), change);
        }
        for ((address, key), stored) in &self.input.state.deposed {
            let mut change = self.orphan(address, stored, None);
            change.deposed = Some(key.clone());
            change.action = Action::Delete;
            change.reason = Some(Reason::Deposed);
            self.changes.insert(Slot::deposed(address.clone(), key), change);
        }
    }

    /// Hides in what is planned the secrets that only the walk has shown.
    fn add_secrets(&mut self) {
        let known = self.secrets.len();
        self.secrets.add(self.configs.values().flat_map(Attrs::iter).map(|(_, value)| value));
        self.secrets.seek();
        if self.secrets.len() == known {
            return;
        }
        for change in self.changes.values_mut() {
            let r = &change.address.resource;
            let Some(schema) = self.input.schemas.resource(&r.type_name).filter(|_| r.mode == Mode::Managed) else {
                continue;
            };
            let rows = &schema.attributes;
            let given = self.configs.get(&change.address).cloned().unwrap_or_default();
            for attrs in [&mut change.stored, &mut change.before, &mut change.after] {
                *attrs = attrs.take().map(|attrs| hidden(rows, &given, attrs, &self.secrets));
            }
        }
    }

    /// The end of an object that the layout does not have; `live` is what AWS says of it.
    fn orphan(&self, address: &Address, stored: &Instance, live: Option<&Live>) -> Change {
        let rows = self.input.schemas.resource(&address.resource.type_name).map(|s| s.attributes.as_slice());
        let before = match (rows, live) {
            (Some(rows), Some(Live::There(live))) => super::diff::current(rows, Some(&stored.attrs), Some(live)),
            _ => Some(stored.attrs.clone()),
        };
        let hide = |attrs: Attrs| match rows {
            Some(rows) => hidden(rows, &Attrs::default(), attrs, &self.secrets),
            None => attrs,
        };
        let removed = super::refactor::removed(self.input.root, address);
        let kept = super::protection::block_of(self.input.root, address).is_some_and(|block| !block.lifecycle.destroy);
        let forget = removed == Some(false) || kept;
        let gone = live == Some(&Live::Gone);
        let action = match (forget, gone) {
            (true, _) | (_, true) => Action::Forget,
            _ => Action::Delete,
        };
        let reason = if gone {
            Reason::Vanished
        } else if removed.is_some() {
            Reason::Removed
        } else if kept {
            Reason::Kept
        } else {
            self.orphan_reason(address)
        };
        Change {
            address: address.clone(),
            moved_from: None,
            deposed: None,
            provider: stored.provider.clone(),
            region: stored.region.clone(),
            action,
            reason: (!self.input.options.destroy || gone || kept).then_some(reason),
            id: Some(stored.id.clone()),
            importing: None,
            stored: Some(hide(stored.attrs.clone())),
            before: before.map(hide),
            after: None,
            attributes: Vec::new(),
            depends_on: match stored.depends_on.is_empty() {
                true => self.needed_by_layout(address),
                false => stored.depends_on.clone(),
            },
            create_before_destroy: stored.create_before_destroy,
        }
    }

    /// What an object of the state needs by the layout, for one that was imported: its needs are not recorded.
    fn needed_by_layout(&self, address: &Address) -> Vec<Address> {
        let mut found: HashSet<NodeIndex> = HashSet::new();
        let mut open: Vec<NodeIndex> = self.node_of(&address.resource).into_iter().collect();
        while let Some(needs) = open.pop().and_then(|at| self.needs.get(&at)) {
            for &need in needs.direct.union(&needs.indirect).filter(|&&need| found.insert(need)) {
                let data = matches!(&self.input.graph.node(need).item, Item::Resource(key) if key.0 == Mode::Data);
                open.extend(data.then_some(need));
            }
        }
        if found.is_empty() {
            return Vec::new();
        }
        let needed = |a: &&Address| self.node_of(&a.resource).is_some_and(|at| found.contains(&at));
        self.input.state.resources.keys().filter(needed).cloned().collect()
    }

    fn orphan_reason(&self, address: &Address) -> Reason {
        let r = &address.resource;
        match (self.scopes.module(&r.module), self.node_of(r)) {
            (None, _) => Reason::NoModule,
            (Some(_), Some(_)) => Reason::NoInstance,
            (Some(_), None) => Reason::NoConfig,
        }
    }

    /// The outputs as they will be; those of `held` as they were, or not at all.
    fn outputs(&mut self, held: &HashSet<Name>) -> Vec<OutputChange> {
        let stored = &self.input.state.outputs;
        let mut all: BTreeMap<Name, OutputChange> = BTreeMap::new();
        for (name, output) in stored {
            let change = OutputChange { name: name.clone(), before: Some(output.value.clone()), after: None };
            all.insert(name.clone(), change);
        }
        if !self.input.options.destroy {
            let root = self.input.root.clone();
            for (name, output) in &root.module.outputs {
                let Ok(value) = self.scopes.output(&ModulePath::default(), name) else { continue };
                let after = if output.sensitive { value.unmark_deep().mark(true) } else { value };
                let change =
                    all.entry(name.clone()).or_insert(OutputChange { name: name.clone(), before: None, after: None });
                change.after = Some(after);
            }
        } else if self.input.options.is_partial() {
            all.values_mut().for_each(|change| change.after = change.before.clone());
        }
        for name in held {
            if let Some(change) = all.get_mut(name) {
                change.after = change.before.clone();
            }
        }
        all.into_values().filter(|change| change.before.is_some() || change.after.is_some()).collect()
    }

    /// What would end half done between objects of different types.
    fn half_done(&self) -> Diagnostics {
        if self.input.options.destroy || self.input.options.validate {
            return Diagnostics::new();
        }
        let changes: Vec<&Change> = self.changes.values().filter(|change| change.deposed.is_none()).collect();
        let schema = |address: &Address| self.input.schemas.resource(&address.resource.type_name);
        super::across::refused(&changes, &schema, &|address| self.configs.get(address))
    }

    /// What the plan would delete and AWS would not.
    fn undeletable(&self) -> Diagnostics {
        let mut found = Diagnostics::new();
        for change in self.changes.values().filter(|c| c.action == Action::Delete || c.action.is_replace()) {
            let schema = self.input.schemas.resource(&change.address.resource.type_name);
            let before = change.before.as_ref();
            let why = schema.and_then(|s| s.undeletable).zip(before).and_then(|(why, before)| why(before));
            if let Some(why) = why {
                let doing = if change.action == Action::Delete { "delete" } else { "replace" };
                found.push(
                    Diagnostic::error("Object cannot be deleted as it is")
                        .code("undeletable")
                        .detail(format!("The plan would {doing} it, but {why}"))
                        .about(&change.address),
                );
            }
        }
        found
    }

    fn drift(&self) -> Vec<Drift> {
        let mut all = Vec::new();
        for (address, stored) in self.input.state.resources.iter().filter(|(_, stored)| !stored.unfinished) {
            let Some(schema) = self.input.schemas.resource(&address.resource.type_name) else { continue };
            if self.input.options.refresh_only && !self.input.options.names(address) {
                continue;
            }
            let (live, attributes) = match self.input.live.get(address) {
                None => continue,
                Some(Live::Gone) => (None, Vec::new()),
                Some(Live::There(live)) => {
                    let config = self.configs.get(address);
                    let lasting = self.lasting.get(address).map_or(&[][..], Vec::as_slice);
                    let moved = super::diff::drifted(schema, config, lasting, &stored.attrs, live);
                    if moved.is_empty() {
                        continue;
                    }
                    (super::diff::current(&schema.attributes, Some(&stored.attrs), Some(live)), moved)
                }
            };
            let rows = &schema.attributes;
            let given = self.configs.get(address).cloned().unwrap_or_default();
            let hide = |attrs: Attrs| hidden(rows, &given, attrs, &self.secrets);
            let (stored, live) = (hide(stored.attrs.clone()), live.map(hide));
            all.push(Drift { address: address.clone(), stored, live, attributes });
        }
        all
    }
}

//! The executor: walks the steps of a plan, many at a time, each after those that it needs.
//!
//! It decides nothing. On the first failure it begins nothing new, lets what is under way finish
//! and reports what was done, what failed and what was not begun.

mod read;

use super::aws_target::AwsTarget;
use super::event::{Event, Events};
use super::gate::{self, Judge};
use super::runner::{Failure, StepRunner, kept};
use super::state_target::StateTarget;
use super::target::Target;
use super::wait::Waiting;
use crate::aws::Aws;
use crate::diag::{Diagnostic, Diagnostics};
use crate::evaluation::{Evaluator, Locality};
use crate::lang::config::ConditionKind;
use crate::objects::{Instance, Slot};
use crate::plan::detour::around;
use crate::plan::service_impact::{Health, Wait};
use crate::plan::{Action, Change, Op, Plan, ProviderFacts, Reason, StepId, conditions, resolve};
use crate::resources::health::Registration;
use crate::resources::{Around, Token, local, registry};
use crate::schema::redaction::restore_digests;
use crate::schema::secrets::Secrets;
use crate::schema::{Attrs, Schemas, exposed};
use crate::state::{Record, Recorded, Run, deposed_key};
use crate::value::Value;
use crate::value::address::{Address, parse_instance};
use futures::future::LocalBoxFuture;
use futures::stream::{FuturesUnordered, StreamExt};
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// How long one operation may take when its `timeouts` block says nothing.
const LIMIT: Duration = Duration::from_secs(20 * 60);

/// All that carrying out a plan needs.
pub struct Engine<'a> {
    /// What to do.
    pub plan: &'a Plan,
    /// What every expression sees; filled as things become known.
    pub scopes: Evaluator<'a>,
    /// The types.
    pub schemas: &'a dyn Schemas,
    /// The journal.
    pub run: &'a Run,
    /// Names this run's operations.
    pub run_id: String,
    /// The connections, by provider configuration.
    pub clients: &'a HashMap<String, Aws>,
    /// What replaces AWS.
    pub endpoint: Option<&'a str>,
    /// What is known of the provider configurations.
    pub providers: &'a HashMap<String, ProviderFacts>,
    /// Tokens of creates that an earlier run left open, to be used again.
    pub tokens: &'a HashMap<Address, String>,
    /// What the random values of this run come from.
    pub seed: [u8; 32],
    /// What must not be shown of any object, as far as it is known.
    pub secrets: KnownSecrets,
    /// How many steps at a time.
    pub parallelism: usize,
    /// Who listens.
    pub events: &'a dyn Events,
    /// Turns true when nothing new shall be begun.
    pub stop: watch::Receiver<bool>,
}

/// The secrets of the layout and the state; each object that is recorded adds its own.
pub type KnownSecrets = Rc<RefCell<Secrets>>;

/// Those that are known before a plan is carried out.
pub fn known_secrets(plan: &Plan, run: &Run) -> KnownSecrets {
    let mut secrets = run.with_state(|s| Secrets::of(s.objects().map(|(_, i)| &i.attrs)));
    let planned = plan.changes.iter().filter_map(|change| change.after.as_ref());
    secrets.add(planned.flat_map(Attrs::iter).map(|(_, value)| value).chain(plan.meta.variables.values()));
    secrets.seek();
    Rc::new(RefCell::new(secrets))
}

/// What became of the steps.
#[derive(Debug, Default)]
pub struct Report {
    /// Done, in the order in which they ended.
    pub done: Vec<(Address, Op)>,
    /// Failed, with the reason.
    pub failed: Vec<(Address, Op, Diagnostic)>,
    /// Not begun.
    pub not_begun: Vec<(Address, Op)>,
    /// New members of a failed wave that were taken out again.
    pub taken_out: Vec<Address>,
    /// Failed `check` blocks.
    pub warnings: Diagnostics,
}

impl Report {
    /// Whether everything was done.
    pub fn is_complete(&self) -> bool {
        self.failed.is_empty() && self.not_begun.is_empty()
    }
}

/// What a step leaves behind.
pub(super) enum Made {
    /// An object of the state.
    Object(Box<Instance>),
    /// The answer of a data source.
    Answer(Attrs),
    /// Nothing.
    Nothing,
}

/// A step that ended, before what follows it.
pub(super) struct Ended {
    pub step: StepId,
    pub began: Instant,
    pub result: Result<Made, Failure>,
    /// Whether the provisioners of the object that it made ran.
    pub provisioned: bool,
}

impl<'a> Engine<'a> {
    /// Where data sources are read.
    pub(super) fn surroundings(&self) -> Around {
        Around { dir: self.scopes.cwd().into(), endpoint: self.endpoint.map(str::to_owned) }
    }

    /// Does all steps, then evaluates outputs and checks.
    pub async fn execute(mut self) -> Report {
        let mut report = Report::default();
        // Destroying evaluates nothing but provisioners.
        for change in self.plan.changes.iter().filter(|_| self.plan.meta.destroy) {
            self.scopes.place_module(&change.address.resource.module);
        }
        let steps = &self.plan.steps;
        let mut open: Vec<usize> = steps.iter().map(|s| s.needs.len()).collect();
        let mut followers: Vec<Vec<StepId>> = vec![Vec::new(); steps.len()];
        for (id, step) in steps.iter().enumerate() {
            step.needs.iter().for_each(|&need| followers[need].push(id));
        }
        let mut ready: BTreeSet<StepId> = (0..steps.len()).filter(|&i| open[i] == 0).collect();
        let mut begun = vec![false; steps.len()];
        let mut stopping = false;
        let waiting = Waiting::default();
        let (mut done, mut failed) = (BTreeSet::new(), BTreeSet::new());
        let mut under_way: FuturesUnordered<LocalBoxFuture<'a, Ended>> = FuturesUnordered::new();
        loop {
            while !stopping && under_way.len() < self.parallelism {
                let Some(step) = ready.pop_first() else { break };
                begun[step] = true;
                let (address, op) = self.describe(step);
                let id = self.plan.changes[self.plan.steps[step].change].id.as_deref();
                self.events.event(Event::Started { address, op, id });
                under_way.push(self.begin(step, &waiting));
            }
            if under_way.is_empty() {
                break;
            }
            let ended = tokio::select! {
                ended = under_way.next() => ended,
                _ = stop_asked(&mut self.stop), if !stopping => {
                    stopping = true;
                    self.events.event(Event::Stopping);
                    continue;
                }
            };
            let Some(ended) = ended else { break };
            if let Some(more) = self.after_creation(&ended) {
                under_way.push(more);
                continue;
            }
            let (address, op) = self.describe(ended.step);
            match ended.result.and_then(|made| self.apply_outcome(ended.step, made)) {
                Ok(id) => {
                    let took = ended.began.elapsed();
                    self.events.event(Event::Done { address, op, id: id.as_deref(), took });
                    report.done.push((address.clone(), op));
                    done.insert(ended.step);
                    for &next in &followers[ended.step] {
                        open[next] -= 1;
                        if open[next] == 0 {
                            ready.insert(next);
                        }
                    }
                }
                Err(problem) => {
                    let problem = self.placed(ended.step, problem);
                    self.events.event(Event::Failed { address, op, problem: &problem });
                    report.failed.push((address.clone(), op, *problem));
                    failed.insert(ended.step);
                    if !std::mem::replace(&mut stopping, true) {
                        self.events.event(Event::Stopping);
                    }
                }
            }
        }
        self.roll_back((&done, &failed), &mut report, &waiting).await;
        report.not_begun =
            (0..steps.len()).filter(|&i| !begun[i]).map(|i| self.describe(i)).map(|(a, o)| (a.clone(), o)).collect();
        self.conclude(&mut report).await;
        report
    }

    fn describe(&self, step: StepId) -> (&'a Address, Op) {
        let step = &self.plan.steps[step];
        (&self.plan.changes[step.change].address, step.op)
    }

    /// The problem with the block that it is about, where the layout still has it.
    fn placed(&self, step: StepId, problem: Failure) -> Failure {
        let change = &self.plan.changes[self.plan.steps[step].change];
        match resolve::place(&self.scopes, change) {
            Some((block, _)) if problem.span.is_none() => Box::new(problem.at(block.span)),
            _ => problem,
        }
    }

    /// The work of a step. What it needs from other steps is evaluated now, as all of them are done.
    fn begin(&self, id: StepId, waiting: &Waiting) -> LocalBoxFuture<'a, Ended> {
        let began = Instant::now();
        let step = &self.plan.steps[id];
        let change: &'a Change = &self.plan.changes[step.change];
        let work: Result<LocalBoxFuture<'a, Result<Made, Failure>>, Failure> = match step.op {
            Op::Record => Ok(Box::pin(record(self.run, change, self.account(change)))),
            Op::Read => self.read(change),
            Op::Create | Op::Update | Op::Delete | Op::Reroute => self.work_on(id, change, waiting),
            Op::Wait => self.wait(change, step.wait.as_ref()),
        };
        Box::pin(async move {
            let result = match work {
                Ok(work) => work.await,
                Err(problem) => Err(problem),
            };
            Ended { step: id, began, result, provisioned: false }
        })
    }

    /// Waits for what the plan says; see `gate`.
    fn wait(
        &self,
        change: &'a Change,
        wait: Option<&'a Wait>,
    ) -> Result<LocalBoxFuture<'a, Result<Made, Failure>>, Failure> {
        let nothing = || {
            Box::new(
                Diagnostic::error("The plan names nothing to wait for")
                    .code("plan-inconsistent")
                    .about(&change.address),
            )
        };
        let reporter = gate::WaitReporter { address: &change.address, events: self.events };
        match wait.ok_or_else(nothing)? {
            Wait::Drained { most } => {
                let old = change.before.as_ref().or(change.stored.as_ref()).ok_or_else(nothing)?;
                let registration = Registration::of(self.aws(change)?, old).ok_or_else(nothing)?;
                Ok(Box::pin(async move {
                    gate::drained(&reporter, &registration, Duration::from_secs(*most)).await?;
                    Ok(Made::Nothing)
                }))
            }
            Wait::Healthy { by, bake, timeout } => {
                let judge = self.judge(change, by).ok_or_else(nothing)?;
                Ok(Box::pin(async move {
                    let (bake, timeout) = (Duration::from_secs(*bake), Duration::from_secs(*timeout));
                    gate::healthy(&reporter, &judge, bake, timeout).await?;
                    Ok(Made::Nothing)
                }))
            }
            Wait::Others { by, least, timeout } => {
                let all: Vec<Registration> = by.iter().filter_map(|&i| self.registration(i)).collect();
                Ok(Box::pin(async move {
                    gate::others(&reporter, &all, *least, Duration::from_secs(*timeout)).await?;
                    Ok(Made::Nothing)
                }))
            }
        }
    }

    /// The object of a change as the state has it now.
    fn now(&self, change: &Change) -> Option<Instance> {
        let slot = Slot::current(change.address.clone());
        self.run.with_state(|s| s.get(&slot).cloned())
    }

    /// The target that the attachment of a change registers.
    fn registration(&self, i: usize) -> Option<Registration> {
        let attachment = &self.plan.changes[i];
        Registration::of(self.aws(attachment).ok()?, &self.now(attachment)?.attrs)
    }

    /// What has to call the new object of a change healthy.
    fn judge(&self, change: &Change, by: &Health) -> Option<Judge> {
        match by {
            Health::Status => Some(Judge::Status { aws: Box::new(self.aws(change).ok()?), id: self.now(change)?.id }),
            Health::Targets(all) => {
                Some(Judge::Targets(all.iter().map(|&i| self.registration(i)).collect::<Option<_>>()?))
            }
            Health::Scaling(group) => {
                let group = &self.plan.changes[*group];
                Some(Judge::Scaling { aws: Box::new(self.aws(group).ok()?), name: self.now(group)?.id })
            }
        }
    }

    /// The account that a change is made in; empty where it needs none.
    fn account(&self, change: &Change) -> String {
        self.providers.get(&change.provider).map(|facts| facts.account.clone()).unwrap_or_default()
    }

    /// A step that makes, changes or deletes an object.
    fn work_on(
        &self,
        id: StepId,
        change: &'a Change,
        waiting: &Waiting,
    ) -> Result<LocalBoxFuture<'a, Result<Made, Failure>>, Failure> {
        let step = &self.plan.steps[id];
        let slot = self.slot(id, change, step.op);
        let name = self.op_name(id);
        let runner = self.runner(change, slot.clone(), name.clone(), step.op, waiting)?;
        let token = self.tokens.get(&change.address).cloned().unwrap_or(name);
        let existing = self.run.with_state(|s| s.get(&slot).cloned());
        let want = match step.op {
            Op::Delete => None,
            Op::Reroute => Some(self.around(id, change, existing.as_ref()).ok_or_else(|| no_object(change))?),
            _ => Some(self.wanted(change)?),
        };
        let first = self.before_deletion(change, step.op, existing.as_ref())?;
        let existing = existing.map(|instance| instance.attrs);
        Ok(Box::pin(async move {
            let rows = &step.rows;
            let made = match (step.op, want, &change.id) {
                (Op::Create, Some(want), id) => {
                    let outgoing = id.clone().filter(|_| change.action == Action::CreateThenDelete);
                    let want = runner.target.schema().named(want, &token);
                    runner.create(&want, Token(token), outgoing, rows).await?
                }
                (Op::Update, Some(want), Some(id)) if change.reason == Some(Reason::Unfinished) => {
                    runner.complete(id, &want, rows).await?
                }
                (Op::Update, Some(want), Some(id)) => {
                    let before = change.before.clone().unwrap_or_default();
                    runner.update(id, &before, &want, rows).await?
                }
                (Op::Reroute, Some(want), Some(id)) => {
                    runner.update(id, &existing.unwrap_or_default(), &want, rows).await?;
                    return Ok(Made::Nothing);
                }
                (Op::Delete, None, Some(id)) => {
                    let last = existing.or_else(|| change.before.clone()).unwrap_or_default();
                    if let Some(commands) = first {
                        commands.run().await?;
                    }
                    runner.delete(id, &last).await?;
                    return Ok(Made::Nothing);
                }
                _ => return Err(no_object(change)),
            };
            Ok(Made::Object(Box::new(made)))
        }))
    }

    /// What works on one object of a change.
    pub(super) fn runner(
        &self,
        change: &'a Change,
        slot: Slot,
        op: String,
        does: Op,
        waiting: &Waiting,
    ) -> Result<StepRunner<'a>, Failure> {
        let type_name = &*change.address.resource.type_name;
        let target = match local::types().get(type_name) {
            Some(kind) => Target::State(StateTarget {
                kind,
                op: op.clone(),
                seed: self.seed,
                dir: self.scopes.cwd().into(),
                stop: self.stop.clone(),
            }),
            None => Target::Aws(Box::new(AwsTarget {
                change,
                run: self.run,
                waiting: waiting.clone(),
                events: self.events,
                aws: self.aws(change)?,
                resource: registry().get(type_name).ok_or_else(|| missing_type(change))?.as_ref(),
                provider: change.provider.clone(),
                limit: self.limit(change, does),
                again: self.tokens.contains_key(&change.address),
            })),
        };
        Ok(StepRunner {
            run: self.run,
            secrets: self.secrets.clone(),
            target,
            slot,
            op,
            provider: change.provider.clone(),
            depends_on: change.depends_on.clone(),
            create_before_destroy: change.create_before_destroy,
            tainted: self.is_provisioned(change, does),
        })
    }

    /// An object as it is, but with the gateway or target group that the plan names.
    fn around(&self, id: StepId, change: &Change, object: Option<&Instance>) -> Option<Attrs> {
        let there = parse_instance(self.plan.steps[id].detour.as_ref()?).ok()?;
        let there = self.run.with_state(|s| s.get(&Slot::current(there)).cloned())?;
        let role = registry().get(&*change.address.resource.type_name)?.schema().role?;
        around(&role, &object?.attrs, &there.id, &there.attrs)
    }

    /// Where in the state the step works: a create-first replacement deletes what it deposed.
    fn slot(&self, id: StepId, change: &Change, op: Op) -> Slot {
        if let Some(key) = &change.deposed {
            return Slot::deposed(change.address.clone(), key);
        }
        if op == Op::Delete && change.action == Action::CreateThenDelete {
            let here = self.plan.steps[id].change;
            let created = self.plan.steps.iter().position(|s| s.change == here && s.op == Op::Create);
            if let Some(created) = created {
                return Slot::deposed(change.address.clone(), deposed_key(&self.op_name(created)));
            }
        }
        Slot::current(change.address.clone())
    }

    /// Unique among all runs; its first eight letters and digits too.
    pub(super) fn op_name(&self, id: StepId) -> String {
        format!("{id:x}-{}", self.run_id).chars().take(36).collect()
    }

    fn aws(&self, change: &Change) -> Result<Aws, Failure> {
        match self.clients.get(&change.provider) {
            Some(aws) if change.region.is_empty() => Ok(aws.clone()),
            Some(aws) => Ok(aws.for_region(&change.region)),
            None => Err(Box::new(
                Diagnostic::error(format!("There is no provider configuration {:?}", change.provider))
                    .code("provider-configuration")
                    .about(&change.address)
                    .hint("Put the provider block back until the objects that were made with it are gone."),
            )),
        }
    }

    fn wanted(&self, change: &Change) -> Result<Attrs, Failure> {
        let none = ProviderFacts::default();
        let facts = self.providers.get(&change.provider).unwrap_or(&none);
        resolve::wanted(&self.scopes, change, self.schemas, facts).map_err(first)
    }

    fn limit(&self, change: &Change, op: Op) -> Duration {
        let schema = self.schemas.resource(&change.address.resource.type_name);
        let usual = schema.and_then(|s| s.default_timeout).unwrap_or(LIMIT);
        let Some((block, local)) = resolve::place(&self.scopes, change) else { return usual };
        let operation = match op {
            Op::Create => "create",
            Op::Update | Op::Reroute => "update",
            Op::Delete => "delete",
            Op::Read | Op::Record | Op::Wait => "read",
        };
        let scope = self.scopes.at(&change.address.resource.module, &local);
        let said = scope.and_then(|scope| block.timeouts.of(operation, &scope).ok().flatten());
        said.as_ref().and_then(Value::as_str).and_then(crate::value::duration::parse).unwrap_or(usual)
    }

    /// Makes known what a step brought; gives the object's id.
    fn apply_outcome(&mut self, id: StepId, made: Made) -> Result<Option<String>, Failure> {
        let change = &self.plan.changes[self.plan.steps[id].change];
        let (value, object_id) = match made {
            Made::Nothing => return Ok(None),
            Made::Object(instance) => {
                let schema = self.schemas.resource(&change.address.resource.type_name);
                (exposed::object(schema, &instance.attrs), Some(instance.id.clone()))
            }
            Made::Answer(answer) => {
                let schema = self.schemas.data(&change.address.resource.type_name);
                let all = schema.map_or(answer.clone(), |s| crate::schema::complete(s, &answer));
                (exposed::answer(schema, &all), None)
            }
        };
        let r = &change.address.resource;
        let key = (r.mode, r.type_name.clone(), r.name.clone());
        self.scopes.set_instance(&r.module, &key, &change.address.key, value.clone());
        self.scopes.something_became_known();
        if let Some((block, local)) = resolve::place(&self.scopes, change) {
            let local = Locality { this: Some(value), ..local };
            let found = conditions::evaluate(
                &self.scopes,
                &r.module,
                &local,
                &block.lifecycle.postconditions,
                ConditionKind::Postcondition,
            );
            if found.has_errors() {
                return Err(Box::new(first(found).about(&change.address)));
            }
        }
        Ok(object_id)
    }
}

/// A step that only changes the state.
async fn record(run: &Run, change: &Change, account: String) -> Result<Made, Failure> {
    let slot = Slot::current(change.address.clone());
    let problem = |d: Diagnostic| Box::new(d.about(&change.address));
    let put =
        |slot: Slot, instance: Option<Instance>| run.append(Record::Recorded(Box::new(Recorded { slot, instance })));
    if change.action == Action::Forget {
        put(slot, None).await.map_err(problem)?;
        return Ok(Made::Nothing);
    }
    let from = change.moved_from.clone().map(Slot::current);
    let stored = run.with_state(|s| s.get(&slot).or_else(|| from.as_ref().and_then(|f| s.get(f))).cloned());
    let instance = match (stored, &change.id) {
        (Some(stored), _) => stored,
        (None, Some(id)) => Instance {
            id: id.clone(),
            attrs: match (registry().get(&*change.address.resource.type_name), change.after.clone()) {
                (Some(resource), Some(after)) => kept(run, &slot, resource.schema(), &after),
                (_, after) => after.unwrap_or_default(),
            },
            provider: change.provider.clone(),
            region: change.region.clone(),
            account,
            depends_on: change.depends_on.clone(),
            create_before_destroy: change.create_before_destroy,
            tainted: false,
            unfinished: false,
        },
        (None, None) => {
            return Err(problem(Diagnostic::error("The plan names no object for this step").code("plan-inconsistent")));
        }
    };
    put(slot, Some(instance.clone())).await.map_err(problem)?;
    if let Some(from) = from {
        put(from, None).await.map_err(problem)?;
    }
    let attrs = match (registry().get(&*change.address.resource.type_name), &change.after) {
        (Some(resource), Some(after)) => restore_digests(&resource.schema().attributes, &instance.attrs, after),
        _ => instance.attrs.clone(),
    };
    Ok(Made::Object(Box::new(Instance { attrs, ..instance })))
}

fn no_object(change: &Change) -> Failure {
    Box::new(
        Diagnostic::error("The plan names no object for this step").code("plan-inconsistent").about(&change.address),
    )
}

fn missing_type(change: &Change) -> Failure {
    Box::new(
        Diagnostic::error(format!("Unknown type {:?}", change.address.resource.type_name))
            .code("unknown-resource-type")
            .about(&change.address),
    )
}

pub(super) fn first(all: Diagnostics) -> Failure {
    Box::new(
        all.into_iter()
            .next()
            .unwrap_or_else(|| Diagnostic::error("A value could not be evaluated").code("plan-inconsistent")),
    )
}

/// Ends when a stop is asked for; never when nobody can ask any more.
pub(super) async fn stop_asked(stop: &mut watch::Receiver<bool>) {
    if stop.wait_for(|asked| *asked).await.is_err() {
        std::future::pending::<()>().await;
    }
}

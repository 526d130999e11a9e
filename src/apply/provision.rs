//! Running the provisioners of an object: after it is made, before it is deleted.

use super::engine::{Ended, Engine, Made};
use super::event::{Event, Events};
use super::remote;
use super::runner::{Failure, kept};
use crate::diag::{Diagnostic, Span};
use crate::evaluation::{Locality, Repetition};
use crate::lang::config::{Action, When};
use crate::objects::{Instance, Slot};
use crate::plan::provisioners::{block, due};
use crate::plan::{Change, Op, resolve};
use crate::schema::exposed;
use crate::state::{Record, Recorded};
use crate::value::address::{Address, InstanceKey, ModulePath};
use crate::value::{Name, Value};
use futures::future::LocalBoxFuture;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWriteExt, BufReader};

/// The commands of an object, and where they run.
pub(super) struct Commands<'a> {
    address: &'a Address,
    events: &'a dyn Events,
    dir: PathBuf,
    all: Vec<Due>,
}

/// One provisioner that is due.
struct Due {
    action: Action,
    goes_on: bool,
    kind: Name,
    span: Span,
}

impl<'a> Engine<'a> {
    /// Whether provisioners follow when a step has made an object: until they ran, it counts as damaged.
    pub(super) fn is_provisioned(&self, change: &Change, op: Op) -> bool {
        let made = due(change, op) == Some(When::Create);
        let block = resolve::place(&self.scopes, change).filter(|_| made);
        block.is_some_and(|(block, _)| block.provisioners.iter().any(|p| p.when == When::Create))
    }

    /// The provisioners that follow a step that has made an object.
    pub(super) fn after_creation(&self, ended: &Ended) -> Option<LocalBoxFuture<'a, Ended>> {
        let Ok(Made::Object(instance)) = &ended.result else { return None };
        let step = &self.plan.steps[ended.step];
        let change: &'a Change = &self.plan.changes[step.change];
        if ended.provisioned || !self.is_provisioned(change, step.op) {
            return None;
        }
        let (_, local) = resolve::place(&self.scopes, change)?;
        let commands = self.commands(change, When::Create, instance, local.repetition);
        let (id, began, run) = (ended.step, ended.began, self.run);
        let schema = self.schemas.resource(&change.address.resource.type_name);
        let instance = Instance { tainted: false, ..(**instance).clone() };
        Some(Box::pin(async move {
            let work = async {
                commands?.run().await?;
                let slot = Slot::current(change.address.clone());
                let attrs = schema.map_or_else(|| instance.attrs.clone(), |s| kept(run, &slot, s, &instance.attrs));
                let recorded = Instance { attrs, ..instance.clone() };
                let whole = Record::Recorded(Box::new(Recorded { slot, instance: Some(recorded) }));
                run.append(whole).await.map_err(|d| Box::new(d.about(&change.address)))?;
                Ok(Made::Object(Box::new(instance)))
            };
            Ended { step: id, began, result: work.await, provisioned: true }
        }))
    }

    /// The provisioners that come before a step deletes an object.
    pub(super) fn before_deletion(
        &self,
        change: &'a Change,
        op: Op,
        object: Option<&Instance>,
    ) -> Result<Option<Commands<'a>>, Failure> {
        let object = object.filter(|object| !object.tainted && due(change, op) == Some(When::Destroy));
        let Some(object) = object else { return Ok(None) };
        let repetition = match &change.address.key {
            InstanceKey::None => Repetition::default(),
            InstanceKey::Index(i) => Repetition { count: Some(*i), each: None },
            InstanceKey::Key(key) => Repetition { count: None, each: Some((Value::string(key), Value::any_null())) },
        };
        self.commands(change, When::Destroy, object, repetition).map(Some)
    }

    fn commands(
        &self,
        change: &'a Change,
        when: When,
        object: &Instance,
        repetition: Repetition,
    ) -> Result<Commands<'a>, Failure> {
        let root = ModulePath::default();
        let this = exposed::object(self.schemas.resource(&change.address.resource.type_name), &object.attrs);
        let local = Locality { this: Some(this), repetition, ..Locality::default() };
        let node = self.scopes.module(&root).map(|module| module.node.clone());
        let found = node.as_ref().and_then(|root| block(root, &change.address));
        let mut all = Vec::new();
        for provisioner in found.iter().flat_map(|block| &block.provisioners).filter(|p| p.when == when) {
            let Some(scope) = self.scopes.at(&change.address.resource.module, &local) else { continue };
            let action = provisioner.action(&scope).map_err(super::engine::first)?;
            let (kind, span) = (provisioner.kind.clone(), provisioner.span.clone());
            all.push(Due { action, goes_on: provisioner.goes_on, kind, span });
        }
        Ok(Commands { address: &change.address, events: self.events, dir: self.scopes.cwd().into(), all })
    }
}

impl Commands<'_> {
    /// Runs them one after another.
    pub async fn run(&self) -> Result<(), Failure> {
        for due in &self.all {
            let (address, kind) = (self.address, &*due.kind);
            let worker = Worker { address, kind, events: self.events, dir: &self.dir };
            let report = |ended| self.events.event(Event::Provisioner { address, kind, ended });
            report(None);
            let result = worker.work(&due.action).await;
            report(Some(result.is_ok()));
            if let Err(problem) = result {
                if due.goes_on {
                    worker.say(&format!("{problem}; on_failure = continue"));
                    continue;
                }
                let d = Diagnostic::error(format!("A {} provisioner failed", due.kind)).code("provisioner-failed");
                return Err(Box::new(d.detail(format!("{problem}.")).at(due.span.clone()).about(self.address)));
            }
        }
        Ok(())
    }
}

/// One provisioner at work.
pub(super) struct Worker<'a> {
    address: &'a Address,
    kind: &'a str,
    events: &'a dyn Events,
    /// The directory of the layout.
    dir: &'a Path,
}

impl Worker<'_> {
    async fn work(&self, action: &Action) -> Result<(), String> {
        let command = match action {
            Action::Local(command) => command,
            Action::Remote(remote) => return remote::run(self, remote).await,
        };
        let Some((program, arguments)) = command.words.split_first() else { return Ok(()) };
        if command.sensitive {
            self.say("a command with sensitive values runs; neither it nor its output is shown");
        } else if !command.quiet {
            self.say(&format!("running {:?}", command.words));
        }
        let mut process = tokio::process::Command::new(program);
        process.args(arguments).envs(&command.environment).current_dir(self.path(&command.working_dir));
        succeeded(self.execute(process, &[], !command.sensitive).await?)
    }

    /// A path of the layout, as this process sees it.
    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.dir.join(path)
    }

    /// Runs a program on this machine with `input`, and prints its output as it comes.
    pub(super) async fn execute(
        &self,
        mut process: tokio::process::Command,
        input: &[u8],
        shown: bool,
    ) -> Result<ExitStatus, String> {
        let program = process.as_std().get_program().to_owned();
        let mut child = process
            .stdin(if input.is_empty() { Stdio::null() } else { Stdio::piped() })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|e| format!("{program:?} cannot be run: {e}"))?;
        let (stdin, out, err) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        // A program that ends early does not read all of it; its status says whether that is an error.
        let feed = async {
            if let Some(mut stdin) = stdin {
                let _ = stdin.write_all(input).await;
            }
        };
        tokio::join!(feed, self.lines(out, shown), self.lines(err, shown));
        child.wait().await.map_err(|e| format!("{program:?} was lost: {e}"))
    }

    async fn lines(&self, from: Option<impl AsyncRead + Unpin>, shown: bool) {
        let Some(from) = from else { return };
        let mut lines = BufReader::new(from).split(b'\n');
        while let Ok(Some(line)) = lines.next_segment().await {
            if shown {
                self.say(&String::from_utf8_lossy(&line));
            }
        }
    }

    pub(super) fn say(&self, line: &str) {
        self.events.event(Event::Output { address: self.address, kind: self.kind, line });
    }
}

/// An error unless a command succeeded.
pub(super) fn succeeded(status: ExitStatus) -> Result<(), String> {
    if status.success() { Ok(()) } else { Err(format!("The command ended with {status}")) }
}

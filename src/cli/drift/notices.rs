//! `drift --memory` and `--notify`: what the last run found is recalled, whoever does not know what this one found hears of
//! it, and only then is it remembered. A run that is killed in between sends again.

use crate::cli::args::Global;
use crate::cli::ui::Ui;
use crate::diag::{Diagnostic, Diagnostics};
use crate::drift::{LayoutDrift, Memory, Outcome};
use crate::fleet::division::Division;
use crate::fleet::pool;
use crate::fleet::shard::Shard;
use crate::notify::{self, Kept, Place, Sender, Store, Target, Update};
use crate::report::counted;
use crate::report::policy::Statement;
use crate::session::workspace;
use clap::Args;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How often a layout is remembered anew that another run remembers at the same time.
const ATTEMPTS: usize = 5;

/// The most problems of one kind that are shown. A place that cannot be reached is one for each layout of a fleet.
const SHOWN: usize = 3;

/// Options of a job that looks again and again.
#[derive(Debug, Args)]
pub(super) struct NoticeArgs {
    /// Remember findings between runs here; nothing else is written
    #[arg(long, value_name = "DIR|s3://BUCKET/PREFIX")]
    memory: Option<String>,
    /// Send what has changed to sns:ARN, slack:URL, webhook:URL, github-issue or gitlab-issue
    #[arg(long, value_name = "RECIPIENT")]
    notify: Vec<String>,
}

/// A job with a memory.
pub(super) struct Notices<'a> {
    store: Store,
    senders: Vec<Sender>,
    endpoint: Option<String>,
    /// The moment of this run.
    now: String,
    layouts: Vec<Remembered>,
    failed: bool,
    ui: &'a Ui,
}

/// A layout that was looked at.
struct Remembered {
    /// Its place in the run.
    at: usize,
    key: String,
    took: u64,
    /// The memory as it was read.
    kept: Option<Kept>,
    /// The memory as it will be.
    memory: Memory,
    /// What was done with it in this run.
    steps: Vec<(String, Step)>,
}

/// A step of a notice to a recipient.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// It is about to be sent.
    Sends,
    /// It was sent, and this issue shows it.
    Sent(Option<u64>),
}

impl Remembered {
    /// Takes a step.
    fn step(&mut self, to: &str, step: Step) {
        take(&mut self.memory, to, step);
        self.steps.push((to.to_owned(), step));
    }
}

fn take(memory: &mut Memory, to: &str, step: Step) {
    match step {
        Step::Sends => memory.is_sent(to),
        Step::Sent(issue) => memory.was_sent(to, issue),
    }
}

/// The layouts that a recipient has to hear about, and the names of these notices.
struct News {
    to: String,
    due: Vec<usize>,
    notices: Vec<String>,
}

/// A variable of the environment.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

impl<'a> Notices<'a> {
    /// Opens the memory, and looks for all that the recipients need. Nothing is sent. None without a memory.
    pub(super) fn begin(args: &NoticeArgs, global: &Global, ui: &'a Ui) -> Result<Option<Self>, Diagnostics> {
        let Some(memory) = &args.memory else {
            return match args.notify.is_empty() {
                true => Ok(None),
                false => Err(Diagnostic::error("--notify needs a memory")
                    .code("usage")
                    .detail("A notice is sent when the findings are not those of the last run, which have to be remembered.")
                    .hint("Name a folder or a bucket that stays between runs: --memory s3://acme-drift/network.")
                    .into()),
            };
        };
        let mut problems = Diagnostics::new();
        let mut senders: Vec<Sender> = Vec::new();
        for text in &args.notify {
            match Target::read(text, &variable).map_err(Diagnostics::from).and_then(|t| Sender::new(t, &variable)) {
                // One that is named twice.
                Ok(sender) if senders.iter().any(|other| other.name() == sender.name()) => {}
                Ok(sender) => senders.push(sender),
                Err(found) => problems.extend(found),
            }
        }
        let place = Place::read(memory);
        problems.extend(place.as_ref().err().cloned());
        problems.into_result(())?;
        let place = place?;
        let endpoint = if global.sandbox { Some(crate::cli::sandbox::endpoint(ui)?) } else { None };
        let store = Store::open(&place, endpoint.as_deref())?;
        let now = jiff::Timestamp::from_second(jiff::Timestamp::now().as_second()).unwrap_or_default().to_string();
        Ok(Some(Notices { store, senders, endpoint, now, layouts: Vec::new(), failed: false, ui }))
    }

    /// The layouts of a part, by how long they took last: if the environment says which run this is a part of. Else every
    /// so-manieth, which all parts know without asking.
    pub(super) fn divide(&self, shard: Shard, all: &[PathBuf]) -> Result<Vec<usize>, Diagnostics> {
        let Some(run) = notify::run_of_environment(&variable) else {
            return Ok(shard.takes(all.len()).collect());
        };
        let (part, parts) = shard.place();
        let division = self.division(&notify::division(&run, parts), all, parts)?;
        let mine = |dir: &PathBuf| division.part(&notify::place_of(dir)) + 1 == part;
        Ok(all.iter().enumerate().filter(|(_, dir)| mine(dir)).map(|(at, _)| at).collect())
    }

    /// The division of the run. The part that is the first to write it decides for all.
    fn division(&self, key: &str, all: &[PathBuf], parts: usize) -> Result<Division, Diagnostics> {
        let read = |kept: &Kept| {
            Division::read(&kept.text, parts).map_err(|why| {
                let d = Diagnostic::error("The division of this run cannot be used").code("drift-memory");
                d.detail(format!("{}: {why}", self.store.name(key)))
                    .hint("Remove it once all parts of the run have ended.")
            })
        };
        if let Some(kept) = self.store.get(key)? {
            return Ok(read(&kept)?);
        }
        let mut layouts = Vec::new();
        let mut problems = Diagnostics::new();
        let took = |at: usize| self.took(&all[at]);
        pool::in_order(all.len(), took, &mut |at, took| match took {
            Ok(took) => layouts.push((notify::place_of(&all[at]), took)),
            Err(problem) => problems.push(problem),
        });
        problems.into_result(())?;
        let division = Division::by_duration(&layouts, parts);
        if self.store.put(key, &division.text(), None)?.is_some() {
            return Ok(division);
        }
        let first = self.store.get(key)?.ok_or_else(|| {
            Diagnostic::error("The division of this run cannot be read")
                .code("drift-memory")
                .detail(format!("Another part wrote {}, and it is not there any more.", self.store.name(key)))
                .hint("Nothing may be removed from the memory while a run is under way.")
        })?;
        Ok(read(&first)?)
    }

    /// How long the look at a layout took last. A memory that cannot be used is an error when the layout is looked at.
    fn took(&self, dir: &Path) -> Result<Option<u64>, Diagnostic> {
        let kept = self.store.get(&key_of(dir))?;
        Ok(kept.and_then(|kept| Memory::read(&kept.text).ok()?.took))
    }

    /// Recalls the layouts that were looked at, and says of each finding since when it is there.
    pub(super) fn recall(&mut self, found: &mut [LayoutDrift], took: &[Duration]) {
        let looked: Vec<usize> = (0..found.len()).filter(|at| found[*at].outcome == Outcome::Looked).collect();
        let mut layouts = Vec::new();
        let mut problems = Diagnostics::new();
        let recall = |at: usize| {
            let at = looked[at];
            let took = took.get(at).map_or(0, |took| u64::try_from(took.as_millis()).unwrap_or(u64::MAX));
            self.read(at, &found[at], took)
        };
        pool::in_order(looked.len(), recall, &mut |_, read| match read {
            Ok(layout) => layouts.push(layout),
            Err(problem) => problems.push(problem),
        });
        self.fail(problems);
        for layout in &layouts {
            let one = &mut found[layout.at];
            let since = one.findings.iter().filter_map(|finding| {
                Some((finding.fingerprint(&one.layout), layout.memory.since(finding)?.to_owned()))
            });
            one.since = since.collect();
        }
        self.layouts = layouts;
    }

    fn read(&self, at: usize, layout: &LayoutDrift, took: u64) -> Result<Remembered, Diagnostic> {
        let key = key_of(Path::new(&layout.dir));
        let kept = self.store.get(&key)?;
        let memory = self.before(&key, kept.as_ref())?.after(layout, &self.now, took);
        Ok(Remembered { at, key, took, kept, memory, steps: Vec::new() })
    }

    /// What an earlier run remembered.
    fn before(&self, key: &str, kept: Option<&Kept>) -> Result<Memory, Diagnostic> {
        let Some(kept) = kept else { return Ok(Memory::default()) };
        Memory::read(&kept.text).map_err(|why| {
            Diagnostic::error("The memory of a layout cannot be used")
                .code("drift-memory")
                .detail(format!("{}: {why} Nothing is sent about the layout.", self.store.name(key)))
                .hint("Remove it to begin anew: the findings are then sent once more, and count from now on.")
        })
    }

    /// Sends what is news and remembers it; whether all of that came to its end. That something is about to be sent is
    /// remembered before: what cannot be remembered is not sent.
    pub(super) fn end(mut self, found: &[LayoutDrift]) -> bool {
        let news = self.senders.iter().map(Sender::name).map(|to| {
            let is_news = |at: &usize| self.layouts[*at].memory.is_news(&to);
            let due: Vec<usize> = (0..self.layouts.len()).filter(is_news).collect();
            let notices: Vec<String> = due.iter().map(|at| self.layouts[*at].memory.notice(&to)).collect();
            News { to: to.clone(), due, notices }
        });
        let news: Vec<News> = news.collect();
        for News { to, due, .. } in &news {
            due.iter().for_each(|at| self.layouts[*at].step(to, Step::Sends));
        }
        let touched: BTreeSet<usize> = news.iter().flat_map(|news| &news.due).copied().collect();
        let kept = self.keep(&touched.iter().copied().collect::<Vec<_>>(), found);
        if let Err(problems) = self.send(&news, &kept, found) {
            self.fail(problems);
        }
        // Those that could not be written a moment ago are reported already.
        let rest = (0..self.layouts.len()).filter(|at| kept.contains(at) || !touched.contains(at));
        let rest: Vec<usize> = rest.collect();
        self.keep(&rest, found);
        !self.failed
    }

    /// Sends what is news of the layouts that could be `kept`.
    fn send(&mut self, news: &[News], kept: &BTreeSet<usize>, found: &[LayoutDrift]) -> Result<(), Diagnostics> {
        if kept.is_empty() {
            return Ok(());
        }
        let runtime = crate::cli::runtime()?;
        let mut problems = Diagnostics::new();
        for (sender, News { to, due, notices }) in self.senders.iter().zip(news) {
            let due: Vec<(usize, &String)> =
                due.iter().copied().zip(notices).filter(|(at, _)| kept.contains(at)).collect();
            if due.is_empty() {
                continue;
            }
            let update = |(at, notice): &(usize, &'_ String)| {
                let Remembered { at, key, memory, .. } = &self.layouts[*at];
                Update { layout: &found[*at], key, notice: (*notice).clone(), issue: memory.issue(to) }
            };
            let updates: Vec<Update<'_>> = due.iter().map(update).collect();
            let (sent, failed) = runtime.block_on(sender.send(&updates, self.endpoint.as_deref()));
            drop(updates);
            problems.extend(failed);
            for (at, issue) in sent {
                if let Some((at, _)) = due.get(at) {
                    self.layouts[*at].step(to, Step::Sent(issue));
                }
            }
        }
        problems.into_result(())
    }

    /// Writes the memory of these layouts; says for which that was done.
    fn keep(&mut self, these: &[usize], found: &[LayoutDrift]) -> BTreeSet<usize> {
        let mut written = Vec::new();
        let mut problems = Diagnostics::new();
        let keep = |at: usize| {
            let layout = &self.layouts[these[at]];
            self.write(layout, &found[layout.at])
        };
        pool::in_order(these.len(), keep, &mut |at, kept| match kept {
            Ok(kept) => written.push((these[at], kept)),
            Err(problem) => problems.push(problem),
        });
        self.fail(problems);
        let mut done = BTreeSet::new();
        for (at, (memory, kept)) in written {
            self.layouts[at].memory = memory;
            self.layouts[at].kept = Some(kept);
            done.insert(at);
        }
        done
    }

    /// Writes the memory of a layout. Where another run did so meanwhile, what that one knows is the start.
    fn write(&self, layout: &Remembered, found: &LayoutDrift) -> Result<(Memory, Kept), Diagnostic> {
        let (mut memory, mut kept) = (layout.memory.clone(), layout.kept.clone());
        for _ in 0..ATTEMPTS {
            if let Some(kept) = self.store.put(&layout.key, &memory.text(), kept.as_ref())? {
                return Ok((memory, kept));
            }
            kept = self.store.get(&layout.key)?;
            memory = self.before(&layout.key, kept.as_ref())?.after(found, &self.now, layout.took);
            layout.steps.iter().for_each(|(to, step)| take(&mut memory, to, *step));
        }
        Err(Diagnostic::error("The memory of a layout cannot be written")
            .code("drift-memory")
            .detail(format!("Other runs write {} at the same time, again and again.", self.store.name(&layout.key)))
            .hint("Let one drift job at a time look at a layout."))
    }

    fn fail(&mut self, problems: Diagnostics) {
        self.failed |= !problems.is_empty();
        self.ui.report(&first_of_each_kind(problems));
    }
}

/// The first problems of each kind; the last that is shown says how many more there are.
fn first_of_each_kind(problems: Diagnostics) -> Diagnostics {
    let mut kinds: Vec<Vec<Diagnostic>> = Vec::new();
    for problem in problems {
        match kinds.iter_mut().find(|kind| kind[0].code == problem.code && kind[0].summary == problem.summary) {
            Some(kind) => kind.push(problem),
            None => kinds.push(vec![problem]),
        }
    }
    let first = |mut kind: Vec<Diagnostic>| {
        let more = kind.len().saturating_sub(SHOWN);
        kind.truncate(SHOWN);
        if let Some(last) = kind.last_mut().filter(|_| more > 0) {
            last.detail.push_str(&format!(" The same happened to {}.", counted(more, "more layout")));
        }
        kind
    };
    kinds.into_iter().flat_map(first).collect()
}

/// The key of a layout.
fn key_of(dir: &Path) -> String {
    notify::layout_key(&notify::place_of(dir), &workspace::selected(dir))
}

/// What the role of a drift job needs besides reading.
pub(in crate::cli) fn statements(
    memory: Option<&str>,
    recipients: &[String],
    of_drift: bool,
) -> Result<Vec<Statement>, Diagnostic> {
    if !of_drift && (memory.is_some() || !recipients.is_empty()) {
        return Err(Diagnostic::error("--memory and --notify are for a drift job")
            .code("usage")
            .detail("Only `drift` remembers and sends something.")
            .hint("Print the policy of its role: `floorplan permissions drift`."));
    }
    let place = memory.map(Place::read).transpose()?;
    // An address needs no permission of AWS, and may be known to the job alone.
    let of_aws = recipients.iter().filter(|text| !text.starts_with("slack:") && !text.starts_with("webhook:"));
    let targets = of_aws.map(|text| Target::read(text, &variable)).collect::<Result<Vec<_>, _>>()?;
    let topics: Vec<_> =
        targets.iter().filter_map(|t| if let Target::Sns(topic) = t { Some(topic) } else { None }).collect();
    Ok(notify::statements(place.as_ref(), &topics))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fleet_is_not_a_page_of_the_same_problem() {
        let of =
            |n: usize, summary: &str| Diagnostic::error(summary).code("drift-memory").detail(format!("layout {n}."));
        let all: Diagnostics = (0..300).map(|n| of(n, "Cannot write")).chain([of(7, "Cannot read")]).collect();
        let details: Vec<String> = first_of_each_kind(all).into_iter().map(|d| d.detail).collect();
        assert_eq!(
            details,
            ["layout 0.", "layout 1.", "layout 2. The same happened to 297 more layouts.", "layout 7."]
        );
        let few: Diagnostics = (0..3).map(|n| of(n, "Cannot write")).collect();
        assert!(first_of_each_kind(few).iter().all(|d| !d.detail.contains("more")));
    }
}

//! From a layout's directory to a plan: the I/O around the pure core, shared by every command that
//! plans. Files are read, AWS is asked, and what came of it is handed to the planner.

use super::args::{Global, VariableArgs, VariableArgument};
use super::ui::Ui;
use super::{input, sandbox};
use crate::apply::recover;
use crate::aws::{self, Aws, ProviderSettings, Transport};
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::evaluation::{Evaluator, Locality};
use crate::graph::build::{self, Graph};
use crate::lang::budget::Budget;
use crate::lang::config::{self, Loaded as LoadedLayout, ModuleNode, decode};
use crate::lang::eval::render_template;
use crate::lang::funcs;
use crate::objects::State;
use crate::objects::moves::apply_moves;
use crate::plan::{
    DataRead, HealthRead, Heard, Input, Live, Options, Plan, PlanMeta, Planner, ProviderFacts, providers_used, refactor,
};
use crate::refresh;
use crate::resources::{Types, data_sources, health};
use crate::sandbox::Sandbox;
use crate::schema::secrets::Secrets;
use crate::schema::{Attrs, secrecy};
use crate::sources::disk::Disk;
use crate::state::{Backend, OpenIntent, StateLocation};
use crate::value::address::{Address, ModulePath};
use crate::value::{Name, Value};
use futures::future::join_all;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// A layout that was read.
pub struct Layout {
    /// Its directory, as typed.
    pub dir: PathBuf,
    /// Its blocks and what they were read from.
    pub loaded: LoadedLayout,
    /// The order of its blocks.
    pub graph: Graph,
}

impl Layout {
    /// Reads a layout; all its errors at once.
    pub fn load(dir: &Path) -> Result<Self, Diagnostics> {
        if !dir.is_dir() {
            return Err(Diagnostic::error(format!("{} is not a layout", dir.display()))
                .detail("A layout is a directory with .hcl or .tf files.")
                .into());
        }
        let loaded = config::load_against(&disk("."), &dir.to_string_lossy(), &Types)?;
        let graph = build::build(&loaded.root).map_err(|mut problems| {
            problems.extend(config::validate(&loaded.root, &Types));
            problems
        })?;
        Ok(Layout { dir: dir.to_owned(), loaded, graph })
    }

    /// The layout's name: its `layout` block's, else the directory's.
    pub fn location(&self, global: &Global) -> StateLocation {
        let name = self.loaded.root.module.layout.as_ref().and_then(|l| l.name.clone());
        StateLocation { layout: self.dir.clone(), name, state: global.state.clone() }
    }
}

/// The disk from a directory on.
pub fn disk(base: impl Into<PathBuf>) -> Disk {
    Disk::new(base, std::env::home_dir().map(|home| home.to_string_lossy().into_owned()))
}

/// What functions see of the world.
pub struct World {
    files: Disk,
    cwd: String,
    now: jiff::Timestamp,
}

impl World {
    /// The world of a layout in `dir`.
    pub fn new(dir: &Path) -> Rc<Self> {
        let cwd = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
        let cwd = cwd.to_string_lossy().into_owned();
        Rc::new(World { files: disk(dir), cwd, now: jiff::Timestamp::now() })
    }

    /// The layout's directory, absolute.
    pub fn cwd(&self) -> String {
        self.cwd.clone()
    }

    /// When the command began.
    pub fn now(&self) -> jiff::Timestamp {
        self.now
    }

    /// The functions in this world. While `planning`, those that give something else each time
    /// stay unknown; `planned` is when the plan was made, if that was earlier.
    pub fn functions(self: &Rc<Self>, planning: bool, planned: Option<jiff::Timestamp>) -> Functions {
        let planned = planned.unwrap_or(self.now);
        let world = self.clone();
        let render = move |text: &str, variables: &BTreeMap<Name, Value>, path: &str, budget: &Budget| {
            let inner = context(&world, planning, planned, &no_templates);
            render_template(path, text, variables, &inner, budget).map_err(|all| {
                let text: Vec<String> = all.iter().map(|d| format!("{d}")).collect();
                funcs::FunctionError::new(text.join("\n"))
            })
        };
        Functions { world: self.clone(), planning, planned, render: Box::new(render) }
    }
}

/// The functions in a world.
pub struct Functions {
    world: Rc<World>,
    planning: bool,
    planned: jiff::Timestamp,
    render: Box<funcs::Render<'static>>,
}

impl Functions {
    /// As functions take it.
    pub fn context(&self) -> funcs::Context<'_> {
        context(&self.world, self.planning, self.planned, &*self.render)
    }
}

fn context<'a>(
    world: &'a World,
    planning: bool,
    planned: jiff::Timestamp,
    render: &'a funcs::Render<'a>,
) -> funcs::Context<'a> {
    funcs::Context {
        files: &world.files,
        base_dir: &world.cwd,
        timestamp: world.now,
        plan_timestamp: planned,
        planning,
        random: &|bytes| rand::Rng::fill_bytes(&mut rand::rng(), bytes),
        render,
    }
}

fn no_templates(_: &str, _: &BTreeMap<Name, Value>, _: &str, _: &Budget) -> Result<Value, funcs::FunctionError> {
    Err(funcs::FunctionError::new("a template cannot render another template"))
}

/// The connections of a run.
#[derive(Default)]
pub struct Connections {
    /// By provider configuration.
    pub clients: HashMap<String, Aws>,
    /// What the planner knows of them.
    pub facts: HashMap<String, ProviderFacts>,
}

impl Connections {
    /// The connection of a provider configuration in a region.
    pub fn get(&self, provider: &str, region: &str) -> Option<Aws> {
        let aws = self.clients.get(provider)?;
        Some(if region.is_empty() { aws.clone() } else { aws.for_region(region) })
    }

    /// How many calls went out.
    pub fn calls(&self) -> Option<aws::CallCounts> {
        self.clients.values().next().map(Aws::calls)
    }
}

/// What a plan is made with, besides the layout.
pub struct Request<'a> {
    /// What the user asked for.
    pub options: Options,
    /// Whether live AWS is read.
    pub refresh: bool,
    /// The variables.
    pub variables: BTreeMap<Name, Value>,
    /// The state.
    pub state: State,
    /// What an earlier run left open.
    pub open: &'a [OpenIntent],
}

/// A plan and what applying it needs.
pub struct Planned<'w> {
    /// The plan.
    pub plan: Plan,
    /// What every expression sees.
    pub scopes: Evaluator<'w>,
    /// What became of the calls that an earlier run left open.
    pub recovered: recover::Recovered,
    /// The objects that moved: from, to.
    pub moved: Vec<(Address, Address)>,
}

/// The values of the root module's variables.
pub fn variables(
    layout: &Layout,
    args: &VariableArgs,
    typed: &[VariableArgument],
    ui: &Ui,
) -> Result<BTreeMap<Name, Value>, Diagnostics> {
    input::values(layout, args, typed, ui)
}

/// Opens the layout's state.
pub fn backend(layout: &Layout, global: &Global, ui: &Ui) -> Result<Backend, Diagnostics> {
    super::elsewhere::refuse(layout, global, ui)?;
    Ok(Backend::open(&layout.location(global))?)
}

/// Connects every provider configuration that the layout or the state uses; `destroy` if all objects go.
pub async fn connect(
    layout: &Layout,
    state: &State,
    scopes: &Evaluator<'_>,
    global: &Global,
    destroy: bool,
    ui: &Ui,
) -> Result<Connections, Diagnostics> {
    let root = &layout.loaded.root;
    let mut used = providers_used(root);
    used.extend(state.objects().map(|(_, i)| i.provider.clone()));
    used.retain(|name| name == "aws" || name.starts_with("aws."));
    if used.is_empty() {
        return Ok(Connections::default());
    }
    let endpoint = match global.sandbox {
        true => {
            Some(Sandbox::shared().and_then(|s| s.ensure(&|line| ui.talk(line))).map_err(sandbox::problem)?.endpoint)
        }
        false => None,
    };
    let transport = Transport::default();
    let mut problems = Diagnostics::new();
    let mut wanted = Vec::new();
    for name in &used {
        let Some((settings, span)) = problems.take(settings(root, scopes, name, destroy)) else { continue };
        wanted.push((name.clone(), for_sandbox(settings, endpoint.as_deref()), span));
    }
    let connecting = wanted.iter().map(|(_, settings, _)| transport.connect(settings));
    let connected = join_all(connecting).await;
    let mut all = Connections::default();
    for ((name, settings, span), result) in wanted.iter().zip(connected) {
        match result {
            Ok(aws) => {
                all.facts.insert(name.clone(), facts(settings, &aws));
                all.clients.insert(name.clone(), aws);
            }
            Err(e) => {
                problems.push(aws_problem(&format!("Cannot connect provider {name:?} to AWS"), &e).at(span.clone()))
            }
        }
    }
    problems.into_result(all)
}

/// An error of AWS as a finding.
pub fn aws_problem(summary: &str, error: &aws::Error) -> Diagnostic {
    let d = Diagnostic::error(summary).detail(error.to_string());
    match error.hint() {
        Some(hint) => d.hint(hint),
        None => d,
    }
}

/// The arguments of the root module's provider block `name`; all defaults without a block. Of one that only serves to
/// `destroy`, default tags may be unknown.
fn settings(
    root: &ModuleNode,
    scopes: &Evaluator<'_>,
    name: &str,
    destroy: bool,
) -> Result<(ProviderSettings, Option<Span>), Diagnostics> {
    let (plain, alias) = match name.split_once('.') {
        Some((plain, alias)) => (plain, Some(alias)),
        None => (name, None),
    };
    let block = root.module.providers.iter().find(|p| *p.name == *plain && p.alias.as_deref() == alias);
    let Some(block) = block else {
        if alias.is_some() {
            return Err(Diagnostic::error(format!("There is no provider configuration {name:?}"))
                .detail("The layout or its state uses it, but no provider block has this alias.")
                .hint("Put the block back, or take the objects that use it out first.")
                .into());
        }
        return Ok((ProviderSettings::default(), None));
    };
    let local = Locality::default();
    let Some(scope) = scopes.at(&ModulePath::default(), &local) else { return Ok((ProviderSettings::default(), None)) };
    let (value, problems) = decode(&block.body, &aws::settings::rows(), &block.span, &scope);
    let mut attrs = Attrs::from_value(&value);
    // Nothing is tagged any more.
    if destroy && attrs.is_unknown("default_tags") {
        attrs = attrs.with("default_tags", Value::any_null());
    }
    let mut problems = problems;
    for (argument, value) in attrs.iter() {
        if !value.is_wholly_known() {
            problems.push(
                Diagnostic::error("Provider configuration is not known while planning")
                    .detail(format!(
                        "{argument:?} depends on something that is known only after apply or on a data source."
                    ))
                    .at(block.span.clone()),
            );
        }
    }
    let settings = ProviderSettings::from_attrs(&attrs)
        .map_err(|e| Diagnostic::error("Invalid provider configuration").detail(e.to_string()).at(block.span.clone()));
    match problems.take(settings) {
        Some(settings) => problems.into_result((settings, Some(block.span.clone()))),
        None => Err(problems),
    }
}

/// The settings with everything that names an account replaced, where the sandbox stands in for AWS.
fn for_sandbox(settings: ProviderSettings, endpoint: Option<&str>) -> ProviderSettings {
    let Some(endpoint) = endpoint else { return settings };
    let region = settings
        .region
        .clone()
        .or_else(|| std::env::var("AWS_REGION").ok())
        .or_else(|| std::env::var("AWS_DEFAULT_REGION").ok());
    ProviderSettings {
        region: Some(region.unwrap_or_else(|| "eu-west-1".into())),
        access_key: Some("sandbox".into()),
        secret_key: Some("sandbox".into()),
        endpoint_url: Some(endpoint.to_owned()),
        default_tags: settings.default_tags,
        ignore_tag_keys: settings.ignore_tag_keys,
        ignore_tag_prefixes: settings.ignore_tag_prefixes,
        ..ProviderSettings::default()
    }
}

fn facts(settings: &ProviderSettings, aws: &Aws) -> ProviderFacts {
    let tags = settings.default_tags.iter().map(|(k, v)| (Name::from(k.as_str()), Value::string(v)));
    ProviderFacts {
        region: aws.region.to_string(),
        account: aws.account.to_string(),
        default_tags: tags.collect(),
        ignore_keys: settings.ignore_tag_keys.clone(),
        ignore_prefixes: settings.ignore_tag_prefixes.clone(),
    }
}

/// Makes a plan. Reads AWS; changes nothing.
pub async fn plan<'w>(
    layout: &Layout,
    request: Request<'_>,
    connections: &Connections,
    functions: &'w funcs::Context<'w>,
    world: &World,
) -> Result<Planned<'w>, Diagnostics> {
    let root = &layout.loaded.root;
    same_accounts(&request.state, request.open, connections)?;
    let mut state = request.state.clone();
    let connection = |provider: &str, region: &str| connections.get(provider, region);
    let recovered = recover::recover(request.open, &state, connection)
        .await
        .map_err(|e| aws_problem("Cannot find out what became of an earlier run's calls", &e))?;
    for (intent, instance) in &recovered.adopted {
        recover::adopt(&mut state, intent, instance.clone());
    }
    let moves = refactor::moves(root, &state);
    let moved = apply_moves(&mut state, &moves)?.moved;
    let scopes = Evaluator::new(root, request.variables.clone(), functions, world.cwd());
    let imports = super::imports::blocks(layout, &scopes, &state, connections).await?;
    scopes.something_became_known();
    let live = match request.refresh {
        true => refreshed(&state, connections, world).await?,
        false => HashMap::new(),
    };
    let moved_to: HashMap<Address, Address> = moved.iter().map(|(from, to)| (to.clone(), from.clone())).collect();
    let input = Input {
        root,
        graph: &layout.graph,
        schemas: &Types,
        state: &state,
        moved: &moved_to,
        live: &live,
        imports: &imports,
        providers: &connections.facts,
        options: &request.options,
    };
    let mut planner = Planner::new(&input, scopes);
    loop {
        let reads = planner.advance();
        if reads.is_empty() {
            break;
        }
        let answers = join_all(reads.iter().map(|read| read_data(read, connections, planner.secrets()))).await;
        for (read, answer) in reads.into_iter().zip(answers) {
            planner.supply(read.address, answer);
        }
    }
    if request.refresh {
        let wanted = planner.health_wanted();
        let answers = join_all(wanted.iter().map(|read| pulse(read, connections))).await;
        for (read, answer) in wanted.into_iter().zip(answers) {
            planner.supply_health(read.group, answer?);
        }
    }
    let meta = PlanMeta {
        layout: layout_name(layout)?,
        dir: layout.dir.to_string_lossy().into_owned(),
        digest: layout.loaded.digest.clone(),
        lineage: request.state.lineage.clone(),
        serial: request.state.serial,
        variables: request.variables,
        created: world.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        destroy: request.options.destroy,
        refreshed: request.refresh,
        replace: request.options.replace.clone(),
        allow_downtime: request.options.allow_downtime.clone(),
    };
    let (plan, scopes) = planner.finish(meta)?;
    Ok(Planned { plan, scopes, recovered, moved })
}

/// Refuses credentials of another account than the one in which the state's objects are, and in which an earlier
/// run was making some: there, all of them would seem to be gone.
pub fn same_accounts(state: &State, open: &[OpenIntent], connections: &Connections) -> Result<(), Diagnostics> {
    let held = state.objects().map(|(_, i)| (i.provider.as_str(), i.account.as_str()));
    let begun = open.iter().map(|o| (o.intent.provider.as_str(), o.intent.account.as_str()));
    let mut places: BTreeMap<(&str, &str), (usize, usize)> = BTreeMap::new();
    held.for_each(|place| places.entry(place).or_default().0 += 1);
    begun.for_each(|place| places.entry(place).or_default().1 += 1);
    let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    let other = |((provider, account), (objects, calls)): ((&str, &str), (usize, usize))| {
        let now = connections.facts.get(provider).map(|facts| facts.account.as_str()).filter(|now| !now.is_empty())?;
        if account.is_empty() || now == account {
            return None;
        }
        let what = match (objects, calls) {
            (objects, 0) => count(objects, "object"),
            (0, calls) => count(calls, "unfinished call"),
            (objects, calls) => format!("{} and {}", count(objects, "object"), count(calls, "unfinished call")),
        };
        Some(
            Diagnostic::error(format!("The credentials of provider {provider:?} are of another AWS account"))
                .detail(format!("The state holds {what} of account {account}; the credentials are of account {now}."))
                .hint(format!(
                    "Use credentials of account {account}, for instance with AWS_PROFILE. Nothing was changed."
                )),
        )
    };
    places.into_iter().filter_map(other).collect::<Diagnostics>().into_result(())
}

/// The name that the layout's state is kept under.
pub fn layout_name(layout: &Layout) -> Result<String, Diagnostics> {
    let name = layout.loaded.root.module.layout.as_ref().and_then(|l| l.name.clone());
    Ok(StateLocation { layout: layout.dir.clone(), name, state: None }.layout_name()?)
}

async fn refreshed(
    state: &State,
    connections: &Connections,
    world: &World,
) -> Result<HashMap<Address, Live>, Diagnostics> {
    let listed = refresh::refresh(state, |provider, region| connections.get(provider, region)).await;
    let problem = |(type_name, e): (String, aws::Error)| aws_problem(&format!("Cannot read {type_name} from AWS"), &e);
    let mut live = listed.map_err(|failures| failures.into_iter().map(problem).collect::<Diagnostics>())?;
    live.extend(refresh::over(state, world.now()));
    Ok(live)
}

/// How the targets of a group are now; none of a group that is gone meanwhile.
async fn pulse(read: &HealthRead, connections: &Connections) -> Result<Vec<Heard>, Diagnostics> {
    let Some(aws) = connections.get(&read.provider, &read.region) else { return Ok(Vec::new()) };
    match health::targets(&aws, &read.group).await {
        Ok(targets) => Ok(targets.into_iter().map(|t| Heard { sick: t.is_sick(), id: t.id, port: t.port }).collect()),
        Err(e) if e.is_not_found() => Ok(Vec::new()),
        Err(e) => Err(aws_problem(&format!("Cannot read how the targets of {} are", read.group), &e).into()),
    }
}

async fn read_data(read: &DataRead, connections: &Connections, secrets: &Secrets) -> Result<Attrs, Diagnostic> {
    let type_name = read.address.resource.type_name.as_ref();
    let missing = || Diagnostic::error(format!("There is no provider configuration {:?}", read.provider));
    let source =
        data_sources().get(type_name).ok_or_else(|| Diagnostic::error(format!("Unknown data source {type_name:?}")))?;
    let aws = connections.get(&read.provider, read.region.as_deref().unwrap_or("")).ok_or_else(missing)?;
    let answer = source.read(&aws, &read.config).await;
    let answer = answer.map_err(|e| aws_problem(&format!("Error reading {type_name}"), &e))?;
    Ok(secrecy::hidden(&source.schema().attributes, &read.config, answer, secrets))
}

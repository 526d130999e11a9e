//! From what was read to a plan: AWS is asked, and what comes of it is handed to the planner.

use super::connections::{Connections, same_accounts};
use super::{Layout, Reading, World, aws_problem, imports, reviewed};
use crate::apply::recover;
use crate::aws;
use crate::diag::{Diagnostic, Diagnostics};
use crate::evaluation::{Evaluator, Locality};
use crate::lang::config::{EPHEMERAL, ModuleNode};
use crate::lang::funcs;
use crate::objects::State;
use crate::objects::moves::apply_moves;
use crate::plan::{
    Basis, DataRead, HealthRead, Heard, Input, Live, Options, Plan, PlanMeta, Planner, arguments, ended_since,
    provider_of_block, refactor, replay, service_check, stale,
};
use crate::refresh::{self, Beside, Place, Wanted};
use crate::resources::{self, Around, Types, data_schema, data_sources, health};
use crate::schema::{Attrs, Schemas, secrecy, secrets::Secrets};
use crate::state::{Loaded, OpenIntent};
use crate::value::address::{Address, ResourceAddress};
use crate::value::{Name, Value};
use futures::future::join_all;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::{Duration, Instant};

/// The input of a plan, besides the layout.
pub struct Request<'a> {
    /// The options of the user.
    pub options: Options,
    /// Whether live AWS is read.
    pub refresh: bool,
    /// The variables.
    pub variables: BTreeMap<Name, Value>,
    /// The state.
    pub state: State,
    /// Whether the state is still Terraform's.
    pub of_terraform: bool,
    /// The calls that an earlier run left open.
    pub open: &'a [OpenIntent],
    /// What has been read for several layouts together.
    pub reading: Option<&'a Reading>,
    /// Hears what is read.
    pub heard: &'a dyn Fn(Look<'_>),
}

/// A look at AWS while a plan is made.
#[derive(Debug, Clone, Copy)]
pub enum Look<'a> {
    /// An object of the state is about to be read, or has been; its id.
    Object {
        /// The instance.
        address: &'a Address,
        /// The id of the object.
        id: &'a str,
        /// Whether it has been read.
        over: bool,
    },
    /// A data source is about to be read, or has been within this time.
    Data(&'a Address, Option<Duration>),
}

/// A plan and what applying it needs.
pub struct Planned<'w> {
    /// The plan.
    pub plan: Plan,
    /// The values that every expression sees.
    pub scopes: Evaluator<'w>,
    /// The outcome of the calls that an earlier run left open.
    pub recovered: recover::Recovered,
    /// The objects that moved: from, to.
    pub moved: Vec<(Address, Address)>,
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
    let Begun { state, recovered, moved } = begin(layout, &request.state, request.open, connections).await?;
    let mut scopes = world.evaluator(root, request.variables.clone(), functions);
    let imports = imports::blocks(layout, &mut scopes, &state, connections).await?;
    scopes.something_became_known();
    let live = match request.refresh {
        true => {
            let say = |over| {
                state.resources.iter().for_each(|(a, i)| (request.heard)(Look::Object { address: a, id: &i.id, over }))
            };
            say(false);
            let live = refreshed(&state, connections, world, request.reading).await?;
            say(true);
            live
        }
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
    let cwd = world.cwd();
    let mut planner = Planner::new(&input, scopes);
    loop {
        let reads = planner.advance();
        if reads.is_empty() {
            break;
        }
        let secrets = planner.secrets();
        let heard = request.heard;
        let reading = |read| read_aloud(read, (connections, request.reading), secrets, &cwd, heard);
        let answers = join_all(reads.iter().map(reading)).await;
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
        layout: layout.name()?,
        dir: layout.dir.to_string_lossy().into_owned(),
        basis: Basis::default(),
        seal: String::new(),
        lineage: request.state.lineage.clone(),
        serial: request.state.serial,
        variables: request.variables.into_iter().filter(|(name, _)| !root.module.is_ephemeral(name)).collect(),
        created: whole_second(world.now()),
        destroy: request.options.destroy,
        refreshed: request.refresh,
        replace: request.options.replace.clone(),
        allow_downtime: request.options.allow_downtime.clone(),
        partial: request.options.is_partial(),
        refresh_only: request.options.refresh_only,
        of_terraform: request.of_terraform,
    };
    let (mut plan, scopes) = planner.finish(meta)?;
    plan.meta.basis = reviewed::basis(layout, connections, world);
    Ok(Planned { plan, scopes, recovered, moved })
}

/// Adds the objects that a plan on this state will read.
pub fn want(wanted: &mut Wanted, state: State, connections: &Connections) {
    let state = placed(state, connections);
    wanted.add(&state, &|provider, region| connections.get(provider, region));
}

/// The same, and what is known of the world beside the layout with this number. Gives where it has objects.
pub fn want_beside(
    (wanted, beside): (&mut Wanted, &mut Beside),
    at: usize,
    loaded: Loaded,
    connections: &Connections,
) -> BTreeSet<Place> {
    let state = placed(loaded.state, connections);
    let connect = |provider: &str, region: &str| connections.get(provider, region);
    wanted.add(&state, &connect);
    for intent in loaded.open.iter().map(|open| &open.intent) {
        let Some(way) = connect(&intent.provider, &intent.region) else { continue };
        beside.open(&intent.type_name, intent.id.as_deref(), &way);
    }
    let providers = connections.clients.iter().map(|(name, aws)| (name.as_str(), aws));
    beside.add(at, &state, &connect, providers)
}

fn placed(mut state: State, connections: &Connections) -> State {
    state.reshape(&Types);
    connections.place(&mut state);
    state
}

/// A state with what an earlier run's calls became and what the layout moved.
struct Begun {
    state: State,
    recovered: recover::Recovered,
    moved: Vec<(Address, Address)>,
}

async fn begin(
    layout: &Layout,
    state: &State,
    open: &[OpenIntent],
    connections: &Connections,
) -> Result<Begun, Diagnostics> {
    same_accounts(state, open, connections)?;
    let mut state = placed(state.clone(), connections);
    let connection = |provider: &str, region: &str| connections.get(provider, region);
    let recovered = recover::recover(open, &state, connection)
        .await
        .map_err(|e| aws_problem("Cannot find out how the calls of an earlier run ended", &e))?;
    for (intent, instance) in &recovered.adopted {
        recover::adopt(&mut state, intent, instance.clone());
    }
    let moves = refactor::moves(&layout.loaded.root, &state);
    let moved = apply_moves(&mut state, &moves)?.moved;
    Ok(Begun { state, recovered, moved })
}

/// Makes a saved plan ready to be carried out, with values for the variables that are never saved: nothing is planned
/// anew, and it is refused where the objects that it touches are not what they were. Files, variables and state are held
/// against it before ([`stale::fits`]). Reads AWS; changes nothing.
pub async fn resume<'w>(
    layout: &Layout,
    saved: Plan,
    ephemeral: BTreeMap<Name, Value>,
    (state, open): (&State, &[OpenIntent]),
    connections: &Connections,
    functions: &'w funcs::Context<'w>,
    world: &World,
) -> Result<Planned<'w>, Diagnostics> {
    let root = &layout.loaded.root;
    let mut plan = saved;
    let Begun { state, recovered, moved } = begin(layout, state, open, connections).await?;
    stale::same_places(&plan, &connections.facts).into_result(())?;
    stale::same_objects(&plan, &state).into_result(())?;
    plan.violations.extend(ended_since(root, plan.meta.created, world.now()));
    let variables = plan.meta.variables.clone().into_iter().chain(ephemeral).collect();
    let scopes = world.evaluator(root, variables, functions);
    let mut scopes = replay::replay(&plan, &layout.graph, &Types, scopes)?;
    read_ephemeral(&mut scopes, root, connections, &world.cwd()).await?;
    if plan.meta.refreshed {
        let live = refreshed(&stale::objects_touched(&plan, &state), connections, world, None).await?;
        let mut problems = stale::same_in_aws(&plan, &live, &scopes, &Types, &connections.facts);
        let asked: Vec<HealthRead> =
            service_check::groups(plan.changes.iter(), |a| Types.resource(&a.resource.type_name))
                .into_iter()
                .filter(|r| plan.sick.contains_key(&r.group))
                .collect();
        let answers = join_all(asked.iter().map(|read| pulse(read, connections))).await;
        let mut sick = HashMap::new();
        for (read, answer) in asked.into_iter().zip(answers) {
            sick.insert(read.group, answer?.into_iter().filter(|t| t.sick).map(|t| t.id).collect());
        }
        problems.extend(stale::same_service(&plan, &sick));
        problems.into_result(())?;
    }
    if plan.promise.window.is_some() {
        plan.promise.window = service_check::window(root, world.now())?;
    }
    Ok(Planned { plan, scopes, recovered, moved })
}

/// A time without its fraction of a second.
fn whole_second(time: jiff::Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_second(time.as_second()).unwrap_or(time)
}

async fn refreshed(
    state: &State,
    connections: &Connections,
    world: &World,
    reading: Option<&Reading>,
) -> Result<HashMap<Address, Live>, Diagnostics> {
    let connect = |provider: &str, region: &str| connections.get(provider, region);
    let known = reading.map(Reading::objects).unwrap_or_default();
    let listed = refresh::refresh(state, &connect, &known).await;
    let problem = |(type_name, e): (String, aws::Error)| aws_problem(&format!("Cannot read {type_name} from AWS"), &e);
    let mut live = listed.map_err(|failures| failures.into_iter().map(problem).collect::<Diagnostics>())?;
    live.extend(refresh::over(state, world.now(), &world.cwd()));
    Ok(live)
}

/// How the targets of a group are now; none of a group that is gone meanwhile.
async fn pulse(read: &HealthRead, connections: &Connections) -> Result<Vec<Heard>, Diagnostics> {
    let Some(aws) = connections.get(&read.provider, &read.region) else { return Ok(Vec::new()) };
    match health::targets(&aws, &read.group).await {
        Ok(targets) => Ok(targets.into_iter().map(|t| Heard { sick: t.is_sick(), id: t.id, port: t.port }).collect()),
        Err(e) if e.is_not_found() => Ok(Vec::new()),
        Err(e) => Err(aws_problem(&format!("Cannot read the health of the targets of {}", read.group), &e).into()),
    }
}

/// Reads what a saved plan does not hold: the answers of `ephemeral` blocks, as far as their arguments are known.
async fn read_ephemeral(
    scopes: &mut Evaluator<'_>,
    root: &ModuleNode,
    connections: &Connections,
    cwd: &str,
) -> Result<(), Diagnostics> {
    let mut found = Vec::new();
    for module in scopes.all() {
        for (key, block) in module.node.module.resources.iter().filter(|(key, _)| key.1.starts_with(EPHEMERAL)) {
            let Some((values, schema)) = module.resource(key).zip(data_schema(&key.1)) else { continue };
            for instance in values.expansion.keys() {
                let repetition = values.expansion.repetition(&instance);
                let local = Locality { repetition, ..Locality::default() };
                let Some((config, _)) = arguments(scopes, &module.path, block, &local, schema) else { continue };
                if config.iter().all(|(_, value)| value.is_wholly_known()) {
                    found.push((module.path.clone(), key.clone(), block.clone(), instance, config));
                }
            }
        }
    }
    for (path, key, block, instance, config) in found {
        let resource =
            ResourceAddress { module: path.clone(), mode: key.0, type_name: key.1.clone(), name: key.2.clone() };
        let provider = provider_of_block(root, &path, &key, &block);
        let address = resource.instance(instance.clone());
        let read = DataRead { address, provider, region: config.string("region"), config };
        let answer = read_data(&read, (connections, None), &Secrets::default(), cwd).await;
        let answer = answer.map_err(|d| d.about(&read.address).at(block.span.clone()))?;
        scopes.set_instance(&path, &key, &instance, answer.to_value());
    }
    scopes.something_became_known();
    Ok(())
}

async fn read_aloud(
    read: &DataRead,
    from: (&Connections, Option<&Reading>),
    secrets: &Secrets,
    cwd: &str,
    heard: &dyn Fn(Look<'_>),
) -> Result<Attrs, Diagnostic> {
    let began = Instant::now();
    heard(Look::Data(&read.address, None));
    let answer = read_data(read, from, secrets, cwd).await?;
    heard(Look::Data(&read.address, Some(began.elapsed())));
    Ok(answer)
}

async fn read_data(
    read: &DataRead,
    (connections, reading): (&Connections, Option<&Reading>),
    secrets: &Secrets,
    cwd: &str,
) -> Result<Attrs, Diagnostic> {
    let type_name = read.address.resource.type_name.as_ref();
    if let Some(schema) = data_schema(type_name).filter(|_| !data_sources().contains_key(type_name)) {
        let aws = connections.get(&read.provider, read.region.as_deref().unwrap_or(""));
        let cannot = |why: String| Diagnostic::error(format!("Error reading {type_name}")).code("aws").detail(why);
        let around = Around { dir: cwd.into(), endpoint: connections.endpoint.clone() };
        let answer = resources::read_data(type_name, aws.as_ref(), &around, &read.config).await.map_err(cannot)?;
        return Ok(secrecy::hidden(&schema.attributes, &read.config, answer, secrets));
    }
    let missing = || {
        Diagnostic::error(format!("There is no provider configuration {:?}", read.provider))
            .code("provider-configuration")
    };
    let source = data_sources()
        .get(type_name)
        .ok_or_else(|| Diagnostic::error(format!("Unknown data source {type_name:?}")).code("unknown-data-source"))?;
    let aws = connections.get(&read.provider, read.region.as_deref().unwrap_or("")).ok_or_else(missing)?;
    let answer = match reading {
        Some(reading) => reading.answer((&aws, type_name), &read.config, || source.read(&aws, &read.config)).await,
        None => source.read(&aws, &read.config).await,
    };
    let answer = answer.map_err(|e| aws_problem(&format!("Error reading {type_name}"), &e))?;
    Ok(secrecy::hidden(&source.schema().attributes, &read.config, answer, secrets))
}

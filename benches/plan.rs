//! How long the core takes for layouts of 100, 1,000 and 10,000 resources: reading, the graph, a first
//! plan, a plan of what is there, a plan to destroy it. No AWS: state and live objects are made from the
//! first plan. Each size is ten times the one before, and so should be the time. And how long the forms of a preview of
//! 5,000 changes in 40 layouts take: each should stay below a second.
//!
//! `cargo bench` builds the AWS SDK optimized, which takes long once;
//! `cargo bench --profile dev` shows the growth as well.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use floorplan::evaluation::Evaluator;
use floorplan::graph::build::{self, Graph};
use floorplan::lang::config::Loaded;
use floorplan::lang::config::load::{Files, load};
use floorplan::lang::funcs;
use floorplan::objects::{Instance, State};
use floorplan::plan::{
    Action, AttributeChange, Cause, Change, Input, Live, Options, Plan, PlanMeta, Planner, ProviderFacts,
};
use floorplan::report::preview::{self, Links, Previewed, html};
use floorplan::resources::{Types, data_schema, resource};
use floorplan::schema::Attrs;
use floorplan::value::address::{Address, Mode};
use floorplan::value::{Kind, Name, Type, Value};

/// What one VPC and all that is in it come to.
const PER_VPC: usize = 44;
const SIZES: [usize; 3] = [100, 1_000, 10_000];

/// One VPC: a gateway, six subnets, four route tables, a route, six associations, six security groups
/// with two rules each, three network ACLs, and two NAT gateways with their addresses, which come after
/// the gateway though no reference says so.
fn vpc(name: &str, cidr: &str, tables: &str) -> String {
    let mut text = format!(
        r#"
resource "aws_vpc" "{name}" {{
  cidr_block = {cidr}
  tags       = {{ Name = "{name}" }}
}}
resource "aws_internet_gateway" "{name}" {{
  vpc_id = aws_vpc.{name}.id
}}
resource "aws_route" "{name}" {{
  route_table_id         = aws_route_table.{name}_0.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.{name}.id
}}
"#
    );
    for n in 0..2 {
        let _ = write!(
            text,
            r#"
resource "aws_eip" "{name}_{n}" {{
  domain = "vpc"
}}
resource "aws_nat_gateway" "{name}_{n}" {{
  subnet_id     = aws_subnet.{name}_{n}.id
  allocation_id = aws_eip.{name}_{n}.id
}}
"#
        );
    }
    for n in 0..4 {
        let _ = write!(
            text,
            r#"
resource "aws_route_table" "{name}_{n}" {{
  vpc_id = aws_vpc.{name}.id
  tags   = merge({tables}, {{ Name = "{name}-{n}" }})
}}
"#
        );
    }
    for n in 0..6 {
        let table = n % 4;
        let _ = write!(
            text,
            r#"
resource "aws_subnet" "{name}_{n}" {{
  vpc_id            = aws_vpc.{name}.id
  cidr_block        = cidrsubnet(aws_vpc.{name}.cidr_block, 8, {n})
  availability_zone = "eu-west-1${{["a", "b", "c"][{n} % 3]}}"
  tags              = {{ Name = "{name}-{n}" }}
}}
resource "aws_route_table_association" "{name}_{n}" {{
  subnet_id      = aws_subnet.{name}_{n}.id
  route_table_id = aws_route_table.{name}_{table}.id
}}
resource "aws_security_group" "{name}_{n}" {{
  name   = "{name}-{n}"
  vpc_id = aws_vpc.{name}.id
}}
resource "aws_vpc_security_group_ingress_rule" "{name}_{n}" {{
  security_group_id = aws_security_group.{name}_{n}.id
  cidr_ipv4         = "10.0.0.0/8"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}}
resource "aws_vpc_security_group_egress_rule" "{name}_{n}" {{
  security_group_id = aws_security_group.{name}_{n}.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}}
"#
        );
    }
    for n in 0..3 {
        let (one, two) = (n, n + 3);
        let _ = write!(
            text,
            r#"
resource "aws_network_acl" "{name}_{n}" {{
  vpc_id     = aws_vpc.{name}.id
  subnet_ids = [aws_subnet.{name}_{one}.id, aws_subnet.{name}_{two}.id]
  ingress {{
    rule_no    = 100
    protocol   = "tcp"
    action     = "allow"
    cidr_block = "10.0.0.0/8"
    from_port  = 0
    to_port    = 65535
  }}
}}
"#
        );
    }
    text
}

/// The files of a layout.
struct Disk(BTreeMap<String, String>);

impl Disk {
    /// Every resource a block of the root module, a file per VPC.
    fn flat(resources: usize) -> Self {
        let mut files =
            BTreeMap::from([("./main.tf".to_owned(), "locals {\n  tags = { team = \"net\" }\n}\n".to_owned())]);
        for n in 0..resources.div_ceil(PER_VPC) {
            let cidr = format!("\"10.{}.0.0/16\"", n % 256);
            files.insert(format!("./vpc{n}.tf"), vpc(&format!("v{n}"), &cidr, "local.tags"));
        }
        Disk(files)
    }

    /// A module per VPC, called with `for_each`.
    fn modular(resources: usize) -> Self {
        let main = format!(
            r#"
module "vpc" {{
  source   = "./vpc"
  for_each = {{ for n in range({}) : "v${{n}}" => n }}
  cidr     = "10.${{each.value % 256}}.0.0/16"
  tags     = {{ team = "net", name = each.key }}
}}
output "vpcs" {{ value = {{ for name, vpc in module.vpc : name => vpc.id }} }}
"#,
            resources.div_ceil(PER_VPC)
        );
        let module = format!(
            "variable \"cidr\" {{ type = string }}\nvariable \"tags\" {{ type = map(string) }}\n{}\noutput \"id\" {{ value = aws_vpc.this.id }}\n",
            vpc("this", "var.cidr", "var.tags")
        );
        Disk(BTreeMap::from([("./main.tf".to_owned(), main), ("./vpc/main.tf".to_owned(), module)]))
    }
}

fn normal(path: &str) -> String {
    format!("./{}", path.split('/').filter(|step| !step.is_empty() && *step != ".").collect::<Vec<_>>().join("/"))
}

impl Files for Disk {
    fn list(&self, dir: &str) -> Result<Vec<String>, String> {
        let dir = normal(dir).trim_end_matches('/').to_owned();
        let inside = |path: &String| path.rsplit_once('/').filter(|(d, _)| *d == dir).map(|(_, name)| name.to_owned());
        Ok(self.0.keys().filter_map(inside).collect())
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.0.get(&normal(path)).map(|text| text.clone().into_bytes()).ok_or_else(|| "no such file".into())
    }
}

/// Functions that see no world.
struct Nothing;

impl funcs::Files for Nothing {
    fn read(&self, _: &str) -> Result<Vec<u8>, String> {
        Err("no such file".into())
    }
    fn exists(&self, _: &str) -> Result<bool, String> {
        Ok(false)
    }
    fn list(&self, _: &str) -> Result<Vec<String>, String> {
        Ok(Vec::new())
    }
    fn home(&self) -> Option<String> {
        None
    }
}

fn functions() -> funcs::Context<'static> {
    funcs::Context {
        files: &Nothing,
        base_dir: "/",
        timestamp: jiff::Timestamp::UNIX_EPOCH,
        plan_timestamp: jiff::Timestamp::UNIX_EPOCH,
        planning: true,
        random: &|bytes| bytes.fill(0),
        render: &|_, _, _, _| Err(funcs::FunctionError::new("no templates")),
    }
}

/// A layout that was read, and what is there of it.
struct Case {
    loaded: Loaded,
    graph: Graph,
    state: State,
    live: HashMap<Address, Live>,
}

impl Case {
    fn new(disk: &Disk) -> Self {
        let loaded = load(disk, ".").unwrap_or_else(|d| panic!("{d:?}"));
        let graph = build::build(&loaded.root).unwrap_or_else(|d| panic!("{d:?}"));
        let mut case = Case { loaded, graph, state: State::new("bench", "l"), live: HashMap::new() };
        let plan = case.plan(false);
        let ids: HashMap<String, String> =
            plan.changes.iter().enumerate().map(|(n, c)| (c.address.to_string(), format!("x-{n:08x}"))).collect();
        for change in plan.changes {
            let id = ids[&change.address.to_string()].clone();
            let known = |(name, value): (&Name, &Value)| match &**name {
                "id" => (name.clone(), id.as_str().into()),
                _ => (name.clone(), known(value, &ids)),
            };
            let attrs: Attrs = change.after.iter().flat_map(Attrs::iter).map(known).collect();
            case.live.insert(change.address.clone(), Live::There(attrs.clone()));
            let instance = Instance {
                id,
                attrs,
                provider: change.provider,
                region: change.region,
                account: String::new(),
                depends_on: change.depends_on,
                create_before_destroy: false,
                tainted: false,
                unfinished: false,
            };
            case.state.resources.insert(change.address, instance);
        }
        let again = case.plan(false);
        let moved: Vec<&Address> =
            again.changes.iter().filter(|c| c.action != Action::NoOp).map(|c| &c.address).collect();
        assert!(moved.is_empty(), "what was planned is there: {moved:?}");
        case
    }

    fn plan(&self, destroy: bool) -> Plan {
        self.plan_from(&self.state, &self.live, destroy)
    }

    fn plan_from(&self, state: &State, live: &HashMap<Address, Live>, destroy: bool) -> Plan {
        let functions = functions();
        let providers = HashMap::from([(
            "aws".to_owned(),
            ProviderFacts { region: "eu-west-1".into(), ..ProviderFacts::default() },
        )]);
        let options = Options { destroy, ..Options::default() };
        let input = Input {
            root: &self.loaded.root,
            graph: &self.graph,
            schemas: &Types,
            state,
            moved: &HashMap::new(),
            live,
            imports: &HashMap::new(),
            providers: &providers,
            options: &options,
        };
        let scopes = Evaluator::new(&self.loaded.root, BTreeMap::new(), &functions, "/".into());
        let mut planner = Planner::new(&input, scopes);
        planner.advance();
        let meta = PlanMeta {
            layout: "bench".into(),
            dir: ".".into(),
            basis: Default::default(),
            seal: String::new(),
            lineage: String::new(),
            serial: 0,
            variables: BTreeMap::new(),
            created: jiff::Timestamp::UNIX_EPOCH,
            destroy,
            refreshed: true,
            replace: Vec::new(),
            allow_downtime: Vec::new(),
            partial: false,
            refresh_only: false,
            of_terraform: false,
        };
        planner.finish(meta).unwrap_or_else(|d| panic!("{d:?}")).0
    }
}

/// The value with its unknown parts filled in: ids of objects where one is meant, else anything.
fn known(value: &Value, ids: &HashMap<String, String>) -> Value {
    if value.is_wholly_known() {
        return value.clone();
    }
    let inside = |values: &[Value]| values.iter().map(|v| known(v, ids)).collect::<Vec<_>>();
    match value.kind() {
        Kind::Unknown(_) => match (value.origin().and_then(|o| ids.get(o.address.as_ref())), value.ty()) {
            (Some(id), Type::String) => id.as_str().into(),
            (None, Type::String) => "chosen".into(),
            (_, Type::Bool) => false.into(),
            (_, Type::Number) => 1.into(),
            (_, ty) => Value::null(ty),
        },
        Kind::List(ty, values) => Value::list(ty.clone(), inside(values)),
        Kind::Set(ty, values) => Value::set(ty.clone(), inside(values)),
        Kind::Object(entries) => Value::object(entries.iter().map(|(k, v)| (k.clone(), known(v, ids)))),
        Kind::Map(ty, entries) => {
            Value::map(ty.clone(), entries.iter().map(|(k, v)| (k.clone(), known(v, ids))).collect())
        }
        _ => value.clone(),
    }
}

fn plans(c: &mut Criterion) {
    for (shape, disk) in [("flat", Disk::flat as fn(usize) -> Disk), ("modular", Disk::modular)] {
        let mut group = c.benchmark_group(shape);
        group.sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
        for size in SIZES {
            let disk = disk(size);
            let case = Case::new(&disk);
            let (empty, nothing) = (State::new("bench", "l"), HashMap::new());
            let mut measure = |what: &str, run: &dyn Fn()| {
                group.bench_with_input(BenchmarkId::new(what, size), &(), |b, ()| b.iter(run));
            };
            measure("read", &|| drop(black_box(load(&disk, "."))));
            measure("graph", &|| drop(black_box(build::build(&case.loaded.root))));
            measure("plan new", &|| drop(black_box(case.plan_from(&empty, &nothing, false))));
            measure("plan again", &|| drop(black_box(case.plan(false))));
            measure("plan destroy", &|| drop(black_box(case.plan(true))));
        }
        group.finish();
    }
}

/// One of the changes of a preview: of each kind some, and no two that are the same.
fn changed(new: &Change, (layout, at): (usize, usize), live: &HashMap<Address, Live>) -> Change {
    let Some(Live::There(there)) = live.get(&new.address) else { panic!("{} is not there", new.address) };
    let owner = Value::from(format!("team-{layout}-{at}").as_str());
    let after = there.clone().with("tags", Value::map(Type::String, BTreeMap::from([("Owner".into(), owner)])));
    let action = match at % 5 {
        0 => Action::DeleteThenCreate,
        1 => Action::Delete,
        2 => Action::Create,
        _ => Action::Update,
    };
    let before = (action != Action::Create).then(|| there.clone());
    let tags = AttributeChange { name: "tags".into(), cause: Cause::Layout, forces_replacement: action.is_replace() };
    Change {
        action,
        stored: before.clone(),
        before,
        after: (action != Action::Delete).then_some(after),
        attributes: vec![tags],
        ..new.clone()
    }
}

fn previews(c: &mut Criterion) {
    const LAYOUTS: usize = 40;
    const CHANGES: usize = 125;
    let case = Case::new(&Disk::flat(4 * PER_VPC));
    let whole = case.plan_from(&State::new("bench", "l"), &HashMap::new(), false);
    let has_tags = |c: &&Change| resource(&c.address.resource.type_name).is_some_and(|s| s.attribute("tags").is_some());
    let some: Vec<&Change> = whole.changes.iter().filter(has_tags).take(CHANGES).collect();
    assert_eq!(some.len(), CHANGES);
    let plan = |layout: usize| {
        let changes = some.iter().enumerate().map(|(at, new)| changed(new, (layout, at), &case.live));
        Plan { changes: changes.collect(), steps: Vec::new(), ..whole.clone() }
    };
    let plans: Vec<Plan> = (0..LAYOUTS).map(plan).collect();
    let names: Vec<String> = (0..LAYOUTS).map(|layout| format!("layouts/account-{layout}/network")).collect();
    let places = [("123456789012".to_owned(), "eu-west-1".to_owned())];
    let one =
        |(name, plan)| Previewed { layout: name, places: &places, outcome: Ok(plan), file: "layouts/network/main.tf" };
    let all: Vec<Previewed<'_>> = names.iter().map(String::as_str).zip(&plans).map(one).collect();
    let schemas = |mode, name: &str| match mode {
        Mode::Managed => resource(name),
        Mode::Data => data_schema(name),
    };
    let place = |layout: &str, _: &Address| Some((format!("{layout}/main.tf"), 12));
    let base = "https://github.com/acme/net/blob/0f3c1e5";
    let links = Links { base: Some(base), place: &place, file: &|file: &str| file.to_owned() };
    let comment = preview::render(&all, &schemas, &links, 65_536).text;
    assert!(comment.len() <= 60_000, "the comment has {} bytes", comment.len());
    let mut group = c.benchmark_group("preview of 5,000 changes");
    group.sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    let mut measure = |form: &str, make: &dyn Fn() -> String| {
        group.bench_function(form, |b| b.iter(|| black_box(make())));
    };
    measure("comment", &|| preview::render(&all, &schemas, &links, 65_536).text);
    measure("text", &|| preview::text(&all, &schemas, &links, false));
    measure("html", &|| html::render(&all, &schemas, &links));
    measure("json", &|| preview::json(&all, &schemas, &links).to_string());
    measure("sarif", &|| preview::sarif(&all, &schemas, &links).to_string());
    measure("junit", &|| preview::junit(&all));
    group.finish();
}

criterion_group!(benches, plans, previews);
criterion_main!(benches);

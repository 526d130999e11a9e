//! Layouts that are planned without AWS, and what breaks a guard in them: the shapes of guards, each on a small network.

use std::collections::{BTreeMap, HashMap};

use floorplan::diag::Diagnostic;
use floorplan::evaluation::Evaluator;
use floorplan::graph::build;
use floorplan::lang::config::load::{Files, load};
use floorplan::lang::funcs;
use floorplan::objects::State;
use floorplan::plan::{Input, Options, PlanMeta, Planner, ProviderFacts};
use floorplan::resources::Types;
use floorplan::value::{Name, Type, Value};

/// A layout of one file.
struct One(String);

impl Files for One {
    fn list(&self, _: &str) -> Result<Vec<String>, String> {
        Ok(vec!["main.tf".into()])
    }
    fn read(&self, _: &str) -> Result<Vec<u8>, String> {
        Ok(self.0.clone().into_bytes())
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

/// What a plan of a layout that has nothing yet finds, one paragraph each; on the evening of 2026-11-30.
fn judged(text: &str, validate: bool) -> Vec<Diagnostic> {
    let now: jiff::Timestamp = "2026-11-30T22:00:00Z".parse().expect("a time");
    let loaded = load(&One(text.to_owned()), ".").unwrap_or_else(|d| panic!("{d:?}"));
    let graph = build::build(&loaded.root).unwrap_or_else(|d| panic!("{d:?}"));
    let functions = funcs::Context {
        files: &Nothing,
        base_dir: "/",
        timestamp: now,
        plan_timestamp: now,
        planning: true,
        random: &|bytes| bytes.fill(0),
        render: &|_, _, _, _| Err(funcs::FunctionError::new("no templates")),
    };
    let facts = ProviderFacts { region: "eu-west-1".into(), ..ProviderFacts::default() };
    let providers = HashMap::from([("aws".to_owned(), facts)]);
    let options = Options { validate, ..Options::default() };
    let state = State::new("guarded", "l");
    let input = Input {
        root: &loaded.root,
        graph: &graph,
        schemas: &Types,
        state: &state,
        moved: &HashMap::new(),
        live: &HashMap::new(),
        imports: &HashMap::new(),
        providers: &providers,
        options: &options,
    };
    let unknown = |name: &Name| (name.clone(), Value::unknown(Type::Dynamic));
    let variables: BTreeMap<Name, Value> = loaded.root.module.variables.keys().map(unknown).collect();
    let scopes = Evaluator::new(&loaded.root, variables, &functions, "/".into());
    let scopes = if validate { scopes.validating() } else { scopes };
    let mut planner = Planner::new(&input, scopes);
    planner.advance();
    if validate {
        return planner.into_all_problems(now).into_iter().collect();
    }
    let meta = PlanMeta {
        layout: "guarded".into(),
        dir: ".".into(),
        basis: Default::default(),
        seal: String::new(),
        lineage: String::new(),
        serial: 0,
        variables: BTreeMap::new(),
        created: now,
        destroy: false,
        refreshed: true,
        replace: Vec::new(),
        allow_downtime: Vec::new(),
        partial: false,
        refresh_only: false,
        of_terraform: false,
    };
    match planner.finish(meta) {
        Ok((plan, _)) => plan.violations.into_iter().chain(plan.warnings).collect(),
        Err(problems) => problems.into_iter().collect(),
    }
}

/// Severity, summary and line of each; then its detail and its cures.
fn written(all: &[Diagnostic]) -> String {
    let one = |d: &Diagnostic| {
        let severity = if d.is_error() { "error" } else { "warning" };
        let at = d.span.as_ref().map(|span| format!(" at line {}", span.line_column().0)).unwrap_or_default();
        let about = d.address.as_ref().map(|address| format!(" ({address})")).unwrap_or_default();
        let hints: String = d.hints.iter().map(|hint| format!("\n  Hint: {hint}")).collect();
        format!("{severity}{at}: {}{about}\n{}{hints}", d.summary, d.detail)
    };
    all.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn plan(text: &str) -> String {
    written(&judged(text, false))
}

/// Only severity and summary.
fn brief(text: &str) -> Vec<String> {
    let severity = |d: &Diagnostic| if d.is_error() { "error" } else { "warning" };
    judged(text, false).iter().map(|d| format!("{}: {}", severity(d), d.summary)).collect()
}

/// A network with public and data subnets; flow logs are there, so that only what a test adds is found.
const NETWORK: &str = r#"
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_flow_log" "main" {
  vpc_id               = aws_vpc.main.id
  traffic_type         = "ALL"
  log_destination_type = "s3"
  log_destination      = "arn:aws:s3:::logs"
}
resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}
resource "aws_subnet" "public" {
  count             = 2
  vpc_id            = aws_vpc.main.id
  availability_zone = ["eu-west-1a", "eu-west-1b"][count.index]
  cidr_block        = "10.0.${count.index}.0/24"
}
resource "aws_subnet" "data" {
  count             = 2
  vpc_id            = aws_vpc.main.id
  availability_zone = ["eu-west-1a", "eu-west-1b"][count.index]
  cidr_block        = "10.0.${count.index + 10}.0/24"
}
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
}
resource "aws_route_table" "data" {
  vpc_id = aws_vpc.main.id
}
resource "aws_route" "internet" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.main.id
}
resource "aws_route_table_association" "public" {
  count          = 2
  subnet_id      = aws_subnet.public[count.index].id
  route_table_id = aws_route_table.public.id
}
resource "aws_route_table_association" "data" {
  count          = 2
  subnet_id      = aws_subnet.data[count.index].id
  route_table_id = aws_route_table.data.id
}
"#;

/// A database, in `SUBNETS`, asking for a public address if `PUBLIC`, open to `PEER`.
const DATABASE: &str = r#"
resource "aws_security_group" "database" {
  name   = "database"
  vpc_id = aws_vpc.main.id
}
resource "aws_vpc_security_group_ingress_rule" "clients" {
  security_group_id = aws_security_group.database.id
  PEER
  ip_protocol       = "tcp"
  from_port         = 3306
  to_port           = 3306
}
resource "aws_db_subnet_group" "database" {
  name       = "database"
  subnet_ids = aws_subnet.SUBNETS[*].id
}
resource "aws_db_instance" "database" {
  identifier             = "database"
  engine                 = "mysql"
  instance_class         = "db.t4g.medium"
  port                   = 3306
  allocated_storage      = 20
  storage_encrypted      = true
  username               = "admin1"
  password               = "not-a-secret-1"
  skip_final_snapshot    = true
  publicly_accessible    = PUBLIC
  db_subnet_group_name   = aws_db_subnet_group.database.name
  vpc_security_group_ids = [aws_security_group.database.id]
}
"#;

const WORLD: &str = "cidr_ipv4 = \"0.0.0.0/0\"";

fn database(subnets: &str, public: &str, peer: &str) -> String {
    DATABASE.replace("SUBNETS", subnets).replace("PUBLIC", public).replace("PEER", peer)
}

/// A server in the public subnet with a public address, whose group lets `PORT` in from `PEER`.
const SERVER: &str = r#"
resource "aws_security_group" "server" {
  name   = "server"
  vpc_id = aws_vpc.main.id
}
resource "aws_vpc_security_group_ingress_rule" "server" {
  security_group_id = aws_security_group.server.id
  PEER
  ip_protocol       = "tcp"
  from_port         = PORT
  to_port           = PORT
}
resource "aws_vpc_security_group_egress_rule" "server" {
  security_group_id = aws_security_group.server.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}
resource "aws_instance" "server" {
  count                       = 2
  ami                         = "ami-12345678"
  instance_type               = "t3.micro"
  subnet_id                   = aws_subnet.public[count.index].id
  vpc_security_group_ids      = [aws_security_group.server.id]
  associate_public_ip_address = true
  metadata_options {
    http_tokens = "required"
  }
}
"#;

fn server(port: u16, peer: &str) -> String {
    SERVER.replace("PORT", &port.to_string()).replace("PEER", peer)
}

fn with(guards: &str, rest: &[&str]) -> String {
    format!("layout {{\n{guards}}}\n{NETWORK}{}", rest.concat())
}

#[test]
fn a_database_on_the_internet_is_refused_with_its_way() {
    let text = with("", &[&database("public", "true", WORLD)]);
    insta::assert_snapshot!(plan(&text), @r#"
    error at line 65: A database asks for a public address (aws_db_instance.database)
    The guard "public-databases" forbids it: publicly_accessible is true.
      Hint: Set publicly_accessible = false.
      Hint: Or switch the guard off in the layout block, with the reason: guard "public-databases" { off = "…" }
    error at line 65: The Internet reaches aws_db_instance.database on tcp/3306
    The guard "databases" forbids it. The way:
      internet
      aws_internet_gateway.main (main.tf:13)
      aws_vpc_security_group_ingress_rule.clients (main.tf:54)
      aws_db_instance.database (main.tf:65)
      Hint: Close one of the places on the way.
      Hint: Or let it be, with the reason: an allow block in guard "databases" of the layout block.
    "#);
    // Validated without values, it is as sure.
    let validated = judged(&text, true);
    assert!(validated.iter().any(|d| d.is_error() && d.summary.contains("The Internet reaches")), "{validated:?}");
}

#[test]
fn an_open_rule_where_no_way_leads_is_said() {
    let text = with("", &[&database("data", "false", WORLD)]);
    let said = plan(&text);
    assert!(
        said.starts_with(
            "warning at line 54: aws_db_instance.database is opened to the world, and no way leads there\n\
             aws_vpc_security_group_ingress_rule.clients lets in tcp port 3306, 0.0.0.0/0. That exposes nothing as long \
             as these are in the way:\n  aws_db_instance.database (main.tf:65): it has no public IPv4 address"
        ),
        "{said}"
    );
    let inside = with("", &[&database("data", "false", "cidr_ipv4 = \"10.0.0.0/8\"")]);
    assert_eq!(plan(&inside), "");
}

#[test]
fn a_root_of_terraform_is_only_warned() {
    let text = with("", &[&database("public", "true", WORLD)]).replacen("layout {\n}\n", "", 1);
    let text = text.replace("vpc_id               = aws_vpc.main.id", "subnet_id = aws_subnet.data[0].id");
    let text = text.replace("storage_encrypted      = true", "storage_encrypted      = false");
    assert_eq!(
        brief(&text),
        [
            "warning: A database asks for a public address",
            "warning: The Internet reaches aws_db_instance.database on tcp/3306",
        ]
    );
}

#[test]
fn administration_is_for_nobody_in_particular() {
    let open = with("", &[&server(22, WORLD)]);
    assert_eq!(
        brief(&open),
        [
            "error: The Internet reaches aws_instance.server[0] on tcp/22",
            "error: The Internet reaches aws_instance.server[1] on tcp/22",
        ]
    );
    for (port, peer) in [(443, WORLD), (22, "cidr_ipv4 = \"203.0.113.0/24\""), (22, "cidr_ipv4 = \"10.0.0.0/8\"")] {
        assert_eq!(brief(&with("", &[&server(port, peer)])), Vec::<String>::new(), "{port} {peer}");
    }
    let halves = server(22, "cidr_ipv4 = \"0.0.0.0/1\"");
    assert_eq!(brief(&with("", &[&halves])).len(), 2, "half of the Internet is everybody");
}

#[test]
fn a_guard_is_switched_off_or_taken_gravely() {
    let open = |guards: &str| brief(&with(guards, &[&server(22, WORLD)]));
    assert_eq!(open("guard \"admin-ports\" {\n off = \"a bastion with keys\"\n}\n"), Vec::<String>::new());
    let warned = open("guard \"admin-ports\" {\n level = \"warning\"\n}\n");
    assert_eq!(warned, ["warning: The Internet reaches aws_instance.server[0] on tcp/22"]);
    let bare = |guards: &str| {
        let text =
            with(guards, &[]).replace("vpc_id               = aws_vpc.main.id", "subnet_id = aws_subnet.data[0].id");
        brief(&text)
    };
    assert_eq!(bare(""), ["warning: A VPC has no flow logs"]);
    assert_eq!(bare("guard \"flow-logs\" {\n level = \"error\"\n}\n"), ["error: A VPC has no flow logs"]);
    assert_eq!(bare("guard \"flow-logs\" {\n off = \"the account has them\"\n}\n"), Vec::<String>::new());
}

/// A guard of a layout with one rule.
fn guard(name: &str, kind: &str, from: &str, to: &str, ports: &str, more: &str) -> String {
    format!("guard \"{name}\" {{\n{kind} {{\n from = \"{from}\"\n to = \"{to}\"\n ports = \"{ports}\"\n{more}}}\n}}\n")
}

#[test]
fn an_exception_lets_through_until_it_ends() {
    let open = |more: &str| {
        let more = format!("reason = \"moves in spring\"\n{more}");
        let guards = guard("admin-ports", "allow", "internet", "aws_instance.server", "tcp/22", &more);
        plan(&with(&guards, &[&server(22, WORLD)]))
    };
    assert_eq!(open(""), "");
    assert_eq!(open("until = \"2026-11-30\"\n"), "", "the last day counts");
    let ended = open("until = \"2026-11-29\"\n");
    let (place, when) = ("The exception at main.tf:3 has ended on 2026-11-29", "its reason was: moves in spring");
    assert!(ended.contains("error at line") && ended.contains(&format!("{place}; {when}")), "{ended}");
    let elsewhere = guard("admin-ports", "allow", "internet", "aws_instance.server[1]", "tcp/22", "reason = \"x\"\n");
    assert_eq!(
        brief(&with(&elsewhere, &[&server(22, WORLD)])),
        ["error: The Internet reaches aws_instance.server[0] on tcp/22"]
    );
    let needless = guard(
        "databases",
        "allow",
        "internet",
        "aws_instance.server",
        "any",
        "reason = \"x\"\nuntil = \"2026-11-01\"\n",
    );
    assert_eq!(
        brief(&with(&needless, &[&server(443, WORLD)])),
        ["warning: An exception of the guard \"databases\" has ended on 2026-11-01"]
    );
}

#[test]
fn what_is_denied_is_refused_and_may_be_excepted() {
    let denied = |rules: &str| {
        let guards = format!("guard \"no-web\" {{\n{rules}}}\n");
        brief(&with(&guards, &[&server(443, WORLD)]))
    };
    let deny = |from: &str, to: &str, ports: &str| {
        format!("deny {{\n from = \"{from}\"\n to = \"{to}\"\n ports = \"{ports}\"\n}}\n")
    };
    let both = [
        "error: The Internet reaches aws_instance.server[0] on tcp/443",
        "error: The Internet reaches aws_instance.server[1] on tcp/443",
    ];
    assert_eq!(denied(&deny("internet", "aws_instance.*", "any")), both);
    assert_eq!(denied(&deny("internet", "aws_instance.server", "tcp/440-450, udp/53")), both);
    assert_eq!(denied(&deny("internet", "aws_instance.*", "tcp/80")), Vec::<String>::new());
    assert_eq!(denied(&deny("203.0.113.0/24", "aws_instance.server[0]", "tcp/443")), both[..1]);
    let out = denied(&deny("aws_instance.server[0]", "internet", "tcp/25"));
    assert_eq!(out, ["error: aws_instance.server[0] reaches the Internet on tcp/25"]);
    let allow =
        "allow {\n from = \"internet\"\n to = \"aws_instance.server[0]\"\n ports = \"tcp/443\"\n reason = \"x\"\n}\n";
    assert_eq!(denied(&[deny("internet", "aws_instance.*", "any").as_str(), allow].concat()), both[1..]);
    let part = "allow {\n from = \"203.0.113.0/24\"\n to = \"aws_instance.*\"\n ports = \"any\"\n reason = \"x\"\n}\n";
    assert_eq!(denied(&[deny("internet", "aws_instance.*", "any").as_str(), part].concat()), both);
}

#[test]
fn what_is_required_has_to_be_possible() {
    let from_server = "referenced_security_group_id = aws_security_group.server.id";
    let required = |ports: &str, peer: &str| {
        let guards = guard("queries", "require", "aws_instance.server", "aws_db_instance.*", ports, "");
        plan(&with(&guards, &[&server(443, WORLD), &database("data", "false", peer)]))
    };
    assert_eq!(required("tcp/3306", from_server), "");
    let closed = required("tcp/5432", from_server);
    assert!(closed.starts_with("error at line 3: aws_instance.server[0] does not reach aws_db_instance.* on tcp/5432\nThe guard \"queries\" requires it. In the way:\n"), "{closed}");
    assert!(closed.contains("aws_security_group.database"), "{closed}");
    let narrowed = required("tcp/3306", "cidr_ipv4 = \"10.9.0.0/16\"");
    assert!(narrowed.contains("does not reach"), "{narrowed}");
}

#[test]
fn doubt_is_a_warning_with_its_reason() {
    let guards = guard("no-web", "deny", "internet", "aws_instance.*", "any", "");
    let text = with(&guards, &[&server(443, "cidr_ipv4 = var.clients"), "variable \"clients\" {}\n"]);
    let found = judged(&text, false);
    assert!(found.iter().all(|d| !d.is_error()), "{}", written(&found));
    assert!(found.iter().any(|d| d.summary == "It is not known yet whether the guard \"no-web\" is kept"), "{found:?}");
    assert!(judged(&text, true).is_empty(), "a check without values says only what is sure");
}

#[test]
fn a_guard_that_names_nothing_is_an_error() {
    let named = |to: &str| {
        let guards = guard("x", "deny", "internet", to, "any", "");
        plan(&with(&guards, &[&server(443, WORLD)]))
    };
    insta::assert_snapshot!(named("aws_instance.serve"), @r#"
    error at line 5: "aws_instance.serve" names nothing in the layout
    The guard "x" would never find anything there.
      Hint: Did you mean "aws_instance.server"?
    "#);
    assert!(named("module.web").contains("\"module.web\" names nothing in the layout"), "{}", named("module.web"));
    let group = named("aws_security_group.server");
    assert!(group.contains("\"aws_security_group.server\" names nothing that sends or takes traffic"), "{group}");
}

#[test]
fn an_exception_that_ends_before_the_apply_is_named() {
    let more = "reason = \"x\"\nuntil = \"2026-12-01\"\n";
    let text = with(&guard("admin-ports", "allow", "internet", "*", "tcp/22", more), &[]);
    let root = load(&One(text), ".").unwrap_or_else(|d| panic!("{d:?}")).root;
    let time = |text: &str| text.parse::<jiff::Timestamp>().expect("a time");
    let since = |planned: &str, now: &str| floorplan::plan::ended_since(&root, time(planned), time(now));
    assert!(since("2026-11-30T10:00:00Z", "2026-12-01T23:00:00Z").is_empty());
    assert!(since("2026-12-02T10:00:00Z", "2026-12-03T10:00:00Z").is_empty(), "the plan was made without it");
    let ended: Vec<Diagnostic> = since("2026-11-30T10:00:00Z", "2026-12-02T00:00:01Z").into_iter().collect();
    assert_eq!(ended[0].summary, "An exception of the guard \"admin-ports\" has ended since the plan was made");
}

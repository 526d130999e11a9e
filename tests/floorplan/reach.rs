//! `floorplan reach`: paths before and after apply, from the state and from AWS, all that is in the way, tables, ends that
//! name nothing, and networks of several layouts.

use super::layouts::Copy;
use super::support::{Run, World};
use serde_json::Value as Json;

/// File and line of the first line with a text.
#[track_caller]
fn place(world: &World, file: &str, text: &str) -> String {
    let line = world.read(file).lines().position(|line| line.contains(text));
    format!("{file}:{}", line.unwrap_or_else(|| panic!("{text} in {file}")) + 1)
}

/// The lines have these beginnings in this order, each with its words, and its block at the end if one is given.
#[track_caller]
fn passes(world: &World, text: &str, expected: &[(&str, &str, Option<(&str, &str)>)]) {
    let mut lines = text.lines();
    for (address, words, block) in expected {
        let begins = |line: &&str| line.trim_start().starts_with(&format!("{address} "));
        let line = lines.find(begins).unwrap_or_else(|| panic!("{address} in this order in {text}"));
        assert!(line.contains(words), "{words} in {line}");
        if let Some((file, text)) = block {
            let place = place(world, file, text);
            assert!(line.ends_with(&place), "{place} in {line}");
        }
    }
}

const DATABASE: &str = "module.database.aws_db_instance.this";

/// The path from the client's office to the database.
#[track_caller]
fn from_the_office(world: &World, text: &str) {
    let first = format!("vpn → {DATABASE}: reachable on tcp/5432 from 192.168.10.0/24");
    assert_eq!(text.lines().next(), Some(first.as_str()), "{text}");
    let (vpn, network, database) = ("modules/vpn/main.tf", "modules/network/main.tf", "modules/database/main.tf");
    passes(
        world,
        text,
        &[
            (
                "module.vpn.aws_vpn_connection.this[\"office\"]",
                "tunnels to 203.0.113.10",
                Some((vpn, "resource \"aws_vpn_connection\" \"this\"")),
            ),
            (
                "module.vpn.aws_vpn_connection_route.this[\"office 192.168.10.0/24\"]",
                "route: 192.168.10.0/24 through the tunnels",
                Some((vpn, "resource \"aws_vpn_connection_route\" \"this\"")),
            ),
            ("module.vpn.aws_vpn_gateway.this[0]", "VPN gateway", Some((vpn, "resource \"aws_vpn_gateway\" \"this\""))),
            (
                "module.network.aws_network_acl.data[0]",
                "ingress 101 allow all traffic from 192.168.10.0/24",
                Some((network, "resource \"aws_network_acl\" \"data\"")),
            ),
            (
                "module.database.aws_vpc_security_group_ingress_rule.range[\"office\"]",
                "ingress tcp/5432 from 192.168.10.0/24",
                Some((database, "resource \"aws_vpc_security_group_ingress_rule\" \"range\"")),
            ),
            (DATABASE, "database postgres", Some((database, "resource \"aws_db_instance\" \"this\""))),
            ("and", "back:", None),
            ("module.network.aws_route_table.data[0]", "", Some((network, "resource \"aws_route_table\" \"data\""))),
            ("module.vpn.aws_vpn_gateway.this[0]", "VPN gateway", Some((vpn, "resource \"aws_vpn_gateway\" \"this\""))),
        ],
    );
    assert!(text.contains("module.vpn.aws_vpn_gateway.this[0] propagates"), "{text}");
}

#[test]
fn the_office_reaches_the_database_until_a_rule_goes() {
    let site = Copy::of("hybrid");
    let ask = |more: &[&str]| site.run("reach", &[&["--from", "vpn", "--to", "module.database"], more].concat());
    from_the_office(&site.world, &ask(&[]).succeeds().stdout);
    assert_eq!(site.world.writes(), [""; 0]);
    // Nothing is there yet.
    ask(&["--stored"]).exits(1);

    site.run("apply", &["--auto-approve"]).succeeds();
    let views: [&[&str]; 3] = [&[], &["--live"], &["--stored"]];
    for view in views {
        from_the_office(&site.world, &ask(view).succeeds().stdout);
    }
    site.world.forget_calls();
    ask(&["--stored"]).succeeds();
    assert!(site.world.calls().is_empty(), "{:?}", site.world.calls());
    ask(&["--port", "tcp/5432"]).exits(0);
    ask(&["--port", "tcp/22"]).exits(2);

    let main = "layouts/hybrid/main.tf";
    site.edit(main, "  client_cidrs              = var.database_clients\n", "");
    let refused = ask(&[]).exits(2).stdout;
    let group = "module.database.aws_security_group.this";
    let why = format!("no ingress rule of {group} lets tcp/5432 in from 192.168.10.0/24");
    assert_eq!(refused.lines().count(), 2, "{refused}");
    assert_eq!(refused.lines().next(), Some(&*format!("vpn → {DATABASE}: not reachable on tcp/5432")), "{refused}");
    let block = Some(("modules/database/main.tf", "resource \"aws_security_group\" \"this\""));
    passes(&site.world, &refused, &[(group, &why, block)]);
    // The rule is still there, in AWS and in the state.
    ask(&["--live"]).exits(0);
    ask(&["--stored"]).exits(0);

    site.edit(main, "  data_peers        = values(var.database_clients)\n", "");
    site.edit(
        main,
        "merge(module.network.private_route_table_ids, module.network.data_route_table_ids)",
        "module.network.private_route_table_ids",
    );
    let refused = ask(&[]).exits(2).stdout;
    for (address, why) in [
        ("module.network.aws_network_acl.data[0]", "it does not let tcp/5432 into module.network.aws_subnet.data["),
        ("module.network.aws_network_acl.data[0]", "it does not let the answers to tcp/5432 out of"),
        ("module.network.aws_route_table.data[0]", "no route to 192.168.10.0/24"),
        (group, why.as_str()),
    ] {
        let mut lines = refused.lines().map(str::trim_start);
        assert!(lines.any(|line| line.starts_with(address) && line.contains(why)), "{address}: {why} in {refused}");
    }
    let json: Json = serde_json::from_str(&ask(&["--json"]).exits(2).stdout).expect("JSON");
    assert_eq!(
        (&json["format"], &json["answer"], &json["question"]["objects"]),
        (&1.into(), &"no".into(), &"planned".into())
    );
    let obstacles = json["paths"][0]["obstacles"].as_array().expect("obstacles");
    let of_group = obstacles.iter().find(|one| one["address"] == group).expect("the group");
    assert_eq!(of_group["words"], why);
    let at = format!("{}:{}", of_group["file"].as_str().expect("a file"), of_group["line"]);
    assert_eq!(at, place(&site.world, "modules/database/main.tf", "resource \"aws_security_group\" \"this\""));

    site.run("apply", &["--auto-approve", "--allow-downtime", "database"]).succeeds();
    ask(&["--live"]).exits(2);
    ask(&["--stored"]).exits(2);
}

#[test]
fn clients_reach_the_web_and_not_the_database() {
    let site = Copy::of("ha-web");
    let ask = |more: &[&str]| site.run("reach", more);
    let web = ask(&["--from", "internet", "--to", "module.web", "--port", "443"]).exits(0).stdout;
    assert!(web.contains("internet → module.web.aws_lb.this: reachable on tcp/443\n"), "{web}");
    assert!(
        web.contains("internet → module.web.aws_instance.member[\"eu-west-1a-1\"]: reachable on tcp/443\n"),
        "{web}"
    );
    assert!(web.contains("In the same way: internet → module.web.aws_instance.member[\"eu-west-1b-1\"]"), "{web}");
    let through = web.split("member[\"eu-west-1a-1\"]: reachable").nth(1).expect("the path to a member");
    let file = "modules/web/main.tf";
    passes(
        &site.world,
        through,
        &[
            ("module.network.aws_internet_gateway.this", "internet gateway", None),
            (
                "module.web.aws_vpc_security_group_ingress_rule.door[\"443 0.0.0.0/0\"]",
                "ingress tcp/443 from 0.0.0.0/0",
                None,
            ),
            ("module.web.aws_lb.this", "balancer", Some((file, "resource \"aws_lb\" \"this\""))),
            (
                "module.web.aws_lb_listener.https",
                "listener HTTPS/443",
                Some((file, "resource \"aws_lb_listener\" \"https\"")),
            ),
            ("module.web.aws_lb_target_group.this", "target group HTTP/8080", None),
            (
                "module.web.aws_vpc_security_group_ingress_rule.from_balancer",
                "ingress tcp/8080 from module.web.aws_security_group.balancer",
                None,
            ),
            ("module.web.aws_instance.member[\"eu-west-1a-1\"]", "instance", None),
        ],
    );
    ask(&["--from", "internet", "--to", "web", "--port", "tcp/443"]).exits(0);
    ask(&["--from", "internet", "--to", "module.web", "--port", "tcp/22"]).exits(2);

    let none = ask(&["--from", "internet", "--to", "module.database"]).exits(2).stdout;
    assert!(none.starts_with(&format!("internet → {DATABASE}: not reachable on tcp/5432\n")), "{none}");
    assert!(none.contains("it has no public IPv4 address"), "{none}");
    assert!(none.contains("no ingress rule of module.database.aws_security_group.this lets tcp/5432 in"), "{none}");

    let queries =
        ask(&["--from", "module.web.aws_instance.member", "--to", "database", "--port", "tcp/5432"]).exits(0).stdout;
    assert!(queries.contains(&format!("member[\"eu-west-1a-1\"] → {DATABASE}: reachable on tcp/5432\n")), "{queries}");

    let table = ask(&["--from", "internet"]).exits(0).stdout;
    let has = |table: &str, words: &[&str]| {
        let all = |line: &str| words.iter().all(|word| line.contains(word));
        assert!(table.lines().any(all), "{words:?} in {table}");
    };
    has(&table, &["internet ", " module.web.aws_lb.this ", " tcp/80, tcp/443 ", " is "]);
    has(
        &table,
        &["internet ", " module.web.aws_instance.member (3) ", " tcp/443 ", "module.web.aws_lb_listener.https"],
    );
    assert!(!table.contains("aws_db_instance"), "{table}");
    let table = ask(&["--to", "module.database"]).exits(0).stdout;
    has(&table, &["module.web.aws_instance.member (3) ", DATABASE, " tcp/5432 ", " is "]);
    assert_eq!(table.lines().count(), 2, "{table}");

    let json: Json = serde_json::from_str(&ask(&["--to", "module.database", "--json"]).exits(0).stdout).expect("JSON");
    let flows = json["flows"].as_array().expect("flows");
    assert_eq!(flows.len(), 3, "{json}");
    assert!(flows.iter().all(|flow| flow["passes"][0]["services"] == "tcp/5432" && flow["answer"] == "yes"), "{json}");
}

/// A network with two interfaces in one group.
fn interfaces(range: &str, from: &str) -> String {
    format!(
        r#"
resource "aws_vpc" "main" {{
  cidr_block = "{range}.0.0/16"
}}
resource "aws_subnet" "main" {{
  vpc_id     = aws_vpc.main.id
  cidr_block = "{range}.1.0/24"
}}
resource "aws_security_group" "web" {{
  name   = "web"
  vpc_id = aws_vpc.main.id
  ingress {{
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["{from}"]
  }}
  egress {{
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }}
}}
resource "aws_network_interface" "web" {{
  count           = 2
  subnet_id       = aws_subnet.main.id
  private_ips     = ["{range}.1.${{count.index + 10}}"]
  security_groups = [aws_security_group.web.id]
}}
"#
    )
}

fn ask(world: &World, more: &[&str]) -> Run {
    world.floorplan(&[&["reach", "--sandbox"], more].concat())
}

#[test]
fn a_range_an_address_and_a_port_are_ends() {
    let world = World::start();
    world.write("main.tf", &interfaces("10.1", "10.1.1.10/32"));
    let between = ["--from", "aws_network_interface.web[0]", "--to", "10.1.1.11"];
    let path = ask(&world, &[&between[..], &["--port", "tcp/443"]].concat()).exits(0).stdout;
    let file = "main.tf";
    let (_, steps) = path.split_once('\n').expect("steps");
    passes(
        &world,
        steps,
        &[
            ("aws_network_interface.web[0]", "interface", Some((file, "resource \"aws_network_interface\" \"web\""))),
            ("aws_security_group.web", "egress all traffic to 0.0.0.0/0", Some((file, "  egress {"))),
            ("aws_security_group.web", "ingress tcp/443 from 10.1.1.10", Some((file, "  ingress {"))),
            ("aws_network_interface.web[1]", "interface", None),
        ],
    );
    for (port, code) in [("443", 0), ("tcp/440-450", 0), ("any", 0), ("tcp/444", 2), ("udp/443", 2), ("icmp", 2)] {
        ask(&world, &[&between[..], &["--port", port]].concat()).exits(code);
    }
    // Whoever has an address of the range may have any group.
    let may = ask(&world, &["--from", "10.1.1.0/24", "--to", "aws_network_interface.web[1]", "--port", "443"]).exits(0);
    assert!(may.stdout.contains(": may be reachable on tcp/443"), "{}", may.stdout);
    assert!(may.stdout.contains("May, as "), "{}", may.stdout);
}

#[test]
fn ends_and_ports_that_name_nothing_are_errors() {
    let world = World::start();
    world.write("main.tf", &interfaces("10.1", "10.1.1.10/32"));
    let cases: [(&[&str], &[&str]); 10] = [
        (
            &["--from", "aws_network_interface.wbe", "--to", "nowhere"],
            &[
                "\"aws_network_interface.wbe\" names nothing in the network",
                "Did you mean aws_network_interface.web?",
                "\"nowhere\" names nothing in the network",
            ],
        ),
        (&["--from", "module.none"], &["\"module.none\" names nothing in the network"]),
        (&["--from", "vpn"], &["There are no VPN connections"]),
        (&["--to", "aws_security_group.web"], &["No traffic begins or ends at aws_security_group.web"]),
        (&["--from", "internet", "--to", "203.0.113.9"], &["Both ends are outside of the network"]),
        (&["--from", "aws_network_interface.web[0]", "--to", "10.1.1.10"], &["Both ends are the same"]),
        (&["--port", "tpc/443"], &["\"tpc/443\" is not a port", "The protocols are tcp, udp, icmp and icmpv6."]),
        (&["--port", "443-80"], &["\"443-80\" is not a port", "The range begins at 443"]),
        (&["--live", "--stored"], &["cannot be used with"]),
        (&["--live", "--refresh=false"], &["Options that exclude one another"]),
    ];
    for (asked, said) in cases {
        let run = ask(&world, asked).exits(1);
        assert_eq!(run.stdout, "", "{asked:?}");
        for said in said {
            assert!(run.stderr.contains(said), "{asked:?}: {said} in {}", run.stderr);
        }
    }
}

#[test]
fn several_layouts_are_one_network() {
    let world = World::start();
    world.write("layouts/a/main.tf", &interfaces("10.1", "10.2.0.0/16"));
    world.write(
        "layouts/b/main.tf",
        &[
            interfaces("10.2", "10.1.0.0/16").as_str(),
            r#"
data "aws_vpc" "a" {
  cidr_block = "10.1.0.0/16"
}
resource "aws_vpc_peering_connection" "a" {
  vpc_id      = aws_vpc.main.id
  peer_vpc_id = data.aws_vpc.a.id
  auto_accept = true
}
resource "aws_route" "there" {
  route_table_id            = aws_vpc.main.main_route_table_id
  destination_cidr_block    = "10.1.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.a.id
}
resource "aws_route" "back" {
  route_table_id            = data.aws_vpc.a.main_route_table_id
  destination_cidr_block    = "10.2.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.a.id
}
"#,
        ]
        .concat(),
    );
    for layout in ["layouts/a", "layouts/b"] {
        world.floorplan(&["apply", layout, "--sandbox", "--auto-approve"]).succeeds();
    }
    let both = |more: &[&str]| ask(&world, &[&["layouts/a", "layouts/b"], more].concat());
    let (from, to) = ("layouts/a:aws_network_interface.web[0]", "layouts/b:aws_network_interface.web");
    let views: [&[&str]; 2] = [&[], &["--live"]];
    for view in views {
        let path = both(&[&["--from", from, "--to", to, "--port", "443"], view].concat()).exits(0).stdout;
        assert!(path.contains(&format!("{from} → {to}[0]: reachable on tcp/443\n")), "{path}");
        passes(
            &world,
            &path,
            &[
                ("layouts/a:aws_security_group.web", "egress", Some(("layouts/a/main.tf", "  egress {"))),
                ("layouts/b:aws_route.back", "", Some(("layouts/b/main.tf", "resource \"aws_route\" \"back\""))),
                ("layouts/b:aws_vpc_peering_connection.a", "peering", None),
                ("layouts/b:aws_security_group.web", "ingress tcp/443 from 10.1.0.0/16", None),
            ],
        );
        both(&[&["--from", from, "--to", to, "--port", "22"], view].concat()).exits(2);
    }
    // An address without its layout is looked for in all of them.
    let all = both(&["--from", "aws_network_interface.web", "--to", to, "--port", "443", "--json"]).exits(0);
    let all: Json = serde_json::from_str(&all.stdout).expect("JSON");
    // Two interfaces of each layout to two of b, but none to itself.
    assert_eq!(all["paths"].as_array().map(Vec::len), Some(6), "{all}");
    // A layout that cannot be read leaves no answer.
    world.write("layouts/b/main.tf", "resource \"aws_vpc\" {");
    both(&["--from", from, "--to", from]).exits(1);
}

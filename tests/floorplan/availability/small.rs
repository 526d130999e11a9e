//! Changes of small layouts of the tests' own, for what `layouts/ha-web` does not have.

use super::sampler::{look, sampled, text};
use crate::rolling::{Site, layout, scaled, small, watched, written};
use crate::support::World;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// How many targets serve at this moment.
fn serving(site: &Site) -> usize {
    look(&site.world).serving
}

/// Plans and applies a change; the plan says `promised`, and never fewer than `least` serve meanwhile.
#[track_caller]
fn changes(site: &Site, what: &str, more: &[&str], promised: &str, least: usize) {
    let plan = site.run(&[&["plan"], more].concat()).succeeds();
    assert!(plan.stdout.contains(promised), "{what}: {}", plan.stdout);
    let apply = [&["apply", "--auto-approve"], more].concat();
    let (seen, _) = sampled(&site.world, || site.run(&apply).succeeds());
    assert!(seen.len() > 2 && seen.iter().all(|m| m.serving >= least), "{what}: {seen:?}\n{}", plan.stdout);
    site.run(&[&["plan", "--detailed-exitcode"], more].concat()).exits(0);
}

#[track_caller]
fn refused(site: &Site, what: &str, more: &[&str], why: &[&str]) {
    site.world.forget_calls();
    let refused = site.run(&[&["apply", "--auto-approve"], more].concat()).exits(3);
    for why in why {
        assert!(
            refused.stderr.contains(why) || refused.stdout.contains(why),
            "{what}: {}{}",
            refused.stdout,
            refused.stderr
        );
    }
    assert_eq!(site.world.writes(), [""; 0], "{what}");
}

/// Three members, with a group and attachments as given.
fn web(group: &str, port: u32, member: &str) -> String {
    let text = small("", member);
    let plain = "name     = \"web\"\n  port     = 80\n  protocol = \"HTTP\"";
    assert!(text.contains(plain), "{text}");
    let attached = "target_id        = each.value.id";
    text.replacen(plain, group, 1).replace(attached, &format!("{attached}\n  port             = {port}"))
}

#[test]
fn targets_are_healthy_before_use_and_drained_before_end() {
    let first = "name     = \"web\"\n  port     = 80\n  protocol = \"HTTP\"";
    let site = written(&web(first, 80, ""));
    let put = |group: &str, port: u32, member: &str| site.world.write("web/main.tf", &web(group, port, member));
    site.world.delay("target_initial", 0.6);
    site.world.delay("target_draining", 0.3);
    let whole = "web: 3 of 3 in service throughout";

    put("name     = \"web\"\n  port     = 8080\n  protocol = \"HTTP\"", 80, "");
    refused(&site, "port under the same name", &[], &["is gone before the new one is there", "Use name_prefix"]);
    put("name     = \"web-2\"\n  port     = 80\n  protocol = \"HTTP\"", 80, "");
    changes(&site, "name", &[], whole, 3);
    put("name     = \"web-3\"\n  port     = 8080\n  protocol = \"HTTPS\"", 80, "");
    changes(&site, "name, port and protocol", &[], whole, 3);
    put("name     = \"web-3\"\n  port     = 8080\n  protocol = \"HTTPS\"", 81, "");
    changes(&site, "port of the attachments", &[], whole, 3);
    put("name     = \"web-4\"\n  port     = 8080\n  protocol = \"HTTPS\"", 81, "monitoring = true");
    changes(&site, "name and members", &["--var", "kind=two"], whole, 3);

    // Each is taken out and drained before it is stopped.
    let last = "name     = \"web-4\"\n  port     = 8080\n  protocol = \"HTTPS\"";
    let larger = web(last, 81, "monitoring = true").replace("t3.micro", "t3.small");
    site.world.write("web/main.tf", &larger);
    site.world.forget_calls();
    changes(&site, "type", &["--var", "kind=two"], "web: at least 2 of 3 in service", 2);
    let writes = site.world.writes();
    let order: Vec<&str> = writes
        .iter()
        .map(String::as_str)
        .filter(|w| ["DeregisterTargets", "StopInstances", "StartInstances", "RegisterTargets"].contains(w))
        .collect();
    assert_eq!(order, ["DeregisterTargets", "StopInstances", "StartInstances", "RegisterTargets"].repeat(3));

    // A listener that goes is told, and what it led to stays.
    let from = larger.find("resource \"aws_lb_listener\"").expect("a listener");
    let to = from + larger[from..].find("\n}\n").expect("its end") + 3;
    site.world.write("web/main.tf", &[&larger[..from], &larger[to..]].concat());
    let plan = site.run(&["plan", "--var", "kind=two"]).succeeds();
    let told =
        "web: nothing leads to it any more, as the layout asks; removed, as the layout asks: aws_lb_listener.web";
    assert!(plan.stdout.contains(told), "{}", plan.stdout);
}

#[test]
fn the_unhealthy_go_first_and_nobody_else_meanwhile() {
    let first = "name     = \"web\"\n  port     = 80\n  protocol = \"HTTP\"";
    let site = written(&web(first, 80, ""));
    let members = site.world.ec2("DescribeInstances", &[]).all("instanceId");
    let sick = members[1].clone();
    site.world.control("POST", "targets", Some(&json!({ sick.as_str(): "unhealthy" })));
    site.world.write("web/main.tf", &web(first, 80, "").replace("t3.micro", "t3.small"));
    let plan = site.run(&["plan"]).succeeds();
    assert!(
        plan.stdout.contains("web: at least 2 of 3 in service; not healthy now: aws_instance.web["),
        "{}",
        plan.stdout
    );
    let named =
        plan.stdout.split("not healthy now: ").nth(1).and_then(|t| t.lines().next()).expect("its name").to_owned();
    assert!(plan.stdout.contains(&format!("wave 1 of 3 of web: {named}")), "{}", plan.stdout);
    site.world.forget_calls();
    // It becomes healthy by the change.
    let (_, _) = watched(
        || {
            let stopped = site.world.calls().iter().any(|c| c.action == "StartInstances");
            if stopped {
                site.world.control("POST", "targets", Some(&json!({ sick.as_str(): "healthy" })));
            }
        },
        || site.run(&["apply", "--auto-approve"]).succeeds(),
    );
    let stopped = site.world.calls().into_iter().find(|c| c.action == "StopInstances").expect("one is stopped");
    assert_eq!(stopped.parameters["InstanceId.1"].as_str(), Some(sick.as_str()), "{:?}", stopped.parameters);

    // One that does not change stays sick: no other may go.
    let key = named.trim_start_matches("aws_instance.web[\"").trim_end_matches("\"]").to_owned();
    site.world.control("POST", "targets", Some(&json!({ sick.as_str(): "unhealthy" })));
    let kinds = format!("instance_type               = each.key == \"{key}\" ? \"t3.small\" : \"t3.medium\"");
    let text = web(first, 80, "").replace("instance_type               = \"t3.micro\"", &kinds);
    site.world.write("web/main.tf", &text);
    refused(&site, "a sick one stays", &[], &["would interrupt \"web\"", "Not healthy now: aws_instance.web["]);
    site.world.control("POST", "targets", Some(&json!({ sick.as_str(): "healthy" })));
    site.run(&["plan"]).succeeds();
}

#[test]
fn a_scaling_group_hands_over_and_is_not_emptied_in_silence() {
    let site = written(&scaled(3, ""));
    site.world.delay("target_initial", 0.6);
    let whole = "web: 3 of 3 in service throughout";
    let groups =
        scaled(3, "").replacen("name     = \"web\"\n  port     = 80", "name     = \"web-2\"\n  port     = 8080", 1);
    site.world.write("web/main.tf", &groups);
    changes(&site, "target group", &[], whole, 3);
    let renamed = groups.replace("name                = \"web\"", "name                = \"web-2\"");
    site.world.write("web/main.tf", &renamed);
    changes(&site, "scaling group", &[], whole, 3);
    let smaller = renamed
        .replace("min_size            = 3", "min_size            = 2")
        .replace("desired_capacity    = 3", "desired_capacity    = 2");
    site.world.write("web/main.tf", &smaller);
    changes(&site, "smaller", &[], "web: 2 of 2 in service throughout", 2);
    let none = smaller
        .replace("min_size            = 2", "min_size            = 0")
        .replace("max_size            = 3", "max_size            = 0")
        .replace("desired_capacity    = 2", "desired_capacity    = 0");
    site.world.write("web/main.tf", &none);
    refused(&site, "emptied", &[], &["the layout leaves no member in it", "0 of 2 in service"]);
    site.run(&["apply", "--auto-approve", "--allow-downtime", "web"]).succeeds();
}

#[test]
fn a_held_group_is_replaced_create_first_or_not_at_all() {
    let group = |name: &str, description: &str| {
        format!(
            r#"
resource "aws_security_group" "web" {{
  {name}
  description = "{description}"
  vpc_id      = data.aws_vpc.default.id
}}
resource "aws_vpc_security_group_ingress_rule" "web" {{
  security_group_id = aws_security_group.web.id
  cidr_ipv4         = "10.0.0.0/8"
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80
}}
resource "aws_network_interface" "other" {{
  subnet_id       = sort(data.aws_subnets.all.ids)[0]
  security_groups = [aws_security_group.web.id]
}}
"#
        )
    };
    let member = "vpc_security_group_ids = [aws_security_group.web.id]";
    let site = written(&small(&group("name        = \"web\"", "one"), member));
    site.world.write("web/main.tf", &small(&group("name        = \"web\"", "two"), member));
    site.world.forget_calls();
    let refused = site.run(&["apply", "--auto-approve"]).exits(1);
    assert!(refused.stderr.contains("cannot be replaced under its own name while it is held"), "{}", refused.stderr);
    assert!(refused.stderr.contains("Use name_prefix instead of name"), "{}", refused.stderr);
    assert_eq!(site.world.writes(), [""; 0]);

    site.world.write("web/main.tf", &small(&group("name_prefix = \"web-\"", "two"), member));
    let open = || {
        // Every group that an instance holds lets requests in.
        let held: BTreeSet<String> = {
            let answer = site.world.ec2("DescribeInstances", &[]);
            let document = answer.document();
            let sets = document.descendants().filter(|n| n.tag_name().name() == "groupSet");
            sets.flat_map(|n| n.descendants().filter(|n| n.tag_name().name() == "groupId").collect::<Vec<_>>())
                .filter_map(|n| n.text().map(str::to_owned))
                .collect()
        };
        held.iter().all(|id| {
            let rules = site.world.ids("DescribeSecurityGroupRules", "cidrIpv4", &[("group-id", id)]);
            rules.iter().any(|cidr| cidr == "10.0.0.0/8")
                || site.world.try_ec2("DescribeSecurityGroups", &[("GroupId.1", id)]).0 != 200
        })
    };
    let (seen, _) = watched(|| (serving(&site), open()), || site.run(&["apply", "--auto-approve"]).succeeds());
    assert!(seen.len() > 2 && seen.iter().all(|(n, open)| *n >= 3 && *open), "{seen:?}");
    let groups = site.world.ids("DescribeSecurityGroups", "groupDescription", &[]);
    assert!(groups.contains(&"two".to_owned()) && !groups.contains(&"one".to_owned()), "{groups:?}");
    site.run(&["plan", "--detailed-exitcode"]).exits(0);
}

#[test]
fn a_layout_grows_smaller_without_a_false_refusal() {
    let site = Site::new(layout("ha-web"));
    let more = ["--var", "members_per_zone=2"];
    site.run(&[&["apply", "--auto-approve"], &more[..]].concat()).succeeds();
    let plan = site.run(&["plan"]).succeeds();
    let told = "web: 3 of 3 in service throughout; removed, as the layout asks: module.web.aws_instance.member[";
    assert!(plan.stdout.contains(told), "{}", plan.stdout);
    let (seen, _) = watched(|| serving(&site), || site.run(&["apply", "--auto-approve"]).succeeds());
    assert!(seen.iter().all(|n| *n >= 3), "{seen:?}");

    // A gateway for each zone becomes one for all.
    let world = World::start();
    crate::support::copy(
        &std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("modules/network"),
        &world.path().join("one/network"),
    );
    let written = |nat: &str| {
        format!(
            r#"
layout {{
  availability = "high"
}}
module "network" {{
  source     = "./network"
  name       = "acme"
  cidr_block = "10.60.0.0/16"
  zones      = {{ "eu-west-1a" = 0, "eu-west-1b" = 1, "eu-west-1c" = 2 }}
  nat        = "{nat}"
}}
"#
        )
    };
    world.write("one/main.tf", &written("per_zone"));
    world.floorplan(&["apply", "one", "--sandbox", "--auto-approve"]).succeeds();
    world.write("one/main.tf", &written("one"));
    let plan = world.floorplan(&["plan", "one", "--sandbox"]).succeeds();
    for zone in ["b", "c"] {
        assert!(plan.stdout.contains(&format!("NAT eu-west-1{zone}: 0 s without egress")), "{}", plan.stdout);
    }
    world.delay("nat_gateway", 0.5);
    let ways_out = || {
        let alive = world.ids("DescribeNatGateways", "natGatewayId", &[("state", "available")]);
        let answer =
            world.ec2("DescribeRouteTables", &[("Filter.1.Name", "tag:Name"), ("Filter.1.Value.1", "acme-private-*")]);
        let document = answer.document();
        let tables = document.descendants().filter(|n| n.tag_name().name() == "routeSet");
        tables.map(|t| text(&t, "natGatewayId").is_some_and(|id| alive.contains(&id))).collect::<Vec<bool>>()
    };
    let (seen, _) = watched(ways_out, || world.floorplan(&["apply", "one", "--sandbox", "--auto-approve"]).succeeds());
    assert!(seen.len() > 2 && seen.iter().all(|t| t.len() == 3 && t.iter().all(|out| *out)), "{seen:?}");
}

#[test]
fn what_goes_and_what_cannot_be_judged_is_told() {
    let world = World::start();
    let text = |with: &[&str]| {
        let all: BTreeMap<&str, &str> = BTreeMap::from([
            (
                "database",
                "resource \"aws_db_instance\" \"orders\" {\n  identifier          = \"orders\"\n  engine              = \"postgres\"\n  instance_class      = \"CLASS\"\n  allocated_storage   = 20\n  username            = \"admin1\"\n  password            = \"not-a-secret-1\"\n  skip_final_snapshot = true\n  multi_az            = true\n}\n",
            ),
            (
                "vpn",
                "resource \"aws_customer_gateway\" \"leeds\" {\n  bgp_asn    = 65010\n  ip_address = \"IP\"\n  type       = \"ipsec.1\"\n}\nresource \"aws_vpn_gateway\" \"main\" {}\nresource \"aws_vpn_connection\" \"leeds\" {\n  customer_gateway_id = aws_customer_gateway.leeds.id\n  vpn_gateway_id      = aws_vpn_gateway.main.id\n  type                = \"ipsec.1\"\n  static_routes_only  = true\n  tunnel1_replay_window_size = WINDOW\n}\n",
            ),
            (
                "server",
                "resource \"aws_security_group\" \"server\" {\n  name = \"server\"\n}\nresource \"aws_vpc_security_group_ingress_rule\" \"server\" {\n  security_group_id = aws_security_group.server.id\n  cidr_ipv4         = \"RANGE\"\n  ip_protocol       = \"tcp\"\n  from_port         = 22\n  to_port           = 22\n}\nresource \"aws_instance\" \"server\" {\n  ami                    = data.aws_ami.image.id\n  instance_type          = \"t3.micro\"\n  vpc_security_group_ids = [aws_security_group.server.id]\n}\n",
            ),
        ]);
        let image = "data \"aws_ami\" \"image\" {\n  most_recent = true\n  owners      = [\"amazon\"]\n  filter {\n    name   = \"name\"\n    values = [\"al2023-ami-2023*\"]\n  }\n}\n";
        let head = "layout {\n  availability = \"high\"\n}\n";
        let parts: String = with.iter().map(|name| all[name]).collect();
        [head, image, &parts].concat()
    };
    let put = |text: String, values: &[(&str, &str)]| {
        let usual = [("CLASS", "db.t4g.medium"), ("IP", "203.0.113.10"), ("WINDOW", "64"), ("RANGE", "10.0.0.0/8")];
        let text = values.iter().chain(&usual).fold(text, |text, (name, value)| text.replace(name, value));
        world.write("all/main.tf", &text);
    };
    let plan = |code: i32| world.floorplan(&["plan", "all", "--sandbox"]).exits(code);
    let every = ["database", "vpn", "server"];
    put(text(&every), &[]);
    world.floorplan(&["apply", "all", "--sandbox", "--auto-approve"]).succeeds();

    put(text(&every), &[("RANGE", "10.1.0.0/16")]);
    let told = plan(0).stdout;
    assert!(told.contains("server: not checked: aws_vpc_security_group_ingress_rule.server (rules)"), "{told}");
    put(text(&every), &[("CLASS", "db.t4g.large")]);
    let told = plan(0).stdout;
    assert!(told.contains("orders: in service throughout; after this run, in its own maintenance window ("), "{told}");
    assert!(told.contains("a failover of about 60 s, as \"instance_class\" changes then"), "{told}");
    put(text(&[]), &[]);
    let told = plan(0).stdout;
    for name in ["orders", "leeds", "server"] {
        assert!(told.contains(&format!("{name}: removed, as the layout asks")), "{told}");
    }

    // The tunnels: nobody uses them, one is up, both are up.
    put(text(&every), &[("WINDOW", "128")]);
    plan(0);
    let document = world.ec2("DescribeVpnConnections", &[]);
    let mut outside: Vec<String> = document.all("outsideIpAddress");
    outside.sort();
    outside.dedup();
    let set = |states: [&str; 2]| {
        let states: serde_json::Map<String, serde_json::Value> =
            outside.iter().cloned().zip(states.map(|s| json!(s))).collect();
        world.control("POST", "tunnels", Some(&states.into()));
    };
    set(["UP", "UP"]);
    let told = plan(0).stdout;
    assert!(told.contains("leeds: one of its two tunnels at least stays up"), "{told}");
    set(["UP", "DOWN"]);
    let one = world.floorplan(&["plan", "all", "--sandbox"]);
    set(["DOWN", "UP"]);
    let other = world.floorplan(&["plan", "all", "--sandbox"]);
    let mut codes = [one.code, other.code];
    codes.sort_unstable();
    assert_eq!(codes, [0, 3], "the one that is up must not go while the other is down: {}{}", one.stderr, other.stderr);
    set(["UP", "UP"]);
    put(text(&every), &[("IP", "203.0.113.99")]);
    let refused = plan(3);
    assert!(refused.stderr.contains("as \"customer_gateway_id\" changes"), "{}", refused.stderr);
    assert!(refused.stderr.contains("See all/main.tf:"), "{}", refused.stderr);
    assert!(refused.stdout.contains("leeds: both tunnels are down for a while"), "{}", refused.stdout);
}

#[test]
fn a_rollout_goes_on_wherever_it_was_stopped() {
    let first = "name     = \"web\"\n  port     = 80\n  protocol = \"HTTP\"";
    let site = written(&web(first, 80, ""));
    site.world.delay("target_initial", 0.4);
    site.world.delay("target_draining", 0.2);
    for moment in ["RunInstances", "RegisterTargets", "DeregisterTargets", "TerminateInstances"] {
        // Killed right after AWS has done it, so that the state does not know.
        site.world.forget_calls();
        site.world.hold(moment, "after", 2.0);
        let kind = format!("kind={moment}");
        let arguments = site.arguments(&["apply", "--auto-approve", "--var", &kind]);
        let mut child = site.world.command(&arguments).spawn().expect("it runs");
        site.world.wait_for(moment);
        std::thread::sleep(std::time::Duration::from_millis(300));
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
        let goes = ["apply", "--auto-approve", "--var", &kind];
        let plan = site.run(&["plan", "--var", &kind]).succeeds();
        assert!(plan.stdout.contains("web: 3 of 3 in service throughout"), "{moment}: {}", plan.stdout);
        let (seen, _) = watched(|| serving(&site), || site.run(&goes).succeeds());
        assert!(seen.iter().all(|n| *n >= 3), "{moment}: {seen:?}");
        assert_eq!(site.running().len(), 3, "{moment}: nothing is left over");
        site.run(&["plan", "--detailed-exitcode", "--var", &kind]).exits(0);
    }
}

//! Rollouts against the sandbox: what was promised is watched from outside, many times a second.

use super::support::{Run, World, copy};
use serde_json::json;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const EVERY: Duration = Duration::from_millis(100);

pub(super) fn layout(name: &str) -> String {
    format!("{}/layouts/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// A world with a layout that is applied, and commands on it.
pub(super) struct Site {
    pub(super) world: World,
    layout: String,
    state: String,
}

impl Site {
    pub(super) fn new(layout: String) -> Self {
        let world = World::start();
        let state = world.path().join("kept").to_string_lossy().into_owned();
        let site = Site { world, layout, state };
        site.run(&["apply", "--auto-approve"]).succeeds();
        site
    }

    pub(super) fn arguments<'a>(&'a self, given: &[&'a str]) -> Vec<&'a str> {
        let (command, rest) = given.split_first().expect("a command");
        let own = [*command, &self.layout, "--sandbox", "--state", &self.state];
        own.into_iter().chain(rest.iter().copied()).collect()
    }

    pub(super) fn run(&self, given: &[&str]) -> Run {
        self.world.floorplan(&self.arguments(given))
    }

    /// The only target group.
    pub(super) fn group(&self) -> String {
        self.world.query("elasticloadbalancing", "DescribeTargetGroups", &[]).one("TargetGroupArn")
    }

    /// The targets that the group calls healthy.
    pub(super) fn healthy(&self, group: &str) -> BTreeSet<String> {
        let answer = self.world.query("elasticloadbalancing", "DescribeTargetHealth", &[("TargetGroupArn", group)]);
        let document = answer.document();
        let text = |node: &roxmltree::Node<'_, '_>, name: &str| {
            let found = node.descendants().find(|n| n.tag_name().name() == name);
            found.and_then(|n| n.text()).unwrap_or_default().to_owned()
        };
        let member = |n: &roxmltree::Node<'_, '_>| n.tag_name().name() == "member";
        let targets = document.descendants().filter(member).filter(|n| text(n, "State") == "healthy");
        targets.map(|n| text(&n, "Id")).collect()
    }

    /// The instances that run.
    pub(super) fn running(&self) -> BTreeSet<String> {
        let filter = [("instance-state-name", "running")];
        self.world.ids("DescribeInstances", "instanceId", &filter).into_iter().collect()
    }

    /// Another image than the one that the members have.
    pub(super) fn another_image(&self) -> String {
        let used = self.world.ec2("DescribeInstances", &[]).all("imageId");
        let filter = [("name", "al2023-ami-2023*")];
        let images = self.world.ids("DescribeImages", "imageId", &filter);
        images.into_iter().find(|image| !used.contains(image)).expect("another image")
    }

    /// The gateways that private tables send everything to, one per table; none where there is none alive.
    pub(super) fn ways_out(&self) -> Vec<Option<String>> {
        let alive = self.world.ids("DescribeNatGateways", "natGatewayId", &[("state", "available")]);
        let answer = self
            .world
            .ec2("DescribeRouteTables", &[("Filter.1.Name", "tag:Name"), ("Filter.1.Value.1", "acme-private-*")]);
        let document = answer.document();
        let tables = document.descendants().filter(|n| n.tag_name().name() == "routeSet");
        let gateway = |table: roxmltree::Node<'_, '_>| {
            let nat = table.descendants().find(|n| n.tag_name().name() == "natGatewayId")?;
            nat.text().map(str::to_owned).filter(|id| alive.contains(id))
        };
        tables.map(gateway).collect()
    }
}

/// Looks again and again while `work` is done; gives all that was seen.
pub(super) fn watched<T: Send, R>(look: impl Fn() -> T + Sync, work: impl FnOnce() -> R) -> (Vec<T>, R) {
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut seen = Vec::new();
            while !over.load(Ordering::Relaxed) {
                seen.push(look());
                std::thread::sleep(EVERY);
            }
            seen
        });
        let result = work();
        over.store(true, Ordering::Relaxed);
        (watcher.join().expect("looking does not fail"), result)
    })
}

#[test]
fn a_new_image_rolls_through_without_an_outage() {
    let site = Site::new(layout("ha-web"));
    let group = site.group();
    let old = site.healthy(&group);
    assert_eq!(old.len(), 3);
    let image = format!("image_id={}", site.another_image());
    let change = ["--var", image.as_str()];

    let plan = site.run(&[&["plan"], &change[..]].concat()).succeeds();
    let from = plan.stdout.find("Availability (high):").expect("what stays in service");
    insta::assert_snapshot!(plan.stdout[from..].trim_end());
    let member = r#"module.web.aws_instance.member["eu-west-1a-1"]"#;
    let story = site.run(&[&["plan", "--explain", member], &change[..]].concat()).succeeds();
    insta::assert_snapshot!(story.stdout.trim_end());

    site.world.delay("target_initial", 0.8);
    let (seen, _) = watched(
        || site.healthy(&group).len(),
        || site.run(&[&["apply", "--auto-approve"], &change[..]].concat()).succeeds(),
    );
    assert!(seen.len() > 10, "{seen:?}");
    assert!(seen.iter().all(|n| *n >= 3), "never fewer than were promised: {seen:?}");
    let new = site.healthy(&group);
    assert!(new.len() == 3 && new.is_disjoint(&old), "{new:?}");
    site.run(&[&["plan", "--detailed-exitcode"], &change[..]].concat()).exits(0);

    // The way out of one zone, whose gateway keeps its address.
    let gateway = r#"module.network.aws_nat_gateway.this["eu-west-1b"]"#;
    let before: BTreeSet<_> = site.ways_out().into_iter().flatten().collect();
    site.world.delay("nat_gateway", 0.5);
    let (seen, _) = watched(
        || site.ways_out(),
        || site.run(&[&["apply", "--auto-approve", "--replace", gateway], &change[..]].concat()).succeeds(),
    );
    assert!(seen.len() > 5);
    assert!(seen.iter().all(|tables| tables.len() == 3 && tables.iter().all(Option::is_some)), "{seen:?}");
    let after: BTreeSet<_> = site.ways_out().into_iter().flatten().collect();
    assert_eq!(before.intersection(&after).count(), 2, "one of three gateways is new");
    site.run(&[&["plan", "--detailed-exitcode"], &change[..]].concat()).exits(0);
}

/// Three members behind a target group, with what a test adds.
pub(super) fn balanced(members: &str) -> String {
    format!(
        r#"
layout {{
  availability = "high"
}}
data "aws_vpc" "default" {{
  default = true
}}
data "aws_subnets" "all" {{
  filter {{
    name   = "vpc-id"
    values = [data.aws_vpc.default.id]
  }}
}}
data "aws_ami" "image" {{
  most_recent = true
  owners      = ["amazon"]
  filter {{
    name   = "name"
    values = ["al2023-ami-2023*"]
  }}
}}
variable "kind" {{
  default = "one"
}}
locals {{
  members = {{ for i, id in sort(data.aws_subnets.all.ids) : "m${{i}}" => id }}
}}
resource "aws_lb_target_group" "web" {{
  name     = "web"
  port     = 80
  protocol = "HTTP"
  vpc_id   = data.aws_vpc.default.id
}}
resource "aws_lb" "web" {{
  name     = "web"
  internal = true
  subnets  = data.aws_subnets.all.ids
}}
resource "aws_lb_listener" "web" {{
  load_balancer_arn = aws_lb.web.arn
  port              = 80
  default_action {{
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }}
}}
{members}
"#
    )
}

pub(super) fn small(more: &str, member: &str) -> String {
    balanced(&format!(
        r#"
resource "aws_instance" "web" {{
  for_each                    = local.members
  ami                         = data.aws_ami.image.id
  instance_type               = "t3.micro"
  subnet_id                   = each.value
  user_data                   = var.kind
  user_data_replace_on_change = true
  {member}
}}
resource "aws_lb_target_group_attachment" "web" {{
  for_each         = aws_instance.web
  target_group_arn = aws_lb_target_group.web.arn
  target_id        = each.value.id
}}
{more}
"#
    ))
}

/// A balanced scaling group of so many members whose refresh keeps these shares.
pub(super) fn scaled(members: u32, shares: &str) -> String {
    balanced(&format!(
        r#"
resource "aws_launch_template" "web" {{
  name          = "web"
  image_id      = data.aws_ami.image.id
  instance_type = "t3.micro"
  user_data     = base64encode(var.kind)
}}
resource "aws_autoscaling_group" "web" {{
  name                = "web"
  min_size            = {members}
  max_size            = {members}
  desired_capacity    = {members}
  vpc_zone_identifier = data.aws_subnets.all.ids
  target_group_arns   = [aws_lb_target_group.web.arn]
  launch_template {{
    id      = aws_launch_template.web.id
    version = aws_launch_template.web.latest_version
  }}
  instance_refresh {{
    strategy = "Rolling"
    preferences {{
      {shares}
    }}
  }}
}}
"#
    ))
}

pub(super) fn written(text: &str) -> Site {
    let world = World::start();
    world.write("web/main.tf", text);
    let state = world.path().join("kept").to_string_lossy().into_owned();
    let site = Site { world, layout: "web".into(), state };
    site.run(&["apply", "--auto-approve"]).succeeds();
    site
}

pub(super) const TWO: [&str; 4] = ["apply", "--auto-approve", "--var", "kind=two"];

#[test]
fn an_unhealthy_member_stops_the_rollout() {
    let site = written(&small("", "lifecycle {\n    rolling {\n      timeout = \"2s\"\n    }\n  }"));
    let group = site.group();
    let old = site.healthy(&group);
    site.world.delay("target_initial", 600.0);
    let stopped = site.run(&TWO).exits(1);
    assert!(stopped.stderr.contains("Timed out waiting for a new member to become healthy"), "{}", stopped.stderr);
    let report = stopped.stderr.lines().find(|line| line.starts_with("Rollout of ")).expect("where it stands");
    let parts: Vec<usize> = report.split("; ").map(|part| part.matches("aws_instance.web[").count()).collect();
    assert_eq!(parts, [1, 2], "one new but not healthy, two still old: {report}");
    assert_eq!(site.healthy(&group), old, "all the old members still serve");

    site.world.delay("target_initial", 0.0);
    let stuck = site.running().into_iter().find(|id| !old.contains(id)).expect("the new member");
    site.world.control("POST", "targets", Some(&serde_json::json!({ stuck: "healthy" })));
    site.run(&TWO).succeeds();
    let new = site.healthy(&group);
    assert!(new.len() == 3 && new.is_disjoint(&old), "{new:?}");
    assert_eq!(site.running(), new, "nothing is left over");
    site.run(&["plan", "--detailed-exitcode", "--var", "kind=two"]).exits(0);
}

#[test]
fn a_failed_wave_is_taken_out_where_the_layout_says_so() {
    let rolling = "lifecycle {\n    rolling {\n      timeout    = \"2s\"\n      on_failure = \"rollback\"\n    }\n  }";
    let site = written(&small("", rolling));
    let group = site.group();
    let old = site.healthy(&group);
    site.world.delay("target_initial", 600.0);
    let plan = site.run(&["plan", "--format=json", "--var", "kind=two"]).succeeds().stdout;
    let plan: serde_json::Value = serde_json::from_str(&plan).expect("JSON");
    let undone: Vec<&str> =
        plan["steps_on_failure"].as_array().into_iter().flatten().filter_map(|s| s["address"].as_str()).collect();
    assert_eq!(undone.len(), 6, "each member and its attachment: {undone:?}");
    assert!(undone[0].starts_with("aws_lb_target_group_attachment.web"), "{undone:?}");
    let stopped = site.run(&TWO).exits(1);
    assert!(stopped.stderr.contains("Taken out again:"), "{}", stopped.stderr);
    assert_eq!(site.running(), old);
    site.run(&["plan", "--detailed-exitcode"]).exits(0);
}

/// The errors, which come after the warnings.
fn errors(said: &str) -> &str {
    said.find("error: ").map_or("", |at| &said[at..])
}

#[test]
fn a_way_out_that_all_zones_share_is_not_taken_away() {
    let world = World::start();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("modules/network"), &world.path().join("one/network"));
    let text = r#"
layout {
  availability = "high"
}
module "network" {
  source     = "./network"
  name       = "acme"
  cidr_block = "10.60.0.0/16"
  zones      = { "eu-west-1a" = 0, "eu-west-1b" = 1, "eu-west-1c" = 2 }
  nat        = "one"
}
"#;
    world.write("one/main.tf", text);
    world.floorplan(&["apply", "one", "--sandbox", "--auto-approve"]).succeeds();
    world.forget_calls();
    let replace = ["--replace", r#"module.network.aws_nat_gateway.this["eu-west-1a"]"#];
    let refused = world.floorplan(&[&["apply", "one", "--sandbox", "--auto-approve"], &replace[..]].concat()).exits(3);
    assert!(refused.stdout.contains("NAT eu-west-1a: without egress until"), "{}", refused.stdout);
    insta::assert_snapshot!(errors(&refused.stderr).split("\n\n").next().unwrap_or_default());
    let saved =
        world.floorplan(&[&["plan", "one", "--sandbox", "--out", "refused.plan"], &replace[..]].concat()).exits(3);
    assert!(saved.stderr.contains("but not applied"), "{}", saved.stderr);
    let shown = world.floorplan(&["show", "refused.plan", "--json"]).succeeds().stdout;
    let shown: serde_json::Value = serde_json::from_str(&shown).expect("JSON");
    assert_eq!(shown["availability"]["losses"][0]["service"], "NAT eu-west-1a");
    assert_eq!(shown["applyable"], false);
    let refused = world.floorplan(&["apply", "refused.plan", "--sandbox", "--auto-approve"]).exits(3);
    assert!(refused.stderr.contains("would interrupt \"NAT eu-west-1a\""), "{}", refused.stderr);
    assert_eq!(world.writes(), Vec::<String>::new());
    let plan = world.floorplan(&["plan", "one", "--sandbox", "--allow-downtime", "NAT eu-west-1x"]).exits(1);
    assert!(plan.stderr.contains("The service \"NAT eu-west-1x\" to interrupt was not found"), "{}", plan.stderr);

    let services = ["eu-west-1a", "eu-west-1b", "eu-west-1c"].map(|zone| format!("NAT {zone}"));
    let allow: Vec<&str> = services.iter().flat_map(|s| ["--allow-downtime", s.as_str()]).collect();
    let allowed = [&["apply", "one", "--sandbox", "--auto-approve"], &replace[..], &allow].concat();
    world.floorplan(&allowed).succeeds();
    let history = world.floorplan(&["state", "history", "--layout", "one"]).succeeds();
    assert!(history.stdout.contains("--allow-downtime \"NAT eu-west-1a\""), "{}", history.stdout);
}

#[test]
fn a_single_server_is_interrupted_in_its_window_or_now() {
    let world = World::start();
    // A day that is neither today nor next to it, wherever the test runs.
    let today = jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC).strftime("%a").to_string();
    let day = if ["Sat", "Sun", "Mon", "Tue"].contains(&today.as_str()) { "Thu" } else { "Mon" };
    let text = |kind: &str| {
        format!(
            r#"
layout {{
  availability = "single"
  maintenance {{
    window   = "{day} 02:00-04:00"
    timezone = "Europe/London"
  }}
}}
data "aws_ami" "image" {{
  most_recent = true
  owners      = ["amazon"]
  filter {{
    name   = "name"
    values = ["al2023-ami-2023*"]
  }}
}}
resource "aws_instance" "server" {{
  ami           = data.aws_ami.image.id
  instance_type = "{kind}"
}}
"#
        )
    };
    world.write("one/main.tf", &text("t3.micro"));
    let apply = ["apply", "one", "--sandbox", "--auto-approve"];
    world.floorplan(&apply).succeeds();
    world.write("one/main.tf", &text("t3.small"));
    world.forget_calls();
    let plan = world.floorplan(&["plan", "one", "--sandbox"]).succeeds();
    let line = format!("the maintenance window \"{day} 02:00-04:00\" (Europe/London) opens next at ");
    assert!(plan.stdout.contains(&line), "{}", plan.stdout);
    let refused = world.floorplan(&apply).exits(3);
    assert!(refused.stderr.contains("outside the maintenance window"), "{}", refused.stderr);
    assert!(refused.stderr.contains("opens next at "), "{}", refused.stderr);
    assert_eq!(world.writes(), Vec::<String>::new());
    world.floorplan(&[&apply[..], &["--now"]].concat()).succeeds();
    let history = world.floorplan(&["state", "history", "--layout", "one"]).succeeds();
    assert!(history.stdout.contains("apply --now"), "{}", history.stdout);
}

#[test]
fn what_cannot_roll_is_said_before_anything_is_planned() {
    let world = World::start();
    let bad = r#"
layout {
  availability = "high"
  maintenance {
    window   = "Sun 02:00-04:00"
    timezone = "Europe/Londn"
  }
}
resource "aws_lb_target_group" "other" {
  name     = "other"
  port     = 80
  protocol = "HTTP"
  vpc_id   = "vpc-1"
}
resource "aws_instance" "one" {
  ami           = "ami-1"
  instance_type = "t3.micro"
  lifecycle {
    rolling {
      max_surge = 1
    }
  }
}
resource "aws_instance" "many" {
  count         = 3
  ami           = "ami-1"
  instance_type = "t3.micro"
  lifecycle {
    rolling {
      max_surge       = 0
      max_unavailable = "0%"
    }
  }
}
resource "aws_instance" "more" {
  count         = 3
  ami           = "ami-1"
  instance_type = "t3.micro"
  lifecycle {
    rolling {
      max_surge = "101%"
      bake      = "soon"
      health    = aws_lb_target_group.other
    }
  }
}
resource "aws_instance" "unattached" {
  count         = 3
  ami           = "ami-1"
  instance_type = "t3.micro"
  lifecycle {
    rolling {
      health = aws_lb_target_group.other
    }
  }
}
"#;
    world.write("bad/main.tf", bad);
    let refused = world.floorplan(&["validate", "bad"]).exits(1);
    insta::assert_snapshot!(refused.stderr);
}

#[test]
fn a_scaling_group_is_refreshed_and_a_failed_one_again() {
    let site = written(&scaled(3, ""));
    let group = site.group();
    let old = site.healthy(&group);
    assert_eq!(old.len(), 3);
    let plan = site.run(&["plan", "--var", "kind=two"]).succeeds();
    let promised = "web: at least 2 of 3 in service while AWS refreshes the group";
    assert!(plan.stdout.contains(promised), "{}", plan.stdout);

    site.world.fault(json!({"action": "InstanceRefresh", "code": "x", "message": "health checks failed"}));
    let failed = site.run(&TWO).exits(1);
    assert!(failed.stderr.contains("the instance refresh ended as Failed: health checks failed"), "{}", failed.stderr);
    site.run(&["plan", "--detailed-exitcode", "--var", "kind=two"]).exits(2);

    site.world.delay("instance_refresh", 0.6);
    let (seen, done) = watched(|| site.healthy(&group).len(), || site.run(&TWO).succeeds());
    assert!(seen.iter().all(|n| *n >= 2), "never fewer than were promised: {seen:?}");
    assert!(done.stderr.contains("aws_autoscaling_group.web: instance refresh InProgress, "), "{}", done.stderr);
    let new = site.healthy(&group);
    assert!(new.len() == 3 && new.is_disjoint(&old), "{new:?}");
    let drift = site.run(&["plan", "--detailed-exitcode", "--var", "kind=two"]).exits(0);
    assert!(!drift.stdout.contains("changed outside"), "{}", drift.stdout);
}

#[test]
fn a_refresh_that_ends_the_only_member_is_refused() {
    let site = written(&scaled(1, ""));
    let refused = site.run(&["plan", "--var", "kind=two"]).exits(3);
    insta::assert_snapshot!(errors(&refused.stderr).trim_end());
    let shares = "min_healthy_percentage = 100\n max_healthy_percentage = 200";
    site.world.write("web/main.tf", &scaled(1, shares));
    let plan = site.run(&["plan", "--var", "kind=two"]).succeeds();
    assert!(plan.stdout.contains("web: 1 of 1 in service throughout, surge 1"), "{}", plan.stdout);
}

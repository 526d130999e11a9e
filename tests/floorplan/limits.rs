//! Expressions and blocks that ask for too much: an error that names them, and soon.

use std::time::{Duration, Instant};

use super::support::World;

/// A chain of locals, each twice the one before.
fn doubled(start: &str, double: &str) -> String {
    let lines = (1..40).map(|i| format!("  a{i} = {}\n", double.replace('@', &format!("local.a{}", i - 1))));
    let lines: String = lines.collect();
    format!("locals {{\n  a0 = {start}\n{lines}}}\noutput \"o\" {{\n  value = length(local.a39)\n}}\n")
}

#[test]
fn what_asks_for_too_much_is_an_error_not_an_abort() {
    let world = World::start();
    let count = |n: &str| format!("resource \"random_pet\" \"a\" {{\n  count = {n}\n}}\n");
    let cases = [
        ("output \"o\" {\n  value = setproduct(range(1000), range(1000), range(1000))\n}\n".to_owned(), "setproduct(range"),
        (doubled("[1]", "[@, @]"), "[local.a"),
        (doubled("{ a = 1 }", "{ a = @, b = @ }"), "{ a = local.a"),
        (doubled("[1]", "concat(@, @)"), "concat(local.a"),
        (count("100000000"), "count = 100000000"),
        (count("pow(10, 9)"), "pow(10, 9)"),
        (
            "resource \"random_pet\" \"a\" {\n  for_each = toset(flatten([for a in range(200) : [for b in range(100) : \"${a}-${b}\"]]))\n}\n"
                .to_owned(),
            "for_each = toset",
        ),
        (
            "resource \"aws_security_group\" \"a\" {\n  name = \"a\"\n  dynamic \"ingress\" {\n    for_each = flatten([for a in range(200) : range(100)])\n    content {\n      from_port = 1\n      to_port = 1\n      protocol = \"tcp\"\n    }\n  }\n}\n"
                .to_owned(),
            "for_each = flatten",
        ),
        ("output \"o\" {\n  value = range(1e9)\n}\n".to_owned(), "range(1e9)"),
        ("output \"o\" {\n  value = bcrypt(\"x\", 31)\n}\n".to_owned(), "bcrypt"),
        ("output \"o\" {\n  value = 1e9999 * 1e9999 * 1e9999 * 1e9999\n}\n".to_owned(), "1e9999 * 1e9999"),
        ("resource \"random_password\" \"a\" {\n  length = 1000000000\n}\n".to_owned(), "length = 1000000000"),
        ("resource \"random_bytes\" \"a\" {\n  length = 1000000000000\n}\n".to_owned(), "length = 1000000000000"),
        ("resource \"random_shuffle\" \"a\" {\n  input = [\"a\"]\n  result_count = 1000000000\n}\n".to_owned(), "result_count"),
    ];
    for (text, named) in cases {
        world.write("much/main.tf", &text);
        for command in ["validate", "plan"] {
            let begun = Instant::now();
            let run = world.floorplan(&[command, "much"]).exits(1);
            assert!(run.stderr.contains(named), "{named}: {}", run.stderr);
            assert!(begun.elapsed() < Duration::from_secs(60), "{named} took {:?}", begun.elapsed());
        }
    }
}

#[test]
fn too_many_module_instances_are_reported_once() {
    let world = World::start();
    world.write("much/m/main.tf", "resource \"random_pet\" \"a\" {\n  count = 1000\n}\n");
    world.write("much/main.tf", "module \"m\" {\n  source = \"./m\"\n  count = 100\n}\n");
    let run = world.floorplan(&["validate", "much"]).exits(1);
    assert_eq!(run.stderr.matches("Too many instances").count(), 1, "{}", run.stderr);
}

#[test]
fn the_limits_are_the_environments_and_a_wrong_one_is_said() {
    let world = World::start();
    world.write("few/main.tf", "output \"o\" {\n  value = length(range(500))\n}\n");
    let run = |name: &str, value: &str| {
        let output = world.command(&["validate", "few"]).env(name, value).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, said) = run("FLOORPLAN_MAX_ELEMENTS", "100");
    assert!(code == Some(1) && said.contains("range(500)") && said.contains("at most 100"), "{said}");
    assert_eq!(run("FLOORPLAN_MAX_ELEMENTS", "2000").0, Some(0));
    let (code, said) = run("FLOORPLAN_MAX_BYTES", "many");
    assert!(code == Some(1) && said.contains("FLOORPLAN_MAX_BYTES"), "{said}");
}

#[test]
fn missing_capacity_or_permission_is_reported_at_once() {
    let world = World::start();
    world.write("net/main.tf", "resource \"aws_vpc\" \"a\" {\n  cidr_block = \"10.0.0.0/16\"\n}\nresource \"aws_sns_topic\" \"a\" {\n  name = \"a\"\n}\n");
    for (action, code, status, expected) in [
        ("CreateVpc", "InsufficientInstanceCapacity", 500, &["apply again later", "aws_vpc.a"][..]),
        ("CreateTopic", "InsufficientCapacity", 503, &["apply again later", "aws_sns_topic.a"]),
        ("CreateVpc", "UnauthorizedOperation", 403, &["permission ec2:CreateVpc", "aws_vpc.a"]),
        ("CreateTopic", "AuthorizationError", 403, &["permission sns:CreateTopic", "aws_sns_topic.a"]),
        ("CreateTopic", "AccessDenied", 403, &["permission sns:CreateTopic", "aws_sns_topic.a"]),
        ("CreateVpc", "ExpiredToken", 400, &["Renew the credentials", "apply again", "aws_vpc.a"]),
        ("DescribeVpcs", "UnauthorizedOperation", 403, &["permission ec2:DescribeVpcs", "aws_vpc"]),
    ] {
        world.control("DELETE", "faults", None);
        world.fail(action, code, status, 99);
        let begun = Instant::now();
        let run = world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).exits(1);
        for words in expected {
            assert!(run.stderr.contains(words), "{action} {code}: {}", run.stderr);
        }
        assert!(begun.elapsed() < Duration::from_secs(40), "{code} took {:?}", begun.elapsed());
        world.control("DELETE", "faults", None);
        world.floorplan(&["destroy", "net", "--sandbox", "--auto-approve"]).succeeds();
    }
}

#[test]
fn a_lasting_server_error_is_not_repeated_for_minutes() {
    let world = World::start();
    let topic = |name: &str, shown: &str| {
        format!(
            "resource \"aws_sns_topic\" \"{name}\" {{\n  name         = \"{name}\"\n  display_name = \"{shown}\"\n}}\n"
        )
    };
    world.write("net/main.tf", &(topic("changes", "one") + &topic("goes", "one")));
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    let vpc = "resource \"aws_vpc\" \"comes\" {\n  cidr_block = \"10.0.0.0/16\"\n}\n";
    world.write("net/main.tf", &(topic("changes", "two") + vpc));
    for action in ["CreateVpc", "SetTopicAttributes", "DeleteTopic"] {
        world.fail(action, "InternalError", 500, 999);
    }
    let begun = Instant::now();
    let run = world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).exits(1);
    assert!(begun.elapsed() < Duration::from_secs(115), "{:?}", begun.elapsed());
    for address in ["aws_vpc.comes", "aws_sns_topic.changes", "aws_sns_topic.goes"] {
        let waits = format!("{address}: AWS does not accept it yet: injected by the sandbox, ");
        assert!(run.stderr.contains(&waits) || run.stdout.contains(&waits), "{}{}", run.stdout, run.stderr);
        assert!(run.stderr.contains(&format!("({address})")), "{}", run.stderr);
    }
    assert_eq!(run.stderr.matches("AWS answered with a server error each time").count(), 3, "{}", run.stderr);
    world.control("DELETE", "faults", None);
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).succeeds();
    assert_eq!(world.ids("DescribeVpcs", "vpcId", &[("cidr", "10.0.0.0/16")]).len(), 1);
}

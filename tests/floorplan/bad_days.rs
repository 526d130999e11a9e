//! Bad days of a state in a bucket: each ends in an error that names the place, the cause and the cure, and nothing is
//! overwritten.

use super::remote_state::{APPLY, BUCKET, GATEWAY, elsewhere, keys, layout, object, started, world};
use super::support::World;
use serde_json::json;

const PLAN: [&str; 3] = ["plan", "net", "--sandbox"];
const KEY: &str = "acme/net.json";

/// The world after an apply.
fn applied() -> World {
    let world = world();
    world.floorplan(&APPLY).succeeds();
    world
}

fn text(world: &World, key: &str) -> String {
    let (status, text) = world.send("GET", &format!("/{BUCKET}/{key}"), "s3", &[], b"");
    assert_eq!(status, 200, "{key}: {text}");
    text
}

fn put(world: &World, key: &str, text: &str) {
    assert_eq!(world.send("PUT", &format!("/{BUCKET}/{key}"), "s3", &[], text.as_bytes()).0, 200);
}

/// All that is in the bucket.
fn all(world: &World) -> Vec<(String, String)> {
    keys(world).into_iter().map(|key| (key.clone(), text(world, &key))).collect()
}

/// Fails a command, whose error holds these parts, and which leaves the bucket as it is.
#[track_caller]
fn refused(world: &World, command: &[&str], parts: &[&str]) {
    let before = all(world);
    let run = world.floorplan(command).exits(1);
    for part in parts {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
    assert_eq!(all(world), before, "nothing is overwritten");
}

/// Fails calls on an object, or on the bucket itself, until the faults are removed.
fn deny(world: &World, method: &str, key: &str, code: &str, status: u16, message: &str) {
    let path = if key.is_empty() { format!("{method} /{BUCKET}") } else { format!("{method} /{BUCKET}/{key}") };
    for action in [path.clone(), format!("{path}/")] {
        world.fault(
            json!({"service": "s3", "action": action, "code": code, "status": status, "message": message, "times": 50}),
        );
    }
}

fn allow(world: &World) {
    world.control("DELETE", "faults", None);
}

#[test]
fn a_missing_permission_is_named_with_its_object() {
    let world = applied();
    world.write("net/main.tf", &layout(GATEWAY));
    for (method, key, permission, command) in [
        ("GET", KEY, "s3:GetObject", &PLAN[..]),
        ("GET", "", "s3:ListBucket", &PLAN),
        ("PUT", "acme/net.json.lock", "s3:PutObject", &APPLY),
    ] {
        deny(&world, method, key, "AccessDenied", 403, "Access Denied");
        let before = world.ids("DescribeInternetGateways", "internetGatewayId", &[]);
        let run = world.floorplan(command).exits(1);
        allow(&world);
        for part in [permission, "s3://acme-states/acme/net.json", "permission"] {
            assert!(run.stderr.contains(part), "{method} {key} {part}: {}", run.stderr);
        }
        assert_eq!(world.ids("DescribeInternetGateways", "internetGatewayId", &[]), before);
    }
    // Found out only at the end: the journal keeps what was done, and the next run goes on.
    deny(&world, "PUT", "acme/net.json.history/000000000002.json", "AccessDenied", 403, "Access Denied");
    let run = world.floorplan(&APPLY).exits(1);
    assert!(run.stderr.contains("acme/net.json.history/000000000002.json"), "{}", run.stderr);
    allow(&world);
    world.floorplan(&APPLY).succeeds();
    assert_eq!(world.ids("DescribeInternetGateways", "internetGatewayId", &[]).len(), 1);
    world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).succeeds();
}

#[test]
fn a_lock_that_cannot_be_removed_runs_out() {
    let world = world();
    deny(&world, "DELETE", "acme/net.json.lock", "AccessDenied", 403, "Access Denied");
    let run = world.floorplan(&APPLY).exits(0);
    assert!(run.stdout.contains("Apply complete") || run.stderr.contains("Apply complete"), "{run:?}");
    allow(&world);
    assert!(keys(&world).contains(&"acme/net.json.lock".to_owned()));
    let later: Vec<&str> = APPLY.into_iter().chain(["--lock-timeout", "60s"]).collect();
    world.floorplan(&later).succeeds();
    assert!(!keys(&world).contains(&"acme/net.json.lock".to_owned()));
}

#[test]
fn a_wrong_region_names_the_argument() {
    let world = applied();
    for (code, status) in [("AuthorizationHeaderMalformed", 400), ("PermanentRedirect", 301)] {
        deny(&world, "GET", "", code, status, "the region 'eu-west-1' is wrong; expecting 'us-east-1'");
        deny(&world, "GET", KEY, code, status, "the region 'eu-west-1' is wrong; expecting 'us-east-1'");
        let run = world.floorplan(&PLAN).exits(1);
        allow(&world);
        for part in ["s3://acme-states/acme/net.json", "correct `region`"] {
            assert!(run.stderr.contains(part), "{code} {part}: {}", run.stderr);
        }
    }
}

#[test]
fn a_wrong_clock_is_named() {
    let world = applied();
    for key in ["", KEY] {
        deny(&world, "GET", key, "RequestTimeTooSkewed", 403, "The difference between the times is too large.");
    }
    let run = world.floorplan(&PLAN).exits(1);
    assert!(run.stderr.contains("Set the clock of this machine"), "{}", run.stderr);
}

#[test]
fn a_key_of_kms_that_may_not_be_used_is_named() {
    let world = applied();
    world.write("net/main.tf", &layout(GATEWAY).replace("    region", "    kms_key_id = \"alias/states\"\n    region"));
    let message = "User is not authorized to perform: kms:GenerateDataKey on resource: alias/states";
    deny(&world, "PUT", "acme/net.json.lock", "AccessDenied", 403, message);
    refused(&world, &APPLY, &["s3://acme-states/acme/net.json.lock", "kms:GenerateDataKey"]);
}

#[test]
fn an_object_of_no_bytes_is_not_a_new_state() {
    let world = applied();
    put(&world, KEY, "");
    for command in [&PLAN[..], &APPLY] {
        refused(&world, command, &["is cut short", "s3://acme-states/acme/net.json", "state history --restore 1"]);
    }
    world.floorplan(&["state", "history", "--restore", "1", "--layout", "net", "--sandbox"]).succeeds();
    assert!(world.floorplan(&PLAN).succeeds().stdout.contains("No changes."));
}

#[test]
fn a_removed_state_is_not_a_new_one() {
    let world = applied();
    assert_eq!(world.send("DELETE", &format!("/{BUCKET}/{KEY}"), "s3", &[], b"").0, 204);
    for command in [&PLAN[..], &APPLY] {
        refused(&world, command, &["The state file is missing", "state history --restore 1"]);
    }
}

#[test]
fn a_state_of_another_lineage_is_refused() {
    let world = applied();
    let whole = layout("");
    world.write("other/main.tf", &whole[whole.find("resource").unwrap()..]);
    world.write("net/main.tf", &whole[whole.find("resource").unwrap()..]);
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve", "--state", "other.json"]).succeeds();
    world.write("net/main.tf", &whole);
    put(&world, KEY, &world.read("other.json"));
    for command in [&PLAN[..], &APPLY] {
        refused(&world, command, &["different lineages", "s3://acme-states/acme/net.json", "--restore 1"]);
    }
    put(&world, KEY, &world.read("other.json").replace("\"layout\": \"net\"", "\"layout\": \"web\""));
    refused(&world, &APPLY, &["acme/net.json"]);
}

#[test]
fn a_state_that_is_older_than_its_journal_is_refused() {
    let world = applied();
    let first = text(&world, KEY);
    world.write("net/main.tf", &layout(GATEWAY));
    world.floorplan(&APPLY).succeeds();
    world.write(
        "net/main.tf",
        &layout(&format!("{GATEWAY}resource \"aws_route_table\" \"a\" {{\n  vpc_id = aws_vpc.main.id\n}}\n")),
    );
    world.hold("CreateRouteTable", "before", 60.0);
    let mut killed = started(&world, &APPLY);
    world.wait_for("CreateRouteTable");
    killed.kill().unwrap();
    killed.wait().unwrap();
    put(&world, KEY, &first);
    refused(&world, &PLAN, &["older than its journal", "s3://acme-states/acme/net.json", "serial 1", "--restore 2"]);
    let parts = ["The state is locked by another run", "ends by itself within a minute", "force-unlock"];
    refused(&world, &APPLY, &parts);
}

#[test]
fn a_bucket_in_another_region_than_the_objects_is_one() {
    let world = world();
    let text = layout("")
        .replace("resource \"aws_vpc\"", "provider \"aws\" {\n  region = \"us-east-2\"\n}\nresource \"aws_vpc\"");
    world.write("net/main.tf", &text);
    world.floorplan(&APPLY).succeeds();
    assert_eq!(object(&world, KEY)["serial"], 1);
    assert!(world.ids("DescribeVpcs", "vpcId", &[("cidr-block", "10.0.0.0/16")]).is_empty(), "they are in us-east-2");
    elsewhere(&world, &["plan", "net", "--sandbox", "--detailed-exitcode"]).succeeds();
    elsewhere(&world, &["destroy", "net", "--sandbox", "--auto-approve"]).succeeds();
}

#[test]
fn a_store_that_ignores_conditions_is_refused() {
    // As such a store is: it writes what it is asked to write, whatever is there.
    let world = world();
    let store = super::careless::Store::start();
    let text = layout("").replace("    region", &format!("    use_path_style = true\n    access_key = \"a\"\n    secret_key = \"b\"\n    endpoints = {{ s3 = \"{}\" }}\n    region", store.url()));
    world.write("net/main.tf", &text);
    let mut command = world.command(&["state", "rm", "aws_vpc.main", "--layout", "net"]);
    let run = command.env_remove("AWS_ENDPOINT_URL").output().unwrap();
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(said.contains("This store cannot keep a state safely") && said.contains("If-None-Match"), "{said}");
    assert_eq!(store.keys(), Vec::<String>::new(), "no lock stays");
}

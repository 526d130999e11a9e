//! `terraform_remote_state` in a bucket: the outputs of another layout, whichever program keeps its state.

use super::remote_state::{BUCKET, keys, world};
use super::support::{REGION, World};
use serde_json::json;

const PLAN: [&str; 3] = ["plan", "app", "--sandbox"];
const APPLY: [&str; 4] = ["apply", "app", "--sandbox", "--auto-approve"];

/// A layout that reads a state, without a provider. `more` are arguments of the data source, `config` of its backend.
fn reader(config: &str, more: &str) -> String {
    format!(
        r#"
data "terraform_remote_state" "net" {{
  backend = "s3"
  config = {{
    bucket = "{BUCKET}"
    region = "{REGION}"
    {config}
  }}
  {more}
}}
resource "terraform_data" "vpc" {{
  input = data.terraform_remote_state.net.outputs.vpc
}}
output "vpc" {{
  value = terraform_data.vpc.output
}}
output "all" {{
  value     = data.terraform_remote_state.net.outputs
  sensitive = true
}}
"#
    )
}

fn output(world: &World, name: &str) -> String {
    world.floorplan(&["output", "--layout", "app", "--raw", name]).succeeds().stdout.trim().to_owned()
}

fn put(world: &World, key: &str, text: &str) {
    assert_eq!(world.send("PUT", &format!("/{BUCKET}/{key}"), "s3", &[], text.as_bytes()).0, 200);
}

fn of_terraform(vpc: &str) -> String {
    let outputs = json!({
        "vpc": { "value": vpc, "type": "string" },
        "psk": { "value": "hunter2-hunter2", "type": "string", "sensitive": true },
    });
    json!({ "version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "x", "outputs": outputs, "resources": [] })
        .to_string()
}

#[test]
fn outputs_of_a_state_in_a_bucket_are_read() {
    let world = world();
    let key = world.json("kms", "TrentService.CreateKey", json!({}));
    let key = key["KeyMetadata"]["Arn"].as_str().unwrap().to_owned();
    let net = world
        .read("net/main.tf")
        .replace("region = \"eu-west-1\"", &format!("region = \"eu-west-1\"\n    seal_kms_key_id = {key:?}"));
    let secret = "resource \"random_password\" \"p\" {\n  length = 24\n}\noutput \"psk\" {\n  value     = random_password.p.result\n  sensitive = true\n}\n";
    world.write("net/main.tf", &(net + secret));
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    world.write("app/main.tf", &reader("key = \"acme/net.json\"", ""));
    world.forget_calls();
    let plan = world.floorplan(&PLAN).succeeds();
    let vpc = world.ids("DescribeVpcs", "vpcId", &[("cidr", "10.0.0.0/16")]).remove(0);
    assert!(plan.stdout.contains(&vpc), "{}", plan.stdout);
    assert_eq!(world.writes(), [""; 0], "another state is only read");
    world.floorplan(&APPLY).succeeds();
    assert_eq!(output(&world, "vpc"), vpc);
    // A secret stays one.
    let psk = world.floorplan(&["output", "--layout", "net", "--sandbox", "--raw", "psk"]).succeeds().stdout;
    let state = world.read("app/state/app/state.json");
    assert!(!state.contains(psk.trim()) && state.contains("\"secrets\""), "{state}");
    let shows = "output \"psk\" {\n  value = data.terraform_remote_state.net.outputs.psk\n}\n";
    world.write("app/main.tf", &(reader("key = \"acme/net.json\"", "") + shows));
    let run = world.floorplan(&PLAN).exits(1);
    assert!(run.stderr.contains("sensitive") && !run.stderr.contains(psk.trim()), "{}", run.stderr);
    assert!(keys(&world).iter().all(|key| key.starts_with("acme/")), "{:?}", keys(&world));
}

#[test]
fn a_state_of_terraforms_is_read_by_workspace_and_at_apply() {
    let world = world();
    put(&world, "net.tfstate", &of_terraform("vpc-1"));
    put(&world, "env:/blue/net.tfstate", &of_terraform("vpc-2"));
    put(&world, "spaces/blue/net.tfstate", &of_terraform("vpc-3"));
    let key = "key = \"net.tfstate\"";
    let prefix = format!("{key}\n    workspace_key_prefix = \"spaces\"");
    for (config, workspace, expected) in
        [(key, "", "vpc-1"), (key, "default", "vpc-1"), (key, "blue", "vpc-2"), (prefix.as_str(), "blue", "vpc-3")]
    {
        let workspace = if workspace.is_empty() { String::new() } else { format!("workspace = {workspace:?}") };
        world.write("app/main.tf", &reader(config, &workspace));
        world.floorplan(&APPLY).succeeds();
        assert_eq!(output(&world, "vpc"), expected, "{config} {workspace}");
    }
    // Its key is known only once something else is made.
    let late = "resource \"random_pet\" \"p\" {}\n";
    let config = "key = random_pet.p.id == \"\" ? \"none\" : \"net.tfstate\"";
    world.write("app/main.tf", &(reader(config, "defaults = { vpc = \"none\", more = 1 }") + late));
    let run = world.floorplan(&APPLY).succeeds();
    assert_eq!(output(&world, "vpc"), "vpc-1", "{}", run.stdout);
    let all = world.floorplan(&["output", "--layout", "app", "--json", "all"]).succeeds().stdout;
    assert!(all.contains("\"more\": 1") || all.contains("\"more\":1"), "{all}");
}

#[test]
fn a_state_that_cannot_be_read_says_why() {
    let world = world();
    put(&world, "text", "Hello.");
    put(&world, "other", "{\"version\": 5}");
    put(&world, "net.tfstate", &of_terraform("vpc-1"));
    let refused = |config: &str, more: &str, parts: &[&str]| {
        world.write("app/main.tf", &reader(config, more));
        let run = world.floorplan(&PLAN).exits(1);
        for part in parts.iter().chain(&["data.terraform_remote_state.net"]) {
            assert!(run.stderr.contains(part), "{config} {more} {part}: {}", run.stderr);
        }
    };
    refused("key = \"none\"", "", &["s3://acme-states/none", "No state was found", "Apply the layout"]);
    refused(
        "key = \"net.tfstate\"",
        "workspace = \"red\"",
        &["s3://acme-states/env:/red/net.tfstate", "No state was found"],
    );
    refused("key = \"text\"", "", &["s3://acme-states/text", "not JSON"]);
    refused("key = \"other\"", "", &["s3://acme-states/other", "format 5"]);
    refused("", "", &["lacks \"key\""]);
    refused("key = \"a\"\n    colour = \"red\"", "", &["no argument \"colour\""]);
    refused("key = \"a\"\n    max_retries = \"many\"", "", &["max_retries"]);
    refused("key = \"a\"\n    seal_kms_key_id = \"x\"", "", &["no argument \"seal_kms_key_id\""]);
    refused("key = \"a\"\n    sse_customer_key = \"x\"", "", &["sse_customer_key", "kms_key_id"]);
    refused("key = \"a\"\n    bucket = \"nowhere\"", "", &["s3://nowhere/a", "NoSuchBucket", "name"]);
    let path = format!("GET /{BUCKET}/net.tfstate");
    world.fault(json!({"service": "s3", "action": path, "code": "AccessDenied", "status": 403, "message": "Access Denied", "times": 50}));
    refused("key = \"net.tfstate\"", "", &["s3://acme-states/net.tfstate", "s3:GetObject"]);
}

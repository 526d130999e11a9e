//! The state that Terraform left: read as it is, adopted, and given back. `terraform/net` is a layout, and
//! `terraform/net.tfstate` the state that Terraform 1.11 with the AWS provider 5.100 wrote when it made it.

use super::support::{World, copy};
use serde_json::{Map, Value};
use std::path::Path;

const APPLY: [&str; 4] = ["apply", "net", "--sandbox", "--auto-approve"];

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/floorplan/terraform")
}

fn kept() -> Value {
    serde_json::from_slice(&std::fs::read(folder().join("net.tfstate")).unwrap()).unwrap()
}

/// The id and the ARN of each object, by address, in a state of Terraform's.
fn names(state: &Value) -> Vec<(String, Vec<String>)> {
    let mut all = Vec::new();
    for resource in state["resources"].as_array().unwrap().iter().filter(|r| r["mode"] == "managed") {
        for one in resource["instances"].as_array().unwrap() {
            let module = resource["module"].as_str().map(|m| format!("{m}.")).unwrap_or_default();
            let key = match &one["index_key"] {
                Value::Null => String::new(),
                key => format!("[{key}]"),
            };
            let address = format!("{module}{}.{}{key}", resource["type"].as_str().unwrap(), resource["name"].as_str().unwrap());
            all.push((address, given_by_aws(one["attributes"].as_object().unwrap())));
        }
    }
    all
}

/// The attributes whose values differ from one account to the next.
const GIVEN: [&str; 12] = [
    "id",
    "arn",
    "security_group_rule_id",
    "allocation_id",
    "association_id",
    "public_ip",
    "private_ip",
    "network_interface_id",
    "main_route_table_id",
    "default_route_table_id",
    "default_security_group_id",
    "default_network_acl_id",
];

fn given_by_aws(attributes: &Map<String, Value>) -> Vec<String> {
    GIVEN.iter().map(|name| attributes.get(*name).and_then(Value::as_str).unwrap_or_default().to_owned()).collect()
}

/// A world in which the objects of the kept state exist, with the state beside the layout. Floorplan made them: their
/// ids are put in the place of those that Terraform was given.
fn world() -> World {
    let world = World::start();
    copy(&folder().join("net"), &world.path().join("net"));
    world.floorplan(&APPLY).succeeds();
    let shown = world.floorplan(&["show", "net", "--json", "--sandbox"]).succeeds().stdout;
    let shown: Value = serde_json::from_str(&shown).unwrap();
    let mut made = Map::new();
    collect(&shown["values"]["root_module"], &mut made);
    let mut text = std::fs::read_to_string(folder().join("net.tfstate")).unwrap();
    for (address, was) in names(&kept()) {
        let now = given_by_aws(made.get(&address).unwrap_or_else(|| panic!("{address}: {made:?}")).as_object().unwrap());
        for (was, now) in was.iter().zip(&now).filter(|(was, now)| !was.is_empty() && was != now) {
            text = text.replace(&format!("\"{was}\""), &format!("\"{now}\""));
        }
    }
    std::fs::remove_dir_all(world.path().join("net/state")).unwrap();
    world.write("net/terraform.tfstate", &text);
    world
}

fn collect(module: &Value, all: &mut Map<String, Value>) {
    for resource in module["resources"].as_array().into_iter().flatten() {
        all.insert(resource["address"].as_str().unwrap().into(), resource["values"].clone());
    }
    module["child_modules"].as_array().into_iter().flatten().for_each(|child| collect(child, all));
}

#[test]
fn a_state_of_terraform_is_planned_on_as_it_is() {
    let world = world();
    let before = world.read("net/terraform.tfstate");
    world.forget_calls();
    let plan = world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).exits(0);
    assert!(plan.stdout.contains("State: Terraform's, serial"), "{}", plan.stdout);
    assert!(plan.stdout.contains("No changes"), "{}", plan.stdout);
    assert_eq!(world.writes(), Vec::<String>::new());
    let list = world.floorplan(&["state", "--layout", "net", "list"]).succeeds().stdout;
    assert_eq!(list.lines().count(), names(&kept()).len(), "{list}");
    assert!(!world.path().join("net/state").exists());
    assert_eq!(world.read("net/terraform.tfstate"), before);
    let apply = world.floorplan(&APPLY).exits(1);
    assert!(apply.stderr.contains("floorplan state adopt"), "{}", apply.stderr);
}

#[test]
fn a_state_is_adopted_changed_and_given_back() {
    let world = world();
    let serial = |text: &str| serde_json::from_str::<Value>(text).unwrap()["serial"].as_u64().unwrap();
    let first = serial(&world.read("net/terraform.tfstate"));
    world.floorplan(&["state", "--layout", "net", "adopt"]).succeeds();
    let marker: Value = serde_json::from_str(&world.read("net/terraform.tfstate")).unwrap();
    assert_eq!(marker["version"], 5, "{marker}");
    world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).exits(0);
    let layout = world.read("net/main.tf").replace("Tier = each.key", "Tier = upper(each.key)");
    world.write("net/main.tf", &layout);
    let apply = world.floorplan(&APPLY).succeeds();
    assert!(apply.stdout.contains("2 changed") || apply.stdout.contains("2 to change"), "{}", apply.stdout);
    let exported = world.floorplan(&["state", "--layout", "net", "export", "--terraform", "--provider", "5"]).succeeds();
    let document: Value = serde_json::from_str(&exported.stdout).unwrap();
    assert_eq!(document["version"], 4);
    assert_eq!(names(&document).len(), names(&kept()).len());
    // All that Terraform knew of an object that did not change is as Terraform had it.
    let (was, now) = (by_address(&kept()), by_address(&document));
    for (address, was) in &was {
        let names = |attributes: &Value| attributes.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert!(names(was).iter().all(|name| now[address].get(name).is_some()), "{address}");
    }
    assert_eq!(now["aws_db_instance.orders"]["password"], "hunter2hunter2");
    assert_eq!(now["aws_security_group.each[\"web\"]"]["tags"]["Tier"], "WEB");
    world.floorplan(&["state", "--layout", "net", "release"]).succeeds();
    assert!(serial(&world.read("net/terraform.tfstate")) > first);
    let plan = world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).exits(0);
    assert!(plan.stdout.contains("State: Terraform's"), "{}", plan.stdout);
}

fn by_address(state: &Value) -> std::collections::BTreeMap<String, Value> {
    let all = state["resources"].as_array().unwrap().iter().filter(|r| r["mode"] == "managed");
    let instances = all.flat_map(|resource| resource["instances"].as_array().unwrap());
    let addresses = names(state).into_iter().map(|(address, _)| address);
    addresses.zip(instances.map(|one| one["attributes"].clone())).collect()
}

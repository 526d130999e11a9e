//! The state that Terraform left: read as it is, adopted, and given back. `terraform/net` is a layout, and
//! `terraform/net.tfstate` the state that Terraform 1.11 with the AWS provider 5.100 wrote when it made it.

use super::support::{REGION, World, copy};
use floorplan::resources::Types;
use floorplan::state::terraform;
use floorplan::value::address::parse_instance;
use serde_json::{Map, Value, json};
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
            let address =
                format!("{module}{}.{}{key}", resource["type"].as_str().unwrap(), resource["name"].as_str().unwrap());
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
        let now =
            given_by_aws(made.get(&address).unwrap_or_else(|| panic!("{address}: {made:?}")).as_object().unwrap());
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
    let exported =
        world.floorplan(&["state", "--layout", "net", "export", "--terraform", "--provider", "5"]).succeeds();
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

/// A state with all that a file of Terraform's can say of an object, written by hand after those of the providers
/// hashicorp/random 3 and hashicorp/tls 4.
fn odd() -> Vec<u8> {
    serde_json::to_vec(&json!({
        "version": 4, "terraform_version": "1.9.0", "serial": 7, "lineage": "3c0e", "check_results": null,
        "outputs": {
            "zones": { "value": ["a", "b"], "type": ["set", "string"] },
            "token": { "value": "hunter3", "type": "string", "sensitive": true },
        },
        "resources": [
            { "mode": "managed", "type": "random_password", "name": "db",
              "provider": "provider[\"registry.terraform.io/hashicorp/random\"]",
              "instances": [{ "schema_version": 3, "attributes": {
                  "bcrypt_hash": "$2a$10$x", "id": "none", "keepers": null, "length": 16, "lower": true, "min_lower": 0,
                  "min_numeric": 0, "min_special": 0, "min_upper": 0, "number": true, "numeric": true,
                  "override_special": null, "result": "hunter2hunter2", "special": true, "upper": true },
                  "sensitive_attributes": [[{ "type": "get_attr", "value": "result" }]] }] },
            { "mode": "managed", "type": "tls_private_key", "name": "ssh",
              "provider": "provider[\"registry.terraform.io/hashicorp/tls\"]",
              "instances": [{ "schema_version": 1, "attributes": {
                  "algorithm": "ED25519", "id": "9ab1", "private_key_pem": "-----BEGIN", "public_key_openssh": "ssh-ed25519 A" } }] },
            { "module": "module.net[\"blue\"]", "mode": "managed", "type": "aws_vpc", "name": "this",
              "provider": "provider[\"registry.terraform.io/hashicorp/aws\"].west",
              "instances": [
                { "index_key": 0, "schema_version": 1, "status": "tainted",
                  "attributes": { "id": "vpc-1", "cidr_block": "10.0.0.0/16",
                    "arn": "arn:aws:ec2:us-west-2:111122223333:vpc/vpc-1" },
                  "dependencies": ["random_password.db", "data.aws_region.here"] },
                { "index_key": 0, "deposed": "0badcafe", "schema_version": 1, "attributes": { "id": "vpc-0" } }] },
            { "mode": "managed", "type": "aws_kinesis_stream", "name": "clicks", "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
              "instances": [{ "index_key": "eu", "schema_version": 1, "attributes": { "id": "clicks" } }] },
            { "mode": "data", "type": "aws_region", "name": "here", "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
              "instances": [{ "schema_version": 0, "attributes": { "id": "eu-west-1" } }] },
        ],
    }))
    .unwrap()
}

#[test]
fn all_that_a_state_of_terraform_says_is_read() {
    let read = terraform::read(&odd(), "terraform.tfstate", "net", &Types).unwrap();
    assert_eq!(read.unserved, ["aws_kinesis_stream.clicks[\"eu\"]"]);
    assert_eq!((read.state.serial, read.state.lineage.as_str(), read.version.as_str()), (7, "3c0e", "1.9.0"));
    let get = |address: &str| &read.state.resources[&parse_instance(address).unwrap()];
    let vpc = get("module.net[\"blue\"].aws_vpc.this[0]");
    assert_eq!((vpc.id.as_str(), vpc.provider.as_str()), ("vpc-1", "aws.west"));
    assert_eq!((vpc.region.as_str(), vpc.account.as_str()), ("us-west-2", "111122223333"));
    assert!(vpc.tainted);
    assert_eq!(vpc.depends_on, [parse_instance("random_password.db").unwrap()]);
    let deposed: Vec<_> =
        read.state.deposed.iter().map(|((_, key), instance)| (key.as_str(), instance.id.as_str())).collect();
    assert_eq!(deposed, [("0badcafe", "vpc-0")]);
    assert_eq!(read.state.resources.len(), 3, "data sources are read again");
    // Objects that live in the state alone are taken over whole, their secrets marked.
    let password = get("random_password.db").attrs.get("result").unwrap();
    assert_eq!((password.as_str(), password.is_sensitive()), (Some("hunter2hunter2"), true));
    let key = get("tls_private_key.ssh").attrs.get("private_key_pem").unwrap();
    assert!(key.is_sensitive(), "{key:?}");
    assert!(read.state.outputs["token"].value.is_sensitive());
    assert_eq!(read.state.outputs["zones"].value, floorplan::value::Value::string_set(["a", "b"]));
}

#[test]
fn an_export_carries_what_floorplan_does_not_read() {
    let original = terraform::document(&odd(), "here").unwrap();
    let read = terraform::read(&odd(), "here", "net", &Types).unwrap();
    let export = terraform::write(&read.state, Some(&original), terraform::Provider::V5, "1.11.4", &Types);
    assert!(export.unknown.is_empty(), "{:?}", export.unknown);
    let find = |document: &terraform::Document, name: &str| {
        document.resources.iter().find(|r| r.type_name == name).cloned().unwrap_or_else(|| panic!("{name}"))
    };
    for name in ["aws_kinesis_stream", "aws_region"] {
        assert_eq!(find(&export.document, name), find(&original, name));
    }
    let again = terraform::read(&serde_json::to_vec(&export.document).unwrap(), "here", "net", &Types).unwrap();
    assert_eq!(again.state, read.state);
    let (was, now) = (find(&original, "random_password"), find(&export.document, "random_password"));
    let known = |r: &terraform::document::Resource| r.instances[0].attributes["result"].clone();
    assert_eq!(known(&was), known(&now));
}

#[test]
fn a_file_that_is_not_such_a_state_says_why() {
    let refuse =
        |text: &str| terraform::read(text.as_bytes(), "terraform.tfstate", "net", &Types).unwrap_err().to_string();
    insta::assert_snapshot!(refuse(r#"{ "version": 3, "terraform_version": "0.11.14" }"#), @r"
    error: The state of Terraform has another format
      terraform.tfstate is of format 3; Floorplan reads format 4.
      Hint: Let Terraform 0.12 or later write it anew, for instance with `terraform apply -refresh-only`.
    ");
    let aws = "provider[\"registry.terraform.io/hashicorp/aws\"]";
    let state = json!({
        "version": 4, "terraform_version": "1.5.0", "serial": 1, "lineage": "a",
        "resources": [
            { "mode": "managed", "type": "aws_vpc", "name": "a", "provider": "aws",
              "instances": [{ "attributes": { "id": "vpc-1" } }] },
            { "mode": "managed", "type": "aws_subnet", "name": "b", "provider": aws, "instances": [
                { "attributes": { "id": "subnet-1", "map_public_ip_on_launch": [] } },
                { "index_key": 1, "attributes": {} },
            ] },
        ],
    });
    let all = refuse(&state.to_string());
    for part in
        ["aws_vpc.a is not valid", "aws_subnet.b is not valid: map_public_ip_on_launch", "aws_subnet.b[1] is not"]
    {
        assert!(all.contains(part), "{part}: {all}");
    }
}

/// A world with one VPC, and its state of Terraform's in a bucket.
fn in_a_bucket() -> World {
    let world = World::start();
    let vpc = world.ec2("CreateVpc", &[("CidrBlock", "10.0.0.0/16")]).one("vpcId");
    world.write(
        "net/main.tf",
        &format!(
            r#"
terraform {{
  backend "s3" {{
    bucket         = "states"
    key            = "net.tfstate"
    region         = "{REGION}"
    dynamodb_table = "locks"
  }}
}}
provider "aws" {{
  region = "{REGION}"
}}
resource "aws_vpc" "main" {{
  cidr_block = "10.0.0.0/16"
}}
"#
        ),
    );
    let place = format!(
        "<CreateBucketConfiguration><LocationConstraint>{REGION}</LocationConstraint></CreateBucketConfiguration>"
    );
    assert_eq!(world.send("PUT", "/states", "s3", &[], place.as_bytes()).0, 200);
    let table = json!({
        "TableName": "locks",
        "AttributeDefinitions": [{ "AttributeName": "LockID", "AttributeType": "S" }],
        "KeySchema": [{ "AttributeName": "LockID", "KeyType": "HASH" }],
        "BillingMode": "PAY_PER_REQUEST",
    });
    world.json("dynamodb", "DynamoDB_20120810.CreateTable", table);
    let state = json!({
        "version": 4, "terraform_version": "1.11.4", "serial": 41, "lineage": "8a1e", "outputs": {},
        "resources": [{
            "mode": "managed", "type": "aws_vpc", "name": "main",
            "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
            "instances": [{ "schema_version": 1, "attributes": { "id": vpc, "cidr_block": "10.0.0.0/16" } }],
        }],
    });
    put(&world, "net.tfstate", &state);
    world
}

fn put(world: &World, key: &str, json: &Value) {
    assert_eq!(world.send("PUT", &format!("/states/{key}"), "s3", &[], json.to_string().as_bytes()).0, 200);
}

fn object(world: &World, key: &str) -> (u16, Value) {
    let (status, text) = world.send("GET", &format!("/states/{key}"), "s3", &[], b"");
    (status, serde_json::from_str(&text).unwrap_or_default())
}

#[test]
fn a_state_in_a_bucket_is_adopted_under_terraforms_locks() {
    let world = in_a_bucket();
    let plan = world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).exits(0);
    assert!(plan.stdout.contains("State: Terraform's, serial 41, read only"), "{}", plan.stdout);
    let adopt = ["state", "--layout", "net", "adopt", "--sandbox"];
    // A run of Terraform with `use_lockfile`, and one that locks in the table.
    put(&world, "net.tfstate.tflock", &json!({ "ID": "1", "Who": "ada@build-7", "Operation": "OperationTypeApply" }));
    let refused = world.floorplan(&adopt).exits(1);
    assert!(refused.stderr.contains("ada@build-7"), "{}", refused.stderr);
    assert_eq!(world.send("DELETE", "/states/net.tfstate.tflock", "s3", &[], b"").0, 204);
    let lock = json!({ "LockID": { "S": "states/net.tfstate" }, "Info": { "S": r#"{"ID":"2","Who":"bob@build-8"}"# } });
    world.json("dynamodb", "DynamoDB_20120810.PutItem", json!({ "TableName": "locks", "Item": lock }));
    let refused = world.floorplan(&adopt).exits(1);
    assert!(refused.stderr.contains("bob@build-8"), "{}", refused.stderr);
    assert_eq!(object(&world, "net.tfstate").1["serial"], 41);
    let key = json!({ "TableName": "locks", "Key": { "LockID": { "S": "states/net.tfstate" } } });
    world.json("dynamodb", "DynamoDB_20120810.DeleteItem", key.clone());
    world.floorplan(&adopt).succeeds();
    assert_eq!(object(&world, "net.tfstate.tflock").0, 404);
    assert!(world.json("dynamodb", "DynamoDB_20120810.GetItem", key).get("Item").is_none());
    assert!(object(&world, "net.tfstate").1.get("floorplan_state").is_some());
    assert_eq!(object(&world, "net.tfstate.terraform").1["serial"], 41);
    let plan = world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).exits(0);
    assert!(!plan.stdout.contains("Terraform's"), "{}", plan.stdout);
    world.floorplan(&APPLY).succeeds();
    world.floorplan(&["state", "--layout", "net", "release", "--sandbox"]).succeeds();
    let released = object(&world, "net.tfstate").1;
    assert_eq!((released["version"].as_u64(), released["lineage"].as_str()), (Some(4), Some("8a1e")));
    assert!(released["serial"].as_u64() > Some(41), "{released}");
}

#[test]
fn a_lock_of_terraforms_that_stays_is_said() {
    let denied = |service: &str, action: &str, code: &str| json!({"service": service, "action": action, "code": code, "status": 403, "message": "Access Denied", "times": 90});
    let object_of_lock = denied("s3", "DELETE /states/net.tfstate.tflock", "AccessDenied");
    let item = denied("dynamodb", "DeleteItem", "AccessDeniedException");
    for (fault, parts) in [
        (object_of_lock, ["s3:DeleteObject", "Remove s3://states/net.tfstate.tflock by hand"]),
        (item, ["dynamodb:DeleteItem", "Remove the item of its lock in the table by hand"]),
    ] {
        let world = in_a_bucket();
        world.fault(fault);
        let run = world.floorplan(&["state", "--layout", "net", "adopt", "--sandbox"]).exits(1);
        let said = ["Terraform's lock of the state is not released", "s3://states/net.tfstate", "All else is done."];
        for part in parts.iter().chain(&said) {
            assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
        }
        world.control("DELETE", "faults", None);
        assert!(object(&world, "net.tfstate").1.get("floorplan_state").is_some(), "the state is adopted");
        world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).succeeds();
    }
}

/// One object of each type that Terraform 1.11 with the AWS provider 5.100 could make in the sandbox: its plain attributes,
/// and the id under which Floorplan found it unchanged.
#[test]
fn an_object_of_terraform_is_known_by_its_id() {
    let all: Map<String, Value> = serde_json::from_slice(&std::fs::read(folder().join("ids.json")).unwrap()).unwrap();
    assert!(all.len() > 254, "{}", all.len());
    for (name, one) in all {
        let mut attributes = one["attributes"].as_object().unwrap().clone();
        attributes.insert("region".into(), REGION.into());
        let state = json!({
            "version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "a",
            "resources": [{
                "mode": "managed", "type": name, "name": "it",
                "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
                "instances": [{ "attributes": attributes }],
            }],
        });
        let read = terraform::read(state.to_string().as_bytes(), "here", "net", &Types).unwrap();
        let ids: Vec<&str> = read.state.resources.values().map(|instance| instance.id.as_str()).collect();
        assert_eq!(ids, [one["id"].as_str().unwrap()], "{name}");
    }
}

//! What seals the secrets of a state: a key of KMS, so that machines share no passphrase; and that an earlier state does
//! not pass for a later one.

use super::remote_state::{APPLY, BUCKET, elsewhere, keys, object, world};
use super::support::{REGION, Run, World};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::path::PathBuf;

const KEY: &str = "acme/net.json";
const PLAN: [&str; 3] = ["plan", "net", "--sandbox"];
const MORE: &str = "resource \"aws_vpc\" \"more\" {\n  cidr_block = \"10.1.0.0/16\"\n}\n";

/// A layout with a secret, sealed with this key of KMS.
fn sealed_with(seal: Option<&str>, more: &str) -> String {
    let seal = seal.map(|key| format!("seal_kms_key_id = {key:?}")).unwrap_or_default();
    format!(
        r#"
layout {{
  state "s3" {{
    bucket = "{BUCKET}"
    key    = "{KEY}"
    region = "{REGION}"
    {seal}
  }}
}}
resource "random_password" "db" {{
  length = 24
}}
output "password" {{
  value     = random_password.db.result
  sensitive = true
}}
{more}
"#
    )
}

fn kms(world: &World, operation: &str, body: Value) -> Value {
    world.json("kms", &format!("TrentService.{operation}"), body)
}

fn made(world: &World) -> String {
    kms(world, "CreateKey", json!({}))["KeyMetadata"]["Arn"].as_str().unwrap().to_owned()
}

fn calls(world: &World, action: &str) -> usize {
    world.calls().iter().filter(|call| call.action == action).count()
}

fn password(run: &Run) -> String {
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout.trim().to_owned()
}

/// The key that is made for a user who has none.
fn key_file(world: &World) -> PathBuf {
    world.path().parent().unwrap().join("home/.config/floorplan/key")
}

const OUTPUT: [&str; 6] = ["output", "--layout", "net", "--sandbox", "--raw", "password"];

/// The sealed texts of a state.
fn secrets(state: &Value) -> Vec<String> {
    let all = state["secrets"].as_object().expect("it has secrets");
    all.values().map(|text| text.as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_state_sealed_by_kms_needs_no_key_of_the_user() {
    let world = world();
    let key = made(&world);
    world.write("net/main.tf", &sealed_with(Some(&key), ""));
    world.forget_calls();
    world.floorplan(&APPLY).succeeds();
    assert_eq!((calls(&world, "GenerateDataKey"), calls(&world, "Decrypt")), (1, 0));
    let state = object(&world, KEY);
    assert!(
        secrets(&state).iter().all(|text| text.starts_with("v2.") && text.contains(&format!(".{key}|"))),
        "{state}"
    );
    assert!(state["proof"].as_str().unwrap().contains(&key));
    assert!(!key_file(&world).exists(), "no key of the user's is made");
    let here = password(&world.floorplan(&OUTPUT));
    assert_eq!(here.len(), 24);
    assert_eq!(password(&elsewhere(&world, &OUTPUT)), here);
    world.forget_calls();
    elsewhere(&world, &["plan", "net", "--sandbox", "--detailed-exitcode"]).succeeds();
    assert_eq!((calls(&world, "GenerateDataKey"), calls(&world, "Decrypt")), (0, 1));
    // The data key is tied to the lineage, as its encryption context shows to KMS.
    let sealed = secrets(&state).remove(0);
    let data_key = sealed.split(['|', '.']).nth(3).unwrap().to_owned();
    let data_key = data_key.clone() + &"=".repeat((4 - data_key.len() % 4) % 4);
    let context = json!({ "floorplan:lineage": state["lineage"] });
    let opened = kms(&world, "Decrypt", json!({ "CiphertextBlob": data_key, "EncryptionContext": context }));
    assert_eq!(opened["Plaintext"].as_str().unwrap().len(), 44, "32 bytes in base64");
    let headers = [("Content-Type", "application/x-amz-json-1.1"), ("X-Amz-Target", "TrentService.Decrypt")];
    let bare = json!({ "CiphertextBlob": data_key }).to_string();
    assert_eq!(
        world.send("POST", "/", "kms", &headers, bare.as_bytes()).0,
        400,
        "without the lineage it does not open"
    );
    // The next serial has the same data key, and unchanged secrets the same text.
    world.write("net/main.tf", &sealed_with(Some(&key), MORE));
    world.forget_calls();
    elsewhere(&world, &APPLY).succeeds();
    assert_eq!(calls(&world, "GenerateDataKey"), 0);
    assert_eq!(secrets(&object(&world, KEY)), secrets(&state));
}

#[test]
fn a_saved_plan_is_sealed_by_the_key_of_its_state() {
    let world = world();
    let key = made(&world);
    let layout = |more: &str| {
        let secret = format!(
            "resource \"terraform_data\" \"t\" {{\n  input = \"${{random_password.db.result}}-{}\"\n}}\n",
            more.len()
        );
        sealed_with(Some(&key), &format!("{secret}{more}"))
    };
    // Before there is a state, and after.
    for more in ["", MORE] {
        world.write("net/main.tf", &layout(more));
        world.floorplan(&["plan", "net", "--sandbox", "--out", "net.plan"]).succeeds();
        let shown = world.floorplan(&["show", "net.plan", "--json", "--show-sensitive", "--sandbox"]).succeeds();
        let shown: Value = serde_json::from_str(&shown.stdout).unwrap();
        if !more.is_empty() {
            let secret = password(&world.floorplan(&OUTPUT));
            assert!(shown.to_string().contains(&secret), "the plan opens");
        }
        world.floorplan(&["apply", "net.plan", "--sandbox", "--auto-approve"]).succeeds();
    }
    assert!(!key_file(&world).exists());
}

/// Lets KMS refuse an operation until the faults are removed.
fn deny(world: &World, operation: &str) {
    let message =
        format!("User: arn:aws:sts::123456789012:assumed-role/ci/x is not authorized to perform: kms:{operation}");
    world.fault(json!({
        "service": "kms", "action": operation, "code": "AccessDeniedException", "status": 400, "message": message, "times": 90,
    }));
}

fn says(run: &Run, parts: &[&str]) {
    for part in parts {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
}

#[test]
fn a_key_that_cannot_be_used_is_named_with_its_cure() {
    let world = world();
    let key = made(&world);
    world.write("net/main.tf", &sealed_with(Some(&key), MORE));
    let id = key.rsplit('/').next().unwrap();
    let vpcs = || world.ids("DescribeVpcs", "vpcId", &[("cidr", "10.1.0.0/16")]).len();
    // Without a data key nothing begins.
    deny(&world, "GenerateDataKey");
    says(&world.floorplan(&APPLY).exits(1), &["kms:GenerateDataKey", &key, "policy of the key"]);
    world.control("DELETE", "faults", None);
    kms(&world, "DisableKey", json!({ "KeyId": id }));
    says(&world.floorplan(&APPLY).exits(1), &["is disabled", "enable-key"]);
    assert_eq!((vpcs(), keys(&world).contains(&KEY.to_owned())), (0, false));
    kms(&world, "EnableKey", json!({ "KeyId": id }));
    world.write("net/main.tf", &sealed_with(Some("0b1c5e5e-0000-4000-8000-000000000000"), MORE));
    says(&world.floorplan(&APPLY).exits(1), &["Correct seal_kms_key_id", "another region than eu-west-1", "ARN"]);
    assert_eq!((vpcs(), keys(&world).contains(&KEY.to_owned())), (0, false));
    world.write("net/main.tf", &sealed_with(Some(&key), MORE));
    world.floorplan(&APPLY).succeeds();
    let kept = object(&world, KEY);
    deny(&world, "Decrypt");
    world.forget_calls();
    says(&world.floorplan(&PLAN).exits(1), &["acme/net.json", "kms:Decrypt", &key, "policy of the key"]);
    assert_eq!(calls(&world, "Decrypt"), 1, "a refusal is not asked for again");
    world.control("DELETE", "faults", None);
    kms(&world, "DisableKey", json!({ "KeyId": id }));
    says(&world.floorplan(&PLAN).exits(1), &["is disabled", "enable-key"]);
    kms(&world, "ScheduleKeyDeletion", json!({ "KeyId": id }));
    says(&world.floorplan(&PLAN).exits(1), &["PendingDeletion", "can be cancelled"]);
    assert_eq!(object(&world, KEY), kept, "nothing is overwritten");
}

#[test]
fn a_key_in_another_region_is_asked_there() {
    let world = world();
    let keys = "provider \"aws\" {\n  region = \"us-east-1\"\n}\nresource \"aws_kms_key\" \"k\" {}\noutput \"arn\" {\n  value = aws_kms_key.k.arn\n}\n";
    world.write("keys/main.tf", keys);
    world.floorplan(&["apply", "keys", "--sandbox", "--auto-approve"]).succeeds();
    let arn = world.floorplan(&["output", "--layout", "keys", "--raw", "arn"]).succeeds().stdout;
    assert!(arn.contains(":us-east-1:"), "{arn}");
    world.write("net/main.tf", &sealed_with(Some(arn.trim()), ""));
    world.floorplan(&APPLY).succeeds();
    elsewhere(&world, &["plan", "net", "--sandbox", "--detailed-exitcode"]).succeeds();
}

#[test]
fn a_state_sealed_by_a_passphrase_goes_over_to_kms() {
    let world = world();
    let with_passphrase = |arguments: &[&str]| {
        let output = world.command(arguments).env("FLOORPLAN_KEY", "correct horse battery staple").output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Run { code: output.status.code().unwrap_or(-1), stdout: text(&output.stdout), stderr: text(&output.stderr) }
    };
    world.write("net/main.tf", &sealed_with(None, ""));
    with_passphrase(&APPLY).succeeds();
    let secret = password(&with_passphrase(&OUTPUT));
    let key = made(&world);
    kms(&world, "CreateAlias", json!({ "AliasName": "alias/states", "TargetKeyId": key }));
    world.write("net/main.tf", &sealed_with(Some("alias/states"), MORE));
    says(&world.floorplan(&PLAN).exits(1), &["FLOORPLAN_KEY", "until the state is written again", "alias/states"]);
    assert!(!secrets(&object(&world, KEY))[0].contains('|'));
    with_passphrase(&APPLY).succeeds();
    assert!(secrets(&object(&world, KEY)).iter().all(|text| text.contains(&format!("{key}|"))), "by the key itself");
    assert_eq!(password(&elsewhere(&world, &OUTPUT)), secret);
    // And back: the key that the state names is still asked, the next state has the user's.
    world.write("net/main.tf", &sealed_with(None, ""));
    with_passphrase(&APPLY).succeeds();
    assert!(secrets(&object(&world, KEY)).iter().all(|text| !text.contains('|')));
    assert_eq!(password(&with_passphrase(&OUTPUT)), secret);
}

/// The file with another serial, and a checksum that fits.
fn renumbered(state: &str, from: u64, to: u64) -> String {
    let edited = state.replacen(&format!("\"serial\": {from},"), &format!("\"serial\": {to},"), 1);
    assert!(edited != state || from == to, "{state}");
    let mut lines: Vec<&str> = edited.split('\n').collect();
    lines.remove(1);
    let check: String = Sha256::digest(lines.join("\n")).iter().map(|b| format!("{b:02x}")).collect();
    let line = format!("  \"check\": \"{check}\",");
    lines.insert(1, &line);
    lines.join("\n")
}

#[test]
fn an_earlier_state_with_another_number_is_noticed() {
    let world = World::start();
    let layout = |length: u32| format!("resource \"random_password\" \"db\" {{\n  length = {length}\n}}\n");
    let file = "net/state/net/state.json";
    let mut kept = Vec::new();
    for length in [20, 24] {
        world.write("net/main.tf", &layout(length));
        world.floorplan(&["apply", "net", "--auto-approve"]).succeeds();
        kept.push(world.read(file));
    }
    assert!(key_file(&world).exists(), "without KMS, the user's key seals");
    assert_eq!(renumbered(&kept[1], 2, 2), kept[1], "the test writes checksums as the program does");
    for serial in [2, 3] {
        world.write(file, &renumbered(&kept[0], 1, serial));
        for command in [&["plan", "net"][..], &["show", "net"], &["apply", "net", "--auto-approve"]] {
            let run = world.floorplan(command).exits(1);
            says(&run, &["is not as it was sealed", "was sealed as serial 1", "state history --restore 2"]);
        }
        assert_eq!(world.read(file), renumbered(&kept[0], 1, serial), "left alone");
    }
    // The proof of the present state does not fit it either, nor does none.
    let proof = |text: &str| text.lines().nth(2).unwrap().to_owned();
    let swapped = kept[0].replace(&proof(&kept[0]), &proof(&kept[1]));
    world.write(file, &renumbered(&swapped, 1, 2));
    says(&world.floorplan(&["plan", "net"]).exits(1), &["is not what was sealed as this serial"]);
    let bare = kept[0].replace(&(proof(&kept[0]) + "\n"), "");
    world.write(file, &renumbered(&bare, 1, 2));
    says(&world.floorplan(&["plan", "net"]).exits(1), &["not the proof that belongs to them"]);
    world.floorplan(&["state", "history", "--layout", "net", "--restore", "2"]).succeeds();
    world.floorplan(&["plan", "net", "--detailed-exitcode"]).succeeds();
}

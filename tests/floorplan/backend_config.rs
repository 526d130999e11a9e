//! Backends whose block leaves arguments out: given to `init`, to each command, or to Terraform before.

use super::remote_state::{APPLY, BUCKET, keys, world};
use super::support::{REGION, World};
use std::os::unix::fs::PermissionsExt;

const PLAN: [&str; 3] = ["plan", "net", "--sandbox"];
const VPC: &str = "resource \"aws_vpc\" \"main\" {\n  cidr_block = \"10.0.0.0/16\"\n}\n";
const MEMORY: &str = "net/.terraform/floorplan-backend.json";

fn partial(arguments: &str) -> (World, [String; 3]) {
    let world = world();
    world.write("net/main.tf", &format!("terraform {{\n  backend \"s3\" {{\n{arguments}  }}\n}}\n{VPC}"));
    let options = [("bucket", BUCKET), ("key", "acme/net.json"), ("region", REGION)];
    (world, options.map(|(name, value)| format!("-backend-config={name}={value}")))
}

fn run<'a>(words: &[&'a str], options: &'a [String]) -> Vec<&'a str> {
    words.iter().copied().chain(options.iter().map(String::as_str)).collect()
}

#[test]
fn what_a_block_leaves_out_is_named_with_the_cure() {
    let (world, _) = partial("");
    let refused = world.floorplan(&PLAN).exits(1);
    for part in ["leaves out bucket and key", "net/main.tf", "floorplan init -backend-config=bucket="] {
        assert!(refused.stderr.contains(part), "{part}: {}", refused.stderr);
    }
    let warned = world.floorplan(&["init", "net"]).succeeds();
    assert!(warned.stderr.contains("warning: The \"s3\" block leaves out bucket and key"), "{}", warned.stderr);
    let refused = world.floorplan(&["init", "net", "-backend-config=bucket=b"]).exits(1);
    assert!(refused.stderr.contains("leaves out key"), "{}", refused.stderr);
    assert!(!world.path().join(MEMORY).exists());
    world.floorplan(&["init", "net", "-backend=false", "-backend-config=bucket=b"]).succeeds();
    assert!(!world.path().join(MEMORY).exists(), "-backend=false leaves all of it alone");
}

#[test]
fn init_remembers_what_it_is_given() {
    let (world, options) = partial("");
    world.floorplan(&run(&["init", "net"], &options)).succeeds();
    world.floorplan(&APPLY).succeeds();
    assert_eq!(keys(&world), ["acme/net.json", "acme/net.json.history/000000000001.json"]);
    let mode = std::fs::metadata(world.path().join(MEMORY)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "it may hold credentials");
    // What is typed goes before what is remembered.
    let other = world.floorplan(&["plan", "net", "--sandbox", "-backend-config=key=other.json"]).succeeds();
    assert!(other.stdout.contains("1 to add"), "{}", other.stdout);
    assert!(world.floorplan(&PLAN).succeeds().stdout.contains("No changes."));
    world.floorplan(&["init", "net", "-reconfigure"]).succeeds();
    assert!(world.floorplan(&PLAN).exits(1).stderr.contains("leaves out bucket and key"));
}

#[test]
fn each_command_takes_arguments_and_files_of_them() {
    let (world, options) = partial("    key = \"wrong.json\"\n");
    let file = format!("bucket = \"{BUCKET}\"\nregion = \"{REGION}\"\nkey = \"wrong.json\"\n");
    world.write("prod.s3.tfbackend", &file);
    let given = ["-backend-config=prod.s3.tfbackend".to_owned(), options[1].clone()];
    world.floorplan(&run(&APPLY, &given)).succeeds();
    assert!(keys(&world).contains(&"acme/net.json".to_owned()), "the later option wins: {:?}", keys(&world));
    world.write("prod.json", &format!("{{\"bucket\": \"{BUCKET}\", \"endpoints\": {{}}, \"encrypt\": true}}"));
    let given = ["-backend-config=prod.json".to_owned(), options[1].clone()];
    let listed = world.floorplan(&run(&["state", "list", "--layout", "net", "--sandbox"], &given)).succeeds();
    assert_eq!(listed.stdout, "aws_vpc.main\n");
    for (option, part) in [
        ("-backend-config=colour=crimson", "colour"),
        ("-backend-config=encrypt=perhaps", "encrypt"),
        ("-backend-config=nothing.hcl", "nothing.hcl"),
        ("-backend-config=endpoints={ s3 = ", "-backend-config"),
        ("-backend-config=key=", "leaves out bucket and key"),
    ] {
        let refused = world.floorplan(&["plan", "net", "--sandbox", option]).exits(1);
        assert!(refused.stderr.contains(part), "{part}: {}", refused.stderr);
        assert!(!refused.stderr.contains("crimson"), "a value may be a secret: {}", refused.stderr);
    }
    world.write("net/main.tf", VPC);
    let refused = world.floorplan(&["plan", "net", "--sandbox", "-backend-config=key=x"]).exits(1);
    assert!(refused.stderr.contains("-backend-config has no effect"), "{}", refused.stderr);
}

#[test]
fn a_block_that_changed_since_init_is_not_passed_over() {
    let (world, options) = partial("    key = \"one.json\"\n");
    world.floorplan(&run(&["init", "net"], &options)).succeeds();
    world.floorplan(&APPLY).succeeds();
    world.write("net/main.tf", &world.read("net/main.tf").replace("one.json", "two.json"));
    let refused = world.floorplan(&PLAN).exits(1);
    for part in ["\"key\" was changed since", "net/main.tf", "init -reconfigure"] {
        assert!(refused.stderr.contains(part), "{part}: {}", refused.stderr);
    }
    world.floorplan(&run(&["init", "net"], &options)).succeeds();
    assert!(world.floorplan(&PLAN).succeeds().stdout.contains("No changes."));
}

#[test]
fn what_terraform_remembers_fills_a_block() {
    let (world, _) = partial("");
    let memory = |kind: &str, key: &str| {
        format!(
            r#"{{"version": 3, "terraform_version": "1.11.0", "backend": {{"type": "{kind}", "hash": 1, "config":
            {{"bucket": "{BUCKET}", "key": "{key}", "region": "{REGION}", "encrypt": true, "assume_role": null,
            "endpoints": null, "allowed_account_ids": null, "access_key": null}}}}}}"#
        )
    };
    world.write("net/.terraform/terraform.tfstate", &memory("s3", "acme/net.json"));
    world.floorplan(&APPLY).succeeds();
    assert!(keys(&world).contains(&"acme/net.json".to_owned()), "{:?}", keys(&world));
    world.write("net/main.tf", &world.read("net/main.tf").replace("\"s3\" {\n", "\"s3\" {\n    key = \"new.json\"\n"));
    let refused = world.floorplan(&PLAN).exits(1);
    for part in ["\"key\" is not as `terraform init` left it", "net/.terraform/terraform.tfstate", "-reconfigure"] {
        assert!(refused.stderr.contains(part), "{part}: {}", refused.stderr);
    }
    world.write("net/.terraform/terraform.tfstate", &memory("gcs", "acme/net.json"));
    let refused = world.floorplan(&PLAN).exits(1);
    assert!(refused.stderr.contains("was in the backend \"gcs\" and is now in \"s3\""), "{}", refused.stderr);
    world.floorplan(&["init", "net", "-reconfigure"]).succeeds();
    assert!(world.floorplan(&PLAN).exits(1).stderr.contains("leaves out bucket"));
    world.write("net/main.tf", VPC);
    let refused = world.floorplan(&PLAN).exits(1);
    assert!(refused.stderr.contains("was in the backend \"s3\" and is now in \"local\""), "{}", refused.stderr);
    world.floorplan(&["init", "net", "-reconfigure"]).succeeds();
    assert!(world.floorplan(&PLAN).succeeds().stdout.contains("1 to add"));
}

//! The command line of Terraform: events for programs, the modes of a plan, the state as a file, and what is refused
//! with what to use instead. Each is a session.

use serde_json::Value;

use crate::support::{Run, World};

const DATA: &str = r#"
variable "x" {
  default = "1"
}
resource "terraform_data" "a" {
  input = var.x
  provisioner "local-exec" {
    command = "echo hello"
  }
}
resource "terraform_data" "b" {
  count            = 1
  triggers_replace = var.x
}
module "m" {
  source = "./m"
}
output "o" {
  value = terraform_data.a.output
}
output "s" {
  value     = "planted-secret"
  sensitive = true
}
check "c" {
  assert {
    condition     = var.x == "1"
    error_message = "x is not 1"
  }
}
"#;

fn data() -> World {
    let world = World::start();
    world.write("main.tf", DATA);
    world.write(
        "m/main.tf",
        "resource \"terraform_data\" \"x\" {\n  for_each = toset([\"k\"])\n  input    = each.key\n}\n",
    );
    world
}

fn with(world: &World, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
    let output = world.command(arguments).envs(variables.iter().copied()).output().expect("the program runs");
    Run {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The events of a run: one JSON object per line.
fn events(run: &Run) -> Vec<Value> {
    let read = |line: &str| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
    let all: Vec<Value> = run.stdout.lines().map(read).collect();
    for event in &all {
        for key in ["@level", "@message", "@module", "@timestamp", "type"] {
            assert!(event[key].is_string(), "{key}: {event}");
        }
    }
    assert_eq!(all[0]["type"], "version");
    assert_eq!(all[0]["ui"], "1.2");
    all
}

/// The types with the messages, without ids and times.
fn messages(events: &[Value]) -> Vec<String> {
    let id = regex::Regex::new(r"\[id=[^\]]*\]").expect("a pattern");
    let line = |e: &Value| {
        let text = id.replace(e["@message"].as_str().unwrap_or_default(), "[id]").into_owned();
        format!("{}: {text}", e["type"].as_str().unwrap_or_default())
    };
    events.iter().skip(1).map(line).collect()
}

fn of<'e>(events: &'e [Value], kind: &str) -> Vec<&'e Value> {
    events.iter().filter(|e| e["type"] == kind).collect()
}

/// As Terraform 1.11 prints them for the same layout, but for the order of what does not depend on each other.
#[test]
fn plan_and_apply_stream_events() {
    let world = data();
    let planned = events(&world.floorplan(&["plan", "-json"]).succeeds());
    insta::assert_snapshot!(messages(&planned).join("\n"), @r#"
    planned_change: terraform_data.a: Plan to create
    planned_change: terraform_data.b[0]: Plan to create
    planned_change: module.m.terraform_data.x["k"]: Plan to create
    change_summary: Plan: 3 to add, 0 to change, 0 to destroy.
    outputs: Outputs: 2
    diagnostic: Warning: The plan runs commands on this machine
    "#);
    insta::assert_snapshot!(of(&planned, "planned_change")[2]["change"], @r#"{"resource":{"addr":"module.m.terraform_data.x[\"k\"]","module":"module.m","resource":"terraform_data.x[\"k\"]","implied_provider":"terraform","resource_type":"terraform_data","resource_name":"x","resource_key":"k"},"action":"create"}"#);
    insta::assert_snapshot!(of(&planned, "change_summary")[0]["changes"], @r#"{"add":3,"change":0,"import":0,"remove":0,"operation":"plan"}"#);
    insta::assert_snapshot!(of(&planned, "outputs")[0]["outputs"], @r#"{"o":{"sensitive":false,"action":"create"},"s":{"sensitive":true,"action":"create"}}"#);

    let refused = events(&world.floorplan(&["apply", "-json"]).exits(1));
    assert_eq!(of(&refused, "diagnostic")[0]["diagnostic"]["code"], "approval");

    let applied = events(&world.floorplan(&["apply", "-json", "-auto-approve"]).succeeds());
    let about_a: Vec<String> = messages(&applied).into_iter().filter(|m| m.contains(" terraform_data.a")).collect();
    insta::assert_snapshot!(about_a.join("\n"), @r#"
    planned_change: terraform_data.a: Plan to create
    apply_start: terraform_data.a: Creating...
    provision_start: terraform_data.a: Provisioning with 'local-exec'...
    provision_progress: terraform_data.a: (local-exec): running ["sh", "-c", "echo hello"]
    provision_progress: terraform_data.a: (local-exec): hello
    provision_complete: terraform_data.a: (local-exec) Provisioning complete
    apply_complete: terraform_data.a: Creation complete after 0s [id]
    "#);
    let complete = of(&applied, "apply_complete");
    assert_eq!(complete.len(), 3);
    assert_eq!(complete[0]["hook"]["id_key"], "id");
    assert!(complete[0]["hook"]["id_value"].is_string() && complete[0]["hook"]["elapsed_seconds"].is_u64());
    let summaries = of(&applied, "change_summary");
    assert_eq!(summaries[1]["@message"], "Apply complete! Resources: 3 added, 0 changed, 0 destroyed.");
    assert_eq!(summaries[1]["changes"]["operation"], "apply");
    insta::assert_snapshot!(of(&applied, "outputs")[1]["outputs"], @r#"{"o":{"sensitive":false,"type":"string","value":"1"},"s":{"sensitive":true,"type":"string"}}"#);

    let again = events(&world.floorplan(&["apply", "-json", "-auto-approve", "-var=x=2"]).succeeds());
    let changes: Vec<_> = of(&again, "planned_change")
        .iter()
        .map(|e| (e["change"]["action"].clone(), e["change"]["reason"].clone()))
        .collect();
    insta::assert_snapshot!(format!("{changes:?}"), @r#"[(String("update"), Null), (String("replace"), String("cannot_update"))]"#);
    assert_eq!(of(&again, "refresh_start").len(), 3);
    assert_eq!(of(&again, "refresh_complete").len(), 3);
    let started: Vec<String> = messages(&again).into_iter().filter(|m| m.starts_with("apply_")).collect();
    assert!(started.contains(&"apply_start: terraform_data.b[0]: Destroying... [id]".to_owned()), "{started:?}");
    assert!(
        started.contains(&"apply_complete: terraform_data.b[0]: Destruction complete after 0s".to_owned()),
        "{started:?}"
    );
    assert!(started.contains(&"apply_start: terraform_data.a: Modifying... [id]".to_owned()), "{started:?}");
    let warnings = of(&again, "diagnostic");
    assert!(
        warnings.iter().any(|e| e["diagnostic"]["code"] == "check-failed" && e["@level"] == "warn"),
        "{warnings:?}"
    );
    assert!(again.iter().all(|e| !e.to_string().contains("planted-secret")));

    let destroyed = events(&world.floorplan(&["destroy", "-json", "-auto-approve"]).succeeds());
    let summary = of(&destroyed, "change_summary")[1];
    assert_eq!(summary["@message"], "Destroy complete! Resources: 3 destroyed.");
    assert_eq!(of(&destroyed, "outputs").len(), 1);
}

#[test]
fn a_failed_apply_streams_what_failed() {
    let world = World::start();
    world.write(
        "main.tf",
        "resource \"terraform_data\" \"a\" {\n  provisioner \"local-exec\" {\n    command = \"exit 3\"\n  }\n}\n",
    );
    let failed = events(&world.floorplan(&["apply", "-json", "-auto-approve"]).exits(1));
    assert_eq!(of(&failed, "provision_errored").len(), 1);
    assert_eq!(of(&failed, "apply_errored")[0]["@message"], "terraform_data.a: Creation errored after 0s");
    let problem = of(&failed, "diagnostic").into_iter().find(|e| e["@level"] == "error").expect("an error");
    assert_eq!(problem["diagnostic"]["code"], "provisioner-failed");
    assert_eq!(problem["diagnostic"]["range"]["filename"], "main.tf");

    world.write("main.tf", "resource \"terraform_data\" \"a\" {\n  foo = 1\n}\n");
    let failed = events(&world.floorplan(&["plan", "-json"]).exits(1));
    assert_eq!(of(&failed, "diagnostic")[0]["diagnostic"]["code"], "unsupported-argument");
    assert_eq!(of(&failed, "diagnostic")[0]["@message"], "Error: Unsupported argument");
}

#[test]
fn the_plan_itself_is_printed_in_three_forms() {
    let world = data();
    let form = |form: &str| world.floorplan(&["plan", "--format", form]).succeeds().stdout;
    let plan: Value = serde_json::from_str(&form("json")).expect("JSON");
    assert_eq!(plan["resource_changes"].as_array().map(Vec::len), Some(3));
    assert_eq!(plan["resource_changes"][0]["provider_name"], "terraform.io/builtin/terraform");
    assert!(form("markdown").starts_with("### Floorplan"));
    assert!(form("text").contains("Plan: 3 to add"));
    world.floorplan(&["plan", "-out=a.plan"]).succeeds();
    let shown: Value =
        serde_json::from_str(&world.floorplan(&["show", "-json", "a.plan"]).succeeds().stdout).expect("JSON");
    assert_eq!(shown["resource_changes"], plan["resource_changes"]);
    world.floorplan(&["plan", "-json", "--format=json"]).exits(1);
}

const VPC: &str = "resource \"aws_vpc\" \"a\" {\n  cidr_block           = \"10.0.0.0/16\"\n  enable_dns_hostnames = NAMES\n}\nresource \"aws_vpc\" \"b\" {\n  cidr_block = \"10.1.0.0/16\"\n}\noutput \"names\" {\n  value = aws_vpc.a.enable_dns_hostnames\n}\n";

#[test]
fn what_was_changed_outside_is_recorded_alone() {
    let world = World::start();
    let run = |arguments: &[&str]| world.floorplan(&[arguments, &["--sandbox"]].concat());
    world.write("main.tf", &VPC.replace("NAMES", "false"));
    run(&["apply", "-auto-approve"]).succeeds();
    let state: Value = serde_json::from_str(&world.floorplan(&["show", "-json"]).succeeds().stdout).expect("JSON");
    let id = |name: &str| {
        let all = state["values"]["root_module"]["resources"].as_array().expect("a list");
        let found = all.iter().find(|r| r["name"] == name).expect("an object");
        found["values"]["id"].as_str().expect("an id").to_owned()
    };
    let value = |name: &str| world.floorplan(&["output", "-raw", name]).succeeds().stdout.trim().to_owned();
    assert_eq!(run(&["plan", "-refresh-only", "-detailed-exitcode"]).code, 0);

    world.ec2("ModifyVpcAttribute", &[("VpcId", &id("a")), ("EnableDnsHostnames.Value", "true")]);
    world.ec2("DeleteVpc", &[("VpcId", &id("b"))]);
    let planned = run(&["plan", "-refresh-only", "-detailed-exitcode"]).exits(2);
    assert!(
        planned.stdout.contains("enable_dns_hostnames") && planned.stdout.contains("Only the state changes"),
        "{}",
        planned.stdout
    );
    let drift = events(&run(&["plan", "-refresh-only", "-json"]).succeeds());
    let drift: Vec<String> = messages(&drift).into_iter().filter(|m| !m.starts_with("refresh")).collect();
    insta::assert_snapshot!(drift.join("\n"), @r#"
    resource_drift: aws_vpc.a: Drift detected (update)
    resource_drift: aws_vpc.b: Drift detected (delete)
    change_summary: Plan: 0 to add, 0 to change, 0 to destroy.
    outputs: Outputs: 1
    "#);
    run(&["plan", "-refresh-only", "-target=aws_vpc.b", "-out=part.plan"]).succeeds();
    world.forget_calls();
    run(&["apply", "part.plan"]).succeeds();
    assert_eq!(world.floorplan(&["state", "list"]).succeeds().stdout, "aws_vpc.a\n");
    run(&["apply", "-refresh-only", "-auto-approve"]).succeeds();
    assert!(world.calls().iter().all(|call| !call.mutating));
    run(&["plan", "-refresh-only", "-detailed-exitcode"]).exits(0);
    let shown = world.floorplan(&["state", "show", "aws_vpc.a"]).succeeds().stdout;
    assert!(shown.contains("enable_dns_hostnames") && shown.contains("= true"), "{shown}");
    // The layout still says otherwise, and a new output is recorded without touching AWS.
    world.write("main.tf", &VPC.replace("NAMES", "true").replace("10.1.0.0/16\"", "10.1.0.0/16\" # same"));
    run(&["refresh"]).succeeds();
    assert_eq!(value("names"), "true");
    assert!(world.calls().iter().all(|call| !call.mutating));
}

#[test]
fn a_refresh_with_most_objects_gone_asks() {
    let world = World::start();
    let run = |arguments: &[&str]| world.floorplan(&[arguments, &["--sandbox"]].concat());
    world.write("main.tf", &VPC.replace("NAMES", "false"));
    run(&["apply", "-auto-approve"]).succeeds();
    for vpc in world.ec2("DescribeVpcs", &[("Filter.1.Name", "is-default"), ("Filter.1.Value.1", "false")]).all("vpcId")
    {
        world.ec2("DeleteVpc", &[("VpcId", &vpc)]);
    }
    let refused = run(&["refresh"]).exits(1);
    assert!(refused.stderr.contains("More than half"), "{}", refused.stderr);
    run(&["refresh", "--gone"]).succeeds();
    assert_eq!(world.floorplan(&["state", "list"]).succeeds().stdout, "");
}

#[test]
fn modes_that_exclude_one_another_are_refused() {
    let world = World::start();
    world.write("main.tf", "resource \"terraform_data\" \"a\" {}\n");
    world.floorplan(&["plan", "-out=a.plan"]).succeeds();
    let table: [(&[&str], &str); 12] = [
        (&["plan", "-destroy", "-refresh-only"], "--destroy deletes everything"),
        (&["apply", "-destroy", "-refresh-only", "-auto-approve"], "--destroy deletes everything"),
        (&["plan", "-refresh-only", "-refresh=false"], "nothing to record"),
        (&["plan", "-refresh-only", "-replace=terraform_data.a"], "--replace makes an object anew"),
        (&["destroy", "-refresh-only"], "Use floorplan apply --refresh-only"),
        (&["apply", "-destroy", "a.plan"], "already says whether it destroys"),
        (&["apply", "-refresh-only", "a.plan"], "--refresh-only would have no effect"),
        (&["apply", "-target=terraform_data.a", "a.plan"], "--target would have no effect"),
        (&["apply", "-refresh=false", "a.plan"], "--refresh=false would have no effect"),
        (&["apply", "-var=a=b", "a.plan"], "already has its variables"),
        (&["plan", "-lock=maybe"], "true or false is expected"),
        (&["plan", "-json=2"], "true or false is expected"),
    ];
    for (arguments, said) in table {
        let refused = world.floorplan(arguments).exits(1);
        assert!(refused.stderr.contains(said), "{arguments:?}: {}", refused.stderr);
    }
    // Options with their usual value are no options.
    world.floorplan(&["apply", "-destroy=false", "-refresh=true", "-refresh-only=false", "a.plan"]).succeeds();
}

#[test]
fn flags_take_true_and_false() {
    let world = World::start();
    world.write("main.tf", "variable \"x\" {}\nresource \"terraform_data\" \"a\" {\n  input = var.x\n}\n");
    world.write("a.tfvars", "x = \"file\"\n");
    let run = |arguments: &[&str]| world.floorplan(arguments);
    let planned = run(&[
        "plan",
        "-var=x=1",
        "-json=false",
        "-no-color=true",
        "-detailed-exitcode=1",
        "-input=0",
        "-refresh=F",
        "-parallelism=10",
        "-lock=false",
    ]);
    assert!(planned.exits(2).stdout.contains("Plan: 1 to add"));
    assert!(run(&["plan", "-input=false"]).exits(1).stderr.contains("No value for the variable"));
    // The later of -var and -var-file wins.
    assert!(run(&["plan", "-var=x=1", "-var-file=a.tfvars"]).succeeds().stdout.contains("\"file\""));
    assert!(run(&["plan", "-var-file=a.tfvars", "-var=x=1"]).succeeds().stdout.contains("\"1\""));
    run(&[
        "apply",
        "-auto-approve=TRUE",
        "-compact-warnings=false",
        "-var=x=1",
        "-parallelism=1",
        "-replace=terraform_data.a",
    ])
    .succeeds();
    let replaced = run(&["plan", "-var=x=1", "-replace=terraform_data.a"]).succeeds().stdout;
    assert!(replaced.contains("1 to replace"), "{replaced}");
    run(&["state", "list", "-no-color=true"]).succeeds();
}

#[test]
fn a_file_can_be_the_state() {
    let world = World::start();
    world.write("main.tf", "resource \"terraform_data\" \"a\" {}\n");
    world.floorplan(&["apply", "-state=new.tfstate", "-auto-approve"]).succeeds();
    world.floorplan(&["plan", "-state", "new.tfstate", "-detailed-exitcode"]).succeeds();
    assert_eq!(world.floorplan(&["state", "list", "-state=new.tfstate"]).succeeds().stdout, "terraform_data.a\n");
    let state: Value = serde_json::from_str(&world.read("new.tfstate")).expect("JSON");
    assert_eq!(state["serial"], 1);
    let mut beside: Vec<_> = std::fs::read_dir(world.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    beside.sort();
    assert_eq!(beside, ["main.tf", "new.tfstate", "new.tfstate.history", "new.tfstate.lock"]);
    let terraform =
        r#"{"version": 4, "terraform_version": "1.11.0", "serial": 7, "lineage": "x", "outputs": {}, "resources": []}"#;
    world.write("old.tfstate", terraform);
    let refused = world.floorplan(&["apply", "-state=old.tfstate", "-auto-approve"]).exits(1);
    assert!(refused.stderr.contains("The state is still Terraform's"), "{}", refused.stderr);
    assert_eq!(world.read("old.tfstate"), terraform);
    world.write("main.tf", "terraform {\n  backend \"local\" {\n    path = \"kept/a.tfstate\"\n  }\n}\nresource \"terraform_data\" \"a\" {}\n");
    world.floorplan(&["apply", "-auto-approve"]).succeeds();
    assert!(world.read("kept/a.tfstate").contains("terraform_data.a"));
    world.floorplan(&["plan", "-detailed-exitcode"]).succeeds();
}

#[test]
fn files_beside_a_state_are_refused() {
    let world = World::start();
    world.write("main.tf", "resource \"terraform_data\" \"a\" {}\n");
    let table: [(&[&str], &str); 4] = [
        (&["apply", "-state-out=new.tfstate"], "state history"),
        (&["apply", "-backup=-"], "state history"),
        (&["state", "rm", "-backup=x", "terraform_data.a"], "state history"),
        (&["import", "-ignore-remote-version", "terraform_data.a", "x"], "does not depend on a remote version"),
    ];
    for (arguments, said) in table {
        let refused = world.floorplan(arguments).exits(1);
        assert!(refused.stderr.contains(said), "{arguments:?}: {}", refused.stderr);
    }
    world.floorplan(&["apply", "-state=kept", "-auto-approve"]).succeeds();
    assert!(world.path().join("kept").is_dir());
}

#[test]
fn the_state_is_pulled_and_pushed() {
    let world = World::start();
    world.write("main.tf", "resource \"terraform_data\" \"a\" {}\nresource \"terraform_data\" \"b\" {}\n");
    let run = |arguments: &[&str]| world.floorplan(arguments);
    let list = |more: &[&str]| run(&[&["state", "list"], more].concat()).succeeds().stdout;
    assert_eq!(run(&["state", "pull"]).succeeds().stdout, "");
    run(&["apply", "-auto-approve"]).succeeds();
    let pulled = run(&["state", "pull"]).succeeds().stdout;
    let state: Value = serde_json::from_str(&pulled).expect("JSON");
    assert!(state["serial"].is_u64());
    world.write("pulled.json", &pulled);
    let id = run(&["show", "-json"]).succeeds().stdout;
    let id: Value = serde_json::from_str(&id).expect("JSON");
    let id = id["values"]["root_module"]["resources"][1]["values"]["id"].as_str().expect("an id").to_owned();
    assert_eq!(list(&[&format!("-id={id}")]), "terraform_data.b\n");
    assert_eq!(list(&["-id=none"]), "");

    assert!(
        run(&["state", "mv", "-dry-run", "terraform_data.a", "terraform_data.c"])
            .succeeds()
            .stderr
            .contains("Would move terraform_data.a to terraform_data.c")
    );
    assert!(
        run(&["state", "rm", "-dry-run", "terraform_data.a"])
            .succeeds()
            .stderr
            .contains("Would forget terraform_data.a")
    );
    assert_eq!(list(&[]), "terraform_data.a\nterraform_data.b\n");
    run(&["state", "rm", "-lock-timeout=1s", "terraform_data.a"]).succeeds();
    assert!(run(&["state", "rm", "-lock=false", "terraform_data.b"]).exits(1).stderr.contains("locks the state"));

    let refused = run(&["state", "push", "pulled.json"]).exits(1);
    assert!(refused.stderr.contains("is not the next one"), "{}", refused.stderr);
    run(&["state", "push", "-force", "pulled.json"]).succeeds();
    assert_eq!(list(&[]), "terraform_data.a\nterraform_data.b\n");
    world.write(
        "terraform.json",
        "{\"version\": 4, \"terraform_version\": \"1.11.4\", \"serial\": 9, \"lineage\": \"x\", \"resources\": []}",
    );
    assert!(run(&["state", "push", "terraform.json"]).exits(1).stderr.contains("Terraform"));

    let replaced =
        run(&["state", "replace-provider", "-auto-approve", "registry.terraform.io/-/aws", "hashicorp/aws"]).succeeds();
    assert!(replaced.stderr.contains("Nothing to replace"), "{}", replaced.stderr);
    run(&["state", "replace-provider", "a b", "c"]).exits(1);
}

#[test]
fn outputs_are_shown_in_each_form() {
    let world = World::start();
    world.write("main.tf", "output \"a\" {\n  value = \"x\"\n}\noutput \"l\" {\n  value = [1]\n}\n");
    let run = |arguments: &[&str]| world.floorplan(arguments);
    run(&["apply", "-auto-approve"]).succeeds();
    assert_eq!(run(&["output", "-raw", "a"]).succeeds().stdout, "x");
    assert_eq!(run(&["output", "-json", "l"]).succeeds().stdout.trim(), "[1]");
    let all: Value = serde_json::from_str(&run(&["output", "-json"]).succeeds().stdout).expect("JSON");
    assert_eq!(all["a"]["value"], "x");
    assert!(run(&["output", "-raw", "l"]).exits(1).stderr.contains("cannot be written raw"));
    run(&["output", "-raw"]).exits(1);
    run(&["output", "nothing"]).exits(1);
}

#[test]
fn what_is_not_here_says_what_to_use_instead() {
    let world = World::start();
    world.write("main.tf", "resource \"terraform_data\" \"a\" {}\n");
    let table: [(&[&str], &str); 15] = [
        (&["login"], "TF_TOKEN_host"),
        (&["logout"], "credentials.tfrc.json"),
        (&["test"], "floorplan validate"),
        (&["query"], "floorplan import"),
        (&["stacks"], "one layout per stack"),
        (&["cloud"], "HCP Terraform is not used"),
        (&["metadata", "functions"], "floorplan schema"),
        (&["modules", "-json"], "floorplan init"),
        (&["providers", "lock"], "lock file pins only modules"),
        (&["providers", "schema", "-json"], "floorplan schema --json"),
        (&["init", "-from-module=x"], "Copy the module's files"),
        (&["init", "-plugin-dir=x"], "built in"),
        (&["graph", "-type=plan"], "--type"),
        (&["console", "-plan"], "--plan"),
        (&["validate", "-no-tests"], "test files are not read"),
    ];
    for (arguments, said) in table {
        let refused = world.floorplan(arguments).exits(1);
        assert!(refused.stderr.contains(said) && refused.stderr.contains("Hint"), "{arguments:?}: {}", refused.stderr);
    }
    assert!(world.floorplan(&["-v"]).succeeds().stdout.starts_with("floorplan "));
    assert!(world.floorplan(&["-version"]).succeeds().stdout.starts_with("floorplan "));
    assert!(world.floorplan(&["plan", "-help"]).succeeds().stdout.contains("--refresh-only"));
}

#[test]
fn variables_of_the_environment_are_obeyed_or_named() {
    let world = World::start();
    world.write("main.tf", "variable \"x\" {}\noutput \"x\" {\n  value = var.x\n}\n");
    let run = |arguments: &[&str], variables: &[(&str, &str)]| with(&world, arguments, variables);
    let named =
        run(&["plan"], &[("TF_VAR_x", "1"), ("TF_LOG", "debug"), ("TF_PLUGIN_CACHE_DIR", "/nowhere")]).succeeds();
    for name in ["TF_LOG", "TF_PLUGIN_CACHE_DIR"] {
        assert!(named.stderr.contains(&format!("{name} has no effect")), "{}", named.stderr);
    }
    let silent = run(
        &["apply"],
        &[
            ("TF_VAR_x", "1"),
            ("TF_CLI_ARGS_apply", "-auto-approve"),
            ("TF_IN_AUTOMATION", "1"),
            ("TF_INPUT", "0"),
            ("TF_LOG", "off"),
            ("NO_COLOR", "1"),
        ],
    );
    assert!(!silent.succeeds().stderr.contains("has no effect"));
    let listed = run(&["state", "list"], &[("TF_CLI_ARGS_state_list", "-id=none")]).succeeds();
    assert_eq!(listed.stdout, "");
    world.write("m/main.tf", "");
    world.write("main.tf", "module \"m\" {\n  source = \"./m\"\n}\n");
    run(&["init"], &[("TF_DATA_DIR", "kept")]).succeeds();
    run(&["workspace", "new", "prod"], &[("TF_DATA_DIR", "kept")]).succeeds();
    assert!(world.path().join("kept/environment").is_file() && !world.path().join(".terraform").exists());
}

#[test]
fn init_streams_events() {
    let world = data();
    let said =
        events(&world.floorplan(&["init", "-json", "-input=false", "-lock=false", "-lock-timeout=1s"]).succeeds());
    assert!(said.iter().any(|e| e["type"] == "init_output" && e["@message"] == "Providers are built in."), "{said:?}");
}

#[test]
fn blocks_are_written_for_objects_that_are_taken_over() {
    let world = World::start();
    let run = |arguments: &[&str]| world.floorplan(&[arguments, &["--sandbox"]].concat());
    let vpc = world
        .ec2(
            "CreateVpc",
            &[
                ("CidrBlock", "10.7.0.0/16"),
                ("TagSpecification.1.ResourceType", "vpc"),
                ("TagSpecification.1.Tag.1.Key", "Name"),
                ("TagSpecification.1.Tag.1.Value", "a ${b} \"c\""),
            ],
        )
        .one("vpcId");
    let subnet = world.ec2("CreateSubnet", &[("VpcId", &vpc), ("CidrBlock", "10.7.1.0/24")]).one("subnetId");
    let import = |to: &str, id: &str| format!("import {{\n  to = {to}\n  id = \"{id}\"\n}}\n");
    world.write("main.tf", &[import("aws_vpc.a", &vpc), import("aws_subnet.a", &subnet)].concat());

    let refused = run(&["plan"]).exits(1);
    assert!(refused.stderr.contains("--generate-config-out"), "{}", refused.stderr);
    for (file, said) in
        [("main.tf", "there already"), ("else/where.tf", "not in the layout"), ("generated.txt", "must end in .tf")]
    {
        let refused = run(&["plan", &format!("-generate-config-out={file}")]).exits(1);
        assert!(refused.stderr.contains(said), "{}", refused.stderr);
    }
    let planned = run(&["plan", "-generate-config-out=generated.tf"]).succeeds();
    assert!(planned.stdout.contains("Plan: 2 to import, 0 to add, 0 to change"), "{}", planned.stdout);
    let written = world.read("generated.tf").replace(&vpc, "VPC");
    let id = regex::Regex::new("(eu-west-1[a-c])").expect("a pattern");
    insta::assert_snapshot!(id.replace_all(&written, "ZONE"), @r#"
    # Written by floorplan plan --generate-config-out. Look the blocks through before you keep them.

    resource "aws_vpc" "a" {
      cidr_block                           = "10.7.0.0/16"
      enable_dns_hostnames                 = false
      enable_network_address_usage_metrics = false
      tags = {
        Name = "a $${b} \"c\""
      }
    }
    resource "aws_subnet" "a" {
      vpc_id                              = "VPC"
      cidr_block                          = "10.7.1.0/24"
      availability_zone                   = "ZONE"
      private_dns_hostname_type_on_launch = "ip-name"
    }
    "#);
    assert_eq!(world.floorplan(&["fmt", "-check"]).succeeds().stdout, "");
    run(&["apply", "-auto-approve"]).succeeds();
    run(&["plan", "-detailed-exitcode"]).exits(0);

    world.write(
        "main.tf",
        &[import("aws_vpc.a", &vpc), import("aws_subnet.a", &subnet), import("aws_vpc.b[0]", &vpc)].concat(),
    );
    let refused = run(&["plan", "-generate-config-out=more.tf"]).exits(1);
    assert!(refused.stderr.contains("without count and for_each"), "{}", refused.stderr);
}

/// Each row of the table names a test that is there.
#[test]
fn every_row_of_the_table_has_a_test() {
    let page = include_str!("../../docs/commands.md");
    let table = page.split("\n## As in Terraform\n").nth(1).expect("the section");
    let table = table.split("\n## ").next().unwrap_or_default();
    let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| `") || line.starts_with("| every")).collect();
    assert!(rows.len() > 25, "{rows:?}");
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/floorplan");
    for row in rows {
        let named = row.rsplit('|').nth(1).unwrap_or_default().trim().trim_matches('`');
        let (file, test) = named.split_once("::").unwrap_or((named, ""));
        let source = std::fs::read_to_string(dir.join(format!("{file}.rs"))).unwrap_or_else(|e| panic!("{row}: {e}"));
        assert!(test.is_empty() || source.contains(&format!("#[test]\nfn {test}()")), "{row}");
    }
}

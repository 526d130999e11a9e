//! Several layouts in the commands that need no AWS, and what can be wrong with a choice of layouts.

use super::fleet::git;
use super::iam;
use super::support::{Run, World};
use serde_json::{Value, json};
use std::process::Command;

/// A layout that needs no AWS, with an output.
fn layout(name: &str) -> String {
    format!(
        "layout {{\n  name = \"{name}\"\n}}\n\nresource \"terraform_data\" \"x\" {{\n  input = \"{name}\"\n}}\n\n\
         output \"id\" {{\n  value = \"{name}-1\"\n}}\n"
    )
}

/// A world with layouts of these names.
fn world(names: &[&str]) -> World {
    let world = World::start();
    for name in names {
        world.write(&format!("layouts/{name}/main.hcl"), &layout(name));
    }
    world
}

/// Makes all of the workspace the first commit of a repository.
fn commit(world: &World) {
    git(world, &["init", "--quiet"]);
    git(world, &["add", "--all"]);
    git(world, &["commit", "--quiet", "-m", "first"]);
}

fn json_of(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}", run.stdout))
}

pub fn finish(command: &mut Command) -> Run {
    let output = command.output().expect("the built program can be run");
    Run {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

#[test]
fn several_layouts_are_validated_in_one_table() {
    let world = world(&["a", "b", "c"]);
    assert_eq!(world.floorplan(&["validate", "layouts/a"]).succeeds().stdout, "layouts/a: valid\n");
    world.write("layouts/b/more.hcl", "output \"x\" {\n  value = local.gone\n}\n");
    let run = world.floorplan(&["validate", "--all"]).exits(1);
    insta::assert_snapshot!(run.stdout, @r"
    layout     errors  result
    layouts/a          valid
    layouts/b       1  invalid
    layouts/c          valid
    ");
    assert!(run.stderr.starts_with("layouts/b:\n") && run.stderr.contains("local.gone"), "{}", run.stderr);

    let run = world.floorplan(&["validate", "layouts/*", "--json"]).exits(1);
    let shown = json_of(&run);
    assert_eq!(
        (&shown["valid"], &shown["error_count"], &shown["warning_count"]),
        (&json!(false), &json!(1), &json!(0))
    );
    assert_eq!(shown["diagnostics"].as_array().map(Vec::len), Some(1));
    assert_eq!(shown["diagnostics"][0]["layout"], "layouts/b");
    assert_eq!(
        shown["layouts"][0],
        json!({ "layout": "layouts/a", "valid": true, "error_count": 0, "warning_count": 0 })
    );
    assert_eq!((&shown["layouts"][1]["valid"], &shown["layouts"][2]["valid"]), (&json!(false), &json!(true)));
    let part = world.floorplan(&["validate", "--all", "--shard", "1/3"]).succeeds();
    assert!(part.stdout.contains("layouts/a") && !part.stdout.contains("layouts/b"), "{}", part.stdout);
}

#[test]
fn outputs_of_several_layouts_are_grouped() {
    let world = world(&["a", "b", "c"]);
    let more = "output \"only\" {\n  value = \"here\"\n}\noutput \"key\" {\n  value     = sensitive(\"hunter2\")\n  sensitive = true\n}\n";
    world.write("layouts/b/more.hcl", more);
    for name in ["a", "b"] {
        world.floorplan(&["apply", &format!("layouts/{name}"), "--auto-approve"]).succeeds();
    }
    let run = world.floorplan(&["output", "--all"]).succeeds();
    insta::assert_snapshot!(run.stdout, @r#"
    layouts/a:
    id = "a-1"

    layouts/b:
    id = "b-1"
    key = (sensitive value)
    only = "here"
    "#);
    assert!(run.stderr.contains("layouts/c: the state holds no outputs."), "{}", run.stderr);

    let shown = json_of(&world.floorplan(&["output", "layouts/*", "--json"]).succeeds());
    assert_eq!(shown["layouts/a"], json!({ "id": { "sensitive": false, "type": "string", "value": "a-1" } }));
    assert_eq!(shown["layouts/b"]["key"], json!({ "sensitive": true, "type": "string" }));
    assert_eq!(shown["layouts/c"], json!({}));

    // A name is an output, and what has a slash in it is a layout.
    let run = world.floorplan(&["output", "layouts/a", "layouts/b", "id", "--json"]).succeeds();
    assert_eq!(json_of(&run), json!({ "layouts/a": "a-1", "layouts/b": "b-1" }));
    let run = world.floorplan(&["output", "--all", "only"]).succeeds();
    assert_eq!(run.stdout, "layouts/b:\nonly = \"here\"\n");
    assert!(run.stderr.contains("layouts/a: the state holds no output \"only\"."), "{}", run.stderr);
    let secret = world.floorplan(&["output", "--all", "key"]).succeeds();
    assert!(!secret.stdout.contains("hunter2") && secret.stderr.contains("--json shows it"), "{}", secret.stderr);
    let named = world.floorplan(&["output", "--layout", "layouts/a", "--layout", "layouts/c", "id"]).succeeds();
    assert_eq!(named.stdout, "layouts/a:\nid = \"a-1\"\n");

    let run = world.floorplan(&["output", "--all", "onli"]).exits(1);
    assert!(run.stderr.contains("The output \"onli\" was not found"), "{}", run.stderr);
    assert!(run.stderr.contains("Did you mean \"only\"?"), "{}", run.stderr);
    let run = world.floorplan(&["output", "--all", "id", "--raw"]).exits(1);
    assert!(run.stderr.contains("--raw is for one layout alone"), "{}", run.stderr);
    assert_eq!(world.floorplan(&["output", "layouts/a", "id", "--raw"]).succeeds().stdout, "a-1");
}

/// The names of the statements of a policy.
fn statements(policy: &Value) -> Vec<&str> {
    policy["Statement"].as_array().expect("statements").iter().filter_map(|one| one["Sid"].as_str()).collect()
}

#[test]
fn a_policy_of_several_layouts_is_their_union() {
    let world = World::start();
    let kept = |name: &str, block: &str| {
        let backend = format!(
            "terraform {{\n  backend \"s3\" {{\n    bucket = \"acme-states\"\n    key    = \"{name}.json\"\n    region = \"eu-west-1\"\n  }}\n}}\n"
        );
        world.write(&format!("layouts/{name}/main.tf"), &format!("{backend}{block}"));
    };
    kept("net", "resource \"aws_vpc\" \"v\" {\n  cidr_block = \"10.0.0.0/16\"\n}\n");
    kept("topic", "resource \"aws_sns_topic\" \"t\" {\n  name = \"t\"\n}\n");
    let policy =
        |arguments: &[&str]| world.floorplan(&[&["permissions", "apply"], arguments].concat()).succeeds().stdout;
    let each = ["layouts/net", "layouts/topic"].map(|dir| iam::of_policy(&policy(&[dir])));
    assert!(!each[0].is_subset(&each[1]) && !each[1].is_subset(&each[0]));
    assert_eq!(iam::of_policy(&policy(&["--all"])), each[0].union(&each[1]).cloned().collect());
    assert_eq!(policy(&["layouts/net", "layouts/topic"]), policy(&["layouts/*"]));

    let policy: Value = serde_json::from_str(&policy(&["--all", "--backend"])).expect("JSON");
    let names = statements(&policy);
    let objects = names.iter().position(|name| *name == "StateObjects").expect("the objects of the states");
    assert_eq!(names.iter().filter(|name| name.starts_with("State")).count(), 2, "{names:?}");
    assert_eq!(
        policy["Statement"][objects]["Resource"],
        json!(["arn:aws:s3:::acme-states/net.json*", "arn:aws:s3:::acme-states/topic.json*"])
    );

    // A layout that cannot be read is missing in the policy, and that is said.
    world.write("layouts/bad/main.tf", "provider \"aws\" {}\noutput \"x\" {\n  value = local.gone\n}\n");
    let run = world.floorplan(&["permissions", "plan", "--all"]).exits(1);
    assert!(run.stderr.contains("layouts/bad:\n"), "{}", run.stderr);
    assert!(run.stderr.contains("The policy is without 1 of 3 layouts."), "{}", run.stderr);
    assert!(iam::of_policy(&run.stdout).contains("ec2:DescribeVpcs"), "{}", run.stdout);
    let run = world.floorplan(&["permissions", "plan", "--all", "--oidc", "github"]).exits(1);
    assert!(run.stderr.contains("--oidc is for one layout alone"), "{}", run.stderr);
}

#[test]
fn the_files_of_several_layouts_are_formatted() {
    let world = world(&["a", "b", "c"]);
    let crooked = "locals {\n  x=1\n}\n";
    for file in ["layouts/a/more.tf", "layouts/b/inner/more.tf", "modules/m/main.tf"] {
        world.write(file, crooked);
    }
    let run = world.floorplan(&["fmt", "--all", "--check"]).exits(1);
    assert_eq!(run.stdout, "layouts/a/more.tf\n", "{}", run.stderr);
    assert!(run.stderr.contains("4 files in 3 layouts, 1 of them not in the canonical format."), "{}", run.stderr);
    let run = world.floorplan(&["fmt", "layouts/[ab]", "--recursive", "--check"]).exits(1);
    assert_eq!(run.stdout, "layouts/a/more.tf\nlayouts/b/inner/more.tf\n");
    assert_eq!(world.floorplan(&["fmt", "--all", "--recursive"]).succeeds().stdout, run.stdout);
    assert_eq!(world.read("modules/m/main.tf"), crooked);
    assert_eq!(world.read("layouts/b/inner/more.tf"), "locals {\n  x = 1\n}\n");

    // What names nothing does not stop the rest.
    world.write("layouts/a/more.tf", crooked);
    let run = world.floorplan(&["fmt", "nothing-*", "gone.tf", "layouts/a"]).exits(1);
    assert_eq!(run.stdout, "layouts/a/more.tf\n");
    assert!(run.stderr.contains("No layouts match \"nothing-*\""), "{}", run.stderr);
    assert!(run.stderr.contains("gone.tf was not found"), "{}", run.stderr);
    world.floorplan(&["fmt", "-", "--all"]).exits(1);
}

#[test]
fn only_what_has_changed_is_looked_at() {
    let world = world(&["a", "b", "c"]);
    commit(&world);
    world.write("layouts/b/more.hcl", "output \"x\"   {\n  value = local.gone\n}\n");
    git(&world, &["add", "--all"]);
    git(&world, &["commit", "--quiet", "-m", "second"]);
    let since = |command: &[&str]| world.floorplan(&[command, &["--changed-since", "HEAD~1"]].concat());
    let run = since(&["validate"]).exits(1);
    assert!(run.stdout.contains("layouts/b") && !run.stdout.contains("layouts/a"), "{}", run.stdout);
    assert!(run.stderr.contains("1 of 3 layouts have changed since HEAD~1."), "{}", run.stderr);
    assert_eq!(since(&["fmt"]).succeeds().stdout, "layouts/b/more.hcl\n");
    assert_eq!(since(&["output", "--json"]).succeeds().stdout, "{\n  \"layouts/b\": {}\n}\n");
    assert!(since(&["permissions", "plan"]).exits(1).stderr.contains("layouts/b:\n"));
}

#[test]
fn a_pattern_that_matches_nothing_does_not_stop_the_rest() {
    let world = world(&["a", "b"]);
    world.write("modules/m/main.tf", "variable \"x\" {\n  default = 1\n}\n");
    let run = world.floorplan(&["plan", "nothing-*", "layouts/a"]).exits(1);
    assert!(run.stderr.contains("No layouts match \"nothing-*\""), "{}", run.stderr);
    assert!(run.stdout.contains("layouts/a:\n"), "{}", run.stdout);
    let last = run.stdout.lines().rev().take(2).collect::<Vec<_>>();
    assert!(last[1].starts_with("nothing-*") && last[1].contains("error: No layouts match"), "{}", run.stdout);

    let run = world.floorplan(&["plan", "--all", "layouts", "modules"]).exits(1);
    assert!(run.stderr.contains("No layouts are below modules"), "{}", run.stderr);
    assert!(run.stdout.contains("layouts/a:\n") && run.stdout.contains("layouts/b:\n"), "{}", run.stdout);
    let run = world.floorplan(&["drift", "layouts/a", "nothing-*"]).exits(1);
    assert!(run.stderr.contains("No layouts match"), "{}", run.stderr);
    let run = world.floorplan(&["output", "layouts/a", "nothing-*"]).exits(1);
    assert!(run.stderr.contains("No layouts match"), "{}", run.stderr);

    // It is named first where the others are reviewed.
    let run = world.floorplan(&["preview", "nothing-*", "layouts/a"]).exits(1);
    let at = |text: &str| run.stdout.find(text).unwrap_or_else(|| panic!("{text}: {}", run.stdout));
    assert!(at("nothing-*") < at("layouts/a"), "{}", run.stdout);

    // Nothing is left of this.
    for command in ["plan", "preview", "drift", "validate", "fmt"] {
        let run = world.floorplan(&[command, "nothing-*", "neither-*"]).exits(1);
        assert_eq!((run.stdout.as_str(), run.stderr.matches("No layouts match").count()), ("", 2), "{command}");
        let run = world.floorplan(&[command, "--all", "modules"]).exits(1);
        assert!(run.stdout.is_empty() && run.stderr.contains("No layouts are below modules"), "{command}");
        let run = world.floorplan(&[command, "--all", "gone"]).exits(1);
        assert!(run.stderr.contains("The directory does not exist."), "{command}: {}", run.stderr);
    }
}

#[test]
fn a_commit_that_git_does_not_know_is_an_error() {
    let world = world(&["a"]);
    let refused = |arguments: &[&str]| world.floorplan(arguments).exits(1).stderr;
    let said = refused(&["plan", "--changed-since", "main"]);
    assert!(said.contains("Run the command in a checkout"), "{said}");
    commit(&world);
    for command in ["plan", "preview", "drift", "validate", "fmt", "output"] {
        // An empty variable of a job is not "nothing has changed".
        let said = refused(&[command, "--changed-since", ""]);
        assert!(said.contains("The name of the commit is empty."), "{command}: {said}");
        let said = refused(&[command, "--changed-since", "origin/gone"]);
        assert!(said.contains("Cannot see what has changed since \"origin/gone\""), "{command}: {said}");
        assert!(said.contains("Name a branch, a tag or a commit"), "{command}: {said}");
    }
    world.write("layouts/a/more.hcl", "");
    git(&world, &["add", "--all"]);
    git(&world, &["commit", "--quiet", "-m", "second"]);
    let from = format!("file://{}", world.path().display());
    git(&world, &["clone", "--quiet", "--depth", "1", &from, "clone"]);
    let said = refused(&["-chdir=clone", "plan", "--changed-since", "HEAD~1"]);
    assert!(said.contains("The checkout is shallow.") && said.contains("git fetch --unshallow"), "{said}");
    git(&world, &["clone", "--quiet", &from, "whole"]);
    world.floorplan(&["-chdir=whole", "plan", "--changed-since", "HEAD~1"]).succeeds();
}

#[test]
fn a_directory_whose_name_no_state_can_have_is_invalid() {
    let world = world(&["a"]);
    world.write("layouts/b😀/main.hcl", "layout {\n}\n");
    let run = world.floorplan(&["validate", "--all"]).exits(1);
    assert!(run.stderr.contains("\"b😀\" cannot be the name of a layout"), "{}", run.stderr);
    world.write("layouts/b😀/main.hcl", &layout("b"));
    world.floorplan(&["validate", "--all"]).succeeds();
}

#[test]
fn layouts_of_one_state_or_one_name_are_named() {
    let world = world(&["a", "b", "c", "d", "e"]);
    for name in ["a", "b"] {
        world.write(&format!("layouts/{name}/main.hcl"), &layout("net"));
    }
    for name in ["d", "e"] {
        let backend = format!("terraform {{\n  backend \"local\" {{\n    path = \"{name}.json\"\n  }}\n}}\n");
        world.write(&format!("layouts/{name}/main.hcl"), &format!("{backend}{}", layout("web")));
    }
    let plan = world.floorplan(&["plan", "--all"]).exits(1);
    assert_eq!(plan.stderr.matches("Several layouts have one state").count(), 2, "{}", plan.stderr);
    assert_eq!(plan.stderr.matches("Several layouts have one name").count(), 1, "{}", plan.stderr);
    assert!(plan.stderr.contains("\"web\" is the name of layouts/d and layouts/e."), "{}", plan.stderr);
    for name in ["c", "d", "e"] {
        assert!(plan.stdout.contains(&format!("layouts/{name}:\n")), "{}", plan.stdout);
    }
    let run = world.floorplan(&["validate", "--all"]).exits(1);
    insta::assert_snapshot!(run.stdout, @r"
    layout     errors  warnings  result
    layouts/a       1            invalid
    layouts/b       1            invalid
    layouts/c                    valid
    layouts/d                 1  valid
    layouts/e                 1  valid
    ");
    let run = world.floorplan(&["output", "--all"]).exits(1);
    assert_eq!(run.stderr.matches("Several layouts have one state").count(), 2, "{}", run.stderr);
    // With a folder that was named, d and e have one state too.
    let run = world.floorplan(&["validate", "layouts/d", "layouts/e", "--state", "states"]).exits(1);
    assert_eq!(run.stderr.matches("Several layouts have one state").count(), 2, "{}", run.stderr);
    world.floorplan(&["validate", "layouts/a", "layouts/c"]).succeeds();
}

#[test]
fn a_preview_of_no_layouts_says_so() {
    let world = world(&["a"]);
    commit(&world);
    let run = world.floorplan(&["preview", "--changed-since", "HEAD"]).succeeds();
    assert_eq!(run.stdout, "### Floorplan: no layouts\n\nNo layout has changed since HEAD.\n");
    let run = world.floorplan(&["preview", "--all", "--shard", "2/2"]).succeeds();
    assert_eq!(run.stdout, "### Floorplan: no layouts\n\nPart 2 of 2 has no layouts.\n");
    let page = world.floorplan(&["preview", "--changed-since", "HEAD", "--format", "html"]).succeeds();
    assert!(
        page.stdout.starts_with("<!doctype html>") && page.stdout.contains("<title>Floorplan: no layouts</title>"),
        "{}",
        page.stdout
    );
    assert_eq!(world.floorplan(&["plan", "--changed-since", "HEAD"]).succeeds().stdout, "");
    assert_eq!(world.floorplan(&["drift", "--changed-since", "HEAD"]).succeeds().stdout, "");
}

#[test]
fn progress_is_plain_lines_in_ci_and_nothing_elsewhere() {
    let world = world(&["a", "b"]);
    world.floorplan(&["apply", "layouts/a", "--auto-approve"]).succeeds();
    let run = world.floorplan(&["plan", "--all"]).succeeds();
    assert!(run.stderr.contains("layouts/a: no changes ("), "{}", run.stderr);
    assert!(run.stderr.contains("layouts/b: changes ("), "{}", run.stderr);
    let run = world.floorplan(&["preview", "--all"]).succeeds();
    assert!(run.stderr.contains("layouts/b: 1 to add, 0 to change, 0 to replace, 0 to destroy ("), "{}", run.stderr);
    let run = world.floorplan(&["drift", "--all"]).succeeds();
    assert!(run.stderr.contains("layouts/a: no drift ("), "{}", run.stderr);
    assert_eq!(run.stdout, "");
    for command in ["plan", "preview", "drift"] {
        let run = finish(world.command(&[command, "--all"]).env_remove("CI")).succeeds();
        assert!(!run.stderr.contains("layouts/a:") && !run.stderr.contains("Reading"), "{command}: {}", run.stderr);
        // One layout alone needs none.
        let run = world.floorplan(&[command, "layouts/a"]).succeeds();
        assert!(!run.stderr.contains("layouts/a:"), "{command}: {}", run.stderr);
    }
}

/// `script` gives the program a terminal.
#[cfg(target_os = "linux")]
#[test]
fn progress_on_a_terminal_ends_with_the_table() {
    let world = world(&["a", "b", "c"]);
    world.floorplan(&["apply", "layouts/a", "--auto-approve"]).succeeds();
    let program = world.command(&["plan", "--all"]);
    let line = format!("{} plan --all", program.get_program().to_string_lossy());
    let mut command = Command::new("script");
    command.args(["--quiet", "--return", "--command", &line, "/dev/null"]).current_dir(world.path()).env_clear();
    for (name, value) in program.get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    let run = finish(command.env_remove("CI").env("TERM", "xterm").stdin(std::process::Stdio::null())).exits(0);
    for line in ["layouts/a: no changes (", "layouts/b: changes (", "layouts/a  ", "layouts/c:\r\n"] {
        assert!(run.stdout.contains(line), "{line}: {}", run.stdout);
    }
    let last = run.stdout.lines().last().unwrap_or_default().trim_end();
    assert!(last.ends_with("changes") && last.contains("layouts/c"), "{}", run.stdout);
}

//! `--changed-since` leaves out no layout whose plan the change may touch: what is reviewed is all there is.

use super::fleet::git;
use super::support::World;
use std::os::unix::fs::symlink;

/// Writes layouts that only have a name, and more text.
fn layouts(world: &World, all: &[(&str, &str)]) {
    for (name, text) in all {
        world.write(&format!("layouts/{name}/main.hcl"), &format!("layout {{\n  name = \"{name}\"\n}}\n{text}"));
    }
}

fn commit(world: &World) {
    git(world, &["add", "--all"]);
    git(world, &["commit", "--quiet", "-m", "change"]);
}

/// The layouts that the last commit touches.
fn touched(world: &World, directory: &str) -> Vec<String> {
    let change = format!("-chdir={directory}");
    let run = world.floorplan(&[&change, "validate", "--changed-since", "HEAD~1"]).succeeds();
    let names = run.stdout.lines().skip(1).filter_map(|line| line.split(' ').next()?.rsplit('/').next());
    names.map(str::to_owned).collect()
}

#[test]
fn what_a_layout_reads_elsewhere_touches_it() {
    let world = World::start();
    let conf = "fileset(\"${path.module}/../../conf\", \"**/*.json\")";
    let site =
        "resource \"terraform_data\" \"a\" {\n  input = { source = \"${path.module}/../../site/a/index.html\" }\n}\n";
    layouts(
        &world,
        &[("a", ""), ("b", ""), ("c", &format!("locals {{\n  files = {conf}\n}}\n")), ("d", site), ("e", "")],
    );
    world.write("shared/common.hcl", "locals {\n  owner = \"net\"\n}\n");
    world.write("shared/common.auto.tfvars", "");
    world.write("conf/eu/west/a.json", "{}");
    world.write("site/a/index.html", "a");
    let link = |to: &str, from: &str| symlink(to, world.path().join(from)).expect("a link");
    link("../../shared/common.hcl", "layouts/a/common.hcl");
    link("../../shared/common.auto.tfvars", "layouts/b/common.auto.tfvars");
    git(&world, &["init", "--quiet"]);
    commit(&world);
    let change = |file: &str, text: &str| {
        world.write(file, text);
        commit(&world);
        touched(&world, ".")
    };
    assert_eq!(change("shared/common.hcl", "locals {\n  owner = \"ops\"\n}\n"), ["a"]);
    assert_eq!(change("shared/common.auto.tfvars", "# none\n"), ["b"]);
    assert_eq!(change("conf/eu/west/a.json", "[]"), ["c"]);
    assert_eq!(change("conf/us/b.json", "[]"), ["c"]);
    assert_eq!(change("site/a/index.html", "b"), ["d"]);
    // A file with a short name is not named by every word that has its letters.
    assert_eq!(change("notes/e", "e"), [""; 0]);
    // The configuration of git does not hide what is above the current directory.
    git(&world, &["config", "diff.relative", "true"]);
    world.write("shared/common.hcl", "locals {\n  owner = \"all\"\n}\n");
    commit(&world);
    assert_eq!(touched(&world, "layouts"), ["a"]);
}

#[test]
fn a_submodule_that_moves_on_touches_its_layouts() {
    let world = World::start();
    world.write("upstream/net/main.tf", "variable \"x\" {\n  default = 1\n}\n");
    git(&world, &["-C", "upstream", "init", "--quiet"]);
    git(&world, &["-C", "upstream", "add", "--all"]);
    git(&world, &["-C", "upstream", "commit", "--quiet", "-m", "first"]);
    world.write(".gitignore", "upstream/\n");
    git(&world, &["init", "--quiet"]);
    let from = format!("file://{}/upstream", world.path().display());
    git(&world, &["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", &from, "infra"]);
    let module = "module \"net\" {\n  source = \"../../infra/net\"\n}\n";
    layouts(&world, &[("a", module), ("b", "")]);
    commit(&world);
    world.write("infra/net/main.tf", "variable \"x\" {\n  default = 2\n}\n");
    git(&world, &["-C", "infra", "add", "--all"]);
    git(&world, &["-C", "infra", "commit", "--quiet", "-m", "second"]);
    git(&world, &["config", "diff.ignoreSubmodules", "all"]);
    // As a person does whose git hides submodules.
    git(&world, &["-c", "diff.ignoreSubmodules=none", "commit", "--quiet", "-m", "change", "--", "infra"]);
    assert_eq!(touched(&world, "."), ["a"]);
}

#[test]
fn a_copy_that_kept_its_name_is_named() {
    let world = World::start();
    layouts(&world, &[("a", ""), ("b", "")]);
    git(&world, &["init", "--quiet"]);
    commit(&world);
    world.write("layouts/copy/main.hcl", "layout {\n  name = \"a\"\n}\n");
    commit(&world);
    for command in [["preview", "--sandbox"], ["plan", "--sandbox"], ["drift", "--sandbox"], ["validate", "--all"]] {
        let run = world.floorplan(&[&command[..], &["--changed-since", "HEAD~1"]].concat()).exits(1);
        let all = format!("{}{}", run.stdout, run.stderr);
        assert!(all.contains("is the state of layouts/a and layouts/copy."), "{command:?}: {all}");
        assert!(!all.contains("layouts/b"), "{command:?}: {all}");
    }
}

//! The plan that was reviewed is the one that is applied: it is bound to the content of the layout's files, to the state,
//! to the values of variables and to places in AWS. All that moved is named, and nothing is asked of AWS before.

use super::fleet::git;
use super::support::{Run, World};
use serde_json::Value;

const APPLY: [&str; 4] = ["apply", "plans/net.plan", "--sandbox", "--auto-approve"];
const PREVIEW: [&str; 6] = ["preview", "--all", "--sandbox", "--out", "plans", "--changed-since"];

const LAYOUT: &str = r#"
variable "name" {
  default = "one"
}
variable "token" {
  default   = "none"
  sensitive = true
}
module "vpc" {
  source = "../../modules/vpc"
  name   = var.name
  motd   = file("${path.module}/motd.txt")
}
resource "terraform_data" "later" {
  input = templatefile("${path.module}/start.tftpl", { id = module.vpc.id, token = var.token })
}
"#;

const MODULE: &str = r#"
variable "name" {}
variable "motd" {}
resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
  tags       = { Name = var.name, Motd = var.motd }
}
output "id" {
  value = aws_vpc.this.id
}
"#;

/// A repository with a layout, which a branch adds.
fn repository() -> World {
    let world = World::start();
    world.write(".gitignore", "plans/\nstate/\n");
    git(&world, &["init", "--quiet"]);
    git(&world, &["add", "--all"]);
    git(&world, &["commit", "--quiet", "-m", "first"]);
    git(&world, &["checkout", "--quiet", "-b", "change"]);
    world.write("layouts/net/main.hcl", &format!("layout {{\n  name = \"net\"\n}}\n{LAYOUT}"));
    world.write("layouts/net/motd.txt", "hello");
    world.write("layouts/net/start.tftpl", "start ${id} ${token}");
    world.write("modules/vpc/main.tf", MODULE);
    git(&world, &["add", "--all"]);
    git(&world, &["commit", "--quiet", "-m", "add a network"]);
    world
}

/// The same with its plan saved, as the job of a pull request does.
fn reviewed() -> (World, Run) {
    let world = repository();
    let shown = world.floorplan(&[&PREVIEW[..], &["main"]].concat()).succeeds();
    (world, shown)
}

/// What git prints.
fn asked(world: &World, arguments: &[&str]) -> String {
    let output =
        std::process::Command::new("git").args(arguments).current_dir(world.path()).output().expect("git runs");
    String::from_utf8(output.stdout).expect("text").trim().to_owned()
}

/// The seal in a text.
fn seal(text: &str) -> String {
    let is_seal = |word: &&str| word.len() == 39 && word.split('-').all(|group| group.len() == 4);
    let mut words = text.split(|c: char| c.is_whitespace() || c == '`' || c == '|' || c == '"');
    words.find(is_seal).unwrap_or_else(|| panic!("a seal in {text}")).to_owned()
}

/// Applies, which is refused before anything is asked of AWS.
fn refused(world: &World, arguments: &[&str]) -> String {
    world.forget_calls();
    let run = world.floorplan(arguments).exits(1);
    assert_eq!(world.calls().len(), 0, "{}", run.stderr);
    run.stderr
}

#[test]
fn the_plans_of_a_preview_are_what_is_applied() {
    let (world, shown) = reviewed();
    let seal_shown = seal(&shown.stdout);
    assert!(shown.stdout.contains("| Seal |"), "{}", shown.stdout);
    assert!(shown.stderr.contains("floorplan apply plans/net.plan"), "{}", shown.stderr);
    let show = |form: &[&str]| world.floorplan(&[&["show", "plans/net.plan"], form].concat()).succeeds().stdout;
    let (head, base) = (asked(&world, &["rev-parse", "HEAD"]), asked(&world, &["rev-parse", "main"]));
    for form in [&[][..], &["--markdown"]] {
        let text = show(form);
        assert_eq!(seal(&text), seal_shown, "{text}");
        assert!(text.contains(&head[..12]) && text.contains(&base[..12]), "{text}");
    }
    let json: Value = serde_json::from_str(&show(&["--json"])).expect("JSON");
    assert_eq!(json["seal"], seal_shown.as_str());
    assert_eq!(json["commit"]["head"], head.as_str());
    assert_eq!(json["commit"]["base"], base.as_str());
    assert_eq!(json["commit"]["edited"], serde_json::json!([]));
    let applied = world.floorplan(&[&APPLY[..], &["--seal", &seal_shown]].concat()).succeeds();
    assert_eq!(seal(&applied.stderr), seal_shown);
    assert_eq!(world.ids("DescribeVpcs", "vpcId", &[("cidr", "10.0.0.0/16")]).len(), 1);

    // A layout without changes has no plan to carry out, and keeps none from before.
    let again = world.floorplan(&[&PREVIEW[..], &["main"]].concat()).succeeds();
    assert!(again.stderr.contains("Saved no plans to plans"), "{}", again.stderr);
    assert!(!world.path().join("plans/net.plan").exists());
}

#[test]
fn equal_content_at_another_commit_is_the_same_plan() {
    let (world, shown) = reviewed();
    let head = asked(&world, &["rev-parse", "HEAD"]);
    git(&world, &["checkout", "--quiet", "main"]);
    world.write("README.md", "meanwhile\n");
    git(&world, &["add", "--all"]);
    git(&world, &["commit", "--quiet", "-m", "meanwhile"]);
    git(&world, &["merge", "--quiet", "--squash", "change"]);
    git(&world, &["commit", "--quiet", "-m", "add a network (#7)"]);
    let now = asked(&world, &["rev-parse", "HEAD"]);
    let applied = world.floorplan(&APPLY).succeeds();
    let said = format!(
        "The plan was made at commit {}. The checkout is at {}, where its files are the same.",
        &head[..12],
        &now[..12]
    );
    assert!(applied.stderr.contains(&said), "{said}: {}", applied.stderr);
    assert_eq!(seal(&applied.stderr), seal(&shown.stdout));
}

#[test]
fn all_that_moved_is_named_at_once() {
    let (world, _) = reviewed();
    let head = asked(&world, &["rev-parse", "HEAD"]);
    world.floorplan(&["apply", "layouts/net", "--sandbox", "--auto-approve"]).succeeds();
    world.write("modules/vpc/main.tf", &MODULE.replace("10.0.", "10.1."));
    world.write("modules/vpc/more.tf", "locals {}\n");
    world.write("layouts/net/motd.txt", "bye");
    std::fs::remove_file(world.path().join("layouts/net/start.tftpl")).unwrap();
    world.write("layouts/net/terraform.tfvars", "name = \"two\"\n");
    git(&world, &["add", "--all"]);
    git(&world, &["commit", "--quiet", "-m", "more"]);
    let now = asked(&world, &["rev-parse", "HEAD"]);
    let said = refused(&world, &APPLY);
    let written = said.split(" wrote that at ").nth(1).and_then(|rest| rest.split('.').next()).expect("a time");
    let base = asked(&world, &["rev-parse", "main"]);
    let mut said = said.replace(&seal(&said), "SEAL").replace(written, "TIME");
    for (commit, name) in [(&head, "HEAD"), (&base, "BASE"), (&now, "NOW")] {
        said = said.replace(&commit[..12], name);
    }
    insta::assert_snapshot!(said, @r#"
    Seal: SEAL
    error: The plan is stale: the layout changed
      Changed: layouts/net/motd.txt, modules/vpc/main.tf. New: modules/vpc/more.tf. Gone: layouts/net/start.tftpl.
      The plan was made at commit HEAD (base BASE), the checkout is at NOW.
      Hint: Make a new plan and have it reviewed.

    error: The plan is stale: a variable has another value
      layouts/net/terraform.tfvars gives "name" another value than the plan has.
      Hint: Make a new plan and have it reviewed.

    error: The plan is stale: the state changed
      It was made from serial 0, the state is at 1. `apply` wrote that at TIME.
      Hint: Make a new plan and have it reviewed.
    "#);
}

#[test]
fn variables_count_by_value_wherever_it_comes_from() {
    let world = repository();
    world.write("layouts/net/terraform.tfvars", "name = \"two\"\n");
    world.write("env/prod.tfvars", "token = \"hunter2-token\"\n");
    let plan = ["plan", "layouts/net", "--sandbox", "--out", "net.plan", "--var-file", "env/prod.tfvars"];
    world.floorplan(&plan).succeeds();
    let apply = ["apply", "net.plan", "--sandbox", "--auto-approve"];
    let with = |name: &str, value: &str| {
        let output = world.command(&apply).env(name, value).output().expect("it runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    // Other words for the same value.
    world.write("layouts/net/terraform.tfvars", "# the name\nname = \"two\"\n");
    world.write("env/prod.tfvars", "token = \"hunter2-other\"\n");
    let said = refused(&world, &apply);
    assert!(said.contains("env/prod.tfvars gives \"token\" another value than the plan has."), "{said}");
    assert!(!said.contains("hunter2") && !said.contains("\"name\""), "{said}");
    world.write("env/prod.tfvars", "");
    let said = refused(&world, &apply);
    assert!(said.contains("No file gives \"token\" its value any more."), "{said}");
    world.write("env/prod.tfvars", "token = \"hunter2-token\"\n");

    // The environment counts where nothing has precedence over it.
    world.write("layouts/net/terraform.tfvars", "");
    let planned = world.command(&plan).env("TF_VAR_name", "three").output().expect("it runs");
    assert!(planned.status.success(), "{}", String::from_utf8_lossy(&planned.stderr));
    let (code, said) = with("TF_VAR_name", "four");
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("TF_VAR_name gives \"name\" another value than the plan has."), "{said}");
    // The plan has the value: nobody has to give it again.
    world.floorplan(&apply).succeeds();

    // What was typed has the last word, then as now.
    world.floorplan(&[&plan[..], &["--var", "name=five"]].concat()).succeeds();
    let (code, said) = with("TF_VAR_name", "four");
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn a_plan_for_another_account_is_refused() {
    let world = World::start();
    // The layout stays the same; a file outside of it says which role is taken.
    let layout = "provider \"aws\" {\n  region = \"eu-west-1\"\n  assume_role {\n    role_arn = file(pathexpand(\"~/role\"))\n  }\n}\n";
    world.write("net/main.tf", &format!("{layout}resource \"aws_vpc\" \"v\" {{\n  cidr_block = \"10.0.0.0/16\"\n}}\n"));
    for (home, account) in [("a", "111111111111"), ("b", "222222222222")] {
        world.write(&format!("{home}/role"), &format!("arn:aws:iam::{account}:role/deploy"));
    }
    let run = |arguments: &[&str], home: &str| {
        let output = world.command(arguments).env("HOME", world.path().join(home)).output().expect("it runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, said) = run(&["plan", "net", "--out", "net.plan"], "a");
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = run(&["apply", "net.plan", "--auto-approve"], "b");
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("The plan is stale: the account is another one"), "{said}");
    assert!(
        said.contains("led to account 111111111111 when the plan was made, and leads to 222222222222 now"),
        "{said}"
    );
    let created = world.writes().into_iter().filter(|call| call == "CreateVpc").count();
    assert_eq!(created, 0);
    let (code, said) = run(&["apply", "net.plan", "--auto-approve"], "a");
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn another_seal_than_the_reviewed_one_is_refused() {
    let (world, shown) = reviewed();
    let wanted = seal(&shown.stdout);
    // Somebody puts another plan in the place of the reviewed one.
    let other = ["plan", "layouts/net", "--sandbox", "--var", "name=evil", "--out", "plans/net.plan"];
    let other = seal(&world.floorplan(&other).succeeds().stdout);
    let said = refused(&world, &[&APPLY[..], &["--seal", &wanted]].concat());
    assert!(said.contains("The plan is not the one that was reviewed"), "{said}");
    assert!(said.contains(&format!("Its seal is {other}, not {wanted}.")), "{said}");
    let typed = world.floorplan(&[&APPLY[..], &["--seal", "7f3a"]].concat()).exits(1);
    assert!(typed.stderr.contains("32 hexadecimal digits"), "{}", typed.stderr);

    // A plan that is made anew has the same seal, if it is the same plan.
    let fresh = ["apply", "layouts/net", "--sandbox", "--auto-approve", "--seal", &wanted];
    let evil = world.floorplan(&[&fresh[..], &["--var", "name=evil"]].concat()).exits(1);
    assert!(evil.stderr.contains("The plan is not the one that was reviewed"), "{}", evil.stderr);
    assert_eq!(world.writes(), [""; 0]);
    let done = world.floorplan(&fresh).succeeds();
    assert_eq!(seal(&done.stdout), wanted);
}

#[test]
fn a_file_that_an_object_takes_is_part_of_the_plan() {
    let world = World::start();
    let layout = "resource \"aws_s3_bucket\" \"b\" {\n  bucket = \"reviewed-files\"\n}\nresource \"aws_s3_object\" \"o\" {\n  bucket = aws_s3_bucket.b.bucket\n  key    = \"start\"\n  source = \"start.sh\"\n}\n";
    world.write("files/main.tf", layout);
    world.write("files/start.sh", "echo one");
    world.floorplan(&["plan", "files", "--sandbox", "--out", "files.plan"]).succeeds();
    world.write("files/start.sh", "echo two");
    let said = refused(&world, &["apply", "files.plan", "--sandbox", "--auto-approve"]);
    assert!(said.contains("Changed: files/start.sh."), "{said}");
    // Without a repository, no commit is named.
    assert!(!said.contains("commit"), "{said}");
    world.write("files/start.sh", "echo one");
    world.floorplan(&["apply", "files.plan", "--sandbox", "--auto-approve"]).succeeds();
}

#[test]
fn a_plan_of_a_layout_that_is_not_here_says_so() {
    let (world, _) = reviewed();
    let said = refused(&world, &["-chdir=layouts", "apply", "../plans/net.plan", "--sandbox"]);
    assert!(said.contains("error: The layout of the plan is not here"), "{said}");
    assert!(said.contains("It was made of layouts/net.") && said.contains("top of the repository"), "{said}");
}

#[test]
fn files_that_no_commit_has_are_named() {
    let world = repository();
    world.write("layouts/net/motd.txt", "not committed");
    world.write("layouts/net/extra.hcl", "locals {}\n");
    let shown = world.floorplan(&["plan", "layouts/net", "--sandbox", "--out", "net.plan"]).succeeds();
    let line = "Not as in that commit: layouts/net/extra.hcl, layouts/net/motd.txt\n";
    assert!(shown.stdout.contains(line), "{}", shown.stdout);
    let events = world.floorplan(&["apply", "net.plan", "--sandbox", "--json"]).succeeds().stdout;
    let events: Vec<Value> = events.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let event = events.iter().find(|event| event["type"] == "seal").expect("the seal");
    assert_eq!(event["seal"], seal(&shown.stdout).as_str());
    assert_eq!(event["commit"]["edited"][0], "layouts/net/extra.hcl");
}

#[test]
fn every_layout_of_a_preview_has_a_plan_of_its_own() {
    let world = World::start();
    for (name, text) in [("a", "input = 1"), ("eu/b", "input = 2"), ("broken", "nonsense = ")] {
        let layout = format!(
            "layout {{\n  name = \"{}\"\n}}\nresource \"terraform_data\" \"x\" {{\n  {text}\n}}\n",
            name.replace('/', "-")
        );
        world.write(&format!("layouts/{name}/main.hcl"), &layout);
    }
    let shown = world.floorplan(&["preview", "--all", "--out", "plans"]).exits(1);
    assert!(shown.stderr.contains("Saved 2 plans to plans."), "{}", shown.stderr);
    assert!(!world.path().join("plans/broken.plan").exists());
    for (file, layout) in [("plans/a.plan", "layouts/a"), ("plans/eu/b.plan", "layouts/eu/b")] {
        let row = shown.stdout.lines().find(|line| line.contains(&format!("`{layout}`"))).expect("a row");
        let applied = world.floorplan(&["apply", file, "--seal", &seal(row)]).succeeds();
        assert!(applied.stdout.contains("1 added"), "{}", applied.stdout);
    }
}

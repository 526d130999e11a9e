//! `moved` and `removed` blocks of modules: a new version of a module renames and gives up objects, and none of
//! them is made anew or destroyed.

use super::support::World;

const OLD: &str = r#"
resource "terraform_data" "app" { input = 1 }
resource "aws_vpc" "app" { cidr_block = "10.1.0.0/16" }
resource "aws_subnet" "app" {
  vpc_id     = aws_vpc.app.id
  cidr_block = "10.1.1.0/24"
}
"#;

const NEW: &str = r#"
moved {
  from = terraform_data.app
  to   = terraform_data.web
}
moved {
  from = aws_vpc.app
  to   = aws_vpc.web
}
moved {
  from = aws_subnet.app
  to   = aws_subnet.web[0]
}
resource "terraform_data" "web" { input = 1 }
resource "aws_vpc" "web" { cidr_block = "10.1.0.0/16" }
resource "aws_subnet" "web" {
  count      = 1
  vpc_id     = aws_vpc.web.id
  cidr_block = "10.1.1.0/24"
}
"#;

fn objects(world: &World) -> (Vec<String>, Vec<String>) {
    let subnets = world.ids("DescribeSubnets", "subnetId", &[("cidr-block", "10.1.1.0/24")]);
    (world.ids("DescribeVpcs", "vpcId", &[("cidr", "10.1.0.0/16")]), subnets)
}

/// Applies the first layout, plans and applies the second; the plan.
fn changed(world: &World, first: [&str; 2], second: [&str; 2]) -> String {
    for (name, text) in ["net/main.tf", "net/m/main.tf"].iter().zip(first) {
        world.write(name, text);
    }
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    for (name, text) in ["net/main.tf", "net/m/main.tf"].iter().zip(second) {
        world.write(name, text);
    }
    world.forget_calls();
    let plan = world.floorplan(&["plan", "net", "--sandbox"]).succeeds().stdout;
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    assert_eq!(world.writes(), Vec::<String>::new(), "{plan}");
    world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).exits(0);
    plan
}

#[test]
fn a_moved_module_moves_its_renamed_objects() {
    let world = World::start();
    let before = r#"module "alb" { source = "./m" }"#;
    let after = r#"
moved {
  from = module.alb
  to   = module.edge
}
module "edge" { source = "./m" }
"#;
    let plan = changed(&world, [before, OLD], [after, NEW]);
    assert!(plan.contains("3 to move"), "{plan}");
    let (vpcs, subnets) = objects(&world);
    assert_eq!((vpcs.len(), subnets.len()), (1, 1));
    world.floorplan(&["destroy", "net", "--sandbox", "--auto-approve"]).succeeds();
    assert_eq!(objects(&world), (Vec::new(), Vec::new()));
}

#[test]
fn every_instance_of_a_repeated_module_moves_its_objects() {
    let world = World::start();
    let root = "module \"m\" {\n  source   = \"./m\"\n  for_each = toset([\"a\", \"b\"])\n}\n";
    let plan = changed(&world, [root, OLD], [root, NEW]);
    assert!(plan.contains("6 to move"), "{plan}");
    let (vpcs, subnets) = objects(&world);
    assert_eq!((vpcs.len(), subnets.len()), (2, 2));
}

#[test]
fn what_a_module_gives_up_is_forgotten_and_stays() {
    let world = World::start();
    let root = "module \"m\" {\n  source   = \"./m\"\n  for_each = toset([\"a\", \"b\"])\n}\n";
    let block = |name: &str| format!("removed {{\n  from = {name}\n  lifecycle {{ destroy = false }}\n}}\n");
    let given_up: String = ["terraform_data.app", "aws_vpc.app", "aws_subnet.app"].map(block).concat();
    let kept = format!("{given_up}resource \"terraform_data\" \"keep\" {{}}\n");
    let old = format!("{OLD}resource \"terraform_data\" \"keep\" {{}}\n");
    let plan = changed(&world, [root, &old], [root, &kept]);
    assert!(plan.contains("6 to forget") && plan.contains("0 to destroy"), "{plan}");
    let (vpcs, subnets) = objects(&world);
    assert_eq!((vpcs.len(), subnets.len()), (2, 2));
}

#[test]
fn nested_counted_and_twice_called_modules_move_their_objects() {
    let world = World::start();
    let root = r#"
module "one" { source = "./outer" }
module "two" {
  source = "./outer"
  count  = 2
}
"#;
    world.write("net/outer/main.tf", "module \"inner\" { source = \"../m\" }\n");
    let plan = changed(&world, [root, OLD], [root, NEW]);
    assert!(plan.contains("9 to move"), "{plan}");
    let (vpcs, subnets) = objects(&world);
    assert_eq!((vpcs.len(), subnets.len()), (3, 3));
}

//! Taking over what exists: objects that one state made are imported into another by blocks. The plan says
//! so and nothing else, the objects stay the same ones, and they go in the right order.

use super::support::{REGION, World};
use std::collections::BTreeMap;

/// Twenty objects of twelve types, some in a module that repeats.
const LAYOUT: &str = r#"
provider "aws" { region = "eu-west-1" }
provider "aws" {
  alias  = "us"
  region = "us-east-1"
}
module "site" {
  source   = "./site"
  for_each = { a = "10.1.0.0/16", b = "10.2.0.0/16" }
  range    = each.value
}
resource "aws_vpc" "us" {
  provider   = aws.us
  cidr_block = "10.78.0.0/16"
}
resource "aws_eip" "nat" { domain = "vpc" }
resource "aws_customer_gateway" "office" {
  bgp_asn    = 65000
  ip_address = "203.0.113.9"
  type       = "ipsec.1"
}
resource "aws_vpc_dhcp_options" "names" { domain_name_servers = ["AmazonProvidedDNS"] }
resource "aws_ec2_managed_prefix_list" "offices" {
  name           = "offices"
  address_family = "IPv4"
  max_entries    = 5
  entry { cidr = "10.2.0.0/16" }
}
resource "aws_cloudwatch_log_group" "web" { name = "/web" }
resource "aws_s3_bucket" "logs" { bucket = "imports-logs" }
resource "aws_sns_topic" "alarms" { name = "alarms" }
"#;

const SITE: &str = r#"
variable "range" { type = string }
resource "aws_vpc" "this" {
  cidr_block = var.range
  tags       = { Name = "site" }
}
resource "aws_subnet" "this" {
  count      = 2
  vpc_id     = aws_vpc.this.id
  cidr_block = cidrsubnet(var.range, 8, count.index)
}
resource "aws_security_group" "web" {
  name        = "web"
  description = "Web"
  vpc_id      = aws_vpc.this.id
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
}
resource "aws_route_table" "this" { vpc_id = aws_vpc.this.id }
resource "aws_internet_gateway" "this" { vpc_id = aws_vpc.this.id }
"#;

fn ids(world: &World, state: &str) -> BTreeMap<String, String> {
    let show = world.floorplan(&["state", "list", "--layout", "net", "--state", state]).succeeds();
    let id = |address: &str| {
        let shown = world.floorplan(&["state", "show", address, "--layout", "net", "--state", state]).succeeds().stdout;
        let line = shown.lines().find_map(|line| line.trim().strip_prefix("id ")).unwrap_or_else(|| panic!("{shown}"));
        line.trim_start_matches([' ', '=']).trim_matches('"').to_owned()
    };
    show.stdout
        .lines()
        .map(|line| line.split_whitespace().next().unwrap_or_default())
        .map(|a| (a.to_owned(), id(a)))
        .collect()
}

#[test]
fn twenty_objects_of_twelve_types_are_imported() {
    let world = World::start();
    world.write("net/main.tf", LAYOUT);
    world.write("net/site/main.tf", SITE);
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve", "--state", "first"]).succeeds();
    let made = ids(&world, "first");
    assert_eq!(made.len(), 20, "{made:?}");
    let types: std::collections::BTreeSet<&str> =
        made.keys().map(|a| a.rsplit('.').nth(1).unwrap_or_default()).collect();
    assert!(types.len() >= 12, "{types:?}");

    // One block for both instances of a module, one for each other object.
    let mut blocks = String::from("locals {\n  vpcs = {");
    for key in ["a", "b"] {
        let address = format!("module.site[\"{key}\"].aws_vpc.this");
        blocks.push_str(&format!(" {key} = \"{}\", ", made[&address]));
    }
    blocks.push_str(
        "}\n}\nimport {\n  for_each = local.vpcs\n  to = module.site[each.key].aws_vpc.this\n  id = each.value\n}\n",
    );
    for (address, id) in made.iter().filter(|(a, _)| !a.ends_with("aws_vpc.this")) {
        blocks.push_str(&format!("import {{\n  to = {address}\n  id = \"{id}\"\n}}\n"));
    }
    world.write("net/imports.tf", &blocks);
    let plan = world.floorplan(&["plan", "net", "--sandbox", "--state", "second"]).succeeds().stdout;
    assert!(plan.contains("20 to import, 0 to add, 0 to change, 0 to replace, 0 to destroy"), "{plan}");

    world.forget_calls();
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve", "--state", "second"]).succeeds();
    assert_eq!(world.writes(), Vec::<String>::new());
    assert_eq!(ids(&world, "second"), made);
    let mut vpcs = world.ids("DescribeVpcs", "vpcId", &[("tag:Name", "site")]);
    let mut expected: Vec<String> =
        made.iter().filter(|(a, _)| a.ends_with("aws_vpc.this")).map(|(_, id)| id.clone()).collect();
    vpcs.sort();
    expected.sort();
    assert_eq!(vpcs, expected, "the same VPCs in {REGION}");
    world.floorplan(&["plan", "net", "--sandbox", "--state", "second", "--detailed-exitcode"]).exits(0);
    world.floorplan(&["destroy", "net", "--sandbox", "--auto-approve", "--state", "second"]).succeeds();
    assert_eq!(world.ids("DescribeVpcs", "vpcId", &[("tag:Name", "site")]), Vec::<String>::new());
}

#[test]
fn imported_objects_are_destroyed_in_layout_order() {
    let world = World::start();
    let layout = r#"
resource "aws_vpc" "this" { cidr_block = "10.77.0.0/16" }
resource "aws_subnet" "this" {
  vpc_id     = aws_vpc.this.id
  cidr_block = "10.77.1.0/24"
}
resource "aws_network_interface" "this" { subnet_id = aws_subnet.this.id }
"#;
    world.write("net/main.tf", layout);
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve", "--state", "first"]).succeeds();
    for (address, id) in ids(&world, "first") {
        world.floorplan(&["import", &address, &id, "--layout", "net", "--sandbox", "--state", "second"]).succeeds();
    }
    world.floorplan(&["plan", "net", "--sandbox", "--state", "second", "--detailed-exitcode"]).exits(0);
    world.forget_calls();
    world.floorplan(&["destroy", "net", "--sandbox", "--auto-approve", "--state", "second"]).succeeds();
    assert_eq!(world.writes(), ["DeleteNetworkInterface", "DeleteSubnet", "DeleteVpc"]);
}

#[test]
fn imported_objects_keep_their_order_without_blocks() {
    let world = World::start();
    let image = world.ec2("DescribeImages", &[("Owner.1", "amazon"), ("MaxResults", "5")]).all("imageId").remove(0);
    let layout = format!(
        r#"
resource "aws_vpc" "this" {{ cidr_block = "10.77.0.0/16" }}
resource "aws_subnet" "this" {{
  vpc_id     = aws_vpc.this.id
  cidr_block = "10.77.1.0/24"
}}
resource "aws_instance" "this" {{
  ami           = "{image}"
  instance_type = "t3.micro"
  subnet_id     = aws_subnet.this.id
  ephemeral_block_device {{
    device_name  = "/dev/sdb"
    virtual_name = "ephemeral0"
  }}
}}
"#
    );
    world.write("net/main.tf", &layout);
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve", "--state", "first"]).succeeds();
    for (address, id) in ids(&world, "first") {
        world.floorplan(&["import", &address, &id, "--layout", "net", "--sandbox", "--state", "second"]).succeeds();
    }
    let plan = world.floorplan(&["plan", "net", "--sandbox", "--state", "second", "--detailed-exitcode"]).exits(0);
    assert!(plan.stdout.contains("No changes"), "{}", plan.stdout);
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve", "--state", "second"]).succeeds();

    // From the first apply on, the layout's wishes count again.
    world.write("net/main.tf", &layout.replace("ephemeral0", "ephemeral1"));
    let plan = world.floorplan(&["plan", "net", "--sandbox", "--state", "second"]).succeeds().stdout;
    assert!(plan.contains("ephemeral_block_device") && plan.contains("1 to replace"), "{plan}");

    world.write("net/main.tf", "provider \"aws\" { region = \"eu-west-1\" }\n");
    world.forget_calls();
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve", "--state", "second"]).succeeds();
    assert_eq!(world.writes(), ["TerminateInstances", "DeleteSubnet", "DeleteVpc"]);
}

#[test]
fn an_import_looks_in_the_region_of_block_or_id() {
    let world = World::start();
    let provider = "provider \"aws\" { region = \"eu-west-1\" }\n";
    let vpc = "resource \"aws_vpc\" \"v\" {\n  region     = \"us-east-1\"\n  cidr_block = \"10.78.0.0/16\"\n}\n";
    let output = "output \"id\" { value = aws_vpc.v.id }\n";
    world.write("maker/main.tf", &format!("{provider}{vpc}{output}"));
    world.floorplan(&["apply", "maker", "--sandbox", "--auto-approve"]).succeeds();
    let id = world.floorplan(&["output", "maker", "--raw", "id"]).succeeds().stdout;
    world.floorplan(&["state", "rm", "maker", "aws_vpc.v"]).succeeds();
    world.forget_calls();
    for given in [id.clone(), format!("{id}@us-east-1")] {
        let block = format!("import {{\n  to = aws_vpc.v\n  id = \"{given}\"\n}}\n");
        world.write("net/main.tf", &format!("{provider}{vpc}{block}"));
        let plan = world.floorplan(&["plan", "net", "--sandbox"]).succeeds().stdout;
        assert!(plan.contains("1 to import"), "{plan}");
    }
    world.floorplan(&["import", "maker", "aws_vpc.v", &id, "--sandbox"]).succeeds();
    world.floorplan(&["plan", "maker", "--sandbox", "--detailed-exitcode"]).exits(0);
    assert_eq!(world.writes(), Vec::<String>::new());
}

/// Objects of one state, taken over into another; where each is, its resource or its module says.
const ELSEWHERE: &str = r#"
provider "aws" { region = "eu-west-1" }
provider "aws" {
  alias  = "us"
  region = "us-east-1"
}
provider "aws" {
  alias  = "de"
  region = "eu-central-1"
}
resource "aws_vpc" "us" {
  provider   = aws.us
  cidr_block = "10.1.0.0/16"
}
resource "aws_sns_topic" "us" {
  provider = aws.us
  name     = "us"
}
resource "aws_cloudwatch_log_group" "here" { name = "here" }
module "m" {
  source    = "./m"
  for_each  = { a = "10.2.0.0/16", b = "10.3.0.0/16" }
  range     = each.value
  providers = { aws = aws.de }
}
"#;

const MODULE: &str = r#"
variable "range" {}
resource "aws_vpc" "v" { cidr_block = var.range }
resource "aws_subnet" "s" {
  vpc_id     = aws_vpc.v.id
  cidr_block = cidrsubnet(var.range, 8, 1)
}
resource "aws_security_group" "g" {
  for_each = toset(["one", "two"])
  name     = each.key
  vpc_id   = aws_vpc.v.id
}
"#;

#[test]
fn an_import_block_names_only_its_resources_provider() {
    let world = World::start();
    world.write("net/main.tf", ELSEWHERE);
    world.write("net/m/main.tf", MODULE);
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve", "--state", "first"]).succeeds();
    let made = ids(&world, "first");
    assert_eq!(made.len(), 11, "{made:?}");
    let map = |of: &str| {
        let each = |key: &str| format!("{key} = \"{}\"", made[&format!("module.m[\"{key}\"].{of}")]);
        format!("{{ {}, {} }}", each("a"), each("b"))
    };
    let id = |address: &str| made[address].clone();
    let groups: Vec<String> = ["a", "b"]
        .iter()
        .flat_map(|m| ["one", "two"].map(|g| (m, g)))
        .map(|(m, g)| {
            let id = id(&format!("module.m[\"{m}\"].aws_security_group.g[\"{g}\"]"));
            format!("\"{m}/{g}\" = {{ m = \"{m}\", g = \"{g}\", id = \"{id}\" }}")
        })
        .collect();
    // What the real Terraform takes: the provider that the resource block itself names, or none.
    let blocks = |vpc: &str, topic: &str, here: &str| {
        format!(
            r#"
import {{
  to       = aws_vpc.us
  id       = "{}"
  {vpc}
}}
import {{
  to       = aws_sns_topic.us
  id       = "{}"
  {topic}
}}
import {{
  to = aws_cloudwatch_log_group.here
  id = "{}"
  {here}
}}
import {{
  for_each = {}
  to       = module.m[each.key].aws_vpc.v
  id       = each.value
}}
import {{
  for_each = {}
  to       = module.m[each.key].aws_subnet.s
  id       = each.value
}}
import {{
  for_each = {{ {} }}
  to       = module.m[each.value.m].aws_security_group.g[each.value.g]
  id       = each.value.id
}}
"#,
            id("aws_vpc.us"),
            id("aws_sns_topic.us"),
            id("aws_cloudwatch_log_group.here"),
            map("aws_vpc.v"),
            map("aws_subnet.s"),
            groups.join(", ")
        )
    };
    let plan = |code: i32| world.floorplan(&["plan", "net", "--sandbox", "--state", "second"]).exits(code);
    for (vpc, topic, here) in [("provider = aws.de", "", ""), ("", "provider = aws", ""), ("", "", "provider = aws.us")]
    {
        world.write("net/imports.tf", &blocks(vpc, topic, here));
        let refused = plan(1).stderr;
        assert!(refused.contains("names another provider configuration than the resource has"), "{refused}");
        assert!(refused.contains("net/imports.tf:"), "{refused}");
    }
    world.write("net/imports.tf", &blocks("provider = aws.us", "provider = aws.us", ""));
    let told = plan(0).stdout;
    assert!(told.contains("11 to import, 0 to add, 0 to change, 0 to replace, 0 to destroy"), "{told}");
    world.forget_calls();
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve", "--state", "second"]).succeeds();
    assert_eq!(world.writes(), Vec::<String>::new());
    assert_eq!(ids(&world, "second"), made);
    world.floorplan(&["plan", "net", "--sandbox", "--state", "second", "--detailed-exitcode"]).exits(0);
}

#[test]
fn what_an_import_says_besides_is_not_ignored() {
    let world = World::start();
    let vpc = world.ids("DescribeVpcs", "vpcId", &[]).remove(0);
    let block = |what: &str| format!("import {{\n  to = aws_vpc.v\n  {what}\n}}\n");
    let id = block(&format!("id = {vpc:?}"));
    let identity = |more: &str| block(&format!("identity = {{ id = {vpc:?}, {more} }}"));
    for (imports, said) in [
        (format!("{id}{id}"), "Two import blocks for one instance"),
        (identity("account_id = \"000000000000\""), "The identity says 000000000000"),
        (identity("name = \"x\""), "not by \"name\""),
    ] {
        world
            .write("net/main.tf", &format!("resource \"aws_vpc\" \"v\" {{ cidr_block = \"10.0.0.0/16\" }}\n{imports}"));
        let run = world.floorplan(&["plan", "net", "--sandbox"]).exits(1);
        assert!(run.stderr.contains(said), "{imports}{}", run.stderr);
    }
}

#[test]
fn a_terminated_instance_is_not_imported() {
    let world = World::start();
    let image = world.ids("DescribeImages", "imageId", &[("name", "al2023-ami-2023*-x86_64")]).remove(0);
    let one = [("ImageId", image.as_str()), ("MinCount", "1"), ("MaxCount", "1"), ("InstanceType", "t3.micro")];
    let instance = world.ec2("RunInstances", &one).one("instanceId");
    world.ec2("TerminateInstances", &[("InstanceId.1", &instance)]);
    world.write(
        "net/main.tf",
        &format!(
            "resource \"aws_instance\" \"i\" {{\n  ami           = {image:?}\n  instance_type = \"t3.micro\"\n}}\n\
             import {{\n  to = aws_instance.i\n  id = {instance:?}\n}}\n"
        ),
    );
    let run = world.floorplan(&["plan", "net", "--sandbox"]).exits(1);
    assert!(run.stderr.contains("The object to import does not exist"), "{}", run.stderr);
}

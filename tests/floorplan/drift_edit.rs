//! `floorplan drift accept` and `floorplan drift import`: the source is edited as a person would, and afterwards drift and
//! plan are silent.

use crate::support::{Run, World};
use serde_json::Value;

const NET: &str = r#"# The network of the office.
variable "range" {
  default = "10.0.0.0/8" # all that is private
}

resource "aws_vpc" "v" {
  cidr_block           = "10.0.0.0/16"   # never change this
  enable_dns_hostnames = true

  tags = {
    Name  = "main"   # shown in the console
    Owner = "ops"
    Old   = "1"
  }
}

resource "aws_internet_gateway" "i" { vpc_id = aws_vpc.v.id }

resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
  tags       = merge({ Team = "net" }, { Name = "a",  Zone = "1" })
}

resource "aws_route_table" "t" {
  vpc_id = aws_vpc.v.id

  # to the internet
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.i.id
  }
}

resource "aws_security_group" "web" {
  name   = "web"
  vpc_id = aws_vpc.v.id

  # the public
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }

  # from inside
  ingress {
    protocol  = "tcp"
    from_port = 22
    to_port   = 22
    cidr_blocks = [
      var.range, # the office
    ]
  }
}
"#;

/// A world in which a layout is applied.
struct Site {
    world: World,
    dir: &'static str,
}

impl Site {
    fn of(dir: &'static str, files: &[(&str, &str)]) -> Self {
        let world = World::start();
        for (name, text) in files {
            world.write(name, text);
        }
        world.floorplan(&["apply", dir, "--sandbox", "--auto-approve"]).succeeds();
        Site { world, dir }
    }

    fn accept(&self, what: &[&str]) -> Run {
        self.world.floorplan(&[&["drift", "accept", self.dir], what, &["--sandbox"]].concat())
    }

    /// Neither drift nor plan has anything to say.
    fn is_silent(&self) {
        let drift = self.world.floorplan(&["drift", self.dir, "--sandbox"]).succeeds();
        assert_eq!(drift.stdout, "", "{}", drift.stderr);
        self.world.floorplan(&["plan", self.dir, "--sandbox", "--detailed-exitcode"]).exits(0);
    }

    /// The id of an object, as the state has it; its address as in the root module.
    fn id(&self, address: &str) -> String {
        let state = self.world.floorplan(&["show", self.dir, "--json"]).succeeds().stdout;
        let state: Value = serde_json::from_str(&state).expect("JSON");
        fn find(module: &Value, address: &str) -> Option<String> {
            let own = module["resources"].as_array().into_iter().flatten().find(|r| r["address"] == address);
            let inner = || module["child_modules"].as_array().into_iter().flatten().find_map(|m| find(m, address));
            own.and_then(|r| r["values"]["id"].as_str().map(str::to_owned)).or_else(inner)
        }
        find(&state["values"]["root_module"], address).unwrap_or_else(|| panic!("{address}: {state:#}"))
    }

    fn tag(&self, object: &str, key: &str, value: &str) {
        self.world.ec2("CreateTags", &[("ResourceId.1", object), ("Tag.1.Key", key), ("Tag.1.Value", value)]);
    }

    fn untag(&self, object: &str, key: &str) {
        self.world.ec2("DeleteTags", &[("ResourceId.1", object), ("Tag.1.Key", key)]);
    }

    fn rule(&self, action: &str, port: &str, range: &str) {
        let group = self.id("aws_security_group.web");
        let permission = [
            ("GroupId", group.as_str()),
            ("IpPermissions.1.IpProtocol", "tcp"),
            ("IpPermissions.1.FromPort", port),
            ("IpPermissions.1.ToPort", port),
            ("IpPermissions.1.IpRanges.1.CidrIp", range),
        ];
        self.world.ec2(action, &permission);
    }
}

#[test]
fn what_is_accepted_is_written_as_a_person_would() {
    let site = Site::of("net", &[("net/main.tf", NET)]);
    let (vpc, table) = (site.id("aws_vpc.v"), site.id("aws_route_table.t"));
    site.tag(&vpc, "Name", "renamed");
    site.tag(&vpc, "Cost", "42");
    site.untag(&vpc, "Old");
    site.world.ec2("ModifyVpcAttribute", &[("VpcId", &vpc), ("EnableDnsHostnames.Value", "false")]);
    let subnet = site.id("aws_subnet.a");
    site.tag(&subnet, "Owner", "me");
    site.untag(&subnet, "Zone");
    let gateway = site.id("aws_internet_gateway.i");
    site.world.ec2(
        "CreateRoute",
        &[("RouteTableId", &table), ("DestinationCidrBlock", "192.168.0.0/16"), ("GatewayId", &gateway)],
    );
    site.rule("RevokeSecurityGroupIngress", "443", "0.0.0.0/0");
    site.rule("AuthorizeSecurityGroupIngress", "8443", "10.1.0.0/16");
    site.rule("AuthorizeSecurityGroupIngress", "22", "192.168.7.0/24");
    site.world.forget_calls();

    // One tag alone: the rest stays different.
    let run = site.accept(&["aws_vpc.v.tags[\"Name\"]"]).succeeds();
    let renamed = NET.replace("\"main\"", "\"renamed\"");
    assert_eq!(site.world.read("net/main.tf"), renamed);
    assert!(run.stdout.contains("-    Name  = \"main\"   # shown in the console\n"), "{}", run.stdout);
    assert!(run.stderr.contains("Wrote net/main.tf."), "{}", run.stderr);
    site.world.floorplan(&["drift", "net", "--sandbox"]).exits(2);

    site.accept(&["aws_vpc.v", "aws_subnet.a", "aws_route_table.t", "aws_security_group.web"]).succeeds();
    let expected = renamed
        .replace("hostnames = true", "hostnames = false")
        .replace("    Old   = \"1\"\n", "    Cost  = \"42\"\n")
        .replace("{ Name = \"a\",  Zone = \"1\" }", "{ Name = \"a\", Owner = \"me\" }")
        .replace(
            "    gateway_id = aws_internet_gateway.i.id\n  }\n",
            "    gateway_id = aws_internet_gateway.i.id\n  }\n\n  route {\n    cidr_block = \"192.168.0.0/16\"\n    gateway_id = aws_internet_gateway.i.id\n  }\n",
        )
        .replace(
            "\n  # the public\n  ingress {\n    protocol    = \"tcp\"\n    from_port   = 443\n    to_port     = 443\n    cidr_blocks = [\"0.0.0.0/0\"]\n  }\n",
            "",
        )
        .replace(
            "      var.range, # the office\n    ]\n  }\n",
            "      var.range, # the office\n      \"192.168.7.0/24\",\n    ]\n  }\n\n  ingress {\n    cidr_blocks = [\"10.1.0.0/16\"]\n    from_port   = 8443\n    protocol    = \"tcp\"\n    to_port     = 8443\n  }\n",
        );
    same_text(&site.world.read("net/main.tf"), &expected);
    assert_eq!(site.world.writes(), [""; 0]);
    site.is_silent();
    let idle = site.accept(&["aws_vpc.v"]).succeeds();
    assert!(idle.stderr.contains("aws_vpc.v: the layout wants what AWS has already."), "{}", idle.stderr);
}

/// Both texts are the same; else the difference is shown.
fn same_text(found: &str, expected: &str) {
    let diff = similar::TextDiff::from_lines(expected, found);
    assert!(found == expected, "{}", diff.unified_diff().header("expected", "found"));
}

const MODULE: &str = r#"variable "hostnames" {}
variable "tags" {}
variable "support" {
  default = true
}

resource "aws_vpc" "v" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = var.hostnames
  enable_dns_support   = var.support
  tags                 = merge(var.tags, { Name = "main" })
}
"#;

const CALLS: &str = r#"variable "hostnames" { default = false }

locals {
  owners = { net = "ops" }
}

module "m" {
  source    = "../modules/net"
  hostnames = var.hostnames
  tags      = { Owner = local.owners.net } # in all networks
}
"#;

#[test]
fn a_value_is_followed_to_where_it_is_written() {
    let values = "# for the agents\nhostnames=true\n";
    let site =
        Site::of("net", &[("modules/net/main.tf", MODULE), ("net/main.tf", CALLS), ("net/terraform.tfvars", values)]);
    let vpc = site.id("module.m.aws_vpc.v");
    site.tag(&vpc, "Owner", "me");
    site.tag(&vpc, "Name", "renamed");
    site.world.ec2("ModifyVpcAttribute", &[("VpcId", &vpc), ("EnableDnsHostnames.Value", "false")]);
    site.accept(&["module.m.aws_vpc.v"]).succeeds();
    assert_eq!(site.world.read("net/main.tf"), CALLS.replace("\"ops\"", "\"me\""));
    assert_eq!(site.world.read("net/terraform.tfvars"), values.replace("true", "false"));
    assert_eq!(site.world.read("modules/net/main.tf"), MODULE.replace("\"main\"", "\"renamed\""));
    site.is_silent();

    // On the command line nothing can be written.
    site.world.floorplan(&["refresh", "net", "--sandbox"]).succeeds();
    site.world.ec2("ModifyVpcAttribute", &[("VpcId", &vpc), ("EnableDnsHostnames.Value", "true")]);
    let refused = site.accept(&["module.m.aws_vpc.v", "--var", "hostnames=false"]).exits(1);
    assert!(refused.stderr.contains("The value of var.hostnames is from --var"), "{}", refused.stderr);
}

const SHARED: &str = r#"variable "env" {
  default = "prod"
}

resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
  tags       = { Name = "${var.env}-main", Owner = "ops" }
}

resource "aws_subnet" "s" {
  count      = 2
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.${count.index}.0/24"
  tags       = { Name = "web" }
}
"#;

#[test]
fn nothing_is_written_if_one_value_cannot_be() {
    let site = Site::of("net", &[("net/main.tf", SHARED)]);
    let vpc = site.id("aws_vpc.v");
    site.tag(&vpc, "Name", "renamed");
    site.tag(&vpc, "Owner", "me");
    let refused = site.accept(&["aws_vpc.v"]).exits(1);
    assert!(
        refused.stderr.contains("error: Cannot accept aws_vpc.v.tags")
            && refused.stderr.contains("The layout computes the value: \"${var.env}-main\". In AWS it is \"renamed\".")
            && refused.stderr.contains("net/main.tf:7"),
        "{}",
        refused.stderr
    );
    assert_eq!(site.world.read("net/main.tf"), SHARED);
    site.accept(&["aws_vpc.v.tags[\"Owner\"]"]).succeeds();
    let owned = SHARED.replace("\"ops\"", "\"me\"");
    assert_eq!(site.world.read("net/main.tf"), owned);

    // What two instances share cannot be that of one.
    let subnets = [site.id("aws_subnet.s[0]"), site.id("aws_subnet.s[1]")];
    site.tag(&subnets[0], "Name", "other");
    let refused = site.accept(&["aws_subnet.s[0]"]).exits(1);
    assert!(
        refused.stderr.contains("The value is that of other objects as well")
            && refused.stderr.contains("aws_subnet.s[1]"),
        "{}",
        refused.stderr
    );
    assert_eq!(site.world.read("net/main.tf"), owned);
    site.tag(&subnets[1], "Name", "other");
    site.accept(&["aws_subnet.s[0]", "aws_subnet.s[1]"]).succeeds();
    assert_eq!(site.world.read("net/main.tf"), owned.replace("\"web\"", "\"other\""));

    site.world.ec2("DeleteSubnet", &[("SubnetId", &subnets[1])]);
    let refused = site.accept(&["aws_subnet.s[1]"]).exits(1);
    assert!(refused.stderr.contains("Remove its block from the layout"), "{}", refused.stderr);
    let refused = site.accept(&["aws_vpc.w"]).exits(1);
    assert!(refused.stderr.contains("Cannot accept aws_vpc.w"), "{}", refused.stderr);
    let refused = site.accept(&["aws_vpc.v.cidr_block"]).exits(1);
    assert!(refused.stderr.contains("It does not differ. What differs: tags[\"Name\"]."), "{}", refused.stderr);
}

#[test]
fn unmanaged_objects_get_blocks_with_names() {
    let network = "resource \"aws_vpc\" \"main\" {\n  cidr_block = \"10.0.0.0/16\"\n}\n";
    let site =
        Site::of("layouts/net", &[("layouts/net/main.hcl", &format!("layout {{\n  name = \"net\"\n}}\n\n{network}"))]);
    let vpc = site.id("aws_vpc.main");
    let subnet = |range: &str| {
        let made = [("VpcId", vpc.as_str()), ("CidrBlock", range), ("AvailabilityZone", "eu-west-1a")];
        site.world.ec2("CreateSubnet", &made).one("subnetId")
    };
    let (web, other) = (subnet("10.0.1.0/24"), subnet("10.0.2.0/24"));
    site.tag(&web, "Name", "web-a");
    let group = [("GroupName", "Extra group"), ("GroupDescription", "by hand"), ("VpcId", vpc.as_str())];
    let group = site.world.ec2("CreateSecurityGroup", &group).one("groupId");
    site.world.forget_calls();

    let refused = site.world.floorplan(&["drift", "import", "layouts/net", "--sandbox"]).exits(1);
    assert!(refused.stderr.contains("Nothing to import is named"), "{}", refused.stderr);
    let refused = site.world.floorplan(&["drift", "import", "layouts/net", "subnet-0none", "--sandbox"]).exits(1);
    assert!(refused.stderr.contains("Cannot import subnet-0none"), "{}", refused.stderr);

    site.world.floorplan(&["drift", "import", "layouts/net", &web, "--sandbox"]).succeeds();
    let written = site.world.read("layouts/net/imported.hcl").replace(&web, "SUBNET");
    insta::assert_snapshot!(written, @r#"
    import {
      to = aws_subnet.web_a
      id = "SUBNET"
    }

    resource "aws_subnet" "web_a" {
      vpc_id                              = aws_vpc.main.id
      cidr_block                          = "10.0.1.0/24"
      availability_zone                   = "eu-west-1a"
      private_dns_hostname_type_on_launch = "ip-name"
      tags = {
        Name = "web-a"
      }
    }
    "#);
    let only_imports = |count: usize| {
        let planned = site.world.floorplan(&["plan", "layouts/net", "--sandbox"]).succeeds();
        let summary = format!("Plan: {count} to import, 0 to add, 0 to change");
        assert!(planned.stdout.contains(&summary), "{}", planned.stdout);
    };
    only_imports(1);
    site.world.floorplan(&["apply", "layouts/net", "--sandbox", "--auto-approve"]).succeeds();

    let run = site.world.floorplan(&["drift", "import", "--all", "--sandbox"]).succeeds();
    let said = "Wrote layouts/net/imported_2.hcl: aws_subnet.subnet_eu_west_1a, aws_security_group.extra_group.";
    assert!(run.stderr.contains(said), "{}", run.stderr);
    let written = site.world.read("layouts/net/imported_2.hcl");
    assert!(
        written.contains(&format!("id = \"{other}\"")) && written.contains(&format!("id = \"{group}\"")),
        "{written}"
    );
    assert!(!written.contains(&vpc) && written.matches("= aws_vpc.main.id\n").count() == 2, "{written}");
    only_imports(2);
    site.world.floorplan(&["apply", "layouts/net", "--sandbox", "--auto-approve"]).succeeds();
    assert_eq!(site.world.floorplan(&["drift", "--all", "--sandbox"]).succeeds().stdout, "");
    site.is_silent();
    let run = site.world.floorplan(&["drift", "import", "--all", "--sandbox"]).succeeds();
    assert!(run.stderr.contains("no file was written"), "{}", run.stderr);
    assert_eq!(site.world.floorplan(&["fmt", "--check", "layouts/net"]).succeeds().stdout, "");
}

#[test]
fn an_instance_made_by_hand_can_be_imported() {
    let network = "resource \"aws_vpc\" \"main\" {\n  cidr_block = \"10.0.0.0/16\"\n}\n\n\
                   resource \"aws_subnet\" \"a\" {\n  vpc_id     = aws_vpc.main.id\n  cidr_block = \"10.0.1.0/24\"\n}\n";
    let site =
        Site::of("layouts/net", &[("layouts/net/main.hcl", &format!("layout {{\n  name = \"net\"\n}}\n\n{network}"))]);
    let image = site.world.ids("DescribeImages", "imageId", &[("name", "al2023-ami-2023*-x86_64")]).remove(0);
    let subnet = site.id("aws_subnet.a");
    let instance = [
        ("ImageId", image.as_str()),
        ("InstanceType", "t3.micro"),
        ("MinCount", "1"),
        ("MaxCount", "1"),
        ("SubnetId", &subnet),
        ("TagSpecification.1.ResourceType", "instance"),
        ("TagSpecification.1.Tag.1.Key", "Name"),
        ("TagSpecification.1.Tag.1.Value", "by hand"),
        ("TagSpecification.2.ResourceType", "volume"),
        ("TagSpecification.2.Tag.1.Key", "Name"),
        ("TagSpecification.2.Tag.1.Value", "root"),
    ];
    site.world.ec2("RunInstances", &instance);
    // What AWS says of an instance in two places is written in one: the rest would be refused.
    site.world.floorplan(&["drift", "import", "--all", "--sandbox"]).succeeds();
    let written = site.world.read("layouts/net/imported.hcl");
    for (text, is_there) in [
        ("resource \"aws_instance\" \"by_hand\"", true),
        ("aws_subnet.a.id", true),
        ("vpc_security_group_ids", true),
        ("root_block_device {", true),
        ("  security_groups", false),
        ("network_interface {", false),
        ("volume_tags", false),
    ] {
        assert_eq!(written.contains(text), is_there, "{text}: {written}");
    }
    let planned = site.world.floorplan(&["plan", "layouts/net", "--sandbox"]).succeeds().stdout;
    assert!(planned.contains("Plan: 1 to import, 0 to add, 0 to change"), "{planned}");
    site.world.floorplan(&["apply", "layouts/net", "--sandbox", "--auto-approve"]).succeeds();
    assert_eq!(site.world.floorplan(&["drift", "--all", "--sandbox"]).succeeds().stdout, "");
    site.is_silent();
}

//! Each refusal names file and line of what can be changed in the layout: for several reasons and several types, in
//! the root and in modules.

use super::support::World;

const HEAD: &str = r#"
layout {
  availability = "high"
}
data "aws_ami" "image" {
  most_recent = true
  owners      = ["amazon"]
  filter {
    name   = "name"
    values = ["al2023-ami-2023*"]
  }
}
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_subnet" "main" {
  for_each          = { a = 0, b = 1 }
  vpc_id            = aws_vpc.main.id
  availability_zone = "eu-west-1${each.key}"
  cidr_block        = cidrsubnet(aws_vpc.main.cidr_block, 8, each.value)
}
"#;

/// A layout, and what of it changes to what; where the line stands that the refusal names is marked with `# HERE`.
struct Case {
    name: &'static str,
    text: &'static str,
    changes: &'static [(&'static str, &'static str)],
    /// The module, if there is one.
    module: Option<&'static str>,
    code: i32,
    said: &'static str,
}

const DATABASE: &str = r#"
resource "aws_db_instance" "orders" {
  identifier          = "orders"
  engine              = "postgres"
  instance_class      = "db.t4g.medium"
  allocated_storage   = 20
  db_name             = "first" # HERE
  username            = "admin1"
  password            = "not-a-secret-1"
  skip_final_snapshot = true
  multi_az            = true
}
"#;

const SERVER: &str = r#"
resource "aws_instance" "server" {
  ami           = data.aws_ami.image.id
  subnet_id     = aws_subnet.main["a"].id
  instance_type = "t3.micro" # HERE
}
"#;

const SERVER_OF_MODULE: &str = r#"
module "server" {
  source = "./server"
  ami    = data.aws_ami.image.id
  subnet = aws_subnet.main["a"].id
  size   = "t3.micro" # HERE
}
"#;

const SERVER_MODULE: &str = r#"
variable "ami" {}
variable "subnet" {}
variable "size" {}
resource "aws_instance" "server" {
  ami           = var.ami
  subnet_id     = var.subnet
  instance_type = var.size
}
"#;

const ROLLING_OF_MODULE: &str = r#"
module "server" {
  source  = "./server"
  ami     = data.aws_ami.image.id
  subnet  = aws_subnet.main["a"].id
  missing = 0 # HERE
}
"#;

const ROLLING_MODULE: &str = r#"
variable "ami" {}
variable "subnet" {}
variable "missing" {}
resource "aws_instance" "server" {
  count         = 2
  ami           = var.ami
  subnet_id     = var.subnet
  private_ip    = "10.0.0.1${count.index}"
  instance_type = "t3.micro"
  ebs_optimized = false
  lifecycle {
    rolling {
      max_unavailable = var.missing
      max_surge       = 1
    }
  }
}
"#;

const SERVER_LITERAL: &str = r#"
variable "ami" {}
variable "subnet" {}
variable "size" {}
resource "aws_instance" "server" {
  ami           = var.ami
  subnet_id     = var.subnet
  instance_type = "t3.micro" # HERE
}
"#;

const BALANCED: &str = r#"
resource "aws_lb" "web" {
  name     = "web" # BALANCER
  internal = true
  subnets  = [for subnet in aws_subnet.main : subnet.id]
}
resource "aws_lb_target_group" "web" {
  name     = "web" # GROUP
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.main.id
}
resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.web.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}
resource "aws_instance" "web" {
  for_each      = aws_subnet.main
  ami           = data.aws_ami.image.id
  instance_type = "t3.micro"
  subnet_id     = each.value.id
}
resource "aws_lb_target_group_attachment" "web" {
  for_each         = aws_instance.web
  target_group_arn = aws_lb_target_group.web.arn
  target_id        = each.value.id
}
"#;

const SCALED: &str = r#"
resource "aws_lb_target_group" "web" {
  name     = "web"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.main.id
}
resource "aws_lb" "web" {
  internal = true
  subnets  = [for subnet in aws_subnet.main : subnet.id]
}
resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.web.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}
resource "aws_launch_template" "web" {
  image_id      = data.aws_ami.image.id
  instance_type = "t3.micro"
}
resource "aws_autoscaling_group" "web" {
  name                = "web"
  desired_capacity    = 2 # HERE
  min_size            = 2
  max_size            = 4
  vpc_zone_identifier = [for subnet in aws_subnet.main : subnet.id]
  target_group_arns   = [aws_lb_target_group.web.arn]
  launch_template {
    id      = aws_launch_template.web.id
    version = aws_launch_template.web.latest_version
  }
}
"#;

const HELD_GROUP: &str = r#"
resource "aws_security_group" "web" {
  name        = "web" # HERE
  vpc_id      = aws_vpc.main.id
  description = "first"
}
resource "aws_network_interface" "web" {
  subnet_id       = aws_subnet.main["a"].id
  security_groups = [aws_security_group.web.id]
}
"#;

const PRIVATE: &str = r#"
resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}
resource "aws_route_table_association" "public" {
  subnet_id      = aws_subnet.main["a"].id
  route_table_id = aws_route_table.public.id
}
resource "aws_eip" "nat" {}
resource "aws_nat_gateway" "main" {
  allocation_id = aws_eip.nat.id
  subnet_id     = aws_subnet.main["a"].id
  depends_on    = [aws_internet_gateway.main]
}
resource "aws_route_table" "private" { # HERE
  vpc_id = aws_vpc.main.id
}
resource "aws_route_table_association" "private" {
  subnet_id      = aws_subnet.main["b"].id
  route_table_id = aws_route_table.private.id
}
resource "aws_instance" "worker" {
  ami           = data.aws_ami.image.id
  instance_type = "t3.micro"
  subnet_id     = aws_subnet.main["b"].id
}
resource "aws_route" "out" {
  route_table_id         = aws_route_table.private.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.main.id
}
"#;

const ROUTE: &str = r#"resource "aws_route" "out" {
  route_table_id         = aws_route_table.private.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.main.id
}
"#;

const CASES: &[Case] = &[
    Case {
        name: "a database whose data would go",
        text: DATABASE,
        changes: &[("\"first\"", "\"second\"")],
        module: None,
        code: 3,
        said: "its data is deleted with the old object",
    },
    Case {
        name: "a server that is stopped",
        text: SERVER,
        changes: &[("t3.micro", "t3.small")],
        module: None,
        code: 3,
        said: "as \"instance_type\" changes",
    },
    Case {
        name: "a server of a module that gets its size",
        text: SERVER_OF_MODULE,
        changes: &[("t3.micro", "t3.small")],
        module: Some(SERVER_MODULE),
        code: 3,
        said: "as \"instance_type\" changes",
    },
    Case {
        name: "a server of a module that says its size",
        text: SERVER_OF_MODULE,
        changes: &[("t3.micro", "t3.small")],
        module: Some(SERVER_LITERAL),
        code: 3,
        said: "as \"instance_type\" changes",
    },
    Case {
        name: "members of a module none of which may be missing",
        text: ROLLING_OF_MODULE,
        changes: &[("  ebs_optimized = false", "  ebs_optimized = false\n  key_name = \"other\"")],
        module: Some(ROLLING_MODULE),
        code: 1,
        said: "No member may be missing, but the new ones cannot be created first",
    },
    Case {
        name: "a balancer with a name of its own",
        text: BALANCED,
        changes: &[("internal = true", "internal = false"), ("# BALANCER", "# HERE")],
        module: None,
        code: 3,
        said: "through which it is reached, is gone before the new one is there",
    },
    Case {
        name: "a target group that is to come first under its own name",
        text: BALANCED,
        changes: &[
            (
                "port     = 80\n  protocol = \"HTTP\"\n  vpc_id   = aws_vpc.main.id",
                "port     = 81\n  protocol = \"HTTP\"\n  vpc_id   = aws_vpc.main.id\n  lifecycle {\n    create_before_destroy = true\n  }",
            ),
            ("# GROUP", "# HERE"),
        ],
        module: None,
        code: 1,
        said: "The new object cannot be created before the old one is gone",
    },
    Case {
        name: "a scaling group without members",
        text: SCALED,
        changes: &[("= 2 # HERE", "= 0 # HERE"), ("min_size            = 2", "min_size            = 0")],
        module: None,
        code: 3,
        said: "the layout leaves no member in it",
    },
    Case {
        name: "a security group that others hold",
        text: HELD_GROUP,
        changes: &[("\"first\"", "\"second\"")],
        module: None,
        code: 1,
        said: "cannot be replaced under its own name while it is held",
    },
    Case {
        name: "the way out of private subnets",
        text: PRIVATE,
        changes: &[(ROUTE, "")],
        module: None,
        code: 3,
        said: "its private subnets have no way out",
    },
];

/// File and line of the mark.
fn marked(files: &[(&str, &str)]) -> String {
    let of = |(name, text): &(&str, &str)| {
        let line = text.lines().position(|line| line.contains("# HERE"))?;
        Some(format!("{name}:{}", line + 1))
    };
    // The innermost file that says it is the one to change.
    files.iter().rev().find_map(of).expect("a line that is marked")
}

#[test]
fn every_refusal_names_the_line_that_can_be_changed() {
    let run = |case: &Case| {
        let world = World::start();
        let put = |text: &str, module: Option<&str>| {
            world.write("net/main.tf", text);
            if let Some(module) = module {
                world.write("net/server/main.tf", module);
            }
        };
        let text = [HEAD, case.text].concat();
        put(&text, case.module);
        world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
        let to = |text: &str| case.changes.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
        let (text, module) = (to(&text), case.module.map(to));
        put(&text, module.as_deref());
        let refused = world.floorplan(&["plan", "net", "--sandbox"]).exits(case.code);
        assert!(refused.stderr.contains(case.said), "{}: {}", case.name, refused.stderr);
        let module = module.as_deref().map(|module| ("net/server/main.tf", module));
        let files: Vec<(&str, &str)> = [("net/main.tf", text.as_str())].into_iter().chain(module).collect();
        let place = marked(&files);
        assert!(refused.stderr.contains(&place), "{}: {place} is not in {}", case.name, refused.stderr);
    };
    CASES.iter().for_each(run);
}

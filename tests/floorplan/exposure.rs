//! The exposure of plans and of drift on the sandbox. What is right is written down by hand: who has a public address and
//! a way to it, and which rules let whom in.

use crate::support::{Run, World};
use serde_json::Value;

/// A VPC with a public and a private subnet, a bastion with a public address and a server without one, each with a group
/// of its own.
const NETWORK: &str = r#"
locals {
  world = "0.0.0.0/0"
  image = "IMAGE"
}
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_subnet" "public" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.1.0/24"
  availability_zone = "eu-west-1a"
}
resource "aws_subnet" "private" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.2.0/24"
  availability_zone = "eu-west-1b"
}
resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = local.world
    gateway_id = aws_internet_gateway.main.id
  }
}
resource "aws_route_table" "private" {
  vpc_id = aws_vpc.main.id
}
resource "aws_route_table_association" "public" {
  subnet_id      = aws_subnet.public.id
  route_table_id = aws_route_table.public.id
}
resource "aws_route_table_association" "private" {
  subnet_id      = aws_subnet.private.id
  route_table_id = aws_route_table.private.id
}
resource "aws_instance" "bastion" {
  ami                         = local.image
  instance_type               = "t3.micro"
  subnet_id                   = aws_subnet.public.id
  associate_public_ip_address = true
  vpc_security_group_ids      = [aws_security_group.bastion.id]
}
resource "aws_instance" "app" {
  ami                    = local.image
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.private.id
  vpc_security_group_ids = [aws_security_group.app.id]
}
"#;

/// A group that lets a port in from a range, and everything out.
fn group(name: &str, port: u16, range: &str) -> String {
    format!(
        r#"
resource "aws_security_group" "{name}" {{
  name   = "{name}"
  vpc_id = aws_vpc.main.id
  ingress {{
    protocol    = "tcp"
    from_port   = {port}
    to_port     = {port}
    cidr_blocks = ["{range}"]
  }}
  egress {{
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }}
}}
"#
    )
}

const WORLD: &str = "0.0.0.0/0";
const INSIDE: &str = "10.0.0.0/8";

/// A world with a layout.
struct Site {
    world: World,
    image: String,
}

impl Site {
    fn start() -> Self {
        let world = World::start();
        let image = world.ids("DescribeImages", "imageId", &[("name", "al2023-ami-2023*-x86_64")]).remove(0);
        Site { world, image }
    }

    /// Writes the network with more blocks.
    fn write(&self, more: &[String]) {
        let network = NETWORK.replace("IMAGE", &self.image);
        self.world.write("net/main.tf", &[&[network], more].concat().concat());
    }

    fn apply(&self) {
        self.world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    }

    fn plan(&self, more: &[&str]) -> Run {
        self.world.floorplan(&[&["plan", "net", "--sandbox"], more].concat()).succeeds()
    }

    /// The lines on exposure of the plan.
    fn exposure(&self) -> Vec<String> {
        section(&self.plan(&[]).stdout)
    }

    fn id(&self, address: &str) -> String {
        let state = self.world.floorplan(&["show", "net", "--json"]).succeeds().stdout;
        let state: Value = serde_json::from_str(&state).expect("JSON");
        let all = state["values"]["root_module"]["resources"].as_array().expect("resources").clone();
        let found = all.iter().find(|resource| resource["address"] == address).expect("the object");
        found["values"]["id"].as_str().expect("an id").to_owned()
    }

    /// Attaches groups to an instance by hand, in place of those that it has.
    fn attach(&self, instance: &str, groups: &[&str]) {
        let (instance, groups): (String, Vec<String>) =
            (self.id(instance), groups.iter().map(|group| self.id(group)).collect());
        let names: Vec<String> = (1..=groups.len()).map(|n| format!("GroupId.{n}")).collect();
        let mut parameters = vec![("InstanceId", instance.as_str())];
        parameters.extend(names.iter().map(String::as_str).zip(groups.iter().map(String::as_str)));
        self.world.ec2("ModifyInstanceAttribute", &parameters);
    }

    /// The findings of `drift` that are about an object.
    fn found(&self, address: &str) -> Vec<Value> {
        let run = self.world.floorplan(&["drift", "net", "--sandbox", "--format", "json"]).exits(2);
        let document: Value = serde_json::from_str(&run.stdout).expect("JSON");
        let all = document["layouts"][0]["findings"].as_array().expect("findings").clone();
        all.into_iter().filter(|finding| finding["address"] == address).collect()
    }
}

/// The lines below the title, up to the next empty line.
fn section(text: &str) -> Vec<String> {
    let below = text.lines().skip_while(|line| *line != "Exposure:").skip(1);
    below.take_while(|line| !line.is_empty()).map(|line| line.trim().to_owned()).collect()
}

#[test]
fn a_rule_exposes_who_has_a_public_address_and_a_way() {
    let site = Site::start();
    let rules = |bastion: &str, app: &str| [group("bastion", 22, bastion), group("app", 3306, app)];
    site.write(&rules(INSIDE, INSIDE));
    assert_eq!(site.exposure(), [""; 0], "nothing is open to anybody outside");
    site.apply();
    assert!(!site.plan(&[]).stdout.contains("Exposure"));

    // The same rule on the server that nothing leads to exposes nothing, and the plan says why.
    site.write(&rules(INSIDE, WORLD));
    let said = site.exposure();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with("no exposure: internet → tcp/3306 → app ("), "{said:?}");
    assert!(said[0].contains("it has no public IPv4 address"), "{said:?}");

    site.write(&rules(WORLD, INSIDE));
    let opened = "+ internet → tcp/22 → bastion";
    assert_eq!(site.exposure(), [opened]);
    let markdown = site.plan(&["--format", "markdown"]).stdout;
    assert!(markdown.contains(&format!("\n**Exposure**\n\n- `{opened}`\n")), "{markdown}");
    let document: Value = serde_json::from_str(&site.plan(&["--format", "json"]).stdout).expect("JSON");
    let change = &document["exposure"]["changes"][0];
    let words = ["action", "from", "services"].map(|name| change[name].as_str().unwrap_or_default().to_owned());
    assert_eq!(words, ["opens", "internet", "tcp/22"]);
    assert_eq!(change["addresses"], serde_json::json!(["aws_instance.bastion"]));
    site.plan(&["--out", "p"]);
    let shown = site.world.floorplan(&["show", "p"]).succeeds().stdout;
    assert_eq!(section(&shown), [opened], "{shown}");
    let preview = site.world.floorplan(&["preview", "net", "--sandbox", "--format", "markdown"]).succeeds().stdout;
    assert!(preview.contains("New exposure") && preview.contains(opened), "{preview}");

    site.apply();
    site.write(&rules(INSIDE, INSIDE));
    assert_eq!(site.exposure(), ["- internet → tcp/22 → bastion"]);
}

#[test]
fn a_new_layout_says_what_it_opens() {
    let site = Site::start();
    let balancer = r#"
resource "aws_lb" "front" {
  name            = "front"
  subnets         = [aws_subnet.public.id, aws_subnet.second.id]
  security_groups = [aws_security_group.front.id]
}
resource "aws_subnet" "second" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.3.0/24"
  availability_zone = "eu-west-1c"
}
resource "aws_route_table_association" "second" {
  subnet_id      = aws_subnet.second.id
  route_table_id = aws_route_table.public.id
}
resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.front.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}
resource "aws_lb_target_group" "app" {
  name     = "app"
  port     = 8080
  protocol = "HTTP"
  vpc_id   = aws_vpc.main.id
}
resource "aws_lb_target_group_attachment" "app" {
  target_group_arn = aws_lb_target_group.app.arn
  target_id        = aws_instance.app.id
}
"#;
    let groups = [group("bastion", 22, "203.0.113.0/24"), group("app", 8080, "10.0.0.0/16"), group("front", 80, WORLD)];
    site.write(&[&groups[..], &[balancer.to_owned()]].concat());
    let wanted = ["+ internet → tcp/80 → front → app", "+ 203.0.113.0/24 → tcp/22 → bastion"];
    assert_eq!(site.exposure(), wanted, "before anything exists");
    // Nothing of it is exposed while the balancer cannot reach its target.
    let groups = [group("bastion", 22, INSIDE), group("app", 9090, "10.0.0.0/16"), group("front", 80, WORLD)];
    site.write(&[&groups[..], &[balancer.to_owned()]].concat());
    assert_eq!(site.exposure(), ["+ internet → tcp/80 → front"]);
}

#[test]
fn a_site_behind_a_vpn_comes_and_goes() {
    let site = Site::start();
    let tunnel = r#"
resource "aws_vpn_gateway" "main" {
  vpc_id = aws_vpc.main.id
}
resource "aws_customer_gateway" "office" {
  bgp_asn    = 65000
  ip_address = "198.51.100.1"
  type       = "ipsec.1"
}
resource "aws_vpn_connection" "main" {
  customer_gateway_id = aws_customer_gateway.office.id
  vpn_gateway_id      = aws_vpn_gateway.main.id
  type                = "ipsec.1"
  static_routes_only  = true
}
resource "aws_vpn_connection_route" "office" {
  vpn_connection_id      = aws_vpn_connection.main.id
  destination_cidr_block = "192.168.0.0/16"
}
resource "aws_route" "office" {
  route_table_id         = aws_route_table.private.id
  destination_cidr_block = "192.168.0.0/16"
  gateway_id             = aws_vpn_gateway.main.id
}
"#;
    let with = |range: &str| [group("bastion", 22, INSIDE), group("app", 3306, range), tunnel.to_owned()];
    site.write(&with("192.168.0.0/16"));
    assert_eq!(site.exposure(), ["+ office (vpn) → tcp/3306 → app"]);
    site.apply();
    site.write(&with(INSIDE));
    assert_eq!(site.exposure(), ["- office (vpn) → tcp/3306 → app"]);
    // A route less takes it away as well.
    let mut without = with("192.168.0.0/16");
    without[2] = without[2].split("resource \"aws_route\"").next().unwrap_or_default().to_owned();
    site.write(&without);
    assert_eq!(site.exposure(), ["- office (vpn) → tcp/3306 → app"]);
}

#[test]
fn a_group_attached_by_hand_is_as_grave_as_it_opens() {
    let site = Site::start();
    site.write(&[group("bastion", 22, INSIDE), group("app", 3306, INSIDE), group("open", 22, WORLD)]);
    site.apply();
    site.attach("aws_instance.app", &["aws_security_group.app", "aws_security_group.open"]);
    let private = site.found("aws_instance.app");
    assert_eq!(private.len(), 1, "{private:?}");
    assert_eq!(private[0]["exposure"], serde_json::json!([]), "nothing leads there: {private:?}");
    assert_ne!(private[0]["severity"], "opens");

    site.attach("aws_instance.bastion", &["aws_security_group.bastion", "aws_security_group.open"]);
    let public = site.found("aws_instance.bastion");
    assert_eq!(public.len(), 1, "{public:?}");
    let grade = ["severity", "why"].map(|name| public[0][name].as_str().unwrap_or_default().to_owned());
    assert_eq!(grade, ["opens", "gives access from the internet"]);
    for form in ["text", "markdown", "junit", "sarif", "html"] {
        let run = site.world.floorplan(&["drift", "net", "--sandbox", "--format", form]).exits(2);
        let said = run.stdout.to_lowercase();
        assert!(said.contains("by hand: + internet → tcp/22 → bastion"), "{form}: {}", run.stdout);
        assert!(!said.contains("→ app"), "{form}: {}", run.stdout);
    }
    // An apply puts it back, which the plan says.
    assert_eq!(site.exposure(), ["- internet → tcp/22 → bastion"]);
    site.apply();
    site.world.floorplan(&["drift", "net", "--sandbox"]).succeeds();
}

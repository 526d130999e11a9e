//! The network family's types, one by one, against the sandbox.

use super::bench::{Bench, args, tags};
use super::support::World;
use floorplan::resources::registry;
use floorplan::schema::{Attrs, object_type};
use floorplan::value::{Kind, Type, Value};

/// Blocks of a type as a value: every argument that is not given is null.
fn blocks<const N: usize>(kind: &str, name: &str, given: [Attrs; N]) -> Value {
    let row = registry()[kind].schema().attribute(name).expect("the block is there");
    let rows = row.block.as_ref().expect("it is a block").attributes.clone();
    let Type::Object(types) = object_type(&rows) else { panic!("rows make an object") };
    let full = |attrs: Attrs| {
        Value::object(types.iter().map(|(name, ty)| {
            let value = attrs.get(name).cloned().unwrap_or_else(|| Value::null(ty.clone()));
            (name.clone(), value)
        }))
    };
    Value::set(object_type(&rows), given.into_iter().map(full).collect())
}

#[tokio::test]
async fn a_network_is_made_changed_and_taken_down() {
    let bench = Bench::start().await;
    let vpc_args = |name: &str| {
        args([
            ("cidr_block", "10.0.0.0/16".into()),
            ("enable_dns_hostnames", true.into()),
            ("assign_generated_ipv6_cidr_block", true.into()),
            ("tags", tags([("Name", name)])),
        ])
    };
    let vpc = bench.make("aws_vpc", vpc_args("one")).await;
    let vpc = bench.bring(vpc, vpc_args("two")).await;
    let in_vpc = || Value::from(vpc.id.as_str());
    for name in ["main_route_table_id", "default_security_group_id", "default_network_acl_id", "ipv6_cidr_block"] {
        vpc.text(name);
    }

    let further = args([("vpc_id", in_vpc()), ("cidr_block", "10.1.0.0/16".into())]);
    let range = bench.make("aws_vpc_ipv4_cidr_block_association", further.clone()).await;
    assert_eq!(bench.like("aws_vpc_ipv4_cidr_block_association", further).await, std::slice::from_ref(&range.id));

    let ipv6 = vpc.text("ipv6_cidr_block").replace("::/56", "::/64");
    let subnet_args = |public: bool| {
        args([
            ("vpc_id", in_vpc()),
            ("cidr_block", "10.0.1.0/24".into()),
            ("ipv6_cidr_block", ipv6.as_str().into()),
            ("map_public_ip_on_launch", public.into()),
            ("assign_ipv6_address_on_creation", public.into()),
        ])
    };
    let subnet = bench.make("aws_subnet", subnet_args(true)).await;
    let subnet = bench.bring(subnet, subnet_args(false)).await;
    let private = args([("vpc_id", in_vpc()), ("cidr_block", "10.1.1.0/24".into())]);
    let private = bench.make("aws_subnet", private).await;

    let gateway = bench.make("aws_internet_gateway", args([("vpc_id", in_vpc())])).await;
    let egress = bench.make("aws_egress_only_internet_gateway", args([("vpc_id", in_vpc())])).await;
    let eip = bench.make("aws_eip", args([("tags", tags([("Name", "nat")]))])).await;
    let nat = args([("allocation_id", eip.id.as_str().into()), ("subnet_id", subnet.id.as_str().into())]);
    let nat = bench.make("aws_nat_gateway", nat).await;
    assert_eq!(nat.text("public_ip"), eip.text("public_ip"));

    let table_args = |routes: Value| args([("vpc_id", in_vpc()), ("route", routes)]);
    let to =
        |range: &'static str, target: &'static str, id: &str| args([("cidr_block", range.into()), (target, id.into())]);
    let out = to("0.0.0.0/0", "gateway_id", &gateway.id);
    let public = blocks("aws_route_table", "route", [out.clone()]);
    let table = bench.make("aws_route_table", table_args(public)).await;
    let by_nat = to("192.0.2.0/24", "nat_gateway_id", &nat.id);
    let v6 = args([("ipv6_cidr_block", "::/0".into()), ("egress_only_gateway_id", egress.id.as_str().into())]);
    let more = blocks("aws_route_table", "route", [out, by_nat, v6]);
    let table = bench.bring(table, table_args(more)).await;
    let other = blocks("aws_route_table", "route", [to("0.0.0.0/0", "nat_gateway_id", &nat.id)]);
    let table = bench.bring(table, table_args(other)).await;

    let bare = bench.make("aws_route_table", args([("vpc_id", in_vpc())])).await;
    let route_args = |target: &'static str, id: &str| {
        args([
            ("route_table_id", bare.id.as_str().into()),
            ("destination_cidr_block", "0.0.0.0/0".into()),
            (target, id.into()),
        ])
    };
    let route = bench.make("aws_route", route_args("nat_gateway_id", &nat.id)).await;
    let route = bench.bring(route, route_args("gateway_id", &gateway.id)).await;
    assert_eq!(route.text("state"), "active");

    let link = |table: &str| args([("subnet_id", private.id.as_str().into()), ("route_table_id", table.into())]);
    let association = bench.make("aws_route_table_association", link(&table.id)).await;
    let first = association.id.clone();
    let association = bench.bring(association, link(&bare.id)).await;
    assert_ne!(association.id, first, "AWS gives a replaced association another id");
    assert_eq!(bench.like("aws_route_table_association", link(&bare.id)).await, std::slice::from_ref(&association.id));

    let main = args([("vpc_id", in_vpc()), ("route_table_id", table.id.as_str().into())]);
    let main = bench.make("aws_main_route_table_association", main).await;
    assert_eq!(main.text("original_route_table_id"), vpc.text("main_route_table_id"));
    bench.remove(&main).await;

    let main_table = vpc.text("main_route_table_id").to_owned();
    let adopted = |routes: Value| args([("default_route_table_id", main_table.as_str().into()), ("route", routes)]);
    let inside = blocks("aws_default_route_table", "route", [to("0.0.0.0/0", "gateway_id", &gateway.id)]);
    let adopted_table = bench.make("aws_default_route_table", adopted(inside)).await;
    let none = blocks("aws_default_route_table", "route", []);
    bench.bring(adopted_table, adopted(none)).await;
    assert_eq!(bench.like("aws_default_route_table", args([("vpc_id", in_vpc())])).await, [main_table]);

    for made in [&association, &route, &bare, &table, &nat, &eip, &egress, &gateway, &private, &subnet, &range, &vpc] {
        bench.remove(made).await;
    }
}

#[tokio::test]
async fn endpoints_and_peerings_are_made_changed_and_taken_down() {
    let bench = Bench::start().await;
    let vpc = bench.make("aws_vpc", args([("cidr_block", "10.0.0.0/16".into())])).await;
    let peer = bench.make("aws_vpc", args([("cidr_block", "10.9.0.0/16".into())])).await;
    let table = bench.make("aws_route_table", args([("vpc_id", vpc.id.as_str().into())])).await;
    let s3 = |tables: &[&str]| {
        args([
            ("vpc_id", vpc.id.as_str().into()),
            ("service_name", "com.amazonaws.eu-west-1.s3".into()),
            ("route_table_ids", Value::string_set(tables)),
        ])
    };
    let endpoint = bench.make("aws_vpc_endpoint", s3(&[])).await;
    let endpoint = bench.bring(endpoint, s3(&[&table.id])).await;
    assert!(endpoint.text("prefix_list_id").starts_with("pl-"));

    let sides = args([
        ("vpc_id", vpc.id.as_str().into()),
        ("peer_vpc_id", peer.id.as_str().into()),
        ("auto_accept", true.into()),
        ("requester", Value::object([("allow_remote_vpc_dns_resolution", Value::from(true))])),
    ]);
    let peering = bench.make("aws_vpc_peering_connection", sides).await;
    assert_eq!(peering.text("accept_status"), "active");
    for made in [&peering, &endpoint, &table, &peer, &vpc] {
        bench.remove(made).await;
    }
}

#[tokio::test]
async fn data_sources_find_the_one_that_is_meant() {
    let bench = Bench::start().await;
    let vpc = args([("cidr_block", "10.0.0.0/16".into()), ("tags", tags([("Name", "data")]))]);
    let vpc = bench.make("aws_vpc", vpc).await;
    let subnet = |range: &str| args([("vpc_id", vpc.id.as_str().into()), ("cidr_block", range.into())]);
    let a = bench.make("aws_subnet", subnet("10.0.1.0/24")).await;
    let b = bench.make("aws_subnet", subnet("10.0.2.0/24")).await;

    let zones = bench.data("aws_availability_zones", args([("state", "available".into())])).await.unwrap();
    assert_eq!(zones.strings("names"), ["eu-west-1a", "eu-west-1b", "eu-west-1c"]);
    let region = bench.data("aws_region", args([])).await.unwrap();
    assert_eq!((region.str("region"), region.str("description")), (Some("eu-west-1"), Some("Europe (Ireland)")));
    let caller = bench.data("aws_caller_identity", args([])).await.unwrap();
    assert_eq!(caller.str("account_id"), Some("123456789012"));
    let partition = bench.data("aws_partition", args([])).await.unwrap();
    assert_eq!(partition.str("reverse_dns_prefix"), Some("com.amazonaws"));

    let by_tag = bench.data("aws_vpc", args([("tags", tags([("Name", "data")]))])).await.unwrap();
    assert_eq!((by_tag.str("id"), by_tag.bool("enable_dns_support")), (Some(vpc.id.as_str()), Some(true)));
    let in_vpc = Value::object([("name", Value::from("vpc-id")), ("values", Value::string_set([&vpc.id]))]);
    let filter = || args([("filter", Value::tuple(vec![in_vpc.clone()]))]);
    let mut ids = [a.id.clone(), b.id.clone()];
    ids.sort();
    assert_eq!(bench.data("aws_subnets", filter()).await.unwrap().strings("ids"), ids);
    let both = bench.data("aws_subnet", filter()).await.unwrap_err();
    assert!(both.contains("2 subnets match"), "{both}");
    let one = bench.data("aws_subnet", filter().with("cidr_block", "10.0.2.0/24")).await.unwrap();
    assert_eq!(one.str("id"), Some(b.id.as_str()));
    let group = args([("vpc_id", vpc.id.as_str().into()), ("name", "default".into())]);
    let group = bench.data("aws_security_group", group).await.unwrap();
    assert_eq!(group.str("id"), Some(vpc.text("default_security_group_id")));
    let nothing = bench.data("aws_vpc", args([("cidr_block", "10.7.0.0/16".into())])).await.unwrap_err();
    assert!(nothing.contains("no VPC matches"), "{nothing}");
    assert!(matches!(one.get("map_public_ip_on_launch").map(Value::kind), Some(Kind::Bool(false))));
}

#[tokio::test]
async fn many_objects_are_described_in_few_calls() {
    let bench = Bench::start().await;
    let vpc = bench.make("aws_vpc", args([("cidr_block", "10.0.0.0/16".into())])).await;
    let mut ids = Vec::new();
    for n in 0..20 {
        let range = format!("10.0.{n}.0/24");
        ids.push(
            bench.make("aws_subnet", args([("vpc_id", vpc.id.as_str().into()), ("cidr_block", range.into())])).await.id,
        );
    }
    ids.extend((0..180).map(|n| format!("subnet-{n:017x}")));
    let before = bench.aws.calls().reads;
    let which = floorplan::resources::Which::Ids(&ids);
    let found = registry()["aws_subnet"].describe(&bench.aws, which).await.unwrap();
    assert_eq!((found.len(), bench.aws.calls().reads - before), (20, 1), "those that are gone are left out");
}

#[test]
fn an_internet_gateway_goes_after_all_that_has_a_public_address() {
    let world = World::start();
    let text = r#"
data "aws_ami" "image" {
  most_recent = true
  owners      = ["amazon"]
  filter {
    name   = "name"
    values = ["al2023-ami-2023*"]
  }
}
resource "aws_vpc" "main" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
}
resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}
resource "aws_subnet" "main" {
  count                   = 2
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.0.${count.index}.0/24"
  availability_zone       = ["eu-west-1a", "eu-west-1b"][count.index]
  map_public_ip_on_launch = true
}
resource "aws_instance" "main" {
  ami           = data.aws_ami.image.id
  instance_type = "t3.micro"
  subnet_id     = aws_subnet.main[0].id
}
resource "aws_launch_template" "main" {
  name          = "main"
  image_id      = data.aws_ami.image.id
  instance_type = "t3.micro"
}
resource "aws_autoscaling_group" "main" {
  name                = "main"
  min_size            = 1
  max_size            = 1
  vpc_zone_identifier = [aws_subnet.main[1].id]
  launch_template {
    id = aws_launch_template.main.id
  }
}
resource "aws_db_subnet_group" "main" {
  name       = "main"
  subnet_ids = aws_subnet.main[*].id
}
resource "aws_db_instance" "main" {
  identifier           = "main"
  engine               = "postgres"
  instance_class       = "db.t4g.micro"
  allocated_storage    = 20
  username             = "root"
  password             = "not-a-secret-1"
  publicly_accessible  = true
  skip_final_snapshot  = true
  db_subnet_group_name = aws_db_subnet_group.main.name
}
"#;
    world.write("net/main.tf", text);
    // One at a time: an object that waits for another one must not keep it from its turn.
    let one = ["net", "--sandbox", "--auto-approve", "--parallelism", "1"];
    world.floorplan(&[&["apply"], &one[..]].concat()).succeeds();
    for (made, first) in [("RunInstances", "AttachInternetGateway"), ("CreateDBInstance", "AttachInternetGateway")] {
        comes_after(&world, made, first);
    }
    world.forget_calls();
    world.floorplan(&[&["destroy"], &one[..]].concat()).succeeds();
    for gone in ["TerminateInstances", "DeleteAutoScalingGroup", "DeleteDBInstance"] {
        comes_after(&world, "DetachInternetGateway", gone);
    }
    assert_eq!(world.writes().iter().filter(|w| *w == "DetachInternetGateway").count(), 1);
}

#[track_caller]
fn comes_after(world: &World, later: &str, earlier: &str) {
    let writes = world.writes();
    let at = |action: &str| writes.iter().position(|w| w == action).unwrap_or_else(|| panic!("{action}: {writes:?}"));
    assert!(at(later) > at(earlier), "{later} before {earlier}: {writes:?}");
}

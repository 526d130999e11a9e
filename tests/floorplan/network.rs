//! The network family's types, one by one, against the sandbox.

use crate::resume::kill_at;
use crate::support::World;
use crate::types::{Account, Object};
use serde_json::{Value as Json, json};

/// The id of the object that an import finds by these arguments.
fn like(account: &Account, kind: &str, by: &[(&str, &str)]) -> String {
    account.import(kind, by).id
}

#[test]
fn a_network_is_made_changed_and_taken_down() {
    let account = Account::start();
    let vpc_args = |name: &str| {
        json!({
            "cidr_block": "10.0.0.0/16",
            "enable_dns_hostnames": true,
            "assign_generated_ipv6_cidr_block": true,
            "tags": {"Name": name},
        })
    };
    let mut vpc = account.make("aws_vpc", vpc_args("one"));
    vpc.change(vpc_args("two"));
    for name in ["main_route_table_id", "default_security_group_id", "default_network_acl_id", "ipv6_cidr_block"] {
        vpc.text(name);
    }

    let further = json!({"vpc_id": vpc.id, "cidr_block": "10.1.0.0/16"});
    let range = account.make("aws_vpc_ipv4_cidr_block_association", further);
    let by = [("vpc_id", vpc.id.as_str()), ("cidr_block", "10.1.0.0/16")];
    assert_eq!(like(&account, "aws_vpc_ipv4_cidr_block_association", &by), range.id);

    let ipv6 = vpc.text("ipv6_cidr_block").replace("::/56", "::/64");
    let subnet_args = |public: bool| {
        json!({
            "vpc_id": vpc.id,
            "cidr_block": "10.0.1.0/24",
            "ipv6_cidr_block": ipv6,
            "map_public_ip_on_launch": public,
            "assign_ipv6_address_on_creation": public,
        })
    };
    let mut subnet = account.make("aws_subnet", subnet_args(true));
    subnet.change(subnet_args(false));
    let private = account.make("aws_subnet", json!({"vpc_id": vpc.id, "cidr_block": "10.1.1.0/24"}));

    let gateway = account.make("aws_internet_gateway", json!({"vpc_id": vpc.id}));
    let egress = account.make("aws_egress_only_internet_gateway", json!({"vpc_id": vpc.id}));
    let eip = account.make("aws_eip", json!({"tags": {"Name": "nat"}}));
    let nat = account.make("aws_nat_gateway", json!({"allocation_id": eip.id, "subnet_id": subnet.id}));
    assert_eq!(nat.text("public_ip"), eip.text("public_ip"));

    let table_args = |routes: &[&Json]| json!({"vpc_id": vpc.id, "route": routes});
    let out = json!({"cidr_block": "0.0.0.0/0", "gateway_id": gateway.id});
    let mut table = account.make("aws_route_table", table_args(&[&out]));
    let by_nat = json!({"cidr_block": "192.0.2.0/24", "nat_gateway_id": nat.id});
    let v6 = json!({"ipv6_cidr_block": "::/0", "egress_only_gateway_id": egress.id});
    table.change(table_args(&[&out, &by_nat, &v6]));
    table.change(table_args(&[&json!({"cidr_block": "0.0.0.0/0", "nat_gateway_id": nat.id})]));

    let bare = account.make("aws_route_table", json!({"vpc_id": vpc.id}));
    let route_args =
        |target: &str, id: &str| json!({"route_table_id": bare.id, "destination_cidr_block": "0.0.0.0/0", target: id});
    let mut route = account.make("aws_route", route_args("nat_gateway_id", &nat.id));
    route.change(route_args("gateway_id", &gateway.id));
    assert_eq!(route.text("state"), "active");

    let link = |table: &Object<'_>| json!({"subnet_id": private.id, "route_table_id": table.id});
    let mut association = account.make("aws_route_table_association", link(&table));
    let first = association.id.clone();
    association.change(link(&bare));
    assert_ne!(association.id, first, "AWS gives a replaced association another id");
    let by = [("subnet_id", private.id.as_str()), ("route_table_id", bare.id.as_str())];
    assert_eq!(like(&account, "aws_route_table_association", &by), association.id);

    let main = json!({"vpc_id": vpc.id, "route_table_id": table.id});
    let main = account.make("aws_main_route_table_association", main);
    assert_eq!(main.text("original_route_table_id"), vpc.text("main_route_table_id"));
    main.delete();

    let main_table = vpc.text("main_route_table_id");
    let adopted = |routes: Json| json!({"default_route_table_id": main_table, "route": routes});
    let inside = json!([{"cidr_block": "0.0.0.0/0", "gateway_id": gateway.id}]);
    account.make("aws_default_route_table", adopted(inside)).change(adopted(json!([])));
    assert_eq!(like(&account, "aws_default_route_table", &[("vpc_id", &vpc.id)]), main_table);

    for made in [association, route, bare, table, nat, eip, egress, gateway, private, subnet, range, vpc] {
        made.delete();
    }
}

#[test]
fn endpoints_and_peerings_are_made_changed_and_taken_down() {
    let account = Account::start();
    let vpc = account.make("aws_vpc", json!({"cidr_block": "10.0.0.0/16"}));
    let peer = account.make("aws_vpc", json!({"cidr_block": "10.9.0.0/16"}));
    let table = account.make("aws_route_table", json!({"vpc_id": vpc.id}));
    let s3 = |tables: &[&str]| json!({"vpc_id": vpc.id, "service_name": "com.amazonaws.eu-west-1.s3", "route_table_ids": tables});
    let mut endpoint = account.make("aws_vpc_endpoint", s3(&[]));
    endpoint.change(s3(&[&table.id]));
    assert!(endpoint.text("prefix_list_id").starts_with("pl-"));

    let sides = json!({
        "vpc_id": vpc.id,
        "peer_vpc_id": peer.id,
        "auto_accept": true,
        "requester": {"allow_remote_vpc_dns_resolution": true},
    });
    let peering = account.make("aws_vpc_peering_connection", sides);
    assert_eq!(peering.text("accept_status"), "active");
    for made in [peering, endpoint, table, peer, vpc] {
        made.delete();
    }
}

#[test]
fn what_an_endpoint_works_by_is_made_imported_and_taken_away() {
    let account = Account::start();
    let vpc = account.make("aws_vpc", json!({"cidr_block": "10.0.0.0/16"}));
    let table = account.make("aws_route_table", json!({"vpc_id": vpc.id}));
    let endpoint =
        account.make("aws_vpc_endpoint", json!({"vpc_id": vpc.id, "service_name": "com.amazonaws.eu-west-1.s3"}));
    let both = json!({"vpc_endpoint_id": endpoint.id, "route_table_id": table.id});
    let link = account.make("aws_vpc_endpoint_route_table_association", both);
    assert!(link.id.starts_with(&format!("a-{}", endpoint.id)), "{}", link.id);
    let by = [("vpc_endpoint_id", endpoint.id.as_str()), ("route_table_id", table.id.as_str())];
    assert_eq!(like(&account, "aws_vpc_endpoint_route_table_association", &by), link.id);
    for made in [link, endpoint, table, vpc] {
        made.delete();
    }
}

#[test]
fn names_regions_and_zones_are_known() {
    let account = Account::start();
    let arn = account.data("aws_arn", json!({"arn": "arn:aws:rds:eu-west-1:123456789012:db:mysql"}));
    assert_eq!((arn.str("service"), arn.str("resource")), (Some("rds"), Some("db:mysql")));
    let principal = account.data("aws_service_principal", json!({"service_name": "ec2"}));
    assert_eq!(
        (principal.str("name"), principal.str("id")),
        (Some("ec2.amazonaws.com"), Some("ec2.eu-west-1.amazonaws.com"))
    );
    let regions = account.data("aws_regions", json!({}));
    assert!(regions.strings("names").contains(&"eu-west-1".to_owned()), "{regions:?}");
    let zone = account.data("aws_availability_zone", json!({"name": "eu-west-1b"}));
    assert_eq!((zone.str("name_suffix"), zone.str("region")), (Some("b"), Some("eu-west-1")));
    assert_eq!(zone.str("state"), Some("available"));
}

#[test]
fn data_sources_find_the_one_that_is_meant() {
    let account = Account::start();
    let vpc = account.make("aws_vpc", json!({"cidr_block": "10.0.0.0/16", "tags": {"Name": "data"}}));
    let subnet = |range: &str| account.make("aws_subnet", json!({"vpc_id": vpc.id, "cidr_block": range}));
    let (a, b) = (subnet("10.0.1.0/24"), subnet("10.0.2.0/24"));

    let zones = account.data("aws_availability_zones", json!({"state": "available"}));
    assert_eq!(zones.strings("names"), ["eu-west-1a", "eu-west-1b", "eu-west-1c"]);
    let region = account.data("aws_region", json!({}));
    assert_eq!((region.str("region"), region.str("description")), (Some("eu-west-1"), Some("Europe (Ireland)")));
    assert_eq!(account.data("aws_caller_identity", json!({})).str("account_id"), Some("123456789012"));
    assert_eq!(account.data("aws_partition", json!({})).str("reverse_dns_prefix"), Some("com.amazonaws"));

    let by_tag = account.data("aws_vpc", json!({"tags": {"Name": "data"}}));
    assert_eq!((by_tag.str("id"), by_tag.bool("enable_dns_support")), (Some(vpc.id.as_str()), Some(true)));
    let filter = json!([{"name": "vpc-id", "values": [vpc.id]}]);
    let mut ids = [a.id.clone(), b.id.clone()];
    ids.sort();
    assert_eq!(account.data("aws_subnets", json!({"filter": filter})).strings("ids"), ids);
    let both = account.try_data("aws_subnet", json!({"filter": filter})).unwrap_err().to_string();
    assert!(both.contains("2 subnets match"), "{both}");
    let one = account.data("aws_subnet", json!({"filter": filter, "cidr_block": "10.0.2.0/24"}));
    assert_eq!((one.str("id"), one.bool("map_public_ip_on_launch")), (Some(b.id.as_str()), Some(false)));
    let group = account.data("aws_security_group", json!({"vpc_id": vpc.id, "name": "default"}));
    assert_eq!(group.string("id"), Some(vpc.text("default_security_group_id")));
    let nothing = account.try_data("aws_vpc", json!({"cidr_block": "10.7.0.0/16"})).unwrap_err().to_string();
    assert!(nothing.contains("no VPC matches"), "{nothing}");
}

#[test]
fn many_objects_are_described_in_few_calls() {
    let account = Account::start();
    let vpc = account.make("aws_vpc", json!({"cidr_block": "10.0.0.0/16"}));
    let subnet = |n: usize| json!({"vpc_id": vpc.id, "cidr_block": format!("10.0.{n}.0/24")});
    let mut ids: Vec<String> = (0..20).map(|n| account.make("aws_subnet", subnet(n)).id.clone()).collect();
    ids.extend((0..180).map(|n| format!("subnet-{n:017x}")));
    let before = account.aws.calls().reads;
    let found = account.describe("aws_subnet", &ids);
    assert_eq!((found.len(), account.aws.calls().reads - before), (20, 1), "those that are gone are left out");
}

#[test]
fn an_internet_gateway_goes_after_public_addresses() {
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

#[test]
fn a_tag_of_a_foreign_object_is_made_changed_and_found_again() {
    let world = World::start();
    let vpc = world.ec2("CreateVpc", &[("CidrBlock", "10.9.0.0/16")]).one("vpcId");
    let layout = |value: &str| {
        world.write(
            "net/main.tf",
            &format!(
                "resource \"aws_ec2_tag\" \"team\" {{\n  resource_id = \"{vpc}\"\n  key = \"team,site\"\n  value = \"{value}\"\n}}"
            ),
        );
    };
    let held =
        || world.ec2("DescribeTags", &[("Filter.1.Name", "resource-id"), ("Filter.1.Value.1", &vpc)]).all("value");
    let apply = ["apply", "net", "--sandbox", "--auto-approve"];
    let plan = ["plan", "net", "--sandbox", "--detailed-exitcode"];
    let set = |value: &str| {
        let tag = [("ResourceId.1", vpc.as_str()), ("Tag.1.Key", "team,site"), ("Tag.1.Value", value)];
        world.ec2("CreateTags", &tag);
    };

    layout("blue");
    kill_at(&world, &apply, "CreateTags", "after");
    world.forget_calls();
    world.floorplan(&apply).succeeds();
    assert_eq!((held(), world.writes()), (vec!["blue".to_owned()], Vec::new()), "it is found again");
    world.floorplan(&plan).exits(0);

    layout("green");
    world.floorplan(&apply).succeeds();
    assert_eq!(held(), ["green"]);

    set("red");
    let drift = world.floorplan(&plan).exits(2).stdout;
    assert!(drift.contains("red") && drift.contains("1 to change"), "{drift}");
    world.floorplan(&apply).succeeds();
    assert_eq!(held(), ["green"]);

    world.floorplan(&["state", "rm", "aws_ec2_tag.team", "--layout", "net"]).succeeds();
    let id = format!("{vpc},team,site");
    world.floorplan(&["import", "aws_ec2_tag.team", &vpc, "--layout", "net", "--sandbox"]).exits(1);
    world.floorplan(&["import", "aws_ec2_tag.team", &id, "--layout", "net", "--sandbox"]).succeeds();
    world.floorplan(&plan).exits(0);

    world.floorplan(&["destroy", "net", "--sandbox", "--auto-approve"]).succeeds();
    assert_eq!(held(), Vec::<String>::new());
}

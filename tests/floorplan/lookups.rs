//! The data sources of networks and of AWS itself against the sandbox.

use serde_json::json;

use crate::support::REGION;
use crate::types::Account;

#[test]
fn lists_of_ids_hold_all_that_match_and_nothing_else() {
    let account = Account::start();
    let vpc = account.make("aws_vpc", json!({"cidr_block": "10.0.0.0/16", "tags": {"Name": "a"}}));
    account.make("aws_vpc", json!({"cidr_block": "10.1.0.0/16"}));
    let groups: Vec<_> = ["a", "b"]
        .into_iter()
        .map(|name| account.make("aws_security_group", json!({"name": name, "vpc_id": vpc.id, "tags": {"x": "y"}})))
        .collect();
    let tables: Vec<_> = (0..2).map(|_| account.make("aws_route_table", json!({"vpc_id": vpc.id}))).collect();
    let acl = account.make("aws_network_acl", json!({"vpc_id": vpc.id}));

    assert_eq!(account.data("aws_vpcs", json!({"tags": {"Name": "a"}})).strings("ids"), [vpc.id.as_str()]);
    let mut expected: Vec<&str> = groups.iter().map(|g| g.id.as_str()).collect();
    expected.sort_unstable();
    let found = account.data("aws_security_groups", json!({"tags": {"x": "y"}}));
    assert_eq!(found.strings("ids"), expected);
    assert!(found.strings("arns")[0].ends_with(expected[0]));
    assert_eq!(found.strings("vpc_ids"), [vpc.id.as_str(), vpc.id.as_str()]);
    let found = account.data("aws_route_tables", json!({"vpc_id": vpc.id})).strings("ids");
    assert!(found.len() == 3 && tables.iter().all(|t| found.contains(&t.id)), "with the main one: {found:?}");
    let found = account.data("aws_network_acls", json!({"vpc_id": vpc.id})).strings("ids");
    assert!(found.len() == 2 && found.contains(&acl.id), "with the default one: {found:?}");
    let none = json!({"filter": [{"name": "vpc-id", "values": ["vpc-0"]}]});
    assert_eq!(account.data("aws_network_acls", none).strings("ids"), [""; 0]);
}

#[test]
fn one_object_is_found_by_each_of_its_arguments() {
    let account = Account::start();
    let vpc = account.make("aws_vpc", json!({"cidr_block": "10.0.0.0/16"}));
    let gateway = account.make("aws_internet_gateway", json!({"vpc_id": vpc.id, "tags": {"Name": "door"}}));
    let subnet = account.make("aws_subnet", json!({"vpc_id": vpc.id, "cidr_block": "10.0.0.0/24"}));
    let address = account.make("aws_eip", json!({"domain": "vpc"}));
    let nat = account.make("aws_nat_gateway", json!({"subnet_id": subnet.id, "allocation_id": address.id}));
    let route = json!([{"cidr_block": "0.0.0.0/0", "gateway_id": gateway.id}]);
    let table = account.make("aws_route_table", json!({"vpc_id": vpc.id, "route": route}));
    account.make("aws_route_table_association", json!({"subnet_id": subnet.id, "route_table_id": table.id}));

    let found = account.data("aws_internet_gateway", json!({"tags": {"Name": "door"}}));
    assert_eq!(found.str("internet_gateway_id"), Some(gateway.id.as_str()));
    assert_eq!(found.blocks("attachments")[0].str("vpc_id"), Some(vpc.id.as_str()));
    let found = account.data("aws_nat_gateway", json!({"vpc_id": vpc.id, "state": "available"}));
    assert_eq!((found.str("id"), found.str("allocation_id")), (Some(nat.id.as_str()), Some(address.id.as_str())));
    assert_eq!(found.str("state"), Some("available"));
    let found = account.data("aws_eip", json!({"public_ip": address.text("public_ip")}));
    assert_eq!(found.str("id"), Some(address.id.as_str()));
    assert_eq!(found.string("network_interface_id"), Some(nat.text("network_interface_id")));
    let found = account.data("aws_route_table", json!({"subnet_id": subnet.id}));
    assert_eq!(found.str("route_table_id"), Some(table.id.as_str()));
    let routes = found.blocks("routes");
    assert_eq!((routes.len(), routes[0].str("gateway_id")), (1, Some(gateway.id.as_str())));
    assert_eq!(found.blocks("associations")[0].str("subnet_id"), Some(subnet.id.as_str()));
    let missing = account.try_data("aws_nat_gateway", json!({"vpc_id": "vpc-0"})).unwrap_err();
    assert!(missing.is_not_found());

    let peer = account.make("aws_vpc", json!({"cidr_block": "10.1.0.0/16"}));
    let peering = json!({"vpc_id": vpc.id, "peer_vpc_id": peer.id, "auto_accept": true});
    let peering = account.make("aws_vpc_peering_connection", peering);
    let found = account.data("aws_vpc_peering_connection", json!({"peer_vpc_id": peer.id, "status": "active"}));
    assert_eq!(found.str("id"), Some(peering.id.as_str()));
    assert_eq!(found.blocks("peer_cidr_block_set")[0].str("cidr_block"), Some("10.1.0.0/16"));
    assert_eq!((found.str("region"), found.str("peer_region")), (Some(REGION), Some(REGION)));
}

#[test]
fn services_and_their_prefix_lists_are_found_by_name() {
    let account = Account::start();
    let name = format!("com.amazonaws.{REGION}.s3");
    let found = account.data("aws_prefix_list", json!({"name": name}));
    let id = found.string("id").expect("an id");
    assert!(found.strings("cidr_blocks").contains(&"54.231.0.0/16".to_owned()), "{found:?}");
    let found = account.data("aws_ec2_managed_prefix_list", json!({"id": id}));
    assert_eq!((found.string("name"), found.str("owner_id")), (Some(name.clone()), Some("AWS")));
    assert_eq!(found.blocks("entries").len(), 3);

    let found = account.data("aws_vpc_endpoint_service", json!({"service": "s3", "service_type": "Gateway"}));
    assert_eq!((found.string("service_name"), found.str("service_type")), (Some(name.clone()), Some("Gateway")));
    assert_eq!((found.bool("acceptance_required"), found.str("owner")), (Some(false), Some("amazon")));
    let many = account.try_data("aws_vpc_endpoint_service", json!({"service": "s3"})).unwrap_err();
    assert!(many.message.contains("2 endpoint services match"), "{many}");
    let none = account.try_data("aws_vpc_endpoint_service", json!({"service": "none"})).unwrap_err();
    assert!(none.is_not_found(), "{none}");

    let found = account.data("aws_service", json!({"dns_name": format!("s3.{REGION}.amazonaws.com")}));
    assert_eq!((found.string("reverse_dns_name"), found.bool("supported")), (Some(name), Some(true)));
    let found = account.data("aws_service", json!({"service_id": "none"}));
    assert_eq!(found.bool("supported"), Some(false));
    let found = account.data("aws_elb_service_account", json!({}));
    assert_eq!(found.str("arn"), Some("arn:aws:iam::156460612806:root"));
    assert!(account.try_data("aws_elb_service_account", json!({"region": "eu-south-2"})).is_err());
}

#[test]
fn the_provider_tells_its_default_tags() {
    let world = crate::support::World::start();
    world.write(
        "layout/main.hcl",
        r#"
        provider "aws" {
          default_tags { tags = { team = "network" } }
        }
        data "aws_default_tags" "these" {}
        output "tags" { value = data.aws_default_tags.these.tags }
        "#,
    );
    world.floorplan(&["apply", "layout", "--sandbox", "--auto-approve"]).succeeds();
    let said = world.floorplan(&["output", "--layout", "layout", "--json"]).succeeds().stdout;
    assert!(said.contains("\"team\"") && said.contains("\"network\""), "{said}");
}

#[test]
fn what_hangs_on_a_network_is_listed_and_found() {
    let account = Account::start();
    let vpc = account.make("aws_vpc", json!({"cidr_block": "10.0.0.0/16"}));
    let gateway = account.make("aws_internet_gateway", json!({"vpc_id": vpc.id}));
    let subnet = account.make("aws_subnet", json!({"vpc_id": vpc.id, "cidr_block": "10.0.0.0/24"}));
    let address = account.make("aws_eip", json!({"tags": {"Name": "nat"}}));
    let nat = account.make("aws_nat_gateway", json!({"subnet_id": subnet.id, "allocation_id": address.id}));
    let table = account.make("aws_route_table", json!({"vpc_id": vpc.id}));
    let to =
        |target: &str| json!({"route_table_id": table.id, "destination_cidr_block": "0.0.0.0/0", target: gateway.id});
    let route = account.make("aws_route", to("gateway_id"));
    let options = account.make("aws_vpc_dhcp_options", json!({"domain_name": "example.org", "tags": {"Name": "x"}}));
    let endpoint =
        json!({"vpc_id": vpc.id, "service_name": "com.amazonaws.eu-west-1.s3", "route_table_ids": [table.id]});
    let endpoint = account.make("aws_vpc_endpoint", endpoint);
    let card = account.make("aws_network_interface", json!({"subnet_id": subnet.id, "description": "card"}));

    assert_eq!(account.data("aws_nat_gateways", json!({"vpc_id": vpc.id})).strings("ids"), [nat.id.as_str()]);
    let eips = account.data("aws_eips", json!({"tags": {"Name": "nat"}}));
    assert_eq!(eips.strings("allocation_ids"), [address.id.as_str()]);
    assert_eq!(eips.strings("public_ips"), [address.text("public_ip")]);
    let by = json!({"filter": [{"name": "description", "values": ["card"]}]});
    assert_eq!(account.data("aws_network_interfaces", by).strings("ids"), [card.id.as_str()]);
    let found = account.data("aws_network_interface", json!({"id": card.id}));
    assert_eq!((found.str("subnet_id"), found.str("vpc_id")), (Some(subnet.id.as_str()), Some(vpc.id.as_str())));
    assert_eq!(found.strings("private_ips"), [card.text("private_ip")]);
    let found = account.data("aws_route", json!({"route_table_id": table.id, "destination_cidr_block": "0.0.0.0/0"}));
    assert_eq!((found.str("id"), found.str("gateway_id")), (Some(route.id.as_str()), Some(gateway.id.as_str())));
    let found = account.data("aws_vpc_dhcp_options", json!({"dhcp_options_id": options.id}));
    assert_eq!((found.str("domain_name"), found.str("id")), (Some("example.org"), Some(options.id.as_str())));
    let found =
        account.data("aws_vpc_endpoint", json!({"vpc_id": vpc.id, "service_name": "com.amazonaws.eu-west-1.s3"}));
    assert_eq!(found.str("id"), Some(endpoint.id.as_str()));
    assert_eq!(found.strings("route_table_ids"), [table.id.as_str()]);
    let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHnUaJtL9wXgEVp3HPzXnNWqkzYjLF7cFVWkhw4a6ZpT it";
    let pair = account.make("aws_key_pair", json!({"key_name": "it", "public_key": key}));
    let found = account.data("aws_key_pair", json!({"key_name": "it"}));
    assert_eq!(found.string("key_pair_id"), Some(pair.text("key_pair_id")));
    let offered = json!({"preferred_instance_types": ["x9.none", "t3.micro"]});
    assert_eq!(account.data("aws_ec2_instance_type_offering", offered).str("instance_type"), Some("t3.micro"));
}

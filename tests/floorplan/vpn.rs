//! Site-to-site connections and transit gateways against a sandbox, checked by looks that do not go
//! through the program.

use std::time::Duration;

use serde_json::{Value as Json, json};

use crate::modules::Example;
use crate::support::World;
use crate::types::{Account, Object};

fn merged(base: &Json, more: Json) -> Json {
    let entries = |json: &Json| json.as_object().expect("arguments").clone();
    Json::Object(entries(base).into_iter().chain(entries(&more)).collect())
}

/// What stands in a connection's list of tunnel options, per outside address.
fn listed(account: &Account, connection: &str, element: &str) -> Vec<(String, String)> {
    let answer = account.world.ec2("DescribeVpnConnections", &[("VpnConnectionId.1", connection)]);
    let document = answer.document();
    let set = document.descendants().find(|n| n.tag_name().name() == "tunnelOptionSet");
    let items = set.expect("options").children().filter(|n| n.is_element()).map(|item| {
        let text = |name: &str| {
            let found = item.descendants().find(|n| n.tag_name().name() == name);
            found.and_then(|n| n.text()).unwrap_or_default().to_owned()
        };
        (text("outsideIpAddress"), text(element))
    });
    let mut all: Vec<(String, String)> = items.collect();
    all.sort();
    all
}

/// The states of both tunnels, as AWS sees them.
fn states(account: &Account, connection: &str) -> Vec<String> {
    let answer = account.world.ec2("DescribeVpnConnections", &[("VpnConnectionId.1", connection)]);
    answer.all("status")
}

/// The outside addresses of the tunnels that were modified, in order.
fn modified(account: &Account) -> Vec<String> {
    let calls = account.world.calls().into_iter().filter(|call| call.action == "ModifyVpnTunnelOptions");
    calls.map(|call| call.parameters["VpnTunnelOutsideIpAddress"].as_str().unwrap_or_default().to_owned()).collect()
}

fn addresses(connection: &Object<'_>) -> [String; 2] {
    [connection.text("tunnel1_address"), connection.text("tunnel2_address")]
}

fn bring_up(account: &Account, addresses: &[String]) {
    let states: Json = addresses.iter().map(|a| (a.clone(), json!("UP"))).collect::<serde_json::Map<_, _>>().into();
    account.world.control("POST", "tunnels", Some(&states));
}

fn customer(account: &Account, address: &str) -> String {
    let config = json!({"type": "ipsec.1", "ip_address": address, "bgp_asn": "65010", "tags": {"Name": address}});
    account.make("aws_customer_gateway", config).id
}

#[test]
fn a_site_is_connected_to_a_vpc_and_taken_away() {
    let account = Account::start();
    account.world.delay("vpn_connection", 0.3);
    let vpc = account.make("aws_vpc", json!({"cidr_block": "10.0.0.0/16"}));
    let table = account.make("aws_route_table", json!({"vpc_id": vpc.id}));
    let device = json!({"type": "ipsec.1", "ip_address": "203.0.113.5", "bgp_asn": "65010", "device_name": "edge"});
    let customer = account.make("aws_customer_gateway", device);
    let taken = account
        .try_make("aws_customer_gateway", json!({"type": "ipsec.1", "ip_address": "203.0.113.5", "bgp_asn": "65010"}));
    assert!(taken.is_err_and(|e| e.message.contains(&customer.id)), "AWS makes no second one");

    let mut gateway = account.make("aws_vpn_gateway", json!({"vpc_id": vpc.id, "amazon_side_asn": "64999"}));
    assert_eq!(
        account.world.ids("DescribeVpnGateways", "vpnGatewayId", &[("attachment.vpc-id", &vpc.id)]),
        [gateway.id.clone()]
    );
    let propagation = json!({"vpn_gateway_id": gateway.id, "route_table_id": table.id});
    let propagation = account.make("aws_vpn_gateway_route_propagation", propagation);
    assert_eq!(propagation.id, format!("{}_{}", gateway.id, table.id));
    let by_gateway = account.make(
        "aws_route",
        json!({"route_table_id": table.id, "destination_cidr_block": "10.9.0.0/16", "gateway_id": gateway.id}),
    );

    let config = json!({"customer_gateway_id": customer.id, "vpn_gateway_id": gateway.id, "type": "ipsec.1", "static_routes_only": true,
        "tunnel1_inside_cidr": "169.254.100.0/30", "tunnel1_preshared_key": "a.first_key", "tags": {"Name": "leeds"}});
    let mut connection = account.make("aws_vpn_connection", config.clone());
    assert_eq!(connection.text("tunnel1_vgw_inside_address"), "169.254.100.1");
    assert_eq!(connection.text("tunnel1_cgw_inside_address"), "169.254.100.2");
    assert_eq!(connection.text("tunnel1_bgp_asn"), "64999");
    assert_eq!(connection.text("tunnel1_preshared_key"), "a.first_key");
    assert!(connection.text("customer_gateway_configuration").contains("203.0.113.5"));
    let [first, second] = addresses(&connection);
    assert!(first < second);
    assert_eq!(listed(&account, &connection.id, "preSharedKey")[0], (first, "a.first_key".to_owned()));

    let to = |cidr: &str| json!({"destination_cidr_block": cidr, "vpn_connection_id": connection.id});
    let route = account.make("aws_vpn_connection_route", to("10.9.0.0/16"));
    assert_eq!(route.id, format!("10.9.0.0/16:{}", connection.id));
    let other = account.make("aws_vpn_connection_route", to("10.10.0.0/16"));
    other.delete();
    let shown = account.world.ec2("DescribeVpnConnections", &[("VpnConnectionId.1", &connection.id)]);
    assert_eq!(shown.all("destinationCidrBlock"), ["10.9.0.0/16"]);

    account.world.forget_calls();
    connection.change(merged(
        &config,
        json!({"local_ipv4_network_cidr": "10.9.0.0/16", "tags": {"Name": "leeds", "site": "1"}}),
    ));
    assert_eq!(account.world.writes(), ["CreateTags", "ModifyVpnConnectionOptions"]);
    assert_eq!(connection.drift(), [""; 0]);

    let customer_id = customer.id.clone();
    let refused = account.world.try_ec2("DeleteCustomerGateway", &[("CustomerGatewayId", &customer_id)]);
    assert_eq!(refused.1.one("Code"), "IncorrectState");
    route.delete();
    connection.delete();
    by_gateway.delete();
    propagation.delete();
    let elsewhere = account.make("aws_vpc", json!({"cidr_block": "10.1.0.0/16"}));
    gateway.change(json!({"vpc_id": elsewhere.id, "amazon_side_asn": "64999"}));
    assert_eq!(
        account.world.ids("DescribeVpnGateways", "vpnGatewayId", &[("attachment.vpc-id", &elsewhere.id)]),
        [gateway.id.clone()]
    );
    gateway.delete();
    customer.delete();
}

#[test]
fn tunnels_are_changed_in_turn_and_one_stays_up() {
    let account = Account::start();
    let gateway = account.make("aws_vpn_gateway", json!({})).id;
    let base =
        json!({"customer_gateway_id": customer(&account, "203.0.113.6"), "vpn_gateway_id": gateway, "type": "ipsec.1"});
    let mut connection = account.make("aws_vpn_connection", base.clone());
    let both = addresses(&connection);
    bring_up(&account, &both);
    account.world.delay("vpn_connection", 0.3);
    account.world.delay("vpn_tunnel", 1.5);
    account.world.forget_calls();
    let hard = |n: i32| {
        json!({format!("tunnel{n}_ike_versions"): ["ikev2"], format!("tunnel{n}_phase1_dh_group_numbers"): [20, 21],
            format!("tunnel{n}_phase2_encryption_algorithms"): ["AES256-GCM-16"], format!("tunnel{n}_startup_action"): "start"})
    };
    let config = merged(&merged(&base, hard(1)), hard(2));
    let id = connection.id.clone();
    std::thread::scope(|scope| {
        let change = scope.spawn(|| connection.change(config.clone()));
        while !change.is_finished() {
            assert!(states(&account, &id).iter().any(|s| s == "UP"), "both tunnels are down");
            std::thread::sleep(Duration::from_millis(50));
        }
        change.join().expect("it is changed");
    });
    assert_eq!(modified(&account), both);
    let down = states(&account, &id);
    assert_eq!(down.iter().filter(|s| *s == "DOWN").count(), 1, "the second one may come up by itself");

    // The device is not told of the change: the tunnel stays down, and the other one is left alone.
    std::thread::sleep(Duration::from_millis(1600));
    account.world.delay("vpn_tunnel", 0.0);
    account.world.forget_calls();
    let config = merged(&config, json!({"tunnel1_preshared_key": "another_key1"}));
    connection.change(config.clone());
    account.world.control("POST", "tunnels", Some(&json!({both[0].clone(): "DOWN"})));
    let config = merged(&config, json!({"tunnel2_preshared_key": "another_key2"}));
    std::thread::scope(|scope| {
        let change = scope.spawn(|| connection.change(config.clone()));
        std::thread::sleep(Duration::from_secs(2));
        assert_eq!(modified(&account), both[..1], "the other tunnel waits");
        bring_up(&account, &both);
        change.join().expect("it is changed");
    });
    assert_eq!(modified(&account), both);
    assert_eq!(listed(&account, &id, "preSharedKey")[1].1, "another_key2");

    // A change of the connection takes both down; the tunnels are changed only after they are back.
    account.world.delay("vpn_tunnel", 1.5);
    account.world.forget_calls();
    let config = merged(&config, json!({"local_ipv4_network_cidr": "10.9.0.0/16", "tunnel1_replay_window_size": 512}));
    std::thread::scope(|scope| {
        let change = scope.spawn(|| connection.change(config.clone()));
        while !change.is_finished() {
            let changed = !modified(&account).is_empty();
            assert!(!changed || states(&account, &id).iter().any(|s| s == "UP"), "changed while the other one is down");
            std::thread::sleep(Duration::from_millis(50));
        }
        change.join().expect("it is changed");
    });
    assert_eq!(modified(&account), both[..1]);
    std::thread::sleep(Duration::from_millis(1600));

    // What is left out again gets its default back; a switch alone does not disturb the tunnel.
    account.world.delay("vpn_tunnel", 60.0);
    account.world.forget_calls();
    connection.change(merged(&config, json!({"tunnel1_enable_tunnel_lifecycle_control": true})));
    assert_eq!(states(&account, &id), ["UP", "UP"]);
    account.world.delay("vpn_tunnel", 0.0);
    connection.change(base);
    assert_eq!(connection.drift(), [""; 0]);
    assert_eq!(
        listed(&account, &id, "startupAction"),
        [(both[0].clone(), "add".into()), (both[1].clone(), "add".into())]
    );
}

#[test]
fn tunnels_are_named_as_the_layout_means_them() {
    let account = Account::start();
    let transit = account.make("aws_ec2_transit_gateway", json!({"description": "core"}));
    let config = |address: &str| {
        json!({"customer_gateway_id": customer(&account, address), "transit_gateway_id": transit.id, "type": "ipsec.1",
            "tunnel1_preshared_key": "key.of.one", "tunnel2_preshared_key": "key.of.two"})
    };
    // The sandbox gives the first tunnel of every second connection the higher address.
    for (address, ascending) in [("203.0.113.7", true), ("203.0.113.8", false)] {
        let mut connection = account.make("aws_vpn_connection", config(address));
        let [first, second] = addresses(&connection);
        assert_eq!(first < second, ascending);
        assert_eq!(connection.text("tunnel1_preshared_key"), "key.of.one");
        assert_eq!(modified(&account), [""; 0], "a name is nothing that AWS has to change");
        assert_eq!(connection.drift(), [""; 0]);
        let attachment = connection.text("transit_gateway_attachment_id");
        let by = [("resource-id", connection.id.as_str()), ("state", "available")];
        assert_eq!(
            account.world.ids("DescribeTransitGatewayAttachments", "transitGatewayAttachmentId", &by),
            [attachment]
        );
    }

    // A connection passes from gateway to gateway in place, and its keys into Secrets Manager.
    let gateway = account.make("aws_vpn_gateway", json!({})).id;
    let base = config("203.0.113.9");
    let mut connection = account.make("aws_vpn_connection", base.clone());
    account.world.forget_calls();
    let moved = merged(&base, json!({"transit_gateway_id": null, "vpn_gateway_id": gateway}));
    connection.change(moved.clone());
    assert_eq!(account.world.writes(), ["ModifyVpnConnection"]);
    connection.change(merged(&moved, json!({"preshared_key_storage": "SecretsManager"})));
    assert_eq!(modified(&account), addresses(&connection));
    assert_eq!(connection.live.str("tunnel1_preshared_key"), None);
    assert_eq!(connection.drift(), [""; 0]);
}

#[test]
fn a_transit_gateway_routes_between_what_is_attached() {
    let account = Account::start();
    account.world.delay("transit_gateway", 0.2);
    let gateway_config =
        json!({"description": "core", "amazon_side_asn": 64600, "transit_gateway_cidr_blocks": ["10.99.0.0/24"]});
    let mut gateway = account.make("aws_ec2_transit_gateway", gateway_config.clone());
    account.world.forget_calls();
    gateway.change(merged(
        &gateway_config,
        json!({"description": "hub", "vpn_ecmp_support": "disable", "encryption_support": "enable",
        "transit_gateway_cidr_blocks": ["10.98.0.0/24"]}),
    ));
    assert_eq!(account.world.writes(), ["ModifyTransitGateway"]);

    let vpc = account.make("aws_vpc", json!({"cidr_block": "10.0.0.0/16"})).id;
    let subnet = |n: i32, zone: &str| {
        let config = json!({"vpc_id": vpc, "cidr_block": format!("10.0.{n}.0/24"), "availability_zone": zone});
        account.make("aws_subnet", config).id
    };
    let subnets = [subnet(1, "eu-west-1a"), subnet(2, "eu-west-1b")];
    let attached = |subnets: &[String], default: bool| {
        json!({"transit_gateway_id": gateway.id, "vpc_id": vpc, "subnet_ids": subnets, "tags": {"Name": "vpc"},
            "transit_gateway_default_route_table_association": default, "transit_gateway_default_route_table_propagation": default})
    };
    let mut attachment = account.make("aws_ec2_transit_gateway_vpc_attachment", attached(&subnets[..1], true));
    let default = gateway.text("association_default_route_table_id");
    let table_of = |attachment: &str| {
        let by = [("TransitGatewayAttachmentIds.1", attachment)];
        account.world.ec2("DescribeTransitGatewayAttachments", &by).all("transitGatewayRouteTableId").join(" ")
    };
    assert_eq!(table_of(&attachment.id), default);
    attachment.change(attached(&subnets[1..], false));
    assert_eq!(table_of(&attachment.id), "");
    assert_eq!(account.world.ids("DescribeTransitGatewayVpcAttachments", "subnetIds", &[]).len(), 1);

    let table = account.make("aws_ec2_transit_gateway_route_table", json!({"transit_gateway_id": gateway.id}));
    let pair = json!({"transit_gateway_route_table_id": table.id, "transit_gateway_attachment_id": attachment.id});
    let association = account.make("aws_ec2_transit_gateway_route_table_association", pair.clone());
    assert_eq!(table_of(&attachment.id), table.id);
    let propagation = account.make("aws_ec2_transit_gateway_route_table_propagation", pair.clone());
    assert_eq!(propagation.text("resource_id"), vpc);
    let second = account.make("aws_ec2_transit_gateway_route_table", json!({"transit_gateway_id": gateway.id}));
    let elsewhere =
        json!({"transit_gateway_route_table_id": second.id, "transit_gateway_attachment_id": attachment.id});
    let taken = account.try_make("aws_ec2_transit_gateway_route_table_association", elsewhere.clone());
    assert!(taken.is_err_and(|e| e.code == "Resource.AlreadyAssociated"));
    let replaced = merged(&elsewhere, json!({"replace_existing_association": true}));
    let replaced = account.make("aws_ec2_transit_gateway_route_table_association", replaced);
    assert_eq!(table_of(&attachment.id), second.id);
    association.delete();

    let route = json!({"transit_gateway_route_table_id": table.id, "destination_cidr_block": "10.7.0.0/16"});
    let mut way = account
        .make("aws_ec2_transit_gateway_route", merged(&route, json!({"transit_gateway_attachment_id": attachment.id})));
    account.world.forget_calls();
    way.change(merged(&route, json!({"blackhole": true})));
    assert_eq!(account.world.writes(), ["ReplaceTransitGatewayRoute"]);
    let by =
        [("TransitGatewayRouteTableId", table.id.as_str()), ("Filter.1.Name", "type"), ("Filter.1.Value.1", "static")];
    assert_eq!(account.world.ec2("SearchTransitGatewayRoutes", &by).all("state"), ["blackhole"]);
    let rtb = account.make("aws_route_table", json!({"vpc_id": vpc})).id;
    let from_vpc =
        json!({"route_table_id": rtb, "destination_cidr_block": "10.7.0.0/16", "transit_gateway_id": gateway.id});
    account.make("aws_route", from_vpc).delete();

    for object in [way, propagation, replaced, table, second, attachment, gateway] {
        object.delete();
    }
}

#[test]
fn gateways_are_looked_up_and_the_deleted_are_not() {
    let account = Account::start();
    let device = || {
        let device = json!({"type": "ipsec.1", "ip_address": "203.0.113.20", "bgp_asn": "65020"});
        account.make("aws_customer_gateway", device)
    };
    device().delete();
    let customer = device();
    let by = |address: &str| {
        let filter = json!([{"name": "ip-address", "values": [address]}]);
        account.try_data("aws_customer_gateway", json!({"filter": filter}))
    };
    let found = by("203.0.113.20").expect("one");
    assert_eq!((found.str("id"), found.int("bgp_asn")), (Some(customer.id.as_str()), Some(65_020)));
    assert!(by("203.0.113.21").is_err());

    let vpc = account.make("aws_vpc", json!({"cidr_block": "10.3.0.0/16"}));
    let gateway = account.make("aws_vpn_gateway", json!({}));
    let attachment =
        account.make("aws_vpn_gateway_attachment", json!({"vpn_gateway_id": gateway.id, "vpc_id": vpc.id}));
    let attached = || account.try_data("aws_vpn_gateway", json!({"attached_vpc_id": vpc.id}));
    let found = attached().expect("one");
    assert_eq!((found.str("id"), found.str("amazon_side_asn")), (Some(gateway.id.as_str()), Some("64512")));
    attachment.delete();
    assert!(attached().is_err());
    gateway.delete();
}

#[test]
fn the_module_connects_sites_that_move_and_get_other_keys() {
    let example = Example::applied("vpn", "virtual-private");
    let world = &example.world;
    let run = |command: &str, more: &[&str]| example.run(command, more);
    let connections = world.ec2("DescribeVpnConnections", &[]);
    let count = |element: &str| connections.all(element).len();
    assert_eq!(count("vpnConnectionId"), 2);
    let weak = ["ikev1", "SHA1", "AES128", "AES128-GCM-16", "2", "5"];
    assert!(!connections.all("value").iter().any(|value| weak.contains(&value.as_str())));
    assert_eq!(world.query("monitoring", "DescribeAlarms", &[]).all("AlarmName").len(), 6);

    let moved = ["--var", "leeds=203.0.113.11", "--var", r#"keys={leeds=["key_number_1","key_number_2"]}"#];
    let with = |more: &[&'static str]| [more, &moved[..]].concat();
    let planned = run("plan", &with(&["--detailed-exitcode"])).exits(2);
    assert!(planned.stdout.contains("tunnel2_preshared_key"), "{}", planned.stdout);
    assert!(!planned.stdout.contains("key_number"), "{}", planned.stdout);
    world.forget_calls();
    run("apply", &with(&["--auto-approve"])).succeeds();
    let changes = ["ModifyVpnConnection", "ModifyVpnTunnelOptions", "ModifyVpnTunnelOptions", "DeleteCustomerGateway"];
    let writes: Vec<String> = world.writes().into_iter().filter(|w| changes.contains(&w.as_str())).collect();
    assert_eq!(writes, changes);
    run("plan", &with(&["--detailed-exitcode"])).exits(0);
    let refused = run("plan", &["--var", r#"keys={leeds=["0_leads_with_zero","key_number_2"]}"#]).exits(1);
    assert!(refused.stderr.contains("tunnel1_preshared_key"), "{}", refused.stderr);

    run("destroy", &with(&["--auto-approve"])).succeeds();
    let left = [("state", "available")];
    for (action, element) in
        [("DescribeVpnConnections", "vpnConnectionId"), ("DescribeCustomerGateways", "customerGatewayId")]
    {
        assert_eq!(world.ids(action, element, &left), [""; 0]);
    }
}

#[test]
fn the_module_connects_several_vpcs_over_a_transit() {
    let example = Example::new(World::start(), "vpn", "transit");
    let world = &example.world;
    world.delay("transit_gateway", 0.5);
    world.delay("vpn_connection", 0.5);
    let run = |command: &str, more: &[&str]| example.run(command, more);
    run("apply", &["--auto-approve"]).succeeds();
    run("plan", &["--detailed-exitcode"]).exits(0);
    let table = world.ids("DescribeTransitGatewayRouteTables", "transitGatewayRouteTableId", &[]).remove(0);
    let by =
        [("TransitGatewayRouteTableId", table.as_str()), ("Filter.1.Name", "state"), ("Filter.1.Value.1", "active")];
    let mut routes = world.ec2("SearchTransitGatewayRoutes", &by).all("destinationCidrBlock");
    routes.sort();
    assert_eq!(routes, ["10.61.0.0/16", "10.62.0.0/16", "10.80.0.0/16"]);
    run("destroy", &["--auto-approve"]).succeeds();
    let left = [("state", "available")];
    assert_eq!(world.ids("DescribeTransitGateways", "transitGatewayId", &left), [""; 0]);
}

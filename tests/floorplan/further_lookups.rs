//! The data sources of transit gateways, address registers, images and types of instances against the sandbox.

use serde_json::json;

use crate::types::Account;

#[test]
fn transit_gateways_and_what_hangs_on_them_are_found() {
    let account = Account::start();
    let gateway = account.make("aws_ec2_transit_gateway", json!({"description": "hub"}));
    let vpc = account.make("aws_vpc", json!({"cidr_block": "10.0.0.0/16"}));
    let subnet = account.make("aws_subnet", json!({"vpc_id": vpc.id, "cidr_block": "10.0.0.0/24"}));
    let attachment = json!({"transit_gateway_id": gateway.id, "vpc_id": vpc.id, "subnet_ids": [subnet.id]});
    let attachment = account.make("aws_ec2_transit_gateway_vpc_attachment", attachment);
    let table = account.make("aws_ec2_transit_gateway_route_table", json!({"transit_gateway_id": gateway.id}));

    let found = account.data("aws_ec2_transit_gateway", json!({"id": gateway.id}));
    assert_eq!(found.str("description"), Some("hub"));
    let of_vpc = json!({"filter": [{"name": "vpc-id", "values": [vpc.id]}]});
    let found = account.data("aws_ec2_transit_gateway_vpc_attachment", of_vpc.clone());
    assert_eq!((found.str("id"), found.str("vpc_id")), (Some(attachment.id.as_str()), Some(vpc.id.as_str())));
    let found = account.data("aws_ec2_transit_gateway_vpc_attachments", of_vpc);
    assert_eq!(found.strings("ids"), [attachment.id.as_str()]);
    let one = json!({"transit_gateway_attachment_id": attachment.id});
    let found = account.data("aws_ec2_transit_gateway_attachment", one);
    assert_eq!((found.str("resource_type"), found.str("resource_id")), (Some("vpc"), Some(vpc.id.as_str())));
    assert!(found.str("arn").unwrap().ends_with(&attachment.id));
    let found = account.data("aws_ec2_transit_gateway_route_table", json!({"id": table.id}));
    assert_eq!(found.str("transit_gateway_id"), Some(gateway.id.as_str()));
    let missing = account.try_data("aws_ec2_transit_gateway_vpn_attachment", json!({})).unwrap_err();
    assert!(missing.is_not_found());
}

#[test]
fn pools_of_addresses_and_rules_are_found() {
    let account = Account::start();
    let register = account.make("aws_vpc_ipam", json!({"operating_regions": [{"region_name": "eu-west-1"}]}));
    let scope = register.text("private_default_scope_id");
    let pool = json!({"ipam_scope_id": scope, "address_family": "ipv4", "tags": {"Name": "a"}});
    let pool = account.make("aws_vpc_ipam_pool", pool);
    account.make("aws_vpc_ipam_pool_cidr", json!({"ipam_pool_id": pool.id, "cidr": "10.0.0.0/8"}));
    let found = account.data("aws_vpc_ipam_pool", json!({"ipam_pool_id": pool.id}));
    assert_eq!((found.str("id"), found.str("address_family")), (Some(pool.id.as_str()), Some("ipv4")));
    let found = account.data("aws_vpc_ipam_pools", json!({"filter": [{"name": "tag:Name", "values": ["a"]}]}));
    assert_eq!(found.blocks("ipam_pools")[0].str("id"), Some(pool.id.as_str()));
    let next = json!({"ipam_pool_id": pool.id, "netmask_length": 28});
    let found = account.data("aws_vpc_ipam_preview_next_cidr", next.clone());
    assert_eq!(found.str("cidr"), Some("10.0.0.0/28"));
    assert_eq!(found.str("id"), Some(format!("10.0.0.0/28_{}", pool.id).as_str()));
    assert_eq!(account.data("aws_vpc_ipam_preview_next_cidr", next).str("cidr"), Some("10.0.0.0/28"), "none is taken");

    let vpc = account.make("aws_vpc", json!({"cidr_block": "10.0.0.0/16"}));
    let group = account.make("aws_security_group", json!({"name": "a", "vpc_id": vpc.id}));
    let rule = json!({"security_group_id": group.id, "ip_protocol": "tcp", "from_port": 80, "to_port": 80, "cidr_ipv4": "10.0.0.0/8"});
    let rule = account.make("aws_vpc_security_group_ingress_rule", rule);
    let found = account.data("aws_vpc_security_group_rule", json!({"security_group_rule_id": rule.id}));
    assert_eq!((found.bool("is_egress"), found.int("from_port")), (Some(false), Some(80)));
    let found = account.data("aws_ec2_serial_console_access", json!({}));
    assert_eq!(found.bool("enabled"), Some(false));
    let found = account.data("aws_ebs_default_kms_key", json!({}));
    assert!(found.str("key_arn").unwrap().ends_with("alias/aws/ebs"));
}

#[test]
fn images_types_and_templates_are_found() {
    let account = Account::start();
    let names = json!([{"name": "name", "values": ["al2023-ami-2023*"]}]);
    let found = account.data("aws_ami_ids", json!({"owners": ["amazon"], "filter": names}));
    let newest = found.strings("ids");
    let found = account.data("aws_ami_ids", json!({"owners": ["amazon"], "filter": names, "sort_ascending": true}));
    let mut oldest = found.strings("ids");
    oldest.reverse();
    assert!(newest.len() > 1 && newest == oldest, "{newest:?}");

    let found = account.data("aws_ec2_instance_type", json!({"instance_type": "t3.micro"}));
    assert_eq!((found.int("default_vcpus"), found.int("memory_size")), (Some(2), Some(1024)));
    let found =
        account.data("aws_ec2_instance_types", json!({"filter": [{"name": "instance-type", "values": ["t3.micro"]}]}));
    assert_eq!(found.strings("instance_types"), ["t3.micro"]);

    let volume = account.make("aws_ebs_volume", json!({"availability_zone": "eu-west-1a", "size": 10}));
    let snapshot = account.make("aws_ebs_snapshot", json!({"volume_id": volume.id}));
    let own = json!({"most_recent": true, "filter": [{"name": "volume-id", "values": [volume.id]}]});
    assert_eq!(account.data("aws_ebs_snapshot", own).str("snapshot_id"), Some(snapshot.id.as_str()));

    let template = json!({"name": "web", "image_id": newest[0], "instance_type": "t3.micro"});
    let template = account.make("aws_launch_template", template);
    let found = account.data("aws_launch_template", json!({"name": "web"}));
    assert_eq!((found.str("id"), found.str("instance_type")), (Some(template.id.as_str()), Some("t3.micro")));
    let configuration = json!({"name": "old", "image_id": newest[0], "instance_type": "t3.micro"});
    account.make("aws_launch_configuration", configuration);
    let found = account.data("aws_launch_configuration", json!({"name": "old"}));
    assert_eq!(found.str("instance_type"), Some("t3.micro"));
    let group = json!({"name": "web", "min_size": 0, "max_size": 1, "launch_configuration": "old", "availability_zones": ["eu-west-1a"]});
    account.make("aws_autoscaling_group", group);
    let found = account.data("aws_autoscaling_group", json!({"name": "web"}));
    assert_eq!((found.int("max_size"), found.str("launch_configuration")), (Some(1), Some("old")));
}

//! Outposts, published ranges, parameters, private lines and what else is looked up of services that few layouts use.

use crate::origin::Server;
use crate::support::World;
use crate::types::Account;
use serde_json::{Value as Json, json};

/// Asks Outposts, which has paths instead of actions.
fn outposts(world: &World, path: &str, body: &Json) -> Json {
    let headers = [("Content-Type", "application/json")];
    let (status, text) = world.send("POST", path, "outposts", &headers, body.to_string().as_bytes());
    assert_eq!(status, 200, "{text}");
    serde_json::from_str(&text).expect("an answer")
}

#[test]
fn an_outpost_is_found_where_there_is_one() {
    let account = Account::start();
    let by_name = json!({"name": "SEA19.07"});
    let none = account.try_data("aws_outposts_outpost", by_name.clone()).unwrap_err();
    assert!(none.is_not_found() && none.message.contains("no Outpost matches"), "{none}");
    let site = outposts(&account.world, "/sites", &json!({"Name": "sea"}));
    for (name, zone) in [("SEA19.07", "eu-west-1a"), ("SEA19.08", "eu-west-1b")] {
        let asked = json!({"Name": name, "SiteId": site["Site"]["SiteId"], "AvailabilityZone": zone,
            "Tags": {"team": name}});
        outposts(&account.world, "/outposts", &asked);
    }
    let found = account.data("aws_outposts_outpost", by_name);
    assert_eq!((found.str("availability_zone"), found.str("lifecycle_status")), (Some("eu-west-1a"), Some("ACTIVE")));
    assert!(found.str("arn").is_some_and(|arn| arn.contains(":outpost/op-")));
    let other = account.data("aws_outposts_outpost", json!({"tags": {"team": "SEA19.08"}}));
    assert_eq!(other.str("availability_zone"), Some("eu-west-1b"));
    let both = account.try_data("aws_outposts_outpost", json!({})).unwrap_err();
    assert!(both.message.contains("2 Outposts match"), "{both}");
}

#[test]
fn published_ranges_are_chosen_by_service_and_region() {
    let account = Account::start();
    let server = Server::start();
    let file = json!({"syncToken": "1700000000", "createDate": "2026-11-30-00-00-00", "prefixes": [
        {"ip_prefix": "52.4.0.0/14", "region": "us-east-1", "service": "EC2"},
        {"ip_prefix": "3.5.0.0/19", "region": "eu-west-1", "service": "S3"}],
        "ipv6_prefixes": [{"ipv6_prefix": "2600:1f13::/36", "region": "us-east-1", "service": "EC2"}]});
    server.page("/ranges.json", file.to_string());
    let ask = |services: &[&str]| json!({"url": server.url("/ranges.json"), "services": services});
    let found = account.data("aws_ip_ranges", ask(&["ec2"]));
    assert_eq!(found.strings("cidr_blocks"), ["52.4.0.0/14"]);
    assert_eq!(found.strings("ipv6_cidr_blocks"), ["2600:1f13::/36"]);
    assert_eq!((found.str("id"), found.int("sync_token")), (Some("1700000000"), Some(1_700_000_000)));
    assert!(account.try_data("aws_ip_ranges", ask(&["NOTHING"])).unwrap_err().is_not_found());
    let lost = json!({"url": server.url("/none"), "services": ["EC2"]});
    assert!(account.try_data("aws_ip_ranges", lost).unwrap_err().message.contains("is not there"));
    let trails = account.data("aws_cloudtrail_service_account", json!({"region": "eu-central-1"}));
    assert_eq!(trails.str("arn"), Some("arn:aws:iam::035351147821:root"));
    let newer = account.try_data("aws_cloudtrail_service_account", json!({"region": "mx-central-1"})).unwrap_err();
    assert!(newer.message.contains("cloudtrail.amazonaws.com"), "{newer}");
    assert_eq!(account.data("aws_billing_service_account", json!({})).str("id"), Some("386209384616"));
}

#[test]
fn a_write_only_parameter_is_never_read() {
    let account = Account::start();
    let secret = json!({"name": "/a/secret", "type": "SecureString", "value_wo": "hidden-word", "value_wo_version": 1});
    let secret = account.make("aws_ssm_parameter", secret);
    let mut plain = account.make("aws_ssm_parameter", json!({"name": "/a/plain", "type": "String", "value": "shown"}));
    account.make("aws_ssm_parameter", json!({"name": "/a/b/deep", "type": "String", "insecure_value": "clear"}));
    let body = json!({"Name": "/a/secret", "WithDecryption": true});
    let held = account.world.json("ssm", "AmazonSSM.GetParameter", body);
    assert_eq!(held["Parameter"]["Value"], "hidden-word");
    let seen = account.describe("aws_ssm_parameter", &[secret.id.clone(), plain.id.clone()]);
    let value = |id: &str| seen.iter().find(|one| one.id == id).and_then(|one| one.attrs.string("value"));
    assert_eq!((value("/a/secret"), value("/a/plain")), (None, Some("shown".into())));
    assert!(!format!("{seen:?}").contains("hidden-word"));
    assert!(seen.iter().all(|one| one.attrs.string_map("tags_all").is_empty()), "the mark is not shown");
    plain.change(json!({"name": "/a/plain", "type": "String", "value": "shown", "description": "now"}));
    let body = json!({"Name": "/a/plain", "WithDecryption": true});
    let held = account.world.json("ssm", "AmazonSSM.GetParameter", body);
    assert_eq!((&held["Parameter"]["Value"], &held["Parameter"]["Version"]), (&json!("shown"), &json!(2)));
    let found = account.data("aws_ssm_parameters_by_path", json!({"path": "/a"}));
    assert_eq!(found.strings("names"), ["/a/plain", "/a/secret"]);
    let found = account.data("aws_ssm_parameters_by_path", json!({"path": "/a", "recursive": true}));
    assert_eq!(found.strings("names"), ["/a/b/deep", "/a/plain", "/a/secret"]);
}

#[test]
fn lines_are_found_by_name_and_kept_apart_by_kind() {
    let account = Account::start();
    account.world.delay("direct_connect", 0.3);
    let line = json!({"name": "line", "bandwidth": "1Gbps", "location": "EqDC2"});
    let line = account.make("aws_dx_connection", line);
    let gateway = account.make("aws_dx_gateway", json!({"name": "hub", "amazon_side_asn": "64512"}));
    let found = account.data("aws_dx_gateway", json!({"name": "hub"}));
    assert_eq!((found.str("id"), found.str("amazon_side_asn")), (Some(&*gateway.id), Some("64512")));
    assert!(found.str("arn").is_some_and(|arn| arn.ends_with(&format!(":dx-gateway/{}", gateway.id))));
    assert!(account.try_data("aws_dx_gateway", json!({"name": "other"})).unwrap_err().is_not_found());
    let private = json!({"connection_id": line.id, "dx_gateway_id": gateway.id, "name": "a", "vlan": 7,
        "address_family": "ipv4", "bgp_asn": 65000});
    let private = account.make("aws_dx_private_virtual_interface", private);
    let kind = |ty: &str| account.describe(ty, std::slice::from_ref(&private.id)).len();
    assert_eq!((kind("aws_dx_private_virtual_interface"), kind("aws_dx_transit_virtual_interface")), (1, 0));
    let gone = ["dxcon-ffffffff".to_owned()];
    assert!(account.describe("aws_dx_connection", &gone).is_empty(), "a missing object gives an empty list");
    private.delete();
    gateway.delete();
    line.delete();
}

#[test]
fn queues_policies_and_firewalls_are_found() {
    let account = Account::start();
    let queue = account.make("aws_sqs_queue", json!({"name": "jobs", "tags": {"a": "1"}}));
    let found = account.data("aws_sqs_queue", json!({"name": "jobs"}));
    assert_eq!((found.str("url"), found.string_map("tags").len()), (Some(&*queue.id), 1));
    assert!(account.try_data("aws_sqs_queue", json!({"name": "none"})).unwrap_err().is_not_found());
    let bucket = account.make("aws_s3_bucket", json!({"bucket": "open-books"}));
    let none = account.try_data("aws_s3_bucket_policy", json!({"bucket": bucket.id})).unwrap_err();
    assert!(none.is_not_found(), "{none}");
    let policy = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*",
        "Action": "s3:*", "Resource": "arn:aws:s3:::open-books"}]});
    account.make("aws_s3_bucket_policy", json!({"bucket": bucket.id, "policy": policy.to_string()}));
    let found = account.data("aws_s3_bucket_policy", json!({"bucket": bucket.id}));
    assert!(found.str("policy").is_some_and(|text| text.contains("open-books")));

    let vpc = account.make("aws_vpc", json!({"cidr_block": "10.0.0.0/16"}));
    let subnet = json!({"vpc_id": vpc.id, "cidr_block": "10.0.0.0/24", "availability_zone": "eu-west-1a"});
    let subnet = account.make("aws_subnet", subnet);
    let rules = json!({"name": "edge", "firewall_policy": {"stateless_default_actions": ["aws:pass"],
        "stateless_fragment_default_actions": ["aws:drop"]}});
    let rules = account.make("aws_networkfirewall_firewall_policy", rules);
    for by in [json!({"name": "edge"}), json!({"arn": rules.id})] {
        let found = account.data("aws_networkfirewall_firewall_policy", by);
        assert_eq!(found.blocks("firewall_policy")[0].strings("stateless_default_actions"), ["aws:pass"]);
    }
    assert!(
        account.try_data("aws_networkfirewall_firewall_policy", json!({"name": "none"})).unwrap_err().is_not_found()
    );
    let firewall = json!({"name": "edge", "firewall_policy_arn": rules.id, "vpc_id": vpc.id,
        "subnet_mapping": [{"subnet_id": subnet.id}], "tags": {"a": "1"}});
    let firewall = account.make("aws_networkfirewall_firewall", firewall);
    for by in [json!({"name": "edge"}), json!({"arn": firewall.id})] {
        let found = account.data("aws_networkfirewall_firewall", by);
        assert_eq!((found.str("vpc_id"), found.string_map("tags").len()), (Some(&*vpc.id), 1));
        let status = &found.blocks("firewall_status")[0];
        assert_eq!(status.str("status"), Some("READY"));
        let state = &status.blocks("sync_states")[0];
        assert_eq!(state.blocks("attachment")[0].str("subnet_id"), Some(&*subnet.id));
    }
}

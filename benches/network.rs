//! The network model: built, and asked for all that one source reaches. A network of 60 subnets, 300 groups and 1,000
//! interfaces is to take less than 50 ms; one of 10,000 interfaces and 100,000 rules less than 2 s.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use floorplan::network::{Model, Object, Source};
use floorplan::value::json::from_json;
use serde_json::{Value as Json, json};
use std::hint::black_box;

/// How large a network is.
#[derive(Clone, Copy)]
struct Size {
    subnets: usize,
    groups: usize,
    rules: usize,
    interfaces: usize,
}

const SIZES: [Size; 3] = [
    Size { subnets: 60, groups: 300, rules: 10, interfaces: 1_000 },
    Size { subnets: 60, groups: 1_000, rules: 100, interfaces: 1_000 },
    Size { subnets: 240, groups: 1_000, rules: 100, interfaces: 10_000 },
];

fn object(kind: &str, name: &str, attributes: Json) -> Object {
    let mut attributes = attributes;
    attributes["id"] = format!("{kind}-{name}").into();
    let attributes = from_json(&attributes).expect("values");
    Object { address: format!("{kind}.{name}").into(), type_name: kind.into(), attributes }
}

/// A VPC with public and private subnets, groups that name ranges and each other, and instances in all of them.
fn network(size: Size) -> Vec<Object> {
    let mut all = vec![
        object("aws_vpc", "v", json!({ "cidr_block": "10.0.0.0/8" })),
        object("aws_internet_gateway", "g", json!({ "vpc_id": "aws_vpc-v" })),
        object(
            "aws_nat_gateway",
            "n",
            json!({ "subnet_id": "aws_subnet-0", "private_ip": "10.0.0.9", "public_ip": "54.0.0.1" }),
        ),
    ];
    for (name, target, id) in
        [("pub", "gateway_id", "aws_internet_gateway-g"), ("priv", "nat_gateway_id", "aws_nat_gateway-n")]
    {
        let routes = json!([{ "cidr_block": "0.0.0.0/0", target: id }]);
        all.push(object("aws_route_table", name, json!({ "vpc_id": "aws_vpc-v", "route": routes })));
    }
    let entry = |number: i32, from: u16, to: u16| json!({ "rule_no": number, "action": "allow", "protocol": "tcp", "from_port": from, "to_port": to, "cidr_block": "0.0.0.0/0" });
    for at in 0..size.subnets {
        let name = at.to_string();
        let subnet = json!({ "vpc_id": "aws_vpc-v", "cidr_block": format!("10.{at}.0.0/16"), "availability_zone": format!("z{}", at % 3) });
        all.push(object("aws_subnet", &name, subnet));
        let table = if at % 2 == 0 { "pub" } else { "priv" };
        let follows =
            json!({ "subnet_id": format!("aws_subnet-{at}"), "route_table_id": format!("aws_route_table-{table}") });
        all.push(object("aws_route_table_association", &name, follows));
        let rules = json!([entry(100, 22, 22), entry(110, 80, 443), entry(120, 1024, 65535)]);
        let acl = json!({ "vpc_id": "aws_vpc-v", "subnet_ids": [format!("aws_subnet-{at}")], "ingress": rules, "egress": rules });
        all.push(object("aws_network_acl", &name, acl));
    }
    for at in 0..size.groups {
        let rules: Vec<Json> = (0..size.rules)
            .map(|rule| {
                let port = 1000 + (at * 7 + rule * 13) % 5000;
                match rule % 3 {
                    0 => json!({ "protocol": "tcp", "from_port": port, "to_port": port + 5, "cidr_blocks": [format!("10.{}.0.0/16", rule % 200)] }),
                    1 => json!({ "protocol": "tcp", "from_port": port, "to_port": port, "security_groups": [format!("aws_security_group-{}", (at + rule) % size.groups)] }),
                    _ => json!({ "protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": [format!("54.{}.0.0/16", rule % 200)] }),
                }
            })
            .collect();
        let out = json!([{ "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"] }]);
        let group = json!({ "vpc_id": "aws_vpc-v", "ingress": rules, "egress": out });
        all.push(object("aws_security_group", &at.to_string(), group));
    }
    for at in 0..size.interfaces {
        let (subnet, host) = (at % size.subnets, at / size.subnets + 10);
        let public = if subnet % 2 == 0 { format!("54.200.{}.{}", at / 250, at % 250) } else { String::new() };
        let groups = [at % size.groups, (at * 3 + 1) % size.groups].map(|at| format!("aws_security_group-{at}"));
        let instance = json!({
            "subnet_id": format!("aws_subnet-{subnet}"), "private_ip": format!("10.{subnet}.{}.{}", host / 250, host % 250),
            "public_ip": public, "vpc_security_group_ids": groups,
        });
        all.push(object("aws_instance", &at.to_string(), instance));
    }
    all
}

fn reach(c: &mut Criterion) {
    let mut group = c.benchmark_group("network");
    group.sample_size(10);
    for size in SIZES {
        let objects = network(size);
        let name = format!("{} interfaces, {} rules", size.interfaces, size.groups * size.rules);
        group.bench_with_input(BenchmarkId::new("model", &name), &objects, |b, objects| {
            b.iter(|| Model::of(black_box(objects)));
        });
        let model = Model::of(&objects);
        for (what, source) in [("internet", Source::Internet), ("instance", Source::Object("aws_instance.1".into()))] {
            assert!(model.flows(&source).is_ok_and(|flows| !flows.is_empty()));
            group.bench_with_input(BenchmarkId::new(what, &name), &source, |b, source| {
                b.iter(|| model.flows(black_box(source)));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, reach);
criterion_main!(benches);

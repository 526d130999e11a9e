//! Whatever is not known: every attribute of several networks is taken away in turn, and each answer that was yes or no
//! has to stay it or become perhaps.

use super::*;
use crate::network::space::TCP;
use crate::network::{Answer, Destination, Model, Object, Source};
use crate::value::{Kind, Type, Value};

/// The value with one of its parts unknown, for each part: itself, its attributes, its elements and theirs.
pub(super) fn variants(value: &Value) -> Vec<Value> {
    let ty = match value.kind() {
        Kind::Tuple(_) => Type::set(Type::Dynamic),
        _ => value.ty(),
    };
    let mut all = vec![Value::unknown(ty)];
    match value.kind() {
        Kind::Tuple(elements) => {
            for (at, element) in elements.iter().enumerate() {
                all.extend(variants(element).into_iter().map(|variant| {
                    let mut elements = elements.to_vec();
                    elements[at] = variant;
                    Value::tuple(elements)
                }));
            }
        }
        Kind::Object(entries) => {
            for (name, entry) in entries.iter() {
                all.extend(variants(entry).into_iter().map(|variant| {
                    let mut entries = (**entries).clone();
                    entries.insert(name.clone(), variant);
                    Value::object(entries)
                }));
            }
        }
        _ => {}
    }
    all
}

fn answers(objects: &[Object], ends: &[&str]) -> Vec<(String, Answer)> {
    let model = Model::of(objects);
    let mut all = Vec::new();
    for from in ends {
        for to in ends.iter().filter(|to| *to != from) {
            let source = match *from {
                "internet" => Source::Internet,
                "vpn" => Source::Vpn,
                address => Source::Object(address.into()),
            };
            let destination = match *to {
                "internet" => Destination::Internet,
                "vpn" => Destination::Vpn,
                address => Destination::Object(address.into()),
            };
            for port in [80, 3306] {
                let question = format!("{from} to {to} on {port}");
                let reach = model.reach(&source, &destination, TCP, Some(port)).expect("both ends are in the network");
                assert!(reach.answer != Answer::May || !reach.doubts.is_empty(), "{question} {reach:?}");
                assert!(reach.answer != Answer::No || !reach.obstacles.is_empty(), "{question} {reach:?}");
                all.push((question, reach.answer));
            }
        }
    }
    all
}

#[track_caller]
fn holds(objects: &[Object], ends: &[&str]) {
    let known = answers(objects, ends);
    assert!(known.iter().any(|(_, answer)| *answer == Answer::Yes));
    assert!(known.iter().any(|(_, answer)| *answer == Answer::No));
    assert!(known.iter().all(|(_, answer)| *answer != Answer::May), "{known:?}");
    let mut wrong = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        for attributes in variants(&object.attributes) {
            // Ids come of AWS alone: none is known to one and unknown to another.
            if attributes.get("id") != object.attributes.get("id") {
                continue;
            }
            let mut changed = objects.to_vec();
            changed[at] = Object { attributes: attributes.clone(), ..object.clone() };
            for ((question, before), (_, after)) in known.iter().zip(answers(&changed, ends)) {
                if after != Answer::May && after != *before {
                    let what = difference(&object.attributes, &attributes);
                    wrong.push(format!("{question}: {before:?} became {after:?} without {}: {what}", object.address));
                }
            }
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
}

/// The attributes that differ.
fn difference(one: &Value, other: &Value) -> String {
    let Some(entries) = one.as_entries() else { return String::new() };
    let differ = entries.iter().filter(|(name, value)| other.get(name) != Some(*value));
    differ.map(|(name, _)| name.to_string()).collect::<Vec<_>>().join(", ")
}

#[test]
fn a_network_with_the_internet() {
    holds(&outside::public(), &["internet", "aws_instance.bastion", "aws_instance.app"]);
}

#[test]
fn a_network_with_a_peering() {
    holds(&ways::both_ways(), &["internet", "aws_instance.a", "aws_instance.b"]);
}

#[test]
fn a_network_with_a_transit_gateway() {
    holds(&ways::joined(), &["aws_instance.a", "aws_instance.b"]);
}

#[test]
fn a_network_with_a_vpn() {
    holds(&ways::hybrid(true), &["vpn", "internet", "aws_instance.db"]);
}

#[test]
fn a_network_with_acls() {
    holds(&inside::guarded(), &["aws_instance.web", "aws_instance.db"]);
}

#[test]
fn a_network_with_balancers_and_a_database() {
    holds(&served::shop(), &["internet", "aws_instance.web", "aws_db_instance.db"]);
}

#[test]
fn a_network_with_an_endpoint() {
    holds(&served::shop(), &["aws_instance.web", "aws_vpc_endpoint.s3"]);
}

#[test]
fn a_network_before_a_balancer() {
    holds(&served::shop(), &["internet", "aws_lb.lb"]);
}

#[test]
fn a_network_behind_another() {
    holds(&served::shared_way_out(true), &["internet", "aws_instance.app"]);
}

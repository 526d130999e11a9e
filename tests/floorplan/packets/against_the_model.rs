//! The model of the network against the packet walker: the same answers on what AWS documents and on thousands of random
//! networks.

use std::collections::BTreeMap;
use std::net::IpAddr;

use floorplan::network::space::Addresses;
use floorplan::network::{self, Destination, Model, Source};
use floorplan::value::json::from_json;
use floorplan::value::{Type, Value};

use super::asking::ask;
use super::comparing::{Mismatch, compare};
use super::documented::{examples, question};
use super::generator::{Seed, network, questions};
use super::hidden::{Hidden, compare_hidden, hide};
use super::{Answer, Object, Objects, Party, Protocol, Question};

/// So many questions about each random network.
const QUESTIONS: usize = 5;

/// How many random networks: `FLOORPLAN_PACKETS` of them, from the number `FLOORPLAN_PACKETS_FROM` on. 4,000 are 20,000
/// cases; without it fewer, so that the tests stay quick.
fn networks() -> std::ops::Range<u64> {
    let read = |name: &str, otherwise: u64| {
        std::env::var(name).map_or(otherwise, |count| count.parse().unwrap_or_else(|_| panic!("{name} is {count}")))
    };
    let first = read("FLOORPLAN_PACKETS_FROM", 0);
    first..first + read("FLOORPLAN_PACKETS", 200)
}

/// The model's answer.
fn model(objects: &Objects, question: &Question) -> Answer {
    answer(&objects.iter().map(given).collect::<Vec<_>>(), question)
}

/// The model's answer where attributes are hidden.
fn model_hidden(objects: &Objects, hidden: &[Hidden], question: &Question) -> Answer {
    let mut all: Vec<network::Object> = objects.iter().map(given).collect();
    for each in hidden {
        for object in all.iter_mut().filter(|object| *object.address == *each.address) {
            let of = each
                .values
                .first()
                .map_or(Type::String, |value| if value.is_array() { Type::set(Type::String) } else { Type::String });
            let mut attributes = object.attributes.as_entries().cloned().unwrap_or_default();
            attributes.insert(each.attribute.as_str().into(), Value::unknown(of));
            object.attributes = Value::object(attributes);
        }
    }
    answer(&all, question)
}

fn answer(given: &[network::Object], question: &Question) -> Answer {
    let model = Model::of(given);
    let one = |address: IpAddr| Addresses::one(address.into());
    let source = match &question.from {
        Party::Internet(address) | Party::Address(address) => Source::Range(one(*address)),
        Party::Vpn(connection, address) => Source::Site(connection.as_str().into(), one(*address)),
        Party::Object(address) => Source::Object(address.as_str().into()),
    };
    let destination = match &question.to {
        Party::Internet(address) | Party::Address(address) => Destination::Range(one(*address)),
        Party::Vpn(connection, address) => Destination::Site(connection.as_str().into(), one(*address)),
        Party::Object(address) => Destination::Object(address.as_str().into()),
    };
    let reach = asked(question.protocol, question.port).map(|(protocol, port)| {
        model.reach(&source, &destination, protocol, port).map_or(network::Answer::No, |reach| reach.answer)
    });
    match reach.into_iter().max() {
        Some(network::Answer::Yes) => Answer::Yes,
        Some(network::Answer::May) => Answer::May,
        Some(network::Answer::No) | None => Answer::No,
    }
}

fn given(object: &Object) -> network::Object {
    network::Object {
        address: object.address.as_str().into(),
        type_name: object.kind.as_str().into(),
        attributes: from_json(&object.attributes).expect("values"),
    }
}

/// Protocol numbers with ports as the model counts them. A ping is an echo request of either version of IP.
fn asked(protocol: Protocol, port: u16) -> [(u8, Option<u16>); 2] {
    match protocol {
        Protocol::Tcp => [(6, Some(port)); 2],
        Protocol::Udp => [(17, Some(port)); 2],
        Protocol::Ping => [(1, Some(8 << 8)), (58, Some(128 << 8))],
        Protocol::Other(number) => [(number, None); 2],
    }
}

#[test]
fn the_model_agrees_with_what_aws_documents() {
    let mut wrong = Vec::new();
    for example in examples() {
        for case in &example.cases {
            let answer = model(&example.objects, &question(case));
            if answer != case.answer {
                wrong.push(format!("{}: {case:?}: {answer:?}", example.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Seeds in parts, so that the tests run side by side. A difference prints the smallest network that shows it.
fn random_networks(part: u64) {
    let mut found: Vec<Mismatch> = Vec::new();
    let mut answers = BTreeMap::new();
    for number in networks().filter(|number| number % 4 == part) {
        let mut seed = Seed(number);
        let objects = network(&mut seed);
        let questions = questions(&objects, &mut seed, QUESTIONS);
        for question in &questions {
            *answers.entry(ask(&objects, question).0).or_insert(0) += 1;
        }
        found.extend(compare(&objects, &questions, &model));
        assert!(found.len() < 5, "{}", found.iter().map(Mismatch::to_string).collect::<Vec<_>>().join("\n"));
    }
    assert!(found.is_empty(), "{}", found.iter().map(Mismatch::to_string).collect::<Vec<_>>().join("\n"));
    println!("{answers:?}");
    let asked: i32 = answers.values().sum();
    assert!(answers.len() == 3 || asked < 1000, "every answer occurs: {answers:?}");
    assert!(answers.contains_key(&Answer::Yes) && answers.contains_key(&Answer::No), "{answers:?}");
}

#[test]
fn the_model_agrees_on_random_networks_one() {
    random_networks(0);
}

#[test]
fn the_model_agrees_on_random_networks_two() {
    random_networks(1);
}

#[test]
fn the_model_agrees_on_random_networks_three() {
    random_networks(2);
}

#[test]
fn the_model_agrees_on_random_networks_four() {
    random_networks(3);
}

/// Where attributes are not known, the model says "may" or what holds with every value of them.
#[test]
fn the_model_is_not_wrong_about_what_is_hidden() {
    let (mut wrong, mut vague, mut asked) = (Vec::new(), 0, 0);
    for number in networks() {
        let mut seed = Seed(number);
        let objects = network(&mut seed);
        let hidden = hide(&objects, &mut seed);
        let questions = questions(&objects, &mut seed, 2);
        let (found, may) = compare_hidden(&objects, &hidden, &questions, &model_hidden);
        wrong.extend(found.iter().map(Mismatch::to_string));
        (vague, asked) = (vague + may, asked + questions.len());
    }
    println!("{asked} asked, {} wrong, {vague} vague", wrong.len());
    assert!(wrong.is_empty(), "{} of {asked}:\n{}", wrong.len(), wrong[..wrong.len().min(5)].join("\n"));
    // More values than those that are tried may be behind a "may"; most answers are not one.
    assert!(vague * 5 < asked, "{vague} of {asked}");
}

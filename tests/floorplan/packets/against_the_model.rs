//! The model of the network against the packet walker: the same answers on what AWS documents and on thousands of random
//! networks. Not part of the build until `floorplan::network` is there. Then: `mod against_the_model;` in `mod.rs`, and
//! `model` below asks it.

use std::collections::BTreeMap;

use super::asking::ask;
use super::comparing::{Mismatch, compare};
use super::documented::{examples, question};
use super::generator::{Seed, network, questions};
use super::{Answer, Objects, Question};

/// How many random networks, and how many questions about each: 20,000 cases.
const NETWORKS: u64 = 4000;
const QUESTIONS: usize = 5;

/// The model's answer. To be written against its interface: objects in, flows out, then
/// - `Yes` if a flow from the one party to the other for this protocol and port is there, `May` if it may be, else `No`;
/// - a port of a client is any from 1024 to 65535: a flow whose answers come back to some of them only may be there;
/// - `Party::Address` is whoever has the address where it is sent from.
fn model(objects: &Objects, question: &Question) -> Answer {
    floorplan::network::answer(objects, question)
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
    for number in (0..NETWORKS).filter(|number| number % 4 == part) {
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
    assert!(answers.len() == 3, "every answer occurs: {answers:?}");
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

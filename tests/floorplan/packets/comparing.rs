//! Holds another's answers against the walker's, and makes the network of a difference small enough to be read.

use serde_json::Value as Json;

use super::asking::ask;
use super::facts::text;
use super::{Answer, Objects, Question};

/// A question that the walker and the other answer differently.
#[derive(Debug, Clone)]
pub struct Mismatch {
    /// A small network in which they do.
    pub objects: Objects,
    /// The question.
    pub question: Question,
    /// The walker's answer.
    pub walker: Answer,
    /// Why: what became of one of its packets.
    pub why: String,
    /// The other's answer.
    pub other: Answer,
}

impl Mismatch {
    /// Whether the other is wrong rather than vague: it says yes or no, and that is not so.
    pub fn is_wrong(&self) -> bool {
        self.other != Answer::May
    }
}

impl std::fmt::Display for Mismatch {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Mismatch { question, walker, why, other, .. } = self;
        writeln!(out, "{question:?}\n  walker: {walker:?} ({why})\n  other: {other:?}")?;
        self.objects.iter().try_for_each(|object| writeln!(out, "  {} {}", object.address, object.attributes))
    }
}

/// The questions that are answered differently, each with a small network that shows it.
pub fn compare(
    objects: &Objects,
    questions: &[Question],
    asks: &dyn Fn(&Objects, &Question) -> Answer,
) -> Vec<Mismatch> {
    let differing = questions.iter().filter_map(|question| mismatch(objects, question, asks));
    differing.map(|found| smaller(found, asks)).collect()
}

fn mismatch(objects: &Objects, question: &Question, asks: &dyn Fn(&Objects, &Question) -> Answer) -> Option<Mismatch> {
    let (walker, why) = ask(objects, question);
    let other = asks(objects, question);
    let found = Mismatch { objects: objects.clone(), question: question.clone(), walker, why, other };
    (walker != other).then_some(found)
}

/// The same mismatch in a network from which nothing can be taken without it going away: no object that no other one
/// refers to, no block.
fn smaller(mut found: Mismatch, asks: &dyn Fn(&Objects, &Question) -> Answer) -> Mismatch {
    loop {
        let tries = without_one_object(&found.objects).into_iter().chain(without_one_block(&found.objects));
        let same = |next: &Mismatch| next.walker == found.walker && next.other == found.other;
        let next = tries.filter_map(|objects| mismatch(&objects, &found.question, asks)).find(|next| same(next));
        match next {
            Some(next) => found = next,
            None => return found,
        }
    }
}

/// Each network that lacks one object which no other one refers to.
fn without_one_object(objects: &Objects) -> Vec<Objects> {
    let without = |index: usize| {
        let id = text(&objects[index].attributes, "id");
        let mut rest = objects.clone();
        rest.remove(index);
        let referred = !id.is_empty() && rest.iter().any(|other| mentions(&other.attributes, id));
        (!referred).then_some(rest)
    };
    (0..objects.len()).filter_map(without).collect()
}

fn mentions(value: &Json, id: &str) -> bool {
    match value {
        Json::String(text) => text == id,
        Json::Array(all) => all.iter().any(|each| mentions(each, id)),
        Json::Object(all) => all.values().any(|each| mentions(each, id)),
        _ => false,
    }
}

/// Each network that lacks one element of a list.
fn without_one_block(objects: &Objects) -> Vec<Objects> {
    let mut tries = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        for (name, value) in object.attributes.as_object().into_iter().flatten() {
            for element in 0..value.as_array().map_or(0, Vec::len) {
                let mut fewer = objects.clone();
                if let Some(all) = fewer[index].attributes[name].as_array_mut() {
                    all.remove(element);
                }
                tries.push(fewer);
            }
        }
    }
    tries
}

#[cfg(test)]
mod tests {
    use super::super::generator::{Seed, network, questions};
    use super::*;

    #[test]
    fn who_answers_as_the_walker_does_does_not_differ() {
        for seed in 0..20 {
            let mut seed = Seed(seed);
            let objects = network(&mut seed);
            let questions = questions(&objects, &mut seed, 5);
            assert_eq!(compare(&objects, &questions, &|objects, question| ask(objects, question).0).len(), 0);
        }
    }

    /// A model that forgets one rule is found out, and the network that shows it is small.
    #[test]
    fn who_forgets_acls_is_found_out() {
        let forgetful = |objects: &Objects, question: &Question| {
            let forgotten = ["aws_network_acl", "aws_default_network_acl", "aws_network_acl_rule"];
            let others = objects.iter().filter(|object| !forgotten.contains(&object.kind.as_str()));
            let others: Objects = others.filter(|o| o.kind != "aws_network_acl_association").cloned().collect();
            ask(&others, question).0
        };
        let mut found = Vec::new();
        for seed in 0..60 {
            let mut seed = Seed(seed);
            let objects = network(&mut seed);
            let questions = questions(&objects, &mut seed, 8);
            found.extend(compare(&objects, &questions, &forgetful));
        }
        found.retain(Mismatch::is_wrong);
        assert!(found.len() > 5, "{} differ", found.len());
        let smallest = found.iter().min_by_key(|each| each.objects.len()).expect("one");
        assert!(smallest.objects.len() <= 8, "{smallest}");
        assert!(smallest.objects.iter().any(|object| object.kind.contains("acl")), "{smallest}");
    }
}

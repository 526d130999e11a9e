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
        let before = found.objects.clone();
        for index in (0..before.len()).rev() {
            found = or_without(found, asks, |objects| without_object(objects, index));
        }
        for index in 0..found.objects.len() {
            let attributes = found.objects[index].attributes.as_object().into_iter().flatten();
            let lists: Vec<(String, usize)> =
                attributes.filter_map(|(name, value)| Some((name.clone(), value.as_array()?.len()))).collect();
            for (name, length) in lists {
                for element in (0..length).rev() {
                    found = or_without(found, asks, |objects| without_element(objects, index, &name, element));
                }
            }
        }
        if found.objects == before {
            return found;
        }
    }
}

/// The mismatch in a smaller network if it is there as well, else as it was.
fn or_without(
    found: Mismatch,
    asks: &dyn Fn(&Objects, &Question) -> Answer,
    without: impl Fn(&Objects) -> Option<Objects>,
) -> Mismatch {
    let next = without(&found.objects).and_then(|objects| mismatch(&objects, &found.question, asks));
    match next {
        Some(next) if next.walker == found.walker && next.other == found.other => next,
        _ => found,
    }
}

fn without_object(objects: &Objects, index: usize) -> Option<Objects> {
    let id = text(&objects.get(index)?.attributes, "id");
    let mut rest = objects.clone();
    rest.remove(index);
    let referred = !id.is_empty() && rest.iter().any(|other| mentions(&other.attributes, id));
    (!referred).then_some(rest)
}

fn without_element(objects: &Objects, index: usize, name: &str, element: usize) -> Option<Objects> {
    let mut fewer = objects.clone();
    let all = fewer[index].attributes[name].as_array_mut()?;
    (element < all.len()).then(|| all.remove(element))?;
    Some(fewer)
}

fn mentions(value: &Json, id: &str) -> bool {
    match value {
        Json::String(text) => text == id,
        Json::Array(all) => all.iter().any(|each| mentions(each, id)),
        Json::Object(all) => all.values().any(|each| mentions(each, id)),
        _ => false,
    }
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
            let questions = questions(&objects, &mut seed, 4);
            found.extend(compare(&objects, &questions, &forgetful));
        }
        found.retain(Mismatch::is_wrong);
        assert!(found.len() > 3, "{} differ", found.len());
        let smallest = found.iter().min_by_key(|each| each.objects.len()).expect("one");
        assert!(smallest.objects.len() <= 8, "{smallest}");
        assert!(smallest.objects.iter().any(|object| object.kind.contains("acl")), "{smallest}");
    }
}

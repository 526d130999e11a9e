//! Attributes that are not known yet. The walker is asked with each of a few values that they may have; whoever does not
//! know them must say "may" if the answers differ.

use serde_json::{Value as Json, json};

use super::asking::{apart, ask};
use super::comparing::Mismatch;
use super::facts::{all, nth, size, text};
use super::generator::Seed;
use super::{Answer, Object, Objects, Question, Unknowns, with_world};

/// One attribute that is not known, and some of the values that it may have: the one in the objects is among them.
#[derive(Debug, Clone, PartialEq)]
pub struct Hidden {
    /// The object's address.
    pub address: String,
    /// The attribute.
    pub attribute: String,
    /// Its possible values.
    pub values: Vec<Json>,
}

/// The answer with every combination of values: that one if it is always the same, else "may".
pub fn ask_hidden(objects: &Objects, hidden: &[Hidden], question: &Question) -> Answer {
    ask_each(objects, hidden, question).unwrap_or(Answer::May)
}

/// The same; nothing if every combination gives two interfaces of a VPC one address, which AWS never does.
fn ask_each(objects: &Objects, hidden: &[Hidden], question: &Question) -> Option<Answer> {
    let Some((first, rest)) = hidden.split_first() else {
        let possible = with_world(objects, &Unknowns::default(), apart);
        return possible.then(|| ask(objects, question).0);
    };
    let answers = first.values.iter().filter_map(|value| {
        let mut known = objects.clone();
        for object in known.iter_mut().filter(|object| object.address == first.address) {
            object.attributes[first.attribute.as_str()] = value.clone();
        }
        ask_each(&known, rest, question)
    });
    answers.reduce(|one, other| if one == other { one } else { Answer::May })
}

/// The questions that are answered wrongly by somebody who does not know what is hidden, and how many are answered by
/// "may" though all values that were tried give the same answer. The latter need not be wrong: there are more values.
pub fn compare_hidden(
    objects: &Objects,
    hidden: &[Hidden],
    questions: &[Question],
    asks: &dyn Fn(&Objects, &[Hidden], &Question) -> Answer,
) -> (Vec<Mismatch>, usize) {
    let (mut wrong, mut vague) = (Vec::new(), 0);
    for question in questions {
        let (walker, other) = (ask_hidden(objects, hidden, question), asks(objects, hidden, question));
        if other == Answer::May {
            vague += usize::from(walker != Answer::May);
        } else if other != walker {
            let (objects, question, why) = (objects.clone(), question.clone(), format!("hidden: {hidden:?}"));
            wrong.push(Mismatch { objects, question, walker, why, other });
        }
    }
    (wrong, vague)
}

/// Up to two attributes of a network, hidden.
pub fn hide(objects: &Objects, seed: &mut Seed) -> Vec<Hidden> {
    let candidates: Vec<Hidden> = objects.iter().flat_map(|object| candidates(objects, object)).collect();
    let mut hidden: Vec<Hidden> = Vec::new();
    for _ in 0..1 + seed.below(2) {
        if candidates.is_empty() {
            break;
        }
        let next = seed.one(&candidates);
        if !hidden.iter().any(|each| each.address == next.address) {
            hidden.push(next);
        }
    }
    hidden
}

/// The attributes of an object that AWS decides or that refer to what does not exist yet, with values for each.
fn candidates(objects: &Objects, object: &Object) -> Vec<Hidden> {
    let a = &object.attributes;
    let hidden = |attribute: &str, others: Vec<Json>| {
        let mut values = vec![a[attribute].clone()];
        values.extend(others);
        Hidden { address: object.address.clone(), attribute: attribute.to_owned(), values }
    };
    let groups = || {
        let groups = all(objects, &["aws_security_group"]);
        groups.iter().take(3).map(|group| json!([text(&group.attributes, "id")])).collect::<Vec<_>>()
    };
    match object.kind.as_str() {
        "aws_instance" if !text(a, "private_ip").is_empty() && a["primary_network_interface"].is_null() => vec![
            hidden("vpc_security_group_ids", groups()),
            hidden("public_ip", vec![json!(""), json!("198.51.103.9")]),
            hidden("private_ip", free(objects, text(a, "subnet_id"))),
        ],
        "aws_network_interface" => vec![hidden("security_groups", groups())],
        "aws_db_instance" => vec![hidden("port", vec![json!(3306)]), hidden("vpc_security_group_ids", groups())],
        "aws_lb_listener" => vec![hidden("port", vec![json!(8443)])],
        "aws_vpc_peering_connection" => {
            vec![hidden("accept_status", vec![json!("active"), json!("pending-acceptance")])]
        }
        "aws_security_group_rule" if a["cidr_blocks"].is_array() => {
            vec![hidden("cidr_blocks", vec![json!(["0.0.0.0/0"]), json!(["192.0.2.0/24"])])]
        }
        "aws_vpc_security_group_ingress_rule" | "aws_vpc_security_group_egress_rule" if a["cidr_ipv4"].is_string() => {
            vec![hidden("cidr_ipv4", vec![json!("0.0.0.0/0"), json!("192.0.2.0/24")])]
        }
        "aws_network_acl_rule" => vec![hidden("rule_action", vec![json!("allow"), json!("deny")])],
        "aws_network_acl" => vec![hidden("subnet_ids", vec![json!([])])],
        "aws_nat_gateway" if !text(a, "subnet_id").is_empty() => {
            vec![hidden("private_ip", free(objects, text(a, "subnet_id")))]
        }
        "aws_vpc_block_public_access_options" => {
            let modes = ["off", "block-bidirectional", "block-ingress"].map(|mode| json!(mode));
            vec![hidden("internet_gateway_block_mode", modes.to_vec())]
        }
        _ => Vec::new(),
    }
}

/// An address low in a subnet and one in its middle. Networks have nobody there.
fn free(objects: &Objects, subnet: &str) -> Vec<Json> {
    let subnets = all(objects, &["aws_subnet"]);
    let found = subnets.into_iter().find(|each| text(&each.attributes, "id") == subnet);
    let range = found.map_or("", |subnet| text(&subnet.attributes, "cidr_block"));
    let middle = size(range) / 2 + 8;
    [4, middle].iter().filter_map(|n| nth(range, *n)).map(|address| json!(address.to_string())).collect()
}

#[cfg(test)]
mod tests {
    use super::super::generator::{network, questions};
    use super::*;

    /// Who takes one of the values for the truth is found out; who says "may" wherever it matters is not.
    #[test]
    fn who_guesses_what_is_hidden_is_found_out() {
        let (mut guessed, mut cautious, mut vague, mut may) = (0, 0, 0, 0);
        for number in 0..80 {
            let mut seed = Seed(number);
            let objects = network(&mut seed);
            let hidden = hide(&objects, &mut seed);
            let questions = questions(&objects, &mut seed, 4);
            guessed += compare_hidden(&objects, &hidden, &questions, &|objects, _, q| ask(objects, q).0).0.len();
            cautious += compare_hidden(&objects, &hidden, &questions, &ask_hidden).0.len();
            vague += compare_hidden(&objects, &hidden, &questions, &|_, _, _| Answer::May).1;
            may += questions.iter().filter(|q| ask_hidden(&objects, &hidden, q) == Answer::May).count();
        }
        assert!(guessed > 2, "{guessed}");
        assert_eq!(cautious, 0);
        assert!(vague > 160, "{vague} of 320 have one answer with every value");
        assert!(may > 5, "{may} depend on what is hidden");
    }
}

//! Small random networks, as AWS would allow them, and questions about them. They are biased towards what goes wrong:
//! overlapping entries, routes of different lengths to different targets, blackholes, groups that refer to each other,
//! peering without a way back, a NAT gateway in a private subnet, what is attached to nothing.
//!
//! A seed makes the same network everywhere.

mod asked;
mod filters;
mod links;
mod machines;
mod routes;

use serde_json::{Value as Json, json};

pub use self::asked::questions;
use super::facts::{all, text};
use super::{Object, Objects};

/// A source of numbers that look random: splitmix64.
#[derive(Debug, Clone)]
pub struct Seed(pub u64);

impl Seed {
    /// A number below a bound.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % u64::try_from(bound.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    /// Whether something is so that is so in so many of 100 cases.
    pub fn percent(&mut self, of: usize) -> bool {
        self.below(100) < of
    }

    /// One of some.
    pub fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    /// Some of some, at least one if there is one.
    pub fn some<T: Clone>(&mut self, of: &[T]) -> Vec<T> {
        let mut taken: Vec<T> = of.iter().filter(|_| self.percent(50)).cloned().collect();
        if taken.is_empty() && !of.is_empty() {
            taken.push(self.one(of));
        }
        taken
    }
}

/// A network under construction.
pub struct Draft {
    /// Where its numbers come from.
    pub seed: Seed,
    /// What is in it.
    pub objects: Objects,
}

impl Draft {
    /// Adds an object with an id, which is its name as well.
    pub fn add(&mut self, kind: &str, id: &str, mut attributes: Json) {
        attributes["id"] = json!(id);
        self.objects.push(Object::new(kind, id, attributes));
    }

    /// A name that nothing has yet.
    pub fn name(&self, prefix: &str) -> String {
        format!("{prefix}-{}", self.objects.len())
    }

    /// The ids of the objects of a type, of one VPC where they name one.
    pub fn ids(&self, kind: &str, vpc: &str) -> Vec<String> {
        let of =
            all(&self.objects, &[kind]).into_iter().filter(|o| vpc.is_empty() || text(&o.attributes, "vpc_id") == vpc);
        of.map(|object| text(&object.attributes, "id").to_owned()).collect()
    }

    /// An attribute of the object with an id.
    pub fn get(&self, id: &str, name: &str) -> String {
        let found = self.objects.iter().find(|object| text(&object.attributes, "id") == id);
        found.map_or(String::new(), |object| text(&object.attributes, name).to_owned())
    }

    /// The subnets of a VPC.
    pub fn subnets(&self, vpc: &str) -> Vec<String> {
        self.ids("aws_subnet", vpc)
    }

    /// The VPCs.
    pub fn vpcs(&self) -> Vec<String> {
        self.ids("aws_vpc", "")
    }
}

/// A network of one to three VPCs.
pub fn network(seed: &mut Seed) -> Objects {
    let mut draft = Draft { seed: seed.clone(), objects: Vec::new() };
    for index in 0..1 + draft.seed.below(3) {
        places(&mut draft, index);
    }
    links::add(&mut draft);
    filters::add(&mut draft);
    machines::add(&mut draft);
    routes::add(&mut draft);
    *seed = draft.seed;
    draft.objects
}

/// A VPC with its subnets and gateways.
fn places(draft: &mut Draft, index: usize) {
    let vpc = format!("vpc-{index}");
    let with_v6 = draft.seed.percent(40);
    draft.add(
        "aws_vpc",
        &vpc,
        json!({
            "cidr_block": format!("10.{index}.0.0/16"),
            "ipv6_cidr_block": if with_v6 { json!(format!("2001:db8:{index}00::/56")) } else { Json::Null },
            "default_network_acl_id": format!("acl-default-{index}"),
            "default_route_table_id": format!("rtb-default-{index}"),
            "main_route_table_id": format!("rtb-default-{index}"),
            "default_security_group_id": format!("sg-default-{index}"),
        }),
    );
    let secondary = draft.seed.percent(20);
    if secondary {
        let name = draft.name("assoc");
        draft.add(
            "aws_vpc_ipv4_cidr_block_association",
            &name,
            json!({"vpc_id": vpc, "cidr_block": format!("100.64.{index}.0/24")}),
        );
    }
    for part in 0..1 + draft.seed.below(3) {
        let zone = draft.seed.one(&["eu-west-2a", "eu-west-2b"]);
        let range = match part {
            2 if secondary => format!("100.64.{index}.0/25"),
            _ => format!("10.{index}.{part}.0/{}", draft.seed.one(&["24", "24", "27"])),
        };
        let v6 = with_v6 && draft.seed.percent(80);
        draft.add(
            "aws_subnet",
            &format!("subnet-{index}{part}"),
            json!({
                "vpc_id": vpc,
                "cidr_block": range,
                "ipv6_cidr_block": if v6 { json!(format!("2001:db8:{index}00:{part}::/64")) } else { Json::Null },
                "availability_zone": zone,
            }),
        );
    }
    if draft.seed.percent(75) {
        let attached = if draft.seed.percent(92) { json!(vpc) } else { Json::Null };
        draft.add("aws_internet_gateway", &format!("igw-{index}"), json!({"vpc_id": attached}));
    }
    if with_v6 && draft.seed.percent(60) {
        draft.add("aws_egress_only_internet_gateway", &format!("eigw-{index}"), json!({"vpc_id": vpc}));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::super::Answer;
    use super::super::asking::ask;
    use super::*;

    /// Each answer, each kind of object and each reason why a packet is dropped occurs often enough to be judged by.
    #[test]
    fn networks_and_questions_cover_what_there_is() {
        let (mut answers, mut kinds, mut reasons) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for number in 0..1500 {
            let mut seed = Seed(number);
            let objects = network(&mut seed);
            for object in &objects {
                *kinds.entry(object.kind.clone()).or_insert(0) += 1;
            }
            for question in questions(&objects, &mut seed, 4) {
                let (answer, why) = ask(&objects, &question);
                *answers.entry(answer).or_insert(0) += 1;
                *reasons.entry(sort(&why)).or_insert(0) += 1;
            }
        }
        let often = |answer| answers.get(&answer).copied().unwrap_or(0);
        assert!(often(Answer::Yes) > 600, "{answers:?}");
        assert!(often(Answer::May) > 50, "{answers:?}");
        assert!(often(Answer::No) > 600, "{answers:?}");
        for reason in REASONS {
            assert!(
                reasons.keys().any(|each| each.contains(reason)),
                "{reason:?} never occurs: {reasons:#?} {answers:?}"
            );
        }
        assert!(kinds.len() >= 45, "{kinds:#?}");
    }

    /// A reason without the names in it.
    fn sort(why: &str) -> String {
        why.split(' ').filter(|word| !word.contains(|c: char| c.is_ascii_digit())).collect::<Vec<_>>().join(" ")
    }

    const REASONS: [&str; 26] = [
        "delivered",
        "no group of",
        "lets it in",
        "lets it out",
        "the ACL of does not let it out",
        "the ACL of does not let it in",
        "the answer: the ACL of",
        "has no route to",
        "the answer: has no route to",
        "it goes round in circles",
        "nobody in has",
        "takes only answers",
        "only TCP, UDP and ICMP over",
        "a blackhole",
        "has no public address",
        "Block Public Access blocks it on the way out",
        "Block Public Access blocks it on the way in",
        "lets no answer out",
        "the answer: a NAT gateway does not send answers",
        "is not transitive",
        "has no internet gateway",
        "does not listen on",
        "goes through an appliance",
        "takes nothing that is for others",
        "no connection of leads to",
        "has no subnet in",
    ];

    /// Types without which no answer is another: they hold what others refer to, or what the walker does not follow.
    const INDIFFERENT: [&str; 4] = [
        "aws_customer_gateway",
        "aws_ec2_transit_gateway_route_table",
        "aws_lb_target_group",
        "aws_lb_target_group_attachment",
    ];

    /// Whoever does not look at a type at all is found out by one of these questions.
    #[test]
    fn every_type_changes_an_answer() {
        let (mut seen, mut matters) = (BTreeSet::new(), BTreeSet::new());
        let missing = |seen: &BTreeSet<String>, matters: &BTreeSet<String>| {
            let missing = seen.difference(matters).filter(|kind| !INDIFFERENT.contains(&kind.as_str()));
            missing.cloned().collect::<Vec<_>>()
        };
        for number in 5000..6000 {
            let mut seed = Seed(number);
            let objects = network(&mut seed);
            let open: BTreeSet<String> = objects.iter().map(|object| object.kind.clone()).collect();
            seen.extend(open.iter().cloned());
            for question in questions(&objects, &mut seed, 6) {
                let (answer, _) = ask(&objects, &question);
                for kind in open.iter().filter(|kind| !matters.contains(*kind)).cloned().collect::<Vec<_>>() {
                    let without: Objects = objects.iter().filter(|object| object.kind != kind).cloned().collect();
                    if ask(&without, &question).0 != answer {
                        matters.insert(kind);
                    }
                }
            }
            if number > 5100 && missing(&seen, &matters).is_empty() {
                break;
            }
        }
        assert!(missing(&seen, &matters).is_empty(), "{:?}", missing(&seen, &matters));
    }
}

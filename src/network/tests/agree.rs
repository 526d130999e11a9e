//! One pass to all destinations says the same as a question about each of them, whatever is not known.

use super::unknowns::variants;
use super::*;
use crate::network::space::{Packets, TCP};
use crate::network::{Answer, Destination, Model, Object, Source};

#[track_caller]
fn agrees(objects: &[Object]) {
    let model = Model::of(objects);
    let source_of = |address: &str| match address {
        "internet" => Source::Internet,
        "vpn" => Source::Vpn,
        address => Source::Object(address.into()),
    };
    let places = ["aws_instance", "aws_db_instance", "aws_lb", "aws_network_interface"];
    let mut ends: Vec<&str> =
        objects.iter().filter(|one| places.contains(&&*one.type_name)).map(|one| &*one.address).collect();
    ends.extend(["internet", "vpn"]);
    for from in &ends {
        let flows = model.flows(&source_of(from)).expect("it is in the network");
        for to in ends.iter().filter(|to| *to != from) {
            let destination = match source_of(to) {
                Source::Internet => Destination::Internet,
                Source::Vpn => Destination::Vpn,
                Source::Range(range) => Destination::Range(range),
                Source::Object(address) => Destination::Object(address),
                Source::Site(connection, addresses) => Destination::Site(connection, addresses),
            };
            for port in [80, 3306] {
                let asked = model.reach(&source_of(from), &destination, TCP, Some(port)).expect("both are").answer;
                let packets = Packets::with_ports(TCP, port, port);
                let mine = flows.iter().filter(|flow| *flow.destination == **to).map(|flow| {
                    match (flow.packets.sure.meets(&packets), flow.packets.may.meets(&packets)) {
                        (true, _) => Answer::Yes,
                        (false, true) => Answer::May,
                        (false, false) => Answer::No,
                    }
                });
                assert_eq!(mine.max().unwrap_or(Answer::No), asked, "{from} to {to} on {port}");
            }
        }
    }
}

#[test]
fn flows_agree_with_questions() {
    let networks = [
        outside::public(),
        ways::both_ways(),
        ways::joined(),
        ways::hybrid(true),
        inside::guarded(),
        served::shop(),
        served::shared_way_out(true),
    ];
    for objects in networks {
        agrees(&objects);
        for (at, object) in objects.iter().enumerate() {
            // One part of each object, a different one for each.
            let variants = variants(&object.attributes);
            let mut changed = objects.clone();
            let attributes = variants[1 + at % (variants.len() - 1)].clone();
            changed[at] = Object { attributes, ..object.clone() };
            agrees(&changed);
        }
    }
}

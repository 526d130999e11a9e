//! Whether a leg ends where the receiver is, and what is wrong with it if it does not.

use super::index::Link;
use super::interfaces::Shape;
use super::legs::{End, Leg};
use super::model::Model;
use super::nodes::Node;
use super::reach::Obstacle;

impl Model {
    /// Whether a leg ends where the receiver is.
    pub(super) fn arrives(&self, leg: &Leg, to: &Node, answer: bool) -> Result<(), Obstacle> {
        let last = leg.trail.steps.last().cloned().unwrap_or_else(|| "the network".into());
        let elsewhere = |why: String| Err(Obstacle { at: last.clone(), why });
        if answer && leg.trail.regional {
            return elsewhere("answers leave through it, under another address".to_owned());
        }
        let nat = to.interface().map(|at| &self.interfaces.all[at]).filter(|of| of.shape == Shape::Nat);
        if let (Some(nat), false, false) = (nat, answer, matches!(leg.end, End::Appliance | End::Dropped(_))) {
            return Err(Obstacle { at: nat.name.clone(), why: "a NAT gateway takes no connections".to_owned() });
        }
        let translated = leg.trail.nat.filter(|_| answer);
        if let (Some(nat), false) = (translated, matches!(leg.end, End::Dropped(_))) {
            let why = "answers leave through it, under another address".to_owned();
            return Err(Obstacle { at: self.interfaces.all[nat].name.clone(), why });
        }
        match (&leg.end, to) {
            (End::Dropped(obstacle), _) => Err(obstacle.clone()),
            (End::Unknown | End::Appliance, _) => Ok(()),
            (End::Local(vpc), Node::Interface(..) | Node::Place(..)) => match self.vpc_of(self.subnet_of(to)) {
                Some(own) if own == *vpc => Ok(()),
                Some(_) => elsewhere(format!("it leads into {}", self.places.vpcs[*vpc].name)),
                None => Ok(()),
            },
            (End::Internet, Node::Internet(_)) => Ok(()),
            (End::EgressOnly, Node::Internet(_)) if !answer => Ok(()),
            (End::EgressOnly, Node::Internet(_)) => elsewhere("it takes no connections from outside".to_owned()),
            (End::Site(site), Node::Site(other, _)) if self.same_site(*site, *other) => Ok(()),
            (End::Service(service), Node::Service(other, ..)) if service == other => Ok(()),
            (End::Local(vpc), _) => elsewhere(format!("it stays within {}", self.places.vpcs[*vpc].name)),
            (End::Internet | End::EgressOnly, _) => elsewhere("it leads to the Internet".to_owned()),
            (End::Site(_), _) => elsewhere("it leads to a VPN".to_owned()),
            (End::Service(_), _) => elsewhere("it leads to a service of AWS".to_owned()),
        }
    }

    /// Whether two VPN connections lead to one device.
    pub(super) fn same_site(&self, one: usize, other: usize) -> bool {
        let device = |at: usize| &self.doors.connections[at].device;
        let known = matches!(device(one), Link::To(..) | Link::Elsewhere(_));
        one == other || (known && device(one) == device(other))
    }
}

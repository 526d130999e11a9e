//! The ends of traffic: interfaces, addresses in a subnet, the Internet, sites.

use super::filters::group::Peers;
use super::filters::{Party, Ranges};
use super::model::Model;
use super::space::Addresses;
use std::sync::Arc;

/// One end of traffic.
#[derive(Debug, Clone)]
pub(super) enum Node {
    /// An interface with one of its addresses, or the set that its address is from.
    Interface(usize, Addresses),
    /// Addresses in a subnet, whoever has them.
    Place(usize, Addresses),
    /// Addresses of the Internet.
    Internet(Addresses),
    /// Addresses of the site behind a VPN connection.
    Site(usize, Ranges),
    /// A service behind a gateway endpoint, with its name and the addresses among which its own are.
    Service(usize, Option<Arc<str>>, Addresses),
}

impl Node {
    pub(super) fn addresses(&self) -> Addresses {
        match self {
            Node::Interface(_, addresses) | Node::Place(_, addresses) | Node::Internet(addresses) => addresses.clone(),
            Node::Site(_, ranges) => ranges.may.clone(),
            Node::Service(_, _, addresses) => addresses.clone(),
        }
    }

    pub(super) fn party(&self) -> Party {
        match self {
            Node::Interface(..) | Node::Place(..) => Party::one(self.addresses()),
            Node::Internet(_) | Node::Site(..) => Party::many(self.addresses()),
            Node::Service(_, service, addresses) => Party { service: service.clone(), ..Party::one(addresses.clone()) },
        }
    }

    pub(super) fn interface(&self) -> Option<usize> {
        match self {
            Node::Interface(at, _) => Some(*at),
            _ => None,
        }
    }

    pub(super) fn with(&self, addresses: Addresses) -> Node {
        match self {
            Node::Interface(at, _) => Node::Interface(*at, addresses),
            Node::Place(at, _) => Node::Place(*at, addresses),
            Node::Internet(_) => Node::Internet(addresses),
            Node::Service(at, service, _) => Node::Service(*at, service.clone(), addresses),
            Node::Site(site, ranges) => Node::Site(*site, ranges.within(&addresses)),
        }
    }
}

impl Model {
    pub(super) fn subnet_of(&self, node: &Node) -> Option<usize> {
        match node {
            Node::Interface(at, _) => self.interfaces.all[*at].subnet,
            Node::Place(subnet, _) => Some(*subnet),
            Node::Internet(_) | Node::Site(..) | Node::Service(..) => None,
        }
    }

    pub(super) fn peers(&self, node: &Node) -> Peers<'_> {
        match node {
            Node::Interface(at, _) => {
                let of = &self.interfaces.all[*at];
                Peers { groups: &of.groups, open: of.groups_open }
            }
            // Whoever has the address may have any group.
            Node::Place(..) => Peers { groups: &[], open: true },
            Node::Internet(_) | Node::Site(..) | Node::Service(..) => Peers::NONE,
        }
    }

    /// The groups that rules at the other end may name.
    pub(super) fn seen_groups(&self, node: &Node, private: bool, known: Option<bool>) -> Peers<'_> {
        let peers = self.peers(node);
        match (private, known) {
            (false, _) => Peers::NONE,
            (true, None) => Peers { groups: &[], open: peers.open || !peers.groups.is_empty() },
            (true, _) => peers,
        }
    }
}

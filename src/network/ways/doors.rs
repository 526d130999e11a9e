//! Gateways of a VPC and peerings: which is attached to which VPC, and whether public access is blocked.

use super::routes::{Door, PEERINGS};
use super::sites::{self, Connection, VPN};
use super::tables::{Table, Tables};
use crate::network::index::{Index, Link};
use crate::network::places::{Places, SUBNETS, VPCS};
use crate::network::read::{Fact, flag, text};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

const INTERNET: &str = "aws_internet_gateway";

/// A peering of two VPCs.
#[derive(Debug, Clone)]
pub(in crate::network) struct Peering {
    pub(in crate::network) ends: [Option<usize>; 2],
    /// Whether it carries traffic, if that is known.
    pub(in crate::network) active: Option<bool>,
    /// Whether rules may name groups of the other end: not across regions.
    pub(in crate::network) groups: Option<bool>,
}

/// How far public access is blocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::network) enum Access {
    /// Not at all.
    Open,
    /// Connections may only be made from inside.
    OutOnly,
    /// As before, and only through NAT gateways and egress-only gateways.
    NatOnly,
    /// Neither direction.
    Closed,
    /// Not known.
    Unknown,
}

/// All gateways and peerings.
#[derive(Debug, Default)]
pub(in crate::network) struct Doors {
    /// The VPC that each gateway is attached to; nothing if that is not known.
    attached: HashMap<usize, Option<usize>>,
    pub(in crate::network) peerings: HashMap<usize, Peering>,
    /// The VPN connections.
    pub(in crate::network) connections: Vec<Connection>,
    /// Which of them each VPN gateway sends to.
    pub(in crate::network) choosing: HashMap<Door, Table>,
    /// The setting that blocks public access, with its mode.
    block: Option<(Arc<str>, Fact<Arc<str>>)>,
    /// Exclusions of VPCs and subnets: whether both directions are allowed, if known.
    vpcs: HashMap<usize, Option<bool>>,
    subnets: HashMap<usize, Option<bool>>,
    /// Whether an exclusion may be of any VPC.
    anywhere: bool,
}

impl Doors {
    pub(in crate::network) fn of(index: &Index<'_>, places: &mut Places, tables: &mut Tables) -> Self {
        let mut doors = Doors::default();
        doors.attach(index, places);
        doors.peer(index, places);
        doors.block(index, places);
        doors.connections = sites::find(index, places);
        doors.choosing = sites::choosing(index, &doors.connections);
        sites::propagate(index, &doors, tables);
        doors
    }

    fn attach(&mut self, index: &Index<'_>, places: &mut Places) {
        for (at, object) in index.of(&[INTERNET, VPN, "aws_egress_only_internet_gateway"]) {
            match index.refers(&object.attributes, "vpc_id", &VPCS) {
                Link::Nothing => {}
                link => {
                    self.attached.insert(at, places.vpc(&link));
                }
            }
        }
        let attachments = [
            ("aws_internet_gateway_attachment", "internet_gateway_id", INTERNET),
            ("aws_vpn_gateway_attachment", "vpn_gateway_id", VPN),
        ];
        for (name, argument, gateway) in attachments {
            for (_, object) in index.of(&[name]) {
                let vpc = places.vpc(&index.refers(&object.attributes, "vpc_id", &VPCS));
                match index.refers(&object.attributes, argument, &[gateway]) {
                    Link::To(gateway, _) => {
                        self.attached.insert(gateway, vpc);
                    }
                    Link::Unknown => {
                        for (gateway, _) in index.of(&[gateway]) {
                            self.attached.entry(gateway).or_insert(None);
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// Whether a gateway is attached to a VPC, if that is known.
    pub(in crate::network) fn is_attached(&self, door: &Door, vpc: Option<usize>) -> Option<bool> {
        let Door::Listed(gateway) = door else { return None };
        match self.attached.get(gateway) {
            None => Some(false),
            Some(None) => None,
            Some(Some(attached)) => vpc.map(|vpc| vpc == *attached),
        }
    }

    /// The gateways of these that are, or may be, attached to a VPC.
    pub(in crate::network) fn attached_to(&self, vpc: usize) -> impl Iterator<Item = (usize, bool)> {
        let here = move |(gateway, attached): (&usize, &Option<usize>)| match attached {
            Some(attached) => (*attached == vpc).then_some((*gateway, true)),
            None => Some((*gateway, false)),
        };
        let mut all: Vec<(usize, bool)> = self.attached.iter().filter_map(here).collect();
        all.sort_unstable();
        all.into_iter()
    }

    fn peer(&mut self, index: &Index<'_>, places: &mut Places) {
        let accepted: HashSet<usize> = index
            .of(&["aws_vpc_peering_connection_accepter"])
            .filter(|(_, object)| {
                let of = &object.attributes;
                flag(of, "auto_accept").known() == Some(true) || text(of, "accept_status").known() == Some("active")
            })
            .filter_map(|(_, object)| index.refers(&object.attributes, "vpc_peering_connection_id", PEERINGS).object())
            .collect();
        for (at, object) in index.of(PEERINGS) {
            let attributes = &object.attributes;
            let mut end = |name: &str| places.vpc(&index.refers(attributes, name, &VPCS));
            let ends = [end("vpc_id"), end("peer_vpc_id")];
            let active = match text(attributes, "accept_status") {
                Fact::Known("active") => Some(true),
                // It is accepted by the same apply.
                _ if accepted.contains(&at) || flag(attributes, "auto_accept").known() == Some(true) => Some(true),
                Fact::Known("pending-acceptance" | "provisioning" | "initiating-request") => Some(false),
                Fact::Known(_) => Some(false),
                Fact::Absent | Fact::Unknown => None,
            };
            let groups = match (text(attributes, "region"), text(attributes, "peer_region")) {
                (_, Fact::Absent) => Some(true),
                (Fact::Known(own), Fact::Known(other)) => Some(own == other),
                _ => None,
            };
            self.peerings.insert(at, Peering { ends, active, groups });
        }
    }

    fn block(&mut self, index: &Index<'_>, places: &mut Places) {
        for (_, object) in index.of(&["aws_vpc_block_public_access_options"]) {
            let mode = text(&object.attributes, "internet_gateway_block_mode").read(|mode| Some(Arc::from(mode)));
            self.block = Some((object.address.clone(), mode));
        }
        for (_, object) in index.of(&["aws_vpc_block_public_access_exclusion"]) {
            let attributes = &object.attributes;
            let both = match text(attributes, "internet_gateway_exclusion_mode") {
                Fact::Known("allow-bidirectional") => Some(true),
                Fact::Known("allow-egress") => Some(false),
                _ => None,
            };
            let (vpc, subnet) =
                (index.refers(attributes, "vpc_id", &VPCS), index.refers(attributes, "subnet_id", &SUBNETS));
            self.anywhere |= vpc == Link::Unknown || subnet == Link::Unknown;
            if let Some(vpc) = places.vpc(&vpc) {
                self.vpcs.insert(vpc, both);
            }
            if let Some(subnet) = places.subnet(&subnet) {
                self.subnets.insert(subnet, both);
            }
        }
    }

    /// How far public access is blocked for a subnet, and by which setting.
    pub(in crate::network) fn access(&self, vpc: usize, subnet: Option<usize>) -> (Access, Option<Arc<str>>) {
        let Some((name, mode)) = &self.block else { return (Access::Open, None) };
        let excluded = subnet.and_then(|subnet| self.subnets.get(&subnet)).or_else(|| self.vpcs.get(&vpc));
        let access = match (mode, excluded) {
            (Fact::Known(mode), _) if &**mode == "off" => Access::Open,
            (_, Some(Some(true))) => Access::Open,
            (Fact::Unknown, _) | (_, Some(None)) => Access::Unknown,
            (Fact::Known(mode), Some(Some(false))) if &**mode == "block-bidirectional" => Access::OutOnly,
            (Fact::Known(mode), _) if self.anywhere && &**mode != "off" => Access::Unknown,
            (Fact::Known(mode), None) if &**mode == "block-bidirectional" => Access::Closed,
            (Fact::Known(mode), _) if &**mode == "block-ingress" => Access::NatOnly,
            (Fact::Absent, _) => Access::Open,
            _ => Access::Unknown,
        };
        (access, Some(name.clone()))
    }
}

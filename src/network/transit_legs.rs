//! Legs through transit gateways: into an attachment's subnet, by the attachment's table, out of another attachment.

use super::legs::{End, Leg, STEPS, Trail, shown};
use super::model::Model;
use super::space::Addresses;
use super::ways::routes::{Door, Target};
use super::ways::transit::{Attached, Attachment};

impl Model {
    /// From a subnet into a transit gateway.
    pub(super) fn enter_transit(
        &self,
        door: &Door,
        vpc: Option<usize>,
        to: &Addresses,
        mut trail: Trail,
        legs: &mut Vec<Leg>,
    ) {
        let name = self.door(door);
        trail.steps.push(name.clone());
        let here = |attachment: &&usize| {
            let attachment = &self.transit.attachments[**attachment];
            let gateway = attachment.gateway.as_ref().is_none_or(|gateway| gateway == door);
            let place = matches!(&attachment.attached, Attached::Vpc { vpc: of, .. } if of.is_none() || *of == vpc);
            gateway && place
        };
        let all: Vec<usize> = (0..self.transit.attachments.len()).collect();
        let found: Vec<usize> = all.iter().filter(here).copied().collect();
        let known = |at: &usize| {
            let attachment = &self.transit.attachments[*at];
            attachment.gateway.is_some() && matches!(attachment.attached, Attached::Vpc { vpc: Some(_), .. })
        };
        match found.iter().find(|at| known(at)) {
            Some(at) => self.pass_attachment(*at, to, trail, legs),
            None if !found.is_empty() || vpc.is_none() || matches!(door, Door::Elsewhere(_)) => {
                legs.push(Leg::unknown(to.clone(), trail, format!("the attachments of {name} are not known")));
            }
            None => legs.push(Leg::dropped(to.clone(), trail, &name, "the VPC is not attached to it")),
        }
    }

    /// Through the attachment's interface in the sender's zone.
    fn pass_attachment(&self, at: usize, to: &Addresses, mut trail: Trail, legs: &mut Vec<Leg>) {
        let attachment = &self.transit.attachments[at];
        let Attached::Vpc { subnets, open, .. } = &attachment.attached else { return };
        trail.steps.push(attachment.name.clone());
        let to = &match self.supported(attachment, to, &mut trail, legs) {
            Some(to) => to,
            None => return,
        };
        let zone_of = |subnet: &usize| self.places.subnets[*subnet].zone.clone();
        let zone = trail.at.as_ref().and_then(zone_of);
        let in_zone = subnets.iter().find(|subnet| zone.is_some() && zone_of(subnet) == zone).copied();
        let entry = match in_zone {
            Some(subnet) => subnet,
            None => {
                let unsure = *open || zone.is_none() || subnets.iter().any(|subnet| zone_of(subnet).is_none());
                match (unsure, zone, subnets.first()) {
                    (false, Some(zone), _) => {
                        let why = format!("it has no subnet in zone {zone}");
                        return legs.push(Leg::dropped(to.clone(), trail, &attachment.name, why));
                    }
                    (_, _, Some(subnet)) => {
                        if subnets.len() > 1 || *open {
                            trail.doubts.push(format!("the zones of {} are not all known", attachment.name));
                        }
                        *subnet
                    }
                    _ => {
                        let why = format!("the subnets of {} are not known", attachment.name);
                        return legs.push(Leg::unknown(to.clone(), trail, why));
                    }
                }
            }
        };
        // Both rules count, even where it is the sender's own subnet.
        trail.leave(Some(entry));
        self.pass_transit(at, to, trail, legs);
    }

    /// From an attachment on, by the table that it follows.
    pub(super) fn pass_transit(&self, at: usize, to: &Addresses, mut trail: Trail, legs: &mut Vec<Leg>) {
        let attachment = &self.transit.attachments[at];
        trail.groups = match (trail.groups, attachment.groups) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (None, _) | (_, None) => None,
            _ => Some(true),
        };
        trail.transit = true;
        self.pass_tables(at, &attachment.tables, to, trail, legs);
    }

    fn pass_tables(&self, at: usize, tables: &[usize], to: &Addresses, trail: Trail, legs: &mut Vec<Leg>) {
        let attachment = &self.transit.attachments[at];
        if tables.is_empty() {
            let why = "it follows no route table";
            return legs.push(Leg::dropped(to.clone(), trail, &attachment.name, why));
        }
        if trail.steps.len() > STEPS {
            return legs.push(Leg::dropped(to.clone(), trail, &attachment.name, "routes lead in a circle"));
        }
        for place in tables {
            let table = &self.transit.tables[*place];
            for choice in table.choices(to) {
                let mut trail = trail.clone();
                trail.steps.push(table.name.clone());
                if !choice.sure || tables.len() > 1 {
                    trail.fork(format!("not all routes of {} are known yet", table.name));
                }
                let to = choice.addresses;
                trail.routes.extend(choice.route.map(|route| (true, *place, route)));
                match choice.route.map(|route| &table.routes[route]) {
                    None => {
                        let why = format!("no route to {}", shown(&to));
                        legs.push(Leg::dropped(to, trail, &table.name, why));
                    }
                    Some(route) => match route.target {
                        Target::Attachment(next) => self.leave_transit(next, &to, trail, legs),
                        Target::Blackhole => legs.push(Leg::dropped(to, trail, &route.name, "it drops this traffic")),
                        _ => legs.push(Leg::unknown(to, trail, format!("the target of {} is not known", route.name))),
                    },
                }
            }
            if table.is_open() {
                let why = format!("not all routes of {} are known", table.name);
                legs.push(Leg::unknown(to.clone(), trail.clone(), why));
            }
        }
    }

    fn leave_transit(&self, at: usize, to: &Addresses, mut trail: Trail, legs: &mut Vec<Leg>) {
        let attachment = &self.transit.attachments[at];
        if trail.left.contains(&at) {
            return legs.push(Leg::dropped(to.clone(), trail, &attachment.name, "routes lead in a circle"));
        }
        trail.left.push(at);
        trail.steps.push(attachment.name.clone());
        let to = &match self.supported(attachment, to, &mut trail, legs) {
            Some(to) => to,
            None => return,
        };
        match &attachment.attached {
            Attached::Vpc { vpc: Some(_), subnets, open } => {
                let zone = trail.at.and_then(|subnet| self.places.subnets[subnet].zone.clone());
                let in_zone = |subnet: &&usize| zone.is_some() && self.places.subnets[**subnet].zone == zone;
                let near: Vec<usize> = subnets.iter().filter(in_zone).copied().collect();
                if subnets.is_empty() {
                    let why = format!("the subnets of {} are not known", attachment.name);
                    return legs.push(Leg::unknown(to.clone(), trail, why));
                }
                if near.is_empty() && *open {
                    trail.doubt(format!("{} may use another of its subnets", attachment.name));
                }
                // It stays in the zone where it can; else it takes any of the subnets, and so it does in appliance mode.
                let any = near.is_empty() || attachment.appliance != Some(false);
                let mut apart: Vec<usize> = Vec::new();
                for subnet in if any { subnets } else { &near } {
                    let alike = |other: &usize| {
                        self.acls.of_subnet[*other] == self.acls.of_subnet[*subnet]
                            && self.tables.of_subnet[*other] == self.tables.of_subnet[*subnet]
                            && !self.places.subnets[*other].holds().meets(to)
                            && !self.places.subnets[*subnet].holds().meets(to)
                    };
                    if !apart.iter().any(alike) {
                        apart.push(*subnet);
                    }
                }
                for subnet in apart {
                    let mut trail = trail.clone();
                    trail.at = Some(subnet);
                    trail.passing = true;
                    self.depart(Some(subnet), to, trail, legs);
                }
            }
            Attached::Site(site) => {
                trail.at = None;
                legs.push(Leg { to: to.clone(), end: End::Site(*site), trail });
            }
            Attached::Peer(ends) => self.reach_peer(at, ends, to, trail, legs),
            _ => legs.push(Leg::unknown(to.clone(), trail, format!("{} leads elsewhere", attachment.name))),
        }
    }

    /// Into the other transit gateway of a peering, where the peering is an attachment as well.
    fn reach_peer(&self, at: usize, ends: &[Option<Door>; 2], to: &Addresses, mut trail: Trail, legs: &mut Vec<Leg>) {
        let attachment = &self.transit.attachments[at];
        let table = trail.routes.iter().rev().find(|(transit, ..)| *transit).map(|(_, table, _)| *table);
        let here = table.and_then(|table| self.transit.gateway_of(table));
        let other = match (here, ends) {
            (Some(here), [Some(one), Some(other)]) if here == one => other,
            (Some(here), [Some(one), Some(other)]) if here == other => one,
            _ => return legs.push(Leg::unknown(to.clone(), trail, format!("{} leads elsewhere", attachment.name))),
        };
        if matches!(other, Door::Elsewhere(_)) {
            return legs.push(Leg::unknown(to.clone(), trail, format!("{} leads elsewhere", attachment.name)));
        }
        let tables: Vec<usize> =
            attachment.tables.iter().copied().filter(|at| self.transit.gateway_of(*at) == Some(other)).collect();
        trail.at = None;
        self.pass_tables(at, &tables, to, trail, legs);
    }

    /// The part that an attachment carries: not each carries IPv6.
    fn supported(
        &self,
        attachment: &Attachment,
        to: &Addresses,
        trail: &mut Trail,
        legs: &mut Vec<Leg>,
    ) -> Option<Addresses> {
        let v6 = to.and(&Addresses::v6());
        match attachment.v6 {
            Some(false) if !v6.is_empty() => {
                legs.push(Leg::dropped(v6, trail.clone(), &attachment.name, "it carries no IPv6"));
                Some(to.and(&Addresses::v4())).filter(|rest| !rest.is_empty())
            }
            None if !v6.is_empty() => {
                trail.doubt(format!("whether {} carries IPv6 is not known", attachment.name));
                Some(to.clone())
            }
            _ => Some(to.clone()),
        }
    }
}

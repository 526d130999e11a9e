//! Legs through transit gateways: into an attachment's subnet, by the attachment's table, out of another attachment.

use super::legs::{End, Leg, Site, Trail, shown};
use super::model::Model;
use super::space::Addresses;
use super::ways::routes::{Door, Target};
use super::ways::transit::Attached;

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
        if trail.passing {
            let why = "traffic from outside the VPC is not sent on without an interface that forwards it";
            return legs.push(Leg::dropped(to.clone(), trail, &name, why));
        }
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
        trail.groups = attachment.groups;
        if attachment.tables.is_empty() {
            let why = "it follows no route table";
            return legs.push(Leg::dropped(to.clone(), trail, &attachment.name, why));
        }
        for place in &attachment.tables {
            let table = &self.transit.tables[*place];
            for choice in table.choices(to) {
                let mut trail = trail.clone();
                trail.steps.push(table.name.clone());
                if !choice.sure || attachment.tables.len() > 1 {
                    trail.doubts.push(format!("not all routes of {} are known yet", table.name));
                }
                let to = choice.addresses;
                trail.routes.extend(choice.route.map(|route| (true, *place, route)));
                match choice.route.map(|route| &table.routes[route]) {
                    None => {
                        let why = format!("no route to {}", shown(&to));
                        legs.push(Leg::dropped(to, trail, &table.name, why));
                    }
                    Some(route) => match route.target {
                        Target::Attachment(next) => self.leave_transit(at, next, &to, trail, legs),
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

    fn leave_transit(&self, from: usize, at: usize, to: &Addresses, mut trail: Trail, legs: &mut Vec<Leg>) {
        let attachment = &self.transit.attachments[at];
        if from == at || trail.passed(&attachment.name) {
            return legs.push(Leg::dropped(to.clone(), trail, &attachment.name, "routes lead in a circle"));
        }
        trail.steps.push(attachment.name.clone());
        match &attachment.attached {
            Attached::Vpc { vpc: Some(_), subnets, open } => {
                let zone = trail.at.and_then(|subnet| self.places.subnets[subnet].zone.clone());
                let in_zone = |subnet: &&usize| zone.is_some() && self.places.subnets[**subnet].zone == zone;
                let Some(subnet) = subnets.iter().find(in_zone).or(subnets.first()).copied() else {
                    let why = format!("the subnets of {} are not known", attachment.name);
                    return legs.push(Leg::unknown(to.clone(), trail, why));
                };
                let alike = |other: &usize| {
                    self.acls.of_subnet[*other] == self.acls.of_subnet[subnet]
                        && self.tables.of_subnet[*other] == self.tables.of_subnet[subnet]
                };
                if !subnets.iter().any(|subnet| in_zone(&subnet)) && (*open || !subnets.iter().all(alike)) {
                    trail.doubts.push(format!("{} may use another of its subnets", attachment.name));
                }
                trail.at = Some(subnet);
                trail.passing = true;
                self.depart(Some(subnet), to, trail, legs);
            }
            Attached::Site(site) => {
                let (sure, may) = (to.and(&site.sure), to.and(&site.may).minus(&site.sure));
                let rest = to.minus(&site.sure).minus(&site.may);
                if !rest.is_empty() {
                    let why = format!("the site has no route for {}", shown(&rest));
                    legs.push(Leg::dropped(rest, trail.clone(), &attachment.name, why));
                }
                trail.at = None;
                let end = || End::Site(Site::Attachment(at));
                if !may.is_empty() {
                    let mut trail = trail.clone();
                    trail.doubts.push(format!("the site behind {} announces its routes itself", attachment.name));
                    legs.push(Leg { to: may, end: end(), trail });
                }
                if !sure.is_empty() {
                    legs.push(Leg { to: sure, end: end(), trail });
                }
            }
            _ => legs.push(Leg::unknown(to.clone(), trail, format!("{} leads elsewhere", attachment.name))),
        }
    }
}

//! One address: whose it is, and whether it is reached, privately or around through the Internet.

use super::attempt::Pass;
use super::interfaces::{Interface, Public};
use super::legs::{End, Leg};
use super::model::Model;
use super::nodes::Node;
use super::reach::{Answer, Ends, Obstacle, Reach, family};
use super::space::{Addresses, Ip, Packets};
use std::sync::Arc;

impl Model {
    /// The interfaces that have this private address.
    pub(super) fn holders(&self, address: Ip) -> Vec<Ends> {
        let has = |at: &usize| {
            let of = &self.interfaces.all[*at];
            of.addresses.iter().any(|one| one.single() == Some(address))
        };
        let found = (0..self.interfaces.all.len()).filter(has);
        found
            .map(|at| {
                let of = &self.interfaces.all[at];
                self.all_of(of.name.clone(), vec![Node::Interface(at, Addresses::one(address))])
            })
            .collect()
    }

    /// Whether one address is reached: an address is that of an object, or nobody's.
    pub(super) fn reach_address(&self, froms: &[Ends], address: Ip, packets: &Packets) -> Reach {
        let one = Addresses::one(address);
        let mut found: Vec<Reach> = Vec::new();
        // The Internet knows no private address.
        let inside = |ends: &&Ends| {
            address.is_v6() || !matches!(ends.interfaces[..], [ref all] if matches!(all[..], [Node::Internet(_)]))
        };
        let near: Vec<Ends> = froms.iter().filter(inside).cloned().collect();
        found.extend(self.reach_any(&near, &self.holders(address), packets));
        let public = if address.is_v6() { None } else { self.reach_public(froms, address, packets) };
        let ours = public.is_some() || self.regional.values().any(|all| all.contains(address));
        found.extend(public);
        if !ours && !address.is_v6() {
            found.extend(self.reach_unknown_public(froms, address, packets));
        }
        let mut tos: Vec<Ends> = Vec::new();
        let mut services: Vec<usize> = self.services.keys().copied().collect();
        services.sort_unstable();
        for at in services {
            let service = &self.services[&at];
            if service.addresses.contains(address) {
                let node = Node::Service(at, service.service.clone(), one.clone());
                tos.push(self.all_of(self.names[at].clone(), vec![node]));
            }
        }
        let inside = self.places.subnets.iter().any(|subnet| subnet.holds().contains(address));
        if inside {
            // A site may have the same addresses as a VPC.
            tos.extend(self.sites_in(&one));
        } else if !ours {
            // Within a subnet, an address is an interface's or nobody's.
            tos.extend(self.ends_in(&one));
        }
        found.extend(self.reach_any(froms, &tos, packets));
        if inside {
            found.extend(self.reach_any(&near, &self.drifting(&one), packets).map(|mut reach| {
                reach.answer = reach.answer.min(Answer::May);
                reach
            }));
        }
        found.extend(self.reach_beyond(froms, &one, packets));
        let best = found.into_iter().reduce(|best, next| if next.answer > best.answer { next } else { best });
        best.unwrap_or_else(|| match inside {
            true => Reach {
                answer: Answer::No,
                path: Vec::new(),
                doubts: Vec::new(),
                obstacles: vec![Obstacle {
                    at: "network".into(),
                    why: format!("nothing has the address {}", super::legs::shown(&one)),
                }],
                rules: Vec::new(),
            },
            false => self.nobody(),
        })
    }

    /// The interfaces whose address is not known yet and may be this one.
    fn drifting(&self, address: &Addresses) -> Vec<Ends> {
        // Within a VPC nobody else has an address that somebody has.
        let has = |of: &Interface| of.addresses.iter().any(|one| one == address);
        let taken: Vec<Option<usize>> =
            self.interfaces.all.iter().filter(|of| has(of)).map(|of| self.vpc_of(of.subnet)).collect();
        let may = |at: &usize| {
            let of = &self.interfaces.all[*at];
            let free = match self.vpc_of(of.subnet) {
                None => taken.is_empty(),
                vpc => !taken.contains(&vpc),
            };
            free && of.addresses.iter().any(|one| one.single().is_none() && one.covers(address))
        };
        let found = (0..self.interfaces.all.len()).filter(may);
        found
            .map(|at| {
                let of = &self.interfaces.all[at];
                self.all_of(of.name.clone(), vec![Node::Interface(at, address.clone())])
            })
            .collect()
    }

    /// To a public address of an interface: out to the Internet, and in again.
    fn reach_public(&self, froms: &[Ends], address: Ip, packets: &Packets) -> Option<Reach> {
        let has = |at: &usize| self.interfaces.all[*at].publics().any(|(public, _)| public == Some(address));
        let at = (0..self.interfaces.all.len()).find(has)?;
        Some(self.reach_interface(froms, at, address, packets))
    }

    /// To an interface by its public address, whether it surely has that one or may have it.
    fn reach_interface(&self, froms: &[Ends], at: usize, address: Ip, packets: &Packets) -> Reach {
        let of = &self.interfaces.all[at];
        let private = of.publics().find(|(public, _)| *public == Some(address)).and_then(|(_, own)| own.cloned());
        let nodes = self.nodes(at).into_iter().filter(|node| match &private {
            Some(private) => node.addresses() == *private,
            None => !node.addresses().meets(&Addresses::v6()),
        });
        let to = self.all_of(of.name.clone(), nodes.take(1).collect());
        let mut best: Option<Reach> = None;
        for from in froms {
            let reach = self.around(from, address, &to, packets);
            if best.as_ref().is_none_or(|best| reach.answer > best.answer) {
                best = Some(reach);
            }
        }
        best.unwrap_or_else(|| self.nobody())
    }

    /// To the interfaces whose public address is not known and may be this one.
    fn reach_unknown_public(&self, froms: &[Ends], address: Ip, packets: &Packets) -> Option<Reach> {
        let of_service = self.services.values().any(|service| service.addresses.contains(address));
        if of_service || !Addresses::internet().contains(address) {
            return None;
        }
        let may = |at: &usize| {
            let of = &self.interfaces.all[*at];
            of.public == Public::May || of.publics().any(|(public, _)| public.is_none())
        };
        let each = (0..self.interfaces.all.len()).filter(may);
        let each = each.map(|at| self.reach_interface(froms, at, address, packets)).map(|mut reach| {
            if reach.answer == Answer::Yes {
                reach.answer = Answer::May;
                reach.doubts.push("who has this address is not known".to_owned());
            }
            reach
        });
        each.filter(|reach| reach.answer == Answer::May).take(1).next()
    }

    /// Out of one end to a public address, and from the Internet to its interface.
    fn around(&self, from: &Ends, address: Ip, to: &Ends, packets: &Packets) -> Reach {
        let one = Addresses::one(address);
        if let [nodes] = &from.interfaces[..]
            && let [Node::Internet(_)] = &nodes[..]
        {
            let from = [self.all_of(from.name.clone(), nodes.clone())];
            return self.reach_any(&from, std::slice::from_ref(to), packets).unwrap_or_else(|| self.nobody());
        }
        let outside = [self.all_of("internet".into(), vec![Node::Internet(one.clone())])];
        let same = [from.clone()];
        let out = self.reach_any(&same, &outside, packets).unwrap_or_else(|| self.nobody());
        if out.answer == Answer::No {
            return out;
        }
        let sender = self.seen_outside(from, &one);
        let known = !sender.is_empty();
        // AWS gives nobody an address of its services.
        let others = self
            .services
            .values()
            .fold(Addresses::internet().and(&Addresses::v4()), |all, service| all.minus(&service.addresses));
        let seen = if known { sender } else { others };
        let back = [self.all_of("internet".into(), vec![Node::Internet(seen)])];
        let mut home = self.reach_any(&back, std::slice::from_ref(to), packets).unwrap_or_else(|| self.nobody());
        if home.answer != Answer::No {
            let mut path: Vec<Arc<str>> = out.path;
            path.extend(home.path);
            path.dedup();
            home.path = path;
            home.answer = home.answer.min(out.answer);
            if !self.all_reach(&back[0], to, packets) {
                home.answer = home.answer.min(Answer::May);
            }
            home.doubts.extend(out.doubts);
        }
        home
    }

    /// Whether every address of an end reaches another end.
    fn all_reach(&self, from: &Ends, to: &Ends, packets: &Packets) -> bool {
        let pass = Pass::default();
        let pairs =
            from.interfaces.iter().flatten().flat_map(|one| to.interfaces.iter().flatten().map(move |to| (one, to)));
        pairs.into_iter().any(|(one, other)| {
            let legs = self.legs_between(one, other, false, &pass);
            let passed = self.between(one, other, &legs, &pass).passed.sure.and(packets);
            passed.addresses().covers(&one.addresses())
        })
    }

    /// Through an instance that forwards, an address may be reached that nothing here has.
    fn reach_beyond(&self, froms: &[Ends], address: &Addresses, packets: &Packets) -> Option<Reach> {
        if !family(packets).covers(address) {
            return None;
        }
        let pass = Pass::default();
        let to = Node::Internet(address.clone());
        for from in froms {
            for node in from.interfaces.iter().flatten().filter(|node| !matches!(node, Node::Internet(_))) {
                let legs = self.legs_between(node, &to, false, &pass);
                let legs: Vec<Leg> =
                    legs.iter().filter(|leg| matches!(leg.end, End::Appliance | End::Unknown)).cloned().collect();
                let attempt = self.between(node, &to, &legs, &pass);
                if attempt.passed.may.meets(packets) {
                    let mut path = vec![from.name.clone()];
                    path.extend(self.path(&attempt, Some(packets)));
                    let rules = self.rules(&attempt, packets);
                    let (answer, doubts) = (Answer::May, attempt.doubts);
                    return Some(Reach { answer, path, doubts, obstacles: Vec::new(), rules });
                }
            }
        }
        None
    }

    /// The public addresses by which the Internet sees an end, if they are known.
    fn seen_outside(&self, from: &Ends, to: &Addresses) -> Addresses {
        let pass = Pass::default();
        let mut seen = Addresses::default();
        for node in from.interfaces.iter().flatten() {
            let outside = Node::Internet(to.clone());
            for leg in self.legs_between(node, &outside, false, &pass).iter().filter(|leg| leg.end == End::Internet) {
                let sender = leg.trail.nat.or(node.interface()).map(|at| &self.interfaces.all[at]);
                let own = node.addresses();
                if leg.trail.regional {
                    let named = leg.trail.steps.iter().filter_map(|name| self.regional.get(name));
                    seen = named.fold(seen, |all, one| all.union(one));
                    continue;
                }
                let publics = sender.into_iter().flat_map(|sender| sender.publics());
                for (public, private) in publics {
                    if leg.trail.nat.is_some() || private.is_none_or(|private| *private == own) {
                        seen = public.map_or(seen.clone(), |public| seen.union(&Addresses::one(public)));
                    }
                }
            }
        }
        seen
    }
}

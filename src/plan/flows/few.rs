//! The lines stay few: what is alike is put together, and what another line says already is left out.

use super::ask::{End, Pair};
use super::{Judgement, words};
use crate::network::space::Packets;
use crate::plan::change::StepId;
use crate::plan::service_impact::{FlowSummary, Interruption};
use std::collections::{BTreeMap, BTreeSet};

/// What is said of a pair of ends.
#[derive(Debug)]
pub struct Said<T> {
    /// The pair.
    pub pair: Pair,
    /// Whether its traffic leaves for the Internet and comes back from there.
    pub around: bool,
    /// The packets that the line is about.
    pub packets: Packets,
    /// The line.
    pub line: T,
}

/// All that is said of pairs.
#[derive(Debug, Default)]
pub struct Lines {
    /// Of flows that stay.
    pub flows: Vec<Said<FlowSummary>>,
    /// Of others.
    pub losses: Vec<Said<Interruption>>,
}

impl Lines {
    /// What is left of them, with what is said of no pair.
    pub fn put_together(self, others: Vec<Interruption>) -> Judgement {
        let flows = without_echoes(self.flows, |a, b| {
            let steps = |flow: &FlowSummary| flow.steps.iter().copied().collect::<BTreeSet<StepId>>();
            a.leaves_by.is_none() && steps(a).is_subset(&steps(b))
        });
        let mut losses = without_echoes(self.losses, |a, b| a.step == b.step && words::alike(a, b));
        losses.extend(others);
        Judgement { flows: of_blocks(flows), losses: each_once(losses) }
    }
}

/// Leaves out what another line says: a way to a balancer where a way through it is named, and a way around by the
/// Internet where one of its halves is.
fn without_echoes<T>(said: Vec<Said<T>>, same: impl Fn(&T, &T) -> bool) -> Vec<T> {
    let echoes = |a: &Said<T>| {
        let others = said.iter().filter(|b| {
            let through = b.pair.from == a.pair.from && b.pair.balancer.map(End::At) == Some(a.pair.to);
            let out = b.pair == Pair::direct(a.pair.from, End::Internet);
            let in_again = b.pair == Pair { from: End::Internet, ..a.pair };
            ((through && !a.pair.served) || (a.around && (out || in_again))) && same(&a.line, &b.line)
        });
        let all = others.fold(Packets::default(), |all, b| all.union(&b.packets.without_addresses()));
        all.covers(&a.packets.without_addresses())
    };
    let kept: Vec<bool> = said.iter().map(|a| !echoes(a)).collect();
    said.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|(said, _)| said.line).collect()
}

/// Puts together the flows of the members of one block.
fn of_blocks(flows: Vec<FlowSummary>) -> Vec<FlowSummary> {
    let mut all: BTreeMap<[String; 3], Vec<FlowSummary>> = BTreeMap::new();
    for flow in flows {
        let key = [flow.from.clone(), flow.to.clone(), flow.what.clone()];
        let alike = all.entry(key).or_default();
        match alike.iter_mut().find(|known| {
            (&known.through, &known.leaves_by, known.whole) == (&flow.through, &flow.leaves_by, flow.whole)
        }) {
            Some(known) => {
                known.steps.extend(flow.steps);
                known.steps.sort_unstable();
                known.steps.dedup();
            }
            None => alike.push(flow),
        }
    }
    all.into_values().flatten().collect()
}

/// Says each loss once, where it comes first.
fn each_once(all: Vec<Interruption>) -> Vec<Interruption> {
    let mut losses: Vec<Interruption> = Vec::new();
    for loss in all {
        match losses.iter_mut().find(|known| words::same(known, &loss)) {
            Some(known) if loss.step < known.step => *known = loss,
            Some(_) => {}
            None => losses.push(loss),
        }
    }
    losses.sort_by_key(|loss| loss.step);
    losses
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::space::TCP;

    const WEB: End = End::At(0);
    const FRONT: End = End::At(1);

    /// What is left of flows with the steps that bear on them.
    fn left(flows: &[(Pair, bool, u16, &[StepId])]) -> Vec<String> {
        let name = |end| match end {
            WEB => "web",
            FRONT => "front",
            _ => "internet",
        };
        let said = |(pair, around, port, steps): &(Pair, bool, u16, &[StepId])| Said {
            pair: *pair,
            around: *around,
            packets: Packets::with_ports(TCP, *port, *port),
            line: FlowSummary {
                from: name(pair.from).into(),
                through: pair.balancer.map(|_| "front".into()),
                to: name(pair.to).into(),
                what: format!("tcp/{port}"),
                steps: steps.to_vec(),
                leaves_by: None,
                whole: true,
            },
        };
        let lines = Lines { flows: flows.iter().map(said).collect(), losses: Vec::new() };
        let line = |flow: &FlowSummary| {
            let through = flow.through.as_ref().map_or(String::new(), |by| format!(" by {by}"));
            format!("{} to {}{through} {} {:?}", flow.from, flow.to, flow.what, flow.steps)
        };
        lines.put_together(Vec::new()).flows.iter().map(line).collect()
    }

    fn served(from: End) -> Pair {
        Pair { from, to: WEB, served: true, balancer: Some(1) }
    }

    #[test]
    fn a_way_through_a_balancer_says_the_way_to_it() {
        let to_balancer = Pair::direct(End::Internet, FRONT);
        let through = (served(End::Internet), false, 80, &[1, 2][..]);
        assert_eq!(left(&[(to_balancer, false, 80, &[1]), through]), ["internet to web by front tcp/80 [1, 2]"]);
        // Of another port, and in another step, it says nothing.
        assert_eq!(left(&[(to_balancer, false, 443, &[1]), through]).len(), 2);
        assert_eq!(left(&[(to_balancer, false, 80, &[3]), through]).len(), 2);
    }

    #[test]
    fn a_way_around_by_the_internet_is_said_by_its_halves() {
        let through = (served(End::Internet), false, 80, &[1][..]);
        assert_eq!(left(&[(served(WEB), true, 80, &[1]), through]), ["internet to web by front tcp/80 [1]"]);
        assert_eq!(left(&[(served(WEB), false, 80, &[1]), through]).len(), 2);
    }

    #[test]
    fn flows_of_one_block_are_one_line() {
        let flow = |steps: &'static [StepId]| (served(End::Internet), false, 80, steps);
        assert_eq!(left(&[flow(&[3, 1]), flow(&[2, 1])]), ["internet to web by front tcp/80 [1, 2, 3]"]);
    }
}

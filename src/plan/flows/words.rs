//! The words for flows.

use super::ask::End;
use super::names::Names;
use super::pairs::Flow;
use crate::network::space::{Addresses, Packets};
use crate::plan::service_impact::{Interruption, InterruptionReason};

/// The cure of a flow that no order keeps.
pub const REORDER: &str =
    "Let the new setting exist beside the old one first, and take the old one away in a second plan.";
/// The cure of a flow that is cut off between two calls of one step.
pub const IN_TWO: &str =
    "Add the new entries under numbers that are free, and take the old ones away in a second plan.";
/// The cure of a flow that opens in between.
pub const CLOSE_FIRST: &str = "Make the setting that closes it in a first plan, and the rest in a second one.";
/// The cure of a flow that the layout ends.
pub const KEEP: &str =
    "Keep the setting that lets it through, or take its sender or receiver out of the layout as well.";

/// Protocols and ports, and from where if that is not everywhere.
pub fn packets(flow: &Flow, packets: &Packets) -> String {
    const MOST: usize = 4;
    let services = packets.services();
    let parts: Vec<&str> = services.split(", ").collect();
    let text = match parts.len() > MOST {
        true => format!("{} and more", parts[..MOST].join(", ")),
        false => services,
    };
    let outside = matches!(flow.pair.from, End::Internet | End::Vpn);
    let from = packets.addresses();
    let everywhere = from.covers(&Addresses::internet().and(&Addresses::v4())) || from.covers(&Addresses::v4());
    match outside && !everywhere && from.ranges().count() < MOST {
        true => format!("{text} from {from}"),
        false => text,
    }
}

/// A flow in words, such as `web → db tcp/3306`.
pub fn flow(flow: &Flow, lost: &Packets, names: &Names<'_>) -> String {
    let ends = [Some(names.of_end(flow.pair.from)), names.of_balancer(flow.pair), Some(names.of_end(flow.pair.to))];
    let way: Vec<String> = ends.into_iter().flatten().collect();
    format!("{} {}", way.join(" → "), packets(flow, lost))
}

/// Whether two interruptions say the same.
pub fn same(a: &Interruption, b: &Interruption) -> bool {
    let text = |loss| fate(loss).map(|(_, flow)| flow);
    alike(a, b) && text(a) == text(b)
}

/// Whether two interruptions say the same of different flows.
pub fn alike(a: &Interruption, b: &Interruption) -> bool {
    let kind = |loss| fate(loss).map(|(kind, _)| kind);
    kind(a).is_some() && kind(a) == kind(b)
}

/// What happens to which flow.
fn fate(loss: &Interruption) -> Option<(&'static str, &str)> {
    match &loss.reason {
        InterruptionReason::FlowLost { flow, .. } => Some(("lost", flow)),
        InterruptionReason::FlowOpens { flow, .. } => Some(("opens", flow)),
        InterruptionReason::FlowEnds { flow } => Some(("ends", flow)),
        _ => None,
    }
}

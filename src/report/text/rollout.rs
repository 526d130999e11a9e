//! Where a rollout that stopped has got to: which members are new, which are not healthy, which are old.

use crate::plan::change::{Op, Plan};
use crate::value::address::Address;
use std::collections::BTreeMap;

/// A line for each group of members that has not come to its end, by what was done and what failed.
pub fn rollout(plan: &Plan, done: &[(Address, Op)], failed: &[(Address, Op)]) -> Vec<String> {
    let mut groups: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
    for wave in &plan.promise.waves {
        groups.entry(&wave.of).or_default().extend(&wave.members);
    }
    let has =
        |all: &[(Address, Op)], member: &str, op: Op| all.iter().any(|(a, o)| *o == op && a.to_string() == member);
    let waits = |member: &str| {
        plan.steps.iter().any(|s| s.op == Op::Wait && plan.changes[s.change].address.to_string() == member)
    };
    let mut lines = Vec::new();
    for (of, members) in groups {
        let (mut new, mut unhealthy, mut old) = (Vec::new(), Vec::new(), Vec::new());
        for member in members {
            let proved = if waits(member) { Op::Wait } else { Op::Delete };
            let place = if has(failed, member, Op::Wait) {
                &mut unhealthy
            } else if has(done, member, proved) {
                &mut new
            } else {
                &mut old
            };
            place.push(member.as_str());
        }
        if unhealthy.is_empty() && old.is_empty() {
            continue;
        }
        let part = |what: &str, all: Vec<&str>| (!all.is_empty()).then(|| format!("{what}: {}", all.join(", ")));
        let parts = [part("new", new), part("new but not healthy", unhealthy), part("still old", old)];
        lines.push(format!("Rollout of {of}: {}", parts.into_iter().flatten().collect::<Vec<_>>().join("; ")));
    }
    lines
}

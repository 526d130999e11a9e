//! The story of one member: the steps that it goes through, in order, with what each waits for.

use super::Schemas;
use crate::plan::change::{Action, Op, Plan, Step};
use crate::plan::service_impact::{Health, Wait};
use crate::schema::Role;
use crate::value::address::Address;

/// The story of the instance at `address`; nothing when the plan does nothing to it.
pub fn story(plan: &Plan, address: &Address, schemas: Schemas<'_>) -> Option<String> {
    let concerns = |step: &Step| {
        let change = &plan.changes[step.change];
        change.address == *address || change.depends_on.contains(address)
    };
    let steps: Vec<(usize, &Step)> = plan.steps.iter().enumerate().filter(|(_, s)| concerns(s)).collect();
    if steps.is_empty() {
        return None;
    }
    let text = address.to_string();
    let wave = plan.promise.waves.iter().find(|w| w.members.contains(&text));
    let mut out = match wave {
        Some(w) => format!("{text}, in wave {} of {} of {}:\n", w.number, w.total, w.of),
        None => format!("{text}:\n"),
    };
    let width = plan.steps.len().to_string().len();
    for (id, step) in steps {
        out.push_str(&format!("  step {:width$}  {}\n", id + 1, reported(plan, step, schemas)));
    }
    Some(out)
}

fn reported(plan: &Plan, step: &Step, schemas: Schemas<'_>) -> String {
    let change = &plan.changes[step.change];
    let (new, old) = if change.action.is_replace() { ("the new ", "the old ") } else { ("", "") };
    let address = &change.address;
    match (step.op, &step.wait) {
        (Op::Create, _) => format!("creates {new}{address}"),
        (Op::Update, _) => format!("changes {address}"),
        (Op::Delete, _) => format!("deletes {}{address}", if change.deposed.is_some() { "the old " } else { old }),
        (Op::Read, _) => format!("reads {address}"),
        (Op::Record, _) if change.action == Action::Forget => format!("forgets {address}"),
        (Op::Record, _) => format!("records {address}"),
        (Op::Wait, Some(Wait::Drained { most })) => format!("waits until {old}{address} is drained, at most {most} s"),
        (Op::Wait, Some(Wait::Healthy { by, bake, timeout })) => {
            let by = match by {
                Health::Targets(_) => "its target group reports it healthy",
                Health::Status => "its status checks pass",
                Health::Scaling(_) => "all members of the group are healthy",
            };
            let bake = if *bake > 0 { format!(", and stays so for {bake} s") } else { String::new() };
            format!("waits until {by}, at most {timeout} s{bake}")
        }
        (Op::Wait, Some(Wait::Others { least, timeout, .. })) => {
            format!("waits until {least} of the other members are healthy, at most {timeout} s")
        }
        (Op::Reroute, _) => {
            let through = step.detour.as_deref().unwrap_or("another gateway");
            let resource = &address.resource;
            match schemas(resource.mode, &resource.type_name).and_then(|schema| schema.role) {
                Some(Role::Route(_)) => format!("leads {address} through {through}"),
                _ => format!("adds {through} to {address}, without requests yet"),
            }
        }
        (Op::Wait, None) => format!("waits for {address}"),
    }
}

//! The words of a plan: what it comes to, what becomes of an object, and why.

use crate::plan::change::{Action, Change, OutputChange, Plan, Reason, Summary};
use crate::report::marks::{Marks, PLAIN};
use crate::report::parts::object;
use crate::value::address::InstanceKey;

/// The plan as a whole, in one line.
pub fn summary(plan: &Plan) -> String {
    if plan.meta.refresh_only {
        return match plan.has_changes() {
            true => "Only the state changes: it takes over what is different. AWS is not changed.".into(),
            false => "No changes. The state matches AWS.".into(),
        };
    }
    if !plan.has_changes() && plan.changes.iter().all(|c| c.action != Action::Read) {
        return match (plan.meta.destroy, plan.meta.refreshed) {
            (true, _) => "No changes. There is nothing to destroy.".into(),
            (false, true) => "No changes. The layout matches AWS.".into(),
            (false, false) => "No changes. The layout matches the stored state; AWS was not read.".into(),
        };
    }
    let s = plan.summary();
    if s == Summary::default() {
        return if plan.outputs.iter().any(OutputChange::changes) {
            "Only outputs change. AWS is not changed.".into()
        } else {
            "Nothing in AWS changes; data sources are read during apply.".into()
        };
    }
    format!("Plan: {}.", counts(&s))
}

/// The counts of a plan, or of several, in one line.
pub fn counts(s: &Summary) -> String {
    let extra = [(s.import, "import"), (s.moved, "move"), (s.forget, "forget")];
    let always = [(s.create, "add"), (s.update, "change"), (s.replace, "replace"), (s.delete, "destroy")];
    let parts = extra.into_iter().filter(|(n, _)| *n > 0).chain(always);
    let parts: Vec<String> = parts.map(|(n, what)| format!("{n} to {what}")).collect();
    parts.join(", ")
}

/// The result of an apply, in one line.
pub fn applied(s: &Summary) -> String {
    let extra = [(s.import, "imported"), (s.moved, "moved"), (s.forget, "forgotten")];
    let always = [(s.create, "added"), (s.update, "changed"), (s.replace, "replaced"), (s.delete, "destroyed")];
    let parts = extra.into_iter().filter(|(n, _)| *n > 0).chain(always);
    let parts: Vec<String> = parts.map(|(n, what)| format!("{n} {what}")).collect();
    format!("Apply complete: {}.", parts.join(", "))
}

/// Whether a reader needs to see it.
pub fn is_visible(change: &Change) -> bool {
    change.action != Action::NoOp || change.moved_from.is_some() || change.importing.is_some()
}

/// The action, and below it its reason, a line each.
pub fn heading(change: &Change) -> Vec<String> {
    let (first, reasons) = marked_heading(change, PLAIN);
    [first].into_iter().chain(reasons.into_iter().map(|reason| format!("({reason})"))).collect()
}

/// The action, and its reasons.
pub fn marked_heading(change: &Change, marks: Marks) -> (String, Vec<String>) {
    let name = object(change, marks);
    let mut reasons = Vec::new();
    let from = change.moved_from.as_ref().map(|from| (marks.name)(&from.to_string()));
    let done = match change.action {
        Action::NoOp => match (&change.importing, &from) {
            (Some(_), _) => "will be imported".into(),
            (None, Some(_)) => String::new(),
            (None, None) => "stays as it is".into(),
        },
        Action::Create => "will be created".into(),
        Action::Read => "will be read during apply".into(),
        Action::Update if change.reason == Some(Reason::Unfinished) => {
            "is unfinished and will be completed in-place".into()
        }
        Action::Update => "will be updated in-place".into(),
        Action::DeleteThenCreate | Action::CreateThenDelete => replaced(change.reason.as_ref(), marks),
        Action::Delete => "will be destroyed".into(),
        Action::Forget => "will no longer be managed, but will not be destroyed".into(),
    };
    let first = match from {
        Some(from) if done.is_empty() => format!("{from} has moved to {name}"),
        from => {
            reasons.extend(from.map(|from| format!("moved from {from}")));
            format!("{name} {done}")
        }
    };
    reasons.extend(change.importing.as_ref().map(|id| format!("imported from {}", (marks.name)(&format!("\"{id}\"")))));
    reasons.extend(change.reason.as_ref().and_then(|r| why(r, change, marks)));
    if change.action == Action::CreateThenDelete {
        reasons.push("the new one is created before the old one is destroyed".into());
    }
    (first, reasons)
}

fn replaced(reason: Option<&Reason>, marks: Marks) -> String {
    match reason {
        Some(Reason::Tainted) => "is tainted, so must be replaced".into(),
        Some(Reason::Requested) => "will be replaced, as requested".into(),
        Some(Reason::TriggeredBy(what)) => format!("will be replaced due to changes in {}", (marks.name)(what)),
        _ => "must be replaced".into(),
    }
}

fn why(reason: &Reason, change: &Change, marks: Marks) -> Option<String> {
    let address = &change.address;
    let resource = || (marks.name)(&address.resource.to_string());
    Some(match reason {
        Reason::Beside => "traffic needs the new rule before the old one goes".into(),
        Reason::Rests => "it is deregistered while its target is interrupted".into(),
        Reason::Tainted | Reason::Requested | Reason::TriggeredBy(_) | Reason::CannotUpdate(_) => return None,
        Reason::Unfinished => "an earlier run ended before it was complete".into(),
        Reason::Vanished => "it no longer exists".into(),
        Reason::NoConfig => format!("because {} is not in the layout", resource()),
        Reason::NoInstance => {
            let key = (marks.name)(&address.key.to_string());
            match &address.key {
                InstanceKey::None => format!("because {} has count or for_each now", resource()),
                InstanceKey::Index(_) => format!("because index {key} is out of range for count"),
                InstanceKey::Key(_) => format!("because key {key} is not in the for_each map"),
            }
        }
        Reason::NoModule => {
            format!("because {} is not in the layout", (marks.name)(&address.resource.module.to_string()))
        }
        Reason::Removed => "because a removed block names it".into(),
        Reason::Kept => "because its lifecycle says destroy = false".into(),
        Reason::Deposed => "left over from an unfinished replacement".into(),
        Reason::ConfigUnknown => "its arguments are known only during apply".into(),
        Reason::DependencyPending => "something that it depends on changes first".into(),
    })
}

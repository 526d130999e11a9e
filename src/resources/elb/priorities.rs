//! Priorities of the rules of one listener. Each is held by one rule, and each rule is changed on its
//! own and at the same time as others, so that rules of one layout may want each other's priorities.
//!
//! Rules that are under way to another priority are written down here. A rule whose priority is held by
//! one of them sets both, and those that the other needs in turn, in one SetRulePriorities: AWS takes it
//! as a whole, and no request meets an order that nobody asked for. A rule that is not under way is
//! never touched, as it may be someone else's: it is waited for. Only a rule whose own place another one
//! waits for waits behind all others: more rules may be under way than steps at a time.

use super::shared::{self, PAGES};
use crate::aws::api::member_text;
use crate::aws::api::services::ELB_V2;
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

const IN_USE: &str = "PriorityInUse";
/// The last priority that a rule can have.
pub const LAST: i32 = 50_000;
const PAUSE: Duration = Duration::from_millis(500);
/// How often a rule looks whether the holder of its priority is under way, before it makes way for others.
const LOOKS: usize = 4;
/// How often it looks for its priority in all.
const TRIES: usize = 120;

/// Rules look and set in turn, so that what one of them sets for all is not set again by the others.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
static UNDER_WAY: LazyLock<Mutex<HashMap<String, i32>>> = LazyLock::new(Mutex::default);

fn under_way() -> MutexGuard<'static, HashMap<String, i32>> {
    // The map is whole at any time, whatever became of who held it.
    UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A rule is on its way to another priority for as long as this lives.
struct OnTheWay<'a>(&'a str);

impl<'a> OnTheWay<'a> {
    fn to(rule: &'a str, priority: i32) -> Self {
        under_way().insert(rule.to_owned(), priority);
        OnTheWay(rule)
    }
}

impl Drop for OnTheWay<'_> {
    fn drop(&mut self) {
        under_way().remove(self.0);
    }
}

/// Who holds which priority of a listener.
pub type Held = BTreeMap<i32, String>;

/// The rules of a listener, without its default.
pub async fn rules(aws: &Aws, listener: &str) -> Result<Vec<Json>> {
    let of = json!({"ListenerArn": listener});
    let mut found = aws.read.api.list(&ELB_V2, "DescribeRules", of, PAGES, "Rules.member").await?;
    found.retain(|rule| rule["IsDefault"] != "true");
    Ok(found)
}

/// The priority of a rule.
pub fn of(rule: &Json) -> Option<i32> {
    member_text(rule, "Priority")?.parse().ok()
}

/// The priorities of a listener.
pub async fn held(aws: &Aws, listener: &str) -> Result<Held> {
    let pair = |rule: &Json| Some((of(rule)?, member_text(rule, "RuleArn")?));
    Ok(rules(aws, listener).await?.iter().filter_map(pair).collect())
}

/// The priority of a new rule when the layout leaves it out: after all others, as Terraform does it.
pub fn next(held: &Held) -> i32 {
    held.keys().next_back().map_or(1, |last| last + 1).min(LAST)
}

/// The last priority that nobody holds: where a rule waits, asked after all others.
fn aside(held: &Held) -> i32 {
    (1..=LAST).rev().find(|n| !held.contains_key(n)).unwrap_or(LAST)
}

/// What has to be set together, so that `rule` gets `wanted`: it, and each rule that holds what one of
/// them wants. None if one of those is not under way to elsewhere.
fn together(rule: &str, wanted: i32, held: &Held, going: &HashMap<String, i32>) -> Option<BTreeMap<String, i32>> {
    let mut all = BTreeMap::from([(rule.to_owned(), wanted)]);
    let mut next = wanted;
    while let Some(holder) = held.get(&next).filter(|holder| !all.contains_key(*holder)) {
        next = *going.get(holder).filter(|to| **to != next)?;
        all.insert(holder.clone(), next);
    }
    let distinct = all.values().collect::<BTreeSet<_>>().len() == all.len();
    distinct.then_some(all)
}

async fn set(aws: &Aws, all: BTreeMap<String, i32>) -> Result<()> {
    let pairs: Vec<Json> = all.iter().map(|(rule, n)| json!({"RuleArn": rule, "Priority": n})).collect();
    done(aws.write.api.call(&ELB_V2, "SetRulePriorities", json!({"RulePriorities": {"member": pairs}})).await)
}

/// Whether another rule is under way to the priority that this one has.
fn in_the_way(rule: &str, now: Option<i32>, going: &HashMap<String, i32>) -> bool {
    going.iter().any(|(other, to)| other != rule && Some(*to) == now)
}

/// Gives a rule a priority.
pub async fn give(aws: &Aws, rule: &str, wanted: i32) -> Result<()> {
    let listener = shared::listener_of(rule).ok_or_else(|| Error::not_found(format!("{rule} is not a valid rule")))?;
    let _on_the_way = OnTheWay::to(rule, wanted);
    let mut came_from = None;
    for round in 0..TRIES {
        let turn = TURN.lock().await;
        let held = held(aws, &listener).await?;
        let now = held.iter().find(|(_, holder)| *holder == rule).map(|(priority, _)| *priority);
        if now == Some(wanted) {
            return Ok(());
        }
        let going = under_way().clone();
        let step = match together(rule, wanted, &held, &going) {
            Some(all) => Some((all, true)),
            None if round >= LOOKS && in_the_way(rule, now, &going) => {
                came_from = now;
                Some((BTreeMap::from([(rule.to_owned(), aside(&held))]), false))
            }
            None => None,
        };
        if let Some((all, arrives)) = step {
            match set(aws, all).await {
                Ok(()) if arrives => return Ok(()),
                Err(e) if !e.is(IN_USE) => return Err(e),
                _ => {}
            }
        }
        drop(turn);
        tokio::time::sleep(PAUSE).await;
    }
    if let Some(before) = came_from {
        set(aws, BTreeMap::from([(rule.to_owned(), before)])).await?;
    }
    Err(taken(wanted))
}

/// Repeats a create while its priority is held by a rule that is leaving it.
pub async fn once_free<F>(wanted: i32, create: impl Fn() -> F) -> Result<String>
where
    F: Future<Output = Result<String>>,
{
    for _ in 0..TRIES {
        match create().await {
            Err(e) if e.is(IN_USE) => tokio::time::sleep(PAUSE).await,
            answer => return answer,
        }
    }
    Err(taken(wanted))
}

fn taken(priority: i32) -> Error {
    let message = format!("another rule of the listener has priority {priority} and keeps it");
    Error { code: IN_USE.into(), ..Error::new(crate::aws::Kind::Refused, message) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(each: &[(i32, &str)]) -> Held {
        each.iter().map(|(n, rule)| (*n, (*rule).to_owned())).collect()
    }

    fn going(each: &[(&str, i32)]) -> HashMap<String, i32> {
        each.iter().map(|(rule, n)| ((*rule).to_owned(), *n)).collect()
    }

    fn pairs(all: &[(&str, i32)]) -> Option<BTreeMap<String, i32>> {
        Some(going(all).into_iter().collect())
    }

    #[test]
    fn rules_that_want_each_others_priorities_are_set_together() {
        let now = held(&[(1, "a"), (2, "b"), (3, "c")]);
        assert_eq!(together("a", 2, &now, &going(&[("a", 2), ("b", 1)])), pairs(&[("a", 2), ("b", 1)]));
        let round = going(&[("a", 2), ("b", 3), ("c", 1)]);
        assert_eq!(together("b", 3, &now, &round), pairs(&[("a", 2), ("b", 3), ("c", 1)]));
        let shift = going(&[("a", 2), ("b", 3), ("c", 4)]);
        assert_eq!(together("a", 2, &now, &shift), pairs(&[("a", 2), ("b", 3), ("c", 4)]));
    }

    #[test]
    fn a_rule_that_stays_is_not_moved() {
        let now = held(&[(1, "a"), (2, "b"), (3, "c")]);
        assert_eq!(together("a", 2, &now, &going(&[("a", 2)])), None);
        assert_eq!(together("a", 2, &now, &going(&[("a", 2), ("b", 3)])), None, "c stays");
        assert_eq!(together("a", 9, &now, &going(&[("a", 9)])), pairs(&[("a", 9)]));
    }

    #[test]
    fn a_rule_makes_way_only_for_one_that_waits_for_its_place() {
        assert!(in_the_way("a", Some(1), &going(&[("a", 2), ("b", 1)])));
        assert!(!in_the_way("a", Some(1), &going(&[("a", 1), ("b", 3)])));
        assert!(!in_the_way("a", None, &going(&[("b", 1)])));
    }

    #[test]
    fn a_rule_without_priority_comes_last() {
        assert_eq!((next(&held(&[])), next(&held(&[(1, "a"), (7, "b")]))), (1, 8));
        assert_eq!(aside(&held(&[(LAST, "a")])), LAST - 1);
    }
}

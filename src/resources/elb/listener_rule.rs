//! aws_lb_listener_rule: what becomes of the requests of a listener that meet its conditions. Rules are
//! asked in the order of their priorities, which `priorities` hands over from rule to rule.

use super::conditions::{self, Condition, Transform};
use super::shared::{self, Tagged};
use super::{actions, priorities};
use crate::aws::api::member_text;
use crate::aws::api::services::ELB_V2;
use crate::resources::document::{Document, Member, Unordered, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use crate::schema::equal::{Origin, differs};
use crate::schema::shape::shaped;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

/// The resource type `aws_lb_listener_rule`.
pub struct AwsLbListenerRule;

const ARN: &str = "RuleArn";

document! {
    Rows {
        arn = "RuleArn": Text, read [.computed()];
        condition = "": Unordered<Condition>, none [.count(1, None).read(|l| conditions::read(l.held()))];
        listener_arn = "ListenerArn": Text, create [.required().force_new().read(|l| listener_of(l.held()).into())];
        priority = "": Int, none [.optional_computed().check(priority).read(|l| priorities::of(l.held()).into())];
        transform = "Transforms.member": Unordered<Transform> [.count(0, Some(2))];
    }
}

fn listener_of(rule: &Json) -> Option<String> {
    shared::listener_of(&member_text(rule, ARN)?)
}

fn priority(value: &Value) -> Result<(), String> {
    match value.as_i64() {
        Some(n) if !(1..=i64::from(priorities::LAST)).contains(&n) => {
            Err(format!("priority {n} is out of range; AWS takes 1 to {}", priorities::LAST))
        }
        _ => Ok(()),
    }
}

fn check(want: &Attrs) -> Faults {
    let actions = actions::check(&want.blocks("action")).into_iter().map(|text| ("action", text));
    let conditions = conditions::check(&want.blocks("condition")).into_iter().map(|text| ("condition", text));
    actions.chain(conditions).collect()
}

impl Resource for AwsLbListenerRule {
    type Live = Tagged;

    fn spec() -> Spec<Tagged> {
        let mut rows = Rows::rows::<Tagged>();
        let action = A::block("action", Nesting::List, actions::rule_rows());
        rows.push(action.count(1, None).read(|l| actions::read(l, "Actions.member")));
        Spec::new("aws_lb_listener_rule", |l: &Tagged| member_text(l, ARN), rows)
            .role(Role::ListenerRule(role::Door {
                actions: "action",
                action: &actions::FORWARDING,
                parent: "listener_arn",
                unjudged: Unjudged::All("conditions and actions"),
            }))
            .own_tags(|l| tags::of(&l.tags))
            .unique(&[&["listener_arn", "priority"]])
            .exchanges()
            .recover(Recover::Key)
            .check(check)
    }

    /// All rules of the listeners that the ids name. A rule is known by its priority; one that the
    /// layout gives none, by its conditions.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Tagged>> {
        let listeners: BTreeSet<String> = match which {
            Which::Ids(ids) => ids.iter().filter_map(|id| shared::listener_of(id)).collect(),
            Which::Token(_) => BTreeSet::new(),
            Which::NaturalKey(want) => want.string("listener_arn").into_iter().collect(),
        };
        let of_listener = |arn: String| async move { priorities::rules(aws, &arn).await };
        let mut rules: Vec<Json> = each(listeners, of_listener).await?.into_iter().flatten().collect();
        let row = Unordered::<Condition>::column::<()>("condition").row;
        rules.retain(|rule| match which {
            Which::Ids(ids) => member_text(rule, ARN).is_some_and(|arn| ids.contains(&arn)),
            Which::Token(_) => false,
            Which::NaturalKey(want) => match (want.int("priority"), want.get("condition")) {
                (Some(n), _) => priorities::of(rule) == Some(n),
                (None, Some(wanted)) => !differs(&row, wanted, &shaped(&row, conditions::read(rule)), Origin::Aws),
                (None, None) => false,
            },
        });
        shared::tagged(aws, rules, ARN).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let listener = want.string("listener_arn").unwrap_or_default();
        let parts = json!({"Actions": actions::write(want, "action"), "Conditions": conditions::write(want)});
        let input = joined(joined(Rows::create(want), parts), shared::new_tags(want, token));
        let create = |priority: i32| {
            let input = joined(json!({"Priority": priority}), input.clone());
            async move {
                let answer = aws.write.api.call(&ELB_V2, "CreateRule", input).await?;
                made(member_text(&answer, "Rules.member.RuleArn").as_deref())
            }
        };
        match want.int("priority") {
            Some(priority) => priorities::once_free(priority, || create(priority)).await,
            // Another rule may have taken the next one meanwhile.
            None => {
                let next = || async {
                    let held = priorities::held(aws, &listener).await?;
                    create(priorities::next(&held)).await
                };
                priorities::once_free(priorities::LAST, next).await
            }
        }
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        shared::retag(aws, id, change).await?;
        if let Some(priority) = change.take("priority").and(change.after.int("priority")) {
            priorities::give(aws, id, priority).await?;
        }
        let actions = change.take("action").map(|_| actions::write(change.after, "action"));
        let conditions = change.take("condition").map(|_| conditions::write(change.after));
        let transform = change.take("transform").is_some();
        if actions.is_some() || conditions.is_some() || transform {
            let transforms = Unordered::<Transform>::put(change.after, "transform").filter(|_| transform);
            let reset = (transform && transforms.is_none()).then_some(true);
            let input = json!({ARN: id, "Actions": actions, "Conditions": conditions,
                "Transforms": {"member": transforms}, "ResetTransforms": reset});
            aws.write.api.call(&ELB_V2, "ModifyRule", input).await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.api.call(&ELB_V2, "DeleteRule", json!({ARN: id})).await)
    }
}

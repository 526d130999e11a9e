//! aws_lb_listener_rule: what becomes of the requests of a listener that meet its conditions. Rules are
//! asked in the order of their priorities, which `priorities` hands over from rule to rule.

use super::conditions::{self, Condition, Transform};
use super::{actions, priorities};
use crate::resources::elb::shared;
use crate::resources::prelude::*;
use crate::schema::equal::{Origin, differs};
use crate::schema::shape::shaped;
use aws_sdk_elasticloadbalancingv2::operation::create_rule::builders::CreateRuleFluentBuilder as Create;
use aws_sdk_elasticloadbalancingv2::types::{Rule, Tag};
use std::collections::BTreeSet;

/// The resource type `aws_lb_listener_rule`.
pub struct AwsLbListenerRule;

/// A rule with its tags.
pub type Live = tags::Tagged<Rule, Tag>;

table! {
    Rows: Live, create Create {
        arn = rule_arn: Text, read [.computed()];
        condition: BlockSet<Condition>, none
            [.count(1, None).read(|l| conditions::read(l.held().conditions()))];
        listener_arn: Text, none
            [.required().force_new().read(|l| l.held().rule_arn().and_then(shared::listener_of).into())];
        priority: Int, none [.optional_computed().check(priority).read(|l| priorities::of(l.held()).into())];
        transform = transforms: BlockSet<Transform> [.count(0, Some(2))];
    }
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
    type Live = Live;

    fn spec() -> Spec<Live> {
        let mut rows = Rows::rows::<Live>();
        let action = A::block("action", Nesting::List, actions::rule_rows());
        rows.push(action.count(1, None).read(|l| actions::read(l.actions())));
        Spec::new("aws_lb_listener_rule", |l| l.rule_arn().map(Into::into), rows)
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
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let listeners: BTreeSet<String> = match which {
            Which::Ids(ids) => ids.iter().filter_map(|id| shared::listener_of(id)).collect(),
            Which::Token(_) => BTreeSet::new(),
            Which::NaturalKey(want) => want.string("listener_arn").into_iter().collect(),
        };
        let of_listener = |arn: String| async move { priorities::rules(aws, &arn).await };
        let mut rules: Vec<Rule> = each(listeners, of_listener).await?.into_iter().flatten().collect();
        let row = BlockSet::<Condition>::column::<()>("condition").row;
        rules.retain(|rule| match which {
            Which::Ids(ids) => rule.rule_arn().is_some_and(|arn| ids.iter().any(|id| id == arn)),
            Which::Token(_) => false,
            Which::NaturalKey(want) => match (want.int("priority"), want.get("condition")) {
                (Some(n), _) => priorities::of(rule) == Some(n),
                (None, Some(wanted)) => {
                    !differs(&row, wanted, &shaped(&row, conditions::read(rule.conditions())), Origin::Aws)
                }
                (None, None) => false,
            },
        });
        let live = |object: Rule, _, tags: Vec<Tag>| std::future::ready(Ok(Live { object, tags }));
        shared::complete(aws, rules, Rule::rule_arn, live).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let listener = want.string("listener_arn").unwrap_or_default();
        let create = |priority: i32| {
            let call = Rows::create(aws.write.elb.create_rule(), want)
                .listener_arn(&listener)
                .priority(priority)
                .set_actions(Some(actions::write(want, "action")))
                .set_conditions(Some(conditions::write(want)))
                .set_tags(tags::marked(want, token));
            async move {
                let answer = call.send().await?;
                made(answer.rules().first().and_then(Rule::rule_arn))
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
            let transforms = BlockSet::<Transform>::put(change.after, "transform").filter(|_| transform);
            let reset = transform && transforms.is_none();
            aws.write
                .elb
                .modify_rule()
                .rule_arn(id)
                .set_actions(actions)
                .set_conditions(conditions)
                .set_transforms(transforms)
                .set_reset_transforms(reset.then_some(true))
                .send()
                .await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.elb.delete_rule().rule_arn(id).send().await)
    }
}

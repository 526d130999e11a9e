//! aws_wafv2_rule_group: rules that web ACLs refer to. What they may cost is fixed when it is made.

use super::object::{Kind, RuleGroup, rules};
use super::rule::{self, Place};
use super::{capacity, checks};
use crate::resources::prelude::*;
use std::sync::LazyLock;

static MEMBERS: LazyLock<Vec<Attribute>> = LazyLock::new(|| {
    let capacity = A::number("capacity").required().force_new().check(checks::capacity);
    let mut all = rows([capacity, rule::response_bodies(), rule::visibility()]);
    all.push(rule::rules(Place::RuleGroup));
    all
});

impl Kind for RuleGroup {
    const TYPE: &'static str = "aws_wafv2_rule_group";
    const RULES_JSON: Option<&'static str> = Some("rules_json");
    const CONFLICTS: &'static [&'static [&'static str]] = &[&["name", "name_prefix"], &["rule", "rules_json"]];

    fn members() -> &'static [Attribute] {
        &MEMBERS
    }

    fn check(attrs: &Attrs) -> Faults {
        let mut wrong = checks::object(&MEMBERS, Place::RuleGroup, attrs);
        let most = attrs.get("capacity").and_then(Value::as_i64).and_then(|n| u64::try_from(n).ok());
        if let (Some(most), Some(rules)) = (most, rules::<RuleGroup>(attrs)) {
            let message = capacity::exceeded(&rules, most, "its capacity is");
            wrong.extend(message.map(|message| ("capacity", message)));
        }
        wrong
    }
}

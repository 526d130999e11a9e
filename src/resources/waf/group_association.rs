//! aws_wafv2_web_acl_rule_group_association: a rule of a web ACL that applies a group of rules, as an object of its own.
//! The web ACL leaves it to this type with `ignore_changes = [rule]`.

use super::managed_group::config;
use super::object::{Key, WebAcl, edit, now};
use super::rule::{listed, overrides, visibility};
use super::wire::{self, Edit};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// The resource type `aws_wafv2_web_acl_rule_group_association`.
pub struct AwsWafv2WebAclRuleGroupAssociation;

/// A web ACL and a rule in it.
static KEY: Composite = Composite::new(&["web_acl_arn", "rule_name"], ",");

/// A rule of a web ACL.
pub struct Live {
    acl: String,
    rule: Json,
}

/// The two kinds of groups, with the statement that applies each.
const GROUPS: [(&str, &str); 2] =
    [("managed_rule_group", "ManagedRuleGroupStatement"), ("rule_group_reference", "RuleGroupReferenceStatement")];

/// A row of a managed group as this type has it.
fn adapted(row: Attribute) -> Row {
    match row.name {
        "enable_regex_in_path" => Row { row, read: None }.optional_computed(),
        "regex_string" => Row::string("regex_string").check(super::checks::regex),
        name => match &row.block {
            Some(block) => {
                let inner = rows(block.attributes.iter().cloned().map(adapted));
                Row::block(name, Nesting::List, inner).count(0, block.max)
            }
            None => Row { row, read: None },
        },
    }
}

fn managed() -> Attribute {
    let sets = config().into_iter().filter(|row| row.block.is_some() && row.name.starts_with("aws_")).map(adapted);
    let configs = Row::block("managed_rule_group_configs", Nesting::List, rows(sets));
    let inner = rows([
        configs,
        Row::string("name").required(),
        listed(overrides().row),
        Row::string("vendor_name").required(),
        Row::string("version"),
    ]);
    Row::optional_block("managed_rule_group", inner).row
}

fn reference() -> Attribute {
    let inner = rows([Row::string("arn").required(), listed(overrides().row)]);
    Row::optional_block("rule_group_reference", inner).row
}

fn seen() -> Attribute {
    listed(visibility().row).optional_computed().row
}

fn group(live: &Live, row: &Attribute) -> Value {
    let kind = GROUPS.iter().find(|(name, _)| *name == row.name).map_or("", |(_, statement)| *statement);
    wire::read(row, live.rule["Statement"].get(kind))
}

/// The rule that the layout means.
fn rule(want: &Attrs) -> Json {
    let part = |row: &Attribute| want.get(row.name).and_then(|value| wire::member(row, value));
    let of = [managed(), reference()].iter().zip(GROUPS).find_map(|(row, (_, kind))| Some(json!({ kind: part(row)? })));
    let action = if want.str("override_action") == Some("count") { "Count" } else { "None" };
    let name = want.str("rule_name");
    let usual = || json!({"CloudWatchMetricsEnabled": true, "MetricName": name, "SampledRequestsEnabled": true});
    json!({
        "Name": name,
        "Priority": want.int("priority"),
        "Statement": of,
        "OverrideAction": {action: {}},
        "VisibilityConfig": part(&seen()).unwrap_or_else(usual),
    })
}

async fn rules_of(aws: &Aws, acl: &str) -> Result<Vec<Json>> {
    let key = Key::in_arn(acl).ok_or_else(|| Error::not_found(format!("{acl:?} is not the ARN of a web ACL")))?;
    Ok(now::<WebAcl>(aws, &key).await?["Rules"].as_array().cloned().unwrap_or_default())
}

async fn change(aws: &Aws, acl: &str, before: Option<Json>, after: Option<Json>) -> Result<()> {
    let key =
        Key::in_arn(acl).ok_or_else(|| Error::new(Kind::Refused, format!("{acl:?} is not the ARN of a web ACL")))?;
    let list = |rule: Option<Json>| Some(Json::Array(rule.into_iter().collect()));
    edit::<WebAcl>(aws, &key, &[Edit { member: "Rules".into(), before: list(before), after: list(after) }]).await
}

impl Resource for AwsWafv2WebAclRuleGroupAssociation {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let word = |v: &Value| checks::one_of(v, &["none", "count"]);
        let all = vec![
            A { row: managed(), read: Some(|l: &Live| group(l, &managed())) },
            A::string("override_action").initial("none").check(word).read(|l: &Live| {
                let counts = l.rule["OverrideAction"].get("Count").is_some_and(Json::is_object);
                if counts { "count" } else { "none" }.into()
            }),
            A::number("priority")
                .required()
                .read(|l| l.rule["Priority"].as_i64().map(Value::from).unwrap_or(Value::null(Type::Number))),
            A { row: reference(), read: Some(|l: &Live| group(l, &reference())) },
            A::string("rule_name").required().force_new().read(|l| l.rule["Name"].as_str().into()),
            A { row: seen(), read: Some(|l: &Live| wire::read(&seen(), l.rule.get("VisibilityConfig"))) },
            A::string("web_acl_arn").required().force_new().read(|l| (&l.acl).into()),
        ];
        Spec::composite("aws_wafv2_web_acl_rule_group_association", &KEY, all)
            .role(Role::FilterRule(role::FilterRule { filter: None, unjudged: Unjudged::All("web ACL") }))
            .exactly_one(&[&["managed_rule_group", "rule_group_reference"]])
    }

    /// Each web ACL is asked once, however many of its rules are meant.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let mut asked: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for pair in which.keys(&KEY) {
            if let (Some(acl), Some(rule)) = (pair.string("web_acl_arn"), pair.string("rule_name")) {
                asked.entry(acl).or_default().push(rule);
            }
        }
        let found = each(asked, |(acl, names)| async move {
            let mut rules = rules_of(aws, &acl).await?;
            rules.retain(|rule| rule["Name"].as_str().is_some_and(|name| names.iter().any(|n| n == name)));
            Ok(rules.into_iter().map(|rule| Live { acl: acl.clone(), rule }).collect::<Vec<_>>())
        });
        Ok(found.await?.into_iter().flatten().collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let (acl, name) = (want.str("web_acl_arn").unwrap_or_default(), want.str("rule_name"));
        if rules_of(aws, acl).await?.iter().any(|rule| rule["Name"].as_str() == name) {
            let name = name.unwrap_or_default();
            let message = format!("the web ACL has a rule {name:?} already; import it, or choose another name");
            return Err(Error::new(Kind::Exists, message));
        }
        change(aws, acl, None, Some(rule(want))).await?;
        made(KEY.id(want).as_deref())
    }

    async fn update(aws: &Aws, _id: &str, changed: &mut Change<'_>) -> Result<()> {
        if !changed.take_all() {
            return Ok(());
        }
        let acl = changed.after.str("web_acl_arn").unwrap_or_default();
        change(aws, acl, Some(rule(changed.before)), Some(rule(changed.after))).await
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let acl = last.str("web_acl_arn").unwrap_or_default();
        settle::unless_gone(change(aws, acl, Some(rule(last)), None).await)
    }
}

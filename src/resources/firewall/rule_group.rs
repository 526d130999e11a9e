//! aws_networkfirewall_rule_group: rules that policies refer to.

use super::Encryption;
use super::rules::RuleGroup;
use crate::aws::api::services::FIREWALL;
use crate::aws::api::{Service, member_text};
use crate::resources::document::{Document, One, document};
use crate::resources::plain::{Object, Plain, Tags, state};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    /// The resource type `aws_networkfirewall_rule_group`.
    pub AwsNetworkfirewallRuleGroup {
        arn = "RuleGroupArn": Text, read [.computed()];
        capacity = "Capacity": Int [.required().force_new()];
        description = "Description": Text, read, create, modify;
        encryption_configuration = "EncryptionConfiguration": One<Encryption>, read, create, modify [.optional_computed()];
        name = "RuleGroupName": Text [.required().force_new()];
        rule_group = "RuleGroup": One<RuleGroup>, read, create, modify [.optional_computed()];
        rules = "Rules": Text, create, modify;
        r#type = "Type": Text
            [.required().force_new().check(|v| checks::one_of(v, &["STATEFUL", "STATELESS"]))];
        update_token = "UpdateToken": Text, read
            [.computed().follows(&["description", "encryption_configuration", "rule_group", "rules"])];
    }
}

impl Plain for AwsNetworkfirewallRuleGroup {
    const SERVICE: &'static Service = &FIREWALL;
    const CREATE: &'static str = "CreateRuleGroup";
    const READ: (&'static str, &'static str) = ("DescribeRuleGroup", "");
    const UPDATE: &'static str = "UpdateRuleGroup";
    const DELETE: &'static str = "DeleteRuleGroup";
    const TAGS: Option<Tags> = Some(super::tags("RuleGroupArn"));

    fn specification() -> Spec<Object> {
        Spec::new("aws_networkfirewall_rule_group", |g: &Object| Some(g.id.clone()), <Self as Document>::rows())
            .role(Role::Settings(Unjudged::All("what passes a firewall")))
            .unique(&[&["type", "name"]])
            .recover(Recover::Key)
            .exactly_one(&[&["rule_group", "rules"]])
            .progress(|g| state(g, "RuleGroupStatus", &["DELETING"], &["ERROR"], &[]))
            .wait_for_deletion()
    }

    fn key(id: &str) -> Json {
        json!({"RuleGroupArn": id})
    }

    fn id(_want: &Attrs, answer: &Json) -> Option<String> {
        member_text(answer, "RuleGroupResponse.RuleGroupArn")
    }

    fn change(change: &mut Change<'_>) -> Option<Json> {
        let mut input = <Self as Document>::whole(change)?;
        input["UpdateToken"] = change.before.string("update_token").into();
        // Either of the two says the rules.
        let rules = text(change.after, "rules");
        if let Json::Object(members) = &mut input {
            members.remove(if rules.is_some() { "RuleGroup" } else { "Rules" });
        }
        Some(input)
    }

    async fn found(aws: &Aws, want: &Attrs) -> Result<Vec<String>> {
        let kind = format!("{}-rulegroup", want.str("type").unwrap_or_default().to_lowercase());
        Ok(vec![super::arn(aws, &kind, want.str("name").unwrap_or_default())])
    }

    async fn more(_aws: &Aws, _id: &str, json: Json) -> Result<Json> {
        Ok(super::flat(json, "RuleGroupResponse"))
    }
}

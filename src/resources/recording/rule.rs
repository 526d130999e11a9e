//! aws_config_config_rule: a rule by which Config judges what it has written down. It is put as a whole.

use super::FREQUENCIES;
use crate::aws::api::services::CONFIG;
use crate::aws::api::{Service, member, member_text};
use crate::resources::document::{Document, One, Unordered, document};
use crate::resources::plain::{Object, Plain, Tags, state};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

const OWNERS: [&str; 3] = ["AWS", "CUSTOM_LAMBDA", "CUSTOM_POLICY"];
/// The owner whose rules are a text in the rule itself.
const POLICY: &str = "CUSTOM_POLICY";

fn frequency(value: &Value) -> Result<(), String> {
    checks::one_of(value, &FREQUENCIES)
}

document! {
    Mode {
        mode = "Mode": Text [.optional_computed().check(|v| checks::one_of(v, &["DETECTIVE", "PROACTIVE"]))];
    }
}
document! {
    Scope {
        compliance_resource_id = "ComplianceResourceId": Text;
        compliance_resource_types = "ComplianceResourceTypes": Texts;
        tag_key = "TagKey": Text;
        tag_value = "TagValue": Text;
    }
}
document! {
    Policy {
        enable_debug_log_delivery = "EnableDebugLogDelivery": Switch;
        policy_runtime = "PolicyRuntime": Text [.required()];
        policy_text = "PolicyText": Text [.required()];
    }
}
document! {
    Detail {
        event_source = "EventSource": Text [.default("aws.config")];
        maximum_execution_frequency = "MaximumExecutionFrequency": Text [.stays().check(frequency)];
        message_type = "MessageType": Text;
    }
}
document! {
    Source {
        custom_policy_details = "CustomPolicyDetails": One<Policy>;
        owner = "Owner": Text [.required().check(|v| checks::one_of(v, &OWNERS))];
        source_detail = "SourceDetails": Unordered<Detail> [.count(0, Some(25))];
        source_identifier = "SourceIdentifier": Text;
    }
}
document! {
    /// The resource type `aws_config_config_rule`.
    pub AwsConfigConfigRule {
        arn = "ConfigRuleArn": Text, read [.computed()];
        description = "Description": Text, read, create, modify;
        evaluation_mode = "EvaluationModes": Unordered<Mode>, read, create, modify [.stays()];
        input_parameters = "InputParameters": Text, read, create, modify [.normal(Normal::Json).check(checks::json)];
        maximum_execution_frequency = "MaximumExecutionFrequency": Text, read, create, modify
            [.stays().check(frequency)];
        name = "ConfigRuleName": Text, read, create, modify [.required().force_new()];
        rule_id = "ConfigRuleId": Text, read [.computed()];
        scope = "Scope": One<Scope>, read, create, modify;
        source = "Source": One<Source>, read, create, modify [.required().count(1, Some(1))];
    }
}

impl Plain for AwsConfigConfigRule {
    const SERVICE: &'static Service = &CONFIG;
    const CREATE: &'static str = "PutConfigRule";
    const READ: (&'static str, &'static str) = ("DescribeConfigRules", "ConfigRules");
    const DELETE: &'static str = "DeleteConfigRule";
    const TAGS: Option<Tags> = Some(Tags {
        list: "ListTagsForResource",
        set: "TagResource",
        unset: "UntagResource",
        by: ("ResourceArn", "ConfigRuleArn"),
        members: ("Tags", "TagKeys"),
        create: "Tags",
        pairs: Some(("Key", "Value")),
    });

    fn specification() -> Spec<Object> {
        Spec::new("aws_config_config_rule", |r: &Object| Some(r.id.clone()), <Self as Document>::rows())
            .role(Role::NotServing("it judges what is there"))
            .unique(&[&["name"]])
            .recover(Recover::Key)
            .implicit_after(&["aws_config_configuration_recorder"])
            .progress(|r| state(r, "ConfigRuleState", &["DELETING", "DELETING_RESULTS"], &[], &[]))
            .wait_for_deletion()
    }

    fn key(id: &str) -> Json {
        json!({"ConfigRuleName": id})
    }

    fn asked(_aws: &Aws, id: &str) -> Json {
        json!({"ConfigRuleNames": [id]})
    }

    fn id(want: &Attrs, _answer: &Json) -> Option<String> {
        want.string("name")
    }

    fn input(_aws: &Aws, want: &Attrs, _token: &Token) -> Json {
        json!({"ConfigRule": <Self as Document>::create(want)})
    }

    async fn further(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        if <Self as Document>::whole(change).is_some() {
            let all = json!({"ConfigRule": <Self as Document>::create(change.after)});
            aws.write.api.call(&CONFIG, Self::CREATE, all).await?;
        }
        Ok(())
    }

    /// The text of a rule is asked for by itself.
    async fn more(aws: &Aws, id: &str, mut json: Json) -> Result<Json> {
        if member_text(&json, "Source.Owner").as_deref() == Some(POLICY) {
            let answer = aws.read.api.call(&CONFIG, "GetCustomRulePolicy", Self::key(id)).await?;
            json["Source"]["CustomPolicyDetails"]["PolicyText"] =
                member(&answer, "PolicyText").cloned().unwrap_or_default();
        }
        Ok(json)
    }
}

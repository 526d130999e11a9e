//! aws_networkfirewall_firewall_policy: which groups of rules a firewall has, and what becomes of the rest.

use super::{CustomAction, Definition, Encryption};
use crate::aws::api::services::FIREWALL;
use crate::aws::api::{Service, member_text};
use crate::resources::block::FlagText;
use crate::resources::document::{Document, Keyed, One, Unordered, document};
use crate::resources::plain::{Object, Plain, Tags, state};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    Variable {
        key = "Key": Text [.required()];
        ip_set = "Value": One<Definition> [.required().count(1, Some(1))];
    }
}
document! {
    Variables {
        rule_variables = "RuleVariables": Keyed<Variable>;
    }
}
document! {
    FlowTimeouts {
        tcp_idle_timeout_seconds = "TcpIdleTimeoutSeconds": Int;
    }
}
document! {
    Engine {
        rule_order = "RuleOrder": Text;
        stream_exception_policy = "StreamExceptionPolicy": Text;
        flow_timeouts = "FlowTimeouts": One<FlowTimeouts>;
    }
}
document! {
    Override {
        action = "Action": Text;
    }
}
document! {
    Stateful {
        deep_threat_inspection = "DeepThreatInspection": FlagText [.optional_computed()];
        priority = "Priority": Int;
        resource_arn = "ResourceArn": Text [.required()];
        r#override = "Override": One<Override>;
    }
}
document! {
    Stateless {
        priority = "Priority": Int [.required()];
        resource_arn = "ResourceArn": Text [.required()];
    }
}
document! {
    Policy {
        enable_tls_session_holding = "EnableTLSSessionHolding": Flag [.optional_computed()];
        stateful_default_actions = "StatefulDefaultActions": Texts;
        stateless_default_actions = "StatelessDefaultActions": Texts [.required()];
        stateless_fragment_default_actions = "StatelessFragmentDefaultActions": Texts [.required()];
        tls_inspection_configuration_arn = "TLSInspectionConfigurationArn": Text;
        policy_variables = "PolicyVariables": One<Variables>;
        stateful_engine_options = "StatefulEngineOptions": One<Engine>;
        stateful_rule_group_reference = "StatefulRuleGroupReferences": Unordered<Stateful>;
        stateless_custom_action = "StatelessCustomActions": Unordered<CustomAction>;
        stateless_rule_group_reference = "StatelessRuleGroupReferences": Unordered<Stateless>;
    }
}
document! {
    /// The resource type `aws_networkfirewall_firewall_policy`.
    pub AwsNetworkfirewallFirewallPolicy {
        arn = "FirewallPolicyArn": Text, read [.computed()];
        description = "Description": Text, read, create, modify;
        encryption_configuration = "EncryptionConfiguration": One<Encryption>, read, create, modify [.optional_computed()];
        firewall_policy = "FirewallPolicy": One<Policy>, read, create, modify [.required().count(1, Some(1))];
        name = "FirewallPolicyName": Text [.required().force_new()];
        update_token = "UpdateToken": Text, read
            [.computed().follows(&["description", "encryption_configuration", "firewall_policy"])];
    }
}

impl Plain for AwsNetworkfirewallFirewallPolicy {
    const SERVICE: &'static Service = &FIREWALL;
    const CREATE: &'static str = "CreateFirewallPolicy";
    const READ: (&'static str, &'static str) = ("DescribeFirewallPolicy", "");
    const UPDATE: &'static str = "UpdateFirewallPolicy";
    const DELETE: &'static str = "DeleteFirewallPolicy";
    const TAGS: Option<Tags> = Some(super::tags("FirewallPolicyArn"));

    fn specification() -> Spec<Object> {
        Spec::new("aws_networkfirewall_firewall_policy", |p: &Object| Some(p.id.clone()), <Self as Document>::rows())
            .role(Role::Settings(Unjudged::All("what passes a firewall")))
            .unique(&[&["name"]])
            .recover(Recover::Key)
            .progress(|p| state(p, "FirewallPolicyStatus", &["DELETING"], &["ERROR"], &[]))
            .wait_for_deletion()
    }

    fn key(id: &str) -> Json {
        json!({"FirewallPolicyArn": id})
    }

    fn id(_want: &Attrs, answer: &Json) -> Option<String> {
        member_text(answer, "FirewallPolicyResponse.FirewallPolicyArn")
    }

    fn change(change: &mut Change<'_>) -> Option<Json> {
        let mut input = <Self as Document>::whole(change)?;
        input["UpdateToken"] = change.before.string("update_token").into();
        Some(input)
    }

    async fn found(aws: &Aws, want: &Attrs) -> Result<Vec<String>> {
        Ok(vec![super::arn(aws, "firewall-policy", want.str("name").unwrap_or_default())])
    }

    async fn more(_aws: &Aws, _id: &str, json: Json) -> Result<Json> {
        Ok(super::flat(json, "FirewallPolicyResponse"))
    }
}

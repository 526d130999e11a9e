//! The rules of a group: what a packet must be, and what becomes of it.

use super::{CustomAction, Definition};
use crate::resources::document::{IntSet, Keyed, Many, One, Unordered, document};
use crate::resources::prelude::*;

document! {
    Reference {
        reference_arn = "ReferenceArn": Text [.required()];
    }
}
document! {
    NamedReference {
        key = "Key": Text [.required()];
        ip_set_reference = "Value": One<Reference> [.required().count(1, None)];
    }
}
document! {
    References {
        ip_set_references = "IPSetReferences": Keyed<NamedReference> [.count(0, Some(5))];
    }
}
document! {
    IpSet {
        key = "Key": Text [.required()];
        ip_set = "Value": One<Definition> [.required().count(1, Some(1))];
    }
}
document! {
    PortSet {
        key = "Key": Text [.required()];
        port_set = "Value": One<Definition> [.required().count(1, Some(1))];
    }
}
document! {
    Variables {
        ip_sets = "IPSets": Keyed<IpSet>;
        port_sets = "PortSets": Keyed<PortSet>;
    }
}
document! {
    Domains {
        generated_rules_type = "GeneratedRulesType": Text [.required()];
        target_types = "TargetTypes": Texts [.required()];
        targets = "Targets": Texts [.required()];
    }
}
document! {
    Header {
        destination = "Destination": Text [.required()];
        destination_port = "DestinationPort": Text [.required()];
        direction = "Direction": Text [.required()];
        protocol = "Protocol": Text [.required()];
        source = "Source": Text [.required()];
        source_port = "SourcePort": Text [.required()];
    }
}
document! {
    RuleOption {
        keyword = "Keyword": Text [.required()];
        settings = "Settings": Texts;
    }
}
document! {
    Stateful {
        action = "Action": Text [.required()];
        header = "Header": One<Header> [.required().count(1, Some(1))];
        rule_option = "RuleOptions": Unordered<RuleOption> [.required().count(1, None)];
    }
}
document! {
    Address {
        address_definition = "AddressDefinition": Text [.required()];
    }
}
document! {
    Ports {
        from_port = "FromPort": Int [.required()];
        to_port = "ToPort": Int;
    }
}
document! {
    TcpFlag {
        flags = "Flags": Texts [.required()];
        masks = "Masks": Texts;
    }
}
document! {
    Matches {
        protocols = "Protocols": IntSet;
        destination = "Destinations": Unordered<Address>;
        destination_port = "DestinationPorts": Unordered<Ports>;
        source = "Sources": Unordered<Address>;
        source_port = "SourcePorts": Unordered<Ports>;
        tcp_flag = "TCPFlags": Unordered<TcpFlag>;
    }
}
document! {
    RuleDefinition {
        actions = "Actions": Texts [.required()];
        match_attributes = "MatchAttributes": One<Matches> [.required().count(1, Some(1))];
    }
}
document! {
    StatelessRule {
        priority = "Priority": Int [.required()];
        rule_definition = "RuleDefinition": One<RuleDefinition> [.required().count(1, Some(1))];
    }
}
document! {
    Stateless {
        custom_action = "CustomActions": Unordered<CustomAction>;
        stateless_rule = "StatelessRules": Unordered<StatelessRule> [.required().count(1, None)];
    }
}
document! {
    Source {
        rules_string = "RulesString": Text;
        rules_source_list = "RulesSourceList": One<Domains>;
        stateful_rule = "StatefulRules": Many<Stateful>;
        stateless_rules_and_custom_actions = "StatelessRulesAndCustomActions": One<Stateless>;
    }
}
document! {
    Order {
        rule_order = "RuleOrder": Text [.required()];
    }
}
document! {
    /// The rules of a group.
    pub RuleGroup {
        reference_sets = "ReferenceSets": One<References>;
        rule_variables = "RuleVariables": One<Variables>;
        rules_source = "RulesSource": One<Source> [.required().count(1, Some(1))];
        stateful_rule_options = "StatefulRuleOptions": One<Order>;
    }
}

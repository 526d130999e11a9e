//! data.aws_networkfirewall_firewall: a firewall by its ARN or name, with what of it is where.

use super::Encryption;
use crate::aws::api::services::FIREWALL;
use crate::aws::api::{items, member, member_text};
use crate::resources::document::{Document, Many, Unordered, document};
use crate::resources::lookup::{self, answer};
use crate::resources::prelude::*;
use serde_json::{Map, Value as Json};

document! {
    Zone {
        availability_zone_id = "AvailabilityZone": Text;
    }
}
document! {
    Subnet {
        subnet_id = "SubnetId": Text;
    }
}
document! {
    References {
        resolved_cidr_count = "ResolvedCIDRCount": Int;
    }
}
document! {
    Ranges {
        available_cidr_count = "AvailableCIDRCount": Int;
        ip_set_references = "References": Unordered<References>;
        utilized_cidr_count = "UtilizedCIDRCount": Int;
    }
}
document! {
    Capacity {
        cidrs = "CIDRs": Unordered<Ranges>;
    }
}
document! {
    Attached {
        endpoint_id = "EndpointId": Text;
        status = "Status": Text;
        status_message = "StatusMessage": Text;
        subnet_id = "SubnetId": Text;
    }
}
document! {
    SyncState {
        attachment = "Attachment": Many<Attached>;
        availability_zone = "AvailabilityZone": Text;
    }
}
document! {
    GatewayState {
        attachment_id = "AttachmentId": Text;
        status_message = "StatusMessage": Text;
        transit_gateway_attachment_status = "TransitGatewayAttachmentStatus": Text;
    }
}
document! {
    Status {
        capacity_usage_summary = "CapacityUsageSummary": Unordered<Capacity>;
        configuration_sync_state_summary = "ConfigurationSyncStateSummary": Text;
        status = "Status": Text;
        sync_states = "SyncStates": Unordered<SyncState>;
        transit_gateway_attachment_sync_states = "TransitGatewayAttachmentSyncState": Many<GatewayState>;
    }
}
document! {
    Answer {
        arn = "FirewallArn": Text;
        availability_zone_change_protection = "AvailabilityZoneChangeProtection": Switch;
        availability_zone_mapping = "AvailabilityZoneMappings": Unordered<Zone>;
        delete_protection = "DeleteProtection": Switch;
        description = "Description": Text;
        enabled_analysis_types = "EnabledAnalysisTypes": Texts;
        encryption_configuration = "EncryptionConfiguration": Unordered<Encryption>;
        firewall_policy_arn = "FirewallPolicyArn": Text;
        firewall_policy_change_protection = "FirewallPolicyChangeProtection": Switch;
        firewall_status = "FirewallStatus": Many<Status>;
        name = "FirewallName": Text;
        subnet_change_protection = "SubnetChangeProtection": Switch;
        subnet_mapping = "SubnetMappings": Unordered<Subnet>;
        transit_gateway_id = "TransitGatewayId": Text;
        transit_gateway_owner_account_id = "TransitGatewayOwnerAccountId": Text;
        update_token = "UpdateToken": Text;
        vpc_id = "VpcId": Text;
    }
}

/// The data source `aws_networkfirewall_firewall`.
pub struct AwsNetworkfirewallFirewall;

/// What a firewall is looked up by, and the members that ask for it.
const ASKED: [(&str, &str); 2] = [("arn", "FirewallArn"), ("name", "FirewallName")];

/// The members of a map, each with its key as the member `name`, which AWS keys by zone or by set.
fn listed(answer: &Json, path: &str, name: &str) -> Json {
    let all = member(answer, path).and_then(Json::as_object);
    let one = |(key, value): (&String, &Json)| {
        let mut value = value.clone();
        value[name] = key.as_str().into();
        value
    };
    all.into_iter().flatten().map(one).collect()
}

/// The firewall in an answer, its status with it.
fn whole(answer: &Json) -> Json {
    let mut firewall = answer["Firewall"].clone();
    let mut status = answer["FirewallStatus"].clone();
    status["SyncStates"] = listed(answer, "FirewallStatus.SyncStates", "AvailabilityZone");
    let sets = "FirewallStatus.CapacityUsageSummary.CIDRs.IPSetReferences";
    if member(answer, "FirewallStatus.CapacityUsageSummary.CIDRs").is_some() {
        status["CapacityUsageSummary"]["CIDRs"]["References"] = listed(answer, sets, "Set");
    }
    firewall["FirewallStatus"] = status;
    firewall["UpdateToken"] = answer["UpdateToken"].clone();
    firewall
}

impl DataSource for AwsNetworkfirewallFirewall {
    fn schema() -> Schema {
        let asked = ASKED.map(|(name, _)| Row::string(name).optional_computed());
        let answers = Answer::rows::<Json>().into_iter().filter(|a| ASKED.iter().all(|(name, _)| *name != a.row.name));
        let answers = answers.map(|a| Row { row: a.row.answered(), read: None });
        let more = [
            answer::<Text>("id"),
            Row::string("region").optional_computed(),
            Row::of("tags", Type::map(Type::String)).optional_computed(),
        ];
        let all = rows(asked.into_iter().chain(answers).chain(more));
        Schema { check: Some(check), ..lookup::schema("aws_networkfirewall_firewall", all) }
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = &lookup::here(aws, config);
        let given = |(name, member): &(&str, &str)| Some(((*member).to_owned(), Json::from(text(config, name)?)));
        let by: Map<String, Json> = ASKED.iter().filter_map(given).collect();
        let answer = aws.read.api.call(&FIREWALL, "DescribeFirewall", by.into()).await?;
        let firewall = whole(&answer);
        let tags = items(&firewall, "Tags");
        let arn = member_text(&firewall, "FirewallArn");
        let all = lookup::read(config, Answer::rows::<Json>(), &firewall).with("id", arn);
        Ok(all.with("tags", tags::of(&tags)).with("region", &*aws.region))
    }
}

fn check(config: &Attrs) -> Faults {
    let lacks = ASKED.iter().all(|(name, _)| !config.is_unknown(name) && text(config, name).is_none());
    faults! {
        lacks => "name", "a firewall is looked up by its arn or its name: give one";
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resources::document::at;
    use serde_json::json;

    #[test]
    fn what_aws_keys_by_zone_is_listed() {
        let attachment = json!({"SubnetId": "subnet-1", "EndpointId": "vpce-1", "Status": "READY"});
        let answer = json!({"Firewall": {}, "FirewallStatus": {
            "SyncStates": {"eu-west-1a": {"Attachment": attachment}},
            "CapacityUsageSummary": {"CIDRs": {"AvailableCIDRCount": 5, "IPSetReferences": {"A": {"ResolvedCIDRCount": 2}}}},
        }});
        let status = at::<Many<Status>>(&whole(&answer), "FirewallStatus");
        let status = Attrs::from_value(&status.as_elements().unwrap()[0]);
        let state = &status.blocks("sync_states")[0];
        assert_eq!(state.str("availability_zone"), Some("eu-west-1a"));
        assert_eq!(state.blocks("attachment")[0].str("endpoint_id"), Some("vpce-1"));
        let ranges = &status.blocks("capacity_usage_summary")[0].blocks("cidrs")[0];
        assert_eq!(ranges.blocks("ip_set_references")[0].int("resolved_cidr_count"), Some(2));
    }
}

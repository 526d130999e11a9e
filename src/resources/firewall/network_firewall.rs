//! aws_networkfirewall_firewall: what traffic of some subnets goes through. Each part of it changes by a call of
//! its own.

use super::Encryption;
use crate::aws::api::services::FIREWALL;
use crate::aws::api::{Service, member, member_text};
use crate::resources::document::{Document, Many, One, Unordered, document};
use crate::resources::plain::{Object, Plain, Tags, state};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    Zone {
        availability_zone_id = "AvailabilityZone": Text [.required()];
    }
}
document! {
    Subnet {
        ip_address_type = "IPAddressType": Text [.optional_computed()];
        subnet_id = "SubnetId": Text [.required()];
    }
}
document! {
    Attached {
        endpoint_id = "EndpointId": Text;
        subnet_id = "SubnetId": Text;
    }
}
document! {
    SyncState {
        availability_zone = "AvailabilityZone": Text;
        attachment = "Attachment": Many<Attached>;
    }
}
document! {
    GatewayState {
        attachment_id = "AttachmentId": Text;
    }
}
document! {
    Status {
        sync_states = "SyncStates": Unordered<SyncState>;
        transit_gateway_attachment_sync_states = "TransitGatewayAttachmentSyncState": Many<GatewayState>;
    }
}
document! {
    /// The resource type `aws_networkfirewall_firewall`.
    pub AwsNetworkfirewallFirewall {
        arn = "FirewallArn": Text, read [.computed()];
        availability_zone_change_protection = "AvailabilityZoneChangeProtection": Switch;
        availability_zone_mapping = "AvailabilityZoneMappings": Unordered<Zone>;
        delete_protection = "DeleteProtection": Switch;
        description = "Description": Text;
        enabled_analysis_types = "EnabledAnalysisTypes": Texts;
        encryption_configuration = "EncryptionConfiguration": One<Encryption> [.optional_computed()];
        firewall_policy_arn = "FirewallPolicyArn": Text [.required()];
        firewall_policy_change_protection = "FirewallPolicyChangeProtection": Switch;
        firewall_status = "FirewallStatus": Many<Status>, read [.computed().follows(&["subnet_mapping"])];
        name = "FirewallName": Text [.required().force_new()];
        subnet_change_protection = "SubnetChangeProtection": Switch;
        subnet_mapping = "SubnetMappings": Unordered<Subnet>;
        transit_gateway_id = "TransitGatewayId": Text [.force_new()];
        transit_gateway_owner_account_id = "TransitGatewayOwnerAccountId": Text, read [.computed()];
        update_token = "UpdateToken": Text, read [.computed()];
        vpc_id = "VpcId": Text [.force_new()];
    }
}

/// A part that one call sets: the argument, the call, and its member.
type Part = (&'static str, &'static str, &'static str);

static PARTS: [Part; 8] = [
    ("delete_protection", "UpdateFirewallDeleteProtection", "DeleteProtection"),
    ("subnet_change_protection", "UpdateSubnetChangeProtection", "SubnetChangeProtection"),
    ("firewall_policy_change_protection", "UpdateFirewallPolicyChangeProtection", "FirewallPolicyChangeProtection"),
    (
        "availability_zone_change_protection",
        "UpdateAvailabilityZoneChangeProtection",
        "AvailabilityZoneChangeProtection",
    ),
    ("description", "UpdateFirewallDescription", "Description"),
    ("enabled_analysis_types", "UpdateFirewallAnalysisSettings", "EnabledAnalysisTypes"),
    ("encryption_configuration", "UpdateFirewallEncryptionConfiguration", "EncryptionConfiguration"),
    ("firewall_policy_arn", "AssociateFirewallPolicy", "FirewallPolicyArn"),
];

/// The zones with what is attached there, which the answer has by name.
fn with_status(mut firewall: Json, answer: &Json) -> Json {
    let zones = member(answer, "FirewallStatus.SyncStates").and_then(Json::as_object);
    let zone = |(name, state): (&String, &Json)| json!({"AvailabilityZone": name, "Attachment": state["Attachment"]});
    let zones: Vec<Json> = zones.into_iter().flatten().map(zone).collect();
    let gateway = &answer["FirewallStatus"]["TransitGatewayAttachmentSyncState"];
    firewall["FirewallStatus"] = json!({"SyncStates": zones, "TransitGatewayAttachmentSyncState": gateway});
    firewall["Status"] = answer["FirewallStatus"]["Status"].clone();
    firewall["UpdateToken"] = answer["UpdateToken"].clone();
    firewall
}

fn members(all: &[Value], of: fn(&Attrs) -> Json) -> Vec<Json> {
    all.iter().map(|each| of(&Attrs::from_value(each))).collect()
}

async fn call(aws: &Aws, id: &str, operation: &'static str, name: &str, value: Json) -> Result<()> {
    aws.write.api.call(&FIREWALL, operation, json!({"FirewallArn": id, name: value})).await.map(drop)
}

/// Sets a part that changes.
async fn part(aws: &Aws, id: &str, change: &mut Change<'_>, after: &Json, part: &Part) -> Result<()> {
    let (argument, operation, name) = *part;
    if change.take(argument).is_none() {
        return Ok(());
    }
    let value = after.get(name).cloned().unwrap_or_default();
    let value = match argument {
        "enabled_analysis_types" if value.is_null() => json!([]),
        argument if argument.ends_with("protection") => json!(value == true),
        _ => value,
    };
    call(aws, id, operation, name, value).await
}

/// Puts the firewall into new subnets and zones, and takes it out of others.
async fn places(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    let (gone, new) = change.take_elements("subnet_mapping").unwrap_or_default();
    let (gone, new) = (members(&gone, Subnet::create), members(&new, Subnet::create));
    let kept = |subnet: &Json| new.iter().any(|one| one["SubnetId"] == subnet["SubnetId"]);
    let gone: Vec<Json> = gone.iter().filter(|one| !kept(one)).map(|one| one["SubnetId"].clone()).collect();
    if !new.is_empty() {
        call(aws, id, "AssociateSubnets", "SubnetMappings", json!(new)).await?;
    }
    if !gone.is_empty() {
        call(aws, id, "DisassociateSubnets", "SubnetIds", json!(gone)).await?;
    }
    let (gone, new) = change.take_elements("availability_zone_mapping").unwrap_or_default();
    for (operation, zones) in [("AssociateAvailabilityZones", new), ("DisassociateAvailabilityZones", gone)] {
        if !zones.is_empty() {
            call(aws, id, operation, "AvailabilityZoneMappings", json!(members(&zones, Zone::create))).await?;
        }
    }
    Ok(())
}

impl Plain for AwsNetworkfirewallFirewall {
    const SERVICE: &'static Service = &FIREWALL;
    const CREATE: &'static str = "CreateFirewall";
    const READ: (&'static str, &'static str) = ("DescribeFirewall", "");
    const DELETE: &'static str = "DeleteFirewall";
    const TAGS: Option<Tags> = Some(super::tags("FirewallArn"));

    fn specification() -> Spec<Object> {
        const JUDGED: &[&str] = &["subnet_mapping", "availability_zone_mapping", "firewall_policy_arn"];
        Spec::new("aws_networkfirewall_firewall", |f: &Object| Some(f.id.clone()), <Self as Document>::rows())
            .role(Role::Endpoint(Unjudged::Of("what traffic passes", JUDGED)))
            .unique(&[&["name"]])
            .recover(Recover::Key)
            .undeletable(|firewall| {
                let why = "delete_protection is on; apply with delete_protection = false first";
                (firewall.bool("delete_protection") == Some(true)).then(|| why.to_owned())
            })
            .progress(|f| state(f, "Status", &["PROVISIONING", "DELETING"], &[], &[]))
            .wait_for_deletion()
            .default_timeout(30)
    }

    fn key(id: &str) -> Json {
        json!({"FirewallArn": id})
    }

    fn id(_want: &Attrs, answer: &Json) -> Option<String> {
        member_text(answer, "Firewall.FirewallArn")
    }

    async fn further(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let after = <Self as Document>::create(change.after);
        // What protects is taken away before the rest changes, and is put on after it.
        let off = |part: &&Part| part.0.ends_with("protection") && after.get(part.2).is_none_or(|value| *value != true);
        let (first, last): (Vec<&Part>, Vec<&Part>) = PARTS.iter().partition(off);
        for each in first {
            part(aws, id, change, &after, each).await?;
        }
        places(aws, id, change).await?;
        for each in last.into_iter().rev() {
            part(aws, id, change, &after, each).await?;
        }
        Ok(())
    }

    async fn found(aws: &Aws, want: &Attrs) -> Result<Vec<String>> {
        Ok(vec![super::arn(aws, "firewall", want.str("name").unwrap_or_default())])
    }

    async fn more(_aws: &Aws, _id: &str, json: Json) -> Result<Json> {
        Ok(with_status(json["Firewall"].clone(), &json))
    }
}

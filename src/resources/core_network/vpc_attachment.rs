//! aws_networkmanager_vpc_attachment: joins a VPC to a core network, which may have to accept it. One that waits is not
//! changed, and is rejected before it can be deleted.

use super::{ASKING, PENDING};
use crate::aws::api::services::NETWORK_MANAGER;
use crate::aws::api::{Service, items, member, member_text};
use crate::resources::document::{Document, One, document};
use crate::resources::plain::{Object, Plain, Tags, joined, state};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    Options {
        appliance_mode_support = "ApplianceModeSupport": Flag [.optional_computed()];
        dns_support = "DnsSupport": Flag [.optional_computed()];
        ipv6_support = "Ipv6Support": Flag [.optional_computed()];
        security_group_referencing_support = "SecurityGroupReferencingSupport": Flag [.optional_computed()];
    }
}
document! {
    /// The resource type `aws_networkmanager_vpc_attachment`.
    pub AwsNetworkmanagerVpcAttachment {
        arn = "arn": Text, read [.computed()];
        attachment_policy_rule_number = "Attachment.AttachmentPolicyRuleNumber": Int, read [.computed()];
        attachment_type = "Attachment.AttachmentType": Text, read [.computed()];
        core_network_arn = "Attachment.CoreNetworkArn": Text, read [.computed()];
        core_network_id = "CoreNetworkId": Text, create
            [.required().force_new().read(|l| member_text(l.held(), "Attachment.CoreNetworkId").into())];
        edge_location = "Attachment.EdgeLocation": Text, read [.computed()];
        options = "Options": One<Options> [.stays()];
        owner_account_id = "Attachment.OwnerAccountId": Text, read [.computed()];
        resource_arn = "Attachment.ResourceArn": Text, read [.computed()];
        routing_policy_label = "RoutingPolicyLabel": Text;
        segment_name = "Attachment.SegmentName": Text, read [.computed()];
        state = "Attachment.State": Text, read [.computed()];
        subnet_arns = "SubnetArns": Texts [.required()];
        vpc_arn = "VpcArn": Text, create
            [.required().force_new().read(|l| member_text(l.held(), "Attachment.ResourceArn").into())];
    }
}

fn asks(object: &Object) -> bool {
    member_text(&object.json, "Attachment.State").is_some_and(|state| ASKING.contains(&&*state))
}

impl Plain for AwsNetworkmanagerVpcAttachment {
    const SERVICE: &'static Service = &NETWORK_MANAGER;
    const CREATE: &'static str = "CreateVpcAttachment POST /vpc-attachments";
    const READ: (&'static str, &'static str) =
        ("GetVpcAttachment GET /vpc-attachments/{AttachmentId}", "VpcAttachment");
    const DELETE: &'static str = "DeleteAttachment DELETE /attachments/{AttachmentId}";
    const TAGS: Option<Tags> = Some(Tags {
        list: "",
        set: "TagResource POST /tags/{ResourceArn}",
        unset: "UntagResource DELETE /tags/{ResourceArn}",
        by: ("ResourceArn", "arn"),
        members: ("Tags", "tagKeys"),
        create: "Tags",
        pairs: Some(("Key", "Value")),
    });

    fn specification() -> Spec<Object> {
        let id = |a: &Object| Some(a.id.clone());
        Spec::new("aws_networkmanager_vpc_attachment", id, <Self as Document>::rows())
            .role(Role::Gateway(Unjudged::All("routes")))
            .global()
            .recover(Recover::ClientToken)
            .unique(&[&["core_network_id", "vpc_arn"]])
            .replace_when(|before, after| {
                let waits = before.str("state").is_some_and(|state| ASKING.contains(&state));
                let differs = after.is_given("options") && before.get("options") != after.get("options");
                if waits && differs { vec!["options"] } else { Vec::new() }
            })
            .progress(|a| state(a, "Attachment.State", &PENDING, &["FAILED"], &[]))
            .wait_for_deletion()
            .default_timeout(15)
    }

    fn key(id: &str) -> Json {
        json!({"AttachmentId": id})
    }

    fn id(_want: &Attrs, answer: &Json) -> Option<String> {
        member_text(answer, "VpcAttachment.Attachment.AttachmentId")
    }

    fn input(_aws: &Aws, want: &Attrs, token: &Token) -> Json {
        joined(<Self as Document>::create(want), json!({"ClientToken": token.0}))
    }

    async fn further(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let network = change.after.str("core_network_id");
        let call = |operation, input: Json| {
            let input = joined(json!({"AttachmentId": id}), input);
            aws.write.api.call(&NETWORK_MANAGER, operation, input)
        };
        let mut input = json!({});
        if change.take("options").is_some()
            && let Some(options) = change.after.blocks("options").first()
        {
            input["Options"] = Options::create(options);
        }
        let [gone, new] = change.take_texts("subnet_arns");
        for (name, all) in [("AddSubnetArns", new), ("RemoveSubnetArns", gone)] {
            if let Some(all) = all.filter(|all| !all.is_empty()) {
                input[name] = all.into();
            }
        }
        if input.as_object().is_some_and(|members| !members.is_empty()) {
            call("UpdateVpcAttachment PATCH /vpc-attachments/{AttachmentId}", input).await?;
            let done = |now: Option<&Object>| {
                now.is_none_or(|a| !matches!(state(a, "Attachment.State", &PENDING, &[], &[]), Progress::Pending(_)))
            };
            settle::seen_within::<Self>(600, aws, id, "the attachment to be changed", done).await?;
        }
        if let Some(label) = change.take("routing_policy_label") {
            let by = json!({"CoreNetworkId": network});
            match label.as_str().filter(|label| !label.is_empty()) {
                Some(label) => {
                    let input = joined(by, json!({"RoutingPolicyLabel": label}));
                    call("PutAttachmentRoutingPolicyLabel POST /routing-policy-label", input).await?;
                }
                None => {
                    let operation = "RemoveAttachmentRoutingPolicyLabel DELETE \
                                     /routing-policy-label/core-network/{CoreNetworkId}/attachment/{AttachmentId}";
                    call(operation, by).await?;
                }
            }
        }
        Ok(())
    }

    async fn more(aws: &Aws, id: &str, mut json: Json) -> Result<Json> {
        let owner = member_text(&json, "Attachment.OwnerAccountId").unwrap_or_else(|| aws.account.to_string());
        json["arn"] = format!("arn:{}:networkmanager::{owner}:attachment/{id}", aws.partition).into();
        json["Tags"] = member(&json, "Attachment.Tags").cloned().unwrap_or_default();
        let operation =
            "ListAttachmentRoutingPolicyAssociations GET /routing-policy-label/core-network/{CoreNetworkId}";
        let by = json!({"CoreNetworkId": member(&json, "Attachment.CoreNetworkId"), "attachmentId": id});
        let answer = aws.read.api.call(&NETWORK_MANAGER, operation, by).await?;
        let found = items(&answer, "AttachmentRoutingPolicyAssociations");
        let own = found.iter().find(|one| one["AttachmentId"] == id);
        json["RoutingPolicyLabel"] = own.map(|one| one["RoutingPolicyLabel"].clone()).unwrap_or_default();
        Ok(json)
    }

    async fn before_delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<bool> {
        if settle::now::<Self>(aws, id).await.is_ok_and(|now| asks(&now)) {
            let operation = "RejectAttachment POST /attachments/{AttachmentId}/reject";
            aws.write.api.call(&NETWORK_MANAGER, operation, Self::key(id)).await?;
            let done = |now: Option<&Object>| now.is_none_or(|a| !asks(a));
            settle::seen::<Self>(aws, id, "the attachment to be rejected", done).await?;
        }
        Ok(true)
    }
}

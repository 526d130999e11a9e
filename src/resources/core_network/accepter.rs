//! aws_networkmanager_attachment_accepter: lets an attachment into a core network. It makes nothing: it accepts what waits,
//! and is not there before. Deleting the one of a VPC deletes the attachment, as Terraform's provider does it.

use super::{ASKING, PENDING};
use crate::aws::api::services::NETWORK_MANAGER;
use crate::aws::api::{Pages, member_text};
use crate::resources::block::TextList;
use crate::resources::document::{Document, document};
use crate::resources::plain::{Object, state};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

const TYPES: [&str; 5] =
    ["CONNECT", "SITE_TO_SITE_VPN", "VPC", "DIRECT_CONNECT_GATEWAY", "TRANSIT_GATEWAY_ROUTE_TABLE"];

document! {
    /// The resource type `aws_networkmanager_attachment_accepter`.
    pub AwsNetworkmanagerAttachmentAccepter {
        attachment_id = "AttachmentId": Text, read [.required().force_new()];
        attachment_policy_rule_number = "AttachmentPolicyRuleNumber": Int, read [.computed()];
        attachment_type = "AttachmentType": Text, read [.required().force_new().check(|v| checks::one_of(v, &TYPES))];
        core_network_arn = "CoreNetworkArn": Text, read [.computed()];
        core_network_id = "CoreNetworkId": Text, read [.computed()];
        edge_location = "EdgeLocation": Text, read [.computed()];
        edge_locations = "EdgeLocations": TextList, read [.computed()];
        owner_account_id = "OwnerAccountId": Text, read [.computed()];
        resource_arn = "ResourceArn": Text, read [.computed()];
        segment_name = "SegmentName": Text, read [.computed()];
        state = "State": Text, read [.computed()];
    }
}

/// Whether an attachment still waits for somebody.
fn asks(attachment: &Json) -> bool {
    member_text(attachment, "State").is_some_and(|state| ASKING.contains(&&*state))
}

/// The attachments with these ids, of any type.
async fn listed(aws: &Aws, ids: &[String]) -> Result<Vec<(String, Json)>> {
    let pages = Pages("nextToken", "NextToken");
    let operation = "ListAttachments GET /attachments";
    let all = aws.read.api.list(&NETWORK_MANAGER, operation, json!({}), pages, "Attachments").await?;
    let known = all.into_iter().filter_map(|json| Some((member_text(&json, "AttachmentId")?, json)));
    Ok(known.filter(|(id, _)| ids.contains(id)).collect())
}

impl Resource for AwsNetworkmanagerAttachmentAccepter {
    type Live = Object;

    fn spec() -> Spec<Object> {
        let id = |a: &Object| Some(a.id.clone());
        Spec::new("aws_networkmanager_attachment_accepter", id, <Self as Document>::rows())
            .role(Role::Gateway(Unjudged::All("routes")))
            .global()
            .unique(&[&["attachment_id"]])
            .recover(Recover::Key)
            .progress(|a| state(a, "State", &PENDING, &["FAILED"], &[]))
            .wait_for_deletion()
            .default_timeout(15)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Object>> {
        let ids = which.by("attachment_id");
        let all = if ids.is_empty() { Vec::new() } else { listed(aws, &ids).await? };
        let accepted = all.into_iter().filter(|(_, json)| !asks(json));
        Ok(accepted.map(|(id, json)| Object { id, json, tags: Vec::new() }).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let id = want.string("attachment_id").unwrap_or_default();
        let found = listed(aws, std::slice::from_ref(&id)).await?;
        let Some((_, attachment)) = found.first() else {
            return Err(Error::new(
                Kind::Refused,
                format!("no attachment {id} waits for a core network of this account"),
            ));
        };
        let (wanted, is) = (want.str("attachment_type"), member_text(attachment, "AttachmentType"));
        if wanted != is.as_deref() {
            let is = is.unwrap_or_default();
            return Err(Error::new(Kind::Refused, format!("{id} is of the type {is}; give that as attachment_type")));
        }
        if asks(attachment) {
            let operation = "AcceptAttachment POST /attachments/{AttachmentId}/accept";
            aws.write.api.call(&NETWORK_MANAGER, operation, json!({"AttachmentId": id})).await?;
        }
        Ok(id)
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        if last.str("attachment_type") == Some("VPC") {
            let operation = "DeleteAttachment DELETE /attachments/{AttachmentId}";
            aws.write.api.call(&NETWORK_MANAGER, operation, json!({"AttachmentId": id})).await?;
        }
        Ok(())
    }
}

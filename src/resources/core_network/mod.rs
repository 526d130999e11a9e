//! The Cloud WAN family: what joins networks to a core network. The service is in one region, its objects are in none.

mod accepter;
pub(super) mod allowed;
mod vpc_attachment;

use super::any::{AnyResource, Registry, add};

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<accepter::AwsNetworkmanagerAttachmentAccepter>(all);
    add::<vpc_attachment::AwsNetworkmanagerVpcAttachment>(all);
}

/// States of an attachment that pass by themselves.
const PENDING: [&str; 4] = ["CREATING", "UPDATING", "PENDING_NETWORK_UPDATE", "DELETING"];
/// States in which an attachment waits for somebody.
const ASKING: [&str; 2] = ["PENDING_ATTACHMENT_ACCEPTANCE", "PENDING_TAG_ACCEPTANCE"];

//! aws_dx_gateway_association_proposal: offers a gateway of one's own to the Direct Connect gateway of another account.

use super::Prefixes;
use crate::aws::api::services::DIRECT_CONNECT;
use crate::aws::api::{Pages, Service, member_text};
use crate::resources::document::{Document, document};
use crate::resources::plain::{Object, Plain, state};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    /// The resource type `aws_dx_gateway_association_proposal`.
    pub AwsDxGatewayAssociationProposal {
        allowed_prefixes = "addAllowedPrefixesToDirectConnectGateway": Prefixes, create
            [.optional_computed().force_new().read(|l| requested(l.held()))];
        associated_gateway_id = "gatewayId": Text, create
            [.required().force_new().read(|l| member_text(l.held(), "associatedGateway.id").into())];
        associated_gateway_owner_account_id = "associatedGateway.ownerAccount": Text, read [.computed()];
        associated_gateway_type = "associatedGateway.type": Text, read [.computed()];
        dx_gateway_id = "directConnectGatewayId": Text [.required().force_new()];
        dx_gateway_owner_account_id = "directConnectGatewayOwnerAccount": Text [.required().force_new()];
    }
}

const LIST: (&str, &str) =
    ("DescribeDirectConnectGatewayAssociationProposals", "directConnectGatewayAssociationProposals");

/// The ranges that were asked for. Who accepts a proposal may write others over them, which then do not count.
fn requested(live: &Json) -> Value {
    if member_text(live, "proposalState").as_deref() == Some("accepted") {
        return Value::unknown(Type::set(Type::String));
    }
    crate::resources::document::at::<Prefixes>(live, "requestedAllowedPrefixesToDirectConnectGateway")
}

impl Plain for AwsDxGatewayAssociationProposal {
    const SERVICE: &'static Service = &DIRECT_CONNECT;
    const CREATE: &'static str = "CreateDirectConnectGatewayAssociationProposal";
    const READ: (&'static str, &'static str) = LIST;
    const DELETE: &'static str = "DeleteDirectConnectGatewayAssociationProposal";

    fn specification() -> Spec<Object> {
        let id = |p: &Object| Some(p.id.clone());
        Spec::new("aws_dx_gateway_association_proposal", id, <Self as Document>::rows())
            .role(Role::Gateway(Unjudged::None("it only asks")))
            .recover(Recover::Key)
            .unique(&[&["dx_gateway_id", "associated_gateway_id"]])
            .progress(|p| state(p, "proposalState", &[], &[], &["deleted"]))
    }

    fn key(id: &str) -> Json {
        json!({"proposalId": id})
    }

    fn id(_want: &Attrs, answer: &Json) -> Option<String> {
        member_text(answer, "directConnectGatewayAssociationProposal.proposalId")
    }

    async fn found(aws: &Aws, want: &Attrs) -> Result<Vec<String>> {
        let by = json!({
            "directConnectGatewayId": want.str("dx_gateway_id"),
            "associatedGatewayId": want.str("associated_gateway_id"),
        });
        let all = aws.read.api.list(&DIRECT_CONNECT, LIST.0, by, Pages("nextToken", "nextToken"), LIST.1).await?;
        let open = all.iter().filter(|one| one["proposalState"] == "requested");
        Ok(open.filter_map(|one| member_text(one, "proposalId")).collect())
    }
}

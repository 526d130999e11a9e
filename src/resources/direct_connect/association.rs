//! aws_dx_gateway_association: joins a Direct Connect gateway to a virtual private or a transit gateway, one's own or one
//! that another account has proposed. Its id is made of both gateways; it is imported by them.

use super::{Prefixes, prefix};
use crate::aws::api::services::DIRECT_CONNECT;
use crate::aws::api::{items, member_text};
use crate::resources::document::{Document, Member, document};
use crate::resources::plain::{Object, joined};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    /// The resource type `aws_dx_gateway_association`.
    pub AwsDxGatewayAssociation {
        allowed_prefixes = "allowedPrefixesToDirectConnectGateway": Prefixes, read [.optional_computed()];
        associated_gateway_id = "associatedGateway.id": Text, read [.optional_computed().force_new()];
        associated_gateway_owner_account_id = "associatedGateway.ownerAccount": Text, read
            [.optional_computed().force_new()];
        associated_gateway_type = "associatedGateway.type": Text, read [.computed()];
        dx_gateway_association_id = "associationId": Text, read [.computed()];
        dx_gateway_id = "directConnectGatewayId": Text, read [.required().force_new()];
        dx_gateway_owner_account_id = "directConnectGatewayOwnerAccount": Text, read [.computed()];
        proposal_id = "": Text, none;
        transit_gateway_attachment_id = "attachment": Text, read [.computed()];
    }
}

const LIST: (&str, &str) = ("DescribeDirectConnectGatewayAssociations", "directConnectGatewayAssociations");
const PREFIX: &str = "ga-";
/// The length of the id of a Direct Connect gateway, a UUID.
const GATEWAY: usize = 36;

fn id(dx_gateway: &str, gateway: &str) -> String {
    format!("{PREFIX}{dx_gateway}{gateway}")
}

/// The two gateways in an id.
fn gateways(id: &str) -> Option<(&str, &str)> {
    id.strip_prefix(PREFIX)?.split_at_checked(GATEWAY)
}

/// The attachment by which a transit gateway reaches the Direct Connect gateway, if this account may see it.
async fn attachment(aws: &Aws, dx_gateway: &str, gateway: &str) -> Result<Option<String>> {
    let by = vec![
        filter("resource-type", "direct-connect-gateway"),
        filter("resource-id", dx_gateway),
        filter("transit-gateway-id", gateway),
    ];
    let call = aws.read.ec2.describe_transit_gateway_attachments().set_filters(Some(by));
    let all = all_of(call.into_paginator().items().send()).await?;
    Ok(all.first().and_then(|one| one.transit_gateway_attachment_id()).map(str::to_owned))
}

async fn between(aws: &Aws, dx_gateway: &str, gateway: &str) -> Result<Option<Object>> {
    let input = json!({"directConnectGatewayId": dx_gateway, "associatedGatewayId": gateway});
    let answer = aws.read.api.call(&DIRECT_CONNECT, LIST.0, input).await?;
    let Some(mut json) = items(&answer, LIST.1).into_iter().next() else { return Ok(None) };
    if json["associatedGateway"]["type"] == "transitGateway" {
        json["attachment"] = attachment(aws, dx_gateway, gateway).await?.into();
    }
    Ok(Some(Object { id: id(dx_gateway, gateway), json, tags: Vec::new() }))
}

/// The gateway that the layout means, by itself or by its proposal.
async fn meant(aws: &Aws, want: &Attrs) -> Result<Option<String>> {
    let (None, Some(proposal)) = (text(want, "associated_gateway_id"), text(want, "proposal_id")) else {
        return Ok(text(want, "associated_gateway_id"));
    };
    let operation = "DescribeDirectConnectGatewayAssociationProposals";
    let answer = aws.read.api.call(&DIRECT_CONNECT, operation, json!({"proposalId": proposal})).await?;
    let found = items(&answer, "directConnectGatewayAssociationProposals");
    Ok(found.first().and_then(|one| member_text(one, "associatedGateway.id")))
}

fn check(want: &Attrs) -> Faults {
    let given = |name: &str| want.is_unknown(name) || text(want, name).is_some();
    faults! {
        given("proposal_id") && !given("associated_gateway_owner_account_id") => "associated_gateway_owner_account_id",
            "a proposal is accepted by its id and the account that made it: give both";
    }
}

fn parse(text: &str) -> Option<Vec<(&'static str, Value)>> {
    let (dx_gateway, gateway) = text.split_once('/')?;
    Some(vec![("dx_gateway_id", dx_gateway.into()), ("associated_gateway_id", gateway.into())])
}

impl Resource for AwsDxGatewayAssociation {
    type Live = Object;

    fn spec() -> Spec<Object> {
        Spec::new("aws_dx_gateway_association", |a: &Object| Some(a.id.clone()), <Self as Document>::rows())
            .role(Role::Gateway(Unjudged::All("routes")))
            .import("DXGATEWAYID/ASSOCIATEDGATEWAYID", parse)
            .recover(Recover::Key)
            .unique(&[&["dx_gateway_id", "associated_gateway_id"]])
            .exactly_one(&[&["associated_gateway_id", "proposal_id"]])
            .conflicts(&[&["associated_gateway_id", "associated_gateway_owner_account_id"]])
            .check(check)
            .progress(|a| super::progress(a, "associationState"))
            .wait_for_deletion()
            .default_timeout(30)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Object>> {
        let pairs: Vec<(String, String)> = match which {
            Which::Ids(ids) => {
                ids.iter().filter_map(|id| gateways(id)).map(|(a, b)| (a.to_owned(), b.to_owned())).collect()
            }
            Which::NaturalKey(want) => {
                let gateway = meant(aws, want).await?;
                want.string("dx_gateway_id").zip(gateway).into_iter().collect()
            }
            Which::Token(_) => Vec::new(),
        };
        let found = each(pairs, |(dx_gateway, gateway)| async move { between(aws, &dx_gateway, &gateway).await });
        Ok(found.await?.into_iter().flatten().collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let dx_gateway = want.string("dx_gateway_id").unwrap_or_default();
        let prefixes = Prefixes::put(want, "allowed_prefixes");
        let key = json!({"directConnectGatewayId": dx_gateway});
        let (operation, input) = match text(want, "proposal_id") {
            Some(proposal) => (
                "AcceptDirectConnectGatewayAssociationProposal",
                json!({
                    "proposalId": proposal,
                    "associatedGatewayOwnerAccount": want.str("associated_gateway_owner_account_id"),
                    "overrideAllowedPrefixesToDirectConnectGateway": prefixes,
                }),
            ),
            None => (
                "CreateDirectConnectGatewayAssociation",
                json!({
                    "gatewayId": want.str("associated_gateway_id"),
                    "addAllowedPrefixesToDirectConnectGateway": prefixes,
                }),
            ),
        };
        let input = without_nulls(joined(key, input));
        let answer = aws.write.api.call(&DIRECT_CONNECT, operation, input).await?;
        let gateway = member_text(&answer, "directConnectGatewayAssociation.associatedGateway.id");
        made(gateway.map(|gateway| id(&dx_gateway, &gateway)).as_deref())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        // A proposal is done with once it is accepted.
        change.take("proposal_id");
        let [gone, new] = change.take_texts("allowed_prefixes");
        let prefixes = |all: Vec<String>| Json::from(all.into_iter().map(prefix).collect::<Vec<_>>());
        if gone.is_some() || new.is_some() {
            let input = json!({
                "associationId": change.before.str("dx_gateway_association_id"),
                "addAllowedPrefixesToDirectConnectGateway": new.map(prefixes),
                "removeAllowedPrefixesToDirectConnectGateway": gone.map(prefixes),
            });
            let operation = "UpdateDirectConnectGatewayAssociation";
            aws.write.api.call(&DIRECT_CONNECT, operation, without_nulls(input)).await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let input = json!({"associationId": last.str("dx_gateway_association_id")});
        aws.write.api.call(&DIRECT_CONNECT, "DeleteDirectConnectGatewayAssociation", input).await?;
        Ok(())
    }
}

fn without_nulls(mut input: Json) -> Json {
    if let Some(members) = input.as_object_mut() {
        members.retain(|_, value| !value.is_null());
    }
    input
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_holds_both_gateways() {
        let dx = "6af4dd35-4b51-4c54-9c53-0a2f8a0e6a4b";
        assert_eq!(gateways(&id(dx, "tgw-0123")), Some((dx, "tgw-0123")));
        assert_eq!(gateways("ga-short"), None);
        assert_eq!(gateways(dx), None);
    }
}

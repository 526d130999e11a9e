//! aws_nat_gateway_eip_association: a further public address of a NAT gateway, as an object of its own.

use super::nat_gateway::{drop_addresses, listed};
use crate::resources::prelude::*;
use aws_sdk_ec2::types::{NatGatewayAddress, NatGatewayAddressStatus as Status};

/// The resource type `aws_nat_gateway_eip_association`.
pub struct AwsNatGatewayEipAssociation;

/// An address with its gateway.
pub struct Held {
    gateway: String,
    address: NatGatewayAddress,
}

held!(Held: address as NatGatewayAddress);

static KEY: Composite = Composite::new(&["nat_gateway_id", "allocation_id"], ",");

table! {
    Rows: NatGatewayAddress {
        allocation_id: Text, read [.required().force_new()];
        association_id: Text, read [.computed()];
    }
}

impl Resource for AwsNatGatewayEipAssociation {
    type Live = Held;

    fn spec() -> Spec<Held> {
        let gateway = A::string("nat_gateway_id").required().force_new().read(|h: &Held| (&h.gateway).into());
        let rows = Rows::rows().into_iter().chain([gateway]).collect();
        Spec::composite("aws_nat_gateway_eip_association", &KEY, rows)
            .role(Role::Address(Unjudged::All("addresses")))
            .wait_for_deletion()
            .progress(|h| match h.address.status() {
                Some(Status::Failed) => Progress::Failed(h.address.failure_message().unwrap_or("failed").into()),
                Some(Status::Succeeded) | None => Progress::Ready,
                Some(other) => Progress::Pending(other.as_str().into()),
            })
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Held>> {
        let gateways = listed(aws, filtered("nat-gateway-id", &which.parts(&KEY, "nat_gateway_id"))).await?;
        let of = |gateway: aws_sdk_ec2::types::NatGateway| {
            let id = gateway.nat_gateway_id.unwrap_or_default();
            let all = gateway.nat_gateway_addresses.unwrap_or_default().into_iter();
            all.filter(|a| a.allocation_id().is_some()).map(move |address| Held { gateway: id.clone(), address })
        };
        let there = gateways.into_iter().filter(|g| g.state().is_none_or(|s| s.as_str() != "deleted"));
        Ok(there.flat_map(of).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let call = aws.write.ec2.associate_nat_gateway_address().set_nat_gateway_id(want.string("nat_gateway_id"));
        call.set_allocation_ids(want.string("allocation_id").map(|id| vec![id])).send().await?;
        made(KEY.id(want).as_deref())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let gateway = last.str("nat_gateway_id").unwrap_or_default();
        drop_addresses(aws, gateway, last.string("allocation_id").into_iter().collect()).await
    }
}

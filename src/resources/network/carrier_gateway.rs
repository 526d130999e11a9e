//! aws_ec2_carrier_gateway: the way out of a VPC into the network of a carrier.

use crate::resources::prelude::*;
use aws_sdk_ec2::types::{CarrierGateway, CarrierGatewayState as State, ResourceType};

/// The resource type `aws_ec2_carrier_gateway`.
pub struct AwsEc2CarrierGateway;

type Live = WithArn<CarrierGateway>;

table! {
    Rows: Live {
        arn: Text, read [.computed()];
        owner_id: Text, read [.computed()];
        vpc_id: Text, read [.required().force_new()];
    }
}

impl Resource for AwsEc2CarrierGateway {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::new("aws_ec2_carrier_gateway", |g: &Live| g.carrier_gateway_id().map(Into::into), Rows::rows::<Live>())
            .role(Role::Gateway(Unjudged::All("routes")))
            .tags(|g| tags::read(g.tags()))
            .unique(&[&["vpc_id"]])
            .recover(Recover::ClientToken)
            .progress(|g| match g.state() {
                Some(State::Available) | None => Progress::Ready,
                Some(State::Deleted) => Progress::Gone,
                Some(other) => Progress::Pending(other.as_str().into()),
            })
            .wait_for_deletion()
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let filters = tags::filters(which, "carrier-gateway-id", &[("vpc-id", "vpc_id")]);
        let found = listed!(aws, describe_carrier_gateways, filters).await?;
        Ok(WithArn::all(aws, "carrier-gateway", found, CarrierGateway::carrier_gateway_id))
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = aws.write.ec2.create_carrier_gateway().set_vpc_id(want.string("vpc_id")).client_token(&token.0);
        let tags = tags::at_creation(ResourceType::CarrierGateway, want, token);
        let answer = call.tag_specifications(tags).send().await?;
        made(answer.carrier_gateway().and_then(CarrierGateway::carrier_gateway_id))
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.ec2.delete_carrier_gateway().carrier_gateway_id(id).send().await)
    }
}

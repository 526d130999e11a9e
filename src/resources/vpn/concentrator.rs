//! aws_vpn_concentrator: many small VPN connections over one attachment of a transit gateway.

use super::listed;
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::create_vpn_concentrator::builders::CreateVpnConcentratorFluentBuilder as Create;
use aws_sdk_ec2::types::{ResourceType, VpnConcentrator};

/// The resource type `aws_vpn_concentrator`.
pub struct AwsVpnConcentrator;

table! {
    Rows: VpnConcentrator, create Create {
        transit_gateway_id: Text [.required().force_new()];
        r#type: EnumCell [.required().force_new()];
        transit_gateway_attachment_id: Text, read [.computed()];
        vpn_concentrator_id: Text, read [.computed()];
    }
}

impl Resource for AwsVpnConcentrator {
    type Live = VpnConcentrator;

    fn spec() -> Spec<VpnConcentrator> {
        Spec::new("aws_vpn_concentrator", |c: &VpnConcentrator| c.vpn_concentrator_id().map(Into::into), Rows::rows())
            .role(Role::Gateway(Unjudged::All("routes")))
            .tags(|c| tags::read(c.tags()))
            .unique(&[])
            .wait_for_deletion()
            .progress(|c| listed::progress(c.state()))
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<VpnConcentrator>> {
        let by = [("transit-gateway-id", "transit_gateway_id")];
        listed!(aws, describe_vpn_concentrators, tags::filters(which, "vpn-concentrator-id", &by)).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let tags = tags::at_creation(ResourceType::VpnConcentrator, want, token);
        let call = Rows::create(aws.write.ec2.create_vpn_concentrator(), want).tag_specifications(tags);
        made(call.send().await?.vpn_concentrator().and_then(VpnConcentrator::vpn_concentrator_id))
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.ec2.delete_vpn_concentrator().vpn_concentrator_id(id).send().await)
    }
}

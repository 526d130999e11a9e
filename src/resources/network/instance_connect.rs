//! aws_ec2_instance_connect_endpoint: a way to the instances of a VPC without a public address.

use super::ipam::progress;
use crate::resources::block::TextList;
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::create_instance_connect_endpoint::builders::CreateInstanceConnectEndpointFluentBuilder as Create;
use aws_sdk_ec2::operation::modify_instance_connect_endpoint::builders::ModifyInstanceConnectEndpointFluentBuilder as Modify;
use aws_sdk_ec2::types::{Ec2InstanceConnectEndpoint as Endpoint, ResourceType};

/// The resource type `aws_ec2_instance_connect_endpoint`.
pub struct AwsEc2InstanceConnectEndpoint;

table! {
    Rows: Endpoint, create Create, modify Modify {
        arn = instance_connect_endpoint_arn: Text, read [.computed()];
        availability_zone: Text, read [.computed()];
        dns_name: Text, read [.computed()];
        fips_dns_name: Text, read [.computed()];
        ip_address_type: EnumCell, read, create, modify [.optional_computed()];
        network_interface_ids: TextList, read [.computed()];
        owner_id: Text, read [.computed()];
        preserve_client_ip: Flag, read, create, modify [.optional_computed()];
        security_group_ids: Texts, read, create, modify [.optional_computed()];
        subnet_id: Text [.required().force_new()];
        vpc_id: Text, read [.computed()];
    }
}

impl Resource for AwsEc2InstanceConnectEndpoint {
    type Live = Endpoint;

    fn spec() -> Spec<Endpoint> {
        let id = |e: &Endpoint| e.instance_connect_endpoint_id().map(Into::into);
        Spec::new("aws_ec2_instance_connect_endpoint", id, Rows::rows())
            .role(Role::Endpoint(Unjudged::All("endpoints")))
            .tags(|e| tags::read(e.tags()))
            .unique(&[])
            .recover(Recover::ClientToken)
            .progress(|e| progress(e.state().map(|s| s.as_str()), e.state_message()))
            .wait_for_deletion()
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Endpoint>> {
        let filters = tags::filters(which, "instance-connect-endpoint-id", &[("subnet-id", "subnet_id")]);
        listed!(aws, describe_instance_connect_endpoints, filters).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.ec2.create_instance_connect_endpoint(), want).client_token(&token.0);
        let tags = tags::at_creation(ResourceType::InstanceConnectEndpoint, want, token);
        let answer = call.tag_specifications(tags).send().await?;
        made(answer.instance_connect_endpoint().and_then(Endpoint::instance_connect_endpoint_id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let call = aws.write.ec2.modify_instance_connect_endpoint().instance_connect_endpoint_id(id);
        if let Some(call) = Rows::modify(call, change) {
            call.send().await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.ec2.delete_instance_connect_endpoint().instance_connect_endpoint_id(id).send().await)
    }
}

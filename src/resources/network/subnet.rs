//! aws_subnet: an address range of a VPC in one Availability Zone.

use crate::aws::{Aws, Result, filter, filtered, made};
use crate::resource::{Attrs, Change, checks};
use crate::resources::spec::{self, Progress, Resource, Spec, Token, Which};
use crate::resources::tags;
use aws_sdk_ec2::types::{AttributeBooleanValue, ResourceType, Subnet, SubnetState};

type A = spec::A<Subnet>;

/// See the module.
pub struct AwsSubnet;

impl Resource for AwsSubnet {
    type Live = Subnet;

    fn spec() -> Spec<Subnet> {
        let [tags, tags_all] = A::tags(|s| tags::read(s.tags()));
        Spec::new(
            "aws_subnet",
            |s| s.subnet_id().map(Into::into),
            vec![
                A::string("vpc_id").required().force_new().read(|s| s.vpc_id().into()),
                A::string("cidr_block").force_new().check(checks::ipv4_block).read(|s| s.cidr_block().into()),
                A::string("availability_zone").optional_computed().force_new().read(|s| s.availability_zone().into()),
                A::bool("map_public_ip_on_launch").default(false).read(|s| s.map_public_ip_on_launch().into()),
                A::string("arn").computed().read(|s| s.subnet_arn().into()),
                tags,
                tags_all,
            ],
        )
        .progress(|s| match s.state() {
            Some(SubnetState::Available) => Progress::Ready,
            other => Progress::Pending(other.map_or("pending", SubnetState::as_str).into()),
        })
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Subnet>> {
        let filters = match which {
            Which::Ids(ids) => filtered("subnet-id", ids),
            Which::Token(token) => vec![vec![tags::token_filter(token)]],
            Which::Like(want) => vec![vec![
                filter("vpc-id", want.str("vpc_id").unwrap_or_default()),
                filter("cidr-block", want.str("cidr_block").unwrap_or_default()),
            ]],
        };
        aws.pages(filters, |f| aws.read.ec2.describe_subnets().set_filters(Some(f)).into_paginator().items().send())
            .await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let answer = aws
            .write
            .ec2
            .create_subnet()
            .set_vpc_id(want.string("vpc_id"))
            .set_cidr_block(want.string("cidr_block"))
            .set_availability_zone(want.string("availability_zone"))
            .tag_specifications(tags::at_creation(ResourceType::Subnet, want, token))
            .send()
            .await?;
        made(answer.subnet().and_then(Subnet::subnet_id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if let Some(on) = change.take_bool("map_public_ip_on_launch") {
            let value = AttributeBooleanValue::builder().value(on).build();
            aws.write.ec2.modify_subnet_attribute().subnet_id(id).map_public_ip_on_launch(value).send().await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        aws.write.ec2.delete_subnet().subnet_id(id).send().await?;
        Ok(())
    }
}

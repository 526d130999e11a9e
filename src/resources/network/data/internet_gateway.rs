//! data aws_internet_gateway: one internet gateway that is there.

use crate::aws::{Aws, Result};
use crate::resources::lookup::{Row, as_resource, filters, found, here, lookup_rows, mirrored, schema};
use crate::resources::network::internet_gateway::AwsInternetGateway;
use crate::resources::spec::{DataSource, rows};
use crate::schema::{Attrs, Schema};
use crate::value::{Type, Value};
use aws_sdk_ec2::types::{AttachmentStatus, InternetGatewayAttachment};

/// The data source `aws_internet_gateway`.
pub struct InternetGatewayData;

const BY: [(&str, &str); 2] = [("id", "internet-gateway-id"), ("internet_gateway_id", "internet-gateway-id")];

fn attachment_type() -> Type {
    Type::object(["state", "vpc_id"].map(|n| (n, Type::String)))
}

fn attachment(a: &InternetGatewayAttachment) -> Value {
    let state = a.state().map(AttachmentStatus::as_str);
    Value::object([("state", Value::from(state)), ("vpc_id", a.vpc_id().into())])
}

impl DataSource for InternetGatewayData {
    fn schema() -> Schema {
        let by = BY.iter().map(|(name, _)| Row::string(name).optional_computed());
        let attachments = Row::of("attachments", Type::list(attachment_type())).computed();
        let same = mirrored::<AwsInternetGateway>(&["arn", "owner_id"]);
        schema("aws_internet_gateway", rows(by.chain(same).chain([attachments]).chain(lookup_rows())))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let call = |f| aws.read.ec2.describe_internet_gateways().set_filters(Some(f)).into_paginator().items().send();
        let listed = aws.pages(vec![filters(config, &BY)], call).await?;
        let ids = listed.into_iter().filter_map(|g| g.internet_gateway_id).collect();
        let (gateway, attrs) = as_resource::<AwsInternetGateway>(&aws, ids, "internet gateway").await?;
        let attachments = gateway.gateway.attachments().iter().map(attachment).collect();
        let id = attrs.string("id");
        Ok(found(config, &aws, &attrs)
            .with("attachments", Value::list(attachment_type(), attachments))
            .with("internet_gateway_id", id))
    }
}

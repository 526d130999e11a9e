//! data aws_internet_gateway: one internet gateway that is there.

use crate::resources::lookup::{answer, filters, found, found_by, here, mirrored, one, read_as, schema};
use crate::resources::network::internet_gateway::{AwsInternetGateway, listed};
use crate::resources::prelude::*;
use aws_sdk_ec2::types::InternetGatewayAttachment;

/// The data source `aws_internet_gateway`.
pub struct InternetGatewayData;

const BY: [(&str, &str); 2] = [("id", "internet-gateway-id"), ("internet_gateway_id", "internet-gateway-id")];

block! {
    Attachment: InternetGatewayAttachment => InternetGatewayAttachment {
        state: EnumCell, read;
        vpc_id: Text, read;
    }
}
type Attachments = BlockList<Attachment>;

impl DataSource for InternetGatewayData {
    fn schema() -> Schema {
        let same = mirrored::<AwsInternetGateway>(&["arn", "owner_id"]).into_iter();
        schema("aws_internet_gateway", found_by(&BY, same.chain([answer::<Attachments>("attachments")])))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let gateway = one(listed(&aws, vec![filters(config, &BY)]).await?, "internet gateway")?;
        Ok(found(config, &aws, &read_as::<AwsInternetGateway>(&gateway))
            .with("attachments", Attachments::get(gateway.attachments()))
            .with("internet_gateway_id", gateway.internet_gateway_id()))
    }
}

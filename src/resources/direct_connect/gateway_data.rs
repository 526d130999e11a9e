//! data.aws_dx_gateway: the gateway of a name.

use super::gateway::{self, LIST};
use crate::aws::api::services::DIRECT_CONNECT;
use crate::aws::api::{Pages, member_text};
use crate::resources::lookup::{self, answer, as_resource};
use crate::resources::prelude::*;
use serde_json::json;

/// The data source `aws_dx_gateway`.
pub struct AwsDxGateway;

impl DataSource for AwsDxGateway {
    fn schema() -> Schema {
        let own = [
            Row::string("name").required(),
            answer::<Text>("amazon_side_asn"),
            answer::<Text>("arn"),
            answer::<Text>("id"),
            answer::<Text>("owner_account_id"),
            Row::of("tags", Type::map(Type::String)).optional_computed(),
        ];
        lookup::schema("aws_dx_gateway", rows(own))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let pages = Pages("nextToken", "nextToken");
        let all = aws.read.api.list(&DIRECT_CONNECT, LIST.0, json!({}), pages, LIST.1).await?;
        let named = all.iter().filter(|one| one["directConnectGatewayName"].as_str() == config.str("name"));
        let ids = named.filter_map(|one| member_text(one, "directConnectGatewayId")).collect();
        let (_, found) = as_resource::<gateway::AwsDxGateway>(aws, ids, "Direct Connect gateway").await?;
        let shown = ["amazon_side_asn", "arn", "id", "owner_account_id", "tags"];
        let all = found.iter().filter(|(name, _)| shown.contains(&&***name));
        Ok(all.fold(config.clone(), |all, (name, value)| all.with(name, value.clone())))
    }
}

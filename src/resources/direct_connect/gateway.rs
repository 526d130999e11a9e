//! aws_dx_gateway: where interfaces of any region meet networks of any region. It is in no region itself.

use crate::aws::api::services::DIRECT_CONNECT;
use crate::aws::api::{Service, member_text};
use crate::resources::block::IntText;
use crate::resources::document::{Document, document};
use crate::resources::plain::{Object, Plain, Tags};
use crate::resources::prelude::*;
use crate::resources::vpn::limits;
use serde_json::{Value as Json, json};

document! {
    /// The resource type `aws_dx_gateway`.
    pub AwsDxGateway {
        amazon_side_asn = "amazonSideAsn": IntText [.required().force_new().check(limits::private_asn)];
        arn = "arn": Text, read [.computed()];
        name = "directConnectGatewayName": Text [.required()];
        owner_account_id = "ownerAccount": Text, read [.computed()];
    }
}

/// The call that lists gateways, and where its answer has them.
pub const LIST: (&str, &str) = ("DescribeDirectConnectGateways", "directConnectGateways");

impl Plain for AwsDxGateway {
    const SERVICE: &'static Service = &DIRECT_CONNECT;
    const CREATE: &'static str = "CreateDirectConnectGateway";
    const READ: (&'static str, &'static str) = LIST;
    const UPDATE: &'static str = "UpdateDirectConnectGateway";
    const DELETE: &'static str = "DeleteDirectConnectGateway";
    const TAGS: Option<Tags> = Some(super::tags("tags"));
    const MARKED: bool = true;

    fn specification() -> Spec<Object> {
        Spec::new("aws_dx_gateway", |g: &Object| Some(g.id.clone()), <Self as Document>::rows())
            .role(Role::Gateway(Unjudged::All("routes")))
            .global()
            .progress(|g| super::progress(g, "directConnectGatewayState"))
            .wait_for_deletion()
    }

    fn key(id: &str) -> Json {
        json!({"directConnectGatewayId": id})
    }

    fn id(_want: &Attrs, answer: &Json) -> Option<String> {
        let made = member_text(answer, "directConnectGateway.directConnectGatewayId");
        made.or_else(|| member_text(answer, "directConnectGatewayId"))
    }

    fn change(change: &mut Change<'_>) -> Option<Json> {
        let name = change.take("name")?;
        Some(json!({"newDirectConnectGatewayName": name.as_str()}))
    }

    async fn more(aws: &Aws, id: &str, mut json: Json) -> Result<Json> {
        json["arn"] = super::arn(aws, &json, "", "dx-gateway", id).into();
        Ok(json)
    }
}

//! aws_vpn_gateway_attachment: a virtual private gateway at a VPC, as an object of its own. AWS gives
//! it no id; it has the one that Terraform gives it, a checksum of both ids.

use super::gateway::{attach, attachment, detach, listed};
use super::listed::{In, progress};
use crate::resources::prelude::*;
use aws_sdk_ec2::types::VpcAttachment;

/// The resource type `aws_vpn_gateway_attachment`.
pub struct AwsVpnGatewayAttachment;

/// An attachment as listed with its gateway.
type Live = In<VpcAttachment>;

table! {
    Rows: Live {
        vpc_id: Text, read [.required().force_new()];
        vpn_gateway_id: Text, read(whole) [.required().force_new()];
    }
}

fn id(vpc: &str, gateway: &str) -> String {
    let mut crc = flate2::Crc::new();
    crc.update(format!("{vpc}-{gateway}").as_bytes());
    format!("vpn-attachment-{:x}", crc.sum())
}

fn import(text: &str) -> Option<Vec<(&'static str, Value)>> {
    let (gateway, vpc) = text.split_once('_')?;
    let fits = gateway.starts_with("vgw-") && vpc.starts_with("vpc-");
    fits.then(|| vec![("vpn_gateway_id", gateway.into()), ("vpc_id", vpc.into())])
}

/// The VPC and the gateway.
fn ends(attrs: &Attrs) -> (&str, &str) {
    (attrs.str("vpc_id").unwrap_or_default(), attrs.str("vpn_gateway_id").unwrap_or_default())
}

impl Resource for AwsVpnGatewayAttachment {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let id = |l: &Live| Some(id(l.vpc_id()?, l.whole()));
        Spec::new("aws_vpn_gateway_attachment", id, Rows::rows::<Live>())
            .role(Role::Gateway(Unjudged::All("routes")))
            .holds_again(crate::resources::holds::gateway_attachment)
            .unique(&[&["vpc_id"]])
            .progress(|l| progress(l.state()))
            .recover(Recover::Key)
            .import("VPNGATEWAYID_VPCID", import)
    }

    /// An id says nothing about its gateway, and a region has few of them: all are read.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let (by, asked) = match which {
            Which::NaturalKey(want) => {
                let (vpc, gateway) = ends(want);
                (vec![filter("vpn-gateway-id", gateway)], vec![id(vpc, gateway)])
            }
            Which::Ids(ids) => (Vec::new(), ids.to_vec()),
            Which::Token(_) => return Ok(Vec::new()),
        };
        let found = listed(aws, vec![by]).await?;
        let live = found.iter().filter_map(|g| Some(In::new(g.vpn_gateway_id()?, attachment(g)?.clone())));
        Ok(live.filter(|l| asked.contains(&id(l.vpc_id().unwrap_or_default(), l.whole()))).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let (vpc, gateway) = ends(want);
        attach(aws, gateway, vpc).await?;
        Ok(id(vpc, gateway))
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let (vpc, gateway) = ends(last);
        detach(aws, gateway, vpc).await
    }
}

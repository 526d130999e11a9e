//! aws_vpn_gateway_attachment: a virtual private gateway at a VPC, as an object of its own. AWS gives
//! it no id; it has the one that Terraform gives it, a checksum of both ids.

use super::gateway::{attach, attachment, detach, listed};
use crate::aws::{Aws, Result, filter};
use crate::resources::spec::{self, Progress, Resource, Spec, Token, Which};
use crate::schema::rows::Recover;
use crate::schema::{Attrs, Change};
use crate::value::Value;
use aws_sdk_ec2::types::AttachmentStatus;

type A = spec::A<Live>;

/// The resource type `aws_vpn_gateway_attachment`.
pub struct AwsVpnGatewayAttachment;

/// An attachment as listed with its gateway.
pub struct Live {
    vpc: String,
    gateway: String,
    attached: bool,
}

fn id(vpc: &str, gateway: &str) -> String {
    let mut crc = flate2::Crc::new();
    crc.update(format!("{vpc}-{gateway}").as_bytes());
    format!("vpn-attachment-{:x}", crc.sum())
}

fn import(text: &str) -> Option<Vec<(&'static str, Value)>> {
    let (gateway, vpc) = super::halves(text)?;
    (gateway.starts_with("vgw-") && vpc.starts_with("vpc-"))
        .then(|| vec![("vpn_gateway_id", gateway.into()), ("vpc_id", vpc.into())])
}

impl Resource for AwsVpnGatewayAttachment {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::new(
            "aws_vpn_gateway_attachment",
            |l| Some(id(&l.vpc, &l.gateway)),
            vec![
                A::string("vpc_id").required().force_new().read(|l| l.vpc.as_str().into()),
                A::string("vpn_gateway_id").required().force_new().read(|l| l.gateway.as_str().into()),
            ],
        )
        .holds_again(crate::resources::holds::gateway_attachment)
        .unique(&[&["vpc_id"]])
        .progress(|l| if l.attached { Progress::Ready } else { Progress::Pending("attaching".into()) })
        .recover(Recover::Key)
        .import("VPNGATEWAYID_VPCID", import)
    }

    /// An id says nothing about its gateway, of which a region has a handful: all of them are read.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let filters = match which {
            Which::NaturalKey(want) => {
                vec![vec![filter("vpn-gateway-id", want.str("vpn_gateway_id").unwrap_or_default())]]
            }
            _ => vec![Vec::new()],
        };
        let found = listed(aws, filters).await?;
        let live = found.iter().filter_map(|g| {
            let held = attachment(g)?;
            let attached = held.state() == Some(&AttachmentStatus::Attached);
            Some(Live { vpc: held.vpc_id()?.to_owned(), gateway: g.vpn_gateway_id()?.to_owned(), attached })
        });
        let asked = |l: &Live| match which {
            Which::Ids(ids) => ids.contains(&id(&l.vpc, &l.gateway)),
            Which::NaturalKey(want) => want.str("vpc_id") == Some(&l.vpc),
            Which::Token(_) => false,
        };
        Ok(live.filter(asked).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let (vpc, gateway) = (want.str("vpc_id").unwrap_or_default(), want.str("vpn_gateway_id").unwrap_or_default());
        attach(aws, gateway, vpc).await?;
        Ok(id(vpc, gateway))
    }

    async fn update(_aws: &Aws, _id: &str, _change: &mut Change<'_>) -> Result<()> {
        Ok(())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        detach(aws, last.str("vpn_gateway_id").unwrap_or_default(), last.str("vpc_id").unwrap_or_default()).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attachment_is_imported_by_gateway_and_vpc() {
        assert_eq!(import("vgw-1_vpc-1").map(|args| args.len()), Some(2));
        assert_eq!(import("vpc-1_vgw-1"), None);
        assert_eq!(import("vgw-1"), None);
    }
}

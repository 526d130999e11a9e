//! aws_route53_zone_association and aws_route53_vpc_association_authorization: a zone for a further VPC, and the leave that
//! another account needs for that.

use super::names::zone_id;
use super::zone::{associate, disassociate, vpc};
use crate::aws::api::services::ROUTE53;
use crate::aws::api::{Pages, member_text};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

/// The resource type `aws_route53_zone_association`.
pub struct AwsRoute53ZoneAssociation;
/// The resource type `aws_route53_vpc_association_authorization`.
pub struct AwsRoute53VpcAssociationAuthorization;

/// A zone, a VPC and its region.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Pair {
    zone: String,
    vpc: String,
    region: String,
}

impl Pair {
    /// Of arguments. A VPC without a region is in that of the provider.
    fn of(aws: &Aws, want: &Attrs) -> Pair {
        let region = text(want, "vpc_region").unwrap_or_else(|| aws.region.to_string());
        let part = |name: &str| want.string(name).unwrap_or_default();
        Pair { zone: zone_id(&part("zone_id")).to_owned(), vpc: part("vpc_id"), region }
    }

    /// Of an id: `ZONE:VPC`, and the region of the VPC if that is another one.
    fn parse(aws: &Aws, id: &str) -> Option<Pair> {
        let mut parts = id.split(':').map(str::to_owned);
        let (zone, vpc) = (parts.next()?, parts.next()?);
        Some(Pair { zone, vpc, region: parts.next().unwrap_or_else(|| aws.region.to_string()) })
    }

    fn id(&self, own: &str) -> String {
        let region = if self.region == own { String::new() } else { format!(":{}", self.region) };
        format!("{}:{}{region}", self.zone, self.vpc)
    }

    fn vpc(&self) -> Json {
        vpc(&self.region, &self.vpc)
    }

    fn asked(aws: &Aws, which: Which<'_>) -> BTreeSet<Pair> {
        match which {
            Which::Ids(ids) => ids.iter().filter_map(|id| Pair::parse(aws, id)).collect(),
            Which::NaturalKey(want) => BTreeSet::from([Pair::of(aws, want)]),
            Which::Token(_) => BTreeSet::new(),
        }
    }
}

/// A pair that is there.
pub struct Live {
    pair: Pair,
    owner: Option<String>,
    /// The region of the provider.
    own: String,
}

fn pair_rows() -> Vec<A<Live>> {
    vec![
        A::string("vpc_id").required().force_new().read(|l: &Live| (&l.pair.vpc).into()),
        A::string("vpc_region").optional_computed().force_new().read(|l| (&l.pair.region).into()),
        A::string("zone_id").required().force_new().read(|l| (&l.pair.zone).into()),
    ]
}

fn spec(name: &'static str, rows: Vec<A<Live>>) -> Spec<Live> {
    Spec::new(name, |l: &Live| Some(l.pair.id(&l.own)), rows)
        .unique(&[&["zone_id", "vpc_id"]])
        .global()
        .recover(Recover::Key)
}

impl Resource for AwsRoute53ZoneAssociation {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let owner = A::string("owning_account").computed().read(|l: &Live| l.owner.as_deref().into());
        spec("aws_route53_zone_association", pair_rows().into_iter().chain([owner]).collect())
            .role(Role::Name(Unjudged::All("names")))
    }

    /// Each VPC is asked once for its zones.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let asked = Pair::asked(aws, which);
        let vpcs: BTreeSet<(String, String)> = asked.iter().map(|p| (p.vpc.clone(), p.region.clone())).collect();
        let found = each(vpcs, |(vpc, region)| async move {
            let call = "ListHostedZonesByVPC GET /2013-04-01/hostedzonesbyvpc";
            let pages = Pages("nexttoken", "ListHostedZonesByVPCResponse.NextToken");
            let path = "ListHostedZonesByVPCResponse.HostedZoneSummaries.HostedZoneSummary";
            let input = json!({"vpcid": vpc, "vpcregion": region});
            let all = aws.read.api.list(&ROUTE53, call, input, pages, path).await?;
            let live = |summary: &Json| Live {
                pair: Pair {
                    zone: member_text(summary, "HostedZoneId").unwrap_or_default(),
                    vpc: vpc.clone(),
                    region: region.clone(),
                },
                owner: member_text(summary, "Owner.OwningAccount"),
                own: aws.region.to_string(),
            };
            Ok(all.iter().map(live).collect::<Vec<_>>())
        });
        Ok(found.await?.into_iter().flatten().filter(|live| asked.contains(&live.pair)).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let pair = Pair::of(aws, want);
        associate(aws, &pair.zone, &pair.vpc()).await?;
        Ok(pair.id(&aws.region))
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let Some(pair) = Pair::parse(aws, id) else { return Ok(()) };
        match disassociate(aws, zone_id(&pair.zone), &pair.vpc()).await {
            Err(e) if e.is_not_found() || e.is("VPCAssociationNotFound") => Ok(()),
            answer => answer,
        }
    }
}

impl Resource for AwsRoute53VpcAssociationAuthorization {
    type Live = Live;

    fn spec() -> Spec<Live> {
        spec("aws_route53_vpc_association_authorization", pair_rows())
            .role(Role::NotServing("it lets another account join a zone to its VPC"))
    }

    /// Each zone is asked once for the VPCs that it may be joined to.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let asked = Pair::asked(aws, which);
        let zones: BTreeSet<String> = asked.iter().map(|pair| pair.zone.clone()).collect();
        let found = each(zones, |zone| async move {
            let call = "ListVPCAssociationAuthorizations GET /2013-04-01/hostedzone/{Id}/authorizevpcassociation";
            let pages = Pages("nexttoken", "ListVPCAssociationAuthorizationsResponse.NextToken");
            let path = "ListVPCAssociationAuthorizationsResponse.VPCs.VPC";
            let all = aws.read.api.list(&ROUTE53, call, json!({"Id": zone_id(&zone)}), pages, path).await?;
            let live = |vpc: &Json| {
                let region = member_text(vpc, "VPCRegion").unwrap_or_else(|| aws.region.to_string());
                let pair = Pair { zone: zone.clone(), vpc: member_text(vpc, "VPCId").unwrap_or_default(), region };
                Live { pair, owner: None, own: aws.region.to_string() }
            };
            Ok(all.iter().map(live).collect::<Vec<_>>())
        });
        Ok(found.await?.into_iter().flatten().filter(|live| asked.contains(&live.pair)).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let pair = Pair::of(aws, want);
        let call = "CreateVPCAssociationAuthorization POST /2013-04-01/hostedzone/{Id}/authorizevpcassociation";
        let input = json!({"Id": pair.zone, "CreateVPCAssociationAuthorizationRequest": {"VPC": pair.vpc()}});
        aws.write.api.call(&ROUTE53, call, input).await?;
        Ok(pair.id(&aws.region))
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let Some(pair) = Pair::parse(aws, id) else { return Ok(()) };
        let call = "DeleteVPCAssociationAuthorization POST /2013-04-01/hostedzone/{Id}/deauthorizevpcassociation";
        let input = json!({"Id": zone_id(&pair.zone), "DeleteVPCAssociationAuthorizationRequest": {"VPC": pair.vpc()}});
        match aws.write.api.call(&ROUTE53, call, input).await {
            Err(e) if e.is_not_found() || e.is("VPCAssociationAuthorizationNotFound") => Ok(()),
            answer => answer.map(drop),
        }
    }
}

//! aws_route53_zone_association and aws_route53_vpc_association_authorization: a zone for a further VPC, and the leave that
//! another account needs for that.

use super::names::zone_id;
use crate::resources::prelude::*;
use aws_sdk_route53::types::{Vpc, VpcRegion};
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

    fn vpc(&self) -> Vpc {
        Vpc::builder().vpc_id(&self.vpc).vpc_region(VpcRegion::from(self.region.as_str())).build()
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
            let (mut all, mut more) = (Vec::new(), None);
            loop {
                let call = aws.read.route53.list_hosted_zones_by_vpc().vpc_id(&vpc);
                let call = call.vpc_region(VpcRegion::from(region.as_str())).set_next_token(more);
                let answer = call.send().await?;
                all.extend(answer.hosted_zone_summaries);
                more = answer.next_token.filter(|token| !token.is_empty());
                if more.is_none() {
                    break;
                }
            }
            let live = |summary: aws_sdk_route53::types::HostedZoneSummary| Live {
                pair: Pair { zone: summary.hosted_zone_id, vpc: vpc.clone(), region: region.clone() },
                owner: summary.owner.and_then(|owner| owner.owning_account),
                own: aws.region.to_string(),
            };
            Ok(all.into_iter().map(live).collect::<Vec<_>>())
        });
        Ok(found.await?.into_iter().flatten().filter(|live| asked.contains(&live.pair)).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let pair = Pair::of(aws, want);
        aws.write.route53.associate_vpc_with_hosted_zone().hosted_zone_id(&pair.zone).vpc(pair.vpc()).send().await?;
        Ok(pair.id(&aws.region))
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let Some(pair) = Pair::parse(aws, id) else { return Ok(()) };
        let call = aws.write.route53.disassociate_vpc_from_hosted_zone().hosted_zone_id(&pair.zone).vpc(pair.vpc());
        match call.send().await.map_err(Error::from) {
            Err(e) if e.is_not_found() || e.is("VPCAssociationNotFound") => Ok(()),
            answer => answer.map(drop),
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
            let (mut all, mut more) = (Vec::new(), None);
            loop {
                let call = aws.read.route53.list_vpc_association_authorizations().hosted_zone_id(&zone);
                let answer = call.set_next_token(more).send().await?;
                all.extend(answer.vpcs);
                more = answer.next_token.filter(|token| !token.is_empty());
                if more.is_none() {
                    break;
                }
            }
            let live = |vpc: Vpc| {
                let region = vpc.vpc_region.map_or_else(|| aws.region.to_string(), |region| region.as_str().to_owned());
                let pair = Pair { zone: zone.clone(), vpc: vpc.vpc_id.unwrap_or_default(), region };
                Live { pair, owner: None, own: aws.region.to_string() }
            };
            Ok(all.into_iter().map(live).collect::<Vec<_>>())
        });
        Ok(found.await?.into_iter().flatten().filter(|live| asked.contains(&live.pair)).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let pair = Pair::of(aws, want);
        let call = aws.write.route53.create_vpc_association_authorization().hosted_zone_id(&pair.zone);
        call.vpc(pair.vpc()).send().await?;
        Ok(pair.id(&aws.region))
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let Some(pair) = Pair::parse(aws, id) else { return Ok(()) };
        let call = aws.write.route53.delete_vpc_association_authorization().hosted_zone_id(&pair.zone);
        match call.vpc(pair.vpc()).send().await.map_err(Error::from) {
            Err(e) if e.is_not_found() || e.is("VPCAssociationAuthorizationNotFound") => Ok(()),
            answer => answer.map(drop),
        }
    }
}

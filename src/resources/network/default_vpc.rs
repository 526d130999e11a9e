//! aws_default_vpc and aws_default_subnet: the VPC that AWS gives each region, and its subnet in a zone. They are
//! adopted, or made where they are missing, brought to what the layout says, and forgotten, unless `force_destroy`.

use super::subnet::{self, AwsSubnet};
use super::vpc::{self, AwsVpc, LiveVpc};
use crate::resources::prelude::*;
use aws_sdk_ec2::types::Subnet;

/// The resource type `aws_default_vpc`.
pub struct AwsDefaultVpc;
/// The resource type `aws_default_subnet`.
pub struct AwsDefaultSubnet;

/// The rows of the type of the same kind, without those that only a new object takes; AWS alone gives `given`.
fn adopted<R: Resource>(without: &[&str], given: &[&str]) -> Vec<A<R::Live>> {
    let spec = R::spec();
    let both = ["id", "region", "tags", "tags_all"];
    let rows = spec.schema.attributes.into_iter().zip(spec.reads).map(|(row, read)| A { row, read });
    rows.filter(|a| !both.contains(&a.row.name) && !without.contains(&a.row.name))
        .map(|a| if given.contains(&a.row.name) { a.computed() } else { a })
        .collect()
}

/// What says whether AWS keeps the object when the layout gives it up, and whether it was there: it is by now.
fn kept<L>(existing: &'static str) -> [A<L>; 2] {
    [A::bool("force_destroy").default(false), A::bool(existing).computed().read(|_| true.into())]
}

impl Resource for AwsDefaultVpc {
    type Live = LiveVpc;

    fn spec() -> Spec<LiveVpc> {
        let own = adopted::<AwsVpc>(
            &["enable_dns_hostnames", "ipv4_ipam_pool_id", "ipv4_netmask_length"],
            &["cidr_block", "instance_tenancy"],
        );
        let hostnames = A::bool("enable_dns_hostnames").default(true).read(|l: &LiveVpc| l.hostnames().into());
        let rows = own.into_iter().chain([hostnames]).chain(kept("existing_default_vpc")).collect();
        Spec { progress: AwsVpc::spec().progress, ..Spec::new("aws_default_vpc", AwsVpc::spec().id, rows) }
            .role(Role::Network)
            .tags(|l| tags::read(l.vpc.tags()))
            .recover(Recover::Key)
            .conflicts(&[&["assign_generated_ipv6_cidr_block", "ipv6_ipam_pool_id"]])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<LiveVpc>> {
        match which {
            Which::NaturalKey(_) => {
                let default = vec![vec![filter("is-default", "true")]];
                vpc::complete(aws, vpc::listed(aws, default).await?).await
            }
            other => AwsVpc::describe(aws, other).await,
        }
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        if let Some(id) = Self::describe(aws, Which::NaturalKey(want)).await?.first().and_then(|l| l.vpc.vpc_id()) {
            return Ok(id.to_owned());
        }
        made(aws.write.ec2.create_default_vpc().send().await?.vpc().and_then(|v| v.vpc_id()))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("force_destroy");
        AwsVpc::update(aws, id, change).await
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        if last.bool("force_destroy") == Some(true) { AwsVpc::delete(aws, id, last).await } else { Ok(()) }
    }
}

impl Resource for AwsDefaultSubnet {
    type Live = Subnet;

    fn spec() -> Spec<Subnet> {
        let own = adopted::<AwsSubnet>(
            &[
                "availability_zone",
                "ipv4_ipam_pool_id",
                "ipv4_netmask_length",
                "ipv6_ipam_pool_id",
                "ipv6_netmask_length",
                "map_public_ip_on_launch",
            ],
            &["availability_zone_id", "cidr_block", "enable_lni_at_device_index", "outpost_arn", "vpc_id"],
        );
        let zone = A::string("availability_zone").required().force_new();
        let public = A::bool("map_public_ip_on_launch").default(true);
        let rows = own.into_iter().chain([
            zone.read(|s: &Subnet| s.availability_zone().into()),
            public.read(|s| s.map_public_ip_on_launch().unwrap_or(false).into()),
        ]);
        let rows = rows.chain(kept("existing_default_subnet")).collect();
        Spec { progress: AwsSubnet::spec().progress, ..Spec::new("aws_default_subnet", AwsSubnet::spec().id, rows) }
            .role(Role::Subnet(role::Subnet { zone: "availability_zone", network: "vpc_id" }))
            .tags(|s| tags::read(s.tags()))
            .recover(Recover::Key)
            .unique(&[&["availability_zone"]])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Subnet>> {
        match which {
            Which::NaturalKey(want) => {
                let zone = filter("availability-zone", want.str("availability_zone").unwrap_or_default());
                subnet::listed(aws, vec![vec![zone, filter("default-for-az", "true")]]).await
            }
            other => AwsSubnet::describe(aws, other).await,
        }
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        if let Some(id) = Self::describe(aws, Which::NaturalKey(want)).await?.first().and_then(|s| s.subnet_id()) {
            return Ok(id.to_owned());
        }
        let call = aws.write.ec2.create_default_subnet().set_availability_zone(want.string("availability_zone"));
        let answer = call.set_ipv6_native(want.bool("ipv6_native").filter(|on| *on)).send().await?;
        made(answer.subnet().and_then(|s| s.subnet_id()))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("force_destroy");
        AwsSubnet::update(aws, id, change).await
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        if last.bool("force_destroy") == Some(true) { AwsSubnet::delete(aws, id, last).await } else { Ok(()) }
    }
}

//! aws_vpc: a private network. Its DNS switches are not in DescribeVpcs, one call each; the ids of
//! what AWS makes along with it are, for all VPCs together, one call per kind.

use crate::aws::{Aws, Result, filter, filtered, made};
use crate::resources::settle;
use crate::resources::spec::{self, Progress, Resource, Spec, Token, Which};
use crate::resources::tags;
use crate::schema::normal::Normal;
use crate::schema::{Attrs, Change, checks};
use aws_sdk_ec2::types::{
    AttributeBooleanValue, Filter, ResourceType, Tenancy, Vpc, VpcAttributeName, VpcCidrBlockStateCode as Code,
    VpcIpv6CidrBlockAssociation, VpcState, VpcTenancy,
};
use futures::future::{try_join, try_join_all, try_join3};
use std::collections::BTreeMap;

type A = spec::A<LiveVpc>;

/// The resource type `aws_vpc`.
pub struct AwsVpc;

/// A VPC with what other calls say of it.
pub struct LiveVpc {
    /// What DescribeVpcs lists.
    pub vpc: Vpc,
    /// Its ARN.
    pub arn: String,
    /// `enableDnsHostnames`
    pub dns_hostnames: bool,
    /// `enableDnsSupport`
    pub dns_support: bool,
    /// `enableNetworkAddressUsageMetrics`
    pub usage_metrics: bool,
    /// The main route table.
    pub main_route_table: Option<String>,
    default_group: Option<String>,
    default_acl: Option<String>,
}

/// The IPv6 range that the VPC has or gets.
pub fn ipv6(vpc: &Vpc) -> Option<&VpcIpv6CidrBlockAssociation> {
    let held = |a: &&VpcIpv6CidrBlockAssociation| matches!(ipv6_state(a), Some(Code::Associated | Code::Associating));
    vpc.ipv6_cidr_block_association_set().iter().find(held)
}

fn ipv6_state(a: &VpcIpv6CidrBlockAssociation) -> Option<&Code> {
    a.ipv6_cidr_block_state().and_then(|s| s.state())
}

/// Amazon's own pool is called `Amazon`; a pool of IPAM or one's own is not.
fn generated(a: &VpcIpv6CidrBlockAssociation) -> bool {
    a.ipv6_pool().is_none_or(|pool| pool == "Amazon")
}

fn progress(l: &LiveVpc) -> Progress {
    let moving =
        |a: &VpcIpv6CidrBlockAssociation| matches!(ipv6_state(a), Some(Code::Associating | Code::Disassociating));
    match l.vpc.state() {
        Some(VpcState::Available) if l.vpc.ipv6_cidr_block_association_set().iter().any(moving) => {
            Progress::Pending("changing its IPv6 range".into())
        }
        Some(VpcState::Available) => Progress::Ready,
        other => Progress::Pending(other.map_or("pending", VpcState::as_str).into()),
    }
}

fn check(want: &Attrs) -> Vec<(&'static str, String)> {
    let given = |name: &str| want.is_set(name) || want.is_unknown(name);
    let mut wrong = Vec::new();
    if !given("cidr_block") && !given("ipv4_ipam_pool_id") {
        wrong.push(("cidr_block", "a VPC needs cidr_block, or ipv4_ipam_pool_id to take one from IPAM".into()));
    }
    if given("ipv4_netmask_length") && !given("ipv4_ipam_pool_id") {
        wrong.push(("ipv4_netmask_length", "ipv4_netmask_length needs ipv4_ipam_pool_id".into()));
    }
    if given("ipv6_cidr_block") && !given("ipv6_ipam_pool_id") {
        wrong.push(("ipv6_cidr_block", "ipv6_cidr_block needs ipv6_ipam_pool_id".into()));
    }
    if given("ipv6_netmask_length") && !given("ipv6_ipam_pool_id") {
        wrong.push(("ipv6_netmask_length", "ipv6_netmask_length needs ipv6_ipam_pool_id".into()));
    }
    wrong
}

/// A VPC of dedicated hosts can be opened to shared ones, but not the other way round.
fn replace_when(before: &Attrs, after: &Attrs) -> Vec<&'static str> {
    let tenancy = |attrs: &Attrs| attrs.string("instance_tenancy");
    if tenancy(before) == tenancy(after) || tenancy(after).as_deref() == Some("default") {
        return Vec::new();
    }
    vec!["instance_tenancy"]
}

/// The arguments that ask for an IPv6 range without saying which.
const IPV6: [&str; 3] = ["assign_generated_ipv6_cidr_block", "ipv6_ipam_pool_id", "ipv6_netmask_length"];

impl Resource for AwsVpc {
    type Live = LiveVpc;

    fn spec() -> Spec<LiveVpc> {
        let [tags, tags_all] = A::tags(|l| tags::read(l.vpc.tags()));
        Spec::new(
            "aws_vpc",
            |l| l.vpc.vpc_id().map(Into::into),
            vec![
                A::bool("assign_generated_ipv6_cidr_block")
                    .default(false)
                    .read(|l| ipv6(&l.vpc).is_some_and(generated).into()),
                A::string("cidr_block")
                    .optional_computed()
                    .force_new()
                    .check(checks::ipv4_block)
                    .read(|l| l.vpc.cidr_block().into()),
                A::bool("enable_dns_hostnames").initial(false).read(|l| l.dns_hostnames.into()),
                A::bool("enable_dns_support").default(true).read(|l| l.dns_support.into()),
                A::bool("enable_network_address_usage_metrics").initial(false).read(|l| l.usage_metrics.into()),
                A::string("instance_tenancy")
                    .default("default")
                    .check(|v| checks::one_of(v, &["default", "dedicated"]))
                    .read(|l| l.vpc.instance_tenancy().map(Tenancy::as_str).into()),
                A::string("ipv4_ipam_pool_id").force_new(),
                A::number("ipv4_netmask_length").force_new(),
                A::string("ipv6_cidr_block")
                    .optional_computed()
                    .follows(&IPV6)
                    .normal(Normal::Cidr)
                    .check(checks::ipv6_cidr)
                    .read(|l| ipv6(&l.vpc).and_then(|a| a.ipv6_cidr_block()).into()),
                A::string("ipv6_cidr_block_network_border_group")
                    .optional_computed()
                    .follows(&IPV6)
                    .read(|l| ipv6(&l.vpc).and_then(|a| a.network_border_group()).into()),
                A::string("ipv6_ipam_pool_id")
                    .read(|l| ipv6(&l.vpc).filter(|a| !generated(a)).and_then(|a| a.ipv6_pool()).into()),
                A::number("ipv6_netmask_length"),
                A::string("arn").computed().read(|l| l.arn.as_str().into()),
                A::string("default_network_acl_id").computed().read(|l| l.default_acl.as_ref().into()),
                A::string("default_route_table_id").computed().read(|l| l.main_route_table.as_ref().into()),
                A::string("default_security_group_id").computed().read(|l| l.default_group.as_ref().into()),
                A::string("dhcp_options_id").computed().read(|l| l.vpc.dhcp_options_id().into()),
                A::string("ipv6_association_id")
                    .computed()
                    .follows(&IPV6)
                    .follows(&["ipv6_cidr_block", "ipv6_cidr_block_network_border_group"])
                    .read(|l| ipv6(&l.vpc).and_then(|a| a.association_id()).into()),
                A::string("main_route_table_id").computed().read(|l| l.main_route_table.as_ref().into()),
                A::string("owner_id").computed().read(|l| l.vpc.owner_id().into()),
                tags,
                tags_all,
            ],
        )
        .progress(progress)
        .conflicts(&[
            &["cidr_block", "ipv4_netmask_length"],
            &["ipv6_cidr_block", "ipv6_netmask_length"],
            &["assign_generated_ipv6_cidr_block", "ipv6_ipam_pool_id"],
        ])
        .replace_when(replace_when)
        .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<LiveVpc>> {
        let filters = match which {
            Which::Ids(ids) => filtered("vpc-id", ids),
            Which::Token(token) => vec![vec![tags::token_filter(token)]],
            Which::NaturalKey(want) => vec![vec![filter("cidr", want.str("cidr_block").unwrap_or_default())]],
        };
        let found = listed(aws, filters).await?;
        complete(aws, found).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let pool = want.string("ipv6_ipam_pool_id");
        let answer = aws
            .write
            .ec2
            .create_vpc()
            .set_cidr_block(want.string("cidr_block"))
            .set_instance_tenancy(want.str("instance_tenancy").map(Tenancy::from))
            .set_amazon_provided_ipv6_cidr_block(want.bool("assign_generated_ipv6_cidr_block").filter(|on| *on))
            .set_ipv4_ipam_pool_id(want.string("ipv4_ipam_pool_id"))
            .set_ipv4_netmask_length(want.int("ipv4_netmask_length"))
            .set_ipv6_cidr_block(want.string("ipv6_cidr_block").filter(|_| pool.is_some()))
            .set_ipv6_ipam_pool_id(pool)
            .set_ipv6_netmask_length(want.int("ipv6_netmask_length"))
            .set_ipv6_cidr_block_network_border_group(want.string("ipv6_cidr_block_network_border_group"))
            .tag_specifications(tags::at_creation(ResourceType::Vpc, want, token))
            .send()
            .await?;
        made(answer.vpc().and_then(Vpc::vpc_id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let modify = || aws.write.ec2.modify_vpc_attribute().vpc_id(id);
        let value = |on: bool| AttributeBooleanValue::builder().value(on).build();
        let hostnames = change.take_bool("enable_dns_hostnames");
        // Host names need DNS support: on after it, off before it.
        if hostnames == Some(false) {
            modify().enable_dns_hostnames(value(false)).send().await?;
        }
        if let Some(on) = change.take_bool("enable_dns_support") {
            modify().enable_dns_support(value(on)).send().await?;
        }
        if hostnames == Some(true) {
            modify().enable_dns_hostnames(value(true)).send().await?;
        }
        if let Some(on) = change.take_bool("enable_network_address_usage_metrics") {
            modify().enable_network_address_usage_metrics(value(on)).send().await?;
        }
        if change.take("instance_tenancy").is_some() {
            aws.write.ec2.modify_vpc_tenancy().vpc_id(id).instance_tenancy(VpcTenancy::Default).send().await?;
        }
        let ipv6 = [
            "assign_generated_ipv6_cidr_block",
            "ipv6_cidr_block",
            "ipv6_cidr_block_network_border_group",
            "ipv6_ipam_pool_id",
            "ipv6_netmask_length",
        ];
        if change.take_any(&ipv6) {
            replace_ipv6(aws, id, change).await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        aws.write.ec2.delete_vpc().vpc_id(id).send().await?;
        Ok(())
    }
}

/// What DescribeVpcs says.
pub async fn listed(aws: &Aws, filters: Vec<Vec<Filter>>) -> Result<Vec<Vpc>> {
    aws.pages(filters, |f| aws.read.ec2.describe_vpcs().set_filters(Some(f)).into_paginator().items().send()).await
}

/// VPCs with what other calls say of them, all calls concurrently.
pub async fn complete(aws: &Aws, vpcs: Vec<Vpc>) -> Result<Vec<LiveVpc>> {
    let ids: Vec<String> = vpcs.iter().filter_map(Vpc::vpc_id).map(Into::into).collect();
    let joined = try_join3(main_route_tables(aws, &ids), default_groups(aws, &ids), default_acls(aws, &ids));
    let switches = try_join_all(ids.iter().map(|id| {
        let ask = |name| attribute(aws, id, name);
        try_join3(
            ask(VpcAttributeName::EnableDnsHostnames),
            ask(VpcAttributeName::EnableDnsSupport),
            ask(VpcAttributeName::EnableNetworkAddressUsageMetrics),
        )
    }));
    let ((mut tables, mut groups, mut acls), switches) = try_join(joined, switches).await?;
    let complete = |(vpc, (dns_hostnames, dns_support, usage_metrics)): (Vpc, _)| {
        let id = vpc.vpc_id().unwrap_or_default();
        LiveVpc {
            arn: aws.ec2_arn(&format!("vpc/{id}")),
            main_route_table: tables.remove(id),
            default_group: groups.remove(id),
            default_acl: acls.remove(id),
            dns_hostnames,
            dns_support,
            usage_metrics,
            vpc,
        }
    };
    let known = vpcs.into_iter().filter(|v| v.vpc_id().is_some());
    Ok(known.zip(switches).map(complete).collect())
}

/// One switch of one VPC; off for a VPC that has just gone.
async fn attribute(aws: &Aws, id: &str, name: VpcAttributeName) -> Result<bool> {
    let answer = aws.read.ec2.describe_vpc_attribute().vpc_id(id).attribute(name).send().await;
    let answer = match answer.map_err(crate::aws::Error::from) {
        Err(e) if e.is_not_found() => return Ok(false),
        other => other?,
    };
    let all =
        [answer.enable_dns_hostnames(), answer.enable_dns_support(), answer.enable_network_address_usage_metrics()];
    Ok(all.into_iter().flatten().any(|v| v.value().unwrap_or(false)))
}

/// Filters on VPCs with one more condition.
fn of_vpcs(ids: &[String], name: &str, value: &str) -> Vec<Vec<Filter>> {
    let mut batches = filtered("vpc-id", ids);
    batches.iter_mut().for_each(|batch| batch.push(filter(name, value)));
    batches
}

type ByVpc = BTreeMap<String, String>;

fn by_vpc<T>(items: Vec<T>, vpc: fn(&T) -> Option<&str>, id: fn(&T) -> Option<&str>) -> ByVpc {
    items.iter().filter_map(|item| Some((vpc(item)?.to_owned(), id(item)?.to_owned()))).collect()
}

async fn main_route_tables(aws: &Aws, ids: &[String]) -> Result<ByVpc> {
    let tables = super::route_table::listed(aws, of_vpcs(ids, "association.main", "true")).await?;
    Ok(by_vpc(tables, |t| t.vpc_id(), |t| t.route_table_id()))
}

async fn default_groups(aws: &Aws, ids: &[String]) -> Result<ByVpc> {
    let groups = super::permissions::groups(aws, of_vpcs(ids, "group-name", "default")).await?;
    Ok(by_vpc(groups, |g| g.vpc_id(), |g| g.group_id()))
}

async fn default_acls(aws: &Aws, ids: &[String]) -> Result<ByVpc> {
    let acls = aws
        .pages(of_vpcs(ids, "default", "true"), |f| {
            aws.read.ec2.describe_network_acls().set_filters(Some(f)).into_paginator().items().send()
        })
        .await?;
    Ok(by_vpc(acls, |a| a.vpc_id(), |a| a.network_acl_id()))
}

/// A VPC has one IPv6 range of its own, so the old one goes first.
async fn replace_ipv6(aws: &Aws, id: &str, change: &Change<'_>) -> Result<()> {
    if let Some(old) = change.before.str("ipv6_association_id") {
        settle::unless_gone(aws.write.ec2.disassociate_vpc_cidr_block().association_id(old).send().await)?;
        let ids = [id.to_owned()];
        settle::until("the VPC's old IPv6 range to go", || async {
            let now = listed(aws, filtered("vpc-id", &ids)).await?;
            Ok(now.iter().all(|v| ipv6(v).is_none()))
        })
        .await?;
    }
    let want = change.after;
    let generated = want.bool("assign_generated_ipv6_cidr_block").unwrap_or(false);
    let pool = want.string("ipv6_ipam_pool_id");
    if generated || pool.is_some() {
        aws.write
            .ec2
            .associate_vpc_cidr_block()
            .vpc_id(id)
            .set_amazon_provided_ipv6_cidr_block(generated.then_some(true))
            .set_ipv6_cidr_block(want.string("ipv6_cidr_block").filter(|_| pool.is_some()))
            .set_ipv6_ipam_pool_id(pool)
            .set_ipv6_netmask_length(want.int("ipv6_netmask_length"))
            .set_ipv6_cidr_block_network_border_group(want.string("ipv6_cidr_block_network_border_group"))
            .send()
            .await?;
    }
    Ok(())
}

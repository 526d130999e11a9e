//! aws_vpc: a private network. Its DNS switches are not in DescribeVpcs, one call each; the ids of
//! what AWS makes along with it are, for all VPCs together, one call per kind.

use crate::resources::prelude::*;
use aws_sdk_ec2::operation::associate_vpc_cidr_block::builders::AssociateVpcCidrBlockFluentBuilder as Associate;
use aws_sdk_ec2::operation::create_vpc::builders::CreateVpcFluentBuilder as Create;
use aws_sdk_ec2::operation::modify_vpc_attribute::builders::ModifyVpcAttributeFluentBuilder as Modify;
use aws_sdk_ec2::types::{
    Filter, ResourceType, Tag, Vpc, VpcAttributeName, VpcCidrBlockStateCode as Code, VpcIpv6CidrBlockAssociation,
    VpcState, VpcTenancy,
};
use futures::future::{try_join, try_join_all, try_join3};
use std::collections::BTreeMap;

/// The resource type `aws_vpc`.
pub struct AwsVpc;

/// A VPC with what other calls say of it.
pub struct LiveVpc {
    /// What DescribeVpcs lists.
    pub vpc: Vpc,
    arn: String,
    /// `enableDnsHostnames`, `enableDnsSupport` and `enableNetworkAddressUsageMetrics`.
    switches: (bool, bool, bool),
    main_route_table: Option<String>,
    default_group: Option<String>,
    default_acl: Option<String>,
}

held!(LiveVpc: vpc as Vpc);

impl LiveVpc {
    /// Whether its members get public host names.
    pub fn hostnames(&self) -> bool {
        self.switches.0
    }
}

table! {
    Rows: Vpc, create Create {
        cidr_block: Text [.optional_computed().force_new().check(checks::ipv4_block)];
        instance_tenancy: EnumCell [.default("default").check(|v| checks::one_of(v, &["default", "dedicated"]))];
        ipv4_ipam_pool_id: Text, create [.force_new()];
        ipv4_netmask_length: Int, create [.force_new()];
        dhcp_options_id: Text, read [.computed()];
        ipv6_association_id: Text, none
            [.computed().follows(&IPV6).follows(&["ipv6_cidr_block", "ipv6_cidr_block_network_border_group"])]
            [.read(|v| ipv6(v.held()).and_then(|a| a.association_id()).into())];
        owner_id: Text, read [.computed()];
    }
}

table! {
    /// The IPv6 range, which a VPC can have from the first or get later.
    Range: Vpc, create Create, modify Associate {
        assign_generated_ipv6_cidr_block = amazon_provided_ipv6_cidr_block: Switch, create, modify
            [.read(|v| ipv6(v.held()).is_some_and(generated).into())];
        ipv6_cidr_block: Text, create, modify
            [.optional_computed().follows(&IPV6).normal(Normal::Cidr).check(checks::ipv6_cidr)]
            [.read(|v| ipv6(v.held()).and_then(|a| a.ipv6_cidr_block()).into())];
        ipv6_cidr_block_network_border_group: Text, create, modify
            [.optional_computed().follows(&IPV6).read(|v| ipv6(v.held()).and_then(|a| a.network_border_group()).into())];
        ipv6_ipam_pool_id: Text, create, modify
            [.read(|v| ipv6(v.held()).filter(|a| !generated(a)).and_then(|a| a.ipv6_pool()).into())];
        ipv6_netmask_length: Int, create, modify;
    }
}

table! {
    /// What other calls say of a VPC.
    Beside: LiveVpc, modify Modify {
        enable_dns_hostnames: Flag, modify [.initial(false).read(|l| l.held().switches.0.into())];
        enable_dns_support: Flag, modify [.default(true).read(|l| l.held().switches.1.into())];
        enable_network_address_usage_metrics: Flag, modify [.initial(false).read(|l| l.held().switches.2.into())];
        arn: Text, none [.computed().read(|l| l.held().arn.as_str().into())];
        default_network_acl_id: Text, none [.computed().read(|l| l.held().default_acl.as_ref().into())];
        default_route_table_id: Text, none [.computed().read(|l| l.held().main_route_table.as_ref().into())];
        default_security_group_id: Text, none [.computed().read(|l| l.held().default_group.as_ref().into())];
        main_route_table_id: Text, none [.computed().read(|l| l.held().main_route_table.as_ref().into())];
    }
}

/// The tag of a VPC whose only IPv6 range is an object of its own.
pub const BESIDE: &str = "floorplan:ipv6-beside";

/// Whether the IPv6 range of the VPC is an object of its own.
pub fn is_beside(vpc: &Vpc) -> bool {
    vpc.tags().iter().any(|tag| tag.key() == Some(BESIDE))
}

/// The IPv6 range that the VPC has or gets.
pub fn ipv6(vpc: &Vpc) -> Option<&VpcIpv6CidrBlockAssociation> {
    if is_beside(vpc) {
        return None;
    }
    let held = |a: &&VpcIpv6CidrBlockAssociation| matches!(ipv6_state(a), Some(Code::Associated | Code::Associating));
    vpc.ipv6_cidr_block_association_set().iter().find(held)
}

fn ipv6_state(a: &VpcIpv6CidrBlockAssociation) -> Option<&Code> {
    a.ipv6_cidr_block_state().and_then(|s| s.state())
}

/// Amazon's own pool is called `Amazon`; a pool of IPAM or one's own is not.
pub fn generated(a: &VpcIpv6CidrBlockAssociation) -> bool {
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
    /// What needs what.
    const NEEDS: [(&str, &str); 3] = [
        ("ipv4_netmask_length", "ipv4_ipam_pool_id"),
        ("ipv6_cidr_block", "ipv6_ipam_pool_id"),
        ("ipv6_netmask_length", "ipv6_ipam_pool_id"),
    ];
    let lacking = NEEDS.into_iter().filter(|(name, pool)| want.is_given(name) && !want.is_given(pool));
    let mut wrong: Vec<_> = lacking.map(|(name, pool)| (name, format!("{name} needs {pool}"))).collect();
    if !want.is_given("cidr_block") && !want.is_given("ipv4_ipam_pool_id") {
        wrong.push(("cidr_block", "a VPC needs cidr_block, or ipv4_ipam_pool_id to take one from IPAM".into()));
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
        let rows = Rows::rows().into_iter().chain(Range::rows()).chain(Beside::rows());
        Spec::new("aws_vpc", |l: &LiveVpc| l.vpc.vpc_id().map(Into::into), rows.collect())
            .role(Role::Network)
            .dropped(&[
                ("enable_classiclink", "AWS has retired EC2-Classic."),
                ("enable_classiclink_dns_support", "AWS has retired EC2-Classic."),
            ])
            .tags(|l| tags::read(l.vpc.tags()))
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
        let found = listed(aws, tags::filters(which, "vpc-id", &[("cidr", "cidr_block")])).await?;
        complete(aws, found).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Range::create(Rows::create(aws.write.ec2.create_vpc(), want), &range(want));
        let answer = call.tag_specifications(tags::at_creation(ResourceType::Vpc, want, token)).send().await?;
        made(answer.vpc().and_then(Vpc::vpc_id))
    }

    /// One attribute per call, as the API wants it.
    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let modify = || aws.write.ec2.modify_vpc_attribute().vpc_id(id);
        // Host names need DNS support: on after it, off before it.
        let late = change.after.bool("enable_dns_hostnames") == Some(true);
        let mut hostnames = change.split(["enable_dns_hostnames"].into_iter().filter(|_| late));
        let calls = Beside::modify_each(modify, change).into_iter().chain(Beside::modify(modify(), &mut hostnames));
        for call in calls {
            call.send().await?;
        }
        if change.take("instance_tenancy").is_some() {
            aws.write.ec2.modify_vpc_tenancy().vpc_id(id).instance_tenancy(VpcTenancy::Default).send().await?;
        }
        replace_ipv6(aws, id, change).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        Ok(aws.write.ec2.delete_vpc().vpc_id(id).send().await.map(drop)?)
    }
}

/// What DescribeVpcs says.
pub async fn listed(aws: &Aws, filters: Vec<Vec<Filter>>) -> Result<Vec<Vpc>> {
    listed!(aws, describe_vpcs, filters).await
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
    let complete = |(vpc, switches): (Vpc, _)| {
        let id = vpc.vpc_id().unwrap_or_default();
        LiveVpc {
            arn: aws.ec2_arn(&format!("vpc/{id}")),
            main_route_table: tables.remove(id),
            default_group: groups.remove(id),
            default_acl: acls.remove(id),
            switches,
            vpc,
        }
    };
    let known = vpcs.into_iter().filter(|v| v.vpc_id().is_some());
    Ok(known.zip(switches).map(complete).collect())
}

/// One switch of one VPC; off for a VPC that has just gone.
async fn attribute(aws: &Aws, id: &str, name: VpcAttributeName) -> Result<bool> {
    let answer = aws.read.ec2.describe_vpc_attribute().vpc_id(id).attribute(name).send().await;
    let answer = match answer.map_err(Error::from) {
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
    let acls = super::acl_entries::listed(aws, of_vpcs(ids, "default", "true")).await?;
    Ok(by_vpc(acls, |a| a.vpc_id(), |a| a.network_acl_id()))
}

/// The arguments of the IPv6 range: one of IPAM's pools gives the range that is asked for, Amazon's its own.
fn range(want: &Attrs) -> Attrs {
    let pool = want.is_set("ipv6_ipam_pool_id");
    let leave =
        |attrs: Attrs, (name, left): (&str, bool)| if left { attrs.with(name, Value::any_null()) } else { attrs };
    let generated = want.bool("assign_generated_ipv6_cidr_block") == Some(true);
    let left = [("ipv6_cidr_block", !pool), ("assign_generated_ipv6_cidr_block", !generated)];
    left.into_iter().fold(want.clone(), leave)
}

/// A VPC has one IPv6 range of its own, so the old one goes first.
async fn replace_ipv6(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    let names: Vec<&str> = Range::rows::<Vpc>().into_iter().map(|row| row.row.name).collect();
    let after = range(change.after);
    let mut all = Change::new(change.before, &after, names.iter().copied());
    if !change.take_any(&names) {
        return Ok(());
    }
    if let Some(old) = change.before.str("ipv6_association_id") {
        settle::unless_gone(aws.write.ec2.disassociate_vpc_cidr_block().association_id(old).send().await)?;
        let gone = |now: Option<&LiveVpc>| now.is_none_or(|l| ipv6(&l.vpc).is_none());
        settle::seen::<AwsVpc>(aws, id, "the VPC's old IPv6 range to go", gone).await?;
    }
    let wanted = ["assign_generated_ipv6_cidr_block", "ipv6_ipam_pool_id"].iter().any(|name| after.is_set(name));
    let call = aws.write.ec2.associate_vpc_cidr_block().vpc_id(id);
    if let Some(call) = Range::modify(call, &mut all).filter(|_| wanted) {
        if listed(aws, filtered("vpc-id", &[id.to_owned()])).await?.iter().any(is_beside) {
            aws.write.ec2.delete_tags().resources(id).tags(Tag::builder().key(BESIDE).build()).send().await?;
        }
        call.send().await?;
    }
    Ok(())
}

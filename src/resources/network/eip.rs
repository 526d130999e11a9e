//! aws_eip: a public IPv4 address, and what it points at.

use crate::aws::{Aws, Error, Kind, Result, filter, filtered, made};
use crate::resources::settle;
use crate::resources::spec::{self, Resource, Spec, Token, Which};
use crate::resources::tags;
use crate::schema::{Attrs, Change, checks};
use aws_sdk_ec2::types::{Address, AddressAttributeName, DomainType, ResourceType};
use futures::future::{try_join, try_join_all};
use std::collections::BTreeMap;

type A = spec::A<Eip>;

/// The resource type `aws_eip`.
pub struct AwsEip;

/// An address as listed, with what is known of it beyond.
pub struct Eip {
    /// What EC2 lists.
    pub address: Address,
    arn: String,
    region: String,
    ptr_record: Option<String>,
}

impl Eip {
    /// The DNS name of an address of this region, as EC2 forms it; the first Region has names of its own.
    fn dns(&self, prefix: &str, ip: Option<&str>, first: &str, suffix: &str) -> Option<String> {
        let host = ip?.replace('.', "-");
        let zone = if self.region == "us-east-1" { first.to_owned() } else { format!("{}.{suffix}", self.region) };
        Some(format!("{prefix}-{host}.{zone}"))
    }
}

/// The arguments that say what holds the address.
const HOLDER: [&str; 3] = ["associate_with_private_ip", "instance", "network_interface"];

impl Resource for AwsEip {
    type Live = Eip;

    fn spec() -> Spec<Eip> {
        let [tags, tags_all] = A::tags(|e| tags::read(e.address.tags()));
        let fixed = |name| A::string(name).force_new();
        Spec::new(
            "aws_eip",
            |e| e.address.allocation_id().map(Into::into),
            vec![
                fixed("address"),
                A::string("associate_with_private_ip").check(checks::ipv4_address),
                fixed("customer_owned_ipv4_pool").read(|e| e.address.customer_owned_ipv4_pool().into()),
                fixed("domain")
                    .initial("vpc")
                    .check(|v| checks::one_of(v, &["vpc"]))
                    .read(|e| e.address.domain().map(DomainType::as_str).into()),
                A::string("instance")
                    .optional_computed()
                    .follows(&["network_interface"])
                    .read(|e| e.address.instance_id().filter(|id| !id.is_empty()).into()),
                fixed("ipam_pool_id"),
                fixed("network_border_group").optional_computed().read(|e| e.address.network_border_group().into()),
                A::string("network_interface")
                    .optional_computed()
                    .follows(&["instance"])
                    .read(|e| e.address.network_interface_id().filter(|id| !id.is_empty()).into()),
                fixed("public_ipv4_pool").optional_computed().read(|e| e.address.public_ipv4_pool().into()),
                A::string("allocation_id").computed().read(|e| e.address.allocation_id().into()),
                A::string("arn").computed().read(|e| e.arn.as_str().into()),
                A::string("association_id").computed().follows(&HOLDER).read(|e| e.address.association_id().into()),
                A::string("carrier_ip").computed().read(|e| e.address.carrier_ip().into()),
                A::string("customer_owned_ip").computed().read(|e| e.address.customer_owned_ip().into()),
                A::string("private_dns")
                    .computed()
                    .follows(&HOLDER)
                    .read(|e| e.dns("ip", e.address.private_ip_address(), "ec2.internal", "compute.internal").into()),
                A::string("private_ip").computed().follows(&HOLDER).read(|e| e.address.private_ip_address().into()),
                A::string("ptr_record").computed().read(|e| e.ptr_record.as_ref().into()),
                A::string("public_dns").computed().read(|e| {
                    e.dns("ec2", e.address.public_ip(), "compute-1.amazonaws.com", "compute.amazonaws.com").into()
                }),
                A::string("public_ip").computed().read(|e| e.address.public_ip().into()),
                tags,
                tags_all,
            ],
        )
        .holds_inline(crate::resources::holds::address)
        .unique(&[])
        .conflicts(&[&["instance", "network_interface"]])
        .implicit_after(&["aws_internet_gateway"])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Eip>> {
        let filters = match which {
            Which::Ids(ids) => filtered("allocation-id", ids),
            Which::Token(token) => vec![vec![tags::token_filter(token)]],
            Which::NaturalKey(want) => vec![vec![filter("public-ip", want.str("public_ip").unwrap_or_default())]],
        };
        if filters.is_empty() {
            return Ok(Vec::new());
        }
        let listed = try_join_all(filters.into_iter().map(|f| async {
            let answer = aws.read.ec2.describe_addresses().set_filters(Some(f)).send().await?;
            Ok::<_, Error>(answer.addresses.unwrap_or_default())
        }));
        let (listed, mut names) = try_join(listed, ptr_records(aws)).await?;
        let complete = |address: Address| {
            let id = address.allocation_id().unwrap_or_default();
            Eip {
                arn: aws.ec2_arn(&format!("elastic-ip/{id}")),
                region: aws.region.to_string(),
                ptr_record: names.remove(id),
                address,
            }
        };
        Ok(listed.into_iter().flatten().map(complete).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let answer = aws
            .write
            .ec2
            .allocate_address()
            .domain(DomainType::Vpc)
            .set_address(want.string("address"))
            .set_customer_owned_ipv4_pool(want.string("customer_owned_ipv4_pool"))
            .set_ipam_pool_id(want.string("ipam_pool_id"))
            .set_network_border_group(want.string("network_border_group"))
            .set_public_ipv4_pool(want.string("public_ipv4_pool"))
            .tag_specifications(tags::at_creation(ResourceType::ElasticIp, want, token))
            .send()
            .await?;
        made(answer.allocation_id())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let instance = change.take("instance").is_some();
        let interface = change.take("network_interface").is_some();
        let private_ip = change.take("associate_with_private_ip").is_some();
        if !(instance || interface || private_ip) {
            return Ok(());
        }
        let wanted = |name: &str| change.after.string(name).filter(|v| !v.is_empty());
        // Each is told by AWS from the other, so the one that the layout changed is the one that counts.
        let (instance, interface) = match (wanted("instance"), wanted("network_interface")) {
            (Some(i), Some(_)) if instance || !interface => (Some(i), None),
            (Some(_), Some(n)) => (None, Some(n)),
            one => one,
        };
        if instance.is_none() && interface.is_none() {
            return disassociate(aws, change.before).await;
        }
        aws.write
            .ec2
            .associate_address()
            .allocation_id(id)
            .allow_reassociation(true)
            .set_instance_id(instance)
            .set_network_interface_id(interface)
            .set_private_ip_address(wanted("associate_with_private_ip"))
            .send()
            .await?;
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        disassociate(aws, last).await?;
        let group = last.string("network_border_group");
        aws.write.ec2.release_address().allocation_id(id).set_network_border_group(group).send().await?;
        Ok(())
    }
}

/// Takes the address off what it was last seen on.
async fn disassociate(aws: &Aws, seen: &Attrs) -> Result<()> {
    let Some(association) = seen.str("association_id") else { return Ok(()) };
    settle::unless_gone(aws.write.ec2.disassociate_address().association_id(association).send().await)
}

/// Reverse names by allocation id: of all addresses at once, as few have one. Credentials that may
/// not ask, and endpoints that do not know, leave them out.
async fn ptr_records(aws: &Aws) -> Result<BTreeMap<String, String>> {
    let ask = aws.read.ec2.describe_addresses_attribute().attribute(AddressAttributeName::DomainName);
    let mut pages = ask.into_paginator().items().send();
    let mut names = BTreeMap::new();
    while let Some(item) = pages.next().await {
        match item.map_err(Error::from) {
            Ok(item) => {
                let name = item.ptr_record.filter(|name| !name.is_empty());
                names.extend(item.allocation_id.zip(name));
            }
            Err(e) if matches!(e.kind, Kind::Denied | Kind::Refused) => break,
            Err(e) => return Err(e),
        }
    }
    Ok(names)
}

//! aws_eip: a public IPv4 address, and what it points at.

use crate::resources::holds;
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::allocate_address::builders::AllocateAddressFluentBuilder as Allocate;
use aws_sdk_ec2::types::{Address, AddressAttributeName, DomainType, Filter, ResourceType};
use futures::future::try_join;
use std::collections::BTreeMap;

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

held!(Eip: address as Address);

table! {
    Rows: Address, create Allocate {
        address: Text, create [.force_new()];
        associate_with_private_ip: Text, none [.check(checks::ipv4_address)];
        customer_owned_ipv4_pool: Text [.force_new()];
        domain: EnumCell, read [.force_new().initial("vpc").check(|v| checks::one_of(v, &["vpc"]))];
        instance: Text, none
            [.optional_computed().follows(&["network_interface"]).read(|a| given(a.held().instance_id()))];
        ipam_pool_id: Text, create [.force_new().initial("")];
        network_border_group: Text [.force_new().optional_computed()];
        network_interface: Text, none
            [.optional_computed().follows(&["instance"]).read(|a| given(a.held().network_interface_id()))];
        public_ipv4_pool: Text [.force_new().optional_computed()];
        vpc: Flag, none [.normal(Normal::With(|_, _| true))];
        allocation_id: Text, read [.computed()];
        association_id: Text, read [.computed().follows(&HOLDER)];
        carrier_ip: Text, read [.computed()];
        customer_owned_ip: Text, read [.computed()];
        private_ip = private_ip_address: Text, read [.computed().follows(&HOLDER)];
        public_ip: Text, read [.computed()];
    }
}

table! {
    /// What other calls and the Region say of an address.
    Beside: Eip {
        arn: Text, none [.computed().read(|e| e.held().arn.as_str().into())];
        private_dns: Text, none [.computed().follows(&HOLDER).read(|e| e.held().private_dns().into())];
        ptr_record: Text, none [.computed().read(|e| e.held().ptr_record.as_ref().into())];
        public_dns: Text, none [.computed().read(|e| e.held().public_dns().into())];
    }
}

/// EC2 writes an empty text for nothing.
fn given(text: Option<&str>) -> Value {
    text.filter(|text| !text.is_empty()).into()
}

impl Eip {
    fn private_dns(&self) -> Option<String> {
        self.dns("ip", self.address.private_ip_address(), "ec2.internal", "compute.internal")
    }

    fn public_dns(&self) -> Option<String> {
        self.dns("ec2", self.address.public_ip(), "compute-1.amazonaws.com", "compute.amazonaws.com")
    }

    /// The DNS name of an address of this region, as EC2 forms it; the first Region has names of its own.
    fn dns(&self, prefix: &str, ip: Option<&str>, first: &str, suffix: &str) -> Option<String> {
        let host = ip?.replace('.', "-");
        let zone = if self.region == "us-east-1" { first.to_owned() } else { format!("{}.{suffix}", self.region) };
        Some(format!("{prefix}-{host}.{zone}"))
    }
}

/// The addresses that filters find.
pub async fn listed(aws: &Aws, filters: Vec<Vec<Filter>>) -> Result<Vec<Address>> {
    unpaged(filters, |f| async { Ok(aws.read.ec2.describe_addresses().set_filters(f).send().await?.addresses) }).await
}

/// The arguments that say what holds the address.
const HOLDER: [&str; 3] = ["associate_with_private_ip", "instance", "network_interface"];

impl Resource for AwsEip {
    type Live = Eip;

    fn spec() -> Spec<Eip> {
        let rows = Rows::rows().into_iter().chain(Beside::rows()).collect();
        Spec::new("aws_eip", |e: &Eip| e.address.allocation_id().map(Into::into), rows)
            .role(Role::Address(Unjudged::None("what it is given to is judged")))
            .tags(|e| tags::read(e.address.tags()))
            .holds_inline(holds::address)
            .unique(&[])
            .conflicts(&[&["instance", "network_interface"]])
            .implicit_after(&["aws_internet_gateway"])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Eip>> {
        let filters = tags::filters(which, "allocation-id", &[("public-ip", "public_ip")]);
        if filters.is_empty() {
            return Ok(Vec::new());
        }
        let (listed, mut names) = try_join(listed(aws, filters), ptr_records(aws)).await?;
        let complete = |address: Address| {
            let id = address.allocation_id().unwrap_or_default();
            Eip {
                arn: aws.ec2_arn(&format!("elastic-ip/{id}")),
                region: aws.region.to_string(),
                ptr_record: names.remove(id),
                address,
            }
        };
        Ok(listed.into_iter().map(complete).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.ec2.allocate_address().domain(DomainType::Vpc), want);
        let answer = call.tag_specifications(tags::at_creation(ResourceType::ElasticIp, want, token)).send().await?;
        made(answer.allocation_id())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let instance = change.take("instance").is_some();
        let interface = change.take("network_interface").is_some();
        let private_ip = change.take("associate_with_private_ip").is_some();
        change.take("vpc");
        if !(instance || interface || private_ip) {
            return Ok(());
        }
        let wanted = |name: &str| change.after.string(name).filter(|v| !v.is_empty());
        // AWS derives each from the other. The one that the layout changed counts.
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

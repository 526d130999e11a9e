//! aws_network_interface: a card that instances are given. Addresses, prefixes, groups and the instance that
//! it is on change in place.

use crate::resources::block::TextList;
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::create_network_interface::builders::CreateNetworkInterfaceFluentBuilder as Create;
use aws_sdk_ec2::operation::modify_network_interface_attribute::builders::ModifyNetworkInterfaceAttributeFluentBuilder as Modify;
use aws_sdk_ec2::types::{
    AttachmentEnaSrdSpecification, AttachmentEnaSrdUdpSpecification, EnaSrdSpecification, EnaSrdUdpSpecification,
    NetworkInterface, NetworkInterfaceAttachment, NetworkInterfaceCreationType, NetworkInterfaceStatus as Status,
    PrivateIpAddressSpecification, ResourceType,
};

/// The resource type `aws_network_interface`.
pub struct AwsNetworkInterface;

type Card = WithArn<NetworkInterface>;

/// Of AWS's types of interfaces, what one is when nothing is said.
const PLAIN: &str = "interface";

block! {
    /// `attachment`; it is made by a call of its own.
    Attachment: NetworkInterfaceAttachment => NetworkInterfaceAttachment {
        attachment_id: Text, read [.computed()];
        device_index: Int, read [.required()];
        instance = instance_id: Text, read [.required()];
        network_card_index: Int, read [.optional_computed()];
    }
    /// `ena_srd_specification.ena_srd_udp_specification`.
    SrdUdp: AttachmentEnaSrdUdpSpecification => EnaSrdUdpSpecification {
        ena_srd_udp_enabled: Flag;
    }
    /// `ena_srd_specification`.
    Srd: AttachmentEnaSrdSpecification => EnaSrdSpecification {
        ena_srd_enabled: Flag;
        ena_srd_udp_specification: OptionalBlock<SrdUdp>;
    }
}

table! {
    Rows: Card, create Create, modify Modify {
        arn: Text, read [.computed()];
        attachment: BlockSet<Attachment>, none [.optional_computed().read(|c| attachment(c.held()))];
        description: Text, read, create, modify;
        enable_primary_ipv6: Flag, modify [.optional_computed()]
            [.read(|c| c.held().ipv6_addresses().iter().any(|a| a.is_primary_ipv6() == Some(true)).into())];
        ena_srd_specification: OptionalBlock<Srd>, modify [.optional_computed()]
            [.read(|c| OptionalBlock::<Srd>::get(c.held().attachment().and_then(|a| a.ena_srd_specification())))];
        interface_type: EnumCell, none [.optional_computed().force_new().normal(Normal::CaseInsensitive)]
            [.read(|c| c.held().interface_type().map_or(PLAIN, |t| t.as_str()).into())];
        ipv4_prefix_count: Int, none [.optional_computed().empty_is_null().follows(&["ipv4_prefixes"])]
            [.read(|c| count(c.held().ipv4_prefixes().len()))];
        ipv4_prefixes: Texts, none [.optional_computed().follows(&["ipv4_prefix_count"])]
            [.read(|c| Value::string_set(c.held().ipv4_prefixes().iter().filter_map(|p| p.ipv4_prefix())))];
        ipv6_address_count: Int, none [.optional_computed().empty_is_null().follows(&["ipv6_address_list", "ipv6_addresses"])]
            [.read(|c| count(c.held().ipv6_addresses().len()))];
        ipv6_address_list: TextList, none [.optional_computed().follows(&["ipv6_address_count", "ipv6_addresses"])]
            [.read(|c| Value::strings(ipv6(c.held())))];
        ipv6_address_list_enabled: Switch, none;
        ipv6_addresses: Texts, none [.optional_computed().follows(&["ipv6_address_count", "ipv6_address_list"])]
            [.read(|c| Value::string_set(ipv6(c.held())))];
        ipv6_prefix_count: Int, none [.optional_computed().empty_is_null().follows(&["ipv6_prefixes"])]
            [.read(|c| count(c.held().ipv6_prefixes().len()))];
        ipv6_prefixes: Texts, none [.optional_computed().follows(&["ipv6_prefix_count"])]
            [.read(|c| Value::string_set(c.held().ipv6_prefixes().iter().filter_map(|p| p.ipv6_prefix())))];
        mac_address: Text, read [.computed()];
        outpost_arn: Text, read [.computed()];
        owner_id: Text, read [.computed()];
        private_dns_name: Text, read [.computed()];
        private_ip = private_ip_address: Text, read [.optional_computed().force_new()];
        private_ip_list: TextList, none [.optional_computed().follows(&["private_ips", "private_ips_count"])]
            [.read(|c| Value::strings(addresses(c.held())))];
        private_ip_list_enabled: Switch, none;
        private_ips: Texts, none [.optional_computed().follows(&["private_ip_list", "private_ips_count"])]
            [.read(|c| Value::string_set(addresses(c.held())))];
        private_ips_count: Int, none [.optional_computed().empty_is_null().follows(&["private_ip_list", "private_ips"])]
            [.read(|c| count(c.held().private_ip_addresses().len().saturating_sub(1)))];
        security_groups = groups: Texts, create, modify [.optional_computed()]
            [.read(|c| Value::string_set(c.held().groups().iter().filter_map(|g| g.group_id())))];
        source_dest_check: Flag, modify
            [.default(true).read(|c| c.held().source_dest_check().unwrap_or(true).into())];
        subnet_id: Text [.required().force_new()];
    }
}

/// The first address and the others, in order.
fn addresses(c: &Card) -> Vec<&str> {
    let all = c.private_ip_addresses();
    let (first, others): (Vec<_>, Vec<_>) = all.iter().partition(|a| a.primary() == Some(true));
    first.into_iter().chain(others).filter_map(|a| a.private_ip_address()).collect()
}

fn ipv6(c: &Card) -> Vec<&str> {
    c.ipv6_addresses().iter().filter_map(|a| a.ipv6_address()).collect()
}

fn count(n: usize) -> Value {
    i32::try_from(n).ok().into()
}

fn attachment(c: &Card) -> Value {
    let block = c.attachment().filter(|a| a.instance_id().is_some()).map(Attachment::read);
    Value::set(object_type(&Attachment::rows()), block.into_iter().collect())
}

fn progress(c: &Card) -> Progress {
    match c.status() {
        Some(Status::Available | Status::InUse | Status::Associated) | None => Progress::Ready,
        Some(other) => Progress::Pending(other.as_str().into()),
    }
}

/// A list that says the order of all addresses, where the layout enables it.
fn ordered(want: &Attrs, enabled: &str, list: &str) -> Option<Vec<String>> {
    (want.bool(enabled) == Some(true)).then(|| want.strings(list)).and_then(some)
}

/// The first address does not change.
fn replaced(before: &Attrs, after: &Attrs) -> Vec<&'static str> {
    let mut all = Vec::new();
    let first = before.str("private_ip");
    let given = after.get("private_ips").filter(|v| v.is_wholly_known() && !v.is_null());
    if given.is_some() && !first.is_none_or(|first| after.strings("private_ips").iter().any(|ip| ip == first)) {
        all.push("private_ips");
    }
    if let Some(list) = ordered(after, "private_ip_list_enabled", "private_ip_list")
        && first.is_some_and(|first| list.first().map(String::as_str) != Some(first))
    {
        all.push("private_ip_list");
    }
    all
}

fn checked(want: &Attrs) -> Vec<(&'static str, String)> {
    let pairs = [("private_ip_list", "private_ip_list_enabled"), ("ipv6_address_list", "ipv6_address_list_enabled")];
    let idle = pairs.into_iter().filter(|(list, on)| want.is_filled(list) && want.bool(on) != Some(true));
    idle.map(|(list, on)| (list, format!("{list} counts only with {on} = true"))).collect()
}

impl Resource for AwsNetworkInterface {
    type Live = Card;

    fn spec() -> Spec<Card> {
        Spec::new("aws_network_interface", |c| c.network_interface_id().map(Into::into), Rows::rows::<Card>())
            .role(Role::NotServing("the member that it is on serves"))
            .tags(|c| tags::read(c.tag_set()))
            .recover(Recover::ClientToken)
            .unique(&[&["private_ips", "subnet_id"], &["private_ip_list", "subnet_id"]])
            .progress(progress)
            .conflicts(&[
                &["private_ips", "private_ip_list"],
                &["private_ips_count", "private_ip_list"],
                &["ipv6_addresses", "ipv6_address_count", "ipv6_address_list"],
                &["ipv4_prefixes", "ipv4_prefix_count"],
                &["ipv6_prefixes", "ipv6_prefix_count"],
            ])
            .replace_when(replaced)
            .check(checked)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Card>> {
        let found =
            listed!(aws, describe_network_interfaces, tags::filters(which, "network-interface-id", &[])).await?;
        Ok(WithArn::all(aws, "network-interface", found, NetworkInterface::network_interface_id))
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let listed = ordered(want, "private_ip_list_enabled", "private_ip_list");
        let given = listed.or_else(|| some(want.strings("private_ips")));
        let single = text(want, "private_ip").filter(|_| given.is_none());
        let address = |(n, ip): (usize, String)| {
            PrivateIpAddressSpecification::builder().primary(n == 0).private_ip_address(ip).build()
        };
        let several = given.map(|all| all.into_iter().enumerate().map(address).collect());
        let kind = text(want, "interface_type").filter(|kind| kind != PLAIN);
        let more = want.int("private_ips_count").filter(|n| several.is_none() && *n > 0);
        let call = Rows::create(aws.write.ec2.create_network_interface(), want)
            .client_token(&token.0)
            .set_enable_primary_ipv6(want.bool("enable_primary_ipv6").filter(|on| *on))
            .set_interface_type(kind.map(|kind| NetworkInterfaceCreationType::from(kind.as_str())))
            .set_private_ip_address(single)
            .set_private_ip_addresses(several)
            .set_secondary_private_ip_address_count(more);
        let tags = tags::at_creation(ResourceType::NetworkInterface, want, token);
        let answer = call.tag_specifications(tags).send().await?;
        made(answer.network_interface().and_then(NetworkInterface::network_interface_id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take_any(&["private_ip_list_enabled", "ipv6_address_list_enabled"]);
        let modify = || aws.write.ec2.modify_network_interface_attribute().network_interface_id(id);
        let mut last = change.split(["ena_srd_specification"]);
        for call in Rows::modify_each(modify, change) {
            call.send().await?;
        }
        addresses_change(aws, id, change).await?;
        if change.take("attachment").is_some() {
            detach(aws, id, change.before).await?;
            if let Some(block) = change.after.blocks("attachment").first() {
                let call = aws.write.ec2.attach_network_interface().network_interface_id(id);
                let call = call.set_instance_id(block.string("instance")).set_device_index(block.int("device_index"));
                call.set_network_card_index(block.int("network_card_index")).send().await?;
            }
        }
        if last.after.blocks("ena_srd_specification").is_empty() {
            last.take("ena_srd_specification");
        }
        for call in Rows::modify_each(modify, &mut last) {
            call.send().await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        detach(aws, id, last).await?;
        aws.write.ec2.delete_network_interface().network_interface_id(id).send().await?;
        Ok(())
    }
}

/// What leaves an interface, what enters it, and how many more of no matter which.
#[derive(Default)]
pub struct Shift {
    /// What leaves.
    pub gone: Option<Vec<String>>,
    /// What enters.
    pub new: Option<Vec<String>>,
    /// How many more.
    pub more: Option<i32>,
}

/// The change of one kind of address. The layout gives one of `lists`, or `count`. `all` is the
/// list that says what is there, in order.
pub fn shift(change: &mut Change<'_>, lists: &[&str], count: &str, all: &str) -> Shift {
    let moved = lists.iter().map(|name| change.take_texts(name));
    let [mut gone, new] = moved.fold([None, None], |last, moved| if moved == [None, None] { last } else { moved });
    let now = change.before.get(count).and_then(Value::as_i64).unwrap_or(0);
    let wanted = change.take(count).and_then(Value::as_i64).filter(|_| gone.is_none() && new.is_none());
    let more = wanted.and_then(|n| i32::try_from(n - now).ok());
    if let Some(less) = more.filter(|n| *n < 0).and_then(|n| usize::try_from(-n).ok()) {
        let held = change.before.strings(all);
        gone = some(held.iter().skip(held.len().saturating_sub(less)).cloned().collect());
    }
    Shift { gone, new, more: more.filter(|n| *n > 0) }
}

/// EC2 has two calls for IPv4 and two for IPv6, each with a setter for addresses and one for prefixes.
macro_rules! shifted {
    ($aws:expr, $interface:expr, $shift:expr, $unassign:ident | $assign:ident, $set:ident, $count:ident) => {{
        let shift: $crate::resources::compute::network_interface::Shift = $shift;
        if shift.gone.is_some() {
            $aws.write.ec2.$unassign().network_interface_id($interface).$set(shift.gone).send().await?;
        }
        if shift.new.is_some() || shift.more.is_some() {
            let call = $aws.write.ec2.$assign().network_interface_id($interface);
            call.$set(shift.new).$count(shift.more).send().await?;
        }
    }};
}
pub(super) use shifted;

/// Addresses and prefixes. The first address stays.
async fn addresses_change(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    let first = change.before.string("private_ip");
    let mut ips = shift(change, &["private_ips", "private_ip_list"], "private_ips_count", "private_ip_list");
    ips.gone = ips.gone.and_then(|all| some(all.into_iter().filter(|ip| Some(ip) != first.as_ref()).collect()));
    shifted!(
        aws,
        id,
        ips,
        unassign_private_ip_addresses | assign_private_ip_addresses,
        set_private_ip_addresses,
        set_secondary_private_ip_address_count
    );
    let prefixes = shift(change, &["ipv4_prefixes"], "ipv4_prefix_count", "ipv4_prefixes");
    shifted!(
        aws,
        id,
        prefixes,
        unassign_private_ip_addresses | assign_private_ip_addresses,
        set_ipv4_prefixes,
        set_ipv4_prefix_count
    );
    let ips = shift(change, &["ipv6_addresses", "ipv6_address_list"], "ipv6_address_count", "ipv6_address_list");
    shifted!(aws, id, ips, unassign_ipv6_addresses | assign_ipv6_addresses, set_ipv6_addresses, set_ipv6_address_count);
    let prefixes = shift(change, &["ipv6_prefixes"], "ipv6_prefix_count", "ipv6_prefixes");
    shifted!(
        aws,
        id,
        prefixes,
        unassign_ipv6_addresses | assign_ipv6_addresses,
        set_ipv6_prefixes,
        set_ipv6_prefix_count
    );
    Ok(())
}

/// Takes the interface off its instance and waits until it is free.
async fn detach(aws: &Aws, id: &str, seen: &Attrs) -> Result<()> {
    let blocks = seen.blocks("attachment");
    let Some(attachment) = blocks.first().and_then(|b| b.str("attachment_id")) else { return Ok(()) };
    settle::unless_gone(aws.write.ec2.detach_network_interface().attachment_id(attachment).send().await)?;
    let free = |now: Option<&Card>| now.is_none_or(|c| c.status() == Some(&Status::Available));
    settle::seen::<AwsNetworkInterface>(aws, id, "the interface to be free", free).await.map(drop)
}

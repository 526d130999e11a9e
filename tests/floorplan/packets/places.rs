//! Where addresses are: VPCs, subnets, network interfaces, and which public address leads to which private one.

use std::net::{IpAddr, Ipv4Addr};

use super::facts::{all, blocks, by_id, is, nth, size, text, texts};
use super::{Object, World};

/// A network interface and all that bears on its packets.
#[derive(Debug, Clone, PartialEq)]
pub struct Interface {
    /// Its own name: the object's address, with the subnet where the object has several.
    pub name: String,
    /// The addresses of the objects that it belongs to.
    pub owners: Vec<String>,
    /// The subnet's id.
    pub subnet: String,
    /// Its private addresses, the primary one first.
    pub private: Vec<IpAddr>,
    /// Its security groups; `None` if groups do not filter it.
    pub groups: Option<Vec<String>>,
    /// Whose it is.
    pub kind: Kind,
}

/// Whose interface it is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// An instance's, or nobody's yet.
    Machine,
    /// A NAT gateway's, by its id.
    Nat(String),
    /// A load balancer's, by its id.
    Balancer(String),
    /// A database's, by its address.
    Database(String),
    /// An interface endpoint's.
    Endpoint,
}

const VPCS: [&str; 2] = ["aws_vpc", "aws_default_vpc"];
pub const SUBNETS: [&str; 2] = ["aws_subnet", "aws_default_subnet"];

/// A VPC's ranges of both families.
///
/// AWS: a VPC has a primary IPv4 range, up to four secondary ones, and IPv6 ranges.
pub fn vpc_ranges(world: World<'_>, vpc: &str) -> Vec<String> {
    let mut ranges = Vec::new();
    if let Some(found) = by_id(world.objects, &VPCS, vpc) {
        ranges.extend(["cidr_block", "ipv6_cidr_block"].map(|name| text(&found.attributes, name).to_owned()));
    }
    for further in all(world.objects, &["aws_vpc_ipv4_cidr_block_association", "aws_vpc_ipv6_cidr_block_association"]) {
        if text(&further.attributes, "vpc_id") == vpc {
            ranges.extend(["cidr_block", "ipv6_cidr_block"].map(|name| text(&further.attributes, name).to_owned()));
        }
    }
    ranges.retain(|range| !range.is_empty());
    ranges
}

/// Whether an address is in one of a VPC's ranges.
pub fn vpc_holds(world: World<'_>, vpc: &str, address: IpAddr) -> bool {
    vpc_ranges(world, vpc).iter().any(|range| super::facts::holds(range, address))
}

/// The VPC with this id.
pub fn vpc<'a>(world: World<'a>, id: &str) -> Option<&'a Object> {
    by_id(world.objects, &VPCS, id)
}

/// The ids of all VPCs.
pub fn vpcs(world: World<'_>) -> Vec<String> {
    all(world.objects, &VPCS).iter().map(|vpc| text(&vpc.attributes, "id").to_owned()).collect()
}

/// A subnet's VPC.
pub fn vpc_of(world: World<'_>, subnet: &str) -> String {
    by_id(world.objects, &SUBNETS, subnet).map_or(String::new(), |s| text(&s.attributes, "vpc_id").to_owned())
}

/// A subnet's zone.
pub fn zone_of(world: World<'_>, subnet: &str) -> String {
    by_id(world.objects, &SUBNETS, subnet)
        .map_or(String::new(), |s| text(&s.attributes, "availability_zone").to_owned())
}

/// Whether a subnet's range holds an address.
pub fn subnet_holds(world: World<'_>, subnet: &str, address: IpAddr) -> bool {
    let found = by_id(world.objects, &SUBNETS, subnet);
    let ranges = found.map(|s| ["cidr_block", "ipv6_cidr_block"].map(|name| text(&s.attributes, name)));
    ranges.is_some_and(|ranges| ranges.iter().any(|range| super::facts::holds(range, address)))
}

/// The interface with this private address in a VPC.
pub fn at<'a>(world: World<'a>, vpc: &str, address: IpAddr) -> Option<&'a Interface> {
    world.interfaces.iter().find(|i| i.private.contains(&address) && vpc_of(world, &i.subnet) == vpc)
}

/// All interfaces.
pub fn find_interfaces(world: World<'_>) -> Vec<Interface> {
    let mut found = Vec::new();
    for object in world.objects {
        match object.kind.as_str() {
            "aws_network_interface" => found.push(own_interface(world, object)),
            "aws_instance" if separate(object).is_empty() => found.push(instance_interface(world, object)),
            "aws_nat_gateway" if !text(&object.attributes, "subnet_id").is_empty() => found.push(nat(object)),
            "aws_lb" | "aws_alb" => found.extend(nodes(world, object)),
            "aws_db_instance" => found.extend(database(world, object)),
            "aws_vpc_endpoint" => found.extend(endpoint(world, object)),
            _ => {}
        }
    }
    found
}

fn own_interface(world: World<'_>, object: &Object) -> Interface {
    let a = &object.attributes;
    let mut private = vec![text(a, "private_ip")];
    for list in ["private_ip_list", "private_ips", "ipv6_address_list", "ipv6_addresses"] {
        private.extend(texts(a, list));
    }
    Interface {
        name: object.address.clone(),
        owners: std::iter::once(object.address.clone()).chain(attached_to(world, object)).collect(),
        subnet: text(a, "subnet_id").to_owned(),
        private: addresses(&private),
        groups: Some(groups(world, object, "security_groups", "id", text(a, "subnet_id"))),
        kind: Kind::Machine,
    }
}

/// The ids of interfaces that an instance names, and has instead of one of its own.
fn separate(instance: &Object) -> Vec<&str> {
    let named = ["network_interface", "primary_network_interface"];
    let blocks = named.iter().flat_map(|name| blocks(&instance.attributes, name));
    blocks.map(|block| text(block, "network_interface_id")).filter(|id| !id.is_empty()).collect()
}

/// The addresses of the instances that an interface is attached to.
fn attached_to(world: World<'_>, interface: &Object) -> Vec<String> {
    let id = text(&interface.attributes, "id");
    let mut to = Vec::new();
    for instance in all(world.objects, &["aws_instance"]) {
        let own = text(&instance.attributes, "id");
        let by_block = blocks(&interface.attributes, "attachment").iter().any(|block| text(block, "instance") == own);
        let by_object = all(world.objects, &["aws_network_interface_attachment"]).iter().any(|each| {
            text(&each.attributes, "network_interface_id") == id && text(&each.attributes, "instance_id") == own
        });
        if by_block || by_object || separate(instance).contains(&id) {
            to.push(instance.address.clone());
        }
    }
    to
}

fn instance_interface(world: World<'_>, object: &Object) -> Interface {
    let a = &object.attributes;
    let mut private = vec![text(a, "private_ip")];
    private.extend(texts(a, "secondary_private_ips"));
    private.extend(texts(a, "ipv6_addresses"));
    Interface {
        name: object.address.clone(),
        owners: vec![object.address.clone()],
        subnet: text(a, "subnet_id").to_owned(),
        private: addresses(&private),
        groups: Some(groups(
            world,
            object,
            "vpc_security_group_ids",
            "primary_network_interface_id",
            text(a, "subnet_id"),
        )),
        kind: Kind::Machine,
    }
}

/// AWS: you cannot associate a security group with a NAT gateway.
fn nat(object: &Object) -> Interface {
    let a = &object.attributes;
    let mut private = vec![text(a, "private_ip")];
    private.extend(texts(a, "secondary_private_ip_addresses"));
    Interface {
        name: object.address.clone(),
        owners: vec![object.address.clone()],
        subnet: text(a, "subnet_id").to_owned(),
        private: addresses(&private),
        groups: None,
        kind: Kind::Nat(text(a, "id").to_owned()),
    }
}

/// AWS: a load balancer has a node in each subnet that is enabled for it. A network load balancer that was created
/// without security groups is not filtered by any.
fn nodes(world: World<'_>, object: &Object) -> Vec<Interface> {
    let a = &object.attributes;
    let mut subnets = texts(a, "subnets");
    subnets.extend(blocks(a, "subnet_mapping").iter().map(|mapping| text(mapping, "subnet_id")));
    let mut nodes: Vec<Interface> = Vec::new();
    for subnet in subnets {
        if nodes.iter().any(|node| node.subnet == subnet) {
            continue;
        }
        let mapped = blocks(a, "subnet_mapping").into_iter().find(|mapping| text(mapping, "subnet_id") == subnet);
        let given = mapped.map_or("", |mapping| text(mapping, "private_ipv4_address"));
        let unfiltered = text(a, "load_balancer_type") == "network" && texts(a, "security_groups").is_empty();
        nodes.push(Interface {
            name: format!("{} in {subnet}", object.address),
            owners: vec![object.address.clone()],
            subnet: subnet.to_owned(),
            private: given.parse().ok().or_else(|| placed(world, object, subnet)).into_iter().collect(),
            groups: (!unfiltered).then(|| groups(world, object, "security_groups", "", subnet)),
            kind: Kind::Balancer(text(a, "id").to_owned()),
        });
    }
    nodes
}

/// The subnets that a database may be in: those of its group that are in its zone, if that is known.
pub fn homes(world: World<'_>, database: &Object) -> Vec<String> {
    let a = &database.attributes;
    let zone = text(a, "availability_zone");
    let group = all(world.objects, &["aws_db_subnet_group"]).into_iter().find(|group| {
        [text(&group.attributes, "id"), text(&group.attributes, "name")].contains(&text(a, "db_subnet_group_name"))
    });
    let subnets = group.map_or(Vec::new(), |group| texts(&group.attributes, "subnet_ids"));
    let fits = |subnet: &&str| zone.is_empty() || zone_of(world, subnet) == zone;
    subnets.into_iter().filter(fits).map(str::to_owned).collect()
}

fn database(world: World<'_>, object: &Object) -> Option<Interface> {
    let home =
        world.unknowns.homes.get(&object.address).cloned().or_else(|| homes(world, object).into_iter().next())?;
    Some(Interface {
        name: object.address.clone(),
        owners: vec![object.address.clone()],
        private: placed(world, object, &home).into_iter().collect(),
        groups: Some(groups(world, object, "vpc_security_group_ids", "", &home)),
        subnet: home,
        kind: Kind::Database(object.address.clone()),
    })
}

/// AWS: an interface endpoint has a network interface in each of its subnets; a gateway endpoint has none.
fn endpoint(world: World<'_>, object: &Object) -> Vec<Interface> {
    let a = &object.attributes;
    if text(a, "vpc_endpoint_type") != "Interface" {
        return Vec::new();
    }
    let mut subnets = texts(a, "subnet_ids");
    for further in all(world.objects, &["aws_vpc_endpoint_subnet_association"]) {
        let subnet = text(&further.attributes, "subnet_id");
        if text(&further.attributes, "vpc_endpoint_id") == text(a, "id") && !subnets.contains(&subnet) {
            subnets.push(subnet);
        }
    }
    let one = |subnet: &str| {
        let wanted = blocks(a, "subnet_configuration").into_iter().find(|block| text(block, "subnet_id") == subnet);
        let given = wanted.map_or("", |block| text(block, "ipv4"));
        Interface {
            name: format!("{} in {subnet}", object.address),
            owners: vec![object.address.clone()],
            subnet: subnet.to_owned(),
            private: given.parse().ok().or_else(|| placed(world, object, subnet)).into_iter().collect(),
            groups: Some(groups(world, object, "security_group_ids", "", subnet)),
            kind: Kind::Endpoint,
        }
    };
    subnets.into_iter().map(one).collect()
}

/// Where AWS puts an interface whose address no object says. Each object has a place of its own; AWS keeps the first
/// four addresses and the last one of a subnet.
fn placed(world: World<'_>, object: &Object, subnet: &str) -> Option<IpAddr> {
    let range = text(&by_id(world.objects, &SUBNETS, subnet)?.attributes, "cidr_block");
    let placed = all(world.objects, &["aws_lb", "aws_alb", "aws_db_instance", "aws_vpc_endpoint"]);
    let index = placed.iter().position(|each| each.address == object.address)?;
    let usual = size(range).checked_sub(2 + u32::try_from(index).ok()?)?;
    let here = world.unknowns.offsets.get(&format!("{} in {subnet}", object.address));
    let wanted = here.or(world.unknowns.offsets.get(&object.address)).copied();
    nth(range, wanted.filter(|offset| offset + 1 < size(range)).unwrap_or(usual))
}

/// The groups of an interface.
///
/// AWS: if you don't specify a security group, the interface is in the VPC's default security group. Others may be added.
fn groups(world: World<'_>, object: &Object, attribute: &str, interface: &str, subnet: &str) -> Vec<String> {
    let mut groups: Vec<String> = texts(&object.attributes, attribute).into_iter().map(str::to_owned).collect();
    if groups.is_empty() {
        let own = vpc(world, &vpc_of(world, subnet));
        groups.extend(own.map(|vpc| text(&vpc.attributes, "default_security_group_id").to_owned()));
    }
    let id = text(&object.attributes, interface);
    for further in all(world.objects, &["aws_network_interface_sg_attachment"]) {
        if !id.is_empty() && text(&further.attributes, "network_interface_id") == id {
            groups.push(text(&further.attributes, "security_group_id").to_owned());
        }
    }
    groups
}

/// The addresses among some texts, each once.
fn addresses(texts: &[&str]) -> Vec<IpAddr> {
    let mut found = Vec::new();
    for address in texts.iter().filter_map(|text| text.parse().ok()) {
        if !found.contains(&address) {
            found.push(address);
        }
    }
    found
}

/// A public IPv4 address and the private one that the internet gateway puts in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Public {
    /// The public address.
    pub public: IpAddr,
    /// The interface's name.
    pub interface: String,
    /// The private address.
    pub private: IpAddr,
}

/// All public addresses that lead to an interface.
pub fn find_publics(world: World<'_>) -> Vec<Public> {
    let interfaces = world.interfaces;
    let mut found: Vec<Public> = Vec::new();
    let mut add = |public: Option<IpAddr>, interface: &Interface, private: Option<IpAddr>| {
        let private = private.or_else(|| interface.private.iter().find(|a| a.is_ipv4()).copied());
        let (Some(public), Some(private)) = (public, private) else { return };
        let public = match &world.unknowns.held {
            Some((name, address)) if *name == interface.name && is_given(public) => *address,
            _ => public,
        };
        // An interface's private address has one public address: an elastic one replaces what AWS gave it.
        let taken =
            |each: &Public| each.public == public || (each.private == private && each.interface == interface.name);
        if !found.iter().any(taken) {
            found.push(Public { public, interface: interface.name.clone(), private });
        }
    };
    for eip in all(world.objects, &["aws_eip"]) {
        for (interface, private) in elastic(world, eip) {
            let public = text(&eip.attributes, "public_ip").parse().ok();
            interfaces.iter().filter(|i| i.name == interface).for_each(|i| add(public, i, private));
        }
    }
    for object in world.objects {
        let a = &object.attributes;
        for (index, interface) in
            interfaces.iter().filter(|i| i.name.split(' ').next() == Some(&object.address)).enumerate()
        {
            match object.kind.as_str() {
                "aws_instance" => add(text(a, "public_ip").parse().ok(), interface, None),
                "aws_nat_gateway" => {
                    nat_publics(world, object).into_iter().for_each(|(p, own)| add(Some(p), interface, own))
                }
                "aws_lb" | "aws_alb" if !is(a, "internal") => {
                    add(node_public(world, object, interface, index), interface, None);
                }
                "aws_db_instance" if is(a, "publicly_accessible") => {
                    add(given_public(world, object, 0), interface, None)
                }
                _ => {}
            }
        }
    }
    found
}

/// Whether an address is one that no object says.
pub fn is_given(address: IpAddr) -> bool {
    super::facts::holds("198.18.0.0/16", address)
}

/// The interfaces that an elastic address is associated with, and the private address if one is named.
fn elastic(world: World<'_>, eip: &Object) -> Vec<(String, Option<IpAddr>)> {
    let a = &eip.attributes;
    let mut associations = vec![(
        text(a, "network_interface"),
        text(a, "instance"),
        [text(a, "associate_with_private_ip"), text(a, "private_ip")].iter().find_map(|t| t.parse().ok()),
    )];
    for each in all(world.objects, &["aws_eip_association"]) {
        let each = &each.attributes;
        let id = text(each, "allocation_id");
        if (!id.is_empty() && id == text(a, "id")) || (id.is_empty() && text(each, "public_ip") == text(a, "public_ip"))
        {
            let private = text(each, "private_ip_address").parse().ok();
            associations.push((text(each, "network_interface_id"), text(each, "instance_id"), private));
        }
    }
    let mut found = Vec::new();
    for (interface, instance, private) in associations {
        if let Some(object) = by_id(world.objects, &["aws_network_interface"], interface) {
            found.push((object.address.clone(), private));
        } else if let Some(object) = by_id(world.objects, &["aws_instance"], instance) {
            // AWS: for an instance, the address is associated with its primary network interface.
            let first = separate(object).first().and_then(|id| by_id(world.objects, &["aws_network_interface"], id));
            found.push((first.unwrap_or(object).address.clone(), private));
        }
    }
    found
}

/// The public address of an allocation.
pub fn allocated(world: World<'_>, id: &str) -> Option<IpAddr> {
    by_id(world.objects, &["aws_eip"], id).and_then(|eip| text(&eip.attributes, "public_ip").parse().ok())
}

fn nat_publics(world: World<'_>, nat: &Object) -> Vec<(IpAddr, Option<IpAddr>)> {
    let a = &nat.attributes;
    if text(a, "connectivity_type") == "private" {
        return Vec::new();
    }
    let first = allocated(world, text(a, "allocation_id")).or_else(|| text(a, "public_ip").parse().ok());
    first.map(|public| (public, None)).into_iter().collect()
}

fn node_public(world: World<'_>, balancer: &Object, node: &Interface, index: usize) -> Option<IpAddr> {
    let mappings = blocks(&balancer.attributes, "subnet_mapping");
    let mapped = mappings.into_iter().find(|mapping| text(mapping, "subnet_id") == node.subnet);
    let elastic = mapped.and_then(|mapping| allocated(world, text(mapping, "allocation_id")));
    elastic.or_else(|| given_public(world, balancer, index))
}

/// A public address that AWS chooses and no object says. Unless the question tries another range, it is in one that nobody
/// in the Internet has, so that a rule holds it only if it holds all addresses.
pub fn given_public(world: World<'_>, object: &Object, index: usize) -> Option<IpAddr> {
    let position = world.objects.iter().position(|each| each.address == object.address)?;
    if let Some(range) = &world.unknowns.given {
        return nth(range, u32::try_from(position * 2 + index).ok()? % size(range));
    }
    let (high, low) = (u8::try_from(position).ok()?, u8::try_from(index + 1).ok()?);
    Some(IpAddr::V4(Ipv4Addr::new(198, 18, high, low)))
}

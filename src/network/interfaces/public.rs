//! Which interfaces have a public IPv4 address: by their own arguments, by their subnet, or by an elastic address.

use super::{Interface, Interfaces, Public, holder};
use crate::network::Object;
use crate::network::index::{Index, Link};
use crate::network::kinds::ObjectKind;
use crate::network::places::Places;
use crate::network::read::{Fact, addresses, elements, flag, text};
use crate::network::space::{Addresses, Ip};
use crate::value::Value;
use std::net::IpAddr;

/// Gives each interface its public address.
pub(super) fn assign(index: &Index<'_>, places: &Places, interfaces: &mut Interfaces) {
    let all: Vec<(usize, Vec<usize>)> = interfaces.of_object.iter().map(|(at, all)| (*at, all.clone())).collect();
    for (at, own) in all {
        let object = &index.objects[at];
        for interface in own {
            let interface = &mut interfaces.all[interface];
            // Those of an instance may be cards, which have their own.
            if interface.name == object.address {
                interface.public = by_arguments(index, object, places, interface);
            }
        }
    }
    elastic(index, interfaces);
}

fn by_arguments(index: &Index<'_>, object: &Object, places: &Places, interface: &Interface) -> Public {
    let of = &object.attributes;
    let name = || object.address.clone();
    let asked = |flag: Fact<bool>, otherwise: Public| match flag {
        Fact::Known(true) => Public::Some(None, name()),
        Fact::Known(false) => Public::None,
        Fact::Unknown => Public::May,
        Fact::Absent => otherwise,
    };
    let by_subnet = || match interface.subnet.map(|subnet| places.subnets[subnet].gives_public) {
        Some(Some(true)) => Public::Some(None, name()),
        Some(Some(false)) => Public::None,
        Some(None) | None => Public::May,
    };
    let Some(kind) = ObjectKind::of(&object.type_name) else { return Public::None };
    match kind {
        ObjectKind::Instance => match of.get("public_ip").map(|value| (value.as_str(), value.is_unknown())) {
            Some((Some(""), _)) => Public::None,
            Some((Some(address), _)) => Public::Some(ip(address), name()),
            Some((None, true)) => Public::May,
            _ => asked(flag(of, "associate_public_ip_address"), by_subnet()),
        },
        ObjectKind::NatGateway if text(of, "connectivity_type").known() == Some("private") => Public::None,
        ObjectKind::NatGateway => {
            let eip = index.refers(of, "allocation_id", &["aws_eip"]).object();
            let allocated = eip.and_then(|at| text(&index.objects[at].attributes, "public_ip").known());
            Public::Some(allocated.or(text(of, "public_ip").known()).and_then(ip), name())
        }
        ObjectKind::Balancer | ObjectKind::ClassicBalancer => match flag(of, "internal") {
            Fact::Known(true) => Public::None,
            Fact::Known(false) | Fact::Absent => Public::Some(None, name()),
            Fact::Unknown => Public::May,
        },
        ObjectKind::Database | ObjectKind::DatabaseMember => asked(flag(of, "publicly_accessible"), Public::None),
        ObjectKind::DatabaseCluster => cluster(index, object),
        ObjectKind::Containers => {
            asked(first(elements(of, "network_configuration.assign_public_ip").all), Public::None)
        }
        ObjectKind::ScalingGroup => {
            let path = "launch_template.id=aws_launch_template.network_interfaces.associate_public_ip_address";
            let (found, open) = super::kinds::through(index, of, path);
            let named = !elements(of, "launch_template.id").all.is_empty();
            if open || !named { Public::May } else { asked(first(found), by_subnet()) }
        }
        _ => Public::None,
    }
}

/// A cluster is as public as its instances.
fn cluster(index: &Index<'_>, object: &Object) -> Public {
    let mut public = Public::None;
    for (_, instance) in index.of(&["aws_rds_cluster_instance"]) {
        let link = index.refers(&instance.attributes, "cluster_identifier", &["aws_rds_cluster"]);
        let mine = link.object().is_some_and(|at| index.objects[at].address == object.address);
        match flag(&instance.attributes, "publicly_accessible") {
            Fact::Known(true) if mine => return Public::Some(None, instance.address.clone()),
            Fact::Unknown if mine => public = Public::May,
            _ => {}
        }
    }
    public
}

fn first(values: Vec<&Value>) -> Fact<bool> {
    match values.first() {
        None => Fact::Absent,
        Some(value) if value.is_unknown() => Fact::Unknown,
        Some(value) => {
            let truth = value.as_bool().or_else(|| value.as_str()?.parse().ok());
            truth.map_or(Fact::Unknown, Fact::Known)
        }
    }
}

fn ip(text: &str) -> Option<Ip> {
    text.parse::<IpAddr>().ok().map(Ip::from)
}

/// Elastic addresses, which take the place of others.
fn elastic(index: &Index<'_>, interfaces: &mut Interfaces) {
    let mut give = |holder: Link, own: Fact<Addresses>, address: Option<Ip>, name: &std::sync::Arc<str>| match holder {
        Link::To(at, _) => {
            let first = interfaces.of_object.get(&at).and_then(|all| all.first()).copied();
            if let Some(interface) = first.map(|first| &mut interfaces.all[first]) {
                match own {
                    Fact::Known(own) if interface.addresses.iter().skip(1).any(|one| *one == own) => {
                        interface.others.push((own, address, name.clone()));
                    }
                    _ => interface.public = Public::Some(address, name.clone()),
                }
            }
        }
        Link::Unknown => {
            for interface in &mut interfaces.all {
                if interface.public == Public::None {
                    interface.public = Public::May;
                }
            }
        }
        Link::Elsewhere(_) | Link::Nothing => {}
    };
    for (_, object) in index.of(&["aws_eip"]) {
        let address = text(&object.attributes, "public_ip").known().and_then(ip);
        for argument in ["instance", "network_interface"] {
            let own = match addresses(&object.attributes, "associate_with_private_ip") {
                Fact::Absent => addresses(&object.attributes, "private_ip"),
                own => own,
            };
            give(holder(index, &object.attributes, argument), own, address, &object.address);
        }
    }
    for (_, object) in index.of(&["aws_eip_association"]) {
        let of = &object.attributes;
        let eip = index.refers(of, "allocation_id", &["aws_eip"]).object();
        let eip = eip.map(|at| &index.objects[at]);
        let address = eip.and_then(|eip| text(&eip.attributes, "public_ip").known()).or(text(of, "public_ip").known());
        let name = eip.map_or(&object.address, |eip| &eip.address);
        for argument in ["instance_id", "network_interface_id"] {
            give(holder(index, of, argument), addresses(of, "private_ip_address"), address.and_then(ip), name);
        }
    }
}

//! Reads the words of a question: its ends, each with the objects or addresses that it names, and its packets.

use super::{Network, within};
use crate::diag::{Diagnostic, did_you_mean};
use crate::network::space::{self, Addresses, Packets};
use crate::network::{Destination, EndKind, Object, ObjectKind, Source};
use crate::value::address::{Address, InstanceKey, ModulePath, Target, parse, parse_instance};
use crate::value::ports;
use std::collections::BTreeSet;
use std::sync::Arc;

/// One end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Anywhere on the Internet.
    Internet,
    /// The sites behind VPN connections.
    Vpn,
    /// Whoever has these addresses.
    Range(Addresses),
    /// These objects.
    Objects(Vec<Arc<str>>),
}

/// An end as it was typed, with its meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The text.
    pub text: String,
    /// Its meaning.
    pub end: End,
}

impl Named {
    /// Each end by itself, with its name.
    pub(super) fn sources(&self) -> Vec<(Arc<str>, Source)> {
        let one = |source: Source| vec![(Arc::from(self.text.as_str()), source)];
        match &self.end {
            End::Internet => one(Source::Internet),
            End::Vpn => one(Source::Vpn),
            End::Range(range) => one(Source::Range(range.clone())),
            End::Objects(all) => all.iter().map(|name| (name.clone(), Source::Object(name.clone()))).collect(),
        }
    }

    /// The same as where traffic goes.
    pub(super) fn destinations(&self) -> Vec<(Arc<str>, Destination)> {
        let one = |destination: Destination| vec![(Arc::from(self.text.as_str()), destination)];
        match &self.end {
            End::Internet => one(Destination::Internet),
            End::Vpn => one(Destination::Vpn),
            End::Range(range) => one(Destination::Range(range.clone())),
            End::Objects(all) => all.iter().map(|name| (name.clone(), Destination::Object(name.clone()))).collect(),
        }
    }
}

/// Reads the packets of a question.
pub fn packets(text: &str) -> Result<Packets, Diagnostic> {
    let invalid = |unread: ports::Unread| {
        Diagnostic::error(unread.summary).code("network-port").detail(unread.why).hint(ports::CURE)
    };
    ports::read(text).map(|ports| Packets::of_ports(&ports)).map_err(invalid)
}

impl Network {
    /// Reads an end. One that names nothing is an error that says what is near.
    pub fn end(&self, text: &str) -> Result<Named, Diagnostic> {
        let named = |end: End| Ok(Named { text: text.to_owned(), end });
        match text {
            "internet" => return named(End::Internet),
            "vpn" if self.of_kind(ObjectKind::VpnConnection).next().is_none() => {
                return Err(Diagnostic::error("There are no VPN connections")
                    .code("network-end")
                    .detail("\"vpn\" stands for the sites behind VPN connections, and no object here is one.")
                    .hint("Name the addresses instead, such as 192.168.0.0/16."));
            }
            "vpn" => return named(End::Vpn),
            _ => {}
        }
        if let Some(range) = space::range(text) {
            let holders = range.single().map(|ip| self.model.holders_of(ip)).unwrap_or_default();
            return named(if holders.is_empty() { End::Range(range) } else { End::Objects(holders) });
        }
        let (mut found, exists) = self.named(text);
        if found.is_empty() {
            found = self.services.get(text).cloned().unwrap_or_default();
        }
        match (found.is_empty(), exists) {
            (false, _) => named(End::Objects(found)),
            (true, true) => Err(Diagnostic::error(format!("No traffic begins or ends at {text}"))
                .code("network-end")
                .detail("It is there, but it has no interfaces and is not a subnet.")
                .hint("Name what has addresses: an instance, a balancer, a database, an endpoint or a subnet.")),
            (true, false) => Err(self.unknown(text)),
        }
    }

    /// Whether the addresses are outside of all layouts.
    pub(super) fn is_outside(&self, end: &End) -> bool {
        match end {
            End::Internet => true,
            End::Range(range) => {
                let attribute = |of: &Object, name: &str| of.attributes.get(name)?.as_str().and_then(space::range);
                let is_own = |subnet: &Object| {
                    let ranges = ["cidr_block", "ipv6_cidr_block"].map(|name| attribute(subnet, name));
                    ranges.into_iter().flatten().any(|own| own.meets(range))
                };
                let is_public = |object: &Object| attribute(object, "public_ip").is_some_and(|own| own == *range);
                let own = self.of_kind(ObjectKind::Subnet).any(is_own) || self.objects.iter().any(is_public);
                Addresses::internet().covers(range) && !own
            }
            End::Vpn | End::Objects(_) => false,
        }
    }

    /// The ends of an instance, a block or a module, and whether anything has that address. Of a module those that have
    /// interfaces.
    fn named(&self, text: &str) -> (Vec<Arc<str>>, bool) {
        let (mut found, mut exists) = (Vec::new(), false);
        for (layout, _) in &self.layouts {
            // Without a layout before it, an address is looked for in all of them.
            let Ok(target) = parse(within(layout.as_deref(), text).unwrap_or(text)) else { continue };
            for object in &self.objects {
                let Some(address) = within(layout.as_deref(), &object.address) else { continue };
                let Ok(address) = parse_instance(address) else { continue };
                if !covers(&target, &address) {
                    continue;
                }
                exists = true;
                let kind = self.ends.get(&object.address);
                let is_end = match target {
                    Target::Module(_) => kind == Some(&EndKind::Interfaces),
                    _ => kind.is_some(),
                };
                if is_end && !found.contains(&object.address) {
                    found.push(object.address.clone());
                }
            }
        }
        (found, exists)
    }

    fn unknown(&self, text: &str) -> Diagnostic {
        let all = self.candidates();
        let near = did_you_mean(text, all.iter().map(String::as_str));
        let d = Diagnostic::error(format!("{text:?} names nothing in the network"))
            .code("network-end")
            .detail("An end is internet, vpn, an address or range, an object, a block, a module or a service.");
        match near {
            Some(near) => d.hint(format!("Did you mean {near}?")),
            None => {
                let mut some: Vec<&str> = all.iter().map(String::as_str).take(5).collect();
                if all.len() > some.len() {
                    some.push("and others");
                }
                d.hint(format!("There are {}.", some.join(", ")))
            }
        }
    }

    /// All that can be typed.
    fn candidates(&self) -> Vec<String> {
        let mut all: Vec<String> = vec!["internet".into(), "vpn".into()];
        all.extend(self.services.keys().cloned());
        let interfaces = || self.ends.iter().filter(|(_, kind)| **kind == EndKind::Interfaces).map(|(name, _)| name);
        for name in interfaces() {
            if let Some((_, address)) = self.address(name) {
                let of_block = address.resource.instance(InstanceKey::None).to_string();
                let layout = name.strip_suffix(&address.to_string()).unwrap_or_default();
                let steps = &address.resource.module.0;
                let modules = (1..=steps.len()).map(|depth| ModulePath(Arc::new(steps[..depth].to_vec())));
                all.extend(modules.map(|module| format!("{layout}{module}")));
                all.push(format!("{layout}{of_block}"));
            }
            all.push(name.to_string());
        }
        all.extend(
            self.ends.iter().filter(|(_, kind)| **kind != EndKind::Interfaces).map(|(name, _)| name.to_string()),
        );
        let mut seen = BTreeSet::new();
        all.retain(|name| seen.insert(name.clone()));
        all
    }
}

/// Whether an address is in what was typed; a key that was left out stands for all.
fn covers(target: &Target, address: &Address) -> bool {
    let key = |typed: &InstanceKey, own: &InstanceKey| *typed == InstanceKey::None || typed == own;
    let (path, resource) = match target {
        Target::Module(path) => (path, None),
        Target::Resource(resource) => (&resource.module, Some((resource, &InstanceKey::None))),
        Target::Instance(instance) => (&instance.resource.module, Some((&instance.resource, &instance.key))),
    };
    let own = &address.resource.module.0;
    let modules = path.0.iter().zip(own.iter()).all(|(typed, own)| typed.0 == own.0 && key(&typed.1, &own.1));
    match resource {
        None => own.len() >= path.0.len() && modules,
        Some((resource, typed)) => {
            let same = (resource.mode, &resource.type_name, &resource.name)
                == (address.resource.mode, &address.resource.type_name, &address.resource.name);
            own.len() == path.0.len() && modules && same && key(typed, &address.key)
        }
    }
}

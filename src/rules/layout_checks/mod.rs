//! Checks that no single resource can make: whether the resources of a layout agree with each other.
//! Pure, and before any call: an id that is not known yet says whose it is. What cannot be seen from
//! the layout is left to AWS, never guessed.

mod balancers;
mod claims;
mod databases;
mod ranges;
mod routes;
mod rules;
pub mod standard;

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::schema::Attrs;
use crate::value::{Origin, Value};
use std::collections::{BTreeMap, HashMap};

/// One resource instance of a layout, as planned.
#[derive(Debug, Clone)]
pub struct LayoutInstance<'a> {
    /// Its address, such as `module.net.aws_subnet.a[0]`.
    pub address: String,
    /// Its type.
    pub type_name: &'a str,
    /// The provider configuration: what has one name under two of them may be two objects.
    pub provider: &'a str,
    /// The arguments that the layout gives, evaluated; parts may be unknown.
    pub config: &'a Attrs,
    /// All attributes as they will be, with what is known of an existing object.
    pub attrs: &'a Attrs,
    /// Where the layout has it.
    pub span: Option<Span>,
}

impl LayoutInstance<'_> {
    /// Whether the layout gives the argument.
    fn gives(&self, name: &str) -> bool {
        self.config.get(name).is_some_and(|v| !v.is_null())
    }
}

/// The conflicts between the resources of a layout.
pub fn check(instances: &[LayoutInstance<'_>]) -> Diagnostics {
    let world = World::new(instances);
    let mut found = Diagnostics::new();
    found.extend(rules::security_groups(&world));
    found.extend(rules::network_acls(&world));
    found.extend(routes::check(&world));
    found.extend(ranges::check(&world));
    found.extend(claims::check(&world));
    found.extend(balancers::check(&world));
    found.extend(databases::check(&world));
    found
}

/// A kind of object that other resources name by id, and the resources that stand for one.
struct Family {
    /// Distinguishes the keys of adopted objects.
    name: &'static str,
    /// The type that makes one.
    own: &'static str,
    /// The type that adopts the one that comes with a VPC, and the argument that says which.
    adopting: Option<(&'static str, &'static str)>,
    /// The attributes of aws_vpc that name the one that comes with it.
    of_vpc: &'static [&'static str],
}

const GROUP: Family = Family {
    name: "security group",
    own: "aws_security_group",
    adopting: Some(("aws_default_security_group", "vpc_id")),
    of_vpc: &["default_security_group_id"],
};
const ACL: Family = Family {
    name: "network ACL",
    own: "aws_network_acl",
    adopting: Some(("aws_default_network_acl", "default_network_acl_id")),
    of_vpc: &["default_network_acl_id"],
};
const TABLE: Family = Family {
    name: "route table",
    own: "aws_route_table",
    adopting: Some(("aws_default_route_table", "default_route_table_id")),
    of_vpc: &["default_route_table_id", "main_route_table_id"],
};
const VPC: Family = Family { name: "VPC", own: "aws_vpc", adopting: None, of_vpc: &[] };
const SUBNET: Family = Family { name: "subnet", own: "aws_subnet", adopting: None, of_vpc: &[] };
const BALANCER: Family = Family { name: "load balancer", own: "aws_lb", adopting: None, of_vpc: &[] };
const LISTENER: Family = Family { name: "listener", own: "aws_lb_listener", adopting: None, of_vpc: &[] };
const TARGET_GROUP: Family = Family { name: "target group", own: "aws_lb_target_group", adopting: None, of_vpc: &[] };
const TOPIC: Family = Family { name: "topic", own: "aws_sns_topic", adopting: None, of_vpc: &[] };
const BUCKET: Family = Family { name: "bucket", own: "aws_s3_bucket", adopting: None, of_vpc: &[] };
const ROLE: Family = Family { name: "role", own: "aws_iam_role", adopting: None, of_vpc: &[] };
const POLICY: Family = Family { name: "policy", own: "aws_iam_policy", adopting: None, of_vpc: &[] };
const VPN_GATEWAY: Family = Family { name: "VPN gateway", own: "aws_vpn_gateway", adopting: None, of_vpc: &[] };
/// The objects that are named by a name instead of an id, and the argument that gives it.
const BY_NAME: [(&str, &str); 2] = [(BUCKET.own, "bucket"), (ROLE.own, "name")];
const WITH_DEFAULT: [&Family; 3] = [&GROUP, &ACL, &TABLE];

/// The instances, found by address and by id. A key is the same text for every way in which a layout
/// names one object.
struct World<'a> {
    instances: &'a [LayoutInstance<'a>],
    by_address: HashMap<&'a str, &'a LayoutInstance<'a>>,
    by_id: HashMap<&'a str, String>,
}

impl<'a> World<'a> {
    fn new(instances: &'a [LayoutInstance<'a>]) -> Self {
        let by_address = instances.iter().map(|i| (i.address.as_str(), i)).collect();
        let mut world = World { instances, by_address, by_id: HashMap::new() };
        let adopts = |i: &LayoutInstance<'_>| {
            WITH_DEFAULT.into_iter().find(|f| f.adopting.is_some_and(|(name, _)| name == i.type_name))
        };
        for i in instances.iter().filter(|i| adopts(i).is_none()) {
            if let Some(id) = i.attrs.str("id") {
                world.by_id.insert(id, i.address.clone());
            }
            let name = BY_NAME.iter().find(|(own, _)| *own == i.type_name).and_then(|(_, name)| i.attrs.str(name));
            if let Some(name) = name {
                world.by_id.insert(name, i.address.clone());
            }
            for family in WITH_DEFAULT.into_iter().filter(|_| i.type_name == VPC.own) {
                for id in family.of_vpc.iter().filter_map(|name| i.attrs.str(name)) {
                    world.by_id.insert(id, default_of(&i.address, family));
                }
            }
        }
        for (i, family) in instances.iter().filter_map(|i| Some((i, adopts(i)?))) {
            let key = world.key_of(i, family);
            if let Some(id) = i.attrs.str("id") {
                world.by_id.entry(id).or_insert(key);
            }
        }
        world
    }

    /// The instances of a type.
    fn of_type(&self, name: &'static str) -> impl Iterator<Item = &'a LayoutInstance<'a>> {
        self.instances.iter().filter(move |i| i.type_name == name)
    }

    /// The instances that stand for an object of the family, with their keys.
    fn owners(&self, family: &Family) -> Vec<(String, &'a LayoutInstance<'a>)> {
        let is = |i: &LayoutInstance<'_>| {
            i.type_name == family.own || family.adopting.is_some_and(|(name, _)| name == i.type_name)
        };
        self.instances.iter().filter(|i| is(i)).map(|i| (self.key_of(i, family), i)).collect()
    }

    /// The key of the object that an instance stands for.
    fn key_of(&self, i: &LayoutInstance<'_>, family: &Family) -> String {
        let adopted = family.adopting.filter(|(name, _)| *name == i.type_name).and_then(|(_, argument)| {
            if argument == "vpc_id" {
                return self.key(i, argument, &VPC).map(|vpc| default_of(&vpc, family));
            }
            self.key(i, argument, family)
        });
        adopted.unwrap_or_else(|| i.address.clone())
    }

    /// The key of the object that the argument `name` of an instance means, if that is sure.
    fn key(&self, i: &LayoutInstance<'_>, name: &str, family: &Family) -> Option<String> {
        self.key_of_value(i.attrs.get(name)?, family)
    }

    /// The key of the object of a family that an attribute of an instance names.
    fn key_from(&self, origin: &Origin, family: &Family) -> Option<String> {
        let i = self.by_address.get(origin.address.as_ref())?;
        let attribute = origin.attribute.as_ref();
        let stands_for_one = i.type_name == family.own || family.adopting.is_some_and(|(name, _)| name == i.type_name);
        // An object whose id is its ARN or its name is named by either.
        if stands_for_one && ["id", "arn", "name", "bucket"].contains(&attribute) {
            Some(self.key_of(i, family))
        } else if i.type_name == VPC.own && family.of_vpc.contains(&attribute) {
            Some(default_of(&i.address, family))
        } else {
            None
        }
    }

    /// The keys of the objects that the list or set `name` means, as far as that is sure.
    fn keys(&self, i: &LayoutInstance<'_>, name: &str, family: &Family) -> Vec<String> {
        i.attrs.elements(name).iter().filter_map(|v| self.key_of_value(v, family)).collect()
    }

    /// The key of the object that a value means, if that is sure.
    fn key_of_value(&self, value: &Value, family: &Family) -> Option<String> {
        match value.as_str() {
            Some(id) => (!id.is_empty()).then(|| self.by_id.get(id).cloned().unwrap_or_else(|| id.to_owned())),
            None => self.key_from(value.origin()?, family),
        }
    }

    /// The instance that stands for the object of a key, if the layout has one.
    fn instance(&self, key: &str) -> Option<&'a LayoutInstance<'a>> {
        self.by_address.get(key).copied()
    }
}

fn default_of(vpc: &str, family: &Family) -> String {
    format!("the default {} of {vpc}", family.name)
}

/// Instances by what they have in common.
type Groups<'a, K> = BTreeMap<K, Vec<&'a LayoutInstance<'a>>>;

/// An error about several instances, shown at the last of them.
fn between(instances: &[&LayoutInstance<'_>], summary: &str, detail: String) -> Diagnostic {
    let error = Diagnostic::error(summary).code("layout-check").detail(detail);
    match instances.last() {
        Some(last) => error.at(last.span.clone()).about(&last.address),
        None => error,
    }
}

/// Addresses as a sentence lists them: `a`, `a and b`, `a, b and c`.
fn names(instances: &[&LayoutInstance<'_>]) -> String {
    let all: Vec<&str> = instances.iter().map(|i| i.address.as_str()).collect();
    match all.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests;

//! The permissions without which the objects of a type cannot be read, made, changed and deleted. Each family has a file
//! `allowed.rs` that names, by type, the actions as IAM does: those of the calls that the type makes, and those that AWS
//! asks for besides. The calls that the engine makes for types of all families are added here.

use super::spec::Tagging;
use super::{
    accelerator, backup, cloudwatch, cognito, compute, core_network, database, direct_connect, dns, efs, elb,
    ephemeral, events, firewall, guardduty, identity, kms, lambda, lattice, messaging, network, quotas, recording,
    registry, resolver, scaling, sharing, ssm, storage, vpn, waf,
};
use crate::schema::Role;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Actions, as IAM names them.
pub type Named = &'static [&'static str];

/// The actions of a resource type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actions {
    /// To read objects by their ids.
    pub read: Named,
    /// To make one, to find one whose creation got no answer, and to take one over.
    pub create: Named,
    /// To change one.
    pub update: Named,
    /// To delete one, and to see what is in the way.
    pub delete: Named,
    /// The services that an object of the type hands a role to, for which `iam:PassRole` is needed.
    pub passes: Named,
}

impl Actions {
    /// None at all, of a type that makes no call.
    pub(super) const NONE: Actions = Actions { read: &[], create: &[], update: &[], delete: &[], passes: &[] };

    pub(super) const fn read(self, read: Named) -> Self {
        Actions { read, ..self }
    }

    pub(super) const fn create(self, create: Named) -> Self {
        Actions { create, ..self }
    }

    pub(super) const fn update(self, update: Named) -> Self {
        Actions { update, ..self }
    }

    pub(super) const fn delete(self, delete: Named) -> Self {
        Actions { delete, ..self }
    }

    pub(super) const fn passes(self, passes: Named) -> Self {
        Actions { passes, ..self }
    }
}

/// The actions of resource types, by name.
pub(super) type OfResources = &'static [(&'static str, Actions)];
/// The actions of data sources, by name.
pub(super) type OfData = &'static [(&'static str, Named)];

/// The actions of resource types.
macro_rules! actions {
    ($($name:ident { $($verb:ident: $($action:literal)+;)* })*) => {
        &[$((stringify!($name), $crate::resources::permissions::Actions::NONE$(.$verb(&[$($action),+]))*)),*]
    };
}
pub(super) use actions;

/// The actions of data sources. One without any makes no call.
macro_rules! data_actions {
    ($($name:ident: $($action:literal)*;)*) => {
        &[$((stringify!($name), &[$($action),*])),*]
    };
}
pub(super) use data_actions;

/// The actions of all resource types.
fn of_resources() -> &'static BTreeMap<&'static str, &'static Actions> {
    static ALL: LazyLock<BTreeMap<&'static str, &'static Actions>> = LazyLock::new(|| {
        let families: [OfResources; 29] = [
            accelerator::allowed::RESOURCES,
            network::allowed::RESOURCES,
            vpn::allowed::RESOURCES,
            compute::allowed::RESOURCES,
            core_network::allowed::RESOURCES,
            elb::allowed::RESOURCES,
            database::allowed::RESOURCES,
            direct_connect::allowed::RESOURCES,
            dns::allowed::RESOURCES,
            waf::allowed::RESOURCES,
            cloudwatch::allowed::RESOURCES,
            identity::allowed::RESOURCES,
            kms::allowed::RESOURCES,
            lambda::allowed::RESOURCES,
            lattice::allowed::RESOURCES,
            messaging::allowed::RESOURCES,
            events::allowed::RESOURCES,
            backup::allowed::RESOURCES,
            cognito::allowed::RESOURCES,
            efs::allowed::RESOURCES,
            firewall::allowed::RESOURCES,
            guardduty::allowed::RESOURCES,
            quotas::allowed::RESOURCES,
            recording::allowed::RESOURCES,
            resolver::allowed::RESOURCES,
            scaling::allowed::RESOURCES,
            sharing::allowed::RESOURCES,
            ssm::allowed::RESOURCES,
            storage::allowed::RESOURCES,
        ];
        families.into_iter().flatten().map(|(name, actions)| (*name, actions)).collect()
    });
    &ALL
}

/// The actions of all data sources.
fn of_data_sources() -> &'static BTreeMap<&'static str, Named> {
    static ALL: LazyLock<BTreeMap<&'static str, Named>> = LazyLock::new(|| {
        let families: [OfData; 22] = [
            network::allowed::DATA,
            vpn::allowed::DATA,
            compute::allowed::DATA,
            elb::allowed::DATA,
            database::allowed::DATA,
            direct_connect::allowed::DATA,
            dns::allowed::DATA,
            waf::allowed::DATA,
            cloudwatch::allowed::DATA,
            identity::allowed::DATA,
            kms::allowed::DATA,
            lambda::allowed::DATA,
            backup::allowed::DATA,
            cognito::allowed::DATA,
            efs::allowed::DATA,
            firewall::allowed::DATA,
            guardduty::allowed::DATA,
            messaging::allowed::DATA,
            quotas::allowed::DATA,
            resolver::allowed::DATA,
            ssm::allowed::DATA,
            storage::allowed::DATA,
        ];
        families.into_iter().flatten().copied().collect()
    });
    &ALL
}

/// The actions that a resource type names.
pub fn declared(type_name: &str) -> Option<&'static Actions> {
    of_resources().get(type_name).copied()
}

/// What may be done to the objects of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// They are read.
    Read,
    /// They are read, made, changed and deleted.
    Write,
}

/// What is called only where a block gives an argument: the type, the argument, for what, and the actions. The types of
/// data sources begin with `data.`.
const WHERE_GIVEN: [(&str, &str, Scope, Named); 18] = [
    ("aws_instance", "get_password_data", Scope::Read, &["ec2:GetPasswordData"]),
    ("aws_s3_bucket", "acceleration_status", Scope::Write, &["s3:PutAccelerateConfiguration"]),
    ("aws_s3_bucket", "acl", Scope::Write, &["s3:PutBucketAcl"]),
    ("aws_s3_bucket", "cors_rule", Scope::Write, &["s3:PutBucketCORS"]),
    ("aws_s3_bucket", "grant", Scope::Write, &["s3:GetBucketAcl", "s3:PutBucketAcl"]),
    ("aws_s3_bucket", "lifecycle_rule", Scope::Write, &["s3:PutLifecycleConfiguration"]),
    ("aws_s3_bucket", "logging", Scope::Write, &["s3:PutBucketLogging"]),
    ("aws_s3_bucket", "object_lock_configuration", Scope::Write, LOCKS),
    ("aws_s3_bucket", "object_lock_enabled", Scope::Write, LOCKS),
    ("aws_s3_bucket", "policy", Scope::Write, &["s3:DeleteBucketPolicy", "s3:PutBucketPolicy"]),
    ("aws_s3_bucket", "replication_configuration", Scope::Write, &["s3:PutReplicationConfiguration"]),
    ("aws_s3_bucket", "request_payer", Scope::Write, &["s3:PutBucketRequestPayment"]),
    ("aws_s3_bucket", "server_side_encryption_configuration", Scope::Write, &["s3:PutEncryptionConfiguration"]),
    ("aws_s3_bucket", "versioning", Scope::Write, &["s3:PutBucketVersioning"]),
    ("aws_s3_bucket", "website", Scope::Write, &["s3:DeleteBucketWebsite", "s3:PutBucketWebsite"]),
    ("aws_vpn_connection", "transit_gateway_id", Scope::Read, &["ec2:DescribeTransitGatewayAttachments"]),
    ("data.aws_region", "endpoint", Scope::Read, &["ec2:DescribeRegions"]),
    ("data.aws_s3_object", "version_id", Scope::Read, &["s3:GetObjectVersion", "s3:GetObjectVersionTagging"]),
];
/// A bucket whose objects can be locked keeps versions.
const LOCKS: Named = &["s3:PutBucketObjectLockConfiguration", "s3:PutBucketVersioning"];

/// The actions that the arguments of blocks of a type ask for.
pub fn of_arguments(type_name: &str, scope: Scope, given: impl Fn(&str) -> bool) -> BTreeSet<&'static str> {
    let asked = WHERE_GIVEN.iter().filter(|(of, argument, needed, _)| {
        *of == type_name && (*needed == Scope::Read || scope == Scope::Write) && given(argument)
    });
    asked.flat_map(|(.., actions)| actions.iter().copied()).collect()
}

/// All that a resource type needs, with what the engine does for it; nothing of a type whose objects live in the state.
pub fn of_resource(type_name: &str, scope: Scope) -> BTreeSet<&'static str> {
    let Some(resource) = registry().get(type_name) else { return BTreeSet::new() };
    let own = declared(type_name).copied().unwrap_or(Actions::NONE);
    let role = resource.schema().role;
    let mut all: BTreeSet<&str> = own.read.iter().copied().collect();
    // A plan that touches members asks their target groups how they are.
    if role.is_some_and(|role| matches!(role, Role::Attachment(_) | Role::GroupAttachment(_) | Role::MemberGroup(_))) {
        all.insert("elasticloadbalancing:DescribeTargetHealth");
    }
    if scope == Scope::Read {
        return all;
    }
    all.extend([own.create, own.update, own.delete].into_iter().flatten());
    if resource.tagging() == Tagging::Ec2 {
        all.extend(["ec2:CreateTags", "ec2:DeleteTags"]);
    }
    // A rollout waits until a new member passes its checks.
    if matches!(role, Some(Role::Member(_))) {
        all.insert("ec2:DescribeInstanceStatus");
    }
    all
}

/// All that a data source needs, or an `ephemeral` block, which reads the data source of its name.
pub fn of_data(type_name: &str) -> BTreeSet<&'static str> {
    let source = ephemeral::data_source(type_name).unwrap_or(type_name);
    of_data_sources().get(source).into_iter().copied().flatten().copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resources::data_sources;
    use regex::Regex;

    #[test]
    fn every_type_names_its_actions() {
        let known: Vec<&str> = of_resources().keys().copied().collect();
        assert_eq!(known, registry().keys().copied().collect::<Vec<_>>());
        let known: Vec<&str> = of_data_sources().keys().copied().collect();
        assert_eq!(known, data_sources().keys().copied().collect::<Vec<_>>());
    }

    #[test]
    fn actions_are_called_as_iam_calls_them() {
        let form = Regex::new("^[a-z0-9]+(-[a-z0-9]+)*:[A-Z][A-Za-z0-9]+$").unwrap();
        let verbs = |actions: &Actions| [actions.read, actions.create, actions.update, actions.delete];
        let lists = of_resources().iter().flat_map(|(name, actions)| verbs(actions).map(|list| (*name, list)));
        for (name, list) in lists.chain(of_data_sources().iter().map(|(name, list)| (*name, *list))) {
            assert!(list.is_sorted_by(|a, b| a < b), "{name}: {list:?} is not in order, or names one twice");
            let wrong: Vec<&&str> = list.iter().filter(|action| !form.is_match(action)).collect();
            assert!(wrong.is_empty(), "{name}: {wrong:?}");
        }
    }

    #[test]
    fn roles_are_passed_to_services() {
        let form = Regex::new(r"^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com$").unwrap();
        for (name, actions) in of_resources() {
            assert!(actions.passes.iter().all(|service| form.is_match(service)), "{name}: {:?}", actions.passes);
            let named = [actions.create, actions.update].concat().contains(&"iam:PassRole");
            assert!(!named, "{name} says to which services it passes a role");
        }
    }

    #[test]
    fn what_is_read_is_not_changed() {
        let reads = ["Batch", "Decrypt", "Describe", "Encrypt", "Get", "List", "Search"];
        let lists = of_resources().iter().map(|(name, actions)| (*name, actions.read));
        for (name, list) in lists.chain(of_data_sources().iter().map(|(name, list)| (*name, *list))) {
            // It asks with a flag by which nothing is allocated.
            let previews =
                |action: &str| (name, action) == ("aws_vpc_ipam_preview_next_cidr", "ec2:AllocateIpamPoolCidr");
            let changes =
                |action: &&&str| !previews(action) && !reads.iter().any(|verb| action.contains(&format!(":{verb}")));
            assert_eq!(list.iter().filter(changes).collect::<Vec<_>>(), [&""; 0], "{name}");
        }
    }

    #[test]
    fn the_engine_tags_objects_of_ec2_and_watches_members() {
        let write = of_resource("aws_instance", Scope::Write);
        for action in ["ec2:RunInstances", "ec2:CreateTags", "ec2:DeleteTags", "ec2:DescribeInstanceStatus"] {
            assert!(write.contains(action), "{action}");
        }
        let read = of_resource("aws_instance", Scope::Read);
        assert!(read.contains("ec2:DescribeInstances") && !read.contains("ec2:CreateTags"));
        assert!(read.is_subset(&write));
        assert_eq!(of_resource("random_id", Scope::Write), BTreeSet::new());
        let parameter = of_data("ephemeral-aws_ssm_parameter");
        assert!(parameter.contains("ssm:GetParameter"), "{parameter:?}");
    }
}

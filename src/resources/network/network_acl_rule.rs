//! aws_network_acl_rule: one rule of a network ACL, identified by ACL, direction and number, and
//! changed in place.

use super::acl_entries;
use crate::resources::prelude::*;
use crate::rules::acl_entry;
use crate::rules::acl_entry::AclEntry;
use std::collections::{BTreeMap, BTreeSet};

/// The resource type `aws_network_acl_rule`.
pub struct AwsNetworkAclRule;

table! {
    Rows: Found {
        network_acl_id: Text, none [.required().force_new().read(|f| f.held().key.acl.as_str().into())];
        rule_number: Int, none [.required().force_new().read(|f| f.held().key.number.into())];
        egress: Switch, none [.force_new().read(|f| f.held().key.egress.into())];
        protocol: Text, none
            [.required().normal(acl_entry::PROTOCOL).read(|f| f.held().entry.protocol.as_str().into())];
        rule_action: Text, none
            [.required().normal(Normal::CaseInsensitive).read(|f| f.held().entry.action.as_str().into())];
        cidr_block: Text, none [.normal(RANGE).read(|f| f.held().entry.cidr.as_ref().into())];
        ipv6_cidr_block: Text, none [.normal(RANGE).read(|f| f.held().entry.ipv6_cidr.as_ref().into())];
        from_port: Int, none [.normal(NUMBER).read(|f| f.held().entry.ports.map(|(from, _)| from).into())];
        to_port: Int, none [.normal(NUMBER).read(|f| f.held().entry.ports.map(|(_, to)| to).into())];
        icmp_type: Int, none [.normal(NUMBER).read(|f| f.held().entry.icmp.map(|(kind, _)| kind).into())];
        icmp_code: Int, none [.normal(NUMBER).read(|f| f.held().entry.icmp.map(|(_, code)| code).into())];
    }
}

const NUMBER: Normal = Normal::With(acl_entry::same_number);
/// Of a range an empty one is none.
const RANGE: Normal = Normal::With(|a, b| {
    let range = |v: &Value| v.as_str().filter(|t| !t.is_empty()).map(|t| t.parse::<ipnet::IpNet>().ok());
    range(a) == range(b)
});

/// A rule as listed.
pub struct Found {
    key: Key,
    entry: AclEntry,
}

/// The key of a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    acl: String,
    number: i32,
    egress: bool,
}

impl Key {
    fn of(attrs: &Attrs) -> Option<Self> {
        let (acl, number) = (attrs.string("network_acl_id")?, attrs.int("rule_number")?);
        Some(Key { acl, number, egress: attrs.bool("egress").unwrap_or(false) })
    }

    fn id(&self) -> String {
        format!("{}:{}:{}", self.acl, self.number, self.egress)
    }

    fn parse(id: &str) -> Option<Self> {
        let parts: Vec<&str> = id.split(':').collect();
        let (acl, number, egress) = match parts.as_slice() {
            [acl, number, egress] | [acl, number, _, egress] => (acl, number, egress),
            _ => return None,
        };
        let key = Key { acl: (*acl).to_owned(), number: number.parse().ok()?, egress: egress.parse().ok()? };
        key.acl.starts_with("acl-").then_some(key)
    }
}

/// `acl-7aaabd18:100:tcp:false` as arguments.
fn parse(text: &str) -> Option<Vec<(&'static str, Value)>> {
    let key = Key::parse(text)?;
    Some(vec![("network_acl_id", key.acl.into()), ("rule_number", key.number.into()), ("egress", key.egress.into())])
}

impl Resource for AwsNetworkAclRule {
    type Live = Found;

    fn spec() -> Spec<Found> {
        Spec::new("aws_network_acl_rule", |f: &Found| Some(f.key.id()), Rows::rows())
            .role(Role::FilterRule(role::FilterRule { filter: Some("network_acl_id"), unjudged: Unjudged::All("ACL") }))
            .unique(&[&["network_acl_id", "rule_number", "egress"]])
            .recover(Recover::Key)
            .import("ACL:NUMBER:PROTOCOL:EGRESS", parse)
            .id_from(|attrs| Key::of(attrs).map(|key| key.id()))
            .holds(acl_entry::held_separate)
            .check(acl_entry::check_separate)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Found>> {
        let keys: BTreeSet<Key> = match which {
            Which::Ids(ids) => ids.iter().filter_map(|id| Key::parse(id)).collect(),
            Which::Token(_) => BTreeSet::new(),
            Which::NaturalKey(want) => Key::of(want).into_iter().collect(),
        };
        let acls: BTreeSet<&String> = keys.iter().map(|key| &key.acl).collect();
        let acls: Vec<String> = acls.into_iter().cloned().collect();
        let mut live: BTreeMap<Key, AclEntry> = BTreeMap::new();
        for acl in acl_entries::listed(aws, filtered("network-acl-id", &acls)).await? {
            let id = acl.network_acl_id().unwrap_or_default();
            for egress in [false, true] {
                let entries = acl_entries::entries(&acl, egress).into_iter();
                live.extend(entries.map(|(number, e)| (Key { acl: id.to_owned(), number, egress }, e)));
            }
        }
        Ok(keys.into_iter().filter_map(|key| live.remove(&key).map(|entry| Found { key, entry })).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let (key, (number, entry)) = Key::of(want)
            .zip(acl_entry::separate(want))
            .ok_or_else(|| Error::new(Kind::Refused, "the rule is not complete"))?;
        acl_entries::add(aws, &key.acl, key.egress, number, &entry).await?;
        Ok(key.id())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        // The key of a rule does not change in place. All the rest goes in one call.
        change.take_all();
        match Key::parse(id).zip(acl_entry::separate(change.after)) {
            Some((key, (_, entry))) => acl_entries::replace(aws, &key.acl, key.egress, key.number, &entry).await,
            None => Err(Error::new(Kind::Refused, "the rule is not complete")),
        }
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        match Key::parse(id) {
            Some(key) => acl_entries::remove(aws, &key.acl, key.egress, key.number).await,
            None => Err(Error::not_found(format!("{id} names no rule of a network ACL"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_form_gives_the_key_with_the_protocol_or_without() {
        let key = Key { acl: "acl-7aaabd18".into(), number: 100, egress: false };
        for text in ["acl-7aaabd18:100:tcp:false", "acl-7aaabd18:100:6:false", "acl-7aaabd18:100:false"] {
            assert_eq!(Key::parse(text), Some(key.clone()), "{text}");
        }
        assert_eq!(Key::parse(&key.id()), Some(key));
        for text in ["", "acl-1", "acl-1:x:tcp:false", "acl-1:1:tcp:no", "nacl-1234"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}

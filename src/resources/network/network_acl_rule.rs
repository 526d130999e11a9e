//! aws_network_acl_rule: one rule of a network ACL, told apart by ACL, direction and number, and
//! changed in place.

use super::acl_entries;
use crate::aws::{Aws, Error, Kind, Result, filtered};
use crate::resources::spec::{self, Resource, Spec, Token, Which};
use crate::rules::acl_entry;
use crate::rules::acl_entry::AclEntry;
use crate::schema::normal::Normal;
use crate::schema::rows::Recover;
use crate::schema::{Attrs, Change};
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

type A = spec::A<Found>;

/// The resource type `aws_network_acl_rule`.
pub struct AwsNetworkAclRule;

/// A rule as listed.
pub struct Found {
    key: Key,
    entry: AclEntry,
}

/// What tells rules apart.
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
        let number = Normal::With(acl_entry::same_number);
        let optional_cidr = Normal::With(|a, b| {
            let range = |v: &Value| v.as_str().filter(|t| !t.is_empty()).map(|t| t.parse::<ipnet::IpNet>().ok());
            range(a) == range(b)
        });
        let rows = vec![
            A::string("network_acl_id").required().force_new().read(|f| f.key.acl.as_str().into()),
            A::number("rule_number").required().force_new().read(|f| f.key.number.into()),
            A::bool("egress").default(false).force_new().read(|f| f.key.egress.into()),
            A::string("protocol").required().normal(acl_entry::PROTOCOL).read(|f| f.entry.protocol.as_str().into()),
            A::string("rule_action")
                .required()
                .normal(Normal::CaseInsensitive)
                .read(|f| f.entry.action.as_str().into()),
            A::string("cidr_block").normal(optional_cidr).read(|f| f.entry.cidr.as_ref().into()),
            A::string("ipv6_cidr_block").normal(optional_cidr).read(|f| f.entry.ipv6_cidr.as_ref().into()),
            A::number("from_port").normal(number).read(|f| f.entry.ports.map(|(from, _)| from).into()),
            A::number("to_port").normal(number).read(|f| f.entry.ports.map(|(_, to)| to).into()),
            A::number("icmp_type").normal(number).read(|f| f.entry.icmp.map(|(kind, _)| kind).into()),
            A::number("icmp_code").normal(number).read(|f| f.entry.icmp.map(|(_, code)| code).into()),
        ];
        Spec::new("aws_network_acl_rule", |f| Some(f.key.id()), rows)
            .unique(&[&["network_acl_id", "rule_number", "egress"]])
            .recover(Recover::Key)
            .import("ACL:NUMBER:PROTOCOL:EGRESS", parse)
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
        let names = [
            "protocol",
            "rule_action",
            "cidr_block",
            "ipv6_cidr_block",
            "from_port",
            "to_port",
            "icmp_type",
            "icmp_code",
        ];
        if let (true, Some(key), Some((_, entry))) =
            (change.take_any(&names), Key::parse(id), acl_entry::separate(change.after))
        {
            acl_entries::replace(aws, &key.acl, key.egress, key.number, &entry).await?;
        }
        Ok(())
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

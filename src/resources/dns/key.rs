//! The key of a record, and the id that is made of it.

use super::names::{bare, within, zone_id};
use super::record::Live;
use super::zone::found;
use crate::aws::api::member_text;
use crate::resources::prelude::*;

/// The types of records.
pub const TYPES: [&str; 17] = [
    "A", "AAAA", "CAA", "CNAME", "DS", "HTTPS", "MX", "NAPTR", "NS", "PTR", "SOA", "SPF", "SRV", "SSHFP", "SVCB",
    "TLSA", "TXT",
];

/// The key of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The id of its zone.
    pub zone: String,
    /// The whole name.
    pub name: String,
    /// Its type.
    pub kind: String,
    /// The part that distinguishes it from others of its name and type.
    pub identifier: Option<String>,
}

impl Key {
    /// That of a record.
    pub fn of(live: &Live) -> Key {
        Key {
            zone: live.zone.clone(),
            name: bare(live.name()),
            kind: live.kind().to_owned(),
            identifier: member_text(&live.set, "SetIdentifier"),
        }
    }

    /// The id that we give it.
    pub fn id(&self) -> String {
        let Key { zone, name, kind, identifier } = self;
        let end = identifier.as_ref().map(|text| format!("_{text}")).unwrap_or_default();
        format!("{zone}_{name}_{kind}{end}")
    }

    /// A name may hold `_` and so may an identifier; the first word after it that is a type, in upper case, is it.
    pub fn parse(id: &str) -> Option<Key> {
        let (zone, rest) = id.split_once('_')?;
        for (at, _) in rest.match_indices('_') {
            let after = &rest[at + 1..];
            let (kind, identifier) = match after.split_once('_') {
                Some((kind, identifier)) => (kind, Some(identifier.to_owned())),
                None => (after, None),
            };
            if TYPES.contains(&kind) {
                let name = bare(&rest[..at]);
                return Some(Key { zone: zone_id(zone).to_owned(), name, kind: kind.to_owned(), identifier });
            }
        }
        None
    }

    /// That of a wanted record, whose name the zone completes.
    pub async fn wanted(aws: &Aws, want: &Attrs) -> Result<Key> {
        let zone = want.str("zone_id").map(zone_id).unwrap_or_default().to_owned();
        let ends = member_text(&found(aws, &zone).await?, "HostedZone.Name").unwrap_or_default();
        Ok(Key {
            name: within(want.str("name").unwrap_or_default(), &ends),
            zone,
            kind: want.string("type").unwrap_or_default(),
            identifier: want.string("set_identifier").filter(|text| !text.is_empty()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_says_which_record_it_is() {
        for (id, name, kind, identifier) in [
            ("Z1_www.shop.example_A", "www.shop.example", "A", None),
            ("Z1__a1._b2.shop.example_CNAME", "_a1._b2.shop.example", "CNAME", None),
            ("Z1_www.shop.example_A_blue_A", "www.shop.example", "A", Some("blue_A")),
        ] {
            let key = Key::parse(id).unwrap();
            assert_eq!((&*key.zone, &*key.name, &*key.kind), ("Z1", name, kind));
            assert_eq!(key.identifier.as_deref(), identifier);
            assert_eq!(key.id(), id);
        }
        assert_eq!(Key::parse("Z1_www.shop.example"), None);
        assert_eq!(Key::parse("www.shop.example"), None);
    }
}

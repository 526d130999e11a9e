//! Objects anywhere in an account and region that carry the tags that layouts give to all of theirs: from one listing for
//! all layouts, whatever their number.

use super::arns::{Key, kinds};
use super::{Known, Neighbour, asked, network, of_a_service};
use crate::aws::api::services::TAGGING;
use crate::aws::api::{Pages, items, member_text};
use crate::aws::{Aws, Error, Result};
use crate::resources::spec::Which;
use crate::resources::tags::{ServiceTag, hold_all};
use crate::schema::Attrs;
use crate::value::Value;
use futures::future::join_all;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// The tags that a provider configuration gives to every object.
pub type Tags = BTreeMap<String, String>;

/// How many values a filter takes, and how many filters a call.
const VALUES: usize = 20;
const FILTERS: usize = 50;

/// An object with tags of a layout.
#[derive(Debug, Clone)]
pub struct Tagged {
    /// The object.
    pub object: Neighbour,
    /// The tags: of several sets that it carries the largest.
    pub tags: Tags,
}

/// An object that may be one: its ARN, what it may be, and its tags.
struct Candidate<'a> {
    arn: String,
    kinds: Vec<(&'static str, Key)>,
    name: Option<String>,
    tags: &'a Tags,
}

/// The objects with all tags of one of these sets that are not known and really there; and the types that could not be
/// asked for, with the reason. The listing shows for a while what is gone and tags that were taken away, so that each object
/// is looked for in the list of its type.
pub async fn tagged(aws: &Aws, sets: &BTreeSet<Tags>, known: Known<'_>) -> Result<(Vec<Tagged>, Vec<(String, Error)>)> {
    let mut listed: BTreeMap<String, Vec<Json>> = BTreeMap::new();
    let pages = Pages("PaginationToken", "PaginationToken");
    for filters in filters(sets) {
        let input = json!({"TagFilters": filters, "ResourcesPerPage": 100});
        for one in aws.read.api.list(&TAGGING, "GetResources", input, pages, "ResourceTagMappingList").await? {
            listed.extend(member_text(&one, "ResourceARN").map(|arn| (arn, items(&one, "Tags"))));
        }
    }
    let candidate = |(arn, tags): (String, Vec<Json>)| {
        let set = carried(sets, &tags).filter(|_| !of_a_service(&tags))?;
        let kinds = kinds(&arn);
        let is_known = kinds.iter().any(|(type_name, key)| known(&neighbour(type_name, key, &arn)));
        let name = tags.iter().map(ServiceTag::pair).find(|(key, _)| *key == "Name").map(|(_, name)| name.to_owned());
        Some(Candidate { arn, kinds, name, tags: set }).filter(|one| !one.kinds.is_empty() && !is_known)
    };
    let candidates: Vec<Candidate<'_>> = listed.into_iter().filter_map(candidate).collect();
    confirmed(aws, &candidates, known).await
}

/// The largest set that is among the tags of an object.
fn carried<'a>(sets: &'a BTreeSet<Tags>, tags: &[Json]) -> Option<&'a Tags> {
    sets.iter().filter(|set| !set.is_empty() && hold_all(tags, set)).max_by_key(|set| set.len())
}

fn neighbour(type_name: &'static str, key: &Key, arn: &str) -> Neighbour {
    let id = match key {
        Key::Id(id) => id.clone(),
        Key::Argument(..) => arn.to_owned(),
    };
    Neighbour { type_name, id, arn: Some(arn.to_owned()), vpc: None, name: None }
}

/// The filters of as few calls as find all objects with one of these sets: a call for all sets that have a key in common.
fn filters(sets: &BTreeSet<Tags>) -> Vec<Vec<Json>> {
    let mut left: Vec<&Tags> = sets.iter().filter(|set| !set.is_empty()).collect();
    let mut calls = Vec::new();
    loop {
        let keys: BTreeSet<&String> = left.iter().flat_map(|set| set.keys()).collect();
        let count = |key: &&&String| left.iter().filter(|set| set.contains_key(**key)).count();
        // Of those that most sets have, the first by name.
        let Some(key) = keys.iter().rev().max_by_key(count).copied().cloned() else { return calls };
        let (with, without): (Vec<&Tags>, Vec<&Tags>) = left.into_iter().partition(|set| set.contains_key(&key));
        let common = keys.into_iter().filter(|key| with.iter().all(|set| set.contains_key(*key)));
        let filter = |key: &String| {
            let values: BTreeSet<&String> = with.iter().filter_map(|set| set.get(key)).collect();
            // Without values, all of them.
            let values = if values.len() > VALUES { BTreeSet::new() } else { values };
            json!({"Key": key, "Values": values})
        };
        calls.push(common.take(FILTERS).map(filter).collect());
        left = without;
    }
}

/// Those of the candidates that the lists of their types have, with their tags.
async fn confirmed(
    aws: &Aws,
    candidates: &[Candidate<'_>],
    known: Known<'_>,
) -> Result<(Vec<Tagged>, Vec<(String, Error)>)> {
    let mut ids: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    let mut arguments: BTreeSet<(&'static str, &Key)> = BTreeSet::new();
    for (type_name, key) in candidates.iter().flat_map(|one| &one.kinds) {
        match key {
            Key::Id(id) => ids.entry(type_name).or_default().push(id.clone()),
            Key::Argument(..) => drop(arguments.insert((type_name, key))),
        }
    }
    let by_id = ids.into_iter().map(|(type_name, ids)| async move {
        let answer = match network::own(aws, known, type_name, ids).await {
            Ok(ids) if ids.is_empty() => Ok(Vec::new()),
            Ok(ids) => asked(aws, type_name, Which::Ids(&ids)).await,
            Err(e) => Err(e),
        };
        (type_name, answer)
    });
    let by_argument = arguments.into_iter().filter_map(|(type_name, key)| match key {
        Key::Argument(name, value) => Some((type_name, *name, value.clone())),
        Key::Id(_) => None,
    });
    let by_argument = by_argument.map(|(type_name, name, value)| async move {
        let want: Attrs = [(name, Value::string(&value))].into_iter().collect();
        (type_name, asked(aws, type_name, Which::NaturalKey(&want)).await)
    });
    let (by_id, by_argument) = futures::future::join(join_all(by_id), join_all(by_argument)).await;
    let (mut found, mut failed) = (Vec::new(), Vec::new());
    for (type_name, answer) in by_id.into_iter().chain(by_argument) {
        match answer {
            Ok(seen) => found.extend(seen.into_iter().map(|(id, attrs)| (type_name, id, attrs))),
            Err(e) => failed.push((type_name.to_owned(), e)),
        }
    }
    let mut all: Vec<Tagged> = Vec::new();
    for candidate in candidates {
        let is_it = |(type_name, id, attrs): &&(&'static str, String, Attrs)| candidate.is(type_name, id, attrs);
        let Some((type_name, id, _)) = found.iter().find(is_it) else { continue };
        let (arn, name) = (Some(candidate.arn.clone()), candidate.name.clone());
        let object = Neighbour { type_name, id: id.clone(), arn, vpc: None, name };
        if !known(&object) {
            all.push(Tagged { object, tags: candidate.tags.clone() });
        }
    }
    Ok((all, failed))
}

impl Candidate<'_> {
    /// Whether this is the object, and still has the tags.
    fn is(&self, type_name: &str, id: &str, attrs: &Attrs) -> bool {
        let named = self.kinds.iter().any(|(own, key)| {
            let fits = match key {
                Key::Id(own) => own == id,
                Key::Argument(name, value) => attrs.str(name) == Some(value),
            };
            *own == type_name && fits
        });
        let same = attrs.str("arn").is_none_or(|arn| arn.trim_end_matches(":*") == self.arn.trim_end_matches(":*"));
        let tags = attrs.string_map("tags_all");
        // A database of its own is found by its name among the members of clusters, too.
        let fits = type_name != "aws_rds_cluster_instance" || attrs.is_filled("cluster_identifier");
        fits && named && same && self.tags.iter().all(|(key, value)| tags.get(key) == Some(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(pairs: &[(&str, &str)]) -> Tags {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn sets_with_a_key_in_common_are_one_call() {
        let sets = BTreeSet::from([
            set(&[("Client", "acme"), ("ManagedBy", "floorplan")]),
            set(&[("Client", "globex"), ("ManagedBy", "floorplan")]),
            set(&[("Team", "net")]),
            set(&[]),
        ]);
        let expected = json!([
            [
                {"Key": "Client", "Values": ["acme", "globex"]},
                {"Key": "ManagedBy", "Values": ["floorplan"]}
            ],
            [{"Key": "Team", "Values": ["net"]}]
        ]);
        assert_eq!(json!(filters(&sets)), expected);
        let many = (0..21).map(|n| set(&[("Client", &n.to_string())])).collect();
        assert_eq!(json!(filters(&many)), json!([[{"Key": "Client", "Values": []}]]));
        assert_eq!(filters(&BTreeSet::new()).len(), 0);
    }

    #[test]
    fn an_object_carries_all_tags_of_a_set() {
        let sets = BTreeSet::from([set(&[("A", "1")]), set(&[("A", "1"), ("B", "2")]), set(&[("A", "1"), ("C", "3")])]);
        let tags = |pairs: &[(&str, &str)]| -> Vec<Json> {
            pairs.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect()
        };
        let of = |pairs| carried(&sets, &tags(pairs)).map(Tags::len);
        assert_eq!(of(&[("A", "1"), ("B", "2"), ("Z", "9")]), Some(2));
        assert_eq!(of(&[("A", "1"), ("B", "3")]), Some(1));
        assert_eq!(of(&[("B", "2")]), None);
    }
}

//! Rules that every registered type keeps, whoever writes the next one.

use super::{data_sources, registry};
use crate::resources::all;
use crate::schema::redaction::holds_compared;
use crate::schema::{Attribute, Attrs, Mode, Nesting, Role, Schema, reference};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The schema of the provider.
const PROVIDER: &str = include_str!("../../tests/data/aws-schema.json");
/// Every deviation from the reference is named there, as `type.argument`, with its reason.
const COVERAGE: &str = include_str!("../../docs/coverage.md");

const NEW: &str = "is not in the provider";

/// How a type differs from the provider's, as lines of path and difference.
fn deviations(kind: &str, place: &str, schema: &Schema) -> Vec<(String, String)> {
    static REFERENCE: LazyLock<Json> = LazyLock::new(|| serde_json::from_str(PROVIDER).unwrap());
    match REFERENCE[kind].get(schema.name) {
        Some(theirs) => {
            let mut all = reference::deviations(place, &reference::form(&schema.attributes), theirs);
            // Of many types the provider says that a layout could give these two, and refuses or ignores them.
            let id = format!("{place}.id");
            let given = |path: &String| *path == id || path.ends_with(".tags_all");
            // Types without an id there have one here, as all types do.
            all.retain(|(path, text)| !(given(path) && text.ends_with("?=`") || *path == id && text == NEW));
            all
        }
        None => vec![(place.to_owned(), NEW.to_owned())],
    }
}

/// All types of the `aws` provider with the name by which docs/coverage.md calls them.
fn of_the_provider() -> impl Iterator<Item = (&'static str, String, &'static Schema)> {
    let resources = registry().values().map(|r| ("resources", r.schema().name.to_owned(), r.schema()));
    resources.chain(data_sources().values().map(|d| ("data_sources", format!("data.{}", d.schema().name), d.schema())))
}

/// A deviation is explained in docs/coverage.md, or is listed in `tests/data/deviations` until the type is as the
/// provider has it. `FLOORPLAN_WRITE=1` writes that list anew.
#[test]
fn every_type_is_as_the_provider_has_it() {
    let write = std::env::var_os("FLOORPLAN_WRITE").is_some();
    let mut wrong = Vec::new();
    for (kind, place, schema) in of_the_provider() {
        let open: String = deviations(kind, &place, schema)
            .into_iter()
            .filter(|(path, _)| !COVERAGE.contains(&format!("`{path}`")))
            .map(|(path, text)| format!("{path} {text}\n"))
            .collect();
        let file = format!("{}/tests/data/deviations/{place}.txt", env!("CARGO_MANIFEST_DIR"));
        let known = std::fs::read_to_string(&file).unwrap_or_default();
        if write {
            let file = std::path::Path::new(&file);
            if !open.is_empty() {
                std::fs::create_dir_all(file.parent().unwrap()).unwrap();
                std::fs::write(file, &open).unwrap();
            } else if file.exists() {
                std::fs::remove_file(file).unwrap();
            }
        } else if open != known {
            wrong.push(similar::TextDiff::from_lines(&known, &open).unified_diff().to_string());
        }
    }
    assert!(wrong.is_empty(), "explain it in docs/coverage.md, or mend the type:\n{}", wrong.join("\n"));
}

/// No explanation outlives the difference that it is about.
#[test]
fn every_explanation_is_about_a_difference() {
    let all: BTreeSet<String> = of_the_provider()
        .flat_map(|(kind, place, schema)| deviations(kind, &place, schema))
        .map(|(path, _)| path)
        .collect();
    let lines = COVERAGE.lines().filter(|line| line.starts_with("| `"));
    let named = lines.filter_map(|line| line.split('|').nth(1)).flat_map(|cell| cell.split('`').skip(1).step_by(2));
    let stale: Vec<&str> = named.filter(|path| !all.contains(*path)).collect();
    assert!(stale.is_empty(), "docs/coverage.md explains differences that are not there: {stale:#?}");
}

#[test]
fn no_type_has_a_row_twice_or_rules_about_rows_that_it_has_not() {
    for schema in all().into_values().chain(data_sources().values().map(|d| d.schema())) {
        let names: BTreeSet<&str> = schema.attributes.iter().map(|row| row.name).collect();
        assert_eq!(names.len(), schema.attributes.len(), "{} has a row twice", schema.name);
        let unique = schema.unique.unwrap_or_default();
        for name in schema.conflicts.iter().chain(schema.exactly_one).chain(unique).copied().flatten() {
            assert!(names.contains(name), "{} has a rule about {name}", schema.name);
        }
        for row in &schema.attributes {
            let chosen = row.default.is_none() || row.mode == Mode::Optional;
            let initial = row.initial.is_none() || row.mode == Mode::OptionalComputed;
            assert!(chosen && initial, "{}.{} has a value that its mode does not allow", schema.name, row.name);
            for given in row.default.iter().chain(&row.initial) {
                assert_eq!(given.ty(), row.ty, "{}.{} starts with a value of another type", schema.name, row.name);
            }
        }
    }
}

#[test]
fn generated_names_are_valid_for_their_type() {
    for schema in registry().values().map(|resource| resource.schema()) {
        let Some(naming) = schema.naming else { continue };
        let row = schema.attribute(naming.name).unwrap_or_else(|| panic!("{} has no {}", schema.name, naming.name));
        let name = naming.complete(Attrs::default(), "token").get(naming.name).cloned().unwrap();
        let taken = row.check.map_or(Ok(()), |check| check(&name));
        assert_eq!(taken, Ok(()), "{}", schema.name);
    }
}

#[test]
fn a_secret_that_is_only_compared_stands_in_no_set() {
    fn search(path: &str, rows: &[Attribute]) {
        for row in rows {
            let Some(block) = &row.block else { continue };
            let path = format!("{path}.{}", row.name);
            assert!(block.nesting != Nesting::Set || !holds_compared(row), "{path}: members have no place to open at");
            search(&path, &block.attributes);
        }
    }
    registry().values().map(|r| r.schema()).for_each(|schema| search(schema.name, &schema.attributes));
}

#[test]
fn implicit_orders_name_types_that_are_there() {
    for schema in all().into_values() {
        for name in schema.implicit_after {
            assert!(all().contains_key(name), "{} comes after {name}, which is not a type", schema.name);
        }
    }
}

#[test]
fn what_follows_an_argument_names_one_and_is_told_by_aws() {
    for schema in all().into_values() {
        for row in &schema.attributes {
            for name in &row.follows {
                let argument = schema.attribute(name).is_some_and(Attribute::is_argument);
                assert!(argument && *name != row.name && row.is_computed(), "{}.{} {name}", schema.name, row.name);
            }
        }
    }
}

/// The top-level attributes that a role names.
fn named_by(role: &Role) -> Vec<&'static str> {
    let place = role.place().into_iter().flat_map(|place| place.zone.into_iter().chain(place.subnet));
    let own = match *role {
        Role::MemberGroup(r) => vec![r.name, r.target_groups, r.least, r.most, r.wanted, r.refresh],
        Role::Attachment(r) | Role::GroupAttachment(r) => [r.group, r.member].into_iter().chain(r.port).collect(),
        Role::Listener(r) | Role::ListenerRule(r) => vec![r.actions, r.parent],
        Role::Subnet(r) => vec![r.network],
        Role::RouteTable(r) => r.routes.map(|(block, _)| block).into_iter().collect(),
        Role::Route(r) => vec![r.table, r.way.destination, r.way.egress],
        Role::TunnelRoute(r) => vec![r.tunnel],
        Role::Association(r) => vec![r.followed, r.follower],
        Role::FilterRule(r) => r.filter.into_iter().collect(),
        Role::Database(r) => vec![r.source, r.standby],
        Role::DatabaseCluster(r) => vec![r.name],
        Role::DatabaseMember(r) => vec![r.cluster, r.writer],
        _ => Vec::new(),
    };
    place.chain(own).collect()
}

#[test]
fn a_role_names_attributes_that_its_type_has() {
    for schema in registry().values().map(|r| r.schema()) {
        for name in schema.role.iter().flat_map(named_by) {
            assert!(schema.attribute(name).is_some(), "{}.{name}", schema.name);
        }
        for block in schema.role.iter().filter_map(|role| role.route_table()?.routes) {
            let rows = &schema.attribute(block.0).unwrap().block.as_ref().unwrap().attributes;
            let has = |name: &str| rows.iter().any(|row| row.name == name);
            assert!(has(block.1.destination) && has(block.1.egress), "{}.{}", schema.name, block.0);
        }
    }
}

/// A type that serves and is not judged cannot exist.
#[test]
fn every_type_says_what_it_is_to_a_service() {
    let silent: Vec<&str> =
        registry().values().map(|r| r.schema()).filter(|schema| schema.role.is_none()).map(|s| s.name).collect();
    assert_eq!(silent, [""; 0]);
}

/// The provider's older types have an id that a layout may write; the newer ones have nulls.
#[test]
fn the_types_that_have_nulls_are_those_of_the_reference() {
    use crate::schema::exposed::{DATA_WITH_NULLS, WITH_NULLS};
    let reference: serde_json::Value = serde_json::from_str(PROVIDER).unwrap();
    for (kind, listed) in [("resources", &WITH_NULLS[..]), ("data_sources", &DATA_WITH_NULLS[..])] {
        let types = reference[kind].as_object().unwrap();
        let newer = types.iter().filter(|(_, ty)| ty["attributes"]["id"] != "string ?=").map(|(name, _)| name.as_str());
        let mut newer: Vec<&str> = newer.collect();
        newer.sort_unstable();
        assert_eq!(newer, listed, "{kind}");
    }
}

//! What holds for every registered type, whoever writes the next one.

use super::{data_sources, registry};
use crate::resources::all;
use crate::schema::redaction::holds_compared;
use crate::schema::{Attribute, Attrs, Mode, Nesting};
use crate::value::Type;
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// What the types are called and take.
const REFERENCE: &str = include_str!("../../tests/data/aws-resources.json");
/// Every deviation from the reference is named there, as `type.argument`, with its reason.
const COVERAGE: &str = include_str!("../../docs/coverage.md");

/// Compares rows with their entry in the reference; gives what differs and is not explained.
struct Comparison {
    wrong: Vec<String>,
}

impl Comparison {
    /// `told`: whether the reference tells which arguments are required. It does not inside blocks
    /// that are arguments too.
    fn rows(&mut self, path: &str, rows: &[Attribute], reference: &Json, reported: bool) {
        let group = |name: &str| reference.get(name).and_then(Json::as_object).into_iter().flatten();
        let named: BTreeSet<&str> =
            ["arguments", "blocks", "computed"].into_iter().flat_map(group).map(|(name, _)| name.as_str()).collect();
        for name in &named {
            if !rows.iter().any(|row| row.name == *name) {
                self.explained(path, name, "is missing");
            }
        }
        for row in rows.iter().filter(|row| !named.contains(row.name)) {
            self.explained(path, row.name, "is not in the reference");
        }
        for (name, ty) in group("arguments") {
            let Some(row) = rows.iter().find(|row| row.name == name) else { continue };
            let ty = ty.as_str().unwrap_or_default();
            let required = ty.ends_with('!');
            if required != (row.mode == Mode::Required) && (reported || required) {
                self.explained(path, name, &format!("is {:?}, in the reference {ty}", row.mode));
            }
            if !row.is_argument() && !["id", "tags_all"].contains(&name.as_str()) {
                self.explained(path, name, "cannot be set");
            }
            self.has_type(path, row, ty.trim_end_matches('!'));
        }
        for (name, ty) in group("computed") {
            let Some(row) = rows.iter().find(|row| row.name == name) else { continue };
            if !row.is_computed() {
                self.explained(path, name, "is not computed");
            }
            self.has_type(path, row, ty.as_str().unwrap_or_default());
        }
        for (name, block) in group("blocks") {
            let Some(row) = rows.iter().find(|row| row.name == name) else { continue };
            match &row.block {
                Some(held) => self.rows(&format!("{path}.{name}"), &held.attributes, block, !held.as_attribute),
                None => self.explained(path, name, "is not a block"),
            }
        }
    }

    /// The reference does not tell lists from sets.
    fn has_type(&mut self, path: &str, row: &Attribute, ty: &str) {
        let same = match ty {
            "string" => row.ty == Type::String,
            "number" => row.ty == Type::Number,
            "bool" => row.ty == Type::Bool,
            "map(string)" => row.ty == Type::map(Type::String),
            "list(string)" => row.ty == Type::list(Type::String) || row.ty == Type::set(Type::String),
            _ => true,
        };
        if !same {
            self.explained(path, row.name, &format!("is {}, in the reference {ty}", row.ty));
        }
    }

    fn explained(&mut self, path: &str, name: &str, what: &str) {
        if !COVERAGE.contains(&format!("`{path}.{name}`")) {
            self.wrong.push(format!("{path}.{name} {what}"));
        }
    }
}

/// The reference is of the `aws` provider; what lives in the state alone belongs to others.
#[test]
fn every_type_of_aws_takes_and_gives_what_the_reference_says() {
    let reference: Json = serde_json::from_str(REFERENCE).unwrap();
    let mut comparison = Comparison { wrong: Vec::new() };
    let resources = registry().values().map(|r| ("resources", "", r.schema()));
    let data = data_sources().values().map(|d| ("data_sources", "data.", d.schema()));
    for (kind, prefix, schema) in resources.chain(data) {
        match reference[kind].get(schema.name) {
            Some(entry) => comparison.rows(&format!("{prefix}{}", schema.name), &schema.attributes, entry, true),
            None => comparison.wrong.push(format!("{prefix}{} is not in tests/data/aws-resources.json", schema.name)),
        }
    }
    assert!(comparison.wrong.is_empty(), "not as in the reference, nor in docs/coverage.md:\n{:#?}", comparison.wrong);
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
fn a_name_that_the_layout_leaves_to_us_is_one_that_the_type_takes() {
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

/// Whether docs/coverage.md says that the reference itself calls this deprecated.
fn deprecated(path: &str) -> bool {
    static NAMED: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
        let rows = COVERAGE.lines().filter(|line| line.contains("Deprecated in the reference"));
        rows.flat_map(|row| row.split('`').skip(1).step_by(2)).collect()
    });
    NAMED.contains(path)
}

/// How many arguments and blocks of a reference entry, all levels deep, the rows take, and how many
/// there are. What is deprecated there does not count.
fn covered(path: &str, rows: &[Attribute], reference: &Json) -> (usize, usize) {
    let place = |name: &str| format!("{path}.{name}");
    let group = |kind: &str| {
        let all = reference.get(kind).and_then(Json::as_object).into_iter().flatten();
        all.filter(|(name, _)| !deprecated(&place(name)))
    };
    let row = |name: &str| rows.iter().find(|row| row.name == name);
    // Set by the engine or by AWS alone, here as there.
    let ours = ["id", "tags_all"];
    let taken = |name: &str| row(name).is_some_and(|row| row.is_argument() || ours.contains(&name));
    let arguments =
        group("arguments").fold((0, 0), |(held, all), (name, _)| (held + usize::from(taken(name)), all + 1));
    group("blocks").fold(arguments, |(held, all), (name, entry)| {
        let inner = row(name).and_then(|row| row.block.as_ref()).map(|block| &block.attributes[..]).unwrap_or(&[]);
        let (inner_held, inner_all) = covered(&place(name), inner, entry);
        (held + usize::from(taken(name)) + inner_held, all + 1 + inner_all)
    })
}

fn share((held, all): (usize, usize)) -> f64 {
    if all == 0 { 100.0 } else { held as f64 * 100.0 / all as f64 }
}

/// The share of all types together, rounded down, as docs/coverage.md must not exceed it.
fn reported(share: f64) -> String {
    format!(
        "Together, at least {:.1} % of the arguments and blocks of the reference are there.",
        (share * 10.0).floor() / 10.0
    )
}

#[test]
fn every_type_takes_nearly_all_that_the_reference_has_and_the_docs_say_how_much() {
    const AT_LEAST: f64 = 95.0;
    let reference: Json = serde_json::from_str(REFERENCE).unwrap();
    let resources = registry().values().map(|r| ("resources", "", r.schema()));
    let data = data_sources().values().map(|d| ("data_sources", "data.", d.schema()));
    let (mut total, mut few) = ((0, 0), Vec::new());
    for (kind, prefix, schema) in resources.chain(data) {
        let Some(entry) = reference[kind].get(schema.name) else { continue };
        let (held, all) = covered(&format!("{prefix}{}", schema.name), &schema.attributes, entry);
        let line = format!("{held:>4} of {all:>4}  {:>5.1} %  {prefix}{}", share((held, all)), schema.name);
        println!("{line}");
        // Of a small type, one may be missing.
        if share((held, all)) < AT_LEAST && held + 1 < all {
            few.push(line);
        }
        total = (total.0 + held, total.1 + all);
    }
    println!("{:>4} of {:>4}  {:>5.1} %  together", total.0, total.1, share(total));
    assert!(few.is_empty(), "less than {AT_LEAST} % of the arguments and blocks of the reference:\n{}", few.join("\n"));
    let stated = COVERAGE.lines().find_map(|line| line.strip_prefix("Together, at least ")?.split_once(" %"));
    let stated = stated.and_then(|(number, _)| number.parse::<f64>().ok());
    let fits = stated.is_some_and(|stated| stated <= share(total) && share(total) - stated <= 1.0);
    assert!(fits, "write into docs/coverage.md:\n{}", reported(share(total)));
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

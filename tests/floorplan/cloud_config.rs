//! Holds a cloud-config against cloud-init's own schema, with as much of JSON Schema as that uses.

use regex::Regex;
use serde_json::{Map, Value as Json};

const SCHEMA: &str = include_str!("../data/cloud-config-schema.json");
/// Keywords that say nothing about what is valid.
const SILENT: [&str; 10] = [
    "$defs",
    "$schema",
    "additionalItems",
    "default",
    "deprecated",
    "description",
    "format",
    "hidden",
    "label",
    "prefixItems",
];

/// What is wrong with a cloud-config, each as a path and a reason; empty when nothing is.
pub fn wrong(config: &Json) -> Vec<String> {
    let root: Json = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    let mut wrong = Schema { root: &root }.check(config, &root, "");
    // The schema of each module lets through what belongs to others, so a key that none knows is looked for here.
    let text = root.to_string();
    let unknown = |key: &&String| !text.contains(&format!("\"{key}\":"));
    wrong.extend(config.as_object().into_iter().flat_map(Map::keys).filter(unknown).map(|k| format!("{k}: unknown")));
    wrong
}

struct Schema<'a> {
    root: &'a Json,
}

impl Schema<'_> {
    fn check(&self, value: &Json, schema: &Json, at: &str) -> Vec<String> {
        let rules = match schema {
            Json::Bool(true) => return Vec::new(),
            Json::Bool(false) => return vec![format!("{at}: not allowed")],
            _ => schema.as_object().expect("a schema is an object"),
        };
        rules.iter().flat_map(|(word, rule)| self.rule(value, rules, word, rule, at)).collect()
    }

    fn fits(&self, value: &Json, schema: &Json) -> bool {
        self.check(value, schema, "").is_empty()
    }

    fn rule(&self, value: &Json, rules: &Map<String, Json>, word: &str, rule: &Json, at: &str) -> Vec<String> {
        let list = || rule.as_array().expect("a list of schemas");
        let fail = |bad: bool| if bad { vec![format!("{at}: {word} {rule} against {value}")] } else { Vec::new() };
        let size = |n: Option<usize>| n.zip(rule.as_u64().and_then(|n| usize::try_from(n).ok()));
        match word {
            "$ref" => {
                let path = rule.as_str().and_then(|r| r.strip_prefix('#')).expect("a reference within the schema");
                self.check(value, self.root.pointer(path).expect("what is referred to"), at)
            }
            "allOf" => list().iter().flat_map(|each| self.check(value, each, at)).collect(),
            "anyOf" => fail(!list().iter().any(|each| self.fits(value, each))),
            "oneOf" => fail(list().iter().filter(|each| self.fits(value, each)).count() != 1),
            "type" => fail(!rule.as_array().map_or_else(|| is(value, rule), |all| all.iter().any(|t| is(value, t)))),
            "enum" => fail(!list().contains(value)),
            "required" => {
                fail(value.is_object() && list().iter().any(|name| value.get(name.as_str().unwrap()).is_none()))
            }
            "properties" => self.members(value, at, |name| rule.get(name).into_iter().collect()),
            "patternProperties" => self.members(value, at, |name| matching(rule, name)),
            "additionalProperties" => self.members(value, at, |name| {
                let named = rules.get("properties").and_then(|p| p.get(name)).is_some();
                let matched = rules.get("patternProperties").is_some_and(|p| !matching(p, name).is_empty());
                if named || matched { Vec::new() } else { vec![rule] }
            }),
            "items" => {
                let items = value.as_array().into_iter().flatten().enumerate();
                items.flat_map(|(n, item)| self.check(item, rule, &format!("{at}/{n}"))).collect()
            }
            "minItems" => fail(size(value.as_array().map(Vec::len)).is_some_and(|(n, least)| n < least)),
            "maxItems" => fail(size(value.as_array().map(Vec::len)).is_some_and(|(n, most)| n > most)),
            "minProperties" => fail(size(value.as_object().map(Map::len)).is_some_and(|(n, least)| n < least)),
            "uniqueItems" => {
                fail(value.as_array().is_some_and(|all| (1..all.len()).any(|n| all[..n].contains(&all[n]))))
            }
            "pattern" => {
                let pattern = Regex::new(rule.as_str().expect("a pattern")).expect("a regular expression");
                fail(value.as_str().is_some_and(|text| !pattern.is_match(text)))
            }
            "minimum" => fail(value.as_f64().zip(rule.as_f64()).is_some_and(|(n, least)| n < least)),
            "maximum" => fail(value.as_f64().zip(rule.as_f64()).is_some_and(|(n, most)| n > most)),
            _ => {
                assert!(SILENT.contains(&word), "the schema says {word}, which this does not know");
                Vec::new()
            }
        }
    }

    fn members<'s>(&self, value: &Json, at: &str, of: impl Fn(&str) -> Vec<&'s Json>) -> Vec<String> {
        let members = value.as_object().into_iter().flatten();
        let check = |(name, inner): (&String, &Json)| {
            let at = format!("{at}/{name}");
            of(name).into_iter().flat_map(|schema| self.check(inner, schema, &at)).collect::<Vec<_>>()
        };
        members.flat_map(check).collect()
    }
}

fn matching<'s>(rules: &'s Json, name: &str) -> Vec<&'s Json> {
    let rules = rules.as_object().into_iter().flatten();
    rules.filter(|(pattern, _)| Regex::new(pattern).expect("a pattern").is_match(name)).map(|(_, s)| s).collect()
}

fn is(value: &Json, kind: &Json) -> bool {
    match kind.as_str().expect("a type") {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "number" => value.is_number(),
        "integer" => value.as_f64().is_some_and(|n| n.fract() == 0.0),
        other => panic!("the schema has the type {other}"),
    }
}

#[test]
fn what_cloud_init_would_refuse_is_found() {
    use serde_json::json;
    assert_eq!(wrong(&json!({"packages": ["vim"], "runcmd": [["true"], "echo"], "ssh_pwauth": false})), [""; 0]);
    assert_eq!(wrong(&json!({"package": ["vim"]})).len(), 1);
    assert!(!wrong(&json!({"write_files": [{"content": "x"}]})).is_empty());
    assert!(!wrong(&json!({"runcmd": "true"})).is_empty());
    assert!(!wrong(&json!({"package_update": "yes"})).is_empty());
}

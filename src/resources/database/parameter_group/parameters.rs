//! Parameters of a parameter group, the same for instances and clusters: which are the layout's, and
//! which calls lead from some to others.

use crate::aws::api::{member, member_text};
use crate::resources::document::{Unordered, at, document};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// How many parameters one call takes (RDS API: ModifyDBParameterGroup).
const PER_CALL: usize = 20;

/// Name to value and method.
pub type Parameters = BTreeMap<String, (String, String)>;

document! {
    /// A parameter. The method says how a change comes about, not what there is: alone it makes no difference.
    pub Setting {
        apply_method = "ApplyMethod": Text [.default("immediate").normal(Normal::With(|_, _| true))]
            [.check(|v| checks::one_of(v, &["immediate", "pending-reboot"]))]
            [.read(|p| member_text(p.held(), "ApplyMethod").unwrap_or_else(|| "immediate".into()).into())];
        name = "ParameterName": Text [.required().normal(Normal::CaseInsensitive)];
        value = "ParameterValue": Text [.required()];
    }
}

/// A parameter must be given once.
pub fn check(want: &Attrs) -> Faults {
    let mut seen = BTreeSet::new();
    let blocks = want.blocks("parameter");
    let twice = blocks.iter().filter_map(|b| b.str("name")).filter(|name| !seen.insert(name.to_ascii_lowercase()));
    twice.map(|name| ("parameter", format!("{name:?} is given more than once"))).collect()
}

/// The parameters that somebody set, as blocks.
pub fn collapse(parameters: &[Json]) -> Value {
    let set: Vec<&Json> = parameters.iter().filter(|p| member(p, "ParameterValue").is_some()).collect();
    at::<Unordered<Setting>>(&json!({"Set": set}), "Set")
}

/// The parameters in blocks.
pub fn expand(attrs: &Attrs) -> Parameters {
    let each = |block: Attrs| {
        let method = block.string("apply_method").unwrap_or_else(|| "immediate".into());
        Some((block.str("name")?.to_ascii_lowercase(), (block.string("value")?, method)))
    };
    attrs.blocks("parameter").into_iter().filter_map(each).collect()
}

/// The parameters to set and those to take back, each in portions that one call takes.
pub fn steps(before: &Parameters, after: &Parameters) -> (Vec<Vec<Json>>, Vec<Vec<Json>>) {
    let value_of = |p: &Parameters, name: &str| p.get(name).map(|(value, _)| value.clone());
    let mut set: Vec<_> =
        after.iter().filter(|(name, (value, _))| value_of(before, name).as_ref() != Some(value)).collect();
    // A collation is checked against the character set that is there by then.
    set.sort_by_key(|(name, _)| !name.starts_with("character_set"));
    let set: Vec<Json> = set.into_iter().map(|(name, (value, method))| parameter(name, Some(value), method)).collect();
    let gone = before.iter().filter(|(name, _)| !after.contains_key(*name));
    let gone: Vec<Json> = gone.map(|(name, (_, method))| parameter(name, None, method)).collect();
    let portions = |all: Vec<Json>| all.chunks(PER_CALL).map(<[_]>::to_vec).collect();
    (portions(set), portions(gone))
}

fn parameter(name: &str, value: Option<&String>, method: &str) -> Json {
    json!({"ParameterName": name, "ParameterValue": value, "ApplyMethod": method})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(each: &[(&str, &str)]) -> Parameters {
        each.iter().map(|(n, v)| ((*n).to_owned(), ((*v).to_owned(), "immediate".to_owned()))).collect()
    }

    fn names(portions: &[Vec<Json>]) -> Vec<Vec<&str>> {
        portions.iter().map(|all| all.iter().filter_map(|p| p["ParameterName"].as_str()).collect()).collect()
    }

    #[test]
    fn only_what_differs_is_set_and_the_character_set_first() {
        let before = parameters(&[("max_connections", "100"), ("wait_timeout", "60")]);
        let after = parameters(&[("character_set_server", "utf8mb4"), ("ab", "1"), ("max_connections", "100")]);
        let (set, gone) = steps(&before, &after);
        assert_eq!(names(&set), [["character_set_server", "ab"]]);
        assert_eq!(names(&gone), [["wait_timeout"]]);
    }

    #[test]
    fn more_parameters_than_a_call_takes_go_in_several() {
        let many: Parameters = (0..45).map(|n| (format!("p{n}"), ("1".into(), "immediate".into()))).collect();
        let (set, gone) = steps(&Parameters::new(), &many);
        assert_eq!(set.iter().map(Vec::len).collect::<Vec<_>>(), [20, 20, 5]);
        assert!(gone.is_empty());
    }

    #[test]
    fn a_parameter_is_given_once() {
        let block = |name: &str| Value::object([("name", Value::from(name)), ("value", Value::from("1"))]);
        let want = Attrs::default().with("parameter", Value::tuple(vec![block("a"), block("A")]));
        assert_eq!(check(&want), [("parameter", "\"A\" is given more than once".to_owned())]);
    }
}

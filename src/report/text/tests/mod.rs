mod actions;
mod objects;

use super::*;
use crate::plan::change::OutputChange;
use crate::plan::fixtures::*;
use crate::report::json::{View, plan_json};
use crate::report::markdown;
use crate::schema::Attrs;
use crate::value::{Type, Value};
use proptest::prelude::*;

fn text(plan: &Plan) -> String {
    render(plan, &schema, false)
}

fn one(change: Change) -> String {
    text(&plan(vec![change]))
}

fn update<const N: usize>(before: [(&str, Value); N], after: [(&str, Value); N]) -> String {
    let id = |a: Attrs| a.with("id", "t-1");
    one(change("aws_thing.a", Action::Update, Some(id(attrs(before))), Some(id(attrs(after)))))
}

fn any_object() -> impl Strategy<Value = Option<Attrs>> {
    let names = ["id", "cidr_block", "user_data", "tags", "zones", "groups", "ingress", "route", "options", "other"];
    let entries = proptest::collection::btree_map(proptest::sample::select(names.to_vec()), any_value(), 0..6);
    proptest::option::of(entries.prop_map(|entries| entries.into_iter().collect()))
}

proptest! {
    #[test]
    fn no_report_of_any_plan_shows_what_is_sensitive(before in any_object(), after in any_object(), output in any_value()) {
        let mut p = plan(vec![change("aws_thing.a", Action::Update, before.clone(), after.clone())]);
        p.meta.variables = [("v".into(), output.clone())].into();
        p.outputs = vec![OutputChange { name: "o".into(), before: None, after: Some(output) }];
        p.drift = vec![Drift {
            address: address("aws_thing.b"),
            stored: before.unwrap_or_default(),
            live: after,
            attributes: vec!["tags".into(), "route".into()],
        }];
        let json = plan_json(&p, View::new(&schema), &serde_json::Value::Null).to_string();
        for report in [text(&p), render(&p, &schema, true), markdown::render(&p, &schema), json] {
            prop_assert!(!report.contains("hunter2"), "{}", report);
        }
    }
}

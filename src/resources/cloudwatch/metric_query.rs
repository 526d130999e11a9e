//! The queries of an alarm: metrics, and expressions over them, of which one is what is watched.

use crate::aws::api::{items, member_text};
use crate::resources::document::{Many, Member, One, at, document};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

document! {
    /// One query.
    pub Query {
        account_id = "AccountId": Text;
        expression = "Expression": Text;
        id = "Id": Text [.required()];
        label = "Label": Text;
        period = "Period": Int;
        return_data = "ReturnData": Returned [.default(false)];
        metric = "MetricStat": One<Stat>, create [.read(|q| at::<Many<Stat>>(q.held(), "MetricStat"))];
    }
}

document! {
    /// What CloudWatch counts, in two structures of its own.
    Stat {
        dimensions = "Metric.Dimensions": Dimensions;
        metric_name = "Metric.MetricName": Text [.required()];
        namespace = "Metric.Namespace": Text;
        period = "Period": Int [.required()];
        stat = "Stat": Text [.required()];
        unit = "Unit": Text;
    }
}

/// Whether a query is what is watched. CloudWatch takes silence for yes.
pub struct Returned;
/// Which of the metrics of a name is meant.
pub struct Dimensions;

impl Cell for Returned {
    fn column<L>(name: &'static str) -> A<L> {
        A::bool(name)
    }
}
impl Member for Returned {
    fn get(object: &Json, path: &str) -> Value {
        (member_text(object, path).as_deref() != Some("false")).into()
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        Some(want.bool(name).unwrap_or(false).into())
    }
}

impl Cell for Dimensions {
    fn column<L>(name: &'static str) -> A<L> {
        A::of(name, Type::map(Type::String))
    }
}
impl Member for Dimensions {
    fn get(object: &Json, path: &str) -> Value {
        let all = items(object, path);
        let entry = |d: &Json| Some((Name::from(d["Name"].as_str()?), Value::string(d["Value"].as_str()?)));
        match all.is_empty() {
            true => Value::null(Type::map(Type::String)),
            false => Value::map(Type::String, all.iter().filter_map(entry).collect()),
        }
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        let dimension = |(name, value)| json!({"Name": name, "Value": value});
        some(want.string_map(name).into_iter().map(dimension).collect()).map(Json::Array)
    }
}

/// What is wrong with queries, whose band, if any, has the id `band`. Parts may be unknown.
pub fn check(blocks: &[Attrs], band: Option<&str>) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut ids = BTreeSet::new();
    for block in blocks {
        let id = block.str("id").unwrap_or_default();
        if block.is_set("id") && !id.starts_with(|c: char| c.is_ascii_lowercase()) {
            wrong.push(format!("the id {id:?} does not begin with a lower-case letter"));
        }
        if block.is_set("id") && !ids.insert(id) {
            wrong.push(format!("the id {id:?} is given to more than one query"));
        }
        let metric = !block.blocks("metric").is_empty();
        let expression = block.str("expression").is_some_and(|e| !e.is_empty());
        let unknown = block.is_unknown("metric") || block.is_unknown("expression");
        if !unknown && metric == expression {
            wrong.push(format!("the query {id:?} needs either a metric block or an expression"));
        }
    }
    let returned = blocks.iter().filter(|b| b.bool("return_data") == Some(true)).count();
    let unknown = blocks.iter().any(|b| b.is_unknown("return_data") || b.is_unknown("id"));
    // With a band, it and the metric that it is drawn around are both given out.
    if !unknown && band.is_none() && returned != 1 {
        wrong.push(format!("{returned} queries have return_data = true, expected 1: the one that is watched"));
    }
    if let Some(band) = band.filter(|band| !unknown && !ids.contains(band)) {
        wrong.push(format!("threshold_metric_id names {band:?}, which is not a query"));
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resources::document::Document;
    use crate::resources::row::read_object;
    use crate::schema::shape::only;

    fn query(id: &str, expression: &str, watched: bool) -> Attrs {
        Attrs::default().with("id", id).with("expression", expression).with("return_data", watched)
    }

    #[test]
    fn one_query_is_watched_and_each_has_a_name_of_its_own() {
        assert_eq!(check(&[query("a", "1", false), query("b", "a * 2", true)], None), [""; 0]);
        let said = check(&[query("a", "1", false), query("a", "2", false), query("B", "", false)], None).join("; ");
        for part in ["\"a\" is given to more than one", "\"B\" does not begin", "needs either", "0 queries have"] {
            assert!(said.contains(part), "{said}");
        }
    }

    #[test]
    fn a_band_is_one_of_the_queries() {
        let queries = [query("m1", "1", true), query("band", "ANOMALY_DETECTION_BAND(m1)", true)];
        assert_eq!(check(&queries, Some("band")), [""; 0]);
        assert_eq!(check(&queries, Some("e1")), ["threshold_metric_id names \"e1\", which is not a query"]);
    }

    #[test]
    fn what_is_read_back_is_what_was_sent() {
        let metric = Value::object([
            ("dimensions", Value::map(Type::String, [("LoadBalancer".into(), Value::string("app/web/1"))].into())),
            ("metric_name", "RequestCount".into()),
            ("namespace", "AWS/ApplicationELB".into()),
            ("period", 60.into()),
            ("stat", "Sum".into()),
            ("unit", Value::null(Type::String)),
        ]);
        let sent = [query("b", "a * 2", true), Attrs::default().with("id", "a").with("metric", metric.clone())];
        let read = sent.map(|query| Attrs::from_value(&read_object(Query::rows(), &Query::create(&query))));
        assert_eq!(only(read[1].get("metric").unwrap()), &metric);
        assert_eq!((read[0].str("expression"), read[0].bool("return_data")), (Some("a * 2"), Some(true)));
    }
}

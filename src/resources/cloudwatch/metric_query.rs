//! The queries of an alarm: metrics, and expressions over them, of which one is what is watched.

use crate::resources::spec::{self, rows};
use crate::schema::rows::object_type;
use crate::schema::{Attribute, Attrs};
use crate::value::{Name, Type, Value};
use aws_sdk_cloudwatch::types::{Dimension, Metric, MetricDataQuery, MetricStat, StandardUnit};
use std::collections::BTreeSet;

type Row = spec::A<()>;

fn metric_rows() -> Vec<Attribute> {
    rows([
        Row::of("dimensions", Type::map(Type::String)),
        Row::string("metric_name").required(),
        Row::string("namespace"),
        Row::number("period").required(),
        Row::string("stat").required(),
        Row::string("unit"),
    ])
}

/// The rows of a `metric_query` block.
pub fn query_rows() -> Vec<Attribute> {
    rows([
        Row::string("account_id"),
        Row::string("expression"),
        Row::string("id").required(),
        Row::string("label"),
        Row::number("period"),
        Row::bool("return_data").default(false),
        Row::optional_block("metric", metric_rows()),
    ])
}

/// The dimensions that a block gives.
pub fn dimensions(block: &Attrs) -> Vec<Dimension> {
    let dimension = |(name, value)| Dimension::builder().name(name).value(value).build();
    block.string_map("dimensions").into_iter().map(dimension).collect()
}

/// Dimensions as a map; null when there are none.
pub fn dimension_map(all: &[Dimension]) -> Value {
    let entry = |d: &Dimension| Some((Name::from(d.name()?), Value::string(d.value()?)));
    match all {
        [] => Value::null(Type::map(Type::String)),
        all => Value::map(Type::String, all.iter().filter_map(entry).collect()),
    }
}

fn metric(query: &MetricDataQuery) -> Value {
    let Some(stat) = query.metric_stat() else { return Value::null(object_type(&metric_rows())) };
    Value::object([
        ("dimensions", dimension_map(stat.metric().map(Metric::dimensions).unwrap_or_default())),
        ("metric_name", stat.metric().and_then(Metric::metric_name).into()),
        ("namespace", stat.metric().and_then(Metric::namespace).into()),
        ("period", stat.period().into()),
        ("stat", stat.stat().into()),
        ("unit", stat.unit().map(StandardUnit::as_str).into()),
    ])
}

/// Queries as listed.
pub fn read(queries: &[MetricDataQuery]) -> Value {
    let query = |q: &MetricDataQuery| {
        Value::object([
            ("account_id", Value::from(q.account_id())),
            ("expression", q.expression().into()),
            ("id", q.id().into()),
            ("label", q.label().into()),
            ("period", q.period().into()),
            ("return_data", q.return_data().unwrap_or(true).into()),
            ("metric", metric(q)),
        ])
    };
    Value::set(object_type(&query_rows()), queries.iter().map(query).collect())
}

/// Queries as a call takes them.
pub fn wanted(blocks: &[Attrs]) -> Vec<MetricDataQuery> {
    let text = |block: &Attrs, name: &str| block.string(name).filter(|t| !t.is_empty());
    let stat = |block: &Attrs| {
        let block = block.blocks("metric").into_iter().next()?;
        let metric = Metric::builder()
            .set_dimensions(Some(dimensions(&block)))
            .set_metric_name(block.string("metric_name"))
            .set_namespace(text(&block, "namespace"));
        let stat = MetricStat::builder()
            .metric(metric.build())
            .set_period(block.int("period"))
            .set_stat(block.string("stat"))
            .set_unit(text(&block, "unit").as_deref().map(StandardUnit::from));
        Some(stat.build())
    };
    let query = |block: &Attrs| {
        MetricDataQuery::builder()
            .set_account_id(text(block, "account_id"))
            .set_expression(text(block, "expression"))
            .set_id(block.string("id"))
            .set_label(text(block, "label"))
            .set_metric_stat(stat(block))
            .set_period(block.int("period").filter(|n| *n > 0))
            .return_data(block.bool("return_data").unwrap_or(false))
            .build()
    };
    blocks.iter().map(query).collect()
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
        let read = read(&wanted(&sent));
        let read: Vec<Attrs> = read.as_elements().unwrap().iter().map(Attrs::from_value).collect();
        assert_eq!(read.len(), 2);
        let own = read.iter().find(|q| q.str("id") == Some("a")).unwrap();
        assert_eq!(own.get("metric"), Some(&metric));
    }
}

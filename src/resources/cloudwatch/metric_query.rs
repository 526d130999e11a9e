//! The queries of an alarm: metrics, and expressions over them, of which one is what is watched.

use crate::resources::block::some;
use crate::resources::prelude::*;
use aws_sdk_cloudwatch::types::{Dimension, Metric, MetricDataQuery, MetricStat};
use std::collections::BTreeSet;

block! {
    /// One query.
    Query: MetricDataQuery => MetricDataQuery {
        account_id: Text;
        expression: Text;
        id: Text [.required()];
        label: Text;
        period: Int;
        return_data: Returned [.default(false)];
        metric = metric_stat: Stat;
    }
}

/// Whether a query is what is watched. CloudWatch takes silence for yes.
pub struct Returned;
/// What CloudWatch counts, in two structures of its own.
pub struct Stat;
/// Which of the metrics of a name is meant.
pub struct Dimensions;

impl Cell for Returned {
    fn column<L>(name: &'static str) -> A<L> {
        A::bool(name)
    }
}
impl Get<Option<bool>> for Returned {
    fn get(from: Option<bool>) -> Value {
        from.unwrap_or(true).into()
    }
}
impl Put<Option<bool>> for Returned {
    fn put(from: &Attrs, name: &str) -> Option<bool> {
        Some(from.bool(name).unwrap_or(false))
    }
}

impl Cell for Dimensions {
    fn column<L>(name: &'static str) -> A<L> {
        A::of(name, Type::map(Type::String))
    }
}
impl Get<&[Dimension]> for Dimensions {
    fn get(from: &[Dimension]) -> Value {
        let entry = |d: &Dimension| Some((Name::from(d.name()?), Value::string(d.value()?)));
        match from {
            [] => Value::null(Type::map(Type::String)),
            all => Value::map(Type::String, all.iter().filter_map(entry).collect()),
        }
    }
}
impl Put<Option<Vec<Dimension>>> for Dimensions {
    fn put(from: &Attrs, name: &str) -> Option<Vec<Dimension>> {
        let dimension = |(name, value)| Dimension::builder().name(name).value(value).build();
        some(from.string_map(name).into_iter().map(dimension).collect())
    }
}

block! {
    Named: Metric => Metric {
        dimensions: Dimensions;
        metric_name: Text [.required()];
        namespace: Text;
    }

    Counted: MetricStat => MetricStat {
        period: Int [.required()];
        stat: Text [.required()];
        unit: EnumCell;
    }
}

fn stat_rows() -> Vec<Attribute> {
    [Named::rows(), Counted::rows()].concat()
}

impl Cell for Stat {
    fn column<L>(name: &'static str) -> A<L> {
        A::optional_block(name, stat_rows())
    }
}
impl Get<Option<&MetricStat>> for Stat {
    fn get(from: Option<&MetricStat>) -> Value {
        let nothing = Metric::builder().build();
        let block = |stat: &MetricStat| {
            let parts = [Named::read(stat.metric().unwrap_or(&nothing)), Counted::read(stat)];
            let entries = parts.iter().filter_map(Value::as_entries).flatten();
            Value::object(entries.map(|(name, value)| (name.clone(), value.clone())))
        };
        Value::list(object_type(&stat_rows()), from.map(block).into_iter().collect())
    }
}
impl Put<Option<MetricStat>> for Stat {
    fn put(from: &Attrs, name: &str) -> Option<MetricStat> {
        let block = from.blocks(name).into_iter().next()?;
        let mut stat = Counted::write(&block);
        stat.metric = Some(Named::write(&block));
        Some(stat)
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
        let read = sent.map(|query| Attrs::from_value(&Query::read(&Query::write(&query))));
        assert_eq!(only(read[1].get("metric").unwrap()), &metric);
        assert_eq!((read[0].str("expression"), read[0].bool("return_data")), (Some("a * 2"), Some(true)));
    }
}

//! The common part of data sources: their rows, how filters are given, and that one object is meant.

use super::block::Cell;
pub use super::spec::Row;
use super::spec::{self, Resource, Which, rows};
use super::table::Table;
use crate::aws::{Aws, Error, Kind, Result, filter};
use crate::schema::rows::{Import, Recover};
use crate::schema::shape::shaped;
use crate::schema::{Attribute, Attrs, Nesting, Schema};
use crate::value::{Type, Value};
use aws_sdk_ec2::types::Filter;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

/// A data source with these rows.
pub fn schema(name: &'static str, attributes: Vec<Attribute>) -> Schema {
    Schema { import: Import::Never, recover: Recover::Key, ..Schema::new(name, attributes) }
}

/// The rows of a look-up by filters: `filter` blocks, `tags` and `region`.
pub fn lookup_rows() -> Vec<Row> {
    let filter = rows([Row::string("name").required(), Row::string_set("values").required()]);
    vec![
        Row::block("filter", Nesting::Set, filter),
        Row::of("tags", Type::map(Type::String)).optional_computed(),
        Row::string("region").optional_computed(),
    ]
}

/// The region that the configuration names, else the provider's.
pub fn here(aws: &Aws, config: &Attrs) -> Aws {
    config.str("region").map_or_else(|| aws.clone(), |region| aws.for_region(region))
}

/// The arguments that stand for a filter, each with its filter.
pub type By = [(&'static str, &'static str)];

/// The rows of a data source that finds one object by some of its attributes: those, what it reports, and the rows of
/// a look-up.
pub fn found_by(by: &By, reported: impl IntoIterator<Item = Row>) -> Vec<Attribute> {
    let by = by.iter().map(|(name, _)| Row::string(name).optional_computed());
    spec::rows(by.chain(reported).chain(lookup_rows()))
}

/// The filters of a configuration: its `filter` blocks, its tags, and the arguments that stand for
/// a filter, given as `(argument, filter)`.
pub fn filters(config: &Attrs, named: &[(&str, &str)]) -> Vec<Filter> {
    let text = |value: &Value| match (value.as_str(), value.as_bool()) {
        (Some(text), _) if !text.is_empty() => Some(text.to_owned()),
        (_, Some(true)) => Some("true".to_owned()),
        _ => None,
    };
    let own = named.iter().filter_map(|(name, by)| Some(filter(by, &config.get(name).and_then(text)?)));
    let tags = config.string_map("tags").into_iter().map(|(k, v)| filter(&format!("tag:{k}"), &v));
    let blocks = config.blocks("filter").into_iter().map(|block| {
        let name = block.str("name").unwrap_or_default();
        Filter::builder().name(name).set_values(Some(block.strings("values"))).build()
    });
    own.chain(tags).chain(blocks).collect()
}

/// The rows of a table. AWS gives all of them.
pub fn computed<T: Table>() -> Vec<Row> {
    answered(T::rows::<T::Live>())
}

/// Rows that all have their value from AWS.
pub fn answered<L>(rows: Vec<spec::A<L>>) -> Vec<Row> {
    rows.into_iter().map(|a| Row { row: a.row, read: None }.computed()).collect()
}

/// The configuration with what an object says in the rows of a table.
pub fn with_rows<T: Table>(config: &Attrs, live: &T::Live) -> Attrs {
    let read = |a: spec::A<T::Live>| Some((a.row.name, (a.read?)(live)));
    T::rows::<T::Live>().into_iter().filter_map(read).fold(config.clone(), |all, (name, value)| all.with(name, value))
}

/// The rows of a resource type with these names, as a data source gives them.
pub fn mirrored<R: Resource>(names: &[&str]) -> Vec<Row> {
    let rows = R::spec().schema.attributes;
    let answered = |row: Attribute| Row { row: row.answered(), read: None };
    rows.into_iter().filter(|row| names.contains(&row.name)).map(answered).collect()
}

/// A block of a resource with no more than this row of a data source has, in its nesting.
pub fn fitted(row: &Attribute, value: &Value) -> Value {
    let Some(block) = &row.block else { return value.clone() };
    let one = |each: &Value| {
        let inner = |row: &Attribute| {
            let held = each.get(row.name).cloned().unwrap_or_else(|| Value::null(row.ty.clone()));
            (row.name, fitted(row, &held))
        };
        Value::object(block.attributes.iter().map(inner))
    };
    let all = match value.as_elements() {
        Some(all) => all.iter().map(one).collect(),
        None => Some(value).filter(|v| !v.is_null()).map(one).into_iter().collect(),
    };
    match &row.ty {
        Type::Set(element) => Value::set((**element).clone(), all),
        Type::List(element) => Value::list((**element).clone(), all),
        _ => value.clone(),
    }
}

/// A row of a data source that only AWS gives.
pub fn answer<C: Cell>(name: &'static str) -> Row {
    Row { row: C::column::<()>(name).row.answered(), read: None }
}

/// All that its resource type reads of an object, its tags as `tags`.
pub fn read_as<R: Resource>(live: &R::Live) -> Attrs {
    let attrs = R::spec().read(live);
    let tags = attrs.get("tags_all").cloned().unwrap_or_else(Value::any_null);
    attrs.with("tags", tags)
}

/// The one object with these ids, as its resource type reads it.
pub async fn as_resource<R: Resource>(aws: &Aws, ids: Vec<String>, what: &str) -> Result<(R::Live, Attrs)> {
    let id = [one(ids, what)?];
    let live = one(R::describe(aws, Which::Ids(&id)).await?, what)?;
    let attrs = read_as::<R>(&live);
    Ok((live, attrs))
}

/// A configuration with the attributes that were found laid over it.
pub fn found(config: &Attrs, aws: &Aws, attrs: &Attrs) -> Attrs {
    let all = attrs.iter().fold(config.clone(), |all, (name, value)| all.with(name, value.clone()));
    all.with("region", &*aws.region)
}

/// What these rows read from an object, laid over the configuration.
pub fn read<L>(config: &Attrs, rows: Vec<spec::A<L>>, live: &L) -> Attrs {
    let reported = rows.into_iter().filter_map(|a| Some((a.row.name, shaped(&a.row, a.read?(live)))));
    reported.fold(config.clone(), |all, (name, value)| all.with(name, value))
}

/// The answer of a data source that lists ids: sorted, so that the order in which AWS lists them is
/// no difference.
pub fn ids<'a>(config: &Attrs, aws: &Aws, all: impl IntoIterator<Item = &'a str>) -> Attrs {
    let mut all: Vec<&str> = all.into_iter().collect();
    all.sort_unstable();
    config.clone().with("id", &*aws.region).with("ids", Value::strings(all)).with("region", &*aws.region)
}

/// A time as layouts read it (RFC 3339), to the second.
pub fn time(at: Option<&DateTime>) -> Value {
    at.and_then(|at| DateTime::from_secs(at.secs()).fmt(Format::DateTime).ok()).into()
}

/// The one object that was meant.
pub fn one<T>(mut found: Vec<T>, what: &str) -> Result<T> {
    let many = found.len();
    match found.pop() {
        Some(only) if many == 1 => Ok(only),
        None => Err(Error::not_found(format!("no {what} matches; check the arguments and the region"))),
        Some(_) => {
            let message = format!("{many} {what}s match, expected one; add arguments or filters that distinguish them");
            Err(Error::new(Kind::Refused, message))
        }
    }
}

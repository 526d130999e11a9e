//! What data sources share: their rows, how filters are given, and that one object is meant.

use super::spec::{self, rows};
use crate::aws::{Aws, Error, Kind, Result, filter};
use crate::lang::{Type, Value};
use crate::resource::schema::{Import, Recover};
use crate::resource::{Attribute, Attrs, Nesting, Schema};
use aws_sdk_ec2::types::Filter;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

/// A row of a data source.
pub type Row = spec::A<()>;

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
            let message = format!("{many} {what}s match, expected one; add arguments or filters that tell them apart");
            Err(Error::new(Kind::Refused, message))
        }
    }
}

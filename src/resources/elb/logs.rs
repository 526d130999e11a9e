//! The blocks that say where a balancer writes its logs: access_logs, connection_logs and
//! health_check_logs, each three attributes of the balancer.

use crate::resources::elb::settings::{Pairs, Settings, plain};
use crate::resources::prelude::*;
use crate::resources::spec;
use crate::schema::shape;

macro_rules! logs {
    ($($name:literal: $key:literal;)*) => {
        /// The rows of the blocks, of what has the attributes.
        pub fn columns<L: Holds<Settings> + 'static>() -> Vec<A<L>> {
            vec![$(row($name).read(|live: &L| read(live.held(), $key))),*]
        }

        /// The attributes that bring changed blocks about.
        pub fn changed(change: &mut Change<'_>) -> Pairs {
            let mut changed = Pairs::new();
            $(if change.take($name).is_some() {
                changed.extend(write(change.after.blocks($name).first(), $key));
            })*
            changed
        }
    };
}

// The blocks, with what their attributes' keys begin with.
logs! {
    "access_logs": "access_logs.s3";
    "connection_logs": "connection_logs.s3";
    "health_check_logs": "health_check_logs.s3";
}

fn log_rows() -> Vec<Attribute> {
    rows([Row::string("bucket").required(), Row::bool("enabled").default(false), Row::string("prefix")])
}

/// The row of a block; logs that are switched off are the same as none, whatever the bucket.
fn row<L>(name: &'static str) -> spec::A<L> {
    spec::A::optional_block(name, log_rows()).normal(Normal::With(same))
}

fn same(a: &Value, b: &Value) -> bool {
    let on = |v: &Value| shape::only(v).get("enabled").and_then(Value::as_bool) == Some(true);
    let text = |v: &Value, name| shape::only(v).get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    match (on(a), on(b)) {
        (false, false) => true,
        (true, true) => ["bucket", "prefix"].iter().all(|name| text(a, name) == text(b, name)),
        _ => false,
    }
}

/// The block as it is.
fn read(settings: &Settings, key: &str) -> Value {
    let text = |name: &str| settings.text(&format!("{key}.{name}")).filter(|text| !text.is_empty());
    match text("bucket") {
        Some(bucket) => Value::object([
            ("bucket", Value::from(bucket)),
            ("enabled", (text("enabled") == Some("true")).into()),
            ("prefix", text("prefix").into()),
        ]),
        None => Value::null(object_type(&log_rows())),
    }
}

/// The attributes that bring a block about; without one the logs are only switched off.
fn write(block: Option<&Attrs>, key: &str) -> Pairs {
    let pair = |name: &str, value: String| (format!("{key}.{name}"), value);
    let Some(block) = block else { return vec![pair("enabled", "false".into())] };
    ["enabled", "bucket", "prefix"]
        .map(|name| pair(name, block.get(name).map(plain).unwrap_or_default()))
        .into_iter()
        .filter(|(key, value)| !value.is_empty() || key.ends_with(".prefix"))
        .collect()
}

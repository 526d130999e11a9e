//! template_file: a template with its variables filled in.

use super::super::hex;
use super::{Around, LocalData, Read, Row, Values};
use crate::lang::budget::Budget;
use crate::lang::eval::{no_templates, render_template};
use crate::lang::funcs::Context;
use crate::schema::Attrs;
use crate::value::{Name, Type, Value};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

pub(super) fn file() -> LocalData {
    let rows = [
        Row::string("template").required(),
        Row::of("vars", Type::map(Type::String)),
        Row::string("filename"),
        Row::string("rendered").computed(),
    ];
    LocalData::new("template_file", rows, Read::Now(read))
}

fn read(config: &Attrs, around: &Around) -> Result<Values, String> {
    let text = config.str("template").unwrap_or_default();
    let variables: BTreeMap<Name, Value> =
        config.string_map("vars").into_iter().map(|(k, v)| (k.as_str().into(), v.into())).collect();
    let (disk, dir, now) = (around.disk(), around.dir.to_string_lossy(), Timestamp::now());
    let context = Context {
        files: &disk,
        base_dir: &dir,
        timestamp: now,
        plan_timestamp: now,
        planning: false,
        random: &|bytes| rand::Rng::fill_bytes(&mut rand::rng(), bytes),
        render: &no_templates,
    };
    let rendered = render_template("template", text, &variables, &context, &Budget::default()).map_err(|errors| {
        errors.iter().map(|d| format!("{}: {}", d.summary, d.detail)).collect::<Vec<_>>().join("; ")
    })?;
    let rendered = rendered.as_str().unwrap_or_default().to_owned();
    Ok(vec![("id", hex(&Sha256::digest(&rendered)).into()), ("rendered", rendered.into())])
}

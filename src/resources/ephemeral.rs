//! The types of `ephemeral` blocks: data sources whose answers are never stored. Their names carry a prefix.

use super::{data_sources, local};
use crate::aws::Aws;
use crate::lang::config::EPHEMERAL;
use crate::schema::{Attribute, Attrs, Mode, Schema};
use crate::value::{Type, Value};
use rand::Rng;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The types that are data sources too.
const OF_AWS: [(&str, &str); 2] = [
    ("ephemeral-aws_secretsmanager_secret_version", "aws_secretsmanager_secret_version"),
    ("ephemeral-aws_ssm_parameter", "aws_ssm_parameter"),
];
const PASSWORD: (&str, &str) = ("ephemeral-random_password", "random_password");

/// The rows of all of them, by name.
pub(super) fn schemas() -> &'static BTreeMap<&'static str, Schema> {
    static ALL: LazyLock<BTreeMap<&'static str, Schema>> = LazyLock::new(|| {
        let mut all = BTreeMap::new();
        for (name, data) in OF_AWS {
            let rows = data_sources().get(data).map(|source| source.schema().attributes.clone()).unwrap_or_default();
            all.insert(name, Schema::new(name, rows.into_iter().map(|row| of_parameter(name, row)).collect()));
        }
        let (name, kind) = PASSWORD;
        let rows = local::types().get(kind).map(|kind| kind.schema.attributes.clone()).unwrap_or_default();
        all.insert(name, Schema::new(name, rows.into_iter().filter(|row| row.name != "keepers").collect()));
        all
    });
    &ALL
}

/// A parameter is named by its ARN.
fn of_parameter(name: &str, row: Attribute) -> Attribute {
    match row.name {
        "arn" if name.ends_with("_parameter") => {
            Attribute { mode: Mode::Required, ..Attribute::new("arn", Type::String) }
        }
        "name" => Attribute::new("name", Type::String).answered(),
        _ => row,
    }
}

/// The data source that is read for a block of this type.
pub(super) fn data_source(name: &str) -> Option<&'static str> {
    OF_AWS.into_iter().find(|(own, _)| *own == name).map(|(_, data)| data)
}

/// Whether a type needs no connection.
pub(super) fn is_local(name: &str) -> bool {
    name == PASSWORD.0
}

/// What the block with these arguments stands for; `None` for a type that is not of this kind.
pub(super) async fn read(name: &str, aws: Option<&Aws>, config: &Attrs) -> Option<Result<Attrs, String>> {
    name.strip_prefix(EPHEMERAL)?;
    if is_local(name) {
        return Some(password(config));
    }
    let data = data_source(name)?;
    let (source, aws) = data_sources().get(data).zip(aws)?;
    let config = match config.get("arn") {
        Some(arn) if data == "aws_ssm_parameter" => config.clone().with("name", arn.clone()),
        _ => config.clone(),
    };
    Some(source.read(aws, &config).await.map_err(|e| e.to_string()))
}

fn password(config: &Attrs) -> Result<Attrs, String> {
    let kind = local::types().get(PASSWORD.1).ok_or("the type is not there")?;
    let mut seed = [0; 32];
    rand::rng().fill_bytes(&mut seed);
    let config = config.clone().with("result", Value::null(Type::String));
    kind.made(&config, &mut local::Given::new(jiff::Timestamp::now(), &seed, PASSWORD.0))
}

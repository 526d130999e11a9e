//! data aws_rds_engine_version: a version of an engine, chosen by what it is or leads to.

use crate::resources::lookup::{computed, here, one, schema, with_rows};
use crate::resources::prelude::*;
use aws_sdk_rds::types::{DbEngineVersion, Filter, UpgradeTarget};
use std::cmp::Ordering;

/// The data source `aws_rds_engine_version`.
pub struct RdsEngineVersion;

/// Any of these says which version is meant; without them it is the engine's default.
const CRITERIA: [&str; 9] = [
    "filter",
    "has_major_target",
    "has_minor_target",
    "latest",
    "parameter_group_family",
    "preferred_major_targets",
    "preferred_upgrade_targets",
    "preferred_versions",
    "version",
];

fn targets(v: &DbEngineVersion, kept: impl Fn(&UpgradeTarget) -> bool) -> impl Iterator<Item = &str> {
    v.valid_upgrade_target().iter().filter(move |t| kept(t)).filter_map(|t| t.engine_version())
}

fn major(t: &UpgradeTarget) -> bool {
    t.is_major_version_upgrade() == Some(true)
}

fn minor(t: &UpgradeTarget) -> bool {
    !major(t)
}

table! {
    Rows: DbEngineVersion {
        default_character_set: Text, none
            [.read(|v| v.held().default_character_set().and_then(|c| c.character_set_name()).into())];
        engine_description = db_engine_description: Text, read;
        exportable_log_types: Texts, read;
        id = engine_version: Text, read;
        parameter_group_family = db_parameter_group_family: Text, read;
        status: Text, read;
        supported_character_sets: Texts, none [.read(|v| {
            Value::string_set(v.held().supported_character_sets().iter().filter_map(|c| c.character_set_name()))
        })];
        supported_feature_names: Texts, read;
        supported_modes = supported_engine_modes: Texts, read;
        supported_timezones: Texts, none [.read(|v| {
            Value::string_set(v.held().supported_timezones().iter().filter_map(|t| t.timezone_name()))
        })];
        supports_certificate_rotation_without_restart: Flag, read;
        supports_global_databases: Flag, read;
        supports_integrations: Flag, read;
        supports_limitless_database: Flag, read;
        supports_local_write_forwarding: Flag, read;
        supports_log_exports_to_cloudwatch = supports_log_exports_to_cloudwatch_logs: Flag, read;
        supports_parallel_query: Flag, read;
        supports_read_replica: Flag, read;
        valid_major_targets: Texts, none [.read(|v| Value::string_set(targets(v.held(), major)))];
        valid_minor_targets: Texts, none [.read(|v| Value::string_set(targets(v.held(), minor)))];
        valid_upgrade_targets: Texts, none [.read(|v| Value::string_set(targets(v.held(), |_| true)))];
        version = engine_version: Text, read;
        version_actual = engine_version: Text, read;
        version_description = db_engine_version_description: Text, read;
    }
}

/// The order of versions: number by number, other parts by their letters.
pub fn order(a: &str, b: &str) -> Ordering {
    let part = |text: &str| text.parse::<u64>().map_err(|_| text.to_owned());
    let parts = |text: &str| text.split(['.', '_', '-']).map(part).collect::<Vec<_>>();
    parts(a).cmp(&parts(b))
}

/// Those of the versions that the configuration means.
fn meant(config: &Attrs, mut found: Vec<DbEngineVersion>) -> Vec<DbEngineVersion> {
    let on = |name: &str| config.bool(name) == Some(true);
    if on("has_major_target") {
        found.retain(|v| targets(v, major).next().is_some());
    }
    if on("has_minor_target") {
        found.retain(|v| targets(v, minor).next().is_some());
    }
    let leads = |v: &DbEngineVersion, name: &str, kept: fn(&UpgradeTarget) -> bool| {
        let wanted = config.strings(name);
        wanted.is_empty() || targets(v, kept).any(|target| wanted.iter().any(|w| w == target))
    };
    found.retain(|v| leads(v, "preferred_major_targets", major) && leads(v, "preferred_upgrade_targets", |_| true));
    let preferred = config.strings("preferred_versions");
    if !preferred.is_empty() {
        let place = |v: &DbEngineVersion| preferred.iter().position(|p| Some(p.as_str()) == v.engine_version());
        found.retain(|v| place(v).is_some());
        found.sort_by_key(place);
        if !on("latest") {
            found.truncate(1);
        }
    }
    if on("latest") {
        found.sort_by(|a, b| order(b.engine_version().unwrap_or(""), a.engine_version().unwrap_or("")));
        found.truncate(1);
    }
    found
}

impl DataSource for RdsEngineVersion {
    fn schema() -> Schema {
        let filter = rows([Row::string("name").required(), Row::string_set("values").required()]);
        let given = [
            Row::bool("default_only"),
            Row::string("engine").required(),
            Row::bool("has_major_target"),
            Row::bool("has_minor_target"),
            Row::bool("include_all"),
            Row::bool("latest"),
            Row::string_list("preferred_major_targets"),
            Row::string_list("preferred_upgrade_targets"),
            Row::string_list("preferred_versions"),
            Row::string("region").optional_computed(),
            Row::block("filter", Nesting::Set, filter),
        ];
        let also = computed::<Rows>().into_iter().map(|row| match row.row.name {
            "parameter_group_family" | "version" => row.optional_computed(),
            _ => row,
        });
        schema("aws_rds_engine_version", rows(given.into_iter().chain(also)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let filters: Vec<Filter> = config
            .blocks("filter")
            .iter()
            .map(|f| Filter::builder().set_name(f.string("name")).set_values(Some(f.strings("values"))).build())
            .collect();
        let asked =
            CRITERIA.iter().any(|name| config.is_set(name) && !(config.elements(name).is_empty() && is_list(name)));
        let default_only = config.bool("default_only").or((!asked).then_some(true));
        let call = aws
            .read
            .rds
            .describe_db_engine_versions()
            .set_engine(config.string("engine"))
            .set_engine_version(config.string("version"))
            .set_db_parameter_group_family(config.string("parameter_group_family"))
            .set_default_only(default_only)
            .set_include_all(config.bool("include_all"))
            .list_supported_character_sets(true)
            .list_supported_timezones(true)
            .set_filters(Some(filters).filter(|all| !all.is_empty()));
        let found = all_of(call.into_paginator().items().send()).await?;
        let v = one(meant(config, found), "version of the engine")?;
        Ok(with_rows::<Rows>(config, &v).with("region", &*aws.region))
    }
}

fn is_list(name: &str) -> bool {
    name.starts_with("preferred_") || name == "filter"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(name: &str, majors: &[&str]) -> DbEngineVersion {
        let target = |to: &&str| UpgradeTarget::builder().engine_version(*to).is_major_version_upgrade(true).build();
        let targets = majors.iter().map(target).collect();
        DbEngineVersion::builder().engine_version(name).set_valid_upgrade_target(Some(targets)).build()
    }

    fn chosen(config: Attrs) -> Vec<String> {
        let all = vec![version("8.0.9", &[]), version("8.0.36", &["8.4.3"]), version("8.0.35", &["8.4.3", "8.4.2"])];
        meant(&config, all).iter().filter_map(|v| v.engine_version().map(str::to_owned)).collect()
    }

    #[test]
    fn the_latest_is_the_highest_by_number_and_not_by_letter() {
        assert_eq!(chosen(Attrs::default().with("latest", true)), ["8.0.36"]);
    }

    #[test]
    fn preferred_versions_come_in_the_order_given() {
        let preferred = Attrs::default().with("preferred_versions", Value::strings(["8.0.40", "8.0.35", "8.0.36"]));
        assert_eq!(chosen(preferred), ["8.0.35"]);
    }

    #[test]
    fn a_version_is_chosen_by_where_it_leads() {
        let leads = |to: &str| Attrs::default().with("preferred_major_targets", Value::strings([to]));
        assert_eq!(chosen(leads("8.4.2")), ["8.0.35"]);
        assert_eq!(chosen(Attrs::default().with("has_major_target", true)), ["8.0.36", "8.0.35"]);
    }
}

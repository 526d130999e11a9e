//! data aws_rds_engine_version: a version of an engine, chosen by what it is or leads to.

use super::super::rds::{each_text, filters, is, list};
use crate::aws::api::{items, member_text};
use crate::resources::document::{Document, document};
use crate::resources::lookup::{answered, here, one, read, schema};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};
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

fn name(v: &Json) -> Option<String> {
    member_text(v, "EngineVersion")
}

fn targets(v: &Json, kept: impl Fn(&Json) -> bool) -> Vec<String> {
    let all = items(v, "ValidUpgradeTarget.UpgradeTarget");
    all.iter().filter(|t| kept(t)).filter_map(name).collect()
}

fn major(t: &Json) -> bool {
    is(t, "IsMajorVersionUpgrade", Some("true"))
}

fn minor(t: &Json) -> bool {
    !major(t)
}

document! {
    Rows {
        default_character_set = "DefaultCharacterSet.CharacterSetName": Text, read;
        engine_description = "DBEngineDescription": Text, read;
        exportable_log_types = "ExportableLogTypes.member": Texts, read;
        id = "EngineVersion": Text, read;
        parameter_group_family = "DBParameterGroupFamily": Text, read;
        status = "Status": Text, read;
        supported_character_sets = "": Texts, none [.read(|v| {
            Value::string_set(each_text(v.held(), "SupportedCharacterSets.CharacterSet", "CharacterSetName"))
        })];
        supported_feature_names = "SupportedFeatureNames.member": Texts, read;
        supported_modes = "SupportedEngineModes.member": Texts, read;
        supported_timezones = "": Texts, none [.read(|v| {
            Value::string_set(each_text(v.held(), "SupportedTimezones.Timezone", "TimezoneName"))
        })];
        supports_certificate_rotation_without_restart = "SupportsCertificateRotationWithoutRestart": Flag, read;
        supports_global_databases = "SupportsGlobalDatabases": Flag, read;
        supports_integrations = "SupportsIntegrations": Flag, read;
        supports_limitless_database = "SupportsLimitlessDatabase": Flag, read;
        supports_local_write_forwarding = "SupportsLocalWriteForwarding": Flag, read;
        supports_log_exports_to_cloudwatch = "SupportsLogExportsToCloudwatchLogs": Flag, read;
        supports_parallel_query = "SupportsParallelQuery": Flag, read;
        supports_read_replica = "SupportsReadReplica": Flag, read;
        valid_major_targets = "": Texts, none [.read(|v| Value::string_set(targets(v.held(), major)))];
        valid_minor_targets = "": Texts, none [.read(|v| Value::string_set(targets(v.held(), minor)))];
        valid_upgrade_targets = "": Texts, none [.read(|v| Value::string_set(targets(v.held(), |_| true)))];
        version = "EngineVersion": Text, read;
        version_actual = "EngineVersion": Text, read;
        version_description = "DBEngineVersionDescription": Text, read;
    }
}

/// The order of versions: number by number, other parts by their letters.
pub fn order(a: &str, b: &str) -> Ordering {
    let part = |text: &str| text.parse::<u64>().map_err(|_| text.to_owned());
    let parts = |text: &str| text.split(['.', '_', '-']).map(part).collect::<Vec<_>>();
    parts(a).cmp(&parts(b))
}

/// Those of the versions that the configuration means.
fn meant(config: &Attrs, mut found: Vec<Json>) -> Vec<Json> {
    let on = |name: &str| config.bool(name) == Some(true);
    if on("has_major_target") {
        found.retain(|v| !targets(v, major).is_empty());
    }
    if on("has_minor_target") {
        found.retain(|v| !targets(v, minor).is_empty());
    }
    let leads = |v: &Json, name: &str, kept: fn(&Json) -> bool| {
        let wanted = config.strings(name);
        wanted.is_empty() || targets(v, kept).iter().any(|target| wanted.contains(target))
    };
    found.retain(|v| leads(v, "preferred_major_targets", major) && leads(v, "preferred_upgrade_targets", |_| true));
    let preferred = config.strings("preferred_versions");
    if !preferred.is_empty() {
        let place = |v: &Json| name(v).and_then(|version| preferred.iter().position(|p| *p == version));
        found.retain(|v| place(v).is_some());
        found.sort_by_key(place);
        if !on("latest") {
            found.truncate(1);
        }
    }
    if on("latest") {
        found.sort_by(|a, b| order(&name(b).unwrap_or_default(), &name(a).unwrap_or_default()));
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
        let also = answered(Rows::rows::<Json>()).into_iter().map(|row| match row.row.name {
            "parameter_group_family" | "version" => row.optional_computed(),
            _ => row,
        });
        schema("aws_rds_engine_version", rows(given.into_iter().chain(also)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let asked =
            CRITERIA.iter().any(|name| config.is_set(name) && !(config.elements(name).is_empty() && is_list(name)));
        let default_only = config.bool("default_only").or((!asked).then_some(true));
        let input = json!({
            "Engine": config.str("engine"),
            "EngineVersion": config.str("version"),
            "DBParameterGroupFamily": config.str("parameter_group_family"),
            "DefaultOnly": default_only,
            "IncludeAll": config.bool("include_all"),
            "ListSupportedCharacterSets": true,
            "ListSupportedTimezones": true,
            "Filters": {"Filter": filters(config)},
        });
        let found = list(&aws, "DescribeDBEngineVersions", input, "DBEngineVersions.DBEngineVersion").await?;
        let v = one(meant(config, found), "version of the engine")?;
        Ok(read(config, Rows::rows(), &v).with("region", &*aws.region))
    }
}

fn is_list(name: &str) -> bool {
    name.starts_with("preferred_") || name == "filter"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(name: &str, majors: &[&str]) -> Json {
        let target = |to: &&str| json!({"EngineVersion": to, "IsMajorVersionUpgrade": "true"});
        let targets: Vec<Json> = majors.iter().map(target).collect();
        json!({"EngineVersion": name, "ValidUpgradeTarget": {"UpgradeTarget": targets}})
    }

    fn chosen(config: Attrs) -> Vec<String> {
        let all = vec![version("8.0.9", &[]), version("8.0.36", &["8.4.3"]), version("8.0.35", &["8.4.3", "8.4.2"])];
        meant(&config, all).iter().filter_map(name).collect()
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

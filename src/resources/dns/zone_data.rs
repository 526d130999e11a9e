//! data aws_route53_zone: one zone, by its id, or by its name, kind, VPC and tags. data aws_route53_zones: all of them.

use super::names::{same, zone_id};
use super::zone::{AwsRoute53Zone, all, ids};
use crate::resources::lookup::{one, schema};
use crate::resources::prelude::*;
use aws_sdk_route53::types::HostedZoneConfig;

/// The data source `aws_route53_zone`.
pub struct Route53ZoneData;
/// The data source `aws_route53_zones`.
pub struct Route53ZonesData;

impl DataSource for Route53ZonesData {
    fn schema() -> Schema {
        schema("aws_route53_zones", rows([Row::string("id").computed(), Row::string_list("ids").computed()]))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        Ok(config.clone().with("id", &*aws.region).with("ids", Value::strings(ids(aws, |_| true).await?)))
    }
}

impl DataSource for Route53ZoneData {
    fn schema() -> Schema {
        let texts = [
            "arn",
            "caller_reference",
            "comment",
            "linked_service_description",
            "linked_service_principal",
            "primary_name_server",
        ];
        let given = [
            Row::bool("enable_accelerated_recovery"),
            Row::string("id").optional_computed(),
            Row::string("name").optional_computed(),
            Row::string_list("name_servers").computed(),
            Row::bool("private_zone"),
            Row::number("resource_record_set_count").computed(),
            Row::of("tags", Type::map(Type::String)).optional_computed(),
            Row::string("vpc_id"),
            Row::string("zone_id").optional_computed(),
        ];
        let all = texts.map(|name| Row::string(name).computed()).into_iter().chain(given);
        Schema { conflicts: &[&["zone_id", "name"]], ..schema("aws_route53_zone", rows(all)) }
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let given = |name: &str| config.str(name).filter(|text| !text.is_empty());
        let (id, name, vpc) = (given("zone_id").map(zone_id), given("name"), given("vpc_id"));
        let tags = config.string_map("tags");
        if id.is_none() && name.is_none() && vpc.is_none() && tags.is_empty() {
            return Err(Error::new(Kind::Refused, "a zone is looked up by zone_id, by name, by vpc_id or by tags"));
        }
        // A zone of a VPC is a private one, whether the layout says so or not.
        let private = config.bool("private_zone").unwrap_or(false) || vpc.is_some();
        let mut found = match id {
            Some(id) => all(aws, |zone| zone_id(zone.id()) == id).await?,
            None => {
                let fits = |zone: &aws_sdk_route53::types::HostedZone| {
                    let named = name.is_none_or(|name| same(&name.into(), &zone.name().into()));
                    named && zone.config().is_some_and(HostedZoneConfig::private_zone) == private
                };
                all(aws, fits).await?
            }
        };
        found.retain(|zone| vpc.is_none_or(|vpc| zone.vpcs.iter().any(|held| held.vpc_id() == Some(vpc))));
        found.retain(|zone| tags::hold_all(&zone.tags, &tags));
        let live = one(found, "hosted zone")?;
        let read = AwsRoute53Zone::spec().read(&live);
        let same =
            ["arn", "comment", "enable_accelerated_recovery", "name", "name_servers", "primary_name_server", "zone_id"];
        let answer = same
            .iter()
            .filter_map(|name| Some((*name, read.get(name)?)))
            .fold(config.clone(), |all, (name, v)| all.with(name, v.clone()));
        let zone = &live.zone;
        let service = zone.linked_service();
        Ok(answer
            .with("caller_reference", zone.caller_reference())
            .with("id", zone_id(zone.id()))
            .with("linked_service_description", service.and_then(|service| service.description()))
            .with("linked_service_principal", service.and_then(|service| service.service_principal()))
            .with("private_zone", zone.config().is_some_and(HostedZoneConfig::private_zone))
            .with(
                "resource_record_set_count",
                zone.resource_record_set_count().map_or_else(|| Value::null(Type::Number), Value::from),
            )
            .with("tags", read.get("tags_all").cloned().unwrap_or_else(Value::any_null)))
    }
}

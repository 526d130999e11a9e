//! data aws_route53_zone: one zone, by its id, or by its name, kind, VPC and tags. data aws_route53_zones: all of them.

use super::names::{same, zone_id};
use super::zone::{self, AwsRoute53Zone, all, ids, is_private};
use crate::aws::api::member_text;
use crate::resources::document::at;
use crate::resources::lookup::{one, schema};
use crate::resources::prelude::*;
use serde_json::Value as Json;

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
            Some(id) => all(aws, |zone| zone::id(zone) == id).await?,
            None => {
                let fits = |zone: &Json| {
                    let named = name.is_none_or(|name| same(&name.into(), &zone::name(zone).into()));
                    named && is_private(zone) == private
                };
                all(aws, fits).await?
            }
        };
        found.retain(|zone| vpc.is_none_or(|vpc| zone.vpcs.iter().any(|held| held["VPCId"] == vpc)));
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
        Ok(answer
            .with("caller_reference", member_text(zone, "CallerReference"))
            .with("id", zone::id(zone))
            .with("linked_service_description", member_text(zone, "LinkedService.Description"))
            .with("linked_service_principal", member_text(zone, "LinkedService.ServicePrincipal"))
            .with("private_zone", is_private(zone))
            .with("resource_record_set_count", at::<Int>(zone, "ResourceRecordSetCount"))
            .with("tags", read.get("tags_all").cloned().unwrap_or_else(Value::any_null)))
    }
}

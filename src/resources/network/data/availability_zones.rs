//! data aws_availability_zones: the zones of the region, by name.

use crate::resources::lookup::{Row, filters, here, lookup_rows, schema};
use crate::resources::prelude::*;
use aws_sdk_ec2::types::AvailabilityZone;

/// The data source `aws_availability_zones`.
pub struct AvailabilityZones;

impl DataSource for AvailabilityZones {
    fn schema() -> Schema {
        let mut all = vec![
            Row::bool("all_availability_zones"),
            Row::string_set("exclude_names"),
            Row::string_set("exclude_zone_ids"),
            Row::string("state"),
            Row::string_set("group_names").computed(),
            Row::string("id").computed(),
            Row::string_list("names").computed(),
            Row::string_list("zone_ids").computed(),
        ];
        all.extend(lookup_rows().into_iter().filter(|row| row.row.name != "tags"));
        schema("aws_availability_zones", rows(all))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let given = Some(filters(config, &[("state", "state")])).filter(|f| !f.is_empty());
        let call = aws.read.ec2.describe_availability_zones().set_filters(given);
        let answer = call.set_all_availability_zones(config.bool("all_availability_zones")).send().await?;
        let (names, ids) = (config.strings("exclude_names"), config.strings("exclude_zone_ids"));
        let excluded = |list: &[String], word: Option<&str>| word.is_some_and(|w| list.iter().any(|x| x == w));
        let kept = |z: &&AvailabilityZone| !excluded(&names, z.zone_name()) && !excluded(&ids, z.zone_id());
        let mut zones: Vec<&AvailabilityZone> = answer.availability_zones().iter().filter(kept).collect();
        zones.sort_by_key(|z| z.zone_name());
        Ok(config
            .clone()
            .with("id", &*aws.region)
            .with("region", &*aws.region)
            .with("group_names", Value::string_set(zones.iter().filter_map(|z| z.group_name())))
            .with("names", Value::strings(zones.iter().filter_map(|z| z.zone_name())))
            .with("zone_ids", Value::strings(zones.iter().filter_map(|z| z.zone_id()))))
    }
}

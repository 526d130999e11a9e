//! data aws_availability_zone: one zone of a region.

use crate::resources::lookup::{Row, answer, filters, here, lookup_rows, one, schema};
use crate::resources::prelude::*;
use aws_sdk_ec2::types::AvailabilityZone;

/// The rows for `filter` blocks.
fn by_filter() -> impl Iterator<Item = Row> {
    lookup_rows().into_iter().filter(|row| row.row.name == "filter")
}

/// The data source `aws_availability_zone`.
pub struct Zone;

table! {
    Rows: AvailabilityZone {
        group_long_name: Text, read;
        group_name: Text, read;
        network_border_group: Text, read;
        opt_in_status: EnumCell, read;
        parent_zone_id: Text, read;
        parent_zone_name: Text, read;
        zone_type: Text, read;
    }
}

const BY: [(&str, &str); 3] = [("name", "zone-name"), ("state", "state"), ("zone_id", "zone-id")];

/// What follows the region in the name of a zone: `a`, or `lax-1a` of a local one.
fn name_suffix(zone: &AvailabilityZone) -> Option<&str> {
    let rest = zone.zone_name()?.strip_prefix(zone.region_name()?)?;
    Some(rest.trim_start_matches('-'))
}

impl DataSource for Zone {
    fn schema() -> Schema {
        let by = BY.map(|(name, _)| Row::string(name).optional_computed());
        let more = [Row::bool("all_availability_zones"), Row::string("region").optional_computed()];
        let reported = ["id", "name_suffix"].map(answer::<Text>).into_iter();
        let reported = reported.chain(crate::resources::lookup::computed::<Rows>());
        schema("aws_availability_zone", rows(by.into_iter().chain(more).chain(reported).chain(by_filter())))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let call = aws.read.ec2.describe_availability_zones().set_filters(some(filters(config, &BY)));
        let answer = call.set_all_availability_zones(config.bool("all_availability_zones")).send().await?;
        let zone = one(answer.availability_zones.unwrap_or_default(), "availability zone")?;
        Ok(crate::resources::lookup::with_rows::<Rows>(config, &zone)
            .with("id", zone.zone_name())
            .with("name", zone.zone_name())
            .with("name_suffix", name_suffix(&zone))
            .with("region", zone.region_name())
            .with("state", zone.state().map(|s| s.as_str()))
            .with("zone_id", zone.zone_id()))
    }
}

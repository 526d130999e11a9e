//! How a record is chosen among several of one name: the blocks for it, both ways.

use super::record::{Live, incomplete};
use crate::resources::prelude::*;
use crate::schema::Nesting;
use aws_sdk_route53::types::builders::{
    CidrRoutingConfigBuilder, CoordinatesBuilder, GeoLocationBuilder, GeoProximityLocationBuilder,
    ResourceRecordSetBuilder,
};
use aws_sdk_route53::types::{CidrRoutingConfig, Coordinates, GeoLocation, GeoProximityLocation, ResourceRecordSet};

/// The blocks, and a record has at most one of them.
pub const POLICIES: [&str; 6] = [
    "cidr_routing_policy",
    "failover_routing_policy",
    "geolocation_routing_policy",
    "geoproximity_routing_policy",
    "latency_routing_policy",
    "weighted_routing_policy",
];

table! {
    Cidr: CidrRoutingConfig, create CidrRoutingConfigBuilder {
        collection_id: Text [.required()];
        location_name: Text [.required()];
    }
}

table! {
    Failover: ResourceRecordSet, create ResourceRecordSetBuilder {
        r#type = failover: EnumCell [.required().check(|v| checks::one_of(v, &["PRIMARY", "SECONDARY"]))];
    }
}

table! {
    Location: GeoLocation, create GeoLocationBuilder {
        continent = continent_code: Text;
        country = country_code: Text;
        subdivision = subdivision_code: Text;
    }
}

table! {
    Proximity: GeoProximityLocation, create GeoProximityLocationBuilder {
        aws_region: Text;
        bias: Int;
        local_zone_group: Text;
    }
}

table! {
    Place: Coordinates, create CoordinatesBuilder {
        latitude: Text [.required()];
        longitude: Text [.required()];
    }
}

table! {
    Latency: ResourceRecordSet, create ResourceRecordSetBuilder {
        region: EnumCell [.required()];
    }
}

table! {
    Weighted: ResourceRecordSet, create ResourceRecordSetBuilder {
        weight: Int [.required()];
    }
}

fn rows<T: Table>() -> Vec<Attribute> {
    T::rows::<T::Live>().into_iter().map(|a| a.row).collect()
}

fn read<T: Table>(live: &T::Live) -> Value {
    let read = |a: A<T::Live>| Some((a.row.name, a.read?(live)));
    Value::object(T::rows::<T::Live>().into_iter().filter_map(read))
}

fn proximity_rows() -> Vec<Attribute> {
    rows::<Proximity>().into_iter().chain([A::<()>::block("coordinates", Nesting::Set, rows::<Place>()).row]).collect()
}

/// A place, with its coordinates.
fn proximity(live: &GeoProximityLocation) -> Value {
    let place = live.coordinates().map(read::<Place>).into_iter().collect();
    let coordinates = Value::set(object_type(&rows::<Place>()), place);
    let entries = read::<Proximity>(live).as_entries().cloned().unwrap_or_default();
    Value::object(entries.into_iter().chain([("coordinates".into(), coordinates)]))
}

fn one(rows: &[Attribute], block: Option<Value>) -> Value {
    Value::list(object_type(rows), block.into_iter().collect())
}

/// The blocks as rows of a record.
pub fn columns() -> [A<Live>; 6] {
    let [cidr, failover, location, proximity_name, latency, weighted] = POLICIES;
    [
        A::optional_block(cidr, rows::<Cidr>())
            .read(|l: &Live| one(&rows::<Cidr>(), l.cidr_routing_config().map(read::<Cidr>))),
        A::optional_block(failover, rows::<Failover>())
            .read(|l: &Live| one(&rows::<Failover>(), l.failover().map(|_| read::<Failover>(&l.set)))),
        A::optional_block(location, rows::<Location>())
            .read(|l: &Live| one(&rows::<Location>(), l.geo_location().map(read::<Location>))),
        A::optional_block(proximity_name, proximity_rows())
            .read(|l: &Live| one(&proximity_rows(), l.geo_proximity_location().map(proximity))),
        A::optional_block(latency, rows::<Latency>())
            .read(|l: &Live| one(&rows::<Latency>(), l.region().map(|_| read::<Latency>(&l.set)))),
        A::optional_block(weighted, rows::<Weighted>())
            .read(|l: &Live| one(&rows::<Weighted>(), l.weight().map(|_| read::<Weighted>(&l.set)))),
    ]
}

/// Writes the block of the layout into a record.
pub fn write(want: &Attrs, set: ResourceRecordSetBuilder) -> Result<ResourceRecordSetBuilder> {
    let given = POLICIES.iter().find_map(|name| Some((*name, want.blocks(name).into_iter().next()?)));
    let Some((policy, block)) = given else { return Ok(set) };
    Ok(match policy {
        "cidr_routing_policy" => {
            set.cidr_routing_config(Cidr::create(CidrRoutingConfig::builder(), &block).build().map_err(incomplete)?)
        }
        "failover_routing_policy" => Failover::create(set, &block),
        "geolocation_routing_policy" => set.geo_location(Location::create(GeoLocation::builder(), &block).build()),
        "geoproximity_routing_policy" => {
            let place = |at: &Attrs| Place::create(Coordinates::builder(), at).build().map_err(incomplete);
            let at = block.blocks("coordinates").first().map(place).transpose()?;
            let location = Proximity::create(GeoProximityLocation::builder(), &block);
            set.geo_proximity_location(location.set_coordinates(at).build())
        }
        "latency_routing_policy" => Latency::create(set, &block),
        _ => Weighted::create(set, &block),
    })
}

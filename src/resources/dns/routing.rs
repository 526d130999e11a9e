//! How a record is chosen among several of one name: the blocks for it, both ways.

use super::record::incomplete;
use crate::resources::prelude::*;
use crate::resources::table::Part;
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
        coordinates: BlockSet<Part<Place>>, none [.read(|p| {
            BlockSet::<Part<Place>>::get(p.held().coordinates().map(std::slice::from_ref).unwrap_or_default())
        })];
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

table! {
    /// The blocks as rows of a record.
    pub Policies: ResourceRecordSet {
        cidr_routing_policy = cidr_routing_config: BlockList<Part<Cidr>>, read [.count(0, Some(1))];
        failover_routing_policy: BlockList<Part<Failover>>, none
            [.count(0, Some(1)).read(|r| of::<Failover>(r.held().failover().is_some(), r.held()))];
        geolocation_routing_policy = geo_location: BlockList<Part<Location>>, read [.count(0, Some(1))];
        geoproximity_routing_policy = geo_proximity_location: BlockList<Part<Proximity>>, read [.count(0, Some(1))];
        latency_routing_policy: BlockList<Part<Latency>>, none
            [.count(0, Some(1)).read(|r| of::<Latency>(r.held().region().is_some(), r.held()))];
        weighted_routing_policy: BlockList<Part<Weighted>>, none
            [.count(0, Some(1)).read(|r| of::<Weighted>(r.held().weight().is_some(), r.held()))];
    }
}

/// A block that is a part of the record itself.
fn of<T: Table<Live = ResourceRecordSet>>(chosen: bool, record: &ResourceRecordSet) -> Value {
    BlockList::<Part<T>>::get(chosen.then_some(record))
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

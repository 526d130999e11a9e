//! How a record is chosen among several of one name: the blocks for it, both ways.

use crate::aws::api::member;
use crate::resources::document::{Document, Many, Unordered, at, document};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// The blocks, and a record has at most one of them.
pub const POLICIES: [&str; 6] = [
    "cidr_routing_policy",
    "failover_routing_policy",
    "geolocation_routing_policy",
    "geoproximity_routing_policy",
    "latency_routing_policy",
    "weighted_routing_policy",
];

document! {
    Cidr {
        collection_id = "CollectionId": Text [.required()];
        location_name = "LocationName": Text [.required()];
    }
}

document! {
    Failover {
        r#type = "Failover": Text [.required().check(|v| checks::one_of(v, &["PRIMARY", "SECONDARY"]))];
    }
}

document! {
    Location {
        continent = "ContinentCode": Text;
        country = "CountryCode": Text;
        subdivision = "SubdivisionCode": Text;
    }
}

document! {
    Proximity {
        aws_region = "AWSRegion": Text;
        bias = "Bias": Int;
        local_zone_group = "LocalZoneGroup": Text;
        coordinates = "Coordinates": Unordered<Place>;
    }
}

document! {
    Place {
        latitude = "Latitude": Text [.required()];
        longitude = "Longitude": Text [.required()];
    }
}

document! {
    Latency {
        region = "Region": Text [.required()];
    }
}

document! {
    Weighted {
        weight = "Weight": Int [.required()];
    }
}

document! {
    /// The blocks as rows of a record.
    pub Policies {
        cidr_routing_policy = "CidrRoutingConfig": Many<Cidr> [.count(0, Some(1))];
        failover_routing_policy = "": Many<Failover>, none
            [.count(0, Some(1)).read(|r| of::<Failover>(r.held(), "Failover"))];
        geolocation_routing_policy = "GeoLocation": Many<Location> [.count(0, Some(1))];
        geoproximity_routing_policy = "GeoProximityLocation": Many<Proximity> [.count(0, Some(1))];
        latency_routing_policy = "": Many<Latency>, none
            [.count(0, Some(1)).read(|r| of::<Latency>(r.held(), "Region"))];
        weighted_routing_policy = "": Many<Weighted>, none
            [.count(0, Some(1)).read(|r| of::<Weighted>(r.held(), "Weight"))];
    }
}

/// A block that is a part of the record itself, which has it where it has this member.
fn of<D: Document>(record: &Json, name: &str) -> Value {
    at::<Many<D>>(&json!({"Record": member(record, name).map(|_| record)}), "Record")
}

/// The members of a record for the block of the layout.
pub fn write(want: &Attrs) -> Json {
    let given = POLICIES.iter().find_map(|name| Some((*name, want.blocks(name).into_iter().next()?)));
    match given {
        Some(("failover_routing_policy", block)) => Failover::create(&block),
        Some(("latency_routing_policy", block)) => Latency::create(&block),
        Some(("weighted_routing_policy", block)) => Weighted::create(&block),
        Some(_) => Policies::create(want),
        None => json!({}),
    }
}

//! How a record is chosen among several of one name: the blocks for it, both ways.

use crate::aws::{Error, Kind, Result};
use crate::resources::spec::{A, rows};
use crate::schema::rows::object_type;
use crate::schema::{Attribute, Attrs, Nesting, checks};
use crate::value::{Type, Value};
use aws_sdk_route53::types::builders::ResourceRecordSetBuilder;
use aws_sdk_route53::types::{CidrRoutingConfig, Coordinates, GeoLocation, GeoProximityLocation, ResourceRecordSet};

type Row = A<()>;

/// The blocks, of which a record has at most one.
pub const POLICIES: [&str; 6] = [
    "cidr_routing_policy",
    "failover_routing_policy",
    "geolocation_routing_policy",
    "geoproximity_routing_policy",
    "latency_routing_policy",
    "weighted_routing_policy",
];

fn policy_rows(policy: &str) -> Vec<Attribute> {
    match policy {
        "cidr_routing_policy" => {
            rows([Row::string("collection_id").required(), Row::string("location_name").required()])
        }
        "failover_routing_policy" => {
            rows([Row::string("type").required().check(|v| checks::one_of(v, &["PRIMARY", "SECONDARY"]))])
        }
        "geolocation_routing_policy" => rows(["continent", "country", "subdivision"].map(Row::string)),
        "geoproximity_routing_policy" => {
            let coordinates = rows(["latitude", "longitude"].map(|name| Row::string(name).required()));
            rows([
                Row::string("aws_region"),
                Row::number("bias"),
                Row::string("local_zone_group"),
                Row::block("coordinates", Nesting::Set, coordinates),
            ])
        }
        "latency_routing_policy" => rows([Row::string("region").required()]),
        _ => rows([Row::number("weight").required()]),
    }
}

fn list(policy: &str, block: Option<Vec<(&'static str, Value)>>) -> Value {
    let Type::Object(_) = object_type(&policy_rows(policy)) else { return Value::strings([""; 0]) };
    Value::list(object_type(&policy_rows(policy)), block.into_iter().map(Value::object).collect())
}

fn number(value: Option<i64>) -> Value {
    value.map_or(Value::null(Type::Number), Value::from)
}

/// The blocks as rows, read from what holds a record.
pub fn columns<L>(policy: &'static str, read: fn(&L) -> Value) -> A<L> {
    A::block(policy, Nesting::List, policy_rows(policy)).count(0, Some(1)).read(read)
}

/// The blocks that AWS answered: the one that the record has, and none of the others.
pub fn reported(policy: &str, set: &ResourceRecordSet) -> Value {
    let block = match policy {
        "cidr_routing_policy" => set
            .cidr_routing_config()
            .map(|c| vec![("collection_id", c.collection_id().into()), ("location_name", c.location_name().into())]),
        "failover_routing_policy" => set.failover().map(|f| vec![("type", f.as_str().into())]),
        "geolocation_routing_policy" => set.geo_location().map(|g| {
            vec![
                ("continent", g.continent_code().into()),
                ("country", g.country_code().into()),
                ("subdivision", g.subdivision_code().into()),
            ]
        }),
        "geoproximity_routing_policy" => set.geo_proximity_location().map(|g| {
            let coordinates = g
                .coordinates()
                .map(|c| Value::object([("latitude", Value::from(c.latitude())), ("longitude", c.longitude().into())]));
            let ty = Type::object([("latitude", Type::String), ("longitude", Type::String)]);
            vec![
                ("aws_region", g.aws_region().into()),
                ("bias", number(g.bias().map(i64::from))),
                ("local_zone_group", g.local_zone_group().into()),
                ("coordinates", Value::set(ty, coordinates.into_iter().collect())),
            ]
        }),
        "latency_routing_policy" => set.region().map(|r| vec![("region", r.as_str().into())]),
        _ => set.weight().map(|w| vec![("weight", w.into())]),
    };
    list(policy, block)
}

fn incomplete(error: impl std::fmt::Display) -> Error {
    Error::new(Kind::Refused, error.to_string())
}

/// Writes the block of the layout into a record.
pub fn write(want: &Attrs, set: ResourceRecordSetBuilder) -> Result<ResourceRecordSetBuilder> {
    let Some((policy, block)) = POLICIES.iter().find_map(|name| Some((*name, want.blocks(name).into_iter().next()?)))
    else {
        return Ok(set);
    };
    let text = |name: &str| block.string(name).filter(|text| !text.is_empty());
    Ok(match policy {
        "cidr_routing_policy" => {
            let config = CidrRoutingConfig::builder().set_collection_id(text("collection_id"));
            set.cidr_routing_config(config.set_location_name(text("location_name")).build().map_err(incomplete)?)
        }
        "failover_routing_policy" => set.set_failover(block.str("type").map(Into::into)),
        "geolocation_routing_policy" => set.geo_location(
            GeoLocation::builder()
                .set_continent_code(text("continent"))
                .set_country_code(text("country"))
                .set_subdivision_code(text("subdivision"))
                .build(),
        ),
        "geoproximity_routing_policy" => {
            let place = |at: &Attrs| {
                let at =
                    Coordinates::builder().set_latitude(at.string("latitude")).set_longitude(at.string("longitude"));
                at.build().map_err(incomplete)
            };
            let location = GeoProximityLocation::builder()
                .set_aws_region(text("aws_region"))
                .set_bias(block.int("bias"))
                .set_local_zone_group(text("local_zone_group"))
                .set_coordinates(block.blocks("coordinates").first().map(place).transpose()?);
            set.geo_proximity_location(location.build())
        }
        "latency_routing_policy" => set.set_region(block.str("region").map(Into::into)),
        _ => set.set_weight(block.int("weight").map(i64::from)),
    })
}

//! data aws_ec2_instance_type_offerings and data aws_ec2_instance_type_offering: which types of instance there are, and
//! where.

use crate::resources::block::TextList;
use crate::resources::lookup::{Row, answer, filters, here, lookup_rows, schema};
use crate::resources::prelude::*;
use aws_sdk_ec2::types::{InstanceTypeOffering, LocationType};

/// The data source `aws_ec2_instance_type_offerings`.
pub struct Offerings;
/// The data source `aws_ec2_instance_type_offering`.
pub struct Offering;

/// The rows of both.
fn by() -> impl Iterator<Item = Row> {
    let types =
        |value: &Value| checks::one_of(value, &["region", "availability-zone", "availability-zone-id", "outpost"]);
    let lookup = lookup_rows().into_iter().filter(|row| row.row.name != "tags");
    lookup.chain([Row::string("location_type").check(types), answer::<Text>("id")])
}

/// What is offered, in order.
async fn offered(aws: &Aws, config: &Attrs) -> Result<Vec<InstanceTypeOffering>> {
    let call = aws.read.ec2.describe_instance_type_offerings().set_filters(some(filters(config, &[])));
    let call = call.set_location_type(config.str("location_type").map(LocationType::from));
    let mut all = all_of(call.into_paginator().items().send()).await?;
    let key = |o: &InstanceTypeOffering| (o.instance_type.clone().map(|t| t.to_string()), o.location.clone());
    all.sort_by_key(key);
    Ok(all)
}

fn name(o: &InstanceTypeOffering) -> &str {
    o.instance_type().map_or("", |t| t.as_str())
}

impl DataSource for Offerings {
    fn schema() -> Schema {
        let lists = ["instance_types", "location_types", "locations"].map(answer::<TextList>);
        schema("aws_ec2_instance_type_offerings", rows(by().chain(lists)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let all = offered(&aws, config).await?;
        let kinds = all.iter().filter_map(|o| o.location_type()).map(LocationType::as_str);
        Ok(config
            .clone()
            .with("id", &*aws.region)
            .with("instance_types", Value::strings(all.iter().map(name)))
            .with("location_types", Value::strings(kinds))
            .with("locations", Value::strings(all.iter().filter_map(|o| o.location())))
            .with("region", &*aws.region))
    }
}

impl DataSource for Offering {
    fn schema() -> Schema {
        let own =
            [answer::<Text>("instance_type"), answer::<Text>("location"), Row::string_list("preferred_instance_types")];
        schema("aws_ec2_instance_type_offering", rows(by().chain(own)))
    }

    /// The first of those that are preferred, else the only one that there is.
    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let all = offered(&aws, config).await?;
        let preferred = config.strings("preferred_instance_types");
        let found = preferred.iter().find_map(|wanted| all.iter().find(|o| name(o) == wanted));
        let found = match (found, all.as_slice()) {
            (Some(found), _) => found,
            (None, [only]) if preferred.is_empty() => only,
            (None, []) => return Err(Error::not_found("no instance type is offered like that; check the filters")),
            (None, _) if preferred.is_empty() => {
                let message = format!("{} offerings match, expected one; give preferred_instance_types", all.len());
                return Err(Error::new(Kind::Refused, message));
            }
            (None, _) => return Err(Error::not_found(format!("none of {} is offered there", preferred.join(", ")))),
        };
        let all = config.clone().with("id", name(found)).with("instance_type", name(found));
        Ok(all.with("location", found.location()).with("region", &*aws.region))
    }
}

//! data aws_outposts_outpost: an Outpost by its id, ARN, name, owner or tags.

use crate::aws::api::services::OUTPOSTS;
use crate::aws::api::{Pages, member, member_text};
use crate::resources::lookup::{here, one, schema};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// The data source `aws_outposts_outpost`.
pub struct OutpostData;

/// Its arguments and answers, and the members that hold them.
const ASKED: [(&str, &str); 3] = [("arn", "OutpostArn"), ("id", "OutpostId"), ("name", "Name")];
const ANSWERS: [(&str, &str); 7] = [
    ("availability_zone", "AvailabilityZone"),
    ("availability_zone_id", "AvailabilityZoneId"),
    ("description", "Description"),
    ("lifecycle_status", "LifeCycleStatus"),
    ("site_arn", "SiteArn"),
    ("site_id", "SiteId"),
    ("supported_hardware_type", "SupportedHardwareType"),
];
const OWNER: (&str, &str) = ("owner_id", "OwnerId");

fn tags_of(outpost: &Json) -> BTreeMap<&str, &str> {
    let all = member(outpost, "Tags").and_then(Json::as_object);
    all.into_iter().flatten().filter_map(|(key, value)| Some((key.as_str(), value.as_str()?))).collect()
}

impl DataSource for OutpostData {
    fn schema() -> Schema {
        let asked = ASKED.iter().map(|(name, _)| Row::string(name).optional_computed());
        let answers = ANSWERS.iter().map(|(name, _)| Row::string(name).computed());
        let more = [
            Row::string(OWNER.0),
            Row::string("region").optional_computed(),
            Row::of("tags", Type::map(Type::String)).optional_computed(),
        ];
        schema("aws_outposts_outpost", rows(asked.chain(answers).chain(more)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = &here(aws, config);
        let pages = Pages("NextToken", "NextToken");
        let mut found =
            aws.read.api.list(&OUTPOSTS, "ListOutposts GET /outposts", json!({}), pages, "Outposts").await?;
        let wanted = config.string_map("tags");
        found.retain(|outpost| {
            let tags = tags_of(outpost);
            let same = |(name, path): &(&str, &str)| {
                text(config, name).is_none_or(|wanted| member_text(outpost, path) == Some(wanted))
            };
            ASKED.iter().chain([&OWNER]).all(same)
                && wanted.iter().all(|(key, value)| tags.get(key.as_str()) == Some(&value.as_str()))
        });
        let found = one(found, "Outpost")?;
        let named = ASKED.iter().chain(&ANSWERS).chain([&OWNER]);
        let all = named.fold(config.clone(), |all, (name, path)| all.with(name, member_text(&found, path)));
        Ok(all.with("tags", tags::visible(tags_of(&found))).with("region", &*aws.region))
    }
}

//! data aws_ip_ranges: the public addresses of AWS, which it publishes as a file.

use crate::aws::api::{items, member_text};
use crate::resources::block::TextList;
use crate::resources::lookup::{Row, answer, schema};
use crate::resources::prelude::*;
use serde_json::Value as Json;

/// The data source `aws_ip_ranges`.
pub struct IpRanges;

const URL: &str = "https://ip-ranges.amazonaws.com/ip-ranges.json";
/// The member of the file with the ranges of a version of IP, that of a range in it, and the attribute for them.
const RANGES: [(&str, &str, &str); 2] =
    [("prefixes", "ip_prefix", "cidr_blocks"), ("ipv6_prefixes", "ipv6_prefix", "ipv6_cidr_blocks")];

/// The ranges of these services and regions, in order and each once; all regions where none is given.
fn chosen(file: &Json, list: &str, member: &str, services: &[String], regions: &[String]) -> Vec<String> {
    let among = |one: &Json, name: &str, all: &[String]| {
        let found = member_text(one, name).unwrap_or_default();
        all.iter().any(|wanted| wanted.eq_ignore_ascii_case(&found))
    };
    let meant = |one: &&Json| among(one, "service", services) && (regions.is_empty() || among(one, "region", regions));
    let mut all: Vec<String> =
        items(file, list).iter().filter(meant).filter_map(|one| member_text(one, member)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

impl DataSource for IpRanges {
    fn schema() -> Schema {
        let own = [
            Row::string_set("regions"),
            Row::string_set("services").required(),
            Row::string("url").default(URL),
            answer::<TextList>("cidr_blocks"),
            answer::<Text>("create_date"),
            answer::<Text>("id"),
            answer::<TextList>("ipv6_cidr_blocks"),
            answer::<Int>("sync_token"),
        ];
        schema("aws_ip_ranges", rows(own))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let url = text(config, "url").unwrap_or_else(|| URL.to_owned());
        let page = aws.page(&url).await?;
        let unreadable =
            |e: serde_json::Error| Error::new(Kind::Refused, format!("{url} is not a list of ranges: {e}"));
        let file: Json = serde_json::from_slice(&page).map_err(unreadable)?;
        let (services, regions) = (config.strings("services"), config.strings("regions"));
        let [old, new] = RANGES.map(|(list, member, name)| (name, chosen(&file, list, member, &services, &regions)));
        if old.1.is_empty() && new.1.is_empty() {
            let message = "no range is of these services and regions; check their names, which the file spells as AMAZON, \
                           EC2, S3 and eu-west-1";
            return Err(Error::not_found(message));
        }
        let token = member_text(&file, "syncToken");
        let number = token.as_deref().and_then(|text| text.parse::<i64>().ok());
        let all = config.clone().with("create_date", member_text(&file, "createDate")).with("id", token);
        let all = all.with("sync_token", number.map_or(Value::null(Type::Number), Value::from));
        Ok(all.with(old.0, Value::strings(old.1)).with(new.0, Value::strings(new.1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ranges_are_of_the_services_and_regions() {
        let one = |range: &str, service: &str, region: &str| json!({"ip_prefix": range, "service": service, "region": region});
        let file = json!({"prefixes": [
            one("52.2.0.0/15", "EC2", "us-east-1"), one("52.0.0.0/15", "EC2", "us-east-1"),
            one("52.0.0.0/15", "EC2", "us-east-1"), one("3.5.0.0/19", "S3", "eu-west-1"), one("3.6.0.0/19", "EC2", "eu-west-1"),
        ]});
        let found = |services: &[&str], regions: &[&str]| {
            let texts = |all: &[&str]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
            chosen(&file, "prefixes", "ip_prefix", &texts(services), &texts(regions))
        };
        assert_eq!(found(&["ec2"], &["US-EAST-1"]), ["52.0.0.0/15", "52.2.0.0/15"]);
        assert_eq!(found(&["S3"], &[]), ["3.5.0.0/19"]);
        assert!(found(&["ROUTE53"], &[]).is_empty());
    }
}

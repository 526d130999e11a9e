//! data aws_service: the names of an AWS service, put together and taken apart; and whether a region
//! has it, which AWS publishes as public parameters of Systems Manager.

use crate::aws::api::services::SSM;
use crate::resources::lookup::{Row, schema};
use crate::resources::prelude::*;
use serde_json::json;

/// The data source `aws_service`.
pub struct Service;

/// The parts of a name such as `com.amazonaws.eu-west-1.s3`.
#[derive(Debug, PartialEq, Eq)]
struct Parts {
    prefix: String,
    region: String,
    service: String,
}

impl Parts {
    fn of(reverse: &str) -> Option<Self> {
        let (rest, service) = reverse.rsplit_once('.')?;
        let (prefix, region) = rest.rsplit_once('.')?;
        Some(Parts { prefix: prefix.into(), region: region.into(), service: service.into() })
    }

    fn reverse(&self) -> String {
        format!("{}.{}.{}", self.prefix, self.region, self.service)
    }
}

fn turned(name: &str) -> String {
    name.split('.').rev().collect::<Vec<_>>().join(".")
}

fn partition(region: &str) -> &'static str {
    match region {
        r if r.starts_with("cn-") => "aws-cn",
        r if r.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}

fn parts(config: &Attrs, region: &str) -> Result<Parts> {
    let bad = |name: &str, form: &str| {
        let message = format!("{name:?} is not a valid service name; expected a form such as {form}");
        Error::new(Kind::Refused, message)
    };
    if let Some(name) = config.str("dns_name") {
        return Parts::of(&turned(name)).ok_or_else(|| bad(name, "s3.eu-west-1.amazonaws.com"));
    }
    if let Some(name) = config.str("reverse_dns_name") {
        return Parts::of(name).ok_or_else(|| bad(name, "com.amazonaws.eu-west-1.s3"));
    }
    let usual = if partition(region) == "aws-cn" { "cn.com.amazonaws" } else { "com.amazonaws" };
    Ok(Parts {
        prefix: config.str("reverse_dns_prefix").unwrap_or(usual).to_owned(),
        region: config.str("region").unwrap_or(region).to_owned(),
        service: config.string("service_id").unwrap_or_default(),
    })
}

/// Whether AWS says that the region has the service; nothing where it may not be asked.
async fn supported(aws: &Aws, parts: &Parts) -> Result<Option<bool>> {
    let name = format!("/aws/service/global-infrastructure/regions/{}/services/{}", parts.region, parts.service);
    match aws.read.api.call(&SSM, "GetParameter", json!({"Name": name})).await {
        Ok(_) => Ok(Some(true)),
        Err(e) if e.is_not_found() => Ok(Some(false)),
        Err(e) if e.kind == Kind::Denied => Ok(None),
        Err(e) => Err(e),
    }
}

impl DataSource for Service {
    fn schema() -> Schema {
        let given = ["dns_name", "region", "reverse_dns_name", "reverse_dns_prefix", "service_id"];
        let given = given.map(|n| Row::string(n).optional_computed());
        let reported = [Row::string("id"), Row::string("partition"), Row::bool("supported")].map(Row::computed);
        let rows = rows(given.into_iter().chain(reported));
        Schema { exactly_one: &[&["dns_name", "reverse_dns_name", "service_id"]], ..schema("aws_service", rows) }
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let parts = parts(config, &aws.region)?;
        let supported = supported(aws, &parts).await?;
        let reverse = parts.reverse();
        Ok(config
            .clone()
            .with("dns_name", turned(&reverse))
            .with("id", &reverse)
            .with("partition", partition(&parts.region))
            .with("region", &parts.region)
            .with("reverse_dns_name", &reverse)
            .with("reverse_dns_prefix", &parts.prefix)
            .with("service_id", &parts.service)
            .with("supported", supported))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_has_the_same_parts_by_each_of_its_names() {
        let expected = Parts { prefix: "com.amazonaws".into(), region: "eu-west-1".into(), service: "s3".into() };
        for (argument, name) in [
            ("dns_name", "s3.eu-west-1.amazonaws.com"),
            ("reverse_dns_name", "com.amazonaws.eu-west-1.s3"),
            ("service_id", "s3"),
        ] {
            assert_eq!(parts(&Attrs::default().with(argument, name), "eu-west-1").unwrap(), expected);
        }
        let china = parts(&Attrs::default().with("service_id", "s3"), "cn-north-1").unwrap();
        assert_eq!(china.reverse(), "cn.com.amazonaws.cn-north-1.s3");
        assert!(parts(&Attrs::default().with("dns_name", "s3"), "eu-west-1").is_err());
    }
}

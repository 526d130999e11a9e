//! data aws_arn, aws_regions and aws_service_principal: how things of AWS are named, and where AWS is.

use super::identity::dns_suffix;
use crate::resources::lookup::{Row, filters, lookup_rows, schema};
use crate::resources::prelude::*;

/// The data source `aws_arn`.
pub struct Arn;
/// The data source `aws_regions`.
pub struct Regions;
/// The data source `aws_service_principal`.
pub struct ServicePrincipal;

const PARTS: [&str; 5] = ["partition", "service", "region", "account", "resource"];

fn parts(arn: &str) -> Option<Vec<&str>> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    (parts.len() == 6 && parts[0] == "arn").then(|| parts[1..].to_vec())
}

fn arn(value: &Value) -> Result<(), String> {
    let wrong = "is not a valid ARN; expected a form such as arn:aws:iam::123456789012:role/web";
    checks::text(value, |text| parts(text).is_some(), wrong)
}

impl DataSource for Arn {
    fn schema() -> Schema {
        let answers = PARTS.into_iter().chain(["id"]).map(|name| Row::string(name).computed());
        schema("aws_arn", rows(answers.chain([Row::string("arn").required().check(arn)])))
    }

    async fn read(_aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let text = config.str("arn").unwrap_or_default();
        let bad = || Error::new(Kind::Refused, format!("{text:?} is not a valid ARN"));
        let found = PARTS.into_iter().zip(parts(text).ok_or_else(bad)?);
        Ok(found.fold(config.clone().with("id", text), |all, (name, part)| all.with(name, part)))
    }
}

impl DataSource for Regions {
    fn schema() -> Schema {
        let filter = lookup_rows().into_iter().filter(|row| row.row.name == "filter");
        let own = [Row::bool("all_regions"), Row::string("id").computed(), Row::string_set("names").computed()];
        schema("aws_regions", rows(own.into_iter().chain(filter)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let call = aws.read.ec2.describe_regions().set_all_regions(config.bool("all_regions"));
        let found = call.set_filters(some(filters(config, &[]))).send().await?;
        let names = found.regions().iter().filter_map(|region| region.region_name());
        Ok(config.clone().with("id", &*aws.partition).with("names", Value::string_set(names)))
    }
}

/// The services whose principals end in the domain of their partition, and not in `amazonaws.com`.
const OWN_SUFFIX: [(&str, &[&str]); 3] = [
    ("aws-cn", &["codedeploy", "elasticmapreduce", "logs"]),
    ("aws-iso", &["cloudhsm", "config", "logs", "workspaces"]),
    ("aws-iso-b", &["dms", "logs"]),
];

fn suffix(partition: &str, service: &str) -> &'static str {
    let own = OWN_SUFFIX.iter().any(|(name, services)| *name == partition && services.contains(&service));
    if own { dns_suffix(partition) } else { "amazonaws.com" }
}

impl DataSource for ServicePrincipal {
    fn schema() -> Schema {
        let answers = ["id", "name", "suffix"].map(|name| Row::string(name).computed());
        let given = [Row::string("region").optional_computed(), Row::string("service_name").required()];
        schema("aws_service_principal", rows(answers.into_iter().chain(given)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let service = config.str("service_name").unwrap_or_default();
        let region = config.str("region").unwrap_or(&aws.region);
        let suffix = suffix(&aws.partition, service);
        Ok(config
            .clone()
            .with("id", format!("{service}.{region}.{suffix}"))
            .with("name", format!("{service}.{suffix}"))
            .with("region", region)
            .with("suffix", suffix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_has_six_parts() {
        let found = parts("arn:aws:logs:eu-west-1:123456789012:log-group:/a:*").unwrap();
        assert_eq!(found, ["aws", "logs", "eu-west-1", "123456789012", "log-group:/a:*"]);
        assert!(arn(&"arn:aws:s3".into()).is_err() && arn(&"arn:aws:s3:::b".into()).is_ok());
    }

    #[test]
    fn a_principal_ends_as_its_partition_says() {
        assert_eq!(suffix("aws", "logs"), "amazonaws.com");
        assert_eq!((suffix("aws-cn", "logs"), suffix("aws-cn", "ec2")), ("amazonaws.com.cn", "amazonaws.com"));
    }
}

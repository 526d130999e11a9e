//! Where AWS has its services: the names of their hosts, by region and partition.

use super::{GLOBAL, Service};

/// How hosts end in a partition.
struct Partition {
    /// The beginning of its regions.
    regions: &'static str,
    domain: &'static str,
    dual_stack: &'static str,
    /// The region that signs for the services that are one for all regions.
    home: &'static str,
}

const fn partition(
    regions: &'static str,
    domain: &'static str,
    dual_stack: &'static str,
    home: &'static str,
) -> Partition {
    Partition { regions, domain, dual_stack, home }
}

/// All of them; the last one has all other regions.
const PARTITIONS: &[Partition] = &[
    partition("cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn", "cn-north-1"),
    partition("us-gov-", "amazonaws.com", "api.aws", "us-gov-west-1"),
    partition("us-iso-", "c2s.ic.gov", "api.aws.ic.gov", "us-iso-east-1"),
    partition("us-isob-", "sc2s.sgov.gov", "api.aws.scloud", "us-isob-east-1"),
    partition("us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov", "us-isof-south-1"),
    partition("eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", "eu-isoe-west-1"),
    partition("eusc-", "amazonaws.eu", "api.amazonwebservices.eu", "eusc-de-east-1"),
    partition("", "amazonaws.com", "api.aws", "us-east-1"),
];

/// Hosts that have no name of their own for FIPS in the regions of the US government: all of them meet it.
const PLAIN_IN_GOVERNMENT: [&str; 7] =
    ["acm", "autoscaling", "elasticloadbalancing", "logs", "monitoring", "rds", "sns"];

fn partition_of(region: &str) -> &'static Partition {
    let all = PARTITIONS.iter().find(|partition| region.starts_with(partition.regions));
    all.unwrap_or(&PARTITIONS[PARTITIONS.len() - 1])
}

/// The region that has the services which are one for all regions, for an account that works in `region`.
pub fn home(region: &str) -> &'static str {
    partition_of(region).home
}

/// The region in which calls to a service are signed, for an account that works in `region`.
pub fn region(service: &Service, region: &str) -> Option<&'static str> {
    match service.place {
        Some(GLOBAL) if service.host == "route53" && region.starts_with("cn-") => Some("cn-northwest-1"),
        Some(GLOBAL) => Some(home(region)),
        place => place,
    }
}

/// The address of a service of AWS. `name` is its host, and `region` the one in which calls to it are signed.
pub fn address(service: &Service, name: &str, region: &str, fips: bool, dual_stack: bool) -> String {
    let partition = partition_of(region);
    let domain = if dual_stack { partition.dual_stack } else { partition.domain };
    let plain = partition.regions == "us-gov-" && !dual_stack && PLAIN_IN_GOVERNMENT.contains(&service.host);
    let fips = if fips && !plain { "-fips" } else { "" };
    if service.place == Some(GLOBAL) {
        return match (partition.regions, service.host) {
            ("us-gov-", host) => format!("https://{host}.us-gov.{domain}"),
            (_, host) if dual_stack => format!("https://{host}{fips}.global.{domain}"),
            ("", host) | (_, host @ "route53") => format!("https://{host}{fips}.{domain}"),
            (_, host) => format!("https://{host}{fips}.{region}.{domain}"),
        };
    }
    if dual_stack && (name == "s3" || name.ends_with("s3-control")) {
        return format!("https://{name}{fips}.dualstack.{region}.{}", partition.domain);
    }
    format!("https://{name}{fips}.{region}.{domain}")
}

#[cfg(test)]
mod tests {
    use super::super::services::{ACCELERATOR, ELB_V2, IAM, LAMBDA, ROUTE53, S3_CONTROL, SNS, SQS, SSM};
    use super::*;

    fn at(service: &Service, region: &str, fips: bool, dual_stack: bool) -> String {
        let region = super::region(service, region).unwrap_or(region);
        address(service, service.host, region, fips, dual_stack)
    }

    #[test]
    fn a_service_is_where_aws_documents_it() {
        assert_eq!(at(&SQS, "eu-west-1", false, false), "https://sqs.eu-west-1.amazonaws.com");
        assert_eq!(at(&SSM, "us-east-1", true, false), "https://ssm-fips.us-east-1.amazonaws.com");
        assert_eq!(at(&SQS, "cn-north-1", false, false), "https://sqs.cn-north-1.amazonaws.com.cn");
        assert_eq!(at(&SQS, "us-isob-east-1", false, false), "https://sqs.us-isob-east-1.sc2s.sgov.gov");
        assert_eq!(at(&LAMBDA, "eu-west-1", false, true), "https://lambda.eu-west-1.api.aws");
        assert_eq!(at(&SNS, "us-gov-west-1", true, false), "https://sns.us-gov-west-1.amazonaws.com");
        assert_eq!(
            at(&ELB_V2, "us-gov-east-1", true, false),
            "https://elasticloadbalancing.us-gov-east-1.amazonaws.com"
        );
        assert_eq!(at(&SNS, "us-west-2", true, false), "https://sns-fips.us-west-2.amazonaws.com");
        assert_eq!(at(&ACCELERATOR, "eu-west-1", false, false), "https://globalaccelerator.us-west-2.amazonaws.com");
        let control = address(&S3_CONTROL, "1.s3-control", "eu-west-1", true, true);
        assert_eq!(control, "https://1.s3-control-fips.dualstack.eu-west-1.amazonaws.com");
    }

    #[test]
    fn a_service_for_all_regions_has_a_host_of_its_own() {
        assert_eq!(at(&IAM, "eu-west-1", false, false), "https://iam.amazonaws.com");
        assert_eq!(at(&IAM, "eu-west-1", true, true), "https://iam-fips.global.api.aws");
        assert_eq!(at(&IAM, "cn-northwest-1", false, false), "https://iam.cn-north-1.amazonaws.com.cn");
        assert_eq!(at(&IAM, "us-gov-east-1", true, false), "https://iam.us-gov.amazonaws.com");
        assert_eq!(at(&IAM, "eusc-de-east-1", false, false), "https://iam.eusc-de-east-1.amazonaws.eu");
        assert_eq!(at(&ROUTE53, "eu-west-1", false, false), "https://route53.amazonaws.com");
        assert_eq!(at(&ROUTE53, "cn-north-1", false, false), "https://route53.amazonaws.com.cn");
        assert_eq!(region(&ROUTE53, "cn-north-1"), Some("cn-northwest-1"));
        assert_eq!(region(&IAM, "us-gov-east-1"), Some("us-gov-west-1"));
    }
}

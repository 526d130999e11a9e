//! data aws_caller_identity and data aws_partition: who and where we are, known since we connected.

use crate::resources::lookup::{Row, schema};
use crate::resources::prelude::*;

/// data aws_caller_identity
pub struct CallerIdentity;

impl DataSource for CallerIdentity {
    fn schema() -> Schema {
        schema("aws_caller_identity", rows(["account_id", "arn", "id", "user_id"].map(|n| Row::string(n).computed())))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        Ok(config
            .clone()
            .with("account_id", &*aws.account)
            .with("arn", &aws.caller.arn)
            .with("id", &*aws.account)
            .with("user_id", &aws.caller.user_id))
    }
}

/// data aws_partition
pub struct Partition;

/// The domain of a partition's services. AWS General Reference, "AWS service endpoints".
pub(super) fn dns_suffix(partition: &str) -> &'static str {
    match partition {
        "aws-cn" => "amazonaws.com.cn",
        "aws-iso" => "c2s.ic.gov",
        "aws-iso-b" => "sc2s.sgov.gov",
        "aws-iso-e" => "cloud.adc-e.uk",
        "aws-iso-f" => "csp.hci.ic.gov",
        "aws-eusc" => "amazonaws.eu",
        _ => "amazonaws.com",
    }
}

impl DataSource for Partition {
    fn schema() -> Schema {
        let names = ["dns_suffix", "id", "partition", "reverse_dns_prefix"];
        schema("aws_partition", rows(names.map(|n| Row::string(n).computed())))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let suffix = dns_suffix(&aws.partition);
        let reverse = suffix.split('.').rev().collect::<Vec<_>>().join(".");
        Ok(config
            .clone()
            .with("dns_suffix", suffix)
            .with("id", &*aws.partition)
            .with("partition", &*aws.partition)
            .with("reverse_dns_prefix", reverse))
    }
}

//! aws_flow_log: what passes the interfaces of a VPC, subnet, gateway or single interface, written to
//! CloudWatch, S3 or Firehose. EC2 knows no change of one but its tags.

use crate::resources::block::TextList;
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use aws_sdk_ec2::operation::create_flow_logs::builders::CreateFlowLogsFluentBuilder as Create;
use aws_sdk_ec2::types::{
    DestinationOptionsRequest, DestinationOptionsResponse, FlowLog, FlowLogsResourceType, LogDestinationType,
    ResourceType, TagFieldSpecificationRequest, TagFieldSpecificationResponse, TrafficType,
};

/// A flow log as listed.
pub struct Log {
    log: FlowLog,
    arn: String,
    destination: Option<String>,
}

/// The resource type `aws_flow_log`.
pub struct AwsFlowLog;

/// What can be watched: the argument, how its ids begin, and what EC2 calls it. A longer beginning
/// comes before a shorter one.
const WATCHED: [(&str, &str, FlowLogsResourceType); 6] = [
    ("eni_id", "eni-", FlowLogsResourceType::NetworkInterface),
    ("regional_nat_gateway_id", "nat-", FlowLogsResourceType::RegionalNatGateway),
    ("subnet_id", "subnet-", FlowLogsResourceType::Subnet),
    ("transit_gateway_attachment_id", "tgw-attach-", FlowLogsResourceType::TransitGatewayAttachment),
    ("transit_gateway_id", "tgw-", FlowLogsResourceType::TransitGateway),
    ("vpc_id", "vpc-", FlowLogsResourceType::Vpc),
];

/// The id of what is watched, if it is given by this argument.
fn watched(log: &FlowLog, argument: &str) -> Value {
    let id = log.resource_id();
    let given = id.and_then(|id| WATCHED.iter().find(|(_, start, _)| id.starts_with(start)));
    id.filter(|_| given.is_some_and(|(name, ..)| *name == argument)).into()
}

/// A transit gateway logs all, whatever AWS says of it.
fn traffic(log: &FlowLog) -> Value {
    let transit = log.resource_id().is_some_and(|id| id.starts_with("tgw-"));
    log.traffic_type().filter(|_| !transit).map(TrafficType::as_str).into()
}

block! {
    /// How S3 gets the files.
    Options: DestinationOptionsResponse => DestinationOptionsRequest {
        file_format: EnumCell [.default("plain-text").check(|v| checks::one_of(v, &["plain-text", "parquet"]))];
        hive_compatible_partitions: Switch;
        per_hour_partition: Switch;
    }

    /// Tags that are written along.
    TagFields: TagFieldSpecificationResponse => TagFieldSpecificationRequest {
        resource_type: EnumCell [.required()];
        tag_keys: TextList [.required()];
    }
}

table! {
    Rows: FlowLog, create Create {
        deliver_cross_account_role: Text [.force_new()];
        eni_id: Text, none [.force_new().read(|l| watched(l.held(), "eni_id"))];
        iam_role_arn = deliver_logs_permission_arn: Text [.force_new()];
        log_destination_type: EnumCell, create
            [.default(TO_LOGS).force_new().check(|v| checks::one_of(v, &[TO_LOGS, "s3", "kinesis-data-firehose"]))]
            [.read(|l| l.held().log_destination_type().map_or(TO_LOGS, LogDestinationType::as_str).into())];
        log_format: Text [.optional_computed().force_new()];
        log_group_name: Text [.optional_computed().force_new()];
        max_aggregation_interval: Int, create [.default(600).force_new().check(interval)]
            [.read(|l| l.held().max_aggregation_interval().unwrap_or(600).into())];
        regional_nat_gateway_id: Text, none [.force_new().read(|l| watched(l.held(), "regional_nat_gateway_id"))];
        subnet_id: Text, none [.force_new().read(|l| watched(l.held(), "subnet_id"))];
        traffic_type: EnumCell, create [.force_new().check(|v| checks::one_of(v, &["ACCEPT", "REJECT", "ALL"]))]
            [.read(|l| traffic(l.held()))];
        transit_gateway_attachment_id: Text, none
            [.force_new().read(|l| watched(l.held(), "transit_gateway_attachment_id"))];
        transit_gateway_id: Text, none [.force_new().read(|l| watched(l.held(), "transit_gateway_id"))];
        vpc_id: Text, none [.force_new().read(|l| watched(l.held(), "vpc_id"))];
        destination_options: OptionalBlock<Options> [.force_new()];
        tag_field_specification: BlockSet<TagFields>,
            read(tag_field_specifications), create(tag_field_specifications) [.force_new()];
    }
}

table! {
    Own: Log {
        log_destination: Text, none [.optional_computed().force_new().normal(Normal::With(same_destination))]
            [.read(|l| l.held().destination.as_ref().into())];
        arn: Text, none [.computed().read(|l| l.held().arn.as_str().into())];
    }
}

impl Holds<FlowLog> for Log {
    fn held(&self) -> &FlowLog {
        &self.log
    }
}

const TO_LOGS: &str = "cloud-watch-logs";

fn interval(value: &Value) -> Result<(), String> {
    checks::number(value, |n| matches!(n, 60 | 600), "is not a valid interval; AWS takes 60 and 600 seconds")
}

/// A log group's ARN is given with and without what stands for its streams.
fn same_destination(a: &Value, b: &Value) -> bool {
    fn bare(value: &Value) -> Option<&str> {
        value.as_str().map(|text| text.strip_suffix(":*").unwrap_or(text))
    }
    bare(a).is_some() && bare(a) == bare(b)
}

fn check(want: &Attrs) -> Faults {
    let transit = want.is_given("transit_gateway_id") || want.is_given("transit_gateway_attachment_id");
    let to = want.str("log_destination_type");
    let has_role = want.is_given("iam_role_arn") && want.str("iam_role_arn") != Some("");
    faults! {
        transit && want.is_given("traffic_type") => "traffic_type",
            "a transit gateway logs all its traffic; it takes no traffic_type";
        !transit && !want.is_given("traffic_type") => "traffic_type", "expected \"ALL\", \"ACCEPT\" or \"REJECT\"";
        transit && want.int("max_aggregation_interval").is_some_and(|seconds| seconds != 60) =>
            "max_aggregation_interval",
            "a transit gateway's interval is 60 seconds; write max_aggregation_interval = 60";
        to == Some(TO_LOGS) && !has_role => "iam_role_arn",
            "delivery to CloudWatch Logs needs the role that may write there";
        to == Some("s3") && has_role => "iam_role_arn",
            "delivery to S3 takes no role; the bucket's policy lets it in";
        to.is_some_and(|kind| kind != "s3") && !want.blocks("destination_options").is_empty() => "destination_options",
            "only delivery to S3 has options";
        !want.is_given("log_destination") && !want.is_given("log_group_name") => "log_destination",
            "expected the ARN of a log group, bucket or delivery stream";
    }
}

impl Resource for AwsFlowLog {
    type Live = Log;

    fn spec() -> Spec<Log> {
        let rows = Rows::rows().into_iter().chain(Own::rows());
        Spec::new("aws_flow_log", |l: &Log| l.log.flow_log_id().map(Into::into), rows.collect())
            .role(Role::NotServing("it writes down what others serve"))
            .tags(|l| tags::read(l.log.tags()))
            .conflicts(&[&["log_destination", "log_group_name"]])
            // AWS shows the options of S3 where the layout leaves them out.
            .managed_by_aws(|want, _| {
                ["destination_options"].into_iter().filter(|name| want.lacks_block(name)).collect()
            })
            .recover(Recover::ClientToken)
            .unique(&[
                &["vpc_id", "log_destination", "traffic_type", "log_format"],
                &["subnet_id", "log_destination", "traffic_type", "log_format"],
                &["eni_id", "log_destination", "traffic_type", "log_format"],
                &["transit_gateway_id", "log_destination", "log_format"],
                &["transit_gateway_attachment_id", "log_destination", "log_format"],
                &["regional_nat_gateway_id", "log_destination", "log_format"],
            ])
            .exactly_one(&[&[
                "eni_id",
                "regional_nat_gateway_id",
                "subnet_id",
                "transit_gateway_attachment_id",
                "transit_gateway_id",
                "vpc_id",
            ]])
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Log>> {
        let filters = match which {
            Which::Ids(ids) => filtered("flow-log-id", ids),
            Which::Token(token) => vec![vec![tags::token_filter(token)]],
            Which::NaturalKey(want) => {
                let id = WATCHED.iter().find_map(|(name, ..)| want.str(name)).unwrap_or_default();
                vec![vec![filter("resource-id", id)]]
            }
        };
        let found = aws
            .pages(filters, |f| aws.read.ec2.describe_flow_logs().set_filter(Some(f)).into_paginator().items().send())
            .await?;
        let complete = |log: FlowLog| {
            let arn = aws.ec2_arn(&format!("vpc-flow-log/{}", log.flow_log_id().unwrap_or_default()));
            let group =
                |name: &str| format!("arn:{}:logs:{}:{}:log-group:{name}", aws.partition, aws.region, aws.account);
            let destination = log.log_destination().map(str::to_owned);
            Log { destination: destination.or_else(|| log.log_group_name().map(group)), arn, log }
        };
        Ok(found.into_iter().map(complete).collect())
    }

    /// The API answers with success and a list of what it did not make.
    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let given = WATCHED.iter().find_map(|(name, _, kind)| Some((want.str(name)?, kind.clone())));
        let destination = want.str("log_destination").map(|text| text.strip_suffix(":*").unwrap_or(text));
        let call = Rows::create(aws.write.ec2.create_flow_logs(), want)
            .client_token(&token.0)
            .set_log_destination(destination.map(Into::into))
            .set_resource_ids(given.as_ref().map(|(id, _)| vec![(*id).to_owned()]))
            .set_resource_type(given.map(|(_, kind)| kind))
            .tag_specifications(tags::at_creation(ResourceType::VpcFlowLog, want, token));
        let answer = call.send().await?;
        match answer.unsuccessful().iter().find_map(|item| item.error()) {
            Some(refused) => Err(Error::of_one(refused.code(), refused.message())),
            None => made(answer.flow_log_ids().first().map(String::as_str)),
        }
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let answer = aws.write.ec2.delete_flow_logs().flow_log_ids(id).send().await?;
        match answer.unsuccessful().iter().find_map(|item| item.error()) {
            Some(refused) => unless_gone(Err::<(), _>(Error::of_one(refused.code(), refused.message()))),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(entries: &[(&'static str, &str)]) -> String {
        let want: Attrs = entries.iter().map(|(k, v)| (*k, Value::from(*v))).collect();
        check(&want).into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn each_destination_and_each_source_takes_what_fits_it() {
        let group = ("log_destination", "arn:aws:logs:eu-west-1:1:log-group:a");
        let cloudwatch = ("log_destination_type", "cloud-watch-logs");
        let (vpc, all, role) =
            (("vpc_id", "vpc-1"), ("traffic_type", "ALL"), ("iam_role_arn", "arn:aws:iam::1:role/a"));
        assert_eq!(wrong(&[vpc, all, cloudwatch, group, role]), "");
        assert_eq!(wrong(&[vpc, cloudwatch, group]), "traffic_type iam_role_arn");
        assert_eq!(wrong(&[vpc, all, ("log_destination_type", "s3"), role]), "iam_role_arn log_destination");
        assert_eq!(wrong(&[("transit_gateway_id", "tgw-1"), all, cloudwatch, group, role]), "traffic_type");
    }

    #[test]
    fn a_log_group_is_the_same_with_and_without_its_streams() {
        let arn = "arn:aws:logs:eu-west-1:1:log-group:a";
        assert!(same_destination(&arn.into(), &format!("{arn}:*").into()));
        assert!(!same_destination(&arn.into(), &format!("{arn}b").into()));
    }
}

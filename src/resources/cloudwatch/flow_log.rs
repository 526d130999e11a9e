//! aws_flow_log: what passes the interfaces of a VPC, subnet, gateway or single interface, written to
//! CloudWatch, S3 or Firehose. EC2 knows no change of one but its tags.

use crate::aws::{Aws, Error, Result, filter, filtered, made};
use crate::resources::settle::unless_gone;
use crate::resources::spec::{self, Resource, Spec, Token, Which, rows};
use crate::resources::tags;
use crate::schema::normal::Normal;
use crate::schema::rows::{Recover, object_type};
use crate::schema::{Attribute, Attrs, Change, Nesting, checks};
use crate::value::Value;
use aws_sdk_ec2::types::{
    DestinationFileFormat, DestinationOptionsRequest, FlowLog, FlowLogsResourceType, LogDestinationType, ResourceType,
    TagFieldSpecificationRequest, TrafficType,
};

type A = spec::A<Log>;
type Row = spec::A<()>;

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
fn watched(log: &Log, argument: &str) -> Value {
    let id = log.log.resource_id();
    let given = id.and_then(|id| WATCHED.iter().find(|(_, start, _)| id.starts_with(start)));
    id.filter(|_| given.is_some_and(|(name, ..)| *name == argument)).into()
}

/// A transit gateway logs all, whatever AWS says of it.
fn traffic(log: &Log) -> Value {
    let transit = log.log.resource_id().is_some_and(|id| id.starts_with("tgw-"));
    log.log.traffic_type().filter(|_| !transit).map(TrafficType::as_str).into()
}

fn option_rows() -> Vec<Attribute> {
    rows([
        Row::string("file_format").default("plain-text").check(|v| checks::one_of(v, &["plain-text", "parquet"])),
        Row::bool("hive_compatible_partitions").default(false),
        Row::bool("per_hour_partition").default(false),
    ])
}

fn options(log: &FlowLog) -> Value {
    match log.destination_options() {
        Some(options) => Value::object([
            ("file_format", options.file_format().map_or("plain-text", DestinationFileFormat::as_str).into()),
            ("hive_compatible_partitions", options.hive_compatible_partitions().unwrap_or(false).into()),
            ("per_hour_partition", options.per_hour_partition().unwrap_or(false).into()),
        ]),
        None => Value::null(object_type(&option_rows())),
    }
}

fn wanted_options(want: &Attrs) -> Option<DestinationOptionsRequest> {
    let block = want.blocks("destination_options").into_iter().next()?;
    let built = DestinationOptionsRequest::builder()
        .set_file_format(block.str("file_format").map(DestinationFileFormat::from))
        .set_hive_compatible_partitions(block.bool("hive_compatible_partitions"))
        .set_per_hour_partition(block.bool("per_hour_partition"));
    Some(built.build())
}

fn tag_field_rows() -> Vec<Attribute> {
    rows([Row::string("resource_type").required(), Row::string_set("tag_keys").required()])
}

fn tag_fields(log: &FlowLog) -> Value {
    let each = log.tag_field_specifications().iter().map(|fields| {
        Value::object([
            ("resource_type", Value::from(fields.resource_type().map(|t| t.as_str()))),
            ("tag_keys", Value::string_set(fields.tag_keys())),
        ])
    });
    Value::set(object_type(&tag_field_rows()), each.collect())
}

fn wanted_tag_fields(want: &Attrs) -> Option<Vec<TagFieldSpecificationRequest>> {
    let fields = |block: &Attrs| {
        TagFieldSpecificationRequest::builder()
            .set_resource_type(block.str("resource_type").map(Into::into))
            .set_tag_keys(Some(block.strings("tag_keys")))
            .build()
    };
    Some(want.blocks("tag_field_specification").iter().map(fields).collect()).filter(|all: &Vec<_>| !all.is_empty())
}

/// A log group's ARN is given with and without what stands for its streams.
fn same_destination(a: &Value, b: &Value) -> bool {
    fn bare(value: &Value) -> Option<&str> {
        value.as_str().map(|text| text.strip_suffix(":*").unwrap_or(text))
    }
    bare(a).is_some() && bare(a) == bare(b)
}

fn check(want: &Attrs) -> Vec<(&'static str, String)> {
    let given = |name: &str| want.is_set(name) || want.is_unknown(name);
    let transit = given("transit_gateway_id") || given("transit_gateway_attachment_id");
    let mut wrong = Vec::new();
    let mut say = |name, message: &str| wrong.push((name, message.to_owned()));
    if transit && given("traffic_type") {
        say("traffic_type", "a transit gateway logs all its traffic; it takes no traffic_type");
    }
    if !transit && !given("traffic_type") {
        say("traffic_type", "expected \"ALL\", \"ACCEPT\" or \"REJECT\"");
    }
    if transit && want.int("max_aggregation_interval").is_some_and(|seconds| seconds != 60) {
        say(
            "max_aggregation_interval",
            "a transit gateway's interval is 60 seconds; write max_aggregation_interval = 60",
        );
    }
    match want.str("log_destination_type") {
        Some("cloud-watch-logs") if !given("iam_role_arn") => {
            say("iam_role_arn", "delivery to CloudWatch Logs needs the role that may write there");
        }
        Some("s3") if given("iam_role_arn") => {
            say("iam_role_arn", "delivery to S3 takes no role; the bucket's policy lets it in");
        }
        Some(kind) if kind != "s3" && !want.blocks("destination_options").is_empty() => {
            say("destination_options", "only delivery to S3 has options");
        }
        _ => {}
    }
    if !given("log_destination") {
        say("log_destination", "expected the ARN of a log group, bucket or delivery stream");
    }
    wrong
}

impl Resource for AwsFlowLog {
    type Live = Log;

    fn spec() -> Spec<Log> {
        let [tags, tags_all] = A::tags(|l| tags::read(l.log.tags()));
        let rows = vec![
            A::string("deliver_cross_account_role").force_new().read(|l| l.log.deliver_cross_account_role().into()),
            A::string("eni_id").force_new().read(|l| watched(l, "eni_id")),
            A::string("iam_role_arn").force_new().read(|l| l.log.deliver_logs_permission_arn().into()),
            A::string("log_destination")
                .optional_computed()
                .force_new()
                .normal(Normal::With(same_destination))
                .read(|l| l.destination.as_ref().into()),
            A::string("log_destination_type")
                .default("cloud-watch-logs")
                .force_new()
                .check(|v| checks::one_of(v, &["cloud-watch-logs", "s3", "kinesis-data-firehose"]))
                .read(|l| l.log.log_destination_type().map_or("cloud-watch-logs", LogDestinationType::as_str).into()),
            A::string("log_format").optional_computed().force_new().read(|l| l.log.log_format().into()),
            A::number("max_aggregation_interval")
                .default(600)
                .force_new()
                .check(|v| match v.as_i64() {
                    Some(60 | 600) | None => Ok(()),
                    Some(other) => Err(format!("{other} is not a valid interval; AWS takes 60 and 600 seconds")),
                })
                .read(|l| l.log.max_aggregation_interval().unwrap_or(600).into()),
            A::string("regional_nat_gateway_id").force_new().read(|l| watched(l, "regional_nat_gateway_id")),
            A::string("subnet_id").force_new().read(|l| watched(l, "subnet_id")),
            A::string("traffic_type")
                .force_new()
                .check(|v| checks::one_of(v, &["ACCEPT", "REJECT", "ALL"]))
                .read(traffic),
            A::string("transit_gateway_attachment_id")
                .force_new()
                .read(|l| watched(l, "transit_gateway_attachment_id")),
            A::string("transit_gateway_id").force_new().read(|l| watched(l, "transit_gateway_id")),
            A::string("vpc_id").force_new().read(|l| watched(l, "vpc_id")),
            A::optional_block("destination_options", option_rows())
                .optional_computed()
                .force_new()
                .read(|l| options(&l.log)),
            A::block("tag_field_specification", Nesting::Set, tag_field_rows())
                .force_new()
                .read(|l| tag_fields(&l.log)),
            A::string("arn").computed().read(|l| l.arn.as_str().into()),
            tags,
            tags_all,
        ];
        Spec::new("aws_flow_log", |l| l.log.flow_log_id().map(Into::into), rows)
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
        let answer = aws
            .write
            .ec2
            .create_flow_logs()
            .client_token(&token.0)
            .set_deliver_cross_account_role(want.string("deliver_cross_account_role"))
            .set_deliver_logs_permission_arn(want.string("iam_role_arn"))
            .set_destination_options(wanted_options(want))
            .set_log_destination(destination.map(Into::into))
            .set_log_destination_type(want.str("log_destination_type").map(LogDestinationType::from))
            .set_log_format(want.string("log_format"))
            .set_max_aggregation_interval(want.int("max_aggregation_interval"))
            .set_resource_ids(given.as_ref().map(|(id, _)| vec![(*id).to_owned()]))
            .set_resource_type(given.map(|(_, kind)| kind))
            .set_tag_field_specifications(wanted_tag_fields(want))
            .set_traffic_type(want.str("traffic_type").map(TrafficType::from))
            .tag_specifications(tags::at_creation(ResourceType::VpcFlowLog, want, token))
            .send()
            .await?;
        match answer.unsuccessful().iter().find_map(|item| item.error()) {
            Some(refused) => Err(Error::of_one(refused.code(), refused.message())),
            None => made(answer.flow_log_ids().first().map(String::as_str)),
        }
    }

    async fn update(_aws: &Aws, _id: &str, _change: &mut Change<'_>) -> Result<()> {
        Ok(())
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

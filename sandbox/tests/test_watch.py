"""Log groups, alarms, topics and flow logs."""

import json
import time

from tests.support import SandboxTest, client, control

KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"


class LogGroups(SandboxTest):
    def setUp(self) -> None:
        self.logs = client("logs")

    def find(self, name: str) -> dict:
        return self.logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"][0]

    def test_class_key_and_protection_are_kept_and_changed(self):
        self.logs.create_log_group(logGroupName="kept", logGroupClass="INFREQUENT_ACCESS")
        self.assertEqual("INFREQUENT_ACCESS", self.find("kept")["logGroupClass"])
        self.logs.associate_kms_key(logGroupName="kept", kmsKeyId=KEY)
        self.assertEqual(KEY, self.find("kept")["kmsKeyId"])
        self.logs.disassociate_kms_key(logGroupName="kept")
        self.assertNotIn("kmsKeyId", self.find("kept"))
        protect = self.logs.put_log_group_deletion_protection
        protect(logGroupIdentifier=self.find("kept")["logGroupArn"], deletionProtectionEnabled=True)
        self.refused("OperationAbortedException", self.logs.delete_log_group, logGroupName="kept")
        protect(logGroupIdentifier="kept", deletionProtectionEnabled=False)
        self.logs.delete_log_group(logGroupName="kept")
        self.refused("ResourceNotFoundException", self.logs.disassociate_kms_key, logGroupName="kept")

    def test_only_the_offered_days_are_taken(self):
        self.logs.create_log_group(logGroupName="days")
        put = self.logs.put_retention_policy
        self.refused("InvalidParameterException", put, logGroupName="days", retentionInDays=31)
        put(logGroupName="days", retentionInDays=30)
        self.assertEqual(30, self.find("days")["retentionInDays"])
        self.logs.create_log_group(logGroupName="delivered", logGroupClass="DELIVERY")
        self.refused("InvalidParameterException", put, logGroupName="delivered", retentionInDays=30)
        self.assertEqual(2, self.find("delivered")["retentionInDays"])

    def test_tags_go_with_their_group(self):
        self.logs.create_log_group(logGroupName="tagged", tags={"a": "b"})
        arn = self.find("tagged")["logGroupArn"]
        self.assertEqual({"a": "b"}, self.logs.list_tags_for_resource(resourceArn=arn)["tags"])
        self.logs.delete_log_group(logGroupName="tagged")
        self.refused("ResourceNotFoundException", self.logs.list_tags_for_resource, resourceArn=arn)
        self.logs.create_log_group(logGroupName="tagged")
        self.assertEqual({}, self.logs.list_tags_for_resource(resourceArn=arn)["tags"])


class Alarms(SandboxTest):
    def setUp(self) -> None:
        self.watch = client("cloudwatch")
        self.arguments = {
            "ComparisonOperator": "GreaterThanThreshold",
            "EvaluationPeriods": 1,
            "MetricName": "CPUUtilization",
            "Namespace": "AWS/EC2",
            "Period": 60,
            "Statistic": "Average",
            "Threshold": 1.5,
        }

    def put(self, name: str, **more) -> None:
        self.watch.put_metric_alarm(AlarmName=name, **self.arguments | more)

    def find(self, name: str) -> dict:
        return self.watch.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]

    def test_an_alarm_starts_without_data_and_keeps_its_state_and_tags(self):
        self.put("state", Tags=[{"Key": "a", "Value": "b"}])
        self.assertEqual("INSUFFICIENT_DATA", self.find("state")["StateValue"])
        self.watch.set_alarm_state(AlarmName="state", StateValue="ALARM", StateReason="a test")
        self.put("state", Threshold=2.0, Tags=[{"Key": "c", "Value": "d"}])
        found = self.find("state")
        self.assertEqual(("ALARM", 2.0), (found["StateValue"], found["Threshold"]))
        tags = self.watch.list_tags_for_resource(ResourceARN=found["AlarmArn"])["Tags"]
        self.assertEqual([{"Key": "a", "Value": "b"}], tags)

    def test_it_watches_one_thing_at_whole_minutes(self):
        put = self.watch.put_metric_alarm
        self.refused("ValidationError", put, AlarmName="wrong", **self.arguments | {"Period": 45})
        nothing = {k: v for k, v in self.arguments.items() if k != "MetricName"}
        self.refused("ValidationError", put, AlarmName="wrong", **nothing)

    def test_newer_arguments_are_kept(self):
        self.put("warm", WarmUpConfiguration={"WarmUpPeriodDurationInMinutes": 5})
        self.assertEqual(5, self.find("warm")["WarmUpConfiguration"]["WarmUpPeriodDurationInMinutes"])
        criteria = {"PromQLCriteria": {"Query": "up == 0", "PendingPeriod": 60}}
        self.watch.put_metric_alarm(AlarmName="promql", EvaluationCriteria=criteria, EvaluationInterval=60)
        self.assertEqual(criteria, self.find("promql")["EvaluationCriteria"])
        self.assertEqual(60, self.find("promql")["EvaluationInterval"])

    def test_alarms_are_listed_in_pages(self):
        for number in range(51):
            self.put(f"page-{number:02}")
        first = self.watch.describe_alarms(AlarmNamePrefix="page-")
        self.assertEqual(50, len(first["MetricAlarms"]))
        second = self.watch.describe_alarms(AlarmNamePrefix="page-", NextToken=first["NextToken"])
        self.assertEqual(["page-50"], [alarm["AlarmName"] for alarm in second["MetricAlarms"]])

    def test_deleting_what_is_not_there_is_an_error_and_tags_go_along(self):
        self.put("gone", Tags=[{"Key": "a", "Value": "b"}])
        arn = self.find("gone")["AlarmArn"]
        self.watch.delete_alarms(AlarmNames=["gone"])
        self.refused("ResourceNotFound", self.watch.delete_alarms, AlarmNames=["gone"])
        self.put("gone")
        self.assertEqual([], self.watch.list_tags_for_resource(ResourceARN=arn)["Tags"])

    def test_faults_are_worded_in_the_protocol_of_the_caller(self):
        control("POST", "faults", {"action": "DescribeAlarms", "code": "Throttling", "status": 400})
        self.refused("Throttling", self.watch.describe_alarms)


class Topics(SandboxTest):
    def setUp(self) -> None:
        self.sns = client("sns")

    def attributes(self, arn: str) -> dict:
        return self.sns.get_topic_attributes(TopicArn=arn)["Attributes"]

    def test_all_attributes_are_kept_and_policies_are_read(self):
        arn = self.sns.create_topic(Name="kept", Attributes={"TracingConfig": "Active"})["TopicArn"]
        role = "arn:aws:iam::123456789012:role/feedback"
        for name, value in (
            ("HTTPSuccessFeedbackRoleArn", role),
            ("HTTPSuccessFeedbackSampleRate", "50"),
            ("SignatureVersion", "2"),
        ):
            self.sns.set_topic_attributes(TopicArn=arn, AttributeName=name, AttributeValue=value)
        found = self.attributes(arn)
        self.assertEqual(
            (role, "50"), (found["HTTPSuccessFeedbackRoleArn"], found["HTTPSuccessFeedbackSampleRate"])
        )
        self.assertEqual(("2", "Active"), (found["SignatureVersion"], found["TracingConfig"]))
        put = {"TopicArn": arn, "AttributeName": "Policy"}
        self.refused("InvalidParameter", self.sns.set_topic_attributes, **put, AttributeValue="{")
        unknown = {"TopicArn": arn, "AttributeName": "Colour", "AttributeValue": "red"}
        self.refused("InvalidParameter", self.sns.set_topic_attributes, **unknown)

    def test_the_same_topic_is_made_once_and_another_one_not_at_all(self):
        tags = [{"Key": "a", "Value": "b"}]
        arn = self.sns.create_topic(Name="twice", Tags=tags)["TopicArn"]
        self.assertEqual(arn, self.sns.create_topic(Name="twice", Tags=tags)["TopicArn"])
        self.refused("InvalidParameter", self.sns.create_topic, Name="twice")
        more = {"Name": "twice", "Tags": tags, "Attributes": {"DisplayName": "other"}}
        self.refused("InvalidParameter", self.sns.create_topic, **more)


class Subscriptions(SandboxTest):
    def setUp(self) -> None:
        self.sns = client("sns")
        self.topic = self.sns.create_topic(Name="subscriptions")["TopicArn"]

    def make(self, protocol: str, endpoint: str, **attributes) -> str:
        made = self.sns.subscribe(
            TopicArn=self.topic,
            Protocol=protocol,
            Endpoint=endpoint,
            ReturnSubscriptionArn=True,
            Attributes=attributes,
        )
        return made["SubscriptionArn"]

    def pending(self, arn: str) -> str:
        return self.sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]["PendingConfirmation"]

    def test_an_address_is_pending_until_somebody_confirms(self):
        arn = self.make("email", "ops@example.com")
        self.assertEqual("true", self.pending(arn))
        listed = self.sns.list_subscriptions_by_topic(TopicArn=self.topic)["Subscriptions"]
        self.assertEqual(["PendingConfirmation"], [row["SubscriptionArn"] for row in listed])
        self.refused("InvalidParameter", self.sns.unsubscribe, SubscriptionArn=arn)
        confirm = self.sns.confirm_subscription
        self.refused("InvalidParameter", confirm, TopicArn=self.topic, Token="somebody@example.com")
        self.assertEqual(arn, confirm(TopicArn=self.topic, Token="ops@example.com")["SubscriptionArn"])
        self.assertEqual("false", self.pending(arn))
        self.sns.unsubscribe(SubscriptionArn=arn)
        self.refused("NotFound", self.sns.get_subscription_attributes, SubscriptionArn=arn)

    def test_a_web_endpoint_confirms_by_itself(self):
        control("POST", "delays", {"subscription": 0.5})
        arn = self.make("https", "https://example.com/alarms")
        self.assertEqual("true", self.pending(arn))
        time.sleep(0.6)
        self.assertEqual("false", self.pending(arn))
        self.sns.unsubscribe(SubscriptionArn=arn)

    def test_the_same_again_is_the_same_and_something_else_is_refused(self):
        queue = "arn:aws:sqs:eu-west-1:123456789012:queue"
        arn = self.make("sqs", queue, RawMessageDelivery="true", FilterPolicy=json.dumps({"a": ["b"]}))
        self.assertEqual("false", self.pending(arn))
        again = {"RawMessageDelivery": "true", "FilterPolicy": json.dumps({"a": ["b"]})}
        self.assertEqual(arn, self.make("sqs", queue, **again))
        with self.assertRaisesRegex(Exception, "InvalidParameter"):
            self.make("sqs", queue, RawMessageDelivery="false")
        self.sns.unsubscribe(SubscriptionArn=arn)


class FlowLogs(SandboxTest):
    def setUp(self) -> None:
        self.home = self.vpc()
        self.iam = client("iam")

    def make(self, source: str, kind: str = "VPC", **arguments) -> str:
        arguments = {"TrafficType": "ALL"} | arguments
        made = self.ec2.create_flow_logs(
            ResourceIds=[source],
            ResourceType=kind,
            **{name: value for name, value in arguments.items() if value is not None},
        )
        self.assertEqual([], made["Unsuccessful"])
        return made["FlowLogIds"][0]

    def find(self, log: str) -> dict:
        return self.ec2.describe_flow_logs(FlowLogIds=[log])["FlowLogs"][0]

    def test_a_bucket_may_have_a_prefix_and_options_are_kept(self):
        client("s3").create_bucket(
            Bucket="flows", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        options = {"FileFormat": "parquet", "HiveCompatiblePartitions": True, "PerHourPartition": False}
        bucket = {"LogDestinationType": "s3", "LogDestination": "arn:aws:s3:::flows/vpc/"}
        found = self.find(self.make(self.home, **bucket, DestinationOptions=options))
        self.assertEqual(
            (bucket["LogDestination"], options), (found["LogDestination"], found["DestinationOptions"])
        )
        with self.assertRaisesRegex(Exception, "FlowLogAlreadyExists"):
            self.make(self.home, **bucket, DestinationOptions=options)

    def test_a_source_may_have_logs_that_differ_in_one_bucket(self):
        client("s3").create_bucket(Bucket="shared", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        bucket = {"LogDestinationType": "s3", "LogDestination": "arn:aws:s3:::shared"}
        made = [self.make(self.home, **bucket)]
        made.append(self.make(self.home, **{**bucket, "LogDestination": "arn:aws:s3:::shared/other/"}))
        made.append(self.make(self.home, **bucket, LogFormat="${version} ${srcaddr}"))
        made.append(self.make(self.home, **bucket, TrafficType="REJECT"))
        made.append(self.make(self.home, **bucket, DestinationOptions={"FileFormat": "parquet"}))
        found = [self.find(log) for log in made]
        kinds = {
            (log["LogDestination"], log["TrafficType"], log["LogFormat"], str(log.get("DestinationOptions"))) for log in found
        }
        self.assertEqual(5, len(kinds))
        for again in ({}, {"TrafficType": "REJECT"}, {"LogFormat": "${version} ${srcaddr}"}):
            with self.assertRaisesRegex(Exception, "FlowLogAlreadyExists"):
                self.make(self.home, **{**bucket, **again})

    def test_a_log_group_needs_a_role_that_flow_logs_may_take(self):
        client("logs").create_log_group(logGroupName="flows")
        group = {"LogDestination": "arn:aws:logs:eu-west-1:123456789012:log-group:flows"}
        role = "arn:aws:iam::123456789012:role/flows"
        with self.assertRaisesRegex(Exception, "Unable to assume given IAM role"):
            self.make(self.home, **group, DeliverLogsPermissionArn=role)
        trust = {
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": "sts:AssumeRole",
                    "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
                }
            ]
        }
        self.iam.create_role(
            RoleName="flows", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17"} | trust)
        )
        found = self.find(self.make(self.home, **group, DeliverLogsPermissionArn=role))
        self.assertEqual(("SUCCESS", "flows"), (found["DeliverLogsStatus"], found["LogGroupName"]))

    def test_a_transit_gateway_logs_everything_each_minute(self):
        gateway = self.ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
        client("s3").create_bucket(
            Bucket="transit", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        bucket = {"LogDestinationType": "s3", "LogDestination": "arn:aws:s3:::transit"}
        with self.assertRaisesRegex(Exception, "InvalidParameter"):
            self.make(gateway, "TransitGateway", **bucket)
        found = self.find(self.make(gateway, "TransitGateway", TrafficType=None, **bucket))
        self.assertEqual((gateway, 60), (found["ResourceId"], found["MaxAggregationInterval"]))
        with self.assertRaisesRegex(Exception, "InvalidTransitGatewayID.NotFound"):
            self.make("tgw-0", "TransitGateway", TrafficType=None, **bucket)

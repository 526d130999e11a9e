"""Log groups, alarms, topics and flow logs."""

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

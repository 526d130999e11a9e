"""The wire form that newer SDKs use for CloudWatch."""

import unittest
import urllib.error
import urllib.request

from floorplan_sandbox import cbor
from tests.support import SandboxTest, control, endpoint

SIGNED = (
    "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/monitoring/aws4_request, "
    "SignedHeaders=host, Signature=x"
)


def call(operation: str, arguments: object) -> tuple[int, object]:
    """Status and answer of a call of CloudWatch."""
    request = urllib.request.Request(
        f"{endpoint()}/service/GraniteServiceVersion20100801/operation/{operation}",
        data=cbor.dumps(arguments),
        headers={
            "Content-Type": "application/cbor",
            "Authorization": SIGNED,
            "smithy-protocol": "rpc-v2-cbor",
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, cbor.loads(answer.read())
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, cbor.loads(refused.read())


class Values(unittest.TestCase):
    def test_what_is_written_is_read_again(self):
        value = {"a": [0, 23, 24, 1000, 2**40, -1, -500], "b": 1.5, "c": True, "d": "é" * 300, "e": {}}
        self.assertEqual(value, cbor.loads(cbor.dumps(value)))

    def test_values_of_unknown_length_are_read(self):
        self.assertEqual({"a": [1, "bc"]}, cbor.loads(bytes.fromhex("bf61619f017f61626163ffffff")))

    def test_short_numbers_are_read(self):
        self.assertEqual([1.0, 1.5, None], cbor.loads(bytes.fromhex("83f93c00fa3fc00000f6")))


class Calls(SandboxTest):
    def test_an_alarm_is_put_and_listed_with_the_types_of_its_members(self):
        alarm = {
            "AlarmName": "cbor",
            "ComparisonOperator": "GreaterThanThreshold",
            "EvaluationPeriods": 1,
            "MetricName": "CPUUtilization",
            "Namespace": "AWS/EC2",
            "Period": 60,
            "Statistic": "Average",
            "Threshold": 80,
            "Dimensions": [{"Name": "InstanceId", "Value": "i-1"}],
        }
        control("DELETE", "calls")
        self.assertEqual((200, {}), call("PutMetricAlarm", alarm))
        status, found = call("DescribeAlarms", {"AlarmNames": ["cbor"]})
        self.assertEqual(200, status)
        listed = found["MetricAlarms"][0]
        self.assertIsInstance(listed["Threshold"], float)
        self.assertIsInstance(listed["StateUpdatedTimestamp"], float)
        self.assertEqual(alarm, {name: listed[name] for name in alarm})
        logged = [(row["service"], row["action"], row["mutating"]) for row in control("GET", "calls")]
        self.assertEqual(
            [("monitoring", "PutMetricAlarm", True), ("monitoring", "DescribeAlarms", False)], logged
        )

    def test_errors_have_a_code_and_a_message(self):
        status, error = call("DeleteAlarms", {"AlarmNames": ["cbor-gone"]})
        self.assertEqual((404, "ResourceNotFound"), (status, error["__type"].rsplit("#", 1)[-1]))
        self.assertIn("cbor-gone", error["message"])
        control("POST", "faults", {"action": "DescribeAlarms", "code": "Throttling", "status": 400})
        status, error = call("DescribeAlarms", {})
        self.assertEqual((400, "Throttling"), (status, error["__type"]))

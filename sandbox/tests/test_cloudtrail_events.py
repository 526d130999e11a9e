"""CloudTrail's events: who changed what is found by the object, its time and more; reads are not kept."""

import json
import time

import boto3
from botocore.config import Config
from tests.support import REGION, SandboxTest, client, control, endpoint

ROLE = "arn:aws:iam::123456789012:role/operators"


def as_role(service: str, session: str, region: str = REGION, **options):
    """A client with the credentials of a session of a role."""
    made = client("sts").assume_role(RoleArn=ROLE, RoleSessionName=session)["Credentials"]
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=endpoint(),
        aws_access_key_id=made["AccessKeyId"],
        aws_secret_access_key=made["SecretAccessKey"],
        aws_session_token=made["SessionToken"],
        config=Config(retries={"max_attempts": 0}, **options),
    )


class Events(SandboxTest):
    def setUp(self) -> None:
        self.trail = client("cloudtrail")

    def look(self, **arguments) -> dict:
        """A look-up that waits for its turn."""
        while True:
            try:
                return self.trail.lookup_events(**arguments)
            except self.trail.exceptions.ClientError as error:
                if error.response["Error"]["Code"] != "ThrottlingException":
                    raise
                time.sleep(0.3)

    def about(self, name: str, **arguments) -> list[dict]:
        attribute = {"AttributeKey": "ResourceName", "AttributeValue": name}
        return self.look(LookupAttributes=[attribute], **arguments)["Events"]

    def test_an_event_says_who_did_what_from_where(self):
        subnet = self.subnet(self.vpc())
        agent = "console.ec2.amazonaws.com"
        ada = as_role("ec2", "ada", user_agent=agent)
        ada.meta.events.register(
            "before-send.ec2", lambda request, **_: request.headers.update({"X-Forwarded-For": "203.0.113.7"})
        )
        ada.create_tags(Resources=[subnet], Tags=[{"Key": "Owner", "Value": "ada"}])
        ada.delete_subnet(SubnetId=subnet)
        found = self.about(subnet)
        self.assertEqual([event["EventName"] for event in found], ["DeleteSubnet", "CreateTags", "CreateSubnet"])
        whole = json.loads(found[0]["CloudTrailEvent"])
        self.assertEqual(whole["userIdentity"]["arn"], "arn:aws:sts::123456789012:assumed-role/operators/ada")
        self.assertEqual(whole["userIdentity"]["sessionContext"]["sessionIssuer"]["arn"], ROLE)
        self.assertEqual(whole["sourceIPAddress"], "203.0.113.7")
        self.assertEqual((whole["userAgent"].split()[0], whole["sessionCredentialFromConsole"]), (agent, "true"))
        self.assertEqual(whole["requestParameters"], {"subnetId": subnet})
        self.assertEqual((found[0]["Username"], found[0]["ReadOnly"]), ("ada", "false"))
        tags = json.loads(found[1]["CloudTrailEvent"])["requestParameters"]
        self.assertEqual(tags["tag"], {"items": [{"key": "Owner", "value": "ada"}]})
        self.assertIn({"ResourceType": "AWS::EC2::Subnet", "ResourceName": subnet}, found[2]["Resources"])
        self.assertNotIn("sessionCredentialFromConsole", json.loads(found[2]["CloudTrailEvent"]))

    def test_a_call_that_failed_is_an_event_with_its_code(self):
        vpc = self.vpc()
        self.subnet(vpc)
        self.refused("DependencyViolation", self.ec2.delete_vpc, VpcId=vpc)
        self.assertEqual(json.loads(self.about(vpc)[0]["CloudTrailEvent"])["errorCode"], "DependencyViolation")

    def test_events_are_of_one_region_and_come_in_pages(self):
        vpc = client("ec2", "us-west-2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.assertEqual(self.about(vpc), [])
        subnet = self.subnet(self.vpc())
        for n in range(60):
            self.ec2.create_tags(Resources=[subnet], Tags=[{"Key": f"k{n % 9}", "Value": str(n)}])
        attribute = [{"AttributeKey": "ResourceName", "AttributeValue": subnet}]
        first = self.look(LookupAttributes=attribute)
        second = self.look(LookupAttributes=attribute, NextToken=first["NextToken"])
        self.assertEqual((len(first["Events"]), len(second["Events"]), "NextToken" in second), (50, 11, False))
        ids = {event["EventId"] for event in first["Events"] + second["Events"]}
        self.assertEqual(len(ids), 61)
        self.refused("InvalidNextTokenException", self.look, NextToken=first["NextToken"])
        small = self.look(LookupAttributes=attribute, MaxResults=1)["Events"]
        self.assertEqual([event["EventId"] for event in small], [first["Events"][0]["EventId"]])
        found = self.look(LookupAttributes=[{"AttributeKey": "EventId", "AttributeValue": small[0]["EventId"]}])
        self.assertEqual(len(found["Events"]), 1)
        reads = [{"AttributeKey": "ReadOnly", "AttributeValue": "true"}]
        self.assertEqual(self.look(LookupAttributes=reads)["Events"], [])

    def test_the_window_and_the_delay_count(self):
        vpc = self.vpc()
        control("POST", "delays", {"event": 900})
        self.assertEqual(self.about(vpc), [])
        control("POST", "delays", {"event": 0})
        now = int(time.time())
        self.assertEqual(len(self.about(vpc, StartTime=now - 60)), 1)
        self.assertEqual(self.about(vpc, StartTime=now - 120, EndTime=now - 60), [])
        self.refused("InvalidTimeRangeException", self.about, name=vpc, StartTime=now - 91 * 24 * 3600)
        self.refused("InvalidTimeRangeException", self.about, name=vpc, StartTime=now, EndTime=now - 10)
        two = [{"AttributeKey": "ReadOnly", "AttributeValue": "false"}] * 2
        self.refused("InvalidLookupAttributesException", self.look, LookupAttributes=two)
        self.refused("InvalidMaxResultsException", self.look, MaxResults=51)

    def test_more_than_two_look_ups_a_second_are_throttled(self):
        time.sleep(1.1)
        self.trail.lookup_events()
        self.trail.lookup_events()
        self.refused("ThrottlingException", self.trail.lookup_events)
        client("cloudtrail", "us-west-2").lookup_events()

    def test_services_of_json_and_of_paths_have_events(self):
        client("s3").create_bucket(Bucket="looked-up", CreateBucketConfiguration={"LocationConstraint": REGION})
        self.assertEqual([event["EventSource"] for event in self.about("looked-up")], ["s3.amazonaws.com"])
        key = client("kms").create_key(Description="x")["KeyMetadata"]["KeyId"]
        self.assertEqual([event["EventName"] for event in self.about(key)], ["CreateKey"])

"""What is answered before an operation runs: dry runs, tokens, pages, faults, delays, the call log."""

import contextlib
import time
import unittest
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError, HTTPClientError

from tests.support import REGION, SandboxTest, client, control


class DryRuns(SandboxTest):
    def test_a_dry_run_of_a_write_changes_nothing(self):
        before = len(self.ec2.describe_vpcs()["Vpcs"])
        self.refused("DryRunOperation", self.ec2.create_vpc, CidrBlock="10.0.0.0/16", DryRun=True)
        self.assertEqual(before, len(self.ec2.describe_vpcs()["Vpcs"]))
        vpc = self.vpc()
        self.refused("DryRunOperation", self.ec2.delete_vpc, VpcId=vpc, DryRun=True)
        self.ec2.describe_vpcs(VpcIds=[vpc])


class ClientTokens(SandboxTest):
    def test_the_same_token_makes_one_resource(self):
        vpc = self.vpc()
        first = self.ec2.create_route_table(VpcId=vpc, ClientToken="a")
        second = self.ec2.create_route_table(VpcId=vpc, ClientToken="a")
        third = self.ec2.create_route_table(VpcId=vpc, ClientToken="b")
        self.assertEqual(first["RouteTable"]["RouteTableId"], second["RouteTable"]["RouteTableId"])
        self.assertNotEqual(first["RouteTable"]["RouteTableId"], third["RouteTable"]["RouteTableId"])

    def test_the_same_token_with_other_parameters_is_refused(self):
        token = "mismatch"
        self.ec2.create_network_acl(VpcId=self.vpc(), ClientToken=token)
        other = self.vpc("10.1.0.0/16")
        self.refused(
            "IdempotentParameterMismatch", self.ec2.create_network_acl, VpcId=other, ClientToken=token
        )

    def test_a_failed_call_leaves_its_token_free(self):
        token = "failed-first"
        self.refused("InvalidVpcID.NotFound", self.ec2.create_route_table, VpcId="vpc-0", ClientToken=token)
        self.ec2.create_route_table(VpcId=self.vpc(), ClientToken=token)


class Pages(SandboxTest):
    def test_entries_of_prefix_lists_are_paged(self):
        entries = [{"Cidr": f"10.{number}.0.0/16"} for number in range(11)]
        made = self.ec2.create_managed_prefix_list(
            PrefixListName="long", AddressFamily="IPv4", MaxEntries=20, Entries=entries
        )
        listed = {"PrefixListId": made["PrefixList"]["PrefixListId"]}
        self.check("get_managed_prefix_list_entries", "Entries", 11, **listed)

    def pages(self, operation: str, key: str, **arguments) -> list[list]:
        paginator = self.ec2.get_paginator(operation)
        return [page[key] for page in paginator.paginate(PaginationConfig={"PageSize": 5}, **arguments)]

    def check(self, operation: str, key: str, expected: int, **arguments) -> None:
        pages = self.pages(operation, key, **arguments)
        self.assertEqual(expected, sum(map(len, pages)), operation)
        self.assertLessEqual(max(map(len, pages)), 5, operation)
        self.assertEqual(-(-expected // 5), len(pages), operation)

    def test_every_listing_of_the_network_is_paged(self):
        vpc = self.vpc()
        tags = [{"Key": "pages", "Value": "1"}]
        filters = [{"Name": "tag:pages", "Values": ["1"]}]
        inside = [{"Name": "vpc-id", "Values": [vpc]}]
        for number in range(11):
            self.subnet(vpc, f"10.0.{number}.0/24")
            self.table(vpc)
            self.ec2.create_network_acl(VpcId=vpc)
            for make, kind in (
                (self.ec2.create_internet_gateway, "internet-gateway"),
                (self.ec2.allocate_address, "elastic-ip"),
            ):
                make(TagSpecifications=[{"ResourceType": kind, "Tags": tags}])
            self.ec2.create_launch_template(
                LaunchTemplateName=f"pages-{number}", LaunchTemplateData={"InstanceType": "t3.micro"}
            )
        self.check("describe_subnets", "Subnets", 11, Filters=inside)
        self.check("describe_route_tables", "RouteTables", 12, Filters=inside)
        self.check("describe_network_acls", "NetworkAcls", 12, Filters=inside)
        self.check("describe_internet_gateways", "InternetGateways", 11, Filters=filters)
        self.check(
            "describe_launch_templates",
            "LaunchTemplates",
            11,
            Filters=[{"Name": "launch-template-name", "Values": ["pages-*"]}],
        )

    def test_rules_of_security_groups_are_paged(self):
        group = self.group(self.vpc())
        for port in range(11):
            permission = {
                "IpProtocol": "tcp",
                "FromPort": port,
                "ToPort": port,
                "IpRanges": [{"CidrIp": "10.0.0.0/8"}],
            }
            self.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])
        self.check(
            "describe_security_group_rules",
            "SecurityGroupRules",
            12,
            Filters=[{"Name": "group-id", "Values": [group]}],
        )

    def test_a_page_has_at_least_five_items(self):
        unchecked = client("ec2", parameter_validation=False)
        self.refused("InvalidParameterValue", unchecked.describe_vpcs, MaxResults=4)

    def test_an_unknown_page_token_is_refused(self):
        self.refused("InvalidNextToken", self.ec2.describe_vpcs, MaxResults=5, NextToken="nonsense")


class Errors(SandboxTest):
    def test_an_operation_that_is_missing_is_a_client_error(self):
        self.refused("InvalidAction", self.ec2.describe_stale_security_groups, VpcId=self.vpc())
        self.refused("NotImplemented", client("shield").describe_attack_statistics)

    def test_an_unknown_filter_is_a_client_error(self):
        filters = [{"Name": "colour", "Values": ["red"]}]
        self.refused("InvalidParameterValue", self.ec2.describe_vpcs, Filters=filters)

    def test_more_than_200_values_of_a_filter_are_refused(self):
        filters = [{"Name": "vpc-id", "Values": [f"vpc-{number}" for number in range(201)]}]
        self.refused("FilterLimitExceeded", self.ec2.describe_vpcs, Filters=filters)
        filters[0]["Values"].pop()
        self.assertEqual([], self.ec2.describe_vpcs(Filters=filters)["Vpcs"])

    def test_a_crash_is_a_well_formed_server_error(self):
        for service in ("ec2", "sns", "dynamodb"):
            with self.subTest(service), self.assertRaises(ClientError) as caught:
                crash(service)
            self.assertEqual("InternalError", caught.exception.response["Error"]["Code"])


def crash(service: str) -> None:
    """Provokes an exception inside moto by naming a region that it does not know."""
    nowhere = client(service, region="nowhere-1")
    {
        "ec2": lambda: nowhere.describe_vpcs(),
        "sns": lambda: nowhere.list_topics(),
        "dynamodb": lambda: nowhere.list_tables(),
    }[service]()


class Faults(SandboxTest):
    def test_a_fault_before_the_effect_prevents_it(self):
        control("POST", "faults", {"action": "CreateVpc", "code": "RequestLimitExceeded", "status": 503})
        before = len(self.ec2.describe_vpcs()["Vpcs"])
        with self.assertRaises(ClientError) as caught:
            self.vpc()
        self.assertEqual("RequestLimitExceeded", caught.exception.response["Error"]["Code"])
        self.assertEqual(503, caught.exception.response["ResponseMetadata"]["HTTPStatusCode"])
        self.assertEqual(before, len(self.ec2.describe_vpcs()["Vpcs"]))
        self.vpc()

    def test_a_fault_after_the_effect_loses_the_answer(self):
        control("POST", "faults", {"action": "CreateVpc", "when": "after"})
        before = len(self.ec2.describe_vpcs()["Vpcs"])
        with self.assertRaises((ConnectionClosedError, EndpointConnectionError, HTTPClientError)):
            self.vpc()
        self.assertEqual(before + 1, len(self.ec2.describe_vpcs()["Vpcs"]))

    def test_a_fault_meets_the_nth_write(self):
        control("POST", "faults", {"action": "write", "code": "Unavailable", "skip": 1, "times": 1})
        first = self.vpc()
        self.ec2.describe_vpcs()
        self.refused("Unavailable", self.ec2.delete_vpc, VpcId=first)
        self.ec2.delete_vpc(VpcId=first)

    def test_a_held_call_is_in_the_log_before_it_is_answered(self):
        for when, present in (("before", 0), ("after", 1)):
            control("POST", "faults", {"action": "CreateVpc", "when": when, "hold": 0.5})
            control("DELETE", "calls")
            cidr = {"before": "10.60.0.0/16", "after": "10.61.0.0/16"}[when]
            with ThreadPoolExecutor(1) as pool:
                held = pool.submit(self.vpc, cidr)
                while not control("GET", "calls"):
                    time.sleep(0.01)
                time.sleep(0.2)
                found = self.ec2.describe_vpcs(Filters=[{"Name": "cidr", "Values": [cidr]}])["Vpcs"]
                self.assertEqual(present, len(found), when)
                self.assertFalse(held.done())
            self.assertEqual(when == "after", held.exception() is not None)

    def test_a_fault_that_says_too_little_is_refused(self):
        import urllib.error

        with self.assertRaises(urllib.error.HTTPError) as caught:
            control("POST", "faults", {"action": "CreateVpc"})
        caught.exception.close()
        self.assertEqual(400, caught.exception.code)

    def test_latency_is_added_to_every_call(self):
        control("POST", "delays", {"latency": 0.2})
        start = time.monotonic()
        self.ec2.describe_regions()
        self.assertGreaterEqual(time.monotonic() - start, 0.2)


class EventualConsistency(SandboxTest):
    def test_a_young_object_is_not_found_and_yet_there(self):
        vpc = self.vpc("10.55.0.0/16")
        control("POST", "delays", {"visibility": 0.5})
        made = self.ec2.create_subnet(VpcId=vpc, CidrBlock="10.55.1.0/24")["Subnet"]["SubnetId"]
        inside = [{"Name": "vpc-id", "Values": [vpc]}]
        self.assertEqual([], self.ec2.describe_subnets(Filters=inside)["Subnets"])
        tags = [{"Key": "a", "Value": "b"}]
        for call, arguments in (
            (self.ec2.describe_subnets, {"SubnetIds": [made]}),
            (self.ec2.create_tags, {"Resources": [made], "Tags": tags}),
        ):
            self.refused("InvalidSubnetID.NotFound", call, **arguments)
        self.refused("InvalidSubnet.Conflict", self.ec2.create_subnet, VpcId=vpc, CidrBlock="10.55.1.0/24")
        time.sleep(0.6)
        self.ec2.create_tags(Resources=[made], Tags=tags)
        self.assertEqual(1, len(self.ec2.describe_subnets(Filters=inside)["Subnets"]))

    def test_what_was_there_before_stays_visible(self):
        vpc = self.vpc("10.56.0.0/16")
        control("POST", "delays", {"visibility": 30})
        self.ec2.describe_vpcs(VpcIds=[vpc])


    def test_a_listing_may_be_older_than_the_last_change(self):
        vpc = self.vpc("10.58.0.0/16")
        inside = [{"Name": "vpc-id", "Values": [vpc]}]

        def listed() -> list[int]:
            return [len(self.ec2.describe_subnets(Filters=inside)["Subnets"]) for _ in range(6)]

        control("POST", "delays", {"staleness": 30})
        made = self.ec2.create_subnet(VpcId=vpc, CidrBlock="10.58.1.0/24")["Subnet"]["SubnetId"]
        self.assertEqual([1, 1, 0, 1, 1, 0], listed())
        self.assertEqual(1, len(self.ec2.describe_subnets(SubnetIds=[made])["Subnets"]))
        self.assertEqual(2, sum(call["stale"] for call in control("GET", "calls")))
        self.ec2.describe_subnets()
        self.ec2.delete_subnet(SubnetId=made)
        self.assertEqual(2, sum(listed()))
        other = self.vpc("10.59.0.0/16")
        inside[0]["Values"] = [other]
        self.assertEqual([0] * 6, listed())

    def test_a_listing_may_show_tags_as_they_were(self):
        vpc = self.vpc("10.62.0.0/16")
        control("POST", "delays", {"staleness": 30})
        asked = [{"Name": "vpc-id", "Values": [vpc]}]

        def tags() -> list[int]:
            return [len(self.ec2.describe_vpcs(Filters=asked)["Vpcs"][0].get("Tags", [])) for _ in range(3)]

        self.assertEqual([0, 0, 0], tags())
        self.ec2.create_tags(Resources=[vpc], Tags=[{"Key": "a", "Value": "b"}])
        self.assertEqual([1, 1, 0], tags())

    def test_every_third_call_is_throttled(self):
        fault = {"action": "*", "code": "RequestLimitExceeded", "status": 503, "times": 99, "every": 3}
        control("POST", "faults", fault)
        answers = []
        for _ in range(6):
            try:
                self.ec2.describe_vpcs()
                answers.append(True)
            except ClientError:
                answers.append(False)
        self.assertEqual([True, True, False] * 2, answers)


class Threads(SandboxTest):
    def test_calls_at_once_do_not_disturb_each_other(self):
        vpc = self.vpc("10.57.0.0/16")

        def work(number: int) -> None:
            subnet = self.subnet(vpc, f"10.57.{number}.0/24")
            interface = self.interface(subnet)
            self.ec2.describe_subnets()
            self.ec2.describe_network_interfaces()
            self.ec2.delete_network_interface(NetworkInterfaceId=interface)
            self.ec2.delete_subnet(SubnetId=subnet)

        with ThreadPoolExecutor(16) as pool:
            list(pool.map(work, range(32)))

    def test_a_range_is_given_to_one_of_many(self):
        vpc = self.vpc("10.58.0.0/16")

        def take(_: int) -> bool:
            try:
                self.subnet(vpc, "10.58.1.0/24")
                return True
            except ClientError:
                return False

        with ThreadPoolExecutor(16) as pool:
            self.assertEqual(1, sum(pool.map(take, range(16))))


class CallLog(SandboxTest):
    def test_calls_are_listed_with_what_they_did(self):
        control("DELETE", "calls")
        vpc = self.vpc()
        self.ec2.describe_vpcs(VpcIds=[vpc])
        client("sts").get_caller_identity()
        client("s3").list_buckets()
        rows = [
            (row["service"], row["action"], row["mutating"], row["status"]) for row in control("GET", "calls")
        ]
        expected = [
            ("ec2", "CreateVpc", True, 200),
            ("ec2", "DescribeVpcs", False, 200),
            ("sts", "GetCallerIdentity", False, 200),
            ("s3", "GET /", False, 200),
        ]
        self.assertEqual(expected, rows)

    def test_reset_forgets_the_world_and_the_switches(self):
        self.vpc("10.99.0.0/16")
        control("POST", "faults", {"action": "CreateVpc", "code": "Unavailable"})
        control("POST", "reset", {})
        self.assertEqual([], control("GET", "faults"))
        self.assertEqual(1, len(self.ec2.describe_vpcs()["Vpcs"]))

    def test_a_copy_goes_its_own_way(self):
        vpc = self.vpc("10.78.0.0/16")
        inside = [{"Name": "vpc-id", "Values": [vpc]}]
        made = control("POST", "copy")
        self.assertNotEqual(control("GET", "identity")["identity"], made["identity"])
        copied = boto3.client(
            "ec2",
            region_name=REGION,
            endpoint_url=made["endpoint"],
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )
        self.assertEqual(1, len(copied.describe_vpcs(Filters=inside)["Vpcs"]))
        copied.delete_vpc(VpcId=vpc)
        self.assertEqual([], copied.describe_vpcs(Filters=inside)["Vpcs"])
        self.ec2.describe_vpcs(VpcIds=[vpc])
        request = urllib.request.Request(f"{made['endpoint']}/floorplan/stop", data=b"null", method="POST")
        # The copy may be gone before it has answered.
        with contextlib.suppress(ConnectionError):
            urllib.request.urlopen(request, timeout=10).close()


if __name__ == "__main__":
    unittest.main()

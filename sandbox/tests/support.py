"""One server for all tests of a run, an AWS client for it, and its control surface."""

import atexit
import json
import subprocess
import sys
import unittest
import urllib.request
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

REGION = "eu-west-1"
_server: dict = {}


def endpoint() -> str:
    if not _server:
        process = subprocess.Popen(
            [sys.executable, "-m", "floorplan_sandbox", "--die-with-parent"],
            cwd=Path(__file__).parents[1],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        _server["process"] = process
        _server["endpoint"] = json.loads(process.stdout.readline())["endpoint"]
        atexit.register(stop, process)
    return _server["endpoint"]


def stop(process: subprocess.Popen) -> None:
    process.stdin.close()
    process.wait(timeout=10)
    process.stdout.close()


def client(service: str, region: str = REGION, **options):
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=endpoint(),
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"max_attempts": 0}, max_pool_connections=16, **options),
    )


def control(method: str, name: str, value: object = None):
    """Asks the control surface; the answer is decoded JSON."""
    body = None if value is None else json.dumps(value).encode()
    request = urllib.request.Request(f"{endpoint()}/floorplan/{name}", data=body, method=method)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


class SandboxTest(unittest.TestCase):
    """A test with an EC2 client, a few makers, and clean switches."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.ec2 = client("ec2")

    def tearDown(self) -> None:
        control("DELETE", "faults")
        control("DELETE", "targets")
        control("POST", "delays", dict.fromkeys(control("GET", "delays"), 0))

    def refused(self, code: str, call, **arguments) -> ClientError:
        """Asserts that the call fails with this error code, and as a client error."""
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        answer = caught.exception.response
        self.assertEqual(code, answer["Error"]["Code"], answer["Error"]["Message"])
        self.assertLess(answer["ResponseMetadata"]["HTTPStatusCode"], 500)
        return caught.exception

    def vpc(self, cidr: str = "10.0.0.0/16", **arguments) -> str:
        return self.ec2.create_vpc(CidrBlock=cidr, **arguments)["Vpc"]["VpcId"]

    def subnet(self, vpc: str, cidr: str = "10.0.1.0/24", **arguments) -> str:
        made = self.ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, **arguments)
        return made["Subnet"]["SubnetId"]

    def group(self, vpc: str, name: str = "web") -> str:
        made = self.ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)
        return made["GroupId"]

    def interface(self, subnet: str, **arguments) -> str:
        made = self.ec2.create_network_interface(SubnetId=subnet, **arguments)
        return made["NetworkInterface"]["NetworkInterfaceId"]

    def gateway(self, vpc: str) -> str:
        made = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.ec2.attach_internet_gateway(InternetGatewayId=made, VpcId=vpc)
        return made

    def address(self) -> str:
        return self.ec2.allocate_address(Domain="vpc")["AllocationId"]

    def table(self, vpc: str) -> str:
        return self.ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]

    def nat(self, subnet: str, address: str | None = None, **arguments) -> str:
        if address:
            arguments["AllocationId"] = address
        made = self.ec2.create_nat_gateway(SubnetId=subnet, **arguments)
        return made["NatGateway"]["NatGatewayId"]

    def nat_state(self, nat: str) -> str:
        found = self.ec2.describe_nat_gateways(NatGatewayIds=[nat])
        return found["NatGateways"][0]["State"]

"""Global Accelerator, which moto does not have: a change brings an accelerator on its way, and only one that is off goes.

The delay is the switch `accelerator`.
"""

import json
import time

from moto.core.exceptions import JsonRESTError
from moto.core.responses import BaseResponse
from moto.moto_api._internal import mock_random

from floorplan_sandbox.control import CONTROL
from floorplan_sandbox.service import serve

KINDS = {"Accelerator": "", "Listener": "/listener/", "EndpointGroup": "/endpoint-group/"}
LOGS = ("FlowLogsEnabled", "FlowLogsS3Bucket", "FlowLogsS3Prefix")


class AcceleratorResponse(BaseResponse):
    def __init__(self) -> None:
        super().__init__(service_name="globalaccelerator")

    @property
    def kept(self) -> dict:
        return BACKENDS[self.current_account][self.region].kept

    def asked(self) -> dict:
        return json.loads(self.body or "{}")

    def found(self, kind: str) -> dict:
        name = self.asked().get(f"{kind}Arn")
        if name not in self.kept or f"{kind}Arn" not in self.kept[name]:
            raise JsonRESTError(f"{kind}NotFoundException", f"{name} does not exist")
        return self.kept[name]

    def above(self, thing: dict) -> dict:
        return self.kept[thing["Own"].split("/listener/")[0]]

    def changed(self, thing: dict) -> None:
        self.above(thing)["Due"] = time.monotonic() + CONTROL.delay("accelerator")

    def below(self, thing: dict) -> list[dict]:
        return [each for name, each in self.kept.items() if name.startswith(f"{thing['Own']}/")]

    def shown(self, kind: str, thing: dict) -> str:
        hidden = {"Own", "Due", "Tags", "Token", *LOGS}
        members = {name: value for name, value in thing.items() if name not in hidden}
        if kind == "Accelerator":
            members["Status"] = "IN_PROGRESS" if time.monotonic() < thing["Due"] else "DEPLOYED"
        return json.dumps({kind: members})

    def made(self, kind: str, above: str, members: dict) -> str:
        """Makes an object, or gives the one that was made with the same token."""
        token = self.asked()["IdempotencyToken"]
        for each in self.kept.values():
            if each["Token"] == token and f"{kind}Arn" in each:
                return self.shown(kind, each)
        name = str(mock_random.uuid4()) if kind == "Accelerator" else mock_random.get_random_hex(8)
        arn = f"{above}{KINDS[kind]}{name}"
        self.kept[arn] = {"Own": arn, f"{kind}Arn": arn, "Token": token, "Tags": [], **members}
        self.changed(self.kept[arn])
        return self.shown(kind, self.kept[arn])

    def given(self, *names: str) -> dict:
        return {name: value for name, value in self.asked().items() if name in names and value is not None}

    def addresses(self, kind: str) -> list[dict]:
        name = mock_random.get_random_hex(16)
        four = {"IpFamily": "IPv4", "IpAddressFamily": "IPv4", "IpAddresses": ["75.2.60.5", "99.83.190.51"]}
        six = {"IpFamily": "IPv6", "IpAddressFamily": "IPv6", "IpAddresses": ["2600:9000:a::1", "2600:9000:b::1"]}
        names = {"IpSets": [four], "DnsName": f"a{name}.awsglobalaccelerator.com"}
        if kind == "DUAL_STACK":
            names["IpSets"] = [four, six]
            names["DualStackDnsName"] = f"a{name}.dualstack.awsglobalaccelerator.com"
        return names

    def create_accelerator(self) -> str:
        kind = self.asked().get("IpAddressType") or "IPV4"
        members = {
            "Enabled": True,
            **self.given("Name", "Enabled"),
            "IpAddressType": kind,
            **self.addresses(kind),
            "Tags": self.asked().get("Tags") or [],
        }
        own = self.asked().get("IpAddresses")
        if own:
            members["IpSets"][0]["IpAddresses"][: len(own)] = own
        return self.made("Accelerator", f"arn:aws:globalaccelerator::{self.current_account}:accelerator/", members)

    def describe_accelerator(self) -> str:
        return self.shown("Accelerator", self.found("Accelerator"))

    def update_accelerator(self) -> str:
        found = self.found("Accelerator")
        found.update(self.given("Name", "Enabled"))
        kind = self.asked().get("IpAddressType") or found["IpAddressType"]
        if kind != found["IpAddressType"]:
            found.pop("DualStackDnsName", None)
            found.update(self.addresses(kind), IpAddressType=kind)
        self.changed(found)
        return self.shown("Accelerator", found)

    def delete_accelerator(self) -> str:
        found = self.found("Accelerator")
        if found["Enabled"]:
            raise JsonRESTError("AcceleratorNotDisabledException", "The accelerator must be disabled")
        if self.below(found):
            raise JsonRESTError("AssociatedListenerFoundException", "The accelerator has listeners")
        if time.monotonic() < found["Due"]:
            raise JsonRESTError("TransactionInProgressException", "The accelerator is being deployed")
        del self.kept[found["Own"]]
        return "{}"

    def describe_accelerator_attributes(self) -> str:
        found = self.found("Accelerator")
        logs = {name: found[name] for name in LOGS if name in found}
        return json.dumps({"AcceleratorAttributes": {"FlowLogsEnabled": False, **logs}})

    def update_accelerator_attributes(self) -> str:
        found = self.found("Accelerator")
        wanted = self.given(*LOGS)
        moves = any(wanted.get(name, found.get(name)) != found.get(name) for name in LOGS[1:])
        if wanted.get("FlowLogsEnabled") and found.get("FlowLogsEnabled") and moves:
            raise JsonRESTError("InvalidArgumentException", "Flow logs must be disabled before their bucket changes")
        found.update(wanted)
        self.changed(found)
        return self.describe_accelerator_attributes()

    def create_listener(self) -> str:
        above = self.found("Accelerator")
        members = self.given("PortRanges", "Protocol", "ClientAffinity")
        return self.made("Listener", above["Own"], {"ClientAffinity": "NONE", **members})

    def describe_listener(self) -> str:
        return self.shown("Listener", self.found("Listener"))

    def update_listener(self) -> str:
        found = self.found("Listener")
        found.update(self.given("PortRanges", "Protocol", "ClientAffinity"))
        self.changed(found)
        return self.shown("Listener", found)

    def delete_listener(self) -> str:
        found = self.found("Listener")
        if self.below(found):
            raise JsonRESTError("AssociatedEndpointGroupFoundException", "The listener has groups of endpoints")
        self.changed(found)
        del self.kept[found["Own"]]
        return "{}"

    def settings(self) -> dict:
        names = ("TrafficDialPercentage", "HealthCheckPort", "HealthCheckProtocol", "HealthCheckPath")
        members = self.given(*names, "HealthCheckIntervalSeconds", "ThresholdCount", "PortOverrides")
        endpoints = self.asked().get("EndpointConfigurations")
        if endpoints is not None:
            wide = {"Weight": 128, "ClientIPPreservationEnabled": False, "HealthState": "INITIAL"}
            members["EndpointDescriptions"] = [
                {**wide, **{name: value for name, value in each.items() if name != "AttachmentArn"}} for each in endpoints
            ]
        return members

    def create_endpoint_group(self) -> str:
        above, place = self.found("Listener"), self.asked()["EndpointGroupRegion"]
        others = [each for each in self.below(above) if each["Token"] != self.asked()["IdempotencyToken"]]
        if any(each["EndpointGroupRegion"] == place for each in others):
            raise JsonRESTError("EndpointGroupAlreadyExistsException", f"The listener has a group in {place}")
        wide = {
            "EndpointGroupRegion": place,
            "EndpointDescriptions": [],
            "PortOverrides": [],
            "TrafficDialPercentage": 100.0,
            "HealthCheckPort": above["PortRanges"][0]["FromPort"],
            "HealthCheckProtocol": "TCP",
            "HealthCheckIntervalSeconds": 30,
            "ThresholdCount": 3,
        }
        settings = self.settings()
        if settings.get("HealthCheckProtocol", "TCP") != "TCP":
            wide["HealthCheckPath"] = "/"
        return self.made("EndpointGroup", above["Own"], {**wide, **settings})

    def describe_endpoint_group(self) -> str:
        return self.shown("EndpointGroup", self.found("EndpointGroup"))

    def update_endpoint_group(self) -> str:
        found = self.found("EndpointGroup")
        found.update(self.settings())
        if found["HealthCheckProtocol"] != "TCP":
            found.setdefault("HealthCheckPath", "/")
        self.changed(found)
        return self.shown("EndpointGroup", found)

    def delete_endpoint_group(self) -> str:
        found = self.found("EndpointGroup")
        self.changed(found)
        del self.kept[found["Own"]]
        return "{}"

    def list_cross_account_resources(self) -> str:
        return json.dumps({"CrossAccountResources": []})

    def tagged(self) -> dict:
        name = self.asked()["ResourceArn"]
        if name not in self.kept:
            raise JsonRESTError("AcceleratorNotFoundException", f"{name} does not exist")
        return self.kept[name]

    def list_tags_for_resource(self) -> str:
        return json.dumps({"Tags": self.tagged()["Tags"]})

    def tag_resource(self) -> str:
        found, new = self.tagged(), {tag["Key"] for tag in self.asked()["Tags"]}
        found["Tags"] = [tag for tag in found["Tags"] if tag["Key"] not in new] + self.asked()["Tags"]
        return "{}"

    def untag_resource(self) -> str:
        found = self.tagged()
        found["Tags"] = [tag for tag in found["Tags"] if tag["Key"] not in self.asked()["TagKeys"]]
        return "{}"


BACKENDS = serve("globalaccelerator", AcceleratorResponse, ("/$",))

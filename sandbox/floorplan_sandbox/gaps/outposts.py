"""Outposts, which moto does not have: sites and the Outposts at them. An account has none until it makes one.

moto forgets in which Outpost a subnet is.
"""

import json
from urllib.parse import unquote

from moto.core.exceptions import JsonRESTError
from moto.core.responses import BaseResponse
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import ec2_backends
from moto.ec2.responses.subnets import Subnets
from moto.moto_api._internal import mock_random

from floorplan_sandbox.patch import around
from floorplan_sandbox.service import serve


class OutpostsResponse(BaseResponse):
    def __init__(self) -> None:
        super().__init__(service_name="outposts")

    @property
    def kept(self) -> dict:
        return BACKENDS[self.current_account][self.region].kept

    def asked(self) -> dict:
        return json.loads(self.body or "{}")

    def arn(self, kind: str, name: str) -> str:
        return f"arn:aws:outposts:{self.region}:{self.current_account}:{kind}/{name}"

    def found(self) -> dict:
        name = unquote(self.path).rsplit("/", 1)[-1]
        if name not in self.kept:
            raise JsonRESTError("NotFoundException", f"The resource {name} does not exist")
        return self.kept[name]

    def create_site(self) -> str:
        asked = self.asked()
        name = f"os-{mock_random.get_random_hex(17)}"
        site = {"SiteId": name, "SiteArn": self.arn("site", name), "AccountId": self.current_account}
        self.kept[name] = {**site, "Name": asked["Name"], "Tags": asked.get("Tags") or {}}
        return json.dumps({"Site": self.kept[name]})

    def create_outpost(self) -> str:
        asked = self.asked()
        site = self.kept.get(asked["SiteId"].rsplit("/", 1)[-1])
        if site is None:
            raise JsonRESTError("NotFoundException", f"The site {asked['SiteId']} does not exist")
        zones = ec2_backends[self.current_account][self.region].describe_availability_zones()
        given = asked.get("AvailabilityZone"), asked.get("AvailabilityZoneId")
        zone = next((each for each in zones if each.name == given[0] or each.zone_id == given[1]), None)
        if zone is None:
            raise JsonRESTError("ValidationException", "An Availability Zone of the Region is needed")
        name = f"op-{mock_random.get_random_hex(17)}"
        self.kept[name] = {
            "OutpostId": name,
            "OutpostArn": self.arn("outpost", name),
            "OwnerId": self.current_account,
            "SiteId": site["SiteId"],
            "SiteArn": site["SiteArn"],
            "Name": asked["Name"],
            "Description": asked.get("Description") or "",
            "LifeCycleStatus": "ACTIVE",
            "AvailabilityZone": zone.name,
            "AvailabilityZoneId": zone.zone_id,
            "SupportedHardwareType": asked.get("SupportedHardwareType") or "RACK",
            "Tags": asked.get("Tags") or {},
        }
        return json.dumps({"Outpost": self.kept[name]})

    def get_outpost(self) -> str:
        return json.dumps({"Outpost": self.found()})

    def list_outposts(self) -> str:
        return json.dumps({"Outposts": [each for each in self.kept.values() if "OutpostId" in each]})

    def delete_outpost(self) -> str:
        del self.kept[self.found()["OutpostId"]]
        return "{}"

    def delete_site(self) -> str:
        del self.kept[self.found()["SiteId"]]
        return "{}"


BACKENDS = serve(
    "outposts",
    OutpostsResponse,
    ("/outposts$", "/outposts/(?P<outpost>.+)$", "/sites$", "/sites/(?P<site>.+)$"),
)


@around(Subnets, "create_subnet")
def create_subnet(original, self):
    arn = self._get_param("OutpostArn")
    if not arn:
        return original(self)
    _, _, _, region, account, name = arn.split(":", 5)
    outpost = BACKENDS[account][region].kept.get(name.split("/")[-1])
    if outpost is None or self._get_param("AvailabilityZone") not in (None, outpost["AvailabilityZone"]):
        raise EC2ClientError("InvalidParameterValue", f"The Outpost {arn} is not in the Availability Zone of the subnet")
    answer = original(self)
    answer._result["Subnet"].outpost_arn = arn
    return answer

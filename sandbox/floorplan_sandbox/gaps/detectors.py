"""GuardDuty's detector has tags, there is one per region, and its volumes say whether they are looked at."""

import json
from urllib.parse import unquote

from moto.core.exceptions import JsonRESTError
from moto.guardduty.models import Detector, GuardDutyBackend
from moto.guardduty.responses import GuardDutyResponse
from moto.guardduty.urls import url_paths

from floorplan_sandbox.patch import adds, around

url_paths["{0}/tags/(?P<resource_arn>.+)$"] = GuardDutyResponse.dispatch


@around(GuardDutyBackend, "create_detector")
def create_detector(original, self, *given):
    if self.detectors:
        raise JsonRESTError("BadRequestException", "A detector already exists for the current account.")
    return original(self, *given)


@around(Detector, "to_json")
def to_json(original, self):
    found = original(self)
    found["findingPublishingFrequency"] = self.finding_publish_freq or "SIX_HOURS"
    asked = (self.datasources or {}).get("malwareProtection", {}).get("scanEc2InstanceWithFindings", {})
    if "ebsVolumes" in asked:
        state = {"status": "ENABLED" if asked["ebsVolumes"] else "DISABLED"}
        found["dataSources"]["malwareProtection"] = {"scanEc2InstanceWithFindings": {"ebsVolumes": state}}
    return found


def own(response) -> Detector:
    arn = unquote(response.path.split("/tags/")[-1])
    return response.guardduty_backend.get_detector(arn.rsplit("/", 1)[-1])


@adds(GuardDutyResponse, "tag_resource")
def tag_resource(self):
    own(self).tags.update(json.loads(self.body)["tags"])
    return "{}"


@adds(GuardDutyResponse, "untag_resource")
def untag_resource(self):
    for key in self.querystring.get("tagKeys", []):
        own(self).tags.pop(key, None)
    return "{}"

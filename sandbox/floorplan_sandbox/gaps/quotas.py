"""Quotas are raised on request: a moderate wish is granted at once, one beyond the double waits for somebody."""

import json

from moto.moto_api._internal import mock_random
from moto.core.exceptions import JsonRESTError
from moto.servicequotas.exceptions import NoSuchResource
from moto.servicequotas.models import ServiceQuotasBackend
from moto.servicequotas.responses import ServiceQuotasResponse

from floorplan_sandbox.patch import adds, around


def granted(backend) -> dict:
    return backend.__dict__.setdefault("granted", {})


def requests(backend) -> list:
    return backend.__dict__.setdefault("requests", [])


def default(backend, asked: dict) -> dict:
    for quota in backend.list_aws_default_service_quotas(asked["ServiceCode"]):
        if quota["QuotaCode"] == asked["QuotaCode"]:
            return quota
    raise NoSuchResource


@around(ServiceQuotasBackend, "get_service_quota")
def get_service_quota(original, self, service_code, quota_code):
    quota = original(self, service_code, quota_code)
    return {**quota, "Value": granted(self).get(quota_code, quota["Value"])}


@adds(ServiceQuotasResponse, "get_aws_default_service_quota")
def get_aws_default_service_quota(self):
    return json.dumps({"Quota": default(self.backend, json.loads(self.body))})


@adds(ServiceQuotasResponse, "request_service_quota_increase")
def request_service_quota_increase(self):
    asked = json.loads(self.body)
    quota = self.backend.get_service_quota(asked["ServiceCode"], asked["QuotaCode"])
    open_ones = [each for each in requests(self.backend) if each["QuotaCode"] == asked["QuotaCode"]]
    if any(each["Status"] == "PENDING" for each in open_ones):
        raise JsonRESTError("ResourceAlreadyExistsException", "Only one open request is allowed per quota")
    if not quota["Adjustable"] or asked["DesiredValue"] <= quota["Value"]:
        raise JsonRESTError("IllegalArgumentException", "The quota cannot be raised to that value")
    grants = asked["DesiredValue"] <= 2 * default(self.backend, asked)["Value"]
    made = {
        "Id": mock_random.get_random_hex(32),
        **{name: quota[name] for name in ("ServiceCode", "ServiceName", "QuotaCode", "QuotaName")},
        "DesiredValue": asked["DesiredValue"],
        "Status": "APPROVED" if grants else "PENDING",
    }
    requests(self.backend).append(made)
    if grants:
        granted(self.backend)[asked["QuotaCode"]] = asked["DesiredValue"]
    return json.dumps({"RequestedQuota": made})


@adds(ServiceQuotasResponse, "list_requested_service_quota_change_history_by_quota")
def list_requested_service_quota_change_history_by_quota(self):
    asked = json.loads(self.body)
    found = [each for each in requests(self.backend) if each["QuotaCode"] == asked["QuotaCode"]]
    return json.dumps({"RequestedQuotas": found})

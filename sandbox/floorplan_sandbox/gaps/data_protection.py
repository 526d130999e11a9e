"""Topics and groups of logs have a policy that says what of personal data is hidden: moto has none."""

import json

from moto.core.responses import ActionResult, EmptyResult
from moto.logs.exceptions import InvalidParameterException, ResourceNotFoundException
from moto.logs.responses import LogsResponse
from moto.sns.exceptions import InvalidParameterValue
from moto.sns.responses import SNSResponse

from floorplan_sandbox.gaps.log_groups import find
from floorplan_sandbox.patch import adds


def is_policy(text: str) -> bool:
    try:
        return bool(json.loads(text).get("Statement"))
    except (AttributeError, ValueError):
        return False


@adds(SNSResponse, "put_data_protection_policy")
def put_on_topic(self):
    topic = self.backend.get_topic(self._get_param("ResourceArn"))
    policy = self._get_param("DataProtectionPolicy") or ""
    if policy and not is_policy(policy):
        raise InvalidParameterValue("Invalid parameter: DataProtectionPolicy")
    topic._data_protection = policy
    return EmptyResult()


@adds(SNSResponse, "get_data_protection_policy")
def get_of_topic(self):
    topic = self.backend.get_topic(self._get_param("ResourceArn"))
    return ActionResult({"DataProtectionPolicy": getattr(topic, "_data_protection", "")})


def group(response):
    return find(response.logs_backend, response._get_param("logGroupIdentifier"))


def described(found) -> dict:
    return {"logGroupIdentifier": found.name, "policyDocument": found._data_protection, "lastUpdatedTime": 1}


@adds(LogsResponse, "put_data_protection_policy")
def put_on_group(self):
    found, policy = group(self), self._get_param("policyDocument")
    if not is_policy(policy):
        raise InvalidParameterException(constraint="a policy", parameter="policyDocument", value=policy)
    found._data_protection = policy
    return json.dumps(described(found))


@adds(LogsResponse, "get_data_protection_policy")
def get_of_group(self):
    found = group(self)
    has = getattr(found, "_data_protection", None)
    return json.dumps(described(found) if has else {"logGroupIdentifier": found.name})


@adds(LogsResponse, "delete_data_protection_policy")
def delete_of_group(self):
    found = group(self)
    if not getattr(found, "_data_protection", None):
        raise ResourceNotFoundException("The data protection policy does not exist.")
    found._data_protection = None
    return "{}"

"""Network Firewall as a whole, which moto hardly offers: firewalls, policies, groups of rules, logs, resource policies."""

import json

from moto.core.exceptions import JsonRESTError
from moto.ec2.models import ec2_backends
from moto.moto_api._internal import mock_random
from moto.networkfirewall.responses import NetworkFirewallResponse

PROTECTIONS = {
    "update_firewall_delete_protection": "DeleteProtection",
    "update_subnet_change_protection": "SubnetChangeProtection",
    "update_firewall_policy_change_protection": "FirewallPolicyChangeProtection",
    "update_availability_zone_change_protection": "AvailabilityZoneChangeProtection",
    "update_firewall_description": "Description",
    "update_firewall_analysis_settings": "EnabledAnalysisTypes",
    "update_firewall_encryption_configuration": "EncryptionConfiguration",
    "associate_firewall_policy": "FirewallPolicyArn",
}


class Refused(JsonRESTError):
    def __init__(self, code: str, message: str):
        super().__init__(code, message)


def offers(function):
    setattr(NetworkFirewallResponse, function.__name__, function)
    return function


def store(response) -> dict:
    return response.networkfirewall_backend.__dict__.setdefault("everything", {"objects": {}, "policies": {}})


def given(response) -> dict:
    return json.loads(response.body or "{}")


def arn(response, kind: str, name: str) -> str:
    backend = response.networkfirewall_backend
    return f"arn:aws:network-firewall:{backend.region_name}:{backend.account_id}:{kind}/{name}"


def token() -> str:
    return str(mock_random.uuid4())


def make(response, own: str, members: dict) -> dict:
    objects = store(response)["objects"]
    if own in objects:
        raise Refused("InvalidRequestException", f"A resource with the specified name already exists: {own}")
    objects[own] = {"UpdateToken": token(), "Tags": given(response).get("Tags") or [], **members}
    return objects[own]


def found(response, own: str | None) -> dict:
    objects = store(response)["objects"]
    if own not in objects:
        raise Refused("ResourceNotFoundException", f"The resource {own} does not exist")
    return objects[own]


def current(thing: dict, asked: dict) -> None:
    if asked.get("UpdateToken") not in (None, thing["UpdateToken"]):
        raise Refused("InvalidTokenException", "The update token is not the current one")
    thing["UpdateToken"] = token()


# Policies and groups of rules: the name of what they hold, and of what describes them.
def response_of(thing: dict, kind: str) -> str:
    answer = {f"{kind}Response": thing[f"{kind}Response"], "UpdateToken": thing["UpdateToken"]}
    return json.dumps({**answer, kind: thing.get(kind)})


def created(response, kind: str, place: str) -> str:
    asked = given(response)
    own = arn(response, place, asked[f"{kind}Name"])
    described = {f"{kind}Name": asked[f"{kind}Name"], f"{kind}Arn": own, f"{kind}Id": token()}
    described[f"{kind}Status"] = "ACTIVE"
    described["EncryptionConfiguration"] = asked.get("EncryptionConfiguration") or {"Type": "AWS_OWNED_KMS_KEY"}
    described.update({name: asked[name] for name in ("Description", "Type", "Capacity") if name in asked})
    held = asked.get(kind) or {"RulesSource": {"RulesString": asked.get("Rules", "")}}
    return response_of(make(response, own, {kind: held, f"{kind}Response": described}), kind)


def changed(response, kind: str) -> str:
    asked = given(response)
    thing = found(response, asked.get(f"{kind}Arn"))
    current(thing, asked)
    if asked.get(kind) or asked.get("Rules"):
        thing[kind] = asked.get(kind) or {"RulesSource": {"RulesString": asked["Rules"]}}
    described = thing[f"{kind}Response"]
    described.pop("Description", None)
    described.update({name: asked[name] for name in ("Description", "EncryptionConfiguration") if asked.get(name)})
    return response_of(thing, kind)


def deleted(response, kind: str) -> str:
    own = given(response).get(f"{kind}Arn")
    gone = found(response, own)
    del store(response)["objects"][own]
    return response_of(gone, kind)


@offers
def create_firewall_policy(self):
    return created(self, "FirewallPolicy", "firewall-policy")


@offers
def describe_firewall_policy(self):
    return response_of(found(self, given(self).get("FirewallPolicyArn")), "FirewallPolicy")


@offers
def update_firewall_policy(self):
    return changed(self, "FirewallPolicy")


@offers
def delete_firewall_policy(self):
    return deleted(self, "FirewallPolicy")


@offers
def create_rule_group(self):
    return created(self, "RuleGroup", f"{given(self)['Type'].lower()}-rulegroup")


@offers
def describe_rule_group(self):
    return response_of(found(self, given(self).get("RuleGroupArn")), "RuleGroup")


@offers
def update_rule_group(self):
    return changed(self, "RuleGroup")


@offers
def delete_rule_group(self):
    return deleted(self, "RuleGroup")


def firewall(response, thing: dict) -> str:
    backend = ec2_backends[response.current_account][response.region]
    own, states = thing["Firewall"], {}
    for mapping in own.get("SubnetMappings", []):
        subnet = backend.get_subnet(mapping["SubnetId"])
        endpoint = f"vpce-{mapping['SubnetId'].removeprefix('subnet-')}"
        attachment = {"SubnetId": mapping["SubnetId"], "EndpointId": endpoint, "Status": "READY"}
        states[subnet.availability_zone] = {"Attachment": attachment}
    status = {"Status": "READY", "ConfigurationSyncStateSummary": "IN_SYNC", "SyncStates": states}
    return json.dumps({"Firewall": {**own, "Tags": thing["Tags"]}, "FirewallStatus": status, "UpdateToken": thing["UpdateToken"]})


@offers
def create_firewall(self):
    asked = given(self)
    own = arn(self, "firewall", asked["FirewallName"])
    made = {name: value for name, value in asked.items() if name != "Tags" and value is not None}
    made.update({"FirewallArn": own, "FirewallId": token()})
    made.setdefault("EncryptionConfiguration", {"Type": "AWS_OWNED_KMS_KEY"})
    for mapping in made.get("SubnetMappings", []):
        mapping.setdefault("IPAddressType", "IPV4")
    return firewall(self, make(self, own, {"Firewall": made}))


@offers
def describe_firewall(self):
    asked = given(self)
    own = asked.get("FirewallArn") or arn(self, "firewall", asked.get("FirewallName"))
    return firewall(self, found(self, own))


@offers
def delete_firewall(self):
    own = given(self).get("FirewallArn")
    gone = found(self, own)
    if gone["Firewall"].get("DeleteProtection"):
        raise Refused("InvalidOperationException", "The firewall is protected from deletion")
    del store(self)["objects"][own]
    return firewall(self, gone)


def updates(operation: str, name: str):
    def update(self):
        asked = given(self)
        thing = found(self, asked.get("FirewallArn"))
        current(thing, asked)
        thing["Firewall"][name] = asked.get(name)
        return json.dumps({"FirewallArn": asked["FirewallArn"], name: asked.get(name)})

    setattr(NetworkFirewallResponse, operation, update)


for each, member in PROTECTIONS.items():
    updates(each, member)


@offers
def associate_subnets(self):
    asked = given(self)
    thing = found(self, asked["FirewallArn"])
    current(thing, asked)
    new = [{"IPAddressType": "IPV4", **mapping} for mapping in asked["SubnetMappings"]]
    ids = {mapping["SubnetId"] for mapping in new}
    kept = [mapping for mapping in thing["Firewall"]["SubnetMappings"] if mapping["SubnetId"] not in ids]
    thing["Firewall"]["SubnetMappings"] = kept + new
    return "{}"


@offers
def disassociate_subnets(self):
    asked = given(self)
    thing = found(self, asked["FirewallArn"])
    current(thing, asked)
    mappings = thing["Firewall"]["SubnetMappings"]
    thing["Firewall"]["SubnetMappings"] = [one for one in mappings if one["SubnetId"] not in asked["SubnetIds"]]
    return "{}"


@offers
def update_logging_configuration(self):
    asked = given(self)
    thing = found(self, asked["FirewallArn"])
    before = (thing.get("Logging") or {}).get("LogDestinationConfigs", [])
    after = (asked.get("LoggingConfiguration") or {}).get("LogDestinationConfigs", before)
    if abs(len(after) - len(before)) > 1 or (len(after) == len(before) and after != before):
        raise Refused("InvalidRequestException", "One destination is added or removed at a time")
    thing["Logging"] = {"LogDestinationConfigs": after}
    if asked.get("EnableMonitoringDashboard") is not None:
        thing["Dashboard"] = asked["EnableMonitoringDashboard"]
    return logging(thing, asked["FirewallArn"])


def logging(thing: dict, own: str) -> str:
    answer = {"FirewallArn": own, "LoggingConfiguration": thing.get("Logging")}
    return json.dumps({**answer, "EnableMonitoringDashboard": thing.get("Dashboard", False)})


@offers
def describe_logging_configuration(self):
    own = given(self)["FirewallArn"]
    return logging(found(self, own), own)


@offers
def put_resource_policy(self):
    asked = given(self)
    found(self, asked["ResourceArn"])
    store(self)["policies"][asked["ResourceArn"]] = asked["Policy"]
    return "{}"


@offers
def describe_resource_policy(self):
    own = given(self)["ResourceArn"]
    if own not in store(self)["policies"]:
        raise Refused("ResourceNotFoundException", f"{own} has no policy")
    return json.dumps({"Policy": store(self)["policies"][own]})


@offers
def delete_resource_policy(self):
    store(self)["policies"].pop(given(self)["ResourceArn"], None)
    return "{}"


@offers
def list_tags_for_resource(self):
    return json.dumps({"Tags": found(self, given(self)["ResourceArn"])["Tags"]})


@offers
def tag_resource(self):
    asked = given(self)
    thing, new = found(self, asked["ResourceArn"]), {tag["Key"] for tag in asked["Tags"]}
    thing["Tags"] = [tag for tag in thing["Tags"] if tag["Key"] not in new] + asked["Tags"]
    return "{}"


@offers
def untag_resource(self):
    asked = given(self)
    thing = found(self, asked["ResourceArn"])
    thing["Tags"] = [tag for tag in thing["Tags"] if tag["Key"] not in asked["TagKeys"]]
    return "{}"

"""Zones are joined to VPCs of other accounts, checks keep all that they are given, and name servers their maker.

moto has no leave to join, forgets half of a check, and deletes what is not there.
"""

from moto.core.responses import ActionResult, EmptyResult
from moto.route53.exceptions import NoSuchHealthCheck, Route53ClientError
from moto.route53.models import FakeZone, HealthCheck, Route53Backend
from moto.route53.responses import Route53
from moto.route53.urls import url_paths

from floorplan_sandbox.patch import adds, around, instead

ZONE = r"{0}/(?P<api_version>[\d_-]+)/hostedzone/(?P<zone_id>[^/]+)"
for path in ("authorizevpcassociation", "deauthorizevpcassociation"):
    url_paths[rf"{ZONE}/{path}/?$"] = Route53.dispatch

CHILDREN, DOMAIN, PATH, REGIONS = "ChildHealthChecks", "FullyQualifiedDomainName", "ResourcePath", "Regions"
EVERYWHERE = [
    "ap-northeast-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "eu-west-1",
    "sa-east-1",
    "us-east-1",
    "us-west-1",
    "us-west-2",
]
ENDPOINTS = ("HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP")


def allowed(response) -> list[dict]:
    zone: FakeZone = response.backend.get_hosted_zone(response._get_param("HostedZoneId"))
    return vars(zone).setdefault("_allowed", [])


@adds(Route53, "create_vpc_association_authorization")
def create_vpc_association_authorization(self):
    vpc = self._get_param("VPC")
    if vpc not in allowed(self):
        allowed(self).append(vpc)
    return ActionResult({"HostedZoneId": self._get_param("HostedZoneId"), "VPC": vpc})


@adds(Route53, "list_vpc_association_authorizations")
def list_vpc_association_authorizations(self):
    return ActionResult({"HostedZoneId": self._get_param("HostedZoneId"), "VPCs": allowed(self)})


@adds(Route53, "delete_vpc_association_authorization")
def delete_vpc_association_authorization(self):
    vpc = self._get_param("VPC")
    if vpc not in allowed(self):
        raise Route53ClientError("VPCAssociationAuthorizationNotFound", "The VPC was not authorized.")
    allowed(self).remove(vpc)
    return EmptyResult()


@around(Route53Backend, "disassociate_vpc_from_hosted_zone")
def disassociate_vpc_from_hosted_zone(original, self, zone_id, vpcid):
    zone = self.get_hosted_zone(zone_id)
    if all(vpc["vpc_id"] != vpcid for vpc in zone.vpcs):
        raise Route53ClientError("VPCAssociationNotFound", f"{vpcid} is not associated with {zone_id}.")
    return original(self, zone_id, vpcid)


def config(check: HealthCheck) -> dict:
    return check.__dict__["_config"]


HealthCheck.health_check_config = property(config)


def completed(given: dict) -> dict:
    settings = {name: value for name, value in given.items() if value is not None}
    if given["Type"] in ENDPOINTS:
        settings.setdefault("RequestInterval", 30)
        settings.setdefault("FailureThreshold", 3)
        settings.setdefault("MeasureLatency", False)
        settings.setdefault("EnableSNI", given["Type"].startswith("HTTPS"))
        settings.setdefault("Regions", EVERYWHERE)
        ports = {"HTTP": 80, "HTTP_STR_MATCH": 80, "HTTPS": 443, "HTTPS_STR_MATCH": 443}
        if given["Type"] in ports:
            settings.setdefault("Port", ports[given["Type"]])
    settings.setdefault("Inverted", False)
    settings.setdefault("Disabled", False)
    return settings


@instead(Route53, "create_health_check")
def create_health_check(self):
    reference, given = self._get_param("CallerReference"), self._get_param("HealthCheckConfig")
    for check in self.backend.health_checks.values():
        if check.caller_reference == reference:
            raise Route53ClientError("HealthCheckAlreadyExists", "A check has this reference already.")
    made = self.backend.create_health_check(reference, {"type": given["Type"]})
    made.__dict__["_config"] = completed(given)
    return ActionResult({"HealthCheck": made})


@instead(Route53, "update_health_check")
def update_health_check(self):
    check = self.backend.get_health_check(self._get_param("HealthCheckId"))
    gone = self._get_param("ResetElements") or []
    now = {name: value for name, value in config(check).items() if name not in gone}
    kept = ("HealthCheckId", "HealthCheckVersion", "ResetElements")
    new = {name: value for name, value in self._get_params().items() if name not in kept}
    check.__dict__["_config"] = completed(now | new)
    check.health_check_version += 1
    return ActionResult({"HealthCheck": check})


@around(Route53Backend, "delete_health_check")
def delete_health_check(original, self, health_check_id):
    if health_check_id not in self.health_checks:
        raise NoSuchHealthCheck(health_check_id)
    self.resource_tags.pop(health_check_id, None)
    return original(self, health_check_id)


@around(Route53Backend, "create_reusable_delegation_set")
def create_reusable_delegation_set(original, self, caller_reference, *args, **kwargs):
    made = original(self, caller_reference, *args, **kwargs)
    made.caller_reference = caller_reference
    return made


@around(Route53Backend, "create_query_logging_config")
def create_query_logging_config(original, self, hosted_zone_id, log_group_arn):
    """The ARN of a group is taken with and without the end that stands for its streams."""
    made = original(self, hosted_zone_id, f"{log_group_arn.removesuffix(':*')}:*")
    made.cloud_watch_logs_log_group_arn = log_group_arn
    return made

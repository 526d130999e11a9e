"""Flow logs of every kind of source keep all they are made with; what they need must be there.

moto knows VPCs, subnets and interfaces only, forgets options, finds neither a bucket with a prefix nor a log
group by its ARN, takes any role, and lets a source have one log per destination, however different they are.
"""

import json
from contextvars import ContextVar

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError, FlowLogAlreadyExists
from moto.ec2.models import EC2Backend
from moto.ec2.models.flow_logs import FlowLogs as FlowLog
from moto.ec2.responses.flow_logs import FlowLogs
from moto.iam import iam_backends

from floorplan_sandbox.patch import around

KEPT = ("DeliverCrossAccountRole", "DestinationOptions", "TagFieldSpecifications")
OPTIONS = ContextVar("options", default=None)
TRANSIT = ("TransitGateway", "TransitGatewayAttachment")
WRITER = "vpc-flow-logs.amazonaws.com"
FORMAT = (
    "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol}"
    " ${packets} ${bytes} ${start} ${end} ${action} ${log-status}"
)


def find_source(backend: EC2Backend, kind: str, source: str) -> None:
    """An error if the source is not there, for the kinds that moto does not look for."""
    kinds = {
        "TransitGateway": (backend.transit_gateways, "InvalidTransitGatewayID.NotFound"),
        "TransitGatewayAttachment": (
            backend.transit_gateway_attachments,
            "InvalidTransitGatewayAttachmentID.NotFound",
        ),
        "RegionalNatGateway": (backend.nat_gateways, "NatGatewayNotFound"),
    }
    if kind in kinds and source not in kinds[kind][0]:
        raise EC2ClientError(kinds[kind][1], f"The {kind} {source} does not exist")


def check_role(backend: EC2Backend, arn: str | None) -> None:
    """An error unless the role is there and lets flow logs in."""
    if arn is None:
        return
    roles = iam_backends[backend.account_id][backend.partition].roles.values()
    role = next((role for role in roles if role.arn == arn), None)
    if role is None or WRITER not in json.dumps(role.assume_role_policy_document):
        raise EC2ClientError("InvalidParameter", "Unable to assume given IAM role")


@around(FlowLogs, "create_flow_logs")
def create_flow_logs(original, self):
    kind = self._get_param("ResourceType")
    interval = self._get_int_param("MaxAggregationInterval")
    if kind in TRANSIT:
        if interval not in (None, 60):
            raise EC2ClientError(
                "InvalidParameter", "MaxAggregationInterval must be 60 for a transit gateway"
            )
        if self._get_param("TrafficType"):
            raise EC2ClientError("InvalidParameter", "TrafficType is not supported for a transit gateway")
    elif not self._get_param("TrafficType"):
        raise EC2ClientError("MissingParameter", "The request must contain the parameter TrafficType")
    for source in self._get_param("ResourceIds", []):
        find_source(self.ec2_backend, kind, source)
    check_role(self.ec2_backend, self._get_param("DeliverLogsPermissionArn"))
    OPTIONS.set(self._get_param("DestinationOptions"))
    answer = original(self).result
    for made in answer["FlowLogIds"]:
        log = self.ec2_backend.flow_logs[made]
        for name in KEPT:
            setattr(log, name, self._get_param(name))
        if kind in TRANSIT:
            log.max_aggregation_interval = 60
    return ActionResult(answer)


class Apart(str):
    """A text that moto finds equal to none: what may not be doubled is decided here."""

    __hash__ = str.__hash__

    def __eq__(self, other) -> bool:
        return False


@around(EC2Backend, "create_flow_logs")
def create(original, self, *args, **kwargs):
    destination, group = kwargs["log_destination"], kwargs["log_group_name"]
    kind = kwargs["log_destination_type"] or "cloud-watch-logs"
    if kind == "cloud-watch-logs" and destination:
        group = destination.split(":log-group:", 1)[-1].removesuffix(":*")
        kwargs["log_group_name"] = group
    for log in self.flow_logs.values():
        place = (log.log_destination, log.log_group_name) == (destination, group)
        wanted = (kwargs["traffic_type"], kwargs["log_format"] or FORMAT, OPTIONS.get())
        same = (log.traffic_type, log.log_format, log.DestinationOptions) == wanted
        if place and same and log.resource_id in kwargs["resource_ids"]:
            raise FlowLogAlreadyExists()
    if destination or group:
        kwargs["log_destination"] = Apart((destination or "").split("/", 1)[0])
    made, unsuccessful = original(self, *args, **kwargs)
    for log in made:
        log.log_destination, log.log_group_name = destination, group
    return made, unsuccessful


for name in KEPT:
    setattr(FlowLog, name, None)

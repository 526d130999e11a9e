"""Connections to endpoint services of one's own: they wait to be accepted, and are notified of."""

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.responses import EC2Response

from floorplan_sandbox.gaps.filters import select
from floorplan_sandbox.gaps.plain import Kept, Kind, given
from floorplan_sandbox.patch import adds

NOTICES = Kind("vpce-nfn", "ConnectionNotificationId")


def connections(response) -> list[Kept]:
    backend = response.ec2_backend
    services = {each.service_name: each for each in backend.configurations.values()}
    found = []
    for endpoint in backend.vpc_end_points.values():
        service = services.get(endpoint.service_name)
        if service is None:
            continue
        waits = service.acceptance_required and not hasattr(endpoint, "_accepted")
        state = getattr(endpoint, "_accepted", None) or ("pendingAcceptance" if waits else "available")
        members = {
            "ServiceId": service.id,
            "VpcEndpointId": endpoint.id,
            "VpcEndpointOwner": backend.account_id,
            "VpcEndpointState": state,
        }
        found.append(Kept(backend, endpoint.id, members))
    return found


def answered(response, word: str) -> ActionResult:
    for name in response._get_param("VpcEndpointIds", []):
        endpoint = response.ec2_backend.vpc_end_points.get(name)
        if endpoint is None:
            raise EC2ClientError("InvalidVpcEndpointId.NotFound", f"The Vpc Endpoint Id '{name}' does not exist")
        endpoint._accepted = word
    return ActionResult({"Unsuccessful": []})


@adds(EC2Response, "describe_vpc_endpoint_connections")
def describe_vpc_endpoint_connections(self):
    found = select(self._filters_from_querystring(), connections(self))
    return ActionResult({"VpcEndpointConnections": [each.members for each in found]})


@adds(EC2Response, "accept_vpc_endpoint_connections")
def accept_vpc_endpoint_connections(self):
    return answered(self, "available")


@adds(EC2Response, "reject_vpc_endpoint_connections")
def reject_vpc_endpoint_connections(self):
    return answered(self, "rejected")


@adds(EC2Response, "create_vpc_endpoint_connection_notification")
def create_vpc_endpoint_connection_notification(self):
    made = NOTICES.make(
        self,
        **given(self, "ServiceId", "VpcEndpointId", "ConnectionNotificationArn", "ConnectionEvents"),
        ConnectionNotificationType="Topic",
        ConnectionNotificationState="Enabled",
    )
    return ActionResult({"ConnectionNotification": made.members})


@adds(EC2Response, "describe_vpc_endpoint_connection_notifications")
def describe_vpc_endpoint_connection_notifications(self):
    return NOTICES.listed(self, "ConnectionNotificationSet", "ConnectionNotificationId")


@adds(EC2Response, "modify_vpc_endpoint_connection_notification")
def modify_vpc_endpoint_connection_notification(self):
    NOTICES.find(self).members.update(given(self, "ConnectionNotificationArn", "ConnectionEvents"))
    return ActionResult({"ReturnValue": True})


@adds(EC2Response, "delete_vpc_endpoint_connection_notifications")
def delete_vpc_endpoint_connection_notifications(self):
    for name in self._get_param("ConnectionNotificationIds", []):
        NOTICES.drop(self, name)
    return ActionResult({"Unsuccessful": []})

"""Network interfaces: an attached one is not deleted, a security group that is not there is not invented.

moto deletes interfaces in use and creates a group for an unknown group id.
"""

from moto.ec2.exceptions import EC2ClientError, InvalidSecurityGroupNotFoundError
from moto.ec2.models import EC2Backend

from floorplan_sandbox.patch import around


@around(EC2Backend, "create_network_interface")
def create_network_interface(
    original, self, subnet, private_ip_address, private_ip_addresses=None, group_ids=None, *args, **kwargs
):
    for group_id in group_ids or []:
        if self.get_security_group_from_id(group_id) is None:
            raise InvalidSecurityGroupNotFoundError(group_id)
    return original(self, subnet, private_ip_address, private_ip_addresses, group_ids, *args, **kwargs)


@around(EC2Backend, "delete_network_interface")
def delete_network_interface(original, self, eni_id):
    interface = self.enis.get(eni_id)
    instance = getattr(interface, "instance", None)
    if interface is not None and (instance and not getattr(instance, "ending", False)):
        raise in_use(eni_id)
    if interface is not None and interface.requester_managed:
        raise in_use(eni_id)
    return original(self, eni_id)


def in_use(eni_id: str) -> EC2ClientError:
    return EC2ClientError("InvalidParameterValue", f"Network interface '{eni_id}' is currently in use.")

"""The primary interface of an instance is deleted with the instance.

moto keeps it, in use for ever, so that its subnet and its groups can never be deleted.
"""

from moto.ec2.models.instances import Instance

from floorplan_sandbox.patch import around


@around(Instance, "terminate")
def terminate(original, self):
    self.ending = True
    for index, interface in list(self.nics.items()):
        if int(index) == 0:
            interface.delete_on_termination = True
        if interface.delete_on_termination:
            for address in self.ec2_backend.addresses:
                if address.eni is interface:
                    self.ec2_backend.disassociate_address(address=address.public_ip)
    return original(self)

"""A security group in use stays: held by an interface, named by a rule of another group, or `default`.

moto deletes it and leaves rules and interfaces that point to nothing.
"""

from moto.ec2.exceptions import DependencyViolationError, EC2ClientError
from moto.ec2.models import EC2Backend

from floorplan_sandbox.patch import around


@around(EC2Backend, "delete_security_group")
def delete_security_group(original, self, name=None, group_id=None):
    group = self.get_security_group_from_id(group_id) if group_id else None
    if group is None and name:
        group = self.get_security_group_from_name(name, self.default_vpc.id)
    if group is not None:
        if group.name == "default":
            message = f'the specified group: "{group.id}" name: "default" cannot be deleted by a user'
            raise EC2ClientError("CannotDelete", message)
        if held_by_interface(self, group.id) or named_by_rule(self, group.id):
            raise DependencyViolationError(f"resource {group.id} has a dependent object")
    result = original(self, name, group_id)
    if group is not None:
        self.tags.pop(group.id, None)
        for rule in group.ingress_rules + group.egress_rules:
            self.tags.pop(rule.id, None)
    return result


def held_by_interface(backend, group_id: str) -> bool:
    return any(group.id == group_id for interface in backend.enis.values() for group in interface.group_set)


def named_by_rule(backend, group_id: str) -> bool:
    return any(
        rule.source_group.get("GroupId") == group_id
        for groups in backend.groups.values()
        for group in groups.values()
        if group.id != group_id
        for rule in group.ingress_rules + group.egress_rules
    )

"""Security groups at birth: `default` admits itself, and a group needs a VPC that exists.

moto's default group has no ingress rule, and a group is made in a VPC that is not there.
"""

from moto.ec2.models import EC2Backend
from moto.ec2.models.security_groups import SecurityGroupRule

from floorplan_sandbox.patch import around


@around(EC2Backend, "create_security_group")
def create_security_group(original, self, name, description, vpc_id=None, **kwargs):
    if vpc_id:
        self.get_vpc(vpc_id)
    group = original(self, name, description, vpc_id=vpc_id, **kwargs)
    if group.is_default:
        itself = {"GroupId": group.id, "UserId": self.account_id}
        group.ingress_rules.append(
            SecurityGroupRule(self, "-1", group.id, None, None, None, itself, is_egress=False)
        )
    return group

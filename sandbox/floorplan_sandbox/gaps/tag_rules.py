"""Tags: reserved keys and unknown ids are refused, and the tags of a deleted resource are gone.

moto accepts `aws:` keys, tags what is not there, and lists tags of resources that no longer exist.
"""

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.responses.tags import TagResponse

from floorplan_sandbox.patch import around
from floorplan_sandbox.visibility import TYPES

# Backend method by the name of the parameter that holds the id.
DELETIONS = {
    "delete_dhcp_options_set": "options_id",
    "delete_egress_only_internet_gateway": "gateway_id",
    "delete_internet_gateway": "internet_gateway_id",
    "delete_network_acl": "network_acl_id",
    "delete_network_interface": "eni_id",
    "delete_route_table": "route_table_id",
    "delete_subnet": "subnet_id",
}

# Ids that moto takes unseen, by prefix.
HELD = {
    "acl": lambda backend: backend.network_acls,
    "eigw": lambda backend: backend.egress_only_internet_gateways,
    "eipalloc": lambda backend: [address.allocation_id for address in backend.addresses],
    "eni": lambda backend: backend.enis,
    "nat": lambda backend: backend.nat_gateways,
    "pl": lambda backend: backend.managed_prefix_lists,
    "sgr": lambda backend: [rule.id for rule in backend.describe_security_group_rules([], {})],
    "vpce": lambda backend: backend.vpc_end_points,
}
CODES = {"sgr": "InvalidSecurityGroupRuleId.NotFound"} | {
    prefix: code for prefix, (_, _, code) in TYPES.items()
}


@around(TagResponse, "create_tags")
def create_tags(original, self):
    for name in self._get_param("Resources", []):
        prefix = name.split("-", 1)[0]
        if prefix in HELD and name not in HELD[prefix](self.ec2_backend):
            raise EC2ClientError(CODES[prefix], f"The ID '{name}' does not exist")
    for tag in self._get_param("Tags", []):
        if tag["Key"].startswith("aws:"):
            raise EC2ClientError(
                "InvalidParameterValue", "Tag keys starting with 'aws:' are reserved for internal use"
            )
    return original(self)


def forget_tags_after(method: str, parameter: str) -> None:
    @around(EC2Backend, method)
    def delete(original, self, *args, **kwargs):
        result = original(self, *args, **kwargs)
        self.tags.pop(kwargs[parameter] if parameter in kwargs else args[0], None)
        return result


for name, argument in DELETIONS.items():
    forget_tags_after(name, argument)

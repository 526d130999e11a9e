"""Tags: reserved keys are refused, and the tags of a deleted resource are gone from DescribeTags.

moto accepts `aws:` keys and lists tags of resources that no longer exist.
"""

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.responses.tags import TagResponse

from floorplan_sandbox.patch import around

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


@around(TagResponse, "create_tags")
def create_tags(original, self):
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

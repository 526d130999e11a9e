"""DHCP options: tags given on create are kept, and a set belongs to as many VPCs as use it.

moto drops the tags, remembers one VPC per set, and deletes the set together with a VPC that uses it.
"""

from moto.ec2.exceptions import DependencyViolationError
from moto.ec2.models import EC2Backend
from moto.ec2.models.dhcp_options import DHCPOptionsSet
from moto.ec2.responses.dhcp_options import DHCPOptions

from floorplan_sandbox.patch import around, instead

OF_AWS = "AmazonProvidedDNS"


@around(DHCPOptions, "create_dhcp_options")
def create_dhcp_options(original, self):
    result = original(self)
    made = result._result["DhcpOptions"]
    made.add_tags(self._parse_tag_specification().get("dhcp-options", {}))
    return result


@instead(EC2Backend, "associate_dhcp_options")
def associate_dhcp_options(self, dhcp_options, vpc):
    vpc.dhcp_options = dhcp_options


@instead(EC2Backend, "disassociate_dhcp_options")
def disassociate_dhcp_options(self, vpc):
    vpc.dhcp_options = None


@around(EC2Backend, "delete_dhcp_options_set")
def delete_dhcp_options_set(original, self, options_id):
    if any(vpc.dhcp_options and vpc.dhcp_options.id == options_id for vpc in self.vpcs.values()):
        raise DependencyViolationError(
            f"The dhcpOptions '{options_id}' has dependencies and cannot be deleted."
        )
    return original(self, options_id)


DHCPOptionsSet.owner_id = property(lambda self: self.ec2_backend.account_id)


@around(EC2Backend, "describe_dhcp_options")
def describe_dhcp_options(original, self, dhcp_options_ids=None, filters=None):
    """AWS's own set of a region is made when it is first asked for by its domain."""
    domain = "ec2.internal" if self.region_name == "us-east-1" else f"{self.region_name}.compute.internal"
    sets = self.dhcp_options_sets
    there = any(domain in (each._options["domain-name"] or []) for each in sets.values())
    if domain in (filters or {}).get("value", []) and not there:
        made = DHCPOptionsSet(self, [OF_AWS], [domain])
        sets[made.id] = made
    return original(self, dhcp_options_ids=dhcp_options_ids, filters=filters)

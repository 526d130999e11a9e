"""Network ACLs: the closing deny rule is there, CIDRs are canonical, what is missing has a name.

moto crashes on a missing entry or association, gives new ACLs no rules, takes a missing ACL for a route table,
and loses the type and code of ICMP rules.
"""

import ipaddress

from moto.ec2.exceptions import EC2ClientError, InvalidCIDRSubnetError, InvalidNetworkAclIdError
from moto.ec2.models import EC2Backend
from moto.ec2.models.network_acls import NetworkAclEntry
from moto.ec2.responses.network_acls import NetworkACLs

from floorplan_sandbox.patch import around, instead

LAST_RULE = 32766
# Number, action, and range of the rules that AWS makes itself; those for IPv6 only in a VPC that has it.
OPENING_RULES = ((100, "allow", "0.0.0.0/0"), (101, "allow", "::/0"))
CLOSING_RULES = ((32767, "deny", "0.0.0.0/0"), (32768, "deny", "::/0"))


@around(EC2Backend, "create_network_acl")
def create_network_acl(original, self, vpc_id, tags=None, default=False):
    acl = original(self, vpc_id, tags, default)
    ipv6 = bool(self.get_vpc(vpc_id).get_cidr_block_association_set(ipv6=True))
    for number, action, cidr in (*(OPENING_RULES if default else ()), *CLOSING_RULES):
        ranges = (None, cidr) if ":" in cidr else (cidr, None)
        if ranges[1] and not ipv6:
            continue
        for egress in (True, False):
            entry = NetworkAclEntry(
                self, acl.id, number, "-1", action, egress, ranges[0], None, None, None, None, ranges[1]
            )
            acl.network_acl_entries.append(entry)
    return acl


@instead(EC2Backend, "add_default_entries")
def add_default_entries(self, network_acl_id):
    """Nothing: they are made above, with those for IPv6."""


@around(EC2Backend, "create_network_acl_entry")
def create_network_acl_entry(original, self, *args, **kwargs):
    names = (
        "network_acl_id",
        "rule_number",
        "protocol",
        "rule_action",
        "egress",
        "cidr_block",
        "icmp_code",
        "icmp_type",
        "port_range_from",
        "port_range_to",
        "ipv6_cidr_block",
    )
    wanted = dict(zip(names, args, strict=False)) | kwargs
    number = int(wanted["rule_number"])
    if not 1 <= number <= LAST_RULE:
        raise EC2ClientError(
            "InvalidParameterValue", f"Invalid value '{number}' for rule number. Expected 1 to {LAST_RULE}."
        )
    for name in ("cidr_block", "ipv6_cidr_block"):
        if wanted.get(name):
            try:
                wanted[name] = str(ipaddress.ip_network(wanted[name], strict=False))
            except ValueError:
                raise InvalidCIDRSubnetError(cidr=wanted[name]) from None
    return original(self, **wanted)


@around(EC2Backend, "delete_network_acl_entry")
def delete_network_acl_entry(original, self, network_acl_id, rule_number, egress):
    acl = self.get_network_acl(network_acl_id)
    if not 1 <= int(rule_number) <= LAST_RULE:
        raise EC2ClientError("InvalidParameterValue", f"Rule number {rule_number} cannot be deleted.")
    if not any(entry.rule_number == rule_number and entry.egress == egress for entry in acl.entries):
        raise EC2ClientError(
            "InvalidNetworkAclEntry.NotFound",
            f"the specified network acl entry with rule number {rule_number} does not exist in network acl"
            f" {network_acl_id}",
        )
    return original(self, network_acl_id, rule_number, egress)


@around(EC2Backend, "delete_network_acl")
def delete_network_acl(original, self, network_acl_id):
    if self.get_network_acl(network_acl_id).default:
        raise EC2ClientError("InvalidParameterValue", f"cannot delete default network ACL {network_acl_id}")
    return original(self, network_acl_id)


@around(EC2Backend, "replace_network_acl_association")
def replace_network_acl_association(original, self, association_id, network_acl_id):
    self.get_network_acl(network_acl_id)
    if not any(association_id in acl._associations for acl in self.network_acls.values()):
        raise EC2ClientError(
            "InvalidAssociationID.NotFound", f"The association ID '{association_id}' does not exist"
        )
    return original(self, association_id, network_acl_id)


@around(EC2Backend, "describe_network_acls")
def describe_network_acls(original, self, network_acl_ids=None, filters=None):
    for network_acl_id in network_acl_ids or []:
        if network_acl_id not in self.network_acls:
            raise InvalidNetworkAclIdError(network_acl_id)
    return original(self, network_acl_ids, filters)


def with_icmp(original, self):
    """moto reads the name on the wire where its parser has put the name of the model."""
    self.params["Icmp"] = self._get_param("IcmpTypeCode", {})
    return original(self)


for action in ("create_network_acl_entry", "replace_network_acl_entry"):
    around(NetworkACLs, action)(with_icmp)

"""Network ACLs: the closing deny rule is there, CIDRs are canonical, what is missing has a name.

moto crashes on a missing entry or association, gives new ACLs no rules, and takes a missing ACL for a route
table.
"""

import ipaddress

from moto.ec2.exceptions import EC2ClientError, InvalidCIDRSubnetError, InvalidNetworkAclIdError
from moto.ec2.models import EC2Backend

from floorplan_sandbox.patch import around

LAST_RULE = 32766
CLOSING_RULE = 32767


@around(EC2Backend, "create_network_acl")
def create_network_acl(original, self, vpc_id, tags=None, default=False):
    acl = original(self, vpc_id, tags, default)
    if not default:
        for egress in (True, False):
            self.create_network_acl_entry(
                acl.id,
                CLOSING_RULE,
                "-1",
                "deny",
                egress,
                "0.0.0.0/0",
                None,
                None,
                None,
                None,
                None,
                closing=True,
            )
    return acl


@around(EC2Backend, "create_network_acl_entry")
def create_network_acl_entry(original, self, *args, closing=False, **kwargs):
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
    by_moto = wanted["protocol"] == "-1" and number == CLOSING_RULE and wanted["rule_action"] == "deny"
    if not (closing or by_moto) and not 1 <= number <= LAST_RULE:
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

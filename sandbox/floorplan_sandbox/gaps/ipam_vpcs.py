"""A VPC takes its range from a pool of IPAM: the first that is free and of the length that is asked for."""

import ipaddress

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.responses.vpcs import VPCs

from floorplan_sandbox.gaps.ipam import held
from floorplan_sandbox.patch import around


def free(backend, pool, length: int) -> str:
    taken = [ipaddress.ip_network(vpc.cidr_block) for vpc in backend.vpcs.values() if vpc.__dict__.get("_pool") == pool.id]
    for cidr in pool.ranges:
        network = ipaddress.ip_network(cidr)
        if network.prefixlen > length:
            continue
        for candidate in network.subnets(new_prefix=length):
            if not any(candidate.overlaps(each) for each in taken):
                return str(candidate)
    raise EC2ClientError("InsufficientCidrBlocks", f"The IPAM pool {pool.id} has no free range of length {length}.")


@around(VPCs, "create_vpc")
def create_vpc(original, self):
    name = self._get_param("Ipv4IpamPoolId")
    if not name:
        return original(self)
    pool = held(self.ec2_backend, "pools").get(name)
    if pool is None:
        raise EC2ClientError("InvalidIpamPoolId.NotFound", f"The IPAM pool {name} does not exist.")
    if not self._get_param("CidrBlock"):
        length = self._get_int_param("Ipv4NetmaskLength") or pool.allocation_default_netmask_length or 24
        self.params["CidrBlock"] = free(self.ec2_backend, pool, length)
    answer = original(self)
    answer.result["Vpc"].__dict__["_pool"] = pool.id
    return answer

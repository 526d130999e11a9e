"""Managed prefix lists: names and versions are kept, sizes are checked, a deleted list is gone.

moto loses the name on every change, then crashes in DescribePrefixLists, which also tells no ranges, and
checks neither version nor size.
"""

from moto.core.responses import ActionResult
from moto.ec2.exceptions import DependencyViolationError, EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.managed_prefixes import ManagedPrefixList
from moto.ec2.responses.vpcs import VPCs

from floorplan_sandbox.patch import around, instead


def own_list(backend, prefix_list_id: str):
    found = backend.managed_prefix_lists.get(prefix_list_id)
    if found is None:
        raise EC2ClientError(
            "InvalidPrefixListID.NotFound", f"The prefix list ID '{prefix_list_id}' does not exist"
        )
    return found


def fits(entries: list, size: int) -> None:
    if len(entries) > size:
        raise EC2ClientError(
            "PrefixListMaxEntriesExceeded",
            f"You've reached the maximum of {size} entries for the prefix list.",
        )


def ranges(found) -> list[str]:
    """The ranges of a list as DescribePrefixLists tells them; AWS's own lists have no version."""
    entries = found.entries.get(found.version) or next(reversed(found.entries.values()), [])
    return [entry["Cidr"] for entry in entries]


ManagedPrefixList.cidrs = property(ranges)


@around(EC2Backend, "create_managed_prefix_list")
def create_managed_prefix_list(original, self, **kwargs):
    if kwargs.get("max_entries") is not None:
        fits(kwargs.get("entry") or [], int(kwargs["max_entries"]))
    made = original(self, **kwargs)
    made.entries.setdefault(made.version, [])
    return made


@instead(VPCs, "modify_managed_prefix_list")
def modify_managed_prefix_list(self):
    found = own_list(self.ec2_backend, self._get_param("PrefixListId"))
    name, size = self._get_param("PrefixListName"), self._get_param("MaxEntries")
    added, removed = self._get_param("AddEntries", []), self._get_param("RemoveEntries", [])
    version = self._get_param("CurrentVersion")
    if found.owner_id == "AWS":
        raise EC2ClientError("OperationNotPermitted", "AWS-managed prefix lists cannot be modified.")
    if size is not None and (added or removed):
        raise EC2ClientError(
            "InvalidParameterCombination",
            "You cannot modify the entries and the maximum entries for the prefix list in the same request.",
        )
    if version is not None and int(version) != found.version:
        raise EC2ClientError("PrefixListVersionMismatch", "The prefix list has the incorrect version number.")
    present = found.entries.get(found.version, [])
    if size is not None:
        fits(present, int(size))
        found.max_entries = int(size)
    if added or removed:
        entries = {each["Cidr"]: each for each in present}
        for each in removed:
            if each["Cidr"] not in entries:
                raise EC2ClientError(
                    "InvalidParameterValue", f"The prefix list has no entry for {each['Cidr']}."
                )
            del entries[each["Cidr"]]
        entries |= {each["Cidr"]: each for each in added}
        fits(list(entries), int(found.max_entries))
        found.version += 1
        found.entries[found.version] = list(entries.values())
    if name:
        found.prefix_list_name = name
    found.state = "modify-complete"
    return ActionResult({"PrefixList": found})


@instead(EC2Backend, "delete_managed_prefix_list")
def delete_managed_prefix_list(self, prefix_list_id):
    found = own_list(self, prefix_list_id)
    rules = (
        rule
        for groups in self.groups.values()
        for group in groups.values()
        for rule in group.ingress_rules + group.egress_rules
    )
    routes = (route for table in self.route_tables.values() for route in table.routes)
    if any(rule.prefix_list_id == prefix_list_id for rule in rules) or any(
        route.destination_prefix_list_id == prefix_list_id for route in routes
    ):
        raise DependencyViolationError(f"The prefix list {prefix_list_id} is referenced by a resource.")
    del self.managed_prefix_lists[prefix_list_id]
    self.tags.pop(prefix_list_id, None)
    found.state = "delete-in-progress"
    return found


@around(VPCs, "get_managed_prefix_list_entries")
def get_managed_prefix_list_entries(original, self):
    own_list(self.ec2_backend, self._get_param("PrefixListId"))
    return original(self)

"""Records of a zone change all together or not at all, and name, type and identifier distinguish them.

moto compares a change with a journal of earlier ones, deletes all records that share an identifier, does not look
records up by it, and forgets two ways of routing.
"""

from moto.core.responses import ActionResult
from moto.route53.exceptions import DnsNameInvalidForZone, Route53ClientError
from moto.route53.models import RecordSet, Route53Backend, reverse_domain_name
from moto.route53.responses import Route53
from moto.route53.utils import validate_domain_name

from floorplan_sandbox.patch import around, instead

COMPARED = ("type", "ttl", "records", "alias_target", "weight", "region", "failover")


class InvalidChangeBatch(Route53ClientError):
    def __init__(self, problems: list[str]) -> None:
        super().__init__("InvalidChangeBatch", f"[{', '.join(problems)}]")


@around(RecordSet, "__init__")
def build(original, self, kwargs):
    original(self, kwargs)
    self.cidr_routing_config = kwargs.get("CidrRoutingConfig")
    self.geo_proximity_location = kwargs.get("GeoProximityLocation")


def written(name: str) -> str:
    """A name as AWS writes it."""
    return name.lower().rstrip(".").replace("*", "\\052") + "."


def place(record) -> tuple:
    return reverse_domain_name(record.name), record.type or "", record.set_identifier or ""


def wanted(zone, given: dict) -> RecordSet:
    validate_domain_name(given["Name"], code="InvalidChangeBatch")
    name, end = written(given["Name"]), written(zone.name)
    if name != end and not name.endswith(f".{end}"):
        raise DnsNameInvalidForZone(name=name, zone_name=zone.name)
    records = [each["Value"] for each in given.get("ResourceRecords") or []]
    return RecordSet({**given, "Name": name, "ResourceRecords": records})


def apply(zone, held: list, action: str, record) -> str | None:
    """Makes one change in a list of records; says what is wrong with it."""
    same = [each for each in held if place(each) == place(record)]
    record_set = f"resource record set [name='{record.name}', type='{record.type}'"
    record_set += f", set identifier='{record.set_identifier}']" if record.set_identifier else "]"
    if action == "DELETE":
        if not same:
            return f"Tried to delete {record_set} but it was not found"
        if any(getattr(same[0], name) != getattr(record, name) for name in COMPARED):
            return f"Tried to delete {record_set} but the values provided do not match the current values"
        if record.type in ("NS", "SOA") and written(record.name) == written(zone.name):
            return f"A HostedZone must contain at least one {record.type} record for the zone itself."
        held.remove(same[0])
        return None
    if action == "CREATE" and same:
        return f"Tried to create {record_set} but it already exists"
    named = [each for each in held if each.name == record.name and each not in same]
    if any("CNAME" in (each.type, record.type) and each.type != record.type for each in named):
        return f"RRSet of type {record.type} with DNS name {record.name} is not permitted as it conflicts with other records with the same DNS name in zone {zone.name}"
    if not record.records and not record.alias_target:
        return "Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found none"
    if same:
        held.remove(same[0])
    held.append(record)
    return None


@instead(Route53Backend, "change_resource_record_sets")
def change_resource_record_sets(self, zoneid, change_list):
    zone = self.get_hosted_zone(zoneid)
    held = list(zone.rrsets)
    problems = []
    for change in change_list:
        record = wanted(zone, change["ResourceRecordSet"])
        problems.append(apply(zone, held, change["Action"], record))
    problems = [problem for problem in problems if problem]
    if problems:
        raise InvalidChangeBatch(problems)
    zone.rrsets = held


@instead(Route53, "list_resource_record_sets")
def list_resource_record_sets(self):
    zone = self.backend.get_hosted_zone(self._get_param("HostedZoneId"))
    name = self._get_param("StartRecordName")
    most = min(self._get_int_param("MaxItems", 300), 300)
    start = ()
    if name:
        kind, identifier = self._get_param("StartRecordType"), self._get_param("StartRecordIdentifier")
        start = (reverse_domain_name(written(name)), kind or "", identifier or "")
    found = sorted((record for record in zone.rrsets if place(record) >= start), key=place)
    following = found[most] if len(found) > most else None
    return ActionResult(
        {
            "ResourceRecordSets": found[:most],
            "IsTruncated": following is not None,
            "NextRecordName": following.name if following else None,
            "NextRecordType": following.type if following else None,
            "NextRecordIdentifier": following.set_identifier if following else None,
            "MaxItems": most,
        }
    )


@around(Route53Backend, "create_hosted_zone")
def create_hosted_zone(original, self, name, private_zone, caller_reference=None, **kwargs):
    if any(zone.caller_reference == caller_reference for zone in self.zones.values() if caller_reference):
        message = f"A hosted zone has already been created with the specified caller reference: {caller_reference}"
        raise Route53ClientError("HostedZoneAlreadyExists", message)
    return original(self, name, private_zone, caller_reference=caller_reference, **kwargs)


@around(Route53Backend, "delete_hosted_zone")
def delete_hosted_zone(original, self, id_):
    zone = original(self, id_)
    self.resource_tags.pop(id_.replace("/hostedzone/", ""), None)
    return zone

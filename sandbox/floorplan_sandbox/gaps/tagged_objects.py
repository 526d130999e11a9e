"""The Resource Groups Tagging API finds objects of all services by their tags.

moto's own needs packages that nothing else needs, and loads all services. This one looks into those that
were used.
What is gone or has other tags may be listed for a while as it was (the delay `staleness`), as at AWS.
"""

import json
import sys
import time
from collections.abc import Iterator

from moto import backend_index
from moto.core.exceptions import JsonRESTError
from moto.core.responses import BaseResponse
from moto.ec2.utils import EC2_PREFIX_TO_RESOURCE, get_prefix

from floorplan_sandbox.control import CONTROL
from floorplan_sandbox.service import serve

VALUES_AT_MOST = 20
FILTERS_AT_MOST = 50
PAGE = 100
# Kinds that have another name in ARNs than in moto.
KINDS = {
    "dedicated_host": "dedicated-host",
    "flow-logs": "vpc-flow-log",
    "managed-prefix-list": "prefix-list",
    "nat-gateway": "natgateway",
    "spot-instance-request": "spot-instances-request",
    "vpc-elastic-ip": "elastic-ip",
}

# By account and region: what was listed, with its tags, and when it was last there.
KEPT: dict[tuple[str, str], dict[str, tuple[dict, float]]] = {}


def backend(service: str, account: str, place: str):
    """The backend of a service; nothing if none of its calls was made yet."""
    module = sys.modules.get(f"moto.{service}.models")
    return getattr(module, f"{service.removeprefix('aws')}_backends")[account][place] if module else None


def pairs(tags: object, key: str = "Key", value: str = "Value") -> dict[str, str]:
    return dict(tags) if isinstance(tags, dict) else {each[key]: each[value] for each in tags or []}


def of_ec2(account: str, region: str) -> Iterator[tuple[str, dict]]:
    ec2 = backend("ec2", account, region)
    for name, tags in list(ec2.tags.items()) if ec2 else ():
        if kind := EC2_PREFIX_TO_RESOURCE.get(get_prefix(name)):
            yield f"arn:aws:ec2:{region}:{account}:{KINDS.get(kind, kind)}/{name}", dict(tags)


def of_services(account: str, region: str) -> Iterator[tuple[str, dict]]:
    if s3 := backend("s3", account, "aws"):
        for bucket in s3.buckets.values():
            if bucket.region_name == region:
                yield bucket.arn, s3.tagger.get_tag_dict_for_resource(bucket.arn)
    if sqs := backend("sqs", account, region):
        yield from ((queue.queue_arn, pairs(queue.tags)) for queue in sqs.queues.values())
    if sns := backend("sns", account, region):
        yield from ((topic.arn, pairs(topic._tags)) for topic in sns.topics.values())
    if logs := backend("logs", account, region):
        for group in logs.groups.values():
            arn = group.arn.removesuffix(":*")
            yield arn, pairs(logs.list_tags_for_resource(arn))
    if kms := backend("kms", account, region):
        for key in kms.list_keys():
            tags = kms.list_resource_tags(key.id).get("Tags", [])
            yield key.arn, pairs(tags, "TagKey", "TagValue")
    if functions := backend("awslambda", account, region):
        yield from ((each.function_arn, pairs(each.tags)) for each in functions.list_functions())
    if secrets := backend("secretsmanager", account, region):
        yield from ((secret.arn, pairs(secret.tags)) for secret in secrets.secrets.values())
    if elb := backend("elbv2", account, region):
        for each in (*elb.load_balancers.values(), *elb.target_groups.values()):
            yield each.arn, elb.tagging_service.get_tag_dict_for_resource(each.arn)
    if rds := backend("rds", account, region):
        for each in (*rds.clusters.values(), *rds.databases.values(), *rds.subnet_groups.values()):
            yield each.arn, pairs(each.get_tags())


def meets(tags: dict, filters: list[dict]) -> bool:
    return all(
        wanted["Key"] in tags and (not wanted.get("Values") or tags[wanted["Key"]] in wanted["Values"])
        for wanted in filters
    )


class TaggingResponse(BaseResponse):
    def __init__(self) -> None:
        super().__init__(service_name="tagging")

    def get_resources(self) -> str:
        asked = json.loads(self.body or "{}")
        filters = asked.get("TagFilters") or []
        most = max((len(each.get("Values", [])) for each in filters), default=0)
        if len(filters) > FILTERS_AT_MOST or most > VALUES_AT_MOST:
            raise JsonRESTError("InvalidParameterException", "There are too many filters or values")
        account = self.current_account
        kept = KEPT.setdefault((account, self.region), {})
        now, stale = time.monotonic(), CONTROL.delay("staleness")
        everything = (*of_ec2(account, self.region), *of_services(account, self.region))
        there = {arn: tags for arn, tags in everything if tags}
        for arn, (_, seen) in list(kept.items()):
            if arn not in there and now - seen > stale:
                del kept[arn]
        kept.update({arn: (tags, now) for arn, tags in there.items()})
        found = sorted((arn, tags) for arn, (tags, _) in kept.items() if meets(tags, filters))
        size = int(asked.get("ResourcesPerPage") or PAGE)
        start = int(asked.get("PaginationToken") or 0)
        page = found[start : start + size]
        rows = [
            {"ResourceARN": arn, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}
            for arn, tags in page
        ]
        more = str(start + size) if start + size < len(found) else ""
        return json.dumps({"ResourceTagMappingList": rows, "PaginationToken": more})


backend_index.backend_url_patterns[:] = [
    (name, pattern)
    for name, pattern in backend_index.backend_url_patterns
    if name != "resourcegroupstaggingapi"
]
serve("tagging", TaggingResponse)

"""The configurations of a bucket are given back as they were put, and S3 names what was put without a name.

moto gives some back in part (websites, replication, logging, locks, CORS, notifications), has no call for others
(metrics, tiering, who pays), deletes no inventory, shows one permission of a grant, names two owners, lets a bucket
that locks objects forget their versions, and asks whether a bucket may be logged to before its policy is there.
"""

import re
import uuid

from moto.s3.exceptions import S3ClientError
from moto.s3.models import FakeAcl, FakeBucket, FakeGrant, S3Backend
from moto.s3.responses import S3Response

from floorplan_sandbox.patch import around, instead

AS_PUT = ("accelerate", "cors", "logging", "notification", "object-lock", "replication", "website")
NAMED = ("analytics", "intelligent-tiering", "inventory", "metrics")
PAYER = "requestPayment"
OWNER_PAYS = "<RequestPaymentConfiguration><Payer>BucketOwner</Payer></RequestPaymentConfiguration>"
# What every bucket has, though nobody has put it.
EMPTY = {
    "accelerate": "<AccelerateConfiguration/>",
    "logging": "<BucketLoggingStatus/>",
    "notification": "<NotificationConfiguration/>",
}
XML = {"Content-Type": "application/xml"}
RECEIVER = re.compile(r"<((?:Topic|Queue|CloudFunction)Configuration)>(.*?)</\1>", re.DOTALL)
RULE = re.compile(r"<(Rule)>(.*?)</Rule>", re.DOTALL)


class NoSuchConfiguration(S3ClientError):
    code = 404

    def __init__(self):
        super().__init__("NoSuchConfiguration", "The specified configuration does not exist.")


def kept(bucket) -> dict:
    return bucket.__dict__.setdefault("_configurations", {})


def kind_of(querystring: dict) -> str | None:
    return next((name for name in AS_PUT if name in querystring), None)


def named_of(querystring: dict) -> str | None:
    """The key of a configuration that moto has no part in."""
    if PAYER in querystring:
        return PAYER
    found = next((name for name in NAMED if name in querystring and "id" in querystring), None)
    return found and f"{found} {querystring['id'][0]}"


def with_ids(kind: str, body: bytes) -> bytes:
    """The names that S3 gives to what has none."""
    pattern, tag = {"notification": (RECEIVER, "Id"), "replication": (RULE, "ID")}.get(kind, (None, ""))
    if pattern is None:
        return body

    def name(found: re.Match) -> str:
        outer, inner = found.groups()
        given = f"<{tag}>" in inner
        return f"<{outer}>{'' if given else f'<{tag}>{uuid.uuid4()}</{tag}>'}{inner}</{outer}>"

    return pattern.sub(name, body.decode()).encode()


@around(S3Response, "_bucket_response_put")
def bucket_response_put(original, self, request, bucket_name, querystring):
    if named := named_of(querystring):
        kept(self.backend.get_bucket(bucket_name))[named] = self.body
        return 200, {}, ""
    answer = original(self, request, bucket_name, querystring)
    if kind := kind_of(querystring):
        kept(self.backend.get_bucket(bucket_name))[kind] = with_ids(kind, self.body)
    return answer


@around(S3Response, "_bucket_response_get")
def bucket_response_get(original, self, bucket_name, querystring):
    if named := named_of(querystring):
        body = kept(self.backend.get_bucket(bucket_name)).get(named, OWNER_PAYS if named == PAYER else None)
        if body is None:
            raise NoSuchConfiguration
        return 200, XML, body
    answer = original(self, bucket_name, querystring)
    kind = kind_of(querystring)
    body = kept(self.backend.get_bucket(bucket_name)).get(kind, EMPTY.get(kind))
    return answer if body is None else (200, XML, body)


@around(S3Response, "_bucket_response_delete")
def bucket_response_delete(original, self, bucket_name, querystring):
    if named := named_of(querystring):
        if kept(self.backend.get_bucket(bucket_name)).pop(named, None) is None:
            raise NoSuchConfiguration
        return 204, {}, ""
    if kind := kind_of(querystring):
        kept(self.backend.get_bucket(bucket_name)).pop(kind, None)
    return original(self, bucket_name, querystring)


@around(FakeAcl, "__init__")
def one_permission_each(original, self, grants=None):
    original(self, grants)
    split = [FakeGrant(grant.grantees, [each]) for grant in self.grants for each in grant.permissions]
    self.grants = split


@around(S3Response, "all_buckets")
def all_buckets(original, self):
    """The owner is the one that ACLs name."""
    status, headers, body = original(self)
    owner = "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a"
    text = body if isinstance(body, str) else body.decode()
    return status, headers, text.replace("bcaf1ffd86f41161ca5fb16fd081034f", owner)


@instead(FakeBucket, "_log_permissions_enabled_acl")
def log_permissions_enabled_acl(self, target_bucket) -> bool:
    """What may be written is known when it is written."""
    return True


@around(S3Backend, "put_bucket_versioning")
def put_bucket_versioning(original, self, bucket_name, status):
    if self.get_bucket(bucket_name).object_lock_enabled and status != "Enabled":
        raise S3ClientError(
            "InvalidBucketState",
            "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.",
        )
    return original(self, bucket_name, status)

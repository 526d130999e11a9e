"""A bucket is made with tags, always encrypts, and gives its configurations back as they were put.

moto ignores tags on create, knows buckets without encryption, loses parts of lifecycles and encryption
rules that it has no use for, takes any text for a policy, and answers about versioning in another form.
"""

import json

import xmltodict
from moto.s3.exceptions import S3ClientError
from moto.s3.models import FakeBucket, S3Backend, s3_backends
from moto.s3.responses import S3Response

from floorplan_sandbox.patch import around, instead

AS_PUT = ("encryption", "lifecycle")
ENCRYPTED = (
    "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>"
    "<SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault>"
    "<BucketKeyEnabled>false</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>"
)
SMALLEST = "x-amz-transition-default-minimum-object-size"
USUAL_SMALLEST = "all_storage_classes_128K"
XML = {"Content-Type": "application/xml"}


def kept(bucket) -> dict:
    return bucket.__dict__.setdefault("_as_put", {})


def tags_of_new(body: bytes) -> dict[str, str]:
    if not body:
        return {}
    made = xmltodict.parse(body, force_list={"Tag": True}).get("CreateBucketConfiguration") or {}
    return {tag["Key"]: tag.get("Value") or "" for tag in (made.get("Tags") or {}).get("Tag", [])}


@around(S3Response, "_bucket_response_put")
def bucket_response_put(original, self, request, bucket_name, querystring):
    creates = not any(name in querystring for name in SUBRESOURCES)
    is_new = creates and bucket_name not in s3_backends.bucket_accounts
    answer = original(self, request, bucket_name, querystring)
    if is_new and bucket_name in self.backend.buckets:
        tags = tags_of_new(self.body)
        if tags:
            self.backend.put_bucket_tagging(bucket_name, tags)
    for name in AS_PUT:
        if name in querystring:
            smallest = request.headers.get(SMALLEST, USUAL_SMALLEST)
            kept(self.backend.get_bucket(bucket_name))[name] = (self.body, smallest)
    return answer


SUBRESOURCES = (
    "accelerate",
    "acl",
    "cors",
    "encryption",
    "inventory",
    "lifecycle",
    "logging",
    "notification",
    "object-lock",
    "ownershipControls",
    "policy",
    "publicAccessBlock",
    "replication",
    "requestPayment",
    "tagging",
    "versioning",
    "website",
)


@around(S3Response, "get_bucket_lifecycle")
def get_bucket_lifecycle(original, self):
    whole = original(self)
    body, smallest = kept(self.backend.get_bucket(self.bucket_name)).get("lifecycle", (None, None))
    return whole if body is None else (200, XML | {SMALLEST: smallest}, body)


@around(S3Response, "get_bucket_encryption")
def get_bucket_encryption(_original, self):
    bucket = self.backend.get_bucket(self.bucket_name)
    body = kept(bucket)["encryption"][0] if bucket.encryption else ENCRYPTED
    return 200, XML, body


@instead(S3Response, "get_bucket_versioning")
def get_bucket_versioning(self):
    status = self.backend.get_bucket_versioning(self.bucket_name)
    inner = f"<Status>{status}</Status>" if status else ""
    return 200, XML, f"<VersioningConfiguration>{inner}</VersioningConfiguration>"


@around(S3Backend, "put_bucket_policy")
def put_bucket_policy(original, self, bucket_name, policy):
    try:
        json.loads(policy)
    except ValueError:
        raise S3ClientError(
            "MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'"
        ) from None
    return original(self, bucket_name, policy)


def many(value) -> list:
    return value if isinstance(value, list) else [value]


def lets_logs_in(target_bucket, target_prefix: str | None) -> bool:
    """Whether the policy of a bucket lets the service in that writes access logs; moto fails at a principal `*`."""
    place = f"arn:{target_bucket.partition}:s3:::{target_bucket.name}"
    places = {place, f"{place}/*", f"{place}/{target_prefix or ''}*"}
    for statement in many(json.loads(target_bucket.policy)["Statement"]) if target_bucket.policy else []:
        principal = statement.get("Principal") or {}
        services = many(principal.get("Service")) if isinstance(principal, dict) else [principal]
        actions = {"s3:PutObject", "s3:*", "*"} & set(many(statement.get("Action")))
        if (
            statement.get("Effect") == "Allow"
            and {"logging.s3.amazonaws.com", "*"} & set(services)
            and actions
            and places & set(many(statement.get("Resource")))
        ):
            return True
    return False


FakeBucket._log_permissions_enabled_policy = staticmethod(lets_logs_in)

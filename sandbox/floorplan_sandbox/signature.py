"""Checks the signature of a request with botocore's own signers, as AWS checks it before all else.

The secret is known of the keys that the sandbox hands out: its own, those of tests, and those of roles that were
assumed here. A call with another key is let through, as moto lets it through, and one with the signature `x`: that of
a client of the tests, which does not sign.
"""

import base64
import hashlib
import hmac
import io
import re
import zlib

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from floorplan_sandbox import answer
from floorplan_sandbox.answer import Answer
from floorplan_sandbox.request import Request

# Key and secret are the same word.
OWN_KEYS = ("sandbox", "test")
UNSIGNED = "x"
DIGEST = re.compile(r"[0-9a-f]{64}")
PARTS = re.compile(r"(SignedHeaders|Signature)=([^,\s]+)")


def check(request: Request) -> Answer | None:
    """The refusal that AWS answers with, where the signature or a sum of the content is wrong."""
    environ = request.environ
    secret = secret_of(request.access_key)
    if secret is None or not environ.get("HTTP_AUTHORIZATION", "").startswith("AWS4-HMAC-SHA256"):
        return None
    body = content(environ)
    wrong = wrong_sum(environ, body)
    if wrong:
        return answer.error(request, *wrong)
    parts = dict(PARTS.findall(environ["HTTP_AUTHORIZATION"]))
    if parts.get("Signature") == UNSIGNED:
        return None
    if hmac.compare_digest(parts.get("Signature", ""), expected(request, secret, parts.get("SignedHeaders", ""), body)):
        return None
    message = "The request signature we calculated does not match the signature you provided."
    return answer.error(request, "AuthFailure" if request.is_ec2 else "SignatureDoesNotMatch", message, 403)


def secret_of(access_key: str) -> str | None:
    if access_key in OWN_KEYS:
        return access_key
    if not access_key.startswith("ASIA"):
        return None
    from moto.sts.models import sts_backends

    for account in list(sts_backends.values()):
        for backend in list(account.values()):
            for role in backend.assumed_roles:
                if role.access_key_id == access_key:
                    return role.secret_access_key
    return None


def content(environ: dict) -> bytes:
    """The body, which is put back."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def expected(request: Request, secret: str, signed_headers: str, body: bytes) -> str:
    environ = request.environ
    headers = {name: header(environ, name) for name in signed_headers.split(";") if name}
    url = f"http://{environ.get('HTTP_HOST', '')}{environ.get('RAW_URI') or environ.get('REQUEST_URI')}"
    made = AWSRequest(method=environ["REQUEST_METHOD"], url=url, data=body, headers=headers)
    made.context["timestamp"] = environ.get("HTTP_X_AMZ_DATE", "")
    kind = S3SigV4Auth if request.service == "s3" else SigV4Auth
    signer = kind(Credentials(request.access_key, secret), request.service, request.region)
    return signer.signature(signer.string_to_sign(made, signer.canonical_request(made)), made)


def header(environ: dict, name: str) -> str:
    key = name.upper().replace("-", "_")
    return environ.get(key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}", "")


def wrong_sum(environ: dict, body: bytes) -> tuple[str, str] | None:
    sha256 = environ.get("HTTP_X_AMZ_CONTENT_SHA256", "")
    if DIGEST.fullmatch(sha256) and sha256 != hashlib.sha256(body).hexdigest():
        message = "The provided 'x-amz-content-sha256' header does not match what was computed."
        return "XAmzContentSHA256Mismatch", message
    sums = {
        "CONTENT_MD5": hashlib.md5(body).digest(),
        "X_AMZ_CHECKSUM_CRC32": zlib.crc32(body).to_bytes(4, "big"),
        "X_AMZ_CHECKSUM_SHA1": hashlib.sha1(body).digest(),
        "X_AMZ_CHECKSUM_SHA256": hashlib.sha256(body).digest(),
    }
    for name, right in sums.items():
        given = environ.get(f"HTTP_{name}")
        if given and given != base64.b64encode(right).decode():
            return "BadDigest", f"The {name.lower().replace('_', '-')} you specified did not match what we received."
    return None

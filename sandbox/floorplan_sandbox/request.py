"""Reads from a WSGI request which AWS service and action it is for, and its parameters.

The body is put back whole, so that moto reads it as if nothing had.
"""

import io
import re
from urllib.parse import parse_qsl, urlencode

from floorplan_sandbox.control import Call

READ_ONLY = re.compile(
    r"^(Describe|Get|List|Search|Lookup|Head|Scan|Query|BatchGet|Simulate|AssumeRole|Encrypt|Decrypt|GenerateDataKey)"
)
OPERATION = re.compile(r" op/(\w+)")
CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/")


class Request:
    """A request's service, region, action and, for the form protocols, its parameters."""

    def __init__(self, environ: dict) -> None:
        self.environ = environ
        scope = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
        self.access_key, self.region, self.service = scope.groups() if scope else ("", "", "")
        self.content_type = environ.get("CONTENT_TYPE", "")
        self.form: dict[str, str] = {}
        self.query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
        if self.content_type.startswith("application/x-www-form-urlencoded"):
            length = int(environ.get("CONTENT_LENGTH") or 0)
            body = environ["wsgi.input"].read(length)
            environ["wsgi.input"] = io.BytesIO(body)
            self.form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        target = environ.get("HTTP_X_AMZ_TARGET")
        method = environ["REQUEST_METHOD"]
        named = OPERATION.search(environ.get("HTTP_USER_AGENT", ""))
        if "Action" in self.form:
            self.action = self.form["Action"]
            self.mutating = not READ_ONLY.match(self.action)
        elif target:
            self.action = target.rsplit(".", 1)[-1]
            self.mutating = not READ_ONLY.match(self.action)
        elif named:
            self.action = named.group(1)
            self.mutating = not READ_ONLY.match(self.action)
        elif "/operation/" in environ.get("PATH_INFO", ""):
            self.action = environ["PATH_INFO"].rsplit("/", 1)[-1]
            self.mutating = not READ_ONLY.match(self.action)
        else:
            self.action = f"{method} {environ.get('PATH_INFO', '/')}"
            self.mutating = method not in ("GET", "HEAD", "OPTIONS")

    @property
    def account(self) -> str:
        """What tells one caller's account from another's, as far as moto does."""
        return self.environ.get("HTTP_X_MOTO_ACCOUNT_ID", "") + self.access_key

    @property
    def is_cbor(self) -> bool:
        return self.content_type.startswith("application/cbor")

    @property
    def is_ec2(self) -> bool:
        return self.service == "ec2" and bool(self.form)

    def without(self, *names: str) -> None:
        """Removes parameters before moto sees them."""
        if any(name in self.form for name in names):
            kept = {key: value for key, value in self.form.items() if key not in names}
            body = urlencode(kept).encode()
            self.environ["wsgi.input"] = io.BytesIO(body)
            self.environ["CONTENT_LENGTH"] = str(len(body))

    def call(self) -> Call:
        return Call(self.service, self.action, self.mutating, parameters=dict(self.form) or self.query)

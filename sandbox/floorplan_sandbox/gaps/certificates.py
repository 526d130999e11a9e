"""A certificate is issued once the records that prove its domains are in a public zone, and not before. One that is
validated by email has no records; the mail is answered at once.

moto calls it issued after a minute, whatever there is, tells the time of that from the first, and knows records only.
"""

import json

from moto.acm.models import AWSCertificateManagerBackend, CertBundle
from moto.acm.responses import AWSCertificateManagerResponse
from moto.core.utils import utcnow
from moto.route53.models import route53_backends

from floorplan_sandbox.patch import around, instead


def plain(name: str) -> str:
    return name.rstrip(".").lower()


def by_email(bundle) -> bool:
    return bundle.__dict__.get("validation_method") == "EMAIL"


def records(bundle) -> set[tuple]:
    """Name and value of every alias of the public zones of the account."""
    _, partition, _, _, account, *_ = bundle.arn.split(":")
    zones = route53_backends[account][partition].zones.values()
    sets = [record for zone in zones if not zone.private_zone for record in zone.rrsets]
    return {(plain(each.name), plain(value)) for each in sets if each.type == "CNAME" for value in each.records or []}


def proven(bundle) -> bool:
    if by_email(bundle):
        return True
    present = records(bundle)
    options = bundle.describe()["Certificate"]["DomainValidationOptions"]
    needed = [option["ResourceRecord"] for option in options]
    return all((plain(each["Name"]), plain(each["Value"])) in present for each in needed)


@instead(CertBundle, "check")
def check(self):
    if self._not_valid_after(self._cert) <= utcnow():
        self.status = "EXPIRED"
    elif self.type == "AMAZON_ISSUED" and self.status == "PENDING_VALIDATION" and proven(self):
        self.status = "ISSUED"


@around(AWSCertificateManagerBackend, "list_certificates")
def list_certificates(original, self, *args, **kwargs):
    for bundle in self._certificates.values():
        bundle.check()
    return original(self, *args, **kwargs)


@around(CertBundle, "describe")
def describe(original, self):
    answer = original(self)
    if self.status == "PENDING_VALIDATION":
        answer["Certificate"].pop("IssuedAt", None)
    for option in answer["Certificate"].get("DomainValidationOptions", []) if by_email(self) else []:
        option.pop("ResourceRecord", None)
        option["ValidationMethod"] = "EMAIL"
        option["ValidationEmails"] = [f"{name}@{option['ValidationDomain']}" for name in ("admin", "hostmaster")]
    return answer


@around(AWSCertificateManagerResponse, "request_certificate")
def request_certificate(original, self):
    answer = original(self)
    if isinstance(answer, str):
        arn = json.loads(answer)["CertificateArn"]
        self.acm_backend.get_certificate(arn).validation_method = self._get_param("ValidationMethod")
    return answer

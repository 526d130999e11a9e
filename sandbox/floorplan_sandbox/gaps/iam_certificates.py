"""Server certificates have ids, times and tags of their own, and move to another path.

moto gives all of them one id and the times of an example, and cannot tag them.
"""

from datetime import datetime, timezone

from cryptography import x509
from moto.core.responses import ActionResult, EmptyResult
from moto.iam.exceptions import EntityAlreadyExists
from moto.iam.responses import IamResponse
from moto.iam.utils import random_resource_id

from floorplan_sandbox.patch import adds, around, instead


def metadata(certificate) -> dict:
    try:
        expires = x509.load_pem_x509_certificate(certificate.cert_body.encode()).not_valid_after_utc
    except ValueError:
        expires = datetime(2099, 1, 1, tzinfo=timezone.utc)
    return {
        "ServerCertificateName": certificate.cert_name,
        "Path": certificate.path,
        "Arn": certificate.arn,
        "UploadDate": certificate._uploaded,
        "ServerCertificateId": certificate._own_id,
        "Expiration": expires,
    }


def tags(response, certificate) -> list[dict]:
    return response.backend.tagger.list_tags_for_resource(certificate._own_id)["Tags"]


def named(response):
    return response.backend.get_server_certificate(response._get_param("ServerCertificateName"))


@around(IamResponse, "upload_server_certificate")
def upload_server_certificate(original, self):
    name = self._get_param("ServerCertificateName")
    if any(each.cert_name == name for each in self.backend.certificates.values()):
        raise EntityAlreadyExists(f"The Server Certificate {name} already exists.")
    original(self)
    made = named(self)
    made.path = made.path or "/"
    made._own_id = f"ASCA{random_resource_id(17).upper()}"
    made._uploaded = datetime.now(timezone.utc)
    self.backend.tagger.tag_resource(made._own_id, self._get_param("Tags", []))
    return ActionResult({"ServerCertificateMetadata": metadata(made), "Tags": tags(self, made)})


@instead(IamResponse, "list_server_certificates")
def list_server_certificates(self):
    found = [metadata(each) for each in self.backend.list_server_certificates()]
    return ActionResult({"ServerCertificateMetadataList": found, "IsTruncated": False})


@instead(IamResponse, "get_server_certificate")
def get_server_certificate(self):
    found = named(self)
    shown = {
        "ServerCertificateMetadata": metadata(found),
        "CertificateBody": found.cert_body,
        "CertificateChain": found.cert_chain or None,
        "Tags": tags(self, found),
    }
    return ActionResult({"ServerCertificate": shown})


@adds(IamResponse, "update_server_certificate")
def update_server_certificate(self):
    found = named(self)
    found.path = self._get_param("NewPath") or found.path
    found.cert_name = self._get_param("NewServerCertificateName") or found.cert_name
    return EmptyResult()


@adds(IamResponse, "tag_server_certificate")
def tag_server_certificate(self):
    self.backend.tagger.tag_resource(named(self)._own_id, self._get_param("Tags", []))
    return EmptyResult()


@adds(IamResponse, "untag_server_certificate")
def untag_server_certificate(self):
    self.backend.tagger.untag_resource_using_names(named(self)._own_id, self._get_param("TagKeys", []))
    return EmptyResult()

"""Trust stores of load balancers and what they revoke, which moto does not offer. The bundles are not read from S3."""

from moto.core.responses import ActionResult, EmptyResult
from moto.elbv2.exceptions import ELBClientError
from moto.elbv2.models import ELBv2Backend
from moto.elbv2.responses import ELBV2Response
from moto.moto_api._internal import mock_random

from floorplan_sandbox.patch import adds, around


class TrustStore:
    """The authorities whose clients are believed."""

    def __init__(self, backend, name: str, bundle: tuple) -> None:
        place = f"arn:aws:elasticloadbalancing:{backend.region_name}:{backend.account_id}"
        self.name = name
        self.trust_store_arn = f"{place}:truststore/{name}/{mock_random.get_random_hex(16)}"
        self.bundle = bundle
        self.status = "ACTIVE"
        self.number_of_ca_certificates = 1
        self.revocations: dict[int, dict] = {}

    @property
    def total_revoked_entries(self) -> int:
        return len(self.revocations)


def stores(backend) -> dict[str, TrustStore]:
    return vars(backend).setdefault("_trust_stores", {})


def bundle(response) -> tuple:
    names = ("CaCertificatesBundleS3Bucket", "CaCertificatesBundleS3Key", "CaCertificatesBundleS3ObjectVersion")
    return tuple(response._get_param(name) for name in names)


def own(response) -> TrustStore:
    found = stores(response.elbv2_backend).get(response._get_param("TrustStoreArn"))
    if found is None:
        raise ELBClientError("TrustStoreNotFound", "The specified trust store does not exist.")
    return found


@around(ELBv2Backend, "_get_resource_by_arn")
def get_resource_by_arn(original, self, arn):
    return stores(self)[arn] if arn in stores(self) else original(self, arn)


@adds(ELBV2Response, "create_trust_store")
def create_trust_store(self):
    backend = self.elbv2_backend
    name = self._get_param("Name")
    if any(store.name == name for store in stores(backend).values()):
        raise ELBClientError("DuplicateTrustStoreName", f"A trust store named '{name}' exists already.")
    made = TrustStore(backend, name, bundle(self))
    stores(backend)[made.trust_store_arn] = made
    backend.tagging_service.tag_resource(made.trust_store_arn, self._get_param("Tags", []))
    return ActionResult({"TrustStores": [made]})


@adds(ELBV2Response, "describe_trust_stores")
def describe_trust_stores(self):
    return ActionResult({"TrustStores": list(stores(self.elbv2_backend).values())})


@adds(ELBV2Response, "modify_trust_store")
def modify_trust_store(self):
    found = own(self)
    found.bundle = bundle(self)
    return ActionResult({"TrustStores": [found]})


@adds(ELBV2Response, "delete_trust_store")
def delete_trust_store(self):
    gone = stores(self.elbv2_backend).pop(own(self).trust_store_arn)
    self.elbv2_backend.tagging_service.delete_all_tags_for_resource(gone.trust_store_arn)
    return EmptyResult()


def answered(store: TrustStore, numbers: list[int]) -> list[dict]:
    return [
        {
            "TrustStoreArn": store.trust_store_arn,
            "RevocationId": number,
            "RevocationType": "CRL",
            "NumberOfRevokedEntries": 1,
        }
        for number in numbers
    ]


@adds(ELBV2Response, "add_trust_store_revocations")
def add_trust_store_revocations(self):
    store = own(self)
    numbers = []
    for content in self._get_param("RevocationContents", []):
        numbers.append(max(store.revocations, default=0) + 1)
        store.revocations[numbers[-1]] = content
    return ActionResult({"TrustStoreRevocations": answered(store, numbers)})


@adds(ELBV2Response, "describe_trust_store_revocations")
def describe_trust_store_revocations(self):
    store = own(self)
    return ActionResult({"TrustStoreRevocations": answered(store, list(store.revocations))})


@adds(ELBV2Response, "remove_trust_store_revocations")
def remove_trust_store_revocations(self):
    store = own(self)
    for number in self._get_param("RevocationIds", []):
        if store.revocations.pop(int(number), None) is None:
            raise ELBClientError("RevocationIdNotFound", f"The revocation {number} does not exist.")
    return EmptyResult()

"""Keys take material from outside, and copies of a key in other regions are objects of their own.

moto makes material for every key, knows no import, gives a copy all of the first key, and cannot decrypt
what a key of several regions encrypted.
"""

import base64
import copy
import json
import os
import struct

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from moto.kms import utils
from moto.kms.models import Key, KmsBackend, kms_backends
from moto.kms.responses import KmsResponse

from floorplan_sandbox.gaps.kms_keys import named_key, refused
from floorplan_sandbox.patch import adds, around, instead

EXTERNAL = "EXTERNAL"
WAITING = "PendingImport"
BYTES = 32


# The id of a key of several regions is longer than any other.
HEADER = struct.Struct(">40s12s16s")


@instead(utils, "_serialize_ciphertext_blob")
def serialize(ciphertext: utils.Ciphertext) -> bytes:
    header = HEADER.pack(ciphertext.key_id.encode(), ciphertext.iv, ciphertext.tag)
    return header + ciphertext.ciphertext


@instead(utils, "_deserialize_ciphertext_blob")
def deserialize(ciphertext_blob: bytes) -> utils.Ciphertext:
    key, iv, tag = HEADER.unpack(ciphertext_blob[: HEADER.size])
    return utils.Ciphertext(key.rstrip(b"\0").decode(), iv, ciphertext_blob[HEADER.size :], tag)


@around(Key, "__init__")
def build(original, self, *args, **kwargs):
    original(self, *args, **kwargs)
    self.valid_to = None
    if self.origin == EXTERNAL:
        self.key_state, self.enabled = WAITING, False


@around(Key, "to_dict")
def to_dict(original, self):
    answer = original(self)
    metadata = answer["KeyMetadata"]
    if self.origin == EXTERNAL and self.key_state != WAITING:
        till = getattr(self, "valid_to", None)
        metadata["ExpirationModel"] = "KEY_MATERIAL_EXPIRES" if till else "KEY_MATERIAL_DOES_NOT_EXPIRE"
        if till:
            metadata["ValidTo"] = till
    return answer


def external(response) -> Key:
    key = named_key(response)
    if key is None:
        raise refused("NotFoundException", f"Key '{response._get_param('KeyId')}' does not exist")
    if key.origin != EXTERNAL:
        raise refused("UnsupportedOperationException", f"{key.arn} origin is {key.origin}, not EXTERNAL.")
    return key


@adds(KmsResponse, "get_parameters_for_import")
def get_parameters_for_import(self):
    key = external(self)
    wrapping = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    token = base64.b64encode(os.urandom(32)).decode()
    key.__dict__["_import"] = (token, wrapping)
    form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    public = wrapping.public_key().public_bytes(*form)
    return json.dumps(
        {
            "KeyId": key.arn,
            "ImportToken": token,
            "PublicKey": base64.b64encode(public).decode(),
            "ParametersValidTo": 4102444800,
        }
    )


@adds(KmsResponse, "import_key_material")
def import_key_material(self):
    key = external(self)
    token, wrapping = key.__dict__.pop("_import", (None, None))
    if token is None or token != self._get_param("ImportToken"):
        raise refused("InvalidImportTokenException", "The import token is not valid.")
    sealed = base64.b64decode(self._get_param("EncryptedKeyMaterial"))
    how = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)
    try:
        material = wrapping.decrypt(sealed, how)
    except (ValueError, UnsupportedAlgorithm):
        raise refused("InvalidCiphertextException", "The key material cannot be decrypted.") from None
    if len(material) != BYTES:
        raise refused("IncorrectKeyMaterialException", f"The key material is not {BYTES} bytes long.")
    held = key.__dict__.get("_material")
    if held not in (None, material):
        raise refused("IncorrectKeyMaterialException", "The key had other material before.")
    key.__dict__["_material"] = key.key_material = material
    key.valid_to = self._get_param("ValidTo")
    if key.key_state == WAITING:
        key.key_state, key.enabled = "Enabled", True
    return json.dumps({"KeyId": key.arn})


@around(KmsResponse, "enable_key")
def enable_key(original, self):
    key = named_key(self)
    if key is not None and key.key_state == WAITING:
        raise refused("KMSInvalidStateException", f"{key.arn} is pending import.")
    return original(self)


@instead(KmsBackend, "replicate_key")
def replicate_key(self, key_id: str, replica_region: str) -> Key:
    first = self.keys[self.get_key_id(key_id)]
    if not first.multi_region or first.arn != first.multi_region_configuration["PrimaryKey"]["Arn"]:
        raise refused("UnsupportedOperationException", f"{first.arn} is not a multi-Region primary key.")
    there = kms_backends[self.account_id][replica_region]
    if first.id in there.keys:
        raise refused("AlreadyExistsException", f"{replica_region} has a replica of {first.arn} already.")
    replica = copy.copy(first)
    replica.region = replica_region
    replica.arn = first.arn.replace(self.region_name, replica_region)
    replica.grants, replica.aliases = {}, {}
    first.multi_region_configuration["ReplicaKeys"].append({"Arn": replica.arn, "Region": replica_region})
    there.keys[replica.id] = replica
    return replica


@around(Key, "to_dict")
def with_place(original, self):
    answer = original(self)
    if self.multi_region:
        shared = self.multi_region_configuration
        kind = "PRIMARY" if self.arn == shared["PrimaryKey"]["Arn"] else "REPLICA"
        answer["KeyMetadata"]["MultiRegionConfiguration"] = {**shared, "MultiRegionKeyType": kind}
    return answer


@instead(KmsResponse, "replicate_key")
def answer_replicate_key(self):
    replica = self.kms_backend.replicate_key(self._get_param("KeyId"), self._get_param("ReplicaRegion"))
    replica.policy = self._get_param("Policy") or replica.generate_default_policy()
    replica.description = self._get_param("Description") or ""
    replica.key_state, replica.enabled, replica.deletion_date = "Enabled", True, None
    there = kms_backends[self.current_account][replica.region]
    tags = self._get_param("Tags") or []
    if tags:
        there.tag_resource(replica.id, tags)
    return json.dumps(
        {
            "ReplicaKeyMetadata": replica.to_dict()["KeyMetadata"],
            "ReplicaPolicy": replica.policy,
            "ReplicaTags": tags,
        }
    )

"""User pools without the package that signs tokens, which are not offered here; all of their settings are kept.

What a change leaves out gets its default.
"""

import sys
import types


class Key:
    @staticmethod
    def import_key(_text):
        return None


def stand_in(name: str, **members) -> types.ModuleType:
    module = types.ModuleType(name)
    module.__dict__.update(members)
    return sys.modules.setdefault(name, module)


stand_in("joserfc", jwk=types.SimpleNamespace(RSAKey=Key), jwt=types.SimpleNamespace())

from moto.cognitoidp.models import (  # noqa: E402
    CognitoIdpBackend,
    CognitoIdpUserPool,
    CognitoIdpUserPoolClient,
    CognitoIdpUserPoolDomain,
)
from moto.cognitoidp.responses import CognitoIdpResponse  # noqa: E402
from moto.core.responses import ActionResult  # noqa: E402

from floorplan_sandbox.patch import adds, around  # noqa: E402

# What an update cannot change.
FIXED = ("AliasAttributes", "UsernameAttributes", "UsernameConfiguration")
ADMIN = {"AllowAdminCreateUserOnly": False, "UnusedAccountValidityDays": 7}


def defaults(config: dict) -> None:
    config.setdefault("DeletionProtection", "INACTIVE")
    config.setdefault("UserPoolTier", "ESSENTIALS")
    config["AdminCreateUserConfig"] = {**ADMIN, **(config.get("AdminCreateUserConfig") or {})}


@around(CognitoIdpUserPool, "__init__")
def __init__(original, self, account_id, region, name, extended_config):
    original(self, account_id, region, name, extended_config)
    defaults(self.extended_config)
    self.tags = dict(extended_config.get("UserPoolTags") or {})
    self.factors = {}


@around(CognitoIdpBackend, "update_user_pool")
def update_user_pool(original, self, user_pool_id, extended_config):
    pool = self.describe_user_pool(user_pool_id)
    fixed = {name: pool.extended_config[name] for name in FIXED if name in pool.extended_config}
    given = {name: value for name, value in extended_config.items() if name != "UserPoolId"}
    pool.name = given.pop("PoolName", pool.name)
    pool.mfa_config = given.pop("MfaConfiguration", "OFF")
    pool.tags = dict(given.get("UserPoolTags") or pool.tags)
    original(self, user_pool_id, {**given, **fixed})
    defaults(pool.extended_config)


@around(CognitoIdpUserPool, "to_json")
def to_json(original, self, extended=False):
    found = original(self, extended)
    if extended:
        found["UserPoolTags"] = self.tags
    return found


def own(response) -> CognitoIdpUserPool:
    pool_id = response._get_param("ResourceArn").rsplit("/", 1)[-1]
    return response.backend.describe_user_pool(pool_id)


@adds(CognitoIdpResponse, "list_tags_for_resource")
def list_tags_for_resource(self):
    return ActionResult({"Tags": own(self).tags})


@adds(CognitoIdpResponse, "tag_resource")
def tag_resource(self):
    own(self).tags.update(self._get_param("Tags"))
    return ActionResult({})


@adds(CognitoIdpResponse, "untag_resource")
def untag_resource(self):
    for key in self._get_param("TagKeys"):
        own(self).tags.pop(key, None)
    return ActionResult({})


@around(CognitoIdpResponse, "set_user_pool_mfa_config")
def set_user_pool_mfa_config(original, self):
    pool = self.backend.describe_user_pool(self._get_param("UserPoolId"))
    names = ("EmailMfaConfiguration", "WebAuthnConfiguration")
    pool.factors = {name: self._get_param(name) for name in names if self._get_param(name)}
    return original(self)


@around(CognitoIdpBackend, "get_user_pool_mfa_config")
def get_user_pool_mfa_config(original, self, user_pool_id):
    return {**original(self, user_pool_id), **self.describe_user_pool(user_pool_id).factors}


@around(CognitoIdpUserPoolClient, "__init__")
def client(original, self, user_pool_id, generate_secret, extended_config):
    original(self, user_pool_id, generate_secret, extended_config)
    for name, value in (("AccessTokenValidity", 60), ("IdTokenValidity", 60)):
        self.extended_config.setdefault(name, value)


@around(CognitoIdpUserPoolDomain, "to_json")
def domain(original, self, extended=True):
    found = original(self, extended)
    if extended:
        found["AWSAccountId"] = "123456789012"
        found["ManagedLoginVersion"] = getattr(self, "version", None) or 1
        if self.custom_domain_config:
            found["CustomDomainConfig"] = self.custom_domain_config
    return found


def keeping_version(original, self):
    answer = original(self)
    found = self.backend.user_pool_domains[self._get_param("Domain")]
    found.version = self._get_param("ManagedLoginVersion") or getattr(found, "version", None)
    return answer


around(CognitoIdpResponse, "create_user_pool_domain")(keeping_version)
around(CognitoIdpResponse, "update_user_pool_domain")(keeping_version)

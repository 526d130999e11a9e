"""Users have boundaries and keep their tags under a new name; users and groups in use stay; who vouches has tags.

moto has no boundaries of users, loses tags when a name or path changes, changes the path of a group only with its
name, deletes users with keys and groups with users, and can neither tag a SAML provider nor change the clients of an
OpenID Connect provider.
"""

import uuid

from moto.core.responses import EmptyResult
from moto.iam.exceptions import DeleteConflictException
from moto.iam.models import IAMBackend, OpenIDConnectProvider, SAMLProvider, User
from moto.iam.responses import IamResponse

from floorplan_sandbox.gaps.iam_policies import check_boundary
from floorplan_sandbox.patch import adds, around


def boundary_of(user: User) -> dict | None:
    arn = user.__dict__.get("_boundary")
    return {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn} if arn else None


adds(User, "permissions_boundary")(property(boundary_of))


@around(IamResponse, "create_user")
def create_user(original, self):
    boundary = self._get_param("PermissionsBoundary")
    check_boundary(self.backend, boundary)
    answer = original(self)
    self.backend.get_user(self._get_param("UserName"))._boundary = boundary
    return answer


@adds(IamResponse, "put_user_permissions_boundary")
def put_user_permissions_boundary(self):
    boundary = self._get_param("PermissionsBoundary")
    check_boundary(self.backend, boundary)
    self.backend.get_user(self._get_param("UserName"))._boundary = boundary
    return EmptyResult()


@adds(IamResponse, "delete_user_permissions_boundary")
def delete_user_permissions_boundary(self):
    self.backend.get_user(self._get_param("UserName"))._boundary = None
    return EmptyResult()


@around(IAMBackend, "update_user")
def update_user(original, self, user_name, new_path=None, new_user_name=None):
    user = self.get_user(user_name)
    before, tags = user.arn, user.tags or []
    original(self, user_name, new_path, new_user_name)
    if user.arn != before:
        self.tagger.delete_all_tags_for_resource(before)
        self.tagger.tag_resource(user.arn, tags)


@around(IAMBackend, "update_group")
def update_group(original, self, group_name, new_group_name, new_path):
    original(self, group_name, new_group_name, new_path)
    if new_path:
        self.get_group(new_group_name or group_name).path = new_path


@around(IAMBackend, "delete_user")
def delete_user(original, self, user_name):
    user = self.get_user(user_name)
    if user.access_keys or user.ssh_public_keys or user.password or user.signing_certificates:
        raise DeleteConflictException("Cannot delete entity, must delete its credentials first.")
    if self.get_groups_for_user(user_name):
        raise DeleteConflictException("Cannot delete entity, must remove users from group first.")
    return original(self, user_name)


@around(IAMBackend, "delete_group")
def delete_group(original, self, group_name):
    group = self.groups.get(group_name)
    if group and group.users:
        raise DeleteConflictException("Cannot delete entity, must remove users from group first.")
    if group and (group.managed_policies or group.policies):
        raise DeleteConflictException("Cannot delete entity, must detach all policies first.")
    return original(self, group_name)


@around(SAMLProvider, "__init__")
def saml_provider(original, self, *args, **kwargs):
    original(self, *args, **kwargs)
    self.saml_provider_uuid = uuid.uuid4().hex[:16].upper()
    self.tags = []


def saml_of(response: IamResponse) -> SAMLProvider:
    return response.backend.get_saml_provider(response._get_param("SAMLProviderArn"))


@around(IamResponse, "create_saml_provider")
def create_saml_provider(original, self):
    answer = original(self)
    self.backend.saml_providers[self._get_param("Name")].tags = self._get_param("Tags", [])
    return answer


@adds(IamResponse, "tag_saml_provider")
def tag_saml_provider(self):
    provider, new = saml_of(self), self._get_param("Tags", [])
    keys = {tag["Key"] for tag in new}
    provider.tags = [tag for tag in provider.tags if tag["Key"] not in keys] + new
    return EmptyResult()


@adds(IamResponse, "untag_saml_provider")
def untag_saml_provider(self):
    provider, gone = saml_of(self), self._get_param("TagKeys", [])
    provider.tags = [tag for tag in provider.tags if tag["Key"] not in gone]
    return EmptyResult()


def openid_of(response: IamResponse) -> OpenIDConnectProvider:
    return response.backend.get_open_id_connect_provider(response._get_param("OpenIDConnectProviderArn"))


@adds(IamResponse, "add_client_id_to_open_id_connect_provider")
def add_client_id(self):
    provider, client = openid_of(self), self._get_param("ClientID")
    if client not in provider.client_id_list:
        provider.client_id_list.append(client)
    return EmptyResult()


@adds(IamResponse, "remove_client_id_from_open_id_connect_provider")
def remove_client_id(self):
    provider, client = openid_of(self), self._get_param("ClientID")
    provider.client_id_list = [each for each in provider.client_id_list if each != client]
    return EmptyResult()

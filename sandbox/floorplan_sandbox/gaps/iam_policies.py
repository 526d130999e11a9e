"""Policies in use stay, and what a role names must be there.

moto deletes an attached policy and one with old versions, counts a second attachment of the same policy, and
takes a permissions boundary or a trusted role that does not exist.
"""

import json
import re

from moto.iam.exceptions import DeleteConflictException, MalformedPolicyDocument, NotFoundException
from moto.iam.models import IAMBackend

from floorplan_sandbox.patch import around

OWN_PRINCIPAL = re.compile(r"^arn:[^:]+:iam::(\d{12}):(role|user)/(?:.*/)?([^/]+)$")


def check_boundary(backend: IAMBackend, arn: str | None) -> None:
    if arn and arn not in backend.managed_policies:
        raise NotFoundException(f"Scope ARN: {arn} does not exist or is not attachable.")


def check_trust(backend: IAMBackend, document: str) -> None:
    """An error if a role or user of this account is trusted that does not exist."""
    try:
        statements = json.loads(document).get("Statement", [])
    except (AttributeError, TypeError, ValueError):
        return
    for statement in [statements] if isinstance(statements, dict) else statements:
        principal = statement.get("Principal")
        named = principal.get("AWS", []) if isinstance(principal, dict) else []
        for arn in [named] if isinstance(named, str) else named:
            found = OWN_PRINCIPAL.match(arn)
            if not found or found.group(1) != backend.account_id:
                continue
            known = backend.roles if found.group(2) == "role" else backend.users
            if all(each.name != found.group(3) for each in known.values()):
                raise MalformedPolicyDocument(f'Invalid principal in policy: "AWS":"{arn}"')


@around(IAMBackend, "create_role")
def create_role(
    original, self, role_name, assume_role_policy_document, path, permissions_boundary, *more, **named
):
    check_boundary(self, permissions_boundary)
    check_trust(self, assume_role_policy_document)
    return original(self, role_name, assume_role_policy_document, path, permissions_boundary, *more, **named)


@around(IAMBackend, "update_assume_role_policy")
def update_assume_role_policy(original, self, role_name, policy_document):
    check_trust(self, policy_document)
    return original(self, role_name, policy_document)


@around(IAMBackend, "put_role_permissions_boundary")
def put_role_permissions_boundary(original, self, role_name, permissions_boundary):
    check_boundary(self, permissions_boundary)
    return original(self, role_name, permissions_boundary)


@around(IAMBackend, "attach_role_policy")
def attach_role_policy(original, self, policy_arn, role_name):
    if policy_arn not in self.get_role(role_name).managed_policies:
        original(self, policy_arn, role_name)


@around(IAMBackend, "attach_user_policy")
def attach_user_policy(original, self, policy_arn, user_name):
    if policy_arn not in self.get_user(user_name).managed_policies:
        original(self, policy_arn, user_name)


@around(IAMBackend, "delete_policy")
def delete_policy(original, self, policy_arn):
    policy = self.get_policy(policy_arn)
    if policy.attachment_count > 0:
        raise DeleteConflictException("Cannot delete a policy attached to entities.")
    if any(role.permissions_boundary_arn == policy_arn for role in self.roles.values()):
        raise DeleteConflictException("Cannot delete a policy used as a permissions boundary.")
    if len(policy.versions) > 1:
        raise DeleteConflictException(
            "This policy has more than one version. Before you delete a policy, you must delete its "
            "versions. The default version is deleted with the policy."
        )
    return original(self, policy_arn)

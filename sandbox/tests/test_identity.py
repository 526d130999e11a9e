"""Roles and their policies."""

import json

from tests.support import SandboxTest, client

ACCOUNT = "123456789012"


def document(**statement) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow"} | statement]})


def trust(principal: dict) -> str:
    return document(Action="sts:AssumeRole", Principal=principal)


EC2 = trust({"Service": "ec2.amazonaws.com"})
READ = document(Action="s3:GetObject", Resource="*")


class Policies(SandboxTest):
    def setUp(self) -> None:
        self.iam = client("iam")

    def policy(self, name: str) -> str:
        return self.iam.create_policy(PolicyName=name, PolicyDocument=READ)["Policy"]["Arn"]

    def test_a_policy_in_use_stays(self):
        arn = self.policy("used")
        self.iam.create_role(RoleName="user-of-policy", AssumeRolePolicyDocument=EC2)
        for _ in range(2):
            self.iam.attach_role_policy(RoleName="user-of-policy", PolicyArn=arn)
        self.assertEqual(1, self.iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"])
        self.refused("DeleteConflict", self.iam.delete_policy, PolicyArn=arn)
        self.iam.detach_role_policy(RoleName="user-of-policy", PolicyArn=arn)
        self.iam.create_policy_version(PolicyArn=arn, PolicyDocument=READ, SetAsDefault=True)
        self.refused("DeleteConflict", self.iam.delete_policy, PolicyArn=arn)
        self.iam.delete_policy_version(PolicyArn=arn, VersionId="v1")
        self.iam.delete_policy(PolicyArn=arn)

    def test_a_boundary_exists_and_stays_while_it_bounds(self):
        arn = f"arn:aws:iam::{ACCOUNT}:policy/bounds"
        bounded = {"RoleName": "bounded", "AssumeRolePolicyDocument": EC2, "PermissionsBoundary": arn}
        self.refused("NoSuchEntity", self.iam.create_role, **bounded)
        self.assertEqual(arn, self.policy("bounds"))
        self.iam.create_role(**bounded)
        self.refused("DeleteConflict", self.iam.delete_policy, PolicyArn=arn)
        self.iam.delete_role(RoleName="bounded")
        self.iam.delete_policy(PolicyArn=arn)

    def test_a_trusted_role_of_the_account_exists(self):
        trusting = trust({"AWS": f"arn:aws:iam::{ACCOUNT}:role/path/trusted"})
        make = self.iam.create_role
        self.refused("MalformedPolicyDocument", make, RoleName="trusting", AssumeRolePolicyDocument=trusting)
        make(RoleName="trusted", Path="/path/", AssumeRolePolicyDocument=EC2)
        make(RoleName="trusting", AssumeRolePolicyDocument=trusting)
        elsewhere = trust({"AWS": ["arn:aws:iam::111122223333:role/theirs", ACCOUNT]})
        self.iam.update_assume_role_policy(RoleName="trusting", PolicyDocument=elsewhere)

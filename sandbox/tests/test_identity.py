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


class People(SandboxTest):
    def setUp(self) -> None:
        self.iam = client("iam")

    def test_a_user_keeps_its_tags_under_a_new_name_and_stays_while_it_has_a_key(self):
        self.iam.create_user(UserName="p-ann", Tags=[{"Key": "a", "Value": "1"}])
        self.iam.update_user(UserName="p-ann", NewUserName="p-eve", NewPath="/x/")
        self.assertEqual([{"Key": "a", "Value": "1"}], self.iam.get_user(UserName="p-eve")["User"]["Tags"])
        key = self.iam.create_access_key(UserName="p-eve")["AccessKey"]["AccessKeyId"]
        self.refused("DeleteConflict", self.iam.delete_user, UserName="p-eve")
        self.iam.delete_access_key(UserName="p-eve", AccessKeyId=key)
        self.iam.delete_user(UserName="p-eve")

    def test_a_user_can_have_a_boundary(self):
        arn = self.iam.create_policy(PolicyName="p-bound", PolicyDocument=READ)["Policy"]["Arn"]
        self.iam.create_user(UserName="p-bob", PermissionsBoundary=arn)
        found = self.iam.get_user(UserName="p-bob")["User"]["PermissionsBoundary"]
        self.assertEqual(arn, found["PermissionsBoundaryArn"])
        self.iam.delete_user_permissions_boundary(UserName="p-bob")
        self.assertNotIn("PermissionsBoundary", self.iam.get_user(UserName="p-bob")["User"])
        self.refused(
            "NoSuchEntity", self.iam.put_user_permissions_boundary, UserName="p-bob", PermissionsBoundary=f"{arn}x"
        )

    def test_a_group_with_users_stays_and_gets_another_path(self):
        self.iam.create_group(GroupName="p-ops")
        self.iam.create_user(UserName="p-kim")
        self.iam.add_user_to_group(GroupName="p-ops", UserName="p-kim")
        self.iam.update_group(GroupName="p-ops", NewPath="/x/")
        self.assertEqual("/x/", self.iam.get_group(GroupName="p-ops")["Group"]["Path"])
        self.refused("DeleteConflict", self.iam.delete_group, GroupName="p-ops")
        self.refused("DeleteConflict", self.iam.delete_user, UserName="p-kim")

    def test_providers_have_tags_and_clients(self):
        document, tags = "x" * 1000, [{"Key": "a", "Value": "1"}]
        made = self.iam.create_saml_provider(Name="p-corp", SAMLMetadataDocument=document, Tags=tags)
        one = {"SAMLProviderArn": made["SAMLProviderArn"]}
        self.iam.tag_saml_provider(**one, Tags=[{"Key": "b", "Value": "2"}])
        self.iam.untag_saml_provider(**one, TagKeys=["a"])
        found = self.iam.get_saml_provider(**one)
        self.assertEqual([{"Key": "b", "Value": "2"}], found["Tags"])
        self.assertTrue(found["SAMLProviderUUID"])

        made = self.iam.create_open_id_connect_provider(
            Url="https://p.example.com", ClientIDList=["a"], ThumbprintList=["a" * 40]
        )
        one = {"OpenIDConnectProviderArn": made["OpenIDConnectProviderArn"]}
        self.iam.add_client_id_to_open_id_connect_provider(**one, ClientID="b")
        self.iam.remove_client_id_from_open_id_connect_provider(**one, ClientID="a")
        self.assertEqual(["b"], self.iam.get_open_id_connect_provider(**one)["ClientIDList"])

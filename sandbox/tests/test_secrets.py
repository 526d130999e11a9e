"""Keys, aliases and secrets as AWS documents them: what their states allow, and what is given back."""

import uuid

from tests.support import SandboxTest, client


class Keys(SandboxTest):
    def setUp(self) -> None:
        self.kms = client("kms")

    def make(self, **arguments) -> str:
        return self.kms.create_key(**arguments)["KeyMetadata"]["KeyId"]

    def test_a_key_is_rotated_in_the_period_that_was_asked_for(self):
        key = self.make()
        self.assertFalse(self.kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"])
        self.kms.enable_key_rotation(KeyId=key)
        self.assertEqual(365, self.kms.get_key_rotation_status(KeyId=key)["RotationPeriodInDays"])
        self.kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=180)
        self.assertEqual(180, self.kms.get_key_rotation_status(KeyId=key)["RotationPeriodInDays"])
        self.refused("ValidationException", self.kms.enable_key_rotation, KeyId=key, RotationPeriodInDays=3000)

    def test_only_enabled_symmetric_keys_are_rotated(self):
        pair = self.make(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
        self.refused("UnsupportedOperationException", self.kms.enable_key_rotation, KeyId=pair)
        self.refused("UnsupportedOperationException", self.kms.get_key_rotation_status, KeyId=pair)
        key = self.make()
        self.kms.disable_key(KeyId=key)
        self.refused("DisabledException", self.kms.enable_key_rotation, KeyId=key)

    def test_a_key_that_is_pending_deletion_is_looked_at_and_no_more(self):
        key, other = self.make(), self.make()
        self.kms.create_alias(AliasName="alias/pending", TargetKeyId=other)
        self.refused("ValidationException", self.kms.schedule_key_deletion, KeyId=key, PendingWindowInDays=3)
        self.kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
        self.assertEqual("PendingDeletion", self.kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"])
        self.assertFalse(self.kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"])
        self.kms.get_key_policy(KeyId=key, PolicyName="default")
        state = "KMSInvalidStateException"
        self.refused(state, self.kms.schedule_key_deletion, KeyId=key)
        self.refused(state, self.kms.enable_key, KeyId=key)
        self.refused(state, self.kms.update_key_description, KeyId=key, Description="x")
        self.refused(state, self.kms.tag_resource, KeyId=key, Tags=[{"TagKey": "a", "TagValue": "b"}])
        self.refused(state, self.kms.create_alias, AliasName="alias/x", TargetKeyId=key)
        self.refused(state, self.kms.update_alias, AliasName="alias/pending", TargetKeyId=key)

    def test_an_alias_is_there_once(self):
        key = self.make()
        self.kms.create_alias(AliasName="alias/once", TargetKeyId=key)
        self.refused("AlreadyExistsException", self.kms.create_alias, AliasName="alias/once", TargetKeyId=key)
        self.kms.delete_alias(AliasName="alias/once")
        self.refused("NotFoundException", self.kms.delete_alias, AliasName="alias/once")


class Secrets(SandboxTest):
    def setUp(self) -> None:
        self.secrets = client("secretsmanager")
        self.name = f"secret-{uuid.uuid4()}"
        self.arn = self.secrets.create_secret(Name=self.name, Description="one", SecretString="a")["ARN"]

    def test_a_secret_that_is_scheduled_for_deletion_keeps_its_name_and_refuses_all_else(self):
        self.secrets.delete_secret(SecretId=self.arn, RecoveryWindowInDays=7)
        self.assertIn("DeletedDate", self.secrets.describe_secret(SecretId=self.arn))
        code = "InvalidRequestException"
        found = self.refused(code, self.secrets.create_secret, Name=self.name)
        self.assertIn("already scheduled for deletion", str(found))
        self.refused(code, self.secrets.get_secret_value, SecretId=self.arn)
        self.refused(code, self.secrets.put_secret_value, SecretId=self.arn, SecretString="b")
        self.refused(code, self.secrets.get_resource_policy, SecretId=self.arn)
        self.refused(code, self.secrets.tag_resource, SecretId=self.arn, Tags=[{"Key": "a", "Value": "b"}])
        self.secrets.restore_secret(SecretId=self.arn)
        self.secrets.tag_resource(SecretId=self.arn, Tags=[{"Key": "a", "Value": "b"}])

    def test_without_a_recovery_window_the_name_is_free_again(self):
        self.secrets.delete_secret(SecretId=self.arn, ForceDeleteWithoutRecovery=True)
        self.refused("ResourceNotFoundException", self.secrets.describe_secret, SecretId=self.arn)
        self.secrets.create_secret(Name=self.name)

    def test_a_description_can_be_taken_away_and_versions_name_their_secret(self):
        self.secrets.update_secret(SecretId=self.arn, Description="")
        self.assertNotIn("Description", self.secrets.describe_secret(SecretId=self.arn))
        self.assertEqual(self.arn, self.secrets.list_secret_version_ids(SecretId=self.name)["ARN"])

    def test_a_replica_has_a_key(self):
        regions = [{"Region": "us-east-1", "KmsKeyId": "alias/mine"}, {"Region": "eu-central-1"}]
        self.secrets.replicate_secret_to_regions(SecretId=self.arn, AddReplicaRegions=regions)
        found = self.secrets.describe_secret(SecretId=self.arn)["ReplicationStatus"]
        keys = {each["Region"]: each["KmsKeyId"] for each in found}
        self.assertEqual({"us-east-1": "alias/mine", "eu-central-1": "alias/aws/secretsmanager"}, keys)


class Rotation(SandboxTest):
    def test_a_secret_is_rotated_by_a_function_that_is_not_run(self):
        secrets = client("secretsmanager")
        name = secrets.create_secret(Name="rotated", SecretString="a")["ARN"]
        function = "arn:aws:lambda:eu-west-1:123456789012:function:rotate"
        rules = {"AutomaticallyAfterDays": 30}
        secrets.rotate_secret(SecretId=name, RotationLambdaARN=function, RotationRules=rules)
        found = secrets.describe_secret(SecretId=name)
        self.assertTrue(found["RotationEnabled"])
        self.assertEqual((function, rules), (found["RotationLambdaARN"], found["RotationRules"]))
        self.assertEqual("a", secrets.get_secret_value(SecretId=name)["SecretString"])
        secrets.cancel_rotate_secret(SecretId=name)
        self.assertFalse(secrets.describe_secret(SecretId=name)["RotationEnabled"])

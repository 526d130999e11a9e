"""Buckets as AWS documents them: tags on create, encryption always, configurations as they were put."""

import uuid

from tests.support import REGION, SandboxTest, client


class Buckets(SandboxTest):
    def setUp(self) -> None:
        self.s3 = client("s3")
        self.name = f"bucket-{uuid.uuid4()}"
        place = {"LocationConstraint": REGION, "Tags": [{"Key": "team", "Value": "ops"}]}
        self.s3.create_bucket(Bucket=self.name, CreateBucketConfiguration=place)

    def test_tags_on_create_are_kept(self):
        found = self.s3.get_bucket_tagging(Bucket=self.name)["TagSet"]
        self.assertEqual([{"Key": "team", "Value": "ops"}], found)

    def test_a_bucket_that_is_there_already_keeps_its_tags(self):
        first = client("s3", region="us-east-1")
        name = f"bucket-{uuid.uuid4()}"
        for owner in ("a", "b"):
            tags = {"Tags": [{"Key": "owner", "Value": owner}]}
            first.create_bucket(Bucket=name, CreateBucketConfiguration=tags)
        self.assertEqual("a", first.get_bucket_tagging(Bucket=name)["TagSet"][0]["Value"])

    def test_a_bucket_always_encrypts(self):
        def rule() -> dict:
            found = self.s3.get_bucket_encryption(Bucket=self.name)
            return found["ServerSideEncryptionConfiguration"]["Rules"][0]

        self.assertEqual("AES256", rule()["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"])
        wanted = {
            "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "k"},
            "BucketKeyEnabled": True,
            "BlockedEncryptionTypes": {"EncryptionType": ["SSE-C"]},
        }
        self.s3.put_bucket_encryption(
            Bucket=self.name, ServerSideEncryptionConfiguration={"Rules": [wanted]}
        )
        self.assertEqual(wanted, rule())
        self.s3.put_object(Bucket=self.name, Key="a", Body=b"a")
        self.s3.delete_bucket_encryption(Bucket=self.name)
        self.assertEqual("AES256", rule()["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"])

    def test_a_lifecycle_is_given_back_as_it_was_put(self):
        rule = {
            "ID": "a",
            "Status": "Enabled",
            "Filter": {"ObjectSizeGreaterThan": 5},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 3, "NewerNoncurrentVersions": 2},
        }
        put = self.s3.put_bucket_lifecycle_configuration
        put(Bucket=self.name, LifecycleConfiguration={"Rules": [rule]})
        found = self.s3.get_bucket_lifecycle_configuration(Bucket=self.name)
        self.assertEqual([rule], found["Rules"])
        self.assertEqual("all_storage_classes_128K", found["TransitionDefaultMinimumObjectSize"])
        self.s3.delete_bucket_lifecycle(Bucket=self.name)
        self.refused(
            "NoSuchLifecycleConfiguration", self.s3.get_bucket_lifecycle_configuration, Bucket=self.name
        )

    def test_a_policy_is_a_document(self):
        self.refused("MalformedPolicy", self.s3.put_bucket_policy, Bucket=self.name, Policy="no document")

    def test_what_holds_old_versions_or_markers_is_not_empty(self):
        self.s3.put_bucket_versioning(Bucket=self.name, VersioningConfiguration={"Status": "Enabled"})
        self.s3.put_object(Bucket=self.name, Key="a", Body=b"a")
        self.s3.delete_object(Bucket=self.name, Key="a")
        self.refused("BucketNotEmpty", self.s3.delete_bucket, Bucket=self.name)
        found = self.s3.list_object_versions(Bucket=self.name)
        for each in found["Versions"] + found["DeleteMarkers"]:
            self.s3.delete_object(Bucket=self.name, Key=each["Key"], VersionId=each["VersionId"])
        self.s3.delete_bucket(Bucket=self.name)


class Configurations(SandboxTest):
    def setUp(self) -> None:
        self.s3 = client("s3")
        self.name = f"bucket-{uuid.uuid4()}"
        self.s3.create_bucket(Bucket=self.name, CreateBucketConfiguration={"LocationConstraint": REGION})

    def test_a_new_bucket_notifies_nobody_and_logs_nothing(self):
        self.assertNotIn("LoggingEnabled", self.s3.get_bucket_logging(Bucket=self.name))
        found = self.s3.get_bucket_notification_configuration(Bucket=self.name)
        self.assertNotIn("EventBridgeConfiguration", found)
        self.assertNotIn("Status", self.s3.get_bucket_accelerate_configuration(Bucket=self.name))
        self.assertEqual("BucketOwner", self.s3.get_bucket_request_payment(Bucket=self.name)["Payer"])

    def test_receivers_and_rules_are_named(self):
        topic = {"TopicArn": f"arn:aws:sns:{REGION}:123456789012:t", "Events": ["s3:ObjectCreated:*"]}
        self.s3.put_bucket_notification_configuration(
            Bucket=self.name, NotificationConfiguration={"TopicConfigurations": [topic]}
        )
        found = self.s3.get_bucket_notification_configuration(Bucket=self.name)
        self.assertTrue(found["TopicConfigurations"][0]["Id"])

    def test_metrics_have_names_and_can_be_deleted(self):
        one = {"Bucket": self.name, "Id": "all"}
        self.refused("NoSuchConfiguration", self.s3.get_bucket_metrics_configuration, **one)
        self.s3.put_bucket_metrics_configuration(**one, MetricsConfiguration={"Id": "all"})
        found = self.s3.get_bucket_metrics_configuration(**one)
        self.assertEqual("all", found["MetricsConfiguration"]["Id"])
        self.s3.delete_bucket_metrics_configuration(**one)
        self.refused("NoSuchConfiguration", self.s3.delete_bucket_metrics_configuration, **one)

    def test_an_acl_names_the_owner_of_the_buckets(self):
        self.s3.put_bucket_acl(Bucket=self.name, ACL="log-delivery-write")
        found = self.s3.get_bucket_acl(Bucket=self.name)
        self.assertEqual(self.s3.list_buckets()["Owner"]["ID"], found["Owner"]["ID"])
        self.assertEqual(3, len(found["Grants"]))

    def test_a_bucket_that_locks_objects_keeps_their_versions(self):
        name = f"bucket-{uuid.uuid4()}"
        place = {"LocationConstraint": REGION}
        self.s3.create_bucket(
            Bucket=name, CreateBucketConfiguration=place, ObjectLockEnabledForBucket=True
        )
        off = {"Status": "Suspended"}
        self.refused(
            "InvalidBucketState",
            self.s3.put_bucket_versioning,
            Bucket=name,
            VersioningConfiguration=off,
        )
        self.s3.put_bucket_versioning(Bucket=self.name, VersioningConfiguration=off)
        to = {"TargetBucket": name, "TargetPrefix": ""}
        self.s3.put_bucket_logging(Bucket=self.name, BucketLoggingStatus={"LoggingEnabled": to})

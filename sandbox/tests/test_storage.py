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

"""A call is refused where its signature, a sum or its form is not what AWS publishes."""

import unittest

import boto3
from botocore.config import Config

from tests.support import REGION, SandboxTest, client, endpoint


class Signatures(SandboxTest):
    def with_keys(self, service: str, key: str, secret: str, token: str | None = None):
        keys = {"aws_access_key_id": key, "aws_secret_access_key": secret, "aws_session_token": token}
        once = Config(retries={"max_attempts": 0})
        return boto3.client(service, region_name=REGION, endpoint_url=endpoint(), config=once, **keys)

    def test_a_wrong_secret_is_refused(self):
        for service, operation, code in (
            ("ec2", "describe_vpcs", "AuthFailure"),
            ("s3", "list_buckets", "SignatureDoesNotMatch"),
            ("sns", "list_topics", "SignatureDoesNotMatch"),
        ):
            getattr(self.with_keys(service, "test", "test"), operation)()
            self.refused(code, getattr(self.with_keys(service, "test", "other"), operation))

    def test_a_session_of_a_role_signs_with_its_own_secret(self):
        arn = "arn:aws:iam::111122223333:role/reader"
        session = client("sts").assume_role(RoleArn=arn, RoleSessionName="session")["Credentials"]
        key, secret, token = session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"]
        self.with_keys("ec2", key, secret, token).describe_vpcs()
        self.refused("AuthFailure", self.with_keys("ec2", key, "other", token).describe_vpcs)

    def test_keys_with_unusual_letters_are_signed(self):
        s3 = client("s3")
        s3.create_bucket(Bucket="letters", CreateBucketConfiguration={"LocationConstraint": REGION})
        for key in ("a b/c+d", "ü/~x", "a//b", "./x", "a=b&c"):
            s3.put_object(Bucket="letters", Key=key, Body=b"x")
            self.assertEqual(b"x", s3.get_object(Bucket="letters", Key=key)["Body"].read())


class Forms(SandboxTest):
    def test_what_the_model_of_s3_does_not_know_is_refused(self):
        s3 = client("s3")
        s3.create_bucket(Bucket="forms", CreateBucketConfiguration={"LocationConstraint": REGION})

        def send(body: str):
            other = client("s3")
            other.meta.events.register("before-call.s3", lambda params, **_: params.update(body=body.encode()))
            return other.put_bucket_versioning(Bucket="forms", VersioningConfiguration={"Status": "Enabled"})

        send("<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>")
        for root, element, value in (
            ("VersioningConfiguration", "State", "Enabled"),
            ("VersioningConfiguration", "Status", "On"),
            ("Versioning", "Status", "Enabled"),
        ):
            self.refused("MalformedXML", send, body=f"<{root}><{element}>{value}</{element}></{root}>")

    def test_a_sum_that_is_wrong_is_refused(self):
        s3 = client("s3")
        s3.create_bucket(Bucket="sums", CreateBucketConfiguration={"LocationConstraint": REGION})
        wrong = "AAAAAA=="
        self.refused("BadDigest", s3.put_object, Bucket="sums", Key="k", Body=b"x", ChecksumCRC32=wrong)


if __name__ == "__main__":
    unittest.main()

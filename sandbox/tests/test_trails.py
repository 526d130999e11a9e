"""CloudTrail: a trail is known by its ARN, its name is taken once, and its selectors are those that were put last."""

from tests.support import SandboxTest, client


class Trails(SandboxTest):
    def test_a_trail_is_changed_and_goes_by_its_arn(self):
        client("s3").create_bucket(Bucket="trail", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        trails = client("cloudtrail")
        arn = trails.create_trail(Name="one", S3BucketName="trail")["TrailARN"]
        call = trails.create_trail
        self.refused("TrailAlreadyExistsException", call, Name="one", S3BucketName="trail")
        trails.start_logging(Name=arn)
        self.assertTrue(trails.get_trail_status(Name=arn)["IsLogging"])
        selector = {"ReadWriteType": "ReadOnly", "IncludeManagementEvents": True, "DataResources": []}
        trails.put_event_selectors(TrailName=arn, EventSelectors=[selector])
        self.assertTrue(trails.get_trail(Name=arn)["Trail"]["HasCustomEventSelectors"])
        trails.put_event_selectors(TrailName=arn, EventSelectors=[{**selector, "ReadWriteType": "All"}])
        self.assertFalse(trails.get_trail(Name=arn)["Trail"]["HasCustomEventSelectors"])
        for kind in ("ApiCallRateInsight", "ApiErrorRateInsight"):
            trails.put_insight_selectors(TrailName=arn, InsightSelectors=[{"InsightType": kind}])
        found = trails.get_insight_selectors(TrailName=arn)["InsightSelectors"]
        self.assertEqual(found, [{"InsightType": "ApiErrorRateInsight"}])
        trails.delete_trail(Name=arn)
        self.refused("TrailNotFoundException", trails.get_trail, Name=arn)

"""Placement groups, capacity reservations, trust stores and event subscriptions."""

from tests.support import SandboxTest, client


class Capacity(SandboxTest):
    def test_a_placement_group_is_made_once_and_found(self):
        ec2 = client("ec2")
        tags = [{"ResourceType": "placement-group", "Tags": [{"Key": "a", "Value": "b"}]}]
        made = ec2.create_placement_group(GroupName="x", Strategy="spread", TagSpecifications=tags)
        self.assertEqual(made["PlacementGroup"]["SpreadLevel"], "rack")
        found = ec2.describe_placement_groups(Filters=[{"Name": "tag:a", "Values": ["b"]}])
        self.assertEqual([each["GroupName"] for each in found["PlacementGroups"]], ["x"])
        ec2.delete_placement_group(GroupName="x")
        self.assertEqual(ec2.describe_placement_groups()["PlacementGroups"], [])

    def test_a_reservation_changes_its_size(self):
        ec2 = client("ec2")
        place = {"InstanceType": "t3.micro", "InstancePlatform": "Linux/UNIX", "AvailabilityZone": "eu-west-1a"}
        made = ec2.create_capacity_reservation(InstanceCount=1, **place)["CapacityReservation"]
        name = made["CapacityReservationId"]
        ec2.modify_capacity_reservation(CapacityReservationId=name, InstanceCount=3)
        found = ec2.describe_capacity_reservations()["CapacityReservations"]
        self.assertEqual([each["TotalInstanceCount"] for each in found], [3])
        ec2.cancel_capacity_reservation(CapacityReservationId=name)

    def test_a_trust_store_revokes_and_forgets(self):
        elb = client("elbv2")
        place = {"CaCertificatesBundleS3Bucket": "b", "CaCertificatesBundleS3Key": "k"}
        arn = elb.create_trust_store(Name="x", **place)["TrustStores"][0]["TrustStoreArn"]
        elb.add_trust_store_revocations(TrustStoreArn=arn, RevocationContents=[{"S3Bucket": "b", "S3Key": "c"}])
        found = elb.describe_trust_store_revocations(TrustStoreArn=arn)["TrustStoreRevocations"]
        self.assertEqual([each["RevocationId"] for each in found], [1])
        elb.remove_trust_store_revocations(TrustStoreArn=arn, RevocationIds=[1])
        self.assertEqual(elb.describe_trust_store_revocations(TrustStoreArn=arn)["TrustStoreRevocations"], [])
        elb.delete_trust_store(TrustStoreArn=arn)

    def test_an_event_subscription_changes(self):
        rds = client("rds")
        topic = "arn:aws:sns:eu-west-1:123456789012:x"
        rds.create_event_subscription(SubscriptionName="x", SnsTopicArn=topic, SourceType="db-instance", SourceIds=["a"])
        rds.modify_event_subscription(SubscriptionName="x", EventCategories=["failover"], Enabled=False)
        rds.add_source_identifier_to_subscription(SubscriptionName="x", SourceIdentifier="b")
        found = rds.describe_event_subscriptions()["EventSubscriptionsList"][0]
        self.assertEqual(found["SourceIdsList"], ["a", "b"])
        self.assertEqual((found["Enabled"], found["EventCategoriesList"]), (False, ["failover"]))
        rds.delete_event_subscription(SubscriptionName="x")

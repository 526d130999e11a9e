"""Objects of all services are found by their tags."""

from tests.support import SandboxTest, client, control

TAGS = {"Owner": "ops", "Fleet": "one"}
PAIRS = [{"Key": key, "Value": value} for key, value in TAGS.items()]


class TaggedObjects(SandboxTest):
    def setUp(self) -> None:
        self.tagging = client("resourcegroupstaggingapi")

    def found(self, **tags: str) -> list[str]:
        filters = [{"Key": key, "Values": [value] if value else []} for key, value in tags.items()]
        pages = self.tagging.get_paginator("get_resources").paginate(TagFilters=filters)
        rows = [row["ResourceARN"] for page in pages for row in page["ResourceTagMappingList"]]
        return sorted(arn.split(":", 2)[2].split(":123456789012:")[-1] for arn in rows)

    def test_objects_are_found_by_all_of_the_tags(self):
        vpc = self.vpc()
        self.ec2.create_tags(Resources=[vpc], Tags=PAIRS)
        client("sqs").create_queue(QueueName="jobs", tags=TAGS)
        client("sqs").create_queue(QueueName="other", tags={"Owner": "me", "Fleet": "one"})
        buckets = client("s3")
        place = {"LocationConstraint": "eu-west-1"}
        buckets.create_bucket(Bucket="tagged-objects", CreateBucketConfiguration=place)
        buckets.put_bucket_tagging(Bucket="tagged-objects", Tagging={"TagSet": PAIRS})
        client("logs").create_log_group(logGroupName="/a/b", tags=TAGS)
        expected = ["jobs", "log-group:/a/b", "s3:::tagged-objects", f"vpc/{vpc}"]
        self.assertEqual(expected, self.found(Owner="ops", Fleet="one"))
        self.assertEqual(sorted([*expected, "other"]), self.found(Fleet=""))
        self.assertEqual([], self.found(Fleet="two"))
        address = self.ec2.allocate_address(Domain="vpc")["AllocationId"]
        entries = self.ec2.create_managed_prefix_list(PrefixListName="l", MaxEntries=1, AddressFamily="IPv4")
        numbers = entries["PrefixList"]["PrefixListId"]
        self.ec2.create_tags(Resources=[address, numbers], Tags=[{"Key": "Kind", "Value": "named"}])
        self.assertEqual([f"elastic-ip/{address}", f"prefix-list/{numbers}"], self.found(Kind="named"))
        many = [{"Key": "Fleet", "Values": [str(n) for n in range(21)]}]
        self.refused("InvalidParameterException", self.tagging.get_resources, TagFilters=many)

    def test_what_is_gone_may_be_listed_for_a_while(self):
        queues = client("sqs")
        url = queues.create_queue(QueueName="short", tags={"Fleet": "short"})["QueueUrl"]
        control("POST", "delays", {"staleness": 30})
        self.assertEqual(["short"], self.found(Fleet="short"))
        queues.delete_queue(QueueUrl=url)
        self.assertEqual(["short"], self.found(Fleet="short"))
        control("POST", "delays", {"staleness": 0})
        self.assertEqual([], self.found(Fleet="short"))

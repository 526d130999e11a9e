"""Service Quotas: more is granted or waits, and only one request is open at a time."""

from tests.support import SandboxTest, client


class Quotas(SandboxTest):
    def test_a_moderate_wish_is_granted(self):
        quotas = client("service-quotas", "eu-west-2")
        by = {"ServiceCode": "vpc", "QuotaCode": "L-F678F1CE"}
        value = quotas.get_aws_default_service_quota(**by)["Quota"]["Value"]
        made = quotas.request_service_quota_increase(**by, DesiredValue=value + 2)["RequestedQuota"]
        self.assertEqual(made["Status"], "APPROVED")
        self.assertEqual(quotas.get_service_quota(**by)["Quota"]["Value"], value + 2)
        made = quotas.request_service_quota_increase(**by, DesiredValue=100 * value)["RequestedQuota"]
        self.assertEqual(made["Status"], "PENDING")
        call = quotas.request_service_quota_increase
        self.refused("ResourceAlreadyExistsException", call, **by, DesiredValue=200 * value)
        found = quotas.list_requested_service_quota_change_history_by_quota(**by)["RequestedQuotas"]
        self.assertEqual([each["Status"] for each in found], ["APPROVED", "PENDING"])

"""Hosted zones, their records, and the certificates that records prove."""

import time

from tests.support import SandboxTest, client


class NamesTest(SandboxTest):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.route53 = client("route53")
        cls.acm = client("acm")

    def setUp(self) -> None:
        self.domain = f"n{time.monotonic_ns()}.example"
        made = self.route53.create_hosted_zone(Name=self.domain, CallerReference=self.domain)
        self.zone = made["HostedZone"]["Id"].removeprefix("/hostedzone/")

    def record(self, name: str = "www", kind: str = "A", value: str = "10.0.0.1", **more) -> dict:
        records = [{"Value": value}]
        return {"Name": f"{name}.{self.domain}", "Type": kind, "TTL": 60, "ResourceRecords": records, **more}

    def change(self, *changes: tuple[str, dict]) -> None:
        batch = {"Changes": [{"Action": action, "ResourceRecordSet": record} for action, record in changes]}
        self.route53.change_resource_record_sets(HostedZoneId=self.zone, ChangeBatch=batch)

    def fails(self, *changes: tuple[str, dict]) -> None:
        batch = {"Changes": [{"Action": action, "ResourceRecordSet": record} for action, record in changes]}
        wanted = {"HostedZoneId": self.zone, "ChangeBatch": batch}
        self.refused("InvalidChangeBatch", self.route53.change_resource_record_sets, **wanted)

    def found(self, **start) -> list[dict]:
        listed = self.route53.list_resource_record_sets(HostedZoneId=self.zone, **start)["ResourceRecordSets"]
        return [record for record in listed if record["Type"] not in ("NS", "SOA")]


class Records(NamesTest):
    def test_all_changes_of_a_call_come_about_or_none(self):
        self.change(("CREATE", self.record()))
        self.fails(("CREATE", self.record("other")), ("CREATE", self.record()))
        self.fails(("DELETE", self.record(value="10.0.0.2")))
        self.fails(("DELETE", self.record("other")))
        self.assertEqual(1, len(self.found()))
        self.change(("DELETE", self.record()), ("CREATE", self.record(kind="CNAME", value="a.example")))
        self.fails(("CREATE", self.record()))
        self.assertEqual(["CNAME"], [record["Type"] for record in self.found()])
        self.change(("DELETE", self.found()[0]))
        self.assertEqual([], self.found())

    def test_records_of_one_name_are_told_apart_by_their_identifier(self):
        for number, name in enumerate(("blue", "green")):
            self.change(("CREATE", self.record(SetIdentifier=name, Weight=number)))
        self.change(("CREATE", self.record("api", SetIdentifier="blue", Weight=1)))
        start = {"StartRecordName": f"www.{self.domain}", "StartRecordType": "A", "StartRecordIdentifier": "green"}
        self.assertEqual(["green"], [record["SetIdentifier"] for record in self.found(**start, MaxItems="1")])
        self.change(("DELETE", self.record(SetIdentifier="blue", Weight=0)))
        left = {(record["Name"].split(".")[0], record["SetIdentifier"]) for record in self.found()}
        self.assertEqual({("www", "green"), ("api", "blue")}, left)

    def test_names_are_written_as_dns_does(self):
        self.change(("CREATE", self.record("*.WWW")))
        self.assertEqual(f"\\052.www.{self.domain}.", self.found()[0]["Name"])
        self.change(("UPSERT", self.record("*.www", value="10.0.0.2")))
        self.assertEqual([[{"Value": "10.0.0.2"}]], [record["ResourceRecords"] for record in self.found()])

    def test_a_zone_with_records_stays_and_is_made_once(self):
        again = {"Name": self.domain, "CallerReference": self.domain}
        self.refused("HostedZoneAlreadyExists", self.route53.create_hosted_zone, **again)
        self.change(("CREATE", self.record()))
        self.refused("HostedZoneNotEmpty", self.route53.delete_hosted_zone, Id=self.zone)
        self.change(("DELETE", self.record()))
        self.route53.delete_hosted_zone(Id=self.zone)


class Certificates(NamesTest):
    def status(self, arn: str) -> str:
        return self.acm.describe_certificate(CertificateArn=arn)["Certificate"]["Status"]

    def test_a_certificate_is_issued_once_its_records_are_there(self):
        names = [f"a.{self.domain}", f"b.{self.domain}"]
        arn = self.acm.request_certificate(
            DomainName=names[0], SubjectAlternativeNames=names, ValidationMethod="DNS"
        )["CertificateArn"]
        told = self.acm.describe_certificate(CertificateArn=arn)["Certificate"]
        self.assertNotIn("IssuedAt", told)
        for option in told["DomainValidationOptions"]:
            self.assertEqual("PENDING_VALIDATION", self.status(arn))
            record = option["ResourceRecord"]
            values = [{"Value": record["Value"]}]
            self.change(("CREATE", {"Name": record["Name"], "Type": "CNAME", "TTL": 60, "ResourceRecords": values}))
        self.assertEqual("ISSUED", self.status(arn))
        listed = self.acm.list_certificates(CertificateStatuses=["ISSUED"])["CertificateSummaryList"]
        self.assertIn(arn, [each["CertificateArn"] for each in listed])

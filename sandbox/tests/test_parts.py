"""Parts of databases, keys, identities, names, alarms and the edge that moto lacks, as AWS documents them."""

import json
import os
import unittest

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from tests.support import SandboxTest, client

USER = {"MasterUsername": "root", "MasterUserPassword": "battery-staple-1"}
ROLE = "arn:aws:iam::123456789012:role/it"
TAGS = [{"Key": "a", "Value": "b"}]
OTHERS = [{"Key": "c", "Value": "d"}]
POLICY = json.dumps({"Name": "a", "Version": "2021-06-01", "Statement": [{"Sid": "a"}]})


class DatabaseParts(SandboxTest):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.rds = client("rds")

    def cluster(self, name: str, region: str = "eu-west-1", **more) -> dict:
        wanted = {"Engine": "aurora-postgresql", **USER} | more
        return client("rds", region).create_db_cluster(DBClusterIdentifier=name, **wanted)["DBCluster"]

    def test_an_activity_stream_starts_once_and_stops(self):
        arn = self.cluster("streamed")["DBClusterArn"]
        given = {"ResourceArn": arn, "Mode": "async", "KmsKeyId": "k-1", "ApplyImmediately": True}
        self.rds.start_activity_stream(**given)
        found = self.rds.describe_db_clusters(DBClusterIdentifier="streamed")["DBClusters"][0]
        self.assertEqual(("started", "async"), (found["ActivityStreamStatus"], found["ActivityStreamMode"]))
        self.assertTrue(found["ActivityStreamKmsKeyId"].endswith("key/k-1"))
        self.refused("InvalidDBClusterStateFault", self.rds.start_activity_stream, **given)
        self.rds.stop_activity_stream(ResourceArn=arn)
        self.refused("InvalidDBClusterStateFault", self.rds.stop_activity_stream, ResourceArn=arn)

    def test_backups_are_copied_into_another_region(self):
        wanted = {"Engine": "postgres", "DBInstanceClass": "db.t4g.micro", "AllocatedStorage": 20, **USER}
        made = self.rds.create_db_instance(DBInstanceIdentifier="copied", **wanted)["DBInstance"]
        arn = made["DBInstanceArn"]
        there = client("rds", "eu-central-1")
        start = there.start_db_instance_automated_backups_replication
        start(SourceDBInstanceArn=arn, BackupRetentionPeriod=9)
        found = there.describe_db_instance_automated_backups()["DBInstanceAutomatedBackups"]
        self.assertEqual([(arn, 9)], [(e["DBInstanceArn"], e["BackupRetentionPeriod"]) for e in found])
        stop = there.stop_db_instance_automated_backups_replication
        stop(SourceDBInstanceArn=arn)
        self.refused("DBInstanceAutomatedBackupNotFound", stop, SourceDBInstanceArn=arn)

    def test_a_global_cluster_takes_clusters_in_and_lets_them_go(self):
        first = self.cluster("first")["DBClusterArn"]
        made = self.rds.create_global_cluster(
            GlobalClusterIdentifier="world", SourceDBClusterIdentifier=first, Tags=TAGS
        )["GlobalCluster"]
        self.assertEqual(TAGS, made["TagList"])
        found = self.rds.describe_global_clusters()["GlobalClusters"][0]
        self.assertEqual([first], [each["DBClusterArn"] for each in found["GlobalClusterMembers"]])
        self.rds.add_tags_to_resource(ResourceName=made["GlobalClusterArn"], Tags=OTHERS)
        delete = self.rds.delete_global_cluster
        self.refused("InvalidGlobalClusterStateFault", delete, GlobalClusterIdentifier="world")
        self.rds.remove_from_global_cluster(GlobalClusterIdentifier="world", DbClusterIdentifier=first)
        self.rds.modify_global_cluster(GlobalClusterIdentifier="world", DeletionProtection=True)
        self.refused("InvalidParameterCombination", delete, GlobalClusterIdentifier="world")
        self.rds.modify_global_cluster(GlobalClusterIdentifier="world", DeletionProtection=False)
        delete(GlobalClusterIdentifier="world")
        self.refused("GlobalClusterNotFoundFault", delete, GlobalClusterIdentifier="world")

    def test_a_shard_group_changes_and_goes(self):
        self.cluster("sharded")
        made = self.rds.create_db_shard_group(
            DBShardGroupIdentifier="s", DBClusterIdentifier="sharded", MaxACU=100, Tags=TAGS
        )
        self.assertEqual((16.0, 0), (made["MinACU"], made["ComputeRedundancy"]))
        self.rds.modify_db_shard_group(DBShardGroupIdentifier="s", MaxACU=200)
        found = self.rds.describe_db_shard_groups()["DBShardGroups"][0]
        self.assertEqual((200, TAGS), (found["MaxACU"], found["TagList"]))
        self.rds.delete_db_shard_group(DBShardGroupIdentifier="s")
        self.refused("DBShardGroupNotFound", self.rds.delete_db_shard_group, DBShardGroupIdentifier="s")

    def test_a_proxy_has_further_endpoints(self):
        vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        made = [self.ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24")["Subnet"] for n in (1, 2)]
        subnets = [each["SubnetId"] for each in made]
        auth = [{"AuthScheme": "SECRETS", "IAMAuth": "DISABLED"}]
        wanted = {"EngineFamily": "POSTGRESQL", "Auth": auth, "RoleArn": ROLE, "VpcSubnetIds": subnets}
        self.rds.create_db_proxy(DBProxyName="p", **wanted)
        made = self.rds.create_db_proxy_endpoint(
            DBProxyName="p", DBProxyEndpointName="r", VpcSubnetIds=subnets, TargetRole="READ_ONLY"
        )["DBProxyEndpoint"]
        self.rds.add_tags_to_resource(ResourceName=made["DBProxyEndpointArn"], Tags=TAGS)
        found = self.rds.describe_db_proxy_endpoints(DBProxyName="p")["DBProxyEndpoints"]
        told = [(each["DBProxyEndpointName"], each["TargetRole"], each["VpcId"]) for each in found]
        self.assertEqual([("r", "READ_ONLY", vpc)], told)
        tags = self.rds.list_tags_for_resource(ResourceName=made["DBProxyEndpointArn"])["TagList"]
        self.assertEqual(TAGS, tags)
        delete = self.rds.delete_db_proxy_endpoint
        delete(DBProxyEndpointName="r")
        self.refused("DBProxyEndpointNotFoundFault", delete, DBProxyEndpointName="r")

    def test_certificates_are_listed(self):
        told = self.rds.describe_certificates()
        self.assertEqual("rds-ca-rsa2048-g1", told["DefaultCertificateForNewLaunches"])
        self.assertEqual(3, len(told["Certificates"]))
        self.refused("CertificateNotFound", self.rds.describe_certificates, CertificateIdentifier="x")


class KeyParts(SandboxTest):
    def test_material_is_brought_in_and_stays_the_same(self):
        kms = client("kms")
        key = kms.create_key(Origin="EXTERNAL")["KeyMetadata"]
        self.assertEqual(("PendingImport", False), (key["KeyState"], key["Enabled"]))
        name = {"KeyId": key["KeyId"]}

        def bring(material: bytes, **more) -> None:
            how = {"WrappingAlgorithm": "RSAES_OAEP_SHA_256", "WrappingKeySpec": "RSA_2048"}
            parts = kms.get_parameters_for_import(**name, **how)
            public = serialization.load_der_public_key(parts["PublicKey"])
            oaep = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)
            sealed = public.encrypt(material, oaep)
            given = {"ImportToken": parts["ImportToken"], "EncryptedKeyMaterial": sealed}
            kms.import_key_material(**name, **given, **more)

        material = os.urandom(32)
        bring(material, ExpirationModel="KEY_MATERIAL_DOES_NOT_EXPIRE")
        now = kms.describe_key(**name)["KeyMetadata"]
        wanted = ("Enabled", "KEY_MATERIAL_DOES_NOT_EXPIRE")
        self.assertEqual(wanted, (now["KeyState"], now["ExpirationModel"]))
        bring(material, ExpirationModel="KEY_MATERIAL_EXPIRES", ValidTo=2000000000)
        self.assertEqual(2000000000, kms.describe_key(**name)["KeyMetadata"]["ValidTo"].timestamp())
        with self.assertRaises(kms.exceptions.IncorrectKeyMaterialException):
            bring(os.urandom(32))

    def test_a_copy_in_another_region_is_an_object_of_its_own(self):
        kms, there = client("kms"), client("kms", "eu-central-1")
        key = kms.create_key(MultiRegion=True, Description="first")["KeyMetadata"]["KeyId"]
        tags = [{"TagKey": "a", "TagValue": "b"}]
        wanted = {"KeyId": key, "ReplicaRegion": "eu-central-1", "Description": "copy", "Tags": tags}
        kms.replicate_key(**wanted)
        found = there.describe_key(KeyId=key)["KeyMetadata"]
        kind = found["MultiRegionConfiguration"]["MultiRegionKeyType"]
        self.assertEqual(("copy", "REPLICA"), (found["Description"], kind))
        sealed = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
        self.assertEqual(b"x", there.decrypt(CiphertextBlob=sealed)["Plaintext"])
        first = kms.describe_key(KeyId=key)["KeyMetadata"]
        kind = first["MultiRegionConfiguration"]["MultiRegionKeyType"]
        self.assertEqual(("first", "PRIMARY"), (first["Description"], kind))
        self.assertEqual(tags, there.list_resource_tags(KeyId=key)["Tags"])
        self.refused("AlreadyExistsException", kms.replicate_key, **wanted)

    def test_a_key_encrypts_only_while_it_is_enabled(self):
        kms = client("kms")
        key = {"KeyId": kms.create_key()["KeyMetadata"]["Arn"]}
        context = {"EncryptionContext": {"floorplan:lineage": "6f1c"}}
        made = kms.generate_data_key(**key, **context, KeySpec="AES_256")
        opened = kms.decrypt(CiphertextBlob=made["CiphertextBlob"], **key, **context)
        self.assertEqual(made["Plaintext"], opened["Plaintext"])
        with self.assertRaises(kms.exceptions.InvalidCiphertextException):
            kms.decrypt(CiphertextBlob=made["CiphertextBlob"], **key)
        kms.disable_key(**key)
        with self.assertRaises(kms.exceptions.DisabledException):
            kms.decrypt(CiphertextBlob=made["CiphertextBlob"], **key, **context)
        with self.assertRaises(kms.exceptions.DisabledException):
            kms.generate_data_key(**key, **context, KeySpec="AES_256")
        kms.schedule_key_deletion(**key)
        with self.assertRaises(kms.exceptions.KMSInvalidStateException):
            kms.decrypt(CiphertextBlob=made["CiphertextBlob"], **key, **context)


class IdentityParts(SandboxTest):
    def test_a_server_certificate_has_an_id_and_tags_and_moves(self):
        iam = client("iam")
        made = iam.upload_server_certificate(
            ServerCertificateName="web", CertificateBody="x", PrivateKey="y", Tags=TAGS
        )["ServerCertificateMetadata"]
        self.assertTrue(made["ServerCertificateId"].startswith("ASCA"))
        iam.update_server_certificate(ServerCertificateName="web", NewPath="/a/")
        iam.tag_server_certificate(ServerCertificateName="web", Tags=OTHERS)
        iam.untag_server_certificate(ServerCertificateName="web", TagKeys=["a"])
        found = iam.get_server_certificate(ServerCertificateName="web")["ServerCertificate"]
        self.assertEqual(OTHERS, found["Tags"])
        listed = iam.list_server_certificates()["ServerCertificateMetadataList"]
        told = [(each["ServerCertificateId"], each["Path"]) for each in listed]
        self.assertIn((made["ServerCertificateId"], "/a/"), told)
        iam.delete_server_certificate(ServerCertificateName="web")


class NameParts(SandboxTest):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.names = client("route53")

    def test_a_zone_may_be_joined_to_a_further_vpc(self):
        vpcs = [self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"] for _ in range(2)]
        one, two = ({"VPCId": vpc, "VPCRegion": "eu-west-1"} for vpc in vpcs)
        made = self.names.create_hosted_zone(Name="a.internal", CallerReference="a", VPC=one)
        zone = made["HostedZone"]["Id"]
        pair = {"HostedZoneId": zone, "VPC": two}
        self.names.create_vpc_association_authorization(**pair)
        self.assertEqual([two], self.names.list_vpc_association_authorizations(HostedZoneId=zone)["VPCs"])
        self.names.delete_vpc_association_authorization(**pair)
        gone = self.names.delete_vpc_association_authorization
        self.refused("VPCAssociationAuthorizationNotFound", gone, **pair)
        self.refused("VPCAssociationNotFound", self.names.disassociate_vpc_from_hosted_zone, **pair)

    def test_a_check_keeps_what_it_is_told(self):
        config = {"Type": "HTTPS", "FullyQualifiedDomainName": "a.example", "ResourcePath": "/a"}
        made = self.names.create_health_check(CallerReference="c", HealthCheckConfig=config)["HealthCheck"]
        kept = made["HealthCheckConfig"]
        self.assertEqual((443, True), (kept["Port"], kept["EnableSNI"]))
        name = {"HealthCheckId": made["Id"]}
        self.names.update_health_check(**name, Disabled=True, ResetElements=["ResourcePath"])
        now = self.names.get_health_check(**name)["HealthCheck"]["HealthCheckConfig"]
        self.assertEqual((True, None), (now["Disabled"], now.get("ResourcePath")))
        alarm = {"Region": "eu-west-1", "Name": "a"}
        watch = {"Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": alarm}
        made = self.names.create_health_check(CallerReference="d", HealthCheckConfig=watch)["HealthCheck"]
        self.assertEqual(alarm, made["HealthCheckConfig"]["AlarmIdentifier"])
        self.names.delete_health_check(**name)
        self.refused("NoSuchHealthCheck", self.names.delete_health_check, **name)

    def test_the_log_of_a_zone_is_named_with_and_without_its_streams(self):
        group = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/route53/b.example"
        client("logs", "us-east-1").create_log_group(logGroupName="/aws/route53/b.example")
        made = self.names.create_hosted_zone(Name="b.example", CallerReference="b")
        zone = made["HostedZone"]["Id"].rsplit("/")[-1]
        wanted = {"HostedZoneId": zone, "CloudWatchLogsLogGroupArn": group}
        made = self.names.create_query_logging_config(**wanted)["QueryLoggingConfig"]
        self.assertEqual(group, made["CloudWatchLogsLogGroupArn"])

    def test_a_set_of_name_servers_knows_who_made_it(self):
        made = self.names.create_reusable_delegation_set(CallerReference="me")["DelegationSet"]
        found = self.names.list_reusable_delegation_sets()["DelegationSets"]
        self.assertIn((made["Id"], "me"), [(each["Id"], each["CallerReference"]) for each in found])


class WatchParts(SandboxTest):
    def test_an_alarm_follows_from_others(self):
        watch = client("cloudwatch")
        watch.put_composite_alarm(AlarmName="all", AlarmRule="FALSE", Tags=TAGS, OKActions=["x"])
        told = watch.describe_alarms(AlarmTypes=["CompositeAlarm"], AlarmNames=["all"])["CompositeAlarms"]
        found = [(each["AlarmRule"], each["OKActions"], each["ActionsEnabled"]) for each in told]
        self.assertEqual([("FALSE", ["x"], True)], found)
        arn = told[0]["AlarmArn"]
        watch.tag_resource(ResourceARN=arn, Tags=TAGS)
        self.assertEqual(TAGS, watch.list_tags_for_resource(ResourceARN=arn)["Tags"])
        watch.delete_alarms(AlarmNames=["all"])
        self.refused("ResourceNotFound", watch.delete_alarms, AlarmNames=["all"])

    def test_personal_data_is_hidden(self):
        sns, logs = client("sns"), client("logs")
        topic = sns.create_topic(Name="hidden")["TopicArn"]
        sns.put_data_protection_policy(ResourceArn=topic, DataProtectionPolicy=POLICY)
        self.assertEqual(POLICY, sns.get_data_protection_policy(ResourceArn=topic)["DataProtectionPolicy"])
        logs.create_log_group(logGroupName="hidden")
        logs.put_data_protection_policy(logGroupIdentifier="hidden", policyDocument=POLICY)
        told = logs.get_data_protection_policy(logGroupIdentifier="hidden")
        self.assertEqual(POLICY, told["policyDocument"])
        logs.delete_data_protection_policy(logGroupIdentifier="hidden")
        self.assertNotIn("policyDocument", logs.get_data_protection_policy(logGroupIdentifier="hidden"))


class EdgeParts(SandboxTest):
    def test_keys_for_puzzles_come_and_go(self):
        waf = client("wafv2")
        key = waf.create_api_key(Scope="REGIONAL", TokenDomains=["a.example"])["APIKey"]
        listed = waf.list_api_keys(Scope="REGIONAL")["APIKeySummaries"]
        self.assertEqual([(key, ["a.example"])], [(each["APIKey"], each["TokenDomains"]) for each in listed])
        waf.delete_api_key(Scope="REGIONAL", APIKey=key)
        self.refused("WAFNonexistentItemException", waf.delete_api_key, Scope="REGIONAL", APIKey=key)
        group = {"Scope": "REGIONAL", "VendorName": "AWS", "Name": "AWSManagedRulesSQLiRuleSet"}
        self.assertEqual(200, waf.describe_managed_rule_group(**group)["Capacity"])

    def test_the_team_of_shield_is_let_in_and_called(self):
        shield = client("shield", "us-east-1")
        shield.create_subscription()
        arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/a/1"
        name = shield.create_protection(Name="a", ResourceArn=arn)["ProtectionId"]
        check = {"ProtectionId": name, "HealthCheckArn": "arn:aws:route53:::healthcheck/c-1"}
        shield.associate_health_check(**check)
        shield.enable_application_layer_automatic_response(ResourceArn=arn, Action={"Block": {}})
        found = shield.list_protections()["Protections"][0]
        self.assertEqual(["c-1"], found["HealthCheckIds"])
        response = found["ApplicationLayerAutomaticResponseConfiguration"]
        self.assertEqual({"Status": "ENABLED", "Action": {"Block": {}}}, response)
        shield.disassociate_health_check(**check)
        shield.disable_application_layer_automatic_response(ResourceArn=arn)
        shield.associate_drt_role(RoleArn=ROLE)
        shield.associate_drt_log_bucket(LogBucket="logs")
        access = shield.describe_drt_access()
        self.assertEqual((ROLE, ["logs"]), (access["RoleArn"], access["LogBucketList"]))
        status = shield.describe_subscription()["Subscription"]["ProactiveEngagementStatus"]
        self.assertEqual("DISABLED", status)
        shield.associate_proactive_engagement_details(EmergencyContactList=[{"EmailAddress": "a@a.example"}])
        told = shield.describe_emergency_contact_settings()["EmergencyContactList"]
        self.assertEqual([{"EmailAddress": "a@a.example"}], told)


if __name__ == "__main__":
    unittest.main()

"""RDS: states, pending changes, zones, versions, groups, secrets."""

import json
import time

from tests.support import REGION, SandboxTest, client, control


class Databases(SandboxTest):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.rds = client("rds")

    def setUp(self) -> None:
        self.home = self.vpc()
        self.first = self.subnet(self.home, AvailabilityZone=f"{REGION}a")
        self.second = self.subnet(self.home, "10.0.2.0/24", AvailabilityZone=f"{REGION}b")
        self.count = getattr(type(self), "count", 0) + 1
        type(self).count = self.count

    def name(self, what: str) -> str:
        return f"{what}-{type(self).__name__.lower()}-{self.count}"

    def group_of_subnets(self, **arguments) -> str:
        name = self.name("subnets")
        wanted = {"SubnetIds": [self.first, self.second], "DBSubnetGroupDescription": "d", **arguments}
        self.rds.create_db_subnet_group(DBSubnetGroupName=name, **wanted)
        return name

    def make(self, name: str | None = None, **arguments) -> dict:
        wanted = {
            "DBInstanceIdentifier": name or self.name("db"),
            "DBInstanceClass": "db.t4g.micro",
            "Engine": "mysql",
            "AllocatedStorage": 20,
            "MasterUsername": "root",
            "MasterUserPassword": "correct-horse",
            **arguments,
        }
        wanted = {key: value for key, value in wanted.items() if value is not None}
        return self.rds.create_db_instance(**wanted)["DBInstance"]

    def find(self, name: str | None = None) -> dict:
        found = self.rds.describe_db_instances(DBInstanceIdentifier=name or self.name("db"))
        return found["DBInstances"][0]

    def modify(self, **arguments) -> dict:
        return self.rds.modify_db_instance(DBInstanceIdentifier=self.name("db"), **arguments)["DBInstance"]


class States(Databases):
    def test_an_instance_takes_its_time_and_refuses_changes_meanwhile(self):
        control("POST", "delays", {"rds_instance": 0.4})
        self.assertEqual("creating", self.make()["DBInstanceStatus"])
        self.assertEqual("creating", self.find()["DBInstanceStatus"])
        self.refused("InvalidDBInstanceState", self.modify, BackupRetentionPeriod=3)
        time.sleep(0.5)
        self.assertEqual("available", self.find()["DBInstanceStatus"])
        self.modify(DBInstanceClass="db.m6g.large", ApplyImmediately=True)
        found = self.find()
        self.assertEqual(
            ("modifying", "db.t4g.micro", {"DBInstanceClass": "db.m6g.large"}),
            (found["DBInstanceStatus"], found["DBInstanceClass"], found["PendingModifiedValues"]),
        )
        time.sleep(0.5)
        found = self.find()
        self.assertEqual(("db.m6g.large", {}), (found["DBInstanceClass"], found["PendingModifiedValues"]))
        delete = {"DBInstanceIdentifier": self.name("db"), "SkipFinalSnapshot": True}
        self.rds.delete_db_instance(**delete)
        self.assertEqual("deleting", self.find()["DBInstanceStatus"])
        self.refused("InvalidDBInstanceState", self.rds.delete_db_instance, **delete)
        time.sleep(0.5)
        self.refused("DBInstanceNotFound", self.find)

    def test_the_last_snapshot_has_a_name_or_is_not_wanted(self):
        self.make()
        delete, name = self.rds.delete_db_instance, self.name("db")
        self.refused("InvalidParameterCombination", delete, DBInstanceIdentifier=name)
        delete(DBInstanceIdentifier=name, FinalDBSnapshotIdentifier=self.name("last"))
        found = self.rds.describe_db_snapshots(DBSnapshotIdentifier=self.name("last"))["DBSnapshots"]
        self.assertEqual([name], [each["DBInstanceIdentifier"] for each in found])

    def test_a_change_stays_pending_until_a_restart_or_until_it_shall_be_at_once(self):
        self.make()
        self.modify(DBInstanceClass="db.m6g.large", AllocatedStorage=30, DeletionProtection=True)
        found = self.find()
        waiting = {"DBInstanceClass": "db.m6g.large", "AllocatedStorage": 30}
        self.assertEqual(waiting, found["PendingModifiedValues"])
        self.assertEqual(
            ("db.t4g.micro", 20, True),
            (found["DBInstanceClass"], found["AllocatedStorage"], found["DeletionProtection"]),
        )
        self.modify(AllocatedStorage=20)
        self.assertEqual({"DBInstanceClass": "db.m6g.large"}, self.find()["PendingModifiedValues"])
        self.rds.reboot_db_instance(DBInstanceIdentifier=self.name("db"))
        self.assertEqual("db.m6g.large", self.find()["DBInstanceClass"])
        self.modify(DBPortNumber=3307)
        self.assertEqual({"Port": 3307}, self.find()["PendingModifiedValues"])
        self.modify(ApplyImmediately=True)
        self.assertEqual((3307, {}), (self.find()["Endpoint"]["Port"], self.find()["PendingModifiedValues"]))

    def test_an_instance_is_renamed_and_keeps_its_resource_id(self):
        made = self.make()
        self.modify(NewDBInstanceIdentifier=self.name("new"), ApplyImmediately=True)
        self.assertEqual(made["DbiResourceId"], self.find(self.name("new"))["DbiResourceId"])
        self.refused("DBInstanceNotFound", self.find)
        other = self.make()
        self.assertNotEqual(made["DbiResourceId"], other["DbiResourceId"])


class Zones(Databases):
    def test_a_failover_changes_the_zone(self):
        self.make(MultiAZ=True, DBSubnetGroupName=self.group_of_subnets())
        before = self.find()
        zones = (before["AvailabilityZone"], before["SecondaryAvailabilityZone"])
        self.assertEqual({f"{REGION}a", f"{REGION}b"}, set(zones))
        self.rds.reboot_db_instance(DBInstanceIdentifier=self.name("db"), ForceFailover=True)
        after = self.find()
        self.assertEqual(zones, (after["SecondaryAvailabilityZone"], after["AvailabilityZone"]))

    def test_an_instance_in_one_zone_does_not_fail_over(self):
        self.make()
        self.assertNotIn("SecondaryAvailabilityZone", self.find())
        reboot = {"DBInstanceIdentifier": self.name("db"), "ForceFailover": True}
        self.refused("InvalidParameterCombination", self.rds.reboot_db_instance, **reboot)
        self.modify(MultiAZ=True, ApplyImmediately=True)
        self.assertIn("SecondaryAvailabilityZone", self.find())


class Refusals(Databases):
    def test_a_new_instance_needs_a_user_and_a_password(self):
        self.refused("InvalidParameterValue", self.make, MasterUserPassword=None)
        self.refused("InvalidParameterValue", self.make, MasterUserPassword="short")
        self.refused("InvalidParameterValue", self.make, MasterUsername=None)
        self.refused("InvalidParameterCombination", self.make, ManageMasterUserPassword=True)

    def test_a_version_is_completed_and_one_that_is_not_there_is_refused(self):
        found = self.refused("InvalidParameterCombination", self.make, EngineVersion="9.9.9")
        self.assertIn("Cannot find version 9.9.9 for mysql", str(found))
        self.assertEqual("8.4.5", self.make(EngineVersion="8.4")["EngineVersion"])
        self.refused("InvalidParameterCombination", self.modify, EngineVersion="8.0.36")
        name = self.name("old")
        self.make(name, EngineVersion="8.0.36")
        modify = {"DBInstanceIdentifier": name, "EngineVersion": "8.4.5", "ApplyImmediately": True}
        self.refused("InvalidParameterCombination", self.rds.modify_db_instance, **modify)
        self.rds.modify_db_instance(AllowMajorVersionUpgrade=True, **modify)
        self.assertEqual("8.4.5", self.find(name)["EngineVersion"])

    def test_windows_may_touch_and_not_overlap(self):
        for number, (maintenance, backup) in enumerate(
            (
                ("Mon:00:00-Mon:03:00", "03:00-06:00"),
                ("Mon:03:00-Mon:04:00", "02:00-03:00"),
                ("Sun:23:00-Mon:00:30", "00:30-01:30"),
                ("Sun:23:00-Mon:00:30", "22:00-23:00"),
                ("Mon:00:00-Mon:01:00", "23:00-00:00"),
            )
        ):
            name = self.name(f"touch-{number}")
            self.make(name, PreferredMaintenanceWindow=maintenance, PreferredBackupWindow=backup)
        for maintenance, backup in (
            ("Mon:03:00-Mon:04:00", "03:59-04:59"),
            ("Mon:03:00-Mon:04:00", "02:31-03:01"),
            ("Sun:23:00-Mon:00:30", "00:00-01:00"),
            ("Mon:00:00-Mon:01:00", "23:00-00:30"),
            ("Mon:03:00-Mon:03:20", "05:00-06:00"),
            ("Mon:03:00-Wed:03:00", "05:00-06:00"),
            ("Mon:03-Mon:04", "05:00-06:00"),
        ):
            windows = {"PreferredMaintenanceWindow": maintenance, "PreferredBackupWindow": backup}
            self.refused("InvalidParameterValue", self.make, **windows)
        self.make(PreferredMaintenanceWindow="mon:03:00-mon:04:00", PreferredBackupWindow="05:00-06:00")
        self.modify(PreferredBackupWindow="04:00-05:00", ApplyImmediately=True)
        self.refused("InvalidParameterValue", self.modify, PreferredBackupWindow="03:30-04:30")

    def test_every_engine_has_versions_and_one_default(self):
        for engine in ("mysql", "mariadb", "postgres", "aurora-mysql", "aurora-postgresql"):
            found = self.rds.describe_db_engine_versions(Engine=engine, DefaultOnly=True)
            self.assertEqual(1, len(found["DBEngineVersions"]), engine)
        found = self.rds.describe_db_engine_versions(Engine="postgres", EngineVersion="16")
        found = found["DBEngineVersions"]
        self.assertEqual(["16.3", "16.6", "16.8"], [each["EngineVersion"] for each in found])
        self.assertEqual("postgres16", found[0]["DBParameterGroupFamily"])
        self.assertIn("17.4", [each["EngineVersion"] for each in found[0]["ValidUpgradeTarget"]])
        options = self.rds.describe_orderable_db_instance_options(Engine="mysql")
        self.assertTrue(options["OrderableDBInstanceOptions"])


class Groups(Databases):
    def test_a_subnet_group_needs_two_zones_of_one_vpc(self):
        make = self.rds.create_db_subnet_group
        wanted = {"DBSubnetGroupName": self.name("g"), "DBSubnetGroupDescription": "d"}
        self.refused("DBSubnetGroupDoesNotCoverEnoughAZs", make, SubnetIds=[self.first], **wanted)
        other = self.subnet(self.vpc("10.1.0.0/16"), "10.1.1.0/24", AvailabilityZone=f"{REGION}b")
        self.refused("InvalidSubnet", make, SubnetIds=[self.first, other], **wanted)

    def test_a_subnet_group_is_modified_and_not_made_twice(self):
        name = self.group_of_subnets()
        self.refused("DBSubnetGroupAlreadyExists", self.group_of_subnets)
        third = self.subnet(self.home, "10.0.3.0/24", AvailabilityZone=f"{REGION}c")
        self.rds.modify_db_subnet_group(DBSubnetGroupName=name, SubnetIds=[self.second, third])
        found = self.rds.describe_db_subnet_groups(DBSubnetGroupName=name)["DBSubnetGroups"][0]
        self.assertEqual({self.second, third}, {each["SubnetIdentifier"] for each in found["Subnets"]})
        self.assertTrue(found["DBSubnetGroupArn"])

    def test_groups_in_use_are_not_deleted(self):
        subnets, parameters, options = self.group_of_subnets(), self.name("p"), self.name("o")
        self.rds.create_db_parameter_group(
            DBParameterGroupName=parameters, DBParameterGroupFamily="mysql8.0", Description="d"
        )
        self.rds.create_option_group(
            OptionGroupName=options, EngineName="mysql", MajorEngineVersion="8.0", OptionGroupDescription="d"
        )
        self.make(DBSubnetGroupName=subnets, DBParameterGroupName=parameters, OptionGroupName=options)
        rds = self.rds
        calls = [
            ("InvalidDBSubnetGroupStateFault", rds.delete_db_subnet_group, {"DBSubnetGroupName": subnets}),
            (
                "InvalidDBParameterGroupState",
                rds.delete_db_parameter_group,
                {"DBParameterGroupName": parameters},
            ),
            ("InvalidOptionGroupStateFault", rds.delete_option_group, {"OptionGroupName": options}),
        ]
        for code, call, arguments in calls:
            self.refused(code, call, **arguments)
        self.rds.delete_db_instance(DBInstanceIdentifier=self.name("db"), SkipFinalSnapshot=True)
        for _, call, arguments in calls:
            call(**arguments)

    def test_parameters_are_set_and_taken_back(self):
        name = self.name("p")
        self.rds.create_db_parameter_group(
            DBParameterGroupName=name, DBParameterGroupFamily="mysql8.0", Description="d"
        )
        row = {"ParameterName": "max_connections", "ParameterValue": "100", "ApplyMethod": "immediate"}
        modify = self.rds.modify_db_parameter_group
        modify(DBParameterGroupName=name, Parameters=[row])
        self.refused("InvalidParameterValue", modify, DBParameterGroupName=name, Parameters=[row] * 21)
        found = self.rds.describe_db_parameters(DBParameterGroupName=name, Source="user")["Parameters"]
        self.assertEqual(["100"], [each["ParameterValue"] for each in found])
        gone = {"ParameterName": "max_connections", "ApplyMethod": "immediate"}
        self.rds.reset_db_parameter_group(DBParameterGroupName=name, Parameters=[gone])
        self.assertEqual([], self.rds.describe_db_parameters(DBParameterGroupName=name)["Parameters"])


class Secrets(Databases):
    def test_a_managed_password_is_random_and_belongs_to_the_user(self):
        made = self.make(MasterUserPassword=None, ManageMasterUserPassword=True)
        arn = made["MasterUserSecret"]["SecretArn"]
        secret = json.loads(client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"])
        self.assertEqual("root", secret["username"])
        self.assertGreater(len(secret["password"]), 20)
        self.refused("InvalidParameterCombination", self.modify, MasterUserPassword="correct-horse")
        self.refused("InvalidParameterValue", self.modify, ManageMasterUserPassword=False)
        self.modify(ManageMasterUserPassword=False, MasterUserPassword="correct-horse")
        self.assertNotIn("MasterUserSecret", self.find())


class Replicas(Databases):
    def test_a_replica_is_its_own_and_becomes_independent(self):
        self.make()
        name = self.name("replica")
        self.rds.create_db_instance_read_replica(
            DBInstanceIdentifier=name,
            SourceDBInstanceIdentifier=self.name("db"),
            DBInstanceClass="db.t4g.micro",
        )
        self.assertEqual([name], self.find()["ReadReplicaDBInstanceIdentifiers"])
        self.assertNotEqual(self.find()["DbiResourceId"], self.find(name)["DbiResourceId"])
        delete = {"DBInstanceIdentifier": name, "FinalDBSnapshotIdentifier": self.name("last")}
        self.refused("InvalidParameterCombination", self.rds.delete_db_instance, **delete)
        self.rds.promote_read_replica(DBInstanceIdentifier=name)
        self.assertEqual([], self.find()["ReadReplicaDBInstanceIdentifiers"])
        self.assertNotIn("ReadReplicaSourceDBInstanceIdentifier", self.find(name))

    def test_a_restored_instance_is_its_own(self):
        made = self.make()
        self.rds.create_db_snapshot(
            DBSnapshotIdentifier=self.name("s"), DBInstanceIdentifier=self.name("db")
        )
        restored = self.rds.restore_db_instance_from_db_snapshot(
            DBInstanceIdentifier=self.name("copy"), DBSnapshotIdentifier=self.name("s")
        )["DBInstance"]
        self.assertNotEqual(made["DbiResourceId"], restored["DbiResourceId"])
        self.rds.restore_db_instance_to_point_in_time(
            SourceDBInstanceIdentifier=self.name("db"),
            TargetDBInstanceIdentifier=self.name("then"),
            UseLatestRestorableTime=True,
        )
        self.assertEqual("available", self.find(self.name("then"))["DBInstanceStatus"])


class Clusters(Databases):
    def make_cluster(self, **arguments) -> dict:
        wanted = {
            "DBClusterIdentifier": self.name("c"),
            "Engine": "aurora-mysql",
            "MasterUsername": "root",
            "MasterUserPassword": "correct-horse",
            **arguments,
        }
        return self.rds.create_db_cluster(**wanted)["DBCluster"]

    def find_cluster(self) -> dict:
        return self.rds.describe_db_clusters(DBClusterIdentifier=self.name("c"))["DBClusters"][0]

    def test_a_cluster_takes_its_time(self):
        control("POST", "delays", {"rds_cluster": 0.4})
        self.make_cluster()
        self.assertEqual("creating", self.find_cluster()["Status"])
        modify = {"DBClusterIdentifier": self.name("c"), "BackupRetentionPeriod": 5}
        self.refused("InvalidDBClusterStateFault", self.rds.modify_db_cluster, **modify)
        time.sleep(0.5)
        self.assertEqual("available", self.find_cluster()["Status"])
        self.refused("DBClusterAlreadyExistsFault", self.make_cluster)
        delete = {"DBClusterIdentifier": self.name("c")}
        self.refused("InvalidParameterCombination", self.rds.delete_db_cluster, **delete)
        self.rds.delete_db_cluster(SkipFinalSnapshot=True, **delete)
        self.assertEqual("deleting", self.find_cluster()["Status"])
        time.sleep(0.5)
        self.refused("DBClusterNotFoundFault", self.find_cluster)

    def test_a_change_of_a_cluster_stays_pending(self):
        self.make_cluster(EngineVersion="8.0.mysql_aurora.3.04")
        modify = {"DBClusterIdentifier": self.name("c"), "EngineVersion": "8.0.mysql_aurora.3.08.2"}
        self.rds.modify_db_cluster(**modify)
        found = self.find_cluster()
        self.assertEqual({"EngineVersion": "8.0.mysql_aurora.3.08.2"}, found["PendingModifiedValues"])
        self.rds.modify_db_cluster(ApplyImmediately=True, **modify)
        self.assertEqual("8.0.mysql_aurora.3.08.2", self.find_cluster()["EngineVersion"])

    def test_a_cluster_with_members_is_not_deleted(self):
        self.make_cluster()
        self.rds.create_db_instance(
            DBInstanceIdentifier=self.name("m"),
            DBInstanceClass="db.r6g.large",
            Engine="aurora-mysql",
            DBClusterIdentifier=self.name("c"),
        )
        delete = {"DBClusterIdentifier": self.name("c"), "SkipFinalSnapshot": True}
        self.refused("InvalidDBClusterStateFault", self.rds.delete_db_cluster, **delete)
        self.rds.delete_db_instance(DBInstanceIdentifier=self.name("m"))
        self.rds.delete_db_cluster(**delete)

    def test_roles_and_the_http_endpoint_come_and_go(self):
        arn = self.make_cluster()["DBClusterArn"]
        role = {"DBClusterIdentifier": self.name("c"), "RoleArn": "arn:aws:iam::123456789012:role/r"}
        self.rds.add_role_to_db_cluster(**role)
        self.assertEqual(1, len(self.find_cluster()["AssociatedRoles"]))
        self.rds.remove_role_from_db_cluster(**role)
        self.refused("DBClusterRoleNotFound", self.rds.remove_role_from_db_cluster, **role)
        self.rds.enable_http_endpoint(ResourceArn=arn)
        self.assertTrue(self.find_cluster()["HttpEndpointEnabled"])

//! The database family against the sandbox.

use super::support::World;
use super::types::Account;
use floorplan::aws::Kind;
use serde_json::{Value as Json, json};

/// Two subnets in two zones, made without the program; gives their ids.
fn subnets(world: &World) -> Vec<String> {
    let vpc = world.ec2("CreateVpc", &[("CidrBlock", "10.0.0.0/16")]).one("vpcId");
    let make = |(cidr, zone): (&str, &str)| {
        world.ec2("CreateSubnet", &[("VpcId", &vpc), ("CidrBlock", cidr), ("AvailabilityZone", zone)]).one("subnetId")
    };
    [("10.0.1.0/24", "eu-west-1a"), ("10.0.2.0/24", "eu-west-1b")].map(make).to_vec()
}

/// An element of the only DB instance.
fn seen(world: &World, element: &str) -> String {
    world.query("rds", "DescribeDBInstances", &[]).one(element)
}

fn mysql(more: &[(&str, Json)]) -> Json {
    let mut all = json!({
        "identifier": "orders", "engine": "mysql", "engine_version": "8.0", "instance_class": "db.t4g.micro",
        "allocated_storage": 20, "username": "root", "password": "correct-horse", "skip_final_snapshot": true,
    });
    for (name, value) in more {
        all[name] = value.clone();
    }
    all
}

#[test]
fn groups_live_change_and_die() {
    let account = Account::start();
    let world = &account.world;
    let ids = subnets(world);
    let third = {
        let vpc = world.ids("DescribeSubnets", "vpcId", &[("subnet-id", &ids[0])]).remove(0);
        let at = [("VpcId", vpc.as_str()), ("CidrBlock", "10.0.3.0/24"), ("AvailabilityZone", "eu-west-1c")];
        world.ec2("CreateSubnet", &at).one("subnetId")
    };
    let mut group =
        account.make("aws_db_subnet_group", json!({"name_prefix": "data-", "subnet_ids": ids, "tags": {"a": "b"}}));
    assert!(group.id.starts_with("data-") && group.id.len() == 31, "{}", group.id);
    let name = group.id.clone();
    group.change(json!({"name": name, "description": "data", "subnet_ids": [ids[0], third], "tags": {"c": "d"}}));
    let found = world.query("rds", "DescribeDBSubnetGroups", &[]);
    assert_eq!(found.one("DBSubnetGroupDescription"), "data");
    assert_eq!(found.all("SubnetIdentifier").len(), 2);
    assert_eq!(group.drift(), [""; 0]);

    let parameters =
        |each: &[(&str, &str)]| -> Json { each.iter().map(|(n, v)| json!({"name": n, "value": v})).collect() };
    for (kind, action, key) in [
        ("aws_db_parameter_group", "DescribeDBParameters", "DBParameterGroupName"),
        ("aws_rds_cluster_parameter_group", "DescribeDBClusterParameters", "DBClusterParameterGroupName"),
    ] {
        let config = |each: &[(&str, &str)]| {
            let family = if kind.contains("cluster") { "aurora-mysql8.0" } else { "mysql8.0" };
            json!({"name": "tuned", "family": family, "parameter": parameters(each), "tags": {"a": "b"}})
        };
        let many: Vec<(String, String)> = (0..30).map(|n| (format!("p{n}"), "1".to_owned())).collect();
        let many: Vec<(&str, &str)> = many.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let mut group = account.make(kind, config(&many));
        group.change(config(&[("max_connections", "100"), ("p1", "2")]));
        let found = world.query("rds", action, &[(key, "tuned")]);
        let mut values = found.all("ParameterValue");
        values.sort();
        assert_eq!(values, ["100", "2"], "{kind}");
        assert_eq!(group.drift(), [""; 0]);
        let reset = if kind.contains("cluster") { "ResetDBClusterParameterGroup" } else { "ResetDBParameterGroup" };
        world.query("rds", reset, &[(key, "tuned"), ("ResetAllParameters", "true")]);
        assert_eq!(group.drift(), ["parameter"]);
        group.delete();
    }

    let option = |interval: &str| {
        let settings = json!([{"name": "SERVER_AUDIT_EVENTS", "value": interval}]);
        json!({"name": "audited", "engine_name": "mariadb", "major_engine_version": "11.4",
            "option": [{"option_name": "MARIADB_AUDIT_PLUGIN", "option_settings": settings}]})
    };
    let mut options = account.make("aws_db_option_group", option("CONNECT"));
    options.change(option("CONNECT,QUERY"));
    assert_eq!(world.query("rds", "DescribeOptionGroups", &[]).one("Value"), "CONNECT,QUERY");
    let bare = json!({"name": "audited", "engine_name": "mariadb", "major_engine_version": "11.4"});
    options.change(bare);
    assert_eq!(options.drift(), [""; 0]);
    options.delete();
    group.delete();
}

#[test]
fn a_database_grows_is_renamed_and_leaves_a_snapshot() {
    let account = Account::start();
    let world = &account.world;
    let group = account.make("aws_db_subnet_group", json!({"name": "data", "subnet_ids": subnets(world)}));
    world.delay("rds_instance", 0.3);
    let base = |more: &[(&str, Json)]| {
        let own = [
            ("apply_immediately", json!(true)),
            ("db_subnet_group_name", json!("data")),
            ("max_allocated_storage", json!(100)),
        ];
        mysql(&[&own, more].concat())
    };
    let mut db = account.make("aws_db_instance", base(&[("multi_az", json!(true)), ("tags", json!({"a": "b"}))]));
    assert!(db.id.starts_with("db-"));
    assert_eq!(db.text("engine_version_actual"), "8.0.43");
    assert_eq!(db.text("endpoint"), format!("{}:3306", db.text("address")));
    assert_eq!(db.drift(), [""; 0]);

    // AWS enlarges the storage by itself, as it was told that it may.
    world.query(
        "rds",
        "ModifyDBInstance",
        &[("DBInstanceIdentifier", "orders"), ("AllocatedStorage", "50"), ("ApplyImmediately", "true")],
    );
    assert_eq!(db.drift(), [""; 0]);

    db.change(base(&[
        ("allocated_storage", json!(60)),
        ("backup_retention_period", json!(7)),
        ("backup_window", json!("03:00-04:00")),
        ("deletion_protection", json!(true)),
        ("enabled_cloudwatch_logs_exports", json!(["error", "slowquery"])),
        ("instance_class", json!("db.m6g.large")),
        ("maintenance_window", json!("Sun:04:30-Sun:05:30")),
        ("performance_insights_enabled", json!(true)),
        ("port", json!(3307)),
    ]));
    assert_eq!(seen(world, "DBInstanceClass"), "db.m6g.large");
    assert_eq!(seen(world, "AllocatedStorage"), "60");
    assert_eq!(db.drift(), [""; 0]);
    assert_eq!(db.text("endpoint"), format!("{}:3307", db.text("address")));

    let id = db.id.clone();
    let last = [
        ("identifier", json!("sales")),
        ("skip_final_snapshot", json!(false)),
        ("final_snapshot_identifier", json!("last")),
    ];
    // The new name comes while the rest is still being changed, and is refused until then.
    let refused = db.try_change(base(&last)).expect_err("it is busy");
    assert_eq!((refused.kind, refused.code.as_str()), (Kind::Dependency, "InvalidDBInstanceState"));
    db.again();
    assert_eq!((db.id.as_str(), seen(world, "DBInstanceIdentifier")), (id.as_str(), "sales".to_owned()));
    assert_eq!(seen(world, "DeletionProtection"), "false");
    db.delete();
    let snapshots = world.query("rds", "DescribeDBSnapshots", &[("SnapshotType", "manual")]);
    assert_eq!(snapshots.all("DBSnapshotIdentifier"), ["last"]);
    group.delete();
}

#[test]
fn a_pending_change_differs_only_if_wanted_at_once() {
    let account = Account::start();
    let world = &account.world;
    let mut db = account.make("aws_db_instance", mysql(&[]));
    let bigger = [("instance_class", json!("db.m6g.large"))];
    db.change(mysql(&bigger));
    assert_eq!(seen(world, "DBInstanceStatus"), "available");
    assert_eq!(world.query("rds", "DescribeDBInstances", &[]).all("DBInstanceClass"), ["db.t4g.micro", "db.m6g.large"]);
    assert_eq!(db.drift(), [""; 0]);
    db.change(mysql(&[&bigger[..], &[("apply_immediately", json!(true))]].concat()));
    assert_eq!(seen(world, "DBInstanceClass"), "db.m6g.large");
    db.change(mysql(&[("instance_class", json!("db.r6g.large"))]));
    db.change(mysql(&bigger));
    assert_eq!(seen(world, "DBInstanceClass"), "db.m6g.large", "the pending change is taken back");
    db.delete();
}

#[test]
fn a_master_password_is_the_layouts_or_a_secret_that_aws_keeps() {
    let account = Account::start();
    let world = &account.world;
    let managed = |more: &[(&str, Json)]| {
        mysql(&[&[("password", Json::Null), ("manage_master_user_password", json!(true))], more].concat())
    };
    let mut db = account.make("aws_db_instance", managed(&[]));
    let arn = seen(world, "SecretArn");
    assert!(format!("{:?}", db.live.get("master_user_secret")).contains(&arn));
    db.change(mysql(&[("apply_immediately", json!(true))]));
    assert_eq!(world.query("rds", "DescribeDBInstances", &[]).all("SecretArn"), [""; 0]);
    world.forget_calls();
    let hidden = |password: &str, version: i64| {
        mysql(&[
            ("password", Json::Null),
            ("password_wo", json!(password)),
            ("password_wo_version", json!(version)),
            ("apply_immediately", json!(true)),
        ])
    };
    db.change(hidden("battery-staple", 1));
    assert_eq!(sent(world, "ModifyDBInstance", "MasterUserPassword"), ["battery-staple"]);
    world.forget_calls();
    db.change(hidden("another-one-1", 1));
    assert_eq!(world.writes(), [""; 0]);
    db.change(hidden("another-one-2", 2));
    assert_eq!(sent(world, "ModifyDBInstance", "MasterUserPassword"), ["another-one-2"]);
    db.delete();
}

#[test]
fn the_state_keeps_enough_of_a_password_to_see_changes() {
    let world = World::start();
    let layout = |password: &str, class: &str| {
        world.write(
            "acme/main.hcl",
            &format!(
                r#"
provider "aws" {{
  region = "eu-west-1"
}}
resource "aws_db_instance" "orders" {{
  identifier          = "orders"
  engine              = "mysql"
  instance_class      = "{class}"
  allocated_storage   = 20
  username            = "orders"
  password            = "{password}"
  apply_immediately   = true
  skip_final_snapshot = true
}}
resource "aws_secretsmanager_secret" "orders" {{
  name = "orders"
}}
resource "aws_secretsmanager_secret_version" "orders" {{
  secret_id     = aws_secretsmanager_secret.orders.id
  secret_string = aws_db_instance.orders.password
}}
"#
            ),
        );
    };
    let run = |command: &str, more: &[&str]| {
        world.floorplan(&[&[command, "acme", "--sandbox", "--state", "kept"], more].concat())
    };
    let stored = || {
        let asked = json!({"SecretId": "orders"});
        world.json("secretsmanager", "secretsmanager.GetSecretValue", asked)["SecretString"].clone()
    };
    layout("battery-staple", "db.t4g.micro");
    run("apply", &["--auto-approve"]).succeeds();
    run("plan", &["--detailed-exitcode"]).exits(0);
    assert_eq!(stored(), "battery-staple");

    world.forget_calls();
    layout("battery-staple", "db.t4g.small");
    let plan = run("plan", &["--detailed-exitcode"]).exits(2).stdout;
    assert!(!plan.contains("password"), "{plan}");
    run("apply", &["--auto-approve"]).succeeds();
    assert_eq!(sent(&world, "ModifyDBInstance", "MasterUserPassword"), [""; 0]);

    layout("correct-horse", "db.t4g.small");
    run("plan", &["--detailed-exitcode"]).exits(2);
    run("apply", &["--auto-approve"]).succeeds();
    assert_eq!(sent(&world, "ModifyDBInstance", "MasterUserPassword"), ["correct-horse"]);
    assert_eq!(stored(), "correct-horse");
    run("plan", &["--detailed-exitcode"]).exits(0);
}

/// The values of a parameter in the calls of an action.
fn sent(world: &World, action: &str, parameter: &str) -> Vec<String> {
    let calls = world.calls().into_iter().filter(|call| call.action == action);
    calls.filter_map(|call| call.parameters[parameter].as_str().map(str::to_owned)).collect()
}

#[test]
fn an_instance_is_made_from_another_one_and_becomes_its_own() {
    let account = Account::start();
    let world = &account.world;
    let source = account.make("aws_db_instance", mysql(&[("backup_retention_period", json!(3))]));
    let replica = |more: &[(&str, Json)]| {
        let mut all = json!({"identifier": "reader", "instance_class": "db.t4g.micro", "skip_final_snapshot": true});
        for (name, value) in more {
            all[name] = value.clone();
        }
        all
    };
    let mut reader = account.make("aws_db_instance", replica(&[("replicate_source_db", json!("orders"))]));
    assert_eq!(world.query("rds", "DescribeDBInstances", &[]).one("ReadReplicaDBInstanceIdentifier"), "reader");
    reader.change(replica(&[("apply_immediately", json!(true)), ("backup_retention_period", json!(5))]));
    assert_eq!(world.query("rds", "DescribeDBInstances", &[]).all("ReadReplicaDBInstanceIdentifier"), [""; 0]);
    reader.delete();

    let snapshot = [("DBSnapshotIdentifier", "before"), ("DBInstanceIdentifier", "orders")];
    world.query("rds", "CreateDBSnapshot", &snapshot);
    world.forget_calls();
    let from = |source: &str, value: Json| {
        json!({"identifier": "copy", "instance_class": "db.t4g.micro", "password": "battery-staple", source: value,
            "skip_final_snapshot": true, "maintenance_window": "sun:04:30-sun:05:30", "backup_window": "01:00-02:00"})
    };
    let copy = account.make("aws_db_instance", from("snapshot_identifier", json!("before")));
    assert_eq!(sent(world, "ModifyDBInstance", "MasterUserPassword"), ["battery-staple"]);
    assert_eq!(copy.text("username"), "root");
    copy.delete();
    let then = json!({"source_db_instance_identifier": "orders", "use_latest_restorable_time": true});
    account.make("aws_db_instance", from("restore_to_point_in_time", then)).delete();
    source.delete();
}

#[test]
fn a_cluster_and_its_members_live_and_die() {
    let account = Account::start();
    let world = &account.world;
    let group = account.make("aws_db_subnet_group", json!({"name": "data", "subnet_ids": subnets(world)}));
    world.delay("rds_cluster", 0.2);
    world.delay("rds_instance", 0.2);
    let config = |more: &[(&str, Json)]| {
        let mut all = json!({
            "cluster_identifier": "orders", "engine": "aurora-mysql", "engine_version": "8.0.mysql_aurora.3.04",
            "availability_zones": ["eu-west-1a"], "master_username": "root", "manage_master_user_password": true,
            "db_subnet_group_name": "data", "skip_final_snapshot": true, "tags": {"a": "b"},
        });
        for (name, value) in more {
            all[name] = value.clone();
        }
        all
    };
    let mut cluster = account.make("aws_rds_cluster", config(&[]));
    assert_eq!(cluster.text("engine_version_actual"), "8.0.mysql_aurora.3.04.2");
    assert_eq!(cluster.drift(), [""; 0]);
    let member = |tier: i64| {
        json!({"identifier_prefix": "orders-", "cluster_identifier": "orders", "engine": "aurora-mysql",
            "instance_class": "db.r6g.large", "promotion_tier": tier, "apply_immediately": true})
    };
    let mut first = account.make("aws_rds_cluster_instance", member(1));
    let mut second = account.make("aws_rds_cluster_instance", member(2));
    assert_eq!((first.live.bool("writer"), second.live.bool("writer")), (Some(true), Some(false)));
    first.change(member(3));
    assert_eq!(first.drift(), [""; 0]);
    world.forget_calls();
    let mut larger = member(3);
    larger["instance_class"] = json!("db.r6g.xlarge");
    first.change(larger);
    assert_eq!(world.writes(), ["FailoverDBCluster", "ModifyDBInstance"], "another member writes before it restarts");
    assert_eq!((first.drift(), second.drift()), (Vec::new(), Vec::new()));
    assert_eq!((first.live.bool("writer"), second.live.bool("writer")), (Some(false), Some(true)));
    cluster.change(config(&[
        ("apply_immediately", json!(true)),
        ("backup_retention_period", json!(7)),
        ("enable_http_endpoint", json!(true)),
        ("enabled_cloudwatch_logs_exports", json!(["audit"])),
        ("engine_version", json!("8.0.mysql_aurora.3.08.2")),
        ("iam_roles", json!(["arn:aws:iam::123456789012:role/loader"])),
        ("serverlessv2_scaling_configuration", json!({"min_capacity": 1, "max_capacity": 4})),
        ("tags", json!({"c": "d"})),
    ]));
    assert_eq!(cluster.drift(), [""; 0]);
    let found = world.query("rds", "DescribeDBClusters", &[]);
    assert_eq!(found.one("EngineVersion"), "8.0.mysql_aurora.3.08.2");
    assert_eq!(found.one("RoleArn"), "arn:aws:iam::123456789012:role/loader");
    cluster.change(config(&[("engine_version", json!("8.0")), ("iam_roles", json!([]))]));
    assert_eq!(world.query("rds", "DescribeDBClusters", &[]).all("RoleArn"), [""; 0]);
    first.delete();
    second.delete();
    cluster.delete();
    group.delete();
}

#[test]
fn what_rds_would_refuse_is_told_before_any_call() {
    let world = World::start();
    let provider = "provider \"aws\" {\n  region = \"eu-west-1\"\n}\n";
    let said = |body: &str| {
        let instance =
            format!("{provider}resource \"aws_db_instance\" \"a\" {{\n  instance_class = \"db.t4g.micro\"\n{body}}}\n");
        world.write("main.tf", &instance);
        world.forget_calls();
        let run = world.floorplan(&["plan", "--sandbox"]).exits(1);
        assert_eq!(world.writes(), [""; 0]);
        run.stderr
    };
    let bare = said("");
    assert!(bare.contains("one of password, password_wo and manage_master_user_password"), "{bare}");
    let usual = "  engine = \"mysql\"\n  allocated_storage = 20\n  username = \"root\"\n";
    world.write("secret.tf", "variable \"secret\" {\n  sensitive = true\n  default   = \"it's a/secret\"\n}\n");
    let secret = said(&format!("{usual}  password = var.secret\n"));
    assert!(secret.contains("printable ASCII characters other than") && !secret.contains("it's a/"), "{secret}");
    let windows = "  manage_master_user_password = true\n  backup_window = \"03:00-04:00\"\n  maintenance_window = \"sun:03:30-sun:05:00\"\n";
    let overlap = said(&format!("{usual}{windows}"));
    assert!(overlap.contains("overlap"), "{overlap}");

    let version = format!(
        "{provider}resource \"aws_db_instance\" \"a\" {{\n  instance_class = \"db.t4g.micro\"\n{usual}  manage_master_user_password = true\n  engine_version = \"9.9.9\"\n}}\n"
    );
    world.write("main.tf", &version);
    let run = world.floorplan(&["apply", "--sandbox", "--auto-approve"]).exits(1);
    for part in ["Cannot find version 9.9.9 for mysql", "aws_db_instance.a", "data aws_rds_engine_version"] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
}

#[test]
fn data_sources_find_an_instance_and_a_version() {
    let account = Account::start();
    let db = account.make("aws_db_instance", mysql(&[("tags", json!({"team": "sales"}))]));
    for config in [json!({"db_instance_identifier": "orders"}), json!({"tags": {"team": "sales"}})] {
        let found = account.data("aws_db_instance", config);
        assert_eq!((found.str("db_instance_arn"), found.str("engine")), (Some(db.text("arn").as_str()), Some("mysql")));
    }
    let version = |config: Json| account.data("aws_rds_engine_version", config);
    assert_eq!(version(json!({"engine": "postgres"})).str("version"), Some("17.6"));
    let latest = version(json!({"engine": "postgres", "version": "16", "latest": true}));
    assert_eq!((latest.str("version"), latest.str("parameter_group_family")), (Some("16.8"), Some("postgres16")));
    let preferred = json!({"engine": "mysql", "preferred_versions": ["8.0.99", "8.0.40", "8.0.36"]});
    assert_eq!(version(preferred).str("version_actual"), Some("8.0.40"));
    db.delete();
}

#[test]
fn a_role_lets_a_database_load_data() {
    let account = Account::start();
    let db = account.make("aws_db_instance", mysql(&[]));
    let role = "arn:aws:iam::123456789012:role/load";
    let config = json!({"db_instance_identifier": "orders", "feature_name": "s3Import", "role_arn": role});
    let association = account.make("aws_db_instance_role_association", config);
    assert_eq!(association.id, format!("orders,{role}"));
    association.delete();
    db.delete();
}

/// The state keeps only a digest of a password. What refers to it gets the password, in the run that makes the database
/// as in every other.
#[test]
fn a_new_database_gives_its_password_to_others() {
    let world = World::start();
    let layout = r#"
variable "name" { default = "first" }
resource "random_password" "p" {
  length  = 20
  special = false
  keepers = { name = var.name }
}
resource "aws_db_instance" "d" {
  identifier          = "orders"
  engine              = "postgres"
  instance_class      = "db.t3.micro"
  allocated_storage   = 20
  username            = "root1"
  password            = random_password.p.result
  skip_final_snapshot = true
  provisioner "local-exec" { command = "printf %s ${self.password} > made" }
}
resource "aws_secretsmanager_secret" "s" { name = "orders" }
resource "aws_secretsmanager_secret_version" "s" {
  secret_id     = aws_secretsmanager_secret.s.id
  secret_string = aws_db_instance.d.password
}
output "password" {
  value     = aws_db_instance.d.password
  sensitive = true
}
"#;
    world.write("db/main.tf", layout);
    let mut before = String::new();
    for name in ["first", "second"] {
        world.floorplan(&["apply", "db", "--sandbox", "--auto-approve", "--var", &format!("name={name}")]).succeeds();
        let version = json!({ "SecretId": "orders" });
        let version = world.json("secretsmanager", "secretsmanager.GetSecretValue", version);
        let given = version["SecretString"].as_str().unwrap_or_default().to_owned();
        assert!(given.len() == 20 && given != before, "{given}");
        let output = world.floorplan(&["output", "db", "-raw", "password"]).succeeds();
        assert_eq!(output.stdout, given);
        if name == "first" {
            assert_eq!(world.read("db/made"), given);
        }
        let again =
            world.floorplan(&["plan", "db", "--sandbox", "--detailed-exitcode", "--var", &format!("name={name}")]);
        again.exits(0);
        let state = world.read("db/state/db/state.json") + &world.read("db/state/db/history/1.json");
        assert!(!state.contains(&given), "the password is in clear");
        before = given;
    }
}

//! Objects whose making takes more than one call, killed in between: the plan says that they are unfinished, and the
//! next apply sets what is missing, also what nobody can see. And rules that nobody wrote in the layout.

use super::support::World;
use super::sweep::killed;
use serde_json::json;

fn arguments(command: &str, layout: &str) -> Vec<String> {
    [command, layout, "--sandbox", "--auto-approve"].iter().map(|text| (*text).to_owned()).collect()
}

/// Kills the making of a layout's object after AWS made it, and the next run before it sets the rest; then the plan
/// has to say so and the next apply has to finish it.
fn cut_short(world: &World, name: &str, layout: &str, create: &str, rest: &str) {
    world.write(&format!("{name}/main.tf"), layout);
    let apply = arguments("apply", name);
    assert!(killed(world, &apply, "after", json!({"action": create})), "{name}: {create}");
    let plan = ["plan", name, "--sandbox", "--detailed-exitcode"];
    let says = |moment: &str| {
        let planned = world.floorplan(&plan).exits(2).stdout;
        assert!(planned.contains("is unfinished and will be completed"), "{name}, {moment}: {planned}");
        assert!(!planned.contains("Changed outside"), "{name}, {moment}: {planned}");
    };
    assert!(killed(world, &apply, "before", json!({"action": rest})), "{name}: {rest}");
    says("once adopted");
    assert!(killed(world, &apply, "before", json!({"action": rest})), "{name}: {rest} once more");
    says("still");
    world.floorplan(&["apply", name, "--sandbox", "--auto-approve"]).succeeds();
    world.floorplan(&plan).exits(0);
}

/// The VPC that is there from the beginning, and two subnets of it.
fn network(world: &World) -> (String, Vec<String>) {
    let vpc = world.ids("DescribeVpcs", "vpcId", &[]).remove(0);
    let subnets = world.ids("DescribeSubnets", "subnetId", &[("vpc-id", &vpc)]);
    (vpc, subnets.into_iter().take(2).collect())
}

fn rules(world: &World, group: &str, side: &str) -> usize {
    let answer = world.ec2("DescribeSecurityGroups", &[("GroupId.1", group)]);
    let document = answer.document();
    let set = document.descendants().find(|n| n.tag_name().name() == side).expect("both sides are listed");
    set.children().filter(|n| n.tag_name().name() == "item").count()
}

#[test]
fn an_unfinished_group_lets_nothing_out_after_apply() {
    let world = World::start();
    let (vpc, _) = network(&world);
    let layout = |name: &str, rules: &str| {
        format!("resource \"aws_security_group\" \"g\" {{\n  name = \"{name}\"\n  vpc_id = \"{vpc}\"\n{rules}}}\n")
    };
    let inline = "  ingress {\n    protocol = \"tcp\"\n    from_port = 443\n    to_port = 443\n    cidr_blocks = [\"10.0.0.0/8\"]\n  }\n";
    for (name, rules_of, inside) in [("bare", "", 0), ("inline", inline, 1)] {
        cut_short(&world, name, &layout(name, rules_of), "CreateSecurityGroup", "RevokeSecurityGroupEgress");
        let group = world.ids("DescribeSecurityGroups", "groupId", &[("group-name", name)]).remove(0);
        assert_eq!(rules(&world, &group, "ipPermissions"), inside, "{name}");
        assert_eq!(rules(&world, &group, "ipPermissionsEgress"), 0, "{name}");
    }
}

#[test]
fn rules_added_by_hand_are_taken_away() {
    let world = World::start();
    world.write(
        "net/main.tf",
        r#"
resource "aws_vpc" "main" {
  cidr_block = "10.9.0.0/16"
}
resource "aws_default_security_group" "locked" {
  vpc_id = aws_vpc.main.id
}
resource "aws_security_group" "inline" {
  name   = "inline"
  vpc_id = aws_vpc.main.id
  ingress {
    protocol    = "tcp"
    from_port   = 80
    to_port     = 80
    cidr_blocks = ["10.0.0.0/8"]
  }
}
resource "aws_security_group" "mixed" {
  name   = "mixed"
  vpc_id = aws_vpc.main.id
  ingress {
    protocol    = "tcp"
    from_port   = 80
    to_port     = 80
    cidr_blocks = ["10.0.0.0/8"]
  }
}
resource "aws_vpc_security_group_egress_rule" "mixed" {
  security_group_id = aws_security_group.mixed.id
  cidr_ipv4         = "10.0.0.0/8"
  ip_protocol       = "-1"
}
resource "aws_security_group" "apart" {
  name   = "apart"
  vpc_id = aws_vpc.main.id
}
"#,
    );
    let apply = arguments("apply", "net");
    // The default group is there already: it is only emptied.
    assert!(killed(&world, &apply, "before", json!({"action": "RevokeSecurityGroupIngress"})));
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    let plan = ["plan", "net", "--sandbox", "--detailed-exitcode"];
    world.floorplan(&plan).exits(0);
    let vpc = world.ids("DescribeVpcs", "vpcId", &[("cidr-block", "10.9.0.0/16")]).remove(0);
    let group = |name: &str| {
        world.ids("DescribeSecurityGroups", "groupId", &[("vpc-id", &vpc), ("group-name", name)]).remove(0)
    };
    let open = |name: &str, action: &str| {
        world.ec2(
            action,
            &[
                ("GroupId", &group(name)),
                ("IpPermissions.1.IpProtocol", "tcp"),
                ("IpPermissions.1.FromPort", "22"),
                ("IpPermissions.1.ToPort", "22"),
                ("IpPermissions.1.IpRanges.1.CidrIp", "0.0.0.0/0"),
            ],
        );
    };
    assert_eq!(rules(&world, &group("default"), "ipPermissions"), 0);
    assert_eq!(rules(&world, &group("default"), "ipPermissionsEgress"), 0);
    // Rules of a group that has none inline may be anybody's, another layout's among them.
    open("apart", "AuthorizeSecurityGroupIngress");
    open("mixed", "AuthorizeSecurityGroupEgress");
    world.floorplan(&plan).exits(0);
    open("default", "AuthorizeSecurityGroupIngress");
    open("default", "AuthorizeSecurityGroupEgress");
    open("inline", "AuthorizeSecurityGroupEgress");
    let planned = world.floorplan(&plan).exits(2).stdout;
    for said in ["aws_default_security_group.locked", "aws_security_group.inline", "2 to change"] {
        assert!(planned.contains(said), "{said} in {planned}");
    }
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    assert_eq!(rules(&world, &group("default"), "ipPermissions"), 0);
    assert_eq!(rules(&world, &group("default"), "ipPermissionsEgress"), 0);
    assert_eq!(rules(&world, &group("inline"), "ipPermissionsEgress"), 0);
    assert_eq!(rules(&world, &group("inline"), "ipPermissions"), 1);
    assert_eq!(rules(&world, &group("mixed"), "ipPermissionsEgress"), 2);
    world.floorplan(&plan).exits(0);
}

#[test]
fn what_is_set_after_a_create_is_set_after_a_kill_too() {
    let world = World::start();
    let (_, subnets) = network(&world);
    let source = [
        ("DBInstanceIdentifier", "source"),
        ("DBInstanceClass", "db.t4g.micro"),
        ("Engine", "postgres"),
        ("AllocatedStorage", "20"),
        ("MasterUsername", "root"),
        ("MasterUserPassword", "battery-staple-0"),
    ];
    world.query("rds", "CreateDBInstance", &source);
    world.query("rds", "CreateDBSnapshot", &[("DBSnapshotIdentifier", "before"), ("DBInstanceIdentifier", "source")]);
    let database = r#"
resource "aws_db_instance" "copy" {
  identifier          = "copy"
  snapshot_identifier = "before"
  instance_class      = "db.t4g.micro"
  password            = "battery-staple-1"
  skip_final_snapshot = true
}
"#;
    world.delay("rds_instance", 0.3);
    world.forget_calls();
    cut_short(&world, "database", database, "RestoreDBInstanceFromDBSnapshot", "ModifyDBInstance");
    let sent = world.calls().into_iter().filter(|c| c.action == "ModifyDBInstance" && c.status == 200);
    let passwords: Vec<_> = sent.map(|c| c.parameters["MasterUserPassword"].clone()).collect();
    assert_eq!(passwords, [json!("battery-staple-1")]);

    let image = world.ids("DescribeImages", "imageId", &[("name", "al2023-ami-2023*")]).remove(0);
    let instance = format!(
        "resource \"aws_instance\" \"router\" {{\n  ami = \"{image}\"\n  instance_type = \"t3.micro\"\n  \
         subnet_id = \"{}\"\n  source_dest_check = false\n}}\n",
        subnets[0]
    );
    cut_short(&world, "instance", &instance, "RunInstances", "ModifyNetworkInterfaceAttribute");
    let id = world.ids("DescribeInstances", "instanceId", &[]).remove(0);
    let answer = world.ec2("DescribeInstanceAttribute", &[("InstanceId", &id), ("Attribute", "sourceDestCheck")]);
    assert_eq!(answer.one("value"), "false");

    let balancer = format!(
        "resource \"aws_lb\" \"main\" {{\n  name = \"front\"\n  internal = true\n  subnets = {subnets:?}\n  \
         idle_timeout = 77\n}}\n"
    );
    cut_short(&world, "balancer", &balancer, "CreateLoadBalancer", "ModifyLoadBalancerAttributes");
    let arn = world.query("elasticloadbalancing", "DescribeLoadBalancers", &[]).one("LoadBalancerArn");
    let answer = world.query("elasticloadbalancing", "DescribeLoadBalancerAttributes", &[("LoadBalancerArn", &arn)]);
    assert!(answer.text().contains("77"), "{}", answer.text());

    let group = "resource \"aws_cloudwatch_log_group\" \"main\" {\n  name = \"kept\"\n  retention_in_days = 7\n}\n";
    cut_short(&world, "logs", group, "CreateLogGroup", "PutRetentionPolicy");
    let groups = world.json("logs", "Logs_20140328.DescribeLogGroups", json!({}));
    assert_eq!(groups["logGroups"][0]["retentionInDays"], json!(7));

    // Nothing is left to set of a bucket, but nobody knows that before it is looked at.
    let bucket = "resource \"aws_s3_bucket\" \"kept\" {\n  bucket = \"floorplan-kept\"\n  tags = { a = \"b\" }\n}\n";
    world.write("bucket/main.tf", bucket);
    let put = world.floorplan(&["plan", "bucket", "--sandbox"]).succeeds();
    assert!(put.stdout.contains("1 to add"), "{}", put.stdout);
    assert!(killed(&world, &arguments("apply", "bucket"), "after", json!({"service": "s3", "action": "write"})));
    let plan = ["plan", "bucket", "--sandbox", "--detailed-exitcode"];
    let planned = world.floorplan(&plan).exits(2).stdout;
    assert!(planned.contains("is unfinished and will be completed"), "{planned}");
    world.floorplan(&["apply", "bucket", "--sandbox", "--auto-approve"]).succeeds();
    world.floorplan(&plan).exits(0);
}

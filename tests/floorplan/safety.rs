//! What must not happen by mistake: work in another account, a run that ends in the middle when it is asked to
//! end, a rule that opens more than it says.

use super::support::World;
use std::process::{Command, Stdio};

const NET: &str = "resource \"aws_vpc\" \"this\" { cidr_block = \"10.0.0.0/16\" }\n";

#[test]
fn credentials_of_another_account_are_refused() {
    let world = World::start();
    let provider = "provider \"aws\" {\n  region = \"eu-west-1\"\n}\n";
    world.write("net/main.tf", &format!("{provider}{NET}"));
    world.floorplan(&["apply", "net", "--auto-approve"]).succeeds();
    let before = world.floorplan(&["state", "list", "--layout", "net"]).succeeds().stdout;
    let role = "  assume_role {\n    role_arn = \"arn:aws:iam::111122223333:role/other\"\n  }\n}\n";
    world.write("net/main.tf", &format!("{}{role}{NET}", provider.trim_end().trim_end_matches('}')));
    for command in
        [["destroy", "net", "--auto-approve"], ["apply", "net", "--auto-approve"], ["plan", "net", "--destroy"]]
    {
        world.forget_calls();
        let refused = world.floorplan(&command).exits(1);
        for part in ["belong to another AWS account", "1 object of account 123456789012", "of account 111122223333"] {
            assert!(refused.stderr.contains(part), "{part}: {}", refused.stderr);
        }
        assert_eq!(world.writes().iter().filter(|w| *w != "AssumeRole").count(), 0, "{:?}", world.writes());
    }
    assert_eq!(world.floorplan(&["state", "list", "--layout", "net"]).succeeds().stdout, before);
    assert_eq!(world.ids("DescribeVpcs", "vpcId", &[("cidr", "10.0.0.0/16")]).len(), 1);
}

#[test]
fn an_interrupted_run_finishes_and_records_its_call() {
    for signal in ["-TERM", "-HUP", "-INT"] {
        let world = World::start();
        world.write("net/main.tf", &format!("{NET}resource \"aws_subnet\" \"a\" {{\n  vpc_id     = aws_vpc.this.id\n  cidr_block = \"10.0.1.0/24\"\n}}\n"));
        world.hold("CreateVpc", "after", 2.0);
        let mut run = world.command(&["apply", "net", "--sandbox", "--auto-approve"]);
        let run = run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        world.wait_for("CreateVpc");
        let sent = Command::new("kill").args([signal, &run.id().to_string()]).status().expect("kill runs");
        assert!(sent.success());
        let ended = run.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(ended.status.code(), Some(1), "{signal}: {said}");
        assert!(said.contains("Not begun: aws_subnet.a (create)"), "{signal}: {said}");
        let state = world.floorplan(&["state", "list", "--layout", "net"]).succeeds().stdout;
        assert!(state.contains("aws_vpc.this"), "{signal}: {state}");
        world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
        assert_eq!(world.ids("DescribeVpcs", "vpcId", &[("cidr", "10.0.0.0/16")]).len(), 1);
    }
}

#[test]
fn all_traffic_with_ports_is_refused_in_a_block() {
    let world = World::start();
    let group = |rules: &str| {
        format!(
            "{NET}resource \"aws_security_group\" \"peer\" {{ vpc_id = aws_vpc.this.id }}\nresource \"aws_security_group\" \"ad\" {{\n  name   = \"ad\"\n  vpc_id = aws_vpc.this.id\n{rules}}}\n"
        )
    };
    let rule = |protocol: &str, port: u32, peer: &str| {
        format!(
            "  ingress {{\n    from_port = {port}\n    to_port   = {port}\n    protocol  = \"{protocol}\"\n    {peer}\n  }}\n"
        )
    };
    let known = "cidr_blocks = [\"10.0.0.0/8\"]";
    let unknown = "security_groups = [aws_security_group.peer.id]";
    for peer in [known, unknown] {
        world.write("net/main.tf", &group(&format!("{}{}", rule("-1", 53, peer), rule("tcp", 70000, peer))));
        let refused = world.floorplan(&["plan", "net", "--sandbox"]).exits(1);
        let said = refused.stderr.to_lowercase();
        for part in ["all traffic (protocol -1) has no ports", "70000 is not a valid tcp port"] {
            assert!(said.contains(part), "{part} with {peer}: {}", refused.stderr);
        }
    }
    world.write("net/main.tf", &group(&format!("{}{}", rule("all", 0, known), rule("esp", 0, known))));
    world.floorplan(&["plan", "net", "--sandbox"]).succeeds();
}

#[test]
fn iana_protocols_work_and_other_tools_files_stay() {
    let world = World::start();
    let text = format!(
        "{NET}resource \"aws_network_acl\" \"n\" {{ vpc_id = aws_vpc.this.id }}\nresource \"aws_network_acl_rule\" \"r\" {{\n  for_each       = {{ \"ipv6-icmp\" = 100, \"gre\" = 110, \"ESP\" = 120, \"ah\" = 130, \"ospf\" = 140 }}\n  network_acl_id = aws_network_acl.n.id\n  rule_number    = each.value\n  protocol       = each.key\n  rule_action    = \"allow\"\n  ipv6_cidr_block = \"::/0\"\n  icmp_type      = each.key == \"ipv6-icmp\" ? 128 : null\n  icmp_code      = each.key == \"ipv6-icmp\" ? 0 : null\n}}\n"
    );
    world.write("net/main.tf", &text);
    for name in [
        "terragrunt.hcl",
        "root.hcl",
        "image.pkr.hcl",
        "job.nomad.hcl",
        "image.pkrvars.hcl",
        "policy.sentinel.hcl",
        "docker-bake.hcl",
        "x.lock.hcl",
        "drift.ignore.hcl",
        "q.tfquery.hcl",
    ] {
        world.write(&format!("net/{name}"), "inputs = { a = 1 }\n");
    }
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).exits(0);
    let answer = world.ec2("DescribeNetworkAcls", &[("Filter.1.Name", "default"), ("Filter.1.Value.1", "false")]);
    let protocols = answer.all("protocol");
    for number in ["58", "47", "50", "51", "89"] {
        assert!(protocols.iter().any(|p| p == number), "{number} in {protocols:?}");
    }
}

#[test]
fn intents_and_imports_of_another_account_are_refused() {
    let world = World::start();
    let provider = "provider \"aws\" {\n  region = \"eu-west-1\"\n}\n";
    world.write("net/main.tf", &format!("{provider}{NET}"));
    world.hold("CreateVpc", "after", 2.0);
    let mut run = world.command(&["apply", "net", "--auto-approve"]);
    let mut run = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    world.wait_for("CreateVpc");
    run.kill().expect("it can be killed");
    run.wait().expect("it ends");
    let role = "  assume_role {\n    role_arn = \"arn:aws:iam::111122223333:role/other\"\n  }\n}\n";
    let other = format!("{}{role}", provider.trim_end().trim_end_matches('}'));
    let import = "resource \"aws_vpc\" \"more\" { cidr_block = \"10.5.0.0/16\" }\n";
    world.write("net/main.tf", &format!("{other}{NET}{import}"));
    let calls = [vec!["apply", "net", "--auto-approve"], vec!["import", "aws_vpc.more", "vpc-1", "--layout", "net"]];
    for command in calls {
        let refused = world.floorplan(&command).exits(1);
        assert!(refused.stderr.contains("1 unfinished call of account 123456789012"), "{}", refused.stderr);
    }
    // With the right credentials the call is settled: one VPC, not two.
    std::thread::sleep(std::time::Duration::from_secs(2));
    world.write("net/main.tf", &format!("{provider}{NET}"));
    world.floorplan(&["apply", "net", "--auto-approve"]).succeeds();
    assert_eq!(world.ids("DescribeVpcs", "vpcId", &[("cidr", "10.0.0.0/16")]).len(), 1);
}

#[test]
fn a_closed_terminal_lets_the_open_call_finish() {
    let world = World::start();
    world.write("net/main.tf", NET);
    world.hold("CreateVpc", "after", 2.0);
    let mut run = world.command(&["apply", "net", "--sandbox", "--auto-approve"]);
    let run = run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    world.wait_for("CreateVpc");
    for _ in 0..2 {
        let sent = Command::new("kill").args(["-HUP", &run.id().to_string()]).status().expect("kill runs");
        assert!(sent.success());
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    assert_eq!(run.wait_with_output().expect("it ends").status.code(), Some(0), "its only step is done");
    world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).exits(0);
}

#[test]
fn a_state_kept_elsewhere_is_reported() {
    let world = World::start();
    let vpc = "resource \"aws_vpc\" \"v\" { cidr_block = \"10.0.0.0/16\" }\n";
    let backend = |kind: &str| format!("terraform {{\n  {kind}\n}}\n{vpc}");
    for (kind, named) in [
        ("backend \"gcs\" {\n    bucket = \"tf\"\n    prefix = \"net\"\n  }", "(bucket = \"tf\", prefix = \"net\""),
        ("backend \"azurerm\" {}", "backend \"azurerm\""),
        ("cloud {\n    organization = \"acme\"\n  }", "cloud block (organization = \"acme\")"),
    ] {
        world.write("net/main.tf", &backend(kind));
        for command in [&["plan", "net"][..], &["apply", "net", "--auto-approve"], &["output", "--layout", "net"]] {
            let run = world.floorplan(command).exits(1);
            assert!(run.stderr.contains(named) && run.stderr.contains("--state DIR"), "{kind}: {}", run.stderr);
        }
    }
    let ours = world.floorplan(&["plan", "net", "--sandbox", "--state", "ours"]).succeeds();
    assert!(ours.stderr.contains("warning: Floorplan cannot read the state"), "{}", ours.stderr);
    world.write("net/main.tf", vpc);
    world.write("net/terraform.tfstate", r#"{"version": 4, "resources": [{"type": "aws_vpc"}]}"#);
    let run = world.floorplan(&["plan", "net"]).exits(1);
    assert!(run.stderr.contains("The state of Terraform cannot be read"), "{}", run.stderr);
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[test]
fn more_than_half_of_a_state_gone_at_once_is_asked_about() {
    let world = World::start();
    let subnet = |n: u8| {
        format!("resource \"aws_subnet\" \"s{n}\" {{\n  vpc_id = aws_vpc.v.id\n  cidr_block = \"10.0.{n}.0/24\"\n}}\n")
    };
    let vpc = "resource \"aws_vpc\" \"v\" { cidr_block = \"10.0.0.0/16\" }\n";
    world.write("net/main.tf", &format!("{vpc}{}{}", subnet(1), subnet(2)));
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    for id in world.ids("DescribeSubnets", "subnetId", &[("cidr-block", "10.0.*.0/24")]) {
        world.ec2("DeleteSubnet", &[("SubnetId", &id)]);
    }
    let plan = world.floorplan(&["plan", "net", "--sandbox"]).succeeds();
    assert!(plan.stderr.contains("2 of the state's 3 objects are gone from AWS"), "{}", plan.stderr);
    for command in ["apply", "destroy"] {
        let run = world.floorplan(&[command, "net", "--sandbox", "--auto-approve"]).exits(1);
        assert!(run.stderr.contains("--gone"), "{}", run.stderr);
    }
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve", "--gone"]).succeeds();
    world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).exits(0);
}

#[test]
fn a_check_reads_its_own_data_source_in_plan_and_apply() {
    let world = World::start();
    let check = |condition: &str| {
        format!(
            "resource \"aws_vpc\" \"v\" {{ cidr_block = \"10.0.0.0/16\" }}\n\
             check \"net\" {{\n  data \"aws_vpcs\" \"all\" {{\n    tags = {{ Never = \"there\" }}\n  }}\n\
             assert {{\n    condition = {condition}\n    error_message = \"found ${{length(data.aws_vpcs.all.ids)}}\"\n  }}\n}}\n"
        )
    };
    world.write("net/main.tf", &check("length(data.aws_vpcs.all.ids) > 0"));
    let plan = world.floorplan(&["plan", "net", "--sandbox"]).succeeds();
    assert!(plan.stderr.contains("Check failed") && plan.stderr.contains("found 0"), "{}", plan.stderr);
    let apply = world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    assert_eq!(apply.stderr.matches("found 0").count(), 2, "{}", apply.stderr);
    world.write("net/main.tf", &check("length(data.aws_vpcs.all.ids) == 0"));
    let plan = world.floorplan(&["plan", "net", "--sandbox"]).succeeds();
    assert!(!plan.stderr.contains("Check"), "{}", plan.stderr);
    // A data source that cannot be read and a condition that cannot be evaluated warn, and stop nothing.
    world.write("net/main.tf", &check("data.aws_vpcs.all.ids[7] == \"\""));
    let plan = world.floorplan(&["plan", "net", "--sandbox"]).succeeds();
    assert!(plan.stderr.contains("warning: Invalid index"), "{}", plan.stderr);
    let missing = check("data.aws_vpcs.all.id != \"\"")
        .replace(
            "aws_vpcs\" \"all\" {\n    tags = { Never = \"there\" }",
            "aws_vpc\" \"all\" {\n    id = \"vpc-00000000\"",
        )
        .replace("aws_vpcs", "aws_vpc")
        .replace("length(data.aws_vpc.all.ids)", "data.aws_vpc.all.id");
    world.write("net/main.tf", &missing);
    let plan = world.floorplan(&["plan", "net", "--sandbox"]).succeeds();
    assert!(plan.stderr.contains("warning: Error reading aws_vpc"), "{}", plan.stderr);
}

#[test]
fn unknown_default_tags_do_not_stop_a_destroy() {
    let world = World::start();
    let layout = |tag: &str| {
        format!(
            "resource \"random_id\" \"r\" {{ byte_length = 4 }}\n\
             provider \"aws\" {{\n  default_tags {{\n    tags = {{ run = {tag} }}\n  }}\n}}\n\
             resource \"aws_vpc\" \"v\" {{ cidr_block = \"10.0.0.0/16\" }}\n"
        )
    };
    world.write("a+b/main.tf", &layout("\"x\""));
    world.floorplan(&["apply", "a+b", "--sandbox", "--auto-approve"]).succeeds();
    world.write("a+b/main.tf", &layout("random_id.r.hex"));
    world.floorplan(&["destroy", "a+b", "--sandbox", "--auto-approve"]).succeeds();
    assert_eq!(world.ids("DescribeVpcs", "vpcId", &[("cidr", "10.0.0.0/16")]), Vec::<String>::new());
}

#[test]
fn commands_that_look_take_the_layout_first_as_plan_does() {
    let world = World::start();
    world.write("net/main.tf", "resource \"aws_vpc\" \"v\" { cidr_block = \"10.0.0.0/16\" }\noutput \"range\" { value = aws_vpc.v.cidr_block }\n");
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    assert_eq!(world.floorplan(&["output", "net", "--raw", "range"]).succeeds().stdout, "10.0.0.0/16");
    assert_eq!(world.floorplan(&["state", "list", "net"]).succeeds().stdout, "aws_vpc.v\n");
    world.floorplan(&["state", "show", "net", "aws_vpc.v"]).succeeds();
    let id = world.ids("DescribeVpcs", "vpcId", &[("cidr", "10.0.0.0/16")]).remove(0);
    world.floorplan(&["state", "rm", "net", "aws_vpc.v"]).succeeds();
    world.floorplan(&["import", "net", "aws_vpc.v", &id, "--sandbox"]).succeeds();
    assert_eq!(world.floorplan(&["state", "list", "net"]).succeeds().stdout, "aws_vpc.v\n");
}

//! A wait of more than ten seconds says what it waits for, and who holds it, on a terminal and off.

use super::rolling::small;
use super::support::World;
use std::process::{Command, Stdio};
use std::time::Duration;

const HELD: &str = r#"
resource "aws_security_group" "held" {
  name   = "held"
  vpc_id = data.aws_vpc.default.id
}
"#;
const GATEWAY: &str = r#"
resource "aws_nat_gateway" "slow" {
  connectivity_type = "private"
  subnet_id         = sort(data.aws_subnets.all.ids)[0]
}
"#;

/// One member behind a balancer, and something else.
fn layout(more: &str) -> String {
    let all = small(more, "");
    let members = "sort(data.aws_subnets.all.ids) : \"m${i}\" => id";
    assert!(all.contains(members), "{all}");
    all.replacen(members, &format!("{members} if i == 0"), 1)
}

/// The program as it runs off a terminal or, by script(1), on one.
fn command(world: &World, arguments: &[&str], terminal: bool) -> Command {
    let plain = world.command(arguments);
    if !terminal {
        return plain;
    }
    let words = [plain.get_program()].into_iter().chain(plain.get_args());
    let line: Vec<String> = words.map(|word| format!("'{}'", word.to_string_lossy())).collect();
    let mut command = Command::new("script");
    command.args(["-qec", &line.join(" "), "/dev/null"]).current_dir(world.path()).env_clear();
    command.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))).filter(|(name, _)| *name != "CI"));
    command.env("TERM", "xterm").stdin(Stdio::piped());
    command
}

/// What a run says that waits long for four things.
fn told(terminal: bool) -> (String, String) {
    let world = World::start();
    world.write("web/main.tf", &layout(HELD));
    world.floorplan(&["apply", "web", "--sandbox", "--auto-approve"]).succeeds();
    let group = world.ids("DescribeSecurityGroups", "groupId", &[("group-name", "held")]).remove(0);
    let subnet = world.ids("DescribeSubnets", "subnetId", &[]).remove(0);
    let made = world.ec2("CreateNetworkInterface", &[("SubnetId", &subnet), ("SecurityGroupId.1", &group)]);
    let interface = made.all("networkInterfaceId").remove(0);

    ["target_initial", "target_draining", "nat_gateway"].iter().for_each(|name| world.delay(name, 12.0));
    world.write("web/main.tf", &layout(GATEWAY));
    let arguments = ["apply", "web", "--sandbox", "--auto-approve", "--var", "kind=two"];
    let mut command = command(&world, &arguments, terminal);
    // Into a file: a terminal that nobody reads stops who writes to it.
    let log = world.path().join("said");
    let file = std::fs::File::create(&log).expect("a file");
    command.stderr(file.try_clone().expect("a file"));
    let mut run = command.stdout(file).spawn().expect("it can be run");
    world.wait_for("DeleteSecurityGroup");
    std::thread::sleep(Duration::from_secs(15));
    world.ec2("DeleteNetworkInterface", &[("NetworkInterfaceId", &interface)]);
    let status = run.wait().expect("it ends");
    let said = String::from_utf8_lossy(&std::fs::read(&log).expect("its file")).into_owned();
    assert!(status.success(), "{said}");
    (said, interface)
}

#[test]
fn a_long_wait_says_what_it_waits_for_and_who_holds_it() {
    std::thread::scope(|scope| {
        let both = [false, true].map(|terminal| (terminal, scope.spawn(move || told(terminal))));
        for (terminal, run) in both {
            let (said, interface) = run.join().expect("it can be run");
            let says = |begin: &str, rest: &[&str]| {
                let told = |line: &str| {
                    let told = line.split_once(begin).map(|(_, told)| told);
                    told.is_some_and(|told| told.contains(" s so far") && rest.iter().all(|part| told.contains(part)))
                };
                assert!(said.lines().any(told), "terminal: {terminal}, {begin} {rest:?}: {said}");
            };
            says("aws_security_group.held: AWS does not accept it yet: ", &["it is held by ", &interface]);
            says("aws_nat_gateway.slow: ", &["pending"]);
            says("waiting until it is healthy: it is initial in ", &["targetgroup/web"]);
            says("waiting until i-", &["is drained, at most"]);
        }
    });
}

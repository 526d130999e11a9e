//! A client's copy of a layout and of the modules, which a test edits as its owner would.

use super::promised::{Promised, worst};
use super::sampler::sampled;
use crate::support::{Run, World, copy};
use std::path::Path;

/// A file, what stands in it, and what is to stand there.
pub type Edit<'a> = (&'a str, &'a str, &'a str);

pub const MAIN: &str = "layouts/ha-web/main.tf";
pub const WEB: &str = "modules/web/main.tf";

/// Offices by VPN, which `layouts/ha-web` does not have.
const OFFICE: &str = r#"
module "vpn" {
  source          = "../../modules/vpn"
  name            = var.client
  sites           = { office = { ip = "203.0.113.10", static_routes = ["192.168.10.0/24"] } }
  vpc_id          = module.network.vpc_id
  route_table_ids = module.network.private_route_table_ids
}
"#;

pub struct Client {
    pub world: World,
    /// What the layout is called in the table of docs/rolling.md.
    title: &'static str,
}

impl Client {
    /// `layouts/ha-web` with an office and these edits, applied; both tunnels are up.
    pub fn new(title: &'static str, edits: &[Edit<'_>]) -> Self {
        let client = Client { world: World::start(), title };
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        copy(&root.join("modules"), &client.world.path().join("modules"));
        copy(&root.join("layouts/ha-web"), &client.world.path().join("layouts/ha-web"));
        client.world.write("layouts/ha-web/vpn.tf", OFFICE);
        client.edit(edits);
        client.run(&["apply", "--auto-approve"]).succeeds();
        client.tunnels(["UP", "UP"]);
        client
    }

    pub fn run(&self, given: &[&str]) -> Run {
        let (command, rest) = given.split_first().expect("a command");
        self.world.floorplan(&[&[*command, "layouts/ha-web", "--sandbox"], rest].concat())
    }

    /// Lets what takes time on AWS take some here, so that it is seen.
    pub fn slowly(&self) {
        let all = [
            ("target_initial", 0.6),
            ("target_draining", 0.3),
            ("nat_gateway", 0.5),
            ("vpn_tunnel", 0.8),
            ("vpn_connection", 0.3),
            ("instance_refresh", 0.4),
        ];
        all.iter().for_each(|(name, seconds)| self.world.delay(name, *seconds));
    }

    #[track_caller]
    pub fn edit(&self, edits: &[Edit<'_>]) {
        for (file, from, to) in edits {
            let text = self.world.read(file);
            assert!(text.contains(from), "{from} in {file}");
            self.world.write(file, &text.replacen(from, to, 1));
        }
    }

    /// A block of a file with its comments above left out, as it stands there.
    #[track_caller]
    pub fn block(&self, file: &str, head: &str) -> String {
        let text = self.world.read(file);
        let from = text.find(head).unwrap_or_else(|| panic!("{head} in {file}"));
        let end = text[from..].find("\n}\n").expect("a block ends") + 3;
        text[from..from + end].to_owned()
    }

    /// Takes out the listener that leads to the members, with what hangs on it.
    #[track_caller]
    pub fn without_listener(&self) {
        let listener = self.block(WEB, "resource \"aws_lb_listener\" \"https\"");
        let rule = self.block(MAIN, "resource \"aws_lb_listener_rule\" \"hidden\"");
        let output = ("modules/web/outputs.tf", "aws_lb_listener.https.arn", "null");
        let says = "web: nothing leads to it any more, as the layout asks";
        let edits: [Edit<'_>; 3] = [(WEB, &listener, ""), (MAIN, &rule, ""), output];
        // Clients lose their port, which a highly available layout has to be asked for.
        self.changes_if_allowed("listener taken out", says, &["--allow-downtime", "web"], &edits);
    }

    /// Takes out the database, and who asks it.
    #[track_caller]
    pub fn without_database(&self) {
        let database = self.block(MAIN, "module \"database\"");
        let main = self.world.read(MAIN);
        let asks = main.lines().find(|l| l.trim_start().starts_with("databases ")).expect("who asks it");
        let says = "database: removed, as the layout asks";
        self.changes("database taken out", says, &[(MAIN, &database, ""), (MAIN, asks, "")]);
    }

    /// Says what the device at the other end does, by the tunnels' outside addresses in their order.
    pub fn tunnels(&self, states: [&str; 2]) {
        let mut outside = self.world.ec2("DescribeVpnConnections", &[]).all("outsideIpAddress");
        outside.sort();
        outside.dedup();
        let states: serde_json::Map<_, _> = outside.into_iter().zip(states.map(Into::into)).collect();
        self.world.control("POST", "tunnels", Some(&states.into()));
    }

    /// Applies a change under the sampler: what its plan says is what is seen.
    #[track_caller]
    pub fn changes(&self, what: &str, says: &str, edits: &[Edit<'_>]) -> Run {
        self.changes_if_allowed(what, says, &[], edits)
    }

    /// The same with arguments that allow what it interrupts.
    #[track_caller]
    fn changes_if_allowed(&self, what: &str, says: &str, allow: &[&str], edits: &[Edit<'_>]) -> Run {
        self.edit(edits);
        let (seen, run) = sampled(&self.world, || self.run(&[&["apply", "--auto-approve"][..], allow].concat()));
        let run = run.succeeds();
        let promised = Promised::of(&run.stdout);
        assert!(promised.words().contains(says), "{what}: {}\n{}", promised.words(), run.stdout);
        assert!(seen.len() > 3, "{what}: {seen:?}");
        assert_eq!(promised.broken(&seen), [""; 0], "{what}: {seen:?}\n{}\n{}", run.stdout, run.stderr);
        self.told(what, &promised.words(), &worst(&seen));
        run
    }

    /// Nothing is left to do.
    #[track_caller]
    pub fn is_done(&self) {
        self.run(&["plan", "--detailed-exitcode"]).exits(0);
    }

    /// A change that is refused: nothing is called, and the files are as before.
    #[track_caller]
    pub fn refused(&self, what: &str, code: i32, why: &str, edits: &[Edit<'_>]) {
        let before: Vec<String> = edits.iter().map(|(file, ..)| self.world.read(file)).collect();
        self.edit(edits);
        self.world.forget_calls();
        let run = self.run(&["apply", "--auto-approve"]).exits(code);
        assert!(run.stderr.contains(why), "{what}: {}\n{}", run.stdout, run.stderr);
        assert_eq!(self.world.writes(), [""; 0], "{what}");
        self.told(what, &format!("refused: {why}"), "nothing is called");
        for ((file, ..), text) in edits.iter().zip(before).rev() {
            self.world.write(file, &text);
        }
    }

    /// The row of the table in docs/rolling.md, which has to be there.
    #[track_caller]
    fn told(&self, what: &str, says: &str, seen: &str) {
        let row = format!("| {} | {what} | {says} | ", self.title);
        eprintln!("{row}{seen} |");
        if std::env::var_os("FLOORPLAN_ROWS").is_none() {
            assert!(include_str!("../../../docs/rolling.md").contains(&row), "docs/rolling.md lacks: {row}{seen} |");
        }
    }
}

//! One change of the shop, carried out under the watch, and what is right.

use super::flow::{ALL, Flow, Known, Moment};
use super::watch::{Slow, watched};
use super::world::listed;
use crate::support::{REGION, Run, World};
use floorplan::sandbox::http::{self, Request};
use serde_json::{Map, json};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

const SHOP: &str = include_str!("shop.tf");
const NAMED: &str = "  name         = \"shop\"\n";
const PROMISES: &str = "  name         = \"shop\"\n  availability = \"high\"\n";

/// An edit of the layout.
#[derive(Debug, Clone, Copy)]
pub enum Edit {
    /// This text, which is there once, becomes that one.
    Put(&'static str, &'static str),
    /// The block that begins so goes.
    Take(&'static str),
    /// This comes at the end.
    Add(&'static str),
}

/// How a plan should deal with a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// It is carried out, nothing is lost or opened on the way, and the plan says that the flow is kept.
    Kept,
    /// The same, and the plan says that the flow has another source address afterwards.
    KeptFromElsewhere,
    /// It is refused before anything is called, and the refusal names the flow.
    Refused,
    /// The same; or it is carried out, and the plan names the flow that goes, as the layout asks for it.
    Said,
    /// It is carried out, nothing is lost or opened on the way, and the plan need not say anything.
    Ordered,
    /// It is an error before anything is called, which contains these words.
    Error,
}

/// A change of the shop.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    pub what: &'static str,
    /// What the shop has besides, before the change.
    pub before: &'static [Edit],
    pub change: &'static [Edit],
    pub slow: Slow,
    /// Both ends and the port, or other words that the plan contains in one place.
    pub flow: [&'static str; 3],
    pub right: Right,
}

/// The flows by the names of their ends and their ports.
pub const SHOP_FLOW: [&str; 3] = ["internet", "front", "80"];
/// By the port that customers call, wherever on the way it is cut off.
pub const SERVED: [&str; 3] = ["internet → front → web", "tcp/80", ""];
pub const QUERY: [&str; 3] = ["web", "orders", "5432"];
pub const OFFICE: [&str; 3] = ["office (vpn)", "orders", "5432"];
pub const OUT: [&str; 3] = ["web", "internet", ""];
pub const EDGE: [&str; 3] = ["internet", "edge", "443"];

/// A shop, the names that are in use there, and who is served.
struct Shop {
    world: World,
    known: Known,
    served: Moment,
}

impl Shop {
    /// The shop, applied, with both tunnels up: a copy of the one that all cases begin with.
    fn new() -> Self {
        static FIRST: LazyLock<Mutex<Shop>> = LazyLock::new(|| Mutex::new(Shop::first()));
        let first = FIRST.lock().unwrap_or_else(PoisonError::into_inner);
        Shop { world: first.world.copy(), known: first.known.clone(), served: first.served.clone() }
    }

    fn first() -> Self {
        let world = World::start();
        world.write("shop/main.tf", SHOP);
        apply(&world, world.server().port).succeeds();
        let outside = world.ec2("DescribeVpnConnections", &[]).all("outsideIpAddress");
        let up: Map<_, _> = outside.into_iter().map(|address| (address, json!("UP"))).collect();
        world.control("POST", "tunnels", Some(&up.into()));
        Shop::asked(world)
    }

    /// As it is now.
    fn asked(world: World) -> Self {
        let objects = listed(&world);
        let known = Known::of(&objects);
        Shop { served: known.look(&objects), known, world }
    }

    /// With these edits applied. They may interrupt what they like: the shop promises nothing meanwhile.
    fn with(self, edits: &[Edit]) -> Self {
        if edits.is_empty() {
            return self;
        }
        edit(&self.world, edits);
        edit(&self.world, &[Edit::Put(PROMISES, NAMED)]);
        apply(&self.world, self.world.server().port).succeeds();
        edit(&self.world, &[Edit::Put(NAMED, PROMISES)]);
        Shop::asked(self.world)
    }

    /// Does some work that calls AWS at the port that it gets; gives what was seen meanwhile.
    fn watched<R>(self, slow: Slow, work: impl FnOnce(&World, u16) -> R) -> (Seen, R) {
        let look = || self.known.look(&listed(&self.world));
        let (moments, result) = watched(&self.world, slow, look, |port| work(&self.world, port));
        (Seen { first: self.served, moments }, result)
    }
}

/// Applies the layout, with AWS at a port.
fn apply(world: &World, port: u16) -> Run {
    let state = world.path().join("kept");
    let state = state.to_str().expect("a path in UTF-8");
    let mut program = world.command(&["apply", "shop", "--auto-approve", "--state", state]);
    let address = format!("http://127.0.0.1:{port}");
    let output = program.env("AWS_ENDPOINT_URL", address).env("AWS_REGION", REGION).output().expect("it can be run");
    Run {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

fn edit(world: &World, edits: &[Edit]) {
    let mut layout = world.read("shop/main.tf");
    for edit in edits {
        layout = match *edit {
            Edit::Put(from, to) => {
                assert_eq!(layout.matches(from).count(), 1, "{from}");
                layout.replace(from, to)
            }
            Edit::Take(head) => {
                let from = layout.find(head).unwrap_or_else(|| panic!("{head}"));
                let to = from + layout[from..].find("\n}\n").expect("a block ends") + 3;
                [&layout[..from], &layout[to..]].concat()
            }
            Edit::Add(text) => [&layout, text].concat(),
        };
    }
    world.write("shop/main.tf", &layout);
}

/// What was seen: each flow before, at the worst, at the best and afterwards, and the calls after which it changed.
pub struct Seen {
    first: Moment,
    moments: Vec<(String, Moment)>,
}

impl Seen {
    fn of(&self, flow: Flow) -> impl Iterator<Item = usize> + use<'_> {
        std::iter::once(&self.first).chain(self.moments.iter().map(|(_, moment)| moment)).map(move |m| m[&flow])
    }

    /// Flows that serve fewer members at some moment than before.
    pub fn gaps(&self) -> Vec<String> {
        ALL.into_iter()
            .filter(|flow| self.of(*flow).min() < Some(self.first[flow]))
            .map(|flow| self.story(flow))
            .collect()
    }

    /// Flows that are there at some moment, and neither before nor afterwards.
    pub fn openings(&self) -> Vec<String> {
        let opens =
            |flow: &Flow| self.first[flow] == 0 && self.of(*flow).last() == Some(0) && self.of(*flow).max() > Some(0);
        ALL.into_iter().filter(opens).map(|flow| self.story(flow)).collect()
    }

    fn story(&self, flow: Flow) -> String {
        let mut story = format!("{flow:?} {}", self.first[&flow]);
        let mut last = self.first[&flow];
        for (action, moment) in &self.moments {
            if moment[&flow] != last {
                last = moment[&flow];
                story.push_str(&format!(", {last} after {action}"));
            }
        }
        story
    }
}

/// Whether all of these words are in one of the parts.
fn says<'a>(mut parts: impl Iterator<Item = &'a str>, words: &[&str]) -> bool {
    parts.any(|part| words.iter().all(|word| part.contains(word)))
}

/// What is wrong with how the program deals with a case; nothing if all is right.
fn wrong(case: &Case) -> Option<String> {
    let shop = Shop::new().with(case.before);
    edit(&shop.world, case.change);
    let (seen, run) = shop.watched(case.slow, apply);
    let calls = seen.moments.len();
    let (gaps, openings) = (seen.gaps(), seen.openings());
    let said = format!("{}\n{}", run.stdout, run.stderr);
    let refused = run.code == 3 && calls == 0;
    // Each error is a paragraph, each flow a line.
    let named = says(run.stderr.split("\n\n"), &case.flow);
    let line = |more: &[&str]| says(run.stdout.lines(), &[&case.flow, more].concat());
    let fault = match case.right {
        Right::Refused if run.code == 0 => "it was not refused",
        Right::Refused | Right::Said if refused && !named => "the refusal does not name the flow",
        Right::Refused | Right::Said if refused => return None,
        Right::Said if run.code == 0 && line(&[]) => return None,
        Right::Said if run.code == 0 => "the plan does not name the flow",
        Right::Error if run.code == 1 && calls == 0 && named => return None,
        Right::Error => "it is not the error that it should be",
        _ if run.code == 3 => "it was refused",
        _ if run.code != 0 => "it failed",
        _ if calls == 0 => "nothing was called",
        _ if !gaps.is_empty() || !openings.is_empty() => "a flow broke or opened",
        Right::Kept if !line(&["kept"]) => "the plan does not say that the flow is kept",
        Right::KeptFromElsewhere if !line(&["kept", "leaves by", "address"]) => {
            "the plan does not say that the address changes"
        }
        _ => return None,
    };
    let tail = said.find("Availability (").or(said.find("error")).unwrap_or(0);
    Some(format!("{}: {fault}\n  gaps: {gaps:?}\n  openings: {openings:?}\n{}", case.what, &said[tail..]))
}

/// All cases of a table.
#[track_caller]
pub fn all_right(cases: &[Case]) {
    let faults: Vec<String> = cases.iter().filter_map(wrong).collect();
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), cases.len(), faults.join("\n"));
}

/// Who takes a rule away and puts it back, and opens a door and closes it, is found out.
#[test]
fn what_breaks_or_opens_for_a_moment_is_seen() {
    let shop = Shop::new();
    let group = |name: &str| shop.world.ids("DescribeSecurityGroups", "groupId", &[("group-name", name)]).remove(0);
    let call = |port: u16, action: &str, group: &str, number: &str, range: &str| {
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential=sandbox/20260101/{REGION}/ec2/aws4_request, SignedHeaders=host, Signature=x"
        );
        let headers =
            [("Authorization", authorization.as_str()), ("Content-Type", "application/x-www-form-urlencoded")];
        let body = format!(
            "Action={action}&Version=2016-11-15&GroupId={group}&IpPermissions.1.IpProtocol=tcp\
             &IpPermissions.1.FromPort={number}&IpPermissions.1.ToPort={number}\
             &IpPermissions.1.IpRanges.1.CidrIp={}",
            range.replace('/', "%2F")
        );
        let request = Request { method: "POST", path: "/", headers: &headers, body: body.as_bytes() };
        let answer = http::send(port, &request, Duration::from_secs(20)).expect("AWS answers");
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    };
    let (orders, edge) = (group("orders"), group("edge"));
    let (seen, ()) = shop.watched(Slow::Adding, |_, port| {
        call(port, "RevokeSecurityGroupIngress", &orders, "5432", "10.9.0.0/16");
        call(port, "AuthorizeSecurityGroupIngress", &orders, "5432", "10.9.0.0/16");
        call(port, "AuthorizeSecurityGroupIngress", &edge, "8443", "0.0.0.0/0");
        call(port, "RevokeSecurityGroupIngress", &edge, "8443", "0.0.0.0/0");
    });
    let (revoke, authorize) = ("after RevokeSecurityGroupIngress", "after AuthorizeSecurityGroupIngress");
    assert_eq!(seen.gaps(), [format!("Office 1, 0 {revoke}, 1 {authorize}")]);
    assert_eq!(seen.openings(), [format!("Door 0, 1 {authorize}, 0 {revoke}")]);
}

#[test]
fn the_shop_is_served() {
    let served = Shop::new().served;
    let expected = [3, 3, 1, 3, 1, 0, 0];
    assert_eq!(ALL.map(|flow| served[&flow]), expected, "{served:?}");
}

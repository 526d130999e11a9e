//! Between the program and AWS: takes each call, and looks at AWS after each that changes something, before the program
//! gets the answer. No state between two calls is missed.
//!
//! Calls that change something come one at a time. Those of some kinds wait until no other one has come for a while:
//! where a plan leaves the order of two steps open, the other one is then the first.

use crate::support::World;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Longer than a program takes to send the next call that it may send.
const QUIET_FOR: Duration = Duration::from_millis(250);
const WAITS_AT_MOST: Duration = Duration::from_secs(10);
const LOOKS_EVERY: Duration = Duration::from_millis(20);
const SILENT_FOR: Duration = Duration::from_secs(20);

/// Calls that wait, so that the others come before them where the plan allows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slow {
    /// All that make or attach something.
    Adding,
    /// All that delete or detach something.
    Taking,
    /// All that take rules from groups, or change them.
    Narrowing,
}

impl Slow {
    fn holds(self, action: &str) -> bool {
        let adding = ["Create", "Authorize", "Associate", "Register", "Attach", "Run", "Enable"];
        let taking = ["Delete", "Revoke", "Disassociate", "Deregister", "Detach", "Terminate", "Release", "Disable"];
        let narrowing = ["Revoke", "ModifySecurityGroup"];
        let kinds: &[&str] = match self {
            Slow::Adding => &adding,
            Slow::Taking => &taking,
            Slow::Narrowing => &narrowing,
        };
        kinds.iter().any(|kind| action.starts_with(kind))
    }
}

/// A request as it came.
struct Call {
    head: Vec<String>,
    body: Vec<u8>,
}

impl Call {
    /// Reads one request; nothing where the connection was closed without any.
    fn read(stream: &TcpStream) -> Option<Call> {
        let mut reader = BufReader::new(stream);
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).ok()? == 0 {
                return None;
            }
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            head.push(line.to_owned());
        }
        let length = head.iter().find_map(|line| header(line, "content-length")).and_then(|n| n.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut body).ok()?;
        Some(Call { head, body })
    }

    /// The action: the one that the form or the target names, else method and path.
    fn action(&self) -> String {
        let body = String::from_utf8_lossy(&self.body);
        let named = body.split('&').find_map(|part| part.strip_prefix("Action=")).map(str::to_owned);
        let target = || self.head.iter().find_map(|line| header(line, "x-amz-target"));
        let target = || target().and_then(|target| target.rsplit('.').next().map(str::to_owned));
        named.or_else(target).unwrap_or_else(|| self.head.first().cloned().unwrap_or_default())
    }

    fn mutates(&self) -> bool {
        let action = self.action();
        !["Describe", "Get", "List", "Search", "Lookup", "GET ", "HEAD "].iter().any(|kind| action.starts_with(kind))
    }

    /// AWS's answer, as it came.
    fn answer(&self, port: u16) -> std::io::Result<Vec<u8>> {
        let mut to = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        to.set_read_timeout(Some(SILENT_FOR))?;
        let kept = self.head.iter().filter(|line| header(line, "connection").is_none());
        let head: String = kept.map(|line| format!("{line}\r\n")).collect();
        to.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes())?;
        to.write_all(&self.body)?;
        let mut answer = Vec::new();
        to.read_to_end(&mut answer)?;
        Ok(answer)
    }
}

fn header<'a>(line: &'a str, wanted: &str) -> Option<&'a str> {
    let (name, value) = line.split_once(':')?;
    name.eq_ignore_ascii_case(wanted).then_some(value.trim())
}

/// The calls that need not wait: how many are under way, and when the last one came or was answered.
struct Traffic(Mutex<(usize, Instant)>);

impl Traffic {
    fn none() -> Self {
        Traffic(Mutex::new((0, Instant::now())))
    }

    /// Does a call that need not wait.
    fn passes<R>(&self, call: impl FnOnce() -> R) -> R {
        self.counts(|under_way| under_way + 1);
        let result = call();
        self.counts(|under_way| under_way - 1);
        result
    }

    fn counts(&self, change: impl FnOnce(usize) -> usize) {
        let mut calls = self.0.lock().expect("counting does not fail");
        *calls = (change(calls.0), Instant::now());
    }

    fn is_quiet(&self) -> bool {
        let calls = self.0.lock().expect("counting does not fail");
        calls.0 == 0 && calls.1.elapsed() > QUIET_FOR
    }

    /// Does a call once nothing else has come for a while.
    fn waits<R>(&self, call: impl FnOnce() -> R) -> R {
        let start = Instant::now();
        while start.elapsed() < QUIET_FOR || (!self.is_quiet() && start.elapsed() < WAITS_AT_MOST) {
            std::thread::sleep(LOOKS_EVERY);
        }
        call()
    }
}

/// Does some work that calls AWS at the port that it gets; gives what `look` saw after each call that changed something,
/// with the call's name.
pub fn watched<M: Send, R>(
    world: &World,
    slow: Slow,
    look: impl Fn() -> M + Sync,
    work: impl FnOnce(u16) -> R,
) -> (Vec<(String, M)>, R) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let port = listener.local_addr().expect("its address").port();
    let (seen, over) = (Mutex::new(Vec::new()), AtomicBool::new(false));
    let traffic = Traffic::none();
    let serve = |mut stream: TcpStream| {
        stream.set_read_timeout(Some(SILENT_FOR)).expect("a connection has a timeout");
        let Some(call) = Call::read(&stream) else { return };
        let ask = || call.answer(world.server().port).expect("AWS answers");
        let looked = || {
            let mut seen = seen.lock().expect("looking does not fail");
            let answer = ask();
            seen.push((call.action(), look()));
            answer
        };
        let answer = match (call.mutates(), slow.holds(&call.action())) {
            (false, _) => ask(),
            (true, false) => traffic.passes(looked),
            (true, true) => traffic.waits(looked),
        };
        // The program may be gone by now.
        let _ = stream.write_all(&answer);
    };
    let result = std::thread::scope(|scope| {
        scope.spawn(|| {
            for stream in listener.incoming() {
                if over.load(Ordering::Relaxed) {
                    break;
                }
                let stream = stream.expect("a connection");
                scope.spawn(|| serve(stream));
            }
        });
        let ends = Ends { over: &over, port };
        let result = work(port);
        drop(ends);
        result
    });
    (seen.into_inner().expect("looking does not fail"), result)
}

/// Ends the service, also when the work panics.
struct Ends<'a> {
    over: &'a AtomicBool,
    port: u16,
}

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        // It waits for a connection.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }
}

#[test]
fn calls_are_known_by_their_actions() {
    let call = |head: &[&str], body: &str| Call {
        head: head.iter().map(|line| (*line).to_owned()).collect(),
        body: body.as_bytes().to_vec(),
    };
    let form = call(&["POST / HTTP/1.1"], "Action=RevokeSecurityGroupIngress&Version=1");
    let target = call(&["POST / HTTP/1.1", "X-Amz-Target: AWSWAF_20190729.GetWebACL"], "{}");
    let plain = call(&["GET /v1/accelerators HTTP/1.1"], "");
    assert_eq!((form.action().as_str(), form.mutates()), ("RevokeSecurityGroupIngress", true));
    assert_eq!((target.action().as_str(), target.mutates()), ("GetWebACL", false));
    assert!(!plain.mutates());
    assert!(Slow::Taking.holds(&form.action()) && !Slow::Adding.holds(&form.action()));
}

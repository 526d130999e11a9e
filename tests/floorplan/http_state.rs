//! A state on a web server, as Terraform's backend `http` and GitLab keep it.

use super::remote_state::{APPLY, GATEWAY, ended, layout, started};
use super::support::World;
use base64::Engine;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

const PLAN: [&str; 3] = ["plan", "net", "--sandbox"];

/// A server of one document, with the calls and answers of GitLab.
struct Server {
    port: u16,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    /// The documents, by `serial`, in order.
    versions: Vec<Vec<u8>>,
    lock: Option<Value>,
    requests: Vec<String>,
    /// Loses each other answer to a call that changes something.
    losing: bool,
    lose_next: bool,
    /// What the authorization header must be.
    authorization: Option<String>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, inner) = (listener.local_addr().unwrap().port(), Arc::<Mutex<Inner>>::default());
        let shared = inner.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = shared.clone();
                std::thread::spawn(move || serve(stream, &shared));
            }
        });
        Server { port, inner }
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/{path}", self.port)
    }

    fn with<T>(&self, work: impl FnOnce(&mut Inner) -> T) -> T {
        work(&mut self.inner.lock().unwrap())
    }

    fn document(&self) -> Value {
        self.with(|inner| serde_json::from_slice(inner.versions.last().unwrap()).unwrap())
    }

    /// The state in the document.
    fn state(&self) -> Value {
        serde_json::from_str(self.document()["state"].as_str().unwrap()).unwrap()
    }

    fn is_locked(&self) -> bool {
        self.with(|inner| inner.lock.is_some())
    }

    /// A world whose layout has its state here.
    fn world(&self, more: &str) -> World {
        let world = World::start();
        world.write("net/main.tf", &self.layout("", more));
        world
    }

    fn layout(&self, resources: &str, more: &str) -> String {
        let whole = layout(resources);
        let rest = &whole[whole.find("resource").unwrap()..];
        let address = self.url("states/net");
        format!("terraform {{\n  backend \"http\" {{\n    address = \"{address}\"\n{more}  }}\n}}\n{rest}")
    }

    fn locks(&self) -> String {
        let url = self.url("states/net/lock");
        format!("    lock_address = \"{url}\"\n    unlock_address = \"{url}\"\n    retry_wait_min = 0\n")
    }
}

fn serve(mut stream: TcpStream, shared: &Mutex<Inner>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut first = String::new();
    if reader.read_line(&mut first).unwrap_or(0) == 0 {
        return;
    }
    let (mut length, mut authorization) = (0, None);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.split_once(':') else { break };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().unwrap(),
            "authorization" => authorization = Some(value.trim().to_owned()),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let mut words = first.split_whitespace();
    let (method, path) = (words.next().unwrap().to_owned(), words.next().unwrap().to_owned());
    let (status, text, lost) = shared.lock().unwrap().answer(&method, &path, authorization, body);
    if !lost {
        let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", text.len());
        let _ = stream.write_all(&[head.as_bytes(), &text].concat());
    }
}

impl Inner {
    fn answer(
        &mut self,
        method: &str,
        path: &str,
        authorization: Option<String>,
        body: Vec<u8>,
    ) -> (u16, Vec<u8>, bool) {
        self.requests.push(format!("{method} {}", path.split('?').next().unwrap()));
        if self.authorization.is_some() && self.authorization != authorization {
            return (401, b"{\"message\":\"401 Unauthorized\"}".to_vec(), false);
        }
        let changes = method != "GET";
        self.lose_next ^= changes;
        let lost = self.losing && changes && self.lose_next;
        let id = |value: &Value| value["ID"].as_str().unwrap_or_default().to_owned();
        let (status, text) = match (method, path.ends_with("/lock")) {
            ("GET", false) => match self.versions.last() {
                Some(document) => (200, document.clone()),
                None => (404, Vec::new()),
            },
            ("LOCK" | "POST", true) => match &self.lock {
                Some(held) => (423, held.to_string().into_bytes()),
                None => {
                    self.lock = Some(serde_json::from_slice(&body).unwrap());
                    (200, Vec::new())
                }
            },
            ("UNLOCK" | "DELETE", true) => {
                let given: Value = serde_json::from_slice(&body).unwrap();
                if self.lock.as_ref().is_some_and(|held| id(held) != id(&given)) {
                    return (409, Vec::new(), lost);
                }
                self.lock = None;
                (200, Vec::new())
            }
            ("POST" | "PUT", false) => {
                let given = path.split_once("ID=").map(|(_, id)| id.to_owned());
                if self.lock.as_ref().map(id) != given {
                    return (409, Vec::new(), lost);
                }
                let serial = |text: &[u8]| serde_json::from_slice::<Value>(text).unwrap()["serial"].as_u64().unwrap();
                if self.versions.iter().any(|version| serial(version) == serial(&body)) {
                    return (422, b"{\"message\":\"Version has already been taken\"}".to_vec(), lost);
                }
                self.versions.push(body);
                (200, Vec::new())
            }
            _ => (405, Vec::new()),
        };
        (status, text, lost)
    }
}

#[test]
fn a_state_on_a_server_is_shared_and_locked() {
    let server = Server::start();
    let world = server.world(&server.locks());
    world.hold("CreateVpc", "before", 3.0);
    let winner = started(&world, &APPLY);
    world.wait_for("CreateVpc");
    let refused = world.floorplan(&APPLY).exits(1);
    for part in ["http://127.0.0.1", "`floorplan apply`", "since 20", "force-unlock", "stays here"] {
        assert!(refused.stderr.contains(part), "{part}: {}", refused.stderr);
    }
    let journal = server.document()["journal"].as_str().unwrap().to_owned();
    assert!(journal.contains("\"intent\""), "the call under way is in the document: {journal}");
    ended(winner).succeeds();
    assert!(!server.is_locked() && server.document()["journal"].is_null());
    assert_eq!((&server.state()["serial"], &server.document()["version"]), (&Value::from(1), &Value::from(5)));
    assert!(!world.path().join("net/state").exists());

    server.with(|inner| inner.requests.clear());
    let plan = world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).succeeds();
    assert!(plan.stdout.contains("No changes."), "{}", plan.stdout);
    server.with(|inner| {
        assert!(inner.requests.iter().all(|request| request.starts_with("GET ")), "{:?}", inner.requests)
    });
    world.write("net/main.tf", &server.layout(GATEWAY, &server.locks()));
    world.floorplan(&APPLY).succeeds();
    assert_eq!(server.state()["serial"], 2);
    let history = world.floorplan(&["state", "history", "--layout", "net"]).succeeds();
    assert_eq!(history.stdout, "", "such a server keeps none");
    world.floorplan(&["destroy", "net", "--sandbox", "--auto-approve"]).succeeds();
    assert_eq!(world.ids("DescribeInternetGateways", "internetGatewayId", &[]), Vec::<String>::new());
    assert!(!server.is_locked());
}

#[test]
fn lost_answers_of_a_server_are_no_loss() {
    let server = Server::start();
    let world = server.world(&server.locks());
    server.with(|inner| inner.losing = true);
    for n in 1..=6 {
        world.write("net/main.tf", &server.layout(if n % 2 == 0 { GATEWAY } else { "" }, &server.locks()));
        world.floorplan(&APPLY).succeeds();
        assert_eq!(server.state()["serial"], n);
        assert!(!server.is_locked());
    }
    assert_eq!(world.ids("DescribeVpcs", "vpcId", &[("cidr-block", "10.0.0.0/16")]).len(), 1);
}

#[test]
fn a_killed_run_on_a_server_is_resumed() {
    let server = Server::start();
    let world = server.world(&server.locks());
    world.hold("CreateSubnet", "after", 60.0);
    let mut killed = started(&world, &APPLY);
    world.wait_for("CreateSubnet");
    while world.ids("DescribeSubnets", "subnetId", &[("cidr-block", "10.0.1.0/24")]).is_empty() {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    world.floorplan(&APPLY).exits(1);
    let id = server.with(|inner| inner.lock.as_ref().unwrap()["ID"].as_str().unwrap().to_owned());
    let unlock = |id: &str| world.floorplan(&["force-unlock", "-force", id, "--layout", "net"]);
    assert!(unlock("4711").exits(1).stderr.contains(&id));
    unlock(&id).succeeds();
    assert!(unlock(&id).exits(1).stderr.contains("is not locked"));
    world.floorplan(&APPLY).succeeds();
    assert_eq!(world.ids("DescribeVpcs", "vpcId", &[("cidr-block", "10.0.0.0/16")]).len(), 1);
    assert_eq!(world.ids("DescribeSubnets", "subnetId", &[("cidr-block", "10.0.1.0/24")]).len(), 1);
}

#[test]
fn settings_of_a_server_come_from_the_environment() {
    let server = Server::start();
    let world = server.world("");
    let text = world.read("net/main.tf");
    let rest = &text[text.find("resource").unwrap()..];
    world.write("net/main.tf", &format!("terraform {{\n  backend \"http\" {{}}\n}}\n{rest}"));
    let refused = world.floorplan(&PLAN).exits(1);
    for part in ["leaves out address", "TF_HTTP_ADDRESS", "-backend-config=address="] {
        assert!(refused.stderr.contains(part), "{part}: {}", refused.stderr);
    }
    let basic = base64::engine::general_purpose::STANDARD.encode("ada:token");
    server.with(|inner| inner.authorization = Some(format!("Basic {basic}")));
    let run = |arguments: &[&str], password: &str| {
        let mut command = world.command(arguments);
        command.env("TF_HTTP_ADDRESS", server.url("states/net"));
        command.env("TF_HTTP_LOCK_ADDRESS", server.url("states/net/lock")).env("TF_HTTP_LOCK_METHOD", "POST");
        command.env("TF_HTTP_UNLOCK_ADDRESS", server.url("states/net/lock")).env("TF_HTTP_UNLOCK_METHOD", "DELETE");
        command.env("TF_HTTP_USERNAME", "ada").env("TF_HTTP_PASSWORD", password).env("TF_HTTP_RETRY_WAIT_MIN", "1");
        ended(command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap())
    };
    let wrong = run(&PLAN, "wrong").exits(1);
    assert!(wrong.stderr.contains("401") && wrong.stderr.contains("TF_HTTP_PASSWORD"), "{}", wrong.stderr);
    assert!(!wrong.stderr.contains("wrong"), "a password is not shown: {}", wrong.stderr);
    run(&APPLY, "token").succeeds();
    let seen = server.with(|inner| inner.requests.clone());
    for request in ["POST /states/net/lock", "POST /states/net", "DELETE /states/net/lock"] {
        assert!(seen.iter().any(|each| each == request), "{request}: {seen:?}");
    }
    run(&["state", "lock", "--reason", "an incident", "--layout", "net"], "token").succeeds();
    let refused = run(&APPLY, "token").exits(1);
    assert!(refused.stderr.contains(": an incident."), "{}", refused.stderr);
    run(&["state", "unlock", "--mine", "--layout", "net"], "token").succeeds();
    assert!(!server.is_locked());
}

#[test]
fn a_server_without_a_lock_is_warned_of() {
    let server = Server::start();
    let world = server.world("");
    let plan = world.floorplan(&PLAN).succeeds();
    assert!(!plan.stderr.contains("not locked"), "a plan locks nothing: {}", plan.stderr);
    let applied = world.floorplan(&APPLY).succeeds();
    assert_eq!(applied.stderr.matches("The state is not locked").count(), 1, "{}", applied.stderr);
    let moved = world.floorplan(&["state", "mv", "aws_subnet.a", "aws_subnet.b", "--layout", "net"]).succeeds();
    assert!(moved.stderr.contains("The state is not locked"), "{}", moved.stderr);
    let none = world.floorplan(&["state", "lock", "--layout", "net"]).exits(1);
    assert!(none.stderr.contains("lock_address"), "{}", none.stderr);
}

#[test]
fn what_a_server_answers_is_not_taken_for_nothing() {
    let server = Server::start();
    let world = server.world(&server.locks());
    let answers: [(&[u8], &str); 4] = [
        (b"", "empty document"),
        (b"<html>Sign in</html>", "is not JSON"),
        (br#"{"version": 4, "terraform_version": "1.11.0", "serial": 41, "lineage": "x", "outputs": {}, "resources": []}"#,
            "Terraform"),
        (br#"{"floorplan_document": 9, "version": 5, "serial": 1}"#, "format 9"),
    ];
    for (answer, part) in answers {
        server.with(|inner| inner.versions = vec![answer.to_vec()]);
        let refused = world.floorplan(&APPLY).exits(1);
        assert!(refused.stderr.contains(part) && refused.stderr.contains("states/net"), "{part}: {}", refused.stderr);
        server.with(|inner| assert_eq!(inner.versions, [answer.to_vec()], "nothing is overwritten"));
        assert!(!server.is_locked());
    }
    world.write("net/main.tf", &server.layout("", "").replace("127.0.0.1", "states.example"));
    let refused = world.floorplan(&PLAN).exits(1);
    assert!(refused.stderr.contains("A sandbox cannot use"), "{}", refused.stderr);
    let refused = world.command(&["workspace", "new", "blue", "--layout", "net"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
}

#[test]
fn outputs_of_a_state_on_a_web_server_are_read() {
    let server = Server::start();
    let world = World::start();
    let reader = |more: &str| {
        let config =
            format!("address = {:?}\n    username = \"ada\"\n    password = \"secret\"", server.url("states/net"));
        format!(
            "data \"terraform_remote_state\" \"net\" {{\n  backend = \"http\"\n  config = {{\n    {config}\n    retry_max = \"0\"\n  }}\n  {more}\n}}\n\
             output \"vpc\" {{\n  value = data.terraform_remote_state.net.outputs.vpc\n}}\n"
        )
    };
    let plan = ["plan", "app", "--sandbox"];
    world.write("app/main.tf", &reader(""));
    let none = world.floorplan(&plan).exits(1);
    assert!(
        none.stderr.contains("No state was found") && none.stderr.contains(&server.url("states/net")),
        "{}",
        none.stderr
    );
    // Ours, as it is kept there, and Terraform's.
    world.write("net/main.tf", &server.layout("", ""));
    world.floorplan(&APPLY).succeeds();
    let vpc = world.ids("DescribeVpcs", "vpcId", &[("cidr", "10.0.0.0/16")]).remove(0);
    let found = world.floorplan(&plan).succeeds();
    assert!(found.stdout.contains(&vpc), "{}", found.stdout);
    let theirs = r#"{"version": 4, "terraform_version": "1.11.4", "serial": 99, "lineage": "x", "outputs": {"vpc": {"value": "vpc-7", "type": "string"}}, "resources": []}"#;
    server.with(|inner| inner.versions.push(theirs.into()));
    let found = world.floorplan(&plan).succeeds();
    assert!(found.stdout.contains("vpc-7"), "{}", found.stdout);
    assert!(
        server.with(|inner| inner.requests.iter().filter(|r| r.contains("LOCK")).count()) <= 2,
        "a reader takes no lock"
    );
    world.write("app/main.tf", &reader("workspace = \"blue\""));
    let spaces = world.floorplan(&plan).exits(1);
    assert!(spaces.stderr.contains("no workspaces"), "{}", spaces.stderr);
    server.with(|inner| inner.authorization = Some("Basic x".into()));
    world.write("app/main.tf", &reader(""));
    let denied = world.floorplan(&plan).exits(1);
    assert!(denied.stderr.contains("401") && denied.stderr.contains("username"), "{}", denied.stderr);
    assert!(!denied.stderr.contains("secret"), "{}", denied.stderr);
}

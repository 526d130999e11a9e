//! A world for one test: a sandbox server of its own, an empty workspace, the built program in a clean
//! environment, and a look at AWS that does not go through the program.

// Every test file uses a part of this.
#![allow(dead_code)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use floorplan::sandbox::http::{self, Request};
use floorplan::sandbox::{DIRECTORY_VARIABLE, Private, Sandbox};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The region in which all tests run.
pub const REGION: &str = "eu-west-1";
const ANSWER_WITHIN: Duration = Duration::from_secs(60);

/// A sandbox and a workspace; both are gone when it is dropped.
pub struct World {
    server: Private,
    folder: TempDir,
}

/// What a run of the program did.
#[derive(Debug)]
pub struct Run {
    /// Its exit code; -1 if a signal ended it.
    pub code: i32,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

impl Run {
    /// Asserts exit code 0; the run itself, for more.
    #[track_caller]
    pub fn succeeds(self) -> Self {
        self.exits(0)
    }

    /// Asserts an exit code; the run itself, for more.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }
}

/// One call that the sandbox received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The signing name of the service, such as `ec2`.
    pub service: String,
    /// The action, such as `CreateVpc`; method and path for REST services.
    pub action: String,
    /// Whether it was meant to change something.
    pub mutating: bool,
    /// The status it was answered with; 0 if it is not answered yet or its answer was lost on purpose.
    pub status: u16,
    /// The parameters as sent: for the query protocols those of the body, for REST services those in the address.
    pub parameters: Value,
}

/// An XML answer of AWS, with the little that tests ask of one.
pub struct Xml {
    text: String,
}

impl Xml {
    /// The answer as it came.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The texts of all elements of this name, in document order.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.document()
            .descendants()
            .filter(|node| node.is_element() && node.tag_name().name() == name)
            .map(|node| node.text().unwrap_or_default().to_owned())
            .collect()
    }

    /// The text of the only element of this name.
    #[track_caller]
    pub fn one(&self, name: &str) -> String {
        let mut all = self.all(name);
        assert_eq!(all.len(), 1, "{name} in {}", self.text);
        all.remove(0)
    }

    /// The whole answer, for questions about structure.
    pub fn document(&self) -> roxmltree::Document<'_> {
        roxmltree::Document::parse(&self.text).expect("AWS answers well-formed XML")
    }
}

impl World {
    /// A fresh world. The first one on a machine makes the Python environment, which takes a while.
    pub fn start() -> Self {
        static FIRST: LazyLock<Mutex<Private>> = LazyLock::new(|| Mutex::new(World::first().server));
        let folder = Self::folder();
        let first = FIRST.lock().unwrap_or_else(PoisonError::into_inner);
        let server = first.copy(&folder.path().join("sandbox")).expect("the sandbox can be copied");
        Self { server, folder }
    }

    /// The world that all are copies of, with the parts of the services loaded: starting a server takes seconds.
    fn first() -> Self {
        let folder = Self::folder();
        let server = Sandbox::start_private(&folder.path().join("sandbox"), &|line| eprintln!("{line}"))
            .unwrap_or_else(|error| panic!("{error}\n{}", error.hint().unwrap_or_default()));
        let world = Self { server, folder };
        for (service, action) in [
            ("ec2", "DescribeVpcs"),
            ("rds", "DescribeDBInstances"),
            ("elasticloadbalancing", "DescribeLoadBalancers"),
            ("autoscaling", "DescribeAutoScalingGroups"),
            ("iam", "ListRoles"),
            ("sns", "ListTopics"),
            ("monitoring", "DescribeAlarms"),
            ("elasticache", "DescribeCacheSubnetGroups"),
        ] {
            world.query(service, action, &[]);
        }
        world.send("GET", "/", "s3", &[], b"");
        world.json("logs", "Logs_20140328.DescribeLogGroups", json!({}));
        world.json("sqs", "AmazonSQS.ListQueues", json!({}));
        world.send("GET", "/2015-03-31/functions", "lambda", &[], b"");
        world.forget_calls();
        world
    }

    fn folder() -> TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in ["home", "work", "sandbox"] {
            std::fs::create_dir(folder.path().join(name)).expect("a folder in the temporary folder");
        }
        folder
    }

    /// A copy of it, which goes its own way from then on: another server, and another workspace.
    pub fn copy(&self) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in ["home", "work"] {
            copy(&self.folder.path().join(name), &folder.path().join(name));
        }
        let server = self.server.copy(&folder.path().join("sandbox")).expect("the sandbox can be copied");
        Self { server, folder }
    }

    /// The sandbox.
    pub fn server(&self) -> &Private {
        &self.server
    }

    /// The folder in which the program runs.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    /// Writes a file of the workspace, with its folders.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        let parent = path.parent().expect("a file has a folder");
        std::fs::create_dir_all(parent).expect("the folder can be made");
        std::fs::write(path, text).expect("the file can be written");
    }

    /// Reads a file of the workspace.
    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).expect("the file can be read")
    }

    /// Runs the program in the workspace and waits for it.
    pub fn floorplan(&self, arguments: &[&str]) -> Run {
        let output = self.command(arguments).output().expect("the built program can be run");
        Run {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The program as it is about to be run, for tests that add variables, feed input or kill it.
    ///
    /// `--sandbox` finds this world's server too.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_floorplan"));
        command
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .envs(self.server.env())
            .env("AWS_REGION", REGION)
            .env("HOME", self.folder.path().join("home"))
            .env(DIRECTORY_VARIABLE, self.folder.path().join("sandbox"))
            .env("CI", "1")
            .env("NO_COLOR", "1")
            .env("TZ", "UTC")
            .env("LANG", "C.UTF-8");
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        if let Some(cache) = cache_home() {
            command.env("XDG_CACHE_HOME", cache);
        }
        command
    }

    /// Asks EC2 directly: `world.ec2("DescribeVpcs", &[("VpcId.1", id)])`; it must answer 200.
    #[track_caller]
    pub fn ec2(&self, action: &str, parameters: &[(&str, &str)]) -> Xml {
        let (status, answer) = self.try_ec2(action, parameters);
        assert_eq!(status, 200, "{action}: {}", answer.text);
        answer
    }

    /// Asks EC2 directly and gives the status with the answer, whatever it is.
    pub fn try_ec2(&self, action: &str, parameters: &[(&str, &str)]) -> (u16, Xml) {
        self.try_query("ec2", action, parameters)
    }

    /// Asks a service of the query protocol directly (`rds`, `elasticloadbalancing`, `autoscaling`, `iam`, `sns`,
    /// `monitoring`: the signing names); it must answer 200.
    #[track_caller]
    pub fn query(&self, service: &str, action: &str, parameters: &[(&str, &str)]) -> Xml {
        let (status, answer) = self.try_query(service, action, parameters);
        assert_eq!(status, 200, "{action}: {}", answer.text);
        answer
    }

    /// The same with the status, whatever it is.
    pub fn try_query(&self, service: &str, action: &str, parameters: &[(&str, &str)]) -> (u16, Xml) {
        let version = match service {
            "ec2" => "2016-11-15",
            "rds" => "2014-10-31",
            "elasticloadbalancing" => "2015-12-01",
            "autoscaling" => "2011-01-01",
            "iam" => "2010-05-08",
            "sns" => "2010-03-31",
            "monitoring" => "2010-08-01",
            "elasticache" => "2015-02-02",
            "redshift" => "2012-12-01",
            other => panic!("{other} has no query protocol"),
        };
        let mut body = format!("Action={action}&Version={version}");
        for (name, value) in parameters {
            body.push_str(&format!("&{}={}", encoded(name), encoded(value)));
        }
        let form = [("Content-Type", "application/x-www-form-urlencoded")];
        let (status, text) = self.send("POST", "/", service, &form, body.as_bytes());
        (status, Xml { text })
    }

    /// Asks a service of the JSON protocols directly: `world.json("wafv2", "AWSWAF_20190729.ListWebACLs", …)`; it
    /// must answer 200.
    #[track_caller]
    pub fn json(&self, service: &str, target: &str, body: Value) -> Value {
        let headers = [("Content-Type", "application/x-amz-json-1.1"), ("X-Amz-Target", target)];
        let (status, text) = self.send("POST", "/", service, &headers, body.to_string().as_bytes());
        assert_eq!(status, 200, "{target}: {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    /// Sends a request as an AWS client would sign it; gives status and body.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        service: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> (u16, String) {
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential=sandbox/20260101/{REGION}/{service}/aws4_request, \
             SignedHeaders=host, Signature=x"
        );
        let headers: Vec<(&str, &str)> =
            [("Authorization", authorization.as_str())].into_iter().chain(headers.iter().copied()).collect();
        let request = Request { method, path, headers: &headers, body };
        let answer = http::send(self.server.port, &request, ANSWER_WITHIN).expect("the sandbox answers");
        (answer.status, String::from_utf8(answer.body).expect("AWS answers in UTF-8"))
    }

    /// The texts of an element in a Describe answer under filters:
    /// `world.ids("DescribeSubnets", "subnetId", &[("vpc-id", vpc)])`.
    pub fn ids(&self, action: &str, element: &str, filters: &[(&str, &str)]) -> Vec<String> {
        let mut parameters = Vec::new();
        for (index, (name, value)) in filters.iter().enumerate() {
            let filter = format!("Filter.{}", index + 1);
            parameters.push((format!("{filter}.Name"), *name));
            parameters.push((format!("{filter}.Value.1"), *value));
        }
        let parameters: Vec<(&str, &str)> = parameters.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        self.ec2(action, &parameters).all(element)
    }

    /// The calls since the start or since [`World::forget_calls`], those of the test itself included.
    pub fn calls(&self) -> Vec<Call> {
        let rows = self.control("GET", "calls", None);
        rows.as_array()
            .expect("the call log is a list")
            .iter()
            .map(|row| Call {
                service: row["service"].as_str().unwrap_or_default().to_owned(),
                action: row["action"].as_str().unwrap_or_default().to_owned(),
                mutating: row["mutating"].as_bool().unwrap_or_default(),
                status: row["status"].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap_or_default(),
                parameters: row["parameters"].clone(),
            })
            .collect()
    }

    /// The actions of the calls that were meant to change something, in order.
    pub fn writes(&self) -> Vec<String> {
        self.calls().into_iter().filter(|call| call.mutating).map(|call| call.action).collect()
    }

    /// Empties the call log.
    pub fn forget_calls(&self) {
        self.control("DELETE", "calls", None);
    }

    /// Answers the next `times` calls of `action` with an error and without effect.
    ///
    /// `action` may be `*` for every call and `write` for every mutating one.
    pub fn fail(&self, action: &str, code: &str, status: u16, times: u32) {
        self.fault(json!({"action": action, "code": code, "status": status, "times": times}));
    }

    /// Lets the next call of `action` take effect and closes the connection without an answer.
    pub fn lose_answer(&self, action: &str) {
        self.fault(json!({"action": action, "when": "after"}));
    }

    /// Keeps the next call of `action` waiting, `before` or `after` its effect; then it goes on, or its
    /// answer is lost. For tests that kill the program in between.
    pub fn hold(&self, action: &str, when: &str, seconds: f64) {
        self.fault(json!({"action": action, "when": when, "hold": seconds}));
    }

    /// Waits until a call of `action` has arrived, answered or not.
    #[track_caller]
    pub fn wait_for(&self, action: &str) {
        let start = Instant::now();
        while !self.calls().iter().any(|call| call.action == action) {
            assert!(start.elapsed() < ANSWER_WITHIN, "no call of {action}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Adds a fault in full: `action`, `code`, `status`, `message`, `times`, `skip`, `when`, `hold`, `service`.
    pub fn fault(&self, fault: Value) {
        self.control("POST", "faults", Some(&fault));
    }

    /// Sets a delay in seconds by its name in docs/sandbox.md.
    pub fn delay(&self, name: &str, seconds: f64) {
        self.control("POST", "delays", Some(&json!({ name: seconds })));
    }

    /// Asks the sandbox's control surface, see docs/sandbox.md.
    pub fn control(&self, method: &str, name: &str, body: Option<&Value>) -> Value {
        self.server.control(method, name, body).expect("the control surface answers")
    }
}

/// The cache folder of whoever runs the tests, so that all share one Python environment.
fn cache_home() -> Option<PathBuf> {
    std::env::var_os("XDG_CACHE_HOME")
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache")))
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// Copies a folder with all that is in it.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("the folder can be made");
    for entry in std::fs::read_dir(from).expect("the folder can be read").map(Result::unwrap) {
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("the file can be copied");
        }
    }
}

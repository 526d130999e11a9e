//! Starts, finds, controls and stops the server.
//!
//! A server is known by its identity, a random text that it makes and announces at its start: a port that another
//! program has taken over since, or a process number that was used again, is never mistaken for it.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::http::{self, Request};
use super::{SandboxError, venv};

const RUN_FILE: &str = "sandbox.json";
const LOG_FILE: &str = "sandbox.log";
const LOCK_FILE: &str = "sandbox.lock";
const START_WITHIN: Duration = Duration::from_secs(60);
const STOP_WITHIN: Duration = Duration::from_secs(5);
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(20);
const DEFAULT_REGION: &str = "eu-west-1";

/// The parts that a server is started from.
pub(super) struct Parts {
    pub(super) python: PathBuf,
    pub(super) launcher: PathBuf,
}

/// A server that was answering when it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// Its address, as for `AWS_ENDPOINT_URL`.
    pub endpoint: String,
    /// Its port on the loopback interface.
    pub port: u16,
    /// Its process number, for people to read.
    pub pid: u32,
    /// The text by which it is recognised.
    pub identity: String,
}

impl Running {
    /// The environment that makes an AWS SDK use this server and no other.
    ///
    /// The region is the caller's `AWS_REGION` or `AWS_DEFAULT_REGION` if set, else eu-west-1.
    pub fn env(&self) -> Vec<(String, String)> {
        let region = ["AWS_REGION", "AWS_DEFAULT_REGION"]
            .iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
            .unwrap_or_else(|| DEFAULT_REGION.to_owned());
        [
            ("AWS_ENDPOINT_URL", self.endpoint.as_str()),
            ("AWS_ACCESS_KEY_ID", "sandbox"),
            ("AWS_SECRET_ACCESS_KEY", "sandbox"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
            ("AWS_REGION", region.as_str()),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }

    /// Asks the control surface: `GET`, `POST` or `DELETE` of `/floorplan/<name>`, JSON both ways.
    pub fn control(&self, method: &str, name: &str, body: Option<&Value>) -> Result<Value, SandboxError> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let request = Request {
            method,
            path: &format!("/floorplan/{name}"),
            headers: &[("Content-Type", "application/json")],
            body: body.as_bytes(),
        };
        let silent = |reason: String| SandboxError::Silent { endpoint: self.endpoint.clone(), reason };
        let answer = http::send(self.port, &request, ANSWER_WITHIN).map_err(|error| silent(error.to_string()))?;
        let said = String::from_utf8_lossy(&answer.body).into_owned();
        if answer.status != 200 {
            return Err(silent(format!("status {}: {said}", answer.status)));
        }
        serde_json::from_str(&said).map_err(|error| silent(error.to_string()))
    }

    /// Empties the world and clears all switches.
    pub fn reset(&self) -> Result<(), SandboxError> {
        self.control("POST", "reset", None).map(drop)
    }

    /// Asks the server to end and waits until its port is closed.
    fn stop(&self) -> Result<(), SandboxError> {
        self.control("POST", "stop", None)?;
        let start = Instant::now();
        while start.elapsed() < STOP_WITHIN {
            if matches!(self.alive(), Ok(false)) {
                return Ok(());
            }
            std::thread::sleep(LOOK_EVERY);
        }
        Err(SandboxError::Silent {
            endpoint: self.endpoint.clone(),
            reason: format!("process {} was asked to stop and did not", self.pid),
        })
    }

    /// Ends the process, if it is still the one that was started for this folder.
    #[cfg(unix)]
    fn kill(&self, folder: &Path) -> Result<(), SandboxError> {
        let pid = self.pid.to_string();
        let run = |program: &str, arguments: &[&str]| {
            let output = Command::new(program).args(arguments).stdin(Stdio::null()).output();
            output.map_err(SandboxError::io("running", Path::new(program)))
        };
        let listed = run("ps", &["-p", &pid, "-o", "args="])?;
        let run_file = folder.join(RUN_FILE);
        if String::from_utf8_lossy(&listed.stdout).contains(&*run_file.to_string_lossy()) {
            run("kill", &["-KILL", &pid])?;
        }
        Ok(())
    }

    #[cfg(not(unix))]
    fn kill(&self, _folder: &Path) -> Result<(), SandboxError> {
        Ok(())
    }

    /// Whether this very server answers on its port; an error if something is there that does not.
    fn alive(&self) -> Result<bool, SandboxError> {
        let request = Request { method: "GET", path: "/floorplan/identity", headers: &[], body: &[] };
        match http::send(self.port, &request, ANSWER_WITHIN) {
            Ok(answer) => Ok(serde_json::from_slice::<Value>(&answer.body)
                .is_ok_and(|said| said["identity"] == self.identity.as_str())),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                Err(SandboxError::Silent {
                    endpoint: self.endpoint.clone(),
                    reason: format!("no answer within {} s", ANSWER_WITHIN.as_secs()),
                })
            }
            Err(_) => Ok(false),
        }
    }
}

/// A server that ends with its owner: when this is dropped, or when the process dies.
#[derive(Debug)]
pub struct Private {
    running: Running,
    /// The process, unless it is a copy's.
    child: Option<Child>,
}

impl Private {
    /// A copy of this server and its world, which goes its own way from then on. `folder` receives its run file.
    pub fn copy(&self, folder: &Path) -> Result<Private, SandboxError> {
        let said = self.control("POST", "copy", None)?;
        let silent = |error: serde_json::Error| SandboxError::Silent {
            endpoint: self.endpoint.clone(),
            reason: error.to_string(),
        };
        let running: Running = serde_json::from_value(said.clone()).map_err(silent)?;
        let copy = Private { running, child: None };
        fs::create_dir_all(folder).map_err(SandboxError::io("creating", folder))?;
        let path = folder.join(RUN_FILE);
        fs::write(&path, said.to_string()).map_err(SandboxError::io("writing", &path))?;
        Ok(copy)
    }
}

impl Deref for Private {
    type Target = Running;

    fn deref(&self) -> &Running {
        &self.running
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        // Any of it may fail only because the server has already ended.
        match &mut self.child {
            Some(child) => {
                child.kill().ok();
                child.wait().ok();
            }
            None => {
                self.running.control("POST", "stop", None).ok();
            }
        }
    }
}

/// Keeps other processes from starting or stopping the server of this folder.
pub(super) fn lock(folder: &Path) -> Result<File, SandboxError> {
    fs::create_dir_all(folder).map_err(SandboxError::io("creating", folder))?;
    let path = folder.join(LOCK_FILE);
    let file = File::create(&path).map_err(SandboxError::io("creating", &path))?;
    file.lock().map_err(SandboxError::io("locking", &path))?;
    Ok(file)
}

/// Stops the server of this folder and removes its run file. False if none was running.
pub(super) fn stop(folder: &Path) -> Result<bool, SandboxError> {
    let Some(running) = announced(folder)? else { return Ok(false) };
    let was_running = match running.alive() {
        Ok(true) => running.stop().or_else(|_| running.kill(folder)).map(|()| true)?,
        Ok(false) => false,
        Err(_) => running.kill(folder).map(|()| true)?,
    };
    forget(folder)?;
    Ok(was_running)
}

/// The server of this folder, if it is alive.
pub(super) fn find(folder: &Path) -> Result<Option<Running>, SandboxError> {
    let Some(running) = announced(folder)? else { return Ok(None) };
    Ok(running.alive()?.then_some(running))
}

/// The content of the run file, if it has any.
fn announced(folder: &Path) -> Result<Option<Running>, SandboxError> {
    let path = folder.join(RUN_FILE);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(SandboxError::io("reading", &path)(error)),
    };
    Ok(serde_json::from_str(&text).ok())
}

/// Removes the run file.
fn forget(folder: &Path) -> Result<(), SandboxError> {
    let path = folder.join(RUN_FILE);
    fs::remove_file(&path).map_err(SandboxError::io("removing", &path))
}

/// Starts a server that outlives this process.
pub(super) fn start(parts: &Parts, folder: &Path) -> Result<Running, SandboxError> {
    let mut command = launcher(parts, folder)?;
    detach(&mut command);
    let mut child = spawn(&mut command)?;
    wait_until_it_answers(&mut child, folder)
}

/// Starts a server that ends with this process.
pub(super) fn start_private(parts: &Parts, folder: &Path) -> Result<Private, SandboxError> {
    fs::create_dir_all(folder).map_err(SandboxError::io("creating", folder))?;
    let mut command = launcher(parts, folder)?;
    command.arg("--die-with-parent").stdin(Stdio::piped());
    let mut child = spawn(&mut command)?;
    match wait_until_it_answers(&mut child, folder) {
        Ok(running) => Ok(Private { running, child: Some(child) }),
        Err(error) => {
            child.kill().ok();
            child.wait().ok();
            Err(error)
        }
    }
}

fn launcher(parts: &Parts, folder: &Path) -> Result<Command, SandboxError> {
    let announced = folder.join(RUN_FILE);
    if announced.exists() {
        forget(folder)?;
    }
    let log = folder.join(LOG_FILE);
    let output = File::create(&log).map_err(SandboxError::io("creating", &log))?;
    let errors = output.try_clone().map_err(SandboxError::io("opening", &log))?;
    let mut command = venv::command(&parts.python);
    command
        .args(["-m", "floorplan_sandbox", "--announce"])
        .arg(&announced)
        .env("PYTHONPATH", &parts.launcher)
        .stdout(output)
        .stderr(errors);
    Ok(command)
}

#[cfg(unix)]
fn detach(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
fn detach(_command: &mut Command) {}

fn spawn(command: &mut Command) -> Result<Child, SandboxError> {
    let program = PathBuf::from(command.get_program());
    command.spawn().map_err(SandboxError::io("starting", &program))
}

fn wait_until_it_answers(child: &mut Child, folder: &Path) -> Result<Running, SandboxError> {
    let start = Instant::now();
    let failed = |reason: String| SandboxError::Start { reason, log: end_of_log(folder) };
    loop {
        if let Some(running) = find(folder)? {
            return Ok(running);
        }
        match child.try_wait() {
            Ok(Some(status)) => return Err(failed(format!("it ended with {status}"))),
            Ok(None) if start.elapsed() > START_WITHIN => {
                child.kill().ok();
                return Err(failed(format!("no answer within {} s", START_WITHIN.as_secs())));
            }
            Ok(None) => std::thread::sleep(LOOK_EVERY),
            Err(error) => return Err(failed(error.to_string())),
        }
    }
}

fn end_of_log(folder: &Path) -> String {
    let text = fs::read_to_string(folder.join(LOG_FILE)).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(10)..].join("\n")
}

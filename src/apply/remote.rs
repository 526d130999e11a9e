//! Provisioners that work on another machine, over the system's `ssh`.
//!
//! The client gets a configuration of its own, in a folder that only this user can read and that
//! goes when the work is done: nothing of the user's own configuration is read.

use super::provision::{Worker, succeeded};
use crate::lang::config::{Connection, Content, Login, Remote, Work};
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::process::Command;

/// The status with which `ssh` ends when it reached no machine.
const NOT_CONNECTED: i32 = 255;
/// The longest time between two attempts to reach a machine.
const PAUSE: Duration = Duration::from_secs(8);

/// Does the work of a provisioner on its machine.
pub(super) async fn run(worker: &Worker<'_>, remote: &Remote) -> Result<(), String> {
    let machine = Machine::new(worker, remote)?;
    machine.reach().await?;
    match &remote.work {
        Work::Run(scripts) => {
            for script in scripts {
                machine.run(script).await?;
            }
            Ok(())
        }
        Work::Copy { from, to } => machine.copy(from, to).await,
    }
}

struct Machine<'a> {
    worker: &'a Worker<'a>,
    connection: &'a Connection,
    shown: bool,
    /// Holds the configuration, keys and password.
    dir: TempDir,
}

impl<'a> Machine<'a> {
    fn new(worker: &'a Worker<'a>, remote: &'a Remote) -> Result<Self, String> {
        let dir = tempfile::Builder::new().prefix("floorplan-ssh-").tempdir();
        let dir = dir.and_then(|dir| prepare(dir.path(), &remote.connection).map(|()| dir));
        let dir = dir.map_err(|e| format!("The configuration of ssh cannot be written: {e}"))?;
        Ok(Machine { worker, connection: &remote.connection, shown: !remote.sensitive, dir })
    }

    /// Waits until the machine lets the user in.
    async fn reach(&self) -> Result<(), String> {
        let Login { host, user, .. } = &self.connection.machine;
        self.worker.say(&format!("connecting to {user}@{host}"));
        let (begun, mut pause) = (Instant::now(), Duration::from_secs(1));
        loop {
            let output = self.ssh("true").kill_on_drop(true).output().await;
            let output = output.map_err(|e| format!("ssh cannot be run: {e}"))?;
            if output.status.code() != Some(NOT_CONNECTED) {
                return succeeded(output.status);
            }
            let text = String::from_utf8_lossy(&output.stderr);
            let cause = text.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("ssh gave no reason").trim();
            let timeout = self.connection.timeout;
            if cause.contains("Host key verification failed") {
                return Err(format!("{host} does not have the host key that the connection names"));
            }
            if begun.elapsed() + pause > timeout {
                return Err(format!("Timed out waiting for {user}@{host} after {timeout:?}: {cause}"));
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSE);
        }
    }

    async fn run(&self, script: &Content) -> Result<(), String> {
        let mut text = match script {
            Content::Text(text) => text.clone().into_bytes(),
            Content::Path(path) => self.read(path)?,
        };
        if !text.starts_with(b"#!") {
            text.splice(0..0, *b"#!/bin/sh\n");
        }
        let path = self.connection.script_path.replace("%RAND%", &rand::random::<u32>().to_string());
        let path = quoted(&path);
        self.there(&format!("umask 077 && cat > {path} && chmod 0700 {path}"), &text).await?;
        let result = self.there(&path, &[]).await;
        let removed = self.there(&format!("rm -f {path}"), &[]).await;
        result.and(removed)
    }

    async fn copy(&self, from: &Content, to: &str) -> Result<(), String> {
        let path = match from {
            Content::Text(text) => return self.put(text.as_bytes(), to, "", 0o644).await,
            Content::Path(path) => path,
        };
        let source = self.worker.path(path);
        if !source.is_dir() {
            let name = source.file_name().unwrap_or_default().to_string_lossy().into_owned();
            return self.put(&self.read(path)?, to, &name, mode(&source)).await;
        }
        // As with rsync: with a slash at the end the contents are copied, else the folder itself.
        let name = source.file_name().filter(|_| !path.ends_with('/')).map_or(PathBuf::from("."), PathBuf::from);
        let mut archive = tar::Builder::new(Vec::new());
        let packed = archive.append_dir_all(&name, &source).and_then(|()| archive.into_inner());
        let packed = packed.map_err(|e| format!("{} cannot be read: {e}", source.display()))?;
        let to = quoted(to);
        self.there(&format!("mkdir -p {to} && tar -xf - -C {to}"), &packed).await
    }

    /// Writes a file; into `to` under its own name if that is a folder.
    async fn put(&self, content: &[u8], to: &str, name: &str, mode: u32) -> Result<(), String> {
        let (to, name) = (quoted(to), quoted(name));
        let script = format!(
            "p={to}; n={name}; [ -n \"$n\" ] && [ -d \"$p\" ] && p=\"$p/$n\"; cat > \"$p\" && chmod {mode:o} \"$p\""
        );
        self.there(&script, content).await
    }

    /// Runs a command there.
    async fn there(&self, command: &str, input: &[u8]) -> Result<(), String> {
        succeeded(self.worker.execute(self.ssh(command), input, self.shown).await?)
    }

    fn ssh(&self, command: &str) -> Command {
        let mut process = Command::new("ssh");
        process.arg("-F").arg(self.dir.path().join("config")).args(["machine", command]);
        if self.connection.password.is_some() {
            process.env("SSH_ASKPASS", self.dir.path().join("askpass")).env("SSH_ASKPASS_REQUIRE", "force");
        }
        process
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        fs::read(self.worker.path(path)).map_err(|e| format!("{path} cannot be read: {e}"))
    }
}

/// Writes the configuration, and the keys and the password that it names.
fn prepare(dir: &Path, connection: &Connection) -> io::Result<()> {
    let file = |name: &str| dir.join(name).display().to_string();
    let mut config = String::new();
    for (name, login) in [("machine", Some(&connection.machine)), ("bastion", connection.bastion.as_ref())] {
        let Some(login) = login else { continue };
        if let Some(key) = &login.private_key {
            private(&dir.join(name), &format!("{}\n", key.trim_end()))?;
        }
        if let Some(key) = &login.host_key {
            fs::write(dir.join(format!("{name}.host")), format!("{name} {key}\n"))?;
        }
        config.push_str(&section(name, login, &file));
        if name == "machine" && connection.bastion.is_some() {
            config.push_str("  ProxyJump bastion\n");
        }
        if let Some(certificate) = connection.certificate.as_ref().filter(|_| name == "machine") {
            fs::write(dir.join("certificate"), format!("{}\n", certificate.trim_end()))?;
            let _ = writeln!(config, "  CertificateFile \"{}\"", file("certificate"));
        }
    }
    config.push_str("Host *\n  GlobalKnownHostsFile /dev/null\n  LogLevel ERROR\n  ConnectTimeout 15\n");
    config.push_str("  ServerAliveInterval 15\n  NumberOfPasswordPrompts 1\n");
    let _ = writeln!(config, "  BatchMode {}", if connection.password.is_some() { "no" } else { "yes" });
    if !connection.agent {
        config.push_str("  IdentityAgent none\n");
    }
    if let Some(password) = &connection.password {
        private(&dir.join("password"), password)?;
        let askpass = format!("#!/bin/sh\nexec cat {}\n", quoted(&file("password")));
        private(&dir.join("askpass"), &askpass)?;
        executable(&dir.join("askpass"))?;
    }
    fs::write(dir.join("config"), config)
}

/// The settings of one machine.
fn section(name: &str, login: &Login, file: &dyn Fn(&str) -> String) -> String {
    let Login { host, port, user, .. } = login;
    let key = login.private_key.as_ref().map_or("none".to_owned(), |_| format!("\"{}\"", file(name)));
    let (strict, known) = match login.host_key {
        Some(_) => ("yes", format!("\"{}\"", file(&format!("{name}.host")))),
        None => ("no", "/dev/null".to_owned()),
    };
    format!(
        "Host {name}\n  HostName \"{host}\"\n  Port {port}\n  User \"{user}\"\n  IdentityFile {key}\n  \
         HostKeyAlias {name}\n  StrictHostKeyChecking {strict}\n  UserKnownHostsFile {known}\n"
    )
}

/// A word for the shell of the machine.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Writes a file that only this user can read.
fn private(path: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    io::Write::write_all(&mut options.open(path)?, text.as_bytes())
}

#[cfg(unix)]
fn executable(path: &Path) -> io::Result<()> {
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o700))
}

#[cfg(not(unix))]
fn executable(_: &Path) -> io::Result<()> {
    Ok(())
}

/// The permissions of a file.
#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    fs::metadata(path).map_or(0o644, |m| std::os::unix::fs::PermissionsExt::mode(&m.permissions()) & 0o777)
}

#[cfg(not(unix))]
fn mode(_: &Path) -> u32 {
    0o644
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection() -> Connection {
        let login = |host: &str, host_key: Option<&str>| Login {
            host: host.into(),
            port: 2222,
            user: "admin".into(),
            private_key: Some("KEY".into()),
            host_key: host_key.map(str::to_owned),
        };
        Connection {
            machine: login("10.0.1.5", None),
            bastion: Some(login("bastion.example.com", Some("ssh-ed25519 AAAA"))),
            password: Some("it's".into()),
            certificate: None,
            agent: false,
            timeout: Duration::from_secs(60),
            script_path: "/tmp/x".into(),
        }
    }

    /// The judge is the client itself: `ssh -G` prints what it understood.
    #[test]
    fn ssh_understands_the_configuration() {
        let dir = tempfile::tempdir().unwrap();
        prepare(dir.path(), &connection()).unwrap();
        let understood = |host: &str| {
            let output = std::process::Command::new("ssh")
                .arg("-F")
                .arg(dir.path().join("config"))
                .args(["-G", host])
                .output()
                .unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).unwrap().replace(&dir.path().display().to_string(), "DIR")
        };
        let expected = [
            (
                "machine",
                "hostname 10.0.1.5|port 2222|user admin|identityfile DIR/machine|proxyjump bastion|stricthostkeychecking false|identityagent none|batchmode no",
            ),
            (
                "bastion",
                "hostname bastion.example.com|port 2222|user admin|identityfile DIR/bastion|stricthostkeychecking true|userknownhostsfile DIR/bastion.host|hostkeyalias bastion",
            ),
        ];
        for (host, lines) in expected {
            let text = understood(host);
            for line in lines.split('|') {
                assert!(text.lines().any(|l| l == line), "{host} lacks {line}:\n{text}");
            }
        }
    }

    #[test]
    fn keys_and_password_are_readable_to_the_user_only() {
        let dir = tempfile::tempdir().unwrap();
        prepare(dir.path(), &connection()).unwrap();
        for name in ["machine", "bastion", "password"] {
            assert_eq!(mode(&dir.path().join(name)), 0o600, "{name}");
        }
        let answer = std::process::Command::new(dir.path().join("askpass")).output().unwrap();
        assert_eq!(answer.stdout, b"it's");
    }
}

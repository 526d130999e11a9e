//! The lock against a second run on the same state, and the error that the second run gets.
//!
//! The operating system releases the lock of a local state when its process ends, however it ends. The lock of a remote
//! state is renewed while its run lives, and free once that has not happened for a while.

use super::store::{Attempt, Ends, Store};
use crate::diag::Diagnostic;
use serde::{Deserialize, Serialize};
use std::any::Any;
use std::time::{Duration, Instant};

/// How often a held lock is tried again.
const RETRY: Duration = Duration::from_millis(200);

/// Who has a lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockInfo {
    /// Names this lock among all others.
    #[serde(default)]
    pub id: String,
    /// The user.
    pub who: String,
    /// The machine.
    pub host: String,
    /// The process.
    pub pid: u32,
    /// The command, such as `apply`.
    pub command: String,
    /// Since when; RFC 3339, UTC.
    pub since: String,
    /// The address of the run in CI.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// Why, where a person took it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether it stays when the process ends.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub kept: bool,
}

impl LockInfo {
    /// This process, about to run `command`.
    pub fn of_this_process(command: &str) -> Self {
        let variable = |names: &[&str]| names.iter().find_map(|n| std::env::var(n).ok().filter(|v| !v.is_empty()));
        let host = || std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
        let host = host().or_else(|| std::fs::read_to_string("/etc/hostname").ok()).map(|h| h.trim().to_owned());
        LockInfo {
            id: super::new_uuid(),
            who: variable(&["USER", "LOGNAME", "USERNAME"]).unwrap_or_else(|| "unknown".into()),
            host: host
                .or_else(|| variable(&["HOSTNAME", "COMPUTERNAME"]))
                .filter(|h| !h.is_empty())
                .unwrap_or_else(|| "unknown".into()),
            pid: std::process::id(),
            command: command.to_owned(),
            since: super::now(),
            run: ci_run(&|name| variable(&[name])),
            reason: None,
            kept: false,
        }
    }

    /// Whether it is of this user on this machine.
    pub fn is_mine(&self) -> bool {
        let me = LockInfo::of_this_process("");
        (&self.who, &self.host) == (&me.who, &me.host)
    }

    /// Who has it, with what, since when and why.
    pub fn holder(&self) -> String {
        let program = if self.pid == 0 { self.command.clone() } else { format!("`floorplan {}`", self.command) };
        let process = if self.pid == 0 { String::new() } else { format!(" (process {})", self.pid) };
        let run = self.run.as_ref().map(|run| format!(", in {run}")).unwrap_or_default();
        let reason = self.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
        format!("{program} of {} on {}{process} since {}{run}{reason}", self.who, self.host, self.since)
    }
}

/// The address of the run of CI that this process is part of, by the variables that GitHub, GitLab and Jenkins set.
fn ci_run(variable: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let github = || {
        let (server, repository) = (variable("GITHUB_SERVER_URL")?, variable("GITHUB_REPOSITORY")?);
        Some(format!("{server}/{repository}/actions/runs/{}", variable("GITHUB_RUN_ID")?))
    };
    github().or_else(|| variable("CI_JOB_URL")).or_else(|| variable("BUILD_URL"))
}

/// A lock that is held until it is dropped.
pub struct Lock {
    #[allow(dead_code, reason = "held, not read")]
    guard: Box<dyn Any + Send + Sync>,
    /// Who had it and died.
    pub from: Option<LockInfo>,
}

/// Takes the lock of `store`, waiting up to `timeout` for another run to release it.
pub fn take(store: &dyn Store, command: &str, timeout: Duration) -> Result<Lock, Diagnostic> {
    let info = LockInfo::of_this_process(command);
    let (guard, from) = attempts(store, timeout, &|| store.try_lock(&info))?;
    Ok(Lock { guard, from })
}

/// Takes the lock of `store` for a person, and leaves it taken.
pub fn keep(store: &dyn Store, reason: Option<String>, timeout: Duration) -> Result<LockInfo, Diagnostic> {
    let info = LockInfo { reason, kept: true, ..LockInfo::of_this_process("state lock") };
    attempts(store, timeout, &|| store.keep_lock(&info))?;
    Ok(info)
}

type Taken = (Box<dyn Any + Send + Sync>, Option<LockInfo>);

fn attempts(
    store: &dyn Store,
    timeout: Duration,
    attempt: &dyn Fn() -> Result<Attempt, Diagnostic>,
) -> Result<Taken, Diagnostic> {
    let begun = Instant::now();
    loop {
        match attempt()? {
            Attempt::Taken { guard, from } => return Ok((guard, from)),
            Attempt::Held { by, ends } if begun.elapsed() >= timeout => {
                return Err(held(&store.place(), by.as_ref(), ends));
            }
            Attempt::Held { .. } => std::thread::sleep(RETRY.min(timeout.saturating_sub(begun.elapsed()))),
        }
    }
}

/// The error of a run that does not get the lock.
pub fn held(place: &str, by: Option<&LockInfo>, ends: Ends) -> Diagnostic {
    let d = Diagnostic::error("The state is locked by another run").code("state-locked");
    let d = match by {
        Some(by) => d.detail(format!("{place} is in use by {}.", by.holder())),
        None => d.detail(format!("{place} is in use by another process.")),
    };
    let id = by.map(|by| by.id.as_str()).filter(|id| !id.is_empty()).unwrap_or("ID");
    let remove = format!("`floorplan force-unlock {id}` removes it");
    if by.is_some_and(|by| by.kept) {
        return d.hint(format!(
            "It was locked by hand and stays so until its owner runs `floorplan state unlock --mine`; {remove} too."
        ));
    }
    let d = d.hint("Wait until that run has ended, or give --lock-timeout 5m to wait for it.");
    match ends {
        Ends::AtOnce => d,
        Ends::Soon => d.hint(format!("The lock of a run that is dead ends by itself within a minute; {remove} now.")),
        Ends::ByHand => d.hint(format!("The lock of a run that is dead stays here; {remove}.")),
        Ends::ByHandWithoutTime => d.hint(format!(
            "The answers of this store have no date, so that the lock of a run that is dead never ends by itself; {remove}."
        )),
    }
}

/// The error of removing a lock where none is.
pub fn free(place: &str) -> Diagnostic {
    Diagnostic::error("The state is not locked").code("state-locked").detail(format!("{place} has no lock."))
}

/// The error of removing a lock by the id of another one.
pub fn other_id(place: &str, by: &LockInfo, id: &str, ends: Ends) -> Diagnostic {
    held(place, Some(by), ends).detail(format!("Its lock has the id {}, not {id}.", by.id))
}

/// The error of giving a lock back that another user has, or a run.
pub fn not_mine(place: &str, by: &LockInfo, ends: Ends) -> Diagnostic {
    let d = held(place, Some(by), ends);
    Diagnostic { summary: "The lock of the state is not yours".into(), ..d }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loser_is_told_who_has_the_lock_and_since_when() {
        let by = LockInfo {
            id: "4b1d".into(),
            run: None,
            reason: None,
            kept: false,
            who: "ada".into(),
            host: "build-7".into(),
            pid: 4711,
            command: "apply".into(),
            since: "2026-01-02T03:04:05Z".into(),
        };
        insta::assert_snapshot!(held("state/acme/state.json", Some(&by), Ends::AtOnce), @r"
        error: The state is locked by another run
          state/acme/state.json is in use by `floorplan apply` of ada on build-7 (process 4711) since 2026-01-02T03:04:05Z.
          Hint: Wait until that run has ended, or give --lock-timeout 5m to wait for it.
        ");
    }
}

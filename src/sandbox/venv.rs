//! Python environments, that of the sandbox first: made once under the cache folder, found complete ever after.
//!
//! It is built in place under a lock and marked when it is whole, so that neither two processes at once nor
//! one that is killed half way leave something broken. The user's own Python packages are never touched.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::{SandboxError, embedded};

const MARKER: &str = "complete";
const ATTEMPTS: usize = 3;
/// The variable that names the interpreter to make the environment with.
const INTERPRETER_VARIABLE: &str = "FLOORPLAN_PYTHON";
const INTERPRETERS: [&str; 7] =
    ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python"];
const PROBE: &str = "import sys, venv, ensurepip; sys.exit(0 if sys.version_info >= (3, 10) else 3)";

/// The interpreter of the complete environment with these packages.
pub(super) fn ensure(cache: &Path, requirements: &str, progress: &dyn Fn(&str)) -> Result<PathBuf, SandboxError> {
    ensure_by(find_python, cache, requirements, progress)
}

fn ensure_by(
    find_python: impl Fn() -> Result<PathBuf, SandboxError>,
    cache: &Path,
    requirements: &str,
    progress: &dyn Fn(&str),
) -> Result<PathBuf, SandboxError> {
    let name = format!("python-{}", embedded::digest(&[("requirements.txt", requirements)]));
    let folder = cache.join(&name);
    if is_complete(&folder) {
        return Ok(interpreter(&folder));
    }
    fs::create_dir_all(cache).map_err(SandboxError::io("creating", cache))?;
    let _guard = lock(&cache.join(format!("{name}.lock")), progress)?;
    if !is_complete(&folder) {
        build(&find_python()?, &folder, requirements, progress)?;
    }
    Ok(interpreter(&folder))
}

fn is_complete(folder: &Path) -> bool {
    // The interpreter is a link into the system's Python, which an upgrade may have removed.
    folder.join(MARKER).is_file() && interpreter(folder).exists()
}

fn interpreter(folder: &Path) -> PathBuf {
    if cfg!(windows) { folder.join("Scripts").join("python.exe") } else { folder.join("bin").join("python") }
}

fn lock(path: &Path, progress: &dyn Fn(&str)) -> Result<File, SandboxError> {
    let file = File::create(path).map_err(SandboxError::io("creating", path))?;
    if file.try_lock().is_err() {
        progress("sandbox: waiting for another process to create the Python environment");
        file.lock().map_err(SandboxError::io("locking", path))?;
    }
    Ok(file)
}

fn build(python: &Path, folder: &Path, packages: &str, progress: &dyn Fn(&str)) -> Result<(), SandboxError> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(SandboxError::io("removing", folder))?;
    }
    progress("sandbox: creating Python environment (once, about 20 s)");
    let made = run(command(python).args(["-m", "venv"]).arg(folder))?;
    succeed(&made, "python -m venv")?;
    let requirements = folder.join("requirements.txt");
    fs::write(&requirements, packages).map_err(SandboxError::io("writing", &requirements))?;
    for attempt in 1.. {
        progress("sandbox: installing packages into it");
        let installed = run(command(&interpreter(folder))
            .args(["-m", "pip", "install", "--quiet", "--no-input"])
            .args(["--disable-pip-version-check", "--retries", "5", "--timeout", "30"])
            .arg("--requirement")
            .arg(&requirements))?;
        match succeed(&installed, "pip install") {
            Ok(()) => break,
            Err(error) if attempt >= ATTEMPTS => return Err(error),
            Err(_) => progress("sandbox: installing failed, trying again"),
        }
    }
    let marker = folder.join(MARKER);
    fs::write(&marker, "").map_err(SandboxError::io("writing", &marker))
}

fn find_python() -> Result<PathBuf, SandboxError> {
    let chosen = std::env::var(INTERPRETER_VARIABLE).ok();
    let candidates: Vec<&str> = match &chosen {
        Some(name) if !name.is_empty() => vec![name],
        _ => INTERPRETERS.to_vec(),
    };
    let mut found = Vec::new();
    for name in candidates {
        match command(Path::new(name)).args(["-c", PROBE]).output() {
            Ok(output) if output.status.success() => return Ok(PathBuf::from(name)),
            Ok(output) if output.status.code() == Some(3) => {
                found.push(format!("{name} is too old"));
            }
            Ok(output) => {
                let said = String::from_utf8_lossy(&output.stderr);
                let last = said.lines().last().unwrap_or("it failed").trim().to_owned();
                found.push(format!("{name}: {last}"));
            }
            Err(_) => {}
        }
    }
    Err(SandboxError::NoPython {
        found: match (found.is_empty(), &chosen) {
            (false, _) => found.join("; "),
            (true, Some(name)) if !name.is_empty() => format!("{INTERPRETER_VARIABLE}={name} cannot be run"),
            _ => "found no python3 on the PATH".to_owned(),
        },
    })
}

/// A Python command that the caller's own Python settings do not reach.
pub(super) fn command(python: &Path) -> Command {
    let mut command = Command::new(python);
    for name in ["PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "PIP_USER", "PIP_TARGET", "PIP_PREFIX"] {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}

fn run(command: &mut Command) -> Result<Output, SandboxError> {
    let program = PathBuf::from(command.get_program());
    command.output().map_err(SandboxError::io("running", &program))
}

fn succeed(output: &Output, step: &'static str) -> Result<(), SandboxError> {
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr) + String::from_utf8_lossy(&output.stdout);
    let lines: Vec<&str> = said.lines().filter(|line| !line.trim().is_empty()).collect();
    let last = lines.len().saturating_sub(8);
    Err(SandboxError::Install { step, output: lines[last..].join("\n") })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::os::unix::fs::PermissionsExt;

    /// An interpreter that makes environments out of copies of itself; its pip fails `failures` times.
    fn python(folder: &Path, failures: usize) -> PathBuf {
        let path = folder.join("python");
        let left = folder.join("failures");
        fs::write(&left, "x".repeat(failures)).unwrap();
        let script = format!(
            "#!/bin/sh\nif [ \"$2\" = venv ]; then mkdir -p \"$3/bin\" && cp \"$0\" \"$3/bin/python\"; exit; fi\n\
             left=$(cat {left}); [ -z \"$left\" ] && exit 0\n\
             printf %s \"${{left#x}}\" > {left}; echo 'no route to host' >&2; exit 1\n",
            left = left.display()
        );
        fs::write(&path, script).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    fn ensure_with(folder: &Path, failures: usize) -> (Result<PathBuf, SandboxError>, Vec<String>) {
        let said = RefCell::new(Vec::new());
        let python = python(folder, failures);
        let hear = |line: &str| said.borrow_mut().push(line.to_owned());
        let made = ensure_by(|| Ok(python.clone()), &folder.join("cache"), "moto", &hear);
        (made, said.into_inner())
    }

    #[test]
    fn an_environment_is_made_once_and_then_found_without_a_word() {
        let folder = tempfile::tempdir().unwrap();
        let (made, said) = ensure_with(folder.path(), 0);
        assert!(made.unwrap().is_file());
        assert_eq!(said[0], "sandbox: creating Python environment (once, about 20 s)");
        let (_, said) = ensure_with(folder.path(), 0);
        assert!(said.is_empty(), "{said:?}");
    }

    #[test]
    fn an_installation_that_fails_is_tried_again() {
        let folder = tempfile::tempdir().unwrap();
        let (made, said) = ensure_with(folder.path(), ATTEMPTS - 1);
        assert!(made.is_ok());
        let again = "sandbox: installing failed, trying again";
        assert_eq!(said.iter().filter(|line| *line == again).count(), ATTEMPTS - 1);
    }

    #[test]
    fn an_environment_left_half_made_is_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        let (made, _) = ensure_with(folder.path(), ATTEMPTS);
        let error = made.unwrap_err();
        assert!(error.to_string().contains("no route to host"), "{error}");
        assert!(error.hint().is_some());
        let (made, said) = ensure_with(folder.path(), 0);
        assert!(made.is_ok());
        assert!(!said.is_empty());
    }

    #[test]
    fn an_environment_whose_interpreter_has_gone_is_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        let interpreter = ensure_with(folder.path(), 0).0.unwrap();
        fs::remove_file(&interpreter).unwrap();
        let (made, said) = ensure_with(folder.path(), 0);
        assert_eq!(made.unwrap(), interpreter);
        assert!(!said.is_empty());
    }

    #[test]
    fn a_missing_python_is_named_with_what_to_install() {
        let error = SandboxError::NoPython { found: "python3: No module named 'ensurepip'".to_owned() };
        assert_eq!(
            error.to_string(),
            "the sandbox needs Python 3.10 or newer with its venv module (python3: No module named 'ensurepip')"
        );
        assert!(error.hint().is_some_and(|hint| hint.contains("python3-venv")));
    }
}

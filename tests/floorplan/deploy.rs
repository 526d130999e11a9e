//! The files of `deploy/`, each by a judge of its own kind: the schemas of Kubernetes, of GitHub and of GitLab, actionlint,
//! the models of AWS's API, and systemd itself. Each judge is shown files that it has to refuse, too.

use crate::fleet::git;
use crate::support::{REGION, World};
use floorplan::sandbox::Sandbox;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The packages of the judges. They are installed once, into an environment beside that of the sandbox.
const PACKAGES: &str = include_str!("deploy/requirements.txt");
/// The commands of the judges.
const JUDGE: &str = include_str!("deploy/judge.py");

const MANIFEST: &str = "kubernetes/drift.yaml";
const DEFINITION: &str = "batch/job-definition.json";
const SCHEDULE: &str = "batch/schedule.json";
const SERVICE: &str = "systemd/floorplan-drift.service";
const TIMER: &str = "systemd/floorplan-drift.timer";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy")
}

fn text(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|e| panic!("deploy/{name}: {e}"))
}

/// The words of a judge about a file. The models of AWS's API are part of the sandbox.
fn judge(kind: &str, name: &str, text: &str) -> String {
    let sandbox = Sandbox::shared().expect("a folder for the Python environments");
    let python = match kind {
        "batch" | "scheduler" => sandbox.python(&|_| ()),
        _ => sandbox.python_with(PACKAGES, &|_| ()),
    };
    let python = python.unwrap_or_else(|e| panic!("{e}\n{}", e.hint().unwrap_or_default()));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(Path::new(name).file_name().unwrap());
    fs::write(&path, text).unwrap();
    let output = Command::new(python).args(["-c", JUDGE, kind]).arg(&path).output().unwrap();
    assert!(output.status.success(), "{kind} {name}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The file with one text instead of another.
fn changed(name: &str, from: &str, to: &str) -> String {
    let text = text(name);
    assert_eq!(text.matches(from).count(), 1, "deploy/{name}: {from}");
    text.replace(from, to)
}

/// A file is right, and is refused with each of these changes for the reason given.
fn judged(kind: &str, name: &str, wrong: &[(&str, &str, &str)]) {
    assert_eq!(judge(kind, name, &text(name)), "", "deploy/{name}");
    for (from, to, finding) in wrong {
        let found = judge(kind, name, &changed(name, from, to));
        assert!(found.contains(finding), "deploy/{name} with {to}: {found}");
    }
}

/// The documents of a YAML file.
fn documents(name: &str) -> Vec<Value> {
    serde_json::from_str(&judge("read", name, &text(name))).expect("JSON")
}

fn json(name: &str) -> Value {
    serde_json::from_str(&text(name)).expect("JSON")
}

#[test]
fn kubernetes_takes_the_manifest() {
    judged(
        "kubernetes",
        MANIFEST,
        &[
            ("concurrencyPolicy: Forbid", "concurrencyPolicy: Forbidden", "'Forbidden' is not among"),
            ("completionMode: Indexed", "completionMode: Index", "'Index' is not among"),
            ("action: FailIndex", "action: Fail", "'Fail' is not among"),
            ("backoffLimitPerIndex: 1", "backoffLimitPerindex: 1", "'backoffLimitPerindex' was unexpected"),
            ("value: \"4\"", "value: 4", "4 is not of type 'string'"),
            ("operator: In", "oprator: In", "'operator' is a required property"),
        ],
    );
}

#[test]
fn github_takes_the_workflows() {
    judged(
        "github",
        "github/drift.yml",
        &[
            ("fail-fast", "failfast", "'failfast' was unexpected"),
            ("matrix.part", "matrix.shard", "property \"shard\" is not defined"),
            ("role-to-assume", "role", "input \"role\" is not defined"),
            ("id-token: write", "id-token: admin", "\"admin\" is invalid as permission"),
            ("17 * * * *", "17 * * *", "invalid CRON format"),
        ],
    );
    judged("github", "github/preview.yml", &[("outputs.destroy >", "output.destroy >", "property \"output\"")]);
    judged(
        "github",
        "github/reviewed.yml",
        &[("github.event_name == 'push'", "github.even_name == 'push'", "property \"even_name\"")],
    );
}

#[test]
fn gitlab_takes_the_jobs() {
    judged(
        "gitlab",
        "gitlab/drift.yml",
        &[
            ("parallel: 4", "parallel: four", "'four'"),
            ("exit_codes: 2", "exit_code: 2", "$.drift.allow_failure"),
            ("aud:", "audience:", "'aud' is a required property"),
        ],
    );
    judged(
        "gitlab",
        "gitlab/preview.yml",
        &[("interruptible: true", "interruptible: often", "$.preview.interruptible")],
    );
}

#[test]
fn aws_takes_the_job_definition_and_the_schedule() {
    judged(
        "batch",
        DEFINITION,
        &[
            ("\"EXIT\"", "\"STOP\"", "'STOP' is not one of RETRY, EXIT"),
            ("onExitCode", "onExit", "Unknown parameter in retryStrategy.evaluateOnExit[0]: \"onExit\""),
            ("\"1024\"", "1024", "Invalid type for parameter containerProperties.resourceRequirements[1].value"),
        ],
    );
    judged(
        "scheduler",
        SCHEDULE,
        &[
            ("\\\"Size\\\"", "\\\"Count\\\"", "Unknown parameter in arrayProperties: \"count\""),
            ("\"FLEXIBLE\"", "\"WIDE\"", "'WIDE' is not one of"),
            (":role/", ":rol/", "does not match arn:aws"),
        ],
    );
}

/// The words of systemd about the units, with the program of this build in place of the installed one.
#[cfg(target_os = "linux")]
fn systemd(arguments: &[&str], service: &str, timer: &str) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let service = service.replace("/usr/local/bin/floorplan", env!("CARGO_BIN_EXE_floorplan"));
    fs::write(folder.path().join("floorplan-drift.service"), service).unwrap();
    fs::write(folder.path().join("floorplan-drift.timer"), timer).unwrap();
    let output = Command::new("systemd-analyze").args(arguments).current_dir(folder.path()).output();
    let output = output.unwrap_or_else(|e| panic!("systemd-analyze: {e}. Debian has it in the package systemd"));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.success(), said + &String::from_utf8_lossy(&output.stdout))
}

#[cfg(target_os = "linux")]
#[test]
fn systemd_takes_the_units() {
    let verify =
        ["verify", "--man=no", "--recursive-errors=no", "./floorplan-drift.service", "./floorplan-drift.timer"];
    assert_eq!(systemd(&verify, &text(SERVICE), &text(TIMER)), (true, String::new()));
    for (from, to, finding) in [
        ("ProtectSystem=strict", "ProtectSystm=strict", "Unknown key"),
        ("SuccessExitStatus=2", "SuccessExitStatus=two", "Failed to parse"),
        ("/usr/bin/git", "/usr/bin/no-such-git", "is not executable"),
    ] {
        let (_, said) = systemd(&verify, &changed(SERVICE, from, to), &text(TIMER));
        assert!(said.contains(finding), "{to}: {said}");
    }
    let (_, said) = systemd(&verify, &text(SERVICE), &changed(TIMER, "OnCalendar=hourly", "OnCalendar=hourely"));
    assert!(said.contains("Failed to parse calendar"), "{said}");

    // The exposure of a unit without any confinement is near 96.
    let security = ["security", "--offline=true", "--no-pager", "--threshold=20", "./floorplan-drift.service"];
    let (confined, said) = systemd(&security, &text(SERVICE), &text(TIMER));
    assert!(confined, "{said}");
    let (open, _) = systemd(&security, &changed(SERVICE, "CapabilityBoundingSet=\n", "\n"), &text(TIMER));
    assert!(!open, "all capabilities are allowed");
}

/// A file that no judge reads would be one that nobody checks.
#[test]
fn each_file_has_a_judge() {
    let judged = [
        DEFINITION,
        SCHEDULE,
        "github/drift.yml",
        "github/preview.yml",
        "github/reviewed.yml",
        "gitlab/drift.yml",
        "gitlab/preview.yml",
        MANIFEST,
        SERVICE,
        TIMER,
    ];
    let mut found = BTreeSet::new();
    for folder in fs::read_dir(root()).unwrap() {
        for file in fs::read_dir(folder.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            found.insert(path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/"));
        }
    }
    assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), judged);
}

/// The job of the manifest, the specification of its pods, and the container that looks for drift.
fn job() -> (Value, Value, Value) {
    let cron = documents(MANIFEST).into_iter().find(|document| document["kind"] == "CronJob").expect("a CronJob");
    let job = cron["spec"]["jobTemplate"]["spec"].clone();
    let pod = job["template"]["spec"].clone();
    let container = pod["containers"][0].clone();
    assert_eq!(container["command"][0], "floorplan");
    (job, pod, container)
}

/// Conditions that the schema does not hold: the server of Kubernetes refuses a manifest without them.
#[test]
fn drift_is_found_once_and_not_looked_for_again() {
    let (job, pod, container) = job();
    assert_eq!((&job["completionMode"], &pod["restartPolicy"]), (&json!("Indexed"), &json!("Never")));
    let completions = job["completions"].as_u64().unwrap();
    assert!(job["parallelism"].as_u64().unwrap() <= completions);
    let given = container["env"].as_array().unwrap().iter().find(|pair| pair["name"] == "JOB_COMPLETIONS");
    assert_eq!(given.unwrap()["value"], completions.to_string());
    assert!(job["activeDeadlineSeconds"].as_u64().unwrap() < 3600, "a job ends before the next one begins");

    assert!(job["backoffLimitPerIndex"].is_u64());
    let drift = &job["podFailurePolicy"]["rules"][0];
    assert_eq!((&drift["action"], &drift["onExitCodes"]["values"]), (&json!("FailIndex"), &json!([2])));
    assert_eq!(drift["onExitCodes"]["containerName"], container["name"]);
    let volumes: BTreeSet<&str> =
        pod["volumes"].as_array().unwrap().iter().filter_map(|v| v["name"].as_str()).collect();
    for container in [&pod["initContainers"][0], &container] {
        assert_eq!(container["securityContext"]["readOnlyRootFilesystem"], true);
        for mount in container["volumeMounts"].as_array().unwrap() {
            assert!(volumes.contains(mount["name"].as_str().unwrap()), "{mount}");
        }
    }

    let (definition, schedule) = (json(DEFINITION), json(SCHEDULE));
    let retry = &definition["retryStrategy"];
    assert_eq!(retry["evaluateOnExit"][0], json!({"onExitCode": "2", "action": "EXIT"}));
    let longest =
        retry["attempts"].as_u64().unwrap() * definition["timeout"]["attemptDurationSeconds"].as_u64().unwrap();
    assert!(longest < 3600, "a job ends before the next one begins");
    let call: Value = serde_json::from_str(schedule["Target"]["Input"].as_str().unwrap()).unwrap();
    assert_eq!(call["JobDefinition"], definition["jobDefinitionName"]);
    assert!((2..=10_000).contains(&call["ArrayProperties"]["Size"].as_u64().unwrap()), "{call}");

    assert_eq!(documents("gitlab/drift.yml")[0]["drift"]["allow_failure"]["exit_codes"], 2);
}

/// A world with layouts, and with the places that the commands of `deploy/` name.
fn fleet() -> (World, Vec<String>) {
    let world = World::start();
    let place = format!(
        "<CreateBucketConfiguration><LocationConstraint>{REGION}</LocationConstraint></CreateBucketConfiguration>"
    );
    assert_eq!(world.send("PUT", "/acme-floorplan", "s3", &[], place.as_bytes()).0, 200);
    world.query("sns", "CreateTopic", &[("Name", "floorplan-drift")]);
    let names = (0..7).map(|n| format!("net{n}"));
    let write = |name: String| {
        let layout = format!("layout {{\n  name = \"{name}\"\n}}\nresource \"terraform_data\" \"x\" {{}}\n");
        world.write(&format!("layouts/{name}/main.hcl"), &layout);
        format!("layouts/{name}")
    };
    let all = names.map(write).collect();
    (world, all)
}

/// The layouts that a command looks at. It finds no drift.
fn looked(mut command: Command) -> Vec<String> {
    let output = command.output().expect("the command can be run");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
    let layouts = report["layouts"].as_array().expect("the layouts").iter();
    layouts.map(|layout| layout["dir"].as_str().expect("a directory").to_owned()).collect()
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().expect("a list").iter().map(|word| word.as_str().expect("a text")).collect()
}

/// The command of the manifest, as it is, in the environment that Kubernetes gives each pod.
#[test]
fn the_pods_look_at_each_layout_once() {
    let (world, all) = fleet();
    let (job, _, container) = job();
    let mut seen = Vec::new();
    for index in 0..job["completions"].as_u64().unwrap() {
        let mut command = world.command(&strings(&container["command"])[1..]);
        command.arg("--format=json").env("JOB_COMPLETION_INDEX", index.to_string());
        for pair in container["env"].as_array().unwrap().iter().filter(|pair| pair["name"] != "HOME") {
            // The values that Kubernetes fills in are the same for all pods of a job.
            command.env(
                pair["name"].as_str().unwrap(),
                pair["value"].as_str().unwrap_or("5f0c1e6a-8d0b-4a43-9a3e-6c1f2d7b9e10"),
            );
        }
        seen.extend(looked(command));
    }
    seen.sort();
    assert_eq!(seen, all);
}

/// The command of the job definition, with a repository and a folder of this machine in place of those that it names.
#[test]
fn the_jobs_of_an_array_look_at_each_layout_once() {
    let (world, all) = fleet();
    for arguments in [&["init", "-q"][..], &["add", "layouts"], &["commit", "-qm", "layouts"]] {
        git(&world, arguments);
    }
    let path = std::env::join_paths(
        [Path::new(env!("CARGO_BIN_EXE_floorplan")).parent().unwrap().to_path_buf()]
            .into_iter()
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let path = path.unwrap();
    let call: Value = serde_json::from_str(json(SCHEDULE)["Target"]["Input"].as_str().unwrap()).unwrap();
    let definition = json(DEFINITION);
    let words = strings(&definition["containerProperties"]["command"]);
    let (script, before) = words.split_last().unwrap();
    assert_eq!(script.matches("https://git.example.com/acme/network.git /tmp/network\n").count(), 1, "{script}");
    let mut seen = Vec::new();
    for index in 0..call["ArrayProperties"]["Size"].as_u64().unwrap() {
        let folder = tempfile::tempdir().unwrap();
        let script = script.replace("/tmp/network", &folder.path().join("network").to_string_lossy());
        let mut command = Command::new(before[0]);
        let given = world.command(&[]);
        let given = given.get_envs().filter_map(|(name, value)| Some((name, value?)));
        command.args(&before[1..]).arg(format!("{script} --format=json")).env_clear().envs(given).envs([
            ("PATH", path.clone()),
            ("GIT_CONFIG_COUNT", "1".into()),
            ("GIT_CONFIG_KEY_0", format!("url.file://{}.insteadOf", world.path().display()).into()),
            ("GIT_CONFIG_VALUE_0", "https://git.example.com/acme/network.git".into()),
            ("AWS_BATCH_JOB_ID", format!("5f1b7c0e:{index}").into()),
            ("AWS_BATCH_JOB_ARRAY_INDEX", index.to_string().into()),
            ("AWS_BATCH_JOB_ARRAY_SIZE", call["ArrayProperties"]["Size"].to_string().into()),
        ]);
        seen.extend(looked(command));
    }
    seen.sort();
    assert_eq!(seen, all);
}

use super::*;
use crate::objects::OutputValue;
use crate::state::testing::{at, instance, intent, sealer};
use crate::state::{IntentKind, LocalStore, Record};
use crate::value::Value;
use std::sync::Arc;
use tempfile::TempDir;

const NOW: Duration = Duration::ZERO;

fn backend(dir: &TempDir) -> Backend {
    Backend::new(Arc::new(LocalStore::new(dir.path())), Arc::new(sealer()), "acme".into())
}

fn filled() -> (TempDir, Backend) {
    let dir = tempfile::tempdir().unwrap();
    let backend = backend(&dir);
    let mut locked = backend.lock("apply", NOW).unwrap();
    let mut state = locked.load().unwrap().state;
    for (address, id) in [
        ("aws_subnet.a[0]", "subnet-0"),
        ("aws_subnet.a[1]", "subnet-1"),
        ("aws_vpc.main", "vpc-1"),
        ("module.net[\"eu\"].aws_vpc.v", "vpc-2"),
    ] {
        state.set(Slot::current(at(address)), Some(instance(id)));
    }
    state.set(Slot::deposed(at("aws_vpc.main"), "0a1b"), Some(instance("vpc-0")));
    state.outputs.insert("id".into(), OutputValue { value: Value::string("vpc-1") });
    locked.save(state).unwrap();
    drop(locked);
    (dir, backend)
}

fn words(state: &State) -> String {
    state.objects().map(|(slot, i)| format!("{} {}\n", shown(&slot), i.id)).collect()
}

fn run_on(backend: &Backend, command: StateCommand) -> Result<Printed, String> {
    let problems = |e: Diagnostics| e.iter().map(|d| crate::diag::render(d, false)).collect::<Vec<_>>().join("\n");
    execute(&command, backend, NOW, &words).map_err(problems)
}

fn list_of(backend: &Backend, addresses: &[&str]) -> Result<String, String> {
    let addresses = addresses.iter().map(ToString::to_string).collect();
    run_on(backend, StateCommand::List { addresses, id: None }).map(|said| said.data)
}

fn move_of(backend: &Backend, from: &str, to: &str) -> Result<String, String> {
    run_on(backend, StateCommand::Mv { from: from.into(), to: to.into(), dry_run: false }).map(|said| said.status)
}

#[test]
fn the_list_is_all_objects_or_those_asked_for() {
    let (_dir, backend) = filled();
    insta::assert_snapshot!(list_of(&backend, &[]).unwrap(), @r#"
    aws_subnet.a[0]
    aws_subnet.a[1]
    aws_vpc.main
    module.net["eu"].aws_vpc.v
    aws_vpc.main (deposed 0a1b)
    "#);
    insta::assert_snapshot!(list_of(&backend, &["module.net", "aws_subnet.a[1]"]).unwrap(), @r#"
    aws_subnet.a[1]
    module.net["eu"].aws_vpc.v
    "#);
    insta::assert_snapshot!(list_of(&backend, &["aws_vpc.mian", "aws_vpc"]).unwrap_err(), @r#"
    error: The state holds nothing at aws_vpc.mian
      Hint: Did you mean aws_vpc.main?
    error: "aws_vpc" is not an address
      "." and a resource name expected at the end.
    "#);
}

#[test]
fn an_object_is_shown_with_what_is_deposed_beside_it() {
    let (_dir, backend) = filled();
    let show = |a: &str| run_on(&backend, StateCommand::Show { address: a.into() }).map(|said| said.data);
    insta::assert_snapshot!(show("aws_vpc.main").unwrap(), @r"
    aws_vpc.main vpc-1
    aws_vpc.main (deposed 0a1b) vpc-0
    ");
    insta::assert_snapshot!(show("aws_vpc.other").unwrap_err(), @r"
    error: The state holds nothing at aws_vpc.other
      Hint: `floorplan state list` lists what it holds.
    ");
}

#[test]
fn a_move_is_a_new_serial_and_says_what_moved() {
    let (_dir, backend) = filled();
    insta::assert_snapshot!(move_of(&backend, "aws_subnet.a", "module.net[\"eu\"].aws_subnet.b").unwrap(), @r#"
    Moved aws_subnet.a[0] to module.net["eu"].aws_subnet.b[0].
    Moved aws_subnet.a[1] to module.net["eu"].aws_subnet.b[1].
    "#);
    assert_eq!(backend.read().unwrap().state.serial, 2);
    assert_eq!(list_of(&backend, &["module.net[\"eu\"].aws_subnet.b[1]"]).unwrap().lines().count(), 1);
}

#[test]
fn a_move_that_cannot_be_made_changes_nothing() {
    let (_dir, backend) = filled();
    insta::assert_snapshot!(move_of(&backend, "aws_subnet.a[0]", "aws_subnet.a[1]").unwrap_err(), @r"
    error: aws_subnet.a[1] exists already
      aws_subnet.a[0] cannot be moved there.
      Hint: Move aws_subnet.a[1] elsewhere first, or let the state forget it: `floorplan state rm 'aws_subnet.a[1]'`.
    ");
    insta::assert_snapshot!(move_of(&backend, "aws_subnet.b", "aws_subnet.c").unwrap_err(), @r"
    error: The state holds nothing at aws_subnet.b
      Hint: Did you mean aws_subnet.a[0]?
    ");
    insta::assert_snapshot!(move_of(&backend, "aws_vpc.main", "aws_subnet.main").unwrap_err(), @r"
    error: Invalid move (aws_vpc.main)
      aws_subnet.main has another type than aws_vpc.main.
    ");
    assert_eq!(backend.read().unwrap().state.serial, 1);
}

#[test]
fn what_is_forgotten_stays_in_aws() {
    let (_dir, backend) = filled();
    let rm = |a: &str| {
        run_on(&backend, StateCommand::Rm { dry_run: false, addresses: vec![a.into()] }).map(|said| said.status)
    };
    insta::assert_snapshot!(rm("aws_vpc.main").unwrap(), @r"
    Forgot aws_vpc.main (vpc-1); it stays in AWS.
    Forgot aws_vpc.main (deposed 0a1b) (vpc-0); it stays in AWS.
    ");
    assert!(rm("aws_vpc.main").is_err());
    assert_eq!(backend.read().unwrap().state.serial, 2);
}

#[tokio::test]
async fn what_a_killed_run_left_open_is_not_touched() {
    let (_dir, backend) = filled();
    let run = backend.lock("apply", NOW).unwrap().begin().unwrap();
    run.append(Record::Intent(Box::new(intent("op-1", IntentKind::Update, "aws_vpc.main")))).await.unwrap();
    drop(run);
    insta::assert_snapshot!(move_of(&backend, "aws_vpc.main", "aws_vpc.other").unwrap_err(), @r"
    error: An earlier run was interrupted here (aws_vpc.main)
      It is not known yet whether its call to update succeeded.
      Hint: Run `floorplan apply`: it finds out and continues from there.
    ");
    assert!(move_of(&backend, "aws_subnet.a", "aws_subnet.b").is_ok());
}

#[test]
fn the_history_is_listed_and_gone_back_to() {
    let (_dir, backend) = filled();
    run_on(&backend, StateCommand::Rm { dry_run: false, addresses: vec!["aws_subnet.a".into()] }).unwrap();
    insta::assert_snapshot!(run_on(&backend, StateCommand::History { restore: Some(1) }).unwrap().status, @"Serial 1 is the current state again, as serial 3. AWS was not changed: `floorplan plan` shows the differences.");
    let listed = run_on(&backend, StateCommand::History { restore: None }).unwrap().data;
    let year = regex::Regex::new(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ").unwrap();
    insta::assert_snapshot!(year.replace_all(&listed, "2026-01-02T03:04:05Z"), @r"
    SERIAL  WRITTEN               BY            RESOURCES  OUTPUTS
         3  2026-01-02T03:04:05Z  restore               5        1  current
         2  2026-01-02T03:04:05Z  state rm              3        1
         1  2026-01-02T03:04:05Z  apply                 5        1
    ");
}
